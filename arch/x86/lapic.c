// SPDX-License-Identifier: MIT
/* arch/x86/lapic.c - the local APIC of each processor: interrupts between processors, timer.
 *
 * Used in xAPIC mode through its registers in memory, the same address on every CPU.
 * Locks: interrupts off; each CPU touches its own. Checkpoint: none.
 * See Intel SDM volume 3, chapter 10. */
#include "arch/x86/internal.h"

#define APIC_BASE_ADDRESS 0xffffff000UL
#define APIC_BASE_ENABLE  BIT(11)
#define APIC_BASE_X2      BIT(10)
#define LAPIC_SIZE        PAGE_SIZE

enum {
	LAPIC_ID = 0x20, LAPIC_TPR = 0x80, LAPIC_EOI = 0xb0, LAPIC_SVR = 0xf0,
	LAPIC_ICR_LOW = 0x300, LAPIC_ICR_HIGH = 0x310, LAPIC_LVT_TIMER = 0x320,
	LAPIC_LVT_LINT0 = 0x350, LAPIC_LVT_LINT1 = 0x360, LAPIC_LVT_ERROR = 0x370,
	LAPIC_TIMER_COUNT = 0x380, LAPIC_TIMER_LEFT = 0x390, LAPIC_TIMER_DIVIDE = 0x3e0,
};

#define LVT_MASKED   BIT(16)
#define LVT_NMI      0x400
#define SVR_ENABLE   BIT(8)
#define ICR_PENDING  BIT(12)
#define DIVIDE_BY_1  0xb
#define ID_SHIFT     24

static volatile u8 *lapic;

static u32 lapic_read(unsigned reg)
{
	return *(volatile u32 *)(lapic + reg);
}

static void lapic_write(unsigned reg, u32 v)
{
	*(volatile u32 *)(lapic + reg) = v;
}

u32 lapic_id(void)
{
	return lapic_read(LAPIC_ID) >> ID_SHIFT;
}

/* Enables this CPU's; all its own interrupt sources masked but the timer. */
void lapic_init_local(void)
{
	u64 base = rdmsr(MSR_APIC_BASE);

	if (base & APIC_BASE_X2)	/* the way back to xAPIC leads through "off" */
		wrmsr(MSR_APIC_BASE, base & ~(APIC_BASE_X2 | APIC_BASE_ENABLE));
	wrmsr(MSR_APIC_BASE, (base & ~APIC_BASE_X2) | APIC_BASE_ENABLE);
	lapic_write(LAPIC_SVR, SVR_ENABLE | VEC_SPURIOUS);
	lapic_write(LAPIC_TPR, 0);
	lapic_write(LAPIC_LVT_LINT0, LVT_MASKED);
	lapic_write(LAPIC_LVT_LINT1, LVT_MASKED);
	lapic_write(LAPIC_LVT_ERROR, LVT_MASKED);
	lapic_write(LAPIC_TIMER_DIVIDE, DIVIDE_BY_1);
	lapic_write(LAPIC_LVT_TIMER, VEC_TIMER);	/* one-shot */
	lapic_write(LAPIC_TIMER_COUNT, 0);
	this_cpu()->lapic_id = lapic_id();
}

void lapic_init(void)
{
	if (lapic)
		return;
	lapic = paging_map_device(rdmsr(MSR_APIC_BASE) & APIC_BASE_ADDRESS, LAPIC_SIZE);
	lapic_init_local();
	/* The machine's NMI, as from a person to whom it seems dead: of one processor. */
	lapic_write(LAPIC_LVT_LINT1, LVT_NMI);
}

void lapic_eoi(void)
{
	lapic_write(LAPIC_EOI, 0);
}

void lapic_send(u32 id, u32 icr_low)
{
	while (lapic_read(LAPIC_ICR_LOW) & ICR_PENDING)
		cpu_relax();
	lapic_write(LAPIC_ICR_HIGH, id << ID_SHIFT);
	lapic_write(LAPIC_ICR_LOW, icr_low);
}

void lapic_send_vector(const struct cpu *c, u8 vector)
{
	lapic_send(c->lapic_id, ICR_FIXED | vector);
}

void lapic_send_nmi_others(void)
{
	if (lapic && cpu_count > 1)
		lapic_send(0, ICR_NMI_OTHERS);
}

void lapic_timer_start(u32 count)
{
	lapic_write(LAPIC_TIMER_COUNT, count);
}

u32 lapic_timer_left(void)
{
	return lapic_read(LAPIC_TIMER_LEFT);
}

void cpu_kick(struct cpu *c)
{
	lapic_send_vector(c, VEC_KICK);
}

void cpu_halt_others(void)
{
	trap_stop_others();
	lapic_send_nmi_others();
}
