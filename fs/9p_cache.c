// SPDX-License-Identifier: MIT
/* fs/9p_cache.c - pages of a share's files: for maps and programs, and for reads with cache=loose.
 *
 * Pages are filled through the fid of some open file (p9_inode.read_fid). Writes go through to
 * the server at once and change cached pages along. So a page is dirty only where a shared mapping
 * wrote to it; such a mapping leaves p9_inode.write_fid, by which it is written back: at msync,
 * fsync, reads and writes of the same file, when a writer closes it, and by who reclaims.
 * Locks: BKL; filling and writing back sleep. Checkpoint: none. */
#include "fs/9p.h"

/* Reads the whole page, or what there is of it; the rest is zeros. */
static int cache_fill(struct page_cache *pc, struct frame *f)
{
	struct p9_inode *pi = p9_inode_of(pc->host);
	struct p9_fid *fid = pi->read_fid;
	u8 *to = frame_data(f);
	size_t done = 0;
	ssize_t n = 0;

	if (!fid)
		return -EIO;
	p9_fid_get(fid);
	while (done < PAGE_SIZE) {
		n = p9_read(fid, (f->index << PAGE_SHIFT) + done, to + done, PAGE_SIZE - done);
		if (n <= 0)
			break;
		done += n;
	}
	p9_fid_put(fid);
	memset(to + done, 0, PAGE_SIZE - done);
	return n < 0 ? n : 0;
}

static int cache_write_back(struct page_cache *pc, struct frame *f)
{
	struct inode *i = pc->host;
	struct p9_fid *fid = p9_inode_of(i)->write_fid;
	u64 start = f->index << PAGE_SHIFT, done = 0, len;
	const u8 *from = frame_data(f);
	ssize_t n = 0;

	if (!fid || start >= i->size)
		return 0;	/* the end of a truncated file: the server has zeros there too */
	len = MIN(PAGE_SIZE, i->size - start);
	p9_fid_get(fid);
	while (done < len) {
		n = p9_write(fid, start + done, from + done, len - done, true);
		if (n < 0)
			break;
		done += n;
	}
	p9_fid_put(fid);
	return n < 0 ? n : 0;
}

static void cache_hold(struct page_cache *pc)
{
	inode_get(pc->host);
}

static void cache_drop(struct page_cache *pc)
{
	inode_put(pc->host);
}

static u64 cache_size(struct page_cache *pc)
{
	return ((struct inode *)pc->host)->size;
}

const struct cache_ops p9_cache_ops = {
	.fill = cache_fill,
	.write_back = cache_write_back,
	.hold = cache_hold,
	.drop = cache_drop,
	.size = cache_size,
};

int p9_cache_flush(struct inode *i)
{
	return p9_inode_of(i)->write_fid ? page_cache_sync(&i->cache, 0, ~0UL) : 0;
}

void p9_cache_drop(struct inode *i)
{
	if (i->cache.nr_pages && !p9_inode_of(i)->write_fid)
		page_cache_punch(&i->cache, 0, ~0UL);
}

void p9_cache_written(struct inode *i, u64 pos, const void *buf, size_t n)
{
	const u8 *from = buf;
	struct frame *f;
	size_t part;
	u64 off;

	for (; n && i->cache.nr_pages; n -= part, pos += part, from += part) {
		off = pos % PAGE_SIZE;
		part = MIN(n, PAGE_SIZE - off);
		f = page_cache_peek(&i->cache, pos / PAGE_SIZE);
		if (!f)
			continue;
		if (f->flags & FRAME_LOCKED)
			page_cache_punch(&i->cache, pos / PAGE_SIZE, pos / PAGE_SIZE);
		else
			memcpy((u8 *)frame_data(f) + off, from, part);
	}
}
