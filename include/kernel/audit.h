// SPDX-License-Identifier: MIT
/* kernel/audit.h - audits: what the code keeps incrementally, computed again from first principles.
 *
 * Each row of kernel/audits.h (an X-macro list) is a function that walks the objects themselves,
 * counts them with audit_checked() and reports each lie with audit_broken(). Reading
 * /proc/plimsoll/audit runs all: "ok NAME checked N objects", or
 * "BROKEN NAME object: kept X, found Y"; last line "audit ok" or "audit broken". */
#pragma once

#include "lib/audit.h"
#include "types.h"

struct regs;

/* Runs all audits; returns the number of broken objects. Context: may not sleep. */
u64 audit_run(void (*print)(void *sink, const char *line), void *sink);
/* With audit=N: makes the call as syscall_dispatch() does; around every Nth, runs all audits. */
void audit_syscall(struct regs *regs);
