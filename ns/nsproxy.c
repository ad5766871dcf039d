// SPDX-License-Identifier: MIT
/* ns/nsproxy.c - the namespaces of a task: shared by fork, copied by clone, unshare and setns.
 *
 * An nsproxy is counted by the tasks that share it and is never changed while shared: who
 * wants other namespaces fills in a copy and swaps it (as cred does for user namespaces).
 * Making any kind but user needs CAP_SYS_ADMIN in the user namespace that will own it (NS-14);
 * with CLONE_NEWUSER in the same call that is the new one (NS-15), because the cred part
 * stands before this one in kernel/parts.h.
 * Locks: BKL. Checkpoint: saved as a set of namespace ids; counts are rebuilt. */

#include "abi/errno.h"
#include "mm/slab.h"
#include "ns/ns.h"

static struct slab_cache *nsproxy_cache;
struct list nsproxy_all = LIST_INIT(nsproxy_all);

u64 ns_flags_known;

/* namespaces_init() puts the initial ones in. */
struct nsproxy init_nsproxy = {.refs = {1}};

void nsproxy_boot(void)
{
	nsproxy_cache = slab_cache_create("nsproxy", sizeof(struct nsproxy), 0);
	list_add_tail(&nsproxy_all, &init_nsproxy.all);
	init_task.nsproxy = &init_nsproxy;
}

int nsproxy_copy(const struct nsproxy *old, struct nsproxy **out)
{
	struct nsproxy *p = slab_alloc(nsproxy_cache);

	if (!p)
		return -ENOMEM;
	*p = *old;
	ref_set(&p->refs, 1);
	for (int kind = 0; kind < NS_KINDS; kind++)
		if (p->ns[kind])
			ns_get(p->ns[kind]);
	list_add_tail(&nsproxy_all, &p->all);
	*out = p;
	return 0;
}

void nsproxy_put(struct nsproxy *p)
{
	if (!ref_put(&p->refs))
		return;
	for (int kind = 0; kind < NS_KINDS; kind++)
		if (p->ns[kind])
			ns_put(p->ns[kind]);
	list_del(&p->all);
	slab_free(nsproxy_cache, p);
}

void nsproxy_set(struct nsproxy *p, enum ns_kind kind, struct ns_common *ns)
{
	struct ns_common *old = p->ns[kind];

	p->ns[kind] = ns_get(ns);
	ns_put(old);
}

/* User namespaces are made with the credentials (ns/user.c), before the others.
 * All or nothing is the caller's: p is its private copy, put on error (NS-22). */
int nsproxy_create_new(struct nsproxy *p, u64 flags, struct user_ns *owner)
{
	for (int kind = 0; kind < NS_KINDS; kind++) {
		struct ns_common *new;
		int err;

		if (!p->ns[kind] || !(flags & ns_types[kind]->clone_flag))
			continue;
		err = ns_types[kind]->create(p->ns[kind], owner, &new);
		if (err)
			return err;
		nsproxy_set(p, kind, new);
		ns_put(new);
	}
	return 0;
}

void nsproxy_move_fs(const struct nsproxy *old, const struct nsproxy *p, struct fs_context *fs,
		     bool entered)
{
	for (int kind = 0; kind < NS_KINDS; kind++) {
		const struct ns_type *type = ns_types[kind];

		if (p->ns[kind] == old->ns[kind] || !type->adopt)
			continue;
		if (entered)
			type->enter(p->ns[kind], fs);
		else
			type->adopt(old->ns[kind], fs);
	}
}

struct ns_common *ns_of_nsproxy(struct task *t, enum ns_kind kind)
{
	return t->nsproxy ? t->nsproxy->ns[kind] : NULL;
}

/* --- the task part --- */

/* Semaphores that are undone together are of one namespace. */
#define SYSVSEM_NEWIPC (CLONE_SYSVSEM | CLONE_NEWIPC)

static int nsproxy_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	u64 flags = args->flags & NS_FLAGS_ALL & ~(u64)CLONE_NEWUSER;
	struct user_ns *owner = child->cred->user_ns;
	struct nsproxy *new;
	int err;

	if (args->nsproxy || !flags) {
		child->nsproxy = args->nsproxy ? args->nsproxy : parent->nsproxy;
		ref_get(&child->nsproxy->refs);
		return 0;
	}
	if (!cred_capable(child->cred, owner, CAP_SYS_ADMIN))	/* CGNS-04 and the like, too */
		return deny(EPERM, NS_14);
	if ((args->flags & SYSVSEM_NEWIPC) == SYSVSEM_NEWIPC)
		return deny(EINVAL, NS_13);
	if (flags & ~ns_flags_known)
		return -EINVAL;
	err = nsproxy_copy(parent->nsproxy, &new);
	if (err)
		return err;
	err = nsproxy_create_new(new, flags, owner);
	if (err) {
		nsproxy_put(new);
		return err;
	}
	nsproxy_move_fs(parent->nsproxy, new, child->fs, false);
	child->nsproxy = new;
	return 0;
}

static void nsproxy_exit(struct task *t)
{
	struct nsproxy *p = t->nsproxy;

	t->nsproxy = NULL;
	if (p)
		nsproxy_put(p);
}

const struct task_part nsproxy_part = {
	.name = "nsproxy",
	.fork = nsproxy_fork,
	.exit = nsproxy_exit,
};
