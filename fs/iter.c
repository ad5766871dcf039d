// SPDX-License-Identifier: MIT
/* fs/iter.c - byte iterators: user vectors or kernel memory, walked by copies.
 *
 * An iterator that was made for one buffer points into itself and so may not be
 * copied by assignment. Empty vectors are skipped. A copy that faults stops
 * short at the last byte moved. Checkpoint: none, iterators live within a call. */
#include <linux/uio.h>

#include "fs/descriptor.h"
#include "fs/iter.h"
#include "mm/slab.h"

static void iter_one(struct iter *it, bool kernel, u64 base, u64 len)
{
	it->kernel = kernel;
	it->one.base = base;
	it->one.len = len;
	it->vec = &it->one;
	it->nr = 1;
	it->skip = 0;
	it->count = len;
}

void iter_user(struct iter *it, uaddr buf, u64 len)
{
	iter_one(it, false, buf, len);
}

void iter_kernel(struct iter *it, void *buf, u64 len)
{
	iter_one(it, true, (u64)buf, len);
}

void iter_advance(struct iter *it, size_t n)
{
	it->count -= n;
	it->skip += n;
	while (it->nr > 1 && it->skip >= it->vec->len) {
		it->skip -= it->vec->len;
		it->vec++;
		it->nr--;
	}
}

/* The next run of bytes, at most n; false at the end. Steps over empty vectors. */
static bool iter_run(struct iter *it, size_t n, u64 *at, size_t *len)
{
	if (it->nr > 1 && it->skip >= it->vec->len)
		iter_advance(it, 0);
	*at = it->vec->base + it->skip;
	*len = MIN(MIN(n, it->count), it->vec->len - it->skip);
	return *len != 0;
}

/* As most copies are: n bytes, all of one buffer of the user. */
static inline bool iter_is_plain(const struct iter *it, size_t n)
{
	return likely(!it->kernel && n <= it->count && n <= it->vec->len - it->skip);
}

static inline size_t iter_plain_done(struct iter *it, size_t done)
{
	it->count -= done;
	it->skip += done;
	return done;
}

size_t iter_copy_to(struct iter *it, const void *src, size_t n)
{
	size_t done = 0, len, left = 0;
	u64 at;

	if (iter_is_plain(it, n))
		return iter_plain_done(it, n - copy_out(it->vec->base + it->skip, src, n));

	while (!left && done < n && iter_run(it, n - done, &at, &len)) {
		if (it->kernel)
			memcpy((void *)at, (const char *)src + done, len);
		else
			left = copy_out(at, (const char *)src + done, len);
		iter_advance(it, len - left);
		done += len - left;
	}
	return done;
}

size_t iter_copy_from(struct iter *it, void *dst, size_t n)
{
	size_t done = 0, len, left = 0;
	u64 at;

	if (iter_is_plain(it, n))
		return iter_plain_done(it, n - copy_in(dst, it->vec->base + it->skip, n));

	while (!left && done < n && iter_run(it, n - done, &at, &len)) {
		if (it->kernel)
			memcpy((char *)dst + done, (const void *)at, len);
		else
			left = copy_in((char *)dst + done, at, len);
		iter_advance(it, len - left);
		done += len - left;
	}
	return done;
}

size_t iter_zero(struct iter *it, size_t n)
{
	size_t done = 0, len, left = 0;
	u64 at;

	while (!left && done < n && iter_run(it, n - done, &at, &len)) {
		if (it->kernel)
			memset((void *)at, 0, len);
		else
			left = clear_user(at, len);
		iter_advance(it, len - left);
		done += len - left;
	}
	return done;
}

/* Checks the copied vectors; lengths past what one call moves are cut, as Linux does. */
static int iter_check_vectors(struct iter_vec *vec, u64 count, u64 *total)
{
	u64 sum = 0;

	for (u64 k = 0; k < count; k++) {
		if ((s64)vec[k].len < 0)
			return -EINVAL;
		if (!user_range_ok(vec[k].base, vec[k].len))
			return -EFAULT;
		vec[k].len = MIN(vec[k].len, RW_COUNT_MAX - sum);
		sum += vec[k].len;
	}
	*total = sum;
	return 0;
}

int iter_from_iovec(struct iter *it, uaddr iov, u64 count, struct iter_vec **heap)
{
	struct iter_vec *vec;
	u64 total;
	int err;

	*heap = NULL;
	if (count > UIO_MAXIOV)
		return -EINVAL;
	vec = kmalloc_array(MAX(count, 1UL), sizeof(*vec));
	if (!vec)
		return -ENOMEM;
	err = copy_from_user(vec, iov, count * sizeof(*vec));
	if (!err)
		err = iter_check_vectors(vec, count, &total);
	if (err) {
		kfree(vec);
		return err;
	}
	iter_user(it, 0, 0);
	if (count) {
		it->vec = vec;
		it->nr = count;
		it->count = total;
	}
	*heap = vec;
	return 0;
}
