// SPDX-License-Identifier: MIT
/* arch/paging.h - page tables of user address spaces, and the maps of the kernel.
 *
 * The kernel half is shared by all (its top-level entries are made at boot and
 * never change). The user half is 4-level, 4-KiB pages. Table frames come from
 * hooks that mm fills in. A change that takes rights away must be followed by
 * tlb_flush_range() before the frame is freed.
 * Locks: BKL. */
#pragma once

#include "types.h"

#define KERNEL_BASE   0xffffffff80000000UL
#define DIRECT_MAP    0xffff888000000000UL
#define USER_END      0x00007ffffffff000UL	/* TASK_SIZE: first address not for users */
#define USER_START    0x10000UL			/* mmap_min_addr */

typedef u64 pte_t;

#define PTE_PRESENT  BIT(0)
#define PTE_WRITE    BIT(1)
#define PTE_USER     BIT(2)
#define PTE_ACCESSED BIT(5)
#define PTE_DIRTY    BIT(6)
#define PTE_SOFT1    BIT(9)	/* for mm's own use */
#define PTE_SOFT2    BIT(10)
#define PTE_NX       BIT(63)
#define PTE_ADDR     0x000ffffffffff000UL
/* A pte that is non-zero but not present is mm's own (swap entries, markers). */

struct pagetable {
	paddr root;
	u32 cpu_mask;		/* processors that may hold its translations */
	u64 nr_tables;		/* table frames, the root included */
	void *owner;		/* the mm, for the hooks */
};

struct paging_hooks {
	/* A zeroed frame for a table (charged to pt's owner); 0 if out of memory. */
	paddr (*alloc_table)(struct pagetable *pt);
	void (*free_table)(struct pagetable *pt, paddr table);
};

static inline void *phys_to_virt(paddr p)
{
	return (void *)(p + DIRECT_MAP);
}

static inline paddr virt_to_phys(const void *v)
{
	u64 a = (u64)v;

	return a >= KERNEL_BASE ? a - KERNEL_BASE : a - DIRECT_MAP;
}

void paging_set_hooks(const struct paging_hooks *hooks);
/* Maps all of [0, end) into the direct map, with the largest pages there are. Boot only;
 * alloc gives zeroed page-sized physical frames below 4 GiB that are already mapped. */
void paging_map_direct(paddr end, paddr (*alloc)(void));
/* Maps device memory uncached; returns its kernel address (never unmapped). */
void *paging_map_device(paddr start, size_t len);
int pagetable_create(struct pagetable *pt);
/* Frees all table frames; the user half must have no present entries left. */
void pagetable_destroy(struct pagetable *pt);
/* The entry for va, or NULL if no table is there. */
pte_t *pte_lookup(struct pagetable *pt, uaddr va);
/* The entry for va, making tables on the way. Returns 0 or -ENOMEM. */
int pte_make(struct pagetable *pt, uaddr va, pte_t **out);
/* Next va' >= va (and < end) whose last-level table exists: skips holes quickly.
 * Returns the entry and sets *va; NULL at the end. The entries of one table are contiguous,
 * so the caller may step through them up to the next 2-MiB boundary. */
pte_t *pte_next(struct pagetable *pt, uaddr *va, uaddr end);
/* [start, end) was unmapped and nothing is mapped in [floor, ceiling) around it: frees the
 * tables of the former that serve nobody any more. */
void pagetable_trim(struct pagetable *pt, uaddr start, uaddr end, uaddr floor, uaddr ceiling);
void pagetable_load(struct pagetable *pt);	/* this CPU; NULL: the kernel's own */
/* Drops translations on all processors that may hold them; returns when done. */
void tlb_flush_range(struct pagetable *pt, uaddr start, uaddr end);
void tlb_flush_all(struct pagetable *pt);
/* Called in spin loops with interrupts off: serves a pending shoot-down. */
void tlb_poll(void);
