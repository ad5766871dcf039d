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

/* Runs all audits; returns the number of broken objects. Context: may not sleep. */
u64 audit_run(void (*print)(void *sink, const char *line), void *sink);
/* With audit=N: is it the turn of this call? */
bool audit_due(void);
/* Runs all; panics if something is broken. when: "before" or "by" the call with number nr. */
void audit_at_call(const char *when, u64 nr);
