// SPDX-License-Identifier: MIT
/* mm/frame.h - physical memory: one struct frame per 4-KiB page, buddy allocator per node.
 *
 * refs is the number of holders: each page-table entry, the page cache, and each
 * transient user of a frame holds one. mapcount is the number of page-table entries.
 * A frame is free exactly when refs is 0. Frames of a block of order n: only the
 * first counts. Locks: BKL. Checkpoint: contents are saved through the address
 * spaces and caches that hold them. */
#pragma once

#include "arch/paging.h"
#include "lib/assert.h"
#include "lib/list.h"
#include "types.h"

struct page_cache;
struct slab_cache;

enum frame_kind {
	FRAME_RESERVED,		/* not RAM, or firmware's, or the kernel image */
	FRAME_FREE,
	FRAME_KERNEL,		/* plain kernel memory (stacks, buffers, large kmalloc) */
	FRAME_SLAB,
	FRAME_TABLE,		/* page table */
	FRAME_ANON,		/* anonymous user memory */
	FRAME_CACHE,		/* page of a page cache (file or shmem) */
	FRAME_KINDS,
};

#define FRAME_DIRTY      BIT(0)	/* cache page differs from its backing store */
#define FRAME_UPTODATE   BIT(1)	/* contents valid */
#define FRAME_LOCKED     BIT(2)	/* being filled; wait on frame_wait */
#define FRAME_REFERENCED BIT(3)
#define FRAME_ACTIVE     BIT(4)
#define FRAME_STACK      BIT(5)	/* a kernel stack */
#define FRAME_POISONED   BIT(6)	/* free, and filled with poison (mm/debug.h) */

struct frame {
	u32 refs;
	u32 mapcount;
	u8 kind, order, node, flags;
	u32 pins;			/* slab: objects in use; others: the audit's scratch */
	union {
		struct {		/* FRAME_CACHE */
			struct page_cache *cache;
			u64 index;	/* page number in the cache */
		};
		struct {		/* FRAME_SLAB */
			struct slab_cache *slab;	/* in every frame of a slab */
			void *slab_free;
		};
		struct {		/* FRAME_KERNEL: bytes asked for by a large kmalloc */
			u64 large_size;
			u64 mark;
		};
	};
	struct list lru;		/* free list, LRU list, or slab list */
	void *charge;			/* who pays for it: mm/charge.h (NULL: nobody) */
	u64 unused;			/* a power of two: page numbers are a shift away */
};
_Static_assert(sizeof(struct frame) == 64, "struct frame");

extern struct frame *frames;		/* indexed by page frame number */
extern u64 frame_count;			/* highest pfn + 1 */

#define FRAME_ZERO   BIT(0)		/* contents cleared */
#define FRAME_NOFAIL BIT(1)		/* boot only: panics instead of NULL */
#define FRAME_CHARGE BIT(2)		/* current pays, or NULL (FRAME_CACHE: see pagecache.c) */
#define FRAME_FOR_STACK BIT(3)		/* sets FRAME_STACK */

/* Boot: takes over all usable RAM of boot_info, maps it, splits it in nodes. */
void frames_init(void);
/* 2^order frames, refs 1, kind as given; NULL if out of memory. Node: this CPU's first. */
struct frame *frame_alloc(enum frame_kind kind, unsigned order, unsigned flags);
struct frame *frame_alloc_node(enum frame_kind kind, unsigned order, unsigned flags, unsigned node);
void frame_set_kind(struct frame *f, enum frame_kind kind);	/* of a frame by itself */
void frame_free(struct frame *f);	/* frame_put()'s: refs has just become 0 */
/* Gives RAM that was in use at boot (the initramfs) to the allocator. */
void frames_release(paddr start, paddr end);

static inline void frame_get(struct frame *f)
{
	f->refs++;
}

/* The last put frees. */
static inline void frame_put(struct frame *f)
{
	assert(f->refs != 0);
	if (--f->refs == 0)
		frame_free(f);
}

static inline paddr frame_phys(const struct frame *f)
{
	return (paddr)(f - frames) << PAGE_SHIFT;
}

static inline void *frame_data(const struct frame *f)
{
	return phys_to_virt(frame_phys(f));
}

static inline struct frame *frame_of_phys(paddr p)
{
	return &frames[p >> PAGE_SHIFT];
}

static inline struct frame *frame_of(const void *kernel_addr)
{
	return frame_of_phys(virt_to_phys(kernel_addr));
}

struct memory_totals {
	u64 total_pages, free_pages, anon_pages, cache_pages, shmem_pages, slab_pages,
	    table_pages, kernel_pages, mapped_pages, dirty_pages;
};
void memory_totals(struct memory_totals *t);
void memory_node_totals(unsigned node, struct memory_totals *t);
extern unsigned node_count;
