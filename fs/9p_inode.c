// SPDX-License-Identifier: MIT
/* fs/9p_inode.c - inodes and dentries of a share: found by qid, reached by fids, asked when used.
 *
 * One inode for each qid.path and kind of file, so that two names of a file share its pages. Its
 * number is qid.path + 2, as on Linux. A dentry has a fid for each user that came by, made
 * by walking from the nearest ancestor that has one, or by attaching.
 * What the server's other users change is seen at the next walk: unless cache=loose, a dentry is
 * looked up again each time (it is dropped where the name now means another file), negative ones
 * are not kept, and stat asks. A file that changed there loses its cached pages here.
 * Locks: the parent's inode over lookups. Checkpoint: by path. See intro(5) of 9P2000 on qids. */
#include "fs/9p.h"

#include "arch/cpu.h"
#include "fs/device.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "mm/slab.h"

/* --- attributes --- */

static bool same_time(const timespec_t *a, const timespec_t *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static kid_t id_from_server(u32 id, kid_t otherwise)
{
	return id == INVALID_ID ? otherwise : id;
}

/* What the server says of a file of the same kind. */
void p9_inode_attr(struct inode *i, const struct p9_attr *a)
{
	const struct p9_mount *m = p9_mount_of(i->sb);
	struct p9_inode *pi = p9_inode_of(i);
	bool changed = !same_time(&a->mtime, &i->mtime) || a->size != i->size;

	pi->qid = a->qid;
	pi->blocks = a->blocks;
	pi->blksize = a->blksize;
	pi->stale = false;
	i->mode = (i->mode & S_IFMT) | (a->mode & S_IALLUGO);
	i->uid = id_from_server(a->uid, m->dfltuid);
	i->gid = id_from_server(a->gid, m->dfltgid);
	i->nlink = a->nlink;
	i->atime = a->atime;
	i->mtime = a->mtime;
	i->ctime = a->ctime;
	if (S_ISREG(i->mode) && a->size < i->size)
		page_cache_truncate(&i->cache, a->size);
	i->size = a->size;
	if (changed && S_ISREG(i->mode))
		p9_cache_drop(i);
}

static bool same_kind(const struct inode *i, const struct p9_attr *a)
{
	return (i->mode & S_IFMT) == (a->mode & S_IFMT);
}

/* --- inodes --- */

void p9_destroy_inode(struct inode *i)
{
	struct p9_mount *m = p9_mount_of(i->sb);
	struct p9_inode *pi = p9_inode_of(i);

	if (!pi)
		return;
	if (radix_get(&m->inodes, pi->qid.path) == i)
		radix_erase(&m->inodes, pi->qid.path);
	p9_fid_put(pi->open_fid);
	p9_fid_put(pi->read_fid);
	p9_fid_put(pi->write_fid);
	p9_fid_put(pi->created);
	kfree(pi);
}

static void inode_kind(struct inode *i, dev_num dev)
{
	i->ops = &p9_file_inode_ops;
	switch (i->mode & S_IFMT) {
	case S_IFREG:
		i->fops = &p9_file_ops;
		page_cache_init(&i->cache, &p9_cache_ops, i);
		break;
	case S_IFDIR:
		i->ops = &p9_dir_inode_ops;
		i->fops = &p9_dir_file_ops;
		break;
	case S_IFLNK:
		i->ops = &p9_link_inode_ops;
		break;
	default:
		special_inode_init(i, i->mode, dev);
	}
}

static int inode_make(struct super *sb, const struct p9_attr *a, struct inode **out)
{
	struct inode *i;
	int err = inode_create(sb, a->mode & (S_IFMT | S_IALLUGO), &i);

	if (err)
		return err;
	i->ino = a->qid.path + P9_INO_OFFSET;
	i->private = kzalloc(sizeof(struct p9_inode));
	err = i->private ? radix_set(&p9_mount_of(sb)->inodes, a->qid.path, i) : -ENOMEM;
	if (err) {
		inode_put(i);
		return err;
	}
	inode_kind(i, dev_decode(a->rdev));
	p9_inode_attr(i, a);
	*out = i;
	return 0;
}

int p9_inode_of_fid(struct super *sb, struct p9_fid *fid, struct inode **out)
{
	struct p9_attr a;
	struct inode *i;
	int err = p9_getattr(fid, &a);

	if (err)
		return err;
	i = radix_get(&p9_mount_of(sb)->inodes, a.qid.path);
	if (!i || !same_kind(i, &a))
		return inode_make(sb, &a, out);
	p9_inode_attr(i, &a);
	*out = inode_get(i);
	return 0;
}

/* --- fids of dentries --- */

static void p9_dentry_release(struct dentry *de)
{
	struct p9_fid *f, *next;

	for (f = de->private; f; f = next) {
		next = f->next;
		p9_fid_put(f);
	}
}

static void dentry_add_fid(struct dentry *de, struct p9_fid *fid)
{
	fid->next = de->private;
	de->private = fid;
}

static struct p9_fid *dentry_find_fid(const struct dentry *de, kid_t uid)
{
	struct p9_fid *f = de->private;

	while (f && f->uid != uid)
		f = f->next;
	return f;
}

static kid_t access_uid(const struct p9_mount *m)
{
	return m->access == P9_ACCESS_ANY ? m->uid : current_cred()->fsuid;
}

/* The root's fid for another user. */
static int attach_root(struct dentry *root, kid_t uid)
{
	struct p9_mount *m = p9_mount_of(root->sb);
	struct p9_fid *fid;
	struct p9_qid qid;
	int err;

	if (m->access == P9_ACCESS_SINGLE && uid != m->uid)
		return deny(EPERM, EXT_FS_01);
	err = p9_fid_create(m->client, uid, &fid);
	if (err)
		return err;
	err = p9_attach(fid, m->uname, m->aname, &qid);
	if (err)
		p9_fid_put(fid);
	else
		dentry_add_fid(root, fid);
	return err;
}

/* A fid for de from its parent's. The file must still be the one de knows. */
static int walk_from_parent(struct dentry *de, kid_t uid)
{
	struct p9_fid *from = p9_fid_get(dentry_find_fid(de->parent, uid)), *fid;
	struct p9_qid qid;
	int err = p9_walk(from, de->name, &fid, &qid);

	p9_fid_put(from);
	if (err)
		return err;
	if (de->inode && qid.path != p9_inode_of(de->inode)->qid.path) {
		p9_fid_put(fid);
		return -ESTALE;
	}
	dentry_add_fid(de, fid);
	return 0;
}

int p9_dentry_fid(struct dentry *de, struct p9_fid **out)
{
	kid_t uid = access_uid(p9_mount_of(de->sb));
	struct dentry *at;
	struct p9_fid *f;
	int err;

	while (!(f = dentry_find_fid(de, uid))) {
		if (dentry_unlinked(de) && de->private) {
			f = de->private;	/* no name is left to walk to */
			break;
		}
		if (dentry_unlinked(de))
			return -ENOENT;
		at = de;
		while (at->parent != at && !dentry_find_fid(at->parent, uid))
			at = at->parent;
		err = at->parent == at ? attach_root(at, uid) : walk_from_parent(at, uid);
		if (err)
			return err;
	}
	*out = p9_fid_get(f);
	return 0;
}

/* --- names --- */

/* A directory has one name: what it was called before is forgotten. Its own ancestor it is not. */
static int check_directory(struct dentry *de, struct inode *i)
{
	struct dentry *d, *next;

	for (d = de; d->parent != d; d = d->parent)
		if (d->parent->inode == i)
			return -ELOOP;
	list_for_each_safe(d, next, &i->dentries, alias)
		if (d->flags & DENTRY_HASHED) {
			dentry_drop(d);
			break;		/* the list may be another now: others go later */
		}
	return 0;
}

void p9_dentry_set(struct dentry *de, struct inode *i, struct p9_fid *fid)
{
	de->ops = &p9_dentry_ops;
	if (fid)
		dentry_add_fid(de, fid);
	dentry_set_inode(de, i);
}

int p9_lookup(struct inode *dir, struct dentry *de)
{
	const struct p9_mount *m = p9_mount_of(dir->sb);
	struct p9_fid *from, *fid;
	struct p9_qid qid;
	struct inode *i;
	int err = p9_dentry_fid(de->parent, &from);

	if (err)
		return err;
	de->ops = &p9_dentry_ops;
	err = p9_walk(from, de->name, &fid, &qid);
	p9_fid_put(from);
	if (!err) {
		err = p9_inode_of_fid(dir->sb, fid, &i);
		if (err)
			p9_fid_put(fid);
	}
	if (err == -ENOENT) {
		if (m->cache != P9_CACHE_LOOSE)
			de->flags |= DENTRY_NOCACHE;
		return 0;
	}
	if (err)
		return err;
	if (S_ISDIR(i->mode))
		err = check_directory(de, i);
	if (err) {
		p9_fid_put(fid);
		inode_put(i);
		return err;
	}
	de->flags &= ~DENTRY_NOCACHE;
	p9_dentry_set(de, i, fid);
	return 0;
}

/* Errors that say: the name does not mean that file any more. */
static bool name_is_gone(int err)
{
	return err == -ENOENT || err == -ESTALE || err == -ENOTDIR;
}

/* The attributes that the server has now, for i, and fid put. 0, -ESTALE: it is another file. */
static int inode_update(struct inode *i, struct p9_fid *fid)
{
	struct p9_attr a;
	int err = p9_getattr(fid, &a);

	p9_fid_put(fid);
	if (err)
		return err;
	if (a.qid.path != p9_inode_of(i)->qid.path || !same_kind(i, &a))
		return -ESTALE;
	p9_inode_attr(i, &a);
	return 0;
}

/* Walks to the name once more and takes the attributes of what is there. 0, -ESTALE, -errno. */
static int name_check(struct dentry *de)
{
	struct p9_fid *from, *fid;
	struct p9_qid qid;
	int err = p9_dentry_fid(de->parent, &from);

	if (err)
		return err;
	err = p9_walk(from, de->name, &fid, &qid);
	p9_fid_put(from);
	return err ? err : inode_update(de->inode, fid);
}

static bool p9_revalidate(struct dentry *de)
{
	if (p9_mount_of(de->sb)->cache == P9_CACHE_LOOSE)
		return true;
	return de->inode && !name_is_gone(name_check(de));
}

const struct dentry_ops p9_dentry_ops = {
	.revalidate_sleeps = p9_revalidate,
	.release = p9_dentry_release,
};

/* --- getattr, setattr --- */

int p9_refresh(struct dentry *de)
{
	struct p9_fid *fid = p9_inode_of(de->inode)->open_fid;
	int err;

	if (fid && dentry_unlinked(de))
		p9_fid_get(fid);
	else if ((err = p9_dentry_fid(de, &fid)))
		return err;
	return inode_update(de->inode, fid);
}

/* What files are read in, without asking the server: a message, rounded up to a power of two. */
static u32 loose_blksize(const struct p9_mount *m)
{
	u32 size = PAGE_SIZE;

	while (size < p9_io_max(m->client))
		size *= 2;
	return size;
}

int p9_getattr_op(struct dentry *de, struct kstat *st)
{
	struct inode *i = de->inode;
	const struct p9_mount *m = p9_mount_of(i->sb);
	struct p9_inode *pi = p9_inode_of(i);
	int err = 0;

	if (m->cache != P9_CACHE_LOOSE || pi->stale)
		err = p9_refresh(de);
	if (name_is_gone(err) && pi->open_fid && dentry_unlinked(de))
		err = 0;	/* a server that forgets removed files: what was known last */
	generic_fill_kstat(i, st);
	st->blocks = pi->blocks;
	st->blksize = m->cache == P9_CACHE_LOOSE ? loose_blksize(m) : pi->blksize;
	return err;
}

static const struct {
	u32 ours, theirs;
} attr_bits[] = {
	{ ATTR_MODE, BIT(0) },	{ ATTR_UID, BIT(1) },	{ ATTR_GID, BIT(2) },
	{ ATTR_SIZE, BIT(3) },	{ ATTR_ATIME, BIT(4) }, { ATTR_MTIME, BIT(5) },
	{ ATTR_ATIME_SET, BIT(7) }, { ATTR_MTIME_SET, BIT(8) },
};

/* Truncation changes the times anyway; to name them would need more rights than writing. Times are
 * set to whole seconds, as on Linux. */
static void setattr_fields(const struct inode *i, const struct iattr *attr, struct p9_setattr *s)
{
	u32 mode = (i->mode & S_IFMT) | (attr->mode & S_IALLUGO), valid = attr->valid;

	if (valid & ATTR_SIZE && !(valid & ATTR_MTIME_SET))
		valid &= ~ATTR_MTIME;
	*s = (struct p9_setattr){ .mode = mode, .uid = attr->uid, .gid = attr->gid,
				  .size = attr->size, .atime.tv_sec = attr->atime.tv_sec,
				  .mtime.tv_sec = attr->mtime.tv_sec };
	for (unsigned n = 0; n < ARRAY_SIZE(attr_bits); n++)
		if (valid & attr_bits[n].ours)
			s->valid |= attr_bits[n].theirs;
}

/* The fid to change de by: the open file's for ftruncate(2). */
static int setattr_fid(struct dentry *de, const struct iattr *attr, struct p9_fid **out)
{
	struct file *f = attr->file;

	if (!f || f->ops != &p9_file_ops || !f->private)
		return p9_dentry_fid(de, out);
	*out = p9_fid_get(f->private);
	return 0;
}

int p9_setattr_op(struct dentry *de, const struct iattr *attr)
{
	struct inode *i = de->inode;
	struct p9_setattr s;
	struct p9_fid *fid;
	int err = setattr_fid(de, attr, &fid);

	if (err)
		return err;
	if (attr->valid & ATTR_SIZE && S_ISREG(i->mode))
		p9_cache_flush(i);
	setattr_fields(i, attr, &s);
	err = p9_setattr(fid, &s);
	p9_fid_put(fid);
	if (err)
		return err;
	if (attr->valid & ATTR_SIZE && S_ISREG(i->mode)) {
		page_cache_truncate(&i->cache, attr->size);
		i->size = attr->size;
	}
	if (name_is_gone(p9_refresh(de)))
		p9_inode_of(i)->stale = true;
	return 0;
}
