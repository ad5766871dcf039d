// SPDX-License-Identifier: MIT
/* fs/lease.c - leases: fcntl(2)'s F_SETLEASE and F_GETLEASE, and breaking them.
 *
 * A lease belongs to an open file. An open that conflicts (for writing: with any lease; for
 * reading: with a write lease) sends the holder SIGIO, and waits until it gives the lease up,
 * lowers it, or fs.lease-break-time has passed: then that happens by force, when somebody next
 * looks. Locks: BKL; who waits for a break is on inode_locks.wait. Checkpoint: with the files. See
 * fcntl(2), "Leases".
 * Keeps ABI-LCK-05. */
#include "fs/lease.h"
#include "fs/descriptor.h"
#include "fs/poll.h"
#include "kernel/pid.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define BREAK_SECONDS_DEFAULT 45
#define POLL_MSG_BAND (POLLIN | POLLRDNORM | POLLMSG)

long lease_break_seconds = BREAK_SECONDS_DEFAULT;

static void lease_free(struct lease *l)
{
	list_del(&l->link);
	pid_put(l->pid);
	kfree(l);
}

/* Becomes type; F_UNLCK: goes. Whoever waits for it looks again. */
static void lease_change(struct inode_locks *locks, struct lease *l, int type)
{
	l->type = l->target = type;
	l->deadline = WAIT_FOREVER;
	if (type == F_UNLCK) {
		l->file->owner.sig = 0;
		fown_set(l->file, NULL, F_OWNER_TID);
		lease_free(l);
	}
	wake_all(&locks->wait);
}

/* Breaks by force those whose time is over. */
static void leases_expire(struct inode_locks *locks)
{
	struct lease *l, *next;

	list_for_each_safe(l, next, &locks->leases, link)
		if (l->type != l->target && l->deadline <= time_monotonic())
			lease_change(locks, l, l->target);
}

static struct lease *lease_of(struct inode_locks *locks, const struct file *f)
{
	struct lease *l;

	list_for_each(l, &locks->leases, link)
		if (l->file == f)
			return l;
	return NULL;
}

void leases_drop(struct inode_locks *locks, const struct file *f)
{
	struct lease *l = lease_of(locks, f);

	if (l)
		lease_change(locks, l, F_UNLCK);
}

/* --- breaking --- */

static struct lease *lease_conflict(struct inode_locks *locks, bool write)
{
	struct lease *l;

	list_for_each(l, &locks->leases, link)
		if (write || l->type == F_WRLCK)
			return l;
	return NULL;
}

/* Tells the holder, unless it has been told to go at least as far. */
static void lease_tell(struct lease *l, bool write)
{
	bool breaking = l->target != l->type;

	if (write ? l->target == F_UNLCK : breaking)
		return;
	l->target = write ? F_UNLCK : F_RDLCK;
	l->deadline = lease_break_seconds ? time_monotonic() + lease_break_seconds * NSEC_PER_SEC :
					    WAIT_FOREVER;
	fown_signal(l->file, l->fd, POLL_MSG, POLL_MSG_BAND);
}

static int leases_wait(struct inode_locks *locks, bool write)
{
	struct lease *l;
	int err;

	while ((l = lease_conflict(locks, write))) {
		err = wait_once(&locks->wait, WAIT_INTERRUPTIBLE, l->deadline, false);
		if (err == -ERESTARTSYS)
			return err;
		leases_expire(locks);
	}
	return 0;
}

int lease_break_slow(struct inode *i, u32 o_flags)
{
	bool write = (o_flags & O_ACCMODE) != O_RDONLY;
	struct inode_locks *locks;
	struct lease *l, *next;
	int err = inode_locks_get(i, &locks);

	if (err)
		return err;
	leases_expire(locks);
	list_for_each_safe(l, next, &locks->leases, link)
		if (write || l->type == F_WRLCK)
			lease_tell(l, write);
	if (!lease_conflict(locks, write))
		err = 0;
	else
		err = o_flags & O_NONBLOCK ? -EWOULDBLOCK : leases_wait(locks, write);
	inode_locks_put(i);
	return err;
}

/* --- taking --- */

/* Is the file open otherwise than a lease of that type allows? */
static bool open_conflicts(const struct file *f, int type)
{
	const struct file *other;

	if (type == F_RDLCK)
		return f->inode->writers > 0;
	list_for_each(other, &file_all, all)
		if (other != f && other->inode == f->inode && !(other->mode & FMODE_PATH))
			return true;
	return false;
}

/* A lease that f has may change, one of another only stands beside a read lease. */
static int lease_may_take(struct inode_locks *locks, const struct file *f, int type)
{
	struct lease *l;

	if (open_conflicts(f, type))
		return -EAGAIN;
	list_for_each(l, &locks->leases, link)
		if (l->file != f && (type == F_WRLCK || l->target == F_UNLCK))
			return -EAGAIN;
	return 0;
}

static int lease_add(struct inode_locks *locks, struct file *f, int fd, int type)
{
	struct lease *l = kzalloc(sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->file = f;
	l->fd = fd;
	l->type = l->target = type;
	l->deadline = WAIT_FOREVER;
	l->pid = current->process->tgid;
	pid_get(l->pid);
	list_add_tail(&locks->leases, &l->link);
	if (!f->owner.pid)
		fown_set(f, l->pid, F_OWNER_PID);
	return 0;
}

static int lease_set(struct inode_locks *locks, struct file *f, int fd, int type)
{
	struct lease *mine;
	int err;

	leases_expire(locks);
	mine = lease_of(locks, f);
	if (type == F_UNLCK) {
		if (!mine)
			return -EAGAIN;
		lease_change(locks, mine, F_UNLCK);
		return 0;
	}
	err = lease_may_take(locks, f, type);
	if (err)
		return err;
	if (!mine)
		return lease_add(locks, f, fd, type);
	lease_change(locks, mine, type);
	return 0;
}

static int lease_check(const struct file *f, u64 type)
{
	if (type != F_RDLCK && type != F_WRLCK && type != F_UNLCK)
		return -EINVAL;
	if (current_cred()->fsuid != f->inode->uid && !capable_over_inode(f->inode, CAP_LEASE))
		return deny(EACCES, EXT_CRED_01);
	return S_ISREG(f->inode->mode) ? 0 : -EINVAL;
}

static int lease_get(struct inode_locks *locks, const struct file *f)
{
	struct lease *l;

	leases_expire(locks);
	l = lease_of(locks, f);
	return l ? l->target : F_UNLCK;
}

long lease_fcntl(struct file *f, int fd, unsigned cmd, u64 arg)
{
	struct inode_locks *locks;
	int err = cmd == F_SETLEASE ? lease_check(f, arg) : 0;

	if (err)
		return err;
	err = inode_locks_get(f->inode, &locks);
	if (err)
		return err;
	err = cmd == F_SETLEASE ? lease_set(locks, f, fd, arg) : lease_get(locks, f);
	inode_locks_put(f->inode);
	return err;
}
