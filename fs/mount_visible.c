// SPDX-License-Identifier: MIT
/* fs/mount_visible.c - is a new mount of proc or sysfs too revealing (USERNS-36)?
 *
 * In a mount namespace of an inner user namespace such a file system may be mounted only
 * if one of its kind is wholly visible there already: from its root, with nothing locked over it
 * but over directories that are always empty, and not more read-only than the new one. Else a
 * container whose maker covered a part of /proc would uncover it by a fresh mount. The new
 * mount gets the locks of the one that allows it.
 * Locks: BKL. See mount_namespaces(7), user_namespaces(7). */

#include "fs/mnt_ns.h"
#include "fs/names.h"
#include "kernel/cred.h"
#include "kernel/deny.h"

#define LOCKED_RDONLY (MNT_K_RDONLY << MNT_K_LOCK_SHIFT)

/* A directory that nothing will ever be in: it is there to be mounted on. */
static bool always_empty(const struct dentry *de)
{
	return S_ISDIR(de->inode->mode) && dir_is_memory(de->inode) && list_empty(&de->children);
}

static bool wholly_visible(const struct mount *m)
{
	const struct mount *child;

	if (m->root != m->sb->root)
		return false;
	list_for_each(child, &m->children, sibling)
		if (child->flags & MNT_K_LOCKED && !always_empty(child->mountpoint))
			return false;
	return true;
}

/* Locks of m that a new mount with these flags would not break; false: it would break one. */
static bool locks_kept(const struct mount *m, u32 flags, u32 *locks)
{
	*locks = m->flags & (LOCKED_RDONLY | MNT_K_LOCK_ATIME);
	if (m->sb->flags & MS_RDONLY)
		*locks |= LOCKED_RDONLY;
	if (*locks & LOCKED_RDONLY && !(flags & MNT_K_RDONLY))
		return false;
	return !(*locks & MNT_K_LOCK_ATIME) || !((m->flags ^ flags) & MNT_K_ATIMES);
}

int mount_check_revealing(const struct super *sb, u32 *flags)
{
	struct mnt_ns *ns = current_mnt_ns();
	struct mount *m;
	u32 locks;

	if (ns->ns.owner == &init_user_ns || !(sb->type->flags & FS_REVEALING))
		return 0;
	list_for_each(m, &ns->mounts, ns_link) {
		if (m->sb->type != sb->type || !wholly_visible(m) || !locks_kept(m, *flags, &locks))
			continue;
		*flags |= locks;
		return 0;
	}
	return deny(EPERM, USERNS_36);
}
