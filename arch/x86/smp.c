// SPDX-License-Identifier: MIT
/* arch/x86/smp.c - starting the other processors, one after the other.
 *
 * Life of a processor: 1. INIT to all; 2. for each: its id and stack are put where the
 * trampoline looks, startup IPI; 3. trampoline.asm -> smp_entry(): tables, LAPIC, online;
 * 4. the boot CPU sees it online, counts it, goes on to the next; 5. entry().
 * The page the trampoline is copied to may belong to somebody: its bytes are put back.
 * Locks: boot only, interrupts off. Checkpoint: none.
 * See Intel SDM volume 3, 8.4.4. */
#include "arch/machine.h"
#include "arch/x86/internal.h"
#include "lib/print.h"

#define INIT_DELAY_USEC    10000
#define STARTUP_WAIT_USEC  10000	/* for the answer to the first startup IPI */
#define STARTUP_LIMIT_USEC 2000000	/* to the second */
#define POLL_USEC          10
#define TRAMPOLINE_MAX     512

static u8 smp_stacks[MAX_CPUS - 1][KERNEL_STACK_SIZE] __attribute__((aligned(PAGE_SIZE)));
static void (*smp_then)(void);

/* First C of a started processor, on its own stack. */
void smp_entry(unsigned id)
{
	cpu_local_init(id);
	lapic_init_local();
	__atomic_store_n(&cpus[id].online, true, __ATOMIC_RELEASE);
	smp_then();
	cpu_halt_forever();
}

static bool smp_wait_online(const struct cpu *c, u64 usec)
{
	for (; usec >= POLL_USEC; usec -= POLL_USEC) {
		if (__atomic_load_n(&c->online, __ATOMIC_ACQUIRE))
			return true;
		clock_delay_usec(POLL_USEC);
	}
	return false;
}

/* Starts one; false if it does not answer (the machine runs on without it). */
static bool smp_start_one(unsigned id, const struct acpi_cpu *a)
{
	struct cpu *c = &cpus[id];

	c->id = id;
	c->lapic_id = a->lapic_id;
	c->node = a->node;
	trampoline_cpu = id;
	trampoline_stack = (u64)smp_stacks[id - 1] + KERNEL_STACK_SIZE;
	lapic_send(a->lapic_id, ICR_STARTUP | TRAMPOLINE_BASE >> PAGE_SHIFT);
	if (smp_wait_online(c, STARTUP_WAIT_USEC))
		return true;
	lapic_send(a->lapic_id, ICR_STARTUP | TRAMPOLINE_BASE >> PAGE_SHIFT);
	return smp_wait_online(c, STARTUP_LIMIT_USEC);
}

static void smp_start_all(unsigned max_cpus)
{
	for (unsigned i = 0; i < acpi_info.nr_cpus && cpu_count < max_cpus; i++) {
		const struct acpi_cpu *a = &acpi_info.cpus[i];

		if (a->lapic_id == cpus[0].lapic_id)
			continue;
		if (smp_start_one(cpu_count, a))
			cpu_count++;
		else
			kprintf("cpu with LAPIC %u does not start\n", a->lapic_id);
	}
}

void smp_start(unsigned max_cpus, void (*entry)(void))
{
	u8 *page = phys_to_virt(TRAMPOLINE_BASE), kept[TRAMPOLINE_MAX];
	size_t size = trampoline_end - trampoline_start;

	for (unsigned i = 0; i < acpi_info.nr_cpus; i++)
		if (acpi_info.cpus[i].lapic_id == cpus[0].lapic_id)
			cpus[0].node = acpi_info.cpus[i].node;
	if (max_cpus <= 1 || acpi_info.nr_cpus <= 1)
		return;
	smp_then = entry;
	memcpy(kept, page, size);
	memcpy(page, trampoline_start, size);
	for (unsigned i = 0; i < acpi_info.nr_cpus; i++)
		if (acpi_info.cpus[i].lapic_id != cpus[0].lapic_id)
			lapic_send(acpi_info.cpus[i].lapic_id, ICR_INIT);
	clock_delay_usec(INIT_DELAY_USEC);
	smp_start_all(MIN(max_cpus, (unsigned)MAX_CPUS));
	memcpy(page, kept, size);
}
