// SPDX-License-Identifier: MIT
/* kernel/panic.h - the end: message, symbolised backtrace, the task, all tasks. */
#pragma once

#include "lib/assert.h"
#include "types.h"

struct regs;

/* The symbol table, made by tools/symbols in a second link; sorted by offset. */
struct ksym {
	u32 offset;		/* from KERNEL_BASE */
	u32 name;		/* into ksym_names */
};
extern const struct ksym ksyms[];
extern const u32 ksym_count;
extern const char ksym_names[];

/* Name of the function holding addr, and the offset in it; "?" if unknown. */
const char *symbol_of(u64 addr, u64 *offset);
void backtrace_print(u64 rbp, u64 rip);
/* The return addresses of the frames from rbp on; how many. */
u32 stack_trace(u64 rbp, u64 *rips, u32 max);
/* The function that t sleeps in, below those that put it to sleep; NULL if it does not sleep. */
struct task;
const char *task_sleeps_in(const struct task *t);
void panic_regs(const struct regs *regs, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));
void tasks_print(void);		/* one line a task */
