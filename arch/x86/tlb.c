// SPDX-License-Identifier: MIT
/* arch/x86/tlb.c - translations dropped on all processors that may hold them.
 *
 * A page table knows the CPUs that have it loaded (cpu_mask). The CPU that changes it holds the
 * BKL, so there is one shoot-down at a time: it writes the range, sets flush_request
 * of each target, sends the interrupt and waits until all are zero again. A target in user
 * mode or idle takes the interrupt; one that spins for the BKL with interrupts off
 * polls. No target can be elsewhere in the kernel: that would take the BKL.
 * Locks: BKL. Checkpoint: none. */
#include "arch/x86/internal.h"

#define FLUSH_RANGE  1	/* drop flush_start..flush_end */
#define FLUSH_UNLOAD 2	/* leave the page table */
#define FLUSH_PAGES_MAX 32	/* more: all at once */

static uaddr flush_start, flush_end;

static void flush_local(uaddr start, uaddr end)
{
	if (end - start > FLUSH_PAGES_MAX * PAGE_SIZE) {
		write_cr3(read_cr3());
		return;
	}
	for (uaddr a = ALIGN_DOWN(start, PAGE_SIZE); a < end; a += PAGE_SIZE)
		asm volatile("invlpg (%0)" : : "r"(a) : "memory");
}

void tlb_poll(void)
{
	struct cpu *c = this_cpu();
	u32 request = __atomic_load_n(&c->flush_request, __ATOMIC_ACQUIRE);

	if (!request)
		return;
	if (request == FLUSH_UNLOAD)
		kmap_load();
	else
		flush_local(flush_start, flush_end);
	__atomic_store_n(&c->flush_request, 0, __ATOMIC_RELEASE);
}

/* Asks all CPUs of the mask but this one, and waits for them. */
static void flush_remote(u32 mask, u32 request)
{
	mask &= ~(1U << this_cpu()->id);
	for (unsigned i = 0; i < cpu_count; i++) {
		if (!(mask & 1U << i))
			continue;
		__atomic_store_n(&cpus[i].flush_request, request, __ATOMIC_RELEASE);
		lapic_send_vector(&cpus[i], VEC_TLB);
	}
	for (unsigned i = 0; i < cpu_count; i++)
		while (mask & 1U << i
		       && __atomic_load_n(&cpus[i].flush_request, __ATOMIC_ACQUIRE))
			cpu_relax();
}

void tlb_flush_range(struct pagetable *pt, uaddr start, uaddr end)
{
	if (start >= end)
		return;
	if (this_cpu()->pagetable == pt)
		flush_local(start, end);
	if (!(pt->cpu_mask & ~(1U << this_cpu()->id)))
		return;
	flush_start = start;
	flush_end = end;
	flush_remote(pt->cpu_mask, FLUSH_RANGE);
}

void tlb_flush_all(struct pagetable *pt)
{
	tlb_flush_range(pt, 0, USER_END);
}

void tlb_unload(struct pagetable *pt)
{
	if (this_cpu()->pagetable == pt)
		kmap_load();
	flush_remote(pt->cpu_mask, FLUSH_UNLOAD);
	pt->cpu_mask = 0;
}

/* Switching away drops all translations of the old table, so its CPU bit goes too. */
void pagetable_load(struct pagetable *pt)
{
	struct cpu *c = this_cpu();
	struct pagetable *old = c->pagetable;

	if (old == pt)
		return;
	c->pagetable = pt;
	if (pt)
		pt->cpu_mask |= 1U << c->id;
	write_cr3(pt ? pt->root : virt_to_phys(kernel_pml4));
	if (old)
		old->cpu_mask &= ~(1U << c->id);
}
