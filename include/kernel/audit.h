// SPDX-License-Identifier: MIT
/* kernel/audit.h - audits: what the code keeps incrementally, computed again from first principles.
 *
 * Each row of kernel/audits.h (an X-macro list) is a function that walks the objects themselves,
 * counts them with audit_checked() and reports each lie with audit_broken(). Reading
 * /proc/plimsoll/audit runs all: "ok NAME checked N objects", or
 * "BROKEN NAME object: kept X, found Y"; last line "audit ok" or "audit broken". */
#pragma once

#include "types.h"

struct audit {
	const char *name;	/* of the running audit */
	u64 checked, broken;
	void (*print)(void *sink, const char *line);
	void *sink;
};

static inline void audit_checked(struct audit *a, u64 n)
{
	a->checked += n;
}
/* Formats "object" like printf. */
void audit_broken(struct audit *a, u64 kept, u64 found, const char *object_fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Runs all audits; returns the number of broken objects. Context: may not sleep. */
u64 audit_run(void (*print)(void *sink, const char *line), void *sink);
