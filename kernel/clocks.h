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

/* 0, -EINVAL or -EOPNOTSUPP as clock_nanosleep(2) says. */
int clock_sleep_base(int clock_id, enum clock_base *base);
