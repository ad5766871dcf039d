// SPDX-License-Identifier: MIT
/* fs/9p_fs.c - the file system type "9p": mounting a share of the host, its options.
 *
 *   mount -t 9p -o trans=virtio,version=9p2000.L TAG DIR
 *
 *   msize=N      bytes of the largest message         cache=none|mmap|loose  (none; also bare)
 *   access=user|client|any|UID  who may use it, and under whose name the server sees them
 *   aname=PATH uname=NAME dfltuid=N dfltgid=N         what the server is told, or told nothing of
 *
 * A channel carries one mount at a time: a second one is EBUSY.
 * Not like Linux: options that are not known are EINVAL; only virtio and 9P2000.L are there;
 * cache=fscache is cache=loose; locks are local. debug, noextend and posixacl are refused.
 * Locks: BKL. Checkpoint: by tag and options. See Linux's Documentation/filesystems/9p. */
#include "fs/9p.h"

#include <linux/magic.h>

#include "arch/cpu.h"
#include "fs/text.h"
#include "mm/slab.h"

#define UNAME_DEFAULT "nobody"
#define ID_DEFAULT    ((u32)-2)

/* --- options --- */

static int parse_u32(const char *s, u32 *out)
{
	u64 n = 0;

	if (!s || !*s)
		return -EINVAL;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return -EINVAL;
		n = n * 10 + (*s - '0');
		if (n > UINT32_MAX)
			return -EINVAL;
	}
	*out = n;
	return 0;
}

static int option_text(char **to, const char *value)
{
	char *copy = value ? kstrdup(value) : NULL;

	if (!copy)
		return value ? -ENOMEM : -EINVAL;
	kfree(*to);
	*to = copy;
	return 0;
}

static int must_be(const char *value, const char *only)
{
	return value && !strcmp(value, only) ? 0 : -EINVAL;
}

static int option_trans(struct p9_mount *m, const char *value)
{
	(void)m;
	return must_be(value, "virtio");
}

static int option_version(struct p9_mount *m, const char *value)
{
	(void)m;
	return must_be(value, "9p2000.L");
}

static int option_msize(struct p9_mount *m, const char *value)
{
	int err = parse_u32(value, &m->msize);

	if (!err && m->msize < P9_MSIZE_MIN)
		err = -EINVAL;
	m->msize = MIN(m->msize, P9_MSIZE_MAX);
	return err;
}

static const struct {
	const char *name;
	enum p9_cache cache;
} caches[] = {
	{ "none", P9_CACHE_NONE }, { "mmap", P9_CACHE_MMAP },
	{ "loose", P9_CACHE_LOOSE }, { "fscache", P9_CACHE_LOOSE },
};

static int option_cache(struct p9_mount *m, const char *value)
{
	for (unsigned i = 0; value && i < ARRAY_SIZE(caches); i++)
		if (!strcmp(caches[i].name, value)) {
			m->cache = caches[i].cache;
			return 0;
		}
	return -EINVAL;
}

/* The old words without "cache=". */
static int option_mmap(struct p9_mount *m, const char *value)
{
	return value ? -EINVAL : option_cache(m, "mmap");
}

static int option_loose(struct p9_mount *m, const char *value)
{
	return value ? -EINVAL : option_cache(m, "loose");
}

static const struct {
	const char *name;
	enum p9_access access;
} accesses[] = {
	{ "user", P9_ACCESS_USER }, { "client", P9_ACCESS_CLIENT }, { "any", P9_ACCESS_ANY },
};

static int option_access(struct p9_mount *m, const char *value)
{
	u32 uid;

	for (unsigned i = 0; value && i < ARRAY_SIZE(accesses); i++)
		if (!strcmp(accesses[i].name, value)) {
			m->access = accesses[i].access;
			return 0;
		}
	if (parse_u32(value, &uid))
		return -EINVAL;
	m->access = P9_ACCESS_SINGLE;
	m->uid = make_uid(current_cred()->user_ns, uid);
	return m->uid == INVALID_ID ? -EINVAL : 0;
}

static int option_aname(struct p9_mount *m, const char *value)
{
	return option_text(&m->aname, value);
}

static int option_uname(struct p9_mount *m, const char *value)
{
	return option_text(&m->uname, value);
}

static int option_dfltuid(struct p9_mount *m, const char *value)
{
	return parse_u32(value, &m->dfltuid);
}

static int option_dfltgid(struct p9_mount *m, const char *value)
{
	return parse_u32(value, &m->dfltgid);
}

static const struct {
	const char *key;
	int (*set)(struct p9_mount *m, const char *value);
} options[] = {
	{ "trans", option_trans },	{ "version", option_version }, { "msize", option_msize },
	{ "cache", option_cache },	{ "mmap", option_mmap },       { "loose", option_loose },
	{ "access", option_access },	{ "aname", option_aname },     { "uname", option_uname },
	{ "dfltuid", option_dfltuid },	{ "dfltgid", option_dfltgid },
};

static int p9_option(void *ctx, const char *key, const char *value)
{
	for (unsigned i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(options[i].key, key))
			return options[i].set(ctx, value);
	return -EINVAL;
}

static void p9_show_options(struct super *sb, struct text *t)
{
	const struct p9_mount *m = p9_mount_of(sb);

	if (m->dfltuid != ID_DEFAULT)
		text_printf(t, ",dfltuid=%u", m->dfltuid);
	if (m->dfltgid != ID_DEFAULT)
		text_printf(t, ",dfltgid=%u", m->dfltgid);
	if (strcmp(m->uname, UNAME_DEFAULT))
		text_printf(t, ",uname=%s", m->uname);
	if (*m->aname)
		text_printf(t, ",aname=%s", m->aname);
	if (m->cache != P9_CACHE_NONE)
		text_printf(t, ",%s", caches[m->cache].name);
	if (m->access == P9_ACCESS_SINGLE)
		text_printf(t, ",access=%u", from_uid_munged(current_cred()->user_ns, m->uid));
	else
		text_printf(t, ",access=%s", accesses[m->access].name);
	if (m->client->msize != P9_MSIZE_DEFAULT)
		text_printf(t, ",msize=%u", m->client->msize);
	text_puts(t, ",trans=virtio");
}

/* --- supers --- */

static void share_free(struct p9_mount *m)
{
	if (m->client)
		p9_client_close(m->client);
	kfree(m->uname);
	kfree(m->aname);
	kfree(m);
}

static void p9_release(struct super *sb)
{
	share_free(p9_mount_of(sb));
}

static int p9_statfs_op(struct dentry *root, struct statfs64_k *st)
{
	struct p9_fid *fid;
	int err = p9_dentry_fid(root, &fid);

	if (err)
		return err;
	err = p9_statfs(fid, st);
	p9_fid_put(fid);
	return err;
}

/* Each inode is held while its pages are written. */
static int p9_sync(struct super *sb)
{
	struct inode *i = list_first(&sb->inodes, struct inode, all), *next;
	int err = 0, one;

	if (i)
		inode_get(i);
	while (i) {
		one = i->private && S_ISREG(i->mode) ? p9_cache_flush(i) : 0;
		err = err ? err : one;
		next = NULL;
		if (i->all.next != &sb->inodes)
			next = list_entry(i->all.next, struct inode, all);
		if (next)
			inode_get(next);
		inode_put(i);
		i = next;
	}
	return err;
}

/* Only what would not change may be said again. */
static int p9_remount(struct super *sb, const char *data)
{
	(void)sb, (void)data;
	return 0;
}

static const struct super_ops p9_super_ops = {
	.destroy_inode = p9_destroy_inode,
	.release = p9_release,
	.statfs = p9_statfs_op,
	.remount = p9_remount,
	.show_options = p9_show_options,
	.sync = p9_sync,
};

/* --- mounting --- */

static int share_create(const char *data, struct p9_mount **out)
{
	struct p9_mount *m = kzalloc(sizeof(*m));
	int err;

	if (!m)
		return -ENOMEM;
	m->access = P9_ACCESS_CLIENT;
	m->uid = INVALID_ID;
	m->dfltuid = m->dfltgid = ID_DEFAULT;
	m->msize = P9_MSIZE_DEFAULT;
	m->uname = kstrdup(UNAME_DEFAULT);
	m->aname = kstrdup("");
	err = m->uname && m->aname ? fs_options_parse(data, p9_option, m) : -ENOMEM;
	if (err)
		share_free(m);
	else
		*out = m;
	return err;
}

/* Attaches and makes the root. Whoever mounts with access=UID need not be that user. */
static int make_root(struct super *sb)
{
	struct p9_mount *m = p9_mount_of(sb);
	bool own = m->access == P9_ACCESS_USER || m->access == P9_ACCESS_CLIENT;
	struct p9_fid *fid;
	struct p9_qid qid;
	struct inode *root;
	int err = p9_fid_create(m->client, own ? current_cred()->fsuid : m->uid, &fid);

	if (err)
		return err;
	err = p9_attach(fid, m->uname, m->aname, &qid);
	if (!err)
		err = p9_inode_of_fid(sb, fid, &root);
	if (!err && !S_ISDIR(root->mode)) {
		inode_put(root);
		err = -ENOTDIR;
	}
	if (!err)
		err = dentry_create_root(sb, root, &sb->root);
	if (err) {
		p9_fid_put(fid);
		return err;
	}
	sb->root->ops = &p9_dentry_ops;
	sb->root->private = fid;
	return 0;
}

static int p9_mount_op(const struct fs_type *type, const struct fs_request *req, struct super **out)
{
	struct p9_mount *m;
	struct super *sb;
	int err;

	if (!req->source)
		return -EINVAL;
	err = share_create(req->data, &m);
	if (err)
		return err;
	err = p9_client_open(req->source, m->msize, &m->client);
	if (!err)
		err = super_create(type, &p9_super_ops, &sb);
	if (err) {
		share_free(m);
		return err;
	}
	sb->private = m;
	sb->flags |= MS_DIRSYNC | (m->cache == P9_CACHE_NONE ? MS_SYNCHRONOUS : 0);
	err = make_root(sb);
	if (err)
		super_put(sb);
	else
		*out = sb;
	return err;
}

const struct fs_type p9_fs_type = {
	.name = "9p",
	.flags = FS_NODEV_TYPE,
	.magic = V9FS_MAGIC,
	.mount = p9_mount_op,
};
