// SPDX-License-Identifier: MIT
/* fs/namei.h - path walks: names to (mount, dentry), with permissions, links and mounts.
 *
 * The _user forms take the name from user memory. All give references on success. */
#pragma once

#include "fs/vfs.h"

#define LOOKUP_FOLLOW    BIT(0)		/* follow a final symbolic link */
#define LOOKUP_DIRECTORY BIT(1)		/* must be a directory */
#define LOOKUP_EMPTY     BIT(2)		/* AT_EMPTY_PATH: "" is the start itself */
#define LOOKUP_PARENT    BIT(3)		/* internal */
#define LOOKUP_NO_MOUNTPOINT BIT(4)	/* do not cross the mount at the very end (umount of ...) */
/* openat2(2) resolve flags come as RESOLVE_* << 16. */
#define LOOKUP_RESOLVE_SHIFT 16

int path_lookup(int dfd, const char *name, unsigned flags, struct path *out);
int path_lookup_user(int dfd, uaddr name, unsigned flags, struct path *out);
/* A NUL-terminated copy of a user path in a fresh buffer: 0, -EFAULT, -ENAMETOOLONG, -ENOENT (""
 * without allow_empty). */
int path_from_user(uaddr name, bool allow_empty, char **out);
void path_name_free(char *name);
/* Parent directory locked for making, removing: the dentry of the last component (maybe
 * negative), its parent's path; name ended in '/' is told by *trailing_slash. */
struct parent_walk {
	struct path parent;
	struct dentry *dentry;
	bool trailing_slash;
	int last_type;			/* LAST_NORM, LAST_DOT, LAST_DOTDOT, LAST_ROOT */
};
enum { LAST_NORM, LAST_DOT, LAST_DOTDOT, LAST_ROOT };
int parent_lookup(int dfd, const char *name, unsigned flags, struct parent_walk *out);
void parent_release(struct parent_walk *w);	/* unlocks, puts */

/* The VFS's own operations, used by system calls and in-kernel users (initramfs, devtmpfs). */
int vfs_open(int dfd, const char *name, u32 flags, u32 mode, u64 resolve, struct file **out);
int vfs_mkdir(int dfd, const char *name, u32 mode);
int vfs_mknod(int dfd, const char *name, u32 mode, dev_num dev);
int vfs_symlink(const char *target, int dfd, const char *name);
int vfs_link(int old_dfd, const char *old, int new_dfd, const char *new, unsigned flags);
int vfs_unlink(int dfd, const char *name, bool directory);
int vfs_rename(int old_dfd, const char *old, int new_dfd, const char *new, unsigned flags);
int vfs_setattr(const struct path *p, struct iattr *attr);
int vfs_getattr(const struct path *p, struct kstat *st);
