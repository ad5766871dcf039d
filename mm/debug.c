// SPDX-License-Identifier: MIT
/* mm/debug.c - a debug build's checks of memory: see mm/debug.h for what is written where.
 *
 * The quarantine is one ring for all caches. What waits in it is free for everybody who counts
 * objects, but its slab still counts it as in use; slab_shrink() empties the ring.
 * A frame that was never handed out holds what the boot loader left, so FRAME_POISONED marks those
 * whose contents are known.
 * Not part of other builds (Makefile: DEBUG=1). Locks: BKL. Checkpoint: nothing. */
#include "mm/debug.h"

#include "lib/audit.h"
#include "lib/debug.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define NOWHERE (~0UL)

static struct {
	struct slab_cache *cache;
	void *obj;
} quarantine[QUARANTINE];
static unsigned quarantine_first, quarantine_count;

/* Where memory differs from its poison, or NOWHERE. */
static u64 poison_broken(const void *memory, u8 poison, size_t size)
{
	const u64 want = poison * 0x0101010101010101UL, *word = memory;
	const u8 *byte = memory;
	size_t i = 0;

	while (i + sizeof(u64) <= size && word[i / sizeof(u64)] == want)
		i += sizeof(u64);
	for (; i < size; i++)
		if (byte[i] != poison)
			return i;
	return NOWHERE;
}

/* --- objects --- */

void slab_debug_fresh(void *obj, size_t size)
{
	memset(obj, POISON_FREE, size);
	slab_red_zone(obj, size)->state = RED_FREE;
}

static void object_check_free(const char *name, void *obj, size_t size)
{
	u64 at = poison_broken(obj, POISON_FREE, size);

	if (slab_red_zone(obj, size)->state != RED_FREE)
		debug_found("slab %s: red zone of free object %p overwritten", name, obj);
	if (at != NOWHERE)
		debug_found("slab %s: object %p written at +%lu after free", name, obj, at);
}

void slab_debug_take(const char *name, void *obj, size_t size)
{
	object_check_free(name, obj, size);
	memset(obj, POISON_NEW, size);
	slab_red_zone(obj, size)->state = RED_IN_USE;
}

bool slab_debug_give(const char *name, void *obj, size_t size)
{
	u64 state = slab_red_zone(obj, size)->state;

	if (state == RED_FREE) {
		debug_found("slab %s: object %p freed twice", name, obj);
		return false;
	}
	if (state != RED_IN_USE)
		debug_found("slab %s: written past the end of object %p", name, obj);
	slab_debug_fresh(obj, size);
	return true;
}

/* --- the quarantine --- */

bool slab_quarantine_end(struct slab_cache **c, void **obj)
{
	if (!quarantine_count)
		return false;
	*c = quarantine[quarantine_first].cache;
	*obj = quarantine[quarantine_first].obj;
	quarantine_first = (quarantine_first + 1) % QUARANTINE;
	quarantine_count--;
	object_check_free(slab_cache_name(*c), *obj, slab_object_size(*c));
	return true;
}

bool slab_quarantine(struct slab_cache **c, void **obj)
{
	struct slab_cache *cache = *c;
	void *freed = *obj;
	bool full = quarantine_count == QUARANTINE && slab_quarantine_end(c, obj);
	unsigned last = (quarantine_first + quarantine_count++) % QUARANTINE;

	quarantine[last].cache = cache;
	quarantine[last].obj = freed;
	return full;
}

u64 slab_quarantined(const struct slab_cache *c)
{
	u64 n = 0;

	for (unsigned i = 0; i < quarantine_count; i++)
		n += quarantine[(quarantine_first + i) % QUARANTINE].cache == c;
	return n;
}

/* Nobody has written to what waits. */
void slab_quarantine_audit(struct audit *a)
{
	for (unsigned i = 0; i < quarantine_count; i++) {
		unsigned at = (quarantine_first + i) % QUARANTINE;
		struct slab_cache *c = quarantine[at].cache;

		object_check_free(slab_cache_name(c), quarantine[at].obj, slab_object_size(c));
		audit_checked(a, 1);
	}
}

/* --- frames --- */

void frame_debug_give(struct frame *f, unsigned order)
{
	for (u64 i = 0; i < 1UL << order; i++) {
		memset(frame_data(&f[i]), POISON_FRAME, PAGE_SIZE);
		f[i].flags = FRAME_POISONED;
	}
}

void frame_debug_take(struct frame *f, unsigned order)
{
	for (u64 i = 0; i < 1UL << order; i++) {
		u64 at = f[i].flags & FRAME_POISONED
				 ? poison_broken(frame_data(&f[i]), POISON_FRAME, PAGE_SIZE)
				 : NOWHERE;

		if (at != NOWHERE)
			debug_found("frame %lx: written at +%lu after free",
				    frame_phys(&f[i]) >> PAGE_SHIFT, at);
		f[i].flags = 0;
	}
}
