// SPDX-License-Identifier: MIT
/* kernel/posix_cpu_timer.c - POSIX timers by the CPU time of a process or thread.
 *
 * There is no tick: each clock (a process's, a thread's) keeps its armed timers in a tree,
 * and who runs asks for an interrupt at the earliest moment at which the first of them
 * could be due (itimer.c). A timer may go by the time of another process; when that exits
 * the timer stays, and never expires.
 * Locks: BKL. Checkpoint: expires, in CPU time. See timer_create(2). */
#include "kernel/clocks.h"
#include "kernel/posix_timer.h"
#include "kernel/sched.h"

#define CLOCK_BY_FD_MASK 7		/* low bits of a negative clock id ... */
#define CLOCK_BY_FD 3			/* ... of a clock behind a descriptor */

static int expiry_compare(const struct posix_timer *a, const struct posix_timer *b)
{
	if (a->expires != b->expires)
		return a->expires < b->expires ? -1 : 1;
	return a < b ? -1 : a > b;
}

RB_GENERATE_STATIC(cpu_timer_tree, posix_timer, node, expiry_compare)

static u64 cpu_clock_now(const struct posix_timer *t)
{
	if (t->clock_process)
		return process_cpu_nsec(t->clock_process);
	return thread_cpu_nsec(t->clock_thread);
}

static void cpu_arm(struct posix_timer *t)
{
	t->armed = true;
	RB_INSERT(cpu_timer_tree, &t->set->armed, t);
}

static void cpu_disarm(struct posix_timer *t)
{
	if (t->armed)
		RB_REMOVE(cpu_timer_tree, &t->set->armed, t);
	t->armed = false;
}

/* Moves the moment past now by whole intervals. */
static void cpu_forward(struct posix_timer *t, u64 now)
{
	u64 steps;

	if (now < t->expires || !t->interval)
		return;
	steps = (now - t->expires) / t->interval + 1;
	t->expires += steps * t->interval;
	t->overrun += steps;
}

static void cpu_run_on(struct posix_timer *t)
{
	cpu_disarm(t);
	cpu_forward(t, cpu_clock_now(t));
	cpu_arm(t);
}

/* Its time has come; it is not in the tree. */
static void cpu_fire(struct posix_timer *t)
{
	if (t->notify == SIGEV_NONE) {
		t->expires = 0;
		return;
	}
	if (!posix_timer_event(t, t->interval)) {
		if (!t->interval)
			t->expires = 0;
		return;
	}
	if (!t->interval) {
		t->expires = 0;
		return;
	}
	cpu_run_on(t);
	t->round++;
}

u64 cpu_timer_set_run(struct cpu_timer_set *set, u64 now)
{
	struct posix_timer *t;

	while ((t = RB_MIN(cpu_timer_tree, &set->armed)) && t->expires <= now) {
		cpu_disarm(t);
		cpu_fire(t);
	}
	return t ? t->expires - now : ~0UL;
}

void cpu_timer_set_init(struct cpu_timer_set *set)
{
	RB_INIT(&set->armed);
	list_init(&set->all);
}

void cpu_timer_set_release(struct cpu_timer_set *set)
{
	struct posix_timer *t;

	while ((t = list_first(&set->all, struct posix_timer, of_set))) {
		cpu_disarm(t);
		list_del(&t->of_set);
		t->set = NULL;
		t->expires = 0;
	}
}

/* --- the kind --- */

static int cpu_kind_create(struct posix_timer *t)
{
	int err;

	list_init(&t->of_set);
	if (t->clock_id < 0 && (t->clock_id & CLOCK_BY_FD_MASK) == CLOCK_BY_FD)
		return -EOPNOTSUPP;
	err = cpu_clock_find(t->clock_id, &t->clock_process, &t->clock_thread);
	if (err)
		return err;
	t->set = t->clock_process ? &t->clock_process->cpu_timers : &t->clock_thread->cpu_timers;
	list_add_tail(&t->set->all, &t->of_set);
	return 0;
}

void posix_cpu_timer_bind(struct posix_timer *t, struct process *p, struct task *thread)
{
	t->clock_process = thread ? NULL : p;
	t->clock_thread = thread;
	t->set = thread ? &thread->cpu_timers : &p->cpu_timers;
	list_add_tail(&t->set->all, &t->of_set);
}

/* t was armed: where its clock runs now, the interrupt must be asked for. */
static void cpu_ask(const struct posix_timer *t)
{
	if (t->clock_process)
		cpu_timers_changed(t->clock_process);
	else
		task_resched(t->clock_thread);
}

static int cpu_kind_set(struct posix_timer *t, bool absolute, s64 value, u64 interval)
{
	u64 now;

	if (!t->set)
		return -ESRCH;
	now = cpu_clock_now(t);
	cpu_disarm(t);
	t->expires = value && !absolute ? now + value : (u64)value;
	t->interval = interval;
	t->round = (t->round + 2) & ~1;
	t->overrun_last = 0;
	t->overrun = -1;
	if (!t->expires)
		return 0;
	if (now >= t->expires) {
		cpu_fire(t);
		return 0;
	}
	cpu_arm(t);
	cpu_ask(t);
	return 0;
}

static void cpu_kind_rearm(struct posix_timer *t)
{
	if (!t->set)
		return;
	cpu_run_on(t);
	cpu_ask(t);
}

static void cpu_kind_get(struct posix_timer *t, u64 *left, u64 *interval)
{
	u64 now;

	*left = *interval = 0;
	if (!t->set)
		return;
	*interval = t->interval;
	if (!t->expires)
		return;
	now = cpu_clock_now(t);
	*left = now < t->expires ? t->expires - now : 1;
}

static void cpu_kind_destroy(struct posix_timer *t)
{
	cpu_disarm(t);
	list_del(&t->of_set);
}

const struct posix_timer_kind posix_cpu_timer_kind = {
	.create = cpu_kind_create,
	.set = cpu_kind_set,
	.get = cpu_kind_get,
	.rearm = cpu_kind_rearm,
	.destroy = cpu_kind_destroy,
};
