// SPDX-License-Identifier: MIT
/* ns/ns.c - what all kinds of namespaces share: birth, references, death, who may enter.
 *
 * Life: ns_init() in a kind's create (count 1), ns_get/ns_put by nsproxies, nsfs inodes
 * and children, the kind's destroy() after the last put (NS-08). A namespace is
 * charged to its creator from ns_init() to that last put, not to the creator's exit (NS-44).
 * Locks: BKL. Checkpoint: each kind saves its own; inode numbers are made anew (CR-NS-11).
 * See namespaces(7), setns(2). */

#include "kernel/hooks.h"
#include "lib/print.h"
#include "mm/slab.h"
#include "ns/ns.h"
#include "ns/mnt.h"
#include "ns/pid.h"
#include "ns/ucount.h"
#include "ns/user.h"
#include "ns/uts.h"

struct list ns_all = LIST_INIT(ns_all);

const struct ns_type *const ns_types[NS_KINDS] = {
#define NS(name, NAME) [NS_KIND_##NAME] = &name##_ns_type,
#include "ns/list.h"
#undef NS
};

/* Inode numbers are handed out in order: NS-04 fixes only those of the initial ones. */
static u32 next_inum = NS_FIRST_DYNAMIC_INO;

int ns_init(struct ns_common *ns, const struct ns_type *type, struct user_ns *owner)
{
	int err = ucount_charge(owner, current_cred()->euid, type->kind, &ns->ucount);

	if (err)
		return err;
	ref_set(&ns->refs, 1);
	ns->type = type;
	ns->inum = next_inum++;
	ns->owner = owner;
	ref_get(&owner->ns.refs);
	list_add_tail(&ns_all, &ns->all);
	return 0;
}

void ns_renumber(struct ns_common *ns, u32 inum)
{
	struct ns_common *other;

	if (inum < NS_FIRST_DYNAMIC_INO || inum >= next_inum)
		return;
	list_for_each(other, &ns_all, all)
		if (other->inum == inum)
			return;
	ns->inum = inum;
}

void ns_release(struct ns_common *ns)
{
	struct user_ns *owner = ns->owner;

	list_del(&ns->all);
	ucount_uncharge(ns->ucount, ns->type->kind);
	ns->type->destroy(ns);
	user_ns_put(owner);
}

int ns_may_install(const struct ns_common *ns)
{
	if (!capable_in(ns->owner, CAP_SYS_ADMIN) || !capable_in(current_user_ns(), CAP_SYS_ADMIN))
		return deny(EPERM, NS_32);
	return 0;
}

bool user_ns_in_scope(const struct user_ns *ns)
{
	for (; ns; ns = ns->parent)
		if (ns == current_user_ns())
			return true;
	return false;
}

void namespaces_init(void)
{
	for (int kind = 0; kind < NS_KINDS; kind++) {
		init_user_ns.max[kind] = task_max / 2;	/* NS-41 */
		ns_flags_known |= ns_types[kind]->clone_flag;
		init_nsproxy.ns[kind] = ns_types[kind]->initial;
	}
	nsproxy_boot();
	kernel_hooks.ns_put = ns_put;
	uts_init();
	user_ns_boot();
	mnt_ns_boot();
	pid_ns_boot();
	nsfs_init();
	ns_state_init();
}

int ns_name(const struct ns_common *ns, char *buf, size_t size)
{
	return snprintf(buf, size, "%s:[%u]", ns->type->name, ns->inum);
}
