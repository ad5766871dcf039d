// SPDX-License-Identifier: MIT
/* mm/debug.h - red zones and poison of kernel objects, or nothing of it: chosen here, by OPT_DEBUG.
 *
 * With OPT_DEBUG each object is followed by one word that says whether it is in use, then by
 * the link of the free list. A freed object is filled with POISON_FREE, which must still
 * be there when it is handed out again; a new one with POISON_NEW. So writes past the end,
 * double frees and uses after free end in a panic that names the cache. */
#pragma once

#include "lib/assert.h"
#include "lib/config.h"
#include "types.h"

#define POISON_FREE 0x6b
#define POISON_NEW  0x5a
#define RED_IN_USE  0x600dca7e600dca7eUL
#define RED_FREE    0xf4eef4eef4eef4eeUL

struct red_zone {
	u64 state;
	void *link;
};

#if OPT_DEBUG

static inline size_t slab_debug_stride(size_t size)
{
	return ALIGN_UP(size, sizeof(u64)) + sizeof(struct red_zone);
}

static inline struct red_zone *slab_red_zone(void *obj, size_t size)
{
	return (struct red_zone *)((char *)obj + ALIGN_UP(size, sizeof(u64)));
}

/* Where a free object keeps the link to the next. */
static inline void **slab_link(void *obj, size_t size)
{
	return &slab_red_zone(obj, size)->link;
}

static inline void slab_debug_fresh(void *obj, size_t size)
{
	memset(obj, POISON_FREE, size);
	slab_red_zone(obj, size)->state = RED_FREE;
}

static inline void slab_debug_take(const char *name, void *obj, size_t size)
{
	const u8 *p = obj;
	size_t i;

	if (slab_red_zone(obj, size)->state != RED_FREE)
		panic("slab %s: red zone of free object %p overwritten", name, obj);
	for (i = 0; i < size; i++)
		if (p[i] != POISON_FREE)
			panic("slab %s: object %p written at +%zu after free", name, obj, i);
	memset(obj, POISON_NEW, size);
	slab_red_zone(obj, size)->state = RED_IN_USE;
}

static inline void slab_debug_give(const char *name, void *obj, size_t size)
{
	u64 state = slab_red_zone(obj, size)->state;

	if (state == RED_FREE)
		panic("slab %s: object %p freed twice", name, obj);
	if (state != RED_IN_USE)
		panic("slab %s: written past the end of object %p", name, obj);
	slab_debug_fresh(obj, size);
}

#else

static inline size_t slab_debug_stride(size_t size)
{
	return ALIGN_UP(size, sizeof(u64));
}

static inline void **slab_link(void *obj, size_t size)
{
	(void)size;
	return obj;
}

static inline void slab_debug_fresh(void *obj, size_t size)
{
	(void)obj;
	(void)size;
}

static inline void slab_debug_take(const char *name, void *obj, size_t size)
{
	(void)name;
	(void)obj;
	(void)size;
}

static inline void slab_debug_give(const char *name, void *obj, size_t size)
{
	(void)name;
	(void)obj;
	(void)size;
}

#endif
