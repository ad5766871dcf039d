// SPDX-License-Identifier: MIT
/* kernel/lock_order.c - a debug build's checks of mutexes and of who may sleep.
 *
 * The orders seen so far are a graph over classes: an edge from one to another says that the
 * other was taken while the one was held, and where. A new edge that would close a circle is a
 * deadlock waiting for its moment. Edges stay for as long as the kernel runs.
 * Not part of other builds (Makefile: DEBUG=1). Locks: BKL. Checkpoint: nothing.
 * See docs/locking.md. */
#include "kernel/lock_order.h"

#include "arch/cpu.h"
#include "kernel/panic.h"
#include "kernel/wait.h"
#include "lib/debug.h"

#define CLASSES_MAX 32

static u32 class_count;			/* numbers begin with 1 */
static u32 taken_after[CLASSES_MAX];	/* bit n: class n, with this one held */
static u64 places[CLASSES_MAX][CLASSES_MAX];	/* [held][taken]: where */
static struct list held = LIST_INIT(held);
static u32 no_sleep_depth;

static const char *name_of(u64 place)
{
	u64 offset;

	return symbol_of(place, &offset);
}

static u32 class_of(const struct mutex *m)
{
	struct lock_class *c = m->watch.class;

	if (!c->number) {
		assert(class_count + 1 < CLASSES_MAX);
		c->number = ++class_count;
	}
	return c->number;
}

/* Do edges lead from one class to the other? */
static bool leads_to(u32 from, u32 to)
{
	u32 reached = taken_after[from], before;

	do {
		before = reached;
		for (u32 n = 1; n <= class_count; n++)
			if (before & BIT(n))
				reached |= taken_after[n];
	} while (reached != before);
	return reached & BIT(to);
}

static void report(const struct mutex *m, u64 place, const struct mutex *outer, u64 other)
{
	debug_found("lock order: %s taken in %s with %s held since %s; the other way round in %s",
		    m->watch.class->name, name_of(place), outer->watch.class->name,
		    name_of(outer->watch.place), other ? name_of(other) : "several steps");
}

static void check_pair(const struct mutex *m, u64 place, const struct mutex *outer)
{
	u32 from = class_of(outer), to = class_of(m);

	if (from == to) {
		if (m < outer)
			report(m, place, outer, place);
	} else if (!(taken_after[from] & BIT(to))) {
		if (leads_to(to, from)) {
			report(m, place, outer, places[to][from]);
			return;
		}
		taken_after[from] |= BIT(to);
		places[from][to] = place;
	}
}

void lock_order_check(struct mutex *m, u64 place)
{
	struct lock_watch *w;

	may_sleep(m->watch.class->name);
	list_for_each(w, &held, link) {
		const struct mutex *outer = container_of(w, struct mutex, watch);

		if (outer->owner == current)
			check_pair(m, place, outer);
	}
}

void lock_order_taken(struct mutex *m, u64 place)
{
	m->watch.place = place;
	list_add(&held, &m->watch.link);
}

void lock_order_dropped(struct mutex *m)
{
	list_del(&m->watch.link);
}

void lock_order_none_held(const char *what)
{
	struct lock_watch *w;

	list_for_each(w, &held, link)
		if (container_of(w, struct mutex, watch)->owner == current)
			debug_found("%s: %s is held since %s", what, w->class->name,
				    name_of(w->place));
}

void no_sleep_begin(void)
{
	no_sleep_depth++;
}

void no_sleep_end(void)
{
	assert(no_sleep_depth);
	no_sleep_depth--;
}

void may_sleep(const char *what)
{
	if (no_sleep_depth)
		debug_found("may sleep in an interrupt: %s", what);
}
