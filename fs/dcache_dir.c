// SPDX-License-Identifier: MIT
/* fs/dcache_dir.c - reading directories that live in the dentry tree.
 *
 * Positions: 0 is ".", 1 is "..", then each entry has one of its own, made from its sequence
 * number: newest entries come first, and a position stays good whatever is
 * removed or added meanwhile: each entry is seen once, new ones not.
 * Locks: BKL. See getdents(2). */

#include "fs/names.h"

#define POS_DOT 0
#define POS_DOTDOT 1
#define MODE_TO_TYPE_SHIFT 12

static s64 entry_pos(const struct dentry *de)
{
	return INT64_MAX - (s64)de->seq;
}

static unsigned inode_type(const struct inode *i)
{
	return (i->mode & S_IFMT) >> MODE_TO_TYPE_SHIFT;
}

static bool emit_dots(struct file *f, struct dir_sink *s, const struct dentry *dir)
{
	if (f->pos == POS_DOT) {
		if (!s->emit(s, ".", 1, POS_DOTDOT, dir->inode->ino, inode_type(dir->inode)))
			return false;
		f->pos = POS_DOTDOT;
	}
	if (f->pos == POS_DOTDOT) {
		const struct inode *up = dir->parent->inode;

		if (!s->emit(s, "..", 2, POS_DOTDOT + 1, up->ino, inode_type(up)))
			return false;
		f->pos = POS_DOTDOT + 1;
	}
	return true;
}

int dcache_readdir(struct file *f, struct dir_sink *s)
{
	struct dentry *dir = f->path.dentry, *de;

	if (!emit_dots(f, s, dir))
		return 0;
	list_for_each(de, &dir->children, sibling) {
		s64 pos = entry_pos(de);

		if (!de->inode || pos < (s64)f->pos)
			continue;
		if (!s->emit(s, de->name, de->name_len, pos + 1, de->inode->ino,
			     inode_type(de->inode)))
			return 0;
		f->pos = pos + 1;
	}
	return 0;
}

s64 dcache_llseek(struct file *f, s64 off, int whence)
{
	if (whence == SEEK_CUR)
		off += f->pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (off < 0)
		return -EINVAL;
	f->pos = off;
	return off;
}

bool dcache_empty(struct dentry *dir)
{
	struct dentry *de;

	list_for_each(de, &dir->children, sibling)
		if (de->inode)
			return false;
	return true;
}
