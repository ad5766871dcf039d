// SPDX-License-Identifier: MIT
/* kernel/rseq.h - restartable sequences, as the scheduler and the way out see them. */
#pragma once

#include "kernel/task.h"

/* The task was preempted or moved to another CPU: looked at when it next leaves to user mode. */
static inline void rseq_task_switched(struct task *t)
{
	if (t->rseq)
		task_set_work(t, WORK_RSEQ);
}
/* WORK_RSEQ at exit to user mode: tells the CPU number, aborts a critical section. */
void rseq_resume(struct regs *regs);
