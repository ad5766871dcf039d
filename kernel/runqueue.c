// SPDX-License-Identifier: MIT
/* kernel/runqueue.c - the queue of one CPU: an ordered tree, virtual time, and its weights.
 *
 * Key of a waiting task: rank (real-time priority, then all fair ones), virtual time, and a
 * tie-breaker that no two share. For real-time tasks the virtual time is a ticket: counted
 * up behind the others of their priority, counted down in front of them when preempted.
 * A fair task's virtual time is its CPU time times 1024 / weight; each step of nice changes
 * the weight by a quarter. Times of different CPUs are compared by their distance to each
 * queue's min_vruntime.
 * Locks: BKL. See sched(7). */
#include "kernel/runqueue.h"

#include "boot/cmdline.h"
#include "kernel/rseq.h"
#include "kernel/sched.h"
#include "kernel/task_internal.h"
#include "lib/hash.h"

#define WEIGHT_NICE_0 1024
#define WEIGHT_IDLE   3
#define NICE_MIN      (-20)
#define NICE_LEVELS   40
#define LATENCY_NSEC  (6 * NSEC_PER_MSEC)	/* all shall have run once, if they are few */
#define SLICE_MIN_NSEC (1 * NSEC_PER_MSEC)
#define SLICE_RR_NSEC (100 * NSEC_PER_MSEC)
#define JITTER_NSEC   (2 * NSEC_PER_MSEC)
#define STEAL_LOOK_AT 8		/* tasks looked at in another queue */

struct runqueue runqueues[MAX_CPUS];

static u64 tickets, choices;
static u64 nice_weight[NICE_LEVELS];

static int entity_compare(const struct sched_entity *a, const struct sched_entity *b)
{
	s64 later = (s64)(a->vruntime - b->vruntime);

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (later)
		return later < 0 ? -1 : 1;
	if (a->tie != b->tie)
		return a->tie < b->tie ? -1 : 1;
	return 0;
}

RB_GENERATE_STATIC(entity_tree, sched_entity, node, entity_compare)

void runqueues_init(void)
{
	int zero = -NICE_MIN;

	for (u32 i = 0; i < MAX_CPUS; i++) {
		runqueues[i].cpu = &cpus[i];
		RB_INIT(&runqueues[i].queued);
	}
	nice_weight[zero] = WEIGHT_NICE_0;
	for (int i = zero - 1; i >= 0; i--)
		nice_weight[i] = nice_weight[i + 1] * 5 / 4;
	for (int i = zero + 1; i < NICE_LEVELS; i++)
		nice_weight[i] = (nice_weight[i - 1] * 4 + 2) / 5;
}

u64 sched_choice(u64 n)
{
	if (!boot_options.seed)
		return 0;
	return hash_u64(boot_options.seed + ++choices) % n;
}

void sched_entity_weigh(struct task *t)
{
	t->se.rank = RANK_FAIR - t->rt_priority;
	t->se.weight = t->policy == SCHED_IDLE ? WEIGHT_IDLE : nice_weight[task_nice(t) - NICE_MIN];
}

u64 slice_nsec(const struct runqueue *rq, const struct task *t)
{
	u64 share = LATENCY_NSEC / (rq->nr_queued + 1);

	if (t->policy == SCHED_RR)
		return SLICE_RR_NSEC;
	return MAX(share, (u64)SLICE_MIN_NSEC);
}

u64 sched_slice_nsec(const struct task *t)
{
	if (t->policy == SCHED_FIFO)
		return 0;
	return slice_nsec(&runqueues[t->se.cpu], t);
}

static void min_vruntime_update(struct runqueue *rq, const struct task *running)
{
	struct sched_entity *first = runqueue_first(rq);
	bool has_first = first && first->rank == RANK_FAIR;
	bool has_running = running->se.rank == RANK_FAIR && running != rq->cpu->idle;
	u64 min;

	if (has_first && (!has_running || (s64)(first->vruntime - running->se.vruntime) < 0))
		min = first->vruntime;
	else if (has_running)
		min = running->se.vruntime;
	else
		return;
	if ((s64)(min - rq->min_vruntime) > 0)
		rq->min_vruntime = min;
}

void runqueue_charge(struct runqueue *rq, struct task *t, u64 now)
{
	struct sched_entity *se = &t->se;
	s64 spent = (s64)(now - se->run_start);

	if (spent <= 0 || t == rq->cpu->idle)
		return;
	se->run_start = now;
	se->sum_exec += spent;
	if (se->rank != RANK_FAIR)
		return;
	if (se->weight != WEIGHT_NICE_0)
		spent = spent * WEIGHT_NICE_0 / se->weight;
	se->vruntime += spent;
	min_vruntime_update(rq, t);
}

void runqueue_account_idle(struct cpu *c)
{
	u64 now = clock_ticks();

	c->idle_ticks += now - c->account_mark;
	c->account_mark = now;
}

void runqueue_add(struct runqueue *rq, struct sched_entity *se, bool preempted)
{
	struct task *t = container_of(se, struct task, se);
	u64 ticket = ++tickets;

	if (se->rank != RANK_FAIR)
		se->vruntime = preempted && !(t->flags & TASK_YIELDED) ? -ticket : ticket;
	t->flags &= ~TASK_YIELDED;
	se->tie = boot_options.seed ? hash_u64(ticket ^ boot_options.seed) : ticket;
	se->cpu = rq->cpu->id;
	se->queued = true;
	rq->nr_queued++;
	RB_INSERT(entity_tree, &rq->queued, se);
}

void runqueue_remove(struct runqueue *rq, struct sched_entity *se)
{
	assert(se->queued);
	se->queued = false;
	rq->nr_queued--;
	RB_REMOVE(entity_tree, &rq->queued, se);
}

struct sched_entity *runqueue_first(struct runqueue *rq)
{
	return RB_MIN(entity_tree, &rq->queued);
}

void runqueue_place(struct runqueue *rq, struct sched_entity *se)
{
	u64 floor = rq->min_vruntime - LATENCY_NSEC / 2;

	if (se->rank != RANK_FAIR)
		return;
	if ((s64)(se->vruntime - floor) < 0)
		se->vruntime = floor;
	se->vruntime += sched_choice(JITTER_NSEC);
}

void runqueue_move_vruntime(struct sched_entity *se, const struct runqueue *to)
{
	const struct runqueue *from = &runqueues[se->cpu];

	if (from != to && se->rank == RANK_FAIR)
		se->vruntime += to->min_vruntime - from->min_vruntime;
}

/* The first of some tasks in "from" that may run on CPU "id". */
static struct sched_entity *stealable(struct runqueue *from, u32 id)
{
	struct sched_entity *se = runqueue_first(from);

	for (int n = 0; se && n < STEAL_LOOK_AT; n++) {
		if (container_of(se, struct task, se)->affinity & BIT(id))
			return se;
		se = RB_NEXT(entity_tree, &from->queued, se);
	}
	return NULL;
}

struct sched_entity *runqueue_steal(struct runqueue *to)
{
	struct sched_entity *best = NULL;
	u32 most = 0;

	for (u32 i = 0; i < cpu_count; i++) {
		struct runqueue *rq = &runqueues[i];
		struct sched_entity *se;

		if (rq == to || rq->nr_queued <= most)
			continue;
		se = stealable(rq, to->cpu->id);
		if (se)
			best = se, most = rq->nr_queued;
	}
	if (!best)
		return NULL;
	rseq_task_switched(container_of(best, struct task, se));
	runqueue_remove(&runqueues[best->cpu], best);
	runqueue_move_vruntime(best, to);
	runqueue_add(to, best, true);
	return best;
}
