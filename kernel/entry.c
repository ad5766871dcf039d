// SPDX-License-Identifier: MIT
/* kernel/entry.c - into the kernel and out of it: what trap_ops mean here.
 *
 * Every entry from user mode: the time so far was the user's, take the big kernel lock, do
 * what it is about, exit_to_user(), the time was the kernel's, drop the lock. An interrupt of
 * the idle loop takes the lock too, but wakes tasks only; the loop does the rest. A fault in a
 * user copy of the kernel finds the lock held.
 *
 * exit_to_user() goes round until nothing is left to do: another task's turn, signals, works.
 * The way with nothing to do is one test.
 * Locks: BKL. See arch/trap.h. */
#include "arch/trap.h"

#include <asm/sigcontext.h>
#include <linux/resource.h>

#include "boot/cmdline.h"
#include "kernel/audit.h"
#include "kernel/bkl.h"
#include "kernel/fail.h"
#include "kernel/gdb.h"
#include "kernel/lock_order.h"
#include "kernel/ptrace.h"
#include "kernel/rseq.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"
#include "lib/print.h"
#include "mm/charge.h"
#include "mm/mm.h"

#define TRAP_NR_PAGE_FAULT 14	/* as the sigcontext names it */
#define MXCSR_MASKS 7			/* bit of the first mask */
#define WORK_HANDLED (WORK_CHARGE | WORK_SIGNAL | WORK_NOTIFY | WORK_RSEQ)

volatile u32 bkl_word;

/* --- the way out --- */

static void run_works(struct task *t)
{
	t->work &= ~WORK_NOTIFY;
	while (!list_empty(&t->exit_work)) {
		struct task_work *w = list_first(&t->exit_work, struct task_work, link);

		list_del(&w->link);
		w->run(w);
	}
}

static void exit_slowly(struct regs *regs)
{
	struct task *t = current;

	do {
		if (this_cpu()->need_resched)
			schedule();
		if (t->work & WORK_NOTIFY)
			run_works(t);
		if (t->work & WORK_CHARGE)
			charge_ops->settle();
		if (t->work & WORK_SIGNAL)
			signal_deliver(regs);
		if ((t->work & WORK_RSEQ) && !this_cpu()->need_resched)
			rseq_resume(regs);
	} while (this_cpu()->need_resched || (t->work & WORK_HANDLED));
}

void exit_to_user(struct regs *regs)
{
	if (unlikely(this_cpu()->need_resched || current->work))
		exit_slowly(regs);
}

static inline struct task *enter(void)
{
	struct cpu *c = this_cpu();
	struct task *t = c->running;

	account_user_on(c, t);
	bkl_lock_on(c);
	return t;
}

/* t: current. Another CPU may be ours after a turn of others. */
static inline void leave(struct regs *regs, struct task *t)
{
	struct cpu *c = this_cpu();

	lock_order_none_held("back to the program");
	if (unlikely(c->need_resched || t->work)) {
		exit_slowly(regs);
		c = this_cpu();
	}
	account_kernel_on(c, t);
	bkl_unlock();
}

void task_enter_user(void)
{
	leave(current_regs(), current);
	arch_enter_user(&current->arch);
}

/* --- system calls, interrupts --- */

static void call_returns(struct regs *regs, struct task *t)
{
	if (t->work & WORK_FAIL)
		fail_call_returns(t, regs->rax);
	if (t->work & WORK_TRACE)
		ptrace_syscall_leave(regs);
}

static inline __attribute__((always_inline)) void make_call(struct regs *regs, struct task *t)
{
	u64 nr = regs->orig_rax;

	t->syscall_nr = nr;
	if (likely(nr < syscall_count && syscalls[nr].handler &&
		   !(t->work & (WORK_TRACE | WORK_SECCOMP))))
		regs->rax = syscall_call(&syscalls[nr], regs);
	else
		syscall_slowly(regs, t);
	if (unlikely(t->work & (WORK_TRACE | WORK_FAIL)))
		call_returns(regs, t);
	t->syscall_nr = -1;
}

static void handle(struct regs *regs, void (*handler)(void *), void *arg)
{
	no_sleep_begin();
	handler(arg);
	no_sleep_end();
	if (unlikely(gdb_break_wanted))
		gdb_interrupt(regs);
}

static void on_syscall(struct regs *regs)
{
	struct task *t = enter();

	make_call(regs, t);
	leave(regs, t);
}

/* With audit=N. */
static void on_audited_syscall(struct regs *regs)
{
	struct task *t = enter();
	u64 nr = regs->orig_rax;
	bool due = audit_due();

	if (due)
		audit_at_call("before", nr);
	make_call(regs, t);
	if (due)
		audit_at_call("by", nr);
	leave(regs, t);
}

static void on_interrupt(struct regs *regs, void (*handler)(void *), void *arg)
{
	struct task *t;

	if (!regs_user_mode(regs)) {
		bkl_lock();
		handle(regs, handler, arg);
		bkl_unlock();
		return;
	}
	t = enter();
	handle(regs, handler, arg);
	leave(regs, t);
}

static void tick(void *regs)
{
	timer_interrupt_came();
	timers_run();
	sched_tick(regs);
}

static void on_timer(struct regs *regs)
{
	on_interrupt(regs, tick, regs);
}

/* Another CPU has work for this one, or wants it to arm the end of a slice. */
static void kicked(void *regs)
{
	sched_tick(regs);
}

static void on_kick(struct regs *regs)
{
	if (regs_user_mode(regs))
		on_interrupt(regs, kicked, regs);
}

/* --- faults --- */

static int fault_mend(struct task *t, uaddr addr, u64 error, int *code)
{
	u64 major;
	int err;

	*code = SEGV_MAPERR;
	if (!t->mm || addr >= USER_END)
		return -EFAULT;
	major = t->mm->maj_flt;
	err = mm_fault(t->mm, addr, error | FAULT_USER,
		       process_limit(t->process, RLIMIT_STACK), code);
	if (!err && t->mm->maj_flt != major)
		t->maj_flt++;
	else if (!err)
		t->min_flt++;
	return err;
}

/* Out of memory in a fault: there is no error to return, the process ends. */
static void fault_out_of_memory(void)
{
	kprintf("Out of memory: killed process %d (%s)\n", pid_nr(current->process->tgid),
		current->comm);
	signal_kill_process(current->process);
}

static void fault_signal(uaddr addr, u64 error, int err, int code)
{
	current->fault_addr = addr;
	current->fault_trap = TRAP_NR_PAGE_FAULT;
	current->fault_error = error;
	if (err == -ENOMEM)
		fault_out_of_memory();
	else if (err == -EIO)
		signal_force(SIGBUS, BUS_ADRERR, addr);
	else
		signal_force(SIGSEGV, code, addr);
}

static int on_page_fault(struct regs *regs, uaddr addr, u64 error)
{
	int code, err;
	struct task *t;

	if (!regs_user_mode(regs)) {
		may_sleep("a fault in a user copy");
		return fault_mend(current, addr, error, &code) ? -EFAULT : 0;
	}
	t = enter();
	err = fault_mend(t, addr, error, &code);
	if (unlikely(err) && !fatal_signal_pending(t))
		fault_signal(addr, error, err, code);
	leave(regs, t);
	return 0;
}

/* --- other exceptions of user code --- */

struct trap_signal {
	int sig, code;
	bool at_rip;			/* si_addr is the instruction */
	u8 vector;
};

static const struct trap_signal trap_signals[] = {
	[TRAP_DIVIDE] = { SIGFPE, FPE_INTDIV, true, 0 },
	[TRAP_DEBUG] = { SIGTRAP, TRAP_TRACE, true, 1 },
	[TRAP_BREAKPOINT] = { SIGTRAP, SI_KERNEL, false, 3 },
	[TRAP_OVERFLOW] = { SIGSEGV, SI_KERNEL, false, 4 },
	[TRAP_BOUND] = { SIGSEGV, SI_KERNEL, false, 5 },
	[TRAP_OPCODE] = { SIGILL, ILL_ILLOPN, true, 6 },
	[TRAP_SEGMENT] = { SIGBUS, SI_KERNEL, false, 11 },
	[TRAP_PROTECTION] = { SIGSEGV, SI_KERNEL, false, 13 },
	[TRAP_FPU] = { SIGFPE, FPE_FLTINV, true, 16 },
	[TRAP_ALIGN] = { SIGBUS, BUS_ADRALN, false, 17 },
	[TRAP_SIMD] = { SIGFPE, FPE_FLTINV, true, 19 },
	[TRAP_WATCH] = { SIGTRAP, TRAP_HWBKPT, true, 1 },
};

/* Which floating point exception it was: raised and not masked, in the order of importance. */
static int float_code(enum trap_kind kind)
{
	static const struct { u8 bits; int code; } rows[] = {
		{ 0x01, FPE_FLTINV }, { 0x04, FPE_FLTDIV }, { 0x08, FPE_FLTOVF },
		{ 0x12, FPE_FLTUND }, { 0x20, FPE_FLTRES },
	};
	const struct _fpstate_64 *fp = current->arch.fpu;
	u32 raised;

	arch_fpu_sync(&current->arch);
	raised = kind == TRAP_FPU ? fp->swd & ~fp->cwd : fp->mxcsr & ~(fp->mxcsr >> MXCSR_MASKS);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (raised & rows[i].bits)
			return rows[i].code;
	return FPE_FLTINV;
}

static void on_user_trap(struct regs *regs, enum trap_kind kind, u64 error)
{
	const struct trap_signal *s = &trap_signals[kind];
	struct task *t = enter();
	int code = s->code;

	if (kind == TRAP_FPU || kind == TRAP_SIMD)
		code = float_code(kind);
	current->fault_addr = 0;
	current->fault_trap = s->vector;
	current->fault_error = error;
	if (s->sig == SIGTRAP && error) {
		current->arch.debug_status = error;
		current->fault_error = 0;
	}
	signal_force(s->sig, code, s->at_rip ? regs->rip : 0);
	leave(regs, t);
}

/* gdb looks at a user from where every other trap does. */
static bool on_debugger(struct regs *regs, u64 vector, bool step)
{
	struct task *t;
	bool ours;

	if (!regs_user_mode(regs))
		return gdb_trap(regs, vector, step);
	t = enter();
	ours = gdb_trap(regs, vector, step);
	leave(regs, t);
	return ours;
}

void entry_init(void)
{
	trap_ops = (struct trap_ops){
		.syscall = boot_options.audit ? on_audited_syscall : on_syscall,
		.page_fault = on_page_fault,
		.user_trap = on_user_trap,
		.debugger = on_debugger,
		.interrupt = on_interrupt,
		.timer = on_timer,
		.kick = on_kick,
	};
}
