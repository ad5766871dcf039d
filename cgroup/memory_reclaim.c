// SPDX-License-Identifier: MIT
/* cgroup/memory_reclaim.c - takes pages back from a subtree, and what memory.high does.
 *
 * Reclaim for a limit stays below the cgroup whose limit it is (MEMCG-39). A cgroup gives what it
 * has above its effective low; only if that was nothing, and then with an event, what it has above
 * its effective min: clean pages of files, then names of files that nobody uses (dentries, and
 * inodes with them). Dirty pages are written where the caller can sleep.
 * memory.high (MEMCG-16, 18): who comes back to user mode while an ancestor is above its high
 * reclaims there, and sleeps the longer the further it is above, up to SLEEP_MAX; nobody is killed.
 * Locks: BKL. Checkpoint: none. */

#include "cgroup/memory.h"
#include "fs/vfs.h"
#include "kernel/time.h"
#include "kernel/wait.h"
#include "lib/math.h"

#define SLEEP_MIN_MSEC 10UL
#define SLEEP_MAX_MSEC 2000UL
#define NAMES_BATCH 16UL
#define LAUNDER_BATCH 32UL
#define WHOLE 1024UL		/* a share of 1 */

/* Unused names, the oldest first, until m has want pages less. */
static u64 names_reclaim(struct memory *m, u64 want)
{
	u64 before = memory_usage(m);
	struct purse *p, *next;

	list_for_each(p, &m->purses, link)
		p->held = true;
	list_for_each(p, &m->purses, link)
		while (memory_usage(m) + want > before && !list_empty(&p->payer.unused))
			dentry_shrink_of(&p->payer, NAMES_BATCH);
	list_for_each_safe(p, next, &m->purses, link) {
		p->held = false;
		purse_trim(p);
	}
	return before - memory_usage(m);
}

/* Up to want pages of m alone. spare_low: nothing of what it has below its low. */
static u64 reclaim_own(struct memory *m, u64 want, bool spare_low)
{
	u64 keep = m->counter.emin, freed;

	if (spare_low)
		keep = MAX(keep, m->counter.elow);
	if (memory_usage(m) <= keep)
		return 0;
	want = MIN(want, m->counter.usage - keep);
	freed = lru_reclaim(&m->lru, want);
	if (freed < want)
		freed += names_reclaim(m, want - freed);
	if (freed && !spare_low && m->counter.elow)
		memory_event(m, MEMORY_LOW);
	return freed;
}

static u64 reclaim_pass(struct memory *top, u64 want, bool spare_low)
{
	bool recursive = top->css.cgroup->hierarchy->flags & HIERARCHY_RECURSIVEPROT;
	struct memory *m, *next;
	u64 freed = 0;

	css_get(&top->css);
	for (m = top; m; m = next) {
		page_counter_protect(&top->counter, &m->counter, recursive);
		if (m == top)
			m->counter.emin = m->counter.elow = 0;
		freed += reclaim_own(m, want - freed, spare_low);
		next = freed < want ? memory_next(m, top) : NULL;
		if (next)
			css_get(&next->css);
		css_put(&m->css);
	}
	return freed;
}

/* What goes may give back more, but never asks for more. */
u64 memory_reclaim(struct memory *top, u64 want)
{
	u64 freed = reclaim_pass(top, want, true);

	return freed ? freed : reclaim_pass(top, want, false);
}

bool memory_launder(struct memory *top)
{
	struct memory *m, *next;
	u64 written = 0;

	css_get(&top->css);
	for (m = top; m; m = next) {
		written += lru_launder(&m->lru, LAUNDER_BATCH - written);
		next = written < LAUNDER_BATCH ? memory_next(m, top) : NULL;
		if (next)
			css_get(&next->css);
		css_put(&m->css);
	}
	return written;
}

/* How long to sleep for being so far above high: a second for twice as much as allowed. */
static u64 high_penalty_msec(const struct page_counter *c)
{
	u64 over = mul_div(c->usage - c->high, WHOLE, MAX(c->high, 1UL));

	over = MIN(over, 2 * WHOLE);
	return MIN(over * over / WHOLE, SLEEP_MAX_MSEC);
}

void memory_settle_high(void)
{
	struct memory *m = memory_of_current();
	struct page_counter *c = m ? &m->counter : NULL;
	u64 msec = 0;

	if (m)
		css_get(&m->css);
	for (; c && (c = page_counter_above_high(c)); c = c->parent) {
		memory_event(counter_to_memory(c), MEMORY_HIGH);
		memory_reclaim(counter_to_memory(c), c->usage - c->high);
		if (page_counter_usage(c) > c->high && memory_launder(counter_to_memory(c)))
			memory_reclaim(counter_to_memory(c), c->usage - c->high);
		if (page_counter_usage(c) > c->high)
			msec = MAX(msec, high_penalty_msec(c));
	}
	if (m)
		css_put(&m->css);
	memory_tell_events();
	current->work &= ~WORK_CHARGE;
	if (msec >= SLEEP_MIN_MSEC && !fatal_signal_pending(current))
		wait_once(NULL, WAIT_KILLABLE, time_monotonic() + msec * NSEC_PER_MSEC, false);
}
