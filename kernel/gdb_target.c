// SPDX-License-Identifier: MIT
/* kernel/gdb_target.c - what gdb sees: tasks as threads, their registers, memory, breakpoints.
 *
 * A thread's number is its number in the initial pid namespace; the idle loop of processor n is
 * IDLE_ID + n. Memory of users is that of the thread's address space, as far as it is in memory
 * now: nothing is faulted in. A breakpoint in it is written to a page of that address space's
 * own, as a debugger's is.
 * Locks: BKL. */
#include "arch/cpu.h"
#include "arch/task.h"
#include "kernel/bkl.h"
#include "kernel/gdb_internal.h"
#include "kernel/hooks.h"
#include "kernel/panic.h"
#include "kernel/pid.h"
#include "kernel/task.h"
#include "lib/print.h"
#include "mm/frame.h"
#include "mm/mm.h"

#define IDLE_ID (PID_MAX_LIMIT + 1)
#define BREAKPOINTS_MAX 64

struct breakpoint {
	u64 addr;		/* 0: a free place */
	struct mm *mm;		/* NULL: in the kernel */
	u8 was;
};

struct gdb_stop gdb_stop;
static struct breakpoint breakpoints[BREAKPOINTS_MAX];

/* --- threads --- */

struct task *gdb_task(s64 id)
{
	struct pid *pid;

	if (id >= IDLE_ID)
		return id - IDLE_ID < (s64)cpu_count ? cpus[id - IDLE_ID].idle : NULL;
	pid = id > 0 ? pid_find(&init_pid_ns, (s32)id) : NULL;
	return pid ? pid->task : NULL;
}

s64 gdb_id(const struct task *t)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (cpus[i].idle == t)
			return IDLE_ID + i;
	return t->pid->numbers[0].nr;
}

s64 gdb_next_id(s64 id)
{
	struct pid *pid;

	for (s32 from = (s32)id + 1; id < IDLE_ID; from = pid->numbers[0].nr + 1) {
		pid = pid_next(&init_pid_ns, from);
		if (!pid)
			return IDLE_ID;
		if (pid->task)
			return pid->numbers[0].nr;
	}
	return id + 1 < IDLE_ID + (s64)cpu_count ? id + 1 : 0;
}

void gdb_describe(struct task *t, char *buf, size_t size)
{
	const char *where = task_sleeps_in(t);

	sniprintf(buf, size, "%s%s%s", t->comm, where ? " in " : "", where ? where : "");
	if (gdb_id(t) >= IDLE_ID)
		return;
	kernel_hooks.describe_namespaces(t, buf + strlen(buf), size - strlen(buf));
	kernel_hooks.describe_cgroup(t, buf + strlen(buf), size - strlen(buf));
}

static bool runs_elsewhere(const struct task *t)
{
	for (unsigned i = 0; i < cpu_count; i++)
		if (&cpus[i] != this_cpu() && cpus[i].running == t)
			return true;
	return false;
}

/* The registers that t will leave the kernel with: it may be changed by them. NULL: none. */
static struct regs *live_regs(struct task *t)
{
	if (t == current && !(gdb_stop.user_view && t->mm))
		return gdb_stop.regs;
	if (t->mm && (gdb_stop.user_view || runs_elsewhere(t)))
		return task_user_regs(&t->arch);
	return NULL;
}

void gdb_get_regs(struct task *t, struct gdb_regs *out)
{
	const struct regs *live = live_regs(t);
	struct regs regs = { 0 };

	if (live)
		regs = *live;
	else if (!runs_elsewhere(t) && t->state < TASK_DEAD)
		arch_task_switched_regs(&t->arch, &regs);
	gdb_regs_show(out, &regs);
}

bool gdb_put_regs(struct task *t, const struct gdb_regs *in)
{
	struct regs *live = live_regs(t);

	if (live)
		gdb_regs_set(live, in);
	return live != NULL;
}

/* --- memory --- */

/* Where a byte of an address space is now; NULL: not in memory. */
static u8 *user_byte(struct mm *mm, u64 addr)
{
	const pte_t *pte;

	if (!mm || addr >= USER_END)
		return NULL;
	pte = pte_lookup(&mm->pt, addr & ~(PAGE_SIZE - 1));
	if (!pte || !(*pte & PTE_PRESENT))
		return NULL;
	return (u8 *)phys_to_virt(*pte & PTE_ADDR) + addr % PAGE_SIZE;
}

static bool kernel_has(u64 addr, size_t n)
{
	return kernel_is_memory(addr, n, frame_count << PAGE_SHIFT);
}

static bool mm_read(struct mm *mm, u64 addr, void *buf, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const u8 *from = user_byte(mm, addr + i);

		if (!from)
			return false;
		((u8 *)buf)[i] = *from;
	}
	return true;
}

/* Only pages that are there: what faults might sleep. */
static bool mm_write(struct mm *mm, u64 addr, const void *buf, size_t n)
{
	u8 probe;

	for (size_t i = 0; i < n; i++)
		if (!mm_read(mm, addr + i, &probe, 1))
			return false;
	return mm_access(mm, addr, (void *)buf, n, true, true) == (ssize_t)n;
}

bool gdb_read(struct task *t, u64 addr, void *buf, size_t n)
{
	if (addr < USER_END)
		return mm_read(t->mm, addr, buf, n);
	if (!kernel_has(addr, n))
		return false;
	memcpy(buf, (const void *)addr, n);
	return true;
}

bool gdb_write(struct task *t, u64 addr, const void *buf, size_t n)
{
	if (addr < USER_END)
		return mm_write(t->mm, addr, buf, n);
	if (!kernel_has(addr, n))
		return false;
	kernel_write(addr, buf, n);
	return true;
}

/* --- breakpoints --- */

static struct breakpoint *breakpoint_find(struct mm *mm, u64 addr)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		if (breakpoints[i].addr == addr && breakpoints[i].mm == mm)
			return &breakpoints[i];
	return NULL;
}

static struct mm *space_of(struct task *t, u64 addr)
{
	return addr < USER_END ? t->mm : NULL;
}

bool gdb_plant(struct task *t, u64 addr)
{
	static const u8 instruction = GDB_BREAKPOINT;
	struct mm *mm = space_of(t, addr);
	struct breakpoint *b = breakpoint_find(NULL, 0);

	if (breakpoint_find(mm, addr))
		return true;
	if (!addr || !b || !gdb_read(t, addr, &b->was, 1) || !gdb_write(t, addr, &instruction, 1))
		return false;
	if (mm)
		mm_get(mm);
	b->mm = mm;
	b->addr = addr;
	return true;
}

static bool uproot(struct breakpoint *b)
{
	bool done = true;

	if (b->mm) {
		done = mm_write(b->mm, b->addr, &b->was, 1);
		mm_put(b->mm);
	} else {
		kernel_write(b->addr, &b->was, 1);
	}
	*b = (struct breakpoint){ 0 };
	return done;
}

bool gdb_uproot(struct task *t, u64 addr)
{
	struct breakpoint *b = addr ? breakpoint_find(space_of(t, addr), addr) : NULL;

	return b && uproot(b);
}

void gdb_uproot_all(void)
{
	for (size_t i = 0; i < BREAKPOINTS_MAX; i++)
		if (breakpoints[i].addr)
			uproot(&breakpoints[i]);
}

bool gdb_planted(const struct regs *regs)
{
	u64 addr = regs->rip - 1;

	return addr && breakpoint_find(addr < USER_END ? current->mm : NULL, addr);
}
