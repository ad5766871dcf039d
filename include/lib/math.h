// SPDX-License-Identifier: MIT
/* lib/math.h - arithmetic that C has no word for without a support library. */
#pragma once

#include "types.h"

/* a * b / c with a 128-bit product; the largest number where the quotient does not fit. c is not 0.
 */
static inline u64 mul_div(u64 a, u64 b, u64 c)
{
	u64 low, high, quotient, rest;

	asm("mulq %3" : "=a"(low), "=d"(high) : "a"(a), "rm"(b) : "cc");
	if (high >= c)
		return ~0UL;
	asm("divq %4" : "=a"(quotient), "=d"(rest) : "a"(low), "d"(high), "rm"(c) : "cc");
	return quotient;
}
