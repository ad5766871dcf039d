// SPDX-License-Identifier: MIT
/* fs/perm.c - who may: permissions of inodes and of entries in directories.
 *
 * The mode's bits for owner, group or others decide; where they say no, CAP_DAC_OVERRIDE or
 * CAP_DAC_READ_SEARCH over the inode may say yes. Whoever writes needs a file system that is not
 * read-only, too (devices, pipes and sockets excepted: MNTNS-27). In a sticky directory only the
 * owner of an entry or of the directory, or CAP_FOWNER, removes it.
 * Capabilities count only if the inode's owner and group are mapped in the caller's user
 * namespace, for what only owners may do its owner alone (USERNS-40). Ids are compared as the
 * initial user namespace has them, on both sides (USERNS-42).
 * See path_resolution(7), capabilities(7). */

#include "arch/cpu.h"
#include "fs/names.h"
#include "kernel/deny.h"

#define MAY_RWX (MAY_READ | MAY_WRITE | MAY_EXEC)
#define OWNER_SHIFT 6
#define GROUP_SHIFT 3

/* Rights the mode gives to c. */
static unsigned mode_rights(const struct inode *i, const struct cred *c)
{
	if (i->uid == c->fsuid)
		return i->mode >> OWNER_SHIFT;
	if (((i->mode >> GROUP_SHIFT ^ i->mode) & MAY_RWX) && in_group(c, i->gid))
		return i->mode >> GROUP_SHIFT;
	return i->mode;
}

int generic_permission(struct inode *i, unsigned mask)
{
	unsigned want = mask & MAY_RWX;

	if (!(want & ~mode_rights(i, current_cred())))
		return 0;
	if (S_ISDIR(i->mode)) {
		if (!(want & MAY_WRITE) && capable_over_inode(i, CAP_DAC_READ_SEARCH))
			return 0;
		if (capable_over_inode(i, CAP_DAC_OVERRIDE))
			return 0;
		return deny(EACCES, EXT_FS_01);
	}
	if (want == MAY_READ && capable_over_inode(i, CAP_DAC_READ_SEARCH))
		return 0;
	if ((!(want & MAY_EXEC) || i->mode & S_IXUGO) && capable_over_inode(i, CAP_DAC_OVERRIDE))
		return 0;
	return deny(EACCES, EXT_FS_01);
}

int inode_permission(struct inode *i, unsigned mask)
{
	if (mask & MAY_WRITE) {
		if (i->sb->flags & MS_RDONLY &&
		    (S_ISREG(i->mode) || S_ISDIR(i->mode) || S_ISLNK(i->mode)))
			return deny(EROFS, EXT_FS_05);
		if (i->attr_flags & FS_IMMUTABLE_FL)
			return deny(EPERM, EXT_FS_03);
	}
	if (i->ops && i->ops->permission)
		return i->ops->permission(i, mask);
	return generic_permission(i, mask);
}

bool inode_owner_or_capable(const struct inode *i)
{
	struct user_ns *ns = current_cred()->user_ns;

	return i->uid == current_cred()->fsuid ||
	       (from_uid(ns, i->uid) != INVALID_ID && capable_in(ns, CAP_FOWNER));
}

/* Can the file system store the caller's ids? */
bool cred_maps_fs_ids(const struct super *sb)
{
	const struct cred *c = current_cred();

	return from_uid(sb->user_ns, c->fsuid) != INVALID_ID &&
	       from_gid(sb->user_ns, c->fsgid) != INVALID_ID;
}

int dir_may_create(struct inode *dir, struct dentry *child)
{
	if (child->inode)
		return -EEXIST;
	if (dentry_unlinked(child->parent))
		return -ENOENT;
	if (!cred_maps_fs_ids(dir->sb))
		return deny(EOVERFLOW, USERNS_37);
	return inode_permission(dir, MAY_WRITE | MAY_EXEC);
}

static bool sticky_forbids(const struct inode *dir, const struct inode *victim)
{
	kid_t me = current_cred()->fsuid;

	return dir->mode & S_ISVTX && victim->uid != me && dir->uid != me &&
	       !capable_over_inode(victim, CAP_FOWNER);
}

int dir_may_delete(struct inode *dir, struct dentry *victim, bool directory)
{
	struct inode *i = victim->inode;
	int err;

	if (!i)
		return -ENOENT;
	err = inode_permission(dir, MAY_WRITE | MAY_EXEC);
	if (err)
		return err;
	if (dir->attr_flags & FS_APPEND_FL || i->attr_flags & (FS_APPEND_FL | FS_IMMUTABLE_FL))
		return deny(EPERM, EXT_FS_03);
	if (sticky_forbids(dir, i))
		return deny(EPERM, EXT_FS_02);
	if (directory && !S_ISDIR(i->mode))
		return -ENOTDIR;
	if (directory && victim->parent == victim)
		return -EBUSY;
	if (!directory && S_ISDIR(i->mode))
		return -EISDIR;
	return dentry_unlinked(victim->parent) ? -ENOENT : 0;
}
