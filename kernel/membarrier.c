// SPDX-License-Identifier: MIT
/* kernel/membarrier.c - membarrier(2): a memory barrier on all processors that matter, by one call.
 *
 * The interrupt by which a processor is told to drop its translations is a full barrier
 * there, and who sends it waits for the answer; entering and leaving the kernel are
 * barriers too (the big kernel lock). So a barrier is a flush of the address space, and
 * of all address spaces for the global commands. It also serialises the instruction stream.
 * Locks: BKL. Checkpoint: registrations are saved with the mm. See membarrier(2).
 * Keeps ABI-TSK-05. */

#include <linux/membarrier.h>

#include "arch/cpu.h"
#include "kernel/rseq.h"
#include "kernel/syscall.h"
#include "mm/mm.h"

struct membarrier_row {
	int command;
	int needs;			/* registration without which it is EPERM; 0: none */
	bool registers, global;
};
static const struct membarrier_row rows[] = {
	{ MEMBARRIER_CMD_GLOBAL, 0, false, true },
	{ MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, false, true },
	{ MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, true, false },
	{ MEMBARRIER_CMD_PRIVATE_EXPEDITED,
	  MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, false, false },
	{ MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, true, false },
	{ MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
	  MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, false, false },
	{ MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE, 0, true, false },
	{ MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ,
	  MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, false, false },
	{ MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, true, false },
};

/* Also restarts the critical sections of the process's other threads (the RSEQ command). */
static void membarrier_rseq(void)
{
	struct task *t;

	list_for_each(t, &task_all, all) {
		if (t->mm == current->mm && t != current)
			rseq_task_switched(t);
	}
}

static void membarrier_run(const struct membarrier_row *row)
{
	struct mm *mm;

	if (row->command == MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ)
		membarrier_rseq();
	if (!row->global) {
		tlb_flush_all(&current->mm->pt);
		return;
	}
	list_for_each(mm, &mm_all, all)
		tlb_flush_all(&mm->pt);
}

long sys_membarrier(int command, unsigned flags, int cpu)
{
	const struct membarrier_row *row;
	int known = 0;

	if (flags == MEMBARRIER_CMD_FLAG_CPU && command == MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ) {
		if (cpu < 0 || (unsigned)cpu >= cpu_count)
			return 0;
	} else if (flags) {
		return -EINVAL;
	}
	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		known |= row->command;
		if (row->command != command)
			continue;
		if (row->needs && !(current->mm->membarrier & row->needs))
			return -EPERM;
		if (row->registers)
			current->mm->membarrier |= command;
		else
			membarrier_run(row);
		return 0;
	}
	return command == MEMBARRIER_CMD_QUERY ? known : -EINVAL;
}
