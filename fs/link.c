// SPDX-License-Identifier: MIT
/* fs/link.c - making and removing names: mkdir, mknod, symlink, link, unlink, rmdir, readlink.
 *
 * A maker's errnos come in Linux's order: the walk's, EEXIST, EROFS, then permission. What
 * exists, exists also on a read-only mount (MNTNS-25). A remover asks the mount first. Whoever
 * removes a name that is a mountpoint in its own namespace gets EBUSY.
 * The vfs_* functions serve the kernel too (initramfs). Renaming: fs/rename.c.
 * Locks: the directory's inode, by parent_lookup(). See path_resolution(7).
 * Keeps ABI-FS-03. */

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "fs/notify.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define MKDIR_MODE (S_IRWXUGO | S_ISVTX)

/* --- makers --- */

int vfs_mkdir(int dfd, const char *name, u32 mode)
{
	struct parent_walk w;
	struct inode *dir;
	int err = maker_lookup(dfd, name, true, &w);

	if (err)
		return err;
	dir = w.parent.dentry->inode;
	err = dir_may_create(dir, w.dentry);
	if (!err && !dir->ops->mkdir)
		err = deny(EPERM, EXT_FS_08);
	if (!err)
		err = dir->ops->mkdir(dir, w.dentry,
				      S_IFDIR | (mode & MKDIR_MODE & ~current->fs->umask));
	if (!err)
		notify_child(dir, w.dentry, IN_CREATE);
	maker_release(&w);
	return err;
}

static int mknod_type_check(u32 mode)
{
	switch (mode & S_IFMT) {
	case 0:
	case S_IFREG:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return 0;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
}

static int mknod_in(struct inode *dir, struct dentry *de, u32 mode, dev_num dev)
{
	bool whiteout = S_ISCHR(mode) && !dev;
	int err = dir_may_create(dir, de);

	if (err)
		return err;
	if (S_ISREG(mode))
		return dir->ops->create ? dir->ops->create(dir, de, mode) : -EACCES;
	if ((S_ISCHR(mode) || S_ISBLK(mode)) && !whiteout && !capable_in(&init_user_ns, CAP_MKNOD))
		return deny(EPERM, EXT_CRED_01);
	if (!dir->ops->mknod)
		return deny(EPERM, EXT_FS_08);
	return dir->ops->mknod(dir, de, mode, dev);
}

int vfs_mknod(int dfd, const char *name, u32 mode, dev_num dev)
{
	struct parent_walk w;
	int err = mknod_type_check(mode);

	if (err)
		return err;
	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	err = maker_lookup(dfd, name, false, &w);
	if (err)
		return err;
	mode = (mode & S_IFMT) | (mode & S_IALLUGO & ~current->fs->umask);
	if (!S_ISCHR(mode) && !S_ISBLK(mode))
		dev = 0;
	err = mknod_in(w.parent.dentry->inode, w.dentry, mode, dev);
	if (!err)
		notify_child(w.parent.dentry->inode, w.dentry, IN_CREATE);
	maker_release(&w);
	return err;
}

int vfs_symlink(const char *target, int dfd, const char *name)
{
	struct parent_walk w;
	struct inode *dir;
	int err;

	if (!*target)
		return -ENOENT;
	err = maker_lookup(dfd, name, false, &w);
	if (err)
		return err;
	dir = w.parent.dentry->inode;
	err = dir_may_create(dir, w.dentry);
	if (!err && !dir->ops->symlink)
		err = deny(EPERM, EXT_FS_08);
	if (!err)
		err = dir->ops->symlink(dir, w.dentry, target);
	if (!err)
		notify_child(dir, w.dentry, IN_CREATE);
	maker_release(&w);
	return err;
}

static int link_in(struct dentry *old, struct inode *dir, struct dentry *de)
{
	struct inode *i = old->inode;
	int err = dir_may_create(dir, de);

	if (err)
		return err;
	if (i->attr_flags & (FS_APPEND_FL | FS_IMMUTABLE_FL))
		return deny(EPERM, EXT_FS_03);
	if (!dir->ops->link)
		return deny(EPERM, EXT_FS_08);
	if (S_ISDIR(i->mode))
		return deny(EPERM, EXT_FS_09);
	if (!i->nlink && !(old->flags & DENTRY_TMPFILE))
		return -ENOENT;
	err = dir->ops->link(old, dir, de);
	if (!err) {
		notify_inode(i, IN_ATTRIB);
		notify_child(dir, de, IN_CREATE);
	}
	return err;
}

/* A new name for the path old. */
static int path_link(const struct path *old, int dfd, const char *name)
{
	struct parent_walk w;
	int err = maker_lookup(dfd, name, false, &w);

	if (err)
		return err;
	if (old->mnt != w.parent.mnt)
		err = deny(EXDEV, EXT_FS_09);
	else
		err = link_in(old->dentry, w.parent.dentry->inode, w.dentry);
	maker_release(&w);
	return err;
}

int vfs_link(int old_dfd, const char *old, int new_dfd, const char *new, unsigned flags)
{
	struct path p;
	int err = path_lookup(old_dfd, old, flags, &p);

	if (err)
		return err;
	err = path_link(&p, new_dfd, new);
	path_put(&p);
	return err;
}

/* --- removers --- */

static int remove_entry(struct inode *dir, struct dentry *de, bool directory)
{
	int (*op)(struct inode *, struct dentry *) = directory ? dir->ops->rmdir : dir->ops->unlink;
	int err = dir_may_delete(dir, de, directory);

	if (err)
		return err;
	if (!op)
		return deny(EPERM, EXT_FS_08);
	if (dentry_is_local_mountpoint(de))
		return deny(EBUSY, EXT_FS_07);
	err = op(dir, de);
	if (err)
		return err;
	mounts_detach_from(de);
	dentry_delete(de);
	notify_removed(dir, de);
	return 0;
}

/* What names that are no entries give. */
static int remove_type_check(const struct parent_walk *w, bool directory)
{
	if (w->last_type == LAST_NORM)
		return 0;
	if (!directory)
		return -EISDIR;
	switch (w->last_type) {
	case LAST_DOTDOT:
		return -ENOTEMPTY;
	case LAST_DOT:
		return -EINVAL;
	default:
		return -EBUSY;
	}
}

static int remove_slash_check(const struct parent_walk *w, bool directory)
{
	if (!w->dentry->inode)
		return -ENOENT;
	if (directory || !w->trailing_slash)
		return 0;
	return dentry_is_dir(w->dentry) ? -EISDIR : -ENOTDIR;
}

int vfs_unlink(int dfd, const char *name, bool directory)
{
	struct parent_walk w;
	int err = parent_lookup(dfd, name, 0, &w);

	if (err)
		return err;
	err = remove_type_check(&w, directory);
	if (!err)
		err = mount_want_write(w.parent.mnt);
	if (err) {
		parent_release(&w);
		return err;
	}
	err = remove_slash_check(&w, directory);
	if (!err)
		err = remove_entry(w.parent.dentry->inode, w.dentry, directory);
	maker_release(&w);
	return err;
}

/* --- the calls --- */

/* Runs one of the above with a name from the user. */
#define WITH_NAME(uname, k, call)                                    \
	({                                                           \
		char *k;                                             \
		long with_err_ = path_from_user(uname, false, &k);   \
		if (!with_err_) {                                    \
			with_err_ = (call);                          \
			path_name_free(k);                           \
		}                                                    \
		with_err_;                                           \
	})

long sys_mkdirat(int dfd, uaddr name, u32 mode)
{
	return WITH_NAME(name, k, vfs_mkdir(dfd, k, mode));
}

long sys_mkdir(uaddr name, u32 mode)
{
	return sys_mkdirat(AT_FDCWD, name, mode);
}

long sys_mknodat(int dfd, uaddr name, u32 mode, u32 dev)
{
	int err = mknod_type_check(mode);

	return err ? err : WITH_NAME(name, k, vfs_mknod(dfd, k, mode, dev_decode(dev)));
}

long sys_mknod(uaddr name, u32 mode, u32 dev)
{
	return sys_mknodat(AT_FDCWD, name, mode, dev);
}

long sys_symlinkat(uaddr target, int dfd, uaddr name)
{
	return WITH_NAME(target, t, WITH_NAME(name, k, vfs_symlink(t, dfd, k)));
}

long sys_symlink(uaddr target, uaddr name)
{
	return sys_symlinkat(target, AT_FDCWD, name);
}

long sys_linkat(int old_dfd, uaddr old, int new_dfd, uaddr new, int flags)
{
	struct path p;
	int err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH && !capable_in(&init_user_ns, CAP_DAC_READ_SEARCH))
		return -ENOENT;
	err = path_lookup_user(old_dfd, old,
			       (flags & AT_SYMLINK_FOLLOW ? LOOKUP_FOLLOW : 0) |
				       (flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0), &p);
	if (err)
		return err;
	err = WITH_NAME(new, k, path_link(&p, new_dfd, k));
	path_put(&p);
	return err;
}

long sys_link(uaddr old, uaddr new)
{
	return sys_linkat(AT_FDCWD, old, AT_FDCWD, new, 0);
}

long sys_unlinkat(int dfd, uaddr name, int flags)
{
	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	return WITH_NAME(name, k, vfs_unlink(dfd, k, flags & AT_REMOVEDIR));
}

long sys_unlink(uaddr name)
{
	return sys_unlinkat(AT_FDCWD, name, 0);
}

long sys_rmdir(uaddr name)
{
	return sys_unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}

/* --- readlink --- */

int generic_readlink(struct dentry *de, char *buf, size_t size)
{
	const char *text = de->inode->private;
	size_t n = MIN(strlen(text), size - 1);

	memcpy(buf, text, n);
	buf[n] = '\0';
	return n;
}

static long readlink_path(const struct path *p, uaddr out, u64 size)
{
	struct inode *i = p->dentry->inode;
	char *buf;
	long n;

	if (!i->ops->readlink || !S_ISLNK(i->mode))
		return -EINVAL;
	path_accessed(p);
	buf = kmalloc(PATH_MAX_LEN);
	if (!buf)
		return -ENOMEM;
	n = i->ops->readlink(p->dentry, buf, PATH_MAX_LEN);
	if (n > 0) {
		n = MIN((u64)n, size);
		if (copy_to_user(out, buf, n))
			n = -EFAULT;
	}
	kfree(buf);
	return n;
}

long sys_readlinkat(int dfd, uaddr name, uaddr out, int size)
{
	struct path p;
	char *k;
	long n;

	if (size <= 0)
		return -EINVAL;
	n = path_from_user(name, true, &k);
	if (n)
		return n;
	n = path_lookup(dfd, k, LOOKUP_EMPTY, &p);
	if (!n) {
		n = readlink_path(&p, out, size);
		if (n == -EINVAL && !*k && !S_ISLNK(p.dentry->inode->mode))
			n = -ENOENT;
		path_put(&p);
	}
	path_name_free(k);
	return n;
}

long sys_readlink(uaddr name, uaddr out, int size)
{
	return sys_readlinkat(AT_FDCWD, name, out, size);
}
