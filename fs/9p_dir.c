// SPDX-License-Identifier: MIT
/* fs/9p_dir.c - directories of a share: making, removing, renaming, linking names; reading them.
 *
 * Every change is the server's; what it then has under the name is looked up again. A file is
 * made and opened in one message, exclusively: the fid waits in the inode for the open(2) that
 * asked for it, which may have no right to open it again (mode 0).
 * Locks: the directory's inode, by VFS. Checkpoint: none. See open(5), readdir of 9P2000.L. */
#include "fs/9p.h"

#include "arch/cpu.h"
#include "kernel/deny.h"
#include "mm/slab.h"

#define READDIR_BYTES (4 * PAGE_SIZE)

/* --- making --- */

/* The group of what is made in dir. */
static kid_t group_in(const struct inode *dir)
{
	return dir->mode & S_ISGID ? dir->gid : current_cred()->fsgid;
}

/* The directory is another now, also for cache=loose. */
static void dir_changed(struct inode *dir)
{
	p9_inode_of(dir)->stale = true;
}

/* Something was made under de's name: it is looked at. */
static int made(struct inode *dir, struct dentry *de)
{
	int err = p9_lookup(dir, de);

	dir_changed(dir);
	if (!err && !de->inode)
		err = -ENOENT;		/* and somebody removed it at once */
	return err;
}

static int p9_create_op(struct inode *dir, struct dentry *de, u32 mode)
{
	struct p9_fid *from, *fid;
	struct p9_qid qid;
	int err = p9_dentry_fid(de->parent, &from);

	if (err)
		return err;
	err = p9_walk(from, NULL, &fid, &qid);
	p9_fid_put(from);
	if (err)
		return err;
	err = p9_lcreate(fid, de->name, O_RDWR | O_CREAT | O_EXCL, mode & S_IALLUGO, group_in(dir));
	if (!err)
		err = made(dir, de);
	if (err || !S_ISREG(de->inode->mode)) {
		p9_fid_put(fid);
		return err;
	}
	p9_fid_put(p9_inode_of(de->inode)->created);
	p9_inode_of(de->inode)->created = fid;
	return 0;
}

static int p9_mkdir_op(struct inode *dir, struct dentry *de, u32 mode)
{
	struct p9_fid *fid;
	int err = p9_dentry_fid(de->parent, &fid);

	if (err)
		return err;
	mode = (mode & S_IALLUGO) | (dir->mode & S_ISGID);
	err = p9_mkdir(fid, de->name, mode, group_in(dir));
	p9_fid_put(fid);
	return err ? err : made(dir, de);
}

static int p9_mknod_op(struct inode *dir, struct dentry *de, u32 mode, dev_num dev)
{
	struct p9_fid *fid;
	int err = p9_dentry_fid(de->parent, &fid);

	if (err)
		return err;
	err = p9_mknod(fid, de->name, mode, dev, group_in(dir));
	p9_fid_put(fid);
	return err ? err : made(dir, de);
}

static int p9_symlink_op(struct inode *dir, struct dentry *de, const char *target)
{
	struct p9_fid *fid;
	int err = p9_dentry_fid(de->parent, &fid);

	if (err)
		return err;
	err = p9_symlink(fid, de->name, target, group_in(dir));
	p9_fid_put(fid);
	return err ? err : made(dir, de);
}

static int p9_link_op(struct dentry *old, struct inode *dir, struct dentry *de)
{
	struct p9_fid *fid, *of;
	int err = p9_dentry_fid(de->parent, &fid);

	if (err)
		return err;
	err = p9_dentry_fid(old, &of);
	if (!err) {
		err = p9_link(fid, of, de->name);
		p9_fid_put(of);
	}
	p9_fid_put(fid);
	if (err)
		return err;
	p9_dentry_set(de, inode_get(old->inode), NULL);
	de->flags &= ~DENTRY_NOCACHE;
	dir_changed(dir);
	dir_changed(old->inode);
	return 0;
}

/* --- removing, renaming --- */

static void name_removed(struct inode *dir, struct inode *i)
{
	if (i->nlink)
		inode_drop_nlink(i);
	dir_changed(i);
	dir_changed(dir);
}

static int remove_name(struct inode *dir, struct dentry *de, u32 flags)
{
	struct p9_fid *fid;
	int err = p9_dentry_fid(de->parent, &fid);

	if (err)
		return err;
	err = p9_unlinkat(fid, de->name, flags);
	p9_fid_put(fid);
	if (!err)
		name_removed(dir, de->inode);
	return err;
}

static int p9_unlink_op(struct inode *dir, struct dentry *de)
{
	return remove_name(dir, de, 0);
}

static int p9_rmdir_op(struct inode *dir, struct dentry *de)
{
	return remove_name(dir, de, P9_AT_REMOVEDIR);
}

static int p9_rename_op(struct inode *old_dir, struct dentry *old, struct inode *new_dir,
			struct dentry *new, unsigned flags)
{
	struct p9_fid *from, *to;
	int err;

	if (flags)
		return deny(EINVAL, EXT_FS_08);		/* the protocol has no such words */
	err = p9_dentry_fid(old->parent, &from);
	if (err)
		return err;
	err = p9_dentry_fid(new->parent, &to);
	if (!err) {
		err = p9_renameat(from, old->name, to, new->name);
		p9_fid_put(to);
	}
	p9_fid_put(from);
	if (err)
		return err;
	if (new->inode)
		name_removed(new_dir, new->inode);
	old->flags &= ~DENTRY_NOCACHE;
	dir_changed(old_dir);
	dir_changed(new_dir);
	dir_changed(old->inode);
	return 0;
}

static int p9_readlink_op(struct dentry *de, char *buf, size_t size)
{
	struct p9_fid *fid;
	int n = p9_dentry_fid(de, &fid);

	if (n)
		return n;
	n = p9_readlink(fid, buf, size);
	p9_fid_put(fid);
	return n;
}

/* --- reading --- */

static int p9_dir_open(struct inode *i, struct file *f)
{
	struct p9_fid *from, *fid;
	struct p9_qid qid;
	int err = p9_dentry_fid(f->path.dentry, &from);

	(void)i;
	if (err)
		return err;
	err = p9_walk(from, NULL, &fid, &qid);
	p9_fid_put(from);
	if (err)
		return err;
	err = p9_lopen(fid, p9_open_flags(f->flags) & ~O_APPEND);
	if (err)
		p9_fid_put(fid);
	else
		f->private = fid;
	return err;
}

static void p9_dir_release(struct file *f)
{
	p9_fid_put(f->private);
}

static bool name_valid(const char *name, u16 len)
{
	return len && len <= NAME_MAX_LEN && !memchr(name, '/', len) && !memchr(name, '\0', len);
}

/* Emits the entries of one reply. 1: the sink is full; 0; -EIO. */
static int emit_entries(struct file *f, struct dir_sink *s, struct p9_buf *b)
{
	struct p9_qid qid;
	const char *name;
	u64 next;
	u16 len;
	u8 type;

	while (b->at < b->size) {
		qid = p9_get_qid(b);
		next = p9_get64(b);
		type = p9_get8(b);
		name = p9_get_text(b, &len);
		if (!name || !name_valid(name, len))
			return -EIO;
		if (!s->emit(s, name, len, next, qid.path + P9_INO_OFFSET, type))
			return 1;
		f->pos = next;
	}
	return 0;
}

static int p9_readdir_op(struct file *f, struct dir_sink *s)
{
	struct p9_buf b = { .data = kmalloc(READDIR_BYTES) };
	struct p9_fid *fid = f->private;
	ssize_t n;

	if (!b.data)
		return -ENOMEM;
	do {
		n = p9_readdir(fid, f->pos, b.data, READDIR_BYTES);
		if (n <= 0)
			break;
		b.at = 0;
		b.size = n;
		n = emit_entries(f, s, &b);
	} while (!n);
	kfree(b.data);
	return n < 0 ? n : 0;
}

static int p9_dir_fsync(struct file *f, bool datasync)
{
	return p9_fsync(f->private, datasync);
}

/* --- tables --- */

const struct inode_ops p9_dir_inode_ops = {
	.lookup = p9_lookup,
	.create = p9_create_op,
	.mkdir = p9_mkdir_op,
	.mknod = p9_mknod_op,
	.symlink = p9_symlink_op,
	.link = p9_link_op,
	.unlink = p9_unlink_op,
	.rmdir = p9_rmdir_op,
	.rename = p9_rename_op,
	.getattr = p9_getattr_op,
	.setattr = p9_setattr_op,
	P9_XATTR_OPS,
};

const struct inode_ops p9_file_inode_ops = {
	.getattr = p9_getattr_op,
	.setattr = p9_setattr_op,
	P9_XATTR_OPS,
};

const struct inode_ops p9_link_inode_ops = {
	.readlink = p9_readlink_op,
	.getattr = p9_getattr_op,
	.setattr = p9_setattr_op,
	P9_XATTR_OPS,
};

const struct file_ops p9_dir_file_ops = {
	.class = "directory",
	.open = p9_dir_open,
	.release = p9_dir_release,
	.llseek = dcache_llseek,
	.readdir = p9_readdir_op,
	.fsync = p9_dir_fsync,
};
