// SPDX-License-Identifier: MIT
/* kernel/runqueue.h - the queue of one CPU: who could run there, in the order of their turns. */
#pragma once

#include <sys/tree.h>

#include "arch/cpu.h"
#include "kernel/task.h"

#define STATIC_PRIO_DEFAULT 120
#define RANK_FAIR 100		/* real time: 100 - priority, 1..99 */

RB_HEAD(entity_tree, sched_entity);

struct runqueue {
	struct cpu *cpu;
	struct entity_tree queued;	/* by rank, then virtual time, then tie */
	u32 nr_queued;
	u64 min_vruntime;		/* of the fair tasks here; only grows */
	struct task *switched_from;	/* who ran before, seen after the switch */
};
extern struct runqueue runqueues[MAX_CPUS];

void runqueues_init(void);
void sched_entity_weigh(struct task *t);	/* weight and rank from policy and nice */
u64 slice_nsec(const struct runqueue *rq, const struct task *t);
u64 sched_choice(u64 n);	/* 0..n-1: 0, unless seed= */

void runqueue_add(struct runqueue *rq, struct sched_entity *se, bool preempted);
void runqueue_remove(struct runqueue *rq, struct sched_entity *se);
struct sched_entity *runqueue_first(struct runqueue *rq);	/* or NULL */
struct sched_entity *runqueue_steal(struct runqueue *to);	/* moved from another; or NULL */
/* Virtual time passes for t up to now. */
void runqueue_charge(struct runqueue *rq, struct task *t, u64 now);
/* A sleeper comes back: with some advance over who ran, but no more. */
void runqueue_place(struct runqueue *rq, struct sched_entity *se);
void runqueue_move_vruntime(struct sched_entity *se, const struct runqueue *to);
void runqueue_account_idle(struct cpu *c);

/* Nothing runs there and nothing waits. */
static inline bool runqueue_idle(const struct runqueue *rq)
{
	return rq->cpu->running == rq->cpu->idle && !rq->nr_queued;
}
