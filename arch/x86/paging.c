// SPDX-License-Identifier: MIT
/* arch/x86/paging.c - page tables of user address spaces: make, walk, trim, destroy.
 *
 * Four levels; the root's upper half is the kernel's, copied at creation. A table is
 * reached through the direct map. Tables come and go by hooks that mm fills in, since it
 * is mm that knows who pays for them.
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
#define ENTRIES_AT_ONCE 8
#define USER_ROOTS  (TABLE_ENTRIES / 2)
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
	memcpy(root + USER_ROOTS, kernel_pml4 + USER_ROOTS, USER_ROOTS * sizeof(pte_t));
	return 0;
}

/* Frees the tables below one whose entries cover 1 << shift bytes each. */
/* Eight entries at once: most of a sparse table is zero. */
static bool entries_empty(const pte_t *e)
{
	return !(e[0] | e[1] | e[2] | e[3] | e[4] | e[5] | e[6] | e[7]);
}

static void tables_free_below(struct pagetable *pt, pte_t *table, unsigned shift, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (i % ENTRIES_AT_ONCE == 0 && entries_empty(table + i)) {
			i += ENTRIES_AT_ONCE - 1;
			continue;
		}
		if (!(table[i] & PTE_PRESENT))
			continue;
		if (shift > PAGE_SHIFT + LEVEL_BITS)
			tables_free_below(pt, table_at(table[i]), shift - LEVEL_BITS,
					  TABLE_ENTRIES);
		table_free(pt, table[i] & PTE_ADDR);
	}
}

void pagetable_destroy(struct pagetable *pt)
{
	tlb_unload(pt);
	tables_free_below(pt, phys_to_virt(pt->root), ROOT_SHIFT, USER_ROOTS);
	table_free(pt, pt->root);
	pt->root = 0;
	assert(pt->nr_tables == 0);
}

pte_t *pte_lookup(struct pagetable *pt, uaddr va)
{
	pte_t *table = phys_to_virt(pt->root);

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
	pte_t *table = phys_to_virt(pt->root);

	for (unsigned shift = ROOT_SHIFT; shift > PAGE_SHIFT; shift -= LEVEL_BITS) {
		pte_t *entry = &table[table_index(va, shift)];

		if (!(*entry & PTE_PRESENT)) {
			paddr below = table_alloc(pt);

			if (!below)
				return -ENOMEM;
			*entry = below | TABLE_FLAGS;
		}
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

static bool table_empty(const pte_t *table)
{
	for (unsigned i = 0; i < TABLE_ENTRIES; i += ENTRIES_AT_ONCE)
		if (!entries_empty(table + i))
			return false;
	return true;
}

struct trim {
	uaddr start, end;	/* what was unmapped */
	uaddr floor, ceiling;	/* nothing is mapped between these */
	paddr unlinked;		/* chain of tables, through their first word */
};

/* Unlinks tables below "table", which covers addresses from base on. A last-level table that lies
 * between floor and ceiling is empty; an upper one may still have tables outside [start, end). */
static void trim_below(struct trim *t, pte_t *table, unsigned shift, uaddr base)
{
	unsigned first = t->start > base ? (t->start - base) >> shift : 0;
	bool last_level = shift == PAGE_SHIFT + LEVEL_BITS;

	for (unsigned i = first; i < TABLE_ENTRIES; i++) {
		uaddr low = base + ((u64)i << shift), high = low + (1UL << shift);
		pte_t *below;

		if (low >= t->end)
			break;
		if (!(table[i] & PTE_PRESENT))
			continue;
		below = table_at(table[i]);
		if (!last_level)
			trim_below(t, below, shift - LEVEL_BITS, low);
		if (low < t->floor || high > t->ceiling || !(last_level || table_empty(below)))
			continue;
		below[0] = t->unlinked;		/* page aligned, so not present */
		t->unlinked = table[i] & PTE_ADDR;
		table[i] = 0;
	}
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
