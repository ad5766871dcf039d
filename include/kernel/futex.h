// SPDX-License-Identifier: MIT
/* kernel/futex.h - futexes: what exit and exec need beyond the system calls. */
#pragma once

#include "kernel/task.h"

/* Current gives up its address space (exit, execve): robust list, clear_child_tid, PI locks. */
void futex_release_mm(void);
