// SPDX-License-Identifier: MIT
/* kernel/sched.c - the scheduler: who runs next on each CPU.
 *
 * Each CPU has a queue (runqueue.c) of tasks that could run; the running one is not on it.
 * Fair tasks share by virtual time: it passes more slowly for the heavy (nice), and who has
 * had least runs next. Real-time tasks come before all fair ones, by priority.
 *
 * States of a task: 1 made, asleep (UNINTERRUPTIBLE); 2 sched_start queues it; 3 schedule()
 * takes it off the queue and runs it; 4 preempted: back to 2; asleep: off all queues until
 * task_wake_state() puts it back to 2; 5 DEAD or ZOMBIE: never again, and the reference the
 * scheduler holds is given back by whoever runs next.
 *
 * There is no periodic tick. A timer interrupt is asked for only while somebody waits for
 * the CPU, or a timer is due: an idle machine is idle, and a run under -icount is the same
 * every time. seed=N adds small offsets to placements and permutes ties.
 *
 * Locks: BKL. It stays held over a switch: the next task drops it. The idle loop drops it.
 * Checkpoint: policy, nice, affinity saved with the task; queues are rebuilt. */
#include "kernel/sched.h"

#include "arch/cpu.h"
#include "kernel/bkl.h"
#include "kernel/rseq.h"
#include "kernel/runqueue.h"
#include "kernel/task_internal.h"
#include "mm/mm.h"

#define WAKE_GRANULARITY_NSEC (1 * NSEC_PER_MSEC)
#define START_DEBIT_NSEC (3 * NSEC_PER_MSEC)	/* a new task does not push in front */
#define ALL_SLEEPING                                                              \
	(BIT(TASK_INTERRUPTIBLE) | BIT(TASK_UNINTERRUPTIBLE) | BIT(TASK_KILLABLE) | \
	 BIT(TASK_STOPPED) | BIT(TASK_TRACED))

static u64 switches;
static struct task idle_tasks[MAX_CPUS];	/* of all but the boot CPU */

u64 sched_switches(void)
{
	return switches;
}

bool task_on_cpu(const struct task *t)
{
	return cpus[t->se.cpu].running == t;
}

void task_kick(struct task *t)
{
	struct cpu *c = &cpus[t->se.cpu];

	if (c->running == t && c != this_cpu())
		cpu_kick(c);
}

static void resched(struct cpu *c)
{
	c->need_resched = true;
	if (c != this_cpu())
		cpu_kick(c);
}

void task_resched(const struct task *t)
{
	if (task_on_cpu(t))
		resched(&cpus[t->se.cpu]);
}

/* Asks for the interrupt that ends the running task's slice, if somebody waits for it. */
static void slice_arm(struct runqueue *rq, struct task *t)
{
	if (rq->nr_queued && t != rq->cpu->idle)
		timer_interrupt_by(t->se.slice_start + slice_nsec(rq, t));
	if (unlikely(task_cpu_timers_wanted(t)))
		task_cpu_timers_check(t);
}

/* --- waking --- */

static u32 allowed_cpus(const struct task *t)
{
	u32 online = BIT(cpu_count) - 1, mask = t->affinity & online;

	return mask ? mask : online;
}

/* An idle CPU, where it ran last if that is one; else where it ran last, else the emptiest. */
static struct runqueue *select_queue(const struct task *t)
{
	u32 allowed = allowed_cpus(t), last = t->se.cpu;
	struct runqueue *best = NULL;

	if (cpu_count == 1)
		return &runqueues[0];
	if ((allowed & BIT(last)) && runqueue_idle(&runqueues[last]))
		return &runqueues[last];
	for (u32 n = 0, first = sched_choice(cpu_count); n < cpu_count; n++) {
		struct runqueue *rq = &runqueues[(first + n) % cpu_count];

		if (!(allowed & BIT(rq->cpu->id)))
			continue;
		if (runqueue_idle(rq))
			return rq;
		if (!best || rq->nr_queued < best->nr_queued)
			best = rq;
	}
	return (allowed & BIT(last)) ? &runqueues[last] : best;
}

/* t was put on rq: must the task that runs there make room? */
static void preempt_check(struct runqueue *rq, const struct task *t)
{
	struct task *running = rq->cpu->running;
	s64 ahead;

	if (running == rq->cpu->idle || running->se.rank > t->se.rank) {
		resched(rq->cpu);
		return;
	}
	if (running->se.rank < t->se.rank)
		return;
	if (rq->cpu == this_cpu())
		runqueue_charge(rq, running, clock_nsec());
	if (rq->nr_queued == 1)
		running->se.slice_start = running->se.run_start;	/* alone until now */
	ahead = running->se.vruntime - t->se.vruntime;
	if (t->se.rank == RANK_FAIR && ahead > WAKE_GRANULARITY_NSEC)
		resched(rq->cpu);
	else if (rq->cpu == this_cpu())
		slice_arm(rq, running);
	else if (rq->nr_queued == 1)
		cpu_kick(rq->cpu);	/* it must arm the end of its slice */
}

static void activate(struct task *t)
{
	struct runqueue *rq = select_queue(t);

	t->state = TASK_RUNNING;
	if (rq->cpu->id != t->se.cpu)
		rseq_task_switched(t);
	runqueue_move_vruntime(&t->se, rq);
	runqueue_place(rq, &t->se);
	runqueue_add(rq, &t->se, false);
	preempt_check(rq, t);
}

bool task_wake_state(struct task *t, u32 state_mask)
{
	if (!(state_mask & BIT(t->state)) || t->state == TASK_RUNNING)
		return false;
	if (task_on_cpu(t)) {		/* about to sleep, but has not yet */
		t->state = TASK_RUNNING;
		return true;
	}
	if (t->state != TASK_UNINTERRUPTIBLE)
		sched_count_active(1);
	activate(t);
	return true;
}

void task_wake(struct task *t)
{
	task_wake_state(t, ALL_SLEEPING);
}

void sched_fork(struct task *child, struct task *parent)
{
	struct sched_entity *se = &child->se;

	child->affinity = parent->affinity;
	child->policy = parent->policy & ~SCHED_RESET_ON_FORK;
	child->rt_priority = parent->rt_priority;
	child->static_prio = parent->static_prio;
	se->cpu = this_cpu()->id;
	se->vruntime = parent->se.rank == RANK_FAIR ? parent->se.vruntime
						    : runqueues[se->cpu].min_vruntime;
	se->vruntime += START_DEBIT_NSEC;
	if (parent->policy & SCHED_RESET_ON_FORK) {
		if (child->rt_priority)
			child->policy = SCHED_NORMAL;
		child->rt_priority = 0;
		child->static_prio = MAX(child->static_prio, STATIC_PRIO_DEFAULT);
	}
	sched_entity_weigh(child);
	child->state = TASK_UNINTERRUPTIBLE;
}

void sched_start(struct task *t)
{
	sched_count_active(1);
	activate(t);
}

void sched_exit(struct task *t)
{
	(void)t;
	account_kernel();
	sched_count_active(-1);
}

/* --- the switch --- */

void sched_switch_finish(void)
{
	struct runqueue *rq = &runqueues[this_cpu()->id];
	struct task *prev = rq->switched_from;

	if (prev->state == TASK_ZOMBIE || prev->state == TASK_DEAD)
		task_put(prev);
}

static void switch_to(struct runqueue *rq, struct task *prev, struct task *next, u64 now)
{
	if (prev->state == TASK_RUNNING)
		rseq_task_switched(prev);
	next->se.run_start = next->se.slice_start = now;
	rq->cpu->running = next;
	rq->switched_from = prev;
	switches++;
	slice_arm(rq, next);
	if (next->mm != prev->mm)
		mm_switch(next->mm);
	arch_switch(&prev->arch, &next->arch);
	sched_switch_finish();
}

/* What becomes of the task that ran: it sleeps, or waits here or elsewhere for its turn. */
static void put_prev(struct runqueue *rq, struct task *prev)
{
	if (prev == rq->cpu->idle)
		return;
	if ((prev->state == TASK_INTERRUPTIBLE && signal_pending(prev)) ||
	    (prev->state == TASK_KILLABLE && fatal_signal_pending(prev)))
		prev->state = TASK_RUNNING;
	if (prev->state != TASK_RUNNING) {
		if (prev->state < TASK_ZOMBIE && prev->state != TASK_UNINTERRUPTIBLE)
			sched_count_active(-1);
		prev->voluntary_switches++;
	} else if (allowed_cpus(prev) & BIT(rq->cpu->id)) {
		runqueue_add(rq, &prev->se, true);
	} else {
		activate(prev);
	}
}

static struct task *pick_next(struct runqueue *rq)
{
	struct sched_entity *se = runqueue_first(rq);

	if (!se)
		se = runqueue_steal(rq);
	if (!se)
		return rq->cpu->idle;
	runqueue_remove(rq, se);
	return container_of(se, struct task, se);
}

void schedule(void)
{
	struct cpu *cpu = this_cpu();
	struct runqueue *rq = &runqueues[cpu->id];
	struct task *prev = cpu->running, *next;
	u64 now;

	if (prev == cpu->idle)
		runqueue_account_idle(cpu);
	else
		account_kernel();
	now = tick_time_nsec(cpu->account_mark);
	runqueue_charge(rq, prev, now);
	cpu->need_resched = false;
	put_prev(rq, prev);
	next = pick_next(rq);
	if (next == prev) {
		prev->se.slice_start = now;
		slice_arm(rq, prev);
		return;
	}
	if (prev->state == TASK_RUNNING)
		prev->involuntary_switches++;
	switch_to(rq, prev, next, now);
}

void sched_yield_now(void)
{
	struct runqueue *rq = &runqueues[this_cpu()->id];
	struct sched_entity *first = runqueue_first(rq), *se = &current->se;

	if (!first)
		return;
	runqueue_charge(rq, current, clock_nsec());
	if (se->rank == RANK_FAIR && first->rank == RANK_FAIR &&
	    (s64)(first->vruntime - se->vruntime) >= 0)
		se->vruntime = first->vruntime + 1;
	current->flags |= TASK_YIELDED;
	schedule();
}

/* A timer interrupt came: is the slice over? Also spreads the load. */
void sched_tick(struct regs *regs)
{
	struct cpu *cpu = this_cpu();
	struct runqueue *rq = &runqueues[cpu->id];
	struct task *t = cpu->running;
	u64 now = clock_nsec();

	(void)regs;
	if (t == cpu->idle)
		return;
	runqueue_charge(rq, t, now);
	if (runqueue_first(rq) && runqueue_first(rq)->rank <= t->se.rank &&
	    now - t->se.slice_start >= slice_nsec(rq, t)) {
		if (t->policy != SCHED_FIFO)
			cpu->need_resched = true;
		t->flags |= t->policy == SCHED_RR ? TASK_YIELDED : 0;
	}
	for (u32 i = 0; rq->nr_queued && i < cpu_count; i++)
		if (runqueue_idle(&runqueues[i]))
			resched(&cpus[i]);
	if (!cpu->need_resched)
		slice_arm(rq, t);
}

/* --- what users ask for --- */

/* Takes a queued task off its queue while its key changes. */
static struct runqueue *unqueue(struct task *t)
{
	struct runqueue *rq = &runqueues[t->se.cpu];

	if (!t->se.queued)
		return NULL;
	runqueue_remove(rq, &t->se);
	return rq;
}

static void requeue(struct runqueue *rq, struct task *t)
{
	if (rq) {
		runqueue_add(rq, &t->se, false);
		preempt_check(rq, t);
	} else if (task_on_cpu(t)) {
		resched(&cpus[t->se.cpu]);
	}
}

int sched_set_policy(struct task *t, int policy, int rt_priority)
{
	struct runqueue *rq = unqueue(t);
	bool was_fair = t->se.rank == RANK_FAIR;

	t->policy = policy;
	t->rt_priority = rt_priority;
	sched_entity_weigh(t);
	if (was_fair != (t->se.rank == RANK_FAIR))
		t->se.vruntime = was_fair ? 0 : runqueues[t->se.cpu].min_vruntime;
	requeue(rq, t);
	return 0;
}

void sched_set_nice(struct task *t, int nice)
{
	struct runqueue *rq = unqueue(t);

	t->static_prio = STATIC_PRIO_DEFAULT + nice;
	sched_entity_weigh(t);
	requeue(rq, t);
}

int sched_set_affinity(struct task *t, u32 mask)
{
	if (!(mask & (BIT(cpu_count) - 1)))
		return -EINVAL;
	t->affinity = mask;
	if (mask & BIT(t->se.cpu))
		return 0;
	if (unqueue(t))
		activate(t);
	else if (task_on_cpu(t))
		resched(&cpus[t->se.cpu]);
	return 0;
}

/* --- CPUs --- */

void sched_init(void)
{
	struct cpu *boot = this_cpu();

	runqueues_init();
	boot->idle = boot->running = &init_task;
	init_task.arch.stack_top = boot->kernel_stack;
	boot->account_mark = clock_ticks();
}

/* The idle task of a CPU that was just started is what runs there already. */
static void idle_adopt(struct cpu *cpu)
{
	struct task *idle = &idle_tasks[cpu->id];

	*idle = init_task;
	idle->arch = (struct arch_task){ .stack_top = cpu->kernel_stack };
	idle->nsproxy = NULL;
	idle->se.cpu = cpu->id;
	list_init(&idle->thread);
	list_init(&idle->all);
	list_init(&idle->traced);
	list_init(&idle->exit_work);
	sigpending_init(&idle->pending);
	cpu->idle = cpu->running = idle;
	cpu->account_mark = clock_ticks();
}

void sched_cpu_start(void)
{
	struct cpu *cpu = this_cpu();
	struct runqueue *rq = &runqueues[cpu->id];

	if (!bkl_held())
		bkl_lock();
	if (!cpu->idle)
		idle_adopt(cpu);
	for (;;) {
		if (rq->nr_queued || cpu->need_resched) {
			schedule();
			continue;
		}
		bkl_unlock();
		cpu_idle_wait();
		bkl_lock();
	}
}
