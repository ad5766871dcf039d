// SPDX-License-Identifier: MIT
/* kernel/sleep.c - nanosleep and clock_nanosleep.
 *
 * A relative sleep is one until a monotonic deadline, kept in the restart block, so that a
 * sleep that a signal without handler interrupts goes on to the same moment. A sleep until a
 * real time is recomputed when real time is set. A sleep by CPU time looks again after the
 * wall-clock time in which the process could have used so much at the earliest.
 * Locks: BKL. Checkpoint: a sleep is restarted with what is left of it. See clock_nanosleep(2).
 * Keeps ABI-TIM-01, ABI-TIM-05. */
#include <linux/time.h>

#include "kernel/clocks.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"

#define CPU_SLEEP_STEP_NSEC (1 * NSEC_PER_MSEC)

enum { ARG_CLOCK, ARG_DEADLINE, ARG_REMAIN };	/* restart_block.arg */

/* When to wake, at the latest, for the clock to reach "until". */
static u64 sleep_deadline(enum clock_base base, s64 until, s64 now)
{
	s64 left = until - now;

	if (base == BASE_CPU)
		left = MAX(left / (s64)MAX(current->process->nr_live, 1u), CPU_SLEEP_STEP_NSEC);
	if (left >= INT64_MAX - (s64)clock_nsec())
		return WAIT_FOREVER;
	return clock_nsec() + left;
}

/* Sleeps until the clock says "until": 0 or -ERESTARTSYS. */
static int sleep_until(int clock_id, enum clock_base base, s64 until)
{
	struct waitqueue *q = base == BASE_REAL ? &time_real_changed : NULL;

	for (;;) {
		s64 now;
		int err = clock_read(clock_id, &now);

		if (err || now >= until)
			return err;
		err = wait_once(q, WAIT_INTERRUPTIBLE, sleep_deadline(base, until, now), false);
		if (err == -ERESTARTSYS)
			return err;
	}
}

/* A relative sleep, with its deadline on the given clock. */
static long sleep_relative(int clock_id, s64 deadline, uaddr remain)
{
	struct restart_block *rb = &current->restart;
	enum clock_base base;
	s64 now;
	int err = clock_sleep_base(clock_id, &base);

	if (!err)
		err = sleep_until(clock_id, base, deadline);
	if (err != -ERESTARTSYS)
		return err;
	clock_read(clock_id, &now);
	if (now >= deadline)
		return 0;
	if (remain && spec_to_user(remain, deadline - now))
		return -EFAULT;
	rb->resume = sleep_resume;
	rb->arg[ARG_CLOCK] = clock_id;
	rb->arg[ARG_DEADLINE] = deadline;
	rb->arg[ARG_REMAIN] = remain;
	return -ERESTART_RESTARTBLOCK;
}

long sleep_resume(struct restart_block *rb)
{
	return sleep_relative((int)rb->arg[ARG_CLOCK], rb->arg[ARG_DEADLINE], rb->arg[ARG_REMAIN]);
}

static s64 later(s64 now, s64 by)
{
	return by > INT64_MAX - now ? INT64_MAX : now + by;
}

long sys_nanosleep(uaddr request, uaddr remain)
{
	timespec_t t;
	int err = spec_from_user(&t, request);

	if (err)
		return err;
	return sleep_relative(CLOCK_MONOTONIC, later(clock_nsec(), spec_to_nsec(&t)), remain);
}

long sys_clock_nanosleep(int clock_id, int flags, uaddr request, uaddr remain)
{
	enum clock_base base;
	timespec_t t;
	s64 now;
	int err = clock_sleep_base(clock_id, &base);

	if (!err)
		err = spec_from_user(&t, request);
	if (err)
		return err;
	if (flags & TIMER_ABSTIME) {
		err = sleep_until(clock_id, base, spec_to_nsec(&t));
		return err == -ERESTARTSYS ? -ERESTARTNOHAND : err;
	}
	if (base == BASE_REAL)		/* setting the clock does not lengthen the sleep */
		clock_id = CLOCK_MONOTONIC;
	err = clock_read(clock_id, &now);
	if (err)
		return err;
	return sleep_relative(clock_id, later(now, spec_to_nsec(&t)), remain);
}
