// SPDX-License-Identifier: MIT
/* kernel/task_internal.h - what the files about tasks, time and waiting share in this room. */
#pragma once

#include "arch/machine.h"
#include "kernel/task.h"

/* --- task.c: memory of tasks and processes --- */
int task_alloc(struct task **out);		/* with stack and FPU area; refs 2 */
void task_free_unborn(struct task *t);		/* undoes task_alloc */
int process_alloc(struct process **out);	/* refs 1: its first task's */
extern struct process init_process;
struct slab_cache;

/* --- fork.c: the parts of a task --- */
enum task_part_index {
#define PART(name) PART_##name,
#include "kernel/parts.h"
#undef PART
	NR_PARTS,
};
extern const struct task_part *const task_parts[NR_PARTS];
/* The parts before this one say who a task is and are kept until it is reaped. */
#define PART_FIRST_DROPPED_AT_EXIT PART_member
/* Drops parts [from, to), last first. */
void task_parts_exit(struct task *t, int from, int to);

void vfork_complete(struct task *child);	/* mm_part.c: the parent may go on */

/* --- exit.c, reparent.c --- */
void task_release(struct task *t);		/* reaps: gives numbers and references back */
bool process_notify_parent(struct process *p);	/* true: nobody waits for it, release it */
void process_reparent_children(struct process *p);
void thread_leave_children(struct task *t);	/* to another thread of its process */
void orphaned_group_check(struct process *p, struct process *parent);
void pid_ns_kill(struct pid_ns *ns, struct process *init);
void thread_kill(struct task *t);		/* SIGKILL to this thread alone */

/* --- sched.c: what its neighbours ask --- */
void sched_switch_finish(void);			/* first thing of a new task */
void sched_start(struct task *t);		/* a new task's first wake */
void sched_count_active(s64 delta);		/* loadavg.c: running or uninterruptible tasks */
u64 sched_slice_nsec(const struct task *t);	/* what sched_rr_get_interval(2) tells */

/* --- sched_syscalls.c --- */
/* As current may; nice: also that, where the policy is a fair one. 0, -EINVAL, -EPERM. */
int sched_change(struct task *t, int policy, int priority, bool reset, const s32 *nice);

/* --- itimer.c --- */
static inline bool cpu_timers_wanted(const struct process *p)
{
	return p->cpu_timer[0].value || p->cpu_timer[1].value || !RB_EMPTY(&p->cpu_timers.armed) ||
	       p->limits[RLIMIT_CPU].rlim_cur != RLIM64_INFINITY;
}
/* A CPU timer of p was set: each CPU where p runs asks for its interrupt. */
void cpu_timers_changed(struct process *p);
/* The same for t, the task that runs here, its thread's own timers included. */
void task_cpu_timers_check(struct task *t);
static inline bool task_cpu_timers_wanted(const struct task *t)
{
	return !RB_EMPTY(&t->cpu_timers.armed) || cpu_timers_wanted(t->process);
}

/* --- accounting: whose were the ticks since the last mark of this CPU? Read by task_times() --- */
static inline void account_user_on(struct cpu *c, struct task *t)
{
	u64 now = clock_ticks(), spent = now - c->account_mark;

	c->account_mark = now;
	c->user_ticks += spent;
	t->cpu_user_ticks += spent;
}

static inline void account_kernel_on(struct cpu *c, struct task *t)
{
	u64 now = clock_ticks(), spent = now - c->account_mark;

	c->account_mark = now;
	c->kernel_ticks += spent;
	t->cpu_system_ticks += spent;
}

static inline void account_kernel(void)
{
	struct cpu *c = this_cpu();

	account_kernel_on(c, c->running);
}
