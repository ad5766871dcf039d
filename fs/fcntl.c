// SPDX-License-Identifier: MIT
/* fs/fcntl.c - descriptors as numbers: close(2), dup(2) and kin, and fcntl(2).
 *
 * The commands of fcntl stand in a table with what they are allowed on: O_PATH descriptors
 * know only how to be duplicated and to have their own flags asked and set.
 * Locks: see fs/posix_locks.c; pipes: fs/pipefs.c; signal-driven I/O: fs/async.c.
 * Checkpoint: none here. See fcntl(2), dup(2), close_range(2).
 * Keeps ABI-FD-01, ABI-FD-02. */
#include <linux/close_range.h>

#include "fs/descriptor.h"
#include "fs/lease.h"
#include "fs/seals.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"

#define SETFL_CHANGEABLE (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME | FASYNC)

long sys_close(int fd)
{
	int err = fd_close(fd);

	/* The descriptor is gone: the call must not be made again. */
	if (err == -ERESTARTSYS || err == -ERESTARTNOINTR || err == -ERESTARTNOHAND)
		err = -EINTR;
	return err;
}

long sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	int err;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC))
		return -EINVAL;
	if (first > last)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE) {
		err = files_unshare();
		if (err)
			return err;
	}
	return fd_close_range(first, last, flags & CLOSE_RANGE_CLOEXEC);
}

static long dup_from(struct file *f, unsigned from, u32 o_cloexec)
{
	int fd = fd_alloc(f, from, o_cloexec);

	if (fd >= 0)
		file_get(f);
	return fd;
}

long sys_dup(int fd)
{
	struct file *f = fd_peek(current->files, fd);

	return f ? dup_from(f, 0, 0) : -EBADF;
}

static long dup_to(int old, int new, u32 o_cloexec)
{
	struct file *f = fd_peek(current->files, old);
	long fd;

	if (!f || new < 0)
		return -EBADF;
	file_get(f);
	fd = fd_replace(new, f, o_cloexec);
	if (fd < 0)
		file_put(f);
	return fd;
}

long sys_dup2(int old, int new)
{
	if (old == new)
		return fd_peek(current->files, old) ? old : -EBADF;
	return dup_to(old, new, 0);
}

long sys_dup3(int old, int new, int flags)
{
	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	if (old == new)
		return -EINVAL;
	return dup_to(old, new, flags);
}

/* --- fcntl --- */

static long fcntl_dup(struct file *f, int fd, unsigned cmd, u64 arg)
{
	(void)fd;
	if ((u32)arg >= (u32)fd_limit())
		return -EINVAL;
	return dup_from(f, arg, cmd == F_DUPFD_CLOEXEC);
}

static long fcntl_fd_flags(struct file *f, int fd, unsigned cmd, u64 arg)
{
	(void)f;
	if (cmd == F_GETFD)
		return fd_cloexec(current->files, fd) ? FD_CLOEXEC : 0;
	fd_set_cloexec(fd, arg & FD_CLOEXEC);
	return 0;
}

static long fcntl_get_flags(struct file *f, int fd, unsigned cmd, u64 arg)
{
	(void)fd;
	(void)cmd;
	(void)arg;
	return f->flags & ~O_CLOEXEC;
}

static long fcntl_set_flags(struct file *f, int fd, unsigned cmd, u64 arg)
{
	struct inode *i = f->inode;
	u32 flags = (f->flags & ~SETFL_CHANGEABLE) | (arg & SETFL_CHANGEABLE);
	u32 on = flags & ~f->flags, off = f->flags & ~flags;
	int err = 0;

	(void)cmd;
	if ((off & O_APPEND) && (i->attr_flags & FS_APPEND_FL))
		return -EPERM;
	if ((on & O_NOATIME) && current_cred()->fsuid != i->uid &&
	    !capable_over_inode(i, CAP_FOWNER))
		return -EPERM;
	if ((on & O_DIRECT) && !S_ISFIFO(i->mode) && !f->ops->set_flags)
		return -EINVAL;
	if (f->ops->set_flags)
		err = f->ops->set_flags(f, flags);
	if (!err && ((on | off) & FASYNC) && f->ops->async)
		err = file_set_async(f, fd, on & FASYNC);
	if (!err)
		f->flags = (flags & ~FASYNC) | (f->flags & FASYNC);
	return err;
}

static long fcntl_locks(struct file *f, int fd, unsigned cmd, u64 arg)
{
	return fcntl_lock(f, fd, cmd, arg);
}

static long fcntl_pipe(struct file *f, int fd, unsigned cmd, u64 arg)
{
	(void)fd;
	return pipe_fcntl(f, cmd, arg);
}

static long fcntl_seals(struct file *f, int fd, unsigned cmd, u64 arg)
{
	(void)fd;
	return seals_fcntl(f, cmd, arg);
}

/* A number of a task or (negative) of a group. */
static long fcntl_set_owner(struct file *f, int fd, unsigned cmd, u64 arg)
{
	int type = F_OWNER_PID, nr = (int)arg;
	struct pid *pid = NULL;

	(void)fd;
	(void)cmd;
	if (nr < 0) {
		if (nr == INT_MIN)
			return -EINVAL;
		type = F_OWNER_PGRP;
		nr = -nr;
	}
	if (nr) {
		pid = pid_find(current_pid_ns(), nr);
		if (!pid)
			return -ESRCH;
	}
	fown_set(f, pid, type);
	return 0;
}

/* The owner's number as the caller sees it, 0 for none or one that is gone. */
static int owner_nr(const struct file *f)
{
	const struct fown *o = &f->owner;

	if (!o->pid)
		return 0;
	if (o->type == F_OWNER_PGRP ? list_empty(&o->pid->group) : !o->pid->task)
		return 0;
	return pid_nr(o->pid);
}

static long fcntl_get_owner(struct file *f, int fd, unsigned cmd, u64 arg)
{
	int nr = owner_nr(f);

	(void)fd;
	(void)cmd;
	(void)arg;
	return f->owner.type == F_OWNER_PGRP ? -nr : nr;
}

static long fcntl_set_owner_ex(struct file *f, int fd, unsigned cmd, u64 arg)
{
	struct f_owner_ex ex;
	struct pid *pid = NULL;

	(void)fd;
	(void)cmd;
	if (copy_from_user(&ex, arg, sizeof(ex)))
		return -EFAULT;
	if (ex.type < F_OWNER_TID || ex.type > F_OWNER_PGRP)
		return -EINVAL;
	if (ex.pid) {
		pid = pid_find(current_pid_ns(), ex.pid);
		if (!pid)
			return -ESRCH;
	}
	fown_set(f, pid, ex.type);
	return 0;
}

static long fcntl_get_owner_ex(struct file *f, int fd, unsigned cmd, u64 arg)
{
	struct f_owner_ex ex = { .type = f->owner.type, .pid = owner_nr(f) };

	(void)fd;
	(void)cmd;
	return copy_to_user(arg, &ex, sizeof(ex));
}

static long fcntl_get_owner_uids(struct file *f, int fd, unsigned cmd, u64 arg)
{
	u32 ids[2] = { from_uid_munged(current_user_ns(), f->owner.uid),
		       from_uid_munged(current_user_ns(), f->owner.euid) };

	(void)fd;
	(void)cmd;
	return copy_to_user(arg, ids, sizeof(ids));
}

static long fcntl_signal(struct file *f, int fd, unsigned cmd, u64 arg)
{
	(void)fd;
	if (cmd == F_GETSIG)
		return f->owner.sig;
	if (arg > SIG_MAX)
		return -EINVAL;
	f->owner.sig = arg;
	return 0;
}

static const struct fcntl_row {
	unsigned cmd;
	bool path_too;			/* allowed on O_PATH descriptors */
	long (*run)(struct file *f, int fd, unsigned cmd, u64 arg);
} fcntl_rows[] = {
	{ F_GETFL, true, fcntl_get_flags },
	{ F_SETFL, false, fcntl_set_flags },
	{ F_GETFD, true, fcntl_fd_flags },
	{ F_SETFD, true, fcntl_fd_flags },
	{ F_DUPFD, true, fcntl_dup },
	{ F_DUPFD_CLOEXEC, true, fcntl_dup },
	{ F_GETLK, false, fcntl_locks },
	{ F_SETLK, false, fcntl_locks },
	{ F_SETLKW, false, fcntl_locks },
	{ F_OFD_GETLK, false, fcntl_locks },
	{ F_OFD_SETLK, false, fcntl_locks },
	{ F_OFD_SETLKW, false, fcntl_locks },
	{ F_GETOWN, false, fcntl_get_owner },
	{ F_SETOWN, false, fcntl_set_owner },
	{ F_GETOWN_EX, false, fcntl_get_owner_ex },
	{ F_SETOWN_EX, false, fcntl_set_owner_ex },
	{ F_GETOWNER_UIDS, false, fcntl_get_owner_uids },
	{ F_GETSIG, false, fcntl_signal },
	{ F_SETSIG, false, fcntl_signal },
	{ F_GETLEASE, false, lease_fcntl },
	{ F_SETLEASE, false, lease_fcntl },
	{ F_GET_SEALS, false, fcntl_seals },
	{ F_ADD_SEALS, false, fcntl_seals },
	{ F_SETPIPE_SZ, false, fcntl_pipe },
	{ F_GETPIPE_SZ, false, fcntl_pipe },
};

static const struct fcntl_row *fcntl_find(unsigned cmd)
{
	for (unsigned k = 0; k < ARRAY_SIZE(fcntl_rows); k++)
		if (fcntl_rows[k].cmd == cmd)
			return &fcntl_rows[k];
	return NULL;
}

long sys_fcntl(int fd, unsigned cmd, u64 arg)
{
	const struct fcntl_row *row = fcntl_find(cmd);
	struct file *f = fd_get(fd);
	long n = -EINVAL;

	if (!f)
		return -EBADF;
	if ((f->mode & FMODE_PATH) && (!row || !row->path_too))
		n = -EBADF;
	else if (row)
		n = row->run(f, fd, cmd, arg);
	file_put(f);
	return n;
}
