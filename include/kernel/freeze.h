// SPDX-License-Identifier: MIT
/* kernel/freeze.h - freezing: tasks that sleep at their exit to user mode until they are thawed.
 *
 * Rules: 1 task_freeze() marks a task (WORK_FREEZE) and interrupts what it sleeps on; it freezes
 * on its way out to user mode, before it takes any signal but a fatal one. 2 task_thaw() ends it.
 * 3 a task that is stopped, or waits for its vfork child, counts as frozen too. 4 TASK_FROZEN says
 * that a task counts; kernel_hooks.task_frozen hears of each change. */
#pragma once

#include "kernel/task.h"

void task_freeze(struct task *t);	/* not for kernel threads */
void task_thaw(struct task *t);
static inline bool freeze_due(const struct task *t)
{
	return t->work & WORK_FREEZE;
}
/* Of current: sleeps once, frozen. Woken by thaw, by signals, by a stop. */
void freeze_current(void);
void freeze_enter(void);		/* counts as frozen from now on */
void freeze_leave(void);		/* no more, unless it is due */
void freeze_leave_for_good(void);	/* it exits */
