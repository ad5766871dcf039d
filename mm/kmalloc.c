// SPDX-License-Identifier: MIT
/* mm/kmalloc.c - kernel memory by size: slab caches per size class, whole frames above.
 *
 * Up to KMALLOC_MAX bytes the object comes from the smallest class that holds it; the
 * class is found in a table with one byte per 8 bytes of size. Larger requests take a block of
 * frames whose first frame notes the size. kfree() asks the frame which of both it was.
 *
 * Locks: BKL. Checkpoint: none. */
#include "lib/assert.h"
#include "mm/internal.h"

#define KMALLOC_MAX  2048
#define KMALLOC_STEP 8

struct kmalloc_class {
	const char *name;
	size_t size;
	struct slab_cache *cache;
};

/* Smallest first. Caches are made at boot. */
static struct kmalloc_class classes[] = {
	{ "kmalloc-8", 8, NULL },       { "kmalloc-16", 16, NULL },
	{ "kmalloc-32", 32, NULL },     { "kmalloc-64", 64, NULL },
	{ "kmalloc-96", 96, NULL },     { "kmalloc-128", 128, NULL },
	{ "kmalloc-192", 192, NULL },   { "kmalloc-256", 256, NULL },
	{ "kmalloc-512", 512, NULL },   { "kmalloc-1024", 1024, NULL },
	{ "kmalloc-2048", 2048, NULL },
};

static u8 class_of_step[KMALLOC_MAX / KMALLOC_STEP];	/* index into classes[] */

void kmalloc_init(void)
{
	unsigned c = 0, step;

	for (step = 0; step < ARRAY_SIZE(class_of_step); step++) {
		if ((step + 1) * KMALLOC_STEP > classes[c].size)
			c++;
		class_of_step[step] = c;
	}
	for (c = 0; c < ARRAY_SIZE(classes); c++) {
		classes[c].cache = slab_cache_create(classes[c].name, classes[c].size,
						     MIN(classes[c].size & -classes[c].size, 64UL));
		assert(classes[c].cache);
	}
}

static inline struct slab_cache *kmalloc_cache(size_t size)
{
	return classes[class_of_step[size ? (size - 1) / KMALLOC_STEP : 0]].cache;
}

/* More than half a page: a block of frames. */
static void *kmalloc_large(size_t size, unsigned flags)
{
	unsigned order = 0;
	struct frame *f;

	while (order <= FRAME_ORDER_MAX && PAGE_SIZE << order < size)
		order++;
	if (order > FRAME_ORDER_MAX)
		return NULL;
	f = frame_alloc(FRAME_KERNEL, order, flags);
	if (!f)
		return NULL;
	f->large_size = size;
	return frame_data(f);
}

void *kmalloc(size_t size)
{
	return size <= KMALLOC_MAX ? slab_alloc(kmalloc_cache(size)) : kmalloc_large(size, 0);
}

void *kzalloc_charged(size_t size)
{
	void *p = size <= KMALLOC_MAX ? slab_alloc_charged(kmalloc_cache(size))
				      : kmalloc_large(size, FRAME_CHARGE);

	if (p)
		memset(p, 0, size);
	return p;
}

void *kzalloc(size_t size)
{
	void *p = kmalloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

void *kmalloc_array(size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ? NULL : kmalloc(bytes);
}

size_t kmalloc_usable(const void *p)
{
	struct frame *f = frame_of(p);

	return f->kind == FRAME_SLAB ? slab_object_size(f->slab) : PAGE_SIZE << f->order;
}

void *krealloc(void *p, size_t size)
{
	void *new;

	if (p && size <= kmalloc_usable(p))
		return p;
	new = kmalloc(size);
	if (new && p) {
		memcpy(new, p, kmalloc_usable(p));
		kfree(p);
	}
	return new;
}

void kfree(void *p)
{
	struct frame *f;

	if (!p)
		return;
	f = frame_of(p);
	if (f->kind == FRAME_SLAB) {
		slab_free(f->slab, p);
		return;
	}
	assert(f->kind == FRAME_KERNEL && ((u64)p & ~PAGE_MASK) == 0);
	frame_put(f);
}

char *kstrdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = kmalloc(n);

	if (copy)
		memcpy(copy, s, n);
	return copy;
}
