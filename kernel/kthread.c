// SPDX-License-Identifier: MIT
/* kernel/kthread.c - kernel threads: tasks that run a function of the kernel.
 *
 * Each is a process of its own without address space and without parent, made from init_task
 * whoever asks. When the function returns the thread exits and is gone. The first one
 * becomes process 1 by running a program (kernel_execve). The second, kthreadd, sleeps for ever: on
 * Linux it makes the others, and programs know number 2 as a thread of the kernel that nobody can
 * move (CG-10). They live in the initial pid namespace only (PIDNS-46).
 * Locks: BKL. Checkpoint: none, they belong to the machine. */
#include "kernel/task.h"

#include "arch/cpu.h"
#include "kernel/sched.h"
#include "lib/assert.h"

struct task *kthread_create(const char *name, void (*fn)(void *), void *arg)
{
	struct clone_args_k args = {
		.flags = CLONE_FS,
		.kthread_fn = fn,
		.kthread_arg = arg,
		.kthread_name = name,
	};
	struct task *t;

	if (task_fork(&args, &t))
		return NULL;
	task_start(t);
	return t;
}

static void kthreadd_main(void *unused)
{
	(void)unused;
	for (;;) {
		current->state = TASK_INTERRUPTIBLE;
		schedule();
	}
}

void kthreadd_start(void)
{
	struct task *t = kthread_create("kthreadd", kthreadd_main, NULL);

	if (!t)
		panic("no memory for kthreadd");
	t->flags |= TASK_NO_SETAFFINITY;
}
