// SPDX-License-Identifier: MIT
/* arch/x86/task.c - the machine's part of a task: made, copied, switched, sent to user mode.
 *
 * While a task runs, its FPU registers and segment bases are in the processor; struct
 * arch_task holds them while it does not. The user's GS base waits in MSR_KERNEL_GS_BASE
 * while the kernel runs. A kernel thread has no FPU area, and the registers of whoever ran
 * before stay loaded under it, unused.
 * Locks: BKL. Checkpoint: bases and FPU area saved after arch_fpu_sync(). */
#include "arch/task.h"

#include "arch/gdb.h"
#include "arch/x86/internal.h"

/* What switch_stacks() pops, above it the return address (switch.asm). */
struct switch_frame {
	u64 r15, r14, r13, r12, rbx, rbp;
	u64 return_address;
};

static bool task_is_running(const struct arch_task *t)
{
	return this_cpu()->kernel_stack == t->stack_top;
}

u64 arch_get_fs_base(void)
{
	u64 base;

	if (!cpu_features.fsgsbase)
		return rdmsr(MSR_FS_BASE);
	asm volatile("rdfsbase %0" : "=r"(base));
	return base;
}

u64 arch_get_gs_base(void)
{
	u64 base;

	if (!cpu_features.fsgsbase)
		return rdmsr(MSR_KERNEL_GS_BASE);
	asm volatile("swapgs; rdgsbase %0; swapgs" : "=r"(base) : : "memory");
	return base;
}

void arch_set_fs_base(u64 base)
{
	if (cpu_features.fsgsbase)
		asm volatile("wrfsbase %0" : : "r"(base));
	else
		wrmsr(MSR_FS_BASE, base);
}

void arch_set_gs_base(u64 base)
{
	if (cpu_features.fsgsbase)
		asm volatile("swapgs; wrgsbase %0; swapgs" : : "r"(base) : "memory");
	else
		wrmsr(MSR_KERNEL_GS_BASE, base);
}

u64 arch_task_frame(const struct arch_task *t)
{
	return ((const struct switch_frame *)t->rsp)->rbp;
}

void arch_task_switched_regs(const struct arch_task *t, struct regs *out)
{
	const struct switch_frame *f = (const struct switch_frame *)t->rsp;

	*out = (struct regs){
		.r15 = f->r15, .r14 = f->r14, .r13 = f->r13, .r12 = f->r12,
		.rbx = f->rbx, .rbp = f->rbp, .rip = f->return_address, .rsp = (u64)(f + 1),
		.cs = KERNEL_CS, .ss = KERNEL_SS,
	};
}

struct arch_task *arch_switch(struct arch_task *prev, struct arch_task *next)
{
	if (prev->fpu) {
		fpu_save_switch(prev->fpu);
		prev->fs_base = arch_get_fs_base();
		prev->gs_base = arch_get_gs_base();
	}
	if (next->fpu) {
		fpu_restore(next->fpu);
		arch_set_fs_base(next->fs_base);
		arch_set_gs_base(next->gs_base);
	}
	if (unlikely(prev->debug_control | next->debug_control))
		debug_load(next);
	cpu_set_kernel_stack(next->stack_top);
	return switch_stacks(prev, next);
}

void arch_task_prepare(struct arch_task *t, void *stack, void (*start)(void *), void *arg)
{
	struct switch_frame *frame;

	t->stack_top = (u64)stack + KERNEL_STACK_SIZE;
	frame = (struct switch_frame *)task_user_regs(t) - 1;
	*frame = (struct switch_frame){
		.r12 = (u64)start,
		.r13 = (u64)arg,
		.return_address = (u64)task_first_run,
	};
	t->rsp = (u64)frame;
}

void arch_enter_user(struct arch_task *t)
{
	asm volatile("mov %0, %%rsp; jmp return_to_user" : : "r"(task_user_regs(t)) : "memory");
	__builtin_unreachable();
}

void arch_task_copy(struct arch_task *child, struct arch_task *parent)
{
	if (task_is_running(parent)) {
		fpu_save(child->fpu);
		child->fs_base = arch_get_fs_base();
		child->gs_base = arch_get_gs_base();
	} else {
		memcpy(child->fpu, parent->fpu, arch_fpu_size);
		child->fs_base = parent->fs_base;
		child->gs_base = parent->gs_base;
	}
	child->single_step = child->forced_step = false;
}

void arch_task_exec(struct arch_task *t, uaddr entry, uaddr stack)
{
	struct regs *regs = task_user_regs(t);

	*regs = (struct regs){
		.orig_rax = regs->orig_rax,
		.rip = entry,
		.cs = USER_CS,
		.eflags = EFLAGS_IF | EFLAGS_ONE,
		.rsp = stack,
		.ss = USER_SS,
	};
	arch_fpu_init_area(t->fpu);
	t->fs_base = t->gs_base = 0;
	t->forced_step = false;
	t->debug_control = 0;
	if (!task_is_running(t))
		return;
	debug_load(t);
	fpu_restore(t->fpu);
	arch_set_fs_base(0);
	arch_set_gs_base(0);
}
