// SPDX-License-Identifier: MIT
/* cr/ns_user.c - user namespaces: userns-ID.img, the maps of users and groups; what CRIU has no
 * field for in plimsoll-userns.img.
 *
 * Ids outside stand as the checkpointer numbers them; those it cannot number are refused. Making
 * one needs no privilege. Its maps are held against the parent's, and where the parent is the
 * restarter's own, against what a writer of uid_map and gid_map may do (USERNS-08 to 14). */
#include "cr/internal.h"
#include "kernel/cred_internal.h"
#include "mm/slab.h"
#include "ns/user.h"

#define LEVEL_MAX 32			/* USERNS-21: of a parent */

/* --- maps --- */

/* Both ends of a range, as ns numbers them; INVALID_ID unless all of it is there. */
static u32 range_number(const struct user_ns *ns, u32 first, u32 count,
			u32 (*number)(const struct user_ns *ns, u32 id))
{
	u32 from = number(ns, first), to = number(ns, first + (count - 1));

	if (!count || from == INVALID_ID || to == INVALID_ID || to - from != count - 1)
		return INVALID_ID;
	return from;
}

static int map_save(struct cr_save *s, const struct id_map *map, u32 id,
		    u32 (*number)(const struct user_ns *ns, u32 id),
		    struct pb_uid_gid_extent ***out, u32 *nr)
{
	*out = cr_array(s, map->nr + 1, struct pb_uid_gid_extent *);
	if (!*out)
		return -ENOMEM;
	for (u32 i = 0; i < map->nr; i++) {
		const struct id_extent *x = &map->extents[2 * map->nr + i];	/* as shown */
		struct pb_uid_gid_extent *e = cr_new(s, struct pb_uid_gid_extent);
		u32 outside = range_number(current_user_ns(), x->outside, x->count, number);

		if (!e)
			return -ENOMEM;
		if (outside == INVALID_ID)
			return cr_refuse(s, "user namespace", id, "maps ids from elsewhere", EBUSY,
					 CR_NS_03);
		*e = (struct pb_uid_gid_extent){ x->inside, outside, x->count };
		(*out)[(*nr)++] = e;
	}
	return 0;
}

static bool extents_overlap(const struct id_extent *a, const struct id_extent *b)
{
	return (a->inside < b->inside + b->count && b->inside < a->inside + a->count) ||
	       (a->outside < b->outside + b->count && b->outside < a->outside + a->count);
}

static bool extent_sound(const struct id_extent *all, u32 nr)
{
	const struct id_extent *e = &all[nr];

	if (!e->count || e->inside + e->count < e->inside || e->outside + e->count < e->outside)
		return false;
	for (u32 i = 0; i < nr; i++)
		if (extents_overlap(&all[i], e))
			return false;
	return true;
}

/* How ids of one sort become kernel ids, and back. */
struct id_sort {
	u32 (*from)(const struct user_ns *ns, u32 id);
	u32 (*make)(const struct user_ns *ns, u32 id);
	int cap;
	bool groups;
};
static const struct id_sort uids = { from_uid, make_uid, CAP_SETUID, false };
static const struct id_sort gids = { from_gid, make_gid, CAP_SETGID, true };

/* Below the restarter's own: one id, its own, or a capability; root with one more. */
static bool map_allowed(const struct user_ns *ns, const struct id_sort *sort,
			const struct id_extent *all, u32 nr)
{
	const struct cred *c = current_cred();
	bool own = nr == 1 && all[0].count == 1 && ns->owner_uid == c->euid &&
		   (sort->groups ? !ns->setgroups_allowed && all[0].outside == c->egid
				 : all[0].outside == c->euid);

	for (u32 i = 0; i < nr && !sort->groups; i++)
		if (from_uid(ns->parent, all[i].outside) == 0 &&
		    !capable_in(ns->parent, CAP_SETFCAP))
			return false;
	return own || capable_in(ns->parent, sort->cap);
}

static int map_restore(struct cr_restore *r, struct user_ns *ns, const struct id_sort *sort,
		       struct pb_uid_gid_extent **e, u32 nr, struct id_map *map)
{
	struct id_extent *all = cr_array(r, nr + 1, struct id_extent);

	if (!all)
		return -ENOMEM;
	if (nr > ID_EXTENTS_MAX)
		return cr_refuse(r, "user namespace", nr, "maps too much", EINVAL, CR_IMG_05);
	for (u32 i = 0; i < nr; i++) {
		all[i] = (struct id_extent){ e[i]->first, 0, e[i]->count };
		all[i].outside = range_number(current_user_ns(), e[i]->lower_first, e[i]->count,
					      sort->make);
		if (all[i].outside == INVALID_ID || !extent_sound(all, i))
			return cr_refuse(r, "user namespace", i, "has a bad map", EINVAL,
					 CR_IMG_05);
		if (range_number(ns->parent, all[i].outside, all[i].count, sort->from) ==
		    INVALID_ID)
			return cr_refuse(r, "user namespace", i, "maps what its parent does not",
					 EPERM, USERNS_13);
	}
	if (nr && ns->parent == current_user_ns() && !map_allowed(ns, sort, all, nr))
		return cr_refuse(r, "user namespace", nr, "maps ids of others", EPERM, CR_API_15);
	return nr ? id_map_set(map, all, nr) : 0;
}

/* --- the class --- */

static int userns_save(struct cr_save *s, void *object, u32 id)
{
	const struct user_ns *ns = to_user_ns(object), *mine = current_user_ns();
	struct pb_plimsoll_userns x = {
		.id = id,
		.owner_uid = from_uid(mine, ns->owner_uid),
		.owner_gid = from_gid(mine, ns->owner_gid),
		.setgroups = ns->setgroups_allowed, .setfcap = ns->parent_could_setfcap != 0,
		.nr_max = NS_KINDS, .max = cr_array(s, ARRAY_SIZE(ns->max), u64),
	};
	struct pb_userns_entry e = {};
	int err = 0;

	if (!ns->parent || x.owner_uid == INVALID_ID || x.owner_gid == INVALID_ID)
		return cr_refuse(s, "user namespace", id, "is not below the caller's", EBUSY,
				 CR_NS_03);
	if (!x.max)
		return -ENOMEM;
	for (u32 i = 0; i < x.nr_max; i++)
		x.max[i] = ns->max[i];
	err = cr_ns_common_save(s, object, id);		/* its parent first */
	if (!err)
		err = map_save(s, &ns->uid_map, id, from_uid, &e.uid_map, &e.nr_uid_map);
	if (!err)
		err = map_save(s, &ns->gid_map, id, from_gid, &e.gid_map, &e.nr_gid_map);
	if (!err)
		err = map_save(s, &ns->projid_map, id, from_uid, &x.projid_map, &x.nr_projid_map);
	if (!err)
		err = cr_put(s, CR_USERNS, id, &pb_userns_entry_type, &e);
	return err ? err : cr_put(s, CR_USERNS_MORE, 0, &pb_plimsoll_userns_type, &x);
}

static int userns_fill(struct cr_restore *r, struct user_ns *ns, const struct pb_userns_entry *e,
		       const struct pb_plimsoll_userns *x)
{
	bool outer = ns->parent == current_user_ns();
	int err;

	ns->owner_gid = make_gid(current_user_ns(), x->owner_gid);
	if (ns->owner_gid == INVALID_ID || x->nr_max > ARRAY_SIZE(ns->max))
		return cr_refuse(r, "user namespace", x->id, "is not sound", EINVAL, CR_IMG_05);
	ns->setgroups_allowed = x->setgroups && ns->parent->setgroups_allowed;
	if (!outer || capable_in(ns->parent, CAP_SETFCAP))
		ns->parent_could_setfcap = x->setfcap ? CAP_FULL : 0;
	for (u32 i = 0; i < x->nr_max; i++)
		ns->max[i] = MIN(x->max[i], (u64)INT_MAX);
	err = map_restore(r, ns, &uids, e->uid_map, e->nr_uid_map, &ns->uid_map);
	if (!err)
		err = map_restore(r, ns, &gids, e->gid_map, e->nr_gid_map, &ns->gid_map);
	if (!err)
		err = map_restore(r, ns, &uids, x->projid_map, x->nr_projid_map, &ns->projid_map);
	return err;
}

static int userns_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_plimsoll_userns *x;
	const struct pb_userns_entry *e;
	struct cr_ns_maker m;
	struct ns_common *ns;
	kid_t owner;
	int err = cr_message(r, CR_USERNS, id, &e);

	if (!err)
		err = cr_find(r, CR_USERNS_MORE, 0, offsetof(struct pb_plimsoll_userns, id), id,
			      &x);
	if (!err)
		err = cr_ns_begin(r, NS_KIND_USER, id, &m);
	if (err)
		return err;
	owner = make_uid(current_user_ns(), x->owner_uid);
	err = m.owner->level > LEVEL_MAX ? deny(ENOSPC, USERNS_21) : 0;
	if (!err && (owner == INVALID_ID || !cr_uid_allowed(m.owner, owner)))
		err = cr_refuse(r, "user namespace", id, "is another's", EPERM, CR_API_15);
	if (!err)
		err = user_ns_type.create(NULL, m.owner, &ns);
	cr_ns_end(&m, err ? NULL : ns);
	if (err)
		return err;
	to_user_ns(ns)->owner_uid = owner;
	err = userns_fill(r, to_user_ns(ns), e, x);
	if (err)
		ns_put(ns);
	else
		*object = ns;
	return err;
}

const struct cr_class cr_userns_class = {
	.name = "user namespace",
	.save = userns_save,
	.restore = userns_restore,
	.get = cr_ns_get,
	.put = cr_ns_put,
	.holds = HELD_NAMESPACE,
};
