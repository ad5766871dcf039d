// SPDX-License-Identifier: MIT
/* fs/mount_args.h - what the calls that change the tree of mounts share. */
#pragma once

#include "fs/vfs.h"

/* --- mount_ops.c --- */
int may_mount(void);			/* 0 or -EPERM: CAP_SYS_ADMIN over the mount namespace */
int path_mount(struct path *to, const char *source, const char *type, u64 ms, const char *data);
static inline bool path_is_mount_root(const struct path *p)
{
	return p->dentry == p->mnt->root;
}
/* MNTNS-36: would these flags clear a locked one, or change locked times? */
bool mount_flags_locked(const struct mount *m, u32 flags);
/* MNTNS-34: would a view of m from root on show what a locked mount hides? */
bool mount_has_locked_children(struct mount *m, const struct dentry *root);
/* A copy of what from shows, checked, not attached, in no namespace. */
int mount_copy_for_bind(const struct path *from, bool recurse, struct mount **out);
/* Moves what is mounted at from, or a tree held by a file, onto the top of to. */
int mount_move_path(const struct path *from, struct path *to);
/* Makes or finds the instance of a file system that current may mount: *out counted. */
int super_of_mount(const struct fs_type *type, const char *source, u64 ms, const char *data,
		   struct super **out);

/* --- mount_attr.c --- */
/* MOUNT_ATTR_* of a new mount as flags of it: 0 or -EINVAL. */
int mount_attr_to_flags(u64 attr, u32 *out);

/* --- mount_fd.c --- */
/* A descriptor (O_PATH) that holds a tree made by its caller, which the last close takes away if
 * it was not moved anywhere: the fd or -errno. Takes over the references of the makers. */
int mount_tree_fd(struct mount *top, bool cloexec);
