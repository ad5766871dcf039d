// SPDX-License-Identifier: MIT
/* arch/x86/power.c - power off, restart, halt, and QEMU's way to exit with a status.
 *
 * Each tries one way after the other, the proper one first; what does not work falls through.
 * Context: interrupts off; nothing of the kernel is needed. Checkpoint: none.
 * See the ACPI specification 4.8.3.2 (PM1 control), 4.8.3.6 (reset register). */
#include "arch/machine.h"
#include "arch/x86/internal.h"
#include "lib/print.h"

#define PM1_SCI_ENABLED  BIT(0)
#define PM1_SLEEP_SHIFT  10
#define PM1_SLEEP_ENABLE BIT(13)
#define SPACE_MEMORY     0
#define SPACE_IO         1
#define PCI_RESET_PORT   0xcf9
#define PCI_RESET_ARM    0x02
#define PCI_RESET_FIRE   0x06
#define KBD_COMMAND      0x64
#define KBD_PULSE_RESET  0xfe
#define DEBUG_EXIT_PORT  0xf4
#define ENABLE_TRIES     100000
#define RESET_WAIT_USEC  100000
#define POWER_WAIT_USEC  1000000

/* Some firmware leaves the machine in legacy mode: asks for ACPI mode. */
static void acpi_enable(void)
{
	if (inw(acpi_power.pm1a_control) & PM1_SCI_ENABLED || !acpi_power.smi_command)
		return;
	outb(acpi_power.smi_command, acpi_power.acpi_enable);
	for (unsigned i = 0; i < ENABLE_TRIES; i++)
		if (inw(acpi_power.pm1a_control) & PM1_SCI_ENABLED)
			break;
}

static void acpi_sleep(u16 port, u16 type)
{
	if (port)
		outw(port, (u16)(type << PM1_SLEEP_SHIFT | PM1_SLEEP_ENABLE));
}

void machine_power_off(void)
{
	if (acpi_power.has_s5 && acpi_power.pm1a_control) {
		acpi_enable();
		acpi_sleep(acpi_power.pm1a_control, acpi_power.sleep_type_a);
		acpi_sleep(acpi_power.pm1b_control, acpi_power.sleep_type_b);
		clock_delay_usec(POWER_WAIT_USEC);
	}
	kprintf("this machine cannot switch itself off\n");
	machine_halt();
}

/* An interrupt with no interrupt table: the processor gives up and resets. */
static void triple_fault(void)
{
	struct {
		u16 limit;
		u64 base;
	} __attribute__((packed)) none = { 0, 0 };

	asm volatile("lidt %0; int3" : : "m"(none));
}

void machine_restart(void)
{
	if (acpi_power.has_reset && acpi_power.reset_space == SPACE_IO)
		outb((u16)acpi_power.reset_address, acpi_power.reset_value);
	else if (acpi_power.has_reset && acpi_power.reset_space == SPACE_MEMORY)
		*(volatile u8 *)paging_map_device(acpi_power.reset_address, 1)
			= acpi_power.reset_value;
	outb(PCI_RESET_PORT, PCI_RESET_ARM);
	outb(PCI_RESET_PORT, PCI_RESET_FIRE);
	outb(KBD_COMMAND, KBD_PULSE_RESET);
	clock_delay_usec(RESET_WAIT_USEC);
	triple_fault();
	machine_halt();
}

void machine_halt(void)
{
	cpu_halt_forever();
}

void machine_debug_exit(u32 status)
{
	outl(DEBUG_EXIT_PORT, status);
}
