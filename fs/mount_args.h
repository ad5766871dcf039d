// SPDX-License-Identifier: MIT
/* fs/mount_args.h - what mount(2), umount2(2) and pivot_root(2) share. */
#pragma once

#include "fs/vfs.h"

int may_mount(void);			/* 0 or -EPERM: CAP_SYS_ADMIN over the mount namespace */
int path_mount(struct path *to, const char *source, const char *type, u64 ms, const char *data);
