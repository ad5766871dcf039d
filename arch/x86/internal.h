// SPDX-License-Identifier: MIT
/* arch/x86/internal.h - what the files of this room share: registers, vectors, helpers.
 *
 * See Intel SDM volume 3, chapters 2 (system registers), 6 (interrupts), 11 (APIC). */
#pragma once

#include "arch/cpu.h"
#include "arch/paging.h"
#include "arch/regs.h"
#include "arch/task.h"
#include "arch/trap.h"
#include "types.h"

/* --- control registers and model-specific registers --- */
#define CR0_PE BIT(0)
#define CR0_MP BIT(1)
#define CR0_EM BIT(2)
#define CR0_TS BIT(3)
#define CR0_ET BIT(4)
#define CR0_NE BIT(5)
#define CR0_WP BIT(16)
#define CR0_PG BIT(31)

#define CR4_PAE        BIT(5)
#define CR4_OSFXSR     BIT(9)
#define CR4_OSXMMEXCPT BIT(10)
#define CR4_UMIP       BIT(11)
#define CR4_FSGSBASE   BIT(16)
#define CR4_OSXSAVE    BIT(18)
#define CR4_SMEP       BIT(20)
#define CR4_SMAP       BIT(21)

#define MSR_APIC_BASE 0x1b
#define MSR_EFER      0xc0000080
#define MSR_STAR      0xc0000081
#define MSR_LSTAR     0xc0000082
#define MSR_SFMASK    0xc0000084
#define MSR_FS_BASE   0xc0000100
#define MSR_GS_BASE   0xc0000101
#define MSR_KERNEL_GS_BASE 0xc0000102

#define EFER_SCE BIT(0)
#define EFER_LME BIT(8)
#define EFER_NXE BIT(11)

#define EFLAGS_CF   BIT(0)
#define EFLAGS_ONE  BIT(1)	/* always set */
#define EFLAGS_PF   BIT(2)
#define EFLAGS_AF   BIT(4)
#define EFLAGS_ZF   BIT(6)
#define EFLAGS_SF   BIT(7)
#define EFLAGS_DF   BIT(10)
#define EFLAGS_OF   BIT(11)
#define EFLAGS_IOPL (BIT(12) | BIT(13))
#define EFLAGS_NT   BIT(14)
#define EFLAGS_RF   BIT(16)
#define EFLAGS_AC   BIT(18)

static inline void cpuid(u32 leaf, u32 sub, u32 r[4])
{
	asm volatile("cpuid" : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
		     : "a"(leaf), "c"(sub));
}
enum { EAX, EBX, ECX, EDX };

static inline u64 rdmsr(u32 msr)
{
	u32 lo, hi;

	asm volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(msr));
	return (u64)hi << 32 | lo;
}

static inline void wrmsr(u32 msr, u64 v)
{
	asm volatile("wrmsr" : : "c"(msr), "a"((u32)v), "d"((u32)(v >> 32)) : "memory");
}

static inline u64 rdtsc(void)
{
	u32 lo, hi;

	asm volatile("rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (u64)hi << 32 | lo;
}

static inline u64 read_cr2(void)
{
	u64 v;

	asm volatile("mov %%cr2, %0" : "=r"(v));
	return v;
}

static inline u64 read_cr3(void)
{
	u64 v;

	asm volatile("mov %%cr3, %0" : "=r"(v));
	return v;
}

static inline void write_cr3(u64 v)
{
	asm volatile("mov %0, %%cr3" : : "r"(v) : "memory");
}

static inline u64 read_cr4(void)
{
	u64 v;

	asm volatile("mov %%cr4, %0" : "=r"(v));
	return v;
}

static inline void write_cr4(u64 v)
{
	asm volatile("mov %0, %%cr4" : : "r"(v) : "memory");
}

/* --- features.c: what this processor can do, found once on the boot CPU --- */
struct cpu_features {
	bool smep, smap, umip, fsgsbase, xsave, xsaveopt, pages_1g, rdrand;
	u64 xcr0;			/* state components in use; 0 without XSAVE */
};
extern struct cpu_features cpu_features;
void cpu_features_detect(void);
u32 cpuid_max(u32 base);		/* highest leaf of the range that starts at base */

/* --- ptrace.c --- */
void debug_load(const struct arch_task *t);	/* into the processor; clears what was there */
enum trap_kind debug_trap(u64 *status);	/* what a debug exception was about */

/* --- vectors --- */
#define VEC_DIVIDE        0
#define VEC_DEBUG         1
#define VEC_NMI           2
#define VEC_BREAKPOINT    3
#define VEC_OVERFLOW      4
#define VEC_BOUND         5
#define VEC_OPCODE        6
#define VEC_DOUBLE_FAULT  8
#define VEC_TSS           10
#define VEC_NOT_PRESENT   11
#define VEC_STACK         12
#define VEC_PROTECTION    13
#define VEC_PAGE_FAULT    14
#define VEC_FPU           16
#define VEC_ALIGN         17
#define VEC_MACHINE_CHECK 18
#define VEC_SIMD          19
#define VEC_FIRST_IRQ     0x30
#define VEC_LAST_IRQ      0xef
#define VEC_TLB           0xf0
#define VEC_KICK          0xf1
#define VEC_TIMER         0xf2
#define VEC_SPURIOUS      0xff
#define NR_VECTORS        256

/* --- entry.asm --- */
extern const u64 trap_stubs[NR_VECTORS];	/* entry points, one for each vector */
void syscall_entry(void);
void return_to_user(void);		/* rsp at a struct regs */

/* --- traps.c --- */
void trap_dispatch(struct regs *regs, u64 vector);
void trap_fatal(struct regs *regs, u64 vector) __attribute__((noreturn));
void trap_bad_return(struct regs *regs);
void trap_stop_others(void);		/* from now on an NMI stops its processor quietly */

/* --- cpu.c --- */
void cpu_local_init(unsigned id);	/* GDT, TSS, IDT, GS, control registers of this CPU */
void cpu_set_kernel_stack(u64 top);	/* where the next entry from user mode starts */

/* --- fpu.c --- */
#define XCR0_AVX BIT(2)
/* The state components as XSAVE wants them: edx:eax. */
#define XSAVE_COMPONENTS "a"((u32)cpu_features.xcr0), "d"((u32)(cpu_features.xcr0 >> 32))
#define FPU_SIZE_MAX 2816		/* x87, SSE, AVX, AVX-512 */
void fpu_init_local(void);
void fpu_save_switch(void *area);	/* may leave out what did not change */
void fpu_save(void *area);		/* everything */
void fpu_restore(const void *area);
/* uaccess.c: the same at a user's address, with XSAVE only. 0 or -EFAULT: no access, bad area. */
int fpu_save_user(uaddr area);
int fpu_restore_user(uaddr area);

/* --- switch.asm --- */
struct arch_task;
struct arch_task *switch_stacks(struct arch_task *prev, struct arch_task *next);
void task_first_run(void);

/* --- task.c --- */
void task_load_bases(struct arch_task *t);

/* --- smap.c: stac and clac, put in place at boot where the processor has SMAP --- */
void smap_patch(void);

/* --- paging.c, kmap.c, tlb.c --- */
#define pml4_index(va) (((va) >> 39) & 511)
#define pdpt_index(va) (((va) >> 30) & 511)
#define pd_index(va)   (((va) >> 21) & 511)
#define pt_index(va)   (((va) >> 12) & 511)
#define TABLE_ENTRIES  512
#define PAGE_2M        BIT(21)
#define PAGE_1G        BIT(30)
#define PTE_PCD        BIT(4)
#define PTE_PWT        BIT(3)
#define PTE_LARGE      BIT(7)
extern pte_t kernel_pml4[TABLE_ENTRIES];
/* Its entries in use: the direct map and the image. Constant after kmap_init(). */
#define KERNEL_ROOTS_MAX 4
extern u16 kernel_roots[KERNEL_ROOTS_MAX];
extern unsigned kernel_root_count;
/* Of boot/entry.asm: the early tables. */
extern pte_t boot_pml4[TABLE_ENTRIES], low_pdpt[TABLE_ENTRIES], kernel_pdpt[TABLE_ENTRIES];
extern pte_t device_pd[TABLE_ENTRIES];
void kmap_init(void);			/* the kernel's own root, without the identity map */
void kmap_load(void);			/* loads it on this CPU */
void tlb_unload(struct pagetable *pt);	/* no processor has pt loaded any more */

/* --- lapic.c, irq.c, time.c --- */
void lapic_init(void);			/* maps it; this CPU's is enabled */
void lapic_init_local(void);
u32 lapic_id(void);
void lapic_eoi(void);
void lapic_send(u32 lapic_id, u32 icr_low);
void lapic_send_vector(const struct cpu *c, u8 vector);
void lapic_send_nmi_others(void);
void lapic_timer_start(u32 count);	/* one-shot in LAPIC ticks; 0 stops */
u32 lapic_timer_left(void);
#define ICR_FIXED        0x4000		/* assert; low byte: vector */
#define ICR_INIT         0x4500		/* INIT, assert */
#define ICR_STARTUP      0x4600		/* startup IPI; low byte: page of the code */
#define ICR_NMI_OTHERS   0xc4400
void irq_init(void);			/* 8259 off, IOAPIC masked */
void irq_device(struct regs *regs, u64 vector);
void clock_interrupt(struct regs *regs);
void clock_delay_usec(u64 usec);

/* --- smp.c, trampoline.asm --- */
#define TRAMPOLINE_BASE 0x8000		/* below 1 MiB, on a page */
extern const u8 trampoline_start[], trampoline_end[];
extern u64 trampoline_stack, trampoline_cpu;	/* of the processor now starting */
void smp_entry(unsigned id) __attribute__((noreturn));

/* --- acpi.c: what power.c needs of the tables --- */
struct acpi_power {
	u16 pm1a_control, pm1b_control;	/* ports; 0: none */
	u16 sleep_type_a, sleep_type_b;
	bool has_s5;
	u16 smi_command;
	u8 acpi_enable;
	bool has_reset;
	u8 reset_space, reset_value;
	u64 reset_address;
	u8 century;			/* CMOS register of the century, or 0 */
};
extern struct acpi_power acpi_power;

/* --- kernel.ld --- */
extern u8 kernel_start[], kernel_end[], text_start[], text_end[], rodata_start[], rodata_end[];
struct extable_entry { u64 start, end, fixup; };	/* instructions that may fault */
extern const struct extable_entry extable_start[], extable_end[];
struct smap_site { u64 address, stac; };
extern const struct smap_site smap_sites_start[], smap_sites_end[];
