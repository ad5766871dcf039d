// SPDX-License-Identifier: MIT
/* mm/newlib.c - what newlib's picked files (tools/newlib) ask of the kernel:
 * its state, and memory.
 *
 * One reentrancy structure serves all processors: kernel code runs under the
 * big kernel lock, and what newlib keeps there (strtok's place, multibyte
 * state) is not used across a sleep. It is here and not in lib/ because the
 * heap is mm's.
 *
 * Checkpoint: nothing; no state outlives a call. */
#include <sys/reent.h>

#include "mm/slab.h"

struct _reent *__getreent(void);
void *_malloc_r(struct _reent *reent, size_t size);
void *_realloc_r(struct _reent *reent, void *old, size_t size);
void _free_r(struct _reent *reent, void *old);
void *malloc(size_t size);
void free(void *old);

struct _reent *__getreent(void)
{
	return _global_impure_ptr;
}

void *_malloc_r(struct _reent *reent, size_t size)
{
	(void)reent;
	return kmalloc(size);
}

void *_realloc_r(struct _reent *reent, void *old, size_t size)
{
	(void)reent;
	return krealloc(old, size);
}

void _free_r(struct _reent *reent, void *old)
{
	(void)reent;
	kfree(old);
}

void *malloc(size_t size)
{
	return kmalloc(size);
}

void free(void *old)
{
	kfree(old);
}
