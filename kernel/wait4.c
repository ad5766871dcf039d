// SPDX-License-Identifier: MIT
/* kernel/wait4.c - waiting for children: wait4 and waitid.
 *
 * A child process is of interest once: when it has ended (and only its leader is left, as a
 * zombie), stopped, or continued. Children are those of the process; every thread may wait.
 * "Clone children", which end with another signal than SIGCHLD, need __WCLONE or __WALL.
 * Not like Linux: __WNOTHREAD has no effect, since children have no thread as parent.
 * Locks: BKL: from the scan to the reaping nothing sleeps. See wait(2), wait4(2). */
#include <linux/fcntl.h>
#include <linux/wait.h>

#include "kernel/cred.h"
#include "kernel/hooks.h"
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

static bool eligible(const struct wait_query *q, const struct process *child)
{
	bool clone = child->leader->exit_signal != SIGCHLD;

	if (q->type != P_ALL && (q->type == P_PID ? child->tgid : child->pgid) != q->pid)
		return false;
	return (q->options & __WALL) || clone == !!(q->options & __WCLONE);
}

static void answer_fill(const struct process *child, struct wait_answer *a)
{
	a->pid = pid_nr(child->tgid);
	a->uid = from_uid_munged(current_user_ns(), child->leader->real_cred->uid);
	process_times((struct process *)child, &a->times);
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
	a->status = status;
	if (status & WSTATUS_SIGNAL) {
		a->code = (status & WSTATUS_CORE) ? CLD_DUMPED : CLD_KILLED;
		a->code_status = status & WSTATUS_SIGNAL;
	} else {
		a->code = CLD_EXITED;
		a->code_status = status >> 8;
	}
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
	if (!eligible(q, child))
		return false;
	if (process_is_zombie(child))
		return take_zombie(q, child, a);
	if (child->nr_live || (q->options & (WEXITED | WCONTINUED)))
		*hope = true;
	return take_stopped(q, child, a) || take_continued(q, child, a);
}

static bool scan(const struct wait_query *q, struct wait_answer *a, bool *hope)
{
	struct process *me = current->process, *child;

	if (q->type == P_PID) {
		child = q->pid->process;
		return child && child->parent == me && consider(q, child, a, hope);
	}
	list_for_each(child, &me->children, sibling)
		if (consider(q, child, a, hope))
			return true;
	return false;
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
