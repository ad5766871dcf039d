// SPDX-License-Identifier: MIT
/* fs/pipe.h - pipes: what splice, FIFOs and checkpoint need of them. */
#pragma once

#include "fs/vfs.h"

#define PIPE_BUFFERS_DEFAULT 16

struct pipe;
void pipe_init(void);			/* boot: mounts pipefs */
extern const struct fs_type pipefs_fs_type;
int pipe_create_files(u32 o_flags, struct file **read_end, struct file **write_end);
struct mount *pipefs_mount_of(void);	/* where nameless pipes are */
struct pipe *pipe_of(struct file *f);	/* NULL: not a pipe */
