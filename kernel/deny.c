// SPDX-License-Identifier: MIT
/* kernel/deny.c - refusals with their rule: the last ones of each task.
 *
 * deny() notes the call, the errno, the rule and the place in a ring of WHY_MAX entries of the
 * task, and gives the negative errno back. /proc/PID/plimsoll/why prints the ring.
 * gdb's break-rule stops in deny_at().
 * Locks: BKL. Checkpoint: none; a restarted task starts with an empty ring. */

#include "kernel/deny.h"

#include "arch/cpu.h"
#include "kernel/task.h"

int deny_at(int err, enum rule rule, const char *file, u32 line)
{
	struct why_log *log = &current->why;
	struct why *w = &log->last[log->count++ % WHY_MAX];

	w->syscall = current->syscall_nr;
	w->err = err;
	w->rule = rule;
	w->line = line;
	w->file = file;
	return -err;
}
