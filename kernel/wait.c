// SPDX-License-Identifier: MIT
/* kernel/wait.c - sleeping on queues, and the mutexes over them.
 *
 * A sleeper's struct waiter lies on its own stack and is on the queue exactly while
 * it sleeps. Waiters that are not exclusive stand before the exclusive ones, so a
 * wake-up reaches all of the former and then as many of the latter as it was told.
 * Because of the BKL nothing happens between a test and the sleep that follows.
 * Locks: BKL. Checkpoint: a sleeping system call is restarted, queues are not saved. */
#include "kernel/wait.h"

#include "kernel/sched.h"
#include "kernel/task_internal.h"

struct sleep {
	struct waiter waiter;
	bool woken;
};

struct alarm {
	struct timer timer;
	struct task *task;
	bool rang;
};

void waiter_add(struct waitqueue *q, struct waiter *w)
{
	if (w->exclusive)
		list_add_tail(&q->waiters, &w->link);
	else
		list_add(&q->waiters, &w->link);
}

void waiter_remove(struct waiter *w)
{
	if (w->link.next)
		list_del(&w->link);
}

void wake_events(struct waitqueue *q, u32 events, unsigned nr_exclusive)
{
	struct waiter *w, *next;

	list_for_each_safe(w, next, &q->waiters, link) {
		bool consumed;

		if (w->wake)
			consumed = w->wake(w, events);
		else
			consumed = task_wake_state(w->task, ~0U);
		if (w->exclusive && consumed && --nr_exclusive == 0)
			break;
	}
}

/* A waker met the waiter: it leaves the queue at once, so that the next wake-up
 * of one goes to another. */
static bool sleep_wake(struct waiter *w, u32 events)
{
	struct sleep *s = container_of(w, struct sleep, waiter);

	(void)events;
	s->woken = true;
	list_del(&w->link);
	task_wake_state(w->task, ~0U);
	return true;
}

static void alarm_ring(struct timer *t)
{
	struct alarm *a = container_of(t, struct alarm, timer);

	a->rang = true;
	task_wake(a->task);
}

static bool interrupted(enum wait_mode mode)
{
	if (mode == WAIT_INTERRUPTIBLE)
		return signal_pending(current);
	return mode == WAIT_KILLABLE && fatal_signal_pending(current);
}

int wait_once(struct waitqueue *q, enum wait_mode mode, u64 deadline_nsec, bool exclusive)
{
	static const enum task_state states[] = {
		[WAIT_UNINTERRUPTIBLE] = TASK_UNINTERRUPTIBLE,
		[WAIT_KILLABLE] = TASK_KILLABLE,
		[WAIT_INTERRUPTIBLE] = TASK_INTERRUPTIBLE,
	};
	struct task *t = current;
	struct sleep s = { .waiter = { .task = t, .exclusive = exclusive, .wake = sleep_wake } };
	struct alarm a = { .task = t };

	may_sleep("wait");
	if (interrupted(mode))
		return -ERESTARTSYS;
	if (deadline_nsec != WAIT_FOREVER && deadline_nsec <= clock_nsec())
		return -ETIMEDOUT;
	list_init(&s.waiter.link);
	if (q)
		waiter_add(q, &s.waiter);
	if (deadline_nsec != WAIT_FOREVER) {
		timer_init(&a.timer, alarm_ring);
		timer_arm(&a.timer, deadline_nsec);
	}
	t->waiting = &s.waiter;
	t->state = states[mode];
	schedule();
	t->waiting = NULL;
	timer_cancel(&a.timer);
	list_del(&s.waiter.link);
	if (s.woken)
		return 0;
	if (interrupted(mode))
		return -ERESTARTSYS;
	return a.rang ? -ETIMEDOUT : 0;
}

/* --- mutexes --- */

static inline __attribute__((always_inline)) u64 here(void)
{
	return (u64)__builtin_return_address(0);
}

void mutex_lock(struct mutex *m)
{
	assert(m->owner != current);
	lock_order_check(m, here());
	while (m->owner)
		wait_once(&m->queue, WAIT_UNINTERRUPTIBLE, WAIT_FOREVER, true);
	m->owner = current;
	lock_order_taken(m, here());
}

int mutex_lock_interruptible(struct mutex *m)
{
	assert(m->owner != current);
	lock_order_check(m, here());
	while (m->owner) {
		int err = wait_once(&m->queue, WAIT_INTERRUPTIBLE, WAIT_FOREVER, true);

		if (err)
			return err;
	}
	m->owner = current;
	lock_order_taken(m, here());
	return 0;
}

void mutex_unlock(struct mutex *m)
{
	assert(m->owner == current);
	lock_order_dropped(m);
	m->owner = NULL;
	wake_one(&m->queue);
}
