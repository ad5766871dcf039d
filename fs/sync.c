// SPDX-License-Identifier: MIT
/* fs/sync.c - getting files to their backing store: fsync(2), fdatasync(2), sync(2), syncfs(2),
 * sync_file_range(2).
 *
 * File systems in memory have nothing behind them: their fsync operation, if any, just says yes.
 * Context: may sleep where a file system has a store. Checkpoint: none. */
#include "fs/descriptor.h"
#include "kernel/syscall.h"

#define SYNC_RANGE_KNOWN \
	(SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER)

static long sync_fd(int fd, bool datasync)
{
	struct file *f = fd_get_io(fd);
	int err = -EINVAL;

	if (!f)
		return -EBADF;
	if (f->ops->fsync)
		err = f->ops->fsync(f, datasync);
	file_put(f);
	return err;
}

long sys_fsync(int fd)
{
	return sync_fd(fd, false);
}

long sys_fdatasync(int fd)
{
	return sync_fd(fd, true);
}

static int super_sync(struct super *sb)
{
	return sb->ops && sb->ops->sync ? sb->ops->sync(sb) : 0;
}

/* Each super is held while it is at work. */
long sys_sync(void)
{
	struct super *sb = list_first(&super_all, struct super, all), *next;

	if (sb)
		ref_get(&sb->refs);
	while (sb) {
		super_sync(sb);
		next = NULL;
		if (sb->all.next != &super_all)
			next = list_entry(sb->all.next, struct super, all);
		if (next)
			ref_get(&next->refs);
		super_put(sb);
		sb = next;
	}
	return 0;
}

long sys_syncfs(int fd)
{
	struct file *f = fd_get_io(fd);
	int err;

	if (!f)
		return -EBADF;
	err = super_sync(f->inode->sb);
	file_put(f);
	return err;
}

static bool file_has_store(const struct file *f)
{
	u32 mode = f->inode->mode;

	return S_ISREG(mode) || S_ISBLK(mode) || S_ISDIR(mode) || S_ISLNK(mode);
}

long sys_sync_file_range(int fd, s64 off, s64 len, unsigned flags)
{
	struct file *f = fd_get_io(fd);
	u64 last;
	int err = 0;

	if (!f)
		return -EBADF;
	if ((flags & ~SYNC_RANGE_KNOWN) || off < 0 || len < 0 || (s64)((u64)off + (u64)len) < off)
		err = -EINVAL;
	else if (!file_has_store(f))
		err = -ESPIPE;
	if (!err && S_ISREG(f->inode->mode) && f->inode->cache.ops) {
		last = len ? ((u64)off + len - 1) / PAGE_SIZE : ~0UL;
		err = page_cache_sync(&f->inode->cache, (u64)off / PAGE_SIZE, last);
	}
	file_put(f);
	return err;
}
