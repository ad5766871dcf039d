// SPDX-License-Identifier: MIT
/* mm/fail.c - fault injection: the nth allocation from now fails, once.
 *
 * An in-kernel test arms it with alloc_fail_at = n (and alloc_fail_task, so that only that task's
 * allocations count), runs an operation, and expects -ENOMEM with everything unwound. For programs
 * kernel/fail.c chooses instead, as long as alloc_fail_at is not 0.
 * Checkpoint: nothing; a test's own. */
#include "arch/cpu.h"
#include "mm/internal.h"

u64 alloc_fail_at;
const struct task *alloc_fail_task;
bool (*alloc_fail_choose)(void);

/* Counts one allocation; true if it is the one that shall fail. */
bool alloc_should_fail_slow(void)
{
	if (alloc_fail_choose)
		return alloc_fail_choose();
	if (alloc_fail_task && alloc_fail_task != current)
		return false;
	return --alloc_fail_at == 0;
}
