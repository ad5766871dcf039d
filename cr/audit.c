// SPDX-License-Identifier: MIT
/* cr/audit.c - what checkpoints and restarts under way hold, and that nothing is left of those that
 * are over.
 *
 * 1 A cgroup is kept from thawing as often as running checkpoints name it. 2 A task pays for what
 * another has only while it restarts one. 3 What is under way belongs to tasks that are in
 * one of the two calls. References of objects are counted by the audits of their rooms. */
#include "cr/internal.h"

#include "cgroup/cgroup.h"
#include "kernel/task.h"
#include "lib/audit.h"

struct list cr_saves = LIST_INIT(cr_saves), cr_restores = LIST_INIT(cr_restores);

static u64 dumps_of(const struct cgroup *cg)
{
	struct cr_save *s;
	u64 n = 0;

	list_for_each(s, &cr_saves, under_way)
		for (u32 i = 0; i < s->nr_dumped; i++)
			n += s->dumped[i] == cg;
	return n;
}

static bool restarts(const struct task *t)
{
	struct cr_restore *r;

	list_for_each(r, &cr_restores, under_way)
		if (r->caller == t)
			return true;
	return false;
}

void cr_audit(struct audit *a)
{
	struct cgroup *cg;
	struct task *t;

	list_for_each(cg, &unified.cgroups, all) {
		u64 found = dumps_of(cg);

		audit_checked(a, 1);
		if (cg->dumps != found)
			audit_broken(a, cg->dumps, found, "dumps of cgroup %lu", cg->id);
	}
	list_for_each(t, &task_all, all)
		if (t->payer && !restarts(t))
			audit_broken(a, 1, 0, "payer of task %d", pid_nr_in(t->pid, &init_pid_ns));
}
