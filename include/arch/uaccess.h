// SPDX-License-Identifier: MIT
/* arch/uaccess.h - the only way to user memory: checked, and EFAULT where it faults.
 *
 * A copy may fault pages in and so may sleep if the page comes from a file
 * system that sleeps; anonymous and tmpfs pages do not sleep.
 * Context: a task with an address space, BKL held. */
#pragma once

#include "abi/errno.h"
#include "arch/paging.h"
#include "types.h"

/* Both return the number of bytes NOT copied (0: all). */
size_t copy_in(void *dst, uaddr src, size_t n);
size_t copy_out(uaddr dst, const void *src, size_t n);
size_t clear_user(uaddr dst, size_t n);		/* bytes not cleared */

static inline bool user_range_ok(uaddr a, size_t n)
{
	return a <= USER_END && n <= USER_END - a;
}

static inline int copy_from_user(void *dst, uaddr src, size_t n)
{
	return copy_in(dst, src, n) ? -EFAULT : 0;
}

static inline int copy_to_user(uaddr dst, const void *src, size_t n)
{
	return copy_out(dst, src, n) ? -EFAULT : 0;
}

/* Length without the NUL, size if no NUL within size bytes, or -EFAULT. */
ssize_t strncpy_from_user(char *dst, uaddr src, size_t size);
/* Length with the NUL; 0 on a fault; max+1 if longer. */
size_t strnlen_user(uaddr s, size_t max);

/* 0 or -EFAULT: one aligned word, atomically; for futexes. */
int user_load_u32(u32 *out, uaddr addr);
int user_load_u64(u64 *out, uaddr addr);
int user_store_u32(uaddr addr, u32 value);
int user_store_u64(uaddr addr, u64 value);
/* Compare and exchange; *old receives what was there. */
int user_cmpxchg_u32(uaddr addr, u32 expect, u32 value, u32 *old);
/* Sets to value / adds / ors / andnots / xors atomically; *old receives what was there. */
int user_xchg_op_u32(uaddr addr, unsigned futex_op, u32 arg, u32 *old);
