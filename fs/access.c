// SPDX-License-Identifier: MIT
/* fs/access.c - access(2), faccessat2(2): may the real user do this?
 *
 * The question is asked with the real ids in place of the effective ones, and with the capabilities
 * a root (or non-root) process of these ids would have; AT_EACCESS asks as we are.
 * See access(2), faccessat(2). */

#include <linux/securebits.h>

#include "arch/cpu.h"
#include "fs/names.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"

#define ACCESS_ALL (MAY_READ | MAY_WRITE | MAY_EXEC)

static capset_t access_caps(const struct cred *c)
{
	if (c->securebits & BIT(SECURE_NO_SETUID_FIXUP))
		return c->cap_effective;
	return c->uid == make_uid(c->user_ns, 0) ? c->cap_permitted : 0;
}

/* Puts on credentials with the real ids, where these differ. *old NULL: as they are. */
static int access_creds_begin(const struct cred **old)
{
	const struct cred *c = current_cred();
	struct cred *tmp;
	int err;

	*old = NULL;
	if (c->fsuid == c->uid && c->fsgid == c->gid && c->cap_effective == access_caps(c))
		return 0;
	err = cred_prepare(c, &tmp);
	if (err)
		return err;
	tmp->fsuid = c->uid;
	tmp->fsgid = c->gid;
	tmp->cap_effective = access_caps(c);
	*old = c;
	current->cred = tmp;
	return 0;
}

static void access_creds_end(const struct cred *old)
{
	const struct cred *tmp = current->cred;

	if (!old)
		return;
	current->cred = old;
	cred_put(tmp);
}

static int access_check(const struct path *p, unsigned mode)
{
	struct inode *i = p->dentry->inode;
	bool special = !S_ISREG(i->mode) && !S_ISDIR(i->mode) && !S_ISLNK(i->mode);
	int err;

	if (mode & MAY_EXEC && S_ISREG(i->mode) && p->mnt->flags & MNT_K_NOEXEC)
		return deny(EACCES, MNTNS_29);
	err = inode_permission(i, mode);
	if (!err && mode & MAY_WRITE && !special && p->mnt->flags & MNT_K_RDONLY)
		err = deny(EROFS, EXT_FS_05);
	return err;
}

long sys_faccessat2(int dfd, uaddr name, int mode, int flags)
{
	const struct cred *old = NULL;
	struct path p;
	int err;

	if (mode & ~ACCESS_ALL || flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (!(flags & AT_EACCESS)) {
		err = access_creds_begin(&old);
		if (err)
			return err;
	}
	err = path_lookup_at(dfd, name, flags, &p);
	if (!err) {
		if (mode)
			err = access_check(&p, mode);
		path_put(&p);
	}
	access_creds_end(old);
	return err;
}

long sys_faccessat(int dfd, uaddr name, int mode)
{
	return sys_faccessat2(dfd, name, mode, 0);
}

long sys_access(uaddr name, int mode)
{
	return sys_faccessat2(AT_FDCWD, name, mode, 0);
}
