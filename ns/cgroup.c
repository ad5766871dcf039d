// SPDX-License-Identifier: MIT
/* ns/cgroup.c - cgroup namespaces: where the tree of control groups begins for a task.
 *
 * A namespace holds one cgroup, its root: that in which its maker was (CGNS-01), wherever the
 * maker goes later (CGNS-03). Paths in /proc/PID/cgroup and mountinfo are printed from the
 * reader's root (CGNS-02, 07, 08); cgroup2 mounted inside begins there (CGNS-06); with nsdelegate
 * it bounds what may be written and moved (CGNS-09, 10). Entering one changes the view, not
 * membership (CGNS-05).
 *
 * Life: cgroup_ns_create (count 1) pins the root; counted by nsproxies and by open control files,
 * whose opener's namespace is the one that is judged (CGNS-12); the last put unpins.
 * Locks: BKL.
 * Checkpoint: the root's path is saved.
 * See cgroup_namespaces(7). */

#include "kernel/deny.h"
#include "mm/slab.h"
#include "ns/cgroup.h"

const struct cgroup_ns_ops *cgroup_ns_ops;

struct cgroup_ns *to_cgroup_ns(struct ns_common *ns)
{
	return container_of(ns, struct cgroup_ns, ns);
}

struct cgroup_ns *current_cgroup_ns(void)
{
	return to_cgroup_ns(current->nsproxy->ns[NS_KIND_CGROUP]);
}

/* CGNS-01: the root is the maker's cgroup; a child put elsewhere takes its own
 * (cgroup_ns_set_root). */
static int cgroup_ns_create(struct ns_common *from, struct user_ns *owner, struct ns_common **out)
{
	struct cgroup_ns *new = kzalloc_charged(sizeof(*new));
	int err;

	(void)from;
	if (!new)
		return -ENOMEM;
	err = ns_init(&new->ns, &cgroup_ns_type, owner);
	if (err) {
		kfree(new);
		return err;
	}
	new->root = cgroup_ns_ops->of_task(current);
	cgroup_ns_ops->pin(new->root);
	*out = &new->ns;
	return 0;
}

void cgroup_ns_set_root(struct cgroup_ns *ns, struct cgroup *root)
{
	struct cgroup *old = ns->root;

	cgroup_ns_ops->pin(root);
	ns->root = root;
	cgroup_ns_ops->unpin(old);
}

static void cgroup_ns_destroy(struct ns_common *ns)
{
	struct cgroup_ns *old = to_cgroup_ns(ns);

	cgroup_ns_ops->unpin(old->root);
	kfree(old);
}

/* CGNS-05 */
static int cgroup_ns_install(struct ns_set *set, struct ns_common *ns)
{
	int err = ns_may_install(ns);

	if (err)
		return err;
	nsproxy_set(set->nsproxy, NS_KIND_CGROUP, ns);
	return 0;
}

static struct ns_common *cgroup_ns_of(struct task *t)
{
	return ns_of_nsproxy(t, NS_KIND_CGROUP);
}

struct cgroup_ns init_cgroup_ns = {
	.ns = { .refs = { 1 }, .type = &cgroup_ns_type, .inum = PROC_CGROUP_INIT_INO,
		.owner = &init_user_ns },
};

const struct ns_type cgroup_ns_type = {
	.name = "cgroup",
	.clone_flag = CLONE_NEWCGROUP,
	.kind = NS_KIND_CGROUP,
	.initial = &init_cgroup_ns.ns,
	.create = cgroup_ns_create,
	.destroy = cgroup_ns_destroy,
	.install = cgroup_ns_install,
	.of = cgroup_ns_of,
};
