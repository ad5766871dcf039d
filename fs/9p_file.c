// SPDX-License-Identifier: MIT
/* fs/9p_file.c - open files of a share: read, write, map, sync.
 *
 * An open file has a fid of its own, opened by the server. Bytes go directly between program and
 * server, a chunk at a time; only with cache=loose reads come from the page cache. O_APPEND writes
 * where the server says the file ends now. Shared writable maps need cache=mmap or loose, as on
 * Linux. Not like Linux: such a map's changes are seen by read(2) at once.
 * Locks: inode->lock over writes. Checkpoint: by path, as regular files.
 * See read(5), open(5) of 9P2000; Linux's Documentation/filesystems/9p. */
#include "fs/9p.h"

#include "fs/descriptor.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define CHUNK_MAX (64 * 1024)

/* A buffer of up to want bytes: less if memory is short. NULL: not even a page. */
static void *chunk_alloc(const struct p9_client *c, size_t want, size_t *size)
{
	void *buf;

	*size = MIN(MIN(want, (size_t)CHUNK_MAX), (size_t)p9_io_max(c));
	buf = kmalloc(*size);
	if (buf || *size <= PAGE_SIZE)
		return buf;
	*size = MIN(PAGE_SIZE, (size_t)p9_io_max(c));
	return kmalloc(*size);
}

static bool is_loose(const struct file *f)
{
	return p9_mount_of(f->inode->sb)->cache == P9_CACHE_LOOSE && !(f->flags & O_DIRECT);
}

/* --- open, release --- */

/* How the server opens it: with cache=loose the end of the file is known here. */
static u32 open_flags(const struct file *f)
{
	return p9_open_flags(f->flags) & ~(is_loose(f) ? O_APPEND : 0);
}

/* An open fid of f's name. */
static int open_again(struct file *f, u32 flags, struct p9_fid **out)
{
	struct p9_fid *from, *fid;
	struct p9_qid qid;
	int err = p9_dentry_fid(f->path.dentry, &from);

	if (err)
		return err;
	err = p9_walk(from, NULL, &fid, &qid);
	p9_fid_put(from);
	if (err)
		return err;
	err = p9_lopen(fid, flags);
	if (err)
		p9_fid_put(fid);
	else
		*out = fid;
	return err;
}

/* The fid left by the creation of the file, or a new one. */
static int open_fid(struct inode *i, struct file *f, struct p9_fid **out)
{
	struct p9_inode *pi = p9_inode_of(i);

	if (!pi->created || pi->created->uid != current_cred()->fsuid)
		return open_again(f, open_flags(f), out);
	*out = pi->created;
	pi->created = NULL;
	return 0;
}

static int p9_file_open(struct inode *i, struct file *f)
{
	struct p9_inode *pi = p9_inode_of(i);
	struct p9_fid *fid;
	int err = open_fid(i, f, &fid);

	if (err)
		return err;
	f->private = fid;
	pi->opens++;
	if (!pi->open_fid)
		pi->open_fid = p9_fid_get(fid);
	if (f->mode & FMODE_READ && !pi->read_fid)
		pi->read_fid = p9_fid_get(fid);
	return 0;
}

/* The last user is gone: so are the pages, unless they may be believed without asking. */
static void inode_closed(struct inode *i)
{
	struct p9_inode *pi = p9_inode_of(i);

	p9_fid_put(pi->open_fid);
	p9_fid_put(pi->read_fid);
	p9_fid_put(pi->write_fid);
	pi->open_fid = pi->read_fid = pi->write_fid = NULL;
	if (p9_mount_of(i->sb)->cache != P9_CACHE_LOOSE)
		p9_cache_drop(i);
}

static void p9_file_release(struct file *f)
{
	struct inode *i = f->inode;
	struct p9_inode *pi = p9_inode_of(i);

	if (f->mode & FMODE_WRITE)
		p9_cache_flush(i);
	if (!--pi->opens)
		inode_closed(i);
	p9_fid_put(f->private);
}

/* --- read --- */

/* One round: a chunk from the server to the reader. Bytes, 0 at the end, or -errno. */
static ssize_t read_chunk(struct file *f, struct iter *to, u64 pos, void *buf, size_t size)
{
	ssize_t n = p9_read(f->private, pos, buf, MIN(size, to->count));
	size_t copied;

	if (n <= 0)
		return n;
	copied = iter_copy_to(to, buf, n);
	return copied ? (ssize_t)copied : -EFAULT;
}

static ssize_t p9_file_read(struct file *f, struct iter *to, u64 *pos)
{
	size_t size, done = 0;
	ssize_t n = 0;
	void *buf;

	if (is_loose(f))
		return generic_read(f, to, pos);
	if (!to->count)
		return 0;
	n = p9_cache_flush(f->inode);
	if (n)
		return n;
	buf = chunk_alloc(p9_mount_of(f->inode->sb)->client, to->count, &size);
	if (!buf)
		return -ENOMEM;
	while (to->count) {
		n = read_chunk(f, to, *pos, buf, size);
		if (n <= 0)
			break;
		*pos += n;
		done += n;
	}
	kfree(buf);
	return done ? (ssize_t)done : n;
}

/* --- write --- */

/* One round, under inode->lock. Bytes or -errno. */
static ssize_t write_chunk(struct file *f, struct iter *from, u64 pos, void *buf, size_t size)
{
	struct inode *i = f->inode;
	size_t want = MIN(size, from->count), have = iter_copy_from(from, buf, want), done = 0;
	ssize_t n = 0;

	if (!have)
		return -EFAULT;
	while (done < have) {
		n = p9_write(f->private, pos + done, (u8 *)buf + done, have - done, false);
		if (n < 0)
			break;
		p9_cache_written(i, pos + done, (u8 *)buf + done, n);
		done += n;
		if (pos + done > i->size)
			i->size = pos + done;
	}
	return done ? (ssize_t)done : n;
}

/* All of it, or what goes before an error. */
static ssize_t write_all(struct file *f, struct iter *from, u64 *pos)
{
	size_t size, done = 0, want;
	ssize_t n = 0;
	void *buf = chunk_alloc(p9_mount_of(f->inode->sb)->client, from->count, &size);

	if (!buf)
		return -ENOMEM;
	while (from->count) {
		want = MIN(size, from->count);
		n = write_chunk(f, from, *pos, buf, size);
		if (n < 0)
			break;
		*pos += n;
		done += n;
		if ((size_t)n < want)
			break;
	}
	kfree(buf);
	return done ? (ssize_t)done : n;
}

/* Where O_APPEND writes: the server knows. */
static u64 append_pos(struct file *f)
{
	if (!is_loose(f))
		p9_refresh(f->path.dentry);
	return f->inode->size;
}

static ssize_t p9_file_write(struct file *f, struct iter *from, u64 *pos)
{
	struct inode *i = f->inode;
	u64 len = from->count, cut;
	ssize_t n;

	if (!len)
		return 0;
	mutex_lock(&i->lock);
	n = p9_cache_flush(i);
	if (!n && (f->flags & O_APPEND || *pos == RW_POS_APPEND))
		*pos = append_pos(f);
	if (!n)
		n = file_size_check(i, *pos, &len);
	if (!n) {
		cut = from->count - len;
		from->count = len;
		n = write_all(f, from, pos);
		from->count += cut;
		inode_touch(i, ATTR_MTIME);
		p9_inode_of(i)->stale = true;
	}
	mutex_unlock(&i->lock);
	if (n > 0 && f->flags & O_DSYNC)
		p9_fsync(f->private, (f->flags & O_SYNC) != O_SYNC);
	return n;
}

/* --- the rest --- */

/* A fid that writes where it is told: one opened for appending would not. */
static int make_write_fid(struct file *f)
{
	struct p9_inode *pi = p9_inode_of(f->inode);
	struct p9_fid *own = f->private, *fid;
	int err;

	if (pi->write_fid)
		return 0;
	if (!(own->flags & O_APPEND)) {
		pi->write_fid = p9_fid_get(own);
		return 0;
	}
	err = open_again(f, O_RDWR, &fid);
	if (err)
		return err;
	if (pi->write_fid)
		p9_fid_put(fid);
	else
		pi->write_fid = fid;
	return 0;
}

static int p9_file_mmap(struct file *f, struct map_request *req)
{
	static const u64 shared_write = VM_SHARED | VM_MAYWRITE;
	struct p9_inode *pi = p9_inode_of(f->inode);
	int err;

	if ((req->flags & shared_write) == shared_write) {
		if (p9_mount_of(f->inode->sb)->cache == P9_CACHE_NONE)
			return -EINVAL;
		err = make_write_fid(f);
		if (err)
			return err;
	}
	if (!pi->read_fid)
		pi->read_fid = p9_fid_get(f->private);
	return generic_mmap(f, req);
}

static int p9_file_fsync(struct file *f, bool datasync)
{
	int err = p9_cache_flush(f->inode);

	return err ? err : p9_fsync(f->private, datasync);
}

/* The end is where the server says. */
static s64 p9_file_llseek(struct file *f, s64 off, int whence)
{
	if (whence == SEEK_END && !is_loose(f))
		p9_refresh(f->path.dentry);
	return generic_llseek(f, off, whence);
}

/* O_DIRECT may come and go. What the server opened for appending appends, also when O_APPEND is
 * taken off, as on Linux. */
static int p9_set_flags(struct file *f, u32 flags)
{
	(void)f, (void)flags;
	return 0;
}

const struct file_ops p9_file_ops = {
	.class = "regular",
	.direct = true,
	.open = p9_file_open,
	.release = p9_file_release,
	.read = p9_file_read,
	.write = p9_file_write,
	.llseek = p9_file_llseek,
	.mmap = p9_file_mmap,
	.fsync = p9_file_fsync,
	.set_flags = p9_set_flags,
};
