// SPDX-License-Identifier: MIT
/* fs/rename.c - rename(2), renameat2(2) with RENAME_NOREPLACE and RENAME_EXCHANGE.
 *
 * Both directories are walked to, then locked together (by address), then both names are looked up
 * and everything is checked in Linux's order before the file system is asked. After it agreed,
 * the dentry moves, which cannot fail.
 * Locks: both directories' inodes. See rename(2).
 * Keeps ABI-FS-03. */

#include "fs/names.h"
#include "fs/notify.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"

#define RENAME_KNOWN (RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT)

/* One name of a rename: where its walk ended, and the dentry there. */
struct side {
	struct walk w;
	struct dentry *dir, *de;
};

static int side_walk(struct side *s, int dfd, const char *name)
{
	int err;

	s->de = NULL;
	if (!*name)
		return -ENOENT;
	err = walk_start(&s->w, dfd, name, 0);
	if (err)
		return err;
	err = walk_parent(&s->w);
	if (err) {
		walk_end(&s->w);
		return err;
	}
	walk_pin(&s->w);
	s->dir = s->w.at.dentry;
	return 0;
}

static void side_end(struct side *s)
{
	if (s->de)
		dentry_put(s->de);
	walk_end(&s->w);
}

static void dirs_lock(struct inode *a, struct inode *b)
{
	mutex_lock(a < b ? &a->lock : &b->lock);
	if (a != b)
		mutex_lock(a < b ? &b->lock : &a->lock);
}

static void dirs_unlock(struct inode *a, struct inode *b)
{
	mutex_unlock(&a->lock);
	if (a != b)
		mutex_unlock(&b->lock);
}

/* Looks both names up. */
static int rename_lookup(struct side *old, struct side *new)
{
	int err = dir_lookup(old->dir, old->w.last, old->w.last_len, &old->de);

	if (err) {
		old->de = NULL;
		return err;
	}
	if (!old->de->inode)
		return -ENOENT;
	err = dir_lookup(new->dir, new->w.last, new->w.last_len, &new->de);
	if (err)
		new->de = NULL;
	return err;
}

/* What the names alone forbid: existence, trailing slashes, loops. */
static int rename_check_names(const struct side *old, const struct side *new, unsigned flags)
{
	bool exchange = flags & RENAME_EXCHANGE;

	if (flags & RENAME_NOREPLACE && new->de->inode)
		return -EEXIST;
	if (exchange) {
		if (!new->de->inode)
			return -ENOENT;
		if (!dentry_is_dir(new->de) && new->w.slash)
			return -ENOTDIR;
	}
	if (!dentry_is_dir(old->de) && (old->w.slash || (!exchange && new->w.slash)))
		return -ENOTDIR;
	if (dentry_is_ancestor(old->de, new->dir))
		return -EINVAL;
	if (new->de->inode && dentry_is_ancestor(new->de, old->dir))
		return exchange ? -EINVAL : -ENOTEMPTY;
	return 0;
}

/* Moving a directory elsewhere changes its "..": that needs write permission on it. */
static int may_change_parent(const struct side *s, const struct side *other)
{
	if (s->dir == other->dir || !dentry_is_dir(s->de))
		return 0;
	return inode_permission(s->de->inode, MAY_WRITE);
}

static int rename_check_rights(const struct side *old, const struct side *new, unsigned flags)
{
	bool exchange = flags & RENAME_EXCHANGE, is_dir = dentry_is_dir(old->de);
	struct inode *old_dir = old->dir->inode, *new_dir = new->dir->inode;
	int err = dir_may_delete(old_dir, old->de, is_dir);

	if (err)
		return err;
	if (!new->de->inode)
		err = dir_may_create(new_dir, new->de);
	else
		err = dir_may_delete(new_dir, new->de, exchange ? dentry_is_dir(new->de) : is_dir);
	if (err)
		return err;
	if (!old_dir->ops->rename)
		return deny(EPERM, EXT_FS_08);
	if (flags & RENAME_WHITEOUT)
		return deny(EINVAL, EXT_FS_08);
	err = may_change_parent(old, new);
	if (!err && exchange)
		err = may_change_parent(new, old);
	if (err)
		return err;
	if (dentry_is_local_mountpoint(old->de) || dentry_is_local_mountpoint(new->de))
		return deny(EBUSY, EXT_FS_07);
	return 0;
}

static int rename_act(const struct side *old, const struct side *new, unsigned flags)
{
	struct inode *old_dir = old->dir->inode, *new_dir = new->dir->inode;
	struct notify_move move, back;
	int err;

	err = old_dir->ops->rename(old_dir, old->de, new_dir, new->de, flags);
	if (err)
		return err;
	notify_move_begin(&move, old->de);
	if (flags & RENAME_EXCHANGE) {
		notify_move_begin(&back, new->de);
		dentry_exchange(old->de, new->de);
		notify_move_end(&move, old_dir, new_dir, old->de, NULL);
		notify_move_end(&back, new_dir, old_dir, new->de, NULL);
		return 0;
	}
	if (new->de->inode) {
		mounts_detach_from(new->de);
		dentry_delete(new->de);
	}
	dentry_move_onto(old->de, new->de);
	notify_move_end(&move, old_dir, new_dir, old->de, new->de->inode);
	return 0;
}

static int rename_locked(struct side *old, struct side *new, unsigned flags)
{
	int err = rename_lookup(old, new);

	if (!err)
		err = rename_check_names(old, new, flags);
	if (err || (new->de->inode && old->de->inode == new->de->inode))
		return err;	/* two names of one file: nothing to do */
	err = rename_check_rights(old, new, flags);
	return err ? err : rename_act(old, new, flags);
}

static int rename_sides(struct side *old, struct side *new, unsigned flags)
{
	int err;

	if (old->w.at.mnt != new->w.at.mnt)
		return deny(EXDEV, EXT_FS_09);
	if (old->w.last_type != LAST_NORM)
		return -EBUSY;
	if (new->w.last_type != LAST_NORM)
		return flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	err = mount_want_write(old->w.at.mnt);
	if (err)
		return err;
	dirs_lock(old->dir->inode, new->dir->inode);
	err = rename_locked(old, new, flags);
	dirs_unlock(old->dir->inode, new->dir->inode);
	mount_end_write(old->w.at.mnt);
	return err;
}

int vfs_rename(int old_dfd, const char *old_name, int new_dfd, const char *new_name, unsigned flags)
{
	struct side old, new;
	int err;

	if (flags & ~RENAME_KNOWN ||
	    (flags & (RENAME_NOREPLACE | RENAME_WHITEOUT) && flags & RENAME_EXCHANGE))
		return -EINVAL;
	err = side_walk(&old, old_dfd, old_name);
	if (err)
		return err;
	err = side_walk(&new, new_dfd, new_name);
	if (!err) {
		err = rename_sides(&old, &new, flags);
		side_end(&new);
	}
	side_end(&old);
	return err;
}

long sys_renameat2(int old_dfd, uaddr old, int new_dfd, uaddr new, unsigned flags)
{
	char *old_k, *new_k;
	int err;

	if (flags & ~RENAME_KNOWN ||
	    (flags & (RENAME_NOREPLACE | RENAME_WHITEOUT) && flags & RENAME_EXCHANGE))
		return -EINVAL;
	err = path_from_user(old, false, &old_k);
	if (err)
		return err;
	err = path_from_user(new, false, &new_k);
	if (!err) {
		err = vfs_rename(old_dfd, old_k, new_dfd, new_k, flags);
		path_name_free(new_k);
	}
	path_name_free(old_k);
	return err;
}

long sys_renameat(int old_dfd, uaddr old, int new_dfd, uaddr new)
{
	return sys_renameat2(old_dfd, old, new_dfd, new, 0);
}

long sys_rename(uaddr old, uaddr new)
{
	return sys_renameat2(AT_FDCWD, old, AT_FDCWD, new, 0);
}
