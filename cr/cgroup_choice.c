// SPDX-License-Identifier: MIT
/* cr/cgroup_choice.c - which control groups are the tree's own: those that only it lives in.
 *
 * Looked at are the cgroups of the tree's tasks, what is above them, and all that is below the
 * topmost that are its own: never the whole hierarchy, so that it costs nothing how many others
 * there are. A cgroup is shared if it has more members or zombies than the tree's, or a populated
 * child that nobody of the tree is in or below, or if one below it is shared.
 *
 * What is found stands in cgroup.image, good while its save is that of the checkpoint: nothing
 * sleeps between the choice and the last question for an id. Locks: BKL. */
#include "cr/internal.h"

#include "cgroup/cgroup.h"
#include "kernel/task.h"

static u64 last_choice;

static bool is_visited(const struct cr_save *s, const struct cgroup *cg)
{
	return cg->image.choice == s->choice;
}

/* With it all that is above. */
static void visit(struct cr_save *s, struct cgroup *cg)
{
	struct cgroup *at, *known;

	for (known = cg; known && !is_visited(s, known); known = known->parent) {
		memset(&known->image, 0, sizeof(known->image));
		known->image.choice = s->choice;
	}
	for (at = cg; at != known; at = at->parent)
		if (at->parent && cgroup_is_populated(at))
			at->parent->image.populated++;
}

static void judge(struct cgroup *cg)
{
	u32 children = cg->populated_domain_children + cg->populated_threaded_children;

	cg->image.judged = true;
	if (cg->nr_members + cg->nr_zombies == cg->image.ours && children == cg->image.populated)
		return;
	for (; cg && !cg->image.shared; cg = cg->parent)
		cg->image.shared = true;
}

static struct cgroup *cgroup_of(const struct cr_save *s, u32 i)
{
	return s->tasks[i]->cgroups ? task_cgroup(s->tasks[i], &unified) : NULL;
}

/* Every cgroup above the tree's tasks knows whether it is shared. */
static void judge_all(struct cr_save *s)
{
	struct cgroup *cg;

	for (u32 i = 0; i < s->nr_tasks; i++) {
		cg = cgroup_of(s, i);
		if (cg) {
			visit(s, cg);
			cg->image.ours++;
		}
	}
	for (u32 i = 0; i < s->nr_tasks; i++)
		for (cg = cgroup_of(s, i); cg && !cg->image.judged; cg = cg->parent)
			judge(cg);
}

/* The topmost above cg that is the tree's own, or NULL. */
static struct cgroup *topmost(struct cgroup *cg)
{
	struct cgroup *top = NULL;

	for (; cg->parent && !cg->image.shared; cg = cg->parent)
		if (!cg->dead && !cr_cgroup_is_moved(cg))
			top = cg;
	return top;
}

static int choose_below(struct cr_save *s, struct cgroup *top, u32 *id)
{
	struct cgroup *cg = NULL;
	int err = 0;

	while (!err && (cg = cgroup_next(cg, top))) {
		visit(s, cg);
		if (cr_cgroup_is_moved(cg))
			continue;
		cg->image.id = ++*id;
		err = cr_cgroup_save(s, cg, cg == top || !cg->parent->image.id);
	}
	return err;
}

int cr_cgroups_choose(struct cr_save *s)
{
	struct cgroup *cg, *top;
	int err = 0;
	u32 id = 0;

	s->choice = ++last_choice;
	judge_all(s);
	for (u32 i = 0; i < s->nr_tasks && !err; i++) {
		cg = cgroup_of(s, i);
		top = cg && !cg->image.id ? topmost(cg) : NULL;
		if (top && !top->image.id)
			err = choose_below(s, top, &id);
	}
	return err;
}

u32 cr_cgroup_chosen(const struct cr_save *s, const struct cgroup *cg)
{
	return is_visited(s, cg) ? cg->image.id : 0;
}
