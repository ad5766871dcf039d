// SPDX-License-Identifier: MIT
/* mm/usage.c - what a mapping holds in memory, page by page, for /proc/PID/smaps.
 *
 * A page mapped once is private, mapped more often shared; its share (pss) is its size
 * divided by the number of its mappings. The zero frame counts nowhere.
 *
 * Locks: BKL.  See: proc(5) on smaps, Documentation/filesystems/proc.rst of Linux. */
#include "mm/internal.h"

#define PSS_SHIFT 12

static void usage_add(struct vma_usage *u, const struct frame *f, pte_t pte)
{
	bool dirty = pte & PTE_DIRTY || f->flags & FRAME_DIRTY;

	u->rss += PAGE_SIZE;
	u->pss += (PAGE_SIZE << PSS_SHIFT) / f->mapcount;
	if (f->kind != FRAME_CACHE)
		u->anonymous += PAGE_SIZE;
	if (pte & PTE_ACCESSED || f->flags & FRAME_REFERENCED)
		u->referenced += PAGE_SIZE;
	if (f->mapcount > 1)
		*(dirty ? &u->shared_dirty : &u->shared_clean) += PAGE_SIZE;
	else
		*(dirty ? &u->private_dirty : &u->private_clean) += PAGE_SIZE;
}

void vma_usage(struct vma *v, struct vma_usage *u)
{
	uaddr va = v->start, stop;
	struct frame *f;
	pte_t *pte;

	memset(u, 0, sizeof(*u));
	while (va < v->end && (pte = pte_next(&v->mm->pt, &va, v->end))) {
		for (stop = table_end(va, v->end); va < stop; va += PAGE_SIZE, pte++) {
			f = pte_frame(*pte);
			if (f)
				usage_add(u, f, *pte);
		}
	}
}
