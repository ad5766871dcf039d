// SPDX-License-Identifier: MIT
/* kernel/kill.c - the calls that send signals: kill, tkill, tgkill and the queueing ones.
 *
 * Numbers are those of the caller's pid namespace: what it cannot see it cannot
 * signal (PIDNS-02). A signal needs the same user, CAP_KILL over the target, or, for SIGCONT,
 * the same session (EXT-CRED-02). Signal 0 only asks.
 * Locks: BKL. See kill(2), tgkill(2), rt_sigqueueinfo(2).
 * Keeps ABI-SIG-06. */

#include <linux/signal.h>

#include "arch/cpu.h"
#include "kernel/cred.h"
#include "kernel/signal_internal.h"
#include "kernel/syscall.h"

int signal_may_send(struct task *t, int sig)
{
	const struct cred *c = current->cred, *their = t->real_cred;

	if (t->process == current->process)
		return 0;
	if (c->euid == their->suid || c->euid == their->uid || c->uid == their->suid ||
	    c->uid == their->uid)
		return 0;
	if (sig == SIGCONT && t->process->sid == current->process->sid)
		return 0;
	if (capable_in(their->user_ns, CAP_KILL))
		return 0;
	return deny(EPERM, EXT_CRED_02);
}

/* Permission, then sending (unless sig is 0), to a whole process. */
static int process_kill(struct process *p, int sig, const siginfo_t *info)
{
	int err;

	if (!sig_valid(sig))
		return -EINVAL;
	err = signal_may_send(p->leader, sig);
	if (err || !sig)
		return err;
	return signal_process(p, sig, info);
}

/* All members; 0 if one could be sent to. */
static int group_kill(struct pid *pgrp, int sig, const siginfo_t *info)
{
	struct process *p;
	int err = -ESRCH, one;
	bool sent = false;

	if (!pgrp)
		return -ESRCH;
	list_for_each(p, &pgrp->group, group_link) {
		one = process_kill(p, sig, info);
		sent |= one == 0;
		err = one;
	}
	return sent ? 0 : err;
}

/* kill(-1): all that the caller sees but itself and init (PIDNS-21). */
static int everybody_kill(int sig, const siginfo_t *info)
{
	struct pid_ns *ns = current_pid_ns();
	unsigned count = 0;
	struct task *t;
	int err = 0, one;

	list_for_each(t, &task_all, all) {
		if (!task_is_leader(t) || t->process == current->process ||
		    pid_nr_in(t->process->tgid, ns) <= 1)
			continue;
		count++;
		one = process_kill(t->process, sig, info);
		if (one != -EPERM)
			err = one;
	}
	return count ? err : -ESRCH;
}

long sys_kill(s32 nr, int sig)
{
	struct task *t;
	siginfo_t info;

	siginfo_user(&info, sig);
	if (nr > 0) {
		t = task_find(nr);	/* any thread's number stands for its process */
		return t ? process_kill(t->process, sig, &info) : -ESRCH;
	}
	if (nr == -1)
		return everybody_kill(sig, &info);
	if (nr == INT_MIN)
		return -ESRCH;
	return group_kill(nr ? pid_find(current_pid_ns(), -nr) : current->process->pgid, sig,
			  &info);
}

/* To one thread; tgid 0: of any process. */
static int thread_kill(s32 tgid, s32 tid, int sig, const siginfo_t *info)
{
	struct task *t = task_find(tid);
	int err;

	if (!t || (tgid > 0 && pid_nr(t->process->tgid) != tgid))
		return -ESRCH;
	if (!sig_valid(sig))
		return -EINVAL;
	err = signal_may_send(t, sig);
	if (err || !sig)
		return err;
	return signal_task(t, sig, info);
}

long sys_tgkill(s32 tgid, s32 tid, int sig)
{
	siginfo_t info;

	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	siginfo_user(&info, sig);
	info.si_code = SI_TKILL;
	return thread_kill(tgid, tid, sig, &info);
}

long sys_tkill(s32 tid, int sig)
{
	siginfo_t info;

	if (tid <= 0)
		return -EINVAL;
	siginfo_user(&info, sig);
	info.si_code = SI_TKILL;
	return thread_kill(0, tid, sig, &info);
}

/* The user's siginfo, with a code that it may use for others than itself (only SI_QUEUE and
 * its like: no pretending to be the kernel or kill). */
static int queue_info(siginfo_t *info, uaddr uinfo, int sig, bool to_self)
{
	if (copy_from_user(info, uinfo, sizeof(*info)))
		return -EFAULT;
	info->si_signo = sig;
	if ((info->si_code >= 0 || info->si_code == SI_TKILL) && !to_self)
		return deny(EPERM, EXT_CRED_02);
	return 0;
}

long sys_rt_sigqueueinfo(s32 nr, int sig, uaddr uinfo)
{
	struct task *t;
	siginfo_t info;
	int err = queue_info(&info, uinfo, sig, nr == pid_nr(current->pid));

	if (err)
		return err;
	t = nr > 0 ? task_find(nr) : NULL;
	return t ? process_kill(t->process, sig, &info) : -ESRCH;
}

long sys_rt_tgsigqueueinfo(s32 tgid, s32 tid, int sig, uaddr uinfo)
{
	siginfo_t info;
	int err = queue_info(&info, uinfo, sig, tid == pid_nr(current->pid));

	if (err)
		return err;
	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	return thread_kill(tgid, tid, sig, &info);
}
