// SPDX-License-Identifier: MIT
/* kernel/sched_syscalls.c - policies, priorities and CPUs as users set them.
 *
 * Raising oneself needs CAP_SYS_NICE, or a resource limit that allows it; another user's tasks
 * need CAP_SYS_NICE over them (EXT-CRED-10). Real-time policies are real: a FIFO task runs
 * until it sleeps. SCHED_DEADLINE is refused (it can be asked for by sched_setattr only).
 * Locks: BKL. See sched(7), setpriority(2), sched_setaffinity(2).
 * Keeps ABI-TSK-02. */
#include <linux/resource.h>
#include <linux/sched.h>

#include "kernel/cred.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"

#define NICE_LOWEST   19
#define NICE_HIGHEST  (-20)
#define RT_PRIO_MAX   99
#define MASK_BYTES    sizeof(u64)	/* what the kernel's own CPU mask takes in the ABI */

struct sched_param_abi {
	int priority;
};

static bool policy_rt(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool policy_known(int policy)
{
	return policy == SCHED_NORMAL || policy_rt(policy) || policy == SCHED_BATCH ||
	       policy == SCHED_IDLE;
}

/* A task by number; 0: current. */
static struct task *task_or_current(s32 nr)
{
	return nr ? task_find(nr) : current;
}

static bool same_owner(const struct task *t)
{
	const struct cred *c = current->cred, *target = t->real_cred;

	return c->euid == target->euid || c->euid == target->uid;
}

static bool may_nice(const struct task *t)
{
	return capable_in(t->real_cred->user_ns, CAP_SYS_NICE);
}

static bool nice_allowed(const struct task *t, int nice)
{
	u64 limit = process_limit(t->process, RLIMIT_NICE);

	return (u64)(NICE_LOWEST + 1 - nice) <= limit || capable_in(&init_user_ns, CAP_SYS_NICE);
}

/* --- policies --- */

static bool policy_allowed(struct task *t, int policy, int priority)
{
	u64 limit = process_limit(t->process, RLIMIT_RTPRIO);

	if (!same_owner(t))
		return false;
	if (policy_rt(policy)) {
		if (policy != t->policy && !limit)
			return false;
		if (priority > t->rt_priority && (u64)priority > limit)
			return false;
	}
	if (t->policy == SCHED_IDLE && policy != SCHED_IDLE)
		return nice_allowed(t, task_nice(t));
	return true;
}

int sched_change(struct task *t, int policy, int priority, bool reset, const s32 *nice)
{
	bool allowed;

	if (!policy_known(policy) || priority < 0 || priority > RT_PRIO_MAX ||
	    policy_rt(policy) != (priority != 0))
		return -EINVAL;
	allowed = policy_allowed(t, policy, priority);
	if (nice && !policy_rt(policy) && *nice < task_nice(t) && !nice_allowed(t, *nice))
		allowed = false;
	if (!allowed && !capable_in(&init_user_ns, CAP_SYS_NICE))
		return deny(EPERM, EXT_CRED_10);
	if (nice && !policy_rt(policy))
		sched_set_nice(t, *nice);
	return sched_set_policy(t, policy | (reset ? SCHED_RESET_ON_FORK : 0), priority);
}

static long policy_set(s32 nr, int policy, uaddr param)
{
	bool reset = policy & SCHED_RESET_ON_FORK;
	struct sched_param_abi p;
	struct task *t;

	if (nr < 0 || !param)
		return -EINVAL;
	if (copy_from_user(&p, param, sizeof(p)))
		return -EFAULT;
	t = task_or_current(nr);
	if (!t)
		return -ESRCH;
	if (policy < 0)
		policy = t->policy;	/* sched_setparam */
	return sched_change(t, policy & ~SCHED_RESET_ON_FORK, p.priority, reset, NULL);
}

long sys_sched_setscheduler(s32 nr, int policy, uaddr param)
{
	return policy < 0 ? -EINVAL : policy_set(nr, policy, param);
}

long sys_sched_setparam(s32 nr, uaddr param)
{
	return policy_set(nr, -1, param);
}

long sys_sched_getscheduler(s32 nr)
{
	struct task *t = nr < 0 ? NULL : task_or_current(nr);

	if (nr < 0)
		return -EINVAL;
	return t ? t->policy : -ESRCH;
}

long sys_sched_getparam(s32 nr, uaddr param)
{
	struct sched_param_abi p;
	struct task *t;

	if (nr < 0 || !param)
		return -EINVAL;
	t = task_or_current(nr);
	if (!t)
		return -ESRCH;
	p.priority = t->rt_priority;
	return copy_to_user(param, &p, sizeof(p));
}

long sys_sched_get_priority_max(int policy)
{
	if (policy_rt(policy))
		return RT_PRIO_MAX;
	return policy_known(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

long sys_sched_get_priority_min(int policy)
{
	if (policy_rt(policy))
		return 1;
	return policy_known(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

long sys_sched_rr_get_interval(s32 nr, uaddr interval)
{
	struct task *t;

	if (nr < 0)
		return -EINVAL;
	t = task_or_current(nr);
	if (!t)
		return -ESRCH;
	return spec_to_user(interval, sched_slice_nsec(t));
}

long sys_sched_yield(void)
{
	sched_yield_now();
	return 0;
}

/* --- CPUs --- */

long sys_sched_setaffinity(s32 nr, u32 len, uaddr mask)
{
	struct task *t;
	u64 bits = 0;

	if (copy_from_user(&bits, mask, MIN((size_t)len, sizeof(bits))))
		return -EFAULT;
	t = task_or_current(nr);
	if (!t)
		return -ESRCH;
	if (t->flags & TASK_NO_SETAFFINITY)
		return -EINVAL;
	if (!same_owner(t) && !may_nice(t))
		return deny(EPERM, EXT_CRED_10);
	return sched_set_affinity(t, bits);
}

long sys_sched_getaffinity(s32 nr, u32 len, uaddr mask)
{
	struct task *t;
	u64 bits;

	if (len * 8UL < cpu_count || len & (sizeof(bits) - 1))
		return -EINVAL;
	t = task_or_current(nr);
	if (!t)
		return -ESRCH;
	bits = t->affinity & (BIT(cpu_count) - 1);
	if (copy_to_user(mask, &bits, MASK_BYTES))
		return -EFAULT;
	return MASK_BYTES;
}

long sys_getcpu(uaddr cpu, uaddr node)
{
	struct cpu *c = this_cpu();

	if (cpu && copy_to_user(cpu, &c->id, sizeof(c->id)))
		return -EFAULT;
	return node ? copy_to_user(node, &c->node, sizeof(c->node)) : 0;
}

/* --- nice --- */

/* Calls each() for every task that (which, who) names; -ESRCH if there is none. */
static int priority_walk(int which, s32 who, int (*each)(struct task *t, void *arg), void *arg)
{
	struct pid *pid;
	struct process *p;
	struct task *t;
	int ret = -ESRCH;
	kid_t uid;

	switch (which) {
	case PRIO_PROCESS:
		t = task_or_current(who);
		return t ? each(t, arg) : -ESRCH;
	case PRIO_PGRP:
		pid = who ? pid_find(current_pid_ns(), who) : current->process->pgid;
		if (!pid)
			return -ESRCH;
		list_for_each(p, &pid->group, group_link)
			for_each_thread(t, p)
				ret = each(t, arg);
		return ret;
	case PRIO_USER:
		uid = who ? make_uid(current_user_ns(), who) : current->cred->uid;
		list_for_each(t, &task_all, all)
			if (t->real_cred && t->real_cred->uid == uid && pid_nr(t->pid))
				ret = each(t, arg);
		return ret;
	}
	return -EINVAL;
}

struct nice_request {
	int nice, err;
};

static int nice_set(struct task *t, void *arg)
{
	const struct cred *c = current->cred, *target = t->real_cred;
	struct nice_request *r = arg;

	if (target->uid != c->euid && target->euid != c->euid && !may_nice(t))
		r->err = deny(EPERM, EXT_CRED_10);
	else if (r->nice < task_nice(t) && !nice_allowed(t, r->nice))
		r->err = deny(EACCES, EXT_CRED_10);
	else
		sched_set_nice(t, r->nice);
	return 0;
}

static int nice_highest(struct task *t, void *arg)
{
	int *best = arg;

	*best = MAX(*best, NICE_LOWEST + 1 - task_nice(t));
	return 0;
}

long sys_setpriority(int which, s32 who, int nice)
{
	struct nice_request r = { .nice = MAX(MIN(nice, NICE_LOWEST), NICE_HIGHEST) };
	int err = priority_walk(which, who, nice_set, &r);

	return err ? err : r.err;
}

long sys_getpriority(int which, s32 who)
{
	int best = 0, err = priority_walk(which, who, nice_highest, &best);

	return err ? err : best;
}
