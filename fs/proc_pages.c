// SPDX-License-Identifier: MIT
/* fs/proc_pages.c - pages of a task's mappings: pagemap, numa_maps, clear_refs.
 *
 * pagemap is a file of 64-bit entries, one for each page of the address space; frame numbers are
 * shown only to openers with CAP_SYS_ADMIN. clear_refs takes 1, 2, 3 (forget references of all, of
 * anonymous, of file pages) and 5 (reset the peak of resident memory).
 * Not like Linux: soft-dirty bits are not kept: every page says it was written, and
 * clear_refs 4 is refused. See proc(5), Documentation/admin-guide/mm/pagemap.rst of Linux. */

#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "mm/frame.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define PM_ENTRY_SIZE sizeof(u64)
#define PM_PFN_MASK (BIT(55) - 1)
#define PM_SOFT_DIRTY BIT(55)
#define PM_EXCLUSIVE BIT(56)
#define PM_FILE BIT(61)
#define PM_PRESENT BIT(63)
#define PM_BATCH (PAGE_SIZE / PM_ENTRY_SIZE)	/* entries made at a time */

/* --- pagemap --- */

struct pagemap_batch {
	u64 *entries;
	uaddr start;
	bool show_frames;
};

static void pagemap_page(void *ctx, const struct page_view *page)
{
	struct pagemap_batch *b = ctx;
	const struct frame *f = page->frame;
	u64 e = PM_PRESENT | PM_SOFT_DIRTY;

	if (f && f->mapcount == 1)
		e |= PM_EXCLUSIVE;
	if (f && f->kind == FRAME_CACHE)
		e |= PM_FILE;
	if (b->show_frames)
		e |= (frame_phys(f ? f : zero_frame) >> PAGE_SHIFT) & PM_PFN_MASK;
	b->entries[(page->addr - b->start) >> PAGE_SHIFT] = e;
}

/* Entries of the pages from b->start on. */
static void pagemap_fill(struct mm *mm, struct pagemap_batch *b)
{
	uaddr end = MIN(b->start + PM_BATCH * PAGE_SIZE, USER_END);

	memset(b->entries, 0, PAGE_SIZE);
	for (struct vma *v = vma_find(mm, b->start); v && v->start < end; v = vma_next(v))
		vma_walk_pages(v, MAX(v->start, b->start), MIN(v->end, end), pagemap_page, b);
}

static ssize_t pagemap_copy(struct mm *mm, struct pagemap_batch *b, struct iter *to, u64 pos)
{
	size_t done = 0, n, copied;

	while (to->count && (pos + done) / PM_ENTRY_SIZE < USER_END >> PAGE_SHIFT) {
		b->start = (pos + done) / PM_ENTRY_SIZE << PAGE_SHIFT;
		pagemap_fill(mm, b);
		n = MIN(to->count, PAGE_SIZE);
		copied = iter_copy_to(to, b->entries, n);
		done += copied;
		if (copied != n)
			return done ? (ssize_t)done : -EFAULT;
	}
	return done;
}

static ssize_t pagemap_read(struct file *f, struct iter *to, u64 *pos)
{
	struct pagemap_batch b = { .show_frames =
					  cred_capable(f->cred, &init_user_ns, CAP_SYS_ADMIN)};
	struct mm *mm;
	ssize_t n;

	if (*pos % PM_ENTRY_SIZE || to->count % PM_ENTRY_SIZE)
		return -EINVAL;
	mm = proc_mm_get_user(to_proc_open(f));
	if (!mm)
		return 0;
	b.entries = kmalloc(PAGE_SIZE);
	n = b.entries ? pagemap_copy(mm, &b, to, *pos) : -ENOMEM;
	kfree(b.entries);
	mm_put_user(mm);
	if (n > 0)
		*pos += n;
	return n;
}

static s64 pagemap_llseek(struct file *f, s64 off, int whence)
{
	if (whence != SEEK_SET && whence != SEEK_CUR)
		return -EINVAL;
	f->pos = whence == SEEK_SET ? (u64)off : f->pos + off;
	return f->pos;
}

static const struct file_ops pagemap_file_ops = {
	.class = "proc_pagemap",
	.open = proc_file_open,
	.release = proc_file_release,
	.read = pagemap_read,
	.llseek = pagemap_llseek,
};

const struct proc_entry proc_pagemap_entry = {
	.name = "pagemap",
	.mode = S_IFREG | 0400,
	.flags = PROC_MM,
	.fops = &pagemap_file_ops,
};

/* --- numa_maps --- */

struct numa_counts {
	u64 pages, anon, dirty, mapcount_max, active;
	u64 node[MAX_NODES];
};

static void numa_page(void *ctx, const struct page_view *page)
{
	const struct frame *f = page->frame;
	struct numa_counts *c = ctx;

	if (!f)
		return;
	c->pages++;
	c->node[f->node]++;
	c->anon += f->kind != FRAME_CACHE;
	c->dirty += page->dirty || f->flags & FRAME_DIRTY;
	c->active += !!(f->flags & FRAME_ACTIVE);
	c->mapcount_max = MAX(c->mapcount_max, (u64)f->mapcount);
}

static void numa_name(struct text *t, const struct vma *v, char *buf)
{
	const char *name = proc_vma_name(v, buf);

	if (name && v->cache) {
		text_puts(t, " file=");
		text_escape(t, name, "\n\t= ");
	} else if (name && !strcmp(name, "[heap]")) {
		text_puts(t, " heap");
	} else if (name && !strcmp(name, "[stack]")) {
		text_puts(t, " stack");
	}
}

static void numa_amounts(struct text *t, const struct numa_counts *c)
{
	if (c->anon)
		text_printf(t, " anon=%lu", c->anon);
	if (c->dirty)
		text_printf(t, " dirty=%lu", c->dirty);
	if (c->pages != c->anon && c->pages != c->dirty)
		text_printf(t, " mapped=%lu", c->pages);
	if (c->mapcount_max > 1)
		text_printf(t, " mapmax=%lu", c->mapcount_max);
	if (c->active < c->pages)
		text_printf(t, " active=%lu", c->active);
	for (unsigned n = 0; n < MAX_NODES; n++)
		if (c->node[n])
			text_printf(t, " N%u=%lu", n, c->node[n]);
	text_printf(t, " kernelpagesize_kB=%lu", PAGE_SIZE / 1024);
}

static void numa_each(struct text *t, struct vma *v, char *buf, void *arg)
{
	struct numa_counts c = {};

	(void)arg;
	vma_walk_pages(v, v->start, v->end, numa_page, &c);
	text_printf(t, "%08lx default", v->start);
	numa_name(t, v, buf);
	if (c.pages)
		numa_amounts(t, &c);
	text_putc(t, '\n');
}

int proc_numa_maps_show(struct text *t, struct proc_open *po)
{
	return proc_each_vma(t, po, numa_each, NULL);
}

/* --- clear_refs --- */

enum { CLEAR_ALL = 1, CLEAR_ANON, CLEAR_FILE, CLEAR_SOFT_DIRTY, CLEAR_PEAK };

static void clear_refs(struct mm *mm, long what)
{
	for (struct vma *v = vma_first(mm); v; v = vma_next(v))
		if (what == CLEAR_ALL || (what == CLEAR_FILE) == !!v->cache)
			vma_clear_accessed(v);
}

static ssize_t clear_refs_store(struct proc_open *po, const char *text, size_t len, u64 pos)
{
	struct mm *mm = po->task->mm;
	long what;
	ssize_t n = sysctl_parse(text, len, &what);

	(void)pos;
	if (n < 0 || what < CLEAR_ALL || what > CLEAR_PEAK || what == CLEAR_SOFT_DIRTY)
		return -EINVAL;
	if (mm && what == CLEAR_PEAK)
		mm->rss_peak = mm_rss(mm);
	else if (mm)
		clear_refs(mm, what);
	return len;
}

const struct proc_entry proc_clear_refs_entry = {
	.name = "clear_refs",
	.mode = S_IFREG | 0200,
	.store = clear_refs_store,
};
