// SPDX-License-Identifier: MIT
/* cgroup/memory_audit.c - memory cgroups counted again from every frame and slab object.
 *
 * Each charged frame is found once, by a walk over all frames, each charged object in its slab's
 * owners; their sums are the payer's. Each cgroup's usage is its own and that of all below
 * (MEMCG-42, 43). Lists hold exactly the user pages that are charged to them, on the list where
 * their flags say.
 * Locks: BKL; nothing sleeps. */

#include "cgroup/memory.h"
#include "lib/audit.h"
#include "mm/pagecache.h"

static struct audit *auditor;		/* of the walk under way */

static void found_user(struct frame *f)
{
	struct memory *m = frame_memory(f);

	m->found_user++;
	if (f->kind != FRAME_CACHE)
		return;
	if (!f->cache) {
		audit_broken(auditor, 1, 0, "frame %lx: charged, and in no cache",
			     frame_phys(f) >> PAGE_SHIFT);
		return;
	}
	m->found_file++;
	m->found_mapped += f->mapcount != 0;
	if (page_cache_is_shmem(f->cache))
		m->found_shmem++;
	else if (!page_cache_is_memory(f->cache))
		m->found_dirty += !!(f->flags & FRAME_DIRTY);
}

/* MEMCG-43: the walk comes to each frame once, and a frame names one payer. */
static void found_frame(struct frame *f)
{
	struct purse *p = f->charge;

	audit_checked(auditor, 1);
	if (frame_is_user(f))
		found_user(f);
	else if (f->kind == FRAME_TABLE)
		p->found_table += BIT(f->order);
	else if (f->flags & FRAME_STACK)
		p->found_stack += BIT(f->order);
	else
		p->found_other += BIT(f->order);
}

static void found_object(struct payer *owner, const struct frame *slab, size_t bytes, u32 how)
{
	struct purse *p = payer_to_purse(owner);

	(void)slab;
	audit_checked(auditor, 1);
	p->found_bytes += bytes;
	if (how & CHARGE_RECLAIMABLE)
		p->found_reclaimable += bytes;
}

static void clear(struct memory *m)
{
	struct purse *p;

	m->found_user = m->found_file = m->found_shmem = m->found_mapped = m->found_dirty = 0;
	m->found_usage = 0;
	list_for_each(p, &m->purses, link)
		p->found_stack = p->found_table = p->found_other = p->found_bytes =
			p->found_reclaimable = 0;
}

static void same(const struct memory *m, const char *what, u64 kept, u64 found)
{
	audit_checked(auditor, 1);
	if (kept != found)
		audit_broken(auditor, kept, found, "memory %s of cgroup %lu", what,
			     m->css.cgroup->id);
}

static void check_purses(struct memory *m)
{
	struct purse *p;

	list_for_each(p, &m->purses, link) {
		if (p->memory != m || p->open != (p == m->purse))
			audit_broken(auditor, 0, 1, "memory purse of cgroup %lu",
				     m->css.cgroup->id);
		same(m, "kernel stacks", p->stack_pages, p->found_stack);
		same(m, "page tables", p->table_pages, p->found_table);
		same(m, "kernel pages", p->other_pages, p->found_other);
		same(m, "object bytes", p->bytes, p->found_bytes);
		same(m, "reclaimable bytes", p->reclaimable_bytes, p->found_reclaimable);
		m->found_usage += purse_pages(p);
	}
}

static void check_lists(const struct memory *m)
{
	u64 all = 0, n;
	struct frame *f;

	for (unsigned k = 0; k < LRU_LISTS; k++) {
		n = 0;
		list_for_each(f, &m->lru.list[k], lru) {
			n++;
			if (f->charge != &m->lru || lru_of(f) != k)
				audit_broken(auditor, k, lru_of(f), "frame %lx on a list",
					     frame_phys(f) >> PAGE_SHIFT);
		}
		same(m, "list length", m->lru.pages[k], n);
		all += n;
	}
	same(m, "pages on lists", m->user_pages, all);
}

static void check_own(struct memory *m)
{
	same(m, "user pages", m->user_pages, m->found_user);
	same(m, "file", m->file, m->found_file);
	same(m, "shmem", m->shmem, m->found_shmem);
	same(m, "mapped", m->mapped, m->found_mapped);
	same(m, "dirty", m->dirty, m->found_dirty);
	check_lists(m);
	m->found_usage += m->found_user;
	check_purses(m);
	m->css.found += m->user_pages != 0;
	m->css.found += !list_empty(&m->telling);
	if (m->css.refs.n < m->css.found)
		audit_broken(auditor, m->css.refs.n, m->css.found, "memory css of cgroup %lu",
			     m->css.cgroup->id);
}

/* What m has of its own counts in all above it (CG-65). */
static void add_up(struct memory *m)
{
	u64 own = m->found_user;
	struct purse *p;

	list_for_each(p, &m->purses, link)
		own += purse_pages(p);
	for (m = memory_parent(m); m; m = memory_parent(m))
		m->found_usage += own;
}

void memory_audit(struct audit *a)
{
	struct css *css = NULL;

	auditor = a;
	page_counter_settle();
	while ((css = css_next(CTL_MEMORY, css)))
		clear(css_to_memory(css));
	charged_frames(found_frame);
	charged_objects(found_object);
	while ((css = css_next(CTL_MEMORY, css)))
		check_own(css_to_memory(css));
	while ((css = css_next(CTL_MEMORY, css)))
		add_up(css_to_memory(css));
	while ((css = css_next(CTL_MEMORY, css))) {
		struct memory *m = css_to_memory(css);

		same(m, "usage", m->counter.usage, m->found_usage);
		if (m->counter.peak < m->counter.usage)
			audit_broken(a, m->counter.peak, m->counter.usage,
				     "memory.peak of cgroup %lu", css->cgroup->id);
	}
}
