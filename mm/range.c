// SPDX-License-Identifier: MIT
/* mm/range.c - calls that ask or touch the pages of a range: populate, mincore(2), msync(2).
 *
 * Locks: BKL. Context: mm_populate() and mm_sync() may sleep between pages; they look the
 * next VMA up by address each time.
 * See: mincore(2), msync(2), mmap(2) on MAP_POPULATE. */
#include <linux/mman.h>

#include "abi/errno.h"
#include "mm/internal.h"

/* Faults in the pages of v's part of [at, end), as they will be used. */
static int populate_part(struct mm *mm, struct vma *v, uaddr at, uaddr end)
{
	bool write = (v->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;
	struct frame *f;
	int err;

	if (v->flags & (VM_SPECIAL | VM_LOCKONFAULT))
		return 0;
	for (; at < end; at += PAGE_SIZE) {
		err = mm_get_page(mm, at, write, v->flags & VM_ACCESS, &f);
		if (err)
			return err == -EIO ? -EFAULT : err;
		frame_put(f);
		v = vma_find(mm, at);
		if (!v)
			return -ENOMEM;
	}
	return 0;
}

int mm_populate(struct mm *mm, uaddr start, u64 length)
{
	uaddr end = start + ALIGN_UP(length, PAGE_SIZE), at, stop;
	struct vma *v;
	int err;

	for (at = start; at < end; at = stop) {
		v = vma_find(mm, at);
		if (!v || v->start > at)
			return -ENOMEM;
		stop = MIN(v->end, end);
		err = populate_part(mm, v, at, stop);
		if (err)
			return err;
	}
	return 0;
}

/* Whether the page is in memory: mapped, or in the cache of the file. */
static bool page_resident(struct vma *v, uaddr addr)
{
	pte_t *pte = pte_lookup(&v->mm->pt, addr);
	struct frame *f;

	if (pte && pte_mapped(*pte))
		return true;
	f = v->cache ? page_cache_peek(v->cache, vma_index(v, addr)) : NULL;
	return f && f->flags & FRAME_UPTODATE;
}

int mm_mincore(struct mm *mm, uaddr start, u64 pages, u8 *vec)
{
	uaddr addr = start;
	struct vma *v = NULL;
	u64 i;

	for (i = 0; i < pages; i++, addr += PAGE_SIZE) {
		if (!v || addr >= v->end)
			v = vma_find(mm, addr);
		if (!v || v->start > addr)
			return -ENOMEM;
		vec[i] = page_resident(v, addr);
	}
	return 0;
}

/* Writes back what a shared mapping of a file has in [at, end). Context: may sleep. */
static int sync_part(struct vma *v, uaddr at, uaddr end)
{
	u64 first = vma_index(v, at), last = vma_index(v, end) - 1;
	const struct vma_ops *ops = v->ops;
	void *file = v->file;
	int err;

	if (ops && ops->get)
		ops->get(file);
	err = page_cache_sync(v->cache, first, last);
	if (ops && ops->put)
		ops->put(file);
	return err;
}

int mm_sync(struct mm *mm, uaddr start, u64 length, int ms_flags)
{
	u64 bytes = ALIGN_UP(length, PAGE_SIZE);
	uaddr end = start + bytes, at, stop;
	struct vma *v;
	int err, hole = 0;

	if (ms_flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || start & ~PAGE_MASK)
		return -EINVAL;
	if (ms_flags & MS_ASYNC && ms_flags & MS_SYNC)
		return -EINVAL;
	if (end < start || bytes < length)
		return -ENOMEM;
	for (at = start; at < end; at = stop) {
		v = vma_find(mm, at);
		if (!v)
			return -ENOMEM;
		if (v->start > at)
			hole = -ENOMEM;
		at = MAX(at, v->start);
		stop = v->end;
		if (at >= end)
			break;
		if (ms_flags & MS_INVALIDATE && v->flags & VM_LOCKED)
			return -EBUSY;
		if (!(ms_flags & MS_SYNC) || !v->cache || !(v->flags & VM_SHARED))
			continue;
		err = sync_part(v, at, MIN(stop, end));
		if (err)
			return err;
	}
	return hole;
}
