// SPDX-License-Identifier: MIT
/* arch/ptrace.h - the machine state of a task that does not run, as debuggers see and set it.
 *
 * All take a task that sleeps: what its user registers will be when it goes on. */
#pragma once

#include "arch/task.h"
#include "types.h"

/* The general registers as struct user_regs_struct has them: struct regs, then the segments. */
enum {
	USER_REG_ORIG_RAX = 15,
	USER_REG_RIP,
	USER_REG_CS,
	USER_REG_EFLAGS,
	USER_REG_RSP,
	USER_REG_SS,
	USER_REG_FS_BASE,
	USER_REG_GS_BASE,
	USER_REG_DS,
	USER_REG_ES,
	USER_REG_FS,
	USER_REG_GS,
	USER_REGS
};
u64 arch_user_reg(struct arch_task *t, unsigned index);
int arch_set_user_reg(struct arch_task *t, unsigned index, u64 value);	/* 0 or -EIO */

/* A trap after each instruction. Off: what the program itself has set in its flags stays. */
void arch_set_single_step(struct arch_task *t, bool on);

/* The debug registers 0-3 (addresses of user space), 6 and 7. 0, -EINVAL or -EIO. */
#define DEBUG_REGISTERS 8
u64 arch_debug_reg(const struct arch_task *t, unsigned n);
int arch_set_debug_reg(struct arch_task *t, unsigned n, u64 value);

/* The XSAVE area in standard format, with what is in its initial state written out; its first
 * ARCH_FXSAVE_SIZE bytes are the FXSAVE area. buf: arch_fpu_size bytes, which is what set takes
 * too. */
#define ARCH_FXSAVE_SIZE 512
void arch_xstate_get(const struct arch_task *t, void *buf);
int arch_xstate_set(struct arch_task *t, const void *buf);		/* 0 or -EINVAL */
void arch_fxsave_set(struct arch_task *t, const void *buf);
