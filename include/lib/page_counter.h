// SPDX-License-Identifier: MIT
/* lib/page_counter.h - hierarchical counters: a charge goes to all ancestors, or to none.
 *
 * usage is what is charged now, peak the most it ever was, failcnt how often a charge was refused
 * by this counter's max; all three are exact for who calls page_counter_settle() before he looks at
 * them or changes a limit (the functions here do). Protection (min, low) is kept with the
 * counter; how much of it is effective is computed by page_counter_protect() from the top down.
 * Locks: the caller's.
 * Checkpoint: limits are saved; usage is rebuilt by charging. */
#pragma once

#include "types.h"

#define PAGE_COUNTER_MAX (INT64_MAX / PAGE_SIZE)	/* no limit */

struct page_counter {
	struct page_counter *parent;	/* NULL: root */
	u64 usage, max, high;		/* high: never refuses; see page_counter_above_high() */
	u64 peak, failcnt;
	u64 min, low;			/* protected from reclaim: always, if others can give */
	u64 emin, elow;			/* how much of these is effective */
	/* protected usage: of this one, and the sum of its children's */
	u64 min_usage, low_usage, children_min_usage, children_low_usage;
};

/* What is charged to one counter and not counted yet in it and above: lib/page_counter.c. */
struct page_counter_recent {
	struct page_counter *counter;	/* charged last; NULL: nothing is owed */
	s64 pages, most;		/* now, and at most since the last walk */
	s64 room;			/* what comes to no max, no high; < 0: above a high */
};
extern struct page_counter_recent page_counter_recent;

void page_counter_settle(void);

/* Charges without a walk to the root: whether it could. */
static inline bool page_counter_charge_again(struct page_counter *c, u64 pages)
{
	struct page_counter_recent *r = &page_counter_recent;

	if (c != r->counter || r->pages + (s64)pages > r->room)
		return false;
	r->pages += pages;
	r->most = MAX(r->most, r->pages);
	return true;
}

/* Did the last page_counter_try_charge(), which succeeded, pass a high? */
static inline bool page_counter_passed_high(void)
{
	return page_counter_recent.room < 0;
}

void page_counter_init(struct page_counter *c, struct page_counter *parent);
/* Cannot fail: limits are ignored. */
void page_counter_charge(struct page_counter *c, u64 pages);
/* 0; or -ENOMEM with nothing charged, failcnt counted and *failed the counter that refused. */
int page_counter_try_charge(struct page_counter *c, u64 pages, struct page_counter **failed);
void page_counter_uncharge(struct page_counter *c, u64 pages);
u64 page_counter_usage(const struct page_counter *c);
/* 0, or -EBUSY if usage is above: max is as it was. */
int page_counter_set_max(struct page_counter *c, u64 max);
void page_counter_set_min(struct page_counter *c, u64 min);
void page_counter_set_low(struct page_counter *c, u64 low);
void page_counter_reset_peak(struct page_counter *c);
/* Pages that can be charged to c before some max above refuses. */
u64 page_counter_margin(const struct page_counter *c);
/* The nearest at or above c whose usage is above its high, or NULL. */
struct page_counter *page_counter_above_high(struct page_counter *c);
/* emin and elow of c, whose ancestors up to (not with) top have theirs. recursive: what siblings do
 * not claim of their parent's protection is shared by usage. */
void page_counter_protect(const struct page_counter *top, struct page_counter *c, bool recursive);
