// SPDX-License-Identifier: MIT
/* kernel/wait.h - sleeping: wait queues, and mutexes over them.
 *
 * Rules: the BKL makes "test, then sleep" atomic, so a wake-up is never lost:
 *     err = wait_event(&q, done);   sleeps until the expression is true
 * Interruptible waits return -ERESTARTSYS when a signal is pending. Waiters with their own wake
 * function (epoll, poll) are called instead of woken. */
#pragma once

#include "abi/errno.h"
#include "kernel/lock_order.h"
#include "lib/list.h"
#include "types.h"

struct task;
struct waiter;

struct waitqueue {
	struct list waiters;
};

struct waiter {
	struct list link;
	struct task *task;
	bool exclusive;			/* wake one of these at a time */
	/* Called by wake with the event mask (0: all); default wakes the task. Returns true if
	 * it consumed an exclusive wake. */
	bool (*wake)(struct waiter *w, u32 events);
	u64 key;
};

#define WAITQUEUE_INIT(name) { LIST_INIT((name).waiters) }
static inline void waitqueue_init(struct waitqueue *q)
{
	list_init(&q->waiters);
}
static inline bool waitqueue_active(const struct waitqueue *q)
{
	return !list_empty(&q->waiters);
}
void waiter_add(struct waitqueue *q, struct waiter *w);	/* w->wake NULL: wakes w->task */
void waiter_remove(struct waiter *w);			/* fine if not queued */
void wake_events(struct waitqueue *q, u32 events, unsigned nr_exclusive);	/* poll masks */
static inline void wake_all(struct waitqueue *q)
{
	if (waitqueue_active(q))
		wake_events(q, 0, UINT_MAX);
}
static inline void wake_one(struct waitqueue *q)
{
	if (waitqueue_active(q))
		wake_events(q, 0, 1);
}

#define WAIT_FOREVER (~0UL)
enum wait_mode { WAIT_UNINTERRUPTIBLE, WAIT_KILLABLE, WAIT_INTERRUPTIBLE };
/* Sleeps once on q (NULL: on nothing but signals and time) until woken, a signal, or the
 * absolute monotonic deadline. 0 woken, -ERESTARTSYS signal, -ETIMEDOUT. */
int wait_once(struct waitqueue *q, enum wait_mode mode, u64 deadline_nsec, bool exclusive);

#define wait_event_mode(q, cond, mode, deadline)                                    \
	({                                                                          \
		int wait_err_ = 0;                                                  \
		while (!(cond)) {                                                   \
			wait_err_ = wait_once(q, mode, deadline, false);            \
			if (wait_err_) {                                            \
				if (cond)                                           \
					wait_err_ = 0;                              \
				break;                                              \
			}                                                           \
		}                                                                   \
		wait_err_;                                                          \
	})
#define wait_event(q, cond) \
	wait_event_mode(q, cond, WAIT_INTERRUPTIBLE, WAIT_FOREVER)
#define wait_event_uninterruptible(q, cond) \
	((void)wait_event_mode(q, cond, WAIT_UNINTERRUPTIBLE, WAIT_FOREVER))

/* For what must stay consistent over a sleep (directories, pipes, tty reads). */
struct mutex {
	struct task *owner;
	struct waitqueue queue;
	struct lock_watch watch;
};
/* Mutexes that come from one place in the code are of one class (kernel/lock_order.h). */
#define mutex_init(m)                              \
	do {                                       \
		(m)->owner = NULL;                 \
		waitqueue_init(&(m)->queue);       \
		lock_watch_init(m);                \
	} while (0)
void mutex_lock(struct mutex *m);
int mutex_lock_interruptible(struct mutex *m);	/* 0 or -ERESTARTSYS */
void mutex_unlock(struct mutex *m);
/* Lets the page cache sleep while a page is read (kernel/frame_wait.c). */
void frame_wait_init(void);
