// SPDX-License-Identifier: MIT
/* mm/lru.c - which pages of a payer were used lately: four lists (mm/lru.h).
 *
 * FRAME_ACTIVE says on which of two lists a frame is, FRAME_REFERENCED that it was used once since
 * it came there. Each step is O(1). Locks: BKL. Checkpoint: none; order is lost. */
#include "lib/assert.h"
#include "mm/charge.h"
#include "mm/internal.h"

void lru_init(struct lru *l)
{
	for (unsigned k = 0; k < LRU_LISTS; k++)
		list_init(&l->list[k]);
}

bool frame_is_file(const struct frame *f)
{
	return f->kind == FRAME_CACHE && !page_cache_is_shmem(f->cache);
}

enum lru_list lru_of(const struct frame *f)
{
	if (f->kind == FRAME_CACHE && f->cache->ops->unevictable)
		return LRU_UNEVICTABLE;
	return (frame_is_file(f) ? LRU_INACTIVE_FILE : LRU_INACTIVE_ANON) +
	       !!(f->flags & FRAME_ACTIVE);
}

void lru_add(struct lru *l, struct frame *f)
{
	enum lru_list at = lru_of(f);

	list_add(&l->list[at], &f->lru);
	l->pages[at]++;
}

void lru_remove(struct frame *f)
{
	struct lru *l = f->charge;

	list_del(&f->lru);
	assert(l->pages[lru_of(f)]);
	l->pages[lru_of(f)]--;
}

void lru_activate(struct frame *f)
{
	struct lru *l = f->charge;

	lru_remove(f);
	f->flags |= FRAME_ACTIVE;
	f->flags &= ~FRAME_REFERENCED;
	lru_add(l, f);
	l->activated++;
}

void lru_deactivate(struct frame *f)
{
	struct lru *l = f->charge;

	lru_remove(f);
	f->flags &= ~(FRAME_ACTIVE | FRAME_REFERENCED);
	lru_add(l, f);
	l->deactivated++;
}

void lru_touch(struct frame *f)
{
	if (!(f->flags & FRAME_REFERENCED))
		f->flags |= FRAME_REFERENCED;
	else if (!(f->flags & FRAME_ACTIVE) && lru_of(f) != LRU_UNEVICTABLE)
		lru_activate(f);
}
