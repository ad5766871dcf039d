// SPDX-License-Identifier: MIT
/* mm/internal.h - what the files of this room know of each other.
 *
 * Grouped by the file that defines it. */
#pragma once

#include "arch/wide.h"
#include "mm/frame.h"
#include "mm/mm.h"
#include "mm/pagecache.h"
#include "mm/slab.h"

struct audit;

/* --- buddy.c: free blocks and page counts of a node --- */
#define FRAME_ORDER_MAX 10
#define FRAME_BLOCK_PAGES (1UL << FRAME_ORDER_MAX)

struct node_memory {
	struct list free[FRAME_ORDER_MAX + 1];	/* struct frame.lru of the first frame of a block */
	u64 nonempty;				/* bit n: free[n] has a block */
	u64 total_pages, free_pages;
	u64 singles;				/* blocks of order 0 */
	u64 kind_pages[FRAME_KINDS];		/* in use, by kind */
	u64 mapped_pages;			/* cache pages in some page table */
	u64 shmem_pages, dirty_pages;		/* cache pages */
	u8 order[MAX_NODES];			/* nodes from near to far, this one first */
};
extern struct node_memory node_memory[MAX_NODES];

static inline struct node_memory *frame_node(const struct frame *f)
{
	return &node_memory[f->node];
}
void buddy_init(unsigned nodes);
void buddy_add(u64 pfn, u64 end_pfn, unsigned node);	/* new RAM */
void frame_zero(struct frame *f);			/* a block's contents */

static inline void page_copy(struct frame *to, const struct frame *from)
{
	page_copy_data(frame_data(to), frame_data(from));
}

/* --- slab.c --- */
void *slab_alloc_charged(struct slab_cache *c);	/* from one that charges on request */

/* --- kmalloc.c --- */
void kmalloc_init(void);

/* --- charge.c --- */
u32 charge_how(const char *cache);	/* CHARGE_* of a slab cache by its name */

/* --- fail.c --- */
bool alloc_should_fail_slow(void);
static inline bool alloc_should_fail(void)
{
	return unlikely(alloc_fail_at) && alloc_should_fail_slow();
}

/* --- mm.c --- */
extern paddr zero_phys;			/* of zero_frame */

/* --- pages.c: page table entries, with the counts they carry --- */
/* A page that is there but may not be touched (PROT_NONE). */
#define PTE_PROTNONE PTE_SOFT1

#define TABLE_SPAN (1UL << 21)		/* addresses one last-level table covers */

/* Where a walk through one last-level table ends. */
static inline uaddr table_end(uaddr va, uaddr end)
{
	uaddr next = ALIGN_DOWN(va, TABLE_SPAN) + TABLE_SPAN;

	return next < end ? next : end;
}

static inline bool pte_mapped(pte_t pte)
{
	return pte & (PTE_PRESENT | PTE_PROTNONE);
}

static inline bool pte_is_zero(pte_t pte)
{
	return (pte & PTE_ADDR) == zero_phys;
}

/* The counted frame behind an entry, or NULL (no entry, or the zero frame). */
static inline struct frame *pte_frame(pte_t pte)
{
	return pte_mapped(pte) && !pte_is_zero(pte) ? frame_of_phys(pte & PTE_ADDR) : NULL;
}

/* The entry's bits for a page of v, without PTE_WRITE. */
pte_t vma_pte_bits(u64 vm_flags);
/* Fills the empty entry with f, consuming the caller's reference. extra: PTE_WRITE, PTE_DIRTY. */
void page_map(struct vma *v, pte_t *pte, struct frame *f, u64 extra);
void page_map_zero(struct vma *v, pte_t *pte);
/* Empties all entries in [start, end); only: those of this cache's pages (NULL: all). */
void pages_unmap(struct mm *mm, uaddr start, uaddr end, const struct page_cache *only);
/* Takes f out of the entry; the caller flushes and puts. */
void page_unmap(struct mm *mm, pte_t *pte, struct frame *f);
int pages_copy(struct mm *to, struct mm *from, const struct vma *v);
void pages_protect(struct vma *v);
int pages_move(struct mm *mm, uaddr from, uaddr to, u64 length);
/* Anonymous pages of [start, end) lose what they hold at the next shortage: here, at once. */
void pages_discard_anon(struct mm *mm, uaddr start, uaddr end);
/* Makes the mappings of a cache page clean and read-only; true if one was written to. */
bool page_write_protect(struct page_cache *pc, u64 index);

/* --- vma.c --- */
#define STACK_GUARD_PAGES 256UL
#define VMA_COUNT_MAX 65530UL		/* vm.max_map_count */
#define VM_ACCESS (VM_READ | VM_WRITE | VM_EXEC)
#define VM_MAY_SHIFT 4			/* VM_READ << 4 is VM_MAYREAD, and so on */
/* Flags that do not keep neighbours from merging; the merged VMA has them all. */
#define VM_UNION (VM_ANONPAGES | VM_HEAP | VM_STACK)

void vma_init(void);
struct vma *vma_alloc(void);
void vma_release(struct vma *v);	/* unlinked: puts the file, frees */
struct vma *vma_copy(const struct vma *from);	/* in no tree; its file is held */
void vma_link(struct vma *v);		/* v->mm, start, end are set */
void vma_link_last(struct vma *v, const struct vma *prev);	/* above all others, prev next */
void vma_unlink(struct vma *v);
struct vma *vma_prev(struct vma *v);
struct vma *vma_last(struct mm *mm);
/* First VMA that has addresses in [start, end), or NULL. */
struct vma *vma_in(struct mm *mm, uaddr start, uaddr end);
void vma_account(struct mm *mm, u64 vm_flags, s64 pages);
int vma_split(struct vma *v, uaddr addr, struct vma **upper);
/* Splits so that *v covers nothing outside [start, end); if that fails it is as before. */
int vma_isolate(struct vma **v, uaddr start, uaddr end);
struct vma *vma_merge(struct vma *v);
struct vma *vma_absorb(struct mm *mm, const struct vma *t);
void vma_set_start(struct vma *v, uaddr start);	/* into or out of free space below */
void vma_set_end(struct vma *v, uaddr end);	/* into or out of free space above */
void vma_set_flags(struct vma *v, u64 vm_flags);
uaddr vma_guard_start(const struct vma *v);
/* Highest, or lowest, free range of this length in [low, high); 0 if none. */
uaddr vma_find_gap_down(struct mm *mm, u64 length, uaddr low, uaddr high);
uaddr vma_find_gap_up(struct mm *mm, u64 length, uaddr low, uaddr high);

static inline u64 vma_pages(const struct vma *v)
{
	return (v->end - v->start) >> PAGE_SHIFT;
}

static inline u64 vma_index(const struct vma *v, uaddr addr)
{
	return v->pgoff + ((addr - v->start) >> PAGE_SHIFT);
}

static inline bool vma_is_data(u64 vm_flags)
{
	return (vm_flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
}

/* A VMA taken out of its mm, on the list that collects such. */
static inline void vma_collect(struct vma *v, struct list *gone)
{
	list_add_tail(gone, &v->mapping);
}
void vma_release_all(struct list *gone);

/* --- mmap.c --- */
bool mm_may_expand(struct mm *mm, u64 vm_flags, u64 pages, u64 limit_as, u64 limit_data);
bool mm_may_commit(u64 pages);		/* overcommit by guess: no more than there is */
int mm_find_area(struct mm *mm, const struct map_request *req, u64 length, uaddr *out);
/* Fills in t, unlinked, as a mapping of [start, start + length). */
void vma_describe(struct vma *t, struct mm *mm, uaddr start, const struct map_request *req,
		  u64 flags, u64 length);
int vma_create(const struct vma *t, struct vma **out);
/* Takes [start, end) out, pages and VMAs; no VMA reaches over both ends. */
void mm_remove(struct mm *mm, uaddr start, uaddr end);
void mm_free_tables(struct mm *mm, uaddr start, uaddr end);

/* --- fault.c --- */
#define FAULT_RETRY 1			/* slept: look everything up again */
/* The one place where anonymous user pages come from. */
struct frame *anon_page_alloc(struct mm *mm, unsigned flags);
int vma_grow_down(struct vma *v, uaddr addr, u64 stack_limit);
/* Makes addr of v present, writable if write. 0, -errno, or FAULT_RETRY. */
int page_fault_in(struct vma *v, uaddr addr, bool write, pte_t **out);

