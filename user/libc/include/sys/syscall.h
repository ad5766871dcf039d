// SPDX-License-Identifier: MIT
/* sys/syscall.h - any system call by its number. */
#ifndef _SYS_SYSCALL_H
#define _SYS_SYSCALL_H
#include <asm/unistd.h>

/* Returns -1 and sets errno on failure. Pass pointers and longs; ints are
 * fine where the kernel takes ints. */
long syscall(long number, ...);

/* Returns what the kernel returned: -errno on failure. Does not touch errno
 * or thread-local state. */
long raw_syscall(long number, ...);

#define SYS_CALL_FAILED(ret) ((unsigned long)(ret) >= -4095UL)
#endif
