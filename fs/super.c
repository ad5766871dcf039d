// SPDX-License-Identifier: MIT
/* fs/super.c - super blocks: one for each file system instance.
 *
 * Counted by its mounts and by kernel holders; the last put frees the dentry tree with all inodes,
 * then the file system's own state. Devices are anonymous numbers 0:N, smallest free.
 * Every super belongs to a user namespace: capabilities over its files are asked there.
 * Locks: BKL. Checkpoint: saved with its mounts, by type and options. */

#include "fs/names.h"
#include "fs/notify.h"
#include "kernel/deny.h"
#include "lib/radix.h"
#include "mm/slab.h"

#define ANON_DEV_MAX ((1UL << 20) - 1)
#define MAX_LFS_BYTES INT64_MAX

struct list super_all = LIST_INIT(super_all);
static struct radix anon_devs;

void vfs_init(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	dcache_init();
}

static int anon_dev_get(struct super *sb)
{
	u64 minor;
	int err = radix_free_index(&anon_devs, 1, ANON_DEV_MAX, &minor);

	if (!err)
		err = radix_set(&anon_devs, minor, sb);
	if (!err)
		sb->dev = DEV(0, minor);
	return err ? -EMFILE : 0;
}

int super_create(const struct fs_type *type, const struct super_ops *ops, struct super **out)
{
	struct super *sb;
	int err;

	vfs_init();
	sb = kzalloc(sizeof(*sb));
	if (!sb)
		return -ENOMEM;
	err = anon_dev_get(sb);
	if (err) {
		kfree(sb);
		return err;
	}
	ref_set(&sb->refs, 1);
	sb->type = type;
	sb->ops = ops;
	sb->magic = type->magic;
	sb->user_ns = &init_user_ns;
	sb->max_bytes = MAX_LFS_BYTES;
	sb->time_gran = 1;
	list_init(&sb->inodes);
	list_add_tail(&super_all, &sb->all);
	*out = sb;
	return 0;
}

int super_create_empty(const struct fs_type *type, const struct super_ops *ops, u32 root_mode,
		       struct super **out)
{
	struct inode *root;
	int err = super_create(type, ops, out);

	if (err)
		return err;
	err = inode_create(*out, root_mode, &root);
	if (!err)
		err = dentry_create_root(*out, root, &(*out)->root);
	if (err)
		super_put(*out);
	return err;
}

/* The initial user namespace is not counted. */
void super_set_owner(struct super *sb, struct user_ns *owner)
{
	struct user_ns *old = sb->user_ns;

	if (owner != &init_user_ns)
		user_ns_get(owner);
	sb->user_ns = owner;
	if (old != &init_user_ns)
		user_ns_put(old);
}

void super_put(struct super *sb)
{
	if (!ref_put(&sb->refs))
		return;
	notify_super_gone(sb);
	if (sb->root && !dir_is_memory(sb->root->inode))
		dentry_forget_unused(sb);
	if (sb->root)
		dentry_tree_destroy(sb->root);
	assert(list_empty(&sb->inodes));
	if (sb->ops && sb->ops->release)
		sb->ops->release(sb);
	super_set_owner(sb, &init_user_ns);
	radix_erase(&anon_devs, DEV_MINOR(sb->dev));
	list_del(&sb->all);
	kfree(sb);
}

/* mount(2) with MS_REMOUNT: read-only only where nobody writes. */
int super_remount(struct super *sb, u64 sb_flags, const char *data)
{
	static const u64 changeable = MS_RDONLY | MS_SYNCHRONOUS | MS_DIRSYNC | MS_MANDLOCK |
				      MS_LAZYTIME;
	int err = 0;

	if (sb_flags & MS_RDONLY && !(sb->flags & MS_RDONLY) && sb->writers)
		return deny(EBUSY, MNTNS_28);
	if (sb->ops && sb->ops->remount)
		err = sb->ops->remount(sb, data);
	else if (data && *data)
		err = -EINVAL;
	if (!err)
		sb->flags = (sb->flags & ~changeable) | (sb_flags & changeable);
	return err;
}

/* --- device numbers: 12+20 bits in the ABI --- */

#define ABI_MINOR_LOW 0xffUL
#define ABI_MAJOR_MASK 0xfffUL
#define ABI_MAJOR_SHIFT 8
#define ABI_MINOR_HIGH_SHIFT 12

u64 dev_encode(dev_num d)
{
	u64 major = DEV_MAJOR(d), minor = DEV_MINOR(d);

	return (minor & ABI_MINOR_LOW) | major << ABI_MAJOR_SHIFT |
	       (minor & ~ABI_MINOR_LOW) << ABI_MINOR_HIGH_SHIFT;
}

dev_num dev_decode(u64 abi)
{
	u64 major = abi >> ABI_MAJOR_SHIFT & ABI_MAJOR_MASK;
	u64 minor = (abi & ABI_MINOR_LOW) | (abi >> ABI_MINOR_HIGH_SHIFT & ~ABI_MINOR_LOW);

	return DEV(major, minor & DEV_MINOR(~0u));
}
