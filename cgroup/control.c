// SPDX-License-Identifier: MIT
/* cgroup/control.c - which controllers a cgroup has, and which type it is.
 *
 * A controller written to P's subtree_control gives each child of P a css of its own; cgroups
 * without one are accounted to the nearest above. So a cgroup's available controllers are its
 * parent's subtree_control, and the rules go from the top down (CG-18 .. 26).
 *
 * Types (CG-27 .. 35). A cgroup is its own resource domain, until "threaded" is written to it:
 * then its domain is its parent's. What is a domain and has threaded children, or both processes
 * and threaded controllers switched on, is a thread root; a domain below a thread root is invalid.
 * The root of the hierarchy may be everything at once ("mixable"). The chart of all refusals is
 * docs/cgroup-ebusy.md.
 *
 * A change of control is made whole or not at all: 1 new csses are made; 2 effective csses of the
 * subtree are computed, the old ones kept in was[]; 3 tasks whose css changes are attached, which
 * may be refused: then 1 and 2 are undone; 4 was[] is dropped, csses that are not wanted go
 * offline.
 * Locks: BKL.
 * Checkpoint: subtree_control and type by file, from the top down. */

#include "cgroup/internal.h"
#include "kernel/deny.h"

/* --- types --- */

/* The root of a hierarchy may hold anything beside its children (CG-26). */
static bool cgroup_is_mixable(const struct cgroup *cg)
{
	return !cg->parent;
}

static u32 threaded_mask(void)
{
	u32 mask = 0;

	for_each_controller(id)
		if (controllers[id]->threaded)
			mask |= BIT(id);
	return mask;
}

static u32 domain_controllers_on(const struct cgroup *cg)
{
	return cg->subtree_control & ~threaded_mask();
}

bool cgroup_is_threaded(const struct cgroup *cg)
{
	return cg->domain != cg;
}

bool cgroup_can_be_thread_root(const struct cgroup *cg)
{
	if (cgroup_is_mixable(cg))
		return true;
	return !cgroup_is_threaded(cg) && !cg->populated_domain_children &&
	       !domain_controllers_on(cg);
}

bool cgroup_is_thread_root(const struct cgroup *cg)
{
	if (cgroup_is_threaded(cg))
		return false;
	if (cg->threaded_children)
		return true;
	return cgroup_has_tasks(cg) && (cg->subtree_control & threaded_mask());
}

bool cgroup_is_valid_domain(const struct cgroup *cg)
{
	if (cgroup_is_threaded(cg))
		return false;
	while ((cg = cg->parent)) {
		if (!cgroup_is_mixable(cg) && cgroup_is_thread_root(cg))
			return false;
		if (cgroup_is_threaded(cg))
			return false;
	}
	return true;
}

/* Asked anew each time: what makes a thread root may be gone (CG-35). */
const char *cgroup_type_name(const struct cgroup *cg)
{
	if (cgroup_is_threaded(cg))
		return "threaded";
	if (!cgroup_is_valid_domain(cg))
		return "domain invalid";
	return cgroup_is_thread_root(cg) ? "domain threaded" : "domain";
}

/* --- csses of a subtree --- */

u32 cgroup_available(const struct cgroup *cg)
{
	u32 mask = cg->hierarchy->controllers;

	if (!cg->parent || !cg->hierarchy->unified)
		return mask;
	mask &= cg->parent->subtree_control;
	return cgroup_is_threaded(cg) ? mask & threaded_mask() : mask;
}

/* A child directory already has the name of one of the files that would come. */
static bool names_collide(const struct cgroup *cg, enum controller_id id)
{
	char name[CGROUP_FILE_NAME_SIZE];
	struct cgroup *child;

	list_for_each(child, &cg->children, sibling)
		for (const struct cgroup_file *f = controllers[id]->files; f->name; f++) {
			if (!cgroup_file_is_in(cg, f))
				continue;
			cgroup_file_full_name(controllers[id], f, name);
			if (!strcmp(name, child->name))
				return true;
		}
	return false;
}

/* Makes what cg is to have and has not. *made: bits, for undoing. */
static int control_make(struct cgroup *cg, u32 *made)
{
	u32 wanted = cgroup_available(cg);

	*made = 0;
	for_each_controller(id) {
		int err;

		if (!(wanted & BIT(id)) || cg->css[id])
			continue;
		err = names_collide(cg, id) ? deny(EEXIST, CG_21) : css_make(cg, id);
		if (err)
			return err;
		*made |= BIT(id);
	}
	return 0;
}

/* A css without the effect of one: it is new, or will go, and its settings with it (CG-22). */
static void control_unmake(struct cgroup *cg, u32 unwanted)
{
	for_each_controller(id)
		if ((unwanted & BIT(id)) && cg->css[id])
			css_kill(cg, id);
}

/* The effective csses of one cgroup, after those of its parent. */
static void ecss_update(struct cgroup *cg)
{
	u32 wanted = cgroup_available(cg);

	for_each_controller(id)
		if (cg->hierarchy->controllers & BIT(id))
			cg->ecss[id] = wanted & BIT(id) ? cg->css[id] : cg->parent->ecss[id];
}

static void attach_add_all(struct attach *a, struct cgroup *cg)
{
	struct cgroup_place *p;

	list_for_each(p, &cg->members, link)
		attach_add(a, p->task->cgroups, cg, cg);
	list_for_each(p, &cg->zombies, link)
		attach_add(a, p->task->cgroups, cg, cg);
}

/* Steps 1 and 2; on an error the csses made so far stay, for control_revert(). */
static int control_prepare(struct cgroup *top, struct attach *a)
{
	struct cgroup *cg = NULL;
	u32 made;

	while ((cg = cgroup_next(cg, top))) {
		int err = control_make(cg, &made);

		if (err)
			return err;
		ecss_update(cg);
		if (memcmp(cg->ecss, cg->was, sizeof(cg->ecss)))
			attach_add_all(a, cg);
	}
	return 0;
}

/* Every css that is not in effect before the change goes. The masks are the old ones again. */
static void control_revert(struct cgroup *top)
{
	struct cgroup *cg = NULL;

	while ((cg = cgroup_next(cg, top))) {
		memcpy(cg->ecss, cg->was, sizeof(cg->was));
		for_each_controller(id)
			if (cg->css[id] && cg->css[id] != cg->ecss[id])
				css_kill(cg, id);
	}
}

static void control_finish(struct cgroup *top)
{
	struct cgroup *cg = NULL;

	while ((cg = cgroup_next(cg, top))) {
		memcpy(cg->was, cg->ecss, sizeof(cg->was));
		control_unmake(cg, ~cgroup_available(cg));
	}
}

int cgroup_apply_control(struct cgroup *top)
{
	struct attach a;
	int err;

	attach_begin(&a);
	err = control_prepare(top, &a);
	if (!err)
		err = attach_run(&a, top->hierarchy->controllers);
	attach_end(&a);
	if (err)
		control_revert(top);
	else
		control_finish(top);
	return err;
}

/* --- subtree_control --- */

/* CG-24, 26, 28, 31: what is switched on must not compete with processes of cg itself. */
static int control_check_enable(struct cgroup *cg, u32 enable)
{
	if (!enable)
		return 0;
	if (!cgroup_is_valid_domain(cg->domain))
		return deny(EOPNOTSUPP, CG_28);
	if (cgroup_is_mixable(cg))
		return 0;
	if (enable & ~threaded_mask()) {
		if (cgroup_is_thread_root(cg) || cgroup_is_threaded(cg))
			return deny(EOPNOTSUPP, CG_31);
	} else if (cgroup_can_be_thread_root(cg) || cgroup_is_threaded(cg)) {
		return 0;
	}
	return cgroup_has_tasks(cg) ? deny(EBUSY, CG_24) : 0;
}

/* CG-19, 23: controller by controller; what is so already needs no leave. */
static int control_check_each(struct cgroup *cg, u32 *enable, u32 *disable)
{
	struct cgroup *child;

	*enable &= ~cg->subtree_control;
	*disable &= cg->subtree_control;
	if (*enable & ~cgroup_available(cg))
		return deny(ENOENT, CG_19);
	list_for_each(child, &cg->children, sibling)
		if (child->subtree_control & *disable)
			return deny(EBUSY, CG_23);
	return 0;
}

int cgroup_set_control(struct cgroup *cg, u32 enable, u32 disable)
{
	u32 old = cg->subtree_control;
	int err = control_check_each(cg, &enable, &disable);

	if (err || !(enable | disable))
		return err;
	err = control_check_enable(cg, enable);
	if (err)
		return err;
	cg->subtree_control = (old | enable) & ~disable;
	err = cgroup_apply_control(cg);
	if (err)
		cg->subtree_control = old;
	return err;
}

/* --- cgroup.type --- */

/* All of cg's subtree that was in cg's domain is in domain from now on. */
static void domain_set(struct cgroup *top, struct cgroup *domain)
{
	struct cgroup *cg = NULL;

	while ((cg = cgroup_next(cg, top)))
		if (cg == top || cgroup_is_threaded(cg))
			cg->domain = domain;
}

/* Nobody lives in it: csses of domain controllers go, and none can refuse that. */
int cgroup_make_threaded(struct cgroup *cg)
{
	struct cgroup *parent = cg->parent, *domain = parent->domain;

	if (cgroup_is_threaded(cg))
		return 0;
	if (cgroup_is_populated(cg) || domain_controllers_on(cg))
		return deny(EOPNOTSUPP, CG_30);
	if (!cgroup_is_valid_domain(domain) || !cgroup_can_be_thread_root(domain))
		return deny(EOPNOTSUPP, CG_30);
	domain_set(cg, domain);
	assert(!cgroup_apply_control(cg));
	parent->threaded_children++;
	return 0;
}
