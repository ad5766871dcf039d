// SPDX-License-Identifier: MIT
/* fs/iter.h - where bytes of a read go or bytes of a write come from: user vectors or kernel
 * memory.
 *
 * Copies advance the iterator. They return the number of bytes moved, which is short
 * only where user memory faulted (the caller then returns -EFAULT if nothing moved). */
#pragma once

#include "arch/uaccess.h"
#include "types.h"

struct iter_vec {
	u64 base;		/* uaddr, or kernel pointer */
	u64 len;
};
struct iter {
	bool kernel;
	const struct iter_vec *vec;
	u64 nr;			/* vectors left */
	u64 skip;		/* bytes done of the first */
	u64 count;		/* bytes left in all */
	struct iter_vec one;	/* storage of single-vector iterators */
};

void iter_user(struct iter *it, uaddr buf, u64 len);
void iter_kernel(struct iter *it, void *buf, u64 len);
size_t iter_copy_to(struct iter *it, const void *src, size_t n);	/* kernel -> iterator */
size_t iter_copy_from(struct iter *it, void *dst, size_t n);	/* iterator -> kernel */
size_t iter_zero(struct iter *it, size_t n);
void iter_advance(struct iter *it, size_t n);
/* Copies a struct iovec array in: 0 or -errno (EINVAL past IOV_MAX or negative). *heap is to be
 * kfree'd. */
int iter_from_iovec(struct iter *it, uaddr iov, u64 count, struct iter_vec **heap);
