// SPDX-License-Identifier: MIT
/* mm/pagecache.h - the one page cache: frames of a file (or shared memory) by page number.
 *
 * An inode owns one page_cache; a tmpfs inode's cache is its only store. Each
 * cached frame has refs 1 from the cache plus one per mapping or user.
 * mappings lists all VMAs of the cache, so that truncation can unmap.
 * A page being filled is FRAME_LOCKED; others wait for it. Locks: BKL. */
#pragma once

#include "lib/list.h"
#include "lib/radix.h"
#include "mm/frame.h"
#include "types.h"

struct page_cache;

struct cache_ops {
	/* Reads the page's contents into f (may sleep). 0 or -errno. NULL: pages start as zeros. */
	int (*fill)(struct page_cache *pc, struct frame *f);
	/* Writes a dirty page back (may sleep). NULL: no backing store, never reclaimed. */
	int (*write_back)(struct page_cache *pc, struct frame *f);
	/* Asked before a NEW page is added (file system limits). NULL: always yes. */
	int (*may_grow)(struct page_cache *pc, u64 pages);
	/* Told after pages were removed. May be NULL. */
	void (*shrunk)(struct page_cache *pc, u64 pages);
	/* Keep the host while write_back sleeps. NULL: only who holds the host writes back. */
	void (*hold)(struct page_cache *pc);
	void (*drop)(struct page_cache *pc);
	bool unevictable;		/* ramfs: pages count as a file's, and stay */
	/* Bytes of the file: mappings beyond raise SIGBUS. NULL: unlimited. */
	u64 (*size)(struct page_cache *pc);
};

struct page_cache {
	struct radix pages;
	u64 nr_pages;
	struct list mappings;		/* struct vma.mapping */
	const struct cache_ops *ops;
	void *host;			/* the inode */
	u64 nr_dirty;
	int error;			/* sticky write-back error for fsync */
};

/* Memory is the only store: tmpfs, shared anonymous memory. */
/* Its pages are the only store of what is in them: they are never dirty. */
static inline bool page_cache_is_memory(const struct page_cache *pc)
{
	return !pc->ops->fill && !pc->ops->write_back;
}

/* Such a cache that counts as shared memory, not as a file's: all but ramfs's. */
static inline bool page_cache_is_shmem(const struct page_cache *pc)
{
	return page_cache_is_memory(pc) && !pc->ops->unevictable;
}

#define CACHE_CREATE BIT(0)	/* make (and fill) a missing page */
#define CACHE_NOFILL BIT(1)	/* the caller overwrites the whole page: do not read it */

void page_cache_init(struct page_cache *pc, const struct cache_ops *ops, void *host);
/* Gives the frame of page index with a reference, filled. 0 or -errno; without CACHE_CREATE
 * a missing page gives *out = NULL and 0. May sleep if ops->fill does. */
int page_cache_get(struct page_cache *pc, u64 index, unsigned flags, struct frame **out);
/* Cached frame or NULL, no reference, never sleeps. */
struct frame *page_cache_peek(const struct page_cache *pc, u64 index);
/* Puts f, a fresh FRAME_ANON that nobody has mapped, into a cache that is the only store; the cache
 * takes the reference, if it succeeds. 0, -EEXIST, -ENOMEM, or what the file system says. */
int page_cache_adopt(struct page_cache *pc, u64 index, struct frame *f);
void page_cache_dirty(struct page_cache *pc, struct frame *f);
/* Removes pages wholly beyond "size" bytes, zeroes the tail of the last, unmaps them. */
void page_cache_truncate(struct page_cache *pc, u64 size);
/* Removes pages in [first, last] (hole punching), unmapping them. */
void page_cache_punch(struct page_cache *pc, u64 first, u64 last);
int page_cache_sync(struct page_cache *pc, u64 first, u64 last);
/* Takes f, if it is clean and only mapped, out of its mappings and cache; false: it is not so. */
bool page_cache_evict(struct frame *f);
/* Writes f back if it is dirty and its host can be held; whether it is clean for it. May sleep. */
bool page_cache_launder(struct frame *f);
void page_cache_destroy(struct page_cache *pc);	/* frees all; no mappings left */

/* How to sleep until a locked page is unlocked, and to end such sleeps: from the room above. */
struct frame_wait_ops {
	void (*wait)(struct frame *f);		/* sleeps while f is FRAME_LOCKED */
	void (*wake)(struct frame *f);
};
void page_cache_set_wait(const struct frame_wait_ops *ops);
