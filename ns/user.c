// SPDX-License-Identifier: MIT
/* ns/user.c - user namespaces: whose capabilities count where.
 *
 * A user_ns belongs to who made it and lies below the user namespace of its creator. Making
 * one needs no privilege (USERNS-01); its first member has every capability in it and none
 * outside (USERNS-02). Ids inside mean kernel ids through maps that are written
 * once (ns/idmap.c). cred_capable() (kernel/capability.c) walks the tree upwards.
 *
 * Life: user_ns_create_for puts it into new credentials; counted by credentials, by
 * the namespaces it owns, by its children and by nsfs; the last put destroys it.
 * Locks: BKL. Checkpoint: maps, owner, setgroups and limits are saved.
 * See user_namespaces(7). */

#include "abi/errno.h"
#include "fs/fdtable.h"
#include "fs/mnt_ns.h"
#include "fs/proc.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "mm/slab.h"
#include "ns/ucount.h"
#include "ns/user.h"

#define USER_NS_LEVEL_MAX 32	/* USERNS-21: of the parent */

struct user_ns *to_user_ns(struct ns_common *ns)
{
	return container_of(ns, struct user_ns, ns);
}

/* USERNS-02: all capabilities, in ns only; USERNS-30: securebits start again. */
static void cred_enter_user_ns(struct cred *c, struct user_ns *ns)
{
	c->cap_inheritable = 0;
	c->cap_ambient = 0;
	c->cap_permitted = c->cap_effective = c->cap_bounding = CAP_FULL;
	c->securebits = 0;
	user_ns_get(ns);
	user_ns_put(c->user_ns);
	c->user_ns = ns;
}

/* Is current's root directory other than its mount namespace's (or what is mounted over that)? */
static bool current_chrooted(void)
{
	const struct path *root = &current->fs->root;
	const struct mount *m = root->mnt;

	if (root->dentry != m->root)
		return true;
	while (m != current_mnt_ns()->root) {
		if (!mount_has_parent(m) || m->mountpoint != m->parent->root)
			return true;
		m = m->parent;
	}
	return false;
}

/* USERNS-21, 22, 23, 49: where no user namespace may be made. */
static int user_ns_check_creator(const struct cred *c)
{
	if (!unprivileged_userns_clone && !capable_in(&init_user_ns, CAP_SYS_ADMIN))
		return deny(EPERM, USERNS_49);
	if (c->user_ns->level > USER_NS_LEVEL_MAX)
		return deny(ENOSPC, USERNS_21);
	if (current_chrooted())
		return deny(EPERM, USERNS_22);
	if (from_uid(c->user_ns, c->euid) == INVALID_ID ||
	    from_gid(c->user_ns, c->egid) == INVALID_ID)
		return deny(EPERM, USERNS_23);
	return 0;
}

/* A namespace below parent, owned by the ids given. */
static int user_ns_create_below(struct user_ns *parent, const struct cred *creator,
				struct user_ns **out)
{
	struct user_ns *new = kzalloc_charged(sizeof(*new));
	int err;

	if (!new)
		return -ENOMEM;
	err = ns_init(&new->ns, &user_ns_type, parent);
	if (err) {
		kfree(new);
		return err;
	}
	new->parent = parent;
	new->level = parent->level + 1;
	new->owner_uid = creator->euid;
	new->owner_gid = creator->egid;
	new->setgroups_allowed = parent->setgroups_allowed;	/* USERNS-19 */
	new->parent_could_setfcap = creator->cap_effective & BIT(CAP_SETFCAP);
	for (int kind = 0; kind < NS_KINDS; kind++)
		new->max[kind] = INT_MAX;			/* NS-41 */
	*out = new;
	return 0;
}

int user_ns_create_for(struct cred *c)
{
	struct user_ns *new;
	int err = user_ns_check_creator(c);

	if (!err)
		err = user_ns_create_below(c->user_ns, c, &new);
	if (err)
		return err;
	cred_enter_user_ns(c, new);
	ns_put(&new->ns);
	return 0;
}

/* clone and unshare make user namespaces with their credentials: user_ns_create_for(). */
static int user_ns_create(struct ns_common *from, struct user_ns *owner, struct ns_common **out)
{
	struct user_ns *new;
	int err = user_ns_create_below(owner, current_cred(), &new);

	(void)from;
	if (!err)
		*out = &new->ns;
	return err;
}

static void user_ns_destroy(struct ns_common *ns)
{
	struct user_ns *u = to_user_ns(ns);

	id_map_clear(&u->uid_map);
	id_map_clear(&u->gid_map);
	id_map_clear(&u->projid_map);
	kfree(u);
}

/* USERNS-24, 25, 26: only downwards, alone, and with the capability there. */
static int user_ns_install(struct ns_set *set, struct ns_common *ns)
{
	struct user_ns *target = to_user_ns(ns);
	int err;

	if (target == current_user_ns())
		return deny(EINVAL, USERNS_24);
	if (current->process->nr_threads > 1 || current->fs->refs.n > 1)
		return deny(EINVAL, USERNS_25);
	if (!capable_in(target, CAP_SYS_ADMIN))
		return deny(EPERM, USERNS_26);
	err = cred_prepare(current_cred(), &set->cred);
	if (!err)
		cred_enter_user_ns(set->cred, target);
	return err;
}

/* Credentials and numbers stay until the task is reaped: a zombie has these two kinds still. */
static struct ns_common *user_ns_of(struct task *t)
{
	return &t->real_cred->user_ns->ns;
}

/* NS-36: the parent, unless that lies above the caller's own. */
static struct ns_common *user_ns_parent(struct ns_common *ns)
{
	struct user_ns *parent = to_user_ns(ns)->parent;

	return parent && user_ns_in_scope(parent) ? &parent->ns : NULL;
}

static void user_ns_last_put(struct user_ns *u)
{
	ns_release(&u->ns);
}

void user_ns_boot(void)
{
	init_user_ns.ns.type = &user_ns_type;
	init_user_ns.ns.inum = PROC_USER_INIT_INO;
	cred_new_user_ns_hook = user_ns_create_for;
	user_ns_destroy_hook = user_ns_last_put;
}

const struct ns_type user_ns_type = {
	.name = "user",
	.clone_flag = CLONE_NEWUSER,
	.kind = NS_KIND_USER,
	.create = user_ns_create,
	.destroy = user_ns_destroy,
	.install = user_ns_install,
	.of = user_ns_of,
	.parent = user_ns_parent,
};
