// SPDX-License-Identifier: MIT
/* fs/memfs.c - files and directories that live in memory: what tmpfs, ramfs, rootfs and devtmpfs
 * share.
 *
 * The dentry tree is the directory (dentries are pinned), the page cache is the file. A link's text
 * hangs off inode->private. Pages and inodes are counted against the limits of the super.
 * Locks: the directory's inode, held by VFS. Checkpoint: by contents. See tmpfs(5). */

#include <linux/falloc.h>

#include "fs/descriptor.h"
#include "fs/device.h"
#include "fs/names.h"
#include "fs/seals.h"
#include "kernel/deny.h"
#include "mm/slab.h"

#define DIRENT_SIZE 20		/* what an entry adds to a directory's st_size, as on Linux */
#define DIR_SIZE_EMPTY (2 * DIRENT_SIZE)

/* --- limits --- */

static int memfs_may_grow(struct page_cache *pc, u64 pages)
{
	struct memfs *fs = memfs_of(((struct inode *)pc->host)->sb);

	if (fs->max_blocks && fs->used_blocks + pages > fs->max_blocks)
		return deny(ENOSPC, EXT_LIM_04);
	fs->used_blocks += pages;
	return 0;
}

static void memfs_shrunk(struct page_cache *pc, u64 pages)
{
	struct memfs *fs = memfs_of(((struct inode *)pc->host)->sb);

	assert(fs->used_blocks >= pages);
	fs->used_blocks -= pages;
}

/* What is mapped beyond the end of the file is SIGBUS. */
static u64 memfs_size(struct page_cache *pc)
{
	const struct inode *i = pc->host;

	return i->size;
}

const struct cache_ops memfs_cache_ops = {
	.may_grow = memfs_may_grow, .shrunk = memfs_shrunk, .size = memfs_size,
};

static const struct cache_ops ramfs_cache_ops = {
	.may_grow = memfs_may_grow, .shrunk = memfs_shrunk, .size = memfs_size,
	.unevictable = true,
};

/* --- inodes --- */

static const struct inode_ops memfs_dir_ops, memfs_file_inode_ops, memfs_link_ops;

static void memfs_inode_kind(struct inode *i, dev_num dev)
{
	switch (i->mode & S_IFMT) {
	case S_IFREG:
		i->ops = &memfs_file_inode_ops;
		i->fops = &memfs_file_ops;
		page_cache_init(&i->cache, memfs_of(i->sb)->limited ? &memfs_cache_ops
								    : &ramfs_cache_ops, i);
		i->sealable = memfs_of(i->sb)->limited;
		i->seals = i->sealable ? F_SEAL_SEAL : 0;
		break;
	case S_IFDIR:
		i->ops = &memfs_dir_ops;
		i->fops = &memfs_dir_file_ops;
		i->nlink = 2;
		i->size = memfs_of(i->sb)->limited ? DIR_SIZE_EMPTY : 0;
		break;
	case S_IFLNK:
		i->ops = &memfs_link_ops;
		break;
	default:
		i->ops = &memfs_file_inode_ops;
		special_inode_init(i, i->mode, dev);
	}
}

u32 memfs_inode_charge(const struct inode *i)
{
	return S_ISDIR(i->mode) ? 1 : MAX(i->nlink, 1u);
}

static int inodes_charge(struct memfs *fs)
{
	if (fs->max_inodes && fs->used_inodes >= fs->max_inodes)
		return deny(ENOSPC, EXT_LIM_06);
	fs->used_inodes++;
	return 0;
}

int memfs_inode(struct super *sb, const struct inode *dir, u32 mode, dev_num dev,
		struct inode **out)
{
	int err = inodes_charge(memfs_of(sb));

	if (err)
		return err;
	err = inode_create(sb, mode, out);
	if (err) {
		memfs_of(sb)->used_inodes--;
		return err;
	}
	inode_init_owner(*out, dir, mode);
	memfs_inode_kind(*out, dev);
	return 0;
}

static void memfs_destroy_inode(struct inode *i)
{
	if (S_ISLNK(i->mode))
		kfree(i->private);
	memfs_of(i->sb)->used_inodes -= memfs_inode_charge(i);
}

/* --- directories --- */

static void dir_resize(struct inode *dir, s64 entries)
{
	if (memfs_of(dir->sb)->limited)
		dir->size += entries * DIRENT_SIZE;
	inode_touch(dir, ATTR_MTIME);
}

/* The dentry names the inode from now on. */
static void memfs_enter(struct inode *dir, struct dentry *de, struct inode *i)
{
	dentry_set_inode(de, i);
	dentry_pin(de);
	dir_resize(dir, 1);
	if (S_ISDIR(i->mode))
		inode_inc_nlink(dir);
}

static int memfs_mknod(struct inode *dir, struct dentry *de, u32 mode, dev_num dev)
{
	struct inode *i;
	int err = memfs_inode(dir->sb, dir, mode, dev, &i);

	if (!err)
		memfs_enter(dir, de, i);
	return err;
}

static int memfs_create(struct inode *dir, struct dentry *de, u32 mode)
{
	return memfs_mknod(dir, de, mode | S_IFREG, 0);
}

static int memfs_mkdir(struct inode *dir, struct dentry *de, u32 mode)
{
	return memfs_mknod(dir, de, mode | S_IFDIR, 0);
}

static int memfs_symlink(struct inode *dir, struct dentry *de, const char *target)
{
	char *text = kstrdup(target);
	struct inode *i;
	int err;

	if (!text)
		return -ENOMEM;
	err = memfs_inode(dir->sb, dir, S_IFLNK | S_IRWXUGO, 0, &i);
	if (err) {
		kfree(text);
		return err;
	}
	i->private = text;
	i->size = strlen(text);
	memfs_enter(dir, de, i);
	return 0;
}

static int memfs_link(struct dentry *old, struct inode *dir, struct dentry *de)
{
	struct inode *i = old->inode;
	int err = i->nlink ? inodes_charge(memfs_of(i->sb)) : 0;	/* 0: of O_TMPFILE */

	if (err)
		return err;
	inode_inc_nlink(i);
	memfs_enter(dir, de, inode_get(i));
	return 0;
}

static int memfs_unlink(struct inode *dir, struct dentry *de)
{
	if (!S_ISDIR(de->inode->mode) && de->inode->nlink > 1)
		memfs_of(dir->sb)->used_inodes--;
	inode_drop_nlink(de->inode);
	dir_resize(dir, -1);
	dentry_unpin(de);
	return 0;
}

static int memfs_rmdir(struct inode *dir, struct dentry *de)
{
	if (!dcache_empty(de))
		return -ENOTEMPTY;
	inode_drop_nlink(de->inode);
	inode_drop_nlink(dir);
	return memfs_unlink(dir, de);
}

static int memfs_tmpfile(struct inode *dir, struct dentry *de, u32 mode)
{
	struct inode *i;
	int err = memfs_inode(dir->sb, dir, mode, 0, &i);

	if (err)
		return err;
	i->nlink = 0;
	dentry_set_inode(de, i);
	return 0;
}

/* A subdirectory's ".." goes from one directory to the other. */
static void move_dotdot(const struct dentry *de, struct inode *from, struct inode *to)
{
	if (!S_ISDIR(de->inode->mode) || from == to)
		return;
	inode_drop_nlink(from);
	inode_inc_nlink(to);
}

static int memfs_rename(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
			struct dentry *new, unsigned flags)
{
	if (flags & RENAME_EXCHANGE) {
		move_dotdot(old, old_dir, new_dir);
		move_dotdot(new, new_dir, old_dir);
		new->inode->ctime = time_real_spec();
	} else if (new->inode) {
		int err = S_ISDIR(new->inode->mode) ? memfs_rmdir(new_dir, new)
						    : memfs_unlink(new_dir, new);

		if (err)
			return err;
	}
	if (!(flags & RENAME_EXCHANGE)) {
		move_dotdot(old, old_dir, new_dir);
		dir_resize(old_dir, -1);
		dir_resize(new_dir, 1);
	}
	inode_touch(old_dir, ATTR_MTIME);
	inode_touch(new_dir, ATTR_MTIME);
	old->inode->ctime = time_real_spec();
	return 0;
}

/* --- attributes: tmpfs has trusted.* and security.*, ramfs none (Linux 6.1) --- */

static int xattr_check(const struct inode *i, const char *name)
{
	static const char *const prefixes[] = { "trusted.", "security." };

	for (unsigned p = 0; memfs_of(i->sb)->limited && p < ARRAY_SIZE(prefixes); p++)
		if (!strncmp(name, prefixes[p], strlen(prefixes[p])))
			return name[strlen(prefixes[p])] ? 0 : -EINVAL;
	return -EOPNOTSUPP;
}

static ssize_t memfs_getxattr(struct inode *i, const char *name, void *value, size_t size)
{
	int err = xattr_check(i, name);

	return err ? err : xattr_store_get(i, name, value, size);
}

static int memfs_setxattr(struct inode *i, const char *name, const void *value, size_t size,
			  int flags)
{
	int err = xattr_check(i, name);

	return err ? err : xattr_store_set(i, name, value, size, flags);
}

static int memfs_removexattr(struct inode *i, const char *name)
{
	int err = xattr_check(i, name);

	return err ? err : xattr_store_remove(i, name);
}

#define MEMFS_XATTR_OPS                                                             \
	.getxattr = memfs_getxattr, .setxattr = memfs_setxattr, .removexattr = memfs_removexattr, \
	.listxattr = xattr_store_list

/* --- files --- */

static int memfs_fsync(struct file *f, bool datasync)
{
	(void)f, (void)datasync;
	return 0;
}

static void zero_part(struct inode *i, u64 from, u64 to)
{
	struct frame *f = page_cache_peek(&i->cache, from >> PAGE_SHIFT);

	if (from < to && f) {
		memset((u8 *)frame_data(f) + (from & ~PAGE_MASK), 0, to - from);
		page_cache_dirty(&i->cache, f);
	}
}

static void punch_hole(struct inode *i, u64 off, u64 end)
{
	u64 first = ALIGN_UP(off, PAGE_SIZE), last = ALIGN_DOWN(end, PAGE_SIZE);

	if (first > last) {		/* within one page */
		zero_part(i, off, end);
		return;
	}
	zero_part(i, off, first);
	zero_part(i, last, end);
	if (first < last)
		page_cache_punch(&i->cache, first >> PAGE_SHIFT, (last >> PAGE_SHIFT) - 1);
}

/* Makes the missing pages of [off, end), after a look at whether there is room for all. */
static int allocate_range(struct inode *i, u64 off, u64 end)
{
	const struct memfs *fs = memfs_of(i->sb);
	u64 first = off >> PAGE_SHIFT, last = (end - 1) >> PAGE_SHIFT;
	struct frame *f;
	int err;

	if (fs->max_blocks &&
	    last - first + 1 > fs->max_blocks - fs->used_blocks + i->cache.nr_pages)
		return deny(ENOSPC, EXT_LIM_04);
	for (u64 p = first; p <= last; p++) {
		err = filemap_get(i, p, CACHE_CREATE, &f);
		if (err)
			return err;
		page_cache_dirty(&i->cache, f);
		frame_put(f);
	}
	return 0;
}

static int memfs_setattr(struct dentry *de, const struct iattr *attr)
{
	int err = attr->valid & ATTR_SIZE ? seals_check_size(de->inode, attr->size) : 0;

	return err ? err : generic_setattr(de, attr);
}

static int memfs_mmap(struct file *f, struct map_request *req)
{
	int err = seals_check_map(f->inode, req);

	return err ? err : generic_mmap(f, req);
}

static int memfs_fallocate(struct file *f, int mode, u64 off, u64 len)
{
	struct inode *i = f->inode;
	int err = 0;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	mutex_lock(&i->lock);
	err = seals_check_fallocate(i, mode, off + len);
	if (!err && mode & FALLOC_FL_PUNCH_HOLE)
		punch_hole(i, off, off + len);
	else if (!err)
		err = allocate_range(i, off, off + len);
	if (!err && !(mode & FALLOC_FL_KEEP_SIZE) && off + len > i->size)
		i->size = off + len;
	if (!err)
		inode_touch(i, ATTR_MTIME);
	mutex_unlock(&i->lock);
	return err;
}

/* --- tables --- */

static const struct inode_ops memfs_dir_ops = {
	.create = memfs_create,
	.mkdir = memfs_mkdir,
	.mknod = memfs_mknod,
	.symlink = memfs_symlink,
	.link = memfs_link,
	.unlink = memfs_unlink,
	.rmdir = memfs_rmdir,
	.rename = memfs_rename,
	.tmpfile = memfs_tmpfile,
	MEMFS_XATTR_OPS,
};

static const struct inode_ops memfs_file_inode_ops = {
	.setattr = memfs_setattr,
	MEMFS_XATTR_OPS,
};

static const struct inode_ops memfs_link_ops = {
	.readlink = generic_readlink,
	MEMFS_XATTR_OPS,
};

const struct file_ops memfs_dir_file_ops = {
	.class = "directory",
	.llseek = dcache_llseek,
	.readdir = dcache_readdir,
	.fsync = memfs_fsync,
};

const struct file_ops memfs_file_ops = {
	.class = "regular",
	.read = generic_read,
	.write = generic_write,
	.llseek = generic_llseek,
	.mmap = memfs_mmap,
	.fsync = memfs_fsync,
	.fallocate = memfs_fallocate,
};

/* --- supers --- */

static void memfs_release(struct super *sb)
{
	assert(!memfs_of(sb)->used_inodes && !memfs_of(sb)->used_blocks);
	kfree(sb->private);
}

static int memfs_statfs(struct dentry *root, struct statfs64_k *st)
{
	const struct memfs *fs = memfs_of(root->sb);

	if (fs->max_blocks) {
		st->blocks = fs->max_blocks;
		st->bfree = st->bavail = fs->max_blocks - fs->used_blocks;
	}
	if (fs->max_inodes) {
		st->files = fs->max_inodes;
		st->ffree = fs->max_inodes - fs->used_inodes;
	}
	return 0;
}

const struct super_ops memfs_super_ops = {
	.destroy_inode = memfs_destroy_inode,
	.release = memfs_release,
	.statfs = memfs_statfs,
	.remount = memfs_remount,
	.show_options = memfs_show_options,
};
