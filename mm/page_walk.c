// SPDX-License-Identifier: MIT
/* mm/page_walk.c - the pages of a mapping as they are, for those who look from outside.
 *
 * For /proc/PID/pagemap, numa_maps, smaps and clear_refs: nothing is faulted in, and no counts
 * change. A page under PROT_NONE is there too; the zero frame is shown without frame.
 *
 * Locks: BKL.  See: proc(5), Documentation/admin-guide/mm/pagemap.rst of Linux. */
#include "mm/internal.h"

void vma_walk_pages(struct vma *v, uaddr start, uaddr end,
		    void (*each)(void *ctx, const struct page_view *page), void *ctx)
{
	uaddr va = start, stop;
	pte_t *pte;

	while (va < end && (pte = pte_next(&v->mm->pt, &va, end))) {
		for (stop = table_end(va, end); va < stop; va += PAGE_SIZE, pte++) {
			struct page_view page = {
				.addr = va, .frame = pte_frame(*pte),
				.dirty = *pte & PTE_DIRTY, .accessed = *pte & PTE_ACCESSED,
			};

			if (pte_mapped(*pte))
				each(ctx, &page);
		}
	}
}

void vma_clear_accessed(struct vma *v)
{
	uaddr va = v->start, stop;
	pte_t *pte;

	while (va < v->end && (pte = pte_next(&v->mm->pt, &va, v->end))) {
		for (stop = table_end(va, v->end); va < stop; va += PAGE_SIZE, pte++) {
			struct frame *f = pte_frame(*pte);

			*pte &= ~PTE_ACCESSED;
			if (f)
				f->flags &= ~FRAME_REFERENCED;
		}
	}
	tlb_flush_range(&v->mm->pt, v->start, v->end);
}
