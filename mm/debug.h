// SPDX-License-Identifier: MIT
/* mm/debug.h - red zones, poison and quarantine of memory, or nothing of it: chosen by OPT_DEBUG.
 *
 * With OPT_DEBUG each object is followed by one word that says whether it is in use, then by
 * the link of the free list. A freed object is filled with POISON_FREE and waits, with
 * QUARANTINE others, before its slab has it back; the poison must still be there when it leaves,
 * when it is handed out again, and at every audit. A new object is filled with POISON_NEW. So
 * writes past the end, double frees and uses after free end in a panic that names the cache.
 * A freed frame is filled with POISON_FRAME, which must still be there when it is handed out.
 * The work is done in mm/debug.c. */
#pragma once

#include "lib/config.h"
#include "types.h"

struct audit;
struct frame;
struct slab_cache;

#if OPT_DEBUG

#define POISON_FREE  0x6b
#define POISON_NEW   0x5a
#define POISON_FRAME 0x6c
#define RED_IN_USE   0x600dca7e600dca7eUL
#define RED_FREE     0xf4eef4eef4eef4eeUL
#define QUARANTINE   256		/* objects */

struct red_zone {
	u64 state;
	void *link;
};

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

void slab_debug_fresh(void *obj, size_t size);
void slab_debug_take(const char *name, void *obj, size_t size);
/* False: the object stays as it is, it was not in use. */
bool slab_debug_give(const char *name, void *obj, size_t size);

/* The freed object is kept back; true: the one that has waited longest takes its place here. */
bool slab_quarantine(struct slab_cache **c, void **obj);
bool slab_quarantine_end(struct slab_cache **c, void **obj);	/* the longest waiting, if any */
u64 slab_quarantined(const struct slab_cache *c);
void slab_quarantine_audit(struct audit *a);

void frame_debug_take(struct frame *f, unsigned order);
void frame_debug_give(struct frame *f, unsigned order);

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

static inline bool slab_debug_give(const char *name, void *obj, size_t size)
{
	(void)name;
	(void)obj;
	(void)size;
	return true;
}

static inline bool slab_quarantine(struct slab_cache **c, void **obj)
{
	(void)c;
	(void)obj;
	return true;
}

static inline bool slab_quarantine_end(struct slab_cache **c, void **obj)
{
	(void)c;
	(void)obj;
	return false;
}

static inline u64 slab_quarantined(const struct slab_cache *c)
{
	(void)c;
	return 0;
}

static inline void slab_quarantine_audit(struct audit *a)
{
	(void)a;
}

static inline void frame_debug_take(struct frame *f, unsigned order)
{
	(void)f;
	(void)order;
}

static inline void frame_debug_give(struct frame *f, unsigned order)
{
	(void)f;
	(void)order;
}

#endif
