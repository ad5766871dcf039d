// SPDX-License-Identifier: MIT
/* fs/notify.c - from what happens to files to the watches that want to know it.
 *
 * An event on an object goes to the watches of its directory (with its name), then to its own.
 * Changes of names go to the directory alone. A watch ends with its inode: IN_DELETE_SELF when the
 * last name and the last user are gone, IN_UNMOUNT with the file system.
 * Locks: BKL; nothing here sleeps. See inotify(7). */
#include "fs/names.h"
#include "fs/inotify.h"

u64 notify_watches;
static u32 last_cookie;

struct happening {
	u32 mask, cookie;
	const char *name;		/* NULL: none */
	size_t len;
	bool unlinked;			/* through a file whose name is gone */
};

/* A watch of a thing that ends may free the list: nothing of it is touched after. */
static void watches_tell(struct inode_watches *ws, const struct happening *h)
{
	struct watch *w, *next;

	if (!ws || !(ws->mask & h->mask))
		return;
	list_for_each_safe(w, next, &ws->list, of_inode) {
		bool last = next == list_entry(&ws->list, struct watch, of_inode);

		if (w->mask & h->mask && !(h->unlinked && w->flags & WATCH_EXCL_UNLINK)) {
			inotify_queue(w->instance, w->wd, h->mask, h->cookie, h->name, h->len);
			if (w->flags & WATCH_ONESHOT)
				watch_end(w);
		}
		if (last)
			return;
	}
}

static u32 dir_bit(const struct inode *i)
{
	return S_ISDIR(i->mode) ? IN_ISDIR : 0;
}

static void tell_child(struct inode *dir, const struct dentry *de, u32 mask, u32 cookie,
		       bool unlinked)
{
	struct happening h = { .mask = mask, .cookie = cookie, .unlinked = unlinked,
			       .name = de->name, .len = de->name_len };

	watches_tell(dir->watches, &h);
}

static void tell_inode(struct inode *i, u32 mask, bool unlinked)
{
	struct happening h = { .mask = mask, .unlinked = unlinked };

	watches_tell(i->watches, &h);
}

void notify_inode_slow(struct inode *i, u32 mask)
{
	/* Legacy: these two never say that it was a directory. */
	if (!(mask & (IN_DELETE_SELF | IN_MOVE_SELF)))
		mask |= dir_bit(i);
	tell_inode(i, mask, false);
}

void notify_child_slow(struct inode *dir, const struct dentry *de, u32 mask)
{
	if (de->inode)
		mask |= dir_bit(de->inode);
	tell_child(dir, de, mask, 0, false);
}

static void tell_both(struct dentry *de, u32 mask, bool unlinked)
{
	mask |= dir_bit(de->inode);
	if (de->parent != de && de->parent->inode)
		tell_child(de->parent->inode, de, mask, 0, unlinked);
	tell_inode(de->inode, mask, unlinked);
}

void notify_dentry_slow(struct dentry *de, u32 mask)
{
	if (de->inode)
		tell_both(de, mask, false);
}

void notify_file_slow(struct file *f, u32 mask)
{
	struct dentry *de = f->path.dentry;

	if (de->inode)
		tell_both(de, mask, dentry_unlinked(de));
}

void notify_attr_slow(struct dentry *de, u32 valid)
{
	u32 mask = 0;

	if (valid & (ATTR_UID | ATTR_GID | ATTR_MODE))
		mask |= IN_ATTRIB;
	if (valid & ATTR_SIZE)
		mask |= IN_MODIFY;
	if ((valid & (ATTR_ATIME | ATTR_MTIME)) == (ATTR_ATIME | ATTR_MTIME))
		mask |= IN_ATTRIB;
	else if (valid & ATTR_ATIME)
		mask |= IN_ACCESS;
	else if (valid & ATTR_MTIME)
		mask |= IN_MODIFY;
	if (mask)
		notify_dentry_slow(de, mask);
}

/* --- the end of things --- */

static void watches_end(struct inode *i, u32 mask)
{
	struct inode_watches *ws;

	notify_inode_slow(i, mask);
	while ((ws = i->watches))
		watch_end(list_first(&ws->list, struct watch, of_inode));
}

void notify_inode_gone_slow(struct inode *i)
{
	watches_end(inode_get(i), IN_DELETE_SELF);
	inode_put(i);
}

/* Linux's order: the link count, the object's end if nobody uses it, then the directory. */
void notify_removed_slow(struct inode *dir, struct dentry *de)
{
	struct inode *i = de->inode;

	if (!S_ISDIR(i->mode))
		notify_inode_slow(i, IN_ATTRIB);
	if (!i->nlink && de->refs.n == 1)
		notify_inode_gone(i);
	notify_child_slow(dir, de, IN_DELETE);
}

void notify_super_gone_slow(struct super *sb)
{
	struct inode *i, *next;

	list_for_each_safe(i, next, &sb->inodes, all) {
		if (!i->watches)
			continue;
		inode_get(i);
		watches_end(i, IN_UNMOUNT);
		next = list_entry(i->all.next, struct inode, all);
		inode_put(i);
	}
}

/* --- moves --- */

void notify_move_begin_slow(struct notify_move *m, const struct dentry *de)
{
	m->old_len = de->name_len;
	memcpy(m->old_name, de->name, de->name_len + 1);
}

void notify_move_end(const struct notify_move *m, struct inode *old_dir, struct inode *new_dir,
		     struct dentry *de, struct inode *target)
{
	u32 is_dir = dir_bit(de->inode);
	struct happening from = { .mask = IN_MOVED_FROM | is_dir, .name = m->old_name,
				  .len = m->old_len };

	if (!m->wanted)
		return;
	from.cookie = ++last_cookie;
	watches_tell(old_dir->watches, &from);
	tell_child(new_dir, de, IN_MOVED_TO | is_dir, from.cookie, false);
	if (target)
		notify_inode_slow(target, IN_ATTRIB);
	notify_inode_slow(de->inode, IN_MOVE_SELF);
}
