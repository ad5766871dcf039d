// SPDX-License-Identifier: MIT
/* kernel/wait4.c - waiting for children: wait4 and waitid.
 *
 * A child process is of interest once: when it has ended (and only its leader is left, as a
 * zombie), stopped, or continued. Children are those of the process; every thread may wait, with
 * __WNOTHREAD only for what it made itself (EXT-TASK-04).
 * "Clone children", which end with another signal than SIGCHLD, need __WCLONE or __WALL.
 * Tracees, which are threads, are of interest too, whoever's children they are: when they have
 * ended, and in each of their stops (ptrace_stop.c). A zombie goes to its tracer first; its parent
 * sees it when that has waited.
 * Not like Linux: __WNOTHREAD has no effect on tracees, whose tracer is a process.
 * Locks: BKL: from the scan to the reaping nothing sleeps. See wait(2), wait4(2). */
#include <linux/fcntl.h>
#include <linux/wait.h>

#include "kernel/cred.h"
#include "kernel/hooks.h"
#include "kernel/ptrace.h"
#include "kernel/rusage.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"

#define WSTATUS_SIGNAL    0x7f
#define WSTATUS_CORE      0x80
#define WSTATUS_STOPPED   0x7f
#define WSTATUS_CONTINUED 0xffff
#define WAIT_ANY_THREAD   (__WNOTHREAD | __WCLONE | __WALL)

struct wait_query {
	int type;			/* P_ALL, P_PID, P_PGID */
	struct pid *pid;		/* NULL: no such number */
	u32 options;
};

struct wait_answer {
	s32 pid;
	u32 uid;
	int status;			/* as wait4 tells it */
	int code, code_status;	/* as waitid does */
	struct cpu_times times;
};

static bool asked_for(const struct wait_query *q, const struct task *t)
{
	return q->type == P_ALL || (q->type == P_PID ? t->pid : t->process->pgid) == q->pid;
}

static bool eligible(const struct wait_query *q, const struct process *child)
{
	bool clone = child->leader->exit_signal != SIGCHLD;

	if (q->options & __WNOTHREAD && child->made_by != current)
		return false;
	return asked_for(q, child->leader) &&
	       ((q->options & __WALL) || clone == !!(q->options & __WCLONE));
}

static void answer_fill(const struct process *child, struct wait_answer *a)
{
	a->pid = pid_nr(child->tgid);
	a->uid = from_uid_munged(current_user_ns(), child->leader->real_cred->uid);
	process_times((struct process *)child, &a->times);
}

static void answer_exit(struct wait_answer *a, int status)
{
	a->status = status;
	if (status & WSTATUS_SIGNAL) {
		a->code = (status & WSTATUS_CORE) ? CLD_DUMPED : CLD_KILLED;
		a->code_status = status & WSTATUS_SIGNAL;
	} else {
		a->code = CLD_EXITED;
		a->code_status = status >> 8;
	}
}

/* The parent's children have used what the child and its own children used. */
static void times_inherit(struct cpu_times *sum, const struct cpu_times *of)
{
	sum->user_nsec += of->user_nsec;
	sum->system_nsec += of->system_nsec;
	sum->min_flt += of->min_flt;
	sum->maj_flt += of->maj_flt;
	sum->nvcsw += of->nvcsw;
	sum->nivcsw += of->nivcsw;
	sum->in_blocks += of->in_blocks;
	sum->out_blocks += of->out_blocks;
	sum->max_rss_pages = MAX(sum->max_rss_pages, of->max_rss_pages);
}

static void reap(struct process *child, const struct cpu_times *times)
{
	struct cpu_times *sum = &current->process->dead_children;

	times_inherit(sum, times);
	times_inherit(sum, &child->dead_children);
	task_release(child->leader);
}

static bool take_zombie(const struct wait_query *q, struct process *child, struct wait_answer *a)
{
	int status = process_exit_status(child);

	if (!(q->options & WEXITED))
		return false;
	answer_fill(child, a);
	answer_exit(a, status);
	if (!(q->options & WNOWAIT))
		reap(child, &a->times);
	return true;
}

static bool take_stopped(const struct wait_query *q, struct process *child, struct wait_answer *a)
{
	if (!(q->options & WSTOPPED) || !child->stopped || child->stop_left || child->stop_reported)
		return false;
	answer_fill(child, a);
	a->status = child->stop_signal << 8 | WSTATUS_STOPPED;
	a->code = CLD_STOPPED;
	a->code_status = child->stop_signal;
	if (!(q->options & WNOWAIT))
		child->stop_reported = true;
	return true;
}

static bool take_continued(const struct wait_query *q, struct process *child, struct wait_answer *a)
{
	if (!(q->options & WCONTINUED) || !child->continued_report)
		return false;
	answer_fill(child, a);
	a->status = WSTATUS_CONTINUED;
	a->code = CLD_CONTINUED;
	a->code_status = SIGCONT;
	if (!(q->options & WNOWAIT))
		child->continued_report = false;
	return true;
}

/* Looks at one child. True: a is filled. *hope: something may still come of it. */
static bool consider(const struct wait_query *q, struct process *child, struct wait_answer *a,
		     bool *hope)
{
	if (!eligible(q, child) || child->leader->tracer == current->process)
		return false;			/* a tracee is looked at as such */
	if (child->leader->tracer && process_is_zombie(child)) {
		*hope = true;
		return false;
	}
	if (process_is_zombie(child))
		return take_zombie(q, child, a);
	if (child->nr_live || (q->options & (WEXITED | WCONTINUED)))
		*hope = true;
	return take_stopped(q, child, a) || take_continued(q, child, a);
}

/* --- tracees --- */

static void tracee_answer(const struct task *t, struct wait_answer *a)
{
	a->pid = pid_nr(t->pid);
	a->uid = from_uid_munged(current_user_ns(), t->real_cred->uid);
	process_times(t->process, &a->times);
}

/* The tracer has seen the end of t; its real parent shall, if that is another. */
static void tracee_reap(struct task *t, const struct wait_answer *a)
{
	struct process *p = t->process;

	if (!task_is_leader(t)) {
		task_release(t);
	} else if (p->parent == current->process) {
		reap(p, &a->times);
	} else {
		ptrace_unlink(t);
		if (process_notify_parent(p))
			task_release(t);
	}
}

static bool take_dead_tracee(const struct wait_query *q, struct task *t, struct wait_answer *a)
{
	const struct process *p = t->process;

	if (!(q->options & WEXITED))
		return false;
	tracee_answer(t, a);
	answer_exit(a, p->group_exit ? p->group_exit_code : t->exit_code);
	if (!(q->options & WNOWAIT))
		tracee_reap(t, a);
	return true;
}

static bool consider_tracee(const struct wait_query *q, struct task *t, struct wait_answer *a,
			    bool *hope)
{
	bool leader = task_is_leader(t);

	if (!asked_for(q, t))
		return false;
	if (t->state == TASK_ZOMBIE && (!leader || process_is_zombie(t->process)))
		return take_dead_tracee(q, t, a);
	*hope = true;
	if (t->state != TASK_TRACED || (t->ptrace_flags & PT_LISTENING) || !t->ptrace_stop)
		return leader && t->process->parent == current->process &&
		       take_continued(q, t->process, a);
	tracee_answer(t, a);
	a->status = t->ptrace_stop << 8 | WSTATUS_STOPPED;
	a->code = CLD_TRAPPED;
	a->code_status = t->ptrace_stop;
	if (!(q->options & WNOWAIT))
		t->ptrace_stop = 0;
	return true;
}

static bool scan_tracees(const struct wait_query *q, struct wait_answer *a, bool *hope)
{
	struct task *t;

	list_for_each(t, &current->process->tracees, traced)
		if (consider_tracee(q, t, a, hope))
			return true;
	return false;
}

static bool scan(const struct wait_query *q, struct wait_answer *a, bool *hope)
{
	struct process *me = current->process, *child;

	if (q->type == P_PID) {
		child = q->pid->process;
		if (child && child->parent == me && consider(q, child, a, hope))
			return true;
		return scan_tracees(q, a, hope);
	}
	list_for_each(child, &me->children, sibling)
		if (consider(q, child, a, hope))
			return true;
	return scan_tracees(q, a, hope);
}

/* 1 and an answer; 0: WNOHANG and nothing yet; -ECHILD, -ERESTARTSYS. */
static int wait_for(const struct wait_query *q, struct wait_answer *a)
{
	if (q->type != P_ALL && !q->pid)
		return -ECHILD;
	for (;;) {
		bool hope = false;
		int err;

		if (scan(q, a, &hope))
			return 1;
		if (!hope)
			return -ECHILD;
		if (q->options & WNOHANG)
			return 0;
		err = wait_once(&current->process->child_wait, WAIT_INTERRUPTIBLE, WAIT_FOREVER,
				false);
		if (err)
			return err;
	}
}

/* The pid of the query stays while waiting, whatever becomes of its process. */
static int wait_held(struct wait_query *q, struct wait_answer *a)
{
	int ret;

	if (q->pid)
		pid_get(q->pid);
	ret = wait_for(q, a);
	if (q->pid)
		pid_put(q->pid);
	return ret;
}

long sys_wait4(s32 upid, uaddr status, int options, uaddr rusage)
{
	struct pid_ns *ns = current_pid_ns();
	struct wait_query q = { .type = P_ALL, .options = options | WEXITED };
	struct wait_answer a;
	int ret;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | WAIT_ANY_THREAD))
		return -EINVAL;
	if (upid == INT_MIN)
		return -ESRCH;
	if (upid > 0)
		q.type = P_PID, q.pid = pid_find(ns, upid);
	else if (upid == 0)
		q.type = P_PGID, q.pid = current->process->pgid;
	else if (upid < -1)
		q.type = P_PGID, q.pid = pid_find(ns, -upid);
	ret = wait_held(&q, &a);
	if (ret <= 0)
		return ret;
	if (status && copy_to_user(status, &a.status, sizeof(a.status)))
		return -EFAULT;
	if (rusage && rusage_to_user(rusage, &a.times))
		return -EFAULT;
	return a.pid;
}

/* --- waitid --- */

/* Only the fields that waitid(2) names are written. */
static int waitid_info(uaddr infop, const struct wait_answer *a, int signo)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = signo;
	info.si_code = a->code;
	info.si_pid = a->pid;
	info.si_uid = a->uid;
	info.si_status = a->code_status;
	return copy_to_user(infop, &info, offsetof(siginfo_t, si_status) + sizeof(info.si_status));
}

/* The pid that (type, id) names; *counted: the query holds a reference. */
static int waitid_pid(int type, s32 id, struct wait_query *q, bool *counted)
{
	struct pid_ns *ns = current_pid_ns();
	u32 o_flags;
	int err;

	q->type = type;
	switch (type) {
	case P_ALL:
		return 0;
	case P_PID:
		q->pid = pid_find(ns, id);
		return id > 0 ? 0 : -EINVAL;
	case P_PGID:
		q->pid = id ? pid_find(ns, id) : current->process->pgid;
		return id >= 0 ? 0 : -EINVAL;
	case P_PIDFD:
		if (id < 0)
			return -EINVAL;
		err = kernel_hooks.pidfd_pid(id, &q->pid, &o_flags);
		if (err)
			return err;
		*counted = true;
		q->type = P_PID;
		if (o_flags & O_NONBLOCK)
			q->options |= WNOHANG;
		return 0;
	}
	return -EINVAL;
}

long sys_waitid(int type, s32 id, uaddr infop, int options, uaddr rusage)
{
	struct wait_query q = { .options = options };
	struct wait_answer a = { 0 };
	bool counted = false;
	int ret;

	if (options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | WAIT_ANY_THREAD))
		return -EINVAL;
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	ret = waitid_pid(type, id, &q, &counted);
	if (ret)
		return ret;
	ret = wait_held(&q, &a);
	if (counted)
		pid_put(q.pid);
	if (ret == 0 && (q.options & WNOHANG) && !(options & WNOHANG))
		return -EAGAIN;		/* a pidfd opened with PIDFD_NONBLOCK */
	if (ret > 0 && rusage && rusage_to_user(rusage, &a.times))
		return -EFAULT;
	if (ret >= 0 && infop && waitid_info(infop, &a, ret ? SIGCHLD : 0))
		return -EFAULT;
	return MIN(ret, 0);
}
