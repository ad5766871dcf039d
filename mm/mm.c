// SPDX-License-Identifier: MIT
/* mm/mm.c - address spaces: create, fork, switch, end; and what the page tables ask of mm.
 *
 * Life: mm_create() or mm_fork() give one user and one reference. mm_get_user() for each
 * further task; the last mm_put_user() unmaps everything and puts the executable, and drops
 * the reference the users hold together. mm_get() keeps the struct (and its page table's root)
 * for those who look from outside; the last mm_put() frees it.
 *
 * fork shares private pages read-only between parent and child. Shared mappings and
 * private ones that have no page of their own are not walked: a fault brings
 * their pages back from the cache.
 *
 * Locks: BKL. Context: mm_put_user() may sleep (files are put).
 * Checkpoint: everything but the page table and the counts is saved.
 * See: fork(2), madvise(2) on MADV_DONTFORK and MADV_WIPEONFORK. */
#include "abi/errno.h"
#include "arch/cpu.h"
#include "lib/assert.h"
#include "mm/internal.h"

struct list mm_all = LIST_INIT(mm_all);
/* Constant after boot. */
struct frame *zero_frame;
paddr zero_phys;
static struct slab_cache *mm_cache;

/* Every page table of users is made here; who makes it pays. */
static paddr mm_alloc_table(struct pagetable *pt)
{
	struct frame *f = frame_alloc(FRAME_TABLE, 0, FRAME_ZERO | FRAME_CHARGE);

	(void)pt;
	return f ? frame_phys(f) : 0;
}

static void mm_free_table(struct pagetable *pt, paddr table)
{
	(void)pt;
	frame_put(frame_of_phys(table));
}

static const struct paging_hooks mm_paging_hooks = {
	.alloc_table = mm_alloc_table,
	.free_table = mm_free_table,
};

void mm_init(void)
{
	mm_cache = slab_cache_create("mm", sizeof(struct mm), 0);
	assert(mm_cache);
	vma_init();
	zero_frame = frame_alloc(FRAME_KERNEL, 0, FRAME_ZERO | FRAME_NOFAIL);
	zero_phys = frame_phys(zero_frame);
	paging_set_hooks(&mm_paging_hooks);
}

/* An mm with an empty page table and nothing else set. */
static int mm_alloc(struct mm **out)
{
	struct mm *mm = slab_zalloc(mm_cache);
	int err;

	if (!mm)
		return -ENOMEM;
	mm->pt.owner = mm;
	err = pagetable_create(&mm->pt);
	if (err) {
		slab_free(mm_cache, mm);
		return err;
	}
	ref_set(&mm->users, 1);
	ref_set(&mm->refs, 1);
	RB_INIT(&mm->vmas);
	list_add_tail(&mm_all, &mm->all);
	*out = mm;
	return 0;
}

int mm_create(struct mm **out)
{
	struct mm *mm;
	int err;

	err = mm_alloc(&mm);
	if (err)
		return err;
	mm->mmap_base = USER_END;
	mm->limit_as = mm->limit_data = ~0UL;
	mm->dumpable = 1;
	mm->core_filter = MM_CORE_FILTER_DEFAULT;
	mm->dumpable_user = true;
	*out = mm;
	return 0;
}

/* What a child inherits beside VMAs and pages. */
static void mm_copy_fields(struct mm *mm, const struct mm *parent)
{
	mm->code_start = parent->code_start;
	mm->code_end = parent->code_end;
	mm->data_start = parent->data_start;
	mm->data_end = parent->data_end;
	mm->brk_start = parent->brk_start;
	mm->brk = parent->brk;
	mm->stack_start = parent->stack_start;
	mm->arg_start = parent->arg_start;
	mm->arg_end = parent->arg_end;
	mm->env_start = parent->env_start;
	mm->env_end = parent->env_end;
	mm->mmap_base = parent->mmap_base;
	memcpy(mm->auxv, parent->auxv, sizeof(mm->auxv));
	mm->nr_auxv = parent->nr_auxv;
	mm->dumpable = parent->dumpable;
	mm->core_filter = parent->core_filter;
	mm->dumpable_user = parent->dumpable_user;
	mm->limit_as = parent->limit_as;
	mm->limit_data = parent->limit_data;
	if (parent->exe_get) {
		mm->exe_file = parent->exe_file;
		mm->exe_get = parent->exe_get;
		mm->exe_put = parent->exe_put;
		mm->exe_get(mm->exe_file);
	}
}

/* Copies one VMA, without its pages. *last: the one copied before, or NULL; then this. */
static int mm_fork_vma(struct mm *mm, const struct vma *from, struct vma **last)
{
	struct vma *v = vma_copy(from);

	if (!v)
		return -ENOMEM;
	v->mm = mm;
	v->flags &= ~(VM_LOCKED | VM_LOCKONFAULT);
	if (v->flags & VM_WIPEONFORK)
		v->flags &= ~VM_ANONPAGES;
	vma_link_last(v, *last);
	if (v->ops && v->ops->account)
		v->ops->account(v, 1);
	*last = v;
	return 0;
}

static int mm_fork_vmas(struct mm *mm, struct mm *parent)
{
	struct vma *from, *v = NULL;
	int err = 0;

	for (from = vma_first(parent); from && !err; from = vma_next(from)) {
		if (from->flags & VM_DONTCOPY)
			continue;
		err = mm_fork_vma(mm, from, &v);
		/* A read-only look at memory never written to left only the zero frame. */
		if (!err && v->flags & VM_ANONPAGES)
			err = pages_copy(mm, parent, from);
	}
	tlb_flush_all(&parent->pt);
	return err;
}

int mm_fork(struct mm *parent, struct mm **out)
{
	struct mm *mm;
	int err;

	err = mm_alloc(&mm);
	if (err)
		return err;
	mm_copy_fields(mm, parent);
	err = mm_fork_vmas(mm, parent);
	if (err) {
		mm_put_user(mm);
		return err;
	}
	*out = mm;
	return 0;
}

/* Unmaps everything at once, from below, with the tables; the tree is given up as a whole. */
static void mm_clear(struct mm *mm)
{
	struct list gone = LIST_INIT(gone);
	struct vma *v = vma_first(mm), *next;
	uaddr from = v ? v->start : 0;		/* tables from here on are still there */

	for (; v; v = next) {
		next = vma_next(v);
		pages_unmap(mm, v->start, v->end, NULL);
		if (!next || next->start >= table_end(v->end - 1, ~0UL)) {
			pagetable_trim(&mm->pt, from, v->end, 0, next ? next->start : ~0UL);
			from = next ? next->start : 0;
		}
		list_del(&v->mapping);
		vma_collect(v, &gone);
	}
	RB_INIT(&mm->vmas);
	mm->hint = NULL;
	mm->nr_vmas = 0;
	mm->total_pages = mm->locked_pages = mm->data_pages = 0;
	mm->stack_pages = mm->exec_pages = 0;
	vma_release_all(&gone);
}

void mm_put_user(struct mm *mm)
{
	void *exe = mm->exe_file;

	if (!ref_put(&mm->users))
		return;
	mm_clear(mm);
	mm->exe_file = NULL;
	mm->exe_get = NULL;
	if (exe && mm->exe_put)
		mm->exe_put(exe);
	mm_put(mm);
}

void mm_put(struct mm *mm)
{
	if (!ref_put(&mm->refs))
		return;
	assert(RB_EMPTY(&mm->vmas) && mm->anon_rss + mm->file_rss + mm->shmem_rss == 0);
	list_del(&mm->all);
	pagetable_destroy(&mm->pt);
	slab_free(mm_cache, mm);
}

void mm_switch(struct mm *next)
{
	pagetable_load(next ? &next->pt : NULL);
}
