// SPDX-License-Identifier: MIT
/* cgroup/memory.h - what the files of the memory controller share: see cgroup/memory.c. */
#pragma once

#include "cgroup/internal.h"
#include "lib/page_counter.h"
#include "mm/charge.h"

/* The keys of memory.events, in their order. */
#define MEMORY_EVENTS(X) \
	X(low, LOW) X(high, HIGH) X(max, MAX) X(oom, OOM) X(oom_kill, OOM_KILL) \
	X(oom_group_kill, OOM_GROUP_KILL)

enum memory_event {
#define EVENT(name, NAME) MEMORY_##NAME,
	MEMORY_EVENTS(EVENT)
#undef EVENT
	MEMORY_EVENT_COUNT
};

/* Kernel memory that tasks of one memory cgroup asked for. When that cgroup goes, its purse
 * becomes the parent's: kernel memory keeps no cgroup from going. */
struct purse {
	struct payer payer;		/* what objects say who their owner is */
	struct memory *memory;		/* who pays; constant until that goes offline */
	struct list link;		/* on memory.purses */
	bool open;			/* new charges come to it */
	bool held;			/* reclaim is about it: stays though it be empty */
	u64 stack_pages, table_pages, other_pages;
	u64 bytes, reclaimable_bytes;	/* of slab objects; whole pages of bytes are charged */
	/* the audit's */
	u64 found_stack, found_table, found_other, found_bytes, found_reclaimable;
};

struct memory {
	struct css css;
	struct list children, sibling;	/* of csses that still are, removed or not */
	struct page_counter counter;	/* of it and all below */
	struct lru lru;			/* its own user pages; their frame.charge */
	u64 user_pages;			/* on lru: while there are any they hold the css */
	u64 file, shmem, mapped, dirty;	/* of these; file is with shmem */
	u64 faults, major_faults;
	struct purse *purse;		/* NULL: offline */
	struct list purses;		/* its own, and of children that are gone */
	u64 events[MEMORY_EVENT_COUNT], local_events[MEMORY_EVENT_COUNT];
	u64 swap_high, swap_max;	/* kept; there is no swap */
	bool group_oom;			/* memory.oom.group */
	u32 victim_waits;		/* how often it was waited for the last victim */
	struct waitqueue waiting;	/* for pages to be given back */
	struct list telling;		/* on memory_to_tell: events changed; holds the css */
	/* the audit's */
	u64 found_user, found_file, found_shmem, found_mapped, found_dirty, found_usage;
};

static inline struct memory *css_to_memory(struct css *css)
{
	return container_of(css, struct memory, css);
}

static inline struct memory *counter_to_memory(struct page_counter *c)
{
	return container_of(c, struct memory, counter);
}

static inline struct purse *payer_to_purse(struct payer *payer)
{
	return container_of(payer, struct purse, payer);
}

static inline bool frame_is_user(const struct frame *f)
{
	return f->kind == FRAME_ANON || f->kind == FRAME_CACHE;
}

/* Who pays for a charged frame. */
static inline struct memory *frame_memory(const struct frame *f)
{
	if (!frame_is_user(f))
		return ((struct purse *)f->charge)->memory;
	return container_of((struct lru *)f->charge, struct memory, lru);
}

static inline struct memory *memory_parent(const struct memory *m)
{
	return m->css.parent ? css_to_memory(m->css.parent) : NULL;
}

/* What is charged to it and all below, at this moment. */
static inline u64 memory_usage(const struct memory *m)
{
	return page_counter_usage(&m->counter);
}

static inline u64 purse_pages(const struct purse *p)
{
	return p->stack_pages + p->table_pages + p->other_pages +
	       (p->bytes + PAGE_SIZE - 1) / PAGE_SIZE;
}

/* --- memory.c --- */
struct memory *memory_of_current(void);	/* NULL: nobody pays */
bool memory_is_below(const struct memory *m, const struct memory *top);	/* or the same */
/* Parents first; NULL: top. */
struct memory *memory_next(struct memory *m, struct memory *top);
void purse_trim(struct purse *p);	/* goes if it is of no use any more */

/* --- memory_reclaim.c --- */
/* Frees about want pages of top and all below, sparing what is protected. */
u64 memory_reclaim(struct memory *top, u64 want);
/* Writes dirty pages of top and all below back: whether there were any. The caller holds top; it
 * sleeps. */
bool memory_launder(struct memory *top);
void memory_settle_high(void);		/* reclaims above high, and sleeps for what is left */

/* --- memory_oom.c --- */
bool memory_oom_kill(struct memory *top);	/* false: there is nobody to kill */
bool memory_out_of_memory(void);
extern u32 memory_waiters;		/* tasks in memory_wait() */
/* Sleeps a moment, or until pages of m or below are given back. */
void memory_wait(struct memory *m);

/* --- memory_events.c --- */
void memory_event(struct memory *m, enum memory_event event);
void memory_tell_events(void);

/* --- memory_stat.c --- */
int memory_stat_show(struct text *t, struct cgroup_open *o);
int memory_numa_stat_show(struct text *t, struct cgroup_open *o);

/* --- memory_files.c --- */
enum { ROW_MEMORY_EVENTS, ROW_MEMORY_EVENTS_LOCAL };
extern const struct cgroup_file memory_files[];

/* --- memory_audit.c --- */
void memory_audit(struct audit *a);
