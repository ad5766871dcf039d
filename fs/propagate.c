// SPDX-License-Identifier: MIT
/* fs/propagate.c - propagation: who else sees a mount or an unmount, and how mounts are related.
 *
 *   peer group: a ring (peers) of mounts with one group_id; what happens on one happens on all
 *     (MNTNS-04)
 *   slave: receives from its master (a member of a peer group), sends nothing there (MNTNS-06)
 *
 * A mount may be both: a member of a group whose members are slaves. group_id 0: not shared.
 * Without either it is private (MNTNS-05), or unbindable; changes lead from each to each
 * (MNTNS-08, MNTNS-12, MNTNS-13).
 * Group ids are the smallest free numbers from 1 (MNTNS-10); the last member frees its id.
 * What is mounted on one member is copied for each other one as a peer of the original, for
 * each slave group as a slave of it. "visit" marks the mounts one operation has seen.
 * Locks: BKL. See mount_namespaces(7), "SHARED SUBTREES". */

#include "fs/names.h"
#include "lib/radix.h"

static struct radix group_ids;
static u64 last_visit;

/* --- peer groups --- */

int mount_group_new(struct mount *m)
{
	u64 id;
	int err = radix_free_index(&group_ids, 1, INT_MAX, &id);

	if (!err)
		err = radix_set(&group_ids, id, &group_ids);
	if (err)
		return -ENOMEM;
	m->group_id = id;
	return 0;
}

void mount_join_group(struct mount *m, struct mount *peer)
{
	assert(!m->group_id && list_empty(&m->peers));
	m->group_id = peer->group_id;
	list_add(&peer->peers, &m->peers);
}

static void mount_leave_group(struct mount *m)
{
	if (!m->group_id)
		return;
	if (list_empty(&m->peers))
		radix_erase(&group_ids, m->group_id);
	list_del(&m->peers);
	m->group_id = 0;
}

int mount_groups_new(struct mount *top, bool recurse)
{
	for (struct mount *m = top; m; m = recurse ? mount_next(m, top) : NULL) {
		if (mount_is_shared(m))
			continue;
		if (mount_group_new(m)) {
			mount_groups_cancel(top);
			return -ENOMEM;
		}
		m->flags |= MNT_K_NEW_GROUP;
	}
	return 0;
}

void mount_groups_keep(struct mount *top)
{
	for (struct mount *m = top; m; m = mount_next(m, top))
		m->flags &= ~MNT_K_NEW_GROUP;
}

void mount_groups_cancel(struct mount *top)
{
	for (struct mount *m = top; m; m = mount_next(m, top)) {
		if (m->flags & MNT_K_NEW_GROUP)
			mount_leave_group(m);
		m->flags &= ~MNT_K_NEW_GROUP;
	}
}

/* --- masters and types --- */

void mount_set_master(struct mount *m, struct mount *master)
{
	list_del(&m->slave_link);
	m->master = master;
	if (master)
		list_add(&master->slaves, &m->slave_link);
}

void mount_share_master(struct mount *m, struct mount *slave)
{
	m->master = slave->master;
	if (m->master)
		list_add(&slave->slave_link, &m->slave_link);
}

/* A former peer that can stand in for m: one with the same root where there is one. */
static struct mount *mount_successor(const struct mount *m)
{
	struct mount *p;

	if (list_empty(&m->peers))
		return m->master;
	list_for_each(p, &m->peers, peers)
		if (p->root == m->root)
			return p;
	return list_entry(m->peers.next, struct mount, peers);
}

/* m leaves its group and becomes a slave of it; alone in it, of its own master (MNTNS-11). m's
 * slaves get the same master, behind those it has. */
static void mount_make_slave(struct mount *m)
{
	struct mount *master = mount_successor(m), *s;

	mount_leave_group(m);
	mount_set_master(m, master);
	while ((s = list_first(&m->slaves, struct mount, slave_link))) {
		mount_set_master(s, NULL);
		s->master = master;
		if (master)
			list_add_tail(&master->slaves, &s->slave_link);
	}
}

void mount_set_type(struct mount *m, u64 ms_type)
{
	if (ms_type == MS_SHARED) {
		assert(mount_is_shared(m));	/* mount_groups_new() came before */
		m->flags &= ~MNT_K_UNBINDABLE;
		return;
	}
	if (mount_is_shared(m) || !list_empty(&m->slaves))
		mount_make_slave(m);
	if (ms_type == MS_SLAVE)
		return;
	mount_set_master(m, NULL);
	if (ms_type == MS_UNBINDABLE)
		m->flags |= MNT_K_UNBINDABLE;
	else
		m->flags &= ~MNT_K_UNBINDABLE;
}

/* --- who receives --- */

/* Marks m's whole group (or m alone). */
static void mark_group(struct mount *m, u64 visit)
{
	struct mount *p;

	m->visit = visit;
	list_for_each(p, &m->peers, peers)
		p->visit = visit;
}

/* Queues one member of each group of slaves that m's own members have and that was not seen yet. */
static void queue_slaves(struct mount *m, struct mount *source, struct list *queue, u64 visit)
{
	struct mount *s;

	list_for_each(s, &m->slaves, slave_link) {
		if (s->visit == visit || !s->ns)	/* seen, or a copy just made */
			continue;
		mark_group(s, visit);
		s->prop_source = source;
		list_add_tail(queue, &s->prop_link);
	}
}

/* The slaves of m's group go before what is queued already: depth first, as on Linux. */
static void queue_group_slaves(struct mount *m, struct mount *source, struct list *queue, u64 visit)
{
	struct list before = LIST_INIT(before);
	struct mount *p;

	queue_slaves(m, source, &before, visit);
	list_for_each(p, &m->peers, peers)
		queue_slaves(p, source, &before, visit);
	list_splice_tail(&before, queue);
	list_splice_tail(queue, &before);
}

void propagation_collect(struct mount *from, struct list *out)
{
	struct list queue = LIST_INIT(queue);
	u64 visit = ++last_visit;
	struct mount *m = from, *p;

	mark_group(from, visit);
	while (m) {
		list_for_each(p, &m->peers, peers)
			list_add_tail(out, &p->prop_link);
		queue_group_slaves(m, NULL, &queue, visit);
		if (m != from)
			list_add_tail(out, &m->prop_link);
		m = list_first(&queue, struct mount, prop_link);
		if (m)
			list_del(&m->prop_link);
	}
}

/* --- copies for receivers --- */

struct propagation {
	struct mount *dest;		/* where the original goes */
	struct dentry *mountpoint;
	struct mount *source;		/* the original */
	u64 visit;
	struct list *made;
};

/* One receiver's copy of from. */
static int propagate_one(struct propagation *pr, struct mount *receiver, struct mount *from,
			 unsigned how, struct mount **out)
{
	int err = mount_tree_copy(from, from->root, how, out);

	if (err)
		return err;
	(*out)->prop_source = receiver;
	list_add_tail(pr->made, &(*out)->work);
	return mnt_ns_reserve(receiver->ns, mount_tree_size(*out), pr->visit);
}

/* The copy for one member of a group. *latest: the copy made last for the group, which this one
 * becomes a peer of; NULL: none yet, it is made as a slave of the copy at the master. */
static int propagate_member(struct propagation *pr, struct mount *m, struct mount *master_copy,
			    struct mount **latest)
{
	unsigned how = COPY_SLAVE | (mount_is_shared(m) ? COPY_SHARED : 0);
	struct mount *copy;
	int err;

	if (m == pr->dest || !m->ns || m->ns->anon || !dentry_is_ancestor(m->root, pr->mountpoint))
		return 0;
	err = propagate_one(pr, m, *latest ? *latest : master_copy, *latest ? 0 : how, &copy);
	if (!err)
		*latest = copy;
	return err;
}

static int propagate_group(struct propagation *pr, struct mount *m, struct mount *master_copy,
			   struct list *queue, u64 visit)
{
	struct mount *latest = m == pr->dest ? pr->source : NULL, *p;
	int err = propagate_member(pr, m, master_copy, &latest);

	list_for_each(p, &m->peers, peers) {
		if (err)
			return err;
		err = propagate_member(pr, p, master_copy, &latest);
	}
	if (!err)
		queue_group_slaves(m, latest ? latest : master_copy, queue, visit);
	return err;
}

int propagate_mount(struct mount *dest, struct dentry *mountpoint, struct mount *source,
		    struct list *made)
{
	u64 visit = ++last_visit, more = mount_has_parent(source) ? 0 : mount_tree_size(source);
	struct propagation pr = { dest, mountpoint, source, visit, made };
	struct list queue = LIST_INIT(queue);
	struct mount *m, *next;
	int err;

	mark_group(dest, visit);
	err = mnt_ns_reserve(dest->ns, more, visit);
	if (!err)
		err = propagate_group(&pr, dest, source, &queue, visit);
	while (!err && (m = list_first(&queue, struct mount, prop_link))) {
		list_del(&m->prop_link);
		err = propagate_group(&pr, m, m->prop_source, &queue, visit);
	}
	if (!err)
		return 0;
	list_for_each_safe(m, next, &queue, prop_link)
		list_del(&m->prop_link);
	list_for_each_safe(m, next, made, work) {
		list_del(&m->work);
		mount_tree_discard(m);
	}
	return err;
}
