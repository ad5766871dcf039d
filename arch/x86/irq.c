// SPDX-License-Identifier: MIT
/* arch/x86/irq.c - device interrupts: IOAPIC pins and message-signalled vectors.
 *
 * A line is a vector with up to LINE_HANDLERS handlers (PCI devices share pins). All go to
 * the processor that booted. The two 8259 are masked once and never heard of again.
 * End of interrupt is signalled after the handlers ran (a level pin would fire again
 * before) but before the task may be switched away: inside the callback that
 * trap_ops.interrupt() calls.
 * Locks: BKL for registration. Checkpoint: none.
 * See Intel SDM volume 3, 10.11 (MSI); Intel 82093AA (IOAPIC) data sheet. */
#include "abi/errno.h"
#include "arch/machine.h"
#include "arch/trap.h"
#include "arch/x86/internal.h"

#define PIC_MASTER_DATA 0x21
#define PIC_SLAVE_DATA  0xa1
#define PIC_MASK_ALL    0xff

#define IOAPIC_SELECT  0x00
#define IOAPIC_WINDOW  0x10
#define IOAPIC_SIZE    PAGE_SIZE
#define IOAPIC_VERSION 1
#define IOAPIC_PINS    0x10		/* two registers for each pin */
#define PIN_MASKED     BIT(16)
#define PIN_LEVEL      BIT(15)
#define PIN_ACTIVE_LOW BIT(13)
#define PIN_DEST_SHIFT 24

#define MSI_ADDRESS    0xfee00000UL
#define MSI_DEST_SHIFT 12

#define LINE_HANDLERS  4
#define NR_LINES       (VEC_LAST_IRQ - VEC_FIRST_IRQ + 1)
#define NR_ISA         16
#define GSI_NONE       (~0U)

struct irq_line {
	u32 gsi;			/* GSI_NONE: message-signalled */
	unsigned nr_handlers;
	struct {
		void (*handler)(void *);
		void *arg;
	} handlers[LINE_HANDLERS];
};

static struct irq_line irq_lines[NR_LINES];	/* [vector - VEC_FIRST_IRQ] */
static unsigned nr_lines;
static volatile u8 *ioapic;
static unsigned ioapic_pins;

void irq_init(void)
{
	outb(PIC_MASTER_DATA, PIC_MASK_ALL);
	outb(PIC_SLAVE_DATA, PIC_MASK_ALL);
}

static u32 ioapic_read(unsigned reg)
{
	*(volatile u32 *)(ioapic + IOAPIC_SELECT) = reg;
	return *(volatile u32 *)(ioapic + IOAPIC_WINDOW);
}

static void ioapic_write(unsigned reg, u32 v)
{
	*(volatile u32 *)(ioapic + IOAPIC_SELECT) = reg;
	*(volatile u32 *)(ioapic + IOAPIC_WINDOW) = v;
}

static void ioapic_set_pin(unsigned pin, u32 low, u32 high)
{
	ioapic_write(IOAPIC_PINS + 2 * pin, PIN_MASKED);
	ioapic_write(IOAPIC_PINS + 2 * pin + 1, high);
	ioapic_write(IOAPIC_PINS + 2 * pin, low);
}

/* Maps the IOAPIC at first use, all pins masked. -ENODEV if the machine has none. */
static int ioapic_open(void)
{
	if (ioapic)
		return 0;
	if (!acpi_info.ioapic)
		return -ENODEV;
	lapic_init();
	ioapic = paging_map_device(acpi_info.ioapic, IOAPIC_SIZE);
	ioapic_pins = (ioapic_read(IOAPIC_VERSION) >> 16 & 0xff) + 1;
	for (unsigned pin = 0; pin < ioapic_pins; pin++)
		ioapic_set_pin(pin, PIN_MASKED, 0);
	return 0;
}

static int line_add_handler(struct irq_line *line, void (*handler)(void *), void *arg)
{
	if (line->nr_handlers == LINE_HANDLERS)
		return -EBUSY;
	line->handlers[line->nr_handlers].arg = arg;
	line->handlers[line->nr_handlers].handler = handler;
	line->nr_handlers++;
	return 0;
}

static int line_create(u32 gsi, void (*handler)(void *), void *arg, u8 *vector)
{
	if (nr_lines == NR_LINES)
		return -ENOSPC;
	irq_lines[nr_lines].gsi = gsi;
	*vector = VEC_FIRST_IRQ + nr_lines;
	return line_add_handler(&irq_lines[nr_lines++], handler, arg);
}

int irq_register_gsi(unsigned gsi, bool level, bool active_low, void (*handler)(void *), void *arg)
{
	u32 pin = gsi - acpi_info.ioapic_gsi_base;
	int err = ioapic_open();
	u8 vector;

	if (err)
		return err;
	if (pin >= ioapic_pins)
		return -EINVAL;
	for (unsigned i = 0; i < nr_lines; i++)
		if (irq_lines[i].gsi == gsi)
			return line_add_handler(&irq_lines[i], handler, arg);
	err = line_create(gsi, handler, arg, &vector);
	if (err)
		return err;
	ioapic_set_pin(pin, vector | (level ? PIN_LEVEL : 0) | (active_low ? PIN_ACTIVE_LOW : 0),
		       cpus[0].lapic_id << PIN_DEST_SHIFT);
	return 0;
}

int irq_register_isa(unsigned irq, void (*handler)(void *), void *arg)
{
	if (irq >= NR_ISA)
		return -EINVAL;
	return irq_register_gsi(acpi_info.isa_irq[irq].gsi, acpi_info.isa_irq[irq].level,
				acpi_info.isa_irq[irq].active_low, handler, arg);
}

int irq_register_msi(void (*handler)(void *), void *arg, u64 *addr, u32 *data)
{
	u8 vector;
	int err = line_create(GSI_NONE, handler, arg, &vector);

	if (err)
		return err;
	lapic_init();
	*addr = MSI_ADDRESS | (u64)cpus[0].lapic_id << MSI_DEST_SHIFT;
	*data = vector;
	return 0;
}

/* Runs under the BKL. */
static void line_run(void *arg)
{
	struct irq_line *line = arg;

	for (unsigned i = 0; i < line->nr_handlers; i++)
		line->handlers[i].handler(line->handlers[i].arg);
	lapic_eoi();
}

void irq_device(struct regs *regs, u64 vector)
{
	unsigned i = vector - VEC_FIRST_IRQ;

	if (i < nr_lines)
		trap_ops.interrupt(regs, line_run, &irq_lines[i]);
	else
		lapic_eoi();
}

u64 irq_total(void)
{
	u64 sum = 0;

	for (unsigned i = 0; i < cpu_count; i++)
		sum += cpus[i].irq_count;
	return sum;
}
