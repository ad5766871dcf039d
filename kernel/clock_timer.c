// SPDX-License-Identifier: MIT
/* kernel/clock_timer.c - timers on the clocks that users name.
 *
 * Real time is monotonic time plus an offset: a timer that waits for a real time is armed for
 * the monotonic moment, and again whenever the offset changes.
 * Locks: BKL. Checkpoint: expires, relative to now. See timerfd_create(2), timer_settime(2). */
#include "kernel/clock_timer.h"

#include <linux/time.h>

#include "arch/machine.h"
#include "kernel/clocks.h"

#define RESTART_MIN_NSEC \
	(50 * NSEC_PER_USEC) /* shorter intervals would leave no time for anything */

static s64 later(s64 a, s64 b)
{
	s64 sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static s64 clock_timer_now(const struct clock_timer *ct)
{
	return ct->real ? time_real() : (s64)clock_nsec();
}

/* When that is on the monotonic clock; a moment before boot is now. */
static u64 clock_timer_deadline(const struct clock_timer *ct)
{
	s64 left = clock_timer_left(ct);

	return left > 0 ? (u64)later(clock_nsec(), left) : clock_nsec();
}

static void clock_timer_due(struct timer *t)
{
	struct clock_timer *ct = container_of(t, struct clock_timer, timer);

	if (clock_timer_left(ct) > 0) {		/* the clock was set back */
		timer_arm(t, clock_timer_deadline(ct));
		return;
	}
	waiter_remove(&ct->clock_set);
	ct->fire(ct);
}

static bool clock_timer_clock_was_set(struct waiter *w, u32 events)
{
	struct clock_timer *ct = container_of(w, struct clock_timer, clock_set);

	(void)events;
	timer_arm(&ct->timer, clock_timer_deadline(ct));
	return false;
}

void clock_timer_init(struct clock_timer *ct, void (*fire)(struct clock_timer *ct))
{
	memset(ct, 0, sizeof(*ct));
	timer_init(&ct->timer, clock_timer_due);
	list_init(&ct->clock_set.link);
	ct->clock_set.wake = clock_timer_clock_was_set;
	ct->fire = fire;
}

void clock_timer_set(struct clock_timer *ct, int clock_id, bool absolute, s64 value)
{
	enum clock_base base;
	s64 now = 0;

	clock_sleep_base(clock_id, &base);
	ct->real = absolute && base == BASE_REAL;
	if (ct->real) {
		ct->expires = value;
		return;
	}
	if (absolute)
		clock_read(clock_id, &now);
	ct->expires = later(clock_nsec(), value - now);
}

static void clock_timer_arm(struct clock_timer *ct, u64 deadline)
{
	if (ct->real && list_empty(&ct->clock_set.link))
		waiter_add(&time_real_changed, &ct->clock_set);
	timer_arm(&ct->timer, deadline);
}

void clock_timer_start(struct clock_timer *ct)
{
	if (clock_timer_left(ct) > 0)
		clock_timer_arm(ct, clock_timer_deadline(ct));
	else
		ct->fire(ct);
}

void clock_timer_restart(struct clock_timer *ct)
{
	clock_timer_arm(ct, MAX(clock_timer_deadline(ct), clock_nsec() + RESTART_MIN_NSEC));
}

void clock_timer_cancel(struct clock_timer *ct)
{
	timer_cancel(&ct->timer);
	waiter_remove(&ct->clock_set);
}

s64 clock_timer_left(const struct clock_timer *ct)
{
	s64 left;

	if (__builtin_sub_overflow(ct->expires, clock_timer_now(ct), &left))
		return INT64_MAX;
	return left;
}

u64 clock_timer_forward(struct clock_timer *ct, u64 interval)
{
	s64 left = clock_timer_left(ct);
	u64 steps;

	if (left > 0)
		return 0;
	steps = (u64)-left / interval + 1;
	ct->expires = later(ct->expires, steps * interval);
	return steps;
}
