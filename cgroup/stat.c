// SPDX-License-Identifier: MIT
/* cgroup/stat.c - cgroup.stat and cpu.stat: what is below a cgroup, and the time its tasks used.
 *
 * Time is not counted as it passes. What a task used since it came is given to its cgroup and all
 * ancestors when it leaves: by moving, exiting, being reaped. A reader adds what those who are
 * there have used so far. So past usage stays where it was used (CPUCG-12), a parent's is never
 * less than its children's (CPUCG-11), and running costs nothing. cpu.stat needs no controller.
 * Locks: BKL.
 * Checkpoint: both sums are saved. */

#include "cgroup/internal.h"

struct usage {
	u64 user_nsec, system_nsec;
};

static void usage_since(const struct cgroups *cgs, struct usage *u)
{
	task_times(cgs->task, &u->user_nsec, &u->system_nsec);
	u->user_nsec -= MIN(cgs->user_mark, u->user_nsec);
	u->system_nsec -= MIN(cgs->system_mark, u->system_nsec);
}

void cgroup_give_times(struct cgroups *cgs)
{
	struct hierarchy *h;
	struct usage u;

	if (cgs->task == current)
		task_account_now();
	usage_since(cgs, &u);
	cgs->user_mark += u.user_nsec;
	cgs->system_mark += u.system_nsec;
	for_each_hierarchy(h, slot)
		for (struct cgroup *cg = cgs->in[slot].cgroup; cg; cg = cg->parent) {
			cg->user_nsec += u.user_nsec;
			cg->system_nsec += u.system_nsec;
		}
}

static void usage_add(const struct list *places, struct usage *sum)
{
	struct cgroup_place *p;
	struct usage u;

	list_for_each(p, places, link) {
		usage_since(p->task->cgroups, &u);
		sum->user_nsec += u.user_nsec;
		sum->system_nsec += u.system_nsec;
	}
}

int cgroup_cpu_stat_show(struct text *t, struct cgroup_open *o)
{
	struct usage sum = { o->cgroup->user_nsec, o->cgroup->system_nsec };
	struct cgroup *cg = NULL;

	task_account_now();
	while ((cg = cgroup_next(cg, o->cgroup))) {
		usage_add(&cg->members, &sum);
		usage_add(&cg->zombies, &sum);
	}
	text_printf(t, "usage_usec %lu\nuser_usec %lu\nsystem_usec %lu\n",
		    (sum.user_nsec + sum.system_nsec) / NSEC_PER_USEC,
		    sum.user_nsec / NSEC_PER_USEC, sum.system_nsec / NSEC_PER_USEC);
	return t->error;
}

int cgroup_stat_show(struct text *t, struct cgroup_open *o)
{
	text_printf(t, "nr_descendants %u\nnr_dying_descendants %u\n", o->cgroup->nr_descendants,
		    o->cgroup->nr_dying);
	return t->error;
}
