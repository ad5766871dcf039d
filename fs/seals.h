// SPDX-License-Identifier: MIT
/* fs/seals.h - what memfd seals forbid (inode.seals, F_SEAL_*): for memory files and their users.
 */
#pragma once

#include "fs/vfs.h"

struct map_request;

int seals_check_write(const struct inode *i, u64 pos, u64 n);
int seals_check_size(const struct inode *i, u64 size);
int seals_check_fallocate(const struct inode *i, int mode, u64 end);
int seals_check_map(const struct inode *i, struct map_request *req); /* may take VM_MAYWRITE away */
int seals_fcntl(struct file *f, unsigned cmd, u64 arg);		     /* F_ADD_SEALS, F_GET_SEALS */
