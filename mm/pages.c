// SPDX-License-Identifier: MIT
/* mm/pages.c - page table entries of users, and the counts that go with them.
 *
 * An entry is one of
 *   0                     nothing
 *   PRESENT, zero frame   an anonymous page never written to; not counted
 *   PRESENT, frame        holds one reference and one mapcount of the frame, and one page
 *                         of the mm's anon_rss, file_rss or shmem_rss
 *   PROTNONE, frame       the same, but the VMA allows no access; not present
 * All entries are made and unmade here, so that the counts cannot differ. Frames taken
 * out are put only after the translation is flushed everywhere.
 *
 * Locks: BKL; nothing sleeps. Checkpoint: page contents are saved, tables rebuilt. */
#include "abi/errno.h"
#include "lib/assert.h"
#include "mm/charge.h"
#include "mm/internal.h"

#define BATCH_FRAMES 64		/* frames taken out before a flush */

/* Frames on their way out of one mm. */
struct unmap_batch {
	struct mm *mm;
	uaddr start, end;		/* what the flush must cover; end 0: nothing yet */
	unsigned nr;
	struct frame *frames[BATCH_FRAMES];
};

pte_t vma_pte_bits(u64 vm_flags)
{
	pte_t bits = PTE_USER | PTE_ACCESSED;

	bits |= vm_flags & VM_ACCESS ? PTE_PRESENT : PTE_PROTNONE;
	return vm_flags & VM_EXEC ? bits : bits | PTE_NX;
}

static u64 *rss_of(struct mm *mm, const struct frame *f)
{
	if (f->kind != FRAME_CACHE)
		return &mm->anon_rss;
	return f->cache && page_cache_is_shmem(f->cache) ? &mm->shmem_rss : &mm->file_rss;
}

static inline void frame_mapped(struct frame *f)
{
	if (f->mapcount++ || f->kind != FRAME_CACHE)
		return;
	frame_node(f)->mapped_pages++;
	if (unlikely(f->charge != NULL))
		charge_ops->mapped(f, 1);
}

void page_map(struct vma *v, pte_t *pte, struct frame *f, u64 extra)
{
	assert(!*pte);
	frame_mapped(f);
	if (f->kind != FRAME_CACHE)
		v->flags |= VM_ANONPAGES;
	++*rss_of(v->mm, f);
	*pte = frame_phys(f) | vma_pte_bits(v->flags) | extra;
}

int vma_add_page(struct vma *v, uaddr va, struct frame *f, bool shared)
{
	pte_t *pte;
	int err = pte_make(&v->mm->pt, va, &pte);

	if (err || *pte)
		return err ? err : -EEXIST;
	err = f->charge ? 0 : charge_frame(f);
	if (err)
		return err;
	frame_get(f);
	page_map(v, pte, f, PTE_DIRTY | (v->flags & VM_WRITE && !shared ? PTE_WRITE : 0));
	return 0;
}

int vma_share_page(struct mm *from, uaddr src, struct vma *v, uaddr va)
{
	pte_t *pte = pte_lookup(&from->pt, src);
	struct frame *f = pte ? pte_frame(*pte) : NULL;

	if (!f || f->kind != FRAME_ANON)
		return -EINVAL;
	*pte &= ~PTE_WRITE;
	return vma_add_page(v, va, f, true);
}

void page_map_zero(struct vma *v, pte_t *pte)
{
	assert(!*pte);
	*pte = zero_phys | vma_pte_bits(v->flags);
}

void page_unmap(struct mm *mm, pte_t *pte, struct frame *f)
{
	assert(f->mapcount > 0);
	if (f->kind == FRAME_CACHE) {
		if (*pte & PTE_DIRTY && f->cache)
			page_cache_dirty(f->cache, f);
		if (f->mapcount == 1) {
			frame_node(f)->mapped_pages--;
			if (unlikely(f->charge != NULL))
				charge_ops->mapped(f, -1);
		}
	}
	f->mapcount--;
	--*rss_of(mm, f);
	*pte = 0;
}

static inline void batch_begin(struct unmap_batch *b, struct mm *mm)
{
	mm_rss_peak(mm);
	b->mm = mm;
	b->end = 0;
	b->nr = 0;
}

static void batch_flush(struct unmap_batch *b)
{
	unsigned i;

	if (b->end)
		tlb_flush_range(&b->mm->pt, b->start, b->end);
	for (i = 0; i < b->nr; i++)
		frame_put(b->frames[i]);
	b->nr = 0;
	b->end = 0;
}

/* Empties the entry for va; the frame, if any, waits for the flush. */
static inline void batch_unmap(struct unmap_batch *b, pte_t *pte, uaddr va)
{
	struct frame *f = pte_frame(*pte);

	if (!b->end)
		b->start = va;
	b->end = va + PAGE_SIZE;
	if (!f) {
		*pte = 0;
		return;
	}
	page_unmap(b->mm, pte, f);
	b->frames[b->nr++] = f;
	if (b->nr == BATCH_FRAMES)
		batch_flush(b);
}

void pages_unmap(struct mm *mm, uaddr start, uaddr end, const struct page_cache *only)
{
	struct unmap_batch b;
	struct frame *f;
	uaddr next = start, va;
	pte_t *pte;

	batch_begin(&b, mm);
	while (next < end && (pte = pte_next(&mm->pt, &next, end))) {
		va = next;
		for (next = table_end(va, end); va < next; va += PAGE_SIZE, pte++) {
			if (!*pte)
				continue;
			f = only ? pte_frame(*pte) : NULL;
			if (only && (!f || f->cache != only || f->kind != FRAME_CACHE))
				continue;
			batch_unmap(&b, pte, va);
		}
	}
	batch_flush(&b);
}

void pages_discard_anon(struct mm *mm, uaddr start, uaddr end)
{
	struct unmap_batch b;
	struct frame *f;
	uaddr va = start, stop;
	pte_t *pte;

	batch_begin(&b, mm);
	while (va < end && (pte = pte_next(&mm->pt, &va, end))) {
		for (stop = table_end(va, end); va < stop; va += PAGE_SIZE, pte++) {
			f = pte_frame(*pte);
			if (f && f->kind == FRAME_ANON)
				batch_unmap(&b, pte, va);
		}
	}
	batch_flush(&b);
}

/* One entry of a private mapping for fork: both sides lose the right to write. The frame is
 * mapped already, so one more mapping changes no total of its node. */
static inline void page_share(struct mm *to, pte_t *dst, pte_t *src)
{
	pte_t pte = *src & ~PTE_WRITE;
	struct frame *f = pte_frame(pte);

	*src = *dst = pte;
	if (!f)
		return;
	f->refs++;
	f->mapcount++;
	if (f->kind != FRAME_CACHE)
		to->anon_rss++;
	else
		++*rss_of(to, f);
}

/* fork: copies the entries of v, a private mapping of "from". Returns 0 or -ENOMEM (what was
 * copied until then stays). The caller flushes "from". */
int pages_copy(struct mm *to, struct mm *from, const struct vma *v)
{
	uaddr va, next;
	pte_t *src, *dst;
	u64 i, nr;
	int err;

	for (va = v->start; va < v->end && (src = pte_next(&from->pt, &va, v->end)); va = next) {
		next = table_end(va, v->end);
		nr = (next - va) >> PAGE_SHIFT;
		for (i = 0; i < nr && !src[i]; i++)
			;
		if (i == nr)
			continue;
		err = pte_make(&to->pt, va, &dst);
		if (err)
			return err;
		for (; i < nr; i++)
			if (src[i])
				page_share(to, &dst[i], &src[i]);
	}
	return 0;
}

/* Whether a page of v may be written to without a fault that copies or notes. */
static bool page_may_write(const struct vma *v, pte_t old)
{
	struct frame *f = pte_frame(old);

	if (!f || !(v->flags & VM_WRITE))
		return false;
	if (v->flags & VM_SHARED)
		return f->flags & FRAME_DIRTY || page_cache_is_memory(f->cache);
	return f->kind == FRAME_ANON && f->refs == 1;
}

/* Gives all entries of v the rights that its flags say now. */
void pages_protect(struct vma *v)
{
	pte_t bits = vma_pte_bits(v->flags), *pte, new;
	uaddr va = v->start, stop;
	bool less = false;

	while (va < v->end && (pte = pte_next(&v->mm->pt, &va, v->end))) {
		for (stop = table_end(va, v->end); va < stop; va += PAGE_SIZE, pte++) {
			if (!pte_mapped(*pte))
				continue;
			new = (*pte & (PTE_ADDR | PTE_DIRTY)) | bits;
			if (page_may_write(v, *pte))
				new |= PTE_WRITE;
			less |= *pte & PTE_PRESENT && *pte != new;
			*pte = new;
		}
	}
	if (less)
		tlb_flush_range(&v->mm->pt, v->start, v->end);
}

/* mremap: moves the entries of [from, from + length) to the free range at "to". 0 or -ENOMEM, and
 * then those moved so far are at "to". */
int pages_move(struct mm *mm, uaddr from, uaddr to, u64 length)
{
	uaddr va = from, end = from + length, stop;
	pte_t *src, *dst;
	int err = 0;

	while (!err && va < end && (src = pte_next(&mm->pt, &va, end))) {
		for (stop = table_end(va, end); va < stop; va += PAGE_SIZE, src++) {
			if (!*src)
				continue;
			err = pte_make(&mm->pt, to + (va - from), &dst);
			if (err)
				break;
			*dst = *src;
			*src = 0;
		}
	}
	tlb_flush_range(&mm->pt, from, end);
	return err;
}

bool page_write_protect(struct page_cache *pc, u64 index)
{
	bool dirty = false;
	struct vma *v;
	uaddr va;
	pte_t *pte;

	list_for_each(v, &pc->mappings, mapping) {
		if (!(v->flags & VM_SHARED) || index < v->pgoff ||
		    index - v->pgoff >= vma_pages(v))
			continue;
		va = v->start + ((index - v->pgoff) << PAGE_SHIFT);
		pte = pte_lookup(&v->mm->pt, va);
		if (!pte || !(*pte & (PTE_WRITE | PTE_DIRTY)))
			continue;
		dirty |= *pte & PTE_DIRTY;
		*pte &= ~(PTE_WRITE | PTE_DIRTY);
		tlb_flush_range(&v->mm->pt, va, va + PAGE_SIZE);
	}
	return dirty;
}

/* Unmaps pages [first_page, last_page] of a cache wherever they are mapped; also_private: with
 * the copies that private mappings made of them. */
void vma_unmap_cache(struct page_cache *pc, u64 first_page, u64 last_page, bool also_private)
{
	struct vma *v;
	u64 last;
	uaddr start, end;

	list_for_each(v, &pc->mappings, mapping) {
		last = v->pgoff + vma_pages(v) - 1;
		if (last < first_page || v->pgoff > last_page)
			continue;
		start = v->start;
		if (first_page > v->pgoff)
			start += (first_page - v->pgoff) << PAGE_SHIFT;
		end = v->end;
		if (last_page < last)
			end -= (last - last_page) << PAGE_SHIFT;
		pages_unmap(v->mm, start, end, also_private ? NULL : pc);
	}
}
