// SPDX-License-Identifier: MIT
/* cgroup/memory_stat.c - memory.stat, memory.numa_stat: what a cgroup and all below hold, by kind.
 *
 * Each cgroup counts only its own; a reader adds up the subtree (MEMCG-26, 40). Keys and their
 * order are those of Linux 6.1; what this kernel does not have (swap, huge pages, vmalloc) is 0.
 * In the root, memory that nobody pays for is counted too. By node nothing is kept: where there
 * are several, who reads has every frame looked at.
 * Locks: BKL. Checkpoint: events are not kept. */

#include "cgroup/memory.h"
#include "arch/cpu.h"
#include "mm/pagecache.h"

struct memory_sum {
	u64 none;			/* what there is not */
	u64 lru[LRU_LISTS];
	u64 anon, file, shmem, mapped, dirty;
	u64 stack, table, kernel;	/* pages; kernel: all of it */
	u64 bytes, reclaimable, unreclaimable;
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

/* MEMCG-40. */
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
static void sum_system(struct memory_sum *s, const struct memory_totals *total)
{
	struct memory_totals t = *total;

	s->file = t.cache_pages;
	s->shmem = t.shmem_pages;
	s->mapped = t.mapped_pages;
	s->dirty = t.dirty_pages;
	s->table = t.table_pages;
	s->kernel = t.kernel_pages + t.table_pages + t.slab_pages;
	s->bytes = t.slab_pages * PAGE_SIZE;
	s->lru[LRU_INACTIVE_ANON] = t.anon_pages + t.shmem_pages - s->lru[LRU_ACTIVE_ANON];
	s->lru[LRU_INACTIVE_FILE] = t.cache_pages - t.shmem_pages - s->lru[LRU_ACTIVE_FILE] -
				    s->lru[LRU_UNEVICTABLE];
}

/* What follows from the rest. */
static void sum_end(struct memory_sum *s)
{
	s->anon = s->lru[LRU_INACTIVE_ANON] + s->lru[LRU_ACTIVE_ANON] - s->shmem;
	s->unreclaimable = s->bytes - s->reclaimable;
}

static void memory_sum(struct memory *top, struct memory_sum *s)
{
	struct memory_totals total;
	struct memory *m;

	memset(s, 0, sizeof(*s));
	for (m = memory_next(NULL, top); m; m = memory_next(m, top))
		sum_add(s, m);
	if (!memory_parent(top)) {
		memory_totals(&total);
		sum_system(s, &total);
	}
	sum_end(s);
}

/* --- by node --- */

static struct memory *node_top;		/* of the walk under way */
static struct memory_sum node_sums[MAX_NODES];

static void node_user_page(struct memory_sum *s, const struct frame *f)
{
	s->lru[lru_of(f)]++;
	if (f->kind != FRAME_CACHE)
		return;
	s->file++;
	s->mapped += f->mapcount != 0;
	if (page_cache_is_shmem(f->cache))
		s->shmem++;
	else
		s->dirty += !page_cache_is_memory(f->cache) && f->flags & FRAME_DIRTY;
}

static void node_frame(struct frame *f)
{
	struct memory_sum *s = &node_sums[f->node];

	if (!memory_is_below(frame_memory(f), node_top))
		return;
	if (frame_is_user(f))
		node_user_page(s, f);
	else if (f->kind == FRAME_TABLE)
		s->table += BIT(f->order);
	else if (f->flags & FRAME_STACK)
		s->stack += BIT(f->order);
}

static void node_object(struct payer *owner, const struct frame *slab, size_t bytes, u32 how)
{
	struct memory_sum *s = &node_sums[slab->node];

	if (!memory_is_below(payer_to_purse(owner)->memory, node_top))
		return;
	s->bytes += bytes;
	if (how & CHARGE_RECLAIMABLE)
		s->reclaimable += bytes;
}

static void nodes_sum(struct memory *top)
{
	struct memory_totals total;

	if (node_count == 1) {
		memory_sum(top, node_sums);
		return;
	}
	memset(node_sums, 0, sizeof(node_sums));
	node_top = top;
	charged_frames(node_frame);
	charged_objects(node_object);
	for (unsigned n = 0; n < node_count; n++) {
		memory_node_totals(n, &total);
		if (!memory_parent(top))
			sum_system(&node_sums[n], &total);
		sum_end(&node_sums[n]);
	}
}

/* --- the keys, in their order --- */

enum { STAT_BY_NODE = BIT(0), STAT_PAGES = BIT(1) };	/* in numa_stat too; shown in bytes */
#define PAGES (STAT_BY_NODE | STAT_PAGES)

static const struct stat_row {
	const char *key;
	u32 at, flags;
} stat_rows[] = {
#define ROW(key, field, flags) { key, offsetof(struct memory_sum, field), flags }
	ROW("anon", anon, PAGES),
	ROW("file", file, PAGES),
	ROW("kernel", kernel, STAT_PAGES),
	ROW("kernel_stack", stack, PAGES),
	ROW("pagetables", table, PAGES),
	ROW("sec_pagetables", none, PAGES),
	ROW("percpu", none, 0),
	ROW("sock", none, 0),
	ROW("vmalloc", none, 0),
	ROW("shmem", shmem, PAGES),
	ROW("file_mapped", mapped, PAGES),
	ROW("file_dirty", dirty, PAGES),
	ROW("file_writeback", none, PAGES),
	ROW("swapcached", none, PAGES),
	ROW("anon_thp", none, PAGES),
	ROW("file_thp", none, PAGES),
	ROW("shmem_thp", none, PAGES),
	ROW("inactive_anon", lru[LRU_INACTIVE_ANON], PAGES),
	ROW("active_anon", lru[LRU_ACTIVE_ANON], PAGES),
	ROW("inactive_file", lru[LRU_INACTIVE_FILE], PAGES),
	ROW("active_file", lru[LRU_ACTIVE_FILE], PAGES),
	ROW("unevictable", lru[LRU_UNEVICTABLE], PAGES),
	ROW("slab_reclaimable", reclaimable, STAT_BY_NODE),
	ROW("slab_unreclaimable", unreclaimable, STAT_BY_NODE),
	ROW("slab", bytes, 0),
	ROW("workingset_refault_anon", none, STAT_BY_NODE),
	ROW("workingset_refault_file", none, STAT_BY_NODE),
	ROW("workingset_activate_anon", none, STAT_BY_NODE),
	ROW("workingset_activate_file", none, STAT_BY_NODE),
	ROW("workingset_restore_anon", none, STAT_BY_NODE),
	ROW("workingset_restore_file", none, STAT_BY_NODE),
	ROW("workingset_nodereclaim", none, STAT_BY_NODE),
	ROW("pgscan", scanned, 0),
	ROW("pgsteal", reclaimed, 0),
	ROW("pgscan_kswapd", none, 0),
	ROW("pgscan_direct", scanned, 0),
	ROW("pgsteal_kswapd", none, 0),
	ROW("pgsteal_direct", reclaimed, 0),
	ROW("pgfault", faults, 0),
	ROW("pgmajfault", major_faults, 0),
	ROW("pgrefill", deactivated, 0),
	ROW("pgactivate", activated, 0),
	ROW("pgdeactivate", deactivated, 0),
	ROW("pglazyfree", none, 0),
	ROW("pglazyfreed", none, 0),
	ROW("thp_fault_alloc", none, 0),
	ROW("thp_collapse_alloc", none, 0),
#undef ROW
};

static u64 row_value(const struct stat_row *r, const struct memory_sum *s)
{
	u64 value = *(const u64 *)((const char *)s + r->at);

	return r->flags & STAT_PAGES ? value * PAGE_SIZE : value;
}

int memory_stat_show(struct text *t, struct cgroup_open *o)
{
	struct memory_sum s;

	memory_sum(css_to_memory(o->css), &s);
	for (size_t i = 0; i < ARRAY_SIZE(stat_rows); i++)
		text_printf(t, "%s %lu\n", stat_rows[i].key, row_value(&stat_rows[i], &s));
	return t->error;
}

int memory_numa_stat_show(struct text *t, struct cgroup_open *o)
{
	nodes_sum(css_to_memory(o->css));
	for (size_t i = 0; i < ARRAY_SIZE(stat_rows); i++) {
		if (!(stat_rows[i].flags & STAT_BY_NODE))
			continue;
		text_puts(t, stat_rows[i].key);
		for (unsigned n = 0; n < node_count; n++)
			text_printf(t, " N%u=%lu", n, row_value(&stat_rows[i], &node_sums[n]));
		text_putc(t, '\n');
	}
	return t->error;
}
