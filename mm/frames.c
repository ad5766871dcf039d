// SPDX-License-Identifier: MIT
/* mm/frames.c - boot: from the boot loader's memory map to the frames of each node.
 *
 * Steps of frames_init():
 *   1. Note what must stay: the first MiB (firmware, trampoline), the kernel image, the
 *      initramfs, and whatever a range of the map declares unusable.
 *   2. Map all RAM; the tables come from the lowest free RAM, one page after the other.
 *   3. Place the frame array in the highest free RAM, so that low memory is left.
 *   4. Split the RAM in nodes: numa=fake=N by size, else the SRAT, else one.
 *   5. Give every other page to the buddy allocator.
 *
 * Locks: none (boot, one processor); frames_release() later runs under the BKL.
 * See: Multiboot2 3.6.8, PVH hvm_memmap_table_entry, ACPI 5.2.16 (SRAT). */
#include "arch/cpu.h"
#include "arch/machine.h"
#include "boot/cmdline.h"
#include "boot/info.h"
#include "lib/assert.h"
#include "mm/internal.h"

#define LOW_MEMORY   (1UL << 20)
#define BOOT_MAPPED  (4UL << 30)	/* what the boot map and the direct map at least cover */
#define TABLES_SPARE 32		/* table pages beside one per GiB */
#define SPANS_MAX    (BOOT_RANGES_MAX + 8)
#define NODE_RANGES_MAX 40
#define DISTANCE_LOCAL 10		/* SLIT: as near as it gets */

struct span {
	paddr start, end;
};

struct node_range {
	paddr start, end;
	unsigned node;
};

struct frame *frames;
u64 frame_count;

/* Where the kernel image lies (arch/x86/kernel.ld); either address of a byte will do. */
extern const u8 kernel_start[], kernel_end[];

/* Boot only. */
static struct span kept[SPANS_MAX];	/* may not be given out */
static unsigned nr_kept;
static struct span *table_span;		/* of kept: the page tables made so far */
static paddr table_limit;		/* the room found for them */
/* Constant after boot. */
static struct node_range node_ranges[NODE_RANGES_MAX];
static unsigned nr_node_ranges;

static paddr image_phys(const u8 *symbol)
{
	u64 a = (u64)symbol;

	return a >= KERNEL_BASE ? a - KERNEL_BASE : a;
}

static struct span *span_keep(paddr start, paddr end)
{
	assert(nr_kept < SPANS_MAX);
	kept[nr_kept] = (struct span){ ALIGN_DOWN(start, PAGE_SIZE), ALIGN_UP(end, PAGE_SIZE) };
	return &kept[nr_kept++];
}

/* A usable range of the boot loader in whole pages and below mem=; false if nothing is left. */
static bool usable_range(unsigned i, struct span *out)
{
	const struct boot_range *r = &boot_info.ranges[i];
	paddr limit = boot_options.mem_limit ? boot_options.mem_limit : ~0UL;

	out->start = ALIGN_UP(r->start, PAGE_SIZE);
	out->end = ALIGN_DOWN(MIN(r->end, limit), PAGE_SIZE);
	return r->usable && out->start < out->end;
}

/* The first stretch of [from, end) that touches nothing kept. */
static bool span_next(paddr from, paddr end, struct span *out)
{
	bool moved;
	unsigned i;

	do {
		moved = false;
		for (i = 0; i < nr_kept; i++)
			if (from >= kept[i].start && from < kept[i].end) {
				from = kept[i].end;
				moved = true;
			}
	} while (moved);
	if (from >= end)
		return false;
	*out = (struct span){ from, end };
	for (i = 0; i < nr_kept; i++)
		if (kept[i].start > from && kept[i].start < out->end)
			out->end = kept[i].start;
	return true;
}

/* Lowest, or highest, free stretch of this many bytes; panics if there is none. */
static paddr span_find(u64 bytes, bool highest)
{
	struct span range, s;
	paddr best = 0, at;
	unsigned i;

	for (i = 0; i < boot_info.nr_ranges; i++) {
		if (!usable_range(i, &range))
			continue;
		for (at = range.start; span_next(at, range.end, &s); at = s.end) {
			if (s.end - s.start < bytes)
				continue;
			if (highest)
				best = MAX(best, s.end - bytes);
			else
				best = best ? MIN(best, s.start) : s.start;
		}
	}
	if (!best)
		panic("no %lu bytes of RAM in one piece for the memory tables", bytes);
	return best;
}

/* The next page for a page table of the direct map. */
static paddr boot_table(void)
{
	paddr p = table_span->end;

	table_span->end += PAGE_SIZE;
	assert(table_span->end <= table_limit);
	memset(phys_to_virt(p), 0, PAGE_SIZE);
	return p;
}

/* Finds room for the tables of the direct map; what they leave of it stays free. */
static void tables_place(paddr end)
{
	u64 bytes = ((end >> 30) + TABLES_SPARE) * PAGE_SIZE;
	paddr p = span_find(bytes, false);

	table_limit = p + bytes;
	table_span = span_keep(p, p);
}

/* Notes what is not to be given out; gives the end of RAM. */
static paddr boot_keep(void)
{
	struct span range;
	paddr top = 0;
	unsigned i;

	span_keep(0, LOW_MEMORY);
	span_keep(image_phys(kernel_start), image_phys(kernel_end));
	if (boot_info.initrd_end > boot_info.initrd_start)
		span_keep(boot_info.initrd_start, boot_info.initrd_end);
	for (i = 0; i < boot_info.nr_ranges; i++) {
		if (!boot_info.ranges[i].usable)
			span_keep(boot_info.ranges[i].start, boot_info.ranges[i].end);
		else if (usable_range(i, &range))
			top = MAX(top, range.end);
	}
	return top;
}

static void frames_place(paddr top)
{
	u64 bytes;
	paddr p;

	frame_count = ALIGN_UP(top >> PAGE_SHIFT, FRAME_BLOCK_PAGES);
	bytes = ALIGN_UP(frame_count * sizeof(struct frame), PAGE_SIZE);
	p = span_find(bytes, true);
	span_keep(p, p + bytes);
	frames = phys_to_virt(p);
	memset(frames, 0, bytes);
}

static void node_range_add(paddr start, paddr end, unsigned node)
{
	if (nr_node_ranges < NODE_RANGES_MAX && start < end)
		node_ranges[nr_node_ranges++] = (struct node_range){ start, end, node };
}

/* numa=fake=N: N nodes of about the same size, split at block boundaries. */
static unsigned nodes_fake(unsigned nodes)
{
	u64 block = FRAME_BLOCK_PAGES << PAGE_SHIFT, total = 0, left;
	paddr start = 0, end;
	struct span range;
	unsigned i, node = 0;

	for (i = 0; i < boot_info.nr_ranges; i++)
		if (usable_range(i, &range))
			total += range.end - range.start;
	left = total / nodes;
	for (i = 0; i < boot_info.nr_ranges; i++) {
		if (!usable_range(i, &range))
			continue;
		while (node + 1 < nodes && range.end - range.start > left) {
			end = ALIGN_UP(range.start + left, block);
			if (end >= range.end)
				break;
			node_range_add(start, end, node++);
			start = range.start = end;
			left = total / nodes;
		}
		left -= MIN(left, range.end - range.start);
	}
	node_range_add(start, ~0UL, node);
	return node + 1;
}

/* The SRAT's nodes. */
static unsigned nodes_srat(void)
{
	unsigned i, nodes = 1;

	for (i = 0; i < acpi_info.nr_memory; i++) {
		const struct acpi_memory *m = &acpi_info.memory[i];

		if (m->node >= MAX_NODES)
			continue;
		node_range_add(m->start, m->end, m->node);
		nodes = MAX(nodes, m->node + 1);
	}
	return nodes;
}

/* For each node, all nodes from near to far; equal distances in turn from the node itself. */
static void nodes_sort(unsigned nodes)
{
	unsigned n, i, j;

	for (n = 0; n < nodes; n++) {
		u8 *order = node_memory[n].order;

		for (i = 0; i < nodes; i++) {
			u8 far = (n + i) % nodes;

			for (j = i; j > 0 && acpi_info.distance[n][order[j - 1]] >
						     acpi_info.distance[n][far]; j--)
				order[j] = order[j - 1];
			order[j] = far;
		}
	}
}

/* Chooses the nodes, and which node each processor belongs to. */
static unsigned nodes_init(void)
{
	unsigned nodes, i, fake = MIN(boot_options.numa_fake, (unsigned)MAX_NODES);

	if (fake > 1) {
		nodes = nodes_fake(fake);
		memset(acpi_info.distance, DISTANCE_LOCAL, sizeof(acpi_info.distance));
		for (i = 0; i < MAX_CPUS; i++)
			acpi_info.cpus[i].node = i % nodes;
	} else {
		nodes = nodes_srat();
	}
	nodes_sort(nodes);
	for (i = 0; i < MAX_CPUS; i++)
		acpi_info.cpus[i].node = MIN(acpi_info.cpus[i].node, nodes - 1);
	this_cpu()->node = acpi_info.cpus[0].node;
	return nodes;
}

/* Node of the memory at p, and where the memory of that node ends (or may). */
static unsigned node_of_phys(paddr p, paddr *end)
{
	unsigned i;

	*end = ~0UL;
	for (i = 0; i < nr_node_ranges; i++) {
		const struct node_range *r = &node_ranges[i];

		if (p >= r->start && p < r->end) {
			*end = r->end;
			return r->node;
		}
		if (r->start > p)
			*end = MIN(*end, r->start);
	}
	return 0;
}

void frames_release(paddr start, paddr end)
{
	paddr stop;
	unsigned node;

	start = ALIGN_UP(start, PAGE_SIZE);
	end = ALIGN_DOWN(end, PAGE_SIZE);
	for (; start < end; start = stop) {
		node = node_of_phys(start, &stop);
		stop = ALIGN_DOWN(MIN(stop, end), PAGE_SIZE);
		buddy_add(start >> PAGE_SHIFT, stop >> PAGE_SHIFT, node);
	}
}

void frames_init(void)
{
	paddr top = boot_keep(), at;
	struct span range, s;
	unsigned i;

	tables_place(MAX(top, BOOT_MAPPED));
	paging_map_direct(MAX(top, BOOT_MAPPED), boot_table);
	frames_place(top);
	buddy_init(nodes_init());
	for (i = 0; i < boot_info.nr_ranges; i++) {
		if (!usable_range(i, &range))
			continue;
		for (at = range.start; span_next(at, range.end, &s); at = s.end)
			frames_release(s.start, s.end);
	}
}
