// SPDX-License-Identifier: MIT
/* kernel/ioprio.c - ioprio_get(2), ioprio_set(2): input/output priorities, kept and shown.
 *
 * No device queue sorts by them yet; the checks are Linux's. "Who" is a task, a process group or
 * a user, as of getpriority(2).
 * Checkpoint: saved with the task. See ioprio_set(2). */

#include <linux/ioprio.h>

#include "arch/cpu.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"

#define IOPRIO_CLASSES 4		/* none, real time, best effort, idle */

/* Tasks named by which and who: called for each; stops at an error. */
static int ioprio_walk(int which, int who, int (*each)(struct task *t, int *arg), int *arg)
{
	kid_t uid = who ? make_uid(current_user_ns(), who) : current->cred->uid;
	struct pid *pgrp = who ? pid_find(current_pid_ns(), who) : current->process->pgid;
	struct task *t;
	int err = -ESRCH;

	if (which == IOPRIO_WHO_PROCESS) {
		t = who ? task_find(who) : current;
		return t ? each(t, arg) : -ESRCH;
	}
	if (which != IOPRIO_WHO_PGRP && which != IOPRIO_WHO_USER)
		return -EINVAL;
	list_for_each(t, &task_all, all) {
		if (which == IOPRIO_WHO_PGRP ? t->process->pgid != pgrp : t->real_cred->uid != uid)
			continue;
		err = each(t, arg);
		if (err)
			return err;
	}
	return err;
}

static int ioprio_change(struct task *t, int *value)
{
	const struct cred *c = current->cred, *their = t->real_cred;

	if (their->uid != c->euid && their->uid != c->uid &&
	    !capable_in(their->user_ns, CAP_SYS_NICE))
		return deny(EPERM, EXT_CRED_10);
	t->ioprio = *value;
	return 0;
}

/* A lower class number is a higher priority; "none" counts as best effort. */
static int ioprio_best(struct task *t, int *best)
{
	int prio = t->ioprio;

	if (IOPRIO_PRIO_CLASS(prio) == IOPRIO_CLASS_NONE)
		prio = IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, IOPRIO_BE_NORM);
	if (*best < 0 || prio < *best)
		*best = prio;
	return 0;
}

static int ioprio_raw(struct task *t, int *value)
{
	*value = t->ioprio;
	return 0;
}

long sys_ioprio_set(int which, int who, int value)
{
	unsigned class = IOPRIO_PRIO_CLASS(value), data = IOPRIO_PRIO_DATA(value);

	if (class >= IOPRIO_CLASSES || (class == IOPRIO_CLASS_NONE && data))
		return -EINVAL;
	if ((class == IOPRIO_CLASS_RT || class == IOPRIO_CLASS_BE) && data >= IOPRIO_NR_LEVELS)
		return -EINVAL;
	if (class == IOPRIO_CLASS_RT && !capable_in(&init_user_ns, CAP_SYS_ADMIN) &&
	    !capable_in(&init_user_ns, CAP_SYS_NICE))
		return deny(EPERM, EXT_CRED_10);
	return ioprio_walk(which, who, ioprio_change, &value);
}

/* One task's value as it was set, the highest of several. */
long sys_ioprio_get(int which, int who)
{
	bool one = which == IOPRIO_WHO_PROCESS;
	int best = -1, err = ioprio_walk(which, who, one ? ioprio_raw : ioprio_best, &best);

	return err ? err : best;
}
