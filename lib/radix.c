// SPDX-License-Identifier: MIT
/* lib/radix.c - a sparse array: 64-bit index to pointer, by 64-way radix nodes.
 *
 * A tree of height h covers the indexes below 64^h; the leaves hold the entries.
 * Each node keeps two bit maps of its slots, so that neither the next entry nor the
 * next free index is searched slot by slot: "used" tells where something hangs, "full"
 * where nothing more fits below. No node is empty, and the root has an entry beyond its first
 * slot (else the tree is one level lower): an empty tree owns no memory.
 *
 * Locks: the caller's. Checkpoint: rebuilt by the owner. */
#include "lib/radix.h"

#include "abi/errno.h"
#include "lib/assert.h"

#define RADIX_BITS  6
#define RADIX_SLOTS (1U << RADIX_BITS)
#define RADIX_LEVELS_MAX 11		/* 11 * 6 bits cover 64 */

struct radix_node {
	u64 used;			/* bit n: slot n is not NULL */
	u64 full;			/* bit n: every index below slot n has an entry */
	void *slot[RADIX_SLOTS];
};

/* The way down to an index, for what must be mended on the way back up. */
struct radix_path {
	struct radix_node *node[RADIX_LEVELS_MAX];
	unsigned depth;			/* nodes on the path; the last is a leaf if complete */
};

/* Constant after boot. */
static void *(*radix_alloc)(size_t);
static void (*radix_release)(void *);

void radix_set_allocator(void *(*alloc)(size_t), void (*release)(void *))
{
	radix_alloc = alloc;
	radix_release = release;
}

static inline unsigned radix_slot(u64 index, unsigned shift)
{
	return (index >> shift) & (RADIX_SLOTS - 1);
}

static inline unsigned radix_top_shift(const struct radix *r)
{
	return (r->height - 1) * RADIX_BITS;
}

static bool radix_covers(const struct radix *r, u64 index)
{
	if (!r->height)
		return false;
	return r->height == RADIX_LEVELS_MAX || !(index >> (r->height * RADIX_BITS));
}

static struct radix_node *radix_node_create(void)
{
	struct radix_node *n = radix_alloc ? radix_alloc(sizeof(*n)) : NULL;

	if (n)
		memset(n, 0, sizeof(*n));
	return n;
}

void *radix_get(const struct radix *r, u64 index)
{
	const struct radix_node *n = r->root;
	unsigned shift;
	void *p;

	if (!radix_covers(r, index))
		return NULL;
	for (shift = radix_top_shift(r);; shift -= RADIX_BITS) {
		p = n->slot[radix_slot(index, shift)];
		if (!shift || !p)
			return p;
		n = p;
	}
}

/* Makes the tree high enough for index. Returns 0 or -ENOMEM. */
static int radix_grow(struct radix *r, u64 index)
{
	struct radix_node *n;
	unsigned height = r->height;

	while (!radix_covers(r, index)) {
		if (!r->root) {
			r->height++;
			continue;
		}
		n = radix_node_create();
		if (!n)
			return -ENOMEM;
		n->slot[0] = r->root;
		n->used = 1;
		n->full = r->root->full == ~0UL;
		r->root = n;
		r->height++;
	}
	if (!r->root) {
		r->root = radix_node_create();
		if (!r->root) {
			r->height = height;
			return -ENOMEM;
		}
	}
	return 0;
}

/* After a change at index: frees nodes that became empty and takes needless levels off the top. */
static void radix_shrink(struct radix *r, const struct radix_path *path, u64 index)
{
	unsigned level = path->depth, shift;
	struct radix_node *n;

	while (level > 1 && !path->node[level - 1]->used) {
		radix_release(path->node[level - 1]);
		level--;
		shift = (r->height - level) * RADIX_BITS;
		n = path->node[level - 1];
		n->slot[radix_slot(index, shift)] = NULL;
		n->used &= ~BIT(radix_slot(index, shift));
		n->full &= ~BIT(radix_slot(index, shift));
	}
	while (r->height > 1 && r->root->used == 1) {
		n = r->root;
		r->root = n->slot[0];
		r->height--;
		radix_release(n);
	}
	if (!r->root->used) {
		radix_release(r->root);
		r->root = NULL;
		r->height = 0;
	}
}

/* Marks, from the leaf up, that the subtrees holding index are full or no longer full. */
static void radix_mark_full(struct radix *r, const struct radix_path *path, u64 index)
{
	unsigned level, shift;
	bool full = true;

	for (level = path->depth; level; level--) {
		struct radix_node *n = path->node[level - 1];

		shift = (r->height - level) * RADIX_BITS;
		if (!shift)
			full = n->used & BIT(radix_slot(index, shift));
		if (full)
			n->full |= BIT(radix_slot(index, shift));
		else
			n->full &= ~BIT(radix_slot(index, shift));
		full = n->full == ~0UL;
	}
}

int radix_set(struct radix *r, u64 index, void *entry)
{
	struct radix_path path = { .depth = 0 };
	struct radix_node *n, *child;
	unsigned shift, slot;

	assert(entry);
	if (radix_grow(r, index)) {
		if (r->root)
			radix_shrink(r, &path, index);
		return -ENOMEM;
	}
	n = r->root;
	for (shift = radix_top_shift(r);; shift -= RADIX_BITS) {
		path.node[path.depth++] = n;
		slot = radix_slot(index, shift);
		if (!shift)
			break;
		child = n->slot[slot];
		if (!child) {
			child = radix_node_create();
			if (!child) {
				radix_shrink(r, &path, index);
				return -ENOMEM;
			}
			n->slot[slot] = child;
			n->used |= BIT(slot);
		}
		n = child;
	}
	n->slot[slot] = entry;
	n->used |= BIT(slot);
	radix_mark_full(r, &path, index);
	return 0;
}

void *radix_erase(struct radix *r, u64 index)
{
	struct radix_path path = { .depth = 0 };
	struct radix_node *n = r->root;
	unsigned shift, slot;
	void *old;

	if (!radix_covers(r, index))
		return NULL;
	for (shift = radix_top_shift(r);; shift -= RADIX_BITS) {
		path.node[path.depth++] = n;
		slot = radix_slot(index, shift);
		old = n->slot[slot];
		if (!old)
			return NULL;
		if (!shift)
			break;
		n = old;
	}
	n->slot[slot] = NULL;
	n->used &= ~BIT(slot);
	radix_mark_full(r, &path, index);
	radix_shrink(r, &path, index);
	return old;
}

/* Moves *index on to the first index below slot of the node at this level. */
static inline void radix_advance(u64 *index, unsigned shift, unsigned slot)
{
	*index = ((*index >> shift & ~(u64)(RADIX_SLOTS - 1)) | slot) << shift;
}

/* First entry at or after *index below n; *index moves only if one is found. */
static void *radix_next_below(const struct radix_node *n, unsigned shift, u64 *index)
{
	unsigned first = radix_slot(*index, shift), slot;
	u64 left = n->used & (~0UL << first);
	void *p;

	for (; left; left &= left - 1) {
		slot = __builtin_ctzl(left);
		if (slot != first)
			radix_advance(index, shift, slot);
		if (!shift)
			return n->slot[slot];
		p = radix_next_below(n->slot[slot], shift - RADIX_BITS, index);
		if (p)
			return p;
	}
	return NULL;
}

void *radix_next(const struct radix *r, u64 *index)
{
	if (!radix_covers(r, *index))
		return NULL;
	return radix_next_below(r->root, radix_top_shift(r), index);
}

/* First free index at or after *index below n; *index moves only if there is one. */
static bool radix_free_below(const struct radix_node *n, unsigned shift, u64 *index)
{
	unsigned first = radix_slot(*index, shift), slot;
	u64 left = ~n->full & (~0UL << first);

	for (; left; left &= left - 1) {
		slot = __builtin_ctzl(left);
		if (slot != first)
			radix_advance(index, shift, slot);
		if (!shift || !n->slot[slot])
			return true;
		if (radix_free_below(n->slot[slot], shift - RADIX_BITS, index))
			return true;
	}
	return false;
}

int radix_free_index(const struct radix *r, u64 from, u64 to, u64 *index)
{
	u64 found = from;

	if (radix_covers(r, from) && !radix_free_below(r->root, radix_top_shift(r), &found))
		found = r->height == RADIX_LEVELS_MAX ? 0 : BIT(r->height * RADIX_BITS);
	if (found < from || found > to)
		return -ENOSPC;
	*index = found;
	return 0;
}

bool radix_empty(const struct radix *r)
{
	return !r->root;
}
