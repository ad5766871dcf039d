// SPDX-License-Identifier: MIT
/* ns/pid.c - pid namespaces: which processes can name each other, and by what numbers.
 *
 * The numbers themselves are in kernel/pid.c: a struct pid has one in its own namespace and in
 * each ancestor. unshare and setns change only where the children to come
 * will be (PIDNS-04): that is nsproxy's entry; the task's own is its pid's.
 *
 * Life: counted by nsproxies, by every struct pid in it, by children and nsfs. When its init
 * exits, every member is killed (kernel/exit.c) and no number is given out again.
 * Locks: BKL. Checkpoint: saved with the numbers of its members.
 * See pid_namespaces(7). */

#include "abi/errno.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "mm/slab.h"
#include "ns/pid.h"

struct pid_ns *to_pid_ns(struct ns_common *ns)
{
	return container_of(ns, struct pid_ns, ns);
}

static bool user_ns_is_below(const struct user_ns *ns, const struct user_ns *top)
{
	for (; ns; ns = ns->parent)
		if (ns == top)
			return true;
	return false;
}

/* PIDNS-03, 05, 45: where no pid namespace may be made. */
static int pid_ns_check_create(const struct pid_ns *parent, const struct user_ns *owner)
{
	if (parent != task_pid_ns(current))
		return deny(EINVAL, PIDNS_05);
	if (!user_ns_is_below(owner, parent->ns.owner))
		return deny(EINVAL, PIDNS_45);
	if (parent->level >= PID_NS_LEVELS)
		return deny(ENOSPC, PIDNS_03);
	return 0;
}

int pid_ns_make(struct pid_ns *parent, struct user_ns *owner, struct ns_common **out)
{
	struct pid_ns *new;
	int err;

	new = kzalloc_charged(sizeof(*new));
	if (!new)
		return -ENOMEM;
	err = ns_init(&new->ns, &pid_ns_type, owner);
	if (err) {
		kfree(new);
		return err;
	}
	new->parent = parent;
	ns_get(&parent->ns);
	new->level = parent->level + 1;
	waitqueue_init(&new->emptied);
	*out = &new->ns;
	return 0;
}

static int pid_ns_create(struct ns_common *from, struct user_ns *owner, struct ns_common **out)
{
	int err = pid_ns_check_create(to_pid_ns(from), owner);

	return err ? err : pid_ns_make(to_pid_ns(from), owner, out);
}

static void pid_ns_destroy(struct ns_common *ns)
{
	struct pid_ns *p = to_pid_ns(ns);
	struct pid_ns *parent = p->parent;

	kfree(p);
	ns_put(&parent->ns);
}

static bool pid_ns_is_below(const struct pid_ns *ns, const struct pid_ns *top)
{
	for (; ns; ns = ns->parent)
		if (ns == top)
			return true;
	return false;
}

/* PIDNS-06, 09: the caller's own or a descendant; only children will be there. */
static int pid_ns_install(struct ns_set *set, struct ns_common *ns)
{
	int err = ns_may_install(ns);

	if (err)
		return err;
	if (!pid_ns_is_below(to_pid_ns(ns), task_pid_ns(current)))
		return deny(EINVAL, PIDNS_09);
	nsproxy_set(set->nsproxy, NS_KIND_PID, ns);
	return 0;
}

static struct ns_common *pid_ns_of(struct task *t)
{
	return &task_pid_ns(t)->ns;
}

/* PIDNS-07: a namespace that has had no first process cannot be looked at. */
static struct ns_common *pid_ns_children_of(struct task *t)
{
	struct ns_common *ns = ns_of_nsproxy(t, NS_KIND_PID);

	return ns && (to_pid_ns(ns)->reaper || to_pid_ns(ns)->dying) ? ns : NULL;
}

/* NS-36: the parent, unless that lies above the caller's own. */
static struct ns_common *pid_ns_parent(struct ns_common *ns)
{
	struct pid_ns *parent = to_pid_ns(ns)->parent;

	return parent && pid_ns_is_below(parent, task_pid_ns(current)) ? &parent->ns : NULL;
}

/* Where the next child of t gets its numbers. */
static struct pid_ns *pid_ns_for_child(struct task *child)
{
	return to_pid_ns(child->nsproxy->ns[NS_KIND_PID]);
}

void pid_ns_boot(void)
{
	init_pid_ns.ns.type = &pid_ns_type;
	init_pid_ns.ns.inum = PROC_PID_INIT_INO;
	init_pid_ns.ns.owner = &init_user_ns;
	child_pid_ns_hook = pid_ns_for_child;
}

const struct ns_type pid_ns_type = {
	.name = "pid",
	.clone_flag = CLONE_NEWPID,
	.kind = NS_KIND_PID,
	.initial = &init_pid_ns.ns,
	.create = pid_ns_create,
	.destroy = pid_ns_destroy,
	.install = pid_ns_install,
	.of = pid_ns_of,
	.children_name = "pid_for_children",
	.children_of = pid_ns_children_of,
	.parent = pid_ns_parent,
};
