// SPDX-License-Identifier: MIT
/* fs/space.c - the extent of an open file: ftruncate(2), fallocate(2), and advice about its pages.
 *
 * Checks come in Linux's order; the work is the file system's (setattr, fallocate).
 * Locks: inode->lock, taken by vfs_setattr() and the file system.
 * Checkpoint: none. See truncate(2), fallocate(2), posix_fadvise(2), readahead(2).
 * Keeps ABI-FD-03. */
#include <linux/fadvise.h>
#include <linux/falloc.h>

#include "fs/descriptor.h"
#include "fs/namei.h"
#include "fs/notify.h"
#include "kernel/syscall.h"

#define FALLOC_KNOWN                                                                   \
	(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE |       \
	 FALLOC_FL_ZERO_RANGE | FALLOC_FL_INSERT_RANGE | FALLOC_FL_UNSHARE_RANGE)
#define FALLOC_MOVES (FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_INSERT_RANGE)

/* May the caller make the file that long? */
static int may_reach(struct inode *i, u64 size)
{
	u64 last = 1;

	return size > i->size ? file_size_check(i, size - 1, &last) : 0;
}

long sys_ftruncate(int fd, s64 length)
{
	struct iattr attr = { .valid = ATTR_SIZE, .size = length };
	struct file *f;
	int err = 0;

	if (length < 0)
		return -EINVAL;
	f = fd_get_io(fd);
	if (!f)
		return -EBADF;
	if (!S_ISREG(f->inode->mode) || !(f->mode & FMODE_WRITE))
		err = -EINVAL;
	else if (f->inode->attr_flags & FS_APPEND_FL)
		err = -EPERM;
	else
		err = may_reach(f->inode, length);
	if (!err) {
		attr.file = f;
		err = vfs_setattr(&f->path, &attr);
	}
	file_put(f);
	return err;
}

/* Combinations of modes that make no sense, as Linux refuses them. */
static int fallocate_check_mode(int mode)
{
	if (mode & ~FALLOC_KNOWN)
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_PUNCH_HOLE) && (mode & FALLOC_FL_ZERO_RANGE))
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_PUNCH_HOLE) && !(mode & FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	if ((mode & FALLOC_MOVES) && (mode & (mode - 1)))
		return -EINVAL;
	if ((mode & FALLOC_FL_UNSHARE_RANGE) &&
	    (mode & ~(FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_KEEP_SIZE)))
		return -EINVAL;
	return 0;
}

static int fallocate_check_file(const struct file *f, int mode, u64 end)
{
	const struct inode *i = f->inode;

	if (!(f->mode & FMODE_WRITE))
		return -EBADF;
	if ((mode & ~FALLOC_FL_KEEP_SIZE) && (i->attr_flags & FS_APPEND_FL))
		return -EPERM;
	if (i->attr_flags & FS_IMMUTABLE_FL)
		return -EPERM;
	if (S_ISFIFO(i->mode))
		return -ESPIPE;
	if (S_ISDIR(i->mode))
		return -EISDIR;
	if (!S_ISREG(i->mode) && !S_ISBLK(i->mode))
		return -ENODEV;
	if ((s64)end < 0 || end > file_max_bytes(i))
		return -EFBIG;
	return f->ops->fallocate ? 0 : -EOPNOTSUPP;
}

long sys_fallocate(int fd, int mode, s64 off, s64 len)
{
	struct file *f = fd_get_io(fd);
	int err;

	if (!f)
		return -EBADF;
	err = off < 0 || len <= 0 ? -EINVAL : fallocate_check_mode(mode);
	if (!err)
		err = fallocate_check_file(f, mode, (u64)off + len);
	if (!err && !(mode & FALLOC_FL_PUNCH_HOLE))
		err = may_reach(f->inode, (u64)off + len);
	if (!err)
		err = f->ops->fallocate(f, mode, off, len);
	if (!err)
		notify_file(f, IN_MODIFY);
	file_put(f);
	return err;
}

long sys_fadvise64(int fd, s64 off, s64 len, int advice)
{
	struct file *f = fd_get_io(fd);
	int err = 0;

	(void)off;
	if (!f)
		return -EBADF;
	if (S_ISFIFO(f->inode->mode))
		err = -ESPIPE;
	else if (len < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE)
		err = -EINVAL;
	file_put(f);
	return err;
}

/* Pages of memory file systems are there already: only the checks remain. */
long sys_readahead(int fd, s64 off, u64 count)
{
	struct file *f = fd_get_io(fd);
	int err = 0;

	(void)off;
	(void)count;
	if (!f)
		return -EBADF;
	if (!(f->mode & FMODE_READ))
		err = -EBADF;
	else if (!S_ISREG(f->inode->mode) && !S_ISBLK(f->inode->mode))
		err = -EINVAL;
	file_put(f);
	return err;
}
