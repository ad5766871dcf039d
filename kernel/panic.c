// SPDX-License-Identifier: MIT
/* kernel/panic.c - the end: message, backtrace with names, the task, all tasks in one line each.
 *
 * The other processors are stopped first, and quiet is lifted. Then panic= decides: below 0
 * restart at once, above 0 restart after so many seconds, 0 halt. QEMU's isa-debug-exit ends
 * the emulator with PANIC_EXIT_STATUS where it is present.
 * Nothing here sleeps, allocates, or trusts a pointer it has not checked.
 * Backtraces follow frame pointers (the kernel is compiled with them). */

#include "kernel/panic.h"

#include "arch/cpu.h"
#include "arch/machine.h"
#include "boot/cmdline.h"
#include "drivers/console.h"
#include "kernel/gdb.h"
#include "kernel/task.h"
#include "lib/print.h"
#include "mm/frame.h"

#define BACKTRACE_MAX 24
#define PANIC_EXIT_STATUS 1
#define IMAGE_BYTES_MAX (1UL << 30)	/* the kernel lies in the first GiB above KERNEL_BASE */

/* --- names of addresses --- */

const char *symbol_of(u64 addr, u64 *offset)
{
	u32 low = 0, high = ksym_count, mid;
	u64 from_base = addr - KERNEL_BASE;

	*offset = 0;
	if (addr < KERNEL_BASE || from_base >= IMAGE_BYTES_MAX || !ksym_count ||
	    from_base < ksyms[0].offset)
		return "?";
	while (high - low > 1) {
		mid = (low + high) / 2;
		if (ksyms[mid].offset <= from_base)
			low = mid;
		else
			high = mid;
	}
	*offset = from_base - ksyms[low].offset;
	return ksym_names + ksyms[low].name;
}

/* May two words be read there? Stacks are in the direct map, the first one in the image. */
static bool frame_readable(u64 rbp)
{
	u64 ram = frame_count << PAGE_SHIFT;

	if (rbp % sizeof(u64))
		return false;
	if (rbp >= KERNEL_BASE)
		return rbp - KERNEL_BASE < IMAGE_BYTES_MAX && rbp - KERNEL_BASE >= PAGE_SIZE;
	return rbp >= DIRECT_MAP && rbp - DIRECT_MAP < ram - PAGE_SIZE;
}

static void backtrace_line(u64 rip)
{
	u64 offset;
	const char *name = symbol_of(rip, &offset);

	kprintf("  %016lx %s+0x%lx\n", rip, name, offset);
}

u32 stack_trace(u64 rbp, u64 *rips, u32 max)
{
	const u64 *frame;
	u32 depth = 0;

	while (depth < max && frame_readable(rbp)) {
		frame = (const u64 *)rbp;
		if (frame[1] < KERNEL_BASE)
			break;
		rips[depth++] = frame[1];
		if (frame[0] <= rbp)
			break;
		rbp = frame[0];
	}
	return depth;
}

void backtrace_print(u64 rbp, u64 rip)
{
	u64 rips[BACKTRACE_MAX];
	u32 depth = stack_trace(rbp, rips, BACKTRACE_MAX);

	kprintf("Backtrace:\n");
	backtrace_line(rip);
	for (u32 i = 0; i < depth; i++)
		backtrace_line(rips[i]);
}

/* The machinery of sleeping, which is not what a task sleeps in. */
static bool is_machinery(const char *name)
{
	static const char *const prefixes[] = { "arch_switch", "switch_", "schedule", "wait_",
						"mutex_lock", "freeze_" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

const char *task_sleeps_in(const struct task *t)
{
	u64 rbp, offset;
	const u64 *frame;
	const char *name;

	if (t->state == TASK_RUNNING || t->state >= TASK_ZOMBIE)
		return NULL;
	rbp = arch_task_frame(&t->arch);
	for (unsigned depth = 0; depth < BACKTRACE_MAX && frame_readable(rbp); depth++) {
		frame = (const u64 *)rbp;
		name = symbol_of(frame[1], &offset);
		if (!is_machinery(name))
			return name;
		if (frame[0] <= rbp)
			break;
		rbp = frame[0];
	}
	return NULL;
}

/* --- tasks --- */

static void task_print(const struct task *t)
{
	static const char letters[] = "RSDDTtZX";
	const char *where = task_sleeps_in(t);

	kprintf("  %5d %-15s %c cpu%u work %x call %ld%s%s\n", t->pid ? t->pid->numbers[0].nr : 0,
		t->comm, letters[t->state], t->se.cpu, t->work, t->syscall_nr,
		where ? " in " : "", where ? where : "");
}

void tasks_print(void)
{
	const struct task *t;

	kprintf("Tasks:\n");
	list_for_each(t, &task_all, all)
		task_print(t);
}

/* --- the end --- */

static void panic_wait(u64 seconds)
{
	u64 until = clock_nsec() + seconds * NSEC_PER_SEC;

	kprintf("Rebooting in %lu seconds..\n", seconds);
	while (clock_nsec() < until)
		cpu_relax();
}

static void panic_end(void) __attribute__((noreturn));
static void panic_end(void)
{
	int timeout = boot_options.panic_timeout;

	machine_debug_exit(PANIC_EXIT_STATUS);
	if (timeout > 0)
		panic_wait(timeout);
	if (timeout)
		machine_restart();
	kprintf("---[ end Kernel panic ]---\n");
	cpu_halt_forever();
}

/* A panic inside a panic says so and ends at once. */
static void panic_begin(const char *fmt, va_list ap)
{
	static unsigned depth;

	if (depth++) {
		if (depth == 2)
			kprintf("Kernel panic: again, while printing the first\n");
		panic_end();
	}
	cpu_halt_others();
	console_quiet = false;
	kprintf("Kernel panic - not syncing: ");
	kvprintf(fmt, ap);
	kprintf("\n");
	gdb_panic();
}

static void panic_state(u64 rbp, u64 rip)
{
	const struct task *t = current;

	backtrace_print(rbp, rip);
	kprintf("CPU %u, current:\n", this_cpu()->id);
	if (t)
		task_print(t);
	tasks_print();
	panic_end();
}

void panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	panic_begin(fmt, ap);
	va_end(ap);
	panic_state((u64)__builtin_frame_address(0), (u64)panic);
	panic_end();
}

void panic_regs(const struct regs *regs, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	panic_begin(fmt, ap);
	va_end(ap);
	kprintf("rip %016lx rsp %016lx rbp %016lx flags %lx error %lx\n", regs->rip, regs->rsp,
		regs->rbp, regs->eflags, regs->orig_rax);
	kprintf("rax %016lx rbx %016lx rcx %016lx rdx %016lx\n", regs->rax, regs->rbx, regs->rcx,
		regs->rdx);
	kprintf("rsi %016lx rdi %016lx r8  %016lx r9  %016lx\n", regs->rsi, regs->rdi, regs->r8,
		regs->r9);
	panic_state(regs->rbp, regs->rip);
	panic_end();
}
