// SPDX-License-Identifier: MIT
/* kernel/bpf.h - classic BPF programs over struct seccomp_data: kernel/bpf.c. */
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>

#include "types.h"

/* Is it a program that ends and reads only what it may? known: len words of scratch.
 * Returns: 0, -EINVAL. */
int bpf_check(const struct sock_filter *f, u32 len, u16 *known);

/* What a checked program returns for a call. */
u32 bpf_run(const struct sock_filter *f, const struct seccomp_data *data);
