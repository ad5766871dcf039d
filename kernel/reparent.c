// SPDX-License-Identifier: MIT
/* kernel/reparent.c - what a process leaves behind: orphans, orphaned jobs, its pid namespace.
 *
 * What a thread made goes to another one of its process when it ends, and hears of it
 * (PR_SET_PDEATHSIG). Orphans go to the nearest subreaper above in the same pid namespace, else to
 * the init of the pid namespace of the parent that died (PIDNS-17, PIDNS-18, PIDNS-19). The init of
 * a pid namespace takes all members with it (PIDNS-15): no number is given out any more, everybody
 * is killed, and it waits until every number but its own is free; only then can it be waited for
 * itself, and its own status is what its parent sees (PIDNS-16).
 * A process group that loses its last link to a shell in its session, and has stopped members,
 * gets SIGHUP and SIGCONT.
 * Locks: BKL. See pid_namespaces(7), credentials(7). */
#include "kernel/cred.h"
#include "kernel/sched.h"
#include "kernel/task_internal.h"

static struct pid_ns *process_pid_ns(const struct process *p)
{
	return p->tgid->numbers[p->tgid->level].ns;
}

struct process *process_reaper_for(struct process *p)
{
	struct pid_ns *ns = process_pid_ns(p);
	struct process *r;

	if (!p->has_subreaper_ancestor)
		return ns->reaper;
	for (r = p->parent; r && r->tgid->level == ns->level; r = r->parent) {
		if (r->child_subreaper && r->nr_live)
			return r;
		if (r == ns->reaper)
			break;
	}
	return ns->reaper;
}

/* The thread that made child, of parent, has ended. */
static void parent_died(struct process *child, struct process *parent)
{
	siginfo_t info;
	struct task *t;

	for_each_thread(t, child) {
		if (!t->pdeath_signal)
			continue;
		siginfo_kernel(&info, t->pdeath_signal);
		info.si_code = SI_USER;
		info.si_pid = pid_nr_in(parent->tgid, task_pid_ns(t));
		signal_process(child, t->pdeath_signal, &info);
	}
}

/* One that can look after children: alive if any is, else the leader, a zombie. */
static struct task *thread_to_care(struct process *p)
{
	struct task *t;

	for_each_thread(t, p)
		if (!(t->flags & TASK_EXITING))
			return t;
	return p->leader;
}

static void give_child(struct process *child, struct task *to)
{
	list_del(&child->made_link);
	child->made_by = to;
	if (to)
		list_add_tail(&to->made, &child->made_link);
}

void thread_leave_children(struct task *t)
{
	struct process *child;
	struct task *heir;

	if (list_empty(&t->made))
		return;
	heir = thread_to_care(t->process);
	while ((child = list_first(&t->made, struct process, made_link))) {
		give_child(child, heir);
		parent_died(child, t->process);
	}
}

void process_reparent_children(struct process *p)
{
	struct process *reaper, *child, *next;
	struct task *heir;

	if (list_empty(&p->children))
		return;
	reaper = process_reaper_for(p);
	if (reaper == p)
		reaper = NULL;
	heir = reaper ? thread_to_care(reaper) : NULL;
	list_for_each_safe(child, next, &p->children, sibling) {
		list_del(&child->sibling);
		child->parent = reaper;
		if (reaper)
			list_add_tail(&reaper->children, &child->sibling);
		give_child(child, heir);
		parent_died(child, p);
		child->leader->exit_signal = SIGCHLD;
		if (process_is_zombie(child)) {
			if (!child->leader->tracer && process_notify_parent(child))
				task_release(child->leader);
			continue;
		}
		orphaned_group_check(child, p);
	}
}

/* --- jobs --- */

static bool has_stopped_member(struct pid *pgrp)
{
	struct process *p;

	list_for_each(p, &pgrp->group, group_link)
		if (p->stopped)
			return true;
	return false;
}

/* parent NULL: p itself ends. Else: p has just lost its parent. */
void orphaned_group_check(struct process *p, struct process *parent)
{
	const struct process *ignored = parent ? NULL : p, *link = parent ? parent : p->parent;
	struct pid *pgrp = p->pgid;
	siginfo_t info;

	if (link->pgid == pgrp || link->sid != p->sid)
		return;
	if (!has_stopped_member(pgrp) || !pgrp_is_orphaned(pgrp, ignored))
		return;
	siginfo_kernel(&info, SIGHUP);
	signal_group(pgrp, SIGHUP, &info);
	siginfo_kernel(&info, SIGCONT);
	signal_group(pgrp, SIGCONT, &info);
}

/* --- the end of a pid namespace --- */

static void kill_members(struct pid_ns *ns, struct process *init)
{
	s32 nr = 0;
	struct pid *pid;

	while ((pid = pid_next(ns, nr + 1))) {
		nr = pid->numbers[ns->level].nr;
		if (pid->process && pid->process != init && pid->process->nr_live)
			signal_kill_process(pid->process);
	}
}

static void reap_zombie_children(struct process *p)
{
	struct process *child, *next;

	list_for_each_safe(child, next, &p->children, sibling)
		if (process_is_zombie(child))
			task_release(child->leader);
}

/* Own numbers that stay: the process's, and the thread's if the leader is a zombie already. */
void pid_ns_kill(struct pid_ns *ns, struct process *init)
{
	u32 own = current == init->leader ? 1 : 2;

	ns->dying = true;
	kill_members(ns, init);
	reap_zombie_children(init);
	while (ns->nr_pids > own)
		wait_once(&ns->emptied, WAIT_UNINTERRUPTIBLE, WAIT_FOREVER, false);
	if (ns->reboot_status) {
		init->group_exit = true;
		init->group_exit_code = ns->reboot_status;
	}
}
