// SPDX-License-Identifier: MIT
/* ns/nsfs.c - the file system behind /proc/PID/ns: a file is a namespace.
 *
 * Following a /proc/PID/ns link gives a dentry of this file system whose inode holds a reference
 * of the namespace: an open file or a bind mount of it keeps the namespace alive (NS-06,
 * NS-07). st_ino is the namespace's number, st_dev is the same for all (NS-02, NS-45). The files
 * can be opened for reading only and support just the ioctls of ioctl_ns(2).
 * Locks: BKL. Checkpoint: saved as the namespace's id. */

#include <linux/nsfs.h>

#include "fs/fdtable.h"
#include "fs/text.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "ns/ns.h"
#include "ns/user.h"

#define NSFS_MAGIC_NUMBER 0x6e736673
#define NSFS_MODE (S_IFREG | 0444)

static struct mount *nsfs_mount;

static struct ns_common *inode_ns(const struct inode *i)
{
	return i->private;
}

static void nsfs_destroy_inode(struct inode *i)
{
	if (inode_ns(i))
		ns_put(inode_ns(i));
}

/* NS-05: writing is refused whoever asks. */
static int nsfs_permission(struct inode *i, unsigned mask)
{
	if (mask & MAY_WRITE)
		return deny(EPERM, NS_05);
	return generic_permission(i, mask);
}

static int nsfs_setattr(struct dentry *de, const struct iattr *attr)
{
	(void)de, (void)attr;
	return deny(EPERM, NS_05);
}

static const struct inode_ops nsfs_inode_ops = {
	.permission = nsfs_permission,
	.setattr = nsfs_setattr,
};

/* --- the ioctls of ioctl_ns(2) --- */

/* A fresh read-only, close-on-exec descriptor of ns (NS-34). */
static long nsfs_open_fd(struct ns_common *ns)
{
	struct path path;
	struct file *f;
	int err = nsfs_path(ns, &path);

	if (err)
		return err;
	err = file_open_path(&path, O_RDONLY | O_CLOEXEC, current_cred(), &f);
	path_put(&path);
	if (err)
		return err;
	err = fd_alloc(f, 0, O_CLOEXEC);
	if (err < 0)
		file_put(f);
	return err;
}

/* NS-36: relatives are shown only within the caller's own user namespace. */
static long nsfs_get_owner(struct ns_common *ns)
{
	if (!ns->owner || !user_ns_in_scope(ns->owner))
		return deny(EPERM, NS_36);
	return nsfs_open_fd(&ns->owner->ns);
}

/* NS-35: only hierarchical kinds have parents. */
static long nsfs_get_parent(struct ns_common *ns)
{
	struct ns_common *parent;

	if (!ns->type->parent)
		return deny(EINVAL, NS_35);
	parent = ns->type->parent(ns);
	return parent ? nsfs_open_fd(parent) : deny(EPERM, NS_36);
}

/* NS-38: the creator of a user namespace, in the caller's numbers. */
static long nsfs_get_owner_uid(struct ns_common *ns, uaddr out)
{
	u32 uid;

	if (ns->type != &user_ns_type)
		return deny(EINVAL, NS_38);
	uid = from_uid_munged(current_user_ns(), to_user_ns(ns)->owner_uid);
	return copy_to_user(out, &uid, sizeof(uid));
}

static long nsfs_ioctl(struct file *f, unsigned cmd, u64 arg)
{
	struct ns_common *ns = inode_ns(f->inode);

	switch (cmd) {
	case NS_GET_USERNS:
		return nsfs_get_owner(ns);
	case NS_GET_PARENT:
		return nsfs_get_parent(ns);
	case NS_GET_NSTYPE:		/* NS-37 */
		return ns->type->clone_flag;
	case NS_GET_OWNER_UID:
		return nsfs_get_owner_uid(ns, arg);
	default:
		return deny(ENOTTY, NS_39);
	}
}

static s64 nsfs_llseek(struct file *f, s64 off, int whence)
{
	(void)f, (void)off, (void)whence;
	return -ESPIPE;
}

static const struct file_ops nsfs_file_ops = {
	.class = "nsfs",
	.llseek = nsfs_llseek,
	.ioctl = nsfs_ioctl,
};

/* --- dentries: made for each follow; equal numbers mean equal namespaces --- */

static int nsfs_dentry_name(struct dentry *de, char *buf, size_t size)
{
	return ns_name(inode_ns(de->inode), buf, size);
}

static const struct dentry_ops nsfs_dentry_ops = {
	.name = nsfs_dentry_name,
};

int nsfs_path(struct ns_common *ns, struct path *out)
{
	struct inode *i;
	struct dentry *de;
	int err = inode_create(nsfs_mount->sb, NSFS_MODE, &i);

	if (err)
		return err;
	i->uid = i->gid = 0;
	i->ino = ns->inum;
	i->ops = &nsfs_inode_ops;
	i->fops = &nsfs_file_ops;
	i->private = ns_get(ns);
	err = dentry_create_root(nsfs_mount->sb, i, &de);
	if (err)
		return err;
	de->ops = &nsfs_dentry_ops;
	mount_get(nsfs_mount);
	*out = (struct path){ nsfs_mount, de };
	return 0;
}

void nsfs_audit_mark(void)
{
	struct inode *i;

	list_for_each(i, &nsfs_mount->sb->inodes, all)
		if (inode_ns(i))
			inode_ns(i)->mark++;
}

struct ns_common *nsfs_ns(const struct dentry *de)
{
	return nsfs_mount && de->sb == nsfs_mount->sb && de->inode ? inode_ns(de->inode) : NULL;
}

struct ns_common *nsfs_file_ns(struct file *f)
{
	return f->ops == &nsfs_file_ops ? inode_ns(f->inode) : NULL;
}

/* --- the file system type --- */

static int nsfs_show_root(struct dentry *root, char *buf, size_t size)
{
	return inode_ns(root->inode) ? nsfs_dentry_name(root, buf, size) : -EINVAL;
}

static const struct super_ops nsfs_super_ops = {
	.destroy_inode = nsfs_destroy_inode,
	.show_root = nsfs_show_root,
};

static int nsfs_mount_super(const struct fs_type *type, const struct fs_request *req,
			    struct super **out)
{
	(void)req;
	return super_create_empty(type, &nsfs_super_ops, S_IFDIR | 0555, out);
}

const struct fs_type nsfs_fs_type = {
	.name = "nsfs",
	.flags = FS_NODEV_TYPE | FS_KERNEL_ONLY,
	.magic = NSFS_MAGIC_NUMBER,
	.mount = nsfs_mount_super,
};

void nsfs_init(void)
{
	assert(mount_kernel(&nsfs_fs_type, &nsfs_mount) == 0);
}
