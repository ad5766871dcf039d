// SPDX-License-Identifier: MIT
/* arch/wide.h - pages cleared and copied, by the widest moves this processor has.
 *
 * The asm routines (arch/x86/wide.asm) need AVX; without it REP moves quadwords.
 * Context: any after cpu_early_init(). */
#pragma once

#include "types.h"

#define WIDE_BLOCK 1024			/* what copy_wide() moves at a time */

extern bool wide_moves;			/* AVX is there. Constant after boot */
void page_clear_wide(void *page);
void page_copy_wide(void *to, const void *from);
/* Copies blocks of WIDE_BLOCK bytes; returns those left over by a fault at a user's address. */
size_t copy_wide(void *to, const void *from, size_t blocks);

static inline void page_clear(void *page)
{
	u64 words = PAGE_SIZE / sizeof(u64);

	if (likely(wide_moves))
		page_clear_wide(page);
	else
		asm volatile("rep stosq" : "+D"(page), "+c"(words) : "a"(0) : "memory");
}

static inline void page_copy_data(void *to, const void *from)
{
	u64 words = PAGE_SIZE / sizeof(u64);

	if (likely(wide_moves))
		page_copy_wide(to, from);
	else
		asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
}
