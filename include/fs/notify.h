// SPDX-License-Identifier: MIT
/* fs/notify.h - what happens to files, told to who watches them (inotify(7)).
 *
 * Whoever changes a file, a name or an attribute says so here, after it succeeded. While nobody in
 * the system watches anything each call is one comparison. mask: one or more of IN_ACCESS ...
 * IN_MOVE_SELF; IN_ISDIR is added here. Context: never sleeps. */
#pragma once

#include <linux/inotify.h>

#include "fs/vfs.h"

extern u64 notify_watches;		/* watches there are */

/* To those who watch the object itself. */
void notify_inode_slow(struct inode *i, u32 mask);
/* To those who watch the directory, with the name of the entry. */
void notify_child_slow(struct inode *dir, const struct dentry *de, u32 mask);
/* Both: the directory of de first, then de's inode. */
void notify_dentry_slow(struct dentry *de, u32 mask);
void notify_file_slow(struct file *f, u32 mask); /* as notify_dentry, honours IN_EXCL_UNLINK */
void notify_removed_slow(struct inode *dir, struct dentry *de);
void notify_inode_gone_slow(struct inode *i);
void notify_super_gone_slow(struct super *sb);
void notify_attr_slow(struct dentry *de, u32 valid);

static inline void notify_inode(struct inode *i, u32 mask)
{
	if (notify_watches)
		notify_inode_slow(i, mask);
}
static inline void notify_child(struct inode *dir, const struct dentry *de, u32 mask)
{
	if (notify_watches)
		notify_child_slow(dir, de, mask);
}
static inline void notify_dentry(struct dentry *de, u32 mask)
{
	if (notify_watches)
		notify_dentry_slow(de, mask);
}
static inline void notify_file(struct file *f, u32 mask)
{
	if (notify_watches)
		notify_file_slow(f, mask);
}
/* setattr succeeded: ATTR_* that were changed. */
static inline void notify_attr(struct dentry *de, u32 valid)
{
	if (notify_watches)
		notify_attr_slow(de, valid);
}
/* de was removed from dir (and is still held by the caller). */
static inline void notify_removed(struct inode *dir, struct dentry *de)
{
	if (notify_watches)
		notify_removed_slow(dir, de);
}
/* The last name of an inode without links is gone: its watches end. */
static inline void notify_inode_gone(struct inode *i)
{
	if (i->watches)
		notify_inode_gone_slow(i);
}
/* The super is about to be destroyed: watches on it end. */
static inline void notify_super_gone(struct super *sb)
{
	if (notify_watches)
		notify_super_gone_slow(sb);
}

/* A rename: what only is known before it, and telling it after. */
struct notify_move {
	bool wanted;
	char old_name[NAME_MAX_LEN + 1];
	size_t old_len;
};
void notify_move_begin_slow(struct notify_move *m, const struct dentry *de);
static inline void notify_move_begin(struct notify_move *m, const struct dentry *de)
{
	m->wanted = notify_watches;
	if (m->wanted)
		notify_move_begin_slow(m, de);
}
/* de has its new name; target: the inode that had that name before, or NULL. */
void notify_move_end(const struct notify_move *m, struct inode *old_dir, struct inode *new_dir,
		     struct dentry *de, struct inode *target);
