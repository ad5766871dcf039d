// SPDX-License-Identifier: MIT
/* mm/advise.c - madvise(2): one row per advice.
 *
 * An advice either changes flags of the VMAs in the range (remembered in VM_*, so that
 * it is inherited, shown in smaps, and keeps neighbours apart), or acts on their pages. Holes are
 * passed over and reported as ENOMEM at the end; any other failure ends the call.
 *
 * Locks: BKL. Context: populating advice may sleep.
 * Not like Linux: hints on read-ahead, huge pages and reclaim are accepted and do nothing;
 * MADV_FREE frees at once.  See: madvise(2).
 * Keeps ABI-MM-06. */
#include <linux/mman.h>

#include "abi/errno.h"
#include "mm/internal.h"

struct advice {
	int number;
	/* Checks and acts on the part of v in [start, end). NULL: nothing to do. */
	int (*act)(struct vma *v, uaddr start, uaddr end);
	u64 set, clear;			/* flags, after act returned 0 */
};

static int advise_dontneed(struct vma *v, uaddr start, uaddr end)
{
	if (v->flags & (VM_LOCKED | VM_SPECIAL))
		return -EINVAL;
	pages_unmap(v->mm, start, end, NULL);
	return 0;
}

static int advise_dontneed_locked(struct vma *v, uaddr start, uaddr end)
{
	if (v->flags & VM_SPECIAL)
		return -EINVAL;
	pages_unmap(v->mm, start, end, NULL);
	return 0;
}

static int advise_free(struct vma *v, uaddr start, uaddr end)
{
	if (v->cache || v->flags & (VM_LOCKED | VM_SPECIAL))
		return -EINVAL;
	pages_discard_anon(v->mm, start, end);
	return 0;
}

/* MADV_COLD, MADV_PAGEOUT: hints that mlock(2) forbids. */
static int advise_cold(struct vma *v, uaddr start, uaddr end)
{
	(void)start;
	(void)end;
	return v->flags & (VM_LOCKED | VM_SPECIAL) ? -EINVAL : 0;
}

/* Punches a hole in a shared object whose only store is memory. */
static int advise_remove(struct vma *v, uaddr start, uaddr end)
{
	if (v->flags & VM_LOCKED || !v->cache)
		return -EINVAL;
	if ((v->flags & (VM_SHARED | VM_WRITE)) != (VM_SHARED | VM_WRITE))
		return -EACCES;
	if (!page_cache_is_shmem(v->cache))
		return -EOPNOTSUPP;
	page_cache_punch(v->cache, vma_index(v, start), vma_index(v, end) - 1);
	return 0;
}

static int advise_no_special(struct vma *v, uaddr start, uaddr end)
{
	(void)start;
	(void)end;
	return v->flags & VM_SPECIAL ? -EINVAL : 0;
}

static int advise_wipeonfork(struct vma *v, uaddr start, uaddr end)
{
	(void)start;
	(void)end;
	return v->cache || v->flags & VM_SHARED ? -EINVAL : 0;
}

static int advise_refuse(struct vma *v, uaddr start, uaddr end)
{
	(void)v;
	(void)start;
	(void)end;
	return -EINVAL;
}

static const struct advice advices[] = {
	{ MADV_NORMAL, NULL, 0, 0 },
	{ MADV_RANDOM, NULL, 0, 0 },
	{ MADV_SEQUENTIAL, NULL, 0, 0 },
	{ MADV_WILLNEED, NULL, 0, 0 },
	{ MADV_DONTNEED, advise_dontneed, 0, 0 },
	{ MADV_FREE, advise_free, 0, 0 },
	{ MADV_REMOVE, advise_remove, 0, 0 },
	{ MADV_DONTFORK, NULL, VM_DONTCOPY, 0 },
	{ MADV_DOFORK, advise_no_special, 0, VM_DONTCOPY },
	{ MADV_MERGEABLE, NULL, VM_MERGEABLE, 0 },
	{ MADV_UNMERGEABLE, NULL, 0, VM_MERGEABLE },
	{ MADV_HUGEPAGE, advise_no_special, VM_HUGEPAGE, VM_NOHUGEPAGE },
	{ MADV_NOHUGEPAGE, NULL, VM_NOHUGEPAGE, VM_HUGEPAGE },
	{ MADV_DONTDUMP, NULL, VM_DONTDUMP, 0 },
	{ MADV_DODUMP, advise_no_special, 0, VM_DONTDUMP },
	{ MADV_WIPEONFORK, advise_wipeonfork, VM_WIPEONFORK, 0 },
	{ MADV_KEEPONFORK, NULL, 0, VM_WIPEONFORK },
	{ MADV_COLD, advise_cold, 0, 0 },
	{ MADV_PAGEOUT, advise_cold, 0, 0 },
	{ MADV_DONTNEED_LOCKED, advise_dontneed_locked, 0, 0 },
	{ MADV_COLLAPSE, advise_refuse, 0, 0 },
};

/* Applies a to the part of *v in [start, end); *v becomes the VMA that part is in then. */
static int advise_part(const struct advice *a, struct vma **v, uaddr start, uaddr end)
{
	u64 flags = ((*v)->flags & ~a->clear) | a->set;
	int err;

	err = a->act ? a->act(*v, start, end) : 0;
	if (err || flags == (*v)->flags)
		return err;
	/* Same-page merging is for private memory only; elsewhere the advice is void. */
	if (a->set & VM_MERGEABLE && (*v)->flags & (VM_SHARED | VM_SPECIAL))
		return 0;
	err = vma_isolate(v, start, end);
	if (err)
		return err;
	vma_set_flags(*v, flags);
	*v = vma_merge(*v);
	return 0;
}

/* MADV_POPULATE_*: faults in as if by reads or writes; words as on Linux. */
static int advise_populate(struct mm *mm, uaddr start, uaddr end, bool write)
{
	struct frame *f;
	uaddr at;
	int err;

	for (at = start; at < end; at += PAGE_SIZE) {
		struct vma *v = vma_find(mm, at);

		if (!v || v->start > at)
			return -ENOMEM;
		if (v->flags & VM_SPECIAL || !(v->flags & (write ? VM_WRITE : VM_READ)))
			return -EINVAL;
		err = mm_get_page(mm, at, write, false, &f);
		if (err)
			return err == -ENOMEM ? -ENOMEM : -EFAULT;
		frame_put(f);
	}
	return 0;
}

static const struct advice *advice_find(int number)
{
	unsigned i;

	for (i = 0; i < ARRAY_SIZE(advices); i++)
		if (advices[i].number == number)
			return &advices[i];
	return NULL;
}

int mm_advise(struct mm *mm, uaddr start, u64 length, int advice)
{
	bool populate = advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE;
	u64 bytes = ALIGN_UP(length, PAGE_SIZE);
	const struct advice *a = advice_find(advice);
	uaddr end = start + bytes, at;
	struct vma *v;
	int err, hole = 0;

	if ((!a && !populate) || start & ~PAGE_MASK || (length && !bytes) || end < start)
		return -EINVAL;
	if (!bytes)
		return 0;
	if (populate)
		return advise_populate(mm, start, end, advice == MADV_POPULATE_WRITE);
	for (at = start; at < end; at = v->end) {
		v = vma_find(mm, at);
		if (!v)
			return -ENOMEM;
		if (v->start > at) {
			hole = -ENOMEM;
			at = v->start;
			if (at >= end)
				break;
		}
		err = advise_part(a, &v, at, MIN(v->end, end));
		if (err)
			return err;
	}
	return hole;
}
