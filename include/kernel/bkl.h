// SPDX-License-Identifier: MIT
/* kernel/bkl.h - the big kernel lock: all of the kernel, one processor at a time.
 *
 * Taken at every entry from user mode or idle, dropped at every return there.
 * A task that sleeps gives the lock, with the processor, to the next task: it
 * stays held over a switch. Interrupts are off whenever it is held. */
#pragma once

#include "arch/cpu.h"
#include "arch/paging.h"

extern volatile u32 bkl_word;	/* 0 free, else 1 + id of the holding CPU */

/* c: this CPU, for who has it at hand. */
static inline void bkl_lock_on(const struct cpu *c)
{
	u32 me = 1 + c->id;

	while (!__sync_bool_compare_and_swap(&bkl_word, 0, me))
		do {
			tlb_poll();
			cpu_relax();
		} while (bkl_word);
}

static inline void bkl_lock(void)
{
	bkl_lock_on(this_cpu());
}

static inline void bkl_unlock(void)
{
	__atomic_store_n(&bkl_word, 0, __ATOMIC_RELEASE);
}

static inline bool bkl_held(void)
{
	return bkl_word == 1 + this_cpu()->id;
}
