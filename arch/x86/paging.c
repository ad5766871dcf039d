// SPDX-License-Identifier: MIT
/* arch/x86/paging.c - page tables of user address spaces: make, walk, trim, destroy.
 *
 * Four levels; the root's upper half is the kernel's, copied at creation. A table is
 * reached through the direct map. Tables come and go by hooks that mm fills in, since it
 * is mm that knows who pays for them.
 * An entry that points to a table of tables counts these in bits that the processor ignores, so
 * that an empty one is known without a look through it.
 * A table is freed in three steps: unlinked, flushed from all processors (they cache
 * upper levels too), given back.
 * Locks: BKL. Checkpoint: none; mm rebuilds page tables.
 * See Intel SDM volume 3, 4.5, 4.10. */
#include "arch/paging.h"

#include "abi/errno.h"
#include "arch/x86/internal.h"
#include "lib/assert.h"

#define ROOT_SHIFT  39
#define LEVEL_BITS  9
#define COUNT_SHIFT 52		/* tables below a table, in the entry that points to it */
#define COUNT_ONE   (1UL << COUNT_SHIFT)
#define TABLE_FLAGS (PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED)

static const struct paging_hooks *hooks;

void paging_set_hooks(const struct paging_hooks *h)
{
	hooks = h;
}

static inline pte_t *table_at(pte_t entry)
{
	return phys_to_virt(entry & PTE_ADDR);
}

static inline unsigned table_index(uaddr va, unsigned shift)
{
	return (va >> shift) & (TABLE_ENTRIES - 1);
}

static paddr table_alloc(struct pagetable *pt)
{
	paddr table = hooks->alloc_table(pt);

	if (table)
		pt->nr_tables++;
	return table;
}

static void table_free(struct pagetable *pt, paddr table)
{
	pt->nr_tables--;
	hooks->free_table(pt, table);
}

int pagetable_create(struct pagetable *pt)
{
	pte_t *root;

	pt->nr_tables = 0;
	pt->cpu_mask = 0;
	pt->root = table_alloc(pt);
	if (!pt->root)
		return -ENOMEM;
	root = phys_to_virt(pt->root);
	for (unsigned i = 0; i < kernel_root_count; i++)
		root[kernel_roots[i]] = kernel_pml4[kernel_roots[i]];
	return 0;
}

void pagetable_destroy(struct pagetable *pt)
{
	tlb_unload(pt);
	if (pt->nr_tables > 1)
		pagetable_trim(pt, 0, USER_END, 0, ~0UL);
	table_free(pt, pt->root);
	pt->root = 0;
	assert(pt->nr_tables == 0);
}

pte_t *pte_lookup(struct pagetable *pt, uaddr va)
{
	pte_t *table = phys_to_virt(pt->root);

#pragma GCC unroll 3
	for (unsigned shift = ROOT_SHIFT; shift > PAGE_SHIFT; shift -= LEVEL_BITS) {
		pte_t entry = table[table_index(va, shift)];

		if (!(entry & PTE_PRESENT))
			return NULL;
		table = table_at(entry);
	}
	return &table[pt_index(va)];
}

int pte_make(struct pagetable *pt, uaddr va, pte_t **out)
{
	pte_t *table = phys_to_virt(pt->root), *above = NULL;

#pragma GCC unroll 3
	for (unsigned shift = ROOT_SHIFT; shift > PAGE_SHIFT; shift -= LEVEL_BITS) {
		pte_t *entry = &table[table_index(va, shift)];

		if (unlikely(!(*entry & PTE_PRESENT))) {
			paddr below = table_alloc(pt);

			if (!below)
				return -ENOMEM;
			*entry = below | TABLE_FLAGS;
			if (above)
				*above += COUNT_ONE;
		}
		above = entry;
		table = table_at(*entry);
	}
	*out = &table[pt_index(va)];
	return 0;
}

pte_t *pte_next(struct pagetable *pt, uaddr *va, uaddr end)
{
	uaddr a = *va;

	while (a < end) {
		pte_t *table = phys_to_virt(pt->root);
		unsigned shift = ROOT_SHIFT;

		for (; shift > PAGE_SHIFT; shift -= LEVEL_BITS) {
			pte_t entry = table[table_index(a, shift)];

			if (!(entry & PTE_PRESENT))
				break;
			table = table_at(entry);
		}
		if (shift == PAGE_SHIFT) {
			*va = a;
			return &table[pt_index(a)];
		}
		a = ALIGN_DOWN(a, 1UL << shift) + (1UL << shift);
	}
	*va = end;
	return NULL;
}

struct trim {
	uaddr start, end;	/* what was unmapped */
	uaddr floor, ceiling;	/* nothing is mapped between these */
	paddr unlinked;		/* chain of tables, through their first word */
};

/* Unlinks tables below "table", which covers addresses from base on; returns how many. A last-level
 * table between floor and ceiling is empty; an upper one may have tables outside [start, end). */
static unsigned trim_below(struct trim *t, pte_t *table, unsigned shift, uaddr base)
{
	unsigned first = t->start > base ? (t->start - base) >> shift : 0, unlinked = 0;
	uaddr low = base + ((u64)first << shift), high;

	for (pte_t *entry = table + first; entry < table + TABLE_ENTRIES && low < t->end;
	     entry++, low = high) {
		high = low + (1UL << shift);
		if (!(*entry & PTE_PRESENT))
			continue;
		if (shift > PAGE_SHIFT + LEVEL_BITS)
			*entry -= COUNT_ONE *
				  trim_below(t, table_at(*entry), shift - LEVEL_BITS, low);
		if (low < t->floor || high > t->ceiling || *entry >> COUNT_SHIFT)
			continue;
		table_at(*entry)[0] = t->unlinked;	/* page aligned, so not present */
		t->unlinked = *entry & PTE_ADDR;
		*entry = 0;
		unlinked++;
	}
	return unlinked;
}

void pagetable_trim(struct pagetable *pt, uaddr start, uaddr end, uaddr floor, uaddr ceiling)
{
	struct trim t = { .start = start, .end = end, .floor = floor, .ceiling = ceiling };

	trim_below(&t, phys_to_virt(pt->root), ROOT_SHIFT, 0);
	if (!t.unlinked)
		return;
	tlb_flush_all(pt);
	while (t.unlinked) {
		paddr table = t.unlinked;
		pte_t *first = phys_to_virt(table);

		t.unlinked = *first;
		*first = 0;
		table_free(pt, table);
	}
}
