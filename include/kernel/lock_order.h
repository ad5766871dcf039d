// SPDX-License-Identifier: MIT
/* kernel/lock_order.h - what a debug build knows of mutexes and sleepers, or nothing: by OPT_DEBUG.
 *
 * All mutexes that one line of code initialises are one class. A debug build notes which class
 * was taken while which others were held, and panics where an order is turned around, whether or
 * not two tasks meet there (docs/locking.md). Two of one class are taken by address, the lower
 * first. It also panics where a task goes back to its program or ends with a mutex held, and where
 * an interrupt handler or a timer sleeps. The work is done in kernel/lock_order.c. */
#pragma once

#include "lib/config.h"
#include "lib/list.h"
#include "types.h"

struct mutex;

#if OPT_DEBUG

struct lock_class {
	const char *name;
	u32 number;			/* 0: none of it was taken yet */
};

struct lock_watch {			/* of a mutex */
	struct lock_class *class;
	struct list link;		/* of those held by anyone */
	u64 place;			/* where it was taken */
};

#define lock_watch_init(m)                                                      \
	do {                                                                    \
		static struct lock_class class_ = { __FILE__ ": " #m, 0 };      \
		(m)->watch.class = &class_;                                     \
	} while (0)

void lock_order_check(struct mutex *m, u64 place);	/* before m is waited for */
void lock_order_taken(struct mutex *m, u64 place);
void lock_order_dropped(struct mutex *m);
/* What current holds while it does this, which it should not. */
void lock_order_none_held(const char *what);
/* Between these two nobody sleeps; they nest. */
void no_sleep_begin(void);
void no_sleep_end(void);
void may_sleep(const char *what);	/* is that allowed here? */

#else

struct lock_watch {};

#define lock_watch_init(m) ((void)(m))

static inline void lock_order_check(struct mutex *m, u64 place)
{
	(void)m;
	(void)place;
}

static inline void lock_order_taken(struct mutex *m, u64 place)
{
	(void)m;
	(void)place;
}

static inline void lock_order_dropped(struct mutex *m)
{
	(void)m;
}

static inline void lock_order_none_held(const char *what)
{
	(void)what;
}

static inline void no_sleep_begin(void)
{
}

static inline void no_sleep_end(void)
{
}

static inline void may_sleep(const char *what)
{
	(void)what;
}

#endif
