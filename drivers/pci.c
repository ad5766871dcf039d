// SPDX-License-Identifier: MIT
/* drivers/pci.c - the PCI bus: scan, configuration space, capabilities, BARs, interrupts.
 *
 * Firmware has numbered the buses, given out the BARs and written the interrupt lines; here they
 * are only read. The scan starts at bus 0 and follows bridges down. Functions stay where they are
 * for ever: there is no hot-plugging.
 * A function interrupts by MSI-X where it can: one vector, that of entry 0, for all of it. Else by
 * its INTx pin, which firmware routed to an ISA interrupt (no AML is run to learn more).
 * Locks: boot only, BKL for pci_interrupt(). Checkpoint: none, describes the machine.
 * See PCI Local Bus 3.0, 3.2.2.3.2 (ports), 6 (configuration), 6.8.2 (MSI-X). */
#include "drivers/pci.h"

#include "abi/errno.h"
#include "arch/machine.h"
#include "arch/paging.h"
#include "arch/trap.h"
#include "lib/print.h"

#define PORT_ADDRESS 0xcf8
#define PORT_DATA    0xcfc
#define PORT_ENABLE  BIT(31)

#define BUSES        256
#define SLOTS        32
#define FUNCTIONS    8
#define ECAM_BUS     BIT(20)		/* bytes for each bus */
#define ECAM_SLOT    BIT(15)
#define ECAM_FUNCTION BIT(12)
#define CONFIG_SIZE  256
#define VENDOR_NONE  0xffff
#define HEADER_KIND  0x7f
#define HEADER_MULTI 0x80
#define CLASS_SHIFT  8			/* of PCI_CLASS_REVISION */
#define CAPABILITIES_MAX 48		/* more are a circle */
#define LINE_NONE    0xff
#define MSIX_ENTRY_SIZE PCI_MSIX_ENTRY_SIZE
#define DEVICES_MAX  64

static struct pci_device devices[DEVICES_MAX];
static unsigned nr_devices;
static volatile u8 *ecam[BUSES];	/* NULL: not mapped yet */
static bool use_ports;

/* --- configuration space --- */

static volatile u8 *ecam_address(const struct pci_device *d, unsigned offset)
{
	if (!ecam[d->bus])
		ecam[d->bus] = paging_map_device(acpi_info.mcfg + d->bus * ECAM_BUS, ECAM_BUS);
	return ecam[d->bus] + d->slot * ECAM_SLOT + d->function * ECAM_FUNCTION + offset;
}

/* Selects the register; returns the port of its byte. */
static u16 port_select(const struct pci_device *d, unsigned offset)
{
	outl(PORT_ADDRESS, PORT_ENABLE | d->bus << 16 | d->slot << 11 | d->function << 8 |
				   (offset & ~3U));
	return PORT_DATA + (offset & 3);
}

u32 pci_read(const struct pci_device *d, unsigned offset, unsigned size)
{
	u16 port;

	if (!use_ports) {
		volatile u8 *at = ecam_address(d, offset);

		return size == 1 ? *at : size == 2 ? *(volatile u16 *)at : *(volatile u32 *)at;
	}
	port = port_select(d, offset);
	return size == 1 ? inb(port) : size == 2 ? inw(port) : inl(port);
}

void pci_write(const struct pci_device *d, unsigned offset, unsigned size, u32 value)
{
	volatile u8 *at = use_ports ? NULL : ecam_address(d, offset);
	u16 port = use_ports ? port_select(d, offset) : 0;

	switch (size) {
	case 1:
		at ? (void)(*at = value) : outb(port, value);
		break;
	case 2:
		at ? (void)(*(volatile u16 *)at = value) : outw(port, value);
		break;
	default:
		at ? (void)(*(volatile u32 *)at = value) : outl(port, value);
	}
}

unsigned pci_capability_next(const struct pci_device *d, unsigned after, u8 kind)
{
	unsigned offset, seen;

	if (!(pci_read(d, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return 0;
	offset = pci_read(d, after ? after + PCI_CAP_LIST_NEXT : PCI_CAPABILITY_LIST, 1) & ~3U;
	for (seen = 0; offset && seen < CAPABILITIES_MAX; seen++) {
		if (pci_read(d, offset + PCI_CAP_LIST_ID, 1) == kind)
			return offset;
		offset = pci_read(d, offset + PCI_CAP_LIST_NEXT, 1) & ~3U;
	}
	return 0;
}

/* --- scan --- */

static void scan_bus(unsigned bus);

static void scan_bridge(const struct pci_device *d)
{
	unsigned below = pci_read(d, PCI_SECONDARY_BUS, 1);

	if (below > d->bus)
		scan_bus(below);
}

/* Looks at one function; false: there is none. */
static bool scan_function(struct pci_device d, u8 *header)
{
	d.vendor = pci_read(&d, PCI_VENDOR_ID, 2);
	if (d.vendor == VENDOR_NONE)
		return false;
	d.device = pci_read(&d, PCI_DEVICE_ID, 2);
	d.class = pci_read(&d, PCI_CLASS_REVISION, 4) >> CLASS_SHIFT;
	*header = pci_read(&d, PCI_HEADER_TYPE, 1);
	if ((*header & HEADER_KIND) == PCI_HEADER_TYPE_BRIDGE) {
		scan_bridge(&d);
		return true;
	}
	d.subsystem = pci_read(&d, PCI_SUBSYSTEM_ID, 2);
	if (nr_devices < DEVICES_MAX)
		devices[nr_devices++] = d;
	else
		kprintf("pci: more than %d functions\n", DEVICES_MAX);
	return true;
}

static void scan_bus(unsigned bus)
{
	struct pci_device d = { .bus = bus };
	u8 header, other;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		d.slot = slot;
		d.function = 0;
		if (!scan_function(d, &header) || !(header & HEADER_MULTI))
			continue;
		for (unsigned f = 1; f < FUNCTIONS; f++) {
			d.function = f;
			scan_function(d, &other);
		}
	}
}

/* Does the machine answer at the ports? (A microvm has no PCI at all.) */
static bool ports_present(void)
{
	outl(PORT_ADDRESS, PORT_ENABLE);
	return inl(PORT_ADDRESS) == PORT_ENABLE;
}

void pci_init(void)
{
	use_ports = !acpi_info.mcfg;
	if (!use_ports || ports_present())
		scan_bus(0);
}

struct pci_device *pci_device_at(unsigned n)
{
	return n < nr_devices ? &devices[n] : NULL;
}

/* --- BARs --- */

/* Size of a BAR, by writing ones; decoding is off meanwhile. */
static u64 bar_size(const struct pci_device *d, unsigned reg, bool wide)
{
	u16 command = pci_read(d, PCI_COMMAND, 2);
	u32 low = pci_read(d, reg, 4), high = wide ? pci_read(d, reg + 4, 4) : 0;
	u64 mask = ~0UL;

	pci_write(d, PCI_COMMAND, 2, command & ~(PCI_COMMAND_MEMORY | PCI_COMMAND_IO));
	pci_write(d, reg, 4, ~0U);
	mask = pci_read(d, reg, 4) & PCI_BASE_ADDRESS_MEM_MASK;
	pci_write(d, reg, 4, low);
	if (wide) {
		pci_write(d, reg + 4, 4, ~0U);
		mask = (u32)mask | (u64)pci_read(d, reg + 4, 4) << 32;
		pci_write(d, reg + 4, 4, high);
	} else {
		mask |= ~0UL << 32;
	}
	pci_write(d, PCI_COMMAND, 2, command);
	return -mask;
}

int pci_map_bar(const struct pci_device *d, unsigned bar, u64 offset, u64 len, volatile void **out)
{
	unsigned reg = PCI_BASE_ADDRESS_0 + 4 * bar;
	u64 address, size;
	u32 low;
	bool wide;

	if (reg > PCI_BASE_ADDRESS_5)
		return -EINVAL;
	low = pci_read(d, reg, 4);
	wide = (low & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64;
	if (low & PCI_BASE_ADDRESS_SPACE_IO || (wide && reg == PCI_BASE_ADDRESS_5))
		return -ENODEV;
	address = low & (u32)PCI_BASE_ADDRESS_MEM_MASK;
	if (wide)
		address |= (u64)pci_read(d, reg + 4, 4) << 32;
	if (!address)
		return -ENODEV;
	size = bar_size(d, reg, wide);
	if (offset > size || len > size - offset)
		return -EINVAL;
	*out = paging_map_device(address + offset, len);
	return 0;
}

void pci_enable(const struct pci_device *d)
{
	u16 command = pci_read(d, PCI_COMMAND, 2);

	command |= PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	pci_write(d, PCI_COMMAND, 2, command & ~PCI_COMMAND_INTX_DISABLE);
}

/* --- interrupts --- */

static int msix_enable(const struct pci_device *d, unsigned cap, void (*handler)(void *), void *arg)
{
	u32 table = pci_read(d, cap + PCI_MSIX_TABLE, 4);
	u16 control = pci_read(d, cap + PCI_MSIX_FLAGS, 2);
	volatile void *map;
	volatile u32 *entry;
	u64 address;
	u32 data;
	int err = pci_map_bar(d, table & PCI_MSIX_TABLE_BIR, table & PCI_MSIX_TABLE_OFFSET,
			      MSIX_ENTRY_SIZE, &map);

	if (!err)
		err = irq_register_msi(handler, arg, &address, &data);
	if (err)
		return err;
	entry = map;
	pci_write(d, cap + PCI_MSIX_FLAGS, 2,
		  control | PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	entry[PCI_MSIX_ENTRY_LOWER_ADDR / sizeof(u32)] = address;
	entry[PCI_MSIX_ENTRY_UPPER_ADDR / sizeof(u32)] = address >> 32;
	entry[PCI_MSIX_ENTRY_DATA / sizeof(u32)] = data;
	entry[PCI_MSIX_ENTRY_VECTOR_CTRL / sizeof(u32)] = 0;
	control = (control | PCI_MSIX_FLAGS_ENABLE) & ~PCI_MSIX_FLAGS_MASKALL;
	pci_write(d, cap + PCI_MSIX_FLAGS, 2, control);
	return 0;
}

int pci_interrupt(const struct pci_device *d, void (*handler)(void *), void *arg, bool *msix)
{
	unsigned cap = pci_capability_next(d, 0, PCI_CAP_ID_MSIX), line;

	*msix = cap && !msix_enable(d, cap, handler, arg);
	if (*msix)
		return 0;
	line = pci_read(d, PCI_INTERRUPT_LINE, 1);
	if (!pci_read(d, PCI_INTERRUPT_PIN, 1) || line == LINE_NONE)
		return -ENODEV;
	return irq_register_isa(line, handler, arg);
}
