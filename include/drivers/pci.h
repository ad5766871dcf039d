// SPDX-License-Identifier: MIT
/* drivers/pci.h - the PCI bus: functions found at boot, their registers, capabilities and
 * interrupts.
 *
 * A function has a configuration space (by ECAM where the MCFG table names one, else by the ports
 * 0xcf8 and 0xcfc) and up to six BARs, whose addresses the firmware has given out.
 * Locks: BKL; found once at boot. See PCI Local Bus 3.0, PCI Express Base 7.2.2. */
#pragma once

#include <linux/pci_regs.h>

#include "types.h"

struct pci_device {
	u8 bus, slot, function;
	u16 vendor, device, subsystem;
	u32 class;			/* base class, subclass, interface */
	bool taken;			/* a driver has it */
};

void pci_init(void);		/* scans the buses */
/* The nth function found, NULL past the last. */
struct pci_device *pci_device_at(unsigned n);

u32 pci_read(const struct pci_device *d, unsigned offset, unsigned size); /* 1, 2 or 4 bytes */
void pci_write(const struct pci_device *d, unsigned offset, unsigned size, u32 value);
/* Offset of the next capability of that kind after one (0: the first); 0: no more. */
unsigned pci_capability_next(const struct pci_device *d, unsigned after, u8 kind);
/* Maps len bytes of a memory BAR. 0; -ENODEV if it is none; -EINVAL beyond its size. */
int pci_map_bar(const struct pci_device *d, unsigned bar, u64 offset, u64 len, volatile void **out);
void pci_enable(const struct pci_device *d);	/* memory decoding and bus mastering */
/* Routes the function's interrupt: entry 0 of its MSI-X table, else its INTx line. *msix tells. */
int pci_interrupt(const struct pci_device *d, void (*handler)(void *), void *arg, bool *msix);
