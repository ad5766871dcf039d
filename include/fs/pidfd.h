// SPDX-License-Identifier: MIT
/* fs/pidfd.h - descriptors that name a process (pidfd_open(2)). */
#pragma once

#include "fs/vfs.h"
#include "kernel/pid.h"

void pidfd_init(void);			/* fills in the hooks of kernel/ */
struct pid *pidfd_pid(struct file *f);	/* NULL: not a pidfd; no reference */
/* An open file that names pid, with a reference of its own. */
int pidfd_create_file(struct pid *pid, u32 o_flags, struct file **out);
