// SPDX-License-Identifier: MIT
/* arch/machine.h - clocks, power, ports, ACPI tables of the PC. */
#pragma once

#include "types.h"

/* --- arch/x86/time.c --- */
void clock_init(void);			/* calibrates the TSC */
u64 clock_nsec(void);			/* nanoseconds since clock_init(), monotonic over CPUs */
extern struct clock_scale {
	u64 start, nsec_per_tick;	/* of the TSC; factor 32.32. Constant after clock_init() */
} clock_scale;
/* Ticks of this CPU's clock: cheaper, for spans that begin and end on one CPU. */
static inline u64 clock_ticks(void)
{
	u32 low, high;

	asm volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}
/* How long a span of ticks is. */
static inline u64 ticks_nsec(u64 ticks)
{
	return (unsigned __int128)ticks * clock_scale.nsec_per_tick >> 32;
}
u64 nsec_ticks(u64 nsec);		/* the least span that is so long */
/* The clock as this CPU alone sees it at that tick. */
static inline u64 tick_time_nsec(u64 ticks)
{
	return ticks_nsec(ticks - clock_scale.start);
}
u64 clock_tsc_khz(void);
s64 clock_rtc_seconds(void);		/* wall clock from the CMOS, seconds since 1970 */
void clock_rtc_set(s64 seconds);
/* Arms this CPU's one-shot timer for an absolute clock_nsec() time; ~0UL disarms. */
void clock_arm(u64 deadline_nsec);

/* --- arch/x86/acpi.c --- */
struct acpi_cpu { u32 lapic_id; u32 node; };
struct acpi_memory { paddr start, end; u32 node; };
struct acpi_info {
	unsigned nr_cpus;
	struct acpi_cpu cpus[MAX_CPUS];
	paddr lapic, ioapic;
	u32 ioapic_gsi_base;
	struct { u32 gsi; bool level, active_low; } isa_irq[16];
	unsigned nr_memory;		/* ranges of the SRAT; 0: none */
	struct acpi_memory memory[32];
	u8 distance[MAX_NODES][MAX_NODES];	/* SLIT; 10 on the diagonal */
	paddr mcfg;			/* PCI ECAM base of bus 0, or 0 */
	u32 pm_timer_port;
};
extern struct acpi_info acpi_info;
void acpi_init(paddr rsdp);		/* reads the tables through the boot map */

/* --- arch/x86/power.c --- */
void machine_power_off(void) __attribute__((noreturn));	/* ACPI S5 */
void machine_restart(void) __attribute__((noreturn));
void machine_halt(void) __attribute__((noreturn));
void machine_debug_exit(u32 status);	/* isa-debug-exit; returns where it is not present */

static inline void outb(u16 port, u8 v)
{
	asm volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}
static inline void outw(u16 port, u16 v)
{
	asm volatile("outw %0, %1" : : "a"(v), "Nd"(port));
}
static inline void outl(u16 port, u32 v)
{
	asm volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}
static inline u8 inb(u16 port)
{
	u8 v;

	asm volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
static inline u16 inw(u16 port)
{
	u16 v;

	asm volatile("inw %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
static inline u32 inl(u16 port)
{
	u32 v;

	asm volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
	return v;
}
