// SPDX-License-Identifier: MIT
/* cr/pids.c - processes that objects remember: a struct pid by its number in the image.
 *
 * It is one of the tree's, or the number of one that is gone: then a struct pid is made that says
 * that number and is nobody; 0 is NULL. Processes that the image does not have are never named. */
#include "cr/internal.h"

#include "kernel/pid.h"

/* The pid of a thread that was made from the image. */
static struct pid *pid_of_tree(struct cr_restore *r, u32 nr)
{
	struct pid *pid = pid_find(r->pid_ns, nr);
	struct cr_process *p;

	if (!pid || !pid->task)
		return NULL;
	p = radix_get(&r->by_pid, pid_nr_in(pid->task->process->tgid, r->pid_ns));
	return p && p->made == pid->task->process ? pid : NULL;
}

struct pid *cr_pid_of_tree(struct cr_restore *r, u32 nr)
{
	return pid_of_tree(r, nr);
}

int cr_pid_restore(struct cr_restore *r, u32 nr, struct pid **out)
{
	s32 wanted = nr;
	int err;

	*out = NULL;
	if (!nr)
		return 0;
	*out = pid_of_tree(r, nr);
	if (*out) {
		pid_get(*out);
		return 0;
	}
	err = pid_alloc(r->pid_ns, &wanted, 1, out);
	if (err)
		return cr_refuse(r, "process", nr, "that is remembered", -err, CR_TASK_02);
	pid_release_numbers_if_unused(*out);
	return 0;
}
