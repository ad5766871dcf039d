// SPDX-License-Identifier: MIT
/* arch/x86/cpu.c - one processor made ready: descriptor tables, stacks, control registers.
 *
 * Each CPU has its own GDT (its TSS is in it) and three stacks for the exceptions that may
 * come at any instruction; the word above each such stack is its struct cpu, from
 * which entry.asm finds GS. The IDT is shared. The order of the GDT is dictated by
 * SYSCALL and SYSRET; the slot of 32-bit user code stays empty, so that no user gets into
 * compatibility mode.
 * Locks: each CPU writes its own. Checkpoint: none; made anew at every boot.
 * See Intel SDM volume 3, 3.4.5, 6.14, 7.7. */
#include "arch/cpu.h"

#include "arch/x86/internal.h"

#define GDT_KERNEL_CODE 0x00af9a000000ffffUL
#define GDT_KERNEL_DATA 0x00cf92000000ffffUL
#define GDT_USER_DATA   0x00cff2000000ffffUL
#define GDT_USER_CODE   0x00affa000000ffffUL
#define GDT_TSS_TYPE    0x89UL		/* available 64-bit TSS, present */
#define TSS_SELECTOR    0x38
#define STAR_USER_BASE  0x23UL		/* SYSRET: ss = +8, cs = +16 */

#define IDT_GATE_KERNEL 0x8e		/* interrupt gate, present */
#define IDT_GATE_USER   0xee		/* INT3 and INTO may come from user mode */

#define IST_STACK_SIZE  (2 * PAGE_SIZE)
#define NR_IST          3

struct tss {
	u32 reserved0;
	u64 rsp[3];
	u64 reserved1;
	u64 ist[7];
	u64 reserved2;
	u16 reserved3;
	u16 io_map;
} __attribute__((packed));

struct cpu_tables {
	u64 gdt[TSS_SELECTOR / 8 + 2];
	struct tss tss;
} __attribute__((aligned(64)));

struct idt_gate {
	u16 offset_low, selector;
	u8 ist, type;
	u16 offset_middle;
	u32 offset_high, reserved;
};

struct table_pointer {
	u16 limit;
	u64 base;
} __attribute__((packed));

struct cpu cpus[MAX_CPUS];
unsigned cpu_count = 1;

static struct cpu_tables cpu_tables[MAX_CPUS];
static u8 ist_stacks[MAX_CPUS][NR_IST][IST_STACK_SIZE] __attribute__((aligned(16)));
static struct idt_gate idt[NR_VECTORS] __attribute__((aligned(16)));

/* The interrupt stack (1-based) of a vector; 0: the task's. */
static u8 vector_ist(unsigned vector)
{
	static const u8 own_stack[NR_IST] = { VEC_NMI, VEC_DOUBLE_FAULT, VEC_MACHINE_CHECK };

	for (u8 i = 0; i < NR_IST; i++)
		if (own_stack[i] == vector)
			return i + 1;
	return 0;
}

static void idt_fill(void)
{
	for (unsigned v = 0; v < NR_VECTORS; v++) {
		u64 stub = trap_stubs[v];
		bool user = v == VEC_BREAKPOINT || v == VEC_OVERFLOW;

		idt[v] = (struct idt_gate){
			.offset_low = (u16)stub,
			.selector = KERNEL_CS,
			.ist = vector_ist(v),
			.type = user ? IDT_GATE_USER : IDT_GATE_KERNEL,
			.offset_middle = (u16)(stub >> 16),
			.offset_high = (u32)(stub >> 32),
		};
	}
}

static void gdt_fill(struct cpu_tables *t)
{
	u64 base = (u64)&t->tss, limit = sizeof(t->tss) - 1;
	u64 *gdt = t->gdt;

	gdt[KERNEL_CS / 8] = GDT_KERNEL_CODE;
	gdt[KERNEL_SS / 8] = GDT_KERNEL_DATA;
	gdt[USER_SS / 8] = GDT_USER_DATA;
	gdt[USER_CS / 8] = GDT_USER_CODE;
	gdt[TSS_SELECTOR / 8] = limit | (base & 0xffffff) << 16 | GDT_TSS_TYPE << 40
		| (base >> 24 & 0xff) << 56;
	gdt[TSS_SELECTOR / 8 + 1] = base >> 32;
}

static void tss_fill(struct cpu *c, struct tss *tss)
{
	tss->io_map = sizeof(*tss);	/* beyond the limit: no ports for users */
	for (unsigned i = 0; i < NR_IST; i++) {
		u64 *top = (u64 *)(ist_stacks[c->id][i] + IST_STACK_SIZE - 2 * sizeof(u64));

		*top = (u64)c;
		tss->ist[i] = (u64)top;
	}
}

/* Loads the tables. The code segment stays: KERNEL_CS is the same in the boot's GDT. */
static void tables_load(struct cpu_tables *t)
{
	struct table_pointer gdt_pointer = { sizeof(t->gdt) - 1, (u64)t->gdt };
	struct table_pointer idt_pointer = { sizeof(idt) - 1, (u64)idt };

	asm volatile("lgdt %0" : : "m"(gdt_pointer));
	asm volatile("lidt %0" : : "m"(idt_pointer));
	asm volatile("ltr %w0" : : "r"(TSS_SELECTOR));
	asm volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%fs; mov %0, %%gs" : : "r"(0));
}

static void syscall_setup(void)
{
	wrmsr(MSR_STAR, STAR_USER_BASE << 48 | (u64)KERNEL_CS << 32);
	wrmsr(MSR_LSTAR, (u64)syscall_entry);
	wrmsr(MSR_SFMASK, EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF | EFLAGS_TF
	      | EFLAGS_IF | EFLAGS_DF | EFLAGS_OF | EFLAGS_IOPL | EFLAGS_NT | EFLAGS_RF
	      | EFLAGS_AC);
}

static void control_setup(void)
{
	const struct cpu_features *f = &cpu_features;

	write_cr4(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT
		  | (f->umip ? CR4_UMIP : 0)
		  | (f->fsgsbase ? CR4_FSGSBASE : 0)
		  | (f->xsave ? CR4_OSXSAVE : 0)
		  | (f->smep ? CR4_SMEP : 0)
		  | (f->smap ? CR4_SMAP : 0));
}

/* Context: the CPU itself, once, on its first stack; features are known. */
void cpu_local_init(unsigned id)
{
	struct cpu *c = &cpus[id];
	struct cpu_tables *t = &cpu_tables[id];

	c->self = c;
	c->id = id;
	c->tss = &t->tss;
	gdt_fill(t);
	tss_fill(c, &t->tss);
	tables_load(t);
	wrmsr(MSR_GS_BASE, (u64)c);
	wrmsr(MSR_KERNEL_GS_BASE, 0);
	syscall_setup();
	control_setup();
	fpu_init_local();
	kmap_load();
}

void cpu_early_init(void)
{
	cpu_features_detect();
	if (cpu_features.smap)
		smap_patch();
	idt_fill();
	kmap_init();
	cpu_local_init(0);
	cpus[0].online = true;
	irq_init();
}

void cpu_set_kernel_stack(u64 top)
{
	struct cpu *c = this_cpu();
	struct tss *tss = c->tss;

	c->kernel_stack = top;
	tss->rsp[0] = top;
}

void cpu_idle_wait(void)
{
	asm volatile("sti; hlt; cli" : : : "memory");
}

void cpu_halt_forever(void)
{
	for (;;)
		asm volatile("cli; hlt");
}
