// SPDX-License-Identifier: MIT
/* kernel/ids.c - getpid and kin; process groups and sessions.
 *
 * All numbers are those of the caller's pid namespace; what cannot be seen from there is 0
 * (PIDNS-36). A process may move itself, or a child that has not called execve, to
 * its own group or to one of the same session; a session leader moves no more (EXT-CRED-09).
 * Locks: BKL. See setpgid(2), setsid(2), credentials(7). */
#include "kernel/hooks.h"
#include "kernel/syscall.h"

long sys_getpid(void)
{
	return pid_nr(current->process->tgid);
}

long sys_gettid(void)
{
	return pid_nr(current->pid);
}

long sys_getppid(void)
{
	struct process *parent = current->process->parent;

	return parent ? pid_nr(parent->tgid) : 0;
}

/* The process of a thread number; 0: current's. */
static struct process *process_of(s32 nr)
{
	struct task *t = nr ? task_find(nr) : current;

	return t ? t->process : NULL;
}

long sys_getpgid(s32 nr)
{
	struct process *p = process_of(nr);

	return p ? pid_nr(p->pgid) : -ESRCH;
}

long sys_getpgrp(void)
{
	return pid_nr(current->process->pgid);
}

long sys_getsid(s32 nr)
{
	struct process *p = process_of(nr);

	return p ? pid_nr(p->sid) : -ESRCH;
}

/* A number may be free once p is no longer a member. */
static void group_move(struct process *p, struct pid *to)
{
	struct pid *from = p->pgid;

	list_del(&p->group_link);
	list_add_tail(&to->group, &p->group_link);
	pid_get(to);
	p->pgid = to;
	pid_release_numbers_if_unused(from);
	pid_put(from);
}

static void session_move(struct process *p, struct pid *to)
{
	struct pid *from = p->sid;

	list_del(&p->session_link);
	list_add_tail(&to->session, &p->session_link);
	pid_get(to);
	p->sid = to;
	pid_release_numbers_if_unused(from);
	pid_put(from);
}

/* May current put p into another group at all? */
static int setpgid_target(struct process *p)
{
	struct process *me = current->process;

	if (p->parent == me) {
		if (p->sid != me->sid)
			return deny(EPERM, EXT_CRED_09);
		if (!(p->leader->flags & TASK_FORKNOEXEC))
			return deny(EACCES, EXT_CRED_09);
	} else if (p != me) {
		return deny(ESRCH, EXT_CRED_09);
	}
	return p->session_leader ? deny(EPERM, EXT_CRED_09) : 0;
}

long sys_setpgid(s32 nr, s32 pgid)
{
	struct process *me = current->process;
	struct pid *group;
	struct task *t;
	int err;

	if (!nr)
		nr = pid_nr(me->tgid);
	if (!pgid)
		pgid = nr;
	if (pgid < 0)
		return -EINVAL;
	t = task_find(nr);
	if (!t)
		return -ESRCH;
	if (!task_is_leader(t))
		return -EINVAL;
	err = setpgid_target(t->process);
	if (err)
		return err;
	group = t->process->tgid;
	if (pgid != nr) {
		struct process *member;

		group = pid_find(current_pid_ns(), pgid);
		member = group ? list_first(&group->group, struct process, group_link) : NULL;
		if (!member || member->sid != me->sid)
			return deny(EPERM, EXT_CRED_09);
	}
	if (t->process->pgid != group)
		group_move(t->process, group);
	return 0;
}

long sys_setsid(void)
{
	struct process *p = current->process;

	if (p->session_leader || !list_empty(&p->tgid->group))
		return deny(EPERM, EXT_CRED_09);
	p->session_leader = true;
	session_move(p, p->tgid);
	group_move(p, p->tgid);
	kernel_hooks.process_detach_tty(p);
	return pid_nr(p->tgid);
}
