// SPDX-License-Identifier: MIT
/* mm/mmap.c - mapping and unmapping: mmap(2), munmap(2), brk(2).
 *
 * A place is chosen from mmap_base downwards, as Linux does; MAP_32BIT and what finds no
 * room there goes upwards. Checks come first, in Linux's order, so that the errno is the
 * same; then what was there is taken out, the new VMA linked, and merged with its neighbours.
 *
 * Locks: BKL. Context: releasing files and populating may sleep, after all is consistent.
 * Not like Linux: no overcommit modes but the guess; no huge pages.
 * See: mmap(2), brk(2), setrlimit(2). */
#include "abi/errno.h"
#include "lib/assert.h"
#include "mm/internal.h"

#define LOW_4G_START  0x40000000UL	/* MAP_32BIT searches here */
#define LOW_4G_END    0x80000000UL
#define UNMAPPED_BASE (ALIGN_DOWN(USER_END / 3, PAGE_SIZE))	/* searches upwards start here */

/* Whether mm may have this many more pages of such a mapping (EXT-LIM-03). Limits in bytes. */
bool mm_may_expand(struct mm *mm, u64 vm_flags, u64 pages, u64 limit_as, u64 limit_data)
{
	if (mm->total_pages + pages > limit_as >> PAGE_SHIFT)
		return false;
	return !vma_is_data(vm_flags) || mm->data_pages + pages <= limit_data >> PAGE_SHIFT;
}

bool mm_may_commit(u64 pages)
{
	u64 total = 0;
	unsigned n;

	for (n = 0; n < node_count; n++)
		total += node_memory[n].total_pages;
	return pages <= total;
}

/* Pages of [start, end) that are mapped already. */
static u64 mm_mapped_pages(struct mm *mm, uaddr start, uaddr end)
{
	struct vma *v;
	u64 pages = 0;

	for (v = vma_in(mm, start, end); v && v->start < end; v = vma_next(v))
		pages += (MIN(v->end, end) - MAX(v->start, start)) >> PAGE_SHIFT;
	return pages;
}

/* A hint is taken if nothing is there. */
static bool mm_hint_free(struct mm *mm, uaddr addr, u64 length)
{
	struct vma *v;

	if (addr < USER_START || length > USER_END || addr > USER_END - length)
		return false;
	v = vma_find(mm, addr);
	return !v || addr + length <= vma_guard_start(v);
}

/* Chooses where req's mapping goes. Returns 0, -ENOMEM, -EINVAL, -EPERM or -EEXIST. */
int mm_find_area(struct mm *mm, const struct map_request *req, u64 length, uaddr *out)
{
	uaddr addr = req->addr, found;

	if (length > USER_END)
		return -ENOMEM;
	if (req->fixed || req->fixed_noreplace) {
		if (addr > USER_END - length)
			return -ENOMEM;
		if (addr & ~PAGE_MASK)
			return -EINVAL;
		if (addr < USER_START && !req->low_ok)
			return -EPERM;
		if (req->fixed_noreplace && vma_in(mm, addr, addr + length))
			return -EEXIST;
		*out = addr;
		return 0;
	}
	addr &= PAGE_MASK;
	if (addr && addr < USER_START)
		addr = USER_START;
	if (addr && (!req->below_4g || addr + length <= LOW_4G_END) &&
	    mm_hint_free(mm, addr, length)) {
		*out = addr;
		return 0;
	}
	if (req->below_4g)
		found = vma_find_gap_up(mm, length, LOW_4G_START, LOW_4G_END);
	else
		found = vma_find_gap_down(mm, length, USER_START, mm->mmap_base);
	if (!found && !req->below_4g)
		found = vma_find_gap_up(mm, length, UNMAPPED_BASE, USER_END);
	*out = found;
	return found ? 0 : -ENOMEM;
}

void vma_describe(struct vma *t, struct mm *mm, uaddr start, const struct map_request *req,
		  u64 flags, u64 length)
{
	memset(t, 0, sizeof(*t));
	t->mm = mm;
	t->start = start;
	t->end = start + length;
	t->flags = flags;
	t->cache = req->cache;
	t->pgoff = req->cache ? req->pgoff : start >> PAGE_SHIFT;
	t->ops = req->ops;
	t->file = req->file;
	t->special_name = req->special_name;
}

/* Links a VMA that is as t describes it; not merged yet. Returns 0 or -ENOMEM. */
int vma_create(const struct vma *t, struct vma **out)
{
	struct vma *v = vma_alloc();

	if (!v)
		return -ENOMEM;
	*v = *t;
	list_init(&v->mapping);
	if (v->ops && v->ops->get)
		v->ops->get(v->file);
	vma_link(v);
	if (v->ops && v->ops->account)
		v->ops->account(v, 1);
	*out = v;
	return 0;
}

/* Maps a free range: as part of a neighbour if one says the same, else as a VMA of its own. */
static int mm_place(struct mm *mm, uaddr start, const struct map_request *req, u64 flags,
		    u64 length)
{
	struct vma t, *v;

	vma_describe(&t, mm, start, req, flags, length);
	return vma_absorb(mm, &t) ? 0 : vma_create(&t, &v);
}

/* Private pages that may be written to must be possible at all. */
static bool mm_must_commit(u64 vm_flags)
{
	return (vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE;
}

int mm_map(struct mm *mm, const struct map_request *req, uaddr *out)
{
	u64 length = ALIGN_UP(req->length, PAGE_SIZE), pages = length >> PAGE_SHIFT, there;
	u64 flags = req->flags | mm->def_flags;
	uaddr start;
	int err;

	if (!req->length)
		return -EINVAL;
	if (!length)
		return -ENOMEM;
	if (req->pgoff + pages < req->pgoff)
		return -EOVERFLOW;
	if (mm->nr_vmas > VMA_COUNT_MAX)
		return -ENOMEM;
	err = mm_find_area(mm, req, length, &start);
	if (err)
		return err;
	there = req->fixed ? mm_mapped_pages(mm, start, start + length) : 0;
	if (!mm_may_expand(mm, flags, pages - there, req->limit_as, req->limit_data))
		return -ENOMEM;
	if (mm_must_commit(flags) && !mm_may_commit(pages))
		return -ENOMEM;
	if (req->fixed && vma_in(mm, start, start + length)) {
		err = mm_unmap(mm, start, length);
		if (err)
			return err;
	}
	if (mm_must_commit(flags))
		flags |= VM_ACCOUNTED;
	err = mm_place(mm, start, req, flags, length);
	if (err)
		return err;
	*out = start;
	if (req->populate || (flags & (VM_LOCKED | VM_LOCKONFAULT)) == VM_LOCKED)
		mm_populate(mm, start, length);
	return 0;
}

/* Frees the page tables that [start, end), now empty, shared with no neighbour. */
void mm_free_tables(struct mm *mm, uaddr start, uaddr end)
{
	struct vma *above = vma_find(mm, end), *below = above ? vma_prev(above) : vma_last(mm);
	uaddr floor = below ? below->end : 0, ceiling = above ? above->start : USER_END;
	uaddr low = MAX(floor, ALIGN_DOWN(start, TABLE_SPAN));
	uaddr high = MIN(ceiling, ALIGN_UP(end, TABLE_SPAN));

	if (ALIGN_UP(low, TABLE_SPAN) < ALIGN_DOWN(high, TABLE_SPAN) &&
	    pte_next(&mm->pt, &low, high))
		pagetable_trim(&mm->pt, start, end, floor, ceiling);
}

/* Cuts the VMAs at both ends of [start, end) short. None of them covers it all. */
static void mm_trim_ends(struct mm *mm, uaddr start, uaddr end)
{
	struct vma *v = vma_find(mm, start);

	if (v && v->start < start)
		vma_set_end(v, start);
	v = vma_find(mm, end);
	if (v && v->start < end)
		vma_set_start(v, end);
}

void mm_remove(struct mm *mm, uaddr start, uaddr end)
{
	struct list gone = LIST_INIT(gone);
	struct vma *v, *next;

	mm_trim_ends(mm, start, end);
	for (v = vma_in(mm, start, end); v && v->start < end; v = next) {
		next = vma_next(v);
		vma_unlink(v);
		vma_collect(v, &gone);
	}
	pages_unmap(mm, start, end, NULL);
	mm_free_tables(mm, start, end);
	vma_release_all(&gone);
}

int mm_unmap(struct mm *mm, uaddr start, u64 length)
{
	u64 bytes = ALIGN_UP(length, PAGE_SIZE);
	uaddr end = start + bytes;
	struct vma *v, *upper;
	int err;

	if (start & ~PAGE_MASK || start > USER_END || length > USER_END - start || !bytes)
		return -EINVAL;
	v = vma_in(mm, start, end);
	if (!v)
		return 0;
	/* Only a hole in the middle of a VMA needs memory. */
	if (v->start < start && v->end > end) {
		err = vma_split(v, end, &upper);
		if (err)
			return err;
	}
	mm_remove(mm, start, end);
	return 0;
}

/* Makes the heap reach to "to", page aligned and above the old end "from". */
static int mm_grow_brk(struct mm *mm, uaddr from, uaddr to, u64 limit_data)
{
	struct map_request req = { .fixed = true, .addr = from };
	u64 flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_HEAP |
		    VM_ACCOUNTED;
	struct vma *next = vma_find(mm, from);
	u64 pages = (to - from) >> PAGE_SHIFT;

	if (to > USER_END - PAGE_SIZE || (next && to + PAGE_SIZE > vma_guard_start(next)))
		return -ENOMEM;
	flags |= mm->def_flags;
	if (!mm_may_expand(mm, flags, pages, mm->limit_as, limit_data) || !mm_may_commit(pages))
		return -ENOMEM;
	if (mm->nr_vmas > VMA_COUNT_MAX)
		return -ENOMEM;
	return mm_place(mm, from, &req, flags, to - from);
}

int mm_set_brk(struct mm *mm, uaddr brk, u64 limit_data)
{
	uaddr from = ALIGN_UP(mm->brk, PAGE_SIZE), to = ALIGN_UP(brk, PAGE_SIZE);
	u64 data = mm->data_end - mm->data_start;
	int err = 0;

	if (brk < mm->brk_start || to < brk)
		return -EINVAL;
	if (limit_data != ~0UL && brk - mm->brk_start + data > limit_data)
		return -ENOMEM;
	if (to < from)
		err = mm_unmap(mm, to, from - to);
	else if (to > from)
		err = mm_grow_brk(mm, from, to, limit_data);
	if (err)
		return err;
	mm->brk = brk;
	if (to > from && (mm->def_flags & (VM_LOCKED | VM_LOCKONFAULT)) == VM_LOCKED)
		mm_populate(mm, from, to - from);
	return 0;
}
