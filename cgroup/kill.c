// SPDX-License-Identifier: MIT
/* cgroup/kill.c - cgroup.kill: SIGKILL to every process of a subtree, at one instant.
 *
 * Nobody can fork out of it meanwhile: nothing sleeps, and a fork that is under way finds the
 * signal pending and gives up before its child joins (CG-51). Frozen processes die too. Kernel
 * threads are left alone; the init of a pid namespace is spared by those inside, as by kill(2);
 * and a process whose leader has exited before is missed, as on Linux, where the signal goes to
 * the leader.
 * Locks: BKL.
 * See Documentation/admin-guide/cgroup-v2.rst, "cgroup.kill". */

#include "cgroup/internal.h"
#include "kernel/deny.h"
#include "kernel/signal.h"

static void kill_processes(const struct cgroup *cg)
{
	struct cgroup_place *p;
	siginfo_t info;

	siginfo_user(&info, SIGKILL);
	list_for_each(p, &cg->members, link) {
		struct task *t = p->task;

		if (!task_is_leader(t) || (t->flags & (TASK_KTHREAD | TASK_EXITING)) ||
		    fatal_signal_pending(t))
			continue;
		signal_process(t->process, SIGKILL, &info);
	}
}

int cgroup_kill(struct cgroup *top)
{
	struct cgroup *cg = NULL;

	if (cgroup_is_threaded(top))
		return deny(EOPNOTSUPP, CG_50);
	while ((cg = cgroup_next(cg, top)))
		kill_processes(cg);
	return 0;
}
