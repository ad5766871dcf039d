// SPDX-License-Identifier: MIT
/* kernel/posix_timers.h - POSIX timers of a process as others may see them (/proc/PID/timers). */
#pragma once

#include "types.h"

struct pid;
struct process;

struct posix_timer_view {
	s32 id;
	int signal, notify, clock_id;	/* notify: SIGEV_* */
	u64 value;			/* si_value, as a pointer */
	struct pid *target;		/* the thread, or the process */
};

/* The first timer numbered *id or higher, and its number; false: there is none. */
bool posix_timer_next(struct process *p, u64 *id, struct posix_timer_view *out);
