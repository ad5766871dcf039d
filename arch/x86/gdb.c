// SPDX-License-Identifier: MIT
/* arch/x86/gdb.c - the machine's part of the gdb stub: registers in gdb's order, stepping, text.
 *
 * Kernel text is read-only where it runs; it is written through the direct map, which is another
 * map of the same memory. This processor serializes by the IRET that leaves the stub, others by
 * the one that brought them into the kernel.
 * Locks: BKL. See kernel/gdb.c; Intel SDM 3A 9.1.3, 17.3. */
#include "arch/gdb.h"

#include "arch/task.h"
#include "arch/x86/internal.h"

#define EFLAGS_SETTABLE 0xcd5UL		/* arithmetic flags and DF */

#define GENERAL(X) \
	X(rax) X(rbx) X(rcx) X(rdx) X(rsi) X(rdi) X(rbp) X(rsp) \
	X(r8) X(r9) X(r10) X(r11) X(r12) X(r13) X(r14) X(r15) X(rip)

static bool step_masked;	/* the user code that is stepped had interrupts on */

void gdb_regs_show(struct gdb_regs *out, const struct regs *r)
{
	*out = (struct gdb_regs){ .eflags = r->eflags, .cs = r->cs, .ss = r->ss };
#define SHOW(name) out->name = r->name;
	GENERAL(SHOW)
#undef SHOW
}

void gdb_regs_set(struct regs *r, const struct gdb_regs *in)
{
#define SET(name) r->name = in->name;
	GENERAL(SET)
#undef SET
	r->eflags = (r->eflags & ~EFLAGS_SETTABLE) | (in->eflags & EFLAGS_SETTABLE);
}

void gdb_step_begin(struct regs *r)
{
	step_masked = regs_user_mode(r) && r->eflags & EFLAGS_IF;
	if (step_masked)
		r->eflags &= ~EFLAGS_IF;
	r->eflags |= EFLAGS_TF;
}

void gdb_step_end(struct regs *r)
{
	r->eflags &= ~EFLAGS_TF;
	if (step_masked)
		r->eflags |= EFLAGS_IF;
	step_masked = false;
}

bool kernel_is_memory(u64 addr, size_t n, u64 ram)
{
	u64 last = addr + n - 1;

	if (last < addr)
		return false;
	if (addr >= KERNEL_BASE)
		return addr >= (u64)kernel_start && last < (u64)kernel_end;
	return addr >= DIRECT_MAP && last < DIRECT_MAP + ram;
}

void kernel_write(u64 addr, const void *bytes, size_t n)
{
	memcpy(phys_to_virt(virt_to_phys((void *)addr)), bytes, n);
}
