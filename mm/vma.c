// SPDX-License-Identifier: MIT
/* mm/vma.c - the VMAs of an address space: tree, free gaps, splitting, merging, counts.
 *
 * The VMAs of an mm are disjoint, sorted in a red-black tree; neighbours that say the same
 * are one. Each node knows the free bytes below it (gap; the guard gap of a stack does not
 * count as free) and the largest such gap of its subtree (max_gap), so a free range is found
 * in one descent. What changes an edge of a VMA mends the gaps of it and of its successor.
 *
 * A VMA holds its file by ops->get, and is on the mapping list of its cache while linked.
 * Locks: BKL; nothing here sleeps but vma_release(), whose put may.
 * Checkpoint: VMAs are saved; the tree is rebuilt.
 * See: mmap(2), proc(5) on maps; Documentation/mm/process_addrs of Linux. */
struct vma;
static inline void vma_update_max_gap(struct vma *v);
#define RB_AUGMENT(v) vma_update_max_gap(v)	/* before <sys/tree.h>: called at rotations */

#include "abi/errno.h"
#include "lib/assert.h"
#include "mm/internal.h"

static struct slab_cache *vma_cache;

static inline int vma_compare(const struct vma *a, const struct vma *b)
{
	return a->start < b->start ? -1 : a->start > b->start;
}

RB_GENERATE_STATIC(vma_tree, vma, node, vma_compare)

void vma_init(void)
{
	vma_cache = slab_cache_create("vma", sizeof(struct vma), 0);
	assert(vma_cache);
}

struct vma *vma_alloc(void)
{
	struct vma *v = slab_zalloc(vma_cache);

	if (v)
		list_init(&v->mapping);
	return v;
}

struct vma *vma_copy(const struct vma *from)
{
	struct vma *v = slab_alloc(vma_cache);

	if (!v)
		return NULL;
	*v = *from;
	list_init(&v->mapping);
	if (v->ops && v->ops->get)
		v->ops->get(v->file);
	return v;
}

void vma_release(struct vma *v)
{
	if (v->ops && v->ops->put)
		v->ops->put(v->file);
	slab_free(vma_cache, v);
}

/* Releases what vma_collect() gathered. Context: may sleep (the last put of a file). */
void vma_release_all(struct list *gone)
{
	struct vma *v, *next;

	list_for_each_safe(v, next, gone, mapping) {
		list_del(&v->mapping);
		if (v->ops && v->ops->account)
			v->ops->account(v, -1);
		vma_release(v);
	}
}

struct vma *vma_first(struct mm *mm)
{
	return RB_MIN(vma_tree, &mm->vmas);
}

struct vma *vma_last(struct mm *mm)
{
	return RB_MAX(vma_tree, &mm->vmas);
}

struct vma *vma_next(struct vma *v)
{
	return RB_NEXT(vma_tree, NULL, v);
}

struct vma *vma_prev(struct vma *v)
{
	return RB_PREV(vma_tree, NULL, v);
}

struct vma *vma_find(struct mm *mm, uaddr addr)
{
	struct vma *v = mm->hint, *best = NULL;

	if (v && v->start <= addr && addr < v->end)
		return v;
	for (v = RB_ROOT(&mm->vmas); v;) {
		if (v->end <= addr) {
			v = RB_RIGHT(v, node);
			continue;
		}
		best = v;
		if (v->start <= addr)
			break;
		v = RB_LEFT(v, node);
	}
	if (best)
		mm->hint = best;
	return best;
}

struct vma *vma_in(struct mm *mm, uaddr start, uaddr end)
{
	struct vma *v = vma_find(mm, start);

	return v && v->start < end ? v : NULL;
}

/* --- gaps --- */

/* Where the free space below v ends: a stack keeps its guard gap clear. */
uaddr vma_guard_start(const struct vma *v)
{
	u64 guard = STACK_GUARD_PAGES << PAGE_SHIFT;

	if (!(v->flags & VM_GROWSDOWN))
		return v->start;
	return v->start > guard ? v->start - guard : 0;
}

static inline void vma_update_max_gap(struct vma *v)
{
	struct vma *l = RB_LEFT(v, node), *r = RB_RIGHT(v, node);
	u64 max = v->gap;

	if (l && l->max_gap > max)
		max = l->max_gap;
	if (r && r->max_gap > max)
		max = r->max_gap;
	v->max_gap = max;
}

/* v's gap has become this: mends max_gap from v upwards, as far as it changes. */
static void vma_set_gap(struct vma *v, u64 gap)
{
	u64 before;

	v->gap = gap;
	for (; v; v = RB_PARENT(v, node)) {
		before = v->max_gap;
		vma_update_max_gap(v);
		if (v->max_gap == before)
			break;
	}
}

/* v lies next above prev, or lowest of all. */
static void vma_set_gap_above(struct vma *v, const struct vma *prev)
{
	uaddr from = prev ? prev->end : 0, to = vma_guard_start(v);

	vma_set_gap(v, to > from ? to - from : 0);
}

/* Computes the gap below v again, and all that depends on it. */
static void vma_update_gap(struct vma *v)
{
	vma_set_gap_above(v, vma_prev(v));
}

static void vma_update_gap_above(struct vma *v)
{
	struct vma *next = vma_next(v);

	if (next)
		vma_update_gap(next);
}

/* Highest fit among the gaps below the VMAs of subtree v. Depth: the tree's height. */
static uaddr gap_down(const struct vma *v, u64 length, uaddr low, uaddr high)
{
	uaddr top, bottom, found;

	for (; v && v->max_gap >= length; v = RB_LEFT(v, node)) {
		if (v->end + length <= high) {
			found = gap_down(RB_RIGHT(v, node), length, low, high);
			if (found)
				return found;
		}
		top = MIN(vma_guard_start(v), high);
		bottom = MAX(vma_guard_start(v) - v->gap, low);
		if (v->gap >= length && bottom + length <= top)
			return top - length;
		if (v->start <= low)
			break;
	}
	return 0;
}

uaddr vma_find_gap_down(struct mm *mm, u64 length, uaddr low, uaddr high)
{
	struct vma *last = vma_last(mm);
	uaddr bottom = last ? MAX(last->end, low) : low;

	if (bottom + length <= high)
		return high - length;
	return gap_down(RB_ROOT(&mm->vmas), length, low, high);
}

/* Lowest fit among the gaps below the VMAs of subtree v. */
static uaddr gap_up(const struct vma *v, u64 length, uaddr low, uaddr high)
{
	uaddr top, bottom, found;

	for (; v && v->max_gap >= length; v = RB_RIGHT(v, node)) {
		if (v->start >= low + length) {
			found = gap_up(RB_LEFT(v, node), length, low, high);
			if (found)
				return found;
		}
		top = MIN(vma_guard_start(v), high);
		bottom = MAX(vma_guard_start(v) - v->gap, low);
		if (v->gap >= length && bottom + length <= top)
			return bottom;
		if (v->end >= high)
			break;
	}
	return 0;
}

uaddr vma_find_gap_up(struct mm *mm, u64 length, uaddr low, uaddr high)
{
	uaddr found = gap_up(RB_ROOT(&mm->vmas), length, low, high);
	struct vma *last = vma_last(mm);
	uaddr bottom = last ? MAX(last->end, low) : low;

	if (!found && bottom + length <= high)
		found = bottom;
	return found;
}

/* --- linking --- */

/* Adds pages (or takes them, if negative) of a VMA with these flags to the sizes of mm. */
void vma_account(struct mm *mm, u64 vm_flags, s64 pages)
{
	mm->total_pages += pages;
	if (vm_flags & VM_LOCKED)
		mm->locked_pages += pages;
	if ((vm_flags & (VM_EXEC | VM_WRITE | VM_GROWSDOWN)) == VM_EXEC)
		mm->exec_pages += pages;
	else if (vm_flags & VM_GROWSDOWN)
		mm->stack_pages += pages;
	else if (vma_is_data(vm_flags))
		mm->data_pages += pages;
	if (mm->total_pages > mm->total_peak)
		mm->total_peak = mm->total_pages;
}

/* With no gap of its own, v changes no max_gap by going in; likewise by going out. */
static void vma_insert(struct vma *v)
{
	v->gap = v->max_gap = 0;
	RB_INSERT(vma_tree, &v->mm->vmas, v);
	v->mm->nr_vmas++;
	vma_account(v->mm, v->flags, vma_pages(v));
	if (v->cache)
		list_add_tail(&v->cache->mappings, &v->mapping);
}

void vma_link(struct vma *v)
{
	vma_insert(v);
	vma_update_gap(v);
	vma_update_gap_above(v);
}

void vma_link_last(struct vma *v, const struct vma *prev)
{
	vma_insert(v);
	vma_set_gap_above(v, prev);
}

void vma_unlink(struct vma *v)
{
	struct vma *next = vma_next(v);
	struct mm *mm = v->mm;

	vma_set_gap(v, 0);
	RB_REMOVE(vma_tree, &mm->vmas, v);
	if (next)
		vma_update_gap(next);
	mm->nr_vmas--;
	vma_account(mm, v->flags, -(s64)vma_pages(v));
	list_del(&v->mapping);
	if (mm->hint == v)
		mm->hint = NULL;
}

void vma_set_start(struct vma *v, uaddr start)
{
	s64 more = (s64)(v->start - start) >> PAGE_SHIFT;

	vma_account(v->mm, v->flags, more);
	v->pgoff -= more;
	v->start = start;
	vma_update_gap(v);
}

void vma_set_end(struct vma *v, uaddr end)
{
	vma_account(v->mm, v->flags, (s64)(end - v->end) >> PAGE_SHIFT);
	v->end = end;
	vma_update_gap_above(v);
}

void vma_set_flags(struct vma *v, u64 vm_flags)
{
	vma_account(v->mm, v->flags, -(s64)vma_pages(v));
	v->flags = vm_flags;
	vma_account(v->mm, v->flags, vma_pages(v));
}

/* --- splitting and merging --- */

int vma_split(struct vma *v, uaddr addr, struct vma **upper)
{
	struct vma *n;

	if (v->mm->nr_vmas >= VMA_COUNT_MAX)
		return -ENOMEM;
	n = vma_copy(v);
	if (!n)
		return -ENOMEM;
	n->start = addr;
	n->pgoff = vma_index(v, addr);
	vma_set_end(v, addr);
	vma_link(n);
	if (n->ops && n->ops->account)
		n->ops->account(n, 1);
	*upper = n;
	return 0;
}

/* Whether b continues a: same rights, same file at the next page, nothing that counts VMAs. */
static bool vma_continues(const struct vma *a, const struct vma *b)
{
	return a->end == b->start && !((a->flags ^ b->flags) & ~VM_UNION) &&
	       !(a->flags & VM_SPECIAL) && a->cache == b->cache && a->file == b->file &&
	       a->ops == b->ops && a->policy == b->policy && vma_index(a, a->end) == b->pgoff &&
	       !(a->ops && a->ops->account);
}

/* b goes up in a. The file is not put for the last time here: a holds it too. */
static struct vma *vma_join(struct vma *a, struct vma *b)
{
	uaddr end = b->end;

	vma_unlink(b);
	a->flags |= b->flags & VM_UNION;
	vma_set_end(a, end);
	vma_release(b);
	return a;
}

/* Joins v with the neighbours that it continues or that continue it; returns what v became. */
struct vma *vma_merge(struct vma *v)
{
	struct vma *prev = vma_prev(v), *next;

	if (prev && vma_continues(prev, v))
		v = vma_join(prev, v);
	next = vma_next(v);
	if (next && vma_continues(v, next))
		v = vma_join(v, next);
	return v;
}

/* Makes t, which is in no tree yet, part of a neighbour; returns that, or NULL. */
struct vma *vma_absorb(struct mm *mm, const struct vma *t)
{
	struct vma *next = vma_find(mm, t->start);
	struct vma *prev = next ? vma_prev(next) : vma_last(mm);

	if (prev && vma_continues(prev, t)) {
		prev->flags |= t->flags & VM_UNION;
		vma_set_end(prev, t->end);
		return next && vma_continues(prev, next) ? vma_join(prev, next) : prev;
	}
	if (next && vma_continues(t, next)) {
		next->flags |= t->flags & VM_UNION;
		vma_set_start(next, t->start);
		return next;
	}
	return NULL;
}

int vma_isolate(struct vma **v, uaddr start, uaddr end)
{
	struct vma *upper;
	int err;

	if ((*v)->start < start) {
		err = vma_split(*v, start, &upper);
		if (err)
			return err;
		*v = upper;
	}
	if ((*v)->end <= end)
		return 0;
	err = vma_split(*v, end, &upper);
	if (err)
		*v = vma_merge(*v);
	return err;
}
