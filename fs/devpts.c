// SPDX-License-Identifier: MIT
/* fs/devpts.c - the file system of pseudo terminals: /dev/pts/N and its own ptmx.
 *
 * Every mount is an instance with its own numbers from 0 (DEVPTS-01). Opening "ptmx" in it makes
 * a pair; /dev/ptmx opens the instance mounted at "pts" beside it (DEVPTS-06). Options: uid=, gid=,
 * mode= of the slaves, ptmxmode= of ptmx (000 by default, DEVPTS-02), max= pairs (DEVPTS-03),
 * newinstance (accepted); anything else is EINVAL (DEVPTS-05).
 * Locks: BKL. Checkpoint: options and numbers in use. See pts(4). */

#include <limits.h>

#include "arch/cpu.h"
#include "fs/device.h"
#include "fs/mnt_ns.h"
#include "fs/names.h"
#include "fs/proc.h"
#include "fs/pty.h"
#include "fs/text.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "lib/print.h"
#include "lib/radix.h"
#include "mm/slab.h"

#define DEVPTS_MAGIC 0x1cd1
#define DEVPTS_MAX_DEFAULT (1U << 20)
#define DEVPTS_PTYS 4096
#define DEVPTS_RESERVED 1024
#define FIRST_PAIR_INO 3		/* after the root and ptmx */
#define PTMX_MAJOR 5
#define PTMX_MINOR 2

struct devpts {
	kid_t uid, gid;
	bool uid_set, gid_set;
	u32 mode, ptmx_mode, max;	/* max 0: no limit of its own */
	bool may_use_reserve;		/* mounted in the first mount namespace */
	struct radix indices;		/* index to struct pty */
	struct dentry *ptmx;		/* pinned as long as the instance is there */
};

/* DEVPTS-08: /proc/sys/kernel/pty, for all instances together. */
s32 pty_max = DEVPTS_PTYS, pty_reserve = DEVPTS_RESERVED, pty_count;

extern const struct fs_type devpts_fs_type;

static struct devpts *to_devpts(const struct super *sb)
{
	return sb->private;
}

/* --- nodes of slaves --- */

static int slave_node_open(struct inode *i, struct file *f)
{
	return i->private ? pty_open_slave(i->private, f) : -EIO;
}

static const struct file_ops slave_node_ops = { .class = "pty-node", .open = slave_node_open };

/* Makes a pinned character node in the instance's root. */
static int devpts_make_node(struct super *sb, const char *name, u32 mode, dev_num dev,
			    const struct file_ops *fops, struct dentry **out)
{
	struct dentry *de;
	struct inode *i;
	int err = dentry_create(sb->root, name, strlen(name), &de);

	if (err)
		return err;
	err = inode_create(sb, S_IFCHR | mode, &i);
	if (err) {
		dentry_put(de);
		return err;
	}
	i->rdev = dev;
	i->fops = fops;
	dentry_set_inode(de, i);
	dentry_pin(de);
	*out = de;
	return 0;
}

int devpts_new_node(struct super *sb, struct pty *pty, u32 wanted)
{
	struct devpts *fs = to_devpts(sb);
	u64 index, first = wanted == PTY_ANY_INDEX ? 0 : wanted;
	u64 last = wanted != PTY_ANY_INDEX ? wanted : (fs->max ? fs->max : DEVPTS_MAX_DEFAULT) - 1;
	char name[12];
	int err;

	if (pty_count + 1 >= pty_max - (fs->may_use_reserve ? 0 : pty_reserve))
		return deny(ENOSPC, DEVPTS_08);
	if (last >= DEVPTS_MAX_DEFAULT || radix_free_index(&fs->indices, first, last, &index))
		return deny(ENOSPC, DEVPTS_03);
	err = radix_set(&fs->indices, index, pty);
	if (err)
		return err;
	snprintf(name, sizeof(name), "%lu", index);
	err = devpts_make_node(sb, name, fs->mode, DEV(PTS_MAJOR, index), &slave_node_ops,
			       &pty->node);
	if (err) {
		radix_erase(&fs->indices, index);
		return err;
	}
	pty->node->inode->uid = fs->uid_set ? fs->uid : current_cred()->fsuid;
	pty->node->inode->gid = fs->gid_set ? fs->gid : current_cred()->fsgid;
	pty->node->inode->private = pty;
	pty->node->inode->ino = FIRST_PAIR_INO + index;
	pty->index = index;
	pty->sb = sb;
	ref_get(&sb->refs);
	pty_count++;
	return 0;
}

void devpts_remove_node(struct pty *pty)
{
	struct super *sb = pty->sb;

	radix_erase(&to_devpts(sb)->indices, pty->index);
	pty->node->inode->private = NULL;
	dentry_delete(pty->node);
	dentry_put(pty->node);
	pty->sb = NULL;
	pty_count--;
	super_put(sb);
}

/* --- ptmx --- */

static int ptmx_node_open(struct inode *i, struct file *f)
{
	return pty_open_master(i->sb, f);
}

static const struct file_ops ptmx_node_ops = { .class = "ptmx", .open = ptmx_node_open };

/* DEVPTS-06: the instance mounted at "pts" in the directory of a node, as its mount shows it. */
static int devpts_beside(const struct path *node, struct mount **out)
{
	struct dentry *dir = node->dentry->parent, *de;
	struct mount *m = NULL, *upper;

	if (!dentry_is_ancestor(node->mnt->root, dir))	/* the node alone is bound there */
		return deny(ENOENT, DEVPTS_06);
	de = dentry_find(dir, "pts", strlen("pts"));
	if (!de)
		return deny(ENOENT, DEVPTS_06);
	for (upper = mount_find(node->mnt, de); upper; upper = mount_find(m, m->root))
		m = upper;
	dentry_put(de);
	if (!m || m->sb->type != &devpts_fs_type || m->root != m->sb->root)
		return deny(ENODEV, DEVPTS_06);
	*out = m;
	return 0;
}

int devpts_mount_of(struct file *master, const struct super *sb, struct mount **out)
{
	struct path at = master->path;
	int err = 0;

	while (at.dentry == at.mnt->root && mount_has_parent(at.mnt)) {
		at.dentry = at.mnt->mountpoint;
		at.mnt = at.mnt->parent;
	}
	*out = at.mnt;
	if (at.mnt->sb != sb)
		err = devpts_beside(&at, out);
	return !err && (*out)->sb != sb ? deny(ENODEV, DEVPTS_06) : err;
}

static int ptmx_device_open(struct inode *i, struct file *f)
{
	struct mount *m;
	int err = devpts_beside(&f->path, &m);

	(void)i;
	return err ? err : pty_open_master(m->sb, f);
}

static const struct file_ops ptmx_device_ops = { .class = "ptmx", .open = ptmx_device_open };

/* --- options --- */

static int devpts_option(void *ctx, const char *key, const char *value)
{
	enum { BY_PREFIX = 0, OCTAL = 8 };
	struct devpts *fs = ctx;
	u32 number = 0;
	bool octal = !strcmp(key, "mode") || !strcmp(key, "ptmxmode");

	if (!strcmp(key, "newinstance") && !value)
		return 0;
	if (fs_option_number(value, octal ? OCTAL : BY_PREFIX, INT_MAX, &number))
		return deny(EINVAL, DEVPTS_05);
	if (!strcmp(key, "uid"))
		fs->uid = make_uid(current_user_ns(), number), fs->uid_set = true;
	else if (!strcmp(key, "gid"))
		fs->gid = make_gid(current_user_ns(), number), fs->gid_set = true;
	else if (!strcmp(key, "mode"))
		fs->mode = number & 07777;
	else if (!strcmp(key, "ptmxmode"))
		fs->ptmx_mode = number & 07777;
	else if (!strcmp(key, "max") && number <= DEVPTS_MAX_DEFAULT)
		fs->max = number;
	else
		return deny(EINVAL, DEVPTS_05);
	if ((fs->uid_set && fs->uid == INVALID_ID) || (fs->gid_set && fs->gid == INVALID_ID))
		return deny(EINVAL, DEVPTS_05);
	return 0;
}

static void devpts_show_options(struct super *sb, struct text *t)
{
	struct devpts *fs = to_devpts(sb);

	if (fs->uid_set)
		text_printf(t, ",uid=%u", from_uid_munged(current_user_ns(), fs->uid));
	if (fs->gid_set)
		text_printf(t, ",gid=%u", from_gid_munged(current_user_ns(), fs->gid));
	text_printf(t, ",mode=%03o,ptmxmode=%03o", fs->mode, fs->ptmx_mode);
	if (fs->max < DEVPTS_MAX_DEFAULT)
		text_printf(t, ",max=%u", fs->max);
}

static int devpts_parse(struct devpts *fs, const char *data)
{
	fs->uid_set = fs->gid_set = false;
	fs->mode = 0600;
	fs->ptmx_mode = 0;
	fs->max = DEVPTS_MAX_DEFAULT;
	return fs_options_parse(data, devpts_option, fs);
}

/* What is not named goes back to its default; what stands before an error is in force. */
static int devpts_remount(struct super *sb, const char *data)
{
	struct devpts *fs = to_devpts(sb);
	int err = devpts_parse(fs, data);

	fs->ptmx->inode->mode = S_IFCHR | fs->ptmx_mode;
	return err;
}

static void devpts_release(struct super *sb)
{
	kfree(to_devpts(sb));
}

static const struct inode_ops devpts_dir_ops = { .lookup = NULL };

static const struct file_ops devpts_dir_file_ops = {
	.class = "devpts-dir",
	.readdir = dcache_readdir,
	.llseek = dcache_llseek,
};

static const struct super_ops devpts_super_ops = {
	.release = devpts_release,
	.remount = devpts_remount,
	.show_options = devpts_show_options,
};

/* --- the file system type --- */

static int devpts_make_root(struct super *sb)
{
	struct devpts *fs = to_devpts(sb);
	struct inode *root;
	int err = inode_create(sb, S_IFDIR | 0755, &root);

	if (err)
		return err;
	root->nlink = 2;
	root->ops = &devpts_dir_ops;
	root->fops = &devpts_dir_file_ops;
	err = dentry_create_root(sb, root, &sb->root);
	if (err)
		return err;
	err = devpts_make_node(sb, "ptmx", fs->ptmx_mode, DEV(PTMX_MAJOR, PTMX_MINOR),
			       &ptmx_node_ops, &fs->ptmx);
	if (!err)
		dentry_put(fs->ptmx);	/* the tree keeps it */
	return err;
}

static int devpts_mount(const struct fs_type *type, const struct fs_request *req,
			struct super **out)
{
	struct devpts *fs = kzalloc(sizeof(*fs));
	struct super *sb;
	int err;

	if (!fs)
		return -ENOMEM;
	fs->may_use_reserve = current_mnt_ns() == &init_mnt_ns;
	err = devpts_parse(fs, req->data);
	if (!err)
		err = super_create(type, &devpts_super_ops, &sb);
	if (err) {
		kfree(fs);
		return err;
	}
	sb->private = fs;
	err = devpts_make_root(sb);
	if (err)
		super_put(sb);
	else
		*out = sb;
	return err;
}

const struct fs_type devpts_fs_type = {
	.name = "devpts",
	.flags = FS_NODEV_TYPE | FS_USERNS_MOUNT | FS_OWN_DEVICES,
	.magic = DEVPTS_MAGIC,
	.mount = devpts_mount,
};

void devpts_init(void)
{
	device_register(PTMX_MAJOR, PTMX_MINOR, 1, "ptmx", 0666, &ptmx_device_ops);
}
