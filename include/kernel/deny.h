// SPDX-License-Identifier: MIT
/* kernel/deny.h - a refusal is never a bare errno: it says which rule says no.
 *
 *   return deny(EPERM, UTSNS_04);
 *
 * gives -EPERM and notes (call, errno, rule, place) among the last refusals of the task,
 * to be read in /proc/PID/plimsoll/why and from gdb (break-rule UTSNS-04). What
 * succeeds costs nothing and leaves no trace (EXT-WHY-03). Rule IDs: docs/rules, gen/rules.h. */
#pragma once

#include "rules.h"
#include "types.h"

#define WHY_MAX 8

struct why {
	u32 syscall;
	u16 err, rule;
	u32 line;
	const char *file;
};

/* The last refusals of a task: a ring, "count" ever noted. */
struct why_log {
	u64 count;
	struct why last[WHY_MAX];
};

int deny_at(int err, enum rule rule, const char *file, u32 line);
#define deny(err, rule) deny_at(err, rule, __FILE__, __LINE__)
