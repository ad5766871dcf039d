// SPDX-License-Identifier: MIT
/* arch/x86/ptrace.c - registers of tasks that sleep, for debuggers; single step; debug registers.
 *
 * The general registers lie at the top of the task's kernel stack, bases and the XSAVE area in its
 * struct arch_task. Single step is EFLAGS.TF; "forced" remembers that it is ours and not the
 * program's own, so that it is neither shown nor kept.
 * Debug registers are loaded at a switch from or to a task that uses them (task.c). The processor
 * writes DR6; debug_trap() takes what it says and clears it.
 * Locks: BKL. Checkpoint: tasks under a debugger are refused.
 * See ptrace(2), Intel SDM volume 3, 17.2 (debug registers), volume 1, 13.4 (XSAVE area). */
#include "arch/ptrace.h"

#include "abi/errno.h"
#include "arch/x86/internal.h"

#define LEAF_XSAVE 0xd
#define FCW_DEFAULT 0x37f
#define MXCSR_AT 24			/* in the FXSAVE area */
#define MXCSR_SETTABLE 0xffbfU
#define REGISTERS_AT 32			/* x87, then SSE registers */
#define SSE_AT 160
#define SSE_END 416
#define SW_BYTES_AT 464			/* not the processor's: the components come first */
#define COMPONENTS_AT 512
#define COMPONENT_X87 BIT(0)
#define COMPONENT_SSE BIT(1)

/* What a debugger may change in the flags. */
#define EFLAGS_SETTABLE                                                                      \
	(EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF | EFLAGS_TF | EFLAGS_DF | \
	 EFLAGS_OF | EFLAGS_RF | EFLAGS_AC | EFLAGS_NT)

/* --- general registers --- */

static u64 *stack_reg(struct arch_task *t, unsigned index)
{
	return (u64 *)task_user_regs(t) + index;
}

u64 arch_user_reg(struct arch_task *t, unsigned index)
{
	switch (index) {
	case USER_REG_FS_BASE:
		return t->fs_base;
	case USER_REG_GS_BASE:
		return t->gs_base;
	case USER_REG_DS:
	case USER_REG_ES:
	case USER_REG_FS:
	case USER_REG_GS:
		return 0;
	case USER_REG_EFLAGS:
		return *stack_reg(t, index) & ~(t->forced_step ? EFLAGS_TF : 0);
	}
	return *stack_reg(t, index);
}

static void set_flags(struct arch_task *t, u64 value)
{
	u64 *flags = stack_reg(t, USER_REG_EFLAGS);

	if (value & EFLAGS_TF)
		t->forced_step = false;
	else if (t->forced_step)
		value |= EFLAGS_TF;
	*flags = (*flags & ~EFLAGS_SETTABLE) | (value & EFLAGS_SETTABLE);
}

int arch_set_user_reg(struct arch_task *t, unsigned index, u64 value)
{
	switch (index) {
	case USER_REG_FS_BASE:
	case USER_REG_GS_BASE:
		if (value >= USER_END)
			return -EIO;
		*(index == USER_REG_FS_BASE ? &t->fs_base : &t->gs_base) = value;
		return 0;
	case USER_REG_DS:
	case USER_REG_ES:
	case USER_REG_FS:
	case USER_REG_GS:
		return value ? -EIO : 0;
	case USER_REG_CS:
		return value == USER_CS ? 0 : -EIO;
	case USER_REG_SS:
		return value == USER_SS ? 0 : -EIO;
	case USER_REG_EFLAGS:
		set_flags(t, value);
		return 0;
	}
	*stack_reg(t, index) = value;
	return 0;
}

/* --- single step --- */

void arch_set_single_step(struct arch_task *t, bool on)
{
	u64 *flags = stack_reg(t, USER_REG_EFLAGS);

	t->single_step = on;
	if (on && !(*flags & EFLAGS_TF)) {
		t->forced_step = true;
		*flags |= EFLAGS_TF;
	} else if (!on && t->forced_step) {
		t->forced_step = false;
		*flags &= ~EFLAGS_TF;
	}
}

/* --- debug registers --- */

#define DR6_FIXED 0xffff0ff0UL		/* reads so when nothing has happened */
#define DR6_STEP BIT(14)
#define DR7_FIXED BIT(10)
#define DR7_ENABLE 0xffUL
#define DR7_KNOWN 0xffff03ffUL
#define DR7_FIRST_TYPE 16		/* four bits each: kind of access, length */
#define DR_FIRST_HELD 4
#define DR_STATUS 6
#define DR_CONTROL 7

u64 arch_debug_reg(const struct arch_task *t, unsigned n)
{
	if (n < DR_FIRST_HELD)
		return t->debug_addr[n];
	if (n == DR_STATUS)
		return t->debug_status;
	return n == DR_CONTROL ? t->debug_control : 0;
}

/* Kinds: execute (length 1), write, read or write; not I/O. */
static bool control_valid(u64 control)
{
	if (control & ~(DR7_KNOWN | DR7_FIXED))
		return false;
	for (unsigned i = 0; i < DR_FIRST_HELD; i++) {
		unsigned type = control >> (DR7_FIRST_TYPE + 4 * i) & 0xf, kind = type & 3;

		if (control >> 2 * i & 3 && (kind == 2 || (kind == 0 && type)))
			return false;
	}
	return true;
}

int arch_set_debug_reg(struct arch_task *t, unsigned n, u64 value)
{
	if (n < DR_FIRST_HELD) {
		if (value >= USER_END)
			return -EINVAL;
		t->debug_addr[n] = value;
	} else if (n == DR_STATUS) {
		t->debug_status = value;
	} else if (n == DR_CONTROL) {
		if (!control_valid(value))
			return -EINVAL;
		t->debug_control = value;
	} else if (value) {
		return -EIO;
	}
	return 0;
}

void debug_load(const struct arch_task *t)
{
	u64 control = t->debug_control & DR7_ENABLE ? t->debug_control | DR7_FIXED : 0;

	asm volatile("mov %0, %%dr7" : : "r"(0UL));
	if (!control)
		return;
	asm volatile("mov %0, %%dr0" : : "r"(t->debug_addr[0]));
	asm volatile("mov %0, %%dr1" : : "r"(t->debug_addr[1]));
	asm volatile("mov %0, %%dr2" : : "r"(t->debug_addr[2]));
	asm volatile("mov %0, %%dr3" : : "r"(t->debug_addr[3]));
	asm volatile("mov %0, %%dr7" : : "r"(control));
}

enum trap_kind debug_trap(u64 *status)
{
	u64 dr6;

	asm volatile("mov %%dr6, %0" : "=r"(dr6));
	asm volatile("mov %0, %%dr6" : : "r"(DR6_FIXED));
	*status = dr6 ^ DR6_FIXED;
	return *status & DR6_STEP ? TRAP_DEBUG : TRAP_WATCH;
}

/* --- floating point and vectors --- */

static u64 *components_of(void *area)
{
	return (u64 *)((u8 *)area + COMPONENTS_AT);
}

/* The areas of the components from number 2 on that are not in use read as zeros. */
static void clear_unused(void *buf, u64 used)
{
	u32 r[4];

	for (unsigned i = 2; i < 63; i++) {
		if (!(cpu_features.xcr0 & BIT(i)) || used & BIT(i))
			continue;
		cpuid(LEAF_XSAVE, i, r);
		if (r[EBX] + r[EAX] <= arch_fpu_size)
			memset((u8 *)buf + r[EBX], 0, r[EAX]);
	}
}

void arch_xstate_get(const struct arch_task *t, void *buf)
{
	u8 *b = buf;
	u64 used;

	memcpy(buf, t->fpu, arch_fpu_size);
	if (!cpu_features.xsave)
		return;
	used = *components_of(buf);
	if (!(used & COMPONENT_X87)) {
		memset(b, 0, MXCSR_AT);
		memset(b + REGISTERS_AT, 0, SSE_AT - REGISTERS_AT);
		*(u16 *)b = FCW_DEFAULT;
	}
	if (!(used & COMPONENT_SSE))
		memset(b + SSE_AT, 0, SSE_END - SSE_AT);
	clear_unused(buf, used);
	memset(b + SSE_END, 0, COMPONENTS_AT - SSE_END);
	*(u64 *)(b + SW_BYTES_AT) = cpu_features.xcr0;
}

int arch_xstate_set(struct arch_task *t, const void *buf)
{
	int err = arch_fpu_check(buf, arch_fpu_size);

	if (!err)
		memcpy(t->fpu, buf, arch_fpu_size);
	return err;
}

/* MXCSR's reserved bits are dropped. */
void arch_fxsave_set(struct arch_task *t, const void *buf)
{
	u8 *area = t->fpu;
	u32 mxcsr;

	memcpy(area, buf, SSE_END);
	memcpy(&mxcsr, area + MXCSR_AT, sizeof(mxcsr));
	mxcsr &= MXCSR_SETTABLE;
	memcpy(area + MXCSR_AT, &mxcsr, sizeof(mxcsr));
	if (cpu_features.xsave)
		*components_of(area) |= COMPONENT_X87 | COMPONENT_SSE;
}
