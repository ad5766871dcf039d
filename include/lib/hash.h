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

static inline u64 hash_bytes(const char *s, size_t n, u64 seed)
{
	u64 h = seed;

	while (n--)
		h = (h ^ (u8)*s++) * HASH_GOLDEN, h ^= h >> 29;
	return h;
}
