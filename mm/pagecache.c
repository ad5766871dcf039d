// SPDX-License-Identifier: MIT
/* mm/pagecache.c - the pages of files and shared memory objects, by page number.
 *
 * A page in a cache: FRAME_LOCKED while its contents are read (the reader and whoever waits
 * look it up again afterwards), FRAME_UPTODATE once they are valid, FRAME_DIRTY while they
 * differ from the backing store. Removal takes the page out of all page tables first; a
 * page removed while it is being read is dropped by the reader.
 *
 * Locks: BKL; only fill, write_back and waiting for a locked page sleep.
 * Checkpoint: contents are saved by the owner of the cache. */
#include "abi/errno.h"
#include "lib/assert.h"
#include "mm/charge.h"
#include "mm/internal.h"

/* Filled in at boot by the room that knows how to sleep. */
static const struct frame_wait_ops *wait_ops;

void page_cache_set_wait(const struct frame_wait_ops *ops)
{
	wait_ops = ops;
}

void page_cache_init(struct page_cache *pc, const struct cache_ops *ops, void *host)
{
	memset(pc, 0, sizeof(*pc));
	list_init(&pc->mappings);
	pc->ops = ops;
	pc->host = host;
}

struct frame *page_cache_peek(const struct page_cache *pc, u64 index)
{
	return radix_get(&pc->pages, index);
}

/* Adds delta pages to the count, and to the node's if they are the only store. */
static void page_cache_count(struct page_cache *pc, struct frame *f, s64 delta)
{
	pc->nr_pages += delta;
	if (page_cache_is_shmem(pc))
		frame_node(f)->shmem_pages += delta;
}

void page_cache_dirty(struct page_cache *pc, struct frame *f)
{
	if (f->flags & FRAME_DIRTY)
		return;
	f->flags |= FRAME_DIRTY;
	pc->nr_dirty++;
	if (page_cache_is_memory(pc))
		return;
	frame_node(f)->dirty_pages++;
	if (unlikely(f->charge != NULL))
		charge_ops->dirtied(f, 1);
}

static void page_cache_clean(struct page_cache *pc, struct frame *f)
{
	if (!(f->flags & FRAME_DIRTY))
		return;
	f->flags &= ~FRAME_DIRTY;
	pc->nr_dirty--;
	if (page_cache_is_memory(pc))
		return;
	frame_node(f)->dirty_pages--;
	if (unlikely(f->charge != NULL))
		charge_ops->dirtied(f, -1);
}

/* Takes f, mapped nowhere, out of the cache, and drops the cache's reference. */
static void page_cache_remove(struct page_cache *pc, struct frame *f)
{
	assert(f->cache == pc && f->mapcount == 0);
	radix_erase(&pc->pages, f->index);
	page_cache_clean(pc, f);
	page_cache_count(pc, f, -1);
	uncharge_frame(f);
	f->cache = NULL;
	frame_put(f);
}

/* f, with a reference, becomes page index; who makes it pays, whoever uses it later (MEMCG-35). */
static int page_cache_enter(struct page_cache *pc, u64 index, struct frame *f)
{
	int err;

	f->cache = pc;
	f->index = index;
	err = charge_frame(f);
	if (!err)
		err = radix_set(&pc->pages, index, f);
	if (err) {
		uncharge_frame(f);
		f->cache = NULL;
		return err;
	}
	page_cache_count(pc, f, 1);
	return 0;
}

/* Every page of every cache is made here, but those that come with their contents.
 * Returns 0, -ENOMEM, or what the file system says against growth. */
static int page_cache_add(struct page_cache *pc, u64 index, unsigned flags, struct frame **out)
{
	bool clear = !pc->ops->fill && !(flags & CACHE_NOFILL);
	struct frame *f;
	int err;

	err = pc->ops->may_grow ? pc->ops->may_grow(pc, 1) : 0;
	if (err)
		return err;
	err = -ENOMEM;
	f = frame_alloc(FRAME_CACHE, 0, clear ? FRAME_ZERO : 0);
	if (f)
		err = page_cache_enter(pc, index, f);
	if (!err) {
		*out = f;
		return 0;
	}
	if (f)
		frame_put(f);
	if (pc->ops->shrunk)
		pc->ops->shrunk(pc, 1);
	return err;
}

int page_cache_adopt(struct page_cache *pc, u64 index, struct frame *f)
{
	int err = radix_get(&pc->pages, index) ? -EEXIST : 0;

	assert(f->kind == FRAME_ANON && !f->mapcount && page_cache_is_shmem(pc));
	if (!err && pc->ops->may_grow)
		err = pc->ops->may_grow(pc, 1);
	if (err)
		return err;
	frame_set_kind(f, FRAME_CACHE);
	err = page_cache_enter(pc, index, f);
	if (!err) {
		f->flags |= FRAME_UPTODATE;
		page_cache_dirty(pc, f);
		return 0;
	}
	frame_set_kind(f, FRAME_ANON);
	if (pc->ops->shrunk)
		pc->ops->shrunk(pc, 1);
	return err;
}

/* Reads f's contents. Context: may sleep. Returns 0, -errno, or -EAGAIN if f was removed. */
static int page_cache_fill(struct page_cache *pc, struct frame *f)
{
	int err;

	frame_get(f);
	f->flags |= FRAME_LOCKED;
	err = pc->ops->fill(pc, f);
	f->flags &= ~FRAME_LOCKED;
	if (wait_ops)
		wait_ops->wake(f);
	if (!f->cache)
		err = -EAGAIN;
	else if (!err)
		f->flags |= FRAME_UPTODATE;
	frame_put(f);
	return err;
}

/* Gives the page its contents: by the caller, by the file, or zeros. */
static int page_cache_make_valid(struct page_cache *pc, struct frame *f, unsigned flags)
{
	if (pc->ops->fill && !(flags & CACHE_NOFILL))
		return page_cache_fill(pc, f);
	f->flags |= FRAME_UPTODATE;
	return 0;
}

int page_cache_get(struct page_cache *pc, u64 index, unsigned flags, struct frame **out)
{
	struct frame *f;
	int err;

	for (;;) {
		f = radix_get(&pc->pages, index);
		if (f && f->flags & FRAME_LOCKED) {
			assert(wait_ops);
			frame_get(f);
			wait_ops->wait(f);
			frame_put(f);
			continue;
		}
		if (f && f->flags & FRAME_UPTODATE)
			break;
		if (!f) {
			if (!(flags & CACHE_CREATE)) {
				*out = NULL;
				return 0;
			}
			err = page_cache_add(pc, index, flags, &f);
			if (err)
				return err;
		}
		err = page_cache_make_valid(pc, f, flags);
		if (err && err != -EAGAIN)
			return err;
	}
	if (unlikely(f->charge != NULL))
		lru_touch(f);
	frame_get(f);
	*out = f;
	return 0;
}

bool page_cache_evict(struct frame *f)
{
	struct page_cache *pc = f->cache;

	if (f->flags & (FRAME_DIRTY | FRAME_LOCKED) || !(f->flags & FRAME_UPTODATE) ||
	    f->refs != f->mapcount + 1 || !pc->ops->fill)
		return false;
	if (f->mapcount)
		vma_unmap_cache(pc, f->index, f->index, false);
	page_cache_remove(pc, f);
	if (pc->ops->shrunk)
		pc->ops->shrunk(pc, 1);
	return true;
}

/* Removes all pages in [first, last]. Returns how many there were. */
static u64 page_cache_drop(struct page_cache *pc, u64 first, u64 last)
{
	struct frame *f;
	u64 index = first, dropped = 0;

	while ((f = radix_next(&pc->pages, &index)) && index <= last) {
		page_cache_remove(pc, f);
		dropped++;
		if (index++ == last)
			break;
	}
	if (dropped && pc->ops->shrunk)
		pc->ops->shrunk(pc, dropped);
	return dropped;
}

void page_cache_truncate(struct page_cache *pc, u64 size)
{
	u64 first = (size >> PAGE_SHIFT) + !!(size & ~PAGE_MASK), used = size & ~PAGE_MASK;
	struct frame *tail = used ? page_cache_peek(pc, size >> PAGE_SHIFT) : NULL;

	if (!list_empty(&pc->mappings))
		vma_unmap_cache(pc, first, ~0UL, true);
	page_cache_drop(pc, first, ~0UL);
	if (tail && tail->flags & FRAME_UPTODATE) {
		memset((char *)frame_data(tail) + used, 0, PAGE_SIZE - used);
		page_cache_dirty(pc, tail);
	}
}

void page_cache_punch(struct page_cache *pc, u64 first, u64 last)
{
	if (!list_empty(&pc->mappings))
		vma_unmap_cache(pc, first, last, false);
	page_cache_drop(pc, first, last);
}

/* Writes one dirty page back. Context: may sleep. */
static int page_cache_write(struct page_cache *pc, struct frame *f)
{
	int err;

	frame_get(f);
	page_cache_clean(pc, f);
	err = pc->ops->write_back(pc, f);
	if (err && f->cache == pc) {
		page_cache_dirty(pc, f);
		pc->error = err;
	}
	frame_put(f);
	return err;
}

bool page_cache_launder(struct frame *f)
{
	struct page_cache *pc = f->cache;
	int err;

	if (!(f->flags & FRAME_DIRTY) || f->flags & FRAME_LOCKED || !pc->ops->hold)
		return false;
	pc->ops->hold(pc);
	page_write_protect(pc, f->index);
	err = page_cache_write(pc, f);
	pc->ops->drop(pc);
	return !err;
}

int page_cache_sync(struct page_cache *pc, u64 first, u64 last)
{
	struct frame *f;
	u64 index = first;
	int err = 0, one;

	if (!pc->ops->write_back)
		return 0;
	while ((f = radix_next(&pc->pages, &index)) && index <= last) {
		/* What was written through a mapping is known by its entries alone. */
		if (f->mapcount && page_write_protect(pc, index))
			page_cache_dirty(pc, f);
		if (f->flags & FRAME_DIRTY) {
			one = page_cache_write(pc, f);
			err = err ? err : one;
		}
		if (index++ == last)
			break;
	}
	return err;
}

void page_cache_destroy(struct page_cache *pc)
{
	assert(list_empty(&pc->mappings));
	page_cache_drop(pc, 0, ~0UL);
	assert(pc->nr_pages == 0 && radix_empty(&pc->pages));
}
