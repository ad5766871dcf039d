// SPDX-License-Identifier: MIT
/* kernel/rlimit.h - resource limits: the first process's, and changing them. */
#pragma once

#include "kernel/task.h"

#define NOFILE_MAX (1024 * 1024)	/* sysctl fs.nr_open */

/* The limits of the first process, as Linux sets them; the numbers of tasks and signals depend on
 * task_max. */
void rlimit_init(struct process *p);
