// SPDX-License-Identifier: MIT
/* fs/proc_smaps.c - /proc/PID/smaps and smaps_rollup: what each mapping holds in memory.
 *
 * A page mapped more than once counts in Pss by its share. The lines and their order are those of
 * proc(5); what the model does not have (huge pages, swap) is 0. */

#include "fs/proc_fs.h"
#include "mm/frame.h"
#include "mm/mm.h"

#define PSS_SHIFT 12
#define KB_SHIFT 10

/* Sums over one mapping or all: vma_usage and the shares by sort. */
struct smaps {
	struct vma_usage u;
	u64 pss_dirty, pss_anon, pss_file, pss_shmem, locked;	/* shifted as pss */
	uaddr start, end;
};

static const struct {
	const char name[4];
	u64 flag;
} flag_names[] = {
	{ "rd", VM_READ }, { "wr", VM_WRITE }, { "ex", VM_EXEC }, { "sh", VM_SHARED },
	{ "mr", VM_MAYREAD }, { "mw", VM_MAYWRITE }, { "me", VM_MAYEXEC }, { "ms", VM_SHARED },
	{ "gd", VM_GROWSDOWN }, { "lo", VM_LOCKED }, { "dc", VM_DONTCOPY }, { "de", VM_SPECIAL },
	{ "nr", VM_NORESERVE }, { "wf", VM_WIPEONFORK }, { "dd", VM_DONTDUMP },
	{ "hg", VM_HUGEPAGE }, { "nh", VM_NOHUGEPAGE }, { "mg", VM_MERGEABLE },
};

static void smaps_page(void *ctx, const struct page_view *page)
{
	const struct frame *f = page->frame;
	struct smaps *sum = ctx;
	u64 share;

	if (!f)
		return;
	share = (PAGE_SIZE << PSS_SHIFT) / f->mapcount;
	if (page->dirty || f->flags & FRAME_DIRTY)
		sum->pss_dirty += share;
	if (f->kind != FRAME_CACHE)
		sum->pss_anon += share;
	else if (page_cache_is_shmem(f->cache))
		sum->pss_shmem += share;
	else
		sum->pss_file += share;
}

static void smaps_add(struct smaps *sum, struct vma *v)
{
	struct vma_usage u;

	vma_usage(v, &u);
	sum->u.rss += u.rss;
	sum->u.pss += u.pss;
	sum->u.shared_clean += u.shared_clean;
	sum->u.shared_dirty += u.shared_dirty;
	sum->u.private_clean += u.private_clean;
	sum->u.private_dirty += u.private_dirty;
	sum->u.referenced += u.referenced;
	sum->u.anonymous += u.anonymous;
	sum->u.swap += u.swap;
	if (v->flags & VM_LOCKED)
		sum->locked += u.pss;
	vma_walk_pages(v, v->start, v->end, smaps_page, sum);
}

static void smaps_kb(struct text *t, const char *label, u64 bytes)
{
	text_printf(t, "%-15s%9lu kB\n", label, bytes >> KB_SHIFT);
}

static void smaps_shares(struct text *t, const struct smaps *s)
{
	smaps_kb(t, "Pss_Anon:", s->pss_anon >> PSS_SHIFT);
	smaps_kb(t, "Pss_File:", s->pss_file >> PSS_SHIFT);
	smaps_kb(t, "Pss_Shmem:", s->pss_shmem >> PSS_SHIFT);
}

static void smaps_amounts(struct text *t, const struct smaps *s, bool rollup)
{
	smaps_kb(t, "Rss:", s->u.rss);
	smaps_kb(t, "Pss:", s->u.pss >> PSS_SHIFT);
	smaps_kb(t, "Pss_Dirty:", s->pss_dirty >> PSS_SHIFT);
	if (rollup)
		smaps_shares(t, s);
	smaps_kb(t, "Shared_Clean:", s->u.shared_clean);
	smaps_kb(t, "Shared_Dirty:", s->u.shared_dirty);
	smaps_kb(t, "Private_Clean:", s->u.private_clean);
	smaps_kb(t, "Private_Dirty:", s->u.private_dirty);
	smaps_kb(t, "Referenced:", s->u.referenced);
	smaps_kb(t, "Anonymous:", s->u.anonymous);
	smaps_kb(t, "LazyFree:", 0);
	smaps_kb(t, "AnonHugePages:", 0);
	smaps_kb(t, "ShmemPmdMapped:", 0);
	smaps_kb(t, "FilePmdMapped:", 0);
	smaps_kb(t, "Shared_Hugetlb:", 0);
	text_puts(t, "Private_Hugetlb:       0 kB\n");
	smaps_kb(t, "Swap:", s->u.swap);
	smaps_kb(t, "SwapPss:", 0);
	smaps_kb(t, "Locked:", s->locked >> PSS_SHIFT);
}

static void smaps_flags(struct text *t, const struct vma *v)
{
	text_puts(t, "VmFlags: ");
	for (unsigned i = 0; i < ARRAY_SIZE(flag_names); i++)
		if (v->flags & flag_names[i].flag)
			text_printf(t, "%s ", flag_names[i].name);
	text_putc(t, '\n');
}

static void smaps_each(struct text *t, struct vma *v, char *buf, void *arg)
{
	struct smaps sum = {};

	(void)arg;
	smaps_add(&sum, v);
	proc_maps_line(t, v, buf);
	smaps_kb(t, "Size:", v->end - v->start);
	smaps_kb(t, "KernelPageSize:", PAGE_SIZE);
	smaps_kb(t, "MMUPageSize:", PAGE_SIZE);
	smaps_amounts(t, &sum, false);
	text_puts(t, "THPeligible:    0\n");
	smaps_flags(t, v);
}

int proc_smaps_show(struct text *t, struct proc_open *po)
{
	return proc_each_vma(t, po, smaps_each, NULL);
}

static void rollup_each(struct text *t, struct vma *v, char *buf, void *arg)
{
	struct smaps *sum = arg;

	(void)t, (void)buf;
	if (!sum->end)
		sum->start = v->start;
	sum->end = v->end;
	smaps_add(sum, v);
}

int proc_smaps_rollup_show(struct text *t, struct proc_open *po)
{
	struct smaps sum = {};
	int err = proc_each_vma(t, po, rollup_each, &sum);

	if (err)
		return err;
	proc_maps_rollup_line(t, sum.start, sum.end);
	smaps_amounts(t, &sum, true);
	return t->error;
}
