// SPDX-License-Identifier: MIT
/* arch/x86/kmap.c - the kernel's half of every address space.
 *
 *   DIRECT_MAP ..        all of RAM (and what lies between), writable, not executable
 *   KERNEL_BASE ..       the image: text read-only, constants read-only, data not executable
 *   the last GiB         device memory, uncached, 2-MiB pages
 *
 * The boot's tables (boot/entry.asm) stay: they map the low 4 GiB and are added to here.
 * kernel_pml4 is the root without their identity map; roots of users copy its upper half,
 * whose entries never change once kmap_init() has run.
 * Locks: boot only, but paging_map_device() (BKL). Checkpoint: none. */
#include "arch/paging.h"

#include "arch/x86/internal.h"
#include "lib/assert.h"

#define LOW_END     (4 * PAGE_1G)	/* mapped by the boot's tables */
#define DIRECT_END  (TABLE_ENTRIES * PAGE_1G)
#define DEVICE_BASE (KERNEL_BASE + PAGE_1G)
#define LEGACY_END  0x100000UL
#define TABLE       (PTE_PRESENT | PTE_WRITE)

pte_t kernel_pml4[TABLE_ENTRIES] __attribute__((aligned(PAGE_SIZE)));
u16 kernel_roots[KERNEL_ROOTS_MAX];
unsigned kernel_root_count;
static unsigned device_pages;		/* entries of device_pd in use */

void kmap_init(void)
{
	boot_pml4[pml4_index(DIRECT_MAP)] |= PTE_NX;
	memcpy(kernel_pml4 + TABLE_ENTRIES / 2, boot_pml4 + TABLE_ENTRIES / 2,
	       TABLE_ENTRIES / 2 * sizeof(pte_t));
	for (unsigned i = TABLE_ENTRIES / 2; i < TABLE_ENTRIES; i++)
		if (kernel_pml4[i]) {
			assert(kernel_root_count < KERNEL_ROOTS_MAX);
			kernel_roots[kernel_root_count++] = i;
		}
}

void kmap_load(void)
{
	this_cpu()->pagetable = NULL;
	write_cr3(virt_to_phys(kernel_pml4));
}

/* What may be done with one page of the kernel image. */
static pte_t image_rights(u64 va)
{
	if (va >= (u64)text_start && va < (u64)text_end)
		return PTE_PRESENT;
	if (va < (u64)rodata_end)
		return PTE_PRESENT | PTE_NX;
	return PTE_PRESENT | PTE_WRITE | PTE_NX;
}

/* Maps the image by 4-KiB pages with the rights each needs, in place of the boot's map. */
static void map_image(paddr (*alloc)(void))
{
	paddr directory = alloc();
	pte_t *pd = phys_to_virt(directory), *pt;

	for (u64 va = (u64)kernel_start; va < (u64)kernel_end; va += PAGE_SIZE) {
		pte_t *entry = &pd[pd_index(va)];

		if (!*entry)
			*entry = alloc() | TABLE;
		pt = phys_to_virt(*entry & PTE_ADDR);
		pt[pt_index(va)] = (va - KERNEL_BASE) | image_rights(va);
	}
	kernel_pdpt[pdpt_index(KERNEL_BASE)] = directory | TABLE;
}

/* One GiB of the direct map. */
static pte_t map_gib(paddr start, paddr (*alloc)(void))
{
	paddr directory;
	pte_t *pd;

	if (cpu_features.pages_1g)
		return start | TABLE | PTE_LARGE;
	directory = alloc();
	pd = phys_to_virt(directory);
	for (unsigned i = 0; i < TABLE_ENTRIES; i++)
		pd[i] = (start + i * PAGE_2M) | TABLE | PTE_LARGE;
	return directory | TABLE;
}

void paging_map_direct(paddr end, paddr (*alloc)(void))
{
	for (paddr p = LOW_END; p < end && p < DIRECT_END; p += PAGE_1G)
		low_pdpt[p / PAGE_1G] = map_gib(p, alloc);
	map_image(alloc);
	write_cr3(read_cr3());
}

/* The mapped device address of a 2-MiB page, mapping it if that was not done before. */
static u64 device_page(paddr page)
{
	unsigned i = 0;

	while (i < device_pages && (device_pd[i] & PTE_ADDR) != page)
		i++;
	if (i == device_pages) {
		assert(i < TABLE_ENTRIES);
		device_pd[device_pages++] = page | TABLE | PTE_LARGE | PTE_PCD | PTE_PWT | PTE_NX;
	}
	return DEVICE_BASE + i * PAGE_2M;
}

void *paging_map_device(paddr start, size_t len)
{
	paddr first = ALIGN_DOWN(start, PAGE_2M), end = start + len;
	u64 va;

	if (end <= LEGACY_END)
		return phys_to_virt(start);
	va = device_page(first);
	for (paddr p = first + PAGE_2M; p < end; p += PAGE_2M) {
		if (device_page(p) == va + (p - first))
			continue;
		/* Parts were mapped before, elsewhere: take fresh entries, all in a row. */
		va = DEVICE_BASE + device_pages * PAGE_2M;
		for (p = first; p < end; p += PAGE_2M) {
			assert(device_pages < TABLE_ENTRIES);
			device_pd[device_pages++] = p | TABLE | PTE_LARGE | PTE_PCD | PTE_PWT
				| PTE_NX;
		}
	}
	return (void *)(va + (start - first));
}
