// SPDX-License-Identifier: MIT
/* fs/attr.c - changing attributes of inodes: the rules, for all callers.
 *
 * vfs_setattr() checks who may (owner or CAP_FOWNER for mode and times, CAP_CHOWN for ids), clears
 * set-id bits where a change of owner or a truncation must, then asks the file system.
 * The mount was opened for writing by the caller.
 * Locks: the inode's, over check and change. See chmod(2), chown(2), utimensat(2), truncate(2). */

#include "arch/cpu.h"
#include "fs/descriptor.h"
#include "fs/names.h"
#include "fs/notify.h"
#include "kernel/deny.h"
#include "kernel/task.h"

static bool may_change_uid(const struct inode *i, kid_t uid)
{
	return (current_cred()->fsuid == i->uid && uid == i->uid) ||
	       capable_over_inode(i, CAP_CHOWN);
}

static bool may_change_gid(const struct inode *i, kid_t gid)
{
	if (current_cred()->fsuid == i->uid && (gid == i->gid || in_group(current_cred(), gid)))
		return true;
	return capable_over_inode(i, CAP_CHOWN);
}

static int size_check(const struct inode *i, u64 size)
{
	u64 limit = current_limit(RLIMIT_FSIZE);

	if (size <= i->size)
		return 0;
	if (limit != RLIM64_INFINITY && size > limit) {
		file_signal_self(SIGXFSZ);
		return deny(EFBIG, EXT_LIM_04);
	}
	return size > i->sb->max_bytes ? deny(EFBIG, EXT_LIM_04) : 0;
}

static int flags_check(struct inode *i, u32 valid)
{
	if (valid & (ATTR_MODE | ATTR_UID | ATTR_GID | ATTR_TIMES_SET) &&
	    i->attr_flags & (FS_IMMUTABLE_FL | FS_APPEND_FL))
		return deny(EPERM, EXT_FS_03);
	if (!(valid & ATTR_TOUCH))
		return 0;
	if (i->attr_flags & FS_IMMUTABLE_FL)
		return deny(EPERM, EXT_FS_03);
	return inode_owner_or_capable(i) ? 0 : inode_permission(i, MAY_WRITE);
}

static int setattr_check(struct inode *i, const struct iattr *a)
{
	int err = flags_check(i, a->valid);

	if (!err && a->valid & ATTR_SIZE)
		err = size_check(i, a->size);
	if (err)
		return err;
	if (a->valid & ATTR_UID && !may_change_uid(i, a->uid))
		return deny(EPERM, EXT_FS_04);
	if (a->valid & ATTR_GID && !may_change_gid(i, a->gid))
		return deny(EPERM, EXT_FS_04);
	if (a->valid & (ATTR_MODE | ATTR_ATIME_SET | ATTR_MTIME_SET | ATTR_TIMES_SET) &&
	    !inode_owner_or_capable(i))
		return deny(EPERM, EXT_FS_03);
	return 0;
}

/* Does the set-group-ID bit go when the owner or contents change? */
static bool sgid_is_lost(const struct inode *i)
{
	if (!(i->mode & S_ISGID))
		return false;
	return i->mode & S_IXGRP ||
	       (!in_group(current_cred(), i->gid) && !capable_over_inode(i, CAP_FSETID));
}

/* Set-id bits that the change itself takes away. */
static void setattr_clear_bits(const struct inode *i, struct iattr *a)
{
	bool owner_changes = a->valid & (ATTR_UID | ATTR_GID) && !S_ISDIR(i->mode);
	bool contents_change = a->valid & ATTR_SIZE && S_ISREG(i->mode) &&
			       !capable_in(&init_user_ns, CAP_FSETID);
	kid_t gid = a->valid & ATTR_GID ? a->gid : i->gid;

	if (owner_changes || contents_change) {
		u32 lost = (i->mode & S_ISUID) | (sgid_is_lost(i) ? S_ISGID : 0);

		if (lost && !(a->valid & ATTR_MODE)) {
			a->valid |= ATTR_MODE;
			a->mode = i->mode & ~lost;
		}
	} else if (a->valid & ATTR_MODE && a->mode & S_ISGID && !in_group(current_cred(), gid) &&
		   !capable_over_inode(i, CAP_FSETID)) {
		a->mode &= ~S_ISGID;
	}
}

/* What memory file systems do. The inode is locked. */
int generic_setattr(struct dentry *de, const struct iattr *a)
{
	struct inode *i = de->inode;
	timespec_t now = time_real_spec();

	if (a->valid & ATTR_SIZE && a->size != i->size) {
		if (a->size < i->size)
			page_cache_truncate(&i->cache, a->size);
		i->size = a->size;
		i->mtime = now;
	}
	if (a->valid & ATTR_UID)
		i->uid = a->uid;
	if (a->valid & ATTR_GID)
		i->gid = a->gid;
	if (a->valid & ATTR_MODE)
		i->mode = (i->mode & S_IFMT) | (a->mode & S_IALLUGO);
	if (a->valid & ATTR_ATIME)
		i->atime = a->valid & ATTR_ATIME_SET ? a->atime : now;
	if (a->valid & ATTR_MTIME)
		i->mtime = a->valid & ATTR_MTIME_SET ? a->mtime : now;
	i->ctime = now;
	return 0;
}

int vfs_setattr(const struct path *p, struct iattr *attr)
{
	struct inode *i = p->dentry->inode;
	struct iattr a = *attr;
	int err;

	mutex_lock(&i->lock);
	err = setattr_check(i, &a);
	if (!err) {
		setattr_clear_bits(i, &a);
		err = i->ops->setattr ? i->ops->setattr(p->dentry, &a)
				      : generic_setattr(p->dentry, &a);
	}
	if (!err)
		notify_attr(p->dentry, a.valid);
	mutex_unlock(&i->lock);
	return err;
}
