// SPDX-License-Identifier: MIT
/* lib/refcount.h - reference counts under the big kernel lock: plain numbers, checked. */
#pragma once

#include "lib/assert.h"
#include "types.h"

typedef struct { u32 n; } refcount_t;

static inline void ref_set(refcount_t *r, u32 n)
{
	r->n = n;
}

static inline void ref_get(refcount_t *r)
{
	assert(r->n != 0);
	r->n++;
}

/* Returns true if this was the last reference. */
static inline bool ref_put(refcount_t *r)
{
	assert(r->n != 0);
	return --r->n == 0;
}
