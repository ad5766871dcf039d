// SPDX-License-Identifier: MIT
/* arch/trap.h - how the processor enters the kernel: upper rooms fill in trap_ops at boot.
 *
 * All run with interrupts off on the kernel stack of the interrupted task. The
 * big kernel lock is NOT held at entry: the handlers take and drop it.
 * From user mode, after the handler returns, registers are reloaded from "regs". */
#pragma once

#include "arch/regs.h"
#include "types.h"

enum trap_kind {	/* user faults that become signals; values are the trap_no of a frame */
	TRAP_DIVIDE = 0, TRAP_DEBUG = 1, TRAP_BREAKPOINT = 3, TRAP_OVERFLOW = 4, TRAP_BOUND = 5,
	TRAP_OPCODE = 6, TRAP_SEGMENT = 12, TRAP_PROTECTION = 13, TRAP_PAGE_FAULT = 14,
	TRAP_FPU = 16, TRAP_ALIGN = 17, TRAP_SIMD = 19,
	TRAP_WATCH = 20,	/* TRAP_DEBUG by a debug register */
};

/* Bits of a page fault, as the processor gives them. */
#define FAULT_PRESENT BIT(0)
#define FAULT_WRITE   BIT(1)
#define FAULT_USER    BIT(2)
#define FAULT_FETCH   BIT(4)

struct trap_ops {
	void (*syscall)(struct regs *regs);
	/* A page fault from user mode, or in a user copy of the kernel (regs in kernel mode,
	 * BKL held). Returns 0 if mended; in kernel mode -EFAULT lets the copy fail. */
	int (*page_fault)(struct regs *regs, uaddr addr, u64 error);
	/* Any other exception raised in user mode. TRAP_DEBUG, TRAP_WATCH: error is DR6's bits. */
	void (*user_trap)(struct regs *regs, enum trap_kind kind, u64 error);
	/* A breakpoint or (step) a single step, in user mode or in the kernel: true if it was the
	 * kernel debugger's. */
	bool (*debugger)(struct regs *regs, u64 vector, bool step);
	/* A device interrupt: handler(arg) is called under the BKL. */
	void (*interrupt)(struct regs *regs, void (*handler)(void *), void *arg);
	/* The one-shot timer of this CPU, or a reschedule request. */
	void (*timer)(struct regs *regs);
	void (*kick)(struct regs *regs);
	/* A bug: an exception in the kernel, registers already printed. Does not return.
	 * NULL: panic(). */
	void (*fatal)(struct regs *regs, const char *what);
};
extern struct trap_ops trap_ops;

/* --- arch/x86/irq.c --- */
/* Routes a legacy ISA interrupt or a PCI interrupt line to handler. Returns 0 or -errno. */
int irq_register_isa(unsigned irq, void (*handler)(void *), void *arg);
int irq_register_gsi(unsigned gsi, bool level, bool active_low, void (*handler)(void *), void *arg);
/* A message-signalled vector: gives the address and data to program into the device. */
int irq_register_msi(void (*handler)(void *), void *arg, u64 *addr, u32 *data);
/* Interrupts handled so far on a vector slot, for /proc/interrupts; NULL name at the end. */
u64 irq_total(void);
