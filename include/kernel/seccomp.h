// SPDX-License-Identifier: MIT
/* kernel/seccomp.h - filters of system calls: kernel/seccomp.c. */
#pragma once

#include "arch/task.h"
#include "types.h"

struct task;
struct seccomp_filter;

/* May current's call go on? If not, what it returns is in regs->rax. May end the task. */
bool seccomp_allows(struct regs *regs);

/* SECCOMP_MODE_*, and how many filters a task has. */
int seccomp_mode(const struct task *t);
u32 seccomp_filter_count(const struct task *t);

/* prctl(PR_SET_SECCOMP): mode as there, filter the user's struct sock_fprog. */
long seccomp_set_mode(u64 mode, uaddr filter);

/* The names of the actions that there are, severest first (/proc/sys/kernel/seccomp). */
extern const char seccomp_actions[];
