// SPDX-License-Identifier: MIT
/* arch/x86/time.c - the clock (TSC) and the one-shot timer of each processor (LAPIC).
 *
 * Frequencies come from CPUID where it tells, else from a few milliseconds beside the ACPI
 * PM timer, or PIT channel 2 on machines without. Nanoseconds are ticks times a 32.32
 * fixed-point factor. The timer is armed for absolute clock times; an interrupt that
 * comes early (count too large for the register, rounding) rearms itself unseen.
 * The TSCs of all CPUs are taken to run together.
 * Locks: interrupts off; timer state is per CPU. Checkpoint: clock values are saved by
 * kernel/time. See Intel SDM volume 3, 17.17 (TSC), 10.5.4 (timer); ACPI 4.8.3.3. */
#include "arch/machine.h"
#include "arch/trap.h"
#include "arch/x86/internal.h"

#define PM_TIMER_HZ    3579545UL
#define PM_TIMER_MASK  0xffffffU	/* 24 bits are always there */
#define PM_TICKS       7159UL		/* 2 ms */

#define PIT_HZ         1193182UL
#define PIT_TICKS      2386UL		/* 2 ms */
#define PIT_CHANNEL_2  0x42
#define PIT_COMMAND    0x43
#define PIT_MODE_0     0xb0		/* channel 2, low then high byte, count down once */
#define PIT_GATE       0x61
#define PIT_GATE_ON    BIT(0)
#define PIT_SPEAKER    BIT(1)
#define PIT_OUTPUT     BIT(5)

#define LEAF_TSC       0x15
#define LEAF_HYPERVISOR 0x40000000
#define LEAF_HV_TIMING 0x40000010
#define CPUID_1_ECX_HYPERVISOR BIT(31)

#define LAPIC_COUNT_MAX 0xffffffffU
#define NEVER          (~0UL)
#define KHZ_TO_NSEC    1000000UL
#define FACTOR_SHIFT   32
#define ROUNDING_TICKS 4		/* by which a span in ticks may be off */

typedef unsigned __int128 u128;

struct clock_scale clock_scale;
static u64 tsc_khz;
static u64 ticks_per_nsec;		/* of the LAPIC timer, 32.32 */
static u64 clock_last;			/* latest time given out */
static u64 armed[MAX_CPUS];		/* deadline of each CPU's timer */

static u64 scale(u64 n, u64 factor)
{
	return (u128)n * factor >> FACTOR_SHIFT;
}

/* TSC frequency as CPUID tells it, or 0. */
static u64 tsc_khz_cpuid(void)
{
	u32 r[4];

	if (cpuid_max(0) >= LEAF_TSC) {
		cpuid(LEAF_TSC, 0, r);
		if (r[EAX] && r[EBX] && r[ECX])
			return (u64)r[ECX] * r[EBX] / r[EAX] / 1000;
	}
	cpuid(1, 0, r);
	if (r[ECX] & CPUID_1_ECX_HYPERVISOR && cpuid_max(LEAF_HYPERVISOR) >= LEAF_HV_TIMING) {
		cpuid(LEAF_HV_TIMING, 0, r);
		return r[EAX];
	}
	return 0;
}

/* Waits for the next tick of the PM timer; returns its value, *tsc at that moment. */
static u32 pm_timer_edge(u16 port, u64 *tsc)
{
	u32 first = inl(port), now;

	do {
		now = inl(port);
		*tsc = rdtsc();
	} while (now == first);
	return now;
}

/* Lets a known time pass: TSC ticks go to *tsc, the time itself in nanoseconds is returned. */
static u64 measure_pm_timer(u16 port, u64 *tsc)
{
	u64 start, end;
	u32 first = pm_timer_edge(port, &start), passed;

	do {
		passed = (inl(port) - first) & PM_TIMER_MASK;
	} while (passed < PM_TICKS);
	passed = (pm_timer_edge(port, &end) - first) & PM_TIMER_MASK;
	*tsc = end - start;
	return passed * (u64)NSEC_PER_SEC / PM_TIMER_HZ;
}

static u64 measure_pit(u64 *tsc)
{
	u8 gate = inb(PIT_GATE) & ~(PIT_SPEAKER | PIT_GATE_ON);
	u64 start;

	outb(PIT_GATE, gate | PIT_GATE_ON);
	outb(PIT_COMMAND, PIT_MODE_0);
	outb(PIT_CHANNEL_2, PIT_TICKS & 0xff);
	outb(PIT_CHANNEL_2, PIT_TICKS >> 8);
	start = rdtsc();
	while (!(inb(PIT_GATE) & PIT_OUTPUT))
		cpu_relax();
	*tsc = rdtsc() - start;
	outb(PIT_GATE, gate);
	return PIT_TICKS * NSEC_PER_SEC / PIT_HZ;
}

/* Lets two milliseconds pass by a clock whose rate is known. */
static u64 measure(u64 *tsc)
{
	u64 khz = tsc_khz_cpuid(), start = rdtsc();

	if (!khz)
		return acpi_info.pm_timer_port ? measure_pm_timer(acpi_info.pm_timer_port, tsc)
					       : measure_pit(tsc);
	do {
		*tsc = rdtsc() - start;
	} while (*tsc < 2 * khz);
	return *tsc * KHZ_TO_NSEC / khz;
}

/* Context: boot, after acpi_init(). Brings up this CPU's LAPIC. */
void clock_init(void)
{
	u64 nsec, tsc, lapic_ticks;

	lapic_init();
	for (unsigned i = 0; i < MAX_CPUS; i++)
		armed[i] = NEVER;
	lapic_timer_start(LAPIC_COUNT_MAX);
	nsec = measure(&tsc);
	lapic_ticks = LAPIC_COUNT_MAX - lapic_timer_left();
	lapic_timer_start(0);
	tsc_khz = tsc * KHZ_TO_NSEC / nsec;
	clock_scale.nsec_per_tick = (KHZ_TO_NSEC << FACTOR_SHIFT) / tsc_khz;
	ticks_per_nsec = (lapic_ticks << FACTOR_SHIFT) / nsec;
	clock_scale.start = rdtsc();
}

/* Never runs backwards, even where the processors' TSCs are a little apart. */
u64 clock_nsec(void)
{
	u64 now = tick_time_nsec(clock_ticks());
	u64 last = __atomic_load_n(&clock_last, __ATOMIC_RELAXED);

	if (unlikely((s64)(now - last) < 0))
		return last;
	__atomic_store_n(&clock_last, now, __ATOMIC_RELAXED);
	return now;
}

u64 nsec_ticks(u64 nsec)
{
	u64 ticks = nsec / KHZ_TO_NSEC * tsc_khz + nsec % KHZ_TO_NSEC * tsc_khz / KHZ_TO_NSEC;

	for (int i = 0; i < ROUNDING_TICKS && ticks_nsec(ticks) < nsec; i++)
		ticks++;
	return ticks;
}

u64 clock_tsc_khz(void)
{
	return tsc_khz;
}

void clock_arm(u64 deadline_nsec)
{
	u64 *mine = &armed[this_cpu()->id];
	u64 now, ticks = 0;

	if (*mine == deadline_nsec)
		return;
	*mine = deadline_nsec;
	if (deadline_nsec != NEVER) {
		now = clock_nsec();
		ticks = deadline_nsec > now ? scale(deadline_nsec - now, ticks_per_nsec) + 1 : 1;
	}
	lapic_timer_start(MIN(ticks, LAPIC_COUNT_MAX));
}

void clock_interrupt(struct regs *regs)
{
	u64 *mine = &armed[this_cpu()->id];
	u64 deadline = *mine;

	*mine = NEVER;
	if (deadline == NEVER)
		return;			/* disarmed while it was on its way */
	if (clock_nsec() < deadline)
		clock_arm(deadline);
	else
		trap_ops.timer(regs);
}

void clock_delay_usec(u64 usec)
{
	u64 start = rdtsc(), ticks = usec * tsc_khz / 1000;

	while (rdtsc() - start < ticks)
		cpu_relax();
}
