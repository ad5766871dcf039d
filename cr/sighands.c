// SPDX-License-Identifier: MIT
/* cr/sighands.c - signal actions that processes share (CLONE_SIGHAND): who shares whose.
 *
 * The id is the pid of the first process met that has them; actions themselves are in each core.
 * As clone(2) asks, who shares actions shares memory. Sharing with a process outside is refused. */
#include "cr/internal.h"

#include "kernel/signal_internal.h"
#include "kernel/task_internal.h"

static void sighand_none(void *h)
{
	(void)h;
}

static const struct cr_class sighand_class = {
	.name = "signal handlers", .get = sighand_none, .put = sighand_none,
};

int cr_sighand_id(struct cr_save *s, struct task *t, u32 *id)
{
	*id = objtab_id(&s->objects, &sighand_class, t->sighand);
	if (*id)
		return 0;
	*id = cr_pid(s, t->process->tgid);
	return objtab_add(&s->objects, &sighand_class, t->sighand, false, id);
}

/* As many threads have them as there are references of all of them together. */
static int sighands_check(struct cr_save *s)
{
	struct objtab_entry *o = NULL;
	u64 threads = 0, refs = 0;

	for (u32 i = 0; i < s->nr_tasks; i++)
		threads += s->tasks[i]->sighand &&
			   objtab_id(&s->objects, &sighand_class, s->tasks[i]->sighand);
	while ((o = objtab_next(&s->objects, &sighand_class, o)))
		refs += ((struct sighand *)o->object)->refs.n;
	if (threads == refs)
		return 0;
	return cr_refuse(s, "signal handlers", 0, "are shared with a process outside", EBUSY,
			 CR_SIG_01);
}

int cr_sighand_restore(struct cr_restore *r, struct cr_process *p)
{
	struct cr_process *first = radix_get(&r->by_pid, p->ids->sighand_id);

	if (first == p)
		return 0;
	if (!first || first > p || !first->ids || first->ids->sighand_id != first->tree->pid ||
	    first->ids->vm_id != p->ids->vm_id)
		return cr_refuse(r, "signal handlers", p->tree->pid, "are nobody's", EINVAL,
				 CR_IMG_05);
	sighand_share(p->made->leader, first->made->leader->sighand);
	return 0;
}

const struct cr_late cr_sighands_late = { .name = "signal handlers", .save = sighands_check };
