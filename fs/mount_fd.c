// SPDX-License-Identifier: MIT
/* fs/mount_fd.c - trees of mounts as descriptors: open_tree(2), move_mount(2).
 *
 *   open_tree(CLONE), fsmount -> a tree nobody sees -> move_mount -> part of a namespace
 *
 * A tree that was made but not yet put anywhere is in an anonymous namespace of its own, which
 * the open file holds. The last close unmounts it, if move_mount did not take it out before. No
 * task can be in such a namespace, so that nothing can be mounted in it, and nothing propagates
 * there; paths through the descriptor work (MNTNS-50).
 * Locks: BKL. Checkpoint: refused by the class of the file.
 * See the kernel's Documentation/filesystems/mount_api.rst. */

#include <linux/mount.h>

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/mount_args.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define OPEN_TREE_AT (AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW)
#define OPEN_TREE_FLAGS (OPEN_TREE_AT | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)

/* --- the file that holds a tree --- */

static void tree_release(struct file *f)
{
	struct mnt_ns *ns = f->private;

	if (ns->root)
		mount_tree_umount(ns->root, 0);
	assert(list_empty(&ns->mounts));
	kfree(ns);
}

static const struct file_ops tree_file_ops = {
	.class = "mount-tree",
	.release = tree_release,
};

static int tree_file(struct mount *top, struct file **out)
{
	struct path p = { top, top->root };
	struct mnt_ns *ns = kzalloc(sizeof(*ns));
	int err;

	if (!ns)
		return -ENOMEM;
	err = file_alloc(&p, top->root->inode, O_PATH, &tree_file_ops, current_cred(), out);
	if (err) {
		kfree(ns);
		return err;
	}
	mnt_ns_init(ns);
	ns->anon = true;
	ns->ns.owner = current_mnt_ns()->ns.owner;
	ns->root = top;
	mount_tree_commit(top, ns);
	(*out)->mode = FMODE_PATH;
	(*out)->private = ns;
	return 0;
}

/* Installs f or puts it. */
static int file_to_fd(struct file *f, bool cloexec)
{
	int fd = fd_alloc(f, 0, cloexec ? O_CLOEXEC : 0);

	if (fd < 0)
		file_put(f);
	return fd;
}

int mount_tree_fd(struct mount *top, bool cloexec)
{
	struct file *f;
	int err = tree_file(top, &f);

	if (err) {
		mount_tree_discard(top);
		return err;
	}
	return file_to_fd(f, cloexec);
}

/* --- open_tree --- */

static int open_place(const struct path *p, bool cloexec)
{
	struct file *f;
	int err = file_open_path(p, O_PATH, current_cred(), &f);

	return err ? err : file_to_fd(f, cloexec);
}

long sys_open_tree(int dfd, uaddr name, u32 flags)
{
	bool copy = flags & OPEN_TREE_CLONE, cloexec = flags & OPEN_TREE_CLOEXEC;
	struct mount *m;
	struct path p;
	int err;

	if (flags & ~OPEN_TREE_FLAGS || (flags & AT_RECURSIVE && !copy))
		return deny(EINVAL, MNTNS_50);
	err = copy ? may_mount() : 0;
	if (!err)
		err = path_lookup_at(dfd, name, flags, &p);
	if (err)
		return err;
	if (copy) {
		err = mount_copy_for_bind(&p, flags & AT_RECURSIVE, &m);
		if (!err)
			err = mount_tree_fd(m, cloexec);
	} else {
		err = open_place(&p, cloexec);
	}
	path_put(&p);
	return err;
}

/* --- move_mount --- */

static bool may_change_ns_of(const struct mount *m)
{
	return capable_in(m->ns->ns.owner, CAP_SYS_ADMIN);
}

static int set_group_check(const struct path *from, const struct path *to)
{
	struct mount *f = from->mnt, *t = to->mnt;

	if (!f->ns || !t->ns)
		return deny(EINVAL, MNTNS_50);
	if (!may_change_ns_of(f) || !may_change_ns_of(t))
		return deny(EPERM, MNTNS_50);
	if (!path_is_mount_root(from) || !path_is_mount_root(to) || f->sb != t->sb)
		return deny(EINVAL, MNTNS_50);
	if (!dentry_is_ancestor(f->root, t->root) || mount_has_locked_children(f, t->root))
		return deny(EINVAL, MNTNS_50);
	if (mount_is_shared(t) || t->master || (!mount_is_shared(f) && !f->master))
		return deny(EINVAL, MNTNS_50);
	return 0;
}

/* MOVE_MOUNT_SET_GROUP: to becomes what from is, peer and slave, without propagating. */
static int mount_set_group(const struct path *from, const struct path *to)
{
	int err = set_group_check(from, to);

	if (err)
		return err;
	if (from->mnt->master)
		mount_share_master(to->mnt, from->mnt);
	if (mount_is_shared(from->mnt))
		mount_join_group(to->mnt, from->mnt);
	return 0;
}

/* The three flags of one side, each at its place. */
static unsigned lookup_flags(u32 flags, u32 symlinks, u32 empty)
{
	return (flags & symlinks ? LOOKUP_FOLLOW : 0) | (flags & empty ? LOOKUP_EMPTY : 0);
}

long sys_move_mount(int from_dfd, uaddr from_name, int to_dfd, uaddr to_name, u32 flags)
{
	struct path from, to;
	int err = may_mount();

	if (err)
		return err;
	if (flags & ~MOVE_MOUNT__MASK)
		return deny(EINVAL, MNTNS_50);
	err = path_lookup_user(from_dfd, from_name,
			       lookup_flags(flags, MOVE_MOUNT_F_SYMLINKS, MOVE_MOUNT_F_EMPTY_PATH),
			       &from);
	if (err)
		return err;
	err = path_lookup_user(to_dfd, to_name,
			       lookup_flags(flags, MOVE_MOUNT_T_SYMLINKS, MOVE_MOUNT_T_EMPTY_PATH),
			       &to);
	if (!err) {
		err = flags & MOVE_MOUNT_SET_GROUP ? mount_set_group(&from, &to) :
						     mount_move_path(&from, &to);
		path_put(&to);
	}
	path_put(&from);
	return err;
}
