// SPDX-License-Identifier: MIT
/* cr/mm.c - address spaces: mm-PID.img, pagemap-PID.img, pages-N.img, plimsoll-cow.img.
 *
 * The id of an address space is the pid of the first process met that has it. Saved are the
 * mappings and those pages that are its own: anonymous frames, also where they cover a private
 * file. A page that several address spaces have until one of them writes is saved with the first;
 * the others name it in plimsoll-cow.img. What was never written (the zero frame, clean file pages)
 * is not there again either. Files behind mappings are open files (shmid is their id); behind
 * shared memory without a name is a file of memory (cr/inodes.c). Pages are put into the new
 * address space as they were read, without a copy. */
#include <linux/mman.h>

#include "cr/internal.h"

#include "fs/exec.h"
#include "fs/maps.h"
#include "fs/shmem.h"
#include "fs/vfs.h"
#include "lib/print.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define STATUS_REGULAR      BIT(0)	/* of vma_entry, as CRIU has them */
#define STATUS_STACK        BIT(1)
#define STATUS_HEAP         BIT(5)
#define STATUS_FILE_PRIVATE BIT(6)
#define STATUS_FILE_SHARED  BIT(7)
#define STATUS_ANON_SHARED  BIT(8)
#define STATUS_ANON_PRIVATE BIT(9)
#define LOCK_ALL      BIT(0)		/* lock_future of mm_entry */
#define LOCK_ON_FAULT BIT(1)
#define CORE_FILTER_MASK 0x1ff
#define SEEN_FIRST 64
#define VM_RWX (VM_READ | VM_WRITE | VM_EXEC)
#define VM_MAY_ALL (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define MADV_BIT(x) BIT(x)

static const struct { u64 vm; u32 map; } map_flags[] = {
	{ VM_GROWSDOWN, MAP_GROWSDOWN }, { VM_LOCKED, MAP_LOCKED }, { VM_NORESERVE, MAP_NORESERVE },
};
static const struct { u64 vm; u64 madv; } madv_flags[] = {
	{ VM_DONTCOPY, MADV_BIT(MADV_DONTFORK) }, { VM_WIPEONFORK, MADV_BIT(MADV_WIPEONFORK) },
	{ VM_DONTDUMP, MADV_BIT(MADV_DONTDUMP) }, { VM_MERGEABLE, MADV_BIT(MADV_MERGEABLE) },
	{ VM_HUGEPAGE, MADV_BIT(MADV_HUGEPAGE) }, { VM_NOHUGEPAGE, MADV_BIT(MADV_NOHUGEPAGE) },
};
static const struct { u64 vm; u32 own; } own_flags[] = {
	{ VM_ACCOUNTED, BIT(0) }, { VM_LOCKONFAULT, BIT(1) },
};
#define VM_KNOWN                                                                                   \
	(VM_RWX | VM_MAY_ALL | VM_SHARED | VM_GROWSDOWN | VM_LOCKED | VM_NORESERVE | VM_DONTCOPY | \
	 VM_WIPEONFORK | VM_DONTDUMP | VM_MERGEABLE | VM_HUGEPAGE | VM_NOHUGEPAGE | VM_HEAP |      \
	 VM_STACK | VM_ANONPAGES | VM_ACCOUNTED | VM_LOCKONFAULT)

/* Scratch of one address space's save: the runs that have not been written out yet. */
struct page_save {
	struct cr_save *s;
	struct cr_page_run run;
	u32 id;
	struct pb_plimsoll_cow cow;	/* nr_pages 0: none */
	int err;
};

/* Frames that several page tables have: not a class of the image, only of the table of addresses.
 */
static void frame_class_none(void *frame)
{
	(void)frame;
}

static const struct cr_class frame_class = {
	.name = "page", .get = frame_class_none, .put = frame_class_none,
};

/* Where a shared frame was first met. */
struct first_seen {
	u32 vm;
	u64 vaddr;
};

/* --- pages --- */

static void cow_flush(struct page_save *p)
{
	if (p->cow.nr_pages && !p->err)
		p->err = cr_put(p->s, CR_COW, 0, &pb_plimsoll_cow_type, &p->cow);
	p->cow.nr_pages = 0;
}

static void cow_out(struct page_save *p, u64 va, const struct first_seen *first)
{
	struct pb_plimsoll_cow *c = &p->cow;
	u64 done = (u64)c->nr_pages << PAGE_SHIFT;

	if (c->nr_pages && c->vaddr + done == va && c->src_vm == first->vm &&
	    c->src_vaddr + done == first->vaddr) {
		c->nr_pages++;
		return;
	}
	cow_flush(p);
	*c = (struct pb_plimsoll_cow){ p->id, va, 1, first->vm, first->vaddr };
}

/* Ids of shared frames are indices of nothing: where each was first met lies in the arena, by its
 * id. */
static const struct first_seen *shared_frame(struct page_save *p, u64 va, struct frame *f)
{
	struct first_seen *here;
	u32 id = objtab_id(&p->s->frames, &frame_class, f);

	if (id)
		return p->s->seen[id - 1];
	if (p->s->nr_seen == p->s->size_seen) {
		u32 size = p->s->size_seen ? 2 * p->s->size_seen : SEEN_FIRST;
		void *more = krealloc(p->s->seen, size * sizeof(*p->s->seen));

		if (!more) {
			p->err = -ENOMEM;
			return NULL;
		}
		p->s->seen = more;
		p->s->size_seen = size;
	}
	here = cr_new(p->s, struct first_seen);
	id = p->s->nr_seen + 1;
	if (!here || objtab_add(&p->s->frames, &frame_class, f, false, &id)) {
		p->err = -ENOMEM;
		return NULL;
	}
	*here = (struct first_seen){ p->id, va };
	p->s->seen[p->s->nr_seen++] = here;
	return NULL;
}

/* Pages of its own alone: not the zero page, not those of files (CR-MEM-02, 05, 19). */
static void page_view(void *ctx, const struct page_view *page)
{
	struct page_save *p = ctx;
	const struct first_seen *first = NULL;

	if (p->err || !page->frame || page->frame->kind != FRAME_ANON)
		return;
	if (page->frame->mapcount > 1)
		first = shared_frame(p, page->addr, page->frame);
	if (first)
		cow_out(p, page->addr, first);
	else if (!p->err)
		p->err = cr_page_out(&p->run, page->addr, page->frame);
}

static int pages_save(struct cr_save *s, struct mm *mm, u32 id)
{
	struct page_save p = { .s = s, .id = id };

	p.err = cr_pages_begin(s, CR_PAGEMAP, id, &p.run);
	for (struct vma *v = vma_first(mm); v && !p.err; v = vma_next(v))
		if (v->flags & VM_ANONPAGES)
			vma_walk_pages(v, v->start, v->end, page_view, &p);
	if (!p.err)
		p.err = cr_pages_end(&p.run);
	cow_flush(&p);
	return p.err;
}

/* --- mappings --- */

static int vma_check(struct cr_save *s, const struct vma *v, u32 id)
{
	char text[40];

	snprintf(text, sizeof(text), "%lx-%lx", v->start, v->end);
	if (v->special_name || v->flags & VM_SPECIAL)
		return cr_refuse(s, "mapping", id, text, EBUSY, CR_MEM_21);
	if (v->flags & ~(u64)VM_KNOWN || v->policy)
		return cr_refuse(s, "mapping", id, text, EBUSY, CR_MEM_09);
	if (v->cache && v->ops != &file_vma_ops)
		return cr_refuse(s, "mapping", id, text, EBUSY, CR_MEM_21);
	return 0;
}

static u32 status_of(bool anon, bool shared)
{
	if (anon)
		return shared ? STATUS_ANON_SHARED : STATUS_ANON_PRIVATE;
	return shared ? STATUS_FILE_SHARED : STATUS_FILE_PRIVATE;
}

static int vma_save(struct cr_save *s, const struct vma *v, u32 id, struct pb_vma_entry *e)
{
	bool shared = v->flags & VM_SHARED;
	bool anon = !v->cache || cr_is_shared_anon(v->file);
	u32 object = 0;
	int err = vma_check(s, v, id);

	if (!err && v->cache)
		err = anon ? cr_save_object(s, &cr_shmem_class, ((struct file *)v->file)->inode,
					    &object)
			   : cr_save_object(s, &cr_file_class, v->file, &object);
	*e = (struct pb_vma_entry){
		.start = v->start,
		.end = v->end,
		.pgoff = v->cache ? v->pgoff << PAGE_SHIFT : 0,
		.shmid = object,
		.prot = (v->flags & VM_READ ? PROT_READ : 0) |
			(v->flags & VM_WRITE ? PROT_WRITE : 0) |
			(v->flags & VM_EXEC ? PROT_EXEC : 0),
		.flags = (shared ? MAP_SHARED : MAP_PRIVATE) | (anon ? MAP_ANONYMOUS : 0),
		.status = STATUS_REGULAR | (v->flags & VM_STACK ? STATUS_STACK : 0) |
			  (v->flags & VM_HEAP ? STATUS_HEAP : 0) |
			  status_of(anon, shared),
		.fd = -1,
	};
	for (size_t i = 0; i < ARRAY_SIZE(map_flags); i++)
		e->flags |= v->flags & map_flags[i].vm ? map_flags[i].map : 0;
	for (size_t i = 0; i < ARRAY_SIZE(madv_flags); i++)
		e->madv |= v->flags & madv_flags[i].vm ? madv_flags[i].madv : 0;
	e->has_madv = e->madv;
	for (size_t i = 0; i < ARRAY_SIZE(own_flags); i++)
		e->own |= v->flags & own_flags[i].vm ? own_flags[i].own : 0;
	e->has_own = e->own;
	return err;
}

/* What is behind a mapping: nothing, a file, or memory that is shared (a file for this map alone,
 * whose inode the others have too). *f: with a reference, or NULL. CR-MEM-04, 06, 07. */
static int backing_restore(struct cr_restore *r, const struct pb_vma_entry *e,
			   struct map_request *req, struct file **f)
{
	void *object;
	int err;

	if (e->flags & MAP_ANONYMOUS && !(e->flags & MAP_SHARED))
		return 0;
	if (!(e->flags & MAP_ANONYMOUS)) {
		err = cr_restore_object(r, &cr_file_class, e->shmid, &object);
		*f = err ? NULL : file_get(object);
	} else {
		err = cr_restore_object(r, &cr_shmem_class, e->shmid, &object);
		if (!err)
			err = shmem_file_of(object, O_RDWR | O_LARGEFILE, f);
	}
	return err ? err : file_map_prepare(*f, req);
}

/* Maps what e says, where it was, without its pages and not locked yet (CR-MEM-08, 23). */
static int vma_restore(struct cr_restore *r, struct mm *mm, const struct pb_vma_entry *e)
{
	struct map_request req = {
		.addr = e->start,
		.length = e->end - e->start,
		.pgoff = e->pgoff >> PAGE_SHIFT,
		.fixed = true,
		.fixed_noreplace = true,
		.low_ok = capable_in(&init_user_ns, CAP_SYS_RAWIO),
		.limit_as = ~0UL,
		.limit_data = ~0UL,
		.flags = VM_MAY_ALL | (e->prot & PROT_READ ? VM_READ : 0) |
			 (e->prot & PROT_WRITE ? VM_WRITE : 0) |
			 (e->prot & PROT_EXEC ? VM_EXEC : 0) |
			 (e->status & STATUS_STACK ? VM_STACK : 0) |
			 (e->status & STATUS_HEAP ? VM_HEAP : 0),
	};
	struct file *f = NULL;
	uaddr at;
	int err;

	if (e->start >= e->end || e->end > USER_END || (e->start | e->end | e->pgoff) & ~PAGE_MASK)
		return cr_refuse(r, "mapping", 0, "has bad bounds", EINVAL, CR_IMG_05);
	for (size_t i = 0; i < ARRAY_SIZE(map_flags); i++)
		if (e->flags & map_flags[i].map && map_flags[i].vm != VM_LOCKED)
			req.flags |= map_flags[i].vm;
	for (size_t i = 0; i < ARRAY_SIZE(madv_flags); i++)
		req.flags |= e->madv & madv_flags[i].madv ? madv_flags[i].vm : 0;
	req.flags |= e->own & own_flags[0].own ? own_flags[0].vm : 0;
	req.flags |= e->flags & MAP_SHARED ? VM_SHARED : 0;
	err = backing_restore(r, e, &req, &f);
	if (!err)
		err = mm_map(mm, &req, &at);
	if (f)
		file_put(f);
	if (err)
		cr_refuse(r, "mapping", e->shmid, "cannot be made", -err, CR_MEM_01);
	return err;
}

/* --- pages again --- */

/* Every page of a run goes behind its address, in some private mapping. */
static int run_restore(struct cr_restore *r, struct mm *mm, const struct pb_pagemap_entry *e,
		       struct cr_member_in *pages, u64 *next)
{
	uaddr va = e->vaddr;
	struct vma *v = vma_find(mm, va);
	int err = 0;

	if (e->vaddr & ~PAGE_MASK || e->nr_pages > pages->nr_frames - *next)
		return cr_refuse(r, "pagemap", pages->id, "has more pages than there are", EINVAL,
				 CR_IMG_05);
	for (u32 i = 0; i < e->nr_pages && !err; i++, va += PAGE_SIZE) {
		while (v && va >= v->end)
			v = vma_next(v);
		if (!v || va < v->start || v->flags & VM_SHARED)
			return cr_refuse(r, "pagemap", pages->id, "is not mapped", EINVAL,
					 CR_IMG_05);
		err = vma_add_page(v, va, pages->frames[(*next)++], false);
	}
	return err;
}

static int pages_restore(struct cr_restore *r, struct mm *mm, u32 id)
{
	struct cr_member_in *pages;
	struct cr_messages all;
	u64 next = 0;
	int err = cr_pages_of(r, CR_PAGEMAP, id, &all, &pages);

	for (u32 i = 1; i < all.nr && !err; i++)
		err = run_restore(r, mm, all.message[i], pages, &next);
	return err == -EEXIST ? cr_refuse(r, "pagemap", id, "names a page twice", EINVAL, CR_IMG_05)
			      : err;
}

/* CR-MEM-03: pages of two till one of them writes. */
static int cow_one(struct cr_restore *r, const struct pb_plimsoll_cow *c)
{
	struct mm *to = objtab_object(&r->objects, &cr_mm_class, c->vm);
	struct mm *from = objtab_object(&r->objects, &cr_mm_class, c->src_vm);
	u64 va = c->vaddr, src = c->src_vaddr;
	int err = to && from && !((va | src) & ~PAGE_MASK) ? 0 : -EINVAL;

	for (u32 i = 0; i < c->nr_pages && !err; i++, va += PAGE_SIZE, src += PAGE_SIZE) {
		struct vma *v = vma_find(to, va);

		if (!v || va < v->start || v->flags & VM_SHARED || src >= USER_END)
			err = -EINVAL;
		else
			err = vma_share_page(from, src, v, va);
	}
	if (err && err != -ENOMEM)
		err = cr_refuse(r, "shared pages", c->vm, "are not there", EINVAL, CR_IMG_05);
	return err;
}

/* When all address spaces are there. */
int cr_cow_restore(struct cr_restore *r)
{
	struct cr_messages all;
	int err = 0;

	cr_messages(r, CR_COW, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++)
		err = cow_one(r, all.message[i]);
	return err;
}

/* --- the class --- */

#define MARKS(X)                                                                         \
	X(mm_start_code, code_start)                                                     \
	X(mm_end_code, code_end) X(mm_start_data, data_start) X(mm_end_data, data_end)   \
		X(mm_start_stack, stack_start) X(mm_start_brk, brk_start) X(mm_brk, brk) \
			X(mm_arg_start, arg_start) X(mm_arg_end, arg_end)                \
				X(mm_env_start, env_start) X(mm_env_end, env_end)

static int mm_save(struct cr_save *s, void *object, u32 id)
{
	struct pb_mm_entry e = {};
	struct mm *mm = object;
	struct pb_vma_entry *one;
	int err = 0;

#define ONE(theirs, ours) e.theirs = mm->ours;
	MARKS(ONE)
#undef ONE
	e.has_lock_future = mm->def_flags;
	e.lock_future = (mm->def_flags & VM_LOCKED ? LOCK_ALL : 0) |
			(mm->def_flags & VM_LOCKONFAULT ? LOCK_ON_FAULT : 0);
	if (mm->def_flags & ~(u64)(VM_LOCKED | VM_LOCKONFAULT))
		return cr_refuse(s, "address space", id, "has unknown defaults", EBUSY, CR_MEM_09);
	e.has_membarrier = mm->membarrier;
	e.membarrier = mm->membarrier;
	e.has_mmap_base = e.has_total_peak = e.has_rss_peak = true;
	e.mmap_base = mm->mmap_base;
	e.total_peak = mm->total_peak;
	e.rss_peak = mm_rss_peak(mm);
	e.has_core_filter = true;
	e.core_filter = mm->core_filter;
	e.nr_mm_saved_auxv = mm->nr_auxv;
	e.mm_saved_auxv = mm->auxv;
	e.has_dumpable = true;
	e.dumpable = mm->dumpable;
	e.vmas = cr_array(s, mm->nr_vmas, struct pb_vma_entry *);
	if (!e.vmas)
		return -ENOMEM;
	if (mm->exe_file)
		err = cr_save_object(s, &cr_file_class, mm->exe_file, &e.exe_file_id);
	for (struct vma *v = vma_first(mm); v && !err; v = vma_next(v)) {
		one = cr_new(s, struct pb_vma_entry);
		err = one ? vma_save(s, v, id, one) : -ENOMEM;
		e.vmas[e.nr_vmas++] = one;
	}
	if (!err)
		err = cr_put(s, CR_MM, id, &pb_mm_entry_type, &e);
	return err ? err : pages_save(s, mm, id);
}

static int exe_restore(struct cr_restore *r, struct mm *mm, u32 id)
{
	void *f;
	int err = id ? cr_restore_object(r, &cr_file_class, id, &f) : 0;

	if (!id || err)
		return err;
	if (((struct file *)f)->inode->writers > 0)
		return cr_refuse(r, "program", id, "is open for writing", ETXTBSY, CR_TASK_09);
	mm_set_exe(mm, f);
	mm->owner_ns = ((struct file *)f)->cred->user_ns;	/* whose exec it was */
	return 0;
}

static int locks_restore(struct mm *mm, const struct pb_mm_entry *e)
{
	int err = 0;

	for (u32 i = 0; i < e->nr_vmas && !err; i++)
		if (e->vmas[i]->flags & MAP_LOCKED)
			err = mm_lock(mm, e->vmas[i]->start, e->vmas[i]->end - e->vmas[i]->start,
				      VM_LOCKED |
					      (e->vmas[i]->own & BIT(1) ? VM_LOCKONFAULT : 0));
	mm->def_flags = (e->lock_future & LOCK_ALL ? VM_LOCKED : 0) |
			(e->lock_future & LOCK_ON_FAULT ? VM_LOCKONFAULT : 0);
	return err;
}

/* The marks, the end of data among them (CR-MEM-10), and all that is mapped. */
static int mm_fill(struct cr_restore *r, struct mm *mm, const struct pb_mm_entry *e, u32 id)
{
	int err = 0;

#define ONE(theirs, ours) mm->ours = e->theirs;
	MARKS(ONE)
#undef ONE
	if (e->nr_mm_saved_auxv > ARRAY_SIZE(mm->auxv) || e->mm_brk > USER_END)
		return cr_refuse(r, "address space", id, "has bad marks", EINVAL, CR_IMG_05);
	mm->nr_auxv = e->nr_mm_saved_auxv;
	memcpy(mm->auxv, e->mm_saved_auxv, mm->nr_auxv * sizeof(mm->auxv[0]));
	mm->dumpable = e->dumpable;
	mm->membarrier = e->membarrier;
	if (e->has_core_filter)
		mm->core_filter = e->core_filter & CORE_FILTER_MASK;
	mm->mmap_base = current->mm ? current->mm->mmap_base : USER_END;
	if (e->has_mmap_base && !(e->mmap_base & ~PAGE_MASK) && e->mmap_base <= USER_END)
		mm->mmap_base = e->mmap_base;
	mm->owner_ns = current_user_ns();
	for (u32 i = 0; i < e->nr_vmas && !err; i++)
		err = vma_restore(r, mm, e->vmas[i]);
	if (!err)
		err = pages_restore(r, mm, id);
	if (!err)
		err = exe_restore(r, mm, e->exe_file_id);
	if (!err)
		err = locks_restore(mm, e);
	mm->total_peak = MAX(mm->total_peak, MIN(e->total_peak, (u64)USER_END >> PAGE_SHIFT));
	mm->rss_peak = MAX(mm->rss_peak, MIN(e->rss_peak, (u64)USER_END >> PAGE_SHIFT));
	return err;
}

static int mm_restore(struct cr_restore *r, u32 id, void **object)
{
	const struct pb_mm_entry *e;
	struct mm *mm;
	int err = cr_message(r, CR_MM, id, &e);

	if (!err)
		err = mm_create(&mm);
	if (err)
		return err;
	err = mm_fill(r, mm, e, id);
	if (err)
		mm_put_user(mm);
	else
		*object = mm;
	return err;
}

static void mm_class_get(void *mm)
{
	mm_get_user(mm);
}

static void mm_class_put(void *mm)
{
	mm_put_user(mm);
}

const struct cr_class cr_mm_class = {
	.name = "address space",
	.save = mm_save,
	.restore = mm_restore,
	.get = mm_class_get,
	.put = mm_class_put,
};
