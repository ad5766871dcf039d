// SPDX-License-Identifier: MIT
/* kernel/mm_part.c - the address space as a part of a task, and the end of vfork's loan.
 *
 * fork copies on write, CLONE_VM shares. The page table that is loaded is always that of
 * current->mm, so exit loads the kernel's own before the address space may go.
 * A vfork child uses its parent's address space until it execs or exits: then the parent goes on.
 * Locks: BKL. Checkpoint: see mm/mm.h. */
#include "kernel/sched.h"
#include "kernel/task_internal.h"
#include "mm/mm.h"

void vfork_complete(struct task *child)
{
	child->flags &= ~TASK_VFORK_CHILD;
	if (!child->vfork_done)
		return;
	*child->vfork_flag = true;
	wake_all(child->vfork_done);
	child->vfork_done = NULL;
	child->vfork_flag = NULL;
}

static int mm_part_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	if (!parent->mm)
		return 0;
	if (!(args->flags & CLONE_VM))
		return mm_fork(parent->mm, &child->mm);
	mm_get_user(parent->mm);
	child->mm = parent->mm;
	return 0;
}

static void mm_part_exit(struct task *t)
{
	struct mm *mm = t->mm;

	t->mm = NULL;
	if (!mm)
		return;
	if (t == current)
		mm_switch(NULL);
	vfork_complete(t);
	mm_put_user(mm);
}

const struct task_part mm_part = {
	.name = "mm",
	.fork = mm_part_fork,
	.exec = vfork_complete,
	.exit = mm_part_exit,
};
