// SPDX-License-Identifier: MIT
/* kernel/exit.c - the end of tasks and processes.
 *
 * A thread: 1 do_exit: TASK_EXITING, nr_live drops; 2 the parts go, last first, but for those
 * that say who it is (credentials, signals); 3 exit_notify; 4 it never runs again.
 * Threads that are not the leader are released at once. The leader stays as a zombie; when
 * it is the only thread left, the process has ended: its parent is told, and releases it
 * by wait4() - or it goes by itself if the parent does not care.
 * task_release gives back: the rest of the parts, lists, numbers no one else uses.
 *
 * exec by another thread than the leader: all others die, and it takes over the leader's
 * number and place (task_kill_other_threads).
 * Locks: BKL. Checkpoint: zombies are saved with their status. See exit_group(2), wait(2). */
#include "kernel/cred.h"
#include "kernel/freeze.h"
#include "kernel/hooks.h"
#include "kernel/lock_order.h"
#include "kernel/ptrace.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"
#include "mm/mm.h"

#define WSTATUS_SIGNAL 0x7f
#define WSTATUS_CORE   0x80
#define WSTATUS_CODE   0xff
#define USER_TICKS_PER_SEC 100

void thread_kill(struct task *t)
{
	t->pending.set |= SIGMASK(SIGKILL);
	signal_wake(t, true);
}

/* --- telling the parent --- */

static void child_info(const struct process *p, const struct process *parent, int sig,
		       siginfo_t *info)
{
	const struct cred *theirs = parent->leader->real_cred;
	int status = process_exit_status(p);
	struct cpu_times times;

	process_times((struct process *)p, &times);
	memset(info, 0, sizeof(*info));
	info->si_signo = sig;
	info->si_pid = pid_nr_in(p->tgid, parent->tgid->numbers[parent->tgid->level].ns);
	info->si_uid = from_uid_munged(theirs->user_ns, p->leader->real_cred->uid);
	info->si_utime = times.user_nsec * USER_TICKS_PER_SEC / NSEC_PER_SEC;
	info->si_stime = times.system_nsec * USER_TICKS_PER_SEC / NSEC_PER_SEC;
	if (status & WSTATUS_SIGNAL) {
		info->si_code = (status & WSTATUS_CORE) ? CLD_DUMPED : CLD_KILLED;
		info->si_status = status & WSTATUS_SIGNAL;
	} else {
		info->si_code = CLD_EXITED;
		info->si_status = status >> 8;
	}
}

/* A parent that ignores SIGCHLD, or is about to end itself, waits for nobody. */
bool process_notify_parent(struct process *p)
{
	struct process *parent = p->parent;
	int sig = p->leader->exit_signal;
	siginfo_t info;
	bool reap = false;

	wake_all(&p->tgid->exit_wait);
	if (p->leader->tracer) {
		ptrace_tell_exit(p->leader);	/* the parent hears of it afterwards */
		return false;
	}
	if (!parent || !parent->nr_live)
		return true;
	if (sig == SIGCHLD) {
		const struct sig_action *a = &parent->leader->sighand->action[SIGCHLD - 1];

		reap = signal_autoreaps(parent);
		if (a->handler == (uaddr)SIG_IGN)
			sig = 0;
	}
	if (sig > 0 && sig <= SIG_MAX) {
		child_info(p, parent, sig, &info);
		signal_process(parent, sig, &info);
	}
	wake_all(&parent->child_wait);
	return reap;
}

/* --- releasing --- */

static void times_add(struct cpu_times *sum, const struct task *t)
{
	sum->user_nsec += ticks_nsec(t->cpu_user_ticks);
	sum->system_nsec += ticks_nsec(t->cpu_system_ticks);
	sum->min_flt += t->min_flt;
	sum->maj_flt += t->maj_flt;
	sum->nvcsw += t->voluntary_switches;
	sum->nivcsw += t->involuntary_switches;
}

/* The process leaves its parent, its group and its session; their numbers may become free. */
static void process_unlink(struct process *p)
{
	struct pid_ns *ns = p->tgid->numbers[p->tgid->level].ns;

	list_del(&p->sibling);
	list_del(&p->made_link);
	list_del(&p->group_link);
	list_del(&p->session_link);
	kernel_hooks.process_detach_tty(p);
	p->parent = NULL;
	p->made_by = NULL;
	p->tgid->process = NULL;
	if (ns->reaper == p)
		ns->reaper = NULL;
	pid_release_numbers_if_unused(p->pgid);
	pid_release_numbers_if_unused(p->sid);
}

/* A thread has gone: is it the leader's turn, or that of who waits in execve? */
static void thread_gone(struct process *p)
{
	if (p->exec_in_progress)
		wake_all(&p->child_wait);
	else if (process_is_zombie(p) && process_notify_parent(p))
		task_release(p->leader);
}

/* t may be current, which needs its credentials to the end. */
void task_release(struct task *t)
{
	struct process *p = t->process;
	bool is_leader = t == p->leader;

	assert(list_empty(&t->made));
	ptrace_unlink(t);
	t->state = TASK_DEAD;
	times_add(&p->dead_threads, t);
	task_parts_exit(t, PART_cred + 1, PART_FIRST_DROPPED_AT_EXIT);
	list_del(&t->thread);
	list_del(&t->all);
	task_count--;
	p->nr_threads--;
	t->pid->task = NULL;
	kernel_hooks.pid_gone(t->pid);
	if (is_leader)
		process_unlink(p);
	pid_release_numbers_if_unused(t->pid);
	if (!is_leader)
		thread_gone(p);
	task_parts_exit(t, PART_cred, PART_cred + 1);
	task_put(t);
}

/* --- exit --- */

static void exit_works(struct task *t)
{
	while (!list_empty(&t->exit_work)) {
		struct task_work *w = list_first(&t->exit_work, struct task_work, link);

		list_del(&w->link);
		w->run(w);
	}
}

/* What ends with the last thread, before the parts go. */
static void exit_process(struct process *p, int status)
{
	if (init_pid_ns.reaper == p)
		panic("Attempted to kill init! exitcode=0x%08x",
		      p->group_exit ? p->group_exit_code : status);
	if (p->session_leader)
		kernel_hooks.session_leader_exit(p);
}

static void exit_peak(struct task *t)
{
	u64 *peak = &t->process->dead_threads.max_rss_pages;

	if (t->mm)
		*peak = MAX(*peak, mm_rss_peak(t->mm));
}

/* t becomes a zombie or nothing; its relatives hear of it. */
static void exit_notify(struct task *t, bool last)
{
	struct process *p = t->process;
	struct pid_ns *ns = task_pid_ns(t);

	if (last) {
		ptrace_tracer_exit(p);	/* first: nobody waits any more for a tracee that dies */
		if (ns->reaper == p)
			pid_ns_kill(ns, p);
		process_reparent_children(p);
		if (p->parent)
			orphaned_group_check(p, NULL);
	} else {
		thread_leave_children(t);
	}
	sched_exit(t);
	t->state = TASK_ZOMBIE;
	wake_all(&t->pid->exit_wait);
	if (t == p->leader)
		thread_gone(p);
	else if (t->tracer)
		ptrace_tell_exit(t);	/* a zombie until it has been waited for */
	else
		task_release(t);
}

void do_exit(int status)
{
	struct task *t = current;
	struct process *p = t->process;
	bool last;

	assert(!(t->flags & TASK_EXITING));
	lock_order_none_held("end of a task");
	t->pending.set &= ~SIGMASK(SIGKILL);
	ptrace_event(PTRACE_EVENT_EXIT, status);
	t->flags |= TASK_EXITING;
	t->exit_code = status;
	freeze_leave_for_good();
	last = --p->nr_live == 0;
	signal_leave(t);
	exit_works(t);
	exit_peak(t);
	if (last)
		exit_process(p, status);
	task_parts_exit(t, PART_FIRST_DROPPED_AT_EXIT, NR_PARTS);
	exit_notify(t, last);
	schedule();
	panic("task %s ran after its exit", t->comm);
}

void do_group_exit(int status)
{
	struct process *p = current->process;

	if (p->group_exit)
		status = p->group_exit_code;
	else if (p->exec_in_progress)
		status = 0;		/* another thread goes on as the process */
	else
		signal_begin_exit(p, status);
	do_exit(status);
}

long sys_exit(int code)
{
	do_exit((code & WSTATUS_CODE) << 8);
}

long sys_exit_group(int code)
{
	do_group_exit((code & WSTATUS_CODE) << 8);
}

/* --- exec: one thread is left --- */

/* Are all others gone, but for a leader that waits as a zombie? */
static bool alone(const struct task *t)
{
	const struct process *p = t->process;

	if (t == p->leader)
		return p->nr_threads == 1;
	return p->nr_threads == 2 && p->leader->state == TASK_ZOMBIE;
}

/* t gets the leader's number, place and age; the old leader gets t's number and goes. */
static void take_over_leader(struct task *t)
{
	struct process *p = t->process;
	struct task *old = p->leader;
	struct pid *own = t->pid;

	t->pid = old->pid;
	old->pid = own;
	t->pid->task = t;
	own->task = old;
	t->start_nsec = old->start_nsec;
	p->leader = t;
	list_del(&t->thread);
	list_add(&p->threads, &t->thread);
	task_release(old);
}

int task_kill_other_threads(void)
{
	struct task *me = current, *t;
	struct process *p = me->process;
	int err = 0;

	if (p->nr_threads > 1) {
		if (p->group_exit || p->exec_in_progress)
			return -EAGAIN;
		p->exec_in_progress = 1;
		for_each_thread(t, p)
			if (t != me && !(t->flags & TASK_EXITING))
				thread_kill(t);
		err = wait_event_mode(&p->child_wait, alone(me), WAIT_KILLABLE, WAIT_FOREVER);
		if (!err && me != p->leader)
			take_over_leader(me);
		p->exec_in_progress = 0;
	}
	if (err)
		return -EAGAIN;
	me->exit_signal = SIGCHLD;
	return 0;
}
