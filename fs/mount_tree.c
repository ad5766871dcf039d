// SPDX-License-Identifier: MIT
/* fs/mount_tree.c - trees of mounts: copied, put in place and taken away as a whole.
 *
 * Copying leaves out what is unbindable. Attaching onto a shared mount makes the tree shared and
 * propagates copies of it (MNTNS-15, MNTNS-16); where a receiver has a mount at that place
 * already, the copy goes beneath it. Unmounting propagates too, and takes a tree apart: a mount
 * kept alive by open files is then alone.
 * Locks: BKL; nothing here sleeps. See mount_namespaces(7). */

#include "fs/names.h"
#include "kernel/deny.h"

/* --- copies --- */

int mount_clone(struct mount *old, struct dentry *root, unsigned how, struct mount **out)
{
	u32 flags = old->flags & ~(MNT_K_INTERNAL | MNT_K_DOOMED | MNT_K_NEW_GROUP);
	bool slave = how & COPY_SLAVE || (how & COPY_SHARED_TO_SLAVE && mount_is_shared(old));
	struct mount *m;
	int err = mount_create(old->sb, root, flags, old->source, &m);

	if (err)
		return err;
	if (slave) {
		mount_set_master(m, old);
	} else if (!(how & COPY_PRIVATE)) {
		if (mount_is_shared(old))
			mount_join_group(m, old);
		mount_share_master(m, old);
	}
	if (how & COPY_SHARED && !mount_is_shared(m))
		err = mount_group_new(m);
	if (err)
		mount_tree_discard(m);
	else
		*out = m;
	return err;
}

/* Is what is mounted at m part of a copy of (top, root)? */
static bool mount_is_copied(const struct mount *m, const struct mount *top,
			    const struct dentry *root, unsigned how)
{
	if (m->flags & MNT_K_UNBINDABLE && !(how & COPY_UNBINDABLE))
		return false;
	if (!(how & COPY_NS_FILES) && dentry_mnt_ns(m->root))
		return false;
	return m->parent != top || dentry_is_ancestor(root, m->mountpoint);
}

/* MNTNS-34: leaving m out would show what it hides. */
static bool mount_is_missed(const struct mount *m, const struct mount *top,
			    const struct dentry *root, unsigned how)
{
	return m->flags & MNT_K_UNBINDABLE && m->flags & MNT_K_LOCKED && !(how & COPY_UNBINDABLE) &&
	       (m->parent != top || dentry_is_ancestor(root, m->mountpoint));
}

int mount_tree_copy(struct mount *top, struct dentry *root, unsigned how, struct mount **out)
{
	struct mount *m, *next;
	int err;

	if (top->flags & MNT_K_UNBINDABLE && !(how & COPY_UNBINDABLE))
		return -EINVAL;
	if (!(how & COPY_NS_FILES) && dentry_mnt_ns(root))
		return deny(EINVAL, MNTNS_44);
	err = mount_clone(top, root, how, &top->copy);
	if (err)
		return err;
	for (m = mount_next(top, top); m; m = next) {
		if (mount_is_missed(m, top, root, how)) {
			mount_tree_discard(top->copy);
			return deny(EPERM, MNTNS_34);
		}
		if (!mount_is_copied(m, top, root, how)) {
			next = mount_skip(m, top);
			continue;
		}
		err = mount_clone(m, m->root, how, &m->copy);
		if (err) {
			mount_tree_discard(top->copy);
			return err;
		}
		mount_attach(m->copy, m->parent->copy, m->mountpoint);
		next = mount_next(m, top);
	}
	*out = top->copy;
	return 0;
}

void mount_tree_lock(struct mount *top)
{
	for (struct mount *m = top; m; m = mount_next(m, top)) {
		m->flags |= MNT_K_LOCK_ATIME | (m->flags & MNT_K_LOCKABLE) << MNT_K_LOCK_SHIFT;
		if (m != top)
			m->flags |= MNT_K_LOCKED;
	}
}

/* In a tree that is in no namespace each mount has the one reference of its maker. */
void mount_tree_discard(struct mount *top)
{
	struct mount *m;

	for (;;) {
		m = top;
		while (!list_empty(&m->children))
			m = list_first(&m->children, struct mount, sibling);
		mount_set_type(m, MS_PRIVATE);
		if (m != top)
			mount_detach(m);
		mount_put(m);
		if (m == top)
			return;
	}
}

/* --- attaching --- */

u64 mount_tree_size(struct mount *top)
{
	u64 n = 0;

	for (struct mount *m = top; m; m = mount_next(m, top))
		n++;
	return n;
}

/* All mounts of the tree enter ns, which takes over the references of their makers. */
void mount_tree_commit(struct mount *top, struct mnt_ns *ns)
{
	for (struct mount *m = top; m; m = mount_next(m, top)) {
		if (m->ns)
			continue;
		mnt_ns_add(ns, m);
		mount_put(m);
	}
	mnt_ns_changed(ns);
}

/* Puts a copy at its place; what is mounted there already goes on top of it. */
static void mount_attach_beneath(struct mount *m, struct mount *parent, struct dentry *mountpoint)
{
	struct mount *above = mount_find(parent, mountpoint);

	if (above)
		mount_detach(above);
	mount_attach(m, parent, mountpoint);
	if (above)
		mount_attach(above, m, m->root);
}

static int mount_count_check(const struct mnt_ns *ns, u64 more)
{
	return ns->nr + more > mount_max ? deny(ENOSPC, MNTNS_47) : 0;
}

int mnt_ns_reserve(struct mnt_ns *ns, u64 more, u64 visit)
{
	if (ns->pending_visit != visit)
		ns->pending = 0;
	ns->pending_visit = visit;
	ns->pending += more;
	return mount_count_check(ns, ns->pending);
}

/* What a receiver is given; MNTNS-33: one with another owner cannot take it apart. */
static void mount_attach_copy(struct mount *m, const struct mnt_ns *from, struct dentry *mountpoint)
{
	struct mnt_ns *to = m->prop_source->ns;

	if (to->ns.owner != from->ns.owner)
		mount_tree_lock(m);
	m->flags &= ~MNT_K_LOCKED;
	mount_attach_beneath(m, m->prop_source, mountpoint);
	mount_tree_commit(m, to);
}

int mount_tree_attach(struct mount *top, const struct path *p)
{
	struct list made = LIST_INIT(made);
	struct mnt_ns *ns = p->mnt->ns;
	bool shared = mount_is_shared(p->mnt), moving = mount_has_parent(top);
	struct mount *m;
	int err = moving ? 0 : mount_count_check(ns, mount_tree_size(top));

	/* A copy might have to go beneath something there. */
	if (dentry_unlinked(top->root))
		return -ENOENT;
	if (err)
		return err;
	if (shared) {
		err = mount_groups_new(top, true);
		if (!err)
			err = propagate_mount(p->mnt, p->dentry, top, &made);
		if (err) {
			mount_groups_cancel(top);
			return err;
		}
		mount_groups_keep(top);
	}
	/* From here on nothing fails. */
	if (moving) {
		mount_detach(top);
		mnt_ns_changed(ns);
	}
	mount_attach(top, p->mnt, p->dentry);
	mount_tree_commit(top, ns);
	while ((m = list_last(&made, struct mount, work))) {
		list_del(&m->work);
		mount_attach_copy(m, current_mnt_ns(), p->dentry);
	}
	return 0;
}

/* --- unmounting --- */

bool mount_busy(const struct mount *m, u32 allowed_refs)
{
	return !list_empty(&m->children) || m->refs.n > allowed_refs;
}

static void doom(struct mount *m, struct list *doomed)
{
	m->flags |= MNT_K_DOOMED;
	mount_get(m);
	list_add_tail(doomed, &m->work);
}

/* Can m go, with all that is on it going too or sitting on top of its root? That stays, one
 * deeper. */
static bool may_doom(const struct mount *m)
{
	struct mount *child;

	if (m->flags & MNT_K_LOCKED)
		return false;
	list_for_each(child, &m->children, sibling)
		if (!(child->flags & MNT_K_DOOMED) && child->mountpoint != m->root)
			return false;
	return true;
}

/* Dooms m if it can go, then its parent if that waited only for m. */
static void doom_upwards(struct mount *m, struct list *doomed, u64 run)
{
	for (;;) {
		if (!may_doom(m)) {
			m->blocked = run;
			return;
		}
		doom(m, doomed);
		m = m->parent;
		if (m->blocked != run || m->flags & MNT_K_DOOMED)
			return;
	}
}

/* The mounts that peers and slaves have at the place of a doomed one go as well. */
static void doom_propagated(struct mount *m, struct list *doomed, u64 run)
{
	struct list receivers = LIST_INIT(receivers);
	struct mount *r, *next, *child;

	if (!mount_has_parent(m))
		return;
	propagation_collect(m->parent, &receivers);
	list_for_each_safe(r, next, &receivers, prop_link) {
		list_del(&r->prop_link);
		child = mount_find(r, m->mountpoint);
		if (child && !(child->flags & MNT_K_DOOMED))
			doom_upwards(child, doomed, run);
	}
}

/* What sits on a doomed mount and stays moves to where the doomed ones are. */
static void doomed_let_go(struct mount *m)
{
	struct mount *child, *next, *parent = m;
	struct dentry *at = NULL;

	while (mount_has_parent(parent) && parent->flags & MNT_K_DOOMED) {
		at = parent->mountpoint;
		parent = parent->parent;
	}
	list_for_each_safe(child, next, &m->children, sibling) {
		if (child->flags & MNT_K_DOOMED)
			continue;
		assert(at);
		mount_detach(child);
		mount_attach(child, parent, at);
	}
}

void mount_tree_umount(struct mount *top, unsigned how)
{
	static u64 last_run;
	struct list doomed = LIST_INIT(doomed), own = LIST_INIT(own);
	struct mount *m, *next;
	u64 run = ++last_run;

	for (m = top; m; m = mount_next(m, top))
		doom(m, &own);
	if (how & UMOUNT_PROPAGATE)
		for (struct list *l = own.prev; l != &own; l = l->prev)	/* leaves first */
			doom_propagated(list_entry(l, struct mount, work), &doomed, run);
	list_for_each(m, &doomed, work)
		doomed_let_go(m);
	list_splice_tail(&doomed, &own);
	list_for_each_safe(m, next, &doomed, work) {
		struct mnt_ns *ns = m->ns;

		list_del(&m->work);
		mount_set_type(m, MS_PRIVATE);
		if (mount_has_parent(m))
			mount_detach(m);
		m->flags &= ~MNT_K_DOOMED;
		mnt_ns_remove(m);
		if (ns)
			mnt_ns_changed(ns);
		mount_put(m);
	}
}
