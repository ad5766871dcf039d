// SPDX-License-Identifier: MIT
/* fs/ioctl.c - ioctl(2): requests that mean the same for every file, then the file's own.
 *
 * The common ones stand in a table; a row that answers -ENOTTY passes the request on to the
 * file's ioctl operation. Checkpoint: none. See ioctl(2), ioctl_list(2), ioctl_iflags(2). */
#include <asm/ioctls.h>
#include <linux/magic.h>

#include "fs/descriptor.h"
#include "kernel/syscall.h"

#define FLAGS_CHANGEABLE (FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL)
#define FLAGS_PRIVILEGED (FS_IMMUTABLE_FL | FS_APPEND_FL)

static long ioctl_cloexec(struct file *f, int fd, u64 arg)
{
	(void)f;
	(void)arg;
	fd_set_cloexec(fd, true);
	return 0;
}

static long ioctl_no_cloexec(struct file *f, int fd, u64 arg)
{
	(void)f;
	(void)arg;
	fd_set_cloexec(fd, false);
	return 0;
}

static long ioctl_nonblock(struct file *f, int fd, u64 arg)
{
	int on;

	(void)fd;
	if (copy_from_user(&on, arg, sizeof(on)))
		return -EFAULT;
	f->flags = on ? f->flags | O_NONBLOCK : f->flags & ~O_NONBLOCK;
	return 0;
}

static long ioctl_async(struct file *f, int fd, u64 arg)
{
	int on;

	if (copy_from_user(&on, arg, sizeof(on)))
		return -EFAULT;
	if (!f->ops->poll)
		return -ENOTTY;
	return file_set_async(f, fd, on != 0);
}

static long ioctl_bytes_left(struct file *f, int fd, u64 arg)
{
	int left;

	(void)fd;
	if (!S_ISREG(f->inode->mode))
		return -ENOTTY;
	left = (int)(f->inode->size - f->pos);
	return copy_to_user(arg, &left, sizeof(left));
}

static long ioctl_size(struct file *f, int fd, u64 arg)
{
	struct inode *i = f->inode;

	(void)fd;
	if (!S_ISREG(i->mode) && !S_ISDIR(i->mode) && !S_ISLNK(i->mode))
		return -ENOTTY;
	return copy_to_user(arg, &i->size, sizeof(i->size));
}

static long ioctl_block_size(struct file *f, int fd, u64 arg)
{
	int size = PAGE_SIZE;

	(void)f;
	(void)fd;
	return copy_to_user(arg, &size, sizeof(size));
}

/* Only file systems that keep such flags have them. */
static bool has_attr_flags(const struct file *f)
{
	const struct inode *i = f->inode;

	return i->sb->magic == TMPFS_MAGIC && (S_ISREG(i->mode) || S_ISDIR(i->mode));
}

static long ioctl_get_flags(struct file *f, int fd, u64 arg)
{
	int flags = f->inode->attr_flags;

	(void)fd;
	return has_attr_flags(f) ? copy_to_user(arg, &flags, sizeof(flags)) : -ENOTTY;
}

static int attr_flags_change(struct inode *i, u32 flags)
{
	u32 changed = flags ^ i->attr_flags;

	if (current_cred()->fsuid != i->uid && !capable_over_inode(i, CAP_FOWNER))
		return -EPERM;
	if ((changed & FLAGS_PRIVILEGED) && !capable_in(&init_user_ns, CAP_LINUX_IMMUTABLE))
		return -EPERM;
	if (flags & ~FLAGS_CHANGEABLE)
		return -EOPNOTSUPP;
	i->attr_flags = flags;
	inode_touch(i, ATTR_MODE);
	return 0;
}

static long ioctl_set_flags(struct file *f, int fd, u64 arg)
{
	int flags, err;

	(void)fd;
	if (!has_attr_flags(f))
		return -ENOTTY;
	if (copy_from_user(&flags, arg, sizeof(flags)))
		return -EFAULT;
	err = mount_want_write(f->path.mnt);
	if (err)
		return err;
	err = attr_flags_change(f->inode, flags);
	mount_end_write(f->path.mnt);
	return err;
}

static const struct {
	unsigned cmd;
	long (*run)(struct file *f, int fd, u64 arg);
} common_ioctls[] = {
	{ FIOCLEX, ioctl_cloexec },
	{ FIONCLEX, ioctl_no_cloexec },
	{ FIONBIO, ioctl_nonblock },
	{ FIOASYNC, ioctl_async },
	{ FIONREAD, ioctl_bytes_left },
	{ FIOQSIZE, ioctl_size },
	{ FIGETBSZ, ioctl_block_size },
	{ FS_IOC_GETFLAGS, ioctl_get_flags },
	{ FS_IOC_SETFLAGS, ioctl_set_flags },
};

static long ioctl_run(struct file *f, int fd, unsigned cmd, u64 arg)
{
	long n = -ENOTTY;

	for (unsigned k = 0; k < ARRAY_SIZE(common_ioctls); k++)
		if (common_ioctls[k].cmd == cmd)
			n = common_ioctls[k].run(f, fd, arg);
	if (n == -ENOTTY && f->ops->ioctl)
		n = f->ops->ioctl(f, cmd, arg);
	return n;
}

long sys_ioctl(int fd, unsigned cmd, u64 arg)
{
	struct file *f = fd_get_io(fd);
	long n;

	if (!f)
		return -EBADF;
	n = ioctl_run(f, fd, cmd, arg);
	file_put(f);
	return n;
}
