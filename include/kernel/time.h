// SPDX-License-Identifier: MIT
/* kernel/time.h - clocks and timers. All times are nanoseconds in s64/u64.
 *
 * Monotonic and boot time count from boot (the machine does not suspend); real time is
 * monotonic plus an offset read from the RTC at boot. Timers live in one red-black
 * tree per CPU and fire in interrupt context under the BKL on the CPU that armed them. */
#pragma once

#include <linux/time_types.h>
#include <sys/tree.h>

#include "types.h"

typedef struct __kernel_timespec timespec_t;

struct timer {
	RB_ENTRY(timer) node;
	u64 deadline;			/* clock_nsec() scale */
	void (*fire)(struct timer *t);	/* the timer is disarmed when called; may arm again */
	u32 cpu;
	bool armed;
};

void time_init(void);
static inline void timer_init(struct timer *t, void (*fire)(struct timer *))
{
	memset(t, 0, sizeof(*t));
	t->fire = fire;
}
void timer_arm(struct timer *t, u64 deadline_nsec);	/* rearms if armed */
bool timer_cancel(struct timer *t);			/* true if it was armed */
void timers_run(void);					/* fires what is due on this CPU */
/* Asks for a timer interrupt on this CPU no later than that; others may come before. */
void timer_interrupt_by(u64 deadline_nsec);
void timer_interrupt_came(void);
u64 timers_next(void);					/* next deadline of this CPU; ~0UL: none */

u64 time_monotonic(void);				/* = clock_nsec() */
s64 time_real(void);					/* since 1970 */
void time_set_real(s64 nsec); /* clock_settime; wakes absolute real timers */
struct waitqueue;
extern struct waitqueue time_real_changed;	/* woken when real time is set */
extern s64 time_real_offset;				/* real - monotonic */
timespec_t time_real_spec(void);			/* for inode times */

static inline timespec_t nsec_to_spec(s64 n)
{
	timespec_t t = { .tv_sec = n / NSEC_PER_SEC, .tv_nsec = n % NSEC_PER_SEC };

	if (t.tv_nsec < 0)
		t.tv_sec--, t.tv_nsec += NSEC_PER_SEC;
	return t;
}
/* False if not a valid time (negative seconds, or nsec out of range). */
static inline bool spec_valid(const timespec_t *t)
{
	return t->tv_sec >= 0 && (u64)t->tv_nsec < (u64)NSEC_PER_SEC;
}
/* Saturates at the end of s64. */
static inline s64 spec_to_nsec(const timespec_t *t)
{
	if (t->tv_sec >= INT64_MAX / NSEC_PER_SEC)
		return INT64_MAX;
	return t->tv_sec * NSEC_PER_SEC + t->tv_nsec;
}
int spec_from_user(timespec_t *t, uaddr u);	/* copies and checks: 0, -EFAULT, -EINVAL */
int spec_to_user(uaddr u, s64 nsec);
/* Clock id of the ABI to its value now, as the current task sees it (time namespace). */
int clock_read(int clock_id, s64 *nsec);
