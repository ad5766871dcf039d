// SPDX-License-Identifier: MIT
/* arch/x86/offsets.c - what assembly needs to know of C: offsets and constants.
 *
 * Compiled to text only; tools/offsets turns each `->NAME value` line into a nasm
 * %define in offsets.inc. Nothing of this file is linked. */
#include "abi/errno.h"
#include "arch/cpu.h"
#include "arch/paging.h"
#include "arch/task.h"
#include "arch/trap.h"
#include "arch/wide.h"
#include "arch/x86/internal.h"

#define DEFINE(sym, val) asm volatile("\n->" #sym " %0" : : "i"(val))

void offsets(void);

void offsets(void)
{
	DEFINE(CPU_KERNEL_STACK, offsetof(struct cpu, kernel_stack));
	DEFINE(CPU_USER_RSP, offsetof(struct cpu, user_rsp));
	DEFINE(REGS_R11, offsetof(struct regs, r11));
	DEFINE(REGS_RCX, offsetof(struct regs, rcx));
	DEFINE(REGS_RIP, offsetof(struct regs, rip));
	DEFINE(REGS_CS, offsetof(struct regs, cs));
	DEFINE(REGS_EFLAGS, offsetof(struct regs, eflags));
	DEFINE(REGS_SS, offsetof(struct regs, ss));
	DEFINE(REGS_SIZE, sizeof(struct regs));
	DEFINE(TASK_RSP, offsetof(struct arch_task, rsp));
	DEFINE(OPS_SYSCALL, offsetof(struct trap_ops, syscall));
	DEFINE(USER_CS, USER_CS);
	DEFINE(USER_SS, USER_SS);
	DEFINE(KERNEL_CS, KERNEL_CS);
	DEFINE(KERNEL_SS, KERNEL_SS);
	DEFINE(KERNEL_BASE, KERNEL_BASE);
	DEFINE(KERNEL_STACK_SIZE, KERNEL_STACK_SIZE);
	DEFINE(ENOSYS, ENOSYS);
	DEFINE(EFLAGS_NO_SYSRET, EFLAGS_TF | EFLAGS_RF);
	DEFINE(PML4_DIRECT, pml4_index(DIRECT_MAP));
	DEFINE(PML4_KERNEL, pml4_index(KERNEL_BASE));
	DEFINE(PDPT_KERNEL, pdpt_index(KERNEL_BASE));
	DEFINE(MSR_GS_BASE, MSR_GS_BASE);
	DEFINE(MSR_EFER, MSR_EFER);
	DEFINE(EFER_BOOT, EFER_SCE | EFER_LME | EFER_NXE);
	DEFINE(CR0_BOOT, CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_PG);
	DEFINE(CR4_PAE, CR4_PAE);
	DEFINE(TRAMPOLINE_BASE, TRAMPOLINE_BASE);
	DEFINE(VEC_NMI, VEC_NMI);
	DEFINE(VEC_DOUBLE_FAULT, VEC_DOUBLE_FAULT);
	DEFINE(VEC_MACHINE_CHECK, VEC_MACHINE_CHECK);
	DEFINE(PAGE_BYTES, PAGE_SIZE);
	DEFINE(WIDE_BLOCK, WIDE_BLOCK);
	DEFINE(NR_VECTORS, NR_VECTORS);
}
