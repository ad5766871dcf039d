// SPDX-License-Identifier: MIT
/* fs/xattr_store.h - extended attributes kept with the inode in memory, for file systems without
 * storage.
 *
 * Names come with their prefix; who may was decided before. They go with the inode. */
#pragma once

#include "fs/vfs.h"

ssize_t xattr_store_get(struct inode *i, const char *name, void *value, size_t size);
int xattr_store_set(struct inode *i, const char *name, const void *value, size_t size, int flags);
int xattr_store_remove(struct inode *i, const char *name);
ssize_t xattr_store_list(struct inode *i, char *buf, size_t size);
void xattr_store_free(struct inode *i);
