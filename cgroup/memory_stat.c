// SPDX-License-Identifier: MIT
/* cgroup/memory_stat.c - memory.stat: what a cgroup and all below hold, by kind.
 *
 * Each cgroup counts only its own; a reader adds up the subtree (MEMCG-26, 40). Keys and their
 * order are those of Linux 6.1; what this kernel does not have (swap, huge pages, vmalloc) is 0.
 * In the root, memory that nobody pays for is counted too.
 * Locks: BKL. Checkpoint: events are not kept. */

#include "cgroup/memory.h"

struct memory_sum {
	u64 lru[LRU_LISTS];
	u64 file, shmem, mapped, dirty;
	u64 stack, table, kernel;	/* pages; kernel: all of it */
	u64 bytes, reclaimable;
	u64 scanned, reclaimed, activated, deactivated, faults, major_faults;
};

static void sum_purses(struct memory_sum *s, const struct memory *m)
{
	const struct purse *p;

	list_for_each(p, &m->purses, link) {
		s->stack += p->stack_pages;
		s->table += p->table_pages;
		s->kernel += purse_pages(p);
		s->bytes += p->bytes;
		s->reclaimable += p->reclaimable_bytes;
	}
}

static void sum_add(struct memory_sum *s, const struct memory *m)
{
	for (unsigned k = 0; k < LRU_LISTS; k++)
		s->lru[k] += m->lru.pages[k];
	s->file += m->file;
	s->shmem += m->shmem;
	s->mapped += m->mapped;
	s->dirty += m->dirty;
	s->scanned += m->lru.scanned;
	s->reclaimed += m->lru.reclaimed;
	s->activated += m->lru.activated;
	s->deactivated += m->lru.deactivated;
	s->faults += m->faults;
	s->major_faults += m->major_faults;
	sum_purses(s, m);
}

/* The root's: all there is. What nobody pays for is on no list, and counts as inactive. */
static void sum_system(struct memory_sum *s)
{
	struct memory_totals t;

	memory_totals(&t);
	s->file = t.cache_pages;
	s->shmem = t.shmem_pages;
	s->mapped = t.mapped_pages;
	s->dirty = t.dirty_pages;
	s->table = t.table_pages;
	s->kernel = t.kernel_pages + t.table_pages + t.slab_pages;
	s->bytes = t.slab_pages * PAGE_SIZE;
	s->lru[LRU_INACTIVE_ANON] = t.anon_pages + t.shmem_pages - s->lru[LRU_ACTIVE_ANON];
	s->lru[LRU_INACTIVE_FILE] = t.cache_pages - t.shmem_pages - s->lru[LRU_ACTIVE_FILE];
}

static void memory_sum(struct memory *top, struct memory_sum *s)
{
	struct memory *m;

	memset(s, 0, sizeof(*s));
	for (m = memory_next(NULL, top); m; m = memory_next(m, top))
		sum_add(s, m);
	if (!memory_parent(top))
		sum_system(s);
}

/* A row: key and value. */
struct row {
	const char *key;
	u64 value;
};

static void print_rows(struct text *t, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_printf(t, "%s %lu\n", rows[i].key, rows[i].value);
}

static void print_sizes(struct text *t, const struct memory_sum *s)
{
	u64 anon = s->lru[LRU_INACTIVE_ANON] + s->lru[LRU_ACTIVE_ANON] - s->shmem;
	const struct row rows[] = {
		{ "anon", anon * PAGE_SIZE },
		{ "file", s->file * PAGE_SIZE },
		{ "kernel", s->kernel * PAGE_SIZE },
		{ "kernel_stack", s->stack * PAGE_SIZE },
		{ "pagetables", s->table * PAGE_SIZE },
		{ "sec_pagetables", 0 },
		{ "percpu", 0 },
		{ "sock", 0 },
		{ "vmalloc", 0 },
		{ "shmem", s->shmem * PAGE_SIZE },
		{ "file_mapped", s->mapped * PAGE_SIZE },
		{ "file_dirty", s->dirty * PAGE_SIZE },
		{ "file_writeback", 0 },
		{ "swapcached", 0 },
		{ "inactive_anon", s->lru[LRU_INACTIVE_ANON] * PAGE_SIZE },
		{ "active_anon", s->lru[LRU_ACTIVE_ANON] * PAGE_SIZE },
		{ "inactive_file", s->lru[LRU_INACTIVE_FILE] * PAGE_SIZE },
		{ "active_file", s->lru[LRU_ACTIVE_FILE] * PAGE_SIZE },
		{ "unevictable", 0 },
		{ "slab_reclaimable", s->reclaimable },
		{ "slab_unreclaimable", s->bytes - s->reclaimable },
		{ "slab", s->bytes },
	};

	print_rows(t, rows, ARRAY_SIZE(rows));
}

static void print_events(struct text *t, const struct memory_sum *s)
{
	const struct row rows[] = {
		{ "workingset_refault_anon", 0 },
		{ "workingset_refault_file", 0 },
		{ "workingset_activate_anon", 0 },
		{ "workingset_activate_file", 0 },
		{ "workingset_restore_anon", 0 },
		{ "workingset_restore_file", 0 },
		{ "workingset_nodereclaim", 0 },
		{ "pgscan", s->scanned },
		{ "pgsteal", s->reclaimed },
		{ "pgscan_kswapd", 0 },
		{ "pgscan_direct", s->scanned },
		{ "pgsteal_kswapd", 0 },
		{ "pgsteal_direct", s->reclaimed },
		{ "pgfault", s->faults },
		{ "pgmajfault", s->major_faults },
		{ "pgrefill", s->deactivated },
		{ "pgactivate", s->activated },
		{ "pgdeactivate", s->deactivated },
		{ "pglazyfree", 0 },
		{ "pglazyfreed", 0 },
	};

	print_rows(t, rows, ARRAY_SIZE(rows));
}

int memory_stat_show(struct text *t, struct cgroup_open *o)
{
	struct memory_sum s;

	memory_sum(css_to_memory(o->css), &s);
	print_sizes(t, &s);
	print_events(t, &s);
	return t->error;
}
