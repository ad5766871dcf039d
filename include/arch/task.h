// SPDX-License-Identifier: MIT
/* arch/task.h - the machine's part of a task: saved stack, FPU, TLS, debug registers.
 *
 * Checkpoint: fs/gs base and the FPU area are saved; rsp is rebuilt. */
#pragma once

#include "arch/regs.h"
#include "types.h"

struct arch_task {
	u64 rsp;		/* saved kernel stack pointer while not running */
	u64 stack_top;		/* top of the kernel stack: loaded into TSS and gs:16 */
	u64 fs_base, gs_base;	/* user's */
	void *fpu;		/* XSAVE area, NULL for kernel threads */
	bool single_step;	/* a debugger's single step is armed */
	bool forced_step;	/* EFLAGS.TF is the debugger's, not the program's */
	u64 debug_addr[4], debug_status, debug_control;	/* debug registers; control 0: not in use */
};

/* Where the user registers of a task lie: at the top of its kernel stack. */
static inline struct regs *task_user_regs(struct arch_task *t)
{
	return (struct regs *)t->stack_top - 1;
}

/* The frame pointer of the function that a task, which does not run, was switched away in. */
u64 arch_task_frame(const struct arch_task *t);

struct pagetable;

/* Saves FPU, segment bases and callee-saved registers of prev, loads next's; returns (in
 * prev's context, later) the task that ran before. Page table is switched by the caller. */
struct arch_task *arch_switch(struct arch_task *prev, struct arch_task *next);
/* Prepares a new kernel stack so that the first switch to t calls start(arg), and when that
 * returns, leaves to user mode with task_user_regs(t). */
void arch_task_prepare(struct arch_task *t, void *stack, void (*start)(void *), void *arg);
/* Leaves the kernel to user mode with the registers at the stack top. Does not return. */
void arch_enter_user(struct arch_task *t) __attribute__((noreturn));
/* Copies what fork copies: FPU state, bases (child's fpu area is already allocated). */
void arch_task_copy(struct arch_task *child, struct arch_task *parent);
/* exec: default FPU state, zero bases, registers zeroed but for entry and stack. */
void arch_task_exec(struct arch_task *t, uaddr entry, uaddr stack);
/* Puts the current FPU registers into t->fpu (t is current), or loads them back from it. */
void arch_fpu_sync(struct arch_task *t);
void arch_fpu_reload(struct arch_task *t);
extern size_t arch_fpu_size;	/* bytes of an XSAVE (or FXSAVE) area */
#define ARCH_FPU_ALIGN 64
void arch_fpu_init_area(void *area);
/* Checks an area that came from outside (signal frame, ptrace, image): 0 or -EINVAL. */
int arch_fpu_check(const void *area, size_t size);
void arch_set_fs_base(u64 base);	/* of the current task, at once */
void arch_set_gs_base(u64 base);
u64 arch_get_gs_base(void);		/* user's gs base of the current task, live */
u64 arch_get_fs_base(void);		/* live fs base (FSGSBASE lets users change it) */

/* --- arch/x86/signal.c: the signal frame of the ABI --- */
struct sigframe_info {
	int sig;
	uaddr handler, restorer;
	u64 flags;			/* SA_* of the action */
	u64 mask;			/* to restore at sigreturn */
	uaddr altstack_sp;		/* ss_sp, ss_size, ss_flags as uc_stack shows them */
	u64 altstack_size;
	u32 altstack_flags;
	bool use_altstack;		/* start the frame at the top of the alternate stack */
	const void *siginfo;		/* a siginfo_t of 128 bytes */
	u64 fault_addr, trap_no, error_code;	/* for the sigcontext */
};
/* Builds the frame on the user's stack and points regs at the handler. 0 or -EFAULT. */
int arch_signal_frame(struct arch_task *t, struct regs *regs, const struct sigframe_info *info);
struct sigreturn_info {
	u64 mask;
	uaddr altstack_sp;
	u64 altstack_size;
	u32 altstack_flags;
};
/* rt_sigreturn: reloads regs and FPU from the frame at regs->rsp. 0 or -EFAULT. */
int arch_signal_return(struct arch_task *t, struct regs *regs, struct sigreturn_info *out);
