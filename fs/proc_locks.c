// SPDX-License-Identifier: MIT
/* fs/proc_locks.c - /proc/locks: the locks of fcntl(2) and flock(2), and the leases, on all files.
 *
 *   1: POSIX  ADVISORY  WRITE 1079 00:18:1123 0 EOF
 *
 *   2: LEASE  ACTIVE    READ 1079 00:18:1123 0 EOF
 *
 * Locks of processes that the mount's pid namespace cannot name are left out; those that belong to
 * an open file alone (OFD) show -1. Locks hang off inodes: all are walked.
 * Locks: BKL. See proc(5), lslocks(8). */

#include "fs/lease.h"
#include "fs/locks.h"
#include "fs/proc_fs.h"

struct lock_lines {
	struct text *t;
	const struct pid_ns *ns;
	unsigned nr;
};

static void lock_end(struct text *t, u64 end)
{
	if (end == LOCK_END_MAX)
		text_puts(t, "EOF\n");
	else
		text_printf(t, "%lu\n", end);
}

static void lock_line(struct lock_lines *l, const struct inode *i, const struct file_lock *lock,
		      const char *kind)
{
	s32 nr = lock->pid ? pid_nr_in(lock->pid, l->ns) : -1;
	dev_num dev = i->sb->dev;

	if (!nr)
		return;
	text_printf(l->t, "%u: %-6s ADVISORY  %s %d ", ++l->nr, kind,
		    lock->type == F_RDLCK ? "READ" : "WRITE", nr);
	text_printf(l->t, "%02x:%02x:%lu %lu ", DEV_MAJOR(dev), DEV_MINOR(dev), i->ino,
		    lock->start);
	lock_end(l->t, lock->end);
}

static void lease_line(struct lock_lines *l, const struct inode *i, const struct lease *lease)
{
	s32 nr = pid_nr_in(lease->pid, l->ns);
	dev_num dev = i->sb->dev;

	if (!nr)
		return;
	text_printf(l->t, "%u: LEASE  %s  %s %d ", ++l->nr,
		    lease->target == lease->type ? "ACTIVE  " : "BREAKING",
		    lease->target == F_UNLCK   ? "UNLCK"
		    : lease->target == F_RDLCK ? "READ"
					       : "WRITE",
		    nr);
	text_printf(l->t, "%02x:%02x:%lu 0 EOF\n", DEV_MAJOR(dev), DEV_MINOR(dev), i->ino);
}

static void lock_lines_of(struct lock_lines *l, const struct inode *i)
{
	struct inode_locks *locks = i->locks;
	struct file_lock *lock;
	struct lease *lease;

	list_for_each(lease, &locks->leases, link)
		lease_line(l, i, lease);
	list_for_each(lock, &locks->posix, link)
		lock_line(l, i, lock, lock->by_file ? "OFDLCK" : "POSIX");
	list_for_each(lock, &locks->flock, link)
		lock_line(l, i, lock, "FLOCK");
}

int proc_locks_show(struct text *t, struct proc_open *po)
{
	struct lock_lines l = { .t = t, .ns = proc_reader_pid_ns(po) };
	struct super *sb;
	struct inode *i;

	list_for_each(sb, &super_all, all)
		list_for_each(i, &sb->inodes, all)
			if (i->locks)
				lock_lines_of(&l, i);
	return t->error;
}
