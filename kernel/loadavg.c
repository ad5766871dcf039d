// SPDX-License-Identifier: MIT
/* kernel/loadavg.c - how many tasks run, and the load averages of 1, 5 and 15 minutes.
 *
 * Active tasks run, could run, or sleep uninterruptibly. Each average moves every five
 * seconds towards their number: avg = avg * e + active * (1 - e). There is no tick to do
 * this on time, so the steps that are due are made up for when the number changes or is asked.
 * Locks: BKL. Checkpoint: none, a measure of this machine. See proc(5), /proc/loadavg. */
#include "kernel/runqueue.h"
#include "kernel/sched.h"
#include "kernel/task_internal.h"

#define LOAD_SHIFT 11
#define LOAD_ONE   (1UL << LOAD_SHIFT)
#define LOAD_STEP_NSEC (5 * NSEC_PER_SEC)
#define LOAD_STEPS_MAX 1000	/* after so many the old value does not show any more */

/* e^(-5s / 1, 5, 15 min), in 1/2048. */
static const u64 decay[3] = { 1884, 2014, 2037 };
static u64 averages[3];
static u64 active;
static u64 next_step = LOAD_STEP_NSEC;

static void step(void)
{
	for (int i = 0; i < 3; i++) {
		u64 target = active << LOAD_SHIFT;
		u64 sum = averages[i] * decay[i] + target * (LOAD_ONE - decay[i]);

		if (target >= averages[i])
			sum += LOAD_ONE - 1;	/* rising: round up, else it never arrives */
		averages[i] = sum >> LOAD_SHIFT;
	}
}

static void catch_up(void)
{
	u64 now = clock_nsec();
	u64 due;

	if (likely(now < next_step))
		return;
	due = (now - next_step) / LOAD_STEP_NSEC + 1;
	next_step += due * LOAD_STEP_NSEC;
	for (u64 i = 0; i < MIN(due, (u64)LOAD_STEPS_MAX); i++)
		step();
}

void sched_count_active(s64 delta)
{
	catch_up();
	active += delta;
}

void load_average(u64 avg[3])
{
	catch_up();
	for (int i = 0; i < 3; i++)
		avg[i] = averages[i];
}

u64 sched_nr_running(void)
{
	u64 n = 0;

	for (u32 i = 0; i < cpu_count; i++) {
		const struct runqueue *rq = &runqueues[i];

		n += rq->nr_queued + (rq->cpu->running != rq->cpu->idle);
	}
	return n;
}
