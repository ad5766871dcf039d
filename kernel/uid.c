// SPDX-License-Identifier: MIT
/* kernel/uid.c - the calls that get and set user ids, group ids and supplementary groups.
 *
 * Ids come and go in the terms of the caller's user namespace; an unmapped one is EINVAL
 * (EXT-CRED-06, USERNS-16). Without CAP_SETUID or CAP_SETGID there, only present ids may be
 * chosen (EXT-CRED-04). Leaving or becoming uid 0 changes capabilities (cred_fix_uids).
 * INVALID_ID as an argument of the re and res calls means "unchanged".
 * Locks: BKL. See credentials(7), setreuid(2), setgroups(2), capabilities(7). */

#include "arch/cpu.h"
#include "kernel/cred_internal.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define NGROUPS 65536			/* limits(5)'s NGROUPS_MAX */

/* What comes and goes with a file system uid of 0. */
#define CAPS_OF_FSUID                                                                        \
	(BIT(CAP_CHOWN) | BIT(CAP_MKNOD) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH) | \
	 BIT(CAP_FOWNER) | BIT(CAP_FSETID) | BIT(CAP_LINUX_IMMUTABLE) | BIT(CAP_MAC_OVERRIDE))

static bool may_set_uid(void)
{
	return capable_in(current_user_ns(), CAP_SETUID);
}

static bool may_set_gid(void)
{
	return capable_in(current_user_ns(), CAP_SETGID);
}

/* --- effects of a change of user ids --- */

/* capabilities(7), "Effect of user ID changes on capabilities". */
static void cred_fix_uids(struct cred *new, const struct cred *old)
{
	kid_t root = make_uid(old->user_ns, 0);

	if (cred_secure(old, SECURE_NO_SETUID_FIXUP))
		return;
	if ((old->uid == root || old->euid == root || old->suid == root) &&
	    new->uid != root && new->euid != root && new->suid != root) {
		if (!cred_secure(old, SECURE_KEEP_CAPS))
			new->cap_permitted = new->cap_effective = 0;
		new->cap_ambient = 0;
	}
	if (old->euid == root && new->euid != root)
		new->cap_effective = 0;
	if (old->euid != root && new->euid == root)
		new->cap_effective = new->cap_permitted;
}

static void cred_fix_fsuid(struct cred *new, const struct cred *old)
{
	kid_t root = make_uid(old->user_ns, 0);

	if (cred_secure(old, SECURE_NO_SETUID_FIXUP))
		return;
	if (old->fsuid == root && new->fsuid != root)
		new->cap_effective &= ~CAPS_OF_FSUID;
	if (old->fsuid != root && new->fsuid == root)
		new->cap_effective |= CAPS_OF_FSUID & new->cap_permitted;
}

/* The user that pays follows the real uid. 0 or -EAGAIN. */
static int cred_set_user(struct cred *new)
{
	struct user *u;

	if (new->user->uid == new->uid)
		return 0;
	u = user_get(new->uid);
	if (!u)
		return -EAGAIN;
	user_put(new->user);
	new->user = u;
	return 0;
}

static int cred_commit_uids(struct cred *new)
{
	int err = cred_set_user(new);

	if (err) {
		cred_put(new);
		return err;
	}
	cred_fix_uids(new, current->cred);
	cred_commit(new);
	return 0;
}

/* An argument in the caller's terms: true unless it is given and not mapped. */
static bool uid_arg(u32 id, kid_t *out)
{
	*out = id == INVALID_ID ? INVALID_ID : make_uid(current_user_ns(), id);
	return id == INVALID_ID || *out != INVALID_ID;
}

static bool gid_arg(u32 id, kid_t *out)
{
	*out = id == INVALID_ID ? INVALID_ID : make_gid(current_user_ns(), id);
	return id == INVALID_ID || *out != INVALID_ID;
}

/* --- user ids --- */

long sys_setuid(u32 uid)
{
	const struct cred *old = current->cred;
	kid_t id = make_uid(old->user_ns, uid);
	struct cred *new;
	int err;

	if (id == INVALID_ID)
		return deny(EINVAL, EXT_CRED_06);
	if (!may_set_uid() && id != old->uid && id != old->suid)
		return deny(EPERM, EXT_CRED_04);
	err = cred_prepare(old, &new);
	if (err)
		return err;
	if (may_set_uid())
		new->uid = new->suid = id;
	new->euid = new->fsuid = id;
	return cred_commit_uids(new);
}

long sys_setreuid(u32 ruid, u32 euid)
{
	const struct cred *old = current->cred;
	kid_t r, e;
	struct cred *new;
	int err;

	if (!uid_arg(ruid, &r) || !uid_arg(euid, &e))
		return deny(EINVAL, EXT_CRED_06);
	if (r != INVALID_ID && r != old->uid && r != old->euid && !may_set_uid())
		return deny(EPERM, EXT_CRED_04);
	if (e != INVALID_ID && e != old->uid && e != old->euid && e != old->suid && !may_set_uid())
		return deny(EPERM, EXT_CRED_04);
	err = cred_prepare(old, &new);
	if (err)
		return err;
	if (r != INVALID_ID)
		new->uid = r;
	if (e != INVALID_ID)
		new->euid = e;
	if (r != INVALID_ID || (e != INVALID_ID && e != old->uid))
		new->suid = new->euid;
	new->fsuid = new->euid;
	return cred_commit_uids(new);
}

static bool uid_is_present(const struct cred *c, kid_t id)
{
	return id == INVALID_ID || id == c->uid || id == c->euid || id == c->suid;
}

long sys_setresuid(u32 ruid, u32 euid, u32 suid)
{
	const struct cred *old = current->cred;
	kid_t r, e, s;
	struct cred *new;
	int err;

	if (!uid_arg(ruid, &r) || !uid_arg(euid, &e) || !uid_arg(suid, &s))
		return deny(EINVAL, EXT_CRED_06);
	if (!(uid_is_present(old, r) && uid_is_present(old, e) && uid_is_present(old, s)) &&
	    !may_set_uid())
		return deny(EPERM, EXT_CRED_04);
	err = cred_prepare(old, &new);
	if (err)
		return err;
	if (r != INVALID_ID)
		new->uid = r;
	if (e != INVALID_ID)
		new->euid = e;
	if (s != INVALID_ID)
		new->suid = s;
	new->fsuid = new->euid;
	return cred_commit_uids(new);
}

long sys_getresuid(uaddr ruid, uaddr euid, uaddr suid)
{
	const struct cred *c = current->cred;

	if (user_store_u32(ruid, from_uid_munged(c->user_ns, c->uid)) ||
	    user_store_u32(euid, from_uid_munged(c->user_ns, c->euid)))
		return -EFAULT;
	return user_store_u32(suid, from_uid_munged(c->user_ns, c->suid));
}

/* Always returns the id before the call. */
long sys_setfsuid(u32 uid)
{
	const struct cred *old = current->cred;
	u32 was = from_uid_munged(old->user_ns, old->fsuid);
	kid_t id = make_uid(old->user_ns, uid);
	struct cred *new;

	if (id == INVALID_ID || id == old->fsuid ||
	    (!uid_is_present(old, id) && !may_set_uid()) || cred_prepare(old, &new))
		return was;
	new->fsuid = id;
	cred_fix_fsuid(new, old);
	cred_commit(new);
	return was;
}

long sys_getuid(void)
{
	return from_uid_munged(current_user_ns(), current->cred->uid);
}

long sys_geteuid(void)
{
	return from_uid_munged(current_user_ns(), current->cred->euid);
}

/* --- group ids --- */

long sys_setgid(u32 gid)
{
	const struct cred *old = current->cred;
	kid_t id = make_gid(old->user_ns, gid);
	struct cred *new;
	int err;

	if (id == INVALID_ID)
		return deny(EINVAL, EXT_CRED_06);
	if (!may_set_gid() && id != old->gid && id != old->sgid)
		return deny(EPERM, EXT_CRED_04);
	err = cred_prepare(old, &new);
	if (err)
		return err;
	if (may_set_gid())
		new->gid = new->sgid = id;
	new->egid = new->fsgid = id;
	cred_commit(new);
	return 0;
}

long sys_setregid(u32 rgid, u32 egid)
{
	const struct cred *old = current->cred;
	kid_t r, e;
	struct cred *new;
	int err;

	if (!gid_arg(rgid, &r) || !gid_arg(egid, &e))
		return deny(EINVAL, EXT_CRED_06);
	if (r != INVALID_ID && r != old->gid && r != old->egid && !may_set_gid())
		return deny(EPERM, EXT_CRED_04);
	if (e != INVALID_ID && e != old->gid && e != old->egid && e != old->sgid && !may_set_gid())
		return deny(EPERM, EXT_CRED_04);
	err = cred_prepare(old, &new);
	if (err)
		return err;
	if (r != INVALID_ID)
		new->gid = r;
	if (e != INVALID_ID)
		new->egid = e;
	if (r != INVALID_ID || (e != INVALID_ID && e != old->gid))
		new->sgid = new->egid;
	new->fsgid = new->egid;
	cred_commit(new);
	return 0;
}

static bool gid_is_present(const struct cred *c, kid_t id)
{
	return id == INVALID_ID || id == c->gid || id == c->egid || id == c->sgid;
}

long sys_setresgid(u32 rgid, u32 egid, u32 sgid)
{
	const struct cred *old = current->cred;
	kid_t r, e, s;
	struct cred *new;
	int err;

	if (!gid_arg(rgid, &r) || !gid_arg(egid, &e) || !gid_arg(sgid, &s))
		return deny(EINVAL, EXT_CRED_06);
	if (!(gid_is_present(old, r) && gid_is_present(old, e) && gid_is_present(old, s)) &&
	    !may_set_gid())
		return deny(EPERM, EXT_CRED_04);
	err = cred_prepare(old, &new);
	if (err)
		return err;
	if (r != INVALID_ID)
		new->gid = r;
	if (e != INVALID_ID)
		new->egid = e;
	if (s != INVALID_ID)
		new->sgid = s;
	new->fsgid = new->egid;
	cred_commit(new);
	return 0;
}

long sys_getresgid(uaddr rgid, uaddr egid, uaddr sgid)
{
	const struct cred *c = current->cred;

	if (user_store_u32(rgid, from_gid_munged(c->user_ns, c->gid)) ||
	    user_store_u32(egid, from_gid_munged(c->user_ns, c->egid)))
		return -EFAULT;
	return user_store_u32(sgid, from_gid_munged(c->user_ns, c->sgid));
}

long sys_setfsgid(u32 gid)
{
	const struct cred *old = current->cred;
	u32 was = from_gid_munged(old->user_ns, old->fsgid);
	kid_t id = make_gid(old->user_ns, gid);
	struct cred *new;

	if (id == INVALID_ID || id == old->fsgid ||
	    (!gid_is_present(old, id) && !may_set_gid()) || cred_prepare(old, &new))
		return was;
	new->fsgid = id;
	cred_commit(new);
	return was;
}

long sys_getgid(void)
{
	return from_gid_munged(current_user_ns(), current->cred->gid);
}

long sys_getegid(void)
{
	return from_gid_munged(current_user_ns(), current->cred->egid);
}

/* --- supplementary groups --- */

long sys_getgroups(int size, uaddr list)
{
	const struct groups *g = current->cred->groups;
	u32 i, id;

	if (size < 0)
		return -EINVAL;
	if (!size)
		return g->nr;
	if (g->nr > (u32)size)
		return -EINVAL;
	for (i = 0; i < g->nr; i++) {
		id = from_gid_munged(current_user_ns(), g->ids[i]);
		if (copy_to_user(list + i * sizeof(id), &id, sizeof(id)))
			return -EFAULT;
	}
	return g->nr;
}

/* Sifts ids[i] down a heap of n: for groups_sort. */
static void heap_sift(kid_t *ids, u32 i, u32 n)
{
	kid_t moving = ids[i];
	u32 child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && ids[child + 1] > ids[child])
			child++;
		if (ids[child] <= moving)
			break;
		ids[i] = ids[child];
		i = child;
	}
	ids[i] = moving;
}

/* Heap sort: users give up to 65536 of them, in any order. */
static void groups_sort(struct groups *g)
{
	kid_t last;
	u32 i;

	for (i = g->nr / 2; i-- > 0;)
		heap_sift(g->ids, i, g->nr);
	for (i = g->nr; i-- > 1;) {
		last = g->ids[i];
		g->ids[i] = g->ids[0];
		g->ids[0] = last;
		heap_sift(g->ids, 0, i);
	}
}

/* Kernel ids of the user's list. 0, -ENOMEM, -EFAULT, -EINVAL (not mapped). */
static int groups_read(uaddr list, u32 nr, struct groups **out)
{
	struct groups *g = kzalloc_charged(sizeof(*g) + nr * sizeof(g->ids[0]));
	u32 i;

	if (!g)
		return -ENOMEM;
	ref_set(&g->refs, 1);
	g->nr = nr;
	g->mark = 0;
	if (copy_from_user(g->ids, list, nr * sizeof(g->ids[0]))) {
		kfree(g);
		return -EFAULT;
	}
	for (i = 0; i < nr; i++) {
		g->ids[i] = make_gid(current_user_ns(), g->ids[i]);
		if (g->ids[i] == INVALID_ID) {
			kfree(g);
			return deny(EINVAL, EXT_CRED_06);
		}
	}
	groups_sort(g);
	*out = g;
	return 0;
}

long sys_setgroups(int size, uaddr list)
{
	struct user_ns *ns = current_user_ns();
	struct groups *g = NULL;
	struct cred *new;
	int err;

	if (!may_set_gid())
		return deny(EPERM, EXT_CRED_04);
	if (!ns->gid_map.nr || !ns->setgroups_allowed)
		return deny(EPERM, USERNS_17);
	if ((unsigned)size > NGROUPS)
		return -EINVAL;
	err = groups_read(list, size, &g);
	if (err)
		return err;
	err = cred_prepare(current->cred, &new);
	if (err) {
		groups_put(g);
		return err;
	}
	groups_put(new->groups);
	new->groups = g;
	cred_commit(new);
	return 0;
}
