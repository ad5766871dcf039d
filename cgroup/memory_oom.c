// SPDX-License-Identifier: MIT
/* cgroup/memory_oom.c - memory is at its max for good: somebody below the limit is killed.
 *
 *   refused charge --> memory_out_of_memory()      where a fault or a write may sleep
 *     1 there is room again, or reclaim makes some, or dirty pages could be written: try again
 *     2 current is dying: give up, so that it comes to its end
 *     3 a victim has not gone yet: wait for it, but not for ever
 *     4 kill the worst process of the subtree (MEMCG-09), or with memory.oom.group its whole
 *       cgroup (12, 13), and wait
 * The worst has the most resident pages, plus oom_score_adj thousandths of the limit; -1000 and
 * init are exempt (14). oom counts where the limit is, oom_kill where the victim is (10).
 * Not like Linux: page tables do not count against a victim.
 * Locks: BKL; memory_out_of_memory sleeps. Checkpoint: none. */

#include "cgroup/memory.h"
#include <linux/oom.h>

#include "kernel/time.h"
#include "kernel/wait.h"
#include "lib/print.h"
#include "mm/mm.h"

#define WAIT_NSEC 10000000UL		/* a moment: 10 ms */
#define PATIENCE 200			/* moments that one victim may take */
#define ADJ_UNIT 1000
/* A page, and the tables and objects above it: less room would have the same fault fail for ever,
 * as it gives back what it got. */
#define FAULT_PAGES 6UL

/* --- tasks of a subtree --- */

/* Calls fn for every living task of m's cgroup and all below. */
static void memory_tasks(struct memory *m, void (*fn)(struct task *t, void *arg), void *arg)
{
	struct cgroup *top = m->css.cgroup, *cg;
	struct cgroup_place *p, *next;

	for (cg = cgroup_next(NULL, top); cg; cg = cgroup_next(cg, top))
		list_for_each_safe(p, next, &cg->members, link)
			fn(p->task, arg);
}

/* MEMCG-14. */
static bool task_may_be_killed(const struct task *t)
{
	return !(t->flags & TASK_KTHREAD) && pid_nr_in(t->process->tgid, &init_pid_ns) != 1 &&
	       t->process->oom_score_adj != OOM_SCORE_ADJ_MIN;
}

static bool task_is_dying(const struct task *t)
{
	return t->process->group_exit || fatal_signal_pending(t);
}

struct choice {
	u64 limit;			/* pages */
	bool dying;			/* somebody is, with memory */
	struct process *worst;
	s64 points;
};

static void choose(struct task *t, void *arg)
{
	struct choice *c = arg;
	s64 points;

	if (!t->mm || !task_may_be_killed(t))
		return;
	if (task_is_dying(t)) {
		c->dying = true;
		return;
	}
	points = t->mm->anon_rss + t->mm->file_rss + t->mm->shmem_rss;
	points += (s64)t->process->oom_score_adj * (s64)(c->limit / ADJ_UNIT);
	if (c->worst && points <= c->points)
		return;
	c->worst = t->process;
	c->points = points;
}

/* --- killing --- */

static void kill_one(struct process *p)
{
	struct memory *m = css_to_memory(task_css(p->leader, CTL_MEMORY));

	kprintf("Memory cgroup out of memory: killed process %d (%s)\n", pid_nr(p->tgid),
		p->leader->comm);
	memory_event(m, MEMORY_OOM_KILL);
	signal_kill_process(p);
}

/* Each process once: by its first thread that has memory. The worst is killed, and counted, again,
 * as on Linux. */
static void kill_member(struct task *t, void *arg)
{
	struct task *first;

	(void)arg;
	list_for_each(first, &t->process->threads, thread)
		if (first->mm)
			break;
	if (first == t && task_may_be_killed(t))
		kill_one(t->process);
}

/* MEMCG-12, MEMCG-13: the highest cgroup from the victim's up to top that dies as a whole, or
 * NULL. */
static struct memory *group_of(const struct process *victim, struct memory *top)
{
	struct memory *m = css_to_memory(task_css(victim->leader, CTL_MEMORY)), *group = NULL;

	for (; m && memory_parent(m); m = memory_parent(m)) {
		if (m->group_oom)
			group = m;
		if (m == top)
			break;
	}
	return group;
}

static void kill_worst(struct memory *top, struct process *worst)
{
	struct memory *group = group_of(worst, top);

	kill_one(worst);
	if (!group)
		return;
	memory_event(group, MEMORY_OOM_GROUP_KILL);
	memory_tasks(group, kill_member, NULL);
}

bool memory_oom_kill(struct memory *top)
{
	struct memory_totals totals;
	struct choice c = { 0 };

	memory_totals(&totals);
	c.limit = MIN(top->counter.max, totals.total_pages);
	memory_tasks(top, choose, &c);
	if (c.dying && top->victim_waits++ < PATIENCE)
		return true;
	if (!c.worst)
		return c.dying;
	top->victim_waits = 0;
	kill_worst(top, c.worst);
	return true;
}

/* --- waiting --- */

u32 memory_waiters;

void memory_wait(struct memory *m)
{
	css_get(&m->css);
	memory_tell_events();
	memory_waiters++;
	wait_once(&m->waiting, WAIT_KILLABLE, time_monotonic() + WAIT_NSEC, false);
	memory_waiters--;
	css_put(&m->css);
}

/* The nearest ancestor without room for what a fault may need at once, or NULL. */
static struct memory *memory_full(struct memory *m)
{
	while (m && memory_usage(m) + FAULT_PAGES <= m->counter.max)
		m = memory_parent(m);
	return m;
}

/* Makes room in full, which the caller holds. */
static bool make_room(struct memory *full)
{
	if (memory_reclaim(full, FAULT_PAGES) || memory_launder(full))
		return true;
	memory_event(full, MEMORY_OOM);
	if (!memory_oom_kill(full))
		return false;
	if (task_is_dying(current))
		return false;
	memory_wait(full);
	return !task_is_dying(current);
}

bool memory_out_of_memory(void)
{
	struct memory *m, *full;
	bool again;

	if (!current->charge_refused)
		return false;
	current->charge_refused = false;
	if (task_is_dying(current) || current->flags & TASK_EXITING)
		return false;
	m = memory_of_current();
	full = m ? memory_full(m) : NULL;
	if (!full)
		return true;
	css_get(&full->css);
	again = make_room(full);
	css_put(&full->css);
	return again;
}
