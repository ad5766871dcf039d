// SPDX-License-Identifier: MIT
/* kernel/kthread.c - kernel threads: tasks that run a function of the kernel.
 *
 * Each is a process of its own without address space and without parent, made from init_task
 * whoever asks. When the function returns the thread exits and is gone. The first one
 * becomes process 1 by running a program (kernel_execve). They live in the initial pid
 * namespace only (PIDNS-46).
 * Locks: BKL. Checkpoint: none, they belong to the machine. */
#include "kernel/task.h"

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
