// SPDX-License-Identifier: MIT
/* kernel/clocks.h - what a clock id means to those who sleep by it. */
#pragma once

#include "types.h"

enum clock_base {
	BASE_NONE,		/* not for sleeping */
	BASE_MONOTONIC,
	BASE_REAL,
	BASE_CPU,		/* CPU time of a process or thread */
};

struct process;
struct task;

/* 0, -EINVAL or -EOPNOTSUPP as clock_nanosleep(2) says. */
int clock_sleep_base(int clock_id, enum clock_base *base);
/* Whose CPU time a clock id tells: a process's, or (else NULL) one thread's. 0 or -EINVAL. */
int cpu_clock_find(int clock_id, struct process **process, struct task **thread);
s64 process_cpu_nsec(struct process *p);
s64 thread_cpu_nsec(struct task *t);
