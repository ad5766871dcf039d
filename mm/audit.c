// SPDX-License-Identifier: MIT
/* mm/audit.c - the audit of memory: what the counts say, found again by walking everything.
 *
 *   1. Free lists: the blocks on each node's lists are free, of the right order, and add up.
 *   2. Frames: from the first to the last, block by block; by kind they add up to the totals.
 *   3. Page tables: every entry of every mm is counted in its frame (pins, as scratch).
 *   4. Each anonymous frame is mapped as often as its mapcount says; each cache frame is where its
 *      cache says. Its refs are these mappings, its cache, and what calls under way hold
 *      (kernel/holders.h).
 *   5. Each mm: its VMAs are sorted and disjoint, and its sizes are their sums.
 * A frame may be held by more than its mappings only while it is FRAME_LOCKED (being read).
 *
 * Locks: BKL, so that nothing is on its way. Context: does not sleep. */
#include "lib/audit.h"
#include "mm/internal.h"

/* What a walk over all frames found on one node. */
struct frame_census {
	u64 kind_pages[FRAME_KINDS];
	u64 mapped, shmem, dirty;
};

static void audit_equal(struct audit *a, u64 kept, u64 found, const char *what, u64 id)
{
	if (kept != found)
		audit_broken(a, kept, found, "%s %lx", what, id);
}

static void audit_free_lists(struct audit *a, unsigned node)
{
	struct node_memory *n = &node_memory[node];
	struct frame *f;
	u64 pages = 0;
	unsigned order;

	for (order = 0; order <= FRAME_ORDER_MAX; order++) {
		audit_equal(a, !!(n->nonempty & BIT(order)), !list_empty(&n->free[order]),
			    "free list of order", order);
		list_for_each(f, &n->free[order], lru) {
			if (f->kind != FRAME_FREE || f->order != order || f->node != node ||
			    f->refs)
				audit_broken(a, order, f->order, "free block %lx kind %d refs %u",
					     f - frames, f->kind, f->refs);
			pages += BIT(order);
			audit_checked(a, 1);
		}
	}
	audit_equal(a, n->free_pages, pages, "free pages of node", node);
}

/* Whether an entry's frame is one that page tables count. */
static bool frame_counted(const struct frame *f)
{
	return f->kind == FRAME_ANON || f->kind == FRAME_CACHE;
}

/* Calls fn on the first frame of every block. */
static void frames_walk(void (*fn)(struct audit *, struct frame *, struct frame_census *),
			struct audit *a, struct frame_census *census)
{
	u64 pfn = 0;

	while (pfn < frame_count) {
		struct frame *f = &frames[pfn];

		fn(a, f, census);
		pfn += f->kind == FRAME_RESERVED ? 1 : BIT(f->order);
	}
}

static void frame_take_census(struct audit *a, struct frame *f, struct frame_census *census)
{
	struct frame_census *c = &census[f->node];

	c->kind_pages[f->kind] += BIT(f->order);
	audit_checked(a, f->kind != FRAME_RESERVED);
	if (frame_counted(f))
		f->pins = 0;
	if (f->kind != FRAME_CACHE)
		return;
	c->mapped += f->mapcount != 0;
	if (f->cache && page_cache_is_shmem(f->cache))
		c->shmem++;
	else if (f->flags & FRAME_DIRTY && f->cache && !page_cache_is_memory(f->cache))
		c->dirty++;
}

static void audit_totals(struct audit *a, unsigned node, const struct frame_census *c)
{
	struct node_memory *n = &node_memory[node];
	u64 used = 0;
	unsigned kind;

	for (kind = FRAME_FREE + 1; kind < FRAME_KINDS; kind++) {
		audit_equal(a, n->kind_pages[kind], c->kind_pages[kind], "pages of kind", kind);
		used += c->kind_pages[kind];
	}
	audit_equal(a, n->free_pages, c->kind_pages[FRAME_FREE], "free frames of node", node);
	audit_equal(a, n->total_pages, used + n->free_pages, "total pages of node", node);
	audit_equal(a, n->mapped_pages, c->mapped, "mapped cache pages of node", node);
	audit_equal(a, n->shmem_pages, c->shmem, "shmem pages of node", node);
	audit_equal(a, n->dirty_pages, c->dirty, "dirty pages of node", node);
}

/* Counts the entries of one mm's VMA in their frames, and its resident pages. */
static void audit_entries(struct audit *a, struct vma *v, u64 *rss)
{
	uaddr va = v->start, stop;
	struct frame *f;
	pte_t *pte;

	while (va < v->end && (pte = pte_next(&v->mm->pt, &va, v->end))) {
		for (stop = table_end(va, v->end); va < stop; va += PAGE_SIZE, pte++) {
			f = pte_frame(*pte);
			if (!f)
				continue;
			if (!frame_counted(f))
				audit_broken(a, FRAME_ANON, f->kind, "frame kind behind %lx", va);
			f->pins++;
			*rss += 1;
		}
	}
}

static void audit_mm(struct audit *a, struct mm *mm)
{
	u64 nr = 0, pages = 0, locked = 0, rss = 0;
	struct vma *v, *prev = NULL;

	for (v = vma_first(mm); v; prev = v, v = vma_next(v)) {
		if (v->start >= v->end || (prev && prev->end > v->start) || v->mm != mm)
			audit_broken(a, v->start, prev ? prev->end : 0, "mapping order %lx",
				     v->end);
		nr++;
		pages += vma_pages(v);
		locked += v->flags & VM_LOCKED ? vma_pages(v) : 0;
		audit_entries(a, v, &rss);
	}
	audit_equal(a, mm->nr_vmas, nr, "mappings of mm with table", mm->pt.root);
	audit_equal(a, mm->total_pages, pages, "pages of mm with table", mm->pt.root);
	audit_equal(a, mm->locked_pages, locked, "locked pages of mm with table", mm->pt.root);
	audit_equal(a, mm->anon_rss + mm->file_rss + mm->shmem_rss, rss,
		    "resident pages of mm with table", mm->pt.root);
	audit_checked(a, 1 + nr);
}

/* The cache that f is in has it at f's place, and as many pages as it says. */
static void audit_cache_frame(struct audit *a, const struct frame *f)
{
	const struct page_cache *pc = f->cache;
	u64 index = 0, nr = 0;

	audit_equal(a, (u64)f, (u64)radix_get(&pc->pages, f->index), "cache page of frame",
		    f - frames);
	if (radix_next(&pc->pages, &index) != f)
		return;
	for (index = 0; radix_next(&pc->pages, &index); index++)
		nr++;
	audit_equal(a, pc->nr_pages, nr, "pages of the cache of frame", f - frames);
}

/* Once all page tables have been walked. */
static void audit_mapcount(struct audit *a, struct frame *f, struct frame_census *census)
{
	(void)census;
	if (frame_counted(f))
		audit_equal(a, f->mapcount, f->pins, "mapcount of frame", f - frames);
}

static void frame_held(void *frame)
{
	struct frame *f = frame;

	if (frame_counted(f))
		f->pins++;
}

/* Once other holders have been found too. */
static void audit_frame(struct audit *a, struct frame *f, struct frame_census *census)
{
	u32 holders;

	(void)census;
	if (!frame_counted(f))
		return;
	holders = f->pins + (f->kind == FRAME_CACHE && f->cache);
	if (f->refs != holders && !(f->flags & FRAME_LOCKED))
		audit_broken(a, f->refs, holders, "refs of frame %lx", f - frames);
	if (f->kind == FRAME_CACHE && f->cache)
		audit_cache_frame(a, f);
}

void mm_audit(struct audit *a)
{
	struct frame_census census[MAX_NODES];
	struct mm *mm;
	unsigned n;

	memset(census, 0, sizeof(census));
	frames_walk(frame_take_census, a, census);
	for (n = 0; n < node_count; n++) {
		audit_free_lists(a, n);
		audit_totals(a, n, &census[n]);
	}
	list_for_each(mm, &mm_all, all)
		audit_mm(a, mm);
	frames_walk(audit_mapcount, a, census);
	audit_held(HELD_FRAME, frame_held);
	frames_walk(audit_frame, a, census);
}
