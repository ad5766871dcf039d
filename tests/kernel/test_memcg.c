// SPDX-License-Identifier: MIT
/* tests/kernel/test_memcg.c - the memory controller from inside.
 *
 * Properties:
 *   - each page is charged to one cgroup and counts in all above it, and is given back once
 *   - what passes max is refused with nothing changed, and works again when there is room
 *   - a limit takes clean file pages below it, and no others; protected ones stay
 *   - dirty, shared-memory and anonymous pages are not taken; dirty ones can be written first
 *   - a removed cgroup lasts as long as user pages are charged to it; its kernel memory becomes
 *     the parent's
 *   - a charge that fails at any step of an allocation leaves nothing
 * After each case the framework audits all charges and looks for leaks. */
#include "cgroup/memory.h"
#include "kernel/ktest.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define WHERE 0x10000000UL
#define PAGES 32
#define STEPS_MAX 16

/* a with children b and c; the test is a member of b. */
static struct {
	struct cgroup *a, *b, *c;
} tree;

static struct memory *memory_of(const struct cgroup *cg)
{
	return css_to_memory(cg->css[CTL_MEMORY]);
}

static u64 usage(const struct cgroup *cg)
{
	return memory_usage(memory_of(cg));
}

static void tree_make(struct ktest *t)
{
	struct cgroup *root = unified.root;

	KEXPECT_EQ(t, cgroup_set_control(root, BIT(CTL_MEMORY), 0), 0);
	KEXPECT_EQ(t, cgroup_create(root, "a", &tree.a), 0);
	KEXPECT_EQ(t, cgroup_set_control(tree.a, BIT(CTL_MEMORY), 0), 0);
	KEXPECT_EQ(t, cgroup_create(tree.a, "b", &tree.b), 0);
	KEXPECT_EQ(t, cgroup_create(tree.a, "c", &tree.c), 0);
	KEXPECT_EQ(t, cgroup_attach_task(tree.b, current, true), 0);
}

static void leave(struct ktest *t)
{
	KEXPECT_EQ(t, cgroup_attach_task(unified.root, current, true), 0);
}

static void tree_end(struct ktest *t)
{
	struct cgroup *root = unified.root;

	leave(t);
	memory_tell_events();
	if (tree.b)
		KEXPECT_EQ(t, cgroup_remove(tree.b), 0);
	KEXPECT_EQ(t, cgroup_remove(tree.c), 0);
	KEXPECT_EQ(t, cgroup_remove(tree.a), 0);
	KEXPECT_EQ(t, cgroup_set_control(root, 0, BIT(CTL_MEMORY)), 0);
	KEXPECT_EQ(t, root->nr_dying, 0);
	current->charge_refused = false;
}

/* --- a file whose pages can be read again --- */

static int fill_zeros(struct page_cache *pc, struct frame *f)
{
	(void)pc;
	memset(frame_data(f), 0, PAGE_SIZE);
	return 0;
}

static const struct cache_ops file_ops = { .fill = fill_zeros };
static const struct cache_ops shmem_ops = { .size = NULL };

static int cache_read(struct page_cache *pc, u64 index)
{
	struct frame *f;
	int err = page_cache_get(pc, index, CACHE_CREATE, &f);

	if (!err)
		frame_put(f);
	return err;
}

static void cache_read_all(struct ktest *t, struct page_cache *pc)
{
	for (u64 k = 0; k < PAGES; k++)
		KEXPECT_EQ(t, cache_read(pc, k), 0);
}

/* --- cases --- */

static void pages_count_above(struct ktest *t)
{
	u64 before, root = usage(unified.root);
	struct page_cache pc;

	tree_make(t);
	before = usage(tree.b);
	page_cache_init(&pc, &shmem_ops, NULL);
	cache_read_all(t, &pc);
	KEXPECT_EQ(t, memory_of(tree.b)->user_pages, PAGES);
	KEXPECT_EQ(t, memory_of(tree.b)->shmem, PAGES);
	KEXPECT(t, usage(tree.b) >= before + PAGES);
	KEXPECT_EQ(t, usage(tree.a), usage(tree.b));
	KEXPECT_EQ(t, usage(tree.c), 0);
	leave(t);
	KEXPECT_EQ(t, memory_of(tree.b)->user_pages, PAGES);
	page_cache_destroy(&pc);
	KEXPECT_EQ(t, usage(tree.b), 0);
	KEXPECT_EQ(t, usage(tree.a), 0);
	KEXPECT(t, memory_of(tree.a)->counter.peak >= PAGES);
	tree_end(t);
	KEXPECT_EQ(t, usage(unified.root), root);
}

static int map_pages(struct mm *mm)
{
	struct map_request req = {
		.addr = WHERE,
		.length = PAGES * PAGE_SIZE,
		.fixed = true,
		.flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE,
		.limit_as = ~0UL,
		.limit_data = ~0UL,
	};
	uaddr at;

	return mm_map(mm, &req, &at);
}

static void anonymous_memory(struct ktest *t)
{
	struct memory *b;
	struct mm *mm;
	char byte = 'x';

	tree_make(t);
	b = memory_of(tree.b);
	KEXPECT_EQ(t, mm_create(&mm), 0);
	KEXPECT_EQ(t, map_pages(mm), 0);
	for (u64 k = 0; k < PAGES; k++)
		KEXPECT_EQ(t, mm_access(mm, WHERE + k * PAGE_SIZE, &byte, 1, true, false), 1);
	KEXPECT_EQ(t, b->user_pages, PAGES);
	KEXPECT_EQ(t, b->lru.pages[LRU_INACTIVE_ANON], PAGES);
	KEXPECT(t, b->purse->table_pages >= 3);
	KEXPECT_EQ(t, memory_reclaim(b, PAGES), 0);
	KEXPECT_EQ(t, mm_unmap(mm, WHERE, PAGE_SIZE), 0);
	KEXPECT_EQ(t, b->user_pages, PAGES - 1);
	leave(t);
	mm_put_user(mm);
	KEXPECT_EQ(t, usage(tree.b), 0);
	tree_end(t);
}

static void refused_and_retried(struct ktest *t)
{
	struct memory *a;
	struct frame *f;
	u64 before;
	void *p;

	tree_make(t);
	a = memory_of(tree.a);
	before = usage(tree.a);
	a->counter.max = before + 1;
	KEXPECT(t, !frame_alloc(FRAME_KERNEL, 1, FRAME_CHARGE));
	KEXPECT_EQ(t, usage(tree.a), before);
	KEXPECT_EQ(t, usage(tree.b), before);
	KEXPECT(t, current->charge_refused);
	KEXPECT(t, a->events[MEMORY_MAX] == 1 && a->local_events[MEMORY_MAX] == 1);
	KEXPECT_EQ(t, memory_of(tree.b)->events[MEMORY_MAX], 0);
	f = frame_alloc(FRAME_KERNEL, 0, FRAME_CHARGE);
	KEXPECT(t, f != NULL);
	p = kzalloc_charged(PAGE_SIZE);
	KEXPECT(t, !p);
	frame_put(f);
	p = kzalloc_charged(PAGE_SIZE);
	KEXPECT(t, p != NULL);
	kfree(p);
	KEXPECT_EQ(t, usage(tree.a), before);
	a->counter.max = PAGE_COUNTER_MAX;
	tree_end(t);
}

static void objects_by_bytes(struct ktest *t)
{
	void *p[PAGES];
	struct purse *purse;
	u64 bytes, before;

	tree_make(t);
	purse = memory_of(tree.b)->purse;
	bytes = purse->bytes;
	before = usage(tree.b);
	for (u64 k = 0; k < PAGES; k++)
		p[k] = kzalloc_charged(PAGE_SIZE / 2);
	KEXPECT(t, purse->bytes >= bytes + PAGES * PAGE_SIZE / 2);
	KEXPECT(t, usage(tree.b) >= before + PAGES / 2);
	for (u64 k = 0; k < PAGES; k++)
		kfree(p[k]);
	KEXPECT_EQ(t, purse->bytes, bytes);
	KEXPECT_EQ(t, usage(tree.b), before);
	tree_end(t);
}

/* --- reclaim --- */

static void limit_takes_clean_pages(struct ktest *t)
{
	struct page_cache mine, others;
	struct memory *b;

	tree_make(t);
	b = memory_of(tree.b);
	page_cache_init(&mine, &file_ops, NULL);
	page_cache_init(&others, &file_ops, NULL);
	KEXPECT_EQ(t, cgroup_attach_task(tree.c, current, true), 0);
	cache_read_all(t, &others);
	KEXPECT_EQ(t, cgroup_attach_task(tree.b, current, true), 0);
	b->counter.max = memory_usage(b) + PAGES / 2;
	cache_read_all(t, &mine);
	KEXPECT(t, mine.nr_pages <= PAGES / 2 && mine.nr_pages > 0);
	KEXPECT_EQ(t, b->file, mine.nr_pages);
	KEXPECT_EQ(t, others.nr_pages, PAGES);
	KEXPECT(t, memory_usage(b) <= b->counter.max && b->lru.reclaimed >= PAGES / 2);
	page_cache_destroy(&mine);
	page_cache_destroy(&others);
	tree_end(t);
}

static void some_stay(struct ktest *t)
{
	struct page_cache pc;
	struct frame *held;

	tree_make(t);
	page_cache_init(&pc, &file_ops, NULL);
	cache_read_all(t, &pc);
	page_cache_dirty(&pc, page_cache_peek(&pc, 0));
	KEXPECT_EQ(t, memory_of(tree.b)->dirty, 1);
	KEXPECT_EQ(t, page_cache_get(&pc, 1, 0, &held), 0);
	KEXPECT_EQ(t, memory_reclaim(memory_of(tree.a), 2 * PAGES), PAGES - 2);
	KEXPECT_EQ(t, pc.nr_pages, 2);
	frame_put(held);
	page_cache_destroy(&pc);
	KEXPECT_EQ(t, memory_of(tree.b)->dirty, 0);
	tree_end(t);
}

/* A store that counts, and may refuse. */
static struct {
	int written, held, error;
} store;

static int store_write(struct page_cache *pc, struct frame *f)
{
	(void)pc, (void)f;
	store.written++;
	return store.error;
}

static void store_hold(struct page_cache *pc)
{
	(void)pc;
	store.held++;
}

static void store_drop(struct page_cache *pc)
{
	(void)pc;
	store.held--;
}

static const struct cache_ops stored_ops = {
	.fill = fill_zeros, .write_back = store_write, .hold = store_hold, .drop = store_drop,
};

static void dirty_pages_are_written(struct ktest *t)
{
	struct page_cache pc;
	struct memory *b;

	tree_make(t);
	b = memory_of(tree.b);
	memset(&store, 0, sizeof(store));
	page_cache_init(&pc, &stored_ops, NULL);
	cache_read_all(t, &pc);
	for (u64 k = 0; k < PAGES; k++)
		page_cache_dirty(&pc, page_cache_peek(&pc, k));
	KEXPECT_EQ(t, b->dirty, PAGES);
	KEXPECT_EQ(t, memory_reclaim(memory_of(tree.a), PAGES), 0);
	store.error = -EIO;
	KEXPECT(t, !memory_launder(memory_of(tree.a)));
	KEXPECT(t, store.written == PAGES && pc.error == -EIO && b->dirty == PAGES);
	store.error = 0;
	KEXPECT(t, !memory_launder(memory_of(tree.c)));
	KEXPECT(t, memory_launder(memory_of(tree.a)));
	KEXPECT(t, store.written == 2 * PAGES && !store.held && !b->dirty);
	KEXPECT(t, !memory_launder(memory_of(tree.a)));
	KEXPECT_EQ(t, memory_reclaim(memory_of(tree.a), PAGES), PAGES);
	KEXPECT_EQ(t, pc.nr_pages, 0);
	page_cache_destroy(&pc);
	tree_end(t);
}

static void used_pages_last(struct ktest *t)
{
	struct page_cache pc;
	struct memory *b;

	tree_make(t);
	b = memory_of(tree.b);
	page_cache_init(&pc, &file_ops, NULL);
	cache_read_all(t, &pc);
	KEXPECT_EQ(t, b->lru.pages[LRU_ACTIVE_FILE], 0);
	for (unsigned k = 0; k < 2; k++)
		KEXPECT_EQ(t, cache_read(&pc, 5), 0);
	KEXPECT_EQ(t, b->lru.pages[LRU_ACTIVE_FILE] + b->lru.pages[LRU_INACTIVE_FILE], PAGES);
	KEXPECT(t, b->lru.pages[LRU_ACTIVE_FILE] >= 1);
	KEXPECT_EQ(t, memory_reclaim(b, PAGES / 2), PAGES / 2);
	KEXPECT(t, page_cache_peek(&pc, 5) != NULL);
	page_cache_destroy(&pc);
	tree_end(t);
}

static void protected_pages_stay(struct ktest *t)
{
	struct page_cache pc, other;

	tree_make(t);
	page_cache_init(&pc, &file_ops, NULL);
	page_cache_init(&other, &file_ops, NULL);
	cache_read_all(t, &pc);
	page_counter_set_min(&memory_of(tree.b)->counter, PAGE_COUNTER_MAX);
	KEXPECT_EQ(t, cgroup_attach_task(tree.c, current, true), 0);
	cache_read_all(t, &other);
	KEXPECT(t, memory_reclaim(memory_of(tree.a), 2 * PAGES) <= PAGES);
	KEXPECT_EQ(t, pc.nr_pages, PAGES);
	KEXPECT_EQ(t, other.nr_pages, 0);
	page_cache_destroy(&pc);
	page_cache_destroy(&other);
	tree_end(t);
}

/* --- removed cgroups --- */

static void user_pages_outlive(struct ktest *t)
{
	struct page_cache pc;

	tree_make(t);
	page_cache_init(&pc, &shmem_ops, NULL);
	cache_read_all(t, &pc);
	leave(t);
	KEXPECT_EQ(t, cgroup_remove(tree.b), 0);
	tree.b = NULL;
	KEXPECT_EQ(t, tree.a->nr_dying, 1);
	KEXPECT(t, usage(tree.a) >= PAGES);
	page_cache_destroy(&pc);
	KEXPECT_EQ(t, tree.a->nr_dying, 0);
	KEXPECT_EQ(t, usage(tree.a), 0);
	tree_end(t);
}

static void kernel_memory_goes_up(struct ktest *t)
{
	void *p, *large;
	u64 before;

	tree_make(t);
	p = kzalloc_charged(100);
	large = kzalloc_charged(3 * PAGE_SIZE);
	KEXPECT(t, p && large);
	leave(t);
	before = usage(tree.a);
	KEXPECT(t, before >= 5);
	KEXPECT_EQ(t, cgroup_remove(tree.b), 0);
	tree.b = NULL;
	KEXPECT_EQ(t, tree.a->nr_dying, 0);
	KEXPECT_EQ(t, usage(tree.a), before);
	kfree(large);
	KEXPECT_EQ(t, usage(tree.a), before - 4);
	kfree(p);
	KEXPECT_EQ(t, usage(tree.a), 0);
	tree_end(t);
}

/* --- shortage --- */

static void each_step_may_fail(struct ktest *t)
{
	struct page_cache pc;
	u64 before, step;
	int err = -ENOMEM;

	tree_make(t);
	page_cache_init(&pc, &file_ops, NULL);
	before = usage(tree.b);
	for (step = 1; err && step < STEPS_MAX; step++) {
		alloc_fail_at = step;
		alloc_fail_task = current;
		err = cache_read(&pc, 1UL << 20);
		alloc_fail_at = 0;
		if (err)
			KEXPECT_EQ(t, usage(tree.b), before);
	}
	alloc_fail_task = NULL;
	KEXPECT(t, !err && step > 2);
	page_cache_destroy(&pc);
	KEXPECT_EQ(t, usage(tree.b), before);
	tree_end(t);
}

static const struct ktest_case cases[] = {
	KCASE(pages_count_above),
	KCASE(anonymous_memory),
	KCASE(refused_and_retried),
	KCASE(objects_by_bytes),
	KCASE(limit_takes_clean_pages),
	KCASE(some_stay),
	KCASE(dirty_pages_are_written),
	KCASE(used_pages_last),
	KCASE(protected_pages_stay),
	KCASE(user_pages_outlive),
	KCASE(kernel_memory_goes_up),
	KCASE(each_step_may_fail),
	{},
};

const struct ktest_suite memcg_suite = { "memcg", cases };
