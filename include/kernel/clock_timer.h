// SPDX-License-Identifier: MIT
/* kernel/clock_timer.h - timers on the clocks that users name: for timerfd(2) and timer_create(2).
 *
 * An absolute timer of CLOCK_REALTIME follows when that clock is set; all others are monotonic. A
 * timer that has fired is not armed again by itself: its owner forwards it by its interval.
 * Rules: fire is called with the timer disarmed, from interrupts or from clock_timer_start().
 * Locks: BKL. See timerfd_create(2), timer_settime(2). */
#pragma once

#include "kernel/time.h"
#include "kernel/wait.h"

struct clock_timer {
	struct timer timer;
	struct waiter
		clock_set; /* on time_real_changed while an absolute real time is waited for */
	bool real;			/* expires is real time */
	s64 expires;			/* cr; 0: never started */
	void (*fire)(struct clock_timer *ct);
};

void clock_timer_init(struct clock_timer *ct, void (*fire)(struct clock_timer *ct));
/* Says when: value is of that clock as current sees it, or from now on. Not armed yet. */
void clock_timer_set(struct clock_timer *ct, int clock_id, bool absolute, s64 value);
void clock_timer_start(struct clock_timer *ct);		/* arms it; fires at once if it is due */
void clock_timer_restart(struct clock_timer *ct); /* arms it; fires from the next interrupt on */
void clock_timer_cancel(struct clock_timer *ct);
s64 clock_timer_left(const struct clock_timer *ct);	/* <= 0: due */
/* Moves the moment into the future by whole intervals: how many. */
u64 clock_timer_forward(struct clock_timer *ct, u64 interval);
static inline bool clock_timer_armed(const struct clock_timer *ct)
{
	return ct->timer.armed;
}
