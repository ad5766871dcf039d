// SPDX-License-Identifier: MIT
/* kernel/ptrace.c - ptrace(2): who traces whom, and how tracees are let go on.
 *
 * A tracee is a thread, its tracer a process: task.tracer, and task.traced on tracer->tracees. It
 * begins with TRACEME, ATTACH (which sends SIGSTOP), SEIZE (which does not), or with the clone of
 * a tracee; it ends with DETACH, with the tracee when it is reaped, or with the tracer.
 * An exited tracee is a zombie until its tracer has waited for it; only then its real parent hears
 * of it (wait4.c, exit.c).
 * Requests to a tracee that is not in its stop give ESRCH. The other requests: ptrace_requests.c;
 * the stops: ptrace_stop.c.
 * Not like Linux: any thread of the tracer may make requests.
 * Locks: BKL. Checkpoint: tasks under a debugger are refused. See ptrace(2). */
#include "kernel/ptrace.h"

#include <linux/signal.h>

#include "arch/cpu.h"
#include "arch/ptrace.h"
#include "kernel/cred.h"
#include "kernel/pid.h"
#include "kernel/ptrace_internal.h"
#include "kernel/sched.h"
#include "kernel/signal_internal.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"

#define OPTIONS_KNOWN (0xff | PTRACE_O_EXITKILL | PTRACE_O_SUSPEND_SECCOMP)

/* --- beginning and end --- */

static void link_tracer(struct task *t, struct process *tracer, u32 flags, u64 options)
{
	t->tracer = tracer;
	t->ptrace_flags = flags;
	t->ptrace_options = options;
	t->ptrace_stop = 0;
	list_add_tail(&tracer->tracees, &t->traced);
}

/* How t is to go on: what its system calls and instructions do. */
static void set_mode(struct task *t, u32 mode, bool step)
{
	t->ptrace_flags = (t->ptrace_flags & ~(PT_SYSCALLS | PT_EMULATE)) | mode;
	if (step != t->arch.single_step)
		arch_set_single_step(&t->arch, step);
	if (mode || step)
		task_set_work(t, WORK_TRACE);
	else
		t->work &= ~WORK_TRACE;
}

void ptrace_unlink(struct task *t)
{
	if (!t->tracer)
		return;
	list_del(&t->traced);
	t->tracer = NULL;
	t->ptrace_options = 0;
	if (t->flags & TASK_EXITING)
		return;
	set_mode(t, 0, false);
	t->ptrace_flags = 0;
	if (t->process->stopped)
		signal_wake(t, false);		/* joins its group's stop */
	task_wake_state(t, BIT(TASK_TRACED));
}

/* An exited tracee is seen by its real parent now, or was waited for by nobody else. */
static void release_zombie(struct task *t)
{
	struct process *p = t->process;

	if (t->state != TASK_ZOMBIE)
		return;
	if (!task_is_leader(t))
		task_release(t);
	else if (process_is_zombie(p) && process_notify_parent(p))
		task_release(t);
}

void ptrace_tracer_exit(struct process *p)
{
	struct task *t;

	while (!list_empty(&p->tracees)) {
		t = list_first(&p->tracees, struct task, traced);
		if (t->ptrace_options & PTRACE_O_EXITKILL)
			signal_kill_process(t->process);
		ptrace_unlink(t);
		release_zombie(t);
	}
}

static long trace_me(void)
{
	struct process *parent = current->process->parent;

	if (current->tracer)
		return deny(EPERM, EXT_CRED_03);
	if (parent && parent->nr_live)
		link_tracer(current, parent, 0, 0);
	return 0;
}

/* A task that is stopped already goes from its group's stop into the tracer's. */
static void attach_stopped(struct task *t)
{
	if (t->state != TASK_STOPPED)
		return;
	t->ptrace_flags |= PT_TRAP_STOP;
	task_set_work(t, WORK_SIGNAL);
	task_wake_state(t, BIT(TASK_STOPPED));
}

static long attach(struct task *t, bool seize, u64 addr, u64 options)
{
	siginfo_t info;

	if (seize && (addr || (options & ~OPTIONS_KNOWN)))
		return -EIO;
	if ((t->flags & TASK_KTHREAD) || t->process == current->process)
		return deny(EPERM, EXT_CRED_03);
	if (task_may_access(t, ACCESS_ATTACH | ACCESS_REALCREDS))
		return deny(EPERM, EXT_CRED_03);
	if ((t->flags & TASK_EXITING) || t->tracer)
		return deny(EPERM, EXT_CRED_03);
	link_tracer(t, current->process, seize ? PT_SEIZED : 0, seize ? options : 0);
	if (!seize) {
		siginfo_kernel(&info, SIGSTOP);
		signal_task(t, SIGSTOP, &info);
	}
	attach_stopped(t);
	return 0;
}

/* --- clones --- */

int ptrace_clone_event(const struct clone_args_k *args)
{
	int event = PTRACE_EVENT_FORK;

	if (!current->tracer || (args->flags & CLONE_UNTRACED))
		return 0;
	if (args->flags & CLONE_VFORK)
		event = PTRACE_EVENT_VFORK;
	else if (args->exit_signal != SIGCHLD)
		event = PTRACE_EVENT_CLONE;
	return current->ptrace_options & BIT(event) ? event : 0;
}

void ptrace_fork(struct task *child, u64 flags, int event)
{
	struct task *t = current;

	if (t->arch.forced_step)
		task_user_regs(&child->arch)->eflags &= ~EFLAGS_TF;
	if (!t->tracer || (!event && !(flags & CLONE_PTRACE)))
		return;
	link_tracer(child, t->tracer, t->ptrace_flags & PT_SEIZED, t->ptrace_options);
	if (t->ptrace_flags & PT_SEIZED)
		child->ptrace_flags |= PT_TRAP_STOP;
	else
		child->pending.set |= SIGMASK(SIGSTOP);
	task_set_work(child, WORK_SIGNAL);
}

bool ptrace_limits_exec(void)
{
	const struct process *tracer = current->tracer;

	return tracer &&
	       !cred_capable(tracer->leader->real_cred, current_user_ns(), CAP_SYS_PTRACE);
}

/* --- going on --- */

static long resume(struct task *t, u32 mode, bool step, u64 sig)
{
	if (sig > SIG_MAX)
		return -EIO;
	set_mode(t, mode, step);
	t->ptrace_stop = sig;
	task_wake_state(t, BIT(TASK_TRACED));
	return 0;
}

long ptrace_cont(struct task *t, u64 addr, u64 sig)
{
	(void)addr;
	return resume(t, 0, false, sig);
}

long ptrace_syscall(struct task *t, u64 addr, u64 sig)
{
	(void)addr;
	return resume(t, PT_SYSCALLS, false, sig);
}

long ptrace_sysemu(struct task *t, u64 addr, u64 sig)
{
	(void)addr;
	return resume(t, PT_EMULATE, false, sig);
}

long ptrace_sysemu_step(struct task *t, u64 addr, u64 sig)
{
	(void)addr;
	return resume(t, PT_EMULATE, true, sig);
}

long ptrace_step(struct task *t, u64 addr, u64 sig)
{
	(void)addr;
	return resume(t, 0, true, sig);
}

long ptrace_detach(struct task *t, u64 addr, u64 sig)
{
	(void)addr;
	if (sig > SIG_MAX)
		return -EIO;
	t->ptrace_stop = sig;
	ptrace_unlink(t);
	return 0;
}

long ptrace_kill(struct task *t, u64 addr, u64 data)
{
	siginfo_t info;

	(void)addr;
	(void)data;
	siginfo_user(&info, SIGKILL);
	return signal_process(t->process, SIGKILL, &info);
}

long ptrace_interrupt(struct task *t, u64 addr, u64 data)
{
	(void)addr;
	(void)data;
	if (!(t->ptrace_flags & PT_SEIZED))
		return -EIO;
	if (t->flags & TASK_EXITING)
		return 0;
	t->ptrace_flags |= PT_TRAP_STOP;
	signal_wake(t, false);
	if (t->ptrace_flags & PT_LISTENING)
		task_wake_state(t, BIT(TASK_TRACED));
	return 0;
}

long ptrace_listen(struct task *t, u64 addr, u64 data)
{
	(void)addr;
	(void)data;
	if (!(t->ptrace_flags & PT_SEIZED) || !t->ptrace_info ||
	    t->ptrace_info->si_code >> 8 != PTRACE_EVENT_STOP)
		return -EIO;
	t->ptrace_flags |= PT_LISTENING;
	if (t->ptrace_flags & PT_TRAP_NOTIFY)
		task_wake_state(t, BIT(TASK_TRACED));
	return 0;
}

long ptrace_set_options(struct task *t, u64 addr, u64 options)
{
	(void)addr;
	if (options & ~OPTIONS_KNOWN)
		return -EINVAL;
	t->ptrace_options = options;
	return 0;
}

/* --- the call --- */

static bool in_stop(const struct task *t)
{
	return t->state == TASK_TRACED && !(t->ptrace_flags & PT_LISTENING);
}

static long to_tracee(struct task *t, u64 request, u64 addr, u64 data)
{
	const struct ptrace_request *r = ptrace_request_find(request);

	if (t->tracer != current->process)
		return -ESRCH;
	if (!in_stop(t) && !(r && r->flags & REQUEST_ANY_STATE))
		return -ESRCH;
	return r ? r->run(t, addr, data) : -EIO;
}

long sys_ptrace(u64 request, s32 nr, u64 addr, u64 data)
{
	struct task *t;
	long ret;

	if (request == PTRACE_TRACEME)
		return trace_me();
	t = task_find(nr);
	if (!t)
		return -ESRCH;
	task_get(t);
	if (request == PTRACE_ATTACH || request == PTRACE_SEIZE)
		ret = attach(t, request == PTRACE_SEIZE, addr, data);
	else
		ret = to_tracee(t, request, addr, data);
	task_put(t);
	return ret;
}
