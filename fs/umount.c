// SPDX-License-Identifier: MIT
/* fs/umount.c - umount2(2) and pivot_root(2).
 *
 * A mount is busy while something is mounted on it, or a file, root or working directory is on it.
 * MNT_DETACH takes it out of the tree at once all the same; its users keep it (MNTNS-20).
 * MNT_EXPIRE marks first. What was inherited is locked; what is mounted on top of that can go
 * again (MNTNS-35). pivot_root puts the root of the caller elsewhere, another mount in its place,
 * and moves all tasks whose root or working directory was the old root.
 * Locks: BKL. See umount(2), pivot_root(2); rules MNTNS-19 to 23, 37, 39 to 42. */

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/mount_args.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"

#define UMOUNT_FLAGS (MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW)

#define REFS_IDLE 2	/* the namespace's and that of the path in our hands */
#define REFS_PEER 1

/* --- umount2 --- */

static int umount_check(const struct path *p, int flags)
{
	int err = may_mount();

	if (err)
		return err;
	if (p->dentry != p->mnt->root || !mount_is_ours(p->mnt))
		return deny(EINVAL, MNTNS_19);
	if (p->mnt->flags & MNT_K_LOCKED)
		return deny(EINVAL, MNTNS_33);
	if (flags & MNT_FORCE && !capable_in(p->mnt->sb->user_ns, CAP_SYS_ADMIN))
		return deny(EPERM, MNTNS_37);
	return 0;
}

static int umount_expire(struct mount *m, int flags)
{
	if (m == current->fs->root.mnt || flags & (MNT_FORCE | MNT_DETACH))
		return deny(EINVAL, MNTNS_21);
	if (mount_busy(m, REFS_IDLE))
		return deny(EBUSY, MNTNS_21);
	if (!m->expire_mark) {
		m->expire_mark = true;
		return deny(EAGAIN, MNTNS_21);
	}
	return 0;
}

/* Are the mounts that peers and slaves have at this place in use? Those with others on top stay. */
static bool umount_propagated_busy(struct mount *m)
{
	struct list receivers = LIST_INIT(receivers);
	struct mount *r, *next, *child;
	bool busy = false;

	if (!mount_has_parent(m))
		return false;
	propagation_collect(m->parent, &receivers);
	list_for_each_safe(r, next, &receivers, prop_link) {
		list_del(&r->prop_link);
		child = mount_find(r, m->mountpoint);
		if (child && child != m && list_empty(&child->children) &&
		    mount_busy(child, REFS_PEER))
			busy = true;
	}
	return busy;
}

/* "Unmounting" the root of the caller makes its file system read-only. */
static int umount_own_root(struct mount *m)
{
	if (!capable_in(m->sb->user_ns, CAP_SYS_ADMIN))
		return deny(EPERM, MNTNS_37);
	if (m->sb->flags & MS_RDONLY)
		return 0;
	return super_remount(m->sb, m->sb->flags | MS_RDONLY, NULL);
}

static int path_umount(const struct path *p, int flags)
{
	struct mount *m = p->mnt;
	int err = umount_check(p, flags);

	if (!err && flags & MNT_EXPIRE)
		err = umount_expire(m, flags);
	if (err)
		return err;
	if (m == current->fs->root.mnt && !(flags & MNT_DETACH))
		return umount_own_root(m);
	if (!(flags & MNT_DETACH) && (mount_busy(m, REFS_IDLE) || umount_propagated_busy(m)))
		return deny(EBUSY, MNTNS_19);
	mount_tree_umount(m, UMOUNT_PROPAGATE);
	return 0;
}

int do_umount(const char *target, int flags)
{
	struct path p;
	int err;

	if (flags & ~UMOUNT_FLAGS)
		return deny(EINVAL, MNTNS_19);
	/* MNTNS-22: a link that is not followed is no mount point. */
	err = path_lookup(AT_FDCWD, target, flags & UMOUNT_NOFOLLOW ? 0 : LOOKUP_FOLLOW, &p);
	if (err)
		return err;
	mountpoint_topmost(&p);		/* "." itself may be mounted upon (MNTNS-41) */
	err = path_umount(&p, flags);
	dentry_put(p.dentry);		/* not path_put(): that would undo MNT_EXPIRE's mark */
	mount_put(p.mnt);
	return err;
}

long sys_umount2(uaddr target, int flags)
{
	char *name;
	int err;

	if (flags & ~UMOUNT_FLAGS)
		return deny(EINVAL, MNTNS_19);
	err = path_from_user(target, false, &name);
	if (err)
		return err;
	err = do_umount(name, flags);
	path_name_free(name);
	return err;
}

/* --- pivot_root --- */

/* Is (m, de) below the path top? */
static bool path_is_below(struct mount *m, const struct dentry *de, const struct path *top)
{
	while (m != top->mnt && mount_has_parent(m)) {
		de = m->mountpoint;
		m = m->parent;
	}
	return m == top->mnt && dentry_is_ancestor(top->dentry, de);
}

static int pivot_check(const struct path *new, const struct path *old, const struct path *root)
{
	if (mount_is_shared(old->mnt) || mount_is_shared(new->mnt->parent) ||
	    mount_is_shared(root->mnt->parent))
		return deny(EINVAL, MNTNS_39);
	if (!mount_is_ours(root->mnt) || !mount_is_ours(new->mnt) || !mount_is_ours(old->mnt) ||
	    new->mnt->flags & MNT_K_LOCKED)
		return deny(EINVAL, MNTNS_39);
	if (dentry_unlinked(new->dentry) || dentry_unlinked(old->dentry))
		return -ENOENT;
	if (new->mnt == root->mnt || old->mnt == root->mnt)
		return deny(EBUSY, MNTNS_39);
	if (root->dentry != root->mnt->root || new->dentry != new->mnt->root)
		return deny(EINVAL, MNTNS_39);
	if (!mount_has_parent(root->mnt))
		return deny(EINVAL, MNTNS_40);
	if (!mount_has_parent(new->mnt))
		return deny(EINVAL, MNTNS_39);
	if (!path_is_below(old->mnt, old->dentry, new) ||
	    !path_is_below(new->mnt, new->dentry, root))
		return deny(EINVAL, MNTNS_39);
	return 0;
}

/* Moves m to another place; the reference of its parent and mountpoint change. */
static void mount_put_at(struct mount *m, struct mount *parent, struct dentry *mountpoint)
{
	if (mount_has_parent(m))
		mount_detach(m);
	mount_attach(m, parent, mountpoint);
}

/* MNTNS-42 */
static void fs_context_pivot(struct fs_context *fs, const struct path *from, const struct path *to)
{
	if (fs->root.mnt == from->mnt && fs->root.dentry == from->dentry)
		fs_context_set_root(fs, to);
	if (fs->cwd.mnt == from->mnt && fs->cwd.dentry == from->dentry)
		fs_context_set_cwd(fs, to);
}

static void pivot_act(const struct path *new, const struct path *old, const struct path *root)
{
	struct mount *root_parent = root->mnt->parent;
	struct dentry *root_at = dentry_get(root->mnt->mountpoint);
	u32 locked = root->mnt->flags & MNT_K_LOCKED;
	struct task *t;

	mount_get(root_parent);
	root->mnt->flags &= ~MNT_K_LOCKED;
	new->mnt->flags |= locked;
	mount_detach(new->mnt);
	mount_put_at(root->mnt, old->mnt, old->dentry);
	mount_attach(new->mnt, root_parent, root_at);
	dentry_put(root_at);
	mount_put(root_parent);
	mnt_ns_changed(new->mnt->ns);
	fs_context_pivot(&init_fs, root, new);
	list_for_each(t, &task_all, all)
		if (t->fs)
			fs_context_pivot(t->fs, root, new);
}

long sys_pivot_root(uaddr new_root, uaddr put_old)
{
	struct path new, old, root;
	int err = may_mount();

	if (err)
		return err;
	err = path_lookup_user(AT_FDCWD, new_root, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &new);
	if (err)
		return err;
	err = path_lookup_user(AT_FDCWD, put_old, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &old);
	if (err) {
		path_put(&new);
		return err;
	}
	root = current->fs->root;
	path_get(&root);
	mountpoint_topmost(&old);
	err = pivot_check(&new, &old, &root);
	if (!err)
		pivot_act(&new, &old, &root);
	path_put(&root);
	path_put(&old);
	path_put(&new);
	return err;
}
