// SPDX-License-Identifier: MIT
/* fs/mount_ops.c - mount(2): new mounts, bind mounts, moves, remounts, propagation types.
 *
 * The flags choose one of five operations, in Linux's order. Each checks all it may refuse
 * before it changes anything; the target is the topmost mount at the place named.
 * Locks: BKL. See mount(2), mount_namespaces(7); rules MNTNS-14 to 25, 28, 45, 46. */

#include <linux/mount.h>

#include "arch/cpu.h"
#include "fs/mount_args.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define MS_TYPES (MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
#define MS_ATIMES (MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME)
#define MS_SUPER (MS_RDONLY | MS_SYNCHRONOUS | MS_MANDLOCK | MS_DIRSYNC | MS_SILENT | MS_LAZYTIME)

static const struct {
	u64 ms;
	u32 mnt;
} mount_flag_map[] = {
	{ MS_RDONLY, MNT_K_RDONLY },	     { MS_NOSUID, MNT_K_NOSUID },
	{ MS_NODEV, MNT_K_NODEV },	     { MS_NOEXEC, MNT_K_NOEXEC },
	{ MS_NOATIME, MNT_K_NOATIME },	     { MS_NODIRATIME, MNT_K_NODIRATIME },
	{ MS_NOSYMFOLLOW, MNT_K_NOSYMFOLLOW },
};

/* Per-mount flags of MS_* flags. relatime is the default; a remount keeps what it does not name. */
static u32 mount_flags_of(u64 ms, const struct mount *at)
{
	u32 flags = ms & MS_NOATIME ? 0 : MNT_K_RELATIME;

	for (unsigned i = 0; i < ARRAY_SIZE(mount_flag_map); i++)
		if (ms & mount_flag_map[i].ms)
			flags |= mount_flag_map[i].mnt;
	if (ms & MS_STRICTATIME)
		flags &= ~(MNT_K_RELATIME | MNT_K_NOATIME);
	if (ms & MS_REMOUNT && !(ms & MS_ATIMES))
		flags = (flags & ~MNT_K_ATIMES) | (at->flags & MNT_K_ATIMES);
	return flags;
}

int may_mount(void)
{
	return capable_in(current_mnt_ns()->ns.owner, CAP_SYS_ADMIN) ? 0 : deny(EPERM, MNTNS_23);
}

void mountpoint_topmost(struct path *p)
{
	struct mount *m;

	while ((m = mount_find(p->mnt, p->dentry))) {
		struct path above = { m, m->root };

		path_get(&above);
		path_put(p);
		*p = above;
	}
}

/* The checks all who put a mount somewhere make: the place is ours, alive, and of the same sort. */
static int graft_check(const struct path *p, const struct dentry *root)
{
	if (dentry_unlinked(p->dentry))
		return -ENOENT;
	if (!mount_is_ours(p->mnt))
		return deny(EINVAL, MNTNS_17);
	if (dentry_is_dir(p->dentry) != dentry_is_dir(root))
		return deny(ENOTDIR, MNTNS_45);
	return 0;
}

/* --- the operations --- */

bool mount_flags_locked(const struct mount *m, u32 flags)
{
	u32 locked = (m->flags >> MNT_K_LOCK_SHIFT) & MNT_K_LOCKABLE;

	if (locked & m->flags & ~flags)
		return true;
	return m->flags & MNT_K_LOCK_ATIME && (m->flags ^ flags) & MNT_K_ATIMES;
}

static int mount_flags_set(struct mount *m, u32 flags)
{
	if (mount_flags_locked(m, flags))
		return deny(EPERM, MNTNS_36);
	if (flags & MNT_K_RDONLY && !(m->flags & MNT_K_RDONLY) && m->writers)
		return deny(EBUSY, MNTNS_28);
	m->flags = (m->flags & ~MNT_K_USER) | flags;
	mnt_ns_changed(m->ns);
	return 0;
}

/* MS_REMOUNT|MS_BIND: the flags of this mount only (MNTNS-24). */
static int mount_reconfigure(const struct path *p, u64 ms)
{
	if (!mount_is_ours(p->mnt) || !path_is_mount_root(p))
		return deny(EINVAL, MNTNS_24);
	return mount_flags_set(p->mnt, mount_flags_of(ms, p->mnt));
}

static int mount_remount(const struct path *p, u64 ms, const char *data)
{
	int err;

	if (!mount_is_ours(p->mnt) || !path_is_mount_root(p))
		return deny(EINVAL, MNTNS_28);
	if (!capable_in(p->mnt->sb->user_ns, CAP_SYS_ADMIN))
		return deny(EPERM, MNTNS_37);
	err = super_remount(p->mnt->sb, ms, data);
	if (!err)
		err = mount_flags_set(p->mnt, mount_flags_of(ms, p->mnt));
	return err;
}

bool mount_has_locked_children(struct mount *m, const struct dentry *root)
{
	struct mount *child;

	list_for_each(child, &m->children, sibling)
		if (child->flags & MNT_K_LOCKED && dentry_is_ancestor(root, child->mountpoint))
			return true;
	return false;
}

/* MNTNS-44: a namespace that keeps itself, or an older one that keeps it, would never end. */
static bool mnt_ns_would_loop(const struct dentry *de)
{
	const struct mnt_ns *ns = dentry_mnt_ns(de);

	return ns && current_mnt_ns()->seq >= ns->seq;
}

static int bind_check(const struct path *from, bool recurse)
{
	if (from->mnt->flags & MNT_K_UNBINDABLE)
		return deny(EINVAL, MNTNS_07);
	/* Files of nsfs live on the kernel's own mount: these may be bound from there. */
	if (!mount_is_ours(from->mnt) && !(from->mnt->flags & MNT_K_INTERNAL && from->dentry->ops &&
					   from->dentry->sb->ops->show_root))
		return deny(EINVAL, MNTNS_45);
	if (!recurse && mount_has_locked_children(from->mnt, from->dentry))
		return deny(EINVAL, MNTNS_34);
	return 0;
}

int mount_copy_for_bind(const struct path *from, bool recurse, struct mount **out)
{
	int err = bind_check(from, recurse);

	if (!err && recurse)
		err = mount_tree_copy(from->mnt, from->dentry, COPY_NS_FILES, out);
	else if (!err)
		err = mount_clone(from->mnt, from->dentry, 0, out);
	if (!err)
		(*out)->flags &= ~MNT_K_LOCKED;
	return err;
}

static int mount_bind(struct path *to, const char *source, bool recurse)
{
	struct path from;
	struct mount *m;
	int err;

	if (!source || !*source)
		return deny(EINVAL, MNTNS_45);
	err = path_lookup(AT_FDCWD, source, LOOKUP_FOLLOW, &from);
	if (err)
		return err;
	mountpoint_topmost(to);
	err = dentry_unlinked(to->dentry) ? -ENOENT : 0;
	if (!err && mnt_ns_would_loop(from.dentry))
		err = deny(EINVAL, MNTNS_44);
	if (!err && !mount_is_ours(to->mnt))
		err = deny(EINVAL, MNTNS_17);
	if (!err)
		err = mount_copy_for_bind(&from, recurse, &m);
	if (!err) {
		err = graft_check(to, m->root);
		if (!err)
			err = mount_tree_attach(m, to);
		if (err)
			mount_tree_discard(m);
	}
	path_put(&from);
	return err;
}

static int mount_change_type(const struct path *p, u64 ms)
{
	u64 type = ms & ~(u64)(MS_REC | MS_SILENT);
	struct mount *m;
	int err;

	if (!path_is_mount_root(p) || !mount_is_ours(p->mnt))
		return deny(EINVAL, MNTNS_14);
	if (type & ~(u64)MS_TYPES || type & (type - 1))
		return deny(EINVAL, MNTNS_14);
	if (type == MS_SHARED) {
		err = mount_groups_new(p->mnt, ms & MS_REC);
		if (err)
			return err;
		mount_groups_keep(p->mnt);
	}
	for (m = p->mnt; m; m = ms & MS_REC ? mount_next(m, p->mnt) : NULL)
		mount_set_type(m, type);
	return 0;
}

static bool tree_has_unbindable(struct mount *top)
{
	for (struct mount *m = top; m; m = mount_next(m, top))
		if (m->flags & MNT_K_UNBINDABLE)
			return true;
	return false;
}

static bool tree_would_loop(struct mount *top)
{
	for (struct mount *m = top; m; m = mount_next(m, top))
		if (mnt_ns_would_loop(m->root))
			return true;
	return false;
}

static int move_check(const struct path *from, const struct path *to)
{
	struct mount *old = from->mnt, *m;

	if (!mount_is_ours(to->mnt) || old->flags & MNT_K_LOCKED || !path_is_mount_root(from))
		return deny(EINVAL, MNTNS_17);
	if (mount_has_parent(old) ? !mount_is_ours(old) : !mount_is_floating(old))
		return deny(EINVAL, MNTNS_17);
	if (dentry_is_dir(to->dentry) != dentry_is_dir(from->dentry))
		return deny(EINVAL, MNTNS_17);
	if (mount_has_parent(old) && mount_is_shared(old->parent))
		return deny(EINVAL, MNTNS_17);
	if (mount_is_shared(to->mnt) && tree_has_unbindable(old))
		return deny(EINVAL, MNTNS_18);
	if (tree_would_loop(old))
		return deny(ELOOP, MNTNS_44);
	for (m = to->mnt; mount_has_parent(m); m = m->parent)
		if (m == old)
			return deny(ELOOP, MNTNS_17);
	return 0;
}

/* A tree that only a file held becomes one as just made, for attaching. */
static void tree_take_out(struct mount *top)
{
	for (struct mount *m = top; m; m = mount_next(m, top)) {
		mount_get(m);
		mnt_ns_remove(m);
	}
}

int mount_move_path(const struct path *from, struct path *to)
{
	struct mnt_ns *held_in = mount_is_floating(from->mnt) ? from->mnt->ns : NULL;
	int err;

	mountpoint_topmost(to);
	err = dentry_unlinked(to->dentry) ? -ENOENT : move_check(from, to);
	if (err)
		return err;
	if (held_in)
		tree_take_out(from->mnt);
	err = mount_tree_attach(from->mnt, to);
	if (held_in && err)
		mount_tree_commit(from->mnt, held_in);
	else if (held_in)
		held_in->root = NULL;
	return err;
}

static int mount_move(struct path *to, const char *source)
{
	struct path from;
	int err;

	if (!source || !*source)
		return deny(EINVAL, MNTNS_17);
	err = path_lookup(AT_FDCWD, source, LOOKUP_FOLLOW, &from);
	if (err)
		return err;
	err = mount_move_path(&from, to);
	path_put(&from);
	return err;
}

int super_of_mount(const struct fs_type *type, const char *source, u64 ms, const char *data,
			  struct super **out)
{
	struct user_ns *owner = type->owner ? type->owner() : current_user_ns();
	struct fs_request req = {
		.source = source, .data = data, .sb_flags = ms & MS_SUPER, .user_ns = owner,
	};
	int err;

	if (!capable_in(type->flags & FS_USERNS_MOUNT ? owner : &init_user_ns, CAP_SYS_ADMIN))
		return deny(EPERM, USERNS_34);
	err = type->mount(type, &req, out);
	if (err)
		return err;
	if ((*out)->refs.n == 1) {	/* a new one */
		(*out)->flags |= req.sb_flags;
		super_set_owner(*out, owner);
		if (source)
			strncpy((*out)->id, source, sizeof((*out)->id) - 1);
	}
	return 0;
}

static int mount_new(struct path *to, const char *source, const char *type_name, u64 ms,
		     const char *data)
{
	const struct fs_type *type;
	struct dentry *root;
	struct super *sb;
	struct mount *m;
	u32 flags;
	int err;

	if (!type_name)
		return -EINVAL;
	type = fs_type_find(type_name);
	if (!type || type->flags & FS_KERNEL_ONLY)
		return deny(ENODEV, MNTNS_52);	/* autofs, nfs (MNTNS-53): not here */
	err = super_of_mount(type, source, ms, data, &sb);
	if (err)
		return err;
	mountpoint_topmost(to);
	root = sb->root;
	if (type->mount_dentry)
		err = type->mount_dentry(sb, &root);
	flags = mount_flags_of(ms, to->mnt);
	if (!err)
		err = mount_check_revealing(sb, &flags);
	if (!err)
		err = mount_create(sb, root, flags, source, &m);
	super_put(sb);
	if (err)
		return err;
	err = graft_check(to, m->root);
	if (!err && to->mnt->sb == m->sb && path_is_mount_root(to))
		err = deny(EBUSY, MNTNS_46);
	if (!err)
		err = mount_tree_attach(m, to);
	if (err)
		mount_tree_discard(m);
	return err;
}

int path_mount(struct path *to, const char *source, const char *type, u64 ms, const char *data)
{
	int err;

	if ((ms & MS_MGC_MSK) == MS_MGC_VAL)
		ms &= ~(u64)MS_MGC_MSK;
	if (ms & MS_NOUSER)
		return -EINVAL;
	err = may_mount();
	if (err)
		return err;
	if ((ms & (MS_REMOUNT | MS_BIND)) == (MS_REMOUNT | MS_BIND))
		return mount_reconfigure(to, ms);
	if (ms & MS_REMOUNT)
		return mount_remount(to, ms, data);
	if (ms & MS_BIND)
		return mount_bind(to, source, ms & MS_REC);
	if (ms & MS_TYPES)
		return mount_change_type(to, ms);
	if (ms & MS_MOVE)
		return mount_move(to, source);
	return mount_new(to, source, type, ms, data);
}

int do_mount(const char *source, const char *target, const char *type, u64 flags, const char *data)
{
	struct path to;
	int err = path_lookup(AT_FDCWD, target, LOOKUP_FOLLOW, &to);

	if (err)
		return err;
	err = path_mount(&to, source, type, flags, data);
	path_put(&to);
	return err;
}

/* --- the call --- */

/* A string of less than PATH_MAX bytes, or NULL for a null pointer. */
static int mount_string_from_user(uaddr u, char **out)
{
	size_t n;

	*out = NULL;
	if (!u)
		return 0;
	n = strnlen_user(u, PATH_MAX_LEN);
	if (!n)
		return -EFAULT;
	if (n > PATH_MAX_LEN)
		return -EINVAL;
	*out = kmalloc(n);
	if (!*out)
		return -ENOMEM;
	if (copy_from_user(*out, u, n)) {
		kfree(*out);
		*out = NULL;
		return -EFAULT;
	}
	(*out)[n - 1] = '\0';
	return 0;
}

/* Up to a page of options; what lies behind the end of the mapping, or of all user memory,
 * is taken as empty. */
static int mount_data_from_user(uaddr u, char **out)
{
	size_t most = u < USER_END ? MIN(PAGE_SIZE - 1, USER_END - u) : 0, left;

	*out = NULL;
	if (!u)
		return 0;
	*out = kzalloc(PAGE_SIZE);
	if (!*out)
		return -ENOMEM;
	left = copy_in(*out, u, most);
	if (left == most) {
		kfree(*out);
		*out = NULL;
		return -EFAULT;
	}
	memset(*out + most - left, 0, PAGE_SIZE - (most - left));
	return 0;
}

long sys_mount(uaddr source, uaddr target, uaddr type, u64 flags, uaddr data)
{
	char *type_k = NULL, *source_k = NULL, *data_k = NULL;
	struct path to;
	int err = mount_string_from_user(type, &type_k);

	if (!err)
		err = mount_string_from_user(source, &source_k);
	if (!err)
		err = mount_data_from_user(data, &data_k);
	if (!err)
		err = path_lookup_user(AT_FDCWD, target, LOOKUP_FOLLOW, &to);
	if (!err) {
		err = path_mount(&to, source_k, type_k, flags, data_k);
		path_put(&to);
	}
	kfree(type_k);
	kfree(source_k);
	kfree(data_k);
	return err;
}
