// SPDX-License-Identifier: MIT
/* lib/audit.h - what an audit function is given: it counts what it looked at, and reports each lie.
 *
 * Audits recompute from first principles what the code keeps incrementally; they are listed in
 * kernel/audits.h and run by kernel/audit.h. */
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
