// SPDX-License-Identifier: MIT
/* cr/ns_mnt.c - mount namespaces: mountpoints-ID.img, every mount in order of mounting.
 *
 * A mount says which file system it shows (plimsoll-super.img, cr/supers.c), which directory of it,
 * and where in which mount it lies; ids count over all namespaces of the image. Peer groups and
 * masters are named by the first mount of the group; those outside by the path of a member that the
 * checkpointer sees, and must be there and shared at restart. Namespaces that are mounted
 * (nsfs) are named by kind and id. Making one asks for CAP_SYS_ADMIN over the restarter's own mount
 * namespace: nobody gets to see below a mount by way of an image (CR-API-15). */
#include "cr/internal.h"

#include <linux/mount.h>

#include "fs/names.h"
#include "mm/slab.h"
#include "ns/mnt.h"

#define MOUNTS_MAX 100000

/* Bits of mnt_entry.own, never others. */
static const struct { u32 flag, own; } own_flags[] = {
	{ MNT_K_RDONLY, BIT(0) },	{ MNT_K_NOSUID, BIT(1) },
	{ MNT_K_NODEV, BIT(2) },	{ MNT_K_NOEXEC, BIT(3) },
	{ MNT_K_NOATIME, BIT(4) },	{ MNT_K_NODIRATIME, BIT(5) },
	{ MNT_K_RELATIME, BIT(6) },	{ MNT_K_NOSYMFOLLOW, BIT(7) },
	{ MNT_K_UNBINDABLE, BIT(8) },	{ MNT_K_LOCKED, BIT(9) },
	{ MNT_K_LOCK_ATIME, BIT(10) },
	{ MNT_K_RDONLY << MNT_K_LOCK_SHIFT, BIT(11) },
	{ MNT_K_NOSUID << MNT_K_LOCK_SHIFT, BIT(12) },
	{ MNT_K_NODEV << MNT_K_LOCK_SHIFT, BIT(13) },
	{ MNT_K_NOEXEC << MNT_K_LOCK_SHIFT, BIT(14) },
};
static const struct { u32 flag; u64 ms; } ms_flags[] = {
	{ MNT_K_RDONLY, MS_RDONLY },	 { MNT_K_NOSUID, MS_NOSUID },
	{ MNT_K_NODEV, MS_NODEV },	 { MNT_K_NOEXEC, MS_NOEXEC },
	{ MNT_K_NOATIME, MS_NOATIME },	 { MNT_K_NODIRATIME, MS_NODIRATIME },
	{ MNT_K_RELATIME, MS_RELATIME }, { MNT_K_UNBINDABLE, MS_UNBINDABLE },
};

/* --- mounts as objects: id by id, for paths in them --- */

static void mount_class_get(void *m)
{
	mount_get(m);
}

static void mount_class_put(void *m)
{
	mount_put(m);
}

/* Mounts are entered by their namespace. */
static int mount_class_save(struct cr_save *s, void *m, u32 id)
{
	return cr_refuse(s, "mount", id, ((struct mount *)m)->source, EBUSY, CR_NS_04);
}

static int mount_class_restore(struct cr_restore *r, u32 id, void **object)
{
	(void)object;
	return cr_refuse(r, "mount", id, "is missing", EINVAL, CR_IMG_02);
}

const struct cr_class cr_mount_class = {
	.name = "mount",
	.save = mount_class_save,
	.restore = mount_class_restore,
	.get = mount_class_get,
	.put = mount_class_put,
	.holds = HELD_MOUNT,
};

int cr_mount_id(struct cr_save *s, struct mount *m, u32 *id)
{
	u32 ns;
	int err = 0;

	*id = 0;
	if (m->ns == current_mnt_ns() || m->flags & MNT_K_INTERNAL)
		return 0;
	if (m->ns && m->ns->ns.type)		/* else a tree that open_tree(2) made */
		err = cr_ns_id(s, &m->ns->ns, &ns);
	*id = objtab_id(&s->objects, &cr_mount_class, m);
	if (!err && !*id)
		err = cr_refuse(s, "mount", m->id, "is in no namespace", EBUSY, CR_NS_04);
	return err;
}

/* --- save --- */

int cr_dentry_text(struct cr_save *s, const struct dentry *de, const struct dentry *top, char **out)
{
	char *buf = arena_alloc(&s->arena, PATH_MAX_LEN), *at = buf + PATH_MAX_LEN - 1;

	if (!buf)
		return -ENOMEM;
	for (; de != top && de->parent != de; de = de->parent) {
		if (at - buf < (ssize_t)de->name_len + 1)
			return -ENAMETOOLONG;
		at -= de->name_len;
		memcpy(at, de->name, de->name_len);
		*--at = '/';
	}
	*out = *at ? at : strcpy(--at, "/");
	return 0;
}

/* The first of the group that the image has; 0: none (yet). */
static u32 group_id(struct cr_save *s, struct mount *m)
{
	u32 first = objtab_id(&s->objects, &cr_mount_class, m);
	struct mount *p;

	list_for_each(p, &m->peers, peers) {
		u32 id = objtab_id(&s->objects, &cr_mount_class, p);

		if (id && (!first || id < first))
			first = id;
	}
	return first;
}

/* Where the checkpointer sees a member of m's group, or NULL. */
static char *group_outside(struct cr_save *s, struct mount *m)
{
	struct mount *p;

	if (m->ns == current_mnt_ns())
		return cr_mount_path(s, m);
	list_for_each(p, &m->peers, peers)
		if (p->ns == current_mnt_ns())
			return cr_mount_path(s, p);
	return NULL;
}

static int relations_save(struct cr_save *s, struct mount *m, struct pb_mnt_entry *e)
{
	char *text;

	if (mount_is_shared(m)) {
		e->has_shared_id = true;
		e->shared_id = group_id(s, m);
		text = group_outside(s, m);
		e->has_peer_path = text;
		e->peer_path = pb_text(text ? text : "");
	}
	if (!m->master)
		return 0;
	e->has_master_id = true;
	e->master_id = group_id(s, m->master);
	text = group_outside(s, m->master);
	e->has_master_path = !e->master_id && text;
	e->master_path = pb_text(e->has_master_path ? text : "");
	if (e->master_id || text)
		return 0;
	if (!m->master->ns || m->master->ns == m->ns)
		return cr_refuse(s, "mount", e->mnt_id, "has a master nobody sees", EBUSY,
				 CR_NS_04);
	/* In a namespace of the image that comes later. */
	return cr_mount_id(s, m->master, &e->master_id);
}

static int mount_root_save(struct cr_save *s, struct mount *m, struct pb_mnt_entry *e)
{
	struct ns_common *ns = nsfs_ns(m->root);
	struct mount *source;
	char *text = "/";
	int err;

	if (ns) {
		e->has_ns_kind = e->has_ns_id = true;
		e->root = pb_text("/");
		return cr_ns_number(s, ns, &e->ns_kind, &e->ns_id);
	}
	err = cr_super_find(s, m, &source);
	if (!err)
		err = cr_save_object(s, &cr_super_class, source, &e->root_dev);
	if (err)
		return err;
	if (dentry_unlinked(m->root))
		return cr_refuse(s, "mount", e->mnt_id, "of what was removed", EBUSY, CR_NS_04);
	err = cr_dentry_text(s, m->root, source->root, &text);
	e->root = pb_text(text);
	return err;
}

static int mount_save(struct cr_save *s, struct mount *m, u32 id)
{
	struct pb_mnt_entry e = {
		.fstype = cr_fstype(m->sb->type->name),
		.mnt_id = id,
		.parent_mnt_id = mount_has_parent(m)
					 ? objtab_id(&s->objects, &cr_mount_class, m->parent) : 0,
		.source = pb_text(m->source ? m->source : ""),
		.options = pb_text(""),
		.has_fsname = true, .fsname = pb_text(m->sb->type->name),
		.has_own = true,
		.has_sb_flags = true, .sb_flags = m->sb->flags,
	};
	char *text = "/";
	int err = mount_root_save(s, m, &e);

	for (size_t i = 0; i < ARRAY_SIZE(own_flags); i++)
		e.own |= m->flags & own_flags[i].flag ? own_flags[i].own : 0;
	for (size_t i = 0; i < ARRAY_SIZE(ms_flags); i++)
		e.flags |= m->flags & ms_flags[i].flag ? ms_flags[i].ms : 0;
	if (!err && mount_has_parent(m))
		err = cr_dentry_text(s, m->mountpoint, m->parent->root, &text);
	if (!err && mount_has_parent(m) && dentry_unlinked(m->mountpoint))
		err = cr_refuse(s, "mount", id, "on what was removed", EBUSY, CR_NS_04);
	e.mountpoint = pb_text(text);
	if (!err)
		err = relations_save(s, m, &e);
	return err ? err : cr_put(s, CR_MNTS, s->mntns, &pb_mnt_entry_type, &e);
}

static int mntns_save(struct cr_save *s, void *object, u32 id)
{
	struct mnt_ns *ns = to_mnt_ns(object);
	struct mount *m;
	int err = cr_ns_common_save(s, object, id);

	list_for_each(m, &ns->mounts, ns_link) {
		u32 nr = 0;

		if (!err)
			err = objtab_add(&s->objects, &cr_mount_class, m, true, &nr);
	}
	list_for_each(m, &ns->mounts, ns_link) {
		s->mntns = id;
		if (!err)
			err = mount_save(s, m, objtab_id(&s->objects, &cr_mount_class, m));
	}
	return err;
}

/* --- restart: one mount --- */

/* A mount of the image by its id: borrowed. Its namespace is made if it is not there yet. */
int cr_mount_find(struct cr_restore *r, u32 id, struct mount **out)
{
	struct cr_member_in *in;
	void *ns;
	int err = 0;

	*out = objtab_object(&r->objects, &cr_mount_class, id);
	list_for_each(in, &r->members, link)
		if (!*out && !err && in->kind == CR_MNTS) {
			err = cr_restore_object(r, &cr_mntns_class, in->id, &ns);
			*out = objtab_object(&r->objects, &cr_mount_class, id);
		}
	if (!err && !*out)
		err = cr_refuse(r, "mount", id, "is missing", EINVAL, CR_IMG_02);
	return err;
}

/* text below top, as far as current may go: counted. */
int cr_dentry_walk(struct dentry *top, const char *text, struct dentry **out)
{
	struct dentry *de = dentry_get(top), *next;
	int err = 0;

	while (*text && !err) {
		size_t len = strcspn(text, "/");

		if (!len) {
			text++;
			continue;
		}
		if (!dentry_is_dir(de)) {
			err = -ENOTDIR;
			break;
		}
		err = inode_permission(de->inode, MAY_EXEC);
		if (err)
			break;
		mutex_lock(&de->inode->lock);
		err = dir_lookup(de, text, len, &next);
		mutex_unlock(&de->inode->lock);
		if (err)
			break;
		dentry_put(de);
		de = next;
		err = de->inode ? 0 : -ENOENT;
		text += len;
	}
	if (err)
		dentry_put(de);
	else
		*out = de;
	return err;
}

static int mount_make(struct cr_restore *r, const struct pb_mnt_entry *e, struct mount **out)
{
	struct path at = {};
	void *source = NULL;
	struct dentry *root;
	u32 flags = 0;
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(own_flags); i++)
		flags |= e->own & own_flags[i].own ? own_flags[i].flag : 0;
	if (e->has_ns_kind) {
		err = cr_ns_path(r, e->ns_kind, e->ns_id, &at);
		if (err)
			return err;
		err = mount_create(at.mnt->sb, at.dentry, flags, (char *)e->source.data, out);
		path_put(&at);
		return err;
	}
	err = cr_restore_object(r, &cr_super_class, e->root_dev, &source);
	if (!err)
		err = cr_dentry_walk(((struct mount *)source)->root, (char *)e->root.data, &root);
	if (err)
		return cr_refuse(r, "mount", e->mnt_id, (char *)e->root.data, -err, CR_NS_04);
	err = mount_create(((struct mount *)source)->sb, root, flags, (char *)e->source.data, out);
	dentry_put(root);
	return err;
}

/* --- restart: peer groups and masters, by the id of the first mount of the group --- */

/* *out: the shared mount that the restarter sees at name, or NULL. 0 or -ENOMEM. */
static int mount_outside(const struct pb_bytes *name, struct mount **out)
{
	struct path p;
	int err;

	*out = NULL;
	err = name->len ? path_lookup(AT_FDCWD, (char *)name->data, LOOKUP_FOLLOW, &p) : -ENOENT;
	if (err)
		return err == -ENOMEM ? err : 0;
	if (p.dentry == p.mnt->root && mount_is_shared(p.mnt))
		*out = p.mnt;
	path_put(&p);
	return 0;
}

static int group_restore(struct cr_restore *r, struct mount *m, const struct pb_mnt_entry *e)
{
	struct mount *other;
	int err = mount_outside(&e->peer_path, &other);

	if (err)
		return err;
	if (!other && e->peer_path.len)
		return cr_refuse(r, "mount", e->mnt_id, (char *)e->peer_path.data, EINVAL,
				 CR_NS_04);
	if (!other && e->shared_id == e->mnt_id)
		return mount_group_new(m);
	if (!other)
		other = objtab_object(&r->objects, &cr_mount_class, e->shared_id);
	if (!other || !mount_is_shared(other))
		return cr_refuse(r, "mount", e->mnt_id, "has no such peer", EINVAL, CR_NS_04);
	mount_join_group(m, other);
	return 0;
}

static int relations_restore(struct cr_restore *r, struct mount *m, const struct pb_mnt_entry *e)
{
	struct mount *other;
	int err = e->has_shared_id ? group_restore(r, m, e) : 0;

	if (err || !e->has_master_id || (e->master_id && !e->master_path.len))
		return err;
	err = mount_outside(&e->master_path, &other);
	if (err)
		return err;
	if (!other)
		return cr_refuse(r, "mount", e->mnt_id, "has no master", EINVAL, CR_NS_04);
	mount_set_master(m, other);
	return 0;
}

static int master_restore(struct cr_restore *r, const struct pb_mnt_entry *e)
{
	struct mount *m = objtab_object(&r->objects, &cr_mount_class, e->mnt_id), *master, *up;

	if (!m || !e->has_master_id || !e->master_id || e->master_path.len)
		return 0;
	master = objtab_object(&r->objects, &cr_mount_class, e->master_id);
	for (up = master; up && up != m; up = up->master)
		;
	if (!master || up || m->master || !mount_is_shared(master))
		return cr_refuse(r, "mount", e->mnt_id, "has no master", EINVAL, CR_NS_04);
	mount_set_master(m, master);
	return 0;
}

/* When all namespaces are there: the masters that are in the image. */
int cr_masters_restore(struct cr_restore *r)
{
	struct cr_member_in *in;
	int err = 0;

	list_for_each(in, &r->members, link)
		for (u32 i = 0; in->kind == CR_MNTS && i < in->messages.nr && !err; i++)
			err = master_restore(r, in->messages.message[i]);
	return err;
}

/* --- restart: a namespace --- */

struct mount_plan {
	struct mount *mount, *parent;
	struct dentry *at;		/* counted */
};

static int plan_make(struct cr_restore *r, const struct cr_messages *all, struct mount_plan *plan)
{
	int err = 0;

	for (u32 i = 0; i < all->nr && !err; i++) {
		const struct pb_mnt_entry *e = all->message[i];
		u32 id = e->mnt_id;

		if (!id || objtab_object(&r->objects, &cr_mount_class, id))
			return cr_refuse(r, "mount", id, "stands twice", EINVAL, CR_IMG_02);
		err = mount_make(r, e, &plan[i].mount);
		if (!err)
			err = objtab_add(&r->objects, &cr_mount_class, plan[i].mount, true, &id);
		if (!err)
			err = relations_restore(r, plan[i].mount, e);
	}
	return err;
}

/* Where each goes; the one root has no parent, and whoever follows parents comes to it. */
static int plan_places(struct cr_restore *r, const struct cr_messages *all, struct mount_plan *plan)
{
	u32 roots = 0;

	for (u32 i = 0; i < all->nr; i++) {
		const struct pb_mnt_entry *e = all->message[i];
		u32 k = 0;
		int err;

		if (!e->parent_mnt_id) {
			roots++;
			continue;
		}
		while (k < all->nr &&
		       ((struct pb_mnt_entry *)all->message[k])->mnt_id != e->parent_mnt_id)
			k++;
		if (k >= all->nr || k == i)
			return cr_refuse(r, "mount", e->mnt_id, "has no parent", EINVAL, CR_IMG_02);
		plan[i].parent = plan[k].mount;
		err = cr_dentry_walk(plan[k].mount->root, (char *)e->mountpoint.data, &plan[i].at);
		if (!err && dentry_is_dir(plan[i].at) != dentry_is_dir(plan[i].mount->root))
			err = -ENOTDIR;
		if (err)
			return cr_refuse(r, "mount", e->mnt_id, (char *)e->mountpoint.data, -err,
					 CR_NS_04);
	}
	return roots == 1 ? 0
			  : cr_refuse(r, "mounts", roots, "have not one root", EINVAL, CR_IMG_02);
}

static bool plan_has_circle(const struct mount_plan *plan, u32 nr)
{
	for (u32 i = 0; i < nr; i++) {
		struct mount *m = plan[i].parent;

		for (u32 steps = 0; m; steps++) {
			u32 k = 0;

			if (steps > nr)
				return true;
			while (plan[k].mount != m)
				k++;
			m = plan[k].parent;
		}
	}
	return false;
}

static void plan_drop(struct mount_plan *plan, u32 nr, bool mounts)
{
	for (u32 i = 0; i < nr; i++) {
		if (plan[i].at)
			dentry_put(plan[i].at);
		if (!mounts || !plan[i].mount)
			continue;
		mount_set_type(plan[i].mount, MS_PRIVATE);
		mount_put(plan[i].mount);
	}
}

static void plan_commit(struct mnt_ns *ns, struct mount_plan *plan, u32 nr)
{
	for (u32 i = 0; i < nr; i++) {
		if (plan[i].parent)
			mount_attach(plan[i].mount, plan[i].parent, plan[i].at);
		else
			ns->root = plan[i].mount;
		mnt_ns_add(ns, plan[i].mount);
		mount_put(plan[i].mount);
	}
}

static int mntns_fill(struct cr_restore *r, struct mnt_ns *ns, u32 id)
{
	struct mount_plan *plan;
	struct cr_messages all;
	int err;

	cr_messages(r, CR_MNTS, id, &all);
	if (!all.nr || all.nr > MOUNTS_MAX)
		return cr_refuse(r, "mount namespace", id, "has no mounts", EINVAL, CR_IMG_02);
	if (all.nr > mount_max && !capable_in(&init_user_ns, CAP_SYS_RESOURCE))
		return cr_refuse(r, "mount namespace", id, "has too many mounts", ENOSPC, MNTNS_47);
	plan = cr_array(r, all.nr, struct mount_plan);
	if (!plan)
		return -ENOMEM;
	err = plan_make(r, &all, plan);
	if (!err)
		err = plan_places(r, &all, plan);
	if (!err && plan_has_circle(plan, all.nr))
		err = cr_refuse(r, "mount namespace", id, "is a circle", EINVAL, CR_IMG_05);
	if (!err)
		plan_commit(ns, plan, all.nr);
	plan_drop(plan, all.nr, err);
	return err;
}

static int mntns_restore(struct cr_restore *r, u32 id, void **object)
{
	struct cr_ns_maker m;
	struct ns_common *ns;
	int err = capable_in(current_mnt_ns()->ns.owner, CAP_SYS_ADMIN)
			  ? cr_ns_begin(r, NS_KIND_MNT, id, &m)
			  : cr_refuse(r, "mount namespace", id, "", EPERM, CR_API_15);

	if (err)
		return err;
	err = mnt_ns_make(m.owner, &ns);
	cr_ns_end(&m, err ? NULL : ns);
	if (err)
		return err;
	err = mntns_fill(r, to_mnt_ns(ns), id);
	if (err)
		ns_put(ns);
	else
		*object = ns;
	return err;
}

const struct cr_class cr_mntns_class = {
	.name = "mount namespace",
	.save = mntns_save,
	.restore = mntns_restore,
	.get = cr_ns_get,
	.put = cr_ns_put,
	.holds = HELD_NAMESPACE,
};
