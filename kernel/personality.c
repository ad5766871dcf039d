// SPDX-License-Identifier: MIT
/* kernel/personality.c - personality(2): what a task asks of the kernel's manners.
 *
 * The word is kept, inherited and shown; PER_LINUX32 changes uname's machine, and
 * READ_IMPLIES_EXEC and the address bits are the business of exec and mmap.
 * Checkpoint: saved with the task. See personality(2). */

#include "arch/cpu.h"
#include "kernel/syscall.h"

#define PERSONALITY_ASK 0xffffffffU

long sys_personality(u32 persona)
{
	u32 was = current->personality;

	if (persona != PERSONALITY_ASK)
		current->personality = persona;
	return was;
}
