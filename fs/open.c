// SPDX-License-Identifier: MIT
/* fs/open.c - opening files: open(2), openat2(2) and what the kernel itself opens.
 *
 * Flags are checked first, a descriptor is reserved, the name walked, the file made or found,
 * permissions checked, and last the file's own open() called. Who opens for writing is counted
 * in the inode (against programs being run: ETXTBSY) and in the mount (against remounting
 * read-only): FMODE_WRITER says so.
 * Locks: the directory's while a file is made in it. See open(2), openat2(2).
 * Keeps ABI-FS-01. */

#include <linux/openat2.h>

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/lease.h"
#include "fs/names.h"
#include "fs/notify.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "lib/print.h"

/* O_TMPFILE contains O_DIRECTORY: the bit of its own. */
#define O_TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)
#define OPEN_FLAGS                                                                        \
	(O_RDONLY | O_WRONLY | O_RDWR | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | \
	 O_NDELAY | O_NONBLOCK | O_SYNC | O_DSYNC | FASYNC | O_DIRECT | O_LARGEFILE |      \
	 O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH | O_TMPFILE_BIT)
#define OPEN_PATH_FLAGS (O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC)
#define RESOLVE_ALL                                                                          \
	(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | \
	 RESOLVE_IN_ROOT | RESOLVE_CACHED)
#define OPEN_HOW_SIZE_VER0 24
#define TMPFILE_NAME_SIZE 24

static const struct file_ops path_file_ops = { .class = "path" };

/* What one open asks for. */
struct open_args {
	u32 flags, mode;
	unsigned look;		/* LOOKUP_* */
	unsigned access;	/* MAY_* */
	bool created;
};

static bool inode_is_special(const struct inode *i)
{
	return !S_ISREG(i->mode) && !S_ISDIR(i->mode) && !S_ISLNK(i->mode);
}

/* --- existing files --- */

static u32 file_mode_of(const struct inode *i, const struct file_ops *ops, u32 flags)
{
	u32 mode = (flags + 1) & O_ACCMODE;	/* FMODE_READ, FMODE_WRITE */

	if (S_ISFIFO(i->mode) || S_ISSOCK(i->mode))
		return mode | FMODE_STREAM;
	if (!S_ISCHR(i->mode) || ops->llseek)
		mode |= FMODE_LSEEK;
	return mode;
}

/* Counts a writer of a file that is on storage. */
static int writer_begin(const struct path *p, struct inode *i)
{
	int err = inode_get_write(i);

	if (err)
		return err;
	err = mount_want_write(p->mnt);
	if (err)
		inode_put_write(i);
	return err;
}

static int file_open_only_path(const struct path *p, u32 flags, const struct cred *cred,
			       struct file **out)
{
	int err = file_alloc(p, p->dentry->inode, flags & OPEN_PATH_FLAGS, &path_file_ops, cred,
			     out);

	if (!err)
		(*out)->mode = FMODE_PATH;
	return err;
}

int file_open_path(const struct path *p, u32 flags, const struct cred *cred, struct file **out)
{
	struct inode *i = p->dentry->inode;
	u32 mode = 0;
	struct file *f;
	int err;

	if (flags & O_PATH)
		return file_open_only_path(p, flags, cred, out);
	if ((flags + 1) & FMODE_WRITE && !inode_is_special(i)) {
		err = writer_begin(p, i);
		if (err)
			return err;
		mode = FMODE_WRITER;
	}
	err = lease_break(i, flags);
	if (!err)
		err = file_alloc(p, i, flags, i->fops, cred, &f);
	if (err) {
		if (mode) {
			mount_end_write(p->mnt);
			inode_put_write(i);
		}
		return err;
	}
	f->mode = mode | file_mode_of(i, i->fops, flags);
	if (flags & O_DIRECT && !f->ops->direct)
		err = -EINVAL;
	else if (f->ops->open)
		err = f->ops->open(i, f);
	if (err) {
		file_discard(f);
		return err;
	}
	f->flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);	/* what open() alone has to see */
	if (S_ISCHR(i->mode) && f->ops->llseek && !(f->mode & FMODE_STREAM))
		f->mode |= FMODE_LSEEK;
	*out = f;
	return 0;
}

/* Symbolic links and directories by their kind. */
static int may_open_kind(const struct path *p, const struct open_args *a)
{
	u32 mode = p->dentry->inode->mode;

	if (S_ISLNK(mode))
		return -ELOOP;
	if (S_ISDIR(mode) && a->access & MAY_WRITE)
		return -EISDIR;
	if (!S_ISCHR(mode) && !S_ISBLK(mode))
		return 0;
	if (p->mnt->flags & MNT_K_NODEV)
		return deny(EACCES, MNTNS_29);
	if (p->mnt->sb->user_ns != &init_user_ns && !(p->mnt->sb->type->flags & FS_OWN_DEVICES))
		return deny(EACCES, USERNS_31);
	return 0;
}

static int may_open(const struct path *p, struct open_args *a)
{
	struct inode *i = p->dentry->inode;
	int err = may_open_kind(p, a);

	if (err)
		return err;
	if (!S_ISREG(i->mode))
		a->flags &= ~O_TRUNC;
	err = inode_permission(i, MAY_OPEN | a->access);
	if (err)
		return err;
	if (i->attr_flags & FS_APPEND_FL &&
	    (((a->flags & O_ACCMODE) != O_RDONLY && !(a->flags & O_APPEND)) || a->flags & O_TRUNC))
		return deny(EPERM, EXT_FS_03);
	if (a->flags & O_NOATIME && !inode_owner_or_capable(i))
		return deny(EPERM, EXT_FS_03);
	return 0;
}

static int truncate_opened(struct file *f)
{
	struct iattr attr = { .valid = ATTR_SIZE | ATTR_MTIME, .file = f };
	int err = inode_get_write(f->inode);

	if (err)
		return err;
	err = vfs_setattr(&f->path, &attr);
	inode_put_write(f->inode);
	return err;
}

/* Where the walk ended: the last checks, then the file. */
static int open_found(const struct path *p, struct open_args *a, struct file **out)
{
	struct inode *i = p->dentry->inode;
	bool truncate;
	int err = 0;

	if (a->flags & O_CREAT && !a->created && a->flags & O_EXCL)
		return -EEXIST;
	if (a->flags & O_CREAT && S_ISDIR(i->mode))
		return -EISDIR;
	if (a->look & LOOKUP_DIRECTORY && !S_ISDIR(i->mode))
		return -ENOTDIR;
	if (a->flags & O_PATH)
		return file_open_path(p, a->flags, current_cred(), out);
	truncate = a->flags & O_TRUNC && S_ISREG(i->mode) && !a->created;
	if (truncate)
		err = mount_want_write(p->mnt);
	if (err)
		return err;
	err = a->created ? 0 : may_open(p, a);
	if (!err)
		err = file_open_path(p, a->flags, current_cred(), out);
	if (!err && truncate) {
		err = truncate_opened(*out);
		if (err)
			file_put(*out);
	}
	if (truncate)
		mount_end_write(p->mnt);
	return err;
}

/* --- making files --- */

static int create_in(struct dentry *dir, struct dentry *de, struct mount *m, u32 mode)
{
	struct inode *i = dir->inode;
	int err = dentry_unlinked(dir) ? -ENOENT : mount_want_write(m);

	if (err)
		return err;
	err = dir_may_create(i, de);
	if (!err && !i->ops->create)
		err = -EACCES;
	if (!err)
		err = i->ops->create(i, de, S_IFREG | (mode & S_IALLUGO & ~current->fs->umask));
	if (!err)
		notify_child(i, de, IN_CREATE);
	mount_end_write(m);
	return err;
}

/* The last name is not in the cache: looks again with the directory locked, and makes it. */
static int open_create(struct walk *w, struct open_args *a)
{
	struct dentry *dir, *de;
	int err;

	walk_pin(w);
	dir = w->at.dentry;
	mutex_lock(&dir->inode->lock);
	err = dir_lookup(dir, w->last, w->last_len, &de);
	if (!err) {		/* -EAGAIN: someone else made it meanwhile */
		err = de->inode ? -EAGAIN : create_in(dir, de, w->at.mnt, a->mode);
		if (err == -EEXIST) {	/* a server knew better */
			dentry_drop(de);
			err = -EAGAIN;
		}
		a->created = !err;
		if (!err)
			walk_to(w, w->at.mnt, de);
		dentry_put(de);
	}
	mutex_unlock(&dir->inode->lock);
	return err;
}

/* The last component with O_CREAT. 1: a link was followed. */
static int open_last(struct walk *w, struct open_args *a)
{
	struct dentry *de;
	bool counted;
	int err;

	if (w->last_type != LAST_NORM)
		return walk_last(w, true);
	if (w->slash)
		return -EISDIR;
	do {
		err = walk_find(w, &de, &counted);
		if (err)
			return err;
		if (counted)
			dentry_put(de);	/* stays: the next step finds it again */
		if (de)
			return a->flags & O_EXCL ? -EEXIST : walk_last(w, !(a->flags & O_NOFOLLOW));
		err = open_create(w, a);
	} while (err == -EAGAIN);
	return err;
}

static int open_tmpfile(int dfd, const char *name, struct open_args *a, struct file **out)
{
	char tmp[TMPFILE_NAME_SIZE];
	struct path dir, p;
	struct inode *i;
	struct dentry *de;
	int err = path_lookup(dfd, name, a->look | LOOKUP_DIRECTORY, &dir);

	if (err)
		return err;
	i = dir.dentry->inode;
	err = mount_want_write(dir.mnt);
	if (err)
		goto put_dir;
	err = inode_permission(i, MAY_WRITE | MAY_EXEC);
	if (!err && !i->ops->tmpfile)
		err = -EOPNOTSUPP;
	if (!err && !cred_maps_fs_ids(i->sb))
		err = deny(EOVERFLOW, USERNS_37);
	if (err)
		goto end_write;
	snprintf(tmp, sizeof(tmp), "#%lu", i->sb->next_ino + 1);
	err = dentry_create_unhashed(dir.dentry, tmp, strlen(tmp), &de);
	if (err)
		goto end_write;
	err = i->ops->tmpfile(i, de, S_IFREG | (a->mode & S_IALLUGO & ~current->fs->umask));
	if (!err) {
		if (!(a->flags & O_EXCL))
			de->flags |= DENTRY_TMPFILE;
		p = (struct path){ dir.mnt, de };
		err = file_open_path(&p, a->flags, current_cred(), out);
	}
	dentry_put(de);
end_write:
	mount_end_write(dir.mnt);
put_dir:
	path_put(&dir);
	return err;
}

/* --- by name --- */

static void open_args_init(struct open_args *a, u32 flags, u32 mode, u64 resolve)
{
	*a = (struct open_args){ .flags = flags, .mode = mode };
	a->look = lookup_resolve(resolve);
	if (!(flags & O_NOFOLLOW) && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL))
		a->look |= LOOKUP_FOLLOW;
	if (flags & O_DIRECTORY)
		a->look |= LOOKUP_DIRECTORY;
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		a->access = MAY_READ;
		break;
	case O_WRONLY:
		a->access = MAY_WRITE;
		break;
	default:
		a->access = MAY_READ | MAY_WRITE;
	}
	if (flags & O_TRUNC)
		a->access |= MAY_WRITE;
}

int vfs_open(int dfd, const char *name, u32 flags, u32 mode, u64 resolve, struct file **out)
{
	struct open_args a;
	struct walk w;
	int err;

	open_args_init(&a, flags, mode, resolve);
	if (!*name)
		return -ENOENT;
	if ((flags & O_TMPFILE) == O_TMPFILE && !(flags & O_PATH))
		return open_tmpfile(dfd, name, &a, out);
	err = walk_start(&w, dfd, name, a.look);
	if (err)
		return err;
	do {
		err = walk_parent(&w);
		if (!err && flags & O_CREAT && !(flags & O_PATH))
			err = open_last(&w, &a);
		else if (!err)
			err = walk_last(&w, a.look & LOOKUP_FOLLOW);
	} while (err > 0);
	if (w.slash)
		a.look |= LOOKUP_DIRECTORY;
	if (!err) {
		walk_pin(&w);
		err = open_found(&w.at, &a, out);
	}
	walk_end(&w);
	return err;
}

int file_open(const char *path, u32 flags, u32 mode, struct file **out)
{
	return vfs_open(AT_FDCWD, path, flags | O_LARGEFILE, mode, 0, out);
}

/* --- the calls --- */

/* What openat2 refuses; open and openat have dropped what they do not know. */
static int open_how_check(const struct open_how *how)
{
	u32 flags = how->flags;

	if (how->flags & ~(u64)OPEN_FLAGS || how->resolve & ~(u64)RESOLVE_ALL)
		return -EINVAL;
	if (how->resolve & RESOLVE_BENEATH && how->resolve & RESOLVE_IN_ROOT)
		return -EINVAL;
	if (flags & (O_CREAT | O_TMPFILE_BIT) ? how->mode & ~(u64)S_IALLUGO : how->mode)
		return -EINVAL;
	if ((flags & (O_DIRECTORY | O_CREAT)) == (O_DIRECTORY | O_CREAT))
		return -EINVAL;
	if (flags & O_TMPFILE_BIT) {
		if (!(flags & O_DIRECTORY))
			return -EINVAL;
		if ((flags & O_ACCMODE) == O_RDONLY)
			return -EINVAL;
	}
	if (flags & O_PATH && how->flags & ~(u64)OPEN_PATH_FLAGS)
		return -EINVAL;
	if (how->resolve & RESOLVE_CACHED && flags & (O_TRUNC | O_CREAT | O_TMPFILE_BIT))
		return -EAGAIN;
	return 0;
}

static long do_open(int dfd, uaddr name, struct open_how *how)
{
	struct file *f;
	char *k;
	int fd, err = open_how_check(how);

	if (err)
		return err;
	err = path_from_user(name, false, &k);
	if (err)
		return err;
	fd = fd_reserve(0, how->flags & O_CLOEXEC);
	if (fd >= 0) {
		u32 large = how->flags & O_PATH ? 0 : O_LARGEFILE;

		err = vfs_open(dfd, k, how->flags | large, how->mode, how->resolve, &f);
		if (err) {
			fd_unreserve(fd);
			fd = err;
		} else {
			if (!(f->mode & FMODE_PATH))
				notify_file(f, IN_OPEN);
			fd_install(fd, f);
		}
	}
	path_name_free(k);
	return fd;
}

long sys_openat(int dfd, uaddr name, u32 flags, u32 mode)
{
	struct open_how how = { .flags = flags & OPEN_FLAGS };

	if (how.flags & O_PATH)
		how.flags &= OPEN_PATH_FLAGS;
	if (how.flags & (O_CREAT | O_TMPFILE_BIT))
		how.mode = mode & S_IALLUGO;
	return do_open(dfd, name, &how);
}

long sys_open(uaddr name, u32 flags, u32 mode)
{
	return sys_openat(AT_FDCWD, name, flags, mode);
}

long sys_creat(uaddr name, u32 mode)
{
	return sys_openat(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

long sys_openat2(int dfd, uaddr name, uaddr uhow, u64 size)
{
	struct open_how how;
	int err;

	if (size < OPEN_HOW_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(&how, sizeof(how), uhow, size);
	return err ? err : do_open(dfd, name, &how);
}
