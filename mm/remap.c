// SPDX-License-Identifier: MIT
/* mm/remap.c - mremap(2): a mapping shrinks, grows where it is, or moves with its pages.
 *
 * Moving makes the new VMA first, then moves the page table entries, then takes the old VMA
 * out; if a page table cannot be made, the entries go back and nothing has changed.
 * The order of the checks is Linux's, so that the errno is.
 *
 * Locks: BKL. Context: populating a locked mapping may sleep at the end.
 * Not like Linux: RLIMIT_MEMLOCK is the caller's to check.  See: mremap(2).
 * Keeps ABI-MM-04. */
#include <linux/mman.h>

#include "abi/errno.h"
#include "mm/internal.h"

#define REMAP_FLAGS (MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)
#define REMAP_VMAS_SPARE 3		/* a move may need so many more than one */

/* One call's arguments, lengths page aligned. */
struct remap {
	struct mm *mm;
	uaddr old, new_addr;
	u64 old_len, new_len, limit_as;
	unsigned flags;
};

/* The VMA to be resized. 0, -EFAULT, -EINVAL or -ENOMEM. */
static int remap_source(const struct remap *r, struct vma **out)
{
	struct vma *v = vma_find(r->mm, r->old);
	u64 more = r->new_len - r->old_len;

	if (!v || v->start > r->old)
		return -EFAULT;
	if (!r->old_len && !(v->flags & VM_SHARED))
		return -EINVAL;
	if (r->flags & MREMAP_DONTUNMAP && v->flags & VM_SPECIAL)
		return -EINVAL;
	if (r->old_len > v->end - r->old)
		return -EFAULT;
	*out = v;
	if (r->new_len == r->old_len)
		return 0;
	if (v->cache && vma_index(v, r->old) + (r->new_len >> PAGE_SHIFT) < vma_index(v, r->old))
		return -EINVAL;
	if (v->flags & VM_SPECIAL)
		return -EFAULT;
	if (r->new_len > r->old_len &&
	    !mm_may_expand(r->mm, v->flags, more >> PAGE_SHIFT, r->limit_as, r->mm->limit_data))
		return -ENOMEM;
	return 0;
}

/* Ends a move: the old range goes, or stays without pages; then new may merge. */
static void remap_leave(const struct remap *r, struct vma *new)
{
	struct vma *v;

	if (r->flags & MREMAP_DONTUNMAP) {
		v = vma_find(r->mm, r->old);
		vma_set_flags(v, v->flags & ~(VM_LOCKED | VM_LOCKONFAULT));
	} else if (r->old_len) {
		mm_remove(r->mm, r->old, r->old + r->old_len);
	}
	vma_merge(new);
}

/* Moves v's part at r->old to the free range at "to". */
static int remap_move(const struct remap *r, struct vma *v, uaddr to)
{
	struct map_request req = {
		.cache = v->cache,
		.ops = v->ops,
		.file = v->file,
		.pgoff = vma_index(v, r->old),
		.special_name = v->special_name,
	};
	u64 move = MIN(r->old_len, r->new_len);
	struct vma t, *new;
	int err;

	if (r->mm->nr_vmas + REMAP_VMAS_SPARE >= VMA_COUNT_MAX)
		return -ENOMEM;
	/* The old VMA is cut beforehand, so that taking it out cannot fail. */
	if (r->old_len && !(r->flags & MREMAP_DONTUNMAP)) {
		err = vma_isolate(&v, r->old, r->old + r->old_len);
		if (err)
			return err;
	}
	vma_describe(&t, r->mm, to, &req, v->flags, r->new_len);
	t.policy = v->policy;
	err = vma_create(&t, &new);
	if (err) {
		vma_merge(v);
		return err;
	}
	err = pages_move(r->mm, r->old, to, move);
	if (err) {
		pages_move(r->mm, to, r->old, move);
		mm_remove(r->mm, to, to + r->new_len);
		vma_merge(v);
		return err;
	}
	remap_leave(r, new);
	return 0;
}

/* MREMAP_FIXED or MREMAP_DONTUNMAP: always moves. */
static int remap_to(struct remap *r, uaddr *out)
{
	struct map_request req = { .addr = r->new_addr, .fixed = r->flags & MREMAP_FIXED };
	struct vma *v;
	int err;

	if (r->new_addr & ~PAGE_MASK)
		return -EINVAL;
	if (r->new_len > USER_END || r->new_addr > USER_END - r->new_len)
		return -EINVAL;
	if (r->old + r->old_len > r->new_addr && r->new_addr + r->new_len > r->old)
		return -EINVAL;
	if (r->mm->nr_vmas + 2 * REMAP_VMAS_SPARE >= VMA_COUNT_MAX)
		return -ENOMEM;
	if (req.fixed && r->new_addr < USER_START)
		return -EPERM;
	err = req.fixed ? mm_unmap(r->mm, r->new_addr, r->new_len) : 0;
	if (!err && r->old_len > r->new_len) {
		err = mm_unmap(r->mm, r->old + r->new_len, r->old_len - r->new_len);
		r->old_len = r->new_len;
	}
	if (err)
		return err;
	err = remap_source(r, &v);
	if (err)
		return err;
	if (r->flags & MREMAP_DONTUNMAP &&
	    !mm_may_expand(r->mm, v->flags, r->old_len >> PAGE_SHIFT, r->limit_as,
			   r->mm->limit_data))
		return -ENOMEM;
	err = mm_find_area(r->mm, &req, r->new_len, out);
	return err ? err : remap_move(r, v, *out);
}

/* Grows v, which ends at the end of the old range, into free space. False: no room. */
static bool remap_expand(const struct remap *r, struct vma *v)
{
	struct vma *next = vma_next(v);
	uaddr end = r->old + r->new_len;

	if (r->old + r->old_len != v->end || end < v->end || end > USER_END ||
	    (next && next->start < end))
		return false;
	vma_set_end(v, end);
	vma_merge(v);
	return true;
}

/* More room is asked for: here if possible, else elsewhere if allowed. */
static int remap_grow(struct remap *r, uaddr *out)
{
	struct map_request req = { .addr = 0 };
	struct vma *v;
	int err;

	err = remap_source(r, &v);
	if (err)
		return err;
	if (remap_expand(r, v)) {
		*out = r->old;
		return 0;
	}
	if (!(r->flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	err = mm_find_area(r->mm, &req, r->new_len, out);
	return err ? err : remap_move(r, v, *out);
}

/* The flags that Linux refuses before it looks at the mapping. */
static int remap_check(const struct remap *r)
{
	if (r->flags & ~REMAP_FLAGS)
		return -EINVAL;
	if (r->flags & MREMAP_FIXED && !(r->flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if (r->flags & MREMAP_DONTUNMAP &&
	    (!(r->flags & MREMAP_MAYMOVE) || r->old_len != r->new_len))
		return -EINVAL;
	return r->old & ~PAGE_MASK ? -EINVAL : 0;
}

int mm_remap(struct mm *mm, uaddr old, u64 old_len, u64 new_len, unsigned mremap_flags,
	     uaddr new_addr, u64 limit_as, uaddr *out)
{
	struct remap r = { mm, old, new_addr, old_len, new_len, limit_as, mremap_flags };
	struct vma *v;
	int err;

	err = remap_check(&r);
	if (err)
		return err;
	r.old_len = ALIGN_UP(old_len, PAGE_SIZE);
	r.new_len = ALIGN_UP(new_len, PAGE_SIZE);
	if (!r.new_len)
		return -EINVAL;
	v = vma_find(mm, old);
	if (!v || v->start > old)
		return -EFAULT;
	if (mremap_flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
		err = remap_to(&r, out);
	} else if (r.old_len >= r.new_len) {
		if (r.old_len > r.new_len)
			err = mm_unmap(mm, old + r.new_len, r.old_len - r.new_len);
		*out = old;
	} else {
		err = remap_grow(&r, out);
	}
	if (err)
		return err;
	v = vma_find(mm, *out);
	if (r.new_len > r.old_len && v &&
	    (v->flags & (VM_LOCKED | VM_LOCKONFAULT)) == VM_LOCKED)
		mm_populate(mm, *out + r.old_len, r.new_len - r.old_len);
	return 0;
}
