// SPDX-License-Identifier: MIT
/* cgroup/task.c - control groups as a part of tasks: born into one, leaving it, reaped.
 *
 * 1 join, the last step of a fork that may fail: the child's places are its maker's, or with
 *   CLONE_INTO_CGROUP the directory's that was named (CG-52, 53); controllers are asked (can_fork);
 *   then it is a member.
 * 2 member_part's exit, as it begins to be a zombie: no member any more, on the list of zombies.
 * 3 cgroup_part's exit, when it is reaped: what it was charged is given back, its places are left.
 *
 * A kernel task that was there before control groups has no struct cgroups and is nowhere.
 * Locks: BKL; nothing sleeps.
 * Checkpoint: membership is saved by path.
 * See clone(2), cgroups(7). */

#include "cgroup/internal.h"
#include "fs/fdtable.h"
#include "kernel/deny.h"
#include "mm/slab.h"

static struct slab_cache *cgroups_cache;

/* --- birth --- */

/* CG-52, 53: where the child of current shall be, and whether that is allowed. */
static int cgroup_of_fd(const struct clone_args_k *args, struct cgroup *src, struct cgroup **out)
{
	struct file *f = fd_get(args->cgroup_fd);
	int err;

	if (!f)
		return deny(EBADF, CG_52);
	err = cgroup_of_dir(f, out);
	if (!err && !(*out)->hierarchy->unified)
		err = deny(EBADF, CG_52);
	if (!err)
		err = cgroup_may_write(*out);
	if (err == -EACCES)
		err = deny(EACCES, CG_53);
	if (!err)
		err = cgroup_may_attach(src, *out, !(args->flags & CLONE_THREAD),
					current_cgroup_ns());
	file_put(f);
	return err;
}

/* CG-12: where its maker is. */
static int places_choose(struct cgroups *cgs, struct task *parent, const struct clone_args_k *args)
{
	struct hierarchy *h;

	for_each_hierarchy(h, slot)
		cgs->in[slot].cgroup = task_cgroup(parent, h);
	if (args->cgroup)
		cgs->in[UNIFIED].cgroup = args->cgroup;
	if (!(args->flags & CLONE_INTO_CGROUP))
		return 0;
	return cgroup_of_fd(args, cgs->in[UNIFIED].cgroup, &cgs->in[UNIFIED].cgroup);
}

static struct css *place_css(const struct cgroups *cgs, enum controller_id id)
{
	return cgs->in[controller_home[id]->slot].cgroup->ecss[id];
}

/* Asks every controller; if one refuses, those before give back what they charged. */
static int controllers_can_fork(struct cgroups *cgs)
{
	for_each_controller(id) {
		int err = 0;

		if (controllers[id]->can_fork)
			err = controllers[id]->can_fork(place_css(cgs, id));
		if (!err)
			continue;
		while (id-- > 0)
			if (controllers[id]->cancel_fork)
				controllers[id]->cancel_fork(place_css(cgs, id));
		return err;
	}
	return 0;
}

/* CG-66: on one list of members in each hierarchy, from here to place_leave(). */
static void place_enter(struct cgroup_place *p, struct task *t)
{
	struct cgroup *cg = p->cgroup;
	bool was = cgroup_is_populated(cg);

	p->task = t;
	cgroup_pin(cg);
	list_add_tail(&cg->members, &p->link);
	cg->nr_members++;
	cgroup_populated_changed(cg, was);
}

static int cgroup_part_join(struct task *child, struct task *parent, struct clone_args_k *args)
{
	struct hierarchy *h;
	struct cgroups *cgs;
	int err;

	if (!cgroups_cache)
		cgroups_cache = slab_cache_create("cgroups", sizeof(*cgs), 0);
	cgs = slab_zalloc(cgroups_cache);
	if (!cgs)
		return -ENOMEM;
	err = places_choose(cgs, parent, args);
	if (!err)
		err = controllers_can_fork(cgs);
	if (err) {
		slab_free(cgroups_cache, cgs);
		return err;
	}

	/* Nothing fails from here on. */
	cgs->task = child;
	list_init(&cgs->moving);
	child->cgroups = cgs;
	for_each_hierarchy(h, slot)
		place_enter(&cgs->in[slot], child);
	if (args->flags & CLONE_NEWCGROUP)
		cgroup_ns_set_root(to_cgroup_ns(child->nsproxy->ns[NS_KIND_CGROUP]),
				   cgs->in[UNIFIED].cgroup);
	if (!args->kthread_fn)
		freezer_task_joined(child, cgs->in[UNIFIED].cgroup);
	return 0;
}

/* --- exit --- */

/* CG-13: listed no more, and does not populate. */
static void place_exit(struct cgroup_place *p)
{
	struct cgroup *cg = p->cgroup;
	bool was = cgroup_is_populated(cg);

	list_del(&p->link);
	list_add_tail(&cg->zombies, &p->link);
	cg->nr_members--;
	cg->nr_zombies++;
	cgroup_populated_changed(cg, was);
	cgroup_frozen_changed(cg);
}

static void member_part_exit(struct task *t)
{
	struct cgroups *cgs = t->cgroups;
	struct hierarchy *h;

	if (!cgs)
		return;
	cgs->exited = true;
	cgroup_give_times(cgs);
	for_each_controller(id)
		if (controllers[id]->task_exit)
			controllers[id]->task_exit(place_css(cgs, id), t);
	for_each_hierarchy(h, slot)
		place_exit(&cgs->in[slot]);
}

/* --- reaped --- */

static void place_leave(struct cgroup_place *p)
{
	struct cgroup *cg = p->cgroup;

	list_del(&p->link);
	cg->nr_zombies--;
	cgroup_last_zombie(cg);
	cgroup_unpin(cg);
}

static void cgroup_part_exit(struct task *t)
{
	struct cgroups *cgs = t->cgroups;
	struct hierarchy *h;

	if (!cgs)
		return;
	assert(cgs->exited);
	cgroup_give_times(cgs);
	for_each_controller(id)
		if (controllers[id]->task_release)
			controllers[id]->task_release(place_css(cgs, id), t);
	t->cgroups = NULL;
	for_each_hierarchy(h, slot)
		place_leave(&cgs->in[slot]);
	slab_free(cgroups_cache, cgs);
}

const struct task_part cgroup_part = {
	.name = "cgroup",
	.join = cgroup_part_join,
	.exit = cgroup_part_exit,
};

const struct task_part member_part = {
	.name = "member",
	.exit = member_part_exit,
};
