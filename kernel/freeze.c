// SPDX-License-Identifier: MIT
/* kernel/freeze.c - freezing: how a single task freezes and thaws; cgroup/freezer.c says which.
 *
 * 1 task_freeze: WORK_FREEZE, and WORK_SIGNAL so that interruptible sleeps end (calls are
 *   restarted).
 * 2 freeze_current, from signal delivery: TASK_FROZEN, asleep as S (CG-48).
 * 3 task_thaw: WORK_FREEZE goes, the sleeper looks, finds nothing due, leaves (TASK_FROZEN goes).
 * A fatal signal wakes it at any time: do_exit leaves for good (CG-46).
 * Locks: BKL.
 * Checkpoint: runs on frozen tasks; the mark is the freezer's to restore. */
#include "kernel/freeze.h"

#include "arch/cpu.h"
#include "kernel/hooks.h"
#include "kernel/sched.h"

void task_freeze(struct task *t)
{
	task_set_work(t, WORK_FREEZE);
	signal_wake(t, false);
}

void task_thaw(struct task *t)
{
	t->work &= ~WORK_FREEZE;
	if (t->flags & TASK_FROZEN)
		task_wake_state(t, BIT(TASK_INTERRUPTIBLE));
}

void freeze_enter(void)
{
	struct task *t = current;

	if (t->flags & TASK_FROZEN)
		return;
	t->flags |= TASK_FROZEN;
	kernel_hooks.task_frozen(t, true);
}

void freeze_leave_for_good(void)
{
	struct task *t = current;

	if (!(t->flags & TASK_FROZEN))
		return;
	t->flags &= ~TASK_FROZEN;
	kernel_hooks.task_frozen(t, false);
}

void freeze_leave(void)
{
	if (!freeze_due(current))
		freeze_leave_for_good();
}

/* Pending signals do not keep it awake; the caller looks at them again.
 * Context: sleeps, at exit to user mode only. */
void freeze_current(void)
{
	struct task *t = current;

	t->work &= ~WORK_SIGNAL;
	t->state = TASK_INTERRUPTIBLE;
	freeze_enter();
	schedule();
}
