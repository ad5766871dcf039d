// SPDX-License-Identifier: MIT
/* kernel/rlimit.c - resource limits of a process: getrlimit(2), setrlimit(2), prlimit64(2).
 *
 * Each resource has a soft limit, which holds, and a hard one, up to which the soft may be
 * raised; raising the hard one needs CAP_SYS_RESOURCE in the initial user namespace
 * (EXT-LIM-05). Who uses a resource checks its limit there: process_limit().
 * Locks: BKL. Checkpoint: saved with the process. See getrlimit(2).
 * Keeps ABI-TSK-01. */

#include "kernel/rlimit.h"

#include "arch/cpu.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"
#include "mm/mm.h"

#define MIB (1024 * 1024UL)
#define STACK_SOFT (8 * MIB)
#define MEMLOCK_BYTES (8 * MIB)
#define NOFILE_SOFT 1024
#define NOFILE_HARD 4096
#define MSGQUEUE_BYTES 819200

struct limit_row {
	u64 soft, hard;
};
static const struct limit_row first_limits[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = { RLIM64_INFINITY, RLIM64_INFINITY },
	[RLIMIT_FSIZE] = { RLIM64_INFINITY, RLIM64_INFINITY },
	[RLIMIT_DATA] = { RLIM64_INFINITY, RLIM64_INFINITY },
	[RLIMIT_STACK] = { STACK_SOFT, RLIM64_INFINITY },
	[RLIMIT_CORE] = { 0, RLIM64_INFINITY },
	[RLIMIT_RSS] = { RLIM64_INFINITY, RLIM64_INFINITY },
	[RLIMIT_NOFILE] = { NOFILE_SOFT, NOFILE_HARD },
	[RLIMIT_MEMLOCK] = { MEMLOCK_BYTES, MEMLOCK_BYTES },
	[RLIMIT_AS] = { RLIM64_INFINITY, RLIM64_INFINITY },
	[RLIMIT_LOCKS] = { RLIM64_INFINITY, RLIM64_INFINITY },
	[RLIMIT_MSGQUEUE] = { MSGQUEUE_BYTES, MSGQUEUE_BYTES },
	[RLIMIT_RTTIME] = { RLIM64_INFINITY, RLIM64_INFINITY },
};

void rlimit_init(struct process *p)
{
	unsigned i;

	for (i = 0; i < RLIM_NLIMITS; i++) {
		p->limits[i].rlim_cur = first_limits[i].soft;
		p->limits[i].rlim_max = first_limits[i].hard;
	}
	p->limits[RLIMIT_NPROC].rlim_cur = p->limits[RLIMIT_NPROC].rlim_max = task_max / 2;
	p->limits[RLIMIT_SIGPENDING] = p->limits[RLIMIT_NPROC];
}

/* Changes (new) and reads (old) a limit of any process. Either may be NULL. */
static int limit_change(struct process *p, unsigned resource, const struct rlimit64 *new,
			struct rlimit64 *old)
{
	struct rlimit64 *l;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	l = &p->limits[resource];
	if (new) {
		if (new->rlim_cur > new->rlim_max)
			return -EINVAL;
		if (resource == RLIMIT_NOFILE && new->rlim_max > NOFILE_MAX)
			return deny(EPERM, EXT_LIM_05);
		if (new->rlim_max > l->rlim_max && !capable_in(&init_user_ns, CAP_SYS_RESOURCE))
			return deny(EPERM, EXT_LIM_05);
	}
	if (old)
		*old = *l;
	if (new)
		*l = *new;
	if (new && p->leader->mm) {
		p->leader->mm->limit_as = process_limit(p, RLIMIT_AS);
		p->leader->mm->limit_data = process_data_limit(p);
	}
	if (new && resource == RLIMIT_CPU)
		cpu_timers_changed(p);	/* nothing else would look at it again */
	return 0;
}

/* Whose limits may current see and change? Its own, those of the same user and group in
 * every respect, and those it has CAP_SYS_RESOURCE over. */
static int limit_may_access(struct task *t)
{
	const struct cred *c = current->cred, *their = t->real_cred;

	if (t == current || capable_in(their->user_ns, CAP_SYS_RESOURCE))
		return 0;
	if (c->uid == their->uid && c->uid == their->euid && c->uid == their->suid &&
	    c->gid == their->gid && c->gid == their->egid && c->gid == their->sgid)
		return 0;
	return deny(EPERM, EXT_CRED_01);
}

long sys_prlimit64(s32 pid, unsigned resource, uaddr unew, uaddr uold)
{
	struct rlimit64 new, old;
	struct task *t;
	int err;

	if (unew && copy_from_user(&new, unew, sizeof(new)))
		return -EFAULT;
	t = pid ? task_find(pid) : current;
	if (!t)
		return -ESRCH;
	err = limit_may_access(t);
	if (!err)
		err = limit_change(t->process, resource, unew ? &new : NULL, &old);
	if (err)
		return err;
	return uold ? copy_to_user(uold, &old, sizeof(old)) : 0;
}

/* On this machine struct rlimit is struct rlimit64. */
long sys_getrlimit(unsigned resource, uaddr u)
{
	struct rlimit64 old;
	int err = limit_change(current->process, resource, NULL, &old);

	return err ? err : copy_to_user(u, &old, sizeof(old));
}

long sys_setrlimit(unsigned resource, uaddr u)
{
	struct rlimit64 new;

	if (copy_from_user(&new, u, sizeof(new)))
		return -EFAULT;
	return limit_change(current->process, resource, &new, NULL);
}
