// SPDX-License-Identifier: MIT
/* cgroup/freezer.c - cgroup.freeze: the tasks of a subtree stop, and do not notice, until thawed.
 *
 * A cgroup is to be frozen if it or an ancestor says so ("freezing" counts them; CG-43). It is
 * frozen, and cgroup.events says so, when all its tasks and all its children are. A task that
 * enters freezes, one that leaves thaws (CG-44); kernel threads never freeze, and keep their
 * cgroup from being frozen. How a single task freezes, and that SIGKILL ends it, is in
 * kernel/freeze.c.
 * Kept: nr_frozen (members with TASK_FROZEN), nr_frozen_children. TASK_FROZEN may stand on tasks
 * of cgroups that are not to be frozen: stopped ones (CG-49).
 * Locks: BKL.
 * Checkpoint: the engine freezes by this file; freeze is saved.
 * See Documentation/admin-guide/cgroup-v2.rst, "cgroup.freeze". */

#include "cgroup/internal.h"
#include "kernel/freeze.h"
#include "kernel/hooks.h"

static bool all_frozen(const struct cgroup *cg)
{
	return cg->freezing && cg->nr_frozen == cg->nr_members &&
	       cg->nr_frozen_children == cg->nr_children;
}

void cgroup_frozen_changed(struct cgroup *cg)
{
	while (cg->frozen != all_frozen(cg)) {
		struct cgroup *parent = cg->parent;

		cg->frozen = !cg->frozen;
		cgroup_events_changed(cg);
		if (!parent)
			return;
		parent->nr_frozen_children += cg->frozen ? 1 : -1;
		cg = parent;
	}
}

/* One that exits takes no notice any more; one that is traced does what its tracer asks and freezes
 * again (CG-47, kernel/freeze.c). */
static void task_set_freeze(struct task *t, bool freeze)
{
	if (t->flags & (TASK_KTHREAD | TASK_EXITING))
		return;
	if (freeze)
		task_freeze(t);
	else if (freeze_due(t))
		task_thaw(t);
}

static void members_set_freeze(struct cgroup *cg, bool freeze)
{
	struct cgroup_place *p;

	list_for_each(p, &cg->members, link)
		task_set_freeze(p->task, freeze);
}

bool cgroup_is_dumped(struct cgroup *top)
{
	struct cgroup *cg = NULL;

	while ((cg = cgroup_next(cg, top)))
		if (cg->dumps)
			return true;
	return false;
}

/* Where nothing changes, because an ancestor freezes anyway, a watcher is told all the same: there
 * is nothing to wait for. */
void cgroup_set_freeze(struct cgroup *top, bool freeze)
{
	struct cgroup *cg = NULL;
	bool changed = false;

	if (top->freeze == freeze)
		return;
	top->freeze = freeze;
	while ((cg = cgroup_next(cg, top))) {
		bool was = cg->freezing;

		cg->freezing += freeze ? 1 : -1;
		if (was == (bool)cg->freezing)
			continue;
		changed = true;
		members_set_freeze(cg, freeze);
	}
	while ((cg = cgroup_next(cg, top)))
		cgroup_frozen_changed(cg);
	if (!changed)
		cgroup_events_changed(top);
}

/* A frozen task is counted where it is; it then becomes what its new cgroup says. */
void freezer_task_moved(struct task *t, struct cgroup *from, struct cgroup *to)
{
	if (!to->hierarchy->unified)
		return;
	if (t->flags & TASK_FROZEN) {
		from->nr_frozen--;
		to->nr_frozen++;
	}
	task_set_freeze(t, to->freezing);
	cgroup_frozen_changed(to);
	cgroup_frozen_changed(from);
}

/* A child freezes before its first instruction. Its cgroup stays frozen meanwhile, if it was. */
void freezer_task_joined(struct task *t, struct cgroup *cg)
{
	if (cg->freezing)
		task_set_work(t, WORK_FREEZE | WORK_SIGNAL);
}

static void freezer_task_frozen(struct task *t, bool frozen)
{
	struct cgroup *cg = task_cgroup(t, &unified);

	if (!t->cgroups)
		return;
	cg->nr_frozen += frozen ? 1 : -1;
	cgroup_frozen_changed(cg);
}

void freezer_init(void)
{
	kernel_hooks.task_frozen = freezer_task_frozen;
}
