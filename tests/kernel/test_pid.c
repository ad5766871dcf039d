// SPDX-License-Identifier: MIT
/* tests/kernel/test_pid.c - process numbers.
 *
 * Properties:
 *   - a pid has a number in each level, and is found by each
 *   - numbers are given out in a cycle, and from PID_RESERVED on after the end (PIDNS-33)
 *   - a number that is asked for is checked (PIDNS-27, 28, 29) and leaves the cycle alone
 *   - a failed allocation leaves no number behind, in no level
 *   - a dying namespace gives out nothing (PIDNS-08)
 *   - a number stays taken while a group uses it (PIDNS-34)
 *   - a kernel thread comes and goes without a trace */
#include "kernel/cred.h"
#include "kernel/ktest.h"
#include "kernel/sched.h"
#include "kernel/task.h"

#define SETTLE_NSEC (2 * NSEC_PER_MSEC)

/* A namespace below the initial one, for a test alone; pids count references of it. */
static void ns_make(struct pid_ns *ns)
{
	memset(ns, 0, sizeof(*ns));
	ref_set(&ns->ns.refs, 1);
	ns->ns.owner = &init_user_ns;
	ns->parent = &init_pid_ns;
	ns->level = 1;
	waitqueue_init(&ns->emptied);
}

static void pid_drop(struct pid *p)
{
	pid_release_numbers_if_unused(p);
	pid_put(p);
}

static void numbers_in_each_level(struct ktest *t)
{
	struct pid_ns ns;
	struct pid *p;
	u32 before = init_pid_ns.nr_pids;

	ns_make(&ns);
	KEXPECT_EQ(t, pid_alloc(&ns, NULL, 0, &p), 0);
	KEXPECT_EQ(t, p->numbers[1].nr, 1);
	KEXPECT_EQ(t, pid_nr_in(p, &ns), 1);
	KEXPECT(t, pid_find(&ns, 1) == p);
	KEXPECT(t, pid_find(&init_pid_ns, p->numbers[0].nr) == p);
	KEXPECT_EQ(t, pid_nr(p), p->numbers[0].nr);
	KEXPECT_EQ(t, pid_nr_in(current->pid, &ns), 0);
	KEXPECT_EQ(t, init_pid_ns.nr_pids, before + 1);
	pid_drop(p);
	KEXPECT(t, !pid_find(&ns, 1));
	KEXPECT_EQ(t, ns.nr_pids, 0);
	KEXPECT_EQ(t, init_pid_ns.nr_pids, before);
	KEXPECT_EQ(t, ns.ns.refs.n, 1);
}

static void numbers_cycle(struct ktest *t)
{
	struct pid *a, *b, *c;
	struct pid_ns ns;

	ns_make(&ns);
	ns.last = pid_max - 2;
	KEXPECT_EQ(t, pid_alloc(&ns, NULL, 0, &a), 0);
	KEXPECT_EQ(t, a->numbers[1].nr, pid_max - 1);
	KEXPECT_EQ(t, pid_alloc(&ns, NULL, 0, &b), 0);
	KEXPECT_EQ(t, b->numbers[1].nr, PID_RESERVED);
	pid_drop(b);
	KEXPECT_EQ(t, pid_alloc(&ns, NULL, 0, &c), 0);
	KEXPECT_EQ(t, c->numbers[1].nr, PID_RESERVED + 1);
	pid_drop(a);
	pid_drop(c);
}

static void wanted_numbers(struct ktest *t)
{
	static const s32 low[] = { 0 }, one[] = { 1 }, seven[] = { 7 }, three[] = { 1, 2, 3 };
	const s32 high[] = { pid_max };
	struct pid_ns ns;
	struct pid *p, *q;
	s32 last;

	ns_make(&ns);
	KEXPECT_EQ(t, pid_alloc(&ns, low, 1, &p), -EINVAL);
	KEXPECT_EQ(t, pid_alloc(&ns, high, 1, &p), -EINVAL);
	KEXPECT_EQ(t, pid_alloc(&ns, three, 3, &p), -EINVAL);
	KEXPECT_EQ(t, pid_alloc(&ns, seven, 1, &p), -EINVAL);
	KEXPECT_EQ(t, pid_alloc(&ns, one, 1, &p), 0);
	ns.reaper = current->process;
	last = ns.last;
	KEXPECT_EQ(t, pid_alloc(&ns, one, 1, &q), -EEXIST);
	KEXPECT_EQ(t, pid_alloc(&ns, seven, 1, &q), 0);
	KEXPECT_EQ(t, q->numbers[1].nr, 7);
	KEXPECT_EQ(t, ns.last, last);
	pid_drop(q);
	pid_drop(p);
	KEXPECT_EQ(t, ns.nr_pids, 0);
}

static void failure_leaves_nothing(struct ktest *t)
{
	u32 before = init_pid_ns.nr_pids;
	struct pid_ns ns;
	struct pid *p;
	const s32 taken[] = { 1, current->pid->numbers[0].nr };

	ns_make(&ns);
	KEXPECT_EQ(t, pid_alloc(&ns, taken, 2, &p), -EEXIST);
	KEXPECT_EQ(t, ns.nr_pids, 0);
	ns.dying = true;
	KEXPECT_EQ(t, pid_alloc(&ns, NULL, 0, &p), -ENOMEM);
	KEXPECT_EQ(t, ns.nr_pids, 0);
	KEXPECT_EQ(t, init_pid_ns.nr_pids, before);
	KEXPECT_EQ(t, ns.ns.refs.n, 1);
}

static void group_keeps_the_number(struct ktest *t)
{
	struct process member;
	struct pid *p;
	s32 nr;

	KEXPECT_EQ(t, pid_alloc(&init_pid_ns, NULL, 0, &p), 0);
	nr = p->numbers[0].nr;
	list_add(&p->group, &member.group_link);
	pid_release_numbers_if_unused(p);
	KEXPECT(t, pid_find(&init_pid_ns, nr) == p);
	list_del(&member.group_link);
	pid_release_numbers_if_unused(p);
	KEXPECT(t, !pid_find(&init_pid_ns, nr));
	pid_put(p);
}

static void next_walks_upwards(struct ktest *t)
{
	struct pid *a, *b;
	struct pid_ns ns;

	ns_make(&ns);
	KEXPECT_EQ(t, pid_alloc(&ns, NULL, 0, &a), 0);
	ns.last = 99;
	KEXPECT_EQ(t, pid_alloc(&ns, NULL, 0, &b), 0);
	KEXPECT(t, pid_next(&ns, 0) == a);
	KEXPECT(t, pid_next(&ns, 2) == b);
	KEXPECT(t, pid_next(&ns, 100) == b);
	KEXPECT(t, !pid_next(&ns, 101));
	pid_drop(a);
	pid_drop(b);
}

static void thread_fn(void *arg)
{
	s32 *nr = arg;

	*nr = pid_nr(current->pid);
}

static void kthread_comes_and_goes(struct ktest *t)
{
	u64 before = task_count;
	s32 nr = 0;
	struct task *k = kthread_create("ktest", thread_fn, &nr);

	KEXPECT(t, k && !strcmp(k->comm, "ktest"));
	KEXPECT_EQ(t, task_count, before + 1);
	for (int i = 0; i < 10 && task_count != before; i++)
		wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic() + SETTLE_NSEC, false);
	KEXPECT_EQ(t, task_count, before);
	KEXPECT(t, nr > 0 && !task_find(nr));
}

static const struct ktest_case cases[] = {
	KCASE(numbers_in_each_level),
	KCASE(numbers_cycle),
	KCASE(wanted_numbers),
	KCASE(failure_leaves_nothing),
	KCASE(group_keeps_the_number),
	KCASE(next_walks_upwards),
	KCASE(kthread_comes_and_goes),
	{},
};
const struct ktest_suite pid_suite = { "pid", cases };
