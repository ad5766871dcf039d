// SPDX-License-Identifier: MIT
/* fs/stat.c - stat(2) and kin, statx(2): what an inode says of itself.
 *
 * The file system fills a kstat in kernel terms; here it becomes the structure of each call,
 * with ids translated for the caller's user namespace, unmapped ones as the overflow ids
 * (USERNS-39). See stat(2), statx(2).
 * Keeps ABI-FS-03. */

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/names.h"
#include "kernel/syscall.h"

#define STAT_BLOCK_SHIFT 9
#define STATX_FLAGS (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE)
#define FSTATAT_FLAGS (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH)

void generic_fill_kstat(struct inode *i, struct kstat *st)
{
	*st = (struct kstat){
		.ino = i->ino, .size = i->size, .mode = i->mode, .nlink = i->nlink,
		.blksize = PAGE_SIZE, .uid = i->uid, .gid = i->gid, .dev = i->sb->dev,
		.rdev = i->rdev,
		.atime = i->atime, .mtime = i->mtime, .ctime = i->ctime, .btime = i->btime,
		.blocks = i->cache.nr_pages << (PAGE_SHIFT - STAT_BLOCK_SHIFT),
	};
	if (i->attr_flags & FS_IMMUTABLE_FL)
		st->attributes |= STATX_ATTR_IMMUTABLE;
	if (i->attr_flags & FS_APPEND_FL)
		st->attributes |= STATX_ATTR_APPEND;
	st->attributes_mask = STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND | STATX_ATTR_NODUMP |
			      STATX_ATTR_AUTOMOUNT | STATX_ATTR_MOUNT_ROOT | STATX_ATTR_DAX;
}

int vfs_getattr(const struct path *p, struct kstat *st)
{
	struct inode *i = p->dentry->inode;
	int err = 0;

	if (i->ops->getattr)
		err = i->ops->getattr(p->dentry, st);
	else
		generic_fill_kstat(i, st);
	st->mnt_id = p->mnt->id;
	st->tells_birth = i->sb->type->flags & FS_TELLS_BIRTH;
	if (p->dentry == p->mnt->root)
		st->attributes |= STATX_ATTR_MOUNT_ROOT;
	return err;
}

/* A path of a call with AT_* flags; "" with AT_EMPTY_PATH is dfd itself. */
static int stat_at(int dfd, uaddr name, int flags, struct kstat *st)
{
	struct path p;
	int err = path_lookup_at(dfd, name, flags, &p);

	if (err)
		return err;
	err = vfs_getattr(&p, st);
	path_put(&p);
	return err;
}

static int stat_to_user(const struct kstat *k, uaddr out)
{
	const struct user_ns *ns = current_user_ns();
	struct stat st = {
		.st_dev = dev_encode(k->dev), .st_ino = k->ino, .st_mode = k->mode,
		.st_nlink = k->nlink,
		.st_uid = from_uid_munged(ns, k->uid), .st_gid = from_gid_munged(ns, k->gid),
		.st_rdev = dev_encode(k->rdev), .st_size = k->size, .st_blksize = k->blksize,
		.st_blocks = k->blocks,
		.st_atime = k->atime.tv_sec, .st_atime_nsec = k->atime.tv_nsec,
		.st_mtime = k->mtime.tv_sec, .st_mtime_nsec = k->mtime.tv_nsec,
		.st_ctime = k->ctime.tv_sec, .st_ctime_nsec = k->ctime.tv_nsec,
	};

	return copy_to_user(out, &st, sizeof(st));
}

static long stat_call(int dfd, uaddr name, uaddr out, int flags)
{
	struct kstat st;
	int err = stat_at(dfd, name, flags, &st);

	return err ? err : stat_to_user(&st, out);
}

long sys_stat(uaddr name, uaddr out)
{
	return stat_call(AT_FDCWD, name, out, 0);
}

long sys_lstat(uaddr name, uaddr out)
{
	return stat_call(AT_FDCWD, name, out, AT_SYMLINK_NOFOLLOW);
}

long sys_newfstatat(int dfd, uaddr name, uaddr out, int flags)
{
	if (flags & ~FSTATAT_FLAGS)
		return -EINVAL;
	return stat_call(dfd, name, out, flags);
}

long sys_fstat(int fd, uaddr out)
{
	struct file *f = fd_get(fd);
	struct kstat st;
	int err;

	if (!f)
		return -EBADF;
	err = vfs_getattr(&f->path, &st);
	file_put(f);
	return err ? err : stat_to_user(&st, out);
}

static struct statx_timestamp statx_time(const timespec_t *t)
{
	return (struct statx_timestamp){ .tv_sec = t->tv_sec, .tv_nsec = t->tv_nsec };
}

static int statx_to_user(const struct kstat *k, u32 wanted, uaddr out)
{
	const struct user_ns *ns = current_user_ns();
	u64 dev = k->dev, rdev = k->rdev;
	struct statx st = {
		.stx_mask = STATX_BASIC_STATS | STATX_MNT_ID |
			    (k->tells_birth ? wanted & STATX_BTIME : 0),
		.stx_blksize = k->blksize, .stx_attributes = k->attributes,
		.stx_attributes_mask = k->attributes_mask, .stx_nlink = k->nlink,
		.stx_uid = from_uid_munged(ns, k->uid), .stx_gid = from_gid_munged(ns, k->gid),
		.stx_mode = k->mode, .stx_ino = k->ino, .stx_size = k->size,
		.stx_blocks = k->blocks, .stx_atime = statx_time(&k->atime),
		.stx_ctime = statx_time(&k->ctime), .stx_mtime = statx_time(&k->mtime),
		.stx_dev_major = DEV_MAJOR(dev), .stx_dev_minor = DEV_MINOR(dev),
		.stx_rdev_major = DEV_MAJOR(rdev), .stx_rdev_minor = DEV_MINOR(rdev),
		.stx_mnt_id = k->mnt_id,
	};

	if (st.stx_mask & STATX_BTIME)
		st.stx_btime = statx_time(&k->btime);
	return copy_to_user(out, &st, sizeof(st));
}

long sys_statx(int dfd, uaddr name, int flags, u32 mask, uaddr out)
{
	struct kstat st;
	int err;

	if (mask & STATX__RESERVED)
		return -EINVAL;
	if (flags & ~STATX_FLAGS || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	err = stat_at(dfd, name, flags, &st);
	return err ? err : statx_to_user(&st, mask, out);
}
