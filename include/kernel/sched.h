// SPDX-License-Identifier: MIT
/* kernel/sched.h - the scheduler: fair by virtual time, one queue per CPU.
 *
 * Only user code is preempted: schedule() is called where a task sleeps, and at
 * exit to user mode when cpu->need_resched is set. All under the BKL. */
#pragma once

#include "kernel/task.h"

void sched_init(void);
void sched_cpu_start(void) __attribute__((noreturn));	/* secondary CPUs: enters their idle loop */
void schedule(void);			/* current->state says what becomes of current */
void task_wake(struct task *t);		/* makes it runnable if it sleeps (any sleeping state) */
bool task_wake_state(struct task *t, u32 state_mask);	/* only from these states (1 << TASK_X) */
void sched_fork(struct task *child, struct task *parent);
void sched_exit(struct task *t);
void sched_yield_now(void);
void sched_tick(struct regs *regs);	/* timer interrupt of this CPU */
int sched_set_affinity(struct task *t, u32 mask);	/* 0 or -EINVAL */
void sched_set_nice(struct task *t, int nice);
static inline int task_nice(const struct task *t)
{
	return t->static_prio - 120;
}
bool task_on_cpu(const struct task *t);
/* Makes t look at its work soon if it runs in user mode on another CPU. */
void task_kick(struct task *t);
/* If t runs, its CPU looks at once whom to run next, and when to look again. */
void task_resched(const struct task *t);
int sched_set_policy(struct task *t, int policy, int rt_priority);	/* checked by the caller */
/* The way out to user mode: reschedule, signals, work; called with the BKL held, which stays
 * held. */
void exit_to_user(struct regs *regs);
/* All of it, from kernel context: out to the registers at the stack's top. For the first exec. */
void task_enter_user(void) __attribute__((noreturn));
void entry_init(void);			/* fills in trap_ops */
void tasks_init(void);			/* slabs and limits of tasks; before the first fork */
u64 sched_nr_running(void);
u64 sched_switches(void);
void load_average(u64 avg[3]);		/* in 1/2048 */
