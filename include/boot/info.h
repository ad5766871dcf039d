// SPDX-License-Identifier: MIT
/* boot/info.h - what a boot loader told us, the same for PVH and Multiboot2.
 *
 * Filled in by boot/ before kernel_main() runs; all addresses physical. Constant after. */
#pragma once

#include "types.h"

#define BOOT_RANGES_MAX 64
#define BOOT_CMDLINE_MAX 2048

struct boot_range {
	paddr start, end;	/* [start, end) */
	bool usable;		/* RAM that may be used */
};

struct boot_info {
	unsigned nr_ranges;
	struct boot_range ranges[BOOT_RANGES_MAX];
	paddr initrd_start, initrd_end;		/* 0, 0: none given */
	paddr rsdp;				/* 0: search the BIOS area */
	bool builtin_initrd;
	char cmdline[BOOT_CMDLINE_MAX];
};

extern struct boot_info boot_info;

/* The initramfs linked into the image (boot/initramfs.asm). */
extern const u8 builtin_initramfs[], builtin_initramfs_end[];
