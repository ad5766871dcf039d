// SPDX-License-Identifier: MIT
/* fs/inode.c - inodes: files and directories themselves, whatever their names.
 *
 * An inode lives as long as someone counts it: its dentries, open files, transient users. A file
 * system in memory keeps it by pinning a dentry, so the last unlink and the last close
 * free it. There is no cache of inodes beside that of dentries.
 * i->writers: files open for writing (> 0) or denials of that (< 0): programs being run.
 * Locks: BKL. Checkpoint: rebuilt by path; unlinked ones are saved with their file. */

#include "fs/names.h"
#include "kernel/deny.h"
#include "mm/slab.h"

static struct slab_cache *inode_cache;
static const struct cache_ops inode_no_cache_ops;	/* pages of zeros */
static const struct inode_ops inode_no_ops;
static const struct file_ops inode_no_fops = { .class = "none" };

int inode_create(struct super *sb, u32 mode, struct inode **out)
{
	struct inode *i;

	if (!inode_cache)
		inode_cache = slab_cache_create("inode", sizeof(*i), sizeof(u64));
	i = slab_zalloc(inode_cache);
	if (!i)
		return -ENOMEM;
	ref_set(&i->refs, 1);
	i->sb = sb;
	i->ino = ++sb->next_ino;
	i->mode = mode;
	i->nlink = 1;
	i->uid = current_cred()->fsuid;
	i->gid = current_cred()->fsgid;
	i->ops = &inode_no_ops;
	i->fops = &inode_no_fops;
	inode_init_times(i);
	page_cache_init(&i->cache, &inode_no_cache_ops, i);
	mutex_init(&i->lock);
	list_init(&i->dentries);
	list_add_tail(&sb->inodes, &i->all);
	*out = i;
	return 0;
}

static void inode_destroy(struct inode *i)
{
	assert(list_empty(&i->dentries));
	page_cache_destroy(&i->cache);
	if (i->sb->ops && i->sb->ops->destroy_inode)
		i->sb->ops->destroy_inode(i);
	xattr_store_free(i);
	list_del(&i->all);
	slab_free(inode_cache, i);
}

void inode_put(struct inode *i)
{
	if (ref_put(&i->refs))
		inode_destroy(i);
}

void inode_init_times(struct inode *i)
{
	i->atime = i->mtime = i->ctime = i->btime = time_real_spec();
}

/* The owner is the maker; the group too, or the directory's where that has its set-group-ID
 * bit, which subdirectories inherit. */
void inode_init_owner(struct inode *i, const struct inode *dir, u32 mode)
{
	const struct cred *c = current_cred();

	i->uid = c->fsuid;
	i->gid = c->fsgid;
	if (dir && (dir->mode & S_ISGID)) {
		i->gid = dir->gid;
		if (S_ISDIR(mode))
			mode |= S_ISGID;
		else if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
			 !in_group(c, i->gid) && !capable_over_inode(dir, CAP_FSETID))
			mode &= ~S_ISGID;
	}
	i->mode = mode;
}

void inode_touch(struct inode *i, unsigned which)
{
	timespec_t now = time_real_spec();

	if (which & ATTR_ATIME)
		i->atime = now;
	if (which & ATTR_MTIME)
		i->mtime = i->ctime = now;
}

void inode_inc_nlink(struct inode *i)
{
	i->nlink++;
	i->ctime = time_real_spec();
}

void inode_drop_nlink(struct inode *i)
{
	assert(i->nlink);
	i->nlink--;
	i->ctime = time_real_spec();
}

int inode_get_write(struct inode *i)
{
	if (i->writers < 0)
		return deny(ETXTBSY, EXT_FS_07);
	i->writers++;
	return 0;
}

void inode_put_write(struct inode *i)
{
	assert(i->writers > 0);
	i->writers--;
}

int inode_deny_write(struct inode *i)
{
	if (i->writers > 0)
		return deny(ETXTBSY, EXT_FS_07);
	i->writers--;
	return 0;
}

void inode_allow_write(struct inode *i)
{
	assert(i->writers < 0);
	i->writers++;
}

static bool spec_before(const timespec_t *a, const timespec_t *b)
{
	return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* With relatime, a read is noted where the file changed since the last one, or once a day. */
static bool atime_is_stale(const struct inode *i, const timespec_t *now)
{
	static const s64 day_sec = 24 * 60 * 60;

	return !spec_before(&i->mtime, &i->atime) || !spec_before(&i->ctime, &i->atime) ||
	       now->tv_sec - i->atime.tv_sec >= day_sec;
}

void path_accessed(const struct path *p)
{
	struct inode *i = p->dentry->inode;
	u32 flags = p->mnt->flags;
	timespec_t now;

	if (flags & (MNT_K_NOATIME | MNT_K_RDONLY) || p->mnt->sb->flags & (MS_RDONLY | MS_NOATIME))
		return;
	if (S_ISDIR(i->mode) && (flags & MNT_K_NODIRATIME || p->mnt->sb->flags & MS_NODIRATIME))
		return;
	now = time_real_spec();
	if (flags & MNT_K_RELATIME && !atime_is_stale(i, &now))
		return;
	i->atime = now;
}
