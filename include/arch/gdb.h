// SPDX-License-Identifier: MIT
/* arch/gdb.h - the machine's part of the gdb stub: registers in gdb's order, stepping, text.
 *
 * Locks: BKL. See the gdb manual, "Register Packet Format"; gdb/features/i386/64bit-core.xml. */
#pragma once

#include "arch/regs.h"
#include "types.h"

struct arch_task;

/* The general registers as gdb numbers them; what follows them (floating point, vectors) is not
 * sent, and gdb shows it as unavailable. */
struct gdb_regs {
	u64 rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
	u64 r8, r9, r10, r11, r12, r13, r14, r15;
	u64 rip;
	u32 eflags, cs, ss, ds, es, fs, gs;
} __attribute__((packed));

void gdb_regs_show(struct gdb_regs *out, const struct regs *r);
/* What may be set from outside: not the segments, and of the flags those that a user may set. */
void gdb_regs_set(struct regs *r, const struct gdb_regs *in);
/* Where a task that does not run goes on in the kernel; registers that its switch did not keep
 * are zero. */
void arch_task_switched_regs(const struct arch_task *t, struct regs *out);
/* Begins and ends a single step. While a user's is under way no interrupt comes between. */
void gdb_step_begin(struct regs *r);
void gdb_step_end(struct regs *r);
/* Is [addr, addr + n) of the kernel's half memory? Devices are not. */
bool kernel_is_memory(u64 addr, size_t n, u64 ram);
/* Writes there, read-only text included. The range is memory. */
void kernel_write(u64 addr, const void *bytes, size_t n);

#define GDB_BREAKPOINT 0xcc		/* the instruction */
