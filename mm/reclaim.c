// SPDX-License-Identifier: MIT
/* mm/reclaim.c - takes clean file pages from a payer that has too many.
 *
 * One round looks at each inactive file page once, from the tail:
 *   used through a mapping since the last round     goes to the head; the second time it is active
 *   dirty, mlocked, being read, held by a user      goes to the head
 *   else                                            is unmapped everywhere and leaves its cache
 * Then as many active pages as are still wanted become inactive, and the next round begins.
 * What is freed can be read from its file again. Dirty pages are written by lru_launder(), for who
 * can sleep; then they are clean.
 *
 * Who may allocate may reclaim: no one holds an uncounted page of a cache over an allocation.
 * Locks: BKL; only lru_launder() sleeps. Checkpoint: none. */
#include "lib/assert.h"
#include "mm/charge.h"
#include "mm/internal.h"

#define ROUNDS 3

/* How the mappings of a page see it; they forget that they used it. */
struct page_sight {
	bool accessed, dirty, locked;
};

static void page_look(const struct frame *f, struct page_sight *sight)
{
	struct vma *v;
	uaddr va;
	pte_t *pte;

	list_for_each(v, &f->cache->mappings, mapping) {
		if (f->index < v->pgoff || f->index - v->pgoff >= vma_pages(v))
			continue;
		va = v->start + ((f->index - v->pgoff) << PAGE_SHIFT);
		pte = pte_lookup(&v->mm->pt, va);
		if (!pte || pte_frame(*pte) != f)
			continue;
		sight->locked |= !!(v->flags & VM_LOCKED);
		sight->dirty |= !!(*pte & PTE_DIRTY);
		if (!(*pte & PTE_ACCESSED))
			continue;
		sight->accessed = true;
		*pte &= ~PTE_ACCESSED;
		tlb_flush_range(&v->mm->pt, va, va + PAGE_SIZE);
	}
}

/* Whether f is gone. force: even if it was used lately. */
static bool page_reclaim(struct lru *l, struct frame *f, bool force)
{
	struct page_sight sight = { 0 };

	if (f->mapcount)
		page_look(f, &sight);
	if (sight.accessed && !force && f->flags & FRAME_REFERENCED) {
		lru_activate(f);
		return false;
	}
	if ((sight.accessed && !force) || sight.locked || sight.dirty || !page_cache_evict(f)) {
		f->flags |= sight.accessed ? FRAME_REFERENCED : 0;
		list_del(&f->lru);
		list_add(&l->list[LRU_INACTIVE_FILE], &f->lru);
		return false;
	}
	return true;
}

static u64 inactive_reclaim(struct lru *l, u64 want, bool force)
{
	struct list *list = &l->list[LRU_INACTIVE_FILE];
	u64 look = l->pages[LRU_INACTIVE_FILE], freed = 0;

	for (; look && freed < want && !list_empty(list); look--) {
		l->scanned++;
		freed += page_reclaim(l, list_entry(list->prev, struct frame, lru), force);
	}
	return freed;
}

static void active_shrink(struct lru *l, u64 pages)
{
	struct list *list = &l->list[LRU_ACTIVE_FILE];

	for (; pages && !list_empty(list); pages--)
		lru_deactivate(list_entry(list->prev, struct frame, lru));
}

u64 lru_reclaim(struct lru *l, u64 want)
{
	u64 freed = 0;

	for (unsigned round = 0; round < ROUNDS && freed < want; round++) {
		freed += inactive_reclaim(l, want - freed, round == ROUNDS - 1);
		if (freed < want)
			active_shrink(l, want - freed);
	}
	l->reclaimed += freed;
	return freed;
}

/* The list may change while a page is written: each time its tail is looked at anew. */
u64 lru_launder(struct lru *l, u64 want)
{
	struct list *list = &l->list[LRU_INACTIVE_FILE];
	u64 look = l->pages[LRU_INACTIVE_FILE], written = 0;
	struct frame *f;

	for (; look && written < want && !list_empty(list); look--) {
		f = list_entry(list->prev, struct frame, lru);
		list_del(&f->lru);
		list_add(list, &f->lru);
		written += page_cache_launder(f);
	}
	return written;
}
