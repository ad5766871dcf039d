// SPDX-License-Identifier: MIT
/* fs/shmem.c - files of memory without a name, on a tmpfs that only the kernel has mounted.
 *
 * Behind them: memfd_create(2), maps that are MAP_SHARED|MAP_ANONYMOUS, System V shared memory. A
 * file has an inode and a dentry of its own; the dentry was never hashed and carries the name that
 * /proc shows. All goes with the last reference of the file.
 * Locks: BKL. Checkpoint: contents once per inode, by whoever holds it. See shm_overview(7). */
#include "fs/shmem.h"
#include "fs/descriptor.h"
#include "fs/maps.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "lib/print.h"

#define SHARED_ANON_NAME "dev/zero"

static struct mount *shmem_mount;
static const u32 shmem_modes[] = {
	[O_RDONLY] = FMODE_READ, [O_WRONLY] = FMODE_WRITE, [O_RDWR] = FMODE_READ | FMODE_WRITE,
	[O_ACCMODE] = 0,
};

static int shmem_name(struct dentry *de, char *buf, size_t size)
{
	return snprintf(buf, size, "/%s (deleted)", de->name);
}

static const struct dentry_ops shmem_dentry_ops = { .name = shmem_name };

/* This instance has no limits of its own. */
void shmem_init(void)
{
	struct memfs *fs;

	if (mount_kernel(fs_type_find("tmpfs"), &shmem_mount))
		panic("no memory for shmem");
	fs = memfs_of(shmem_mount->sb);
	fs->max_blocks = fs->max_inodes = 0;
}

static int shmem_dentry(const char *name, struct inode *i, struct path *out)
{
	int err = dentry_create_unhashed(shmem_mount->root, name, strlen(name), &out->dentry);

	if (err) {
		inode_put(i);
		return err;
	}
	dentry_set_inode(out->dentry, i);
	out->dentry->ops = &shmem_dentry_ops;
	out->mnt = shmem_mount;
	return 0;
}

int shmem_file_create(const char *name, u64 size, u32 mode, struct file **out)
{
	struct inode *i;
	struct path p;
	int err = memfs_inode(shmem_mount->sb, NULL, S_IFREG | mode, 0, &i);

	if (err)
		return err;
	i->nlink = 0;
	i->size = size;
	err = shmem_dentry(name, i, &p);
	if (err)
		return err;
	err = file_alloc(&p, i, O_RDWR | O_LARGEFILE, i->fops, current_cred(), out);
	if (!err)		/* not counted as a writer: it may be run while it is open */
		(*out)->mode = FMODE_READ | FMODE_WRITE | FMODE_LSEEK;
	dentry_put(p.dentry);
	return err;
}

int shmem_file_of(struct dentry *de, u32 flags, struct file **out)
{
	struct path p = { shmem_mount, de };
	int err = file_alloc(&p, de->inode, flags, de->inode->fops, current_cred(), out);

	if (!err)
		(*out)->mode = FMODE_LSEEK | shmem_modes[flags & O_ACCMODE];
	return err;
}

bool shmem_owns(const struct inode *i)
{
	return i->sb == shmem_mount->sb;
}

bool shmem_is_shared_anon(const struct inode *i)
{
	const struct dentry *de = list_first(&i->dentries, struct dentry, alias);

	return shmem_owns(i) && !strcmp(de->name, SHARED_ANON_NAME);
}

/* --- orphans --- */

/* dir's file system, if that is one of memory in which current may make files. */
static struct super *orphan_super(const struct path *dir)
{
	struct super *sb = dir->mnt->sb;

	if (sb->ops != &memfs_super_ops || mount_want_write(dir->mnt))
		return NULL;
	mount_end_write(dir->mnt);
	return inode_permission(dir->dentry->inode, MAY_WRITE | MAY_EXEC) ? NULL : sb;
}

int orphan_create(const struct path *dir, u32 mode, dev_num rdev, struct inode **out)
{
	struct super *sb = dir ? orphan_super(dir) : NULL;
	int err;

	if ((S_ISCHR(mode) || S_ISBLK(mode)) && !capable_in(&init_user_ns, CAP_MKNOD))
		return deny(EPERM, EXT_CRED_01);
	err = memfs_inode(sb ? sb : shmem_mount->sb, NULL, mode, rdev, out);
	if (!err)
		(*out)->nlink = 0;
	return err;
}

int orphan_name(const struct path *dir, const char *name, struct inode *i, struct path *out)
{
	bool own = dir->mnt->sb != i->sb;
	struct path at = { own ? shmem_mount : dir->mnt, own ? shmem_mount->root : dir->dentry };
	struct dentry *de;
	int err = dentry_create_unhashed(at.dentry, name, strlen(name), &de);

	if (err)
		return err;
	dentry_set_inode(de, inode_get(i));
	mount_get(at.mnt);
	*out = (struct path){ at.mnt, de };
	return 0;
}

int shmem_inode_name(const char *name, struct inode *i, struct dentry **out)
{
	struct path p;
	int err = shmem_dentry(name, inode_get(i), &p);

	if (!err)
		*out = p.dentry;
	return err;
}

int shared_anon_create(u64 bytes, struct map_request *req)
{
	struct file *f;
	int err = shmem_file_create(SHARED_ANON_NAME, ALIGN_UP(bytes, PAGE_SIZE), S_IRWXUGO, &f);

	if (err)
		return err;
	req->cache = &f->inode->cache;
	req->ops = &file_vma_ops;
	req->file = f;
	return 0;
}
