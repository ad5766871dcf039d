// SPDX-License-Identifier: MIT
/* kernel/task_audit.c - tasks and processes, counted again.
 *
 * From the list of all tasks: their number, the threads of each process (all, and those that
 * have not exited), that a task is its pid's, that leaders lead, that children name their
 * parent, that groups and sessions hold their members, and that who waits for a CPU can run. */
#include "kernel/audit.h"
#include "kernel/runqueue.h"
#include "kernel/sched.h"
#include "kernel/task_internal.h"

static void audit_task(struct audit *a, const struct task *t)
{
	s32 nr = t->pid->numbers[0].nr;

	if (t->pid->task != t)
		audit_broken(a, 0, 1, "task %d: its pid names another", nr);
	if (!t->refs.n)
		audit_broken(a, 0, 1, "task %d: no references", nr);
	if (t->se.queued && t->state != TASK_RUNNING)
		audit_broken(a, t->state, TASK_RUNNING, "task %d: queued in state", nr);
	if (!t->se.queued && t->state == TASK_RUNNING && !task_on_cpu(t))
		audit_broken(a, 0, 1, "task %d: runnable but on no queue", nr);
	if (t->state < TASK_ZOMBIE && !t->cred)
		audit_broken(a, 0, 1, "task %d: no credentials", nr);
}

static void audit_threads(struct audit *a, struct process *p)
{
	s32 nr = p->tgid->numbers[0].nr;
	u64 threads = 0, live = 0, lead = 0;
	struct task *t;

	for_each_thread(t, p) {
		threads++;
		live += !(t->flags & TASK_EXITING);
		lead += t == p->leader;
		if (t->process != p)
			audit_broken(a, 0, 1, "process %d: a thread of another", nr);
	}
	if (threads != p->nr_threads)
		audit_broken(a, p->nr_threads, threads, "process %d: threads", nr);
	if (live != p->nr_live)
		audit_broken(a, p->nr_live, live, "process %d: live threads", nr);
	if (lead != 1)
		audit_broken(a, 1, lead, "process %d: leaders", nr);
	if (p->refs.n < threads)
		audit_broken(a, p->refs.n, threads, "process %d: references", nr);
}

static u64 members(const struct list *head)
{
	const struct list *l;
	u64 n = 0;

	for (l = head->next; l != head; l = l->next)
		n++;
	return n;
}

static void audit_kin(struct audit *a, struct process *p)
{
	s32 nr = p->tgid->numbers[0].nr;
	struct process *child;

	list_for_each(child, &p->children, sibling)
		if (child->parent != p || !child->made_by || child->made_by->process != p)
			audit_broken(a, 0, 1, "process %d: a child of another", nr);
	if (p->parent && list_empty(&p->sibling))
		audit_broken(a, 0, 1, "process %d: not among its parent's children", nr);
	if (list_empty(&p->group_link) || list_empty(&p->session_link))
		audit_broken(a, 0, 1, "process %d: in no group or session", nr);
	if (!members(&p->pgid->group) || p->pgid->refs.n < members(&p->pgid->group))
		audit_broken(a, p->pgid->refs.n, members(&p->pgid->group),
			     "group %d: references", p->pgid->numbers[0].nr);
}

static void audit_queues(struct audit *a)
{
	u64 queued = 0, found = 0;
	struct task *t;

	for (u32 i = 0; i < cpu_count; i++)
		queued += runqueues[i].nr_queued;
	list_for_each(t, &task_all, all)
		found += t->se.queued;
	if (queued != found)
		audit_broken(a, queued, found, "tasks on run queues");
}

void task_audit(struct audit *a)
{
	u64 tasks = 0, processes = 0;
	struct task *t;

	list_for_each(t, &task_all, all) {
		tasks++;
		audit_task(a, t);
		if (t != t->process->leader)
			continue;
		processes++;
		audit_threads(a, t->process);
		audit_kin(a, t->process);
	}
	audit_checked(a, tasks + processes);
	if (tasks != task_count)
		audit_broken(a, task_count, tasks, "tasks");
	audit_queues(a);
}
