// SPDX-License-Identifier: MIT
/* lib/page_counter.c - hierarchical counters with limits, peaks and protection.
 *
 * A charge walks from a counter to the root. try_charge stops at the first counter whose max the
 * charge would pass, counts a failure there, and undoes what it did below: all or nothing. What is
 * protected of a counter's usage (never more than its min, low) is summed up in its parent,
 * incrementally, so that the parent knows how its own protection is claimed.
 *
 * Who charges once mostly charges again. What is charged to the same counter as before, and comes
 * to no limit of any ancestor, is not counted all the way up each time but owed: kept aside, with
 * the most that it was meanwhile. Whoever wants to know or change anything about any counter has
 * it counted first (page_counter_settle): what can be seen is exact at every moment.
 * Locks: the caller's, one for all counters: the BKL.
 * See Documentation/admin-guide/cgroup-v2.rst, "Protections". */

#include "lib/page_counter.h"

#include "lib/math.h"

#include "abi/errno.h"
#include "lib/assert.h"

void page_counter_init(struct page_counter *c, struct page_counter *parent)
{
	memset(c, 0, sizeof(*c));
	c->parent = parent;
	c->max = c->high = PAGE_COUNTER_MAX;
}

/* Brings *kept (protected usage of a counter) and *sum (its siblings' and its own) up to date. */
static void protected_update(u64 *kept, u64 *sum, u64 usage, u64 protection)
{
	u64 now = MIN(usage, protection);

	*sum += now - *kept;
	*kept = now;
}

static void usage_changed(struct page_counter *c)
{
	struct page_counter *up = c->parent;

	if (!up)
		return;
	if (c->min || c->min_usage)
		protected_update(&c->min_usage, &up->children_min_usage, c->usage, c->min);
	if (c->low || c->low_usage)
		protected_update(&c->low_usage, &up->children_low_usage, c->usage, c->low);
}

/* --- what is owed --- */

struct page_counter_recent page_counter_recent;

void page_counter_settle(void)
{
	struct page_counter_recent *r = &page_counter_recent;

	for (struct page_counter *c = r->most || r->pages ? r->counter : NULL; c; c = c->parent) {
		c->peak = MAX(c->peak, c->usage + r->most);
		assert((s64)c->usage + r->pages >= 0);
		c->usage += r->pages;
		usage_changed(c);
	}
	*r = (struct page_counter_recent){ 0 };
}

/* --- charges --- */

void page_counter_charge(struct page_counter *c, u64 pages)
{
	page_counter_settle();
	for (; c; c = c->parent) {
		c->usage += pages;
		usage_changed(c);
		c->peak = MAX(c->peak, c->usage);
	}
}

/* Charged, all the way: the peaks, and what the next charges may come to before they are at a
 * limit. */
static void charged(struct page_counter *first)
{
	s64 room = PAGE_COUNTER_MAX;

	for (struct page_counter *c = first; c; c = c->parent) {
		c->peak = MAX(c->peak, c->usage);
		room = MIN(room, (s64)MIN(c->max, c->high) - (s64)c->usage);
	}
	page_counter_recent = (struct page_counter_recent){ .counter = first, .room = room };
}

int page_counter_try_charge(struct page_counter *c, u64 pages, struct page_counter **failed)
{
	struct page_counter *up, *done;

	page_counter_settle();
	for (up = c; up; up = up->parent) {
		if (up->usage + pages > up->max)
			break;
		up->usage += pages;
		usage_changed(up);
	}
	if (!up) {
		charged(c);
		return 0;
	}
	up->failcnt++;
	for (done = c; done != up; done = done->parent) {
		done->usage -= pages;
		usage_changed(done);
	}
	*failed = up;
	return -ENOMEM;
}

void page_counter_uncharge(struct page_counter *c, u64 pages)
{
	if (c == page_counter_recent.counter) {
		page_counter_recent.pages -= pages;
		return;
	}
	page_counter_settle();
	for (; c; c = c->parent) {
		assert(c->usage >= pages);
		c->usage -= pages;
		usage_changed(c);
	}
}

/* --- looking, and limits --- */

u64 page_counter_usage(const struct page_counter *c)
{
	page_counter_settle();
	return c->usage;
}

int page_counter_set_max(struct page_counter *c, u64 max)
{
	page_counter_settle();
	if (c->usage > max)
		return -EBUSY;
	c->max = max;
	return 0;
}

void page_counter_set_min(struct page_counter *c, u64 min)
{
	page_counter_settle();
	c->min = min;
	usage_changed(c);
}

void page_counter_set_low(struct page_counter *c, u64 low)
{
	page_counter_settle();
	c->low = low;
	usage_changed(c);
}

void page_counter_reset_peak(struct page_counter *c)
{
	c->peak = page_counter_usage(c);
}

u64 page_counter_margin(const struct page_counter *c)
{
	u64 margin = PAGE_COUNTER_MAX;

	page_counter_settle();
	for (; c; c = c->parent)
		margin = MIN(margin, c->usage < c->max ? c->max - c->usage : 0);
	return margin;
}

struct page_counter *page_counter_above_high(struct page_counter *c)
{
	page_counter_settle();
	while (c && c->usage <= c->high)
		c = c->parent;
	return c;
}

/* The share of a child in its parent's effective protection. claimed: min(usage, protection) of the
 * child, siblings: the sum of that over all children. */
static u64 effective_share(const struct page_counter *c, u64 protection, u64 claimed,
			   u64 parent_effective, u64 siblings, bool recursive)
{
	u64 parent_usage = c->parent->usage, share;

	if (siblings > parent_effective)	/* more is claimed than there is: by claim */
		return mul_div(claimed, parent_effective, siblings);
	share = MIN(protection, claimed);
	if (!recursive || parent_effective <= siblings || parent_usage <= siblings ||
	    c->usage <= claimed)
		return share;
	/* What nobody claimed: by usage that is not protected yet. */
	share += mul_div(parent_effective - siblings, c->usage - claimed, parent_usage - siblings);
	return share;
}

void page_counter_protect(const struct page_counter *top, struct page_counter *c, bool recursive)
{
	page_counter_settle();
	if (c == top)
		return;
	if (!c->usage || !c->parent) {
		c->emin = c->elow = 0;
		return;
	}
	if (c->parent == top) {
		c->emin = c->min;
		c->elow = c->low;
		return;
	}
	c->emin = effective_share(c, c->min, c->min_usage, c->parent->emin,
				  c->parent->children_min_usage, recursive);
	c->elow = effective_share(c, c->low, c->low_usage, c->parent->elow,
				  c->parent->children_low_usage, recursive);
}
