// SPDX-License-Identifier: MIT
/* kernel/signal.c - signals: sending, queues, masks.
 *
 * A signal is pending for one thread (task.pending) or for the process (process.pending),
 * as a bit, with a struct sig_queued where it carries information. Sending marks
 * one thread that does not block it (WORK_SIGNAL) and wakes it; that thread takes
 * the signal at its next exit to user mode (sigdeliver.c).
 *
 * Rules: 1 a signal that is ignored and not blocked is never queued. 2 a standard signal
 * is pending once, real-time ones in order. 3 SIGCONT drops stop signals and the reverse,
 * when sent. 4 a fatal signal without core starts the death of the process at once.
 * 5 WORK_SIGNAL is set by anyone, but cleared by its own task only: a wake is never lost.
 * The init of a pid namespace gets what it has handlers for, and SIGKILL and SIGSTOP from an
 * ancestor namespace (PIDNS-10, PIDNS-11, PIDNS-12, PIDNS-13).
 * Locks: BKL. Checkpoint: queues and masks are saved. See signal(7), pid_namespaces(7). */

#include <linux/eventpoll.h>
#include <linux/signal.h>

#include "arch/cpu.h"
#include "arch/uaccess.h"
#include "kernel/cred.h"
#include "kernel/pid.h"
#include "kernel/ptrace.h"
#include "kernel/sched.h"
#include "kernel/signal_internal.h"

/* --- siginfo --- */

void siginfo_user(siginfo_t *info, int sig)
{
	memset(info, 0, sizeof(*info));
	info->si_signo = sig;
	info->si_code = SI_USER;
	info->si_pid = pid_nr(current->process->tgid);
	info->si_uid = from_uid_munged(current_user_ns(), current->cred->uid);
}

void siginfo_kernel(siginfo_t *info, int sig)
{
	memset(info, 0, sizeof(*info));
	info->si_signo = sig;
	info->si_code = SI_KERNEL;
}

int siginfo_to_user(uaddr u, const siginfo_t *info)
{
	return copy_to_user(u, info, sizeof(*info));
}

/* Are si_pid and si_uid those of a sender, in the terms of current's namespaces? */
bool signal_names_sender(const siginfo_t *info)
{
	return info->si_code <= 0 && info->si_code != SI_TIMER && info->si_code != SI_SIGIO;
}

/* Is current in a pid namespace above t's, so that t cannot see it? */
static bool sender_is_above(struct task *t)
{
	return !pid_nr_in(current->process->tgid, task_pid_ns(t));
}

/* Puts si_pid and si_uid into the receiver's terms (PIDNS-14, USERNS-44). */
static void siginfo_translate(siginfo_t *info, struct task *t)
{
	struct user_ns *theirs = t->real_cred->user_ns, *ours = current_user_ns();

	if (sender_is_above(t))
		info->si_pid = 0;
	if (theirs != ours)
		info->si_uid = from_uid_munged(theirs, make_uid(ours, info->si_uid));
}

/* --- flags --- */

/* Signals that t waits for in sigtimedwait count as not blocked here. */
static u64 signal_blocked_now(const struct task *t)
{
	return t->blocked & ~t->sigwait_mask;
}

bool signal_pending_slow(struct task *t)
{
	u64 set = t->pending.set | t->process->pending.set;

	return (set & ~signal_blocked_now(t)) || t->process->group_exit ||
	       (t->process->stopped && !t->tracer) || ptrace_trap_due(t) ||
	       (t->work & WORK_FREEZE);
}

void signal_recompute(struct task *t)
{
	if (signal_pending_slow(t))
		task_set_work(t, WORK_SIGNAL);
	else if (t == current)
		t->work &= ~WORK_SIGNAL;
}

bool fatal_signal_pending(const struct task *t)
{
	return sig_in(SIGKILL, t->pending.set) || t->process->group_exit;
}

void signal_wake(struct task *t, bool fatal)
{
	u32 states = BIT(TASK_INTERRUPTIBLE);

	task_set_work(t, WORK_SIGNAL);
	if (fatal)
		states |= BIT(TASK_KILLABLE) | BIT(TASK_STOPPED) | BIT(TASK_TRACED);
	if (task_wake_state(t, states))
		t->wake_signal = true;
	else if (t != current && task_on_cpu(t))
		cpu_kick(&cpus[t->se.cpu]);
}

/* --- sending --- */

static u64 signal_handler(const struct task *t, int sig)
{
	return t->sighand->action[sig - 1].handler;
}

/* Would sig do nothing if t took it now? force: from the kernel or an ancestor namespace. */
static bool signal_ignored(struct task *t, int sig, bool force)
{
	u64 handler = signal_handler(t, sig);
	bool kernel_only = sig_in(sig, SIGMASK_UNBLOCKABLE);

	if (sig_in(sig, t->blocked))
		return false;
	if (t->tracer && sig != SIGKILL)
		return false;			/* the tracer wants to see it */
	if (t->process->unkillable && handler == HANDLER_DEFAULT) {
		if (!force || !kernel_only)
			return true;			/* PIDNS-10, PIDNS-12 */
		if (task_pid_ns(t) == &init_pid_ns)
			return true;			/* EXT-TASK-01 */
	}
	return handler == HANDLER_IGNORE ||
	       (handler == HANDLER_DEFAULT && sig_in(sig, SIGMASK_IGNORED));
}

/* Effects of sending that do not wait for delivery. False: the signal is dropped. */
static bool signal_prepare(struct task *t, int sig, bool force)
{
	struct process *p = t->process;

	if (p->group_exit)
		return false;
	if (sig_in(sig, SIGMASK_STOP)) {
		process_flush_signals(p, SIGMASK(SIGCONT));
	} else if (sig == SIGCONT) {
		process_flush_signals(p, SIGMASK_STOP);
		stop_continue(p);
	}
	return !signal_ignored(t, sig, force);
}

/* May t be the thread that takes a signal of its process? */
static bool signal_wanted(struct task *t, int sig)
{
	if (sig_in(sig, signal_blocked_now(t)) || (t->flags & TASK_EXITING) || !t->sighand)
		return false;
	if (sig == SIGKILL)
		return true;
	if (t->state == TASK_STOPPED || t->state == TASK_TRACED)
		return false;
	return task_on_cpu(t) || !signal_pending(t);
}

/* The thread to tell, or NULL: all block it or are busy, and see it when they unblock. */
static struct task *signal_pick(struct task *t, bool whole, int sig)
{
	struct task *other;

	if (signal_wanted(t, sig))
		return t;
	if (!whole)
		return NULL;
	for_each_thread(other, t->process) {
		if (signal_wanted(other, sig))
			return other;
	}
	return NULL;
}

/* Will sig end the process, with nothing to do before (no handler, no core)? */
static bool signal_is_fatal(struct task *t, int sig)
{
	const u64 harmless = SIGMASK_IGNORED | SIGMASK_STOP | SIGMASK_CORE;

	if (sig == SIGKILL)
		return true;
	return !t->tracer && !sig_in(sig, harmless) && signal_handler(t, sig) == HANDLER_DEFAULT &&
	       !sig_in(sig, t->blocked) && !t->process->unkillable;
}

void signal_begin_exit(struct process *p, int status)
{
	struct task *t;

	if (p->group_exit)
		return;
	p->group_exit = true;
	p->group_exit_code = status;
	p->stopped = false;
	p->stop_left = 0;
	for_each_thread(t, p) {
		t->flags &= ~TASK_STOP_DUE;
		if (t->flags & TASK_EXITING)
			continue;
		t->pending.set |= SIGMASK(SIGKILL);
		signal_wake(t, true);
	}
}

void signal_kill_process(struct process *p)
{
	signal_begin_exit(p, SIGKILL);
}

/* Makes sig pending with its information. 0, or -EAGAIN: information would be lost. */
static int signal_enqueue(struct task *t, struct sigpending *to, int sig, const siginfo_t *info)
{
	bool exempt = sig < SIGRTMIN && (!info || info->si_code >= 0);
	struct sig_queued *q;

	if (sig != SIGKILL && !queued_alloc(t, exempt, &q)) {
		if (info)
			q->info = *info;
		else
			siginfo_kernel(&q->info, sig);
		q->info.si_signo = sig;
		if (signal_names_sender(&q->info))
			siginfo_translate(&q->info, t);
		list_add_tail(&to->queue, &q->link);
	} else if (sig >= SIGRTMIN && info && info->si_code != SI_USER) {
		return deny(EAGAIN, EXT_LIM_08);
	}
	to->set |= SIGMASK(sig);
	return 0;
}

/* sig has become pending for t or (whole) its process: somebody shall take it. */
static void signal_tell(struct task *t, bool whole, int sig)
{
	struct task *taker;

	if (waitqueue_active(&t->sighand->arrivals))
		wake_events(&t->sighand->arrivals, EPOLLIN, UINT_MAX);
	taker = signal_pick(t, whole, sig);
	if (!taker)
		return;
	if (signal_is_fatal(taker, sig))
		signal_begin_exit(taker->process, sig);
	else
		signal_wake(taker, false);
}

/* Sends to one thread, or to the whole process through it. info NULL: the kernel. */
static int signal_send(struct task *t, bool whole, int sig, const siginfo_t *info)
{
	struct sigpending *to = whole ? &t->process->pending : &t->pending;
	bool force;
	int err;

	if (!t->sighand || (t->flags & TASK_KTHREAD))
		return 0;			/* too late, or not meant to see any */
	force = !info || !signal_names_sender(info) || sender_is_above(t);
	if (!signal_prepare(t, sig, force))
		return 0;
	if (sig < SIGRTMIN && sig_in(sig, to->set))
		return 0;
	err = signal_enqueue(t, to, sig, info);
	if (!err)
		signal_tell(t, whole, sig);
	return err;
}

int signal_send_prealloc(struct task *t, bool whole, struct sig_queued *q)
{
	struct sigpending *to = whole ? &t->process->pending : &t->pending;
	int sig = q->info.si_signo;

	if (!t->sighand)
		return 0;
	if (!signal_prepare(t, sig, true))
		return 1;
	if (!list_empty(&q->link)) {
		q->info.si_overrun++;
		return 0;
	}
	q->info.si_overrun = 0;
	list_add_tail(&to->queue, &q->link);
	to->set |= SIGMASK(sig);
	signal_tell(t, whole, sig);
	return 0;
}

int signal_task(struct task *t, int sig, const siginfo_t *info)
{
	return signal_send(t, false, sig, info);
}

struct task *process_live_thread(struct process *p)
{
	struct task *t;

	if (p->leader && p->leader->sighand)
		return p->leader;
	for_each_thread(t, p) {
		if (t->sighand)
			return t;
	}
	return NULL;
}

int signal_process(struct process *p, int sig, const siginfo_t *info)
{
	struct task *t = process_live_thread(p);

	return t ? signal_send(t, true, sig, info) : 0;
}

int signal_group(struct pid *pgrp, int sig, const siginfo_t *info)
{
	struct process *p;
	int err = -ESRCH, one;
	bool sent = false;

	list_for_each(p, &pgrp->group, group_link) {
		one = signal_process(p, sig, info);
		sent |= one == 0;
		err = one;
	}
	return sent ? 0 : err;
}

void signal_force(int sig, int code, uaddr addr)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = sig;
	info.si_code = code;
	if (code != SI_KERNEL)
		info.si_addr = (void *)addr;
	signal_force_info(&info, false);
}

void signal_force_info(siginfo_t *info, bool fatal)
{
	struct task *t = current;
	int sig = info->si_signo;
	struct sig_action *a = &t->sighand->action[sig - 1];

	if (fatal || sig_in(sig, t->blocked) || a->handler == HANDLER_IGNORE) {
		a->handler = HANDLER_DEFAULT;
		t->blocked &= ~SIGMASK(sig);
	}
	if (a->handler == HANDLER_DEFAULT)
		t->process->unkillable = false;	/* its own fault ends even an init */
	signal_send(t, false, sig, info);
	signal_recompute(t);
}

/* --- dequeueing --- */

/* Which of set goes first; 0: none. */
static int signal_first(u64 set)
{
	if (set & SIGMASK_SYNCHRONOUS)
		set &= SIGMASK_SYNCHRONOUS;
	return set ? __builtin_ctzl(set) + 1 : 0;
}

int signal_take(struct task *t, u64 mask, siginfo_t *info)
{
	struct sigpending *from = &t->pending;
	int sig = signal_first(from->set & mask);

	if (!sig) {
		from = &t->process->pending;
		sig = signal_first(from->set & mask);
	}
	if (sig)
		sigpending_take(from, sig, info);
	return sig;
}

int signal_dequeue(struct task *t, u64 mask, siginfo_t *info)
{
	int sig = signal_take(t, mask, info);

	signal_recompute(t);
	return sig;
}

/* --- masks --- */

/* Signals of the process that current no longer takes: other threads shall look. */
static void signal_retarget(struct task *t, u64 mask)
{
	struct task *other;

	mask &= t->process->pending.set;
	if (!mask)
		return;
	for_each_thread(other, t->process) {
		if (other != t && !(other->flags & TASK_EXITING) && (mask & ~other->blocked))
			signal_wake(other, false);
	}
}

void signal_set_blocked(u64 mask)
{
	struct task *t = current;
	u64 newly = mask & ~t->blocked;

	t->blocked = mask & ~SIGMASK_UNBLOCKABLE;
	if (newly && t->process->nr_live > 1)
		signal_retarget(t, newly);
	signal_recompute(t);
}

void signal_set_temporary(u64 mask)
{
	current->saved_blocked = current->blocked;
	current->flags |= TASK_RESTORE_MASK;
	signal_set_blocked(mask);
}

void signal_restore_saved(void)
{
	if (!(current->flags & TASK_RESTORE_MASK))
		return;
	current->flags &= ~TASK_RESTORE_MASK;
	signal_set_blocked(current->saved_blocked);
}

/* --- the task part --- */

static int signals_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	bool shares_stack = (args->flags & CLONE_VM) && !(args->flags & CLONE_VFORK);

	sigpending_init(&child->pending);
	child->blocked = parent->blocked;
	child->altstack_flags = SS_DISABLE;
	if (!shares_stack) {
		child->altstack_sp = parent->altstack_sp;
		child->altstack_size = parent->altstack_size;
		child->altstack_flags = parent->altstack_flags;
	}
	if (child->process != parent->process) {
		sigpending_init(&child->process->pending);
	} else if (child->process->stopped) {
		child->flags |= TASK_STOP_DUE;
		child->process->stop_left++;
		task_set_work(child, WORK_SIGNAL);
	}
	if (child->process->group_exit)
		task_set_work(child, WORK_SIGNAL);
	return 0;
}

/* execve: the alternate stack was in the old address space. */
static void signals_exec(struct task *t)
{
	t->altstack_sp = t->altstack_size = 0;
	t->altstack_flags = SS_DISABLE;
}

void signal_leave(struct task *t)
{
	stop_leave(t);
	signal_retarget(t, ~0UL);
}

/* The queues go when the task is reaped; the process's with its last thread. */
static void signals_exit(struct task *t)
{
	struct process *p = t->process;
	struct task *other;
	bool last = true;

	stop_leave(t);
	sigpending_flush(&t->pending, ~0UL);
	for_each_thread(other, p)
		last &= other == t;
	if (last)
		sigpending_flush(&p->pending, ~0UL);
}

const struct task_part signals_part = {
	.name = "signals",
	.fork = signals_fork,
	.exec = signals_exec,
	.exit = signals_exit,
};
