// SPDX-License-Identifier: MIT
/* kernel/rusage.h - resource usage in the ABI's form. */
#pragma once

#include "kernel/task.h"

int rusage_to_user(uaddr u, const struct cpu_times *t);
