// SPDX-License-Identifier: MIT
/* kernel/timer.c - timers: a red-black tree of deadlines on each CPU.
 *
 * A timer fires in the interrupt of the CPU that armed it, under the BKL. The CPU's one-shot
 * interrupt is asked for by timer_interrupt_by(); it is never asked for later than it
 * already was, so an early one finds nothing due and asks again.
 * Locks: BKL. Checkpoint: timers belong to what embeds them. */
#include "kernel/time.h"

#include "arch/cpu.h"
#include "arch/machine.h"
#include "kernel/wait.h"

#define NEVER (~0UL)

RB_HEAD(timer_tree, timer);

struct timer_queue {
	struct timer_tree tree;
	u64 interrupt_before;	/* an interrupt is due then, NEVER - interrupt time: 0 none */
};
static struct timer_queue queues[MAX_CPUS];

static int timer_compare(const struct timer *a, const struct timer *b)
{
	if (a->deadline != b->deadline)
		return a->deadline < b->deadline ? -1 : 1;
	return a < b ? -1 : a > b;
}

RB_GENERATE_STATIC(timer_tree, timer, node, timer_compare)

/* Zero is "no interrupt asked for", so that the queues need no initialisation. */
void timer_interrupt_by(u64 deadline_nsec)
{
	struct timer_queue *q = &queues[this_cpu()->id];
	u64 urgency = NEVER - deadline_nsec;

	if (urgency <= q->interrupt_before)
		return;
	q->interrupt_before = urgency;
	clock_arm(deadline_nsec);
}

void timer_interrupt_came(void)
{
	queues[this_cpu()->id].interrupt_before = 0;
}

void timer_arm(struct timer *t, u64 deadline_nsec)
{
	timer_cancel(t);
	t->deadline = deadline_nsec;
	t->cpu = this_cpu()->id;
	t->armed = true;
	RB_INSERT(timer_tree, &queues[t->cpu].tree, t);
	timer_interrupt_by(deadline_nsec);
}

bool timer_cancel(struct timer *t)
{
	if (!t->armed)
		return false;
	t->armed = false;
	RB_REMOVE(timer_tree, &queues[t->cpu].tree, t);
	return true;
}

u64 timers_next(void)
{
	struct timer *first = RB_MIN(timer_tree, &queues[this_cpu()->id].tree);

	return first ? first->deadline : NEVER;
}

void timers_run(void)
{
	struct timer_queue *q = &queues[this_cpu()->id];
	u64 now = clock_nsec();
	struct timer *t;

	while ((t = RB_MIN(timer_tree, &q->tree)) && t->deadline <= now) {
		t->armed = false;
		RB_REMOVE(timer_tree, &q->tree, t);
		t->fire(t);
	}
	timer_interrupt_by(timers_next());
}
