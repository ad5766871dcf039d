// SPDX-License-Identifier: MIT
/* mm/slab.c - kernel objects of one type: slabs of a few frames, cut in equal pieces.
 *
 * A slab is a block of 2^order frames; its bookkeeping is in the struct frame of
 * the first: slab_free (list of free objects), pins (objects in use), mapcount (objects
 * cut off so far; the rest of the slab has never been touched), lru (on the cache's
 * partial or full list). All frames of a slab point to the cache, so an object leads to both.
 * An allocation takes the first partial slab; a cache keeps at most one empty slab, among the
 * partial ones.
 *
 * A cache whose objects are charged (mm/charge.h) has at the end of each slab one word per object:
 * who pays for it, or NULL.
 *
 * Locks: BKL. Checkpoint: none; objects are saved by their owners.
 * See: Bonwick, The Slab Allocator (USENIX 1994). */
#include "abi/errno.h"
#include "lib/assert.h"
#include "lib/audit.h"
#include "lib/radix.h"
#include "mm/charge.h"
#include "mm/debug.h"
#include "mm/internal.h"

#define SLAB_ORDER_MAX   3
#define SLAB_OBJECTS_MIN 8	/* larger slabs, up to the above, until this many fit */
#define RADIX_NODE_SIZE  528	/* struct radix_node: two bit maps and 64 slots */

struct slab_cache {
	const char *name;
	u32 size, stride;		/* asked for; from one object to the next */
	u32 order, per_slab;
	u32 how;			/* CHARGE_*; 0: nobody pays, and slabs have no owners */
	struct list partial, full;	/* struct frame.lru */
	struct frame *empty;		/* the one of partial without objects in use, or NULL */
	u64 in_use;
	struct list link;		/* on slab_caches */
};

static struct slab_cache cache_of_caches;
static struct list slab_caches = LIST_INIT(slab_caches);
static struct slab_cache *radix_cache;

static inline struct frame *slab_of(const struct slab_cache *c, const void *obj)
{
	u64 pfn = ((u64)obj - DIRECT_MAP) >> PAGE_SHIFT;

	return &frames[ALIGN_DOWN(pfn, BIT(c->order))];
}

static inline void *slab_object(const struct slab_cache *c, const struct frame *f, unsigned i)
{
	return (char *)frame_data(f) + (u64)i * c->stride;
}

/* Where a slab of a charged cache notes who pays for its object number i. */
static inline struct payer **slab_owner(const struct slab_cache *c, const struct frame *f,
					unsigned i)
{
	return (struct payer **)((char *)frame_data(f) + (PAGE_SIZE << c->order)) - 1 - i;
}

static inline struct payer **slab_owner_of(const struct slab_cache *c, const void *obj)
{
	const struct frame *f = slab_of(c, obj);

	return slab_owner(c, f, ((char *)obj - (char *)frame_data(f)) / c->stride);
}

static void slab_cache_setup(struct slab_cache *c, const char *name, size_t size, size_t align)
{
	size_t stride = slab_debug_stride(MAX(size, sizeof(void *)));

	c->name = name;
	c->size = size;
	c->stride = align > sizeof(u64) ? ALIGN_UP(stride, align) : stride;
	for (c->order = 0; c->order < SLAB_ORDER_MAX; c->order++)
		if ((PAGE_SIZE << c->order) / c->stride >= SLAB_OBJECTS_MIN)
			break;
	c->how = charge_how(name);
	c->per_slab = (PAGE_SIZE << c->order) / (c->stride + (c->how ? sizeof(void *) : 0));
	assert(c->per_slab > 0);
	list_init(&c->partial);
	list_init(&c->full);
	c->empty = NULL;
	c->in_use = 0;
	list_add_tail(&slab_caches, &c->link);
}

struct slab_cache *slab_cache_create(const char *name, size_t size, size_t align)
{
	struct slab_cache *c = slab_alloc(&cache_of_caches);

	if (c)
		slab_cache_setup(c, name, size, align);
	return c;
}

/* A slab with free objects, as the first partial one; NULL: out of memory. */
static struct frame *slab_grow(struct slab_cache *c)
{
	struct frame *f = frame_alloc(FRAME_SLAB, c->order, 0);
	unsigned i;

	if (!f)
		return NULL;
	for (i = 0; i < 1U << c->order; i++) {
		f[i].kind = FRAME_SLAB;
		f[i].slab = c;
	}
	f->slab_free = NULL;
	if (c->how)
		memset(slab_owner(c, f, c->per_slab - 1), 0, c->per_slab * sizeof(void *));
	list_add(&c->partial, &f->lru);
	return f;
}

/* An object of f, which has free ones. */
static inline void *slab_cut(struct slab_cache *c, struct frame *f)
{
	void *obj = f->slab_free;

	if (obj) {
		f->slab_free = *slab_link(obj, c->size);
	} else {
		obj = slab_object(c, f, f->mapcount++);
		slab_debug_fresh(obj, c->size);
	}
	if (!f->pins)
		c->empty = NULL;
	if (++f->pins == c->per_slab) {
		list_del(&f->lru);
		list_add(&c->full, &f->lru);
	}
	c->in_use++;
	slab_debug_take(c->name, obj, c->size);
	return obj;
}

/* f: NULL, or a slab with free objects. */
static __attribute__((noinline)) void *slab_take_slowly(struct slab_cache *c, struct frame *f)
{
	if (alloc_should_fail())
		return NULL;
	if (!f)
		f = slab_grow(c);
	return f ? slab_cut(c, f) : NULL;
}

/* Calls nobody on its usual way, as slab_free(): they are the busiest functions there are. */
static void *slab_take(struct slab_cache *c)
{
	struct frame *f = list_first(&c->partial, struct frame, lru);

	return likely(f && !alloc_fail_at) ? slab_cut(c, f) : slab_take_slowly(c, f);
}

void *slab_alloc_charged(struct slab_cache *c)
{
	struct payer *owner;
	void *obj;

	if (!charge_ops)
		return slab_take(c);
	if (charge_ops->object(c->stride, c->how, &owner))
		return NULL;
	obj = slab_take(c);
	if (!owner)
		return obj;
	if (obj)
		*slab_owner_of(c, obj) = owner;
	else
		charge_ops->object_gone(owner, c->stride, c->how);
	return obj;
}

void *slab_alloc(struct slab_cache *c)
{
	return c->how & CHARGE_OBJECTS ? slab_alloc_charged(c) : slab_take(c);
}

struct payer *slab_payer(const struct slab_cache *c, const void *obj)
{
	return charge_ops ? *slab_owner_of(c, obj) : NULL;
}

static void slab_uncharge(struct slab_cache *c, void *obj)
{
	struct payer **owner = slab_owner_of(c, obj), *payer = *owner;

	*owner = NULL;
	if (payer)
		charge_ops->object_gone(payer, c->stride, c->how);
}

void *slab_zalloc(struct slab_cache *c)
{
	void *obj = slab_alloc(c);

	if (obj)
		memset(obj, 0, c->size);
	return obj;
}

static void slab_destroy(struct frame *f)
{
	f->mapcount = 0;
	f->pins = 0;
	frame_put(f);
}

/* The last object of a slab is gone: one such slab is kept. */
static __attribute__((noinline)) void slab_retire(struct slab_cache *c, struct frame *f)
{
	if (!c->empty) {
		c->empty = f;
		return;
	}
	list_del(&f->lru);
	slab_destroy(f);
}

/* Back to its slab. */
static inline void slab_put(struct slab_cache *c, void *obj)
{
	struct frame *f = slab_of(c, obj);

	*slab_link(obj, c->size) = f->slab_free;
	f->slab_free = obj;
	if (f->pins-- == c->per_slab) {
		list_del(&f->lru);
		list_add(&c->partial, &f->lru);
	}
	if (!f->pins)
		slab_retire(c, f);
}

/* In use no more; in a debug build it rests first. */
static inline void slab_give(struct slab_cache *c, void *obj)
{
	const struct frame *f = slab_of(c, obj);

	assert(f->kind == FRAME_SLAB && f->slab == c && f->pins > 0);
	c->in_use--;
	if (slab_quarantine(&c, &obj))
		slab_put(c, obj);
}

static __attribute__((noinline)) void slab_free_charged(struct slab_cache *c, void *obj)
{
	slab_uncharge(c, obj);
	slab_give(c, obj);
}

void slab_free(struct slab_cache *c, void *obj)
{
	if (!obj || !slab_debug_give(c->name, obj, c->size))
		return;
	if (c->how && unlikely(charge_ops != NULL))
		slab_free_charged(c, obj);
	else
		slab_give(c, obj);
}

void slab_shrink(void)
{
	struct slab_cache *c;
	void *obj;

	while (slab_quarantine_end(&c, &obj))
		slab_put(c, obj);
	list_for_each(c, &slab_caches, link) {
		if (!c->empty)
			continue;
		list_del(&c->empty->lru);
		slab_destroy(c->empty);
		c->empty = NULL;
	}
}

u64 slab_in_use(const struct slab_cache *c)
{
	return c->in_use;
}

const char *slab_cache_name(const struct slab_cache *c)
{
	return c->name;
}

size_t slab_object_size(const struct slab_cache *c)
{
	return c->size;
}

struct slab_cache *slab_cache_next(struct slab_cache *c)
{
	struct list *next = c ? c->link.next : slab_caches.next;

	return next == &slab_caches ? NULL : list_entry(next, struct slab_cache, link);
}

/* Free objects on a slab's list, or more than there can be if the list is broken. */
static u64 slab_count_free(const struct slab_cache *c, const struct frame *f)
{
	void *obj = f->slab_free;
	u64 n = 0;

	while (obj && n <= c->per_slab) {
		if (slab_of(c, obj) != f)
			return c->per_slab + 1;
		obj = *slab_link(obj, c->size);
		n++;
	}
	return n;
}

/* Counts the objects of one list of slabs, and reports slabs that contradict themselves. */
static u64 slab_audit_list(struct audit *a, struct slab_cache *c, const struct list *slabs)
{
	struct frame *f;
	u64 in_use = 0, nr_free;

	list_for_each(f, slabs, lru) {
		nr_free = slab_count_free(c, f);
		if (f->mapcount - nr_free != f->pins)
			audit_broken(a, f->pins, f->mapcount - nr_free, "slab %s frame %lx objects",
				     c->name, frame_phys(f) >> PAGE_SHIFT);
		if (slabs == &c->full && f->pins != c->per_slab)
			audit_broken(a, c->per_slab, f->pins, "slab %s full frame %lx", c->name,
				     frame_phys(f) >> PAGE_SHIFT);
		in_use += f->pins;
		audit_checked(a, 1);
	}
	return in_use;
}

/* Every slab has as many objects in use as its lists say, and every cache their sum. */
void slab_audit(struct audit *a)
{
	struct slab_cache *c;
	u64 found;

	list_for_each(c, &slab_caches, link) {
		found = slab_audit_list(a, c, &c->partial) + slab_audit_list(a, c, &c->full);
		if (found != c->in_use + slab_quarantined(c))
			audit_broken(a, c->in_use, found, "slab cache %s", c->name);
		if (c->empty && c->empty->pins)
			audit_broken(a, 0, c->empty->pins, "slab %s empty frame", c->name);
		audit_checked(a, 1);
	}
	slab_quarantine_audit(a);
}

static void slabs_charged(struct slab_cache *c, const struct list *slabs,
			  void (*each)(struct payer *owner, const struct frame *slab, size_t bytes,
				       u32 how))
{
	struct frame *f;

	list_for_each(f, slabs, lru)
		for (unsigned i = 0; i < c->per_slab; i++)
			if (*slab_owner(c, f, i))
				each(*slab_owner(c, f, i), f, c->stride, c->how);
}

void charged_objects(void (*each)(struct payer *owner, const struct frame *slab, size_t bytes,
				  u32 how))
{
	struct slab_cache *c;

	list_for_each(c, &slab_caches, link) {
		if (!c->how)
			continue;
		slabs_charged(c, &c->partial, each);
		slabs_charged(c, &c->full, each);
	}
}

static void *slab_radix_alloc(size_t size)
{
	assert(size <= RADIX_NODE_SIZE);
	return slab_alloc(radix_cache);
}

static void slab_radix_free(void *node)
{
	slab_free(radix_cache, node);
}

void slab_init(void)
{
	slab_cache_setup(&cache_of_caches, "slab_cache", sizeof(struct slab_cache), 0);
	radix_cache = slab_cache_create("radix_node", RADIX_NODE_SIZE, 0);
	assert(radix_cache);
	radix_set_allocator(slab_radix_alloc, slab_radix_free);
	kmalloc_init();
}
