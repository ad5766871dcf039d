// SPDX-License-Identifier: MIT
/* fs/exec.h - programs: ELF loading for execve(2) and for the first process. */
#pragma once

#include "fs/vfs.h"

/* argv and envp in kernel memory; runs path as current's new program. Returns only on error. */
struct mm;
/* /proc/PID/exe of an address space that has none: f may not be open for writing. */
void mm_set_exe(struct mm *mm, struct file *f);
int kernel_execve(const char *path, const char *const *argv, const char *const *envp);
/* Unpacks a newc cpio archive (plain or gzip) into the root. 0 or -errno. */
int initramfs_unpack(const u8 *data, size_t len);
