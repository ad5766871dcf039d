// SPDX-License-Identifier: MIT
/* lib/hash.h - hash functions for in-kernel tables (deterministic, not keyed). */
#pragma once

#include "types.h"

#define HASH_GOLDEN 0x9e3779b97f4a7c15UL

static inline u64 hash_u64(u64 x)
{
	x *= HASH_GOLDEN;
	return x ^ (x >> 32);
}

/* One byte more. */
static inline u64 hash_byte(u64 h, char c)
{
	h = (h ^ (u8)c) * HASH_GOLDEN;
	return h ^ (h >> 29);
}

static inline u64 hash_bytes(const char *s, size_t n, u64 seed)
{
	u64 h = seed;

	while (n--)
		h = hash_byte(h, *s++);
	return h;
}
