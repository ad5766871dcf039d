// SPDX-License-Identifier: MIT
/* tests/kernel/test_mm.c - memory: frames, slabs, mappings, copy on write, the page cache.
 *
 * Properties:
 *   - blocks split and join again; taking all memory and giving it back changes nothing
 *   - slab objects are distinct and aligned; kmalloc of any size works; failure is NULL
 *   - mappings split, merge and change rights as mmap(2), munmap(2), mprotect(2) say
 *   - memory never written to costs nothing; after fork pages are shared until written to
 *   - truncation takes a file's pages out of all mappings
 * After each case the framework audits all frames and slabs and looks for leaks. */
#include <asm/siginfo.h>
#include <linux/mman.h>

#include "abi/errno.h"
#include "arch/trap.h"
#include "kernel/ktest.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define WHERE     0x10000000UL	/* where the tests map */
#define TOP       0x7ffff000UL	/* where free choices start */
#define RW        (VM_READ | VM_WRITE)
#define MAY       (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define STACK_MAX (8UL << 20)
#define LARGEST_ORDER 10	/* blocks of 4 MiB */

static u64 free_pages(void)
{
	struct memory_totals t;

	slab_shrink();
	memory_totals(&t);
	return t.free_pages;
}

static struct mm *make_mm(struct ktest *t)
{
	struct mm *mm = NULL;

	KEXPECT_EQ(t, mm_create(&mm), 0);
	if (mm)
		mm->mmap_base = TOP;
	return mm;
}

/* Maps "pages" pages at WHERE + page. */
static int map_at(struct mm *mm, u64 page, u64 pages, u64 flags, struct page_cache *cache)
{
	struct map_request req = {
		.addr = WHERE + page * PAGE_SIZE,
		.length = pages * PAGE_SIZE,
		.fixed = true,
		.flags = flags | MAY,
		.cache = cache,
		.limit_as = ~0UL,
		.limit_data = ~0UL,
	};
	uaddr at;

	return mm_map(mm, &req, &at);
}

static int put_byte(struct mm *mm, u64 page, char c)
{
	return mm_access(mm, WHERE + page * PAGE_SIZE, &c, 1, true, false);
}

/* The byte at the start of a page, or -errno. */
static int get_byte(struct mm *mm, u64 page)
{
	char c = 0;
	ssize_t n = mm_access(mm, WHERE + page * PAGE_SIZE, &c, 1, false, false);

	return n == 1 ? c : (int)n;
}

static void buddy_splits_and_joins(struct ktest *t)
{
	u64 before = free_pages();
	struct frame *f[4];
	unsigned i;

	for (i = 0; i < 4; i++) {
		f[i] = frame_alloc(FRAME_KERNEL, i, 0);
		KEXPECT(t, f[i] && f[i]->refs == 1 && f[i]->order == i);
		KEXPECT_EQ(t, frame_phys(f[i]) & ((PAGE_SIZE << i) - 1), 0);
	}
	KEXPECT_EQ(t, free_pages(), before - 15);
	for (i = 0; i < 4; i++)
		frame_put(f[i]);
	KEXPECT_EQ(t, free_pages(), before);
}

static void frame_zero_clears(struct ktest *t)
{
	struct frame *f = frame_alloc(FRAME_KERNEL, 1, 0);
	u64 *words = frame_data(f), i, sum = 0;

	memset(words, 0xff, 2 * PAGE_SIZE);
	frame_put(f);
	f = frame_alloc(FRAME_KERNEL, 1, FRAME_ZERO);
	words = frame_data(f);
	for (i = 0; i < 2 * PAGE_SIZE / sizeof(u64); i++)
		sum |= words[i];
	KEXPECT_EQ(t, sum, 0);
	frame_put(f);
}

static void exhaustion_comes_back(struct ktest *t)
{
	u64 before = free_pages(), taken = 0;
	struct list all = LIST_INIT(all);
	struct frame *f, *next;
	int order;

	for (order = LARGEST_ORDER; order >= 0; order--)
		while ((f = frame_alloc(FRAME_KERNEL, order, 0))) {
			list_add(&all, &f->lru);
			taken += 1UL << order;
		}
	KEXPECT_EQ(t, taken, before);
	KEXPECT(t, kmalloc(PAGE_SIZE) == NULL);
	list_for_each_safe(f, next, &all, lru) {
		list_del(&f->lru);
		frame_put(f);
	}
	KEXPECT_EQ(t, free_pages(), before);
	f = frame_alloc(FRAME_KERNEL, LARGEST_ORDER, 0);
	KEXPECT(t, f != NULL);
	if (f)
		frame_put(f);
}

static void slab_objects_are_distinct(struct ktest *t)
{
	u64 *p[300];
	unsigned i;

	for (i = 0; i < 300; i++) {
		p[i] = kmalloc(96);
		KEXPECT(t, p[i] != NULL);
		p[i][0] = p[i][11] = i;
	}
	for (i = 0; i < 300; i++)
		KEXPECT(t, p[i][0] == i && p[i][11] == i);
	for (i = 0; i < 300; i += 2)
		kfree(p[i]);
	for (i = 1; i < 300; i += 2)
		kfree(p[i]);
}

static void kmalloc_takes_any_size(struct ktest *t)
{
	size_t size;
	u8 *p, *q;

	for (size = 0; size < 40000; size = size * 3 / 2 + 1) {
		p = kzalloc(size);
		KEXPECT(t, p && kmalloc_usable(p) >= size);
		if (size)
			KEXPECT(t, p[0] == 0 && p[size - 1] == 0);
		memset(p, 1, size);
		q = krealloc(p, size + 100);
		KEXPECT(t, q && (!size || (q[0] == 1 && q[size - 1] == 1)));
		kfree(q);
	}
	KEXPECT(t, kmalloc_array(1UL << 40, 1UL << 40) == NULL);
	KEXPECT(t, kmalloc(1UL << 40) == NULL);
}

static void injected_failure_is_null(struct ktest *t)
{
	void *first = kmalloc(8), *p, *q;	/* the class has a slab now */

	alloc_fail_at = 2;
	p = kmalloc(8);
	q = kmalloc(8);
	KEXPECT_EQ(t, alloc_fail_at, 0);
	alloc_fail_at = 0;
	KEXPECT(t, p != NULL);
	KEXPECT(t, q == NULL);
	kfree(first);
	kfree(p);
	kfree(q);
}

static void mappings_split_and_merge(struct ktest *t)
{
	struct mm *mm = make_mm(t);

	KEXPECT_EQ(t, map_at(mm, 0, 4, RW, NULL), 0);
	KEXPECT_EQ(t, map_at(mm, 4, 4, RW, NULL), 0);
	KEXPECT_EQ(t, mm->nr_vmas, 1);
	KEXPECT_EQ(t, mm_unmap(mm, WHERE + 3 * PAGE_SIZE, 2 * PAGE_SIZE), 0);
	KEXPECT_EQ(t, mm->nr_vmas, 2);
	KEXPECT_EQ(t, mm->total_pages, 6);
	KEXPECT_EQ(t, map_at(mm, 3, 2, RW, NULL), 0);
	KEXPECT_EQ(t, mm->nr_vmas, 1);
	KEXPECT_EQ(t, map_at(mm, 2, 1, VM_READ, NULL), 0);
	KEXPECT_EQ(t, mm->nr_vmas, 3);
	KEXPECT_EQ(t, mm->data_pages, 7);
	KEXPECT_EQ(t, mm_unmap(mm, WHERE + 1, PAGE_SIZE), -EINVAL);
	KEXPECT_EQ(t, mm_unmap(mm, WHERE, 0), -EINVAL);
	KEXPECT_EQ(t, mm_unmap(mm, WHERE + 100 * PAGE_SIZE, PAGE_SIZE), 0);
	mm_put_user(mm);
}

static void protection_changes_parts(struct ktest *t)
{
	struct mm *mm = make_mm(t);
	int code = 0;

	KEXPECT_EQ(t, map_at(mm, 0, 4, RW, NULL), 0);
	KEXPECT_EQ(t, put_byte(mm, 1, 'x'), 1);
	KEXPECT_EQ(t, mm_protect(mm, WHERE + PAGE_SIZE, PAGE_SIZE, VM_READ, 0), 0);
	KEXPECT_EQ(t, mm->nr_vmas, 3);
	KEXPECT_EQ(t, put_byte(mm, 1, 'y'), -EFAULT);
	KEXPECT_EQ(t, get_byte(mm, 1), 'x');
	KEXPECT_EQ(t, mm_fault(mm, WHERE + PAGE_SIZE, FAULT_WRITE | FAULT_USER, 0, &code), -EFAULT);
	KEXPECT_EQ(t, code, SEGV_ACCERR);
	KEXPECT_EQ(t, mm_fault(mm, WHERE + 9 * PAGE_SIZE, FAULT_USER, 0, &code), -EFAULT);
	KEXPECT_EQ(t, code, SEGV_MAPERR);
	KEXPECT_EQ(t, mm_protect(mm, WHERE + PAGE_SIZE, PAGE_SIZE, 0, 0), 0);
	KEXPECT_EQ(t, get_byte(mm, 1), -EFAULT);
	KEXPECT_EQ(t, mm_protect(mm, WHERE, 4 * PAGE_SIZE, RW, 0), 0);
	KEXPECT_EQ(t, mm->nr_vmas, 1);
	KEXPECT_EQ(t, get_byte(mm, 1), 'x');
	KEXPECT_EQ(t, put_byte(mm, 1, 'z'), 1);
	KEXPECT_EQ(t, mm_protect(mm, WHERE, 5 * PAGE_SIZE, VM_READ, 0), -ENOMEM);
	mm_put_user(mm);
}

/* Free choices go down from the base; holes are filled; a hint is taken if free. */
static void places_are_chosen_from_the_top(struct ktest *t)
{
	struct map_request req = { .length = 2 * PAGE_SIZE, .flags = RW | MAY, .limit_as = ~0UL,
				   .limit_data = ~0UL };
	struct mm *mm = make_mm(t);
	uaddr a = 0, b = 0, c = 0;

	KEXPECT_EQ(t, mm_map(mm, &req, &a), 0);
	KEXPECT_EQ(t, a, TOP - 2 * PAGE_SIZE);
	req.flags = VM_READ | MAY;
	KEXPECT_EQ(t, mm_map(mm, &req, &b), 0);
	KEXPECT_EQ(t, b, a - 2 * PAGE_SIZE);
	KEXPECT_EQ(t, mm_unmap(mm, a, 2 * PAGE_SIZE), 0);
	req.length = PAGE_SIZE;
	KEXPECT_EQ(t, mm_map(mm, &req, &c), 0);
	KEXPECT_EQ(t, c, TOP - PAGE_SIZE);
	req.addr = WHERE;
	KEXPECT_EQ(t, mm_map(mm, &req, &c), 0);
	KEXPECT_EQ(t, c, WHERE);
	req.fixed_noreplace = true;
	KEXPECT_EQ(t, mm_map(mm, &req, &c), -EEXIST);
	req.addr = PAGE_SIZE;
	KEXPECT_EQ(t, mm_map(mm, &req, &c), -EPERM);
	req.limit_as = PAGE_SIZE;
	req.addr = WHERE + 64 * PAGE_SIZE;
	KEXPECT_EQ(t, mm_map(mm, &req, &c), -ENOMEM);
	mm_put_user(mm);
}

static void untouched_memory_costs_nothing(struct ktest *t)
{
	struct mm *mm = make_mm(t);

	KEXPECT_EQ(t, map_at(mm, 0, 16, RW, NULL), 0);
	KEXPECT_EQ(t, get_byte(mm, 3), 0);
	KEXPECT_EQ(t, mm->anon_rss, 0);
	KEXPECT_EQ(t, put_byte(mm, 3, 1), 1);
	KEXPECT_EQ(t, put_byte(mm, 4, 1), 1);
	KEXPECT_EQ(t, mm->anon_rss, 2);
	KEXPECT_EQ(t, mm_advise(mm, WHERE, 16 * PAGE_SIZE, MADV_DONTNEED), 0);
	KEXPECT_EQ(t, mm->anon_rss, 0);
	KEXPECT_EQ(t, get_byte(mm, 3), 0);
	KEXPECT_EQ(t, mm_populate(mm, WHERE, 16 * PAGE_SIZE), 0);
	KEXPECT_EQ(t, mm->anon_rss, 16);
	mm_put_user(mm);
}

/* How many page tables have the page. */
static unsigned mapcount_of(struct ktest *t, struct mm *mm, u64 page)
{
	struct frame *f = NULL;
	unsigned n;

	KEXPECT_EQ(t, mm_get_page(mm, WHERE + page * PAGE_SIZE, false, false, &f), 0);
	n = f->mapcount;
	frame_put(f);
	return n;
}

static void fork_shares_until_written(struct ktest *t)
{
	struct mm *parent = make_mm(t), *child = NULL;

	KEXPECT_EQ(t, map_at(parent, 0, 4, RW, NULL), 0);
	KEXPECT_EQ(t, put_byte(parent, 0, 'p'), 1);
	KEXPECT_EQ(t, put_byte(parent, 1, 'q'), 1);
	KEXPECT_EQ(t, mm_fork(parent, &child), 0);
	KEXPECT_EQ(t, child->anon_rss, 2);
	KEXPECT_EQ(t, mapcount_of(t, parent, 0), 2);
	KEXPECT_EQ(t, put_byte(child, 0, 'c'), 1);
	KEXPECT_EQ(t, mapcount_of(t, parent, 0), 1);
	KEXPECT_EQ(t, mapcount_of(t, child, 0), 1);
	KEXPECT_EQ(t, mapcount_of(t, child, 1), 2);
	KEXPECT_EQ(t, get_byte(parent, 0), 'p');
	KEXPECT_EQ(t, get_byte(child, 0), 'c');
	KEXPECT_EQ(t, put_byte(parent, 0, 'P'), 1);
	KEXPECT_EQ(t, get_byte(child, 1), 'q');
	mm_put_user(child);
	KEXPECT_EQ(t, mapcount_of(t, parent, 1), 1);
	KEXPECT_EQ(t, put_byte(parent, 1, 'Q'), 1);
	mm_put_user(parent);
}

static void fork_honours_advice(struct ktest *t)
{
	struct mm *parent = make_mm(t), *child = NULL;

	KEXPECT_EQ(t, map_at(parent, 0, 3, RW, NULL), 0);
	KEXPECT_EQ(t, mm_populate(parent, WHERE, 3 * PAGE_SIZE), 0);
	KEXPECT_EQ(t, put_byte(parent, 1, 'w'), 1);
	KEXPECT_EQ(t, mm_advise(parent, WHERE, PAGE_SIZE, MADV_DONTFORK), 0);
	KEXPECT_EQ(t, mm_advise(parent, WHERE + PAGE_SIZE, PAGE_SIZE, MADV_WIPEONFORK), 0);
	KEXPECT_EQ(t, mm_fork(parent, &child), 0);
	KEXPECT_EQ(t, get_byte(child, 0), -EFAULT);
	KEXPECT_EQ(t, get_byte(child, 1), 0);
	KEXPECT_EQ(t, child->nr_vmas, 2);
	mm_put_user(child);
	mm_put_user(parent);
}

static void fork_out_of_memory_unwinds(struct ktest *t)
{
	struct mm *parent = make_mm(t), *child = NULL;
	u64 before;
	unsigned nth;

	KEXPECT_EQ(t, map_at(parent, 0, 8, RW, NULL), 0);
	KEXPECT_EQ(t, map_at(parent, 600, 8, RW, NULL), 0);
	KEXPECT_EQ(t, mm_populate(parent, WHERE, 8 * PAGE_SIZE), 0);
	KEXPECT_EQ(t, mm_populate(parent, WHERE + 600 * PAGE_SIZE, 8 * PAGE_SIZE), 0);
	before = free_pages();
	for (nth = 1;; nth++) {
		alloc_fail_at = nth;
		if (!mm_fork(parent, &child))
			break;
		KEXPECT_EQ(t, free_pages(), before);
	}
	alloc_fail_at = 0;
	KEXPECT(t, nth > 4);
	mm_put_user(child);
	mm_put_user(parent);
}

static void stack_grows_to_its_limit(struct ktest *t)
{
	struct mm *mm = make_mm(t);
	uaddr top = WHERE + STACK_MAX * 2;
	int code = 0;

	KEXPECT_EQ(t, map_at(mm, STACK_MAX * 2 / PAGE_SIZE - 1, 1, RW | VM_GROWSDOWN, NULL), 0);
	KEXPECT_EQ(t, mm_fault(mm, top - 9 * PAGE_SIZE, FAULT_WRITE, STACK_MAX, &code), 0);
	KEXPECT_EQ(t, mm->stack_pages, 9);
	KEXPECT_EQ(t, mm_fault(mm, top - STACK_MAX, FAULT_WRITE, STACK_MAX, &code), 0);
	KEXPECT_EQ(t, mm_fault(mm, top - STACK_MAX - 1, FAULT_WRITE, STACK_MAX, &code), -EFAULT);
	KEXPECT_EQ(t, code, SEGV_MAPERR);
	mm_put_user(mm);
}

static void stack_keeps_its_distance(struct ktest *t)
{
	struct mm *mm = make_mm(t);
	int code = 0;

	KEXPECT_EQ(t, map_at(mm, 0, 1, RW, NULL), 0);
	KEXPECT_EQ(t, map_at(mm, 300, 1, RW | VM_GROWSDOWN, NULL), 0);
	KEXPECT_EQ(t, mm_fault(mm, WHERE + 257 * PAGE_SIZE, FAULT_WRITE, STACK_MAX, &code), 0);
	KEXPECT_EQ(t, mm_fault(mm, WHERE + 256 * PAGE_SIZE, FAULT_WRITE, STACK_MAX, &code),
		   -EFAULT);
	mm_put_user(mm);
}

static void brk_grows_and_shrinks(struct ktest *t)
{
	struct mm *mm = make_mm(t);

	mm->brk_start = mm->brk = WHERE;
	KEXPECT_EQ(t, mm_set_brk(mm, WHERE + 3 * PAGE_SIZE + 1, ~0UL), 0);
	KEXPECT_EQ(t, mm->total_pages, 4);
	KEXPECT_EQ(t, mm->nr_vmas, 1);
	KEXPECT_EQ(t, mm_set_brk(mm, WHERE + 6 * PAGE_SIZE, ~0UL), 0);
	KEXPECT_EQ(t, mm->nr_vmas, 1);
	KEXPECT_EQ(t, put_byte(mm, 5, 'h'), 1);
	KEXPECT_EQ(t, mm_set_brk(mm, WHERE + 100 * PAGE_SIZE, PAGE_SIZE), -ENOMEM);
	KEXPECT_EQ(t, mm_set_brk(mm, WHERE, ~0UL), 0);
	KEXPECT_EQ(t, mm->total_pages, 0);
	mm_put_user(mm);
}

static u64 test_file_size;
static u64 test_cache_size(struct page_cache *pc)
{
	(void)pc;
	return test_file_size;
}

static const struct cache_ops test_cache_ops = { .size = test_cache_size };

static void file_pages_are_shared_or_copied(struct ktest *t)
{
	struct mm *mm = make_mm(t);
	struct page_cache pc;

	test_file_size = 4 * PAGE_SIZE;
	page_cache_init(&pc, &test_cache_ops, NULL);
	KEXPECT_EQ(t, map_at(mm, 0, 4, RW | VM_SHARED, &pc), 0);
	KEXPECT_EQ(t, map_at(mm, 8, 4, RW, &pc), 0);
	KEXPECT_EQ(t, put_byte(mm, 1, 's'), 1);
	KEXPECT_EQ(t, get_byte(mm, 9), 's');
	KEXPECT_EQ(t, put_byte(mm, 9, 'p'), 1);
	KEXPECT_EQ(t, get_byte(mm, 1), 's');
	KEXPECT_EQ(t, mm->anon_rss, 1);
	KEXPECT_EQ(t, pc.nr_dirty, 1);
	KEXPECT_EQ(t, mm_mincore(mm, WHERE, 1, (u8[1]){ 0 }), 0);
	mm_put_user(mm);
	page_cache_destroy(&pc);
}

static void truncation_unmaps(struct ktest *t)
{
	struct mm *mm = make_mm(t);
	struct page_cache pc;
	unsigned i;

	test_file_size = 8 * PAGE_SIZE;
	page_cache_init(&pc, &test_cache_ops, NULL);
	KEXPECT_EQ(t, map_at(mm, 0, 8, RW | VM_SHARED, &pc), 0);
	for (i = 0; i < 8; i++)
		KEXPECT_EQ(t, put_byte(mm, i, 'a' + i), 1);
	KEXPECT_EQ(t, mm->shmem_rss, 8);
	page_cache_punch(&pc, 1, 2);
	KEXPECT_EQ(t, pc.nr_pages, 6);
	KEXPECT_EQ(t, get_byte(mm, 1), 0);
	test_file_size = 4 * PAGE_SIZE;
	page_cache_truncate(&pc, test_file_size);
	KEXPECT_EQ(t, get_byte(mm, 3), 'd');
	KEXPECT_EQ(t, get_byte(mm, 4), -EIO);
	KEXPECT_EQ(t, put_byte(mm, 7, 'x'), -EIO);
	test_file_size = 0;
	page_cache_truncate(&pc, 0);
	KEXPECT_EQ(t, pc.nr_pages, 0);
	KEXPECT_EQ(t, mm->shmem_rss, 0);
	mm_put_user(mm);
	page_cache_destroy(&pc);
}

static void remap_moves_pages(struct ktest *t)
{
	struct mm *mm = make_mm(t);
	uaddr at = 0;

	KEXPECT_EQ(t, map_at(mm, 0, 2, RW, NULL), 0);
	KEXPECT_EQ(t, put_byte(mm, 1, 'm'), 1);
	KEXPECT_EQ(t, mm_remap(mm, WHERE, 2 * PAGE_SIZE, 4 * PAGE_SIZE, 0, 0, ~0UL, &at), 0);
	KEXPECT_EQ(t, at, WHERE);
	KEXPECT_EQ(t, mm->total_pages, 4);
	KEXPECT_EQ(t, map_at(mm, 4, 1, VM_READ, NULL), 0);
	KEXPECT_EQ(t, mm_remap(mm, WHERE, 4 * PAGE_SIZE, 8 * PAGE_SIZE, 0, 0, ~0UL, &at), -ENOMEM);
	KEXPECT_EQ(t, mm_remap(mm, WHERE, 4 * PAGE_SIZE, 8 * PAGE_SIZE,
			       MREMAP_MAYMOVE | MREMAP_FIXED, WHERE + 16 * PAGE_SIZE, ~0UL, &at),
		   0);
	KEXPECT_EQ(t, get_byte(mm, 17), 'm');
	KEXPECT_EQ(t, get_byte(mm, 1), -EFAULT);
	KEXPECT_EQ(t, mm->anon_rss, 1);
	KEXPECT_EQ(t, mm_remap(mm, WHERE, PAGE_SIZE, PAGE_SIZE, 0, 0, ~0UL, &at), -EFAULT);
	mm_put_user(mm);
}

static const struct ktest_case cases[] = {
	KCASE(buddy_splits_and_joins),
	KCASE(frame_zero_clears),
	KCASE(exhaustion_comes_back),
	KCASE(slab_objects_are_distinct),
	KCASE(kmalloc_takes_any_size),
	KCASE(injected_failure_is_null),
	KCASE(mappings_split_and_merge),
	KCASE(protection_changes_parts),
	KCASE(places_are_chosen_from_the_top),
	KCASE(untouched_memory_costs_nothing),
	KCASE(fork_shares_until_written),
	KCASE(fork_honours_advice),
	KCASE(fork_out_of_memory_unwinds),
	KCASE(stack_grows_to_its_limit),
	KCASE(stack_keeps_its_distance),
	KCASE(brk_grows_and_shrinks),
	KCASE(file_pages_are_shared_or_copied),
	KCASE(truncation_unmaps),
	KCASE(remap_moves_pages),
	{ NULL, NULL },
};

extern const struct ktest_suite mm_suite;
const struct ktest_suite mm_suite = { "mm", cases };
