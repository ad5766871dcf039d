// SPDX-License-Identifier: MIT
/* arch/x86/traps.c - what an exception or interrupt means, and whom to tell.
 *
 * entry.asm calls trap_dispatch() with interrupts off on the kernel stack. From user mode
 * everything goes to trap_ops. From kernel mode there are three cases: an interrupt of the
 * idle loop; a fault at an instruction of the exception table (a user copy: trap_ops may
 * mend it, else the copy's fixup runs); anything else, which is a bug and ends in panic().
 * The error code is taken out of regs->orig_rax first: -1 there says "not a system call".
 * Locks: none held at entry but in the user copy (BKL). */
#include "arch/trap.h"

#include "arch/x86/internal.h"
#include "drivers/console.h"
#include "lib/assert.h"
#include "lib/print.h"

struct trap_ops trap_ops;

static volatile bool stopping;	/* a panic: an NMI means "halt" */

struct trap_row {
	const char *name;
	bool signal;		/* becomes trap_ops.user_trap(kind) in user mode */
	enum trap_kind kind;
};

static const struct trap_row trap_rows[] = {
	[VEC_DIVIDE] = { "divide error", true, TRAP_DIVIDE },
	[VEC_DEBUG] = { "debug", true, TRAP_DEBUG },
	[VEC_NMI] = { "NMI", false, 0 },
	[VEC_BREAKPOINT] = { "breakpoint", true, TRAP_BREAKPOINT },
	[VEC_OVERFLOW] = { "overflow", true, TRAP_OVERFLOW },
	[VEC_BOUND] = { "bound range", true, TRAP_BOUND },
	[VEC_OPCODE] = { "invalid opcode", true, TRAP_OPCODE },
	[VEC_DOUBLE_FAULT] = { "double fault", false, 0 },
	[VEC_TSS] = { "invalid TSS", true, TRAP_PROTECTION },
	[VEC_NOT_PRESENT] = { "segment not present", true, TRAP_SEGMENT },
	[VEC_STACK] = { "stack segment", true, TRAP_SEGMENT },
	[VEC_PROTECTION] = { "general protection", true, TRAP_PROTECTION },
	[VEC_PAGE_FAULT] = { "page fault", false, 0 },
	[VEC_FPU] = { "x87 error", true, TRAP_FPU },
	[VEC_ALIGN] = { "alignment check", true, TRAP_ALIGN },
	[VEC_MACHINE_CHECK] = { "machine check", false, 0 },
	[VEC_SIMD] = { "SIMD error", true, TRAP_SIMD },
};

static const char *trap_name(u64 vector)
{
	if (vector < ARRAY_SIZE(trap_rows) && trap_rows[vector].name)
		return trap_rows[vector].name;
	return "unexpected trap";
}

static void regs_print(const struct regs *r)
{
	kprintf("rip %04lx:%016lx rsp %04lx:%016lx flags %08lx cr2 %016lx\n", r->cs, r->rip,
		r->ss, r->rsp, r->eflags, read_cr2());
	kprintf("rax %016lx rbx %016lx rcx %016lx rdx %016lx\n", r->rax, r->rbx, r->rcx, r->rdx);
	kprintf("rsi %016lx rdi %016lx rbp %016lx r8  %016lx\n", r->rsi, r->rdi, r->rbp, r->r8);
	kprintf("r9  %016lx r10 %016lx r11 %016lx r12 %016lx\n", r->r9, r->r10, r->r11, r->r12);
	kprintf("r13 %016lx r14 %016lx r15 %016lx error %lx cr3 %016lx\n", r->r13, r->r14,
		r->r15, r->orig_rax, read_cr3());
}

/* Exceptions that end the machine, and the NMI by which a panic stops the others. */
void trap_fatal(struct regs *regs, u64 vector)
{
	if (vector == VEC_NMI && stopping)
		cpu_halt_forever();
	console_quiet = false;
	regs_print(regs);
	if (trap_ops.fatal)
		trap_ops.fatal(regs, trap_name(vector));
	panic("%s (%lu) at %016lx, address %016lx", trap_name(vector), vector, regs->rip,
	      read_cr2());
}

void trap_stop_others(void)
{
	stopping = true;
}

/* The registers a task is to leave with would make IRET fail: the task's fault. */
void trap_bad_return(struct regs *regs)
{
	regs->cs = USER_CS;
	regs->ss = USER_SS;
	trap_ops.user_trap(regs, TRAP_PROTECTION, 0);
}

/* Where to go on after a fault at rip, or 0. */
static u64 extable_find(u64 rip)
{
	for (const struct extable_entry *e = extable_start; e < extable_end; e++)
		if (rip >= e->start && rip < e->end)
			return e->fixup;
	return 0;
}

static void trap_page_fault(struct regs *regs, u64 error)
{
	uaddr addr = read_cr2();
	u64 fixup;

	if (regs_user_mode(regs)) {
		regs->orig_rax = -1;
		trap_ops.page_fault(regs, addr, error);
		return;
	}
	fixup = extable_find(regs->rip);
	if (!fixup || addr >= USER_END)
		trap_fatal(regs, VEC_PAGE_FAULT);
	if (trap_ops.page_fault(regs, addr, error) != 0)
		regs->rip = fixup;
}

/* In the kernel: a watched place was touched in a user copy, which nobody hears of. */
static void trap_debug(struct regs *regs)
{
	u64 status;
	enum trap_kind kind = debug_trap(&status);

	if (trap_ops.debugger(regs, VEC_DEBUG, kind == TRAP_DEBUG) || !regs_user_mode(regs))
		return;
	regs->orig_rax = -1;
	trap_ops.user_trap(regs, kind, status);
}

static void trap_exception(struct regs *regs, u64 vector)
{
	u64 error = regs->orig_rax, fixup;

	if (vector == VEC_PAGE_FAULT) {
		trap_page_fault(regs, error);
		return;
	}
	if (vector == VEC_DEBUG) {
		trap_debug(regs);
		return;
	}
	if (vector == VEC_BREAKPOINT && trap_ops.debugger && trap_ops.debugger(regs, vector, false))
		return;
	if (!regs_user_mode(regs)) {
		fixup = vector == VEC_PROTECTION ? extable_find(regs->rip) : 0;
		if (!fixup)
			trap_fatal(regs, vector);
		regs->rip = fixup;
		return;
	}
	if (vector >= ARRAY_SIZE(trap_rows) || !trap_rows[vector].signal)
		trap_fatal(regs, vector);
	regs->orig_rax = -1;
	trap_ops.user_trap(regs, trap_rows[vector].kind, error);
}

void trap_dispatch(struct regs *regs, u64 vector)
{
	if (vector < VEC_FIRST_IRQ) {
		trap_exception(regs, vector);
		return;
	}
	regs->orig_rax = -1;
	this_cpu()->irq_count++;
	switch (vector) {
	case VEC_TIMER:
		lapic_eoi();
		clock_interrupt(regs);
		break;
	case VEC_KICK:
		lapic_eoi();
		trap_ops.kick(regs);
		break;
	case VEC_TLB:
		tlb_poll();
		lapic_eoi();
		break;
	case VEC_SPURIOUS:
		break;
	default:
		irq_device(regs, vector);
	}
}
