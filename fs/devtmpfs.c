// SPDX-License-Identifier: MIT
/* fs/devtmpfs.c - devtmpfs: one file system for all of its mounts, with a node for each device.
 *
 * The kernel adds nodes as drivers register (directories in names like "net/tun" are made); users
 * may add and remove what they like, as in a tmpfs.
 * Locks: BKL: adding a node does not sleep. Checkpoint: by contents. */

#include <linux/magic.h>

#include "fs/device.h"
#include "fs/names.h"

#define DEVTMPFS_DIR_MODE 0755
#define DEVTMPFS_OPTIONS "mode=0755"

static struct super *devtmpfs_super;	/* made with the first node or mount; never goes away */

static int devtmpfs_get(struct super **out)
{
	struct fs_request req = { .data = DEVTMPFS_OPTIONS };
	int err = 0;

	if (!devtmpfs_super)
		err = memfs_mount(fs_type_find("devtmpfs"), &req, true, &devtmpfs_super);
	*out = devtmpfs_super;
	return err;
}

static int devtmpfs_mount(const struct fs_type *type, const struct fs_request *req,
			  struct super **out)
{
	int err = devtmpfs_get(out);

	(void)type, (void)req;
	if (!err)
		ref_get(&(*out)->refs);
	return err;
}

/* An entry of root's, of any kind. *out: the dentry, without a reference (it is pinned). */
static int devtmpfs_make(struct dentry *dir, const char *name, size_t len, u32 mode, dev_num dev,
			 struct dentry **out)
{
	struct inode *i = dir->inode;
	struct dentry *de;
	int err = dentry_create(dir, name, len, &de);

	if (err)
		return err;
	err = S_ISDIR(mode) ? i->ops->mkdir(i, de, mode) : i->ops->mknod(i, de, mode, dev);
	if (!err) {
		de->inode->uid = de->inode->gid = 0;
		*out = de;
	}
	dentry_put(de);
	return err;
}

int device_node(const char *name, dev_num dev, u32 mode)
{
	const char *slash;
	struct super *sb;
	struct dentry *dir, *de;
	int err = devtmpfs_get(&sb);

	if (err)
		return err;
	dir = sb->root;
	while ((slash = strchr(name, '/'))) {
		de = dentry_peek(dir, name, slash - name);
		if (!de)
			err = devtmpfs_make(dir, name, slash - name, S_IFDIR | DEVTMPFS_DIR_MODE,
					    0, &de);
		if (err)
			return err;
		dir = de;
		name = slash + 1;
	}
	if (dentry_peek(dir, name, strlen(name)))
		return -EEXIST;
	return devtmpfs_make(dir, name, strlen(name), S_IFCHR | mode, dev, &de);
}

const struct fs_type devtmpfs_fs_type = {
	.name = "devtmpfs",
	.flags = FS_NODEV_TYPE | FS_TELLS_BIRTH,
	.magic = TMPFS_MAGIC,
	.mount = devtmpfs_mount,
};
