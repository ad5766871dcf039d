// SPDX-License-Identifier: MIT
/* fs/namei.c - lookups: what system calls ask of path walks.
 *
 * path_lookup: the object itself. parent_lookup: its directory, locked, and the dentry of the last
 * name, for those who make, remove or rename. Names from users are copied first; an empty
 * one is ENOENT unless AT_EMPTY_PATH allows it.
 * Locks: parent_lookup leaves the directory's inode locked until parent_release. */

#include "arch/uaccess.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "mm/slab.h"

#define SHORT_NAME 128		/* most names fit in a small buffer */

/* --- names from users --- */

int path_from_user(uaddr name, bool allow_empty, char **out)
{
	char *buf = kmalloc(SHORT_NAME);
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	n = strncpy_from_user(buf, name, SHORT_NAME);
	if (n == SHORT_NAME) {
		kfree(buf);
		buf = kmalloc(PATH_MAX_LEN);
		if (!buf)
			return -ENOMEM;
		n = strncpy_from_user(buf, name, PATH_MAX_LEN);
	}
	if (n == PATH_MAX_LEN)
		n = -ENAMETOOLONG;
	else if (!n && !allow_empty)
		n = -ENOENT;
	if (n < 0) {
		kfree(buf);
		return n;
	}
	*out = buf;
	return 0;
}

void path_name_free(char *name)
{
	kfree(name);
}

/* --- objects --- */

static int walk_whole(struct walk *w)
{
	bool follow = w->flags & LOOKUP_FOLLOW;
	int err;

	do {
		err = walk_parent(w);
		if (!err)
			err = walk_last(w, follow);
	} while (err > 0);
	if (!err && (w->slash || w->flags & LOOKUP_DIRECTORY) && !dentry_is_dir(w->at.dentry))
		err = -ENOTDIR;
	return err;
}

int path_lookup(int dfd, const char *name, unsigned flags, struct path *out)
{
	struct walk w;
	int err;

	if (!*name && !(flags & LOOKUP_EMPTY))
		return -ENOENT;
	err = walk_start(&w, dfd, name, flags);
	if (err)
		return err;
	err = walk_whole(&w);
	if (!err) {
		*out = w.at;
		path_get(out);
	}
	walk_end(&w);
	return err;
}

int path_lookup_user(int dfd, uaddr name, unsigned flags, struct path *out)
{
	char *k;
	int err = path_from_user(name, flags & LOOKUP_EMPTY, &k);

	if (err)
		return err;
	err = path_lookup(dfd, k, flags, out);
	path_name_free(k);
	return err;
}

int path_lookup_at(int dfd, uaddr name, int at_flags, struct path *out)
{
	unsigned flags = at_flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW;

	if (at_flags & AT_EMPTY_PATH)
		flags |= LOOKUP_EMPTY;
	return path_lookup_user(dfd, name, flags, out);
}

/* --- parents --- */

/* Takes the walk's place over into w, with references. */
static void parent_take(struct walk *k, struct parent_walk *w)
{
	w->parent = k->at;
	path_get(&w->parent);
	w->trailing_slash = k->slash;
	w->last_type = k->last_type;
}

int parent_lookup(int dfd, const char *name, unsigned flags, struct parent_walk *w)
{
	struct walk k;
	int err;

	*w = (struct parent_walk){};
	if (!*name)
		return -ENOENT;
	err = walk_start(&k, dfd, name, flags);
	if (err)
		return err;
	err = walk_parent(&k);
	if (!err && k.last_type == LAST_NORM && !dentry_is_dir(k.at.dentry))
		err = -ENOTDIR;
	if (!err) {
		walk_pin(&k);
		parent_take(&k, w);
		if (k.last_type == LAST_NORM) {
			mutex_lock(&w->parent.dentry->inode->lock);
			err = dir_lookup(w->parent.dentry, k.last, k.last_len, &w->dentry);
			if (err) {
				mutex_unlock(&w->parent.dentry->inode->lock);
				path_put(&w->parent);
			}
		}
	}
	walk_end(&k);
	return err;
}

void parent_release(struct parent_walk *w)
{
	if (w->dentry) {
		mutex_unlock(&w->parent.dentry->inode->lock);
		dentry_put(w->dentry);
	}
	path_put(&w->parent);
}

/* What exists is EEXIST before anything else is looked at, even on a read-only mount (MNTNS-25). */
static int maker_check(const struct parent_walk *w, bool directory)
{
	if (w->dentry->inode)
		return -EEXIST;
	if (w->trailing_slash && !directory)
		return -ENOENT;
	return mount_want_write(w->parent.mnt);
}

int maker_lookup(int dfd, const char *name, bool directory, struct parent_walk *w)
{
	int err = parent_lookup(dfd, name, 0, w);

	if (err)
		return err;
	err = w->last_type == LAST_NORM ? maker_check(w, directory) : -EEXIST;
	if (err)
		parent_release(w);
	return err;
}

void maker_release(struct parent_walk *w)
{
	mount_end_write(w->parent.mnt);
	parent_release(w);
}
