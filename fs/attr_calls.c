// SPDX-License-Identifier: MIT
/* fs/attr_calls.c - the calls that change attributes: chmod, chown, utimensat, truncate and kin.
 *
 * Each finds its path, opens the mount for writing (EROFS), and hands the change to vfs_setattr().
 * See chmod(2), chown(2), utimensat(2), truncate(2). */

#include <linux/utime.h>

#include "fs/fdtable.h"
#include "fs/lease.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"

#define UTIME_NOW_NSEC  ((1L << 30) - 1)
#define UTIME_OMIT_NSEC ((1L << 30) - 2)
#define USEC_PER_SEC 1000000L
#define ID_UNCHANGED ((u32)-1)

static int path_setattr(const struct path *p, struct iattr *a)
{
	int err = mount_want_write(p->mnt);

	if (err)
		return err;
	err = vfs_setattr(p, a);
	mount_end_write(p->mnt);
	return err;
}

/* bad: what is wrong with the values, told only where there is such a path. */
static long setattr_at(int dfd, uaddr name, int at_flags, int bad, struct iattr *a)
{
	struct path p;
	int err = path_lookup_at(dfd, name, at_flags, &p);

	if (err)
		return err;
	err = bad ? bad : path_setattr(&p, a);
	path_put(&p);
	return err;
}

static long setattr_fd(int fd, int bad, struct iattr *a)
{
	struct file *f = fd_get_io(fd);
	int err;

	if (!f)
		return -EBADF;
	err = bad ? bad : path_setattr(&f->path, a);
	file_put(f);
	return err;
}

/* --- chmod --- */

static struct iattr chmod_attr(u32 mode)
{
	return (struct iattr){ .valid = ATTR_MODE, .mode = mode & S_IALLUGO };
}

long sys_fchmodat(int dfd, uaddr name, u32 mode)
{
	struct iattr a = chmod_attr(mode);

	return setattr_at(dfd, name, 0, 0, &a);
}

long sys_chmod(uaddr name, u32 mode)
{
	return sys_fchmodat(AT_FDCWD, name, mode);
}

long sys_fchmod(int fd, u32 mode)
{
	struct iattr a = chmod_attr(mode);

	return setattr_fd(fd, 0, &a);
}

/* --- chown --- */

static int chown_attr(u32 uid, u32 gid, struct iattr *a)
{
	const struct user_ns *ns = current_user_ns();

	*a = (struct iattr){ .uid = make_uid(ns, uid), .gid = make_gid(ns, gid) };
	if (uid != ID_UNCHANGED)
		a->valid |= ATTR_UID;
	if (gid != ID_UNCHANGED)
		a->valid |= ATTR_GID;
	if ((a->valid & ATTR_UID && a->uid == INVALID_ID) ||
	    (a->valid & ATTR_GID && a->gid == INVALID_ID))
		return deny(EINVAL, USERNS_38);
	return 0;
}

long sys_fchownat(int dfd, uaddr name, u32 uid, u32 gid, int flags)
{
	struct iattr a;
	int bad = chown_attr(uid, gid, &a);

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return setattr_at(dfd, name, flags, bad, &a);
}

long sys_chown(uaddr name, u32 uid, u32 gid)
{
	return sys_fchownat(AT_FDCWD, name, uid, gid, 0);
}

long sys_lchown(uaddr name, u32 uid, u32 gid)
{
	return sys_fchownat(AT_FDCWD, name, uid, gid, AT_SYMLINK_NOFOLLOW);
}

long sys_fchown(int fd, u32 uid, u32 gid)
{
	struct iattr a;
	int bad = chown_attr(uid, gid, &a);

	return setattr_fd(fd, bad, &a);
}

/* --- times --- */

static bool utime_nsec_valid(const timespec_t *t)
{
	return t->tv_nsec == UTIME_NOW_NSEC || t->tv_nsec == UTIME_OMIT_NSEC ||
	       (u64)t->tv_nsec < (u64)NSEC_PER_SEC;
}

/* times NULL: now. */
static int utimes_attr(const timespec_t *times, struct iattr *a)
{
	*a = (struct iattr){ .valid = ATTR_ATIME | ATTR_MTIME | ATTR_TOUCH };
	if (!times || (times[0].tv_nsec == UTIME_NOW_NSEC && times[1].tv_nsec == UTIME_NOW_NSEC))
		return 0;
	if (!utime_nsec_valid(&times[0]) || !utime_nsec_valid(&times[1]))
		return -EINVAL;
	a->valid = ATTR_TIMES_SET;
	a->atime = times[0];
	a->mtime = times[1];
	if (times[0].tv_nsec != UTIME_OMIT_NSEC)
		a->valid |= ATTR_ATIME | (times[0].tv_nsec == UTIME_NOW_NSEC ? 0 : ATTR_ATIME_SET);
	if (times[1].tv_nsec != UTIME_OMIT_NSEC)
		a->valid |= ATTR_MTIME | (times[1].tv_nsec == UTIME_NOW_NSEC ? 0 : ATTR_MTIME_SET);
	return 0;
}

static long do_utimes(int dfd, uaddr name, const timespec_t *times, int flags)
{
	struct iattr a;
	int bad;

	if (times && times[0].tv_nsec == UTIME_OMIT_NSEC && times[1].tv_nsec == UTIME_OMIT_NSEC)
		return 0;
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	bad = utimes_attr(times, &a);
	if (!name && dfd != AT_FDCWD)
		return flags ? -EINVAL : setattr_fd(dfd, bad, &a);
	return setattr_at(dfd, name, flags, bad, &a);
}

long sys_utimensat(int dfd, uaddr name, uaddr utimes, int flags)
{
	timespec_t times[2];

	if (utimes && copy_from_user(times, utimes, sizeof(times)))
		return -EFAULT;
	return do_utimes(dfd, name, utimes ? times : NULL, flags);
}

long sys_futimesat(int dfd, uaddr name, uaddr utimes)
{
	struct __kernel_old_timeval tv[2];
	timespec_t times[2];

	if (!utimes)
		return do_utimes(dfd, name, NULL, 0);
	if (copy_from_user(tv, utimes, sizeof(tv)))
		return -EFAULT;
	for (int i = 0; i < 2; i++) {
		if ((u64)tv[i].tv_usec >= (u64)USEC_PER_SEC)
			return -EINVAL;
		times[i] = (timespec_t){ tv[i].tv_sec, tv[i].tv_usec * NSEC_PER_USEC };
	}
	return do_utimes(dfd, name, times, 0);
}

long sys_utimes(uaddr name, uaddr utimes)
{
	return sys_futimesat(AT_FDCWD, name, utimes);
}

long sys_utime(uaddr name, uaddr utimbuf)
{
	struct utimbuf ub;
	timespec_t times[2];

	if (!utimbuf)
		return do_utimes(AT_FDCWD, name, NULL, 0);
	if (copy_from_user(&ub, utimbuf, sizeof(ub)))
		return -EFAULT;
	times[0] = (timespec_t){ ub.actime, 0 };
	times[1] = (timespec_t){ ub.modtime, 0 };
	return do_utimes(AT_FDCWD, name, times, 0);
}

/* --- truncate --- */

static int truncate_checked(const struct path *p, u64 length)
{
	struct iattr a = { .valid = ATTR_SIZE | ATTR_MTIME, .size = length };
	struct inode *i = p->dentry->inode;
	int err = inode_permission(i, MAY_WRITE);

	if (!err && i->attr_flags & FS_APPEND_FL)
		err = deny(EPERM, EXT_FS_03);
	if (!err)
		err = inode_get_write(i);
	if (err)
		return err;
	err = lease_break(i, O_WRONLY);
	if (!err)
		err = vfs_setattr(p, &a);
	inode_put_write(i);
	return err;
}

long sys_truncate(uaddr name, s64 length)
{
	struct path p;
	u32 mode;
	int err;

	if (length < 0)
		return -EINVAL;
	err = path_lookup_user(AT_FDCWD, name, LOOKUP_FOLLOW, &p);
	if (err)
		return err;
	mode = p.dentry->inode->mode;
	if (S_ISDIR(mode))
		err = -EISDIR;
	else if (!S_ISREG(mode))
		err = -EINVAL;
	else
		err = mount_want_write(p.mnt);
	if (!err) {
		err = truncate_checked(&p, length);
		mount_end_write(p.mnt);
	}
	path_put(&p);
	return err;
}
