// SPDX-License-Identifier: MIT
/* cgroup/memory.c - the memory controller: what a subtree holds of memory, and how much it may.
 *
 * Charged are pages of anonymous memory to who touches them first (MEMCG-04, 34), of files and
 * shared memory to who makes them (07, 35), page tables, kernel stacks, pages of pipes and
 * sockets, and kernel objects by their bytes (28). A charge goes to one cgroup and counts in all
 * above it, at once and exactly (27, 42, 43); it stays when the task moves (05) and when the
 * cgroup is removed (08).
 *
 *   frame.charge (anonymous, cache) --> lru in struct memory --counter--> parent's ... root's
 *   frame.charge (kernel), slab's owner --> struct purse --memory--^
 *
 * A charge that would pass the max of an ancestor first reclaims below that ancestor (39); if that
 * does not help it fails, and memory_oom.c decides where a fault may sleep; elsewhere it is
 * ENOMEM. One that passes a high succeeds, and the task pays when it returns to user mode.
 * memory.h has the structs; docs/memory-charge.md draws the way of a charge.
 *
 * Life: a struct memory with each css; offline gives its purses to the parent; user pages hold the
 * css.
 * Not like Linux: no per-cpu stocks; kernel memory above max never kills; without swap.
 * Locks: BKL. Checkpoint: limits and events are saved; counts are rebuilt by charging.
 * See Documentation/admin-guide/cgroup-v2.rst, "Memory". */

#include "cgroup/memory.h"
#include "mm/pagecache.h"
#include "mm/slab.h"

#define RECLAIM_BATCH 32UL	/* pages: who is at a limit will soon want more */

/* --- who --- */

struct memory *memory_of_current(void)
{
	struct css *css = task_css(current->payer ? current->payer : current, CTL_MEMORY);

	while (!css->online)		/* a task that is through with its exit */
		css = css->parent;
	return css->parent ? css_to_memory(css) : NULL;
}

bool memory_is_below(const struct memory *m, const struct memory *top)
{
	while (m && m != top)
		m = memory_parent(m);
	return m;
}

struct memory *memory_next(struct memory *m, struct memory *top)
{
	if (!m)
		return top;
	if (!list_empty(&m->children))
		return list_first(&m->children, struct memory, sibling);
	for (; m != top; m = memory_parent(m))
		if (m->sibling.next != &memory_parent(m)->children)
			return list_entry(m->sibling.next, struct memory, sibling);
	return NULL;
}

/* --- counting --- */

static __attribute__((noinline)) int memory_charge_slowly(struct memory *m, u64 pages, bool atomic)
{
	struct page_counter *failed;
	struct memory *over;

	while (page_counter_try_charge(&m->counter, pages, &failed)) {
		over = counter_to_memory(failed);
		memory_event(over, MEMORY_MAX);
		if (atomic || !memory_reclaim(over, MAX(pages, RECLAIM_BATCH))) {
			current->charge_refused = true;
			return -ENOMEM;
		}
	}
	if (page_counter_passed_high())
		task_set_work(current, WORK_CHARGE);
	return 0;
}

/* Pages more for m: 0, or -ENOMEM after reclaim (unless atomic), and current knows. Where some
 * ancestor is above its high, current will have to do with that. */
static inline int memory_try_charge(struct memory *m, u64 pages, bool atomic)
{
	if (likely(page_counter_charge_again(&m->counter, pages)))
		return 0;
	return memory_charge_slowly(m, pages, atomic);
}

static void memory_uncharge(struct memory *m, u64 pages)
{
	page_counter_uncharge(&m->counter, pages);
	for (; m && memory_waiters; m = memory_parent(m))
		wake_all(&m->waiting);
}

/* --- user pages --- */

/* MEMCG-07: what is in shared memory counts as such. */
static void memory_count_page(struct memory *m, const struct frame *f, s64 delta)
{
	m->user_pages += delta;
	if (f->kind != FRAME_CACHE)
		return;
	m->file += delta;
	if (page_cache_is_shmem(f->cache))
		m->shmem += delta;
}

/* MEMCG-04, MEMCG-34: the first who touches pays. MEMCG-05, MEMCG-08: the page keeps its cgroup, by
 * the css, whoever moves and though it is removed. */
static int page_charge(struct memory *m, struct frame *f)
{
	int err = memory_try_charge(m, 1, false);

	if (err)
		return err;
	if (!m->user_pages)
		css_get(&m->css);
	memory_count_page(m, f, 1);
	f->charge = &m->lru;
	lru_add(&m->lru, f);
	return 0;
}

/* MEMCG-06. */
static void page_uncharge(struct frame *f)
{
	struct memory *m = frame_memory(f);

	lru_remove(f);
	f->charge = NULL;
	memory_count_page(m, f, -1);
	memory_uncharge(m, 1);
	if (!m->user_pages)
		css_put(&m->css);
}

static void page_mapped(struct frame *f, int delta)
{
	frame_memory(f)->mapped += delta;
}

static void page_dirtied(struct frame *f, int delta)
{
	frame_memory(f)->dirty += delta;
}

static void page_fault(bool major)
{
	struct memory *m = memory_of_current();

	if (!m)
		return;
	m->faults++;
	m->major_faults += major;
}

/* --- kernel memory --- */

static u64 *purse_frames(struct purse *p, const struct frame *f)
{
	if (f->kind == FRAME_TABLE)
		return &p->table_pages;
	return f->flags & FRAME_STACK ? &p->stack_pages : &p->other_pages;
}

/* MEMCG-28: stacks, tables, pages of pipes and sockets; objects in object_charge(). */
static int kernel_charge(struct memory *m, struct frame *f)
{
	int err = memory_try_charge(m, BIT(f->order), false);

	if (err)
		return err;
	f->charge = m->purse;
	*purse_frames(m->purse, f) += BIT(f->order);
	return 0;
}

static void purse_destroy(struct purse *p)
{
	assert(list_empty(&p->payer.unused));
	list_del(&p->link);
	kfree(p);
}

void purse_trim(struct purse *p)
{
	if (!p->open && !p->held && !purse_pages(p))
		purse_destroy(p);
}

static void purse_uncharge(struct purse *p, u64 pages)
{
	if (pages)
		memory_uncharge(p->memory, pages);
	purse_trim(p);
}

static void kernel_uncharge(struct frame *f)
{
	struct purse *p = f->charge;

	f->charge = NULL;
	*purse_frames(p, f) -= BIT(f->order);
	purse_uncharge(p, BIT(f->order));
}

/* How many pages more p is with an object of so many bytes more: 0 or 1. */
static inline u64 purse_growth(const struct purse *p, size_t bytes)
{
	return (p->bytes + bytes + PAGE_SIZE - 1) / PAGE_SIZE -
	       (p->bytes + PAGE_SIZE - 1) / PAGE_SIZE;
}

/* Pages more for an object. What was reclaimed for it may have been of the same purse: then there
 * is room for it in a page that is paid. */
static int purse_grow(struct memory *m, size_t bytes, u32 how)
{
	u64 more = purse_growth(m->purse, bytes), needed;
	int err = memory_try_charge(m, more, how & CHARGE_ATOMIC);

	if (err)
		return err;
	needed = purse_growth(m->purse, bytes);
	if (needed < more)
		memory_uncharge(m, more - needed);
	return 0;
}

/* Objects fill pages of their purse's own, whichever slab they lie in. */
static int object_charge(size_t bytes, u32 how, struct payer **owner)
{
	struct memory *m = memory_of_current();
	struct purse *p;
	int err;

	*owner = NULL;
	if (!m)
		return 0;
	p = m->purse;
	err = purse_growth(p, bytes) ? purse_grow(m, bytes, how) : 0;
	if (err)
		return err;
	p->bytes += bytes;
	if (how & CHARGE_RECLAIMABLE)
		p->reclaimable_bytes += bytes;
	*owner = &p->payer;
	return 0;
}

static void object_uncharge(struct payer *owner, size_t bytes, u32 how)
{
	struct purse *p = payer_to_purse(owner);

	p->bytes -= bytes;
	if (how & CHARGE_RECLAIMABLE)
		p->reclaimable_bytes -= bytes;
	purse_uncharge(p, purse_growth(p, bytes));
}

/* --- what mm calls --- */

static int frame_charge(struct frame *f)
{
	struct memory *m = memory_of_current();

	if (!m)
		return 0;
	return frame_is_user(f) ? page_charge(m, f) : kernel_charge(m, f);
}

static void frame_uncharge(struct frame *f)
{
	if (frame_is_user(f))
		page_uncharge(f);
	else
		kernel_uncharge(f);
}

static void memory_settle(void)
{
	current->work &= ~WORK_CHARGE;
	memory_tell_events();
	memory_settle_high();
}

/* Who dies of an event, or with one, does not return to user mode to tell of it. */
static void memory_task_exit(struct css *css, struct task *t)
{
	(void)css;
	if (t->work & WORK_CHARGE)
		memory_tell_events();
}

static const struct charge_ops memory_charge_ops = {
	.frame = frame_charge,
	.frame_gone = frame_uncharge,
	.object = object_charge,
	.object_gone = object_uncharge,
	.mapped = page_mapped,
	.dirtied = page_dirtied,
	.fault = page_fault,
	.out_of_memory = memory_out_of_memory,
	.settle = memory_settle,
};

/* --- life --- */

/* MEMCG-01: no limit, no protection, nothing counted. */
static int memory_create(struct cgroup *cg, struct css *parent, struct css **out)
{
	struct memory *m = kzalloc_charged(sizeof(*m));
	struct purse *p = kzalloc_charged(sizeof(*p));

	(void)cg;
	if (!m || !p) {
		kfree(m);
		kfree(p);
		return -ENOMEM;
	}
	page_counter_init(&m->counter, parent ? &css_to_memory(parent)->counter : NULL);
	m->swap_high = m->swap_max = PAGE_COUNTER_MAX;
	lru_init(&m->lru);
	waitqueue_init(&m->waiting);
	list_init(&m->telling);
	list_init(&m->children);
	list_init(&m->sibling);
	if (parent)
		list_add_tail(&css_to_memory(parent)->children, &m->sibling);
	list_init(&m->purses);
	list_init(&p->payer.unused);
	list_add(&m->purses, &p->link);
	p->memory = m;
	p->open = true;
	m->purse = p;
	if (parent)
		charge_begin(&memory_charge_ops);
	*out = &m->css;
	return 0;
}

/* The purse pays to parent from now on, with nothing changed for the ancestors. */
static void purse_move(struct purse *p, struct memory *parent)
{
	u64 pages = purse_pages(p);

	page_counter_uncharge(&p->memory->counter, pages);
	page_counter_charge(&parent->counter, pages);
	p->memory = parent;
	p->open = false;
	list_del(&p->link);
	list_add_tail(&parent->purses, &p->link);
	purse_trim(p);
}

/* What is left is pages of users, who may still use them: no limit hurts them. */
static void memory_offline(struct css *css)
{
	struct memory *m = css_to_memory(css), *parent = memory_parent(m);

	page_counter_set_min(&m->counter, 0);
	page_counter_set_low(&m->counter, 0);
	page_counter_settle();
	m->counter.max = m->counter.high = PAGE_COUNTER_MAX;
	m->purse = NULL;
	while (!list_empty(&m->purses))
		purse_move(list_first(&m->purses, struct purse, link), parent);
}

/* Its past stays with the parent. */
static void memory_release(struct css *css)
{
	struct memory *m = css_to_memory(css), *parent = memory_parent(m);

	page_counter_settle();
	assert(!m->user_pages && !m->counter.usage && list_empty(&m->telling));
	if (m->purse)
		purse_destroy(m->purse);
	parent->faults += m->faults;
	parent->major_faults += m->major_faults;
	parent->lru.scanned += m->lru.scanned;
	parent->lru.reclaimed += m->lru.reclaimed;
	parent->lru.activated += m->lru.activated;
	parent->lru.deactivated += m->lru.deactivated;
	list_del(&m->sibling);
	kfree(m);
}

#define EVENT(key, KEY)                                                                \
	{ "events." #key, offsetof(struct memory, events[MEMORY_##KEY]) },               \
	{ "events.local." #key, offsetof(struct memory, local_events[MEMORY_##KEY]) },
#define LRU(key) { #key, offsetof(struct memory, lru.key) }
static const struct css_counter memory_counters[] = {
	MEMORY_EVENTS(EVENT)
	{ "peak", offsetof(struct memory, counter.peak) },
	{ "failcnt", offsetof(struct memory, counter.failcnt) },
	{ "faults", offsetof(struct memory, faults) },
	{ "major_faults", offsetof(struct memory, major_faults) },
	LRU(scanned), LRU(reclaimed), LRU(activated), LRU(deactivated),
	{ NULL, 0 },
};
#undef EVENT
#undef LRU

const struct controller memory_controller = {
	.name = "memory",
	.id = CTL_MEMORY,
	.files = memory_files,
	.counters = memory_counters,
	.create = memory_create,
	.offline = memory_offline,
	.release = memory_release,
	.task_exit = memory_task_exit,
	.audit = memory_audit,
};
