// SPDX-License-Identifier: MIT
/* arch/x86/random.c - numbers nobody can guess, as far as the machine has any.
 *
 * RDRAND where there is one; else the TSC, mixed (splitmix64's finisher): then only
 * as random as the moment of the call. Nothing in the kernel calls this unless a program asks.
 * See Intel SDM volume 1, 7.3.17. */
#include "arch/x86/internal.h"

#define RDRAND_TRIES 10
#define MIX_STEP     0x9e3779b97f4a7c15UL
#define MIX_A        0xbf58476d1ce4e5b9UL
#define MIX_B        0x94d049bb133111ebUL

static bool rdrand(u64 *out)
{
	bool ok = false;

	for (unsigned i = 0; i < RDRAND_TRIES && !ok; i++)
		asm volatile("rdrand %0" : "=r"(*out), "=@ccc"(ok));
	return ok;
}

u64 cpu_random_u64(void)
{
	static u64 state;
	u64 z;

	if (cpu_features.rdrand && rdrand(&z))
		return z;
	state += MIX_STEP + rdtsc();
	z = (state ^ state >> 30) * MIX_A;
	z = (z ^ z >> 27) * MIX_B;
	return z ^ z >> 31;
}
