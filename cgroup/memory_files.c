// SPDX-License-Identifier: MIT
/* cgroup/memory_files.c - the control files of the memory controller.
 *
 * Sizes are written as bytes with K M G, rounded down to pages, or "max" (MEMCG-02, 03). Lowering
 * max below what is there reclaims, then kills, until it fits or nobody is left; the write
 * succeeds (17). Lowering high only reclaims (18). memory.reclaim reclaims what it is told, or is
 * EAGAIN (24).
 * Locks: BKL. Writes of limits sleep; they hold the css. Checkpoint: values are saved by file. */

#include "cgroup/memory.h"
#include "kernel/deny.h"
#include "kernel/wait.h"

#define RECLAIM_TRIES 5

static struct memory *open_memory(const struct cgroup_open *o)
{
	return css_to_memory(o->css);
}

/* --- numbers --- */

static u64 memory_current_show(struct cgroup_open *o)
{
	return memory_usage(open_memory(o)) * PAGE_SIZE;
}

static u64 memory_peak_show(struct cgroup_open *o)
{
	page_counter_settle();
	return open_memory(o)->counter.peak * PAGE_SIZE;
}

#define SHOW_LIMIT(name)                                                          \
	static int memory_##name##_show(struct text *t, struct cgroup_open *o)   \
	{                                                                         \
		show_pages(t, open_memory(o)->counter.name);                      \
		return t->error;                                                  \
	}
SHOW_LIMIT(min)
SHOW_LIMIT(low)
SHOW_LIMIT(high)
SHOW_LIMIT(max)

static int limit_parse(char *text, u64 *pages)
{
	int err = parse_pages(text, pages);

	return err ? deny(-err, MEMCG_03) : 0;
}

/* MEMCG-23: more than the parent has is fine. */
static int memory_min_write(struct cgroup_open *o, char *text, size_t len)
{
	u64 pages;
	int err = limit_parse(text, &pages);

	(void)len;
	if (!err)
		page_counter_set_min(&open_memory(o)->counter, pages);
	return err;
}

static int memory_low_write(struct cgroup_open *o, char *text, size_t len)
{
	u64 pages;
	int err = limit_parse(text, &pages);

	(void)len;
	if (!err)
		page_counter_set_low(&open_memory(o)->counter, pages);
	return err;
}

/* MEMCG-18. */
static int memory_high_write(struct cgroup_open *o, char *text, size_t len)
{
	struct memory *m = open_memory(o);
	struct page_counter *c = &m->counter;
	u64 pages;
	int err = limit_parse(text, &pages);

	(void)len;
	if (err)
		return err;
	css_get(&m->css);
	page_counter_settle();
	c->high = pages;
	for (int k = 0; k < RECLAIM_TRIES && page_counter_usage(c) > c->high; k++) {
		memory_reclaim(m, c->usage - c->high);
		if (page_counter_usage(c) > c->high && !memory_launder(m))
			break;
	}
	css_put(&m->css);
	return 0;
}

/* MEMCG-17: until it fits, nobody is left to kill, or a signal comes. */
static void memory_fit(struct memory *m)
{
	struct page_counter *c = &m->counter;

	while (page_counter_usage(c) > c->max && !current->payer && !signal_pending(current)) {
		if (memory_reclaim(m, c->usage - c->max) || memory_launder(m))
			continue;
		memory_event(m, MEMORY_OOM);
		if (!memory_oom_kill(m))
			break;
		memory_wait(m);
	}
}

static int memory_max_write(struct cgroup_open *o, char *text, size_t len)
{
	struct memory *m = open_memory(o);
	u64 pages;
	int err = limit_parse(text, &pages);

	(void)len;
	if (err)
		return err;
	css_get(&m->css);
	page_counter_settle();
	m->counter.max = pages;
	memory_fit(m);
	css_put(&m->css);
	return 0;
}

/* MEMCG-24. */
static int memory_reclaim_write(struct cgroup_open *o, char *text, size_t len)
{
	struct memory *m = open_memory(o);
	u64 pages, freed = 0;
	int err;

	(void)len;
	text = parse_strip(text);
	err = strcmp(text, "max") ? parse_pages(text, &pages) : -EINVAL;
	if (err)
		return deny(-err, MEMCG_24);
	if (!*text)			/* as on Linux: everything */
		pages = PAGE_COUNTER_MAX;
	css_get(&m->css);
	for (int k = 0; k < RECLAIM_TRIES && freed < pages; k++) {
		freed += memory_reclaim(m, pages - freed);
		if (freed < pages && !memory_launder(m))
			break;
	}
	css_put(&m->css);
	return freed < pages ? deny(EAGAIN, MEMCG_24) : 0;
}

/* --- events, oom.group --- */

static const char *const event_names[] = {
#define EVENT(name, NAME) [MEMORY_##NAME] = #name,
	MEMORY_EVENTS(EVENT)
#undef EVENT
};

static int show_events(struct text *t, const u64 *events)
{
	for (unsigned k = 0; k < MEMORY_EVENT_COUNT; k++)
		text_printf(t, "%s %lu\n", event_names[k], events[k]);
	return t->error;
}

static int memory_events_show(struct text *t, struct cgroup_open *o)
{
	return show_events(t, open_memory(o)->events);
}

static int memory_events_local_show(struct text *t, struct cgroup_open *o)
{
	return show_events(t, open_memory(o)->local_events);
}

static u64 memory_oom_group_show(struct cgroup_open *o)
{
	return open_memory(o)->group_oom;
}

/* MEMCG-15. */
static int memory_oom_group_write(struct cgroup_open *o, char *text, size_t len)
{
	s32 value;
	int err = parse_s32(parse_strip(text), &value);

	(void)len;
	if (!err && value != 0 && value != 1)
		err = -EINVAL;
	if (err)
		return deny(-err, MEMCG_15);
	open_memory(o)->group_oom = value;
	return 0;
}

/* --- swap: there is none --- */

static u64 memory_swap_current_show(struct cgroup_open *o)
{
	(void)o;
	return 0;
}

#define SWAP_LIMIT(name)                                                                       \
	static int memory_swap_##name##_show(struct text *t, struct cgroup_open *o)            \
	{                                                                                      \
		show_pages(t, open_memory(o)->swap_##name);                                    \
		return t->error;                                                               \
	}                                                                                      \
	static int memory_swap_##name##_write(struct cgroup_open *o, char *text, size_t len)   \
	{                                                                                      \
		(void)len;                                                                     \
		return limit_parse(text, &open_memory(o)->swap_##name);                        \
	}
SWAP_LIMIT(high)
SWAP_LIMIT(max)

static int memory_swap_events_show(struct text *t, struct cgroup_open *o)
{
	(void)o;
	text_puts(t, "high 0\nmax 0\nfail 0\n");
	return t->error;
}

/* --- the table --- */

#define BELOW_ROOT (CGFILE_V2 | CGFILE_NOT_ON_ROOT)
#define LIMIT(file, field) \
	{ .name = file, .flags = BELOW_ROOT, .show = memory_##field##_show, \
	  .write = memory_##field##_write }

const struct cgroup_file memory_files[] = {
	[ROW_MEMORY_EVENTS] = { .name = "events", .flags = BELOW_ROOT | CGFILE_EVENTS,
				.show = memory_events_show },
	[ROW_MEMORY_EVENTS_LOCAL] = { .name = "events.local", .flags = BELOW_ROOT | CGFILE_EVENTS,
				      .show = memory_events_local_show },
	{ .name = "current", .flags = BELOW_ROOT, .show_u64 = memory_current_show },
	{ .name = "peak", .flags = BELOW_ROOT, .show_u64 = memory_peak_show },
	LIMIT("min", min),
	LIMIT("low", low),
	LIMIT("high", high),
	LIMIT("max", max),
	{ .name = "stat", .flags = CGFILE_V2, .show = memory_stat_show },
	{ .name = "numa_stat", .flags = CGFILE_V2, .show = memory_numa_stat_show },
	{ .name = "oom.group", .flags = BELOW_ROOT | CGFILE_DELEGATABLE,
	  .show_u64 = memory_oom_group_show, .write = memory_oom_group_write },
	{ .name = "reclaim", .flags = CGFILE_V2 | CGFILE_DELEGATABLE,
	  .write = memory_reclaim_write },
	{ .name = "swap.current", .flags = BELOW_ROOT, .show_u64 = memory_swap_current_show },
	LIMIT("swap.high", swap_high),
	LIMIT("swap.max", swap_max),
	{ .name = "swap.events", .flags = BELOW_ROOT | CGFILE_EVENTS,
	  .show = memory_swap_events_show },
	{ .name = NULL },
};
