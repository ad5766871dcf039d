// SPDX-License-Identifier: MIT
/* fs/filemap.c - regular files over the page cache: read, write, seek and map, for any file system.
 *
 * Pages come from the inode's page_cache; a page that is missing in shared memory is a hole and
 * reads as zeros without being made. Writers hold
 * inode->lock, readers do not: a reader sees each page as it is.
 * Limits of a write: RLIMIT_FSIZE (SIGXFSZ, EFBIG) and the super block's max_bytes (EFBIG).
 * Locks: inode->lock over a write. A user copy may sleep: the page is held by a reference.
 * Checkpoint: none here. See lseek(2), write(2), mmap(2).
 * Keeps ABI-MM-05, ABI-FD-05. */
#include "fs/descriptor.h"
#include "fs/seals.h"
#include "mm/charge.h"
#include "mm/mm.h"
#include "mm/pagecache.h"

static bool cache_has_holes(const struct inode *i)
{
	return !i->cache.ops || page_cache_is_shmem(&i->cache);
}

int filemap_get(struct inode *i, u64 index, unsigned flags, struct frame **out)
{
	int err;

	do
		err = page_cache_get(&i->cache, index, flags, out);
	while (unlikely(err == -ENOMEM) && charge_retry());
	return err;
}

ssize_t generic_read(struct file *f, struct iter *to, u64 *pos)
{
	struct inode *i = f->inode;
	unsigned create = cache_has_holes(i) ? 0 : CACHE_CREATE;
	struct frame *page;
	size_t n, copied, done = 0;
	int err = 0;

	while (to->count && *pos < i->size) {
		u64 off = *pos % PAGE_SIZE;

		n = MIN(MIN(PAGE_SIZE - off, i->size - *pos), to->count);
		err = filemap_get(i, *pos / PAGE_SIZE, create, &page);
		if (err)
			break;
		if (page) {
			copied = iter_copy_to(to, (char *)frame_data(page) + off, n);
			frame_put(page);
		} else {
			copied = iter_zero(to, n);
		}
		*pos += copied;
		done += copied;
		if (copied < n) {
			err = -EFAULT;
			break;
		}
	}
	file_accessed(f);
	return done ? (ssize_t)done : err;
}

u64 file_max_bytes(const struct inode *i)
{
	return i->sb->max_bytes ? i->sb->max_bytes : INT64_MAX;
}

int file_size_check(struct inode *i, u64 pos, u64 *len)
{
	u64 limit = current_limit(RLIMIT_FSIZE);

	if (limit != RLIM64_INFINITY) {
		if (pos >= limit) {
			file_signal_self(SIGXFSZ);
			return deny(EFBIG, EXT_LIM_04);
		}
		*len = MIN(*len, limit - pos);
	}
	if (pos >= file_max_bytes(i))
		return -EFBIG;
	*len = MIN(*len, file_max_bytes(i) - pos);
	return 0;
}

/* A write by one who may not keep set-id bits takes them away. */
static void file_drop_set_ids(struct inode *i)
{
	u32 kill = 0;

	if (i->mode & S_ISUID)
		kill |= S_ISUID;
	if ((i->mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		kill |= S_ISGID;
	if (kill && !capable_in(&init_user_ns, CAP_FSETID))
		i->mode &= ~kill;
}

/* Copies up to n bytes into one page of the file at pos. Bytes moved, or -errno. */
static ssize_t write_page(struct inode *i, struct iter *from, u64 pos, size_t n)
{
	u64 index = pos / PAGE_SIZE, off = pos % PAGE_SIZE;
	bool whole = n == PAGE_SIZE;
	bool fresh = whole && !page_cache_peek(&i->cache, index);
	struct frame *page;
	size_t copied;
	int err;

	err = filemap_get(i, index, CACHE_CREATE | (whole ? CACHE_NOFILL : 0), &page);
	if (err)
		return err;
	copied = iter_copy_from(from, (char *)frame_data(page) + off, n);
	if (copied < n && fresh)
		memset((char *)frame_data(page) + copied, 0, n - copied);
	if (copied)
		page_cache_dirty(&i->cache, page);
	frame_put(page);
	return copied;
}

/* The loop of a write, under inode->lock, all limits checked. */
static ssize_t write_pages(struct inode *i, struct iter *from, u64 *pos)
{
	size_t n, done = 0;
	ssize_t copied = 0;

	while (from->count) {
		n = MIN(PAGE_SIZE - *pos % PAGE_SIZE, from->count);
		copied = i->seals ? seals_check_write(i, *pos, n) : 0;
		if (!copied)
			copied = write_page(i, from, *pos, n);
		if (copied < 0)
			break;
		*pos += copied;
		done += copied;
		if (*pos > i->size)
			i->size = *pos;
		if ((size_t)copied < n) {
			copied = -EFAULT;
			break;
		}
	}
	return done || copied >= 0 ? (ssize_t)done : copied;
}

ssize_t generic_write(struct file *f, struct iter *from, u64 *pos)
{
	struct inode *i = f->inode;
	u64 len = from->count, cut;
	ssize_t n;

	if (!len)
		return 0;
	mutex_lock(&i->lock);
	if ((f->flags & O_APPEND) || *pos == RW_POS_APPEND)
		*pos = i->size;
	n = file_size_check(i, *pos, &len);
	if (!n) {
		cut = from->count - len;
		from->count = len;
		file_drop_set_ids(i);
		inode_touch(i, ATTR_MTIME);
		n = write_pages(i, from, pos);
		from->count += cut;
	}
	mutex_unlock(&i->lock);
	if (n > 0 && (f->flags & O_DSYNC) && f->ops->fsync)
		f->ops->fsync(f, (f->flags & O_SYNC) != O_SYNC);
	return n;
}

/* Next byte that is data (or, with hole, that is none) at or after off; -ENXIO past the end. */
static s64 seek_data_or_hole(struct inode *i, u64 off, bool hole)
{
	u64 index = off / PAGE_SIZE, last = (i->size - 1) / PAGE_SIZE;
	u64 at = off;

	if (off >= i->size)
		return -ENXIO;
	if (!cache_has_holes(i))
		return hole ? i->size : off;
	if (hole) {
		if (radix_free_index(&i->cache.pages, index, last, &index))
			return i->size;
	} else if (!radix_next(&i->cache.pages, &index) || index > last) {
		return -ENXIO;
	}
	return MAX(at, index * PAGE_SIZE);
}

s64 generic_llseek(struct file *f, s64 off, int whence)
{
	struct inode *i = f->inode;
	s64 at;

	switch (whence) {
	case SEEK_SET:
		at = off;
		break;
	case SEEK_CUR:
		at = (s64)(f->pos + (u64)off);
		break;
	case SEEK_END:
		at = (s64)(i->size + (u64)off);
		break;
	case SEEK_DATA:
	case SEEK_HOLE:
		at = seek_data_or_hole(i, off, whence == SEEK_HOLE);
		if (at < 0)
			return at;
		break;
	default:
		return -EINVAL;
	}
	if (at < 0 || (u64)at > file_max_bytes(i))
		return -EINVAL;
	f->pos = at;
	return at;
}

/* --- maps --- */

int generic_mmap(struct file *f, struct map_request *req)
{
	req->cache = &f->inode->cache;
	req->ops = &file_vma_ops;
	req->file = f;
	file_accessed(f);
	return 0;
}

static void file_vma_get(void *file)
{
	file_get(file);
}

static void file_vma_put(void *file)
{
	file_put(file);
}

static int file_vma_may_write(void *file)
{
	return ((struct file *)file)->mode & FMODE_WRITE ? 0 : -EACCES;
}

/* The path as the reader of /proc/PID/maps sees it. */
static int file_vma_name(const struct vma *v, char *buf, size_t size)
{
	const struct file *f = v->file;
	bool reachable;
	char *text;

	text = path_text(&f->path, &current->fs->root, buf, size, &reachable);
	if (!text)
		return -ENAMETOOLONG;
	memmove(buf, text, strlen(text) + 1);
	return 0;
}

const struct vma_ops file_vma_ops = {
	.get = file_vma_get,
	.put = file_vma_put,
	.may_write = file_vma_may_write,
	.name = file_vma_name,
};
