// SPDX-License-Identifier: MIT
/* kernel/sigdeliver.c - signals arrive: at exit to user mode a task stops, dies, or runs a handler.
 *
 * signal_deliver() takes pending signals one by one until none is left. A signal with a
 * handler gets a frame on the user's stack (arch/x86/signal.c); several stack up, the last
 * one runs first. An interrupted system call is restarted, or made to return
 * EINTR, before the first frame is built: what it returned (ERESTART...) and SA_RESTART decide.
 * A task that is to freeze does so before it takes any signal but a fatal one.
 * Where there is no handler to run, the mask that sigsuspend, ppoll ... replaced comes back.
 * Not like Linux: a core is never written; the status has its bit where Linux would try to.
 * Locks: BKL. See signal(7), sigreturn(2), restart_syscall(2).
 * Keeps ABI-SIG-03, ABI-SIG-04. */

#include <asm/unistd.h>
#include <linux/signal.h>

#include "arch/cpu.h"
#include "arch/ptrace.h"
#include "kernel/freeze.h"
#include "kernel/ptrace.h"
#include "kernel/rseq.h"
#include "kernel/signal_internal.h"
#include "kernel/syscall.h"
#include "mm/mm.h"

#define SYSCALL_INSN_BYTES 2		/* 0f 05 */
#define WSTATUS_CORE 0x80
#define DUMPABLE_USER 1

/* --- interrupted system calls --- */

/* Steps back to the SYSCALL instruction, to issue call nr again. */
static void syscall_again(struct regs *regs, u64 nr)
{
	regs->rax = nr;
	regs->rip -= SYSCALL_INSN_BYTES;
}

/* Is the task on its way out of a system call that has not been dealt with? */
static bool in_syscall(const struct regs *regs)
{
	return (s64)regs->orig_rax >= 0;
}

/* A handler will run: the call returns EINTR after it, or starts again. */
static void restart_with_handler(struct regs *regs, u64 sa_flags)
{
	if (!in_syscall(regs))
		return;
	switch (-(s64)regs->rax) {
	case ERESTARTNOHAND:
	case ERESTART_RESTARTBLOCK:
		regs->rax = -EINTR;
		break;
	case ERESTARTSYS:
		if (!(sa_flags & SA_RESTART)) {
			regs->rax = -EINTR;
			break;
		}
		syscall_again(regs, regs->orig_rax);
		break;
	case ERESTARTNOINTR:
		syscall_again(regs, regs->orig_rax);
		break;
	}
	regs->orig_rax = -1;
}

/* No handler will run: the call goes on as if nothing had happened. */
static void restart_without_handler(struct regs *regs)
{
	if (!in_syscall(regs))
		return;
	switch (-(s64)regs->rax) {
	case ERESTARTNOHAND:
	case ERESTARTSYS:
	case ERESTARTNOINTR:
		syscall_again(regs, regs->orig_rax);
		regs->orig_rax = -1;
		break;
	case ERESTART_RESTARTBLOCK:
		syscall_again(regs, __NR_restart_syscall);
		regs->orig_rax = -1;
		break;
	}
}

static long restart_nothing(struct restart_block *rb)
{
	(void)rb;
	return -EINTR;
}

long sys_restart_syscall(void)
{
	struct restart_block *rb = &current->restart;

	return rb->resume ? rb->resume(rb) : restart_nothing(rb);
}

/* --- handlers --- */

static void altstack_reset(struct task *t)
{
	t->altstack_sp = t->altstack_size = 0;
	t->altstack_flags = SS_DISABLE;
}

/* The stack has no room for the frame: SIGSEGV, without a handler if SIGSEGV itself failed. */
static void frame_failed(int sig)
{
	if (sig == SIGSEGV)
		current->sighand->action[SIGSEGV - 1].handler = HANDLER_DEFAULT;
	signal_force(SIGSEGV, SI_KERNEL, 0);
}

static void frame_fill(struct sigframe_info *f, int sig, const siginfo_t *info,
		       const struct sig_action *act, uaddr sp)
{
	struct task *t = current;

	*f = (struct sigframe_info){
		.sig = sig,
		.handler = act->handler,
		.restorer = act->restorer,
		.flags = act->flags,
		.mask = t->flags & TASK_RESTORE_MASK ? t->saved_blocked : t->blocked,
		.altstack_sp = t->altstack_sp,
		.altstack_size = t->altstack_size,
		.altstack_flags = t->altstack_flags,
		.use_altstack = (act->flags & SA_ONSTACK) && t->altstack_size &&
				!altstack_in_use(t, sp),
		.siginfo = info,
		.fault_addr = t->fault_addr,
		.trap_no = t->fault_trap,
		.error_code = t->fault_error,
	};
}

static void handler_start(struct regs *regs, int sig, const siginfo_t *info,
			  const struct sig_action *act)
{
	struct task *t = current;
	struct sigframe_info f;
	bool stepping = t->arch.single_step;
	u64 mask;

	if (stepping)
		arch_set_single_step(&t->arch, false);
	restart_with_handler(regs, act->flags);
	if (t->rseq)
		rseq_resume(regs);
	frame_fill(&f, sig, info, act, regs->rsp);
	if (arch_signal_frame(&t->arch, regs, &f)) {
		frame_failed(sig);
		return;
	}
	t->flags &= ~TASK_RESTORE_MASK;
	if (t->altstack_flags & SS_AUTODISARM)
		altstack_reset(t);
	mask = t->blocked | act->mask;
	if (!(act->flags & SA_NODEFER))
		mask |= SIGMASK(sig);
	signal_set_blocked(mask);
	if (stepping)
		ptrace_handler_stepped();
}

/* --- default actions --- */

/* The wait status of a death by sig: with the core bit where Linux would dump one. */
static int death_status(int sig)
{
	struct mm *mm = current->mm;
	bool core = sig_in(sig, SIGMASK_CORE) && current_limit(RLIMIT_CORE) >= PAGE_SIZE &&
		    mm && mm->dumpable == DUMPABLE_USER;

	return core ? sig | WSTATUS_CORE : sig;
}

/* Dies or stops where that is due. True: it stopped, look again. */
static bool die_or_stop(struct process *p)
{
	if (p->group_exit)
		do_group_exit(p->group_exit_code);
	if (sig_in(SIGKILL, current->pending.set))
		do_exit(SIGKILL);		/* another thread is in execve */
	if (ptrace_trap_due(current)) {
		ptrace_trap();
		return true;
	}
	if (!p->stopped || current->tracer)
		return false;
	stop_current();
	return true;
}

/* What happens on sig where no handler is set. May not return. */
static void default_action(int sig)
{
	if (sig_in(sig, SIGMASK_IGNORED))
		return;
	if (current->process->unkillable && !sig_in(sig, SIGMASK_UNBLOCKABLE))
		return;				/* PIDNS-12: it was blocked when sent */
	if (sig_in(sig, SIGMASK_STOP)) {
		stop_begin(sig);
		return;
	}
	do_group_exit(death_status(sig));
}

/* Takes signals until one has a handler: its number; 0: none left. Does default actions. */
static int signal_next(siginfo_t *info, struct sig_action *act)
{
	struct task *t = current;
	struct sig_action *a;
	int sig;

	for (;;) {
		if (die_or_stop(t->process))
			continue;
		if (freeze_due(t)) {
			freeze_current();
			continue;
		}
		if (unlikely(t->flags & TASK_FROZEN))
			freeze_leave();
		sig = signal_take(t, ~t->blocked, info);
		if (!sig)
			return 0;
		if (t->tracer && sig != SIGKILL)
			sig = ptrace_signal(sig, info);
		if (!sig)
			continue;
		a = &t->sighand->action[sig - 1];
		if (a->handler == HANDLER_IGNORE)
			continue;
		if (a->handler == HANDLER_DEFAULT) {
			default_action(sig);
			continue;
		}
		*act = *a;
		if (a->flags & SA_RESETHAND)
			a->handler = HANDLER_DEFAULT;
		return sig;
	}
}

void signal_deliver(struct regs *regs)
{
	struct sig_action act;
	siginfo_t info;
	int sig;

	while ((sig = signal_next(&info, &act))) {
		handler_start(regs, sig, &info, &act);
		if (!signal_pending(current))
			return;		/* as mostly; nothing is interrupted any more */
	}
	restart_without_handler(regs);
	signal_restore_saved();
	signal_recompute(current);
}

/* --- the way back --- */

long sys_rt_sigreturn(void)
{
	struct regs *regs = current_regs();
	struct task *t = current;
	struct sigreturn_info r;

	if (arch_signal_return(&t->arch, regs, &r)) {
		signal_force(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	signal_set_blocked(r.mask);
	altstack_set(t, r.altstack_sp, r.altstack_size, r.altstack_flags, regs->rsp);
	regs->orig_rax = -1;			/* rax is the interrupted code's, no result */
	return regs->rax;
}
