// SPDX-License-Identifier: MIT
/* cgroup/attach.c - migration: tasks move to another cgroup, or get other csses where they are.
 *
 * A migration is a list of tasks, each with where it comes from and goes to (the same cgroup if
 * only its controllers change). 1 Every controller for which some task's css changes is asked
 * (can_attach); if one refuses, those asked before undo (cancel_attach), and nothing has happened.
 * 2 The tasks move. 3 The controllers are told (attach). Tasks that exit stay where they are
 * (CG-14). Who may move what where is decided before (cgroup_may_attach), in Linux's order:
 * permission, delegation, then the rules of the target.
 * Locks: BKL; nothing sleeps from 1 to 3.
 * Checkpoint: membership is restored by attaching. */

#include "cgroup/internal.h"
#include "kernel/deny.h"

/* --- the list of tasks --- */

void attach_begin(struct attach *a)
{
	list_init(&a->tasks);
}

void attach_add(struct attach *a, struct cgroups *cgs, struct cgroup *from, struct cgroup *to)
{
	cgs->from = from;
	cgs->to = to;
	list_add_tail(&a->tasks, &cgs->moving);
}

void attach_end(struct attach *a)
{
	struct cgroups *cgs, *next;

	list_for_each_safe(cgs, next, &a->tasks, moving)
		list_del(&cgs->moving);
}

/* The first task from here on whose css of the controller changes. */
static bool attach_seek(struct attach *a, struct list *at, struct attach_step *s)
{
	for (; at != &a->tasks; at = at->next) {
		struct cgroups *cgs = list_entry(at, struct cgroups, moving);

		s->task = cgs->task;
		s->from = cgs->from->was[a->id];
		s->to = cgs->to->ecss[a->id];
		if (s->from != s->to)
			return true;
	}
	return false;
}

bool attach_first(struct attach *a, struct attach_step *s)
{
	return attach_seek(a, a->tasks.next, s);
}

bool attach_next(struct attach *a, struct attach_step *s)
{
	return attach_seek(a, s->task->cgroups->moving.next, s);
}

/* --- moving --- */

/* One task, from one cgroup to another: "to" is populated before "from" may be no more. */
static void task_move(struct cgroups *cgs)
{
	struct cgroup *from = cgs->from, *to = cgs->to;
	struct cgroup_place *p = &cgs->in[to->hierarchy->slot];
	bool was = cgroup_is_populated(to);

	cgroup_give_times(cgs);
	list_del(&p->link);
	cgroup_pin(to);
	p->cgroup = to;
	list_add_tail(&to->members, &p->link);
	to->nr_members++;
	cgroup_populated_changed(to, was);
	was = cgroup_is_populated(from);
	from->nr_members--;
	cgroup_populated_changed(from, was);
	freezer_task_moved(cgs->task, from, to);
	cgroup_unpin(from);
}

static bool attach_concerns(struct attach *a, enum controller_id id, u32 mask)
{
	struct attach_step s;

	a->id = id;
	return (mask & BIT(id)) && attach_first(a, &s);
}

static void attach_cancel(struct attach *a, enum controller_id end, u32 mask)
{
	for (enum controller_id id = 0; id < end; id++)
		if (controllers[id]->cancel_attach && attach_concerns(a, id, mask))
			controllers[id]->cancel_attach(a);
}

static int attach_ask(struct attach *a, u32 mask)
{
	for_each_controller(id) {
		int err = 0;

		if (controllers[id]->can_attach && attach_concerns(a, id, mask))
			err = controllers[id]->can_attach(a);
		if (err) {
			attach_cancel(a, id, mask);
			return err;
		}
	}
	return 0;
}

/* The controllers' bits in mask are those of the hierarchy in which this happens. */
int attach_run(struct attach *a, u32 mask)
{
	struct cgroups *cgs;
	int err;

	if (list_empty(&a->tasks))
		return 0;
	err = attach_ask(a, mask);
	if (err)
		return err;

	/* Nothing fails from here on. */
	list_for_each(cgs, &a->tasks, moving)
		if (cgs->from != cgs->to)
			task_move(cgs);
	for_each_controller(id)
		if (controllers[id]->attach && attach_concerns(a, id, mask))
			controllers[id]->attach(a);
	return 0;
}

/* --- who may --- */

static struct cgroup *common_ancestor(struct cgroup *a, const struct cgroup *b)
{
	while (!cgroup_is_ancestor(a, b))
		a = a->parent;
	return a;
}

/* CG-54: current must be allowed to write cgroup.procs where both paths meet. CGNS-10: with
 * nsdelegate both ends must be in sight. */
static int attach_check_rights(struct cgroup *src, struct cgroup *dst, const struct cgroup_ns *ns)
{
	int err = cgroup_may_write(common_ancestor(src, dst));

	if (err)
		return err == -EACCES ? deny(EACCES, CG_54) : err;
	if ((dst->hierarchy->flags & HIERARCHY_NSDELEGATE) &&
	    (!cgroup_is_ancestor(ns->root, src) || !cgroup_is_ancestor(ns->root, dst)))
		return deny(ENOENT, CGNS_10);
	return 0;
}

/* CG-25, 28: may dst hold processes, or threads of its domain? In a threaded subtree also where
 * there are children (CG-34). */
static int attach_check_target(const struct cgroup *dst)
{
	if (!cgroup_is_valid_domain(dst->domain))
		return deny(EOPNOTSUPP, CG_28);
	if (cgroup_can_be_thread_root(dst) || cgroup_is_threaded(dst))
		return 0;
	return dst->subtree_control ? deny(EBUSY, CG_25) : 0;
}

int cgroup_may_attach(struct cgroup *src, struct cgroup *dst, bool group, struct cgroup_ns *ns)
{
	int err = attach_check_rights(src, dst, ns);

	if (!err && src->dumps)
		err = deny(EBUSY, CR_FRZ_02);
	if (!err)
		err = attach_check_target(dst);
	if (!err && !group && src->domain != dst->domain)
		err = deny(EOPNOTSUPP, CG_33);
	return err;
}

static void attach_add_thread(struct attach *a, struct task *t, struct cgroup *dst)
{
	struct cgroup *src = task_cgroup(t, dst->hierarchy);

	if (t->cgroups && !(t->flags & TASK_EXITING) && src != dst)
		attach_add(a, t->cgroups, src, dst);
}

int cgroup_attach_task(struct cgroup *dst, struct task *t, bool group)
{
	struct task *thread;
	struct attach a;
	int err;

	attach_begin(&a);
	if (group) {
		for_each_thread(thread, t->process)
			attach_add_thread(&a, thread, dst);
	} else {
		attach_add_thread(&a, t, dst);
	}
	err = attach_run(&a, dst->hierarchy->controllers);
	attach_end(&a);
	return err;
}
