// SPDX-License-Identifier: MIT
/* mm/fault.c - page faults: the page behind an address is found, made or copied, and mapped.
 *
 *   mapping            read of a missing page        write
 *   anonymous          the zero frame                a zeroed page of its own
 *   private file       the cache's page, read-only   a copy of it
 *   shared file        the cache's page              the same, noted as dirty
 *
 * Copy on write: a private page that others hold too is mapped read-only; a write makes a
 * copy, or takes the page over where this is the last reference. Shared pages of a file
 * with a backing store are writable only while they are dirty; those of shmem at once.
 *
 * A fault that must read a file keeps the file, drops everything else, reads, and starts
 * over (FAULT_RETRY). All else does not sleep.
 * Locks: BKL. Checkpoint: nothing here.
 * See: SDM 3A 4.7 (page-fault exceptions), mmap(2) on SIGBUS, Documentation/mm of Linux. */
#include <asm/siginfo.h>

#include "abi/errno.h"
#include "arch/trap.h"
#include "lib/assert.h"
#include "mm/charge.h"
#include "mm/internal.h"

#define FAULT_AROUND_PAGES 16UL		/* cached neighbours mapped along with a page */

/* Every anonymous user page is made here; who touches it first pays (MEMCG-04). */
struct frame *anon_page_alloc(struct mm *mm, unsigned flags)
{
	(void)mm;
	return frame_alloc(FRAME_ANON, 0, flags | FRAME_CHARGE);
}

/* Grows a stack down to addr. Returns 0, or -EFAULT if limits or the neighbour forbid it. */
int vma_grow_down(struct vma *v, uaddr addr, u64 stack_limit)
{
	uaddr start = addr & PAGE_MASK;
	u64 more = (v->start - start) >> PAGE_SHIFT;
	struct vma *prev = vma_prev(v);

	if (start < USER_START || v->end - start > stack_limit)
		return -EFAULT;
	if (prev && !(prev->flags & VM_GROWSDOWN) && prev->flags & VM_ACCESS &&
	    start - prev->end < STACK_GUARD_PAGES << PAGE_SHIFT)
		return -EFAULT;
	if (!mm_may_expand(v->mm, v->flags, more, v->mm->limit_as, ~0UL))
		return -EFAULT;
	vma_set_start(v, start);
	return 0;
}

/* Pages that the file has; mappings beyond raise SIGBUS. */
static u64 cache_file_pages(struct page_cache *pc)
{
	u64 size;

	if (!pc->ops->size)
		return ~0UL;
	size = pc->ops->size(pc);
	return (size >> PAGE_SHIFT) + !!(size & ~PAGE_MASK);
}

static bool page_ready(const struct frame *f)
{
	return f && f->flags & FRAME_UPTODATE && !(f->flags & FRAME_LOCKED);
}

/* Reads the page from its file while v may go away. FAULT_RETRY, or -errno. */
static int fault_fill(struct vma *v, u64 index)
{
	const struct vma_ops *ops = v->ops;
	struct page_cache *pc = v->cache;
	void *file = v->file;
	struct mm *mm = v->mm;
	struct frame *f;
	int err;

	if (ops && ops->get)
		ops->get(file);
	mm_get(mm);
	mm->maj_flt++;
	err = page_cache_get(pc, index, CACHE_CREATE, &f);
	if (!err)
		frame_put(f);
	mm_put(mm);
	if (ops && ops->put)
		ops->put(file);
	return err ? err : FAULT_RETRY;
}

/* The cache page behind addr, with a reference. 0, -EIO, -ENOMEM or FAULT_RETRY. */
static int fault_cache_page(struct vma *v, uaddr addr, struct frame **out)
{
	u64 index = vma_index(v, addr);
	struct frame *f;
	int err;

	if (index >= cache_file_pages(v->cache))
		return -EIO;
	f = page_cache_peek(v->cache, index);
	if (page_ready(f)) {
		frame_get(f);
		*out = f;
		return 0;
	}
	if (v->cache->ops->fill)
		err = fault_fill(v, index);
	else
		err = page_cache_get(v->cache, index, CACHE_CREATE, out);
	return err < 0 && err != -ENOMEM ? -EIO : err;
}

/* Entry bits for a cache page of a shared mapping that is read, or written to. */
static u64 shared_bits(const struct vma *v, const struct frame *f, bool write)
{
	if (write)
		return PTE_WRITE | PTE_DIRTY;
	if (v->flags & VM_WRITE && v->flags & VM_SHARED && page_cache_is_memory(f->cache))
		return PTE_WRITE;
	return 0;
}

/* Maps the neighbours of addr that are cached: they will be wanted next. */
static void fault_around(struct vma *v, uaddr addr, pte_t *pte)
{
	u64 window = FAULT_AROUND_PAGES << PAGE_SHIFT;
	uaddr from = MAX(ALIGN_DOWN(addr, window), v->start);
	uaddr to = MIN(ALIGN_DOWN(addr, window) + window, v->end), va;
	u64 index = vma_index(v, from), nr_pages = cache_file_pages(v->cache);
	struct frame *f;

	pte -= (addr - from) >> PAGE_SHIFT;
	for (va = from; va < to && index < nr_pages; va += PAGE_SIZE, pte++, index++) {
		f = *pte ? NULL : page_cache_peek(v->cache, index);
		if (!page_ready(f))
			continue;
		frame_get(f);
		page_map(v, pte, f, shared_bits(v, f, false));
	}
}

/* A missing page of a file mapping. */
static int fault_file(struct vma *v, uaddr addr, bool write, pte_t *pte)
{
	struct frame *f, *copy;
	int err;

	err = fault_cache_page(v, addr, &f);
	if (err)
		return err;
	if (!write || v->flags & VM_SHARED) {
		if (write)
			page_cache_dirty(v->cache, f);
		page_map(v, pte, f, shared_bits(v, f, write));
		if (!write)
			fault_around(v, addr, pte);
		return 0;
	}
	copy = anon_page_alloc(v->mm, 0);
	if (copy) {
		page_copy(copy, f);
		page_map(v, pte, copy, PTE_DIRTY | (v->flags & VM_WRITE ? PTE_WRITE : 0));
	}
	frame_put(f);
	return copy ? 0 : -ENOMEM;
}

/* A missing page of anonymous memory. */
static int fault_anon(struct vma *v, bool write, pte_t *pte)
{
	struct frame *f;

	if (!write) {
		page_map_zero(v, pte);
		return 0;
	}
	f = anon_page_alloc(v->mm, FRAME_ZERO);
	if (!f)
		return -ENOMEM;
	page_map(v, pte, f, PTE_DIRTY | (v->flags & VM_WRITE ? PTE_WRITE : 0));
	return 0;
}

/* A write to a present page of a private mapping that may not be written to as it is. */
static int fault_copy(struct vma *v, uaddr addr, pte_t *pte)
{
	u64 extra = PTE_DIRTY | (v->flags & VM_WRITE ? PTE_WRITE : 0);
	struct frame *old = pte_frame(*pte), *copy;

	if (old && old->kind == FRAME_ANON && old->refs == 1) {
		*pte |= extra;
		return 0;
	}
	if (old)
		frame_get(old);		/* to pay for the copy may mean to reclaim */
	copy = anon_page_alloc(v->mm, old ? 0 : FRAME_ZERO);
	if (old)
		frame_put(old);
	if (!copy)
		return -ENOMEM;
	if (old) {
		page_copy(copy, old);
		page_unmap(v->mm, pte, old);
	}
	*pte = 0;
	page_map(v, pte, copy, extra);
	tlb_flush_range(&v->mm->pt, addr, addr + PAGE_SIZE);
	if (old)
		frame_put(old);
	return 0;
}

static int page_make(struct vma *v, uaddr addr, bool write, pte_t **out)
{
	struct frame *f;
	pte_t *pte;
	int err;

	addr &= PAGE_MASK;
	err = pte_make(&v->mm->pt, addr, &pte);
	if (err)
		return err;
	*out = pte;
	if (!*pte)
		return v->cache ? fault_file(v, addr, write, pte) : fault_anon(v, write, pte);
	assert(pte_mapped(*pte));
	if (!write || *pte & PTE_WRITE)
		return 0;
	if (!(v->flags & VM_SHARED))
		return fault_copy(v, addr, pte);
	f = pte_frame(*pte);
	page_cache_dirty(v->cache, f);
	*pte |= PTE_WRITE | PTE_DIRTY;
	return 0;
}

/* A refused charge is no failure as long as room can be made, for which this may sleep. */
int page_fault_in(struct vma *v, uaddr addr, bool write, pte_t **out)
{
	struct mm *mm = v->mm;
	int err = page_make(v, addr, write, out);
	bool again;

	if (likely(err != -ENOMEM))
		return err;
	mm_get(mm);
	again = charge_retry();
	mm_put(mm);
	return again ? FAULT_RETRY : -ENOMEM;
}

/* Whether the rights of v allow this kind of access. */
static bool fault_allowed(const struct vma *v, u64 error)
{
	if (error & FAULT_WRITE)
		return v->flags & VM_WRITE;
	if (error & FAULT_FETCH)
		return v->flags & VM_EXEC;
	return v->flags & VM_ACCESS;
}

int mm_fault(struct mm *mm, uaddr addr, u64 error, u64 stack_limit, int *code)
{
	u64 major = mm->maj_flt;
	struct vma *v;
	pte_t *pte;
	int err;

	do {
		*code = SEGV_MAPERR;
		v = vma_find(mm, addr);
		if (!v)
			return -EFAULT;
		if (v->start > addr) {
			if (!(v->flags & VM_GROWSDOWN) || vma_grow_down(v, addr, stack_limit))
				return -EFAULT;
		}
		*code = SEGV_ACCERR;
		if (!fault_allowed(v, error))
			return -EFAULT;
		err = page_fault_in(v, addr, error & FAULT_WRITE, &pte);
	} while (err == FAULT_RETRY);
	if (!err && mm->maj_flt == major)
		mm->min_flt++;
	if (!err && unlikely(charge_ops != NULL))
		charge_ops->fault(mm->maj_flt != major);
	return err;
}
