// SPDX-License-Identifier: MIT
/* fs/proc_meminfo.c - memory as a whole: /proc/meminfo, vmstat, slabinfo.
 *
 * The lines are Linux's, in its order; what the model does not keep apart (active lists, huge
 * pages, swap) is 0. Shared memory counts as cached, as there. See proc(5), free(1). */

#include "fs/proc_fs.h"
#include "mm/frame.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define PAGE_KB (PAGE_SIZE / 1024)
#define VMALLOC_TOTAL_KB 34359738367UL
#define SLAB_PAGES 1
#define LABEL_WIDTH 15

/* Everything a line may show, in pages. */
struct memory_lines {
	struct memory_totals m;
	u64 available, cached, committed, stacks;
};

static void memory_collect(struct memory_lines *l)
{
	struct mm *mm;

	memset(l, 0, sizeof(*l));
	memory_totals(&l->m);
	l->available = l->m.free_pages + l->m.cache_pages - MIN(l->m.shmem_pages, l->m.cache_pages);
	l->cached = l->m.cache_pages;
	l->stacks = task_count << KERNEL_STACK_ORDER;
	list_for_each(mm, &mm_all, all)
		l->committed += mm->data_pages + mm->stack_pages;
	l->committed += l->m.shmem_pages;
}

struct memory_row {
	const char *name;
	size_t offset;		/* of a u64 in struct memory_lines; NOTHING: 0 */
};
#define NOTHING ((size_t)-1)
#define M(field) offsetof(struct memory_lines, m.field)
#define L(field) offsetof(struct memory_lines, field)

static const struct memory_row meminfo_rows[] = {
	{ "MemTotal", M(total_pages) },	 { "MemFree", M(free_pages) },
	{ "MemAvailable", L(available) },	 { "Buffers", NOTHING },
	{ "Cached", L(cached) },		 { "SwapCached", NOTHING },
	{ "Active", M(anon_pages) },	 { "Inactive", M(cache_pages) },
	{ "Active(anon)", M(anon_pages) }, { "Inactive(anon)", M(shmem_pages) },
	{ "Active(file)", NOTHING },	 { "Inactive(file)", NOTHING },
	{ "Unevictable", NOTHING },	 { "Mlocked", NOTHING },
	{ "SwapTotal", NOTHING },		 { "SwapFree", NOTHING },
	{ "Dirty", M(dirty_pages) },	 { "Writeback", NOTHING },
	{ "AnonPages", M(anon_pages) },	 { "Mapped", M(mapped_pages) },
	{ "Shmem", M(shmem_pages) },	 { "KReclaimable", NOTHING },
	{ "Slab", M(slab_pages) },	 { "SReclaimable", NOTHING },
	{ "SUnreclaim", M(slab_pages) },	 { "KernelStack", L(stacks) },
	{ "PageTables", M(table_pages) },	 { "SecPageTables", NOTHING },
	{ "NFS_Unstable", NOTHING },	 { "Bounce", NOTHING },
	{ "WritebackTmp", NOTHING },	 { "CommitLimit", M(total_pages) },
	{ "Committed_AS", L(committed) },
};

static const struct memory_row vmstat_rows[] = {
	{ "nr_free_pages", M(free_pages) },
	{ "nr_zone_inactive_anon", NOTHING },
	{ "nr_zone_active_anon", M(anon_pages) },
	{ "nr_zone_inactive_file", NOTHING },
	{ "nr_zone_active_file", M(cache_pages) },
	{ "nr_zone_unevictable", NOTHING },
	{ "nr_zone_write_pending", NOTHING },
	{ "nr_mlock", NOTHING },
	{ "nr_anon_pages", M(anon_pages) },
	{ "nr_mapped", M(mapped_pages) },
	{ "nr_file_pages", M(cache_pages) },
	{ "nr_dirty", M(dirty_pages) },
	{ "nr_writeback", NOTHING },
	{ "nr_shmem", M(shmem_pages) },
	{ "nr_slab_reclaimable", NOTHING },
	{ "nr_slab_unreclaimable", M(slab_pages) },
	{ "nr_kernel_stack", L(stacks) },
	{ "nr_page_table_pages", M(table_pages) },
	{ "pgpgin", NOTHING },
	{ "pgpgout", NOTHING },
	{ "pswpin", NOTHING },
	{ "pswpout", NOTHING },
	{ "oom_kill", NOTHING },
};

static u64 memory_value(const struct memory_lines *l, const struct memory_row *r)
{
	return r->offset == NOTHING ? 0 : *(const u64 *)((const char *)l + r->offset);
}

static void meminfo_line(struct text *t, const char *name, u64 kb)
{
	text_printf(t, "%s:%*s%8lu kB\n", name, LABEL_WIDTH - (int)strlen(name), "", kb);
}

int proc_meminfo_show(struct text *t, struct proc_open *po)
{
	struct memory_lines l;

	(void)po;
	memory_collect(&l);
	for (unsigned i = 0; i < ARRAY_SIZE(meminfo_rows); i++)
		meminfo_line(t, meminfo_rows[i].name, memory_value(&l, &meminfo_rows[i]) * PAGE_KB);
	meminfo_line(t, "VmallocTotal", VMALLOC_TOTAL_KB);
	meminfo_line(t, "VmallocUsed", 0);
	meminfo_line(t, "VmallocChunk", 0);
	text_puts(t,
		  "HugePages_Total:       0\nHugePages_Free:        0\nHugePages_Rsvd:        0\n"
		  "HugePages_Surp:        0\n");
	return t->error;
}

int proc_vmstat_show(struct text *t, struct proc_open *po)
{
	struct memory_lines l;

	(void)po;
	memory_collect(&l);
	for (unsigned i = 0; i < ARRAY_SIZE(vmstat_rows); i++)
		text_printf(t, "%s %lu\n", vmstat_rows[i].name, memory_value(&l, &vmstat_rows[i]));
	return t->error;
}

/* Objects are shown as if each slab were full: caches do not say how many more would fit. */
int proc_slabinfo_show(struct text *t, struct proc_open *po)
{
	struct slab_cache *c = NULL;

	(void)po;
	text_puts(t,
		  "slabinfo - version: 2.1\n"
		  "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
		  " : tunables <limit> <batchcount> <sharedfactor>"
		  " : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	while ((c = slab_cache_next(c))) {
		u64 used = slab_in_use(c), size = slab_object_size(c);
		u64 per_slab = MAX(PAGE_SIZE / MAX(size, 1UL), 1UL);
		u64 slabs = (used + per_slab - 1) / per_slab;

		text_printf(t, "%-17s %6lu %6lu %6lu %4lu %4d", slab_cache_name(c), used, used,
			    size, per_slab, SLAB_PAGES);
		text_printf(t, " : tunables    0    0    0 : slabdata %6lu %6lu      0\n", slabs,
			    slabs);
	}
	return t->error;
}
