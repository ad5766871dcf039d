// SPDX-License-Identifier: MIT
/* tests/fuzz/random.c - numbers that follow from the seed alone.
 *
 * The generator is splitmix64: 64 bits of state that grow by a constant, and a
 * mix of them. See Steele, Lea, Flood, Fast Splittable Pseudorandom Number
 * Generators (OOPSLA 2014). */
#include "fuzz.h"

#define GOLDEN 0x9e3779b97f4a7c15ull

static uint64_t scramble(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* A new state of two numbers. */
uint64_t mix(uint64_t a, uint64_t b)
{
	return scramble(scramble(a + GOLDEN) ^ (b * GOLDEN + 1));
}

uint64_t any(struct fuzz *f)
{
	return scramble(f->state += GOLDEN);
}

unsigned below(struct fuzz *f, unsigned n)
{
	return (any(f) >> 32) * (uint64_t)n >> 32;
}

/* True once in n times. */
bool chance(struct fuzz *f, unsigned n)
{
	return below(f, n) == 0;
}
