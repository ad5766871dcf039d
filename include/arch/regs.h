// SPDX-License-Identifier: MIT
/* arch/regs.h - the registers of user mode as saved on kernel entry.
 *
 * Field order is that of the ABI's struct user_regs_struct up to ss, so that
 * ptrace and core code copy it as it is. Lies at the top of each kernel stack. */
#pragma once

#include "types.h"

struct regs {
	u64 r15, r14, r13, r12, rbp, rbx;
	u64 r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	u64 orig_rax;	/* system call number; -1 if not in a system call; error code in a trap */
	u64 rip, cs, eflags, rsp, ss;
};

#define KERNEL_STACK_SIZE (4 * PAGE_SIZE)
#define KERNEL_STACK_ORDER 2

#define USER_CS   0x33
#define USER_SS   0x2b
#define USER_CS32 0x23
#define KERNEL_CS 0x10
#define KERNEL_SS 0x18

#define EFLAGS_TF BIT(8)
#define EFLAGS_IF BIT(9)

static inline bool regs_user_mode(const struct regs *r)
{
	return (r->cs & 3) == 3;
}
