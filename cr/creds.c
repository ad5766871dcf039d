// SPDX-License-Identifier: MIT
/* cr/creds.c - credentials of a thread: creds_entry of core-N.img.
 *
 * Ids stand as the checkpointer's user namespace shows them. An image gives no privilege
 * (CR-API-15, CR-CRED-02): ids other than the caller's need CAP_SETUID and CAP_SETGID, and no
 * capability is given that the caller has not. */
#include <linux/securebits.h>

#include "cr/internal.h"
#include "kernel/cred_internal.h"
#include "mm/slab.h"

#define CAP_WORDS 2
#define WORD_BITS 32
#define GROUPS_MAX 65536

static u32 *caps(struct cr_save *s, capset_t c)
{
	u32 *w = cr_array(s, CAP_WORDS, u32);

	if (w) {
		w[0] = c;
		w[1] = c >> WORD_BITS;
	}
	return w;
}

/* What the checkpointer cannot number would be lost. */
static bool ids_known(const struct cred *c)
{
	const struct user_ns *ns = current_user_ns();
	const kid_t u[] = { c->uid, c->euid, c->suid, c->fsuid },
		    g[] = { c->gid, c->egid, c->sgid, c->fsgid };

	for (size_t i = 0; i < ARRAY_SIZE(u); i++)
		if (from_uid(ns, u[i]) == INVALID_ID || from_gid(ns, g[i]) == INVALID_ID)
			return false;
	for (u32 i = 0; i < c->groups->nr; i++)
		if (from_gid(ns, c->groups->ids[i]) == INVALID_ID)
			return false;
	return true;
}

int cr_creds_save(struct cr_save *s, const struct cred *c, struct pb_creds_entry **out)
{
	const struct user_ns *ns = current_user_ns();
	struct pb_creds_entry *e = cr_new(s, struct pb_creds_entry);

	if (!e)
		return -ENOMEM;
	if (!ids_known(c))
		return cr_refuse(s, "credentials", 0, "have ids unknown to the caller", EBUSY,
				 CR_CRED_01);
	*e = (struct pb_creds_entry){
		.uid = from_uid_munged(ns, c->uid), .gid = from_gid_munged(ns, c->gid),
		.euid = from_uid_munged(ns, c->euid), .egid = from_gid_munged(ns, c->egid),
		.suid = from_uid_munged(ns, c->suid), .sgid = from_gid_munged(ns, c->sgid),
		.fsuid = from_uid_munged(ns, c->fsuid), .fsgid = from_gid_munged(ns, c->fsgid),
		.nr_cap_inh = CAP_WORDS, .cap_inh = caps(s, c->cap_inheritable),
		.nr_cap_prm = CAP_WORDS, .cap_prm = caps(s, c->cap_permitted),
		.nr_cap_eff = CAP_WORDS, .cap_eff = caps(s, c->cap_effective),
		.nr_cap_bnd = CAP_WORDS, .cap_bnd = caps(s, c->cap_bounding),
		.secbits = c->securebits,
		.nr_groups = c->groups->nr, .groups = cr_array(s, c->groups->nr, u32),
	};
	if (!e->cap_inh || !e->cap_prm || !e->cap_eff || !e->cap_bnd || !e->groups)
		return -ENOMEM;
	for (u32 i = 0; i < e->nr_groups; i++)
		e->groups[i] = from_gid_munged(ns, c->groups->ids[i]);
	*out = e;
	return 0;
}

static bool caps_load(u32 nr, const u32 *w, capset_t *out)
{
	if (nr != CAP_WORDS)
		return false;
	*out = (w[0] | (u64)w[1] << WORD_BITS) & CAP_FULL;
	return true;
}

static int groups_load(const struct pb_creds_entry *e, struct cred *c)
{
	struct groups *g;

	if (e->nr_groups > GROUPS_MAX)
		return -EINVAL;
	g = kmalloc(sizeof(*g) + e->nr_groups * sizeof(g->ids[0]));
	if (!g)
		return -ENOMEM;
	ref_set(&g->refs, 1);
	g->nr = e->nr_groups;
	g->mark = 0;
	for (u32 i = 0; i < g->nr; i++) {
		g->ids[i] = make_gid(current_user_ns(), e->groups[i]);
		if (g->ids[i] == INVALID_ID || (i && g->ids[i] < g->ids[i - 1])) {
			kfree(g);
			return -EINVAL;
		}
	}
	groups_put(c->groups);
	c->groups = g;
	return 0;
}

/* The user namespace right below the caller's, at or above ns, which a restart made. */
static const struct user_ns *outermost(const struct user_ns *ns, const struct user_ns *own)
{
	while (ns->parent && ns->parent != own)
		ns = ns->parent;
	return ns;
}

static bool gid_allowed(const struct cred *old, const struct user_ns *ns, kid_t id)
{
	if (id == old->gid || id == old->egid || id == old->sgid)
		return true;
	if (ns != old->user_ns && from_gid(ns, id) != INVALID_ID)
		return true;
	return capable_in(old->user_ns, CAP_SETGID);
}

/* Groups can only be changed where setgroups(2) is allowed and ids are mapped. */
static bool groups_allowed(const struct cred *old, const struct cred *new)
{
	const struct user_ns *top = outermost(new->user_ns, old->user_ns);
	bool same = new->groups->nr == old->groups->nr &&
		    !memcmp(new->groups->ids, old->groups->ids, new->groups->nr * sizeof(kid_t));

	if (same || capable_in(old->user_ns, CAP_SETGID))
		return true;
	if (new->user_ns == old->user_ns || !top->setgroups_allowed || !top->gid_map.nr)
		return false;
	for (u32 i = 0; i < new->groups->nr; i++)
		if (from_gid(top, new->groups->ids[i]) == INVALID_ID)
			return false;
	return true;
}

/* What prctl(2) lets everybody change is no privilege. */
static bool securebits_allowed(const struct cred *old, const struct cred *new)
{
	bool locked = cred_secure(old, SECURE_KEEP_CAPS_LOCKED);
	u32 changed = (new->securebits ^ old->securebits) & ~(locked ? 0 : BIT(SECURE_KEEP_CAPS));

	return !changed || capable_in(old->user_ns, CAP_SETPCAP);
}

/* In a user namespace that the image brings the caller is root: any capability is its to give. */
static bool caps_allowed(const struct cred *old, const struct cred *new)
{
	if (new->cap_effective & ~new->cap_permitted ||
	    new->cap_ambient & ~(new->cap_permitted & new->cap_inheritable))
		return false;
	if (new->user_ns != old->user_ns)
		return true;
	return !(new->cap_permitted & ~old->cap_permitted) &&
	       !(new->cap_inheritable & ~(old->cap_inheritable | old->cap_permitted)) &&
	       !(new->cap_bounding & ~old->cap_bounding) && securebits_allowed(old, new);
}

/* May the caller, who has old, give a task new? */
static bool may_give(const struct cred *old, const struct cred *new)
{
	const struct user_ns *ns = new->user_ns;
	const kid_t u[] = { new->uid, new->euid, new->suid, new->fsuid },
		    g[] = { new->gid, new->egid, new->sgid, new->fsgid };

	for (size_t i = 0; i < ARRAY_SIZE(u); i++)
		if (!cr_uid_allowed(ns, u[i]) || !gid_allowed(old, ns, g[i]))
			return false;
	return groups_allowed(old, new) && caps_allowed(old, new);
}

static bool ids_load(const struct pb_creds_entry *e, struct cred *c)
{
	const struct user_ns *ns = current_user_ns();
	kid_t ids[] = {
		c->uid = make_uid(ns, e->uid), c->gid = make_gid(ns, e->gid),
		c->euid = make_uid(ns, e->euid), c->egid = make_gid(ns, e->egid),
		c->suid = make_uid(ns, e->suid), c->sgid = make_gid(ns, e->sgid),
		c->fsuid = make_uid(ns, e->fsuid), c->fsgid = make_gid(ns, e->fsgid),
	};

	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		if (ids[i] == INVALID_ID)
			return false;
	return true;
}

static int creds_fill(struct cred *c, const struct pb_creds_entry *e, capset_t ambient)
{
	struct user *u;
	int err;

	if (!ids_load(e, c) || !caps_load(e->nr_cap_inh, e->cap_inh, &c->cap_inheritable) ||
	    !caps_load(e->nr_cap_prm, e->cap_prm, &c->cap_permitted) ||
	    !caps_load(e->nr_cap_eff, e->cap_eff, &c->cap_effective) ||
	    !caps_load(e->nr_cap_bnd, e->cap_bnd, &c->cap_bounding))
		return -EINVAL;
	c->securebits = e->secbits;
	c->cap_ambient = ambient;
	u = user_get(c->uid);
	if (!u)
		return -ENOMEM;
	err = groups_load(e, c);
	user_put(err ? u : c->user);
	if (!err)
		c->user = u;
	return err;
}

static int creds_make(struct cr_restore *r, const struct pb_creds_entry *e, u32 user_ns,
		      capset_t ambient, struct cred **out)
{
	struct user_ns *ns;
	struct cred *c;
	int err = cr_userns_find(r, user_ns, &ns);

	if (!err)
		err = cred_prepare(current_cred(), &c);
	if (err)
		return err;
	user_ns_get(ns);
	user_ns_put(c->user_ns);
	c->user_ns = ns;
	err = creds_fill(c, e, ambient);
	if (err)
		cred_put(c);
	else
		*out = c;
	return err;
}

int cr_creds_restore(struct cr_restore *r, struct task *t, const struct pb_creds_entry *e,
		     const struct pb_plimsoll_task *x)
{
	struct cred *c;
	int err = creds_make(r, e, x->user_ns,
			     x->cap_amb_low | (u64)x->cap_amb_high << WORD_BITS, &c);

	if (err)
		return err;
	if (!may_give(current_cred(), c)) {
		cred_put(c);
		return cr_refuse(r, "credentials", x->tid, "are more than the caller's", EPERM,
				 CR_CRED_02);
	}
	cred_give(t, c);
	return 0;
}

/* --- with which a file was opened --- */

static int cred_save(struct cr_save *s, void *object, u32 id)
{
	const struct cred *c = object;
	struct pb_plimsoll_cred e = { .id = id, .ambient = c->cap_ambient };
	int err = 0;

	if (ids_known(c))
		err = cr_ns_opener(s, c->user_ns, &e.user_ns);
	else
		c = current_cred();
	if (!err)
		err = cr_creds_save(s, c, &e.creds);
	return err ? err : cr_put(s, CR_CREDS, 0, &pb_plimsoll_cred_type, &e);
}

/* The restarter's own where these would be more. */
static int cred_restore_class(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_plimsoll_cred *e;
	struct cred *c;
	int err = cr_find(r, CR_CREDS, 0, offsetof(struct pb_plimsoll_cred, id), id, &e);

	if (!err)
		err = creds_make(r, e->creds, e->user_ns, e->ambient, &c);
	if (err)
		return err == -EINVAL ? cr_refuse(r, "credentials", id, "are not sound", EINVAL,
						  CR_IMG_05)
				      : err;
	if (!may_give(current_cred(), c)) {
		cred_put(c);
		c = (struct cred *)cred_get(current_cred());
	}
	*object = c;
	return 0;
}

static void cred_class_get(void *c)
{
	cred_get(c);
}

static void cred_class_put(void *c)
{
	cred_put(c);
}

const struct cr_class cr_cred_class = {
	.name = "credentials",
	.save = cred_save,
	.restore = cred_restore_class,
	.get = cred_class_get,
	.put = cred_class_put,
	.holds = HELD_CRED,
};
