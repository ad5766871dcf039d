// SPDX-License-Identifier: MIT
/* ns/ns_audit.c - the references of namespaces, counted again.
 *
 * Every task that lives holds its nsproxy, every nsproxy its namespaces, every nsfs
 * inode one namespace. The counts found so must be those that are kept. The initial
 * namespaces have one reference more, of init_nsproxy, which belongs to no task alone.
 * Locks: BKL; nothing sleeps between the walks. */

#include "kernel/audit.h"
#include "ns/ns.h"

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

static void audit_count_namespaces(struct audit *a)
{
	struct ns_common *ns;
	struct nsproxy *p;

	list_for_each(ns, &ns_all, all)
		ns->mark = 0;
	list_for_each(p, &nsproxy_all, all)
		for (int kind = 0; kind < NS_KINDS; kind++)
			if (p->ns[kind])
				p->ns[kind]->mark++;
	nsfs_audit_mark();
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
