// SPDX-License-Identifier: MIT
/* kernel/sigstop.c - job control: stopping and continuing a whole process, and telling its parent.
 *
 * 1 stop_begin(): one thread took a stop signal; process.stopped is set and every live thread
 *   is TASK_STOP_DUE, counted in process.stop_left.
 * 2 stop_current(): each thread stops at its exit to user mode; the last one (stop_left 0)
 *   tells the parent CLD_STOPPED, and wait4(WUNTRACED) may report stop_signal once
 *   (stop_reported).
 * 3 stop_continue(): SIGCONT ends it, as soon as it is sent; the parent hears CLD_CONTINUED and
 *   wait4(WCONTINUED) may report it (continued_report). SIGKILL ends it too (signal.c).
 * Tracees stop for their tracer instead (ptrace_stop.c), and are counted all the same.
 * Locks: BKL. Checkpoint: the stopped state is saved. See signal(7), wait(2), credentials(7). */

#include <linux/signal.h>

#include "arch/cpu.h"
#include "kernel/cred.h"
#include "kernel/freeze.h"
#include "kernel/ptrace.h"
#include "kernel/sched.h"
#include "kernel/signal_internal.h"

/* SIGCHLD with CLD_STOPPED or CLD_CONTINUED to the parent, and a look for its wait4(). */
static void stop_notify(struct process *p, int code)
{
	struct process *parent = p->parent;
	struct task *to = parent ? process_live_thread(parent) : NULL;
	struct cpu_times times;
	struct sig_action *a;
	siginfo_t info;

	if (!to)
		return;
	process_times(p, &times);
	memset(&info, 0, sizeof(info));
	info.si_signo = SIGCHLD;
	info.si_code = code;
	info.si_pid = pid_nr_in(p->tgid, task_pid_ns(to));
	info.si_uid = from_uid_munged(to->real_cred->user_ns, p->leader->real_cred->uid);
	info.si_status = code == CLD_CONTINUED ? SIGCONT : p->stop_signal;
	info.si_utime = times.user_nsec / (NSEC_PER_SEC / 100);
	info.si_stime = times.system_nsec / (NSEC_PER_SEC / 100);
	a = &to->sighand->action[SIGCHLD - 1];
	if (a->handler != HANDLER_IGNORE && !(a->flags & SA_NOCLDSTOP))
		signal_process(parent, SIGCHLD, &info);
	wake_all(&parent->child_wait);
}

bool pgrp_is_orphaned(struct pid *pgrp, const struct process *ignored)
{
	struct process *p;

	list_for_each(p, &pgrp->group, group_link) {
		if (p == ignored || !p->parent || !p->nr_live)
			continue;
		if (!p->parent->parent && p->parent->unkillable)
			continue;		/* a child of the machine's init has no shell */
		if (p->parent->pgid != pgrp && p->parent->sid == p->sid)
			return false;
	}
	return true;
}

/* All due threads have stopped. */
static void stop_complete(struct process *p)
{
	if (p->stop_is_old) {		/* CR-TASK-14 */
		p->stop_is_old = false;
		return;
	}
	p->stop_reported = false;
	p->continued_report = false;
	stop_notify(p, CLD_STOPPED);
}

bool stop_begin(int sig)
{
	struct process *p = current->process;
	struct task *t;

	if (sig != SIGSTOP && pgrp_is_orphaned(p->pgid, NULL))
		return false;
	if (p->stopped) {
		if (current->tracer)
			ptrace_group_stop(current);	/* its tracer had it go on */
		return true;
	}
	p->stopped = true;
	p->stop_signal = sig;
	p->stop_left = 0;
	for_each_thread(t, p) {
		if (t->flags & TASK_EXITING)
			continue;
		t->flags |= TASK_STOP_DUE;
		p->stop_left++;
		if (t->tracer)
			ptrace_group_stop(t);
		else if (t != current)
			signal_wake(t, false);
	}
	return true;
}

void stop_leave(struct task *t)
{
	struct process *p = t->process;

	if (!(t->flags & TASK_STOP_DUE))
		return;
	t->flags &= ~TASK_STOP_DUE;
	if (--p->stop_left == 0 && p->stopped)
		stop_complete(p);
}

/* Context: sleeps, at exit to user mode only. */
void stop_current(void)
{
	current->state = TASK_STOPPED;
	stop_leave(current);
	freeze_enter();			/* CG-49: nothing runs until it is continued */
	schedule();
}

void stop_continue(struct process *p)
{
	bool complete = p->stop_left == 0 || p->stop_is_old;
	struct task *t;

	for_each_thread(t, p)
		if (t->ptrace_flags & PT_SEIZED)
			ptrace_trap_notify(t);
	if (!p->stopped)
		return;
	p->stopped = p->stop_is_old = false;
	p->stop_left = 0;
	for_each_thread(t, p) {
		t->flags &= ~TASK_STOP_DUE;
		task_wake_state(t, BIT(TASK_STOPPED));
	}
	if (!complete) {
		stop_notify(p, CLD_STOPPED);	/* was asked to, and never did */
		return;
	}
	p->continued_report = true;
	stop_notify(p, CLD_CONTINUED);
}
