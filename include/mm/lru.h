// SPDX-License-Identifier: MIT
/* mm/lru.h - lists of the user pages that one payer pays for, by kind and last use.
 *
 * A page comes to the head of an inactive list; a second use makes it active. Reclaim takes from
 * the tail of the inactive file list and refills it from the active one. Anonymous and
 * shared-memory pages have no place to go without swap: they are listed, never taken. Only charged
 * pages are on lists. Locks: BKL. */
#pragma once

#include "mm/frame.h"

enum lru_list {
	LRU_INACTIVE_ANON,
	LRU_ACTIVE_ANON,
	LRU_INACTIVE_FILE,
	LRU_ACTIVE_FILE,
	LRU_UNEVICTABLE,	/* ramfs */
	LRU_LISTS,
};

struct lru {
	struct list list[LRU_LISTS];		/* struct frame.lru, the latest used first */
	u64 pages[LRU_LISTS];
	u64 scanned, reclaimed, activated, deactivated;	/* since it was made */
};

void lru_init(struct lru *l);
enum lru_list lru_of(const struct frame *f);	/* the list that f belongs on */
bool frame_is_file(const struct frame *f);	/* a page of a file with a backing store */
void lru_add(struct lru *l, struct frame *f);	/* f is charged to l */
void lru_remove(struct frame *f);
void lru_touch(struct frame *f);		/* f was used */
void lru_activate(struct frame *f);
void lru_deactivate(struct frame *f);		/* to the head of the inactive list */

/* Frees up to want clean file pages of l that nobody else holds; how many. Does not sleep. */
u64 lru_reclaim(struct lru *l, u64 want);
/* Writes up to want dirty pages back; how many. The caller keeps l alive: it sleeps. */
u64 lru_launder(struct lru *l, u64 want);
