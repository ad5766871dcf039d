// SPDX-License-Identifier: MIT
/* ns/ns_audit.c - the references of namespaces, counted again.
 *
 * Every task that lives holds its nsproxy, every nsproxy its namespaces, every nsfs inode and
 * every open file or mount of procfs that shows one, every open control file of cgroups, and some
 * calls under way (kernel/holders.h). A struct pid holds the pid namespace of its number,
 * credentials and super blocks hold a user namespace, and every namespace its owner and its parent.
 * The counts found so must be those that are kept.
 * The initial namespaces are counted by init_nsproxy and are not looked at beyond that: they live
 * for ever. Locks: BKL; nothing sleeps between the walks. */

#include "fs/proc.h"
#include "kernel/audit.h"
#include "ns/cgroup.h"
#include "ns/ns.h"
#include "ns/pid.h"
#include "ns/user.h"

static void audit_count_tasks(struct audit *a)
{
	struct nsproxy *p;
	struct task *t;

	list_for_each(p, &nsproxy_all, all)
		p->mark = 0;
	init_nsproxy.mark = 1;
	list_for_each(t, &task_all, all)
		if (t->nsproxy)
			t->nsproxy->mark++;
	list_for_each(p, &nsproxy_all, all) {
		audit_checked(a, 1);
		if (p->mark != p->refs.n)
			audit_broken(a, p->refs.n, p->mark, "nsproxy %p", (void *)p);
	}
}

static void mark_found(struct ns_common *ns, void *unused)
{
	(void)unused;
	ns->mark++;
}

static void namespace_held(void *ns)
{
	mark_found(ns, NULL);
}

/* What namespaces hold of each other. */
static void mark_relatives(struct ns_common *ns)
{
	ns->owner->ns.mark++;
	if (ns->type == &pid_ns_type)
		to_pid_ns(ns)->parent->ns.mark++;
}

static void mark_holders(void)
{
	struct nsproxy *p;
	struct ns_common *ns;
	struct cred *c;
	struct pid *pid;
	struct super *sb;

	list_for_each(p, &nsproxy_all, all)
		for (int kind = 0; kind < NS_KINDS; kind++)
			if (p->ns[kind])
				p->ns[kind]->mark++;
	list_for_each(c, &cred_all, all)
		c->user_ns->ns.mark++;
	list_for_each(sb, &super_all, all)
		sb->user_ns->ns.mark++;
	list_for_each(pid, &pid_all, all)
		pid->numbers[pid->level].ns->ns.mark++;
	list_for_each(ns, &ns_all, all)
		mark_relatives(ns);
	nsfs_audit_mark();
	proc_audit_namespaces(mark_found, NULL);
	cgroup_ns_ops->audit_files(mark_found, NULL);
	audit_held(HELD_NAMESPACE, namespace_held);
}

static void audit_count_namespaces(struct audit *a)
{
	struct ns_common *ns;

	list_for_each(ns, &ns_all, all)
		ns->mark = 0;
	mark_holders();
	list_for_each(ns, &ns_all, all) {
		audit_checked(a, 1);
		if (ns->mark != ns->refs.n)
			audit_broken(a, ns->refs.n, ns->mark, "%s:[%u]", ns->type->name, ns->inum);
	}
}

void ns_audit(struct audit *a)
{
	audit_count_tasks(a);
	audit_count_namespaces(a);
}
