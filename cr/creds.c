// SPDX-License-Identifier: MIT
/* cr/creds.c - credentials of a thread: creds_entry of core-N.img.
 *
 * Ids stand as the checkpointer's user namespace shows them. An image gives no privilege
 * (CR-API-15, CR-CRED-02): ids other than the caller's need CAP_SETUID and CAP_SETGID, and no
 * capability is given that the caller has not. */
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

int cr_creds_save(struct cr_save *s, const struct cred *c, struct pb_creds_entry **out)
{
	const struct user_ns *ns = current_user_ns();
	struct pb_creds_entry *e = cr_new(s, struct pb_creds_entry);

	if (!e)
		return -ENOMEM;
	if (c->user_ns != ns)
		return cr_refuse(s, "user namespace", c->user_ns->ns.inum, "is another", EBUSY,
				 CR_NS_03);
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
		g->ids[i] = make_gid(c->user_ns, e->groups[i]);
		if (g->ids[i] == INVALID_ID || (i && g->ids[i] < g->ids[i - 1])) {
			kfree(g);
			return -EINVAL;
		}
	}
	groups_put(c->groups);
	c->groups = g;
	return 0;
}

/* May the caller, who has old, give a task new? */
static bool may_give(const struct cred *old, const struct cred *new)
{
	bool same_uid = new->uid == old->uid && new->euid == old->euid && new->suid == old->suid &&
			new->fsuid == old->fsuid;
	bool same_gid =
		new->gid == old->gid &&new->egid == old->egid &&new->sgid ==
			old->sgid &&new->fsgid == old->fsgid &&new->groups->nr == old->groups->nr &&
		!memcmp(new->groups->ids, old->groups->ids, new->groups->nr * sizeof(kid_t));

	if ((!same_uid && !capable_in(old->user_ns, CAP_SETUID)) ||
	    (!same_gid && !capable_in(old->user_ns, CAP_SETGID)))
		return false;
	if (new->securebits != old->securebits && !capable_in(old->user_ns, CAP_SETPCAP))
		return false;
	return !(new->cap_permitted & ~old->cap_permitted) &&
	       !(new->cap_effective & ~new->cap_permitted) &&
	       !(new->cap_ambient & ~(new->cap_permitted & new->cap_inheritable)) &&
	       !(new->cap_inheritable & ~(old->cap_inheritable | old->cap_permitted)) &&
	       !(new->cap_bounding & ~old->cap_bounding);
}

static bool ids_load(const struct pb_creds_entry *e, struct cred *c)
{
	const struct user_ns *ns = c->user_ns;
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

static int creds_fill(struct cred *c, const struct pb_creds_entry *e,
		      const struct pb_plimsoll_task *x)
{
	struct user *u;
	int err;

	if (!ids_load(e, c) || !caps_load(e->nr_cap_inh, e->cap_inh, &c->cap_inheritable) ||
	    !caps_load(e->nr_cap_prm, e->cap_prm, &c->cap_permitted) ||
	    !caps_load(e->nr_cap_eff, e->cap_eff, &c->cap_effective) ||
	    !caps_load(e->nr_cap_bnd, e->cap_bnd, &c->cap_bounding))
		return -EINVAL;
	c->securebits = e->secbits;
	c->cap_ambient = x->cap_amb_low | (u64)x->cap_amb_high << WORD_BITS;
	u = user_get(c->uid);
	if (!u)
		return -ENOMEM;
	err = groups_load(e, c);
	user_put(err ? u : c->user);
	if (!err)
		c->user = u;
	return err;
}

int cr_creds_restore(struct cr_restore *r, struct task *t, const struct pb_creds_entry *e,
		     const struct pb_plimsoll_task *x)
{
	struct cred *c;
	int err = cred_prepare(current_cred(), &c);

	if (err)
		return err;
	err = creds_fill(c, e, x);
	if (!err && !may_give(current_cred(), c))
		err = cr_refuse(r, "credentials", x->tid, "are more than the caller's", EPERM,
				CR_CRED_02);
	if (err) {
		cred_put(c);
		return err;
	}
	cred_give(t, c);
	return 0;
}
