// SPDX-License-Identifier: MIT
/* mm/protect.c - calls that change what a range of mappings says: mprotect(2), mlock(2).
 *
 * Both walk the VMAs of the range, cut out the part in question, change its flags and let
 * it merge again. What was changed before a hole is met stays changed, as on Linux.
 *
 * Locks: BKL. Context: mm_lock() may sleep when it faults pages in.
 * See: mprotect(2), mlock(2).
 * Keeps ABI-MM-03. */
#include "abi/errno.h"
#include "mm/internal.h"

/* Whether v may get these rights. 0, -EACCES or -ENOMEM. */
static int protect_check(const struct vma *v, u64 flags)
{
	u64 pages = vma_pages(v);

	if ((flags & VM_ACCESS) & ~(flags >> VM_MAY_SHIFT))
		return -EACCES;
	if (flags & VM_SHARED && flags & VM_WRITE && !(v->flags & VM_WRITE) && v->ops &&
	    v->ops->may_write)
		return v->ops->may_write(v->file);
	if (!vma_is_data(flags) || vma_is_data(v->flags))
		return 0;
	if (!mm_may_expand(v->mm, flags, 0, ~0UL, ~0UL) ||
	    v->mm->data_pages + pages > v->mm->limit_data >> PAGE_SHIFT)
		return -ENOMEM;
	return v->flags & VM_NORESERVE || mm_may_commit(pages) ? 0 : -ENOMEM;
}

/* Gives the part of *v in [start, end) these rights; *v becomes the VMA it is in then. */
static int protect_part(struct vma **v, uaddr start, uaddr end, u64 vm_rwx)
{
	u64 flags = ((*v)->flags & ~VM_ACCESS) | vm_rwx;
	int err;

	err = protect_check(*v, flags);
	if ((flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE)
		flags |= VM_ACCOUNTED;		/* and stays so: relro keeps a VMA of its own */
	if (err || flags == (*v)->flags)
		return err;
	err = vma_isolate(v, start, end);
	if (err)
		return err;
	vma_set_flags(*v, flags);
	pages_protect(*v);
	*v = vma_merge(*v);
	return 0;
}

int mm_protect(struct mm *mm, uaddr start, u64 length, u64 vm_rwx, u64 grows)
{
	u64 bytes = ALIGN_UP(length, PAGE_SIZE);
	uaddr end = start + bytes, at;
	struct vma *v;
	int err;

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (!length)
		return 0;
	if (end <= start)
		return -ENOMEM;
	v = vma_find(mm, start);
	if (!v || v->start >= end || (!grows && v->start > start))
		return -ENOMEM;
	if (grows) {
		start = v->start;
		if (!(v->flags & VM_GROWSDOWN))
			return -EINVAL;
	}
	for (at = start; at < end;) {
		err = protect_part(&v, at, MIN(v->end, end), vm_rwx);
		if (err)
			return err;
		at = v->end;
		if (at >= end)
			break;
		v = vma_next(v);
		if (!v || v->start != at)
			return -ENOMEM;
	}
	return 0;
}

/* Sets or takes the lock flags of the part of *v in [start, end). */
static int lock_part(struct vma **v, uaddr start, uaddr end, u64 lock_flags)
{
	u64 flags = ((*v)->flags & ~(VM_LOCKED | VM_LOCKONFAULT)) | lock_flags;
	int err;

	if (flags == (*v)->flags || (*v)->flags & VM_SPECIAL)
		return 0;
	err = vma_isolate(v, start, end);
	if (err)
		return err;
	vma_set_flags(*v, flags);
	*v = vma_merge(*v);
	return 0;
}

/* mlock(2)'s words for a failure to fault in. */
static int lock_errno(int err)
{
	if (err == -EFAULT)
		return -ENOMEM;
	return err == -ENOMEM ? -EAGAIN : err;
}

int mm_lock(struct mm *mm, uaddr start, u64 length, u64 lock_flags)
{
	u64 bytes = ALIGN_UP(length + (start & ~PAGE_MASK), PAGE_SIZE);
	uaddr end, at;
	struct vma *v;
	int err;

	start &= PAGE_MASK;
	end = start + bytes;
	if (end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	v = vma_find(mm, start);
	for (at = start; at < end; v = at < end ? vma_next(v) : v) {
		if (!v || v->start > at)
			return -ENOMEM;
		err = lock_part(&v, at, MIN(v->end, end), lock_flags);
		if (err)
			return err;
		at = v->end;
	}
	if ((lock_flags & (VM_LOCKED | VM_LOCKONFAULT)) != VM_LOCKED)
		return 0;
	return lock_errno(mm_populate(mm, start, bytes));
}

int mm_lock_all(struct mm *mm, u64 lock_flags)
{
	struct vma *v;
	uaddr at;

	for (v = vma_first(mm); v; v = vma_next(v))
		if (lock_part(&v, v->start, v->end, lock_flags))
			break;
	if ((lock_flags & (VM_LOCKED | VM_LOCKONFAULT)) != VM_LOCKED)
		return 0;
	/* Populating may sleep: each VMA is looked up again. What fails is left out. */
	for (at = 0; (v = vma_find(mm, at)); at = v->end) {
		uaddr end = v->end;

		mm_populate(mm, v->start, v->end - v->start);
		v = vma_find(mm, end - PAGE_SIZE);
		if (!v)
			break;
	}
	return 0;
}
