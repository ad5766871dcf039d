// SPDX-License-Identifier: MIT
/* fs/9p_xattr.c - extended attributes of a share: those of the server's file.
 *
 * A value is read through a fid that Txattrwalk gives, and written through one that Txattrcreate
 * turned into a place for it; the server sets it when that fid is clunked. There are user,
 * trusted and security attributes. With access=client files have no ACLs; else those are the
 * server's to judge.
 * Locks: the inode's over changes, by VFS. See xattr(7), Txattrwalk of 9P2000.L. */
#include "fs/9p.h"

#include <linux/xattr.h>

#include "kernel/deny.h"

#define XATTR_BYTES_MAX 65536UL		/* of a value, and of the list of names */

static bool name_known(const char *name)
{
	static const char *const prefixes[] = {
		XATTR_USER_PREFIX, XATTR_TRUSTED_PREFIX, XATTR_SECURITY_PREFIX,
	};

	for (unsigned i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* A fid by any name of the inode. */
static int inode_fid(struct inode *i, struct p9_fid **out)
{
	struct dentry *de;
	int err = -ENOENT;

	list_for_each(de, &i->dentries, alias)
		if (!dentry_unlinked(de))
			break;
	if (&de->alias == &i->dentries)
		de = list_first(&i->dentries, struct dentry, alias);
	if (de) {
		dentry_get(de);
		err = p9_dentry_fid(de, out);
		dentry_put(de);
	}
	return err;
}

/* Reads size bytes of an attribute's value through its fid. */
static ssize_t read_value(struct p9_fid *fid, void *value, u64 size)
{
	u64 done = 0;
	ssize_t n;

	while (done < size) {
		n = p9_read(fid, done, (u8 *)value + done, size - done);
		if (n < 0)
			return n;
		if (!n)
			return -EIO;
		done += n;
	}
	return size;
}

/* name "": the list of names. */
static ssize_t get_value(struct inode *i, const char *name, void *value, size_t size)
{
	struct p9_fid *from, *fid;
	ssize_t n;
	u64 len;
	int err = inode_fid(i, &from);

	if (err)
		return err;
	err = p9_xattrwalk(from, name, &fid, &len);
	p9_fid_put(from);
	if (err)
		return err;
	if (len > XATTR_BYTES_MAX)
		n = -E2BIG;
	else if (size && len > size)
		n = -ERANGE;
	else
		n = size ? read_value(fid, value, len) : (ssize_t)len;
	p9_fid_put(fid);
	return n;
}

static bool is_acl(const char *name)
{
	return !strcmp(name, XATTR_NAME_POSIX_ACL_ACCESS) ||
	       !strcmp(name, XATTR_NAME_POSIX_ACL_DEFAULT);
}

ssize_t p9_getxattr(struct inode *i, const char *name, void *value, size_t size)
{
	bool acl = is_acl(name);

	if (acl && p9_mount_of(i->sb)->access == P9_ACCESS_CLIENT)
		return -ENODATA;
	return acl || name_known(name) ? get_value(i, name, value, size) : -EOPNOTSUPP;
}

ssize_t p9_listxattr(struct inode *i, char *buf, size_t size)
{
	return get_value(i, "", buf, size);
}

/* Writes the value to a fid that takes it, and ends that. */
static int write_value(struct p9_fid *fid, const void *value, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = p9_write(fid, done, (const u8 *)value + done, size - done, false);
		if (n < 0) {
			p9_fid_put(fid);
			return n;
		}
		done += n;
	}
	return p9_clunk_wait(fid);
}

static int set_value(struct inode *i, const char *name, const void *value, size_t size, int flags)
{
	struct p9_fid *from, *fid;
	struct p9_qid qid;
	int err;

	if (!name_known(name))
		return -EOPNOTSUPP;
	err = inode_fid(i, &from);
	if (err)
		return err;
	err = p9_walk(from, NULL, &fid, &qid);
	p9_fid_put(from);
	if (err)
		return err;
	err = p9_xattrcreate(fid, name, size, flags);
	if (err) {
		p9_fid_put(fid);
		return err;
	}
	return write_value(fid, value, size);
}

int p9_setxattr(struct inode *i, const char *name, const void *value, size_t size, int flags)
{
	return set_value(i, name, value, size, flags);
}

/* The protocol removes by setting nothing. */
int p9_removexattr(struct inode *i, const char *name)
{
	return set_value(i, name, NULL, 0, XATTR_REPLACE);
}
