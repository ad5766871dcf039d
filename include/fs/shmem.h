// SPDX-License-Identifier: MIT
/* fs/shmem.h - files of memory without a name: memfd_create(2), shared anonymous maps, System V
 * segments. */
#pragma once

#include "fs/vfs.h"

void shmem_init(void);			/* boot: mounts the tmpfs */
/* An open file (O_RDWR) on a new inode of the kernel's own tmpfs: size bytes of zeros, mode
 * permissions, no links; its path reads "/name (deleted)". 0 or -errno. */
int shmem_file_create(const char *name, u64 size, u32 mode, struct file **out);
/* One more open file on one; its dentry is held by the caller. */
int shmem_file_of(struct dentry *de, u32 flags, struct file **out);
bool shmem_owns(const struct inode *i);
bool shmem_is_shared_anon(const struct inode *i);	/* behind a MAP_SHARED|MAP_ANONYMOUS */
/* A name for an inode of the kernel's own tmpfs: *out holds it. */
int shmem_inode_name(const char *name, struct inode *i, struct dentry **out);

/* --- files that lost their names, made again --- */
/* A fresh inode without links, where dir is if that is memory and current may write there, else (or
 * with dir NULL) on the kernel's own tmpfs. The caller sets ids, size and times. 0 or -errno. */
int orphan_create(const struct path *dir, u32 mode, dev_num rdev, struct inode **out);
/* A path to it that nobody can walk: "name" in dir, removed. *out has references. */
int orphan_name(const struct path *dir, const char *name, struct inode *i, struct path *out);
