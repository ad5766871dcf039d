// SPDX-License-Identifier: MIT
/* kernel/prctl_cred.c - prctl options about credentials: securebits, bounding and ambient sets.
 *
 * Each makes a copy of current's credentials, edits one field, and commits it.
 * Locks: BKL. See capabilities(7), prctl(2). */

#include <linux/prctl.h>

#include "kernel/prctl_internal.h"
#include "kernel/syscall.h"

#define KEEP_CAPS BIT(SECURE_KEEP_CAPS)
#define KEEP_CAPS_LOCKED BIT(SECURE_KEEP_CAPS_LOCKED)

/* Changing privilege rules needs CAP_SETPCAP in one's own user namespace. */
static bool may_set_caps(void)
{
	return capable_in(current_user_ns(), CAP_SETPCAP);
}

static int commit_securebits(u32 bits)
{
	struct cred *new;
	int err = cred_prepare(current->cred, &new);

	if (err)
		return err;
	new->securebits = bits;
	cred_commit(new);
	return 0;
}

long prctl_set_keepcaps(const struct prctl_args *p)
{
	u32 bits = current->cred->securebits;

	if (p->arg[0] > 1)
		return -EINVAL;
	if (bits & KEEP_CAPS_LOCKED)
		return deny(EPERM, EXT_CRED_08);
	return commit_securebits(p->arg[0] ? bits | KEEP_CAPS : bits & ~KEEP_CAPS);
}

long prctl_get_keepcaps(const struct prctl_args *p)
{
	(void)p;
	return cred_secure(current->cred, SECURE_KEEP_CAPS);
}

/* Locks stay, and what is locked stays as it is. */
long prctl_set_securebits(const struct prctl_args *p)
{
	u32 old = current->cred->securebits;
	u64 new = p->arg[0];
	u32 locked = (old & SECURE_ALL_LOCKS) >> 1;

	if ((locked & (old ^ new)) || (old & SECURE_ALL_LOCKS & ~new) ||
	    (new & ~(u64)(SECURE_ALL_LOCKS | SECURE_ALL_BITS)) || !may_set_caps())
		return deny(EPERM, EXT_CRED_08);
	return commit_securebits(new);
}

long prctl_get_securebits(const struct prctl_args *p)
{
	(void)p;
	return current->cred->securebits;
}

long prctl_capbset_read(const struct prctl_args *p)
{
	if (p->arg[0] > CAP_LAST_CAP)
		return -EINVAL;
	return !!(current->cred->cap_bounding & cap_bit(p->arg[0]));
}

long prctl_capbset_drop(const struct prctl_args *p)
{
	struct cred *new;
	int err;

	if (!may_set_caps())
		return deny(EPERM, EXT_CRED_01);
	if (p->arg[0] > CAP_LAST_CAP)
		return -EINVAL;
	err = cred_prepare(current->cred, &new);
	if (err)
		return err;
	new->cap_bounding &= ~cap_bit(p->arg[0]);
	cred_commit(new);
	return 0;
}

/* Only what is permitted and inheritable may be raised, unless securebits forbid it. */
static bool may_raise_ambient(const struct cred *c, int cap)
{
	return (c->cap_permitted & c->cap_inheritable & cap_bit(cap)) &&
	       !cred_secure(c, SECURE_NO_CAP_AMBIENT_RAISE);
}

static int commit_ambient(capset_t ambient)
{
	struct cred *new;
	int err = cred_prepare(current->cred, &new);

	if (err)
		return err;
	new->cap_ambient = ambient;
	cred_commit(new);
	return 0;
}

long prctl_cap_ambient(const struct prctl_args *p)
{
	const struct cred *c = current->cred;
	u64 what = p->arg[0], cap = p->arg[1];

	if (what == PR_CAP_AMBIENT_CLEAR_ALL)
		return cap || p->arg[2] || p->arg[3] ? -EINVAL : commit_ambient(0);
	if (cap > CAP_LAST_CAP || p->arg[2] || p->arg[3])
		return -EINVAL;
	if (what == PR_CAP_AMBIENT_IS_SET)
		return !!(c->cap_ambient & cap_bit(cap));
	if (what == PR_CAP_AMBIENT_LOWER)
		return commit_ambient(c->cap_ambient & ~cap_bit(cap));
	if (what != PR_CAP_AMBIENT_RAISE)
		return -EINVAL;
	if (!may_raise_ambient(c, cap))
		return deny(EPERM, EXT_CRED_08);
	return commit_ambient(c->cap_ambient | cap_bit(cap));
}
