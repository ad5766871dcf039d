// SPDX-License-Identifier: MIT
/* sys/mman.h - mappings, with the flags of <linux/mman.h>. */
#ifndef _SYS_MMAN_H
#define _SYS_MMAN_H
#include <sys/types.h>
#include <linux/mman.h>

#define MAP_FAILED ((void *)-1)

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset);
int munmap(void *at, size_t length);
int mprotect(void *at, size_t length, int protection);
void *mremap(void *at, size_t old_length, size_t length, int flags, ...);
int madvise(void *at, size_t length, int advice);
int msync(void *at, size_t length, int flags);
int mlock(const void *at, size_t length);
int munlock(const void *at, size_t length);
int memfd_create(const char *name, unsigned flags);
#endif
