// SPDX-License-Identifier: MIT
/* fs/xattr.c - the calls on extended attributes, and who may read and write which.
 *
 *   user.*      regular files and directories, by their permissions
 *   trusted.*   CAP_SYS_ADMIN; to others they do not exist
 *   security.*  read by all; written with CAP_SYS_ADMIN (security.capability: CAP_SETFCAP)
 *
 * What a file system does not keep is EOPNOTSUPP. There are no ACLs (system.*).
 * Locks: the inode's over changes. See xattr(7), setxattr(2).
 * Keeps ABI-FS-04. */

#include <linux/xattr.h>

#include "fs/fdtable.h"
#include "fs/names.h"
#include "fs/notify.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

static bool has_prefix(const char *name, const char *prefix, size_t len)
{
	return !strncmp(name, prefix, len);
}

static int user_xattr_permission(struct inode *i, unsigned mask)
{
	if (!S_ISREG(i->mode) && !S_ISDIR(i->mode))
		return mask & MAY_WRITE ? deny(EPERM, EXT_FS_08) : -ENODATA;
	if (S_ISDIR(i->mode) && i->mode & S_ISVTX && mask & MAY_WRITE && !inode_owner_or_capable(i))
		return deny(EPERM, EXT_FS_02);
	return inode_permission(i, mask);
}

static int security_xattr_permission(const struct inode *i, const char *name, unsigned mask)
{
	int cap = strcmp(name, XATTR_NAME_CAPS) ? CAP_SYS_ADMIN : CAP_SETFCAP;

	if (!(mask & MAY_WRITE))
		return 0;
	return capable_in(i->sb->user_ns, cap) ? 0 : deny(EPERM, EXT_CRED_01);
}

/* A file capability has one of three forms: see <linux/capability.h>. */
static int xattr_check_caps(const char *name, const void *value, size_t size)
{
	u32 magic;

	if (strcmp(name, XATTR_NAME_CAPS))
		return 0;
	if (size < sizeof(magic))
		return -EINVAL;
	memcpy(&magic, value, sizeof(magic));
	magic &= VFS_CAP_REVISION_MASK;
	if ((magic == VFS_CAP_REVISION_2 && size == XATTR_CAPS_SZ_2) ||
	    (magic == VFS_CAP_REVISION_3 && size == XATTR_CAPS_SZ_3))
		return 0;
	return -EINVAL;
}

/* Takes the names that the caller is not shown out of a list. Returns: what is left. */
static long xattr_hide_trusted(char *list, long len)
{
	long kept = 0;

	if (capable_in(&init_user_ns, CAP_SYS_ADMIN))
		return len;
	for (long at = 0, n; at < len; at += n) {
		n = strlen(list + at) + 1;
		if (has_prefix(list + at, XATTR_TRUSTED_PREFIX, XATTR_TRUSTED_PREFIX_LEN))
			continue;
		memmove(list + kept, list + at, n);
		kept += n;
	}
	return kept;
}

static int xattr_permission(struct inode *i, const char *name, unsigned mask)
{
	if (mask & MAY_WRITE && i->attr_flags & (FS_IMMUTABLE_FL | FS_APPEND_FL))
		return deny(EPERM, EXT_FS_03);
	if (has_prefix(name, XATTR_SECURITY_PREFIX, XATTR_SECURITY_PREFIX_LEN))
		return security_xattr_permission(i, name, mask);
	if (has_prefix(name, XATTR_SYSTEM_PREFIX, XATTR_SYSTEM_PREFIX_LEN))
		return 0;
	if (has_prefix(name, XATTR_TRUSTED_PREFIX, XATTR_TRUSTED_PREFIX_LEN)) {
		if (capable_in(&init_user_ns, CAP_SYS_ADMIN))
			return 0;
		return mask & MAY_WRITE ? deny(EPERM, EXT_CRED_01) : -ENODATA;
	}
	if (has_prefix(name, XATTR_USER_PREFIX, XATTR_USER_PREFIX_LEN))
		return user_xattr_permission(i, mask);
	return inode_permission(i, mask);
}

/* --- what a call works on: a path or a descriptor --- */

enum xattr_by { BY_PATH, BY_LINK, BY_FD };

static int xattr_path(uaddr name, int fd, enum xattr_by by, struct path *out)
{
	struct file *f;

	if (by != BY_FD)
		return path_lookup_user(AT_FDCWD, name, by == BY_PATH ? LOOKUP_FOLLOW : 0, out);
	f = fd_get_io(fd);
	if (!f)
		return -EBADF;
	*out = f->path;
	path_get(out);
	file_put(f);
	return 0;
}

static int xattr_name_from_user(uaddr u, char *name)
{
	ssize_t n = strncpy_from_user(name, u, XATTR_NAME_MAX + 1);

	if (n < 0)
		return n;
	return !n || n > XATTR_NAME_MAX ? -ERANGE : 0;
}

/* --- set --- */

static int path_setxattr(const struct path *p, const char *name, const void *value, size_t size,
			 int flags)
{
	struct inode *i = p->dentry->inode;
	int err = mount_want_write(p->mnt);

	if (err)
		return err;
	err = xattr_permission(i, name, MAY_WRITE);
	if (!err)
		err = xattr_check_caps(name, value, size);
	if (!err) {
		mutex_lock(&i->lock);
		err = i->ops->setxattr ? i->ops->setxattr(i, name, value, size, flags)
				       : -EOPNOTSUPP;
		if (!err)
			notify_dentry(p->dentry, IN_ATTRIB);
		mutex_unlock(&i->lock);
	}
	mount_end_write(p->mnt);
	return err;
}

static long do_setxattr(const struct path *p, uaddr uname, uaddr value, u64 size, int flags)
{
	char name[XATTR_NAME_MAX + 1];
	void *buf;
	int err;

	if (flags & ~(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	err = xattr_name_from_user(uname, name);
	if (err)
		return err;
	if (size > XATTR_SIZE_MAX)
		return -E2BIG;
	buf = kmalloc(size ? size : 1);
	if (!buf)
		return -ENOMEM;
	err = copy_from_user(buf, value, size);
	if (!err)
		err = path_setxattr(p, name, buf, size, flags);
	kfree(buf);
	return err;
}

/* --- get --- */

static long do_getxattr(const struct path *p, uaddr uname, uaddr value, u64 size)
{
	struct inode *i = p->dentry->inode;
	char name[XATTR_NAME_MAX + 1];
	void *buf = NULL;
	long n = xattr_name_from_user(uname, name);

	if (n)
		return n;
	size = MIN(size, (u64)XATTR_SIZE_MAX);
	if (size && !(buf = kmalloc(size)))
		return -ENOMEM;
	n = xattr_permission(i, name, MAY_READ);
	if (!n)
		n = i->ops->getxattr ? i->ops->getxattr(i, name, buf, size) : -EOPNOTSUPP;
	if (n > 0 && size && copy_to_user(value, buf, n))
		n = -EFAULT;
	kfree(buf);
	return n;
}

/* --- list --- */

static long do_listxattr(const struct path *p, uaddr list, u64 size)
{
	struct inode *i = p->dentry->inode;
	char *buf = NULL;
	long n;

	if (!i->ops->listxattr)
		return 0;
	buf = kmalloc(XATTR_LIST_MAX);
	if (!buf)
		return -ENOMEM;
	n = i->ops->listxattr(i, buf, XATTR_LIST_MAX);
	if (n > 0)
		n = xattr_hide_trusted(buf, n);
	if (n > 0 && size && (u64)n > size)
		n = -ERANGE;
	if (n > 0 && size && copy_to_user(list, buf, n))
		n = -EFAULT;
	kfree(buf);
	return n;
}

/* --- remove --- */

static long do_removexattr(const struct path *p, uaddr uname)
{
	struct inode *i = p->dentry->inode;
	char name[XATTR_NAME_MAX + 1];
	int err = xattr_name_from_user(uname, name);

	if (!err)
		err = mount_want_write(p->mnt);
	if (err)
		return err;
	err = xattr_permission(i, name, MAY_WRITE);
	if (!err) {
		mutex_lock(&i->lock);
		err = i->ops->removexattr ? i->ops->removexattr(i, name) : -EOPNOTSUPP;
		if (!err)
			notify_dentry(p->dentry, IN_ATTRIB);
		mutex_unlock(&i->lock);
	}
	mount_end_write(p->mnt);
	return err;
}

/* --- the calls: by path, by path without following, by descriptor --- */

#define ON_PATH(name, fd, by, call)                               \
	({                                                        \
		struct path p;                                    \
		long on_err_ = xattr_path(name, fd, by, &p);      \
		if (!on_err_) {                                   \
			on_err_ = (call);                         \
			path_put(&p);                             \
		}                                                 \
		on_err_;                                          \
	})

long sys_setxattr(uaddr path, uaddr name, uaddr value, u64 size, int flags)
{
	return ON_PATH(path, -1, BY_PATH, do_setxattr(&p, name, value, size, flags));
}

long sys_lsetxattr(uaddr path, uaddr name, uaddr value, u64 size, int flags)
{
	return ON_PATH(path, -1, BY_LINK, do_setxattr(&p, name, value, size, flags));
}

long sys_fsetxattr(int fd, uaddr name, uaddr value, u64 size, int flags)
{
	return ON_PATH(0, fd, BY_FD, do_setxattr(&p, name, value, size, flags));
}

long sys_getxattr(uaddr path, uaddr name, uaddr value, u64 size)
{
	return ON_PATH(path, -1, BY_PATH, do_getxattr(&p, name, value, size));
}

long sys_lgetxattr(uaddr path, uaddr name, uaddr value, u64 size)
{
	return ON_PATH(path, -1, BY_LINK, do_getxattr(&p, name, value, size));
}

long sys_fgetxattr(int fd, uaddr name, uaddr value, u64 size)
{
	return ON_PATH(0, fd, BY_FD, do_getxattr(&p, name, value, size));
}

long sys_listxattr(uaddr path, uaddr list, u64 size)
{
	return ON_PATH(path, -1, BY_PATH, do_listxattr(&p, list, size));
}

long sys_llistxattr(uaddr path, uaddr list, u64 size)
{
	return ON_PATH(path, -1, BY_LINK, do_listxattr(&p, list, size));
}

long sys_flistxattr(int fd, uaddr list, u64 size)
{
	return ON_PATH(0, fd, BY_FD, do_listxattr(&p, list, size));
}

long sys_removexattr(uaddr path, uaddr name)
{
	return ON_PATH(path, -1, BY_PATH, do_removexattr(&p, name));
}

long sys_lremovexattr(uaddr path, uaddr name)
{
	return ON_PATH(path, -1, BY_LINK, do_removexattr(&p, name));
}

long sys_fremovexattr(int fd, uaddr name)
{
	return ON_PATH(0, fd, BY_FD, do_removexattr(&p, name));
}
