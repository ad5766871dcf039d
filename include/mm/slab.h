// SPDX-License-Identifier: MIT
/* mm/slab.h - kernel objects: typed slab caches, and kmalloc() by size classes.
 *
 * All may be called from any context and never sleep; NULL means out of memory.
 * Memory is not cleared unless the name says so. Sizes above half a page come
 * from whole frames. In the debug build objects have red zones and poison. */
#pragma once

#include "types.h"

struct slab_cache;
struct task;
struct payer;

/* name: for audits and /proc/slabinfo; a string constant. Boot or lazily; never destroyed. */
struct slab_cache *slab_cache_create(const char *name, size_t size, size_t align);
void *slab_alloc(struct slab_cache *c);
void *slab_zalloc(struct slab_cache *c);
void slab_free(struct slab_cache *c, void *obj);	/* NULL is fine */
/* Who pays for an object of a charged cache (mm/charge.h), or NULL. */
struct payer *slab_payer(const struct slab_cache *c, const void *obj);
/* Objects in use. For audits: a leak shows here. */
u64 slab_in_use(const struct slab_cache *c);
const char *slab_cache_name(const struct slab_cache *c);
size_t slab_object_size(const struct slab_cache *c);
struct slab_cache *slab_cache_next(struct slab_cache *c);	/* NULL: first */

void *kmalloc(size_t size);
void *kzalloc(size_t size);
void *kzalloc_charged(size_t size);		/* current pays for it: mm/charge.h */
void *kmalloc_array(size_t n, size_t size);	/* NULL also if n * size overflows */
void *krealloc(void *p, size_t size);
void kfree(void *p);				/* NULL is fine */
char *kstrdup(const char *s);
size_t kmalloc_usable(const void *p);

/* Gives back the empty slabs that caches keep for their next object. */
void slab_shrink(void);
struct audit;
void slab_audit(struct audit *a);
void slab_init(void);				/* after frames_init() */

/* Fault injection: makes the nth allocation (frame or slab) from now fail for tasks in
 * whose name it is armed; 0: off (mm/fail.c). */
extern u64 alloc_fail_at;
extern const struct task *alloc_fail_task;	/* NULL: whoever allocates */
extern bool (*alloc_fail_choose)(void);		/* kernel/fail.c: decides instead; or NULL */
