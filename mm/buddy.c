// SPDX-License-Identifier: MIT
/* mm/buddy.c - the buddy allocator: blocks of 2^order frames, one set of free lists per node.
 *
 * A block of order n starts at a page number divisible by 2^n; its buddy differs in bit n
 * alone. Taking a block splits the smallest one that is large enough; giving one back joins it
 * with its buddy as long as that is free and whole too. A word per node says which lists
 * have blocks, so that both cost a few steps per order and none per block.
 *
 * Some single frames are kept as they come, unjoined: they are what is asked for next. Where there
 * are none, a larger block becomes singles at once. When no block is large enough, they are joined
 * after all.
 *
 * Only the first frame of a block, free or in use, says anything: its kind and order are
 * always right, because a block that holds the buddy's frame is either the buddy itself
 * or a part of it (a larger one would hold our own frame too).
 *
 * Locks: BKL. Checkpoint: none; contents are saved through what holds the frames. */
#include "arch/cpu.h"
#include "lib/assert.h"
#include "mm/charge.h"
#include "mm/debug.h"
#include "mm/internal.h"

#define SINGLES_KEPT 64
#define SINGLES_ORDER 3		/* of the block that becomes singles */

struct node_memory node_memory[MAX_NODES];
unsigned node_count = 1;

void buddy_init(unsigned nodes)
{
	unsigned n, order;

	node_count = nodes;
	for (n = 0; n < nodes; n++)
		for (order = 0; order <= FRAME_ORDER_MAX; order++)
			list_init(&node_memory[n].free[order]);
}

static inline u64 frame_pfn(const struct frame *f)
{
	return f - frames;
}

static inline void buddy_insert(struct node_memory *n, struct frame *f, unsigned order)
{
	f->kind = FRAME_FREE;
	f->order = order;
	list_add(&n->free[order], &f->lru);
	n->nonempty |= BIT(order);
	n->singles += !order;
}

static inline void buddy_remove(struct node_memory *n, struct frame *f)
{
	f->lru.next->prev = f->lru.prev;
	f->lru.prev->next = f->lru.next;
	n->singles -= !f->order;
	if (list_empty(&n->free[f->order]))
		n->nonempty &= ~BIT(f->order);
}

/* Takes a block of exactly this order off the node's lists, or NULL. */
static struct frame *buddy_take(struct node_memory *n, unsigned order)
{
	u64 fit = n->nonempty >> order << order;
	unsigned have;
	struct frame *f;

	if (!fit)
		return NULL;
	have = __builtin_ctzl(fit);
	f = list_entry(n->free[have].next, struct frame, lru);
	buddy_remove(n, f);
	while (have > order) {
		have--;
		f[1UL << have].node = f->node;
		f[1UL << have].refs = 0;
		buddy_insert(n, f + (1UL << have), have);
	}
	n->free_pages -= 1UL << order;
	return f;
}

/* Puts a block that is on no list to the others, joined with its free buddies. */
static void buddy_join(struct node_memory *n, struct frame *f, unsigned order)
{
	u64 pfn = frame_pfn(f);
	struct frame *buddy;

	for (; order < FRAME_ORDER_MAX; order++) {
		buddy = &frames[pfn ^ BIT(order)];
		if (buddy->kind != FRAME_FREE || buddy->order != order || buddy->node != f->node)
			break;
		buddy_remove(n, buddy);
		pfn &= ~BIT(order);
	}
	buddy_insert(n, &frames[pfn], order);
}

/* Gives a block back. */
static inline void buddy_give(struct node_memory *n, struct frame *f, unsigned order)
{
	n->free_pages += 1UL << order;
	if (!order && n->singles < SINGLES_KEPT)
		buddy_insert(n, f, 0);
	else
		buddy_join(n, f, order);
}

/* Joins the singles as far as they go. Each is looked at once: what is put back goes in front. */
static void buddy_join_singles(struct node_memory *n)
{
	struct frame *f;

	for (u64 left = n->singles; left; left--) {
		f = list_last(&n->free[0], struct frame, lru);
		if (!f)
			break;
		buddy_remove(n, f);
		buddy_join(n, f, 0);
	}
}

/* A single frame of a node that has some, or a block's worth. */
static inline struct frame *single_take(struct node_memory *n)
{
	struct frame *f;

	if (unlikely(!n->singles)) {
		f = buddy_take(n, SINGLES_ORDER);
		if (!f)
			return buddy_take(n, 0);
		n->free_pages += 1UL << SINGLES_ORDER;
		for (unsigned i = 1U << SINGLES_ORDER; i--;) {
			f[i].node = f->node;
			f[i].refs = 0;
			buddy_insert(n, f + i, 0);
		}
	}
	f = list_entry(n->free[0].next, struct frame, lru);
	buddy_remove(n, f);
	n->free_pages--;
	return f;
}

/* A block from the nearest node that has one, or NULL. */
static struct frame *buddy_take_near(unsigned node, unsigned order)
{
	const u8 *near = node_memory[node].order;
	struct frame *f = NULL;

	for (unsigned i = 0; i < node_count && !f; i++)
		f = buddy_take(&node_memory[near[i]], order);
	return f;
}

/* Adds [pfn, end_pfn) to a node, in the largest blocks that fit. */
void buddy_add(u64 pfn, u64 end_pfn, unsigned node)
{
	struct node_memory *n = &node_memory[node];
	unsigned order;

	n->total_pages += end_pfn - pfn;
	while (pfn < end_pfn) {
		order = pfn ? __builtin_ctzl(pfn) : FRAME_ORDER_MAX;
		order = MIN(order, (unsigned)FRAME_ORDER_MAX);
		while (pfn + BIT(order) > end_pfn)
			order--;
		assert(frames[pfn].kind == FRAME_RESERVED);
		frames[pfn].node = node;
		buddy_give(n, &frames[pfn], order);
		pfn += BIT(order);
	}
}

void frame_zero(struct frame *f)
{
	u8 *page = frame_data(f), *end = page + (PAGE_SIZE << f->order);

	do
		page_clear(page);
	while ((page += PAGE_SIZE) < end);
}

struct frame *frame_alloc_node(enum frame_kind kind, unsigned order, unsigned flags, unsigned node)
{
	struct frame *f;

	assert(order <= FRAME_ORDER_MAX);
	if (!(flags & FRAME_NOFAIL) && alloc_should_fail())
		return NULL;
	f = order ? NULL : single_take(&node_memory[node]);
	if (!f)
		f = buddy_take_near(node, order);
	if (unlikely(!f) && order) {
		for (unsigned i = 0; i < node_count; i++)
			buddy_join_singles(&node_memory[i]);
		f = buddy_take_near(node, order);
	}
	if (!f) {
		if (flags & FRAME_NOFAIL)
			panic("out of memory at boot: no block of %lu frames", BIT(order));
		return NULL;
	}
	frame_debug_take(f, order);
	frame_node(f)->kind_pages[kind] += 1UL << order;
	f->refs = 1;
	f->mapcount = 0;
	f->kind = kind;
	f->order = order;
	f->flags = flags & FRAME_FOR_STACK ? FRAME_STACK : 0;
	f->pins = 0;
	f->cache = NULL;
	f->index = 0;
	list_init(&f->lru);
	f->charge = NULL;
	if (flags & FRAME_CHARGE && charge_frame(f)) {
		frame_put(f);
		return NULL;
	}
	if (flags & FRAME_ZERO)
		frame_zero(f);
	return f;
}

struct frame *frame_alloc(enum frame_kind kind, unsigned order, unsigned flags)
{
	return frame_alloc_node(kind, order, flags, this_cpu()->node);
}

void frame_set_kind(struct frame *f, enum frame_kind kind)
{
	struct node_memory *n = frame_node(f);

	n->kind_pages[f->kind] -= 1UL << f->order;
	f->kind = kind;
	n->kind_pages[f->kind] += 1UL << f->order;
}

void frame_free(struct frame *f)
{
	struct node_memory *n = frame_node(f);

	assert(f->mapcount == 0 && f->kind > FRAME_FREE);
	uncharge_frame(f);
	n->kind_pages[f->kind] -= 1UL << f->order;
	frame_debug_give(f, f->order);
	buddy_give(n, f, f->order);
}

/* Adds what one node has to t. */
static void memory_add_node(struct memory_totals *t, const struct node_memory *n)
{
	t->total_pages += n->total_pages;
	t->free_pages += n->free_pages;
	t->anon_pages += n->kind_pages[FRAME_ANON];
	t->cache_pages += n->kind_pages[FRAME_CACHE];
	t->shmem_pages += n->shmem_pages;
	t->slab_pages += n->kind_pages[FRAME_SLAB];
	t->table_pages += n->kind_pages[FRAME_TABLE];
	t->kernel_pages += n->kind_pages[FRAME_KERNEL];
	t->mapped_pages += n->mapped_pages;
	t->dirty_pages += n->dirty_pages;
}

void memory_node_totals(unsigned node, struct memory_totals *t)
{
	memset(t, 0, sizeof(*t));
	if (node < node_count)
		memory_add_node(t, &node_memory[node]);
}

void memory_totals(struct memory_totals *t)
{
	unsigned n;

	memset(t, 0, sizeof(*t));
	for (n = 0; n < node_count; n++)
		memory_add_node(t, &node_memory[n]);
}
