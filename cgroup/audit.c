// SPDX-License-Identifier: MIT
/* cgroup/audit.c - control groups, counted again: members, states, pins, references, controllers.
 *
 * From the list of all tasks: who is in which cgroup, alive or not, frozen or not. From the list
 * of all cgroups: children, descendants, dying ones, populated and threaded ones. From csses,
 * tasks, namespaces, calls under way: what pins a cgroup; from the file system's inodes and from
 * children: who refers to it. Effective csses are walked to anew.
 * Locks: BKL; nothing sleeps. */

#include "kernel/audit.h"

#include "cgroup/internal.h"

static void clear(struct hierarchy *h)
{
	struct cgroup *cg;

	list_for_each(cg, &h->cgroups, all)
		memset(&cg->found, 0, sizeof(cg->found));
}

/* CG-66: each task is in one cgroup of each hierarchy. */
static void count_task(struct audit *a, struct task *t, const struct hierarchy *h)
{
	struct cgroup *cg = t->cgroups->in[h->slot].cgroup;

	cg->found.pins++;
	if (t->cgroups->exited)
		cg->found.dead++;
	else
		cg->found.live++;
	if (h->unified)
		cg->found.frozen += !!(t->flags & TASK_FROZEN);
	if (t->cgroups->task != t || t->cgroups->in[h->slot].task != t)
		audit_broken(a, 0, 1, "task %d: its places are another's", t->pid->numbers[0].nr);
	if (cg->dead && !t->cgroups->exited)
		audit_broken(a, 0, 1, "task %d: alive in a removed cgroup", t->pid->numbers[0].nr);
}

/* Who pins whom, and what is below. */
static void count_cgroup(struct cgroup *cg)
{
	if (cg->parent)
		cg->parent->found.refs++;
	if (!cg->pins)
		return;
	cg->found.pins += !cg->dead;
	cg->found.refs++;
	for_each_controller(id) {
		struct css *css = NULL;

		while ((css = css_next(id, css)))
			cg->found.pins += css->cgroup == cg;
	}
	if (cg->parent)
		cg->parent->found.pins++;
	for (struct cgroup *up = cg->parent; up; up = up->parent)
		if (cg->dead)
			up->found.dying++;
		else
			up->found.descendants++;
}

static void count_namespaces(void)
{
	struct ns_common *ns;

	init_cgroup_ns.root->found.pins++;
	list_for_each(ns, &ns_all, all)
		if (ns->type == &cgroup_ns_type)
			to_cgroup_ns(ns)->root->found.pins++;
}

static void cgroup_held(void *cg)
{
	((struct cgroup *)cg)->found.pins++;
}

static void count_inodes(struct hierarchy *h)
{
	struct inode *i;

	list_for_each(i, &h->super->inodes, all) {
		const struct cgroup_node *n = i->private;

		n->cgroup->found.refs++;
	}
}

/* One number of one cgroup. */
static void same(struct audit *a, const struct cgroup *cg, const char *what, u64 kept, u64 found)
{
	audit_checked(a, 1);
	if (kept != found)
		audit_broken(a, kept, found, "%s of cgroup %lu", what, cg->id);
}

static void check_children(struct audit *a, const struct cgroup *cg)
{
	u64 children = 0, domain = 0, threads = 0, threaded = 0, frozen = 0;
	const struct cgroup *child;

	list_for_each(child, &cg->children, sibling) {
		bool is_threaded = cgroup_is_threaded(child);

		children++;
		threaded += is_threaded;
		frozen += child->frozen;
		domain += !is_threaded && cgroup_is_populated(child);
		threads += is_threaded && cgroup_is_populated(child);
	}
	same(a, cg, "children", cg->nr_children, children);
	same(a, cg, "threaded children", cg->threaded_children, threaded);
	same(a, cg, "populated children", cg->populated_domain_children, domain);
	same(a, cg, "populated threaded children", cg->populated_threaded_children, threads);
	same(a, cg, "frozen children", cg->nr_frozen_children, frozen);
}

static void check_controllers(struct audit *a, const struct cgroup *cg)
{
	u32 available = cgroup_available(cg);

	for_each_controller(id) {
		const struct cgroup *at = cg;

		if (!(cg->hierarchy->controllers & BIT(id)))
			continue;
		if (!cg->dead)
			same(a, cg, "own csses", cg->css[id] != NULL, !!(available & BIT(id)));
		while (at->parent && !at->css[id])
			at = at->parent;
		if (!cg->dead && cg->ecss[id] != at->css[id])
			audit_broken(a, 0, 1, "cgroup %lu: effective css", cg->id);
		if (cg->was[id] != cg->ecss[id])
			audit_broken(a, 0, 1, "cgroup %lu: in the middle of a change", cg->id);
	}
}

/* A child that has not come to its first freeze leaves its cgroup frozen meanwhile. */
static void check_freezer(struct audit *a, const struct cgroup *cg)
{
	u32 freezing = 0;

	for (const struct cgroup *up = cg; up; up = up->parent)
		freezing += up->freeze;
	same(a, cg, "frozen tasks", cg->nr_frozen, cg->found.frozen);
	if (cg->dead)
		return;
	same(a, cg, "freezing", cg->freezing, freezing);
	if (!cg->frozen && freezing && cg->nr_frozen == cg->nr_members &&
	    cg->nr_frozen_children == cg->nr_children)
		audit_broken(a, 0, 1, "cgroup %lu: frozen", cg->id);
	if (cg->frozen && !freezing)
		audit_broken(a, 1, 0, "cgroup %lu: frozen", cg->id);
}

static void check_cgroup(struct audit *a, const struct cgroup *cg)
{
	same(a, cg, "members", cg->nr_members, cg->found.live);
	same(a, cg, "zombies", cg->nr_zombies, cg->found.dead);
	same(a, cg, "pins", cg->pins, cg->found.pins);
	same(a, cg, "references", cg->refs.n, cg->found.refs);
	same(a, cg, "descendants", cg->nr_descendants, cg->found.descendants);
	same(a, cg, "dying descendants", cg->nr_dying, cg->found.dying);
	check_children(a, cg);
	check_controllers(a, cg);
	check_freezer(a, cg);
}

/* Every css is counted by its cgroup while that has it, and by its children; charges add to
 * that. */
static void check_csses(struct audit *a, enum controller_id id)
{
	struct css *css = NULL;

	while ((css = css_next(id, css)))
		css->found = css->cgroup->css[id] == css;
	while ((css = css_next(id, css)))
		if (css->parent)
			css->parent->found++;
	while ((css = css_next(id, css))) {
		audit_checked(a, 1);
		if (css->refs.n < css->found)
			audit_broken(a, css->refs.n, css->found, "%s css of cgroup %lu",
				     controllers[id]->name, css->cgroup->id);
	}
}

void cgroup_audit(struct audit *a)
{
	struct hierarchy *h;
	struct cgroup *cg;
	struct task *t;

	for_each_hierarchy(h, slot) {
		clear(h);
		list_for_each(t, &task_all, all)
			if (t->cgroups)
				count_task(a, t, h);
		list_for_each(cg, &h->cgroups, all)
			count_cgroup(cg);
		count_inodes(h);
	}
	count_namespaces();
	audit_held(HELD_CGROUP, cgroup_held);
	for_each_hierarchy(h, slot)
		list_for_each(cg, &h->cgroups, all)
			check_cgroup(a, cg);
	for_each_controller(id) {
		check_csses(a, id);
		if (controllers[id]->audit)
			controllers[id]->audit(a);
	}
}
