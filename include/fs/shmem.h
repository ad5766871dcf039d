// SPDX-License-Identifier: MIT
/* fs/shmem.h - files of memory without a name: memfd_create(2), shared anonymous maps, System V
 * segments. */
#pragma once

#include "fs/vfs.h"

void shmem_init(void);			/* boot: mounts the tmpfs */
/* An open file (O_RDWR) on a new inode of the kernel's own tmpfs: size bytes of zeros, mode
 * permissions, no links; its path reads "/name (deleted)". 0 or -errno. */
int shmem_file_create(const char *name, u64 size, u32 mode, struct file **out);
