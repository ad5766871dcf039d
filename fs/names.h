// SPDX-License-Identifier: MIT
/* fs/names.h - what the files of the name half of this room share among themselves.
 *
 * Dentries, walks, mounts, supers, memory file systems. */
#pragma once

#include "fs/mnt_ns.h"
#include "fs/namei.h"
#include "fs/vfs.h"
#include "fs/xattr_store.h"

void vfs_init(void);			/* super.c: tables and slabs; may be called again */

/* --- inode.c --- */
void inode_init_times(struct inode *i);

/* --- dcache.c --- */
void dcache_init(void);
/* Cached child or NULL; takes no reference: good until the caller sleeps or allocates. */
struct dentry *dentry_peek(struct dentry *parent, const char *name, size_t len);
/* The same, where hash_bytes(name, len, 0) is known. */
struct dentry *dentry_peek_hashed(struct dentry *parent, const char *name, size_t len,
				  u64 name_hash);
/* A new negative child that is not hashed: O_TMPFILE. */
int dentry_create_unhashed(struct dentry *parent, const char *name, size_t len,
			   struct dentry **out);
/* de takes parent and name of target (which was deleted or is negative): never fails. */
void dentry_move_onto(struct dentry *de, struct dentry *target);
void dentry_for_each_hashed(void (*fn)(struct dentry *de, void *ctx), void *ctx);
void dentry_forget_unused(struct super *sb);
/* The whole tree of a dying super: no one uses it any more. */
void super_set_owner(struct super *sb, struct user_ns *owner);
/* 0, with locks added to the flags, or -EPERM: USERNS-36, fs/mount_visible.c. */
int mount_check_revealing(const struct super *sb, u32 *flags);
void dentry_tree_destroy(struct dentry *root);
static inline bool dentry_unlinked(const struct dentry *de)
{
	return !(de->flags & DENTRY_HASHED) && de->parent != de;
}
static inline bool dentry_is_dir(const struct dentry *de)
{
	return de->inode && S_ISDIR(de->inode->mode);
}
/* The dentry tree of such a directory is the directory: a name not cached does not exist. */
static inline bool dir_is_memory(const struct inode *dir)
{
	return !dir->ops->lookup;
}

/* --- path.c --- */
/* path_text() that takes dentries as they are named in their parents, and puts suffix behind. */
char *path_text_bare(const struct path *p, const struct path *root, const char *suffix, char *buf,
		     size_t size, bool *reachable);

/* --- walk.c --- */
#define WALK_LINKS_MAX 40
struct walk {
	struct path at, root;		/* where it is; what ".." does not leave */
	bool pinned;			/* at and root are counted; else only good until a sleep */
	bool slash;			/* the last component ended in '/' */
	u8 last_type;			/* LAST_* */
	unsigned flags;			/* LOOKUP_* */
	u32 resolve;			/* RESOLVE_* */
	u32 links;			/* symbolic links followed */
	const char *rest;		/* what is left of the name */
	const char *last;		/* the last component, after walk_parent() */
	size_t last_len;
	u64 last_hash;			/* hash_bytes() of it */
	char *text;			/* holds rest once a link was followed */
};
/* Begins at "/", the working directory or dfd. 0, -EBADF, -ENOTDIR, -EXDEV. */
int walk_start(struct walk *w, int dfd, const char *name, unsigned flags);
/* Goes on to the directory of the last component of what is left. */
int walk_parent(struct walk *w);
/* Looks at the last component without going there: *out without mounts crossed, NULL: there is
 * none. The reference is borrowed from the cache (pinned: owned by *out if *counted). */
int walk_find(struct walk *w, struct dentry **out, bool *counted);
/* Goes to the last component: 0, 1 if a link was followed and walk_parent() is to be called
 * again, or -errno. follow: links too. A missing one is -ENOENT. */
int walk_last(struct walk *w, bool follow);
int walk_follow(struct walk *w, struct dentry *link);	/* expands a link: 0 or -errno */
void walk_to(struct walk *w, struct mount *m, struct dentry *de);
int walk_cross(struct walk *w, struct mount **m, struct dentry **de);
void walk_pin(struct walk *w);
void walk_end(struct walk *w);
static inline unsigned lookup_resolve(u32 resolve)
{
	return resolve << LOOKUP_RESOLVE_SHIFT;
}
/* One name in a locked directory: *out counted, maybe negative. */
int dir_lookup(struct dentry *dir, const char *name, size_t len, struct dentry **out);

/* --- namei.c --- */
/* path_lookup_user() that says at once what the *at() calls of AT_* flags mean. */
int path_lookup_at(int dfd, uaddr name, int at_flags, struct path *out);
/* parent_lookup() for makers: the dentry is negative, else -EEXIST; the mount is open for
 * writing (end with maker_release). directory: a trailing slash is fine. */
int maker_lookup(int dfd, const char *name, bool directory, struct parent_walk *out);
void maker_release(struct parent_walk *w);

/* --- perm.c --- */
int dir_may_create(struct inode *dir, struct dentry *child);
int dir_may_delete(struct inode *dir, struct dentry *victim, bool directory);
bool cred_maps_fs_ids(const struct super *sb);

/* --- mount.c and kin --- */
struct mount *mount_find(const struct mount *parent, const struct dentry *mountpoint);
/* Is de a mountpoint in current's mount namespace? */
bool dentry_is_local_mountpoint(const struct dentry *de);
int super_remount(struct super *sb, u64 sb_flags, const char *data);

/* --- memfs.c: what tmpfs, ramfs, rootfs and devtmpfs have in common --- */
struct memfs {
	u64 max_blocks, used_blocks;	/* pages; 0: no limit */
	u64 max_inodes, used_inodes;
	u32 mode;
	kid_t uid, gid;
	bool has_size, has_inodes;	/* given as options: shown */
	bool limited;			/* tmpfs; ramfs has no limits and no attributes */
};
/* What i takes of nr_inodes: one for every name of a file. */
u32 memfs_inode_charge(const struct inode *i);
static inline struct memfs *memfs_of(const struct super *sb)
{
	return sb->private;
}
int memfs_mount(const struct fs_type *type, const struct fs_request *req, bool limited,
		struct super **out);
int memfs_inode(struct super *sb, const struct inode *dir, u32 mode, dev_num dev,
		struct inode **out);
int memfs_remount(struct super *sb, const char *data);
void memfs_show_options(struct super *sb, struct text *t);
extern const struct super_ops memfs_super_ops;
extern const struct file_ops memfs_dir_file_ops, memfs_file_ops;
extern const struct cache_ops memfs_cache_ops;

