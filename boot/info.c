// SPDX-License-Identifier: MIT
/* boot/info.c - the boot loader's gifts, put into one struct boot_info.
 *
 * entry.asm calls boot_info_init() with the loader's magic and structure, on the boot stack,
 * with the low 4 GiB in the direct map. All that is wanted later is copied: the loader's
 * structures lie in memory that will be given away (the initramfs excepted: mm keeps it).
 * Memory ranges are shrunk to whole pages.
 * Checkpoint: none; describes the machine.
 * See the Multiboot2 specification 3.6; Xen's public/arch-x86/hvm/start_info.h. */
#include "boot/info.h"

#include "arch/paging.h"

#define PVH_MAGIC 0x336ec578
#define MB2_MAGIC 0x36d76289
#define E820_RAM  1	/* both loaders number memory types as the BIOS does */

struct pvh_start_info {
	u32 magic, version, flags, nr_modules;
	u64 modules, cmdline, rsdp, memory_map;
	u32 nr_memory, reserved;
};

struct pvh_module {
	u64 start, size, cmdline, reserved;
};

struct pvh_memory {
	u64 start, size;
	u32 type, reserved;
};

enum mb2_tag_type {
	MB2_END = 0,
	MB2_CMDLINE = 1,
	MB2_MODULE = 3,
	MB2_MEMORY = 6,
	MB2_RSDP_OLD = 14,
	MB2_RSDP_NEW = 15,
};

struct mb2_tag {
	u32 type, size;
};

struct mb2_module {
	struct mb2_tag tag;
	u32 start, end;
};

struct mb2_memory {
	struct mb2_tag tag;
	u32 entry_size, entry_version;
};

struct mb2_memory_entry {
	u64 start, size;
	u32 type, reserved;
};

#define RSDP_SIZE_MAX 36	/* ACPI 2.0 and later */

struct boot_info boot_info;
static u8 rsdp_copy[RSDP_SIZE_MAX];

void boot_info_init(u32 magic, paddr structure);

static void boot_add_range(u64 start, u64 size, bool usable)
{
	struct boot_range *r = &boot_info.ranges[boot_info.nr_ranges];
	u64 end = start + size;

	start = usable ? ALIGN_UP(start, PAGE_SIZE) : ALIGN_DOWN(start, PAGE_SIZE);
	end = usable ? ALIGN_DOWN(end, PAGE_SIZE) : ALIGN_UP(end, PAGE_SIZE);
	if (boot_info.nr_ranges == BOOT_RANGES_MAX || start >= end)
		return;
	*r = (struct boot_range){ .start = start, .end = end, .usable = usable };
	boot_info.nr_ranges++;
}

static void boot_set_cmdline(const char *s)
{
	size_t n = strnlen(s, BOOT_CMDLINE_MAX - 1);

	memcpy(boot_info.cmdline, s, n);
	boot_info.cmdline[n] = '\0';
}

static void boot_from_pvh(const struct pvh_start_info *info)
{
	const struct pvh_memory *m = phys_to_virt(info->memory_map);

	for (u32 i = 0; i < info->nr_memory; i++)
		boot_add_range(m[i].start, m[i].size, m[i].type == E820_RAM);
	if (info->nr_modules) {
		const struct pvh_module *module = phys_to_virt(info->modules);

		boot_info.initrd_start = module->start;
		boot_info.initrd_end = module->start + module->size;
	}
	if (info->cmdline)
		boot_set_cmdline(phys_to_virt(info->cmdline));
	boot_info.rsdp = info->rsdp;
}

static void boot_from_mb2_memory(const struct mb2_memory *m)
{
	const u8 *p = (const u8 *)(m + 1), *end = (const u8 *)m + m->tag.size;

	for (; p + m->entry_size <= end; p += m->entry_size) {
		const struct mb2_memory_entry *e = (const void *)p;

		boot_add_range(e->start, e->size, e->type == E820_RAM);
	}
}

static void boot_from_mb2_tag(const struct mb2_tag *tag)
{
	const struct mb2_module *module = (const void *)tag;

	switch (tag->type) {
	case MB2_CMDLINE:
		boot_set_cmdline((const char *)(tag + 1));
		break;
	case MB2_MODULE:
		if (boot_info.initrd_end)
			break;
		boot_info.initrd_start = module->start;
		boot_info.initrd_end = module->end;
		break;
	case MB2_MEMORY:
		boot_from_mb2_memory((const void *)tag);
		break;
	case MB2_RSDP_OLD:
	case MB2_RSDP_NEW:	/* a copy of the table lies in the tag itself */
		memcpy(rsdp_copy, tag + 1, MIN(tag->size - sizeof(*tag), sizeof(rsdp_copy)));
		boot_info.rsdp = virt_to_phys(rsdp_copy);
		break;
	}
}

static void boot_from_mb2(const u8 *tags)
{
	const struct mb2_tag *tag = (const void *)(tags + 8);

	for (; tag->type != MB2_END; tag = (const void *)((u8 *)tag + ALIGN_UP(tag->size, 8)))
		boot_from_mb2_tag(tag);
}

/* Context: boot, before everything else. An unknown loader leaves boot_info empty. */
void boot_info_init(u32 magic, paddr structure)
{
	const void *data = phys_to_virt(structure);

	if (magic == MB2_MAGIC)
		boot_from_mb2(data);
	else if (*(const u32 *)data == PVH_MAGIC)
		boot_from_pvh(data);
	boot_info.builtin_initrd = boot_info.initrd_end == 0;
}
