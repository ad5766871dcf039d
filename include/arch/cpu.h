// SPDX-License-Identifier: MIT
/* arch/cpu.h - processors: per-CPU state through GS, bring-up, inter-processor calls.
 *
 * Locks: fields are written by their own CPU, or under the big kernel lock. */
#pragma once

#include "types.h"

struct task;
struct regs;
struct pagetable;

struct cpu {
	struct cpu *self;		/* gs:0 */
	struct task *running;		/* gs:8; read it as "current" */
	u64 kernel_stack;		/* gs:16: top of current's stack, loaded at entry */
	u64 user_rsp;			/* gs:24: scratch of the SYSCALL entry */
	u32 id;				/* 0 .. cpu_count-1; 0 booted */
	u32 lapic_id;
	u32 node;
	bool online;
	volatile bool need_resched;	/* set by anyone under the BKL; checked at exit to user */
	volatile u32 flush_request;	/* TLB shoot-down: see arch/x86/tlb.c */
	struct pagetable *pagetable;	/* loaded in CR3 */
	struct task *idle;
	void *tss;			/* private to arch */
	u64 irq_count;
	u64 user_ticks, kernel_ticks, idle_ticks; /* for /proc/stat; kept by the scheduler */
	u64 account_mark;		/* clock_ticks() of the last accounting point */
};

extern struct cpu cpus[MAX_CPUS];
extern unsigned cpu_count;	/* online after smp_start() */

/* Like current it may be another one after a sleep: the compiler must not keep it. */
static inline struct cpu *this_cpu(void)
{
	struct cpu *c;

	asm volatile("mov %%gs:0, %0" : "=r"(c));
	return c;
}

/* The running task. Not "pure" for the compiler: it changes over a switch. */
static inline struct task *current_task(void)
{
	struct task *t;

	asm volatile("mov %%gs:8, %0" : "=r"(t));
	return t;
}
#define current current_task()

static inline void cpu_relax(void)
{
	asm volatile("pause");
}

/* --- arch/x86/cpu.c, smp.c --- */
void cpu_early_init(void);	/* GDT, IDT, GS, SYSCALL, SMEP/SMAP/NX of the boot CPU */
/* Starts the other processors (MADT). Each ends in entry(), on its own stack, interrupts off. */
void smp_start(unsigned max_cpus, void (*entry)(void));
void cpu_kick(struct cpu *c);	/* makes c enter the kernel soon (reschedule interrupt) */
void cpu_halt_others(void);	/* panic: stops all other processors at once (NMI) */
void cpu_idle_wait(void);	/* sti; hlt; cli: returns after an interrupt was handled */
void cpu_halt_forever(void) __attribute__((noreturn));
const char *cpu_vendor_string(void);
/* Writes the fields of one processor as in /proc/cpuinfo; returns the length. */
int cpu_info_text(unsigned id, char *buf, size_t size);
extern u64 cpu_hwcap;		/* AT_HWCAP: CPUID.1:EDX */
extern u64 cpu_hwcap2;		/* AT_HWCAP2: FSGSBASE */

/* --- arch/x86/random.c --- */
u64 cpu_random_u64(void);	/* RDRAND, else mixed from the TSC */
