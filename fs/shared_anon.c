// SPDX-License-Identifier: MIT
/* fs/shared_anon.c - memory behind shared maps without a file: MAP_SHARED|MAP_ANONYMOUS.
 *
 * A page cache that belongs to no inode, counted by the maps that show it; the last one frees
 * its pages. /proc/PID/maps calls it as Linux does.
 * Locks: BKL. Checkpoint: pages are saved once, with the first map. */
#include "fs/maps.h"
#include "lib/print.h"
#include "mm/slab.h"

#define SHARED_ANON_NAME "/dev/zero (deleted)"

struct shared_anon {
	refcount_t refs;		/* maps, and whoever is about to map it */
	u64 bytes;
	struct page_cache cache;
};

static u64 shared_anon_size(struct page_cache *pc)
{
	return container_of(pc, struct shared_anon, cache)->bytes;
}

static const struct cache_ops shared_anon_cache_ops = { .size = shared_anon_size };

static void shared_anon_get(void *file)
{
	ref_get(&((struct shared_anon *)file)->refs);
}

static void shared_anon_put(void *file)
{
	struct shared_anon *s = file;

	if (!ref_put(&s->refs))
		return;
	page_cache_destroy(&s->cache);
	kfree(s);
}

static int shared_anon_name(const struct vma *v, char *buf, size_t size)
{
	(void)v;
	snprintf(buf, size, "%s", SHARED_ANON_NAME);
	return 0;
}

static const struct vma_ops shared_anon_ops = {
	.get = shared_anon_get,
	.put = shared_anon_put,
	.name = shared_anon_name,
};

int shared_anon_create(u64 bytes, struct map_request *req)
{
	struct shared_anon *s = kzalloc(sizeof(*s));

	if (!s)
		return -ENOMEM;
	ref_set(&s->refs, 1);
	s->bytes = bytes;
	page_cache_init(&s->cache, &shared_anon_cache_ops, NULL);
	req->cache = &s->cache;
	req->ops = &shared_anon_ops;
	req->file = s;
	return 0;
}
