// SPDX-License-Identifier: MIT
/* fs/walk.c - path walks: from a name to the (mount, dentry) it means, one component at a time.
 *
 * A walk borrows where it is as long as it cannot sleep: nothing in the cache goes away under the
 * BKL. Before anything that may sleep or allocate (a file system's lookup, a link's text) it is
 * pinned: from then on it counts each step. A symbolic link replaces what is left of the name by
 * its text and the rest; 40 are followed, then ELOOP. "Magic" links jump.
 * RESOLVE_* of openat2(2) restrict the steps; ".." at the root stays there.
 * Locks: dir->lock around a file system's lookup. See path_resolution(7), openat2(2).
 * Keeps ABI-FS-02. */

#include <linux/openat2.h>

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "lib/hash.h"
#include "mm/slab.h"

#define RESOLVE_SCOPED (RESOLVE_BENEATH | RESOLVE_IN_ROOT)

void walk_pin(struct walk *w)
{
	if (w->pinned)
		return;
	path_get(&w->at);
	path_get(&w->root);
	w->pinned = true;
}

void walk_end(struct walk *w)
{
	if (w->pinned) {
		path_put(&w->at);
		path_put(&w->root);
	}
	w->pinned = false;
	kfree(w->text);
	w->text = NULL;
}

void walk_to(struct walk *w, struct mount *m, struct dentry *de)
{
	struct path old = w->at;

	w->at = (struct path){ m, de };
	if (w->pinned) {
		path_get(&w->at);
		path_put(&old);
	}
}

static int walk_start_at(struct walk *w, int dfd, bool empty)
{
	struct file *f;

	if (dfd == AT_FDCWD) {
		w->at = current->fs->cwd;
		return 0;
	}
	f = current->files ? fd_peek(current->files, dfd) : NULL;
	if (!f)
		return -EBADF;
	if (!empty && !dentry_is_dir(f->path.dentry))
		return -ENOTDIR;
	w->at = f->path;
	return 0;
}

int walk_start(struct walk *w, int dfd, const char *name, unsigned flags)
{
	int err;

	*w = (struct walk){ .flags = flags, .rest = name,
			    .resolve = flags >> LOOKUP_RESOLVE_SHIFT };
	w->root = current->fs->root;
	if (*name == '/' && w->resolve & RESOLVE_BENEATH)
		return -EXDEV;
	if (*name == '/' && !(w->resolve & RESOLVE_IN_ROOT)) {
		w->at = w->root;
		return 0;
	}
	err = walk_start_at(w, dfd, !*name);
	if (!err && w->resolve & RESOLVE_SCOPED)
		w->root = w->at;
	return err;
}

/* Follows mounts down from (*m, *de). */
int walk_cross(struct walk *w, struct mount **m, struct dentry **de)
{
	struct mount *above;

	while ((above = mount_find(*m, *de))) {
		if (w->resolve & RESOLVE_NO_XDEV)
			return -EXDEV;
		*m = above;
		*de = above->root;
	}
	return 0;
}

/* ".." */
static int walk_up(struct walk *w)
{
	struct mount *m = w->at.mnt;
	struct dentry *de = w->at.dentry;
	int err;

	for (;;) {
		if (m == w->root.mnt && de == w->root.dentry) {
			if (w->resolve & RESOLVE_BENEATH)
				return -EXDEV;
			break;
		}
		if (de != m->root) {
			de = de->parent;
			break;
		}
		if (!mount_has_parent(m))
			break;
		if (w->resolve & RESOLVE_NO_XDEV)
			return -EXDEV;
		de = m->mountpoint;
		m = m->parent;
	}
	err = walk_cross(w, &m, &de);
	if (!err)
		walk_to(w, m, de);
	return err;
}

/* --- one name in a directory --- */

static bool dentry_is_stale(struct dentry *de)
{
	return de->ops && de->ops->revalidate && !de->ops->revalidate(de);
}

/* To know whether it is stale may take a sleep: not while the walk borrows the cache. */
static bool dentry_asks_first(const struct dentry *de)
{
	return de->ops && de->ops->revalidate_sleeps;
}

/* Asks the file system; dir is locked. There is nothing in a removed directory. */
static int dir_lookup_new(struct dentry *dir, const char *name, size_t len, struct dentry **out)
{
	int err;

	if (!dir_is_memory(dir->inode) && dentry_unlinked(dir))
		return -ENOENT;
	err = dentry_create(dir, name, len, out);
	if (err || dir_is_memory(dir->inode))
		return err;
	err = dir->inode->ops->lookup(dir->inode, *out);
	if (err) {
		dentry_drop(*out);
		dentry_put(*out);
	}
	return err;
}

int dir_lookup(struct dentry *dir, const char *name, size_t len, struct dentry **out)
{
	struct dentry *de = dentry_find(dir, name, len);

	if (de &&
	    (dentry_is_stale(de) || (dentry_asks_first(de) && !de->ops->revalidate_sleeps(de)))) {
		dentry_drop(de);
		dentry_put(de);
		de = NULL;
	}
	if (!de)
		return dir_lookup_new(dir, name, len, out);
	*out = de;
	return 0;
}

static int walk_find_slow(struct walk *w, struct dentry **out)
{
	struct dentry *dir = w->at.dentry;
	int err;

	if (w->resolve & RESOLVE_CACHED)
		return -EAGAIN;
	walk_pin(w);
	mutex_lock(&dir->inode->lock);
	err = dir_lookup(dir, w->last, w->last_len, out);
	mutex_unlock(&dir->inode->lock);
	return err;
}

static inline struct dentry *walk_peek(const struct walk *w)
{
	return dentry_peek_hashed(w->at.dentry, w->last, w->last_len, w->last_hash);
}

int walk_find(struct walk *w, struct dentry **out, bool *counted)
{
	struct dentry *de = walk_peek(w);
	int err;

	*counted = false;
	*out = NULL;
	if (!de && dir_is_memory(w->at.dentry->inode)) {
		/* A use, as on Linux, where this looks further. */
		w->at.mnt->expire_mark = false;
		return 0;
	}
	if (!de || dentry_asks_first(de) || dentry_is_stale(de)) {
		err = walk_find_slow(w, &de);
		if (err)
			return err;
		if (!de->inode) {
			dentry_put(de);
			return 0;
		}
		*counted = true;
	}
	if (de->inode)
		*out = de;
	return 0;
}

/* --- symbolic links --- */

static int walk_jump(struct walk *w, struct dentry *link)
{
	struct path to;
	int err;

	if (w->resolve & RESOLVE_NO_MAGICLINKS)
		return -ELOOP;
	if (w->resolve & RESOLVE_SCOPED)
		return -EXDEV;
	err = link->inode->ops->follow(link, &to);
	if (err)
		return err;
	if (w->resolve & RESOLVE_NO_XDEV && to.mnt != w->at.mnt)
		err = -EXDEV;
	else
		walk_to(w, to.mnt, to.dentry);
	path_put(&to);
	return err;
}

/* What is left is now text (n bytes) and what was left. */
static int walk_splice(struct walk *w, const char *text, size_t n)
{
	size_t rest = strlen(w->rest);
	char *joined = kmalloc(n + rest + 1);

	if (!joined)
		return -ENOMEM;
	memcpy(joined, text, n);
	memcpy(joined + n, w->rest, rest + 1);
	kfree(w->text);
	w->rest = w->text = joined;
	if (*joined != '/')
		return 0;
	if (w->resolve & RESOLVE_BENEATH)
		return -EXDEV;
	if (w->resolve & RESOLVE_NO_XDEV && w->at.mnt != w->root.mnt)
		return -EXDEV;
	walk_to(w, w->root.mnt, w->root.dentry);
	return 0;
}

static int walk_read_link(struct walk *w, struct dentry *link)
{
	char *buf;
	int n;

	if (!link->inode->ops->readlink)
		return -EINVAL;
	if (link->inode->ops->readlink == generic_readlink) {
		const char *text = link->inode->private;

		return *text ? walk_splice(w, text, strlen(text)) : -ENOENT;
	}
	buf = kmalloc(PATH_MAX_LEN);
	if (!buf)
		return -ENOMEM;
	n = link->inode->ops->readlink(link, buf, PATH_MAX_LEN);
	if (n > 0)
		n = walk_splice(w, buf, n);
	else if (!n)
		n = -ENOENT;
	kfree(buf);
	return n;
}

int walk_follow(struct walk *w, struct dentry *link)
{
	struct path p = { w->at.mnt, link };
	int err;

	if (w->links++ >= WALK_LINKS_MAX || w->resolve & RESOLVE_NO_SYMLINKS ||
	    w->at.mnt->flags & MNT_K_NOSYMFOLLOW)
		return -ELOOP;
	walk_pin(w);
	dentry_get(link);
	path_accessed(&p);
	err = link->inode->ops->follow ? walk_jump(w, link) : walk_read_link(w, link);
	dentry_put(link);
	return err;
}

/* --- steps --- */

/* Goes to a found dentry, through mounts; or follows it. 0, 1 (followed) or -errno. */
static int walk_into(struct walk *w, struct dentry *de, bool follow)
{
	struct mount *m = w->at.mnt;
	int err;

	if (de->flags & DENTRY_MOUNTED && !(w->flags & LOOKUP_NO_MOUNTPOINT && !*w->rest)) {
		err = walk_cross(w, &m, &de);
		if (err)
			return err;
	}
	if (follow && S_ISLNK(de->inode->mode)) {
		err = walk_follow(w, de);
		return err ? err : 1;
	}
	walk_to(w, m, de);
	return 0;
}

static int walk_step(struct walk *w, bool follow)
{
	struct dentry *de;
	bool counted;
	int err = walk_find(w, &de, &counted);

	if (err)
		return err;
	if (!de)
		return -ENOENT;
	err = walk_into(w, de, follow);
	if (counted)
		dentry_put(de);
	return err;
}

int walk_last(struct walk *w, bool follow)
{
	static const char *const end = "";

	w->rest = w->slash ? "/" : end;
	switch (w->last_type) {
	case LAST_DOTDOT:
		return walk_up(w);
	case LAST_NORM:
		return walk_step(w, follow || w->slash);
	default:
		return 0;
	}
}

static inline u8 component_type(const char *name, size_t len)
{
	if (likely(name[0] != '.' || len > 2))
		return LAST_NORM;
	if (len == 1)
		return LAST_DOT;
	return name[1] == '.' ? LAST_DOTDOT : LAST_NORM;
}

/* Search permission on where we are; the common case costs nothing. */
static inline int walk_may_search(struct walk *w)
{
	struct inode *i = w->at.dentry->inode;

	if (!S_ISDIR(i->mode))
		return -ENOTDIR;
	if (likely(!i->ops->permission && (i->mode & S_IXUGO) == S_IXUGO))
		return 0;
	return inode_permission(i, MAY_EXEC);
}

/* A step as most are: to a cached directory that is no mountpoint and has nothing to ask. */
static inline bool walk_plainly(struct walk *w)
{
	struct dentry *de = w->pinned ? NULL : walk_peek(w);

	if (!de || !de->inode || !S_ISDIR(de->inode->mode) || de->flags & DENTRY_MOUNTED || de->ops)
		return false;
	w->at.dentry = de;
	return true;
}

int walk_parent(struct walk *w)
{
	for (;;) {
		const char *name = w->rest, *end;
		u64 hash = 0;
		size_t len;
		int err;

		while (*name == '/')
			name++;
		w->last = name;
		w->last_len = 0;
		w->last_type = LAST_ROOT;
		w->slash = name != w->rest;
		if (!*name) {
			w->rest = name;
			return 0;
		}
		err = walk_may_search(w);
		if (err)
			return err;
		for (end = name; *end && *end != '/'; end++)
			hash = hash_byte(hash, *end);
		len = end - name;
		if (len > NAME_MAX_LEN)
			return -ENAMETOOLONG;
		w->last_len = len;
		w->last_hash = hash;
		w->last_type = component_type(name, len);
		w->slash = *end == '/';
		w->rest = end;
		while (*end == '/')
			end++;
		if (!*end)
			return 0;
		if (w->last_type == LAST_DOTDOT)
			err = walk_up(w);
		else if (w->last_type == LAST_NORM && !walk_plainly(w))
			err = walk_step(w, true);
		if (err < 0)
			return err;
	}
}
