// SPDX-License-Identifier: MIT
/* fs/anon_inodefs.c - files without a name: "anon_inode:[eventpoll]" and the like, on one shared
 * inode.
 *
 * Each file has a dentry of its own, whose name is the class given; what the file is lies
 * in its operations and its private pointer. file_create() makes files on other inodes (pipes).
 * Locks: BKL. Checkpoint: by class of the file. */

#include "fs/names.h"
#include "lib/print.h"

#define ANON_INODE_FS_MAGIC_NUMBER 0x09041934
#define ANON_INODE_MODE 0600

static struct mount *anon_mount;

int file_create(const struct path *p, u32 flags, const struct file_ops *ops, void *private,
		struct file **out)
{
	u32 kept = flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	int err = file_alloc(p, p->dentry->inode, kept, ops, current_cred(), out);

	if (err)
		return err;
	(*out)->mode = (flags + 1) & O_ACCMODE;
	(*out)->private = private;
	return 0;
}

static int anon_name(struct dentry *de, char *buf, size_t size)
{
	const char *class_name = de->private;
	const char *form = strcmp(class_name, "inotify") ? "anon_inode:[%s]" : "anon_inode:%s";

	return snprintf(buf, size, form, class_name);
}

static const struct dentry_ops anon_dentry_ops = { .name = anon_name };

void anon_init(void)
{
	if (mount_kernel(fs_type_find("anon_inodefs"), &anon_mount))
		panic("no memory for anon_inodefs");
}

int file_create_anon(const char *class_name, const struct file_ops *ops, void *private, u32 flags,
		     struct file **out)
{
	struct dentry *de;
	struct path p;
	int err;

	err = dentry_create_root(anon_mount->sb, inode_get(anon_mount->root->inode), &de);
	if (err)
		return err;
	de->ops = &anon_dentry_ops;
	de->private = (void *)class_name;
	p = (struct path){ anon_mount, de };
	err = file_create(&p, flags, ops, private, out);
	dentry_put(de);
	return err;
}

static int anon_mount_super(const struct fs_type *type, const struct fs_request *req,
			    struct super **out)
{
	static const struct super_ops no_ops;

	(void)req;
	return super_create_empty(type, &no_ops, ANON_INODE_MODE, out);
}

const struct fs_type anon_inodefs_fs_type = {
	.name = "anon_inodefs",
	.flags = FS_NODEV_TYPE | FS_KERNEL_ONLY,
	.magic = ANON_INODE_FS_MAGIC_NUMBER,
	.mount = anon_mount_super,
};
