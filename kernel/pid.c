// SPDX-License-Identifier: MIT
/* kernel/pid.c - process numbers: given out, looked up, given back, in all levels at once.
 *
 * A struct pid has a number in its own pid namespace and in each one above. Numbers are
 * given out cyclically: the lowest free one above the last (PIDNS-31), and after the end of
 * the range from PID_RESERVED on (PIDNS-33). They stay taken while a task, a process, a group
 * or a session uses the pid (PIDNS-34); the struct itself lasts until the last reference.
 * A namespace keeps its pids in a radix tree: lookup and the next free number cost a few
 * steps. Each struct pid holds its namespace, unless that is the initial one.
 * Locks: BKL. Checkpoint: numbers of all levels are saved and asked for again by set_tid.
 * See pid_namespaces(7), clone(2). */
#include "kernel/pid.h"

#include <linux/nsfs.h>

#include "kernel/audit.h"
#include "kernel/cred.h"
#include "kernel/deny.h"
#include "kernel/hooks.h"
#include "kernel/task.h"
#include "mm/slab.h"

s32 pid_max = PID_MAX_DEFAULT;
struct list pid_all = LIST_INIT(pid_all);

struct pid_ns init_pid_ns = {
	.ns = { .refs = { 1 }, .owner = &init_user_ns, .all = LIST_INIT(init_pid_ns.ns.all) },
	.emptied = WAITQUEUE_INIT(init_pid_ns.emptied),
};

struct pid init_struct_pid = {
	.refs = { 1 },
	.group = LIST_INIT(init_struct_pid.group),
	.session = LIST_INIT(init_struct_pid.session),
	.proc_nodes = LIST_INIT(init_struct_pid.proc_nodes),
	.exit_wait = WAITQUEUE_INIT(init_struct_pid.exit_wait),
	.numbers = { { .nr = 0, .ns = &init_pid_ns } },
};

/* --- giving numbers out --- */

/* The next number of the cycle in ns. */
static int number_any(struct pid_ns *ns, s32 *nr)
{
	u64 from = (u64)ns->last + 1, lowest = from > PID_RESERVED ? PID_RESERVED : 1, found;

	if (radix_free_index(&ns->pids, MAX(from, lowest), pid_max - 1, &found) &&
	    radix_free_index(&ns->pids, lowest, pid_max - 1, &found))
		return deny(EAGAIN, EXT_LIM_06);
	*nr = ns->last = found;
	return 0;
}

/* A number that was asked for (PIDNS-26 to 30). */
static int number_wanted(struct pid_ns *ns, s32 want, s32 *nr)
{
	if (want < 1 || want >= pid_max)
		return deny(EINVAL, PIDNS_28);
	if (want != 1 && !ns->reaper)
		return deny(EINVAL, PIDNS_29);
	if (!capable_in(ns->ns.owner, CAP_CHECKPOINT_RESTORE) &&
	    !capable_in(ns->ns.owner, CAP_SYS_ADMIN))
		return deny(EPERM, PIDNS_30);
	if (radix_get(&ns->pids, want))
		return deny(EEXIST, PIDNS_27);
	*nr = want;
	return 0;
}

static void number_free(struct pid *p, u32 level)
{
	struct pid_ns *ns = p->numbers[level].ns;

	radix_erase(&ns->pids, p->numbers[level].nr);
	ns->nr_pids--;
	wake_all(&ns->emptied);
}

/* Fills in the number of one level. */
static int number_alloc(struct pid *p, struct pid_ns *ns, const s32 *want)
{
	struct upid *u = &p->numbers[ns->level];
	int err;

	u->ns = ns;
	err = want ? number_wanted(ns, *want, &u->nr) : number_any(ns, &u->nr);
	if (err)
		return err;
	err = radix_set(&ns->pids, u->nr, p);
	if (err)
		return err;
	ns->nr_pids++;
	return 0;
}

static int pid_create(struct pid_ns *ns, struct pid **out)
{
	struct pid *p = kzalloc_charged(sizeof(*p) + (ns->level + 1) * sizeof(struct upid));

	if (!p)
		return -ENOMEM;
	ref_set(&p->refs, 1);
	p->level = ns->level;
	list_init(&p->group);
	list_init(&p->session);
	list_init(&p->proc_nodes);
	waitqueue_init(&p->exit_wait);
	list_add_tail(&pid_all, &p->all);
	*out = p;
	return 0;
}

int pid_alloc(struct pid_ns *ns, const s32 *set_tid, unsigned nr_set, struct pid **out)
{
	struct pid_ns *at;
	struct pid *p;
	u32 done = 0;
	int err;

	if (nr_set > ns->level + 1)
		return deny(EINVAL, PIDNS_28);
	err = pid_create(ns, &p);
	if (err)
		return err;
	for (at = ns; at && !err; at = at->parent) {
		err = number_alloc(p, at, done < nr_set ? &set_tid[done] : NULL);
		if (!err)
			done++;
	}
	if (!err && ns->dying)
		err = deny(ENOMEM, PIDNS_08);
	if (err) {
		while (done--)
			number_free(p, p->level - done);
		list_del(&p->all);
		kfree(p);
		return err;
	}
	if (ns != &init_pid_ns)
		ref_get(&ns->ns.refs);
	*out = p;
	return 0;
}

/* --- giving them back --- */

static bool numbers_held(const struct pid *p)
{
	const struct upid *u = &p->numbers[p->level];

	return pid_find(u->ns, u->nr) == p;
}

void pid_release_numbers_if_unused(struct pid *p)
{
	if (p->task || p->process || !list_empty(&p->group) || !list_empty(&p->session))
		return;
	if (!numbers_held(p))
		return;
	for (u32 l = 0; l <= p->level; l++)
		number_free(p, l);
}

void pid_put(struct pid *p)
{
	struct pid_ns *ns = p->numbers[p->level].ns;

	if (!ref_put(&p->refs))
		return;
	assert(!numbers_held(p) && !waitqueue_active(&p->exit_wait));
	if (ns != &init_pid_ns)
		kernel_hooks.ns_put(&ns->ns);
	list_del(&p->all);
	kfree(p);
}

/* --- lookups --- */

struct pid *pid_find(struct pid_ns *ns, s32 nr)
{
	return nr > 0 ? radix_get(&ns->pids, nr) : NULL;
}

struct pid *pid_next(struct pid_ns *ns, s32 from)
{
	u64 nr = MAX(from, 1);

	return radix_next(&ns->pids, &nr);
}

s32 pid_nr_in(const struct pid *p, const struct pid_ns *ns)
{
	if (!p || p->level < ns->level || p->numbers[ns->level].ns != ns)
		return 0;
	return p->numbers[ns->level].nr;
}

s32 pid_nr(const struct pid *p)
{
	return pid_nr_in(p, current_pid_ns());
}

struct pid_ns *task_pid_ns(const struct task *t)
{
	return t->pid->numbers[t->pid->level].ns;
}

struct pid_ns *current_pid_ns(void)
{
	return task_pid_ns(current);
}

bool pid_exited(const struct pid *p)
{
	return !p->process || process_is_zombie(p->process);
}

bool pid_thread_exited(const struct pid *p)
{
	return !p->task || p->task->state == TASK_ZOMBIE;
}

/* --- the audit --- */

static void audit_pid(struct audit *a, const struct pid *p)
{
	for (u32 l = 0; l <= p->level; l++) {
		const struct upid *u = &p->numbers[l];

		if (pid_find(u->ns, u->nr) != p)
			audit_broken(a, u->nr, 0, "pid %d: its number at level %u",
				     p->numbers[0].nr, l);
		if (u->ns->level != l)
			audit_broken(a, u->ns->level, l, "pid %d: level", p->numbers[0].nr);
	}
	if (p->task && p->task->pid != p)
		audit_broken(a, 1, 0, "pid %d: task %s", p->numbers[0].nr, p->task->comm);
	if (p->process && p->process->tgid != p)
		audit_broken(a, 1, 0, "pid %d: process", p->numbers[0].nr);
	if (!p->task && !p->process && list_empty(&p->group) && list_empty(&p->session))
		audit_broken(a, 1, 0, "pid %d: number kept for nobody", p->numbers[0].nr);
}

/* Every number of the initial namespace is some pid's; all others hang off these. */
void pid_audit(struct audit *a)
{
	struct pid *p;
	u64 found = 0;
	s32 nr = 0;

	while ((p = pid_next(&init_pid_ns, nr + 1))) {
		nr = p->numbers[0].nr;
		audit_pid(a, p);
		found++;
	}
	audit_checked(a, found);
	if (found != init_pid_ns.nr_pids)
		audit_broken(a, init_pid_ns.nr_pids, found, "numbers in use");
}
