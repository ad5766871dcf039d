// SPDX-License-Identifier: MIT
/* kernel/ptrace_stop.c - where tracees stop: signals, events, system calls, the stop of their
 * group.
 *
 * 1 ptrace_halt(): the task is TASK_TRACED, its tracer gets SIGCHLD and its wait a result.
 * 2 The tracer looks, then resumes it (ptrace.c): task.ptrace_stop is the signal it shall get.
 * 3 ptrace_halt() returns that; what it means depends on the kind of stop: a signal is delivered
 *   in place of the one that came, after a system call it is sent, after an event dropped.
 * A group stop reaches tracees as PT_TRAP_STOP: each stops by itself, counts as stopped for the
 * real parent, and runs again when its tracer says so, whatever the others do. Seized tracees can
 * listen meanwhile, and are told of SIGCONT by another trap (PT_TRAP_NOTIFY).
 * SIGKILL ends every stop. A task that is to be killed does not stop any more.
 * Locks: BKL. Checkpoint: tasks under a debugger are refused. See ptrace(2). */
#include "kernel/ptrace.h"

#include <linux/signal.h>

#include "arch/cpu.h"
#include "arch/ptrace.h"
#include "kernel/cred.h"
#include "kernel/freeze.h"
#include "kernel/sched.h"
#include "kernel/signal_internal.h"

#define EVENT_SHIFT 8
#define SYSCALL_GOOD 0x80
#define STATUS_SIGNAL 0x7f
#define USER_TICKS_PER_SEC 100

/* --- telling the tracer --- */

static void tell_fill(const struct task *t, const struct task *to, siginfo_t *info)
{
	u64 user, system;

	memset(info, 0, sizeof(*info));
	info->si_signo = SIGCHLD;
	info->si_pid = pid_nr_in(t->pid, task_pid_ns(to));
	info->si_uid = from_uid_munged(to->real_cred->user_ns, t->real_cred->uid);
	task_times(t, &user, &system);
	info->si_utime = user * USER_TICKS_PER_SEC / NSEC_PER_SEC;
	info->si_stime = system * USER_TICKS_PER_SEC / NSEC_PER_SEC;
}

/* current has stopped. */
static void tell_stop(int why)
{
	struct task *t = current, *to = process_live_thread(t->tracer);
	const struct sig_action *a;
	siginfo_t info;

	if (!to)
		return;
	tell_fill(t, to, &info);
	info.si_code = why;
	info.si_status = (why == CLD_STOPPED ? t->process->stop_signal : t->ptrace_stop) &
			 STATUS_SIGNAL;
	a = &to->sighand->action[SIGCHLD - 1];
	if (a->handler != HANDLER_IGNORE && !(a->flags & SA_NOCLDSTOP))
		signal_process(t->tracer, SIGCHLD, &info);
	wake_all(&t->tracer->child_wait);
}

void ptrace_tell_exit(struct task *t)
{
	struct process *p = t->process;
	struct task *to = process_live_thread(t->tracer);
	bool as_child = task_is_leader(t) && p->parent == t->tracer;
	int sig = as_child ? t->exit_signal : SIGCHLD;
	int status = p->group_exit ? p->group_exit_code : t->exit_code;
	siginfo_t info;

	if (to && sig > 0) {
		tell_fill(t, to, &info);
		info.si_signo = sig;
		info.si_code = status & STATUS_SIGNAL ? CLD_KILLED : CLD_EXITED;
		info.si_status = status & STATUS_SIGNAL ? status & STATUS_SIGNAL : status >> 8;
		signal_process(t->tracer, sig, &info);
	}
	wake_all(&t->tracer->child_wait);
}

/* --- stopping --- */

/* Context: sleeps. */
int ptrace_halt(int code, int why, u64 message, siginfo_t *info)
{
	struct task *t = current;

	if (!t->tracer || sig_in(SIGKILL, t->pending.set))
		return code;
	t->ptrace_info = info;
	t->ptrace_message = message;
	t->ptrace_stop = code;
	t->ptrace_flags &= ~PT_TRAP_STOP;
	if (code >> EVENT_SHIFT == PTRACE_EVENT_STOP)
		t->ptrace_flags &= ~PT_TRAP_NOTIFY;
	t->state = TASK_TRACED;
	if (why == CLD_STOPPED)
		stop_leave(t);
	tell_stop(why);
	freeze_enter();
	schedule();
	freeze_leave();
	t->ptrace_flags &= ~PT_LISTENING;
	t->ptrace_info = NULL;
	t->ptrace_message = 0;
	code = t->ptrace_stop;
	t->ptrace_stop = 0;
	if (signal_pending_slow(t)) /* never cleared: an interrupted call may be on its way out */
		task_set_work(t, WORK_SIGNAL);
	return code;
}

/* A stop with information of its own: code is in it, and shown to wait. */
static int halt_with_info(int sig, int code, int why, u64 message)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = code;
	info.si_pid = pid_nr(current->pid);
	info.si_uid = from_uid_munged(current_user_ns(), current->cred->uid);
	return ptrace_halt(code, why, message, &info);
}

/* --- events --- */

static bool event_wanted(const struct task *t, int event)
{
	return t->tracer && t->ptrace_options & BIT(event);
}

bool ptrace_wants_event(int event)
{
	return event_wanted(current, event);
}

void ptrace_event(int event, u64 message)
{
	struct task *t = current;
	siginfo_t info;

	if (event_wanted(t, event)) {
		halt_with_info(SIGTRAP, event << EVENT_SHIFT | SIGTRAP, CLD_TRAPPED, message);
	} else if (event == PTRACE_EVENT_EXEC && t->tracer && !(t->ptrace_flags & PT_SEIZED)) {
		siginfo_user(&info, SIGTRAP);
		signal_task(t, SIGTRAP, &info);
	}
}

void ptrace_event_pid(int event, struct pid *pid)
{
	const struct process *tracer = current->tracer;
	const struct pid *tgid = tracer ? tracer->tgid : NULL;

	if (tracer)
		ptrace_event(event, pid_nr_in(pid, tgid->numbers[tgid->level].ns));
}

/* --- signals --- */

int ptrace_signal(int sig, siginfo_t *info)
{
	struct task *t = current;
	int given = ptrace_halt(sig, CLD_TRAPPED, 0, info);

	if (!given)
		return 0;
	if (given != info->si_signo) {
		memset(info, 0, sizeof(*info));
		info->si_signo = given;
		info->si_code = SI_USER;
		if (t->tracer) {
			info->si_pid = pid_nr_in(t->tracer->tgid, task_pid_ns(t));
			info->si_uid = from_uid_munged(current_user_ns(),
						       t->tracer->leader->real_cred->uid);
		}
	}
	if (sig_in(given, t->blocked) || sig_in(SIGKILL, t->pending.set)) {
		signal_task(t, given, info);
		return 0;
	}
	return given;
}

void ptrace_handler_stepped(void)
{
	ptrace_halt(SIGTRAP, CLD_TRAPPED, 0, NULL);
}

/* --- group stops --- */

void ptrace_group_stop(struct task *t)
{
	t->ptrace_flags |= PT_TRAP_STOP;
	signal_wake(t, false);
}

void ptrace_trap_notify(struct task *t)
{
	t->ptrace_flags |= PT_TRAP_NOTIFY;
	signal_wake(t, false);
	if (t->ptrace_flags & PT_LISTENING)
		task_wake_state(t, BIT(TASK_TRACED));
}

void ptrace_trap(void)
{
	struct task *t = current;
	struct process *p = t->process;
	int sig = p->stopped ? p->stop_signal : SIGTRAP;

	if (!t->tracer) {
		t->ptrace_flags = 0;
	} else if (t->ptrace_flags & PT_SEIZED) {
		halt_with_info(sig, PTRACE_EVENT_STOP << EVENT_SHIFT | sig, CLD_STOPPED, 0);
	} else {
		t->ptrace_flags &= ~PT_TRAPS;
		if (p->stop_signal)
			ptrace_halt(p->stop_signal, CLD_STOPPED, 0, NULL);
	}
}

/* --- system calls --- */

static void syscall_stop(u64 message)
{
	struct task *t = current;
	int good = t->ptrace_options & PTRACE_O_TRACESYSGOOD ? SYSCALL_GOOD : 0;
	int sig = halt_with_info(SIGTRAP, SIGTRAP | good, CLD_TRAPPED, message);
	siginfo_t info;

	if (sig) {
		siginfo_kernel(&info, sig);
		signal_task(t, sig, &info);
	}
}

bool ptrace_syscall_enter(struct regs *regs)
{
	struct task *t = current;
	bool emulate = t->ptrace_flags & PT_EMULATE;

	(void)regs;
	if (!(t->ptrace_flags & (PT_SYSCALLS | PT_EMULATE)))
		return true;
	syscall_stop(PTRACE_EVENTMSG_SYSCALL_ENTRY);
	return !emulate && !fatal_signal_pending(t);
}

/* A single step over SYSCALL ends here, before the next instruction. */
void ptrace_syscall_leave(struct regs *regs)
{
	struct task *t = current;

	if (t->arch.single_step && !(t->ptrace_flags & PT_EMULATE))
		signal_force(SIGTRAP, TRAP_BRKPT, regs->rip);
	else if (t->ptrace_flags & PT_SYSCALLS)
		syscall_stop(PTRACE_EVENTMSG_SYSCALL_EXIT);
}
