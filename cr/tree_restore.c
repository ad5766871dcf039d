// SPDX-License-Identifier: MIT
/* cr/tree_restore.c - making the processes of an image, and unmaking them when a restart fails.
 *
 * 1 Control groups and namespaces (objects); processes from the root down, as children of those who
 * were their parents, asleep before their first instruction; 2 what they share, address spaces,
 * files: all numbers are there, so that each finds the others below /proc; then threads; 3 groups
 * and sessions (a leader that is gone leaves its number: a struct pid without task is made); 4 each
 * puts on its state. Then all of them start at once. Undone from the last to the first: killed,
 * awaited, reaped. Locks: BKL; a lookup of a path may sleep, so that others can see a tree that is
 * not complete yet. */
#include "kernel/task_internal.h"

#include "cr/internal.h"

#include "fs/fdtable.h"
#include "fs/pty.h"
#include "kernel/freeze.h"
#include "kernel/hooks.h"
#include "kernel/sched.h"
#include "mm/mm.h"
#include "ns/pid.h"
#include "mm/slab.h"

#define TASKS_MAX 65536

/* --- restart: the tree as the image has it --- */

/* Is entry i of the list the only one of its number, behind its parent, with its threads? */
static bool entry_sound(struct cr_restore *r, const struct cr_process *p, bool root)
{
	const struct pb_pstree_entry *e = p->tree;

	return e->pid && e->nr_threads && e->nr_threads <= TASKS_MAX && e->threads[0] == e->pid &&
	       !p->parent == root && !radix_get(&r->by_pid, e->pid);
}

static int tree_read(struct cr_restore *r)
{
	struct cr_messages all;

	cr_messages(r, CR_PSTREE, 0, &all);
	if (!all.nr || all.nr > TASKS_MAX)
		return cr_refuse(r, "pstree", all.nr, "is no tree", EINVAL, CR_IMG_05);
	r->processes = cr_array(r, all.nr, struct cr_process);
	if (!r->processes)
		return -ENOMEM;
	for (u32 i = 0; i < all.nr; i++) {
		struct cr_process *p = &r->processes[i];

		p->tree = all.message[i];
		p->parent = radix_get(&r->by_pid, p->tree->ppid);
		if (!entry_sound(r, p, !i))
			return cr_refuse(r, "pstree", p->tree->pid, "is no tree", EINVAL,
					 CR_IMG_05);
		p->tasks = cr_array(r, p->tree->nr_threads, struct task *);
		if (!p->tasks || radix_set(&r->by_pid, p->tree->pid, p))
			return -ENOMEM;
	}
	r->nr_processes = all.nr;
	return 0;
}

/* --- restart: tasks --- */

/* The numbers of tid, innermost first, as pid_alloc() wants them (CR-TASK-01, CR-NS-02). */
static int numbers_find(struct cr_restore *r, u32 tid, s32 *nrs, u32 *nr)
{
	const struct pb_plimsoll_pids *e =
		cr_lookup(r, CR_PIDS, 0, offsetof(struct pb_plimsoll_pids, pid), tid);

	*nr = 0;
	if (e && e->nr_nr > PID_NS_LEVELS)
		return cr_refuse(r, "pids", tid, "are too many", EINVAL, CR_IMG_05);
	for (u32 i = e ? e->nr_nr : 0; i-- > 0;)
		nrs[(*nr)++] = e->nr[i];
	nrs[(*nr)++] = tid;
	return 0;
}

static int task_make(struct cr_restore *r, struct cr_process *p, u32 tid, struct clone_args_k *args)
{
	s32 nrs[PID_NS_LEVELS + 1];
	struct task *t;
	const struct pb_plimsoll_task *x;
	struct cgroup *cg;
	int err = numbers_find(r, tid, nrs, &args->nr_set_tid);

	if (!err)
		err = cr_extra_find(r, tid, &x);
	if (!err)
		err = cr_cgroup_find(r, x->cgroup, &cg);
	if (err)
		return err;
	args->cgroup = cg;
	args->set_tid = nrs;
	err = task_fork(args, &t);
	if (err)
		return cr_refuse(r, "task", tid, "cannot be made", -err, CR_TASK_02);
	task_get(t);
	p->tasks[p->nr_made++] = t;
	p->made = t->process;
	return 0;
}

/* Gives a fresh task what its ids name instead of what its maker had (CR-FILE-03). wanted: the
 * memory it must have, NULL: any. */
static int task_share(struct cr_restore *r, struct task *t,
		      const struct pb_task_kobj_ids_entry *ids, const struct mm *wanted)
{
	void *mm, *fs, *files;
	int err;

	current->payer = t;		/* CR-MEM-14 */
	err = cr_restore_object(r, &cr_mm_class, ids->vm_id, &mm);
	if (!err)
		err = cr_restore_object(r, &cr_fs_class, ids->fs_id, &fs);
	if (!err)
		err = cr_restore_object(r, &cr_files_class, ids->files_id, &files);
	current->payer = NULL;
	if (!err && wanted && mm != wanted)
		err = cr_refuse(r, "thread", pid_nr_in(t->pid, r->pid_ns), "has memory of its own",
				EINVAL, CR_IMG_05);
	if (err)
		return err;
	if (t->mm)
		mm_put_user(t->mm);
	mm_get_user(mm);
	t->mm = mm;
	fs_context_put(t->fs);
	ref_get(&((struct fs_context *)fs)->refs);
	t->fs = fs;
	fd_table_put(t->files);
	ref_get(&((struct files *)files)->refs);
	t->files = files;
	return 0;
}

static int shared_restore(struct cr_restore *r, struct cr_process *p)
{
	int err = task_share(r, p->made->leader, p->ids, NULL);

	return err ? err : cr_sighand_restore(r, p);
}

/* What a dead process still has of namespaces: where its number is. */
static int dead_ids(struct cr_restore *r, struct cr_process *p, struct pb_task_kobj_ids_entry *ids)
{
	const struct pb_plimsoll_task *x;
	int err = cr_extra_find(r, p->tree->pid, &x);

	if (!err)
		ids->pid_ns_id = x->dead_pid_ns;
	return err;
}

static int process_make(struct cr_restore *r, struct cr_process *p)
{
	struct pb_task_kobj_ids_entry dead = {};
	const struct pb_task_kobj_ids_entry *ids = &dead;
	const struct pb_core_entry *core;
	struct clone_args_k args = {
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES,
		.exit_signal = SIGCHLD,
		.parent = p->parent ? p->parent->made->leader : NULL,
	};
	struct nsproxy *proxy;
	int err = cr_core_check(r, p->tree->pid, &core);

	if (!err && !core->tc)
		err = cr_refuse(r, "core", p->tree->pid, "is no process", EINVAL, CR_IMG_05);
	if (!err && core->tc->task_state != CR_TASK_DEAD)
		err = cr_message(r, CR_IDS, p->tree->pid, &ids);
	else if (!err)
		err = dead_ids(r, p, &dead);
	if (!err)
		err = cr_namespaces_restore(r, ids, &proxy);
	if (err)
		return err;
	args.nsproxy = proxy;
	if (!p->parent)
		r->pid_ns = to_pid_ns(proxy->ns[NS_KIND_PID]);
	err = task_make(r, p, p->tree->pid, &args);
	nsproxy_put(proxy);
	p->ids = ids != &dead ? ids : NULL;
	return err;
}

/* A thread that differs from the first is given what it had. */
static int thread_make(struct cr_restore *r, struct cr_process *p, u32 tid)
{
	struct task *leader = p->made->leader;
	struct clone_args_k args = {
		.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD,
		.parent = leader,
		.nsproxy = leader->nsproxy,
	};
	const struct pb_task_kobj_ids_entry *ids;
	struct cr_messages own;
	struct nsproxy *proxy;
	int err;

	cr_messages(r, CR_IDS, tid, &own);
	if (own.nr != 1)
		return task_make(r, p, tid, &args);
	ids = own.message[0];
	err = cr_namespaces_restore(r, ids, &proxy);
	if (err)
		return err;
	args.nsproxy = proxy;
	err = task_make(r, p, tid, &args);
	nsproxy_put(proxy);
	return err ? err : task_share(r, p->tasks[p->nr_made - 1], ids, leader->mm);
}

static int threads_make(struct cr_restore *r, struct cr_process *p)
{
	int err = 0;

	for (u32 i = 1; i < p->tree->nr_threads && !err; i++)
		err = thread_make(r, p, p->tree->threads[i]);
	return err;
}

/* --- restart: groups and sessions --- */

/* The struct pid of that number: some task's, or one without task; 0: the restarter's. */
static int pid_for(struct cr_restore *r, u32 nr, struct pid *outside, struct pid **out)
{
	s32 wanted = nr;
	int err = 0;

	*out = nr ? pid_find(r->pid_ns, nr) : outside;
	if (!*out)
		err = pid_alloc(r->pid_ns, &wanted, 1, out);
	else
		pid_get(*out);
	return err;
}

static void pid_swap(struct pid **where, struct pid *pid, struct list *link, struct list *members)
{
	struct pid *old = *where;

	list_del(link);
	list_add_tail(members, link);
	*where = pid;
	pid_release_numbers_if_unused(old);
	pid_put(old);
}

static int groups_restore(struct cr_restore *r, struct cr_process *p)
{
	struct process *proc = p->made;
	struct pid *pgid, *sid;
	int err = pid_for(r, p->tree->sid, current->process->sid, &sid);

	if (err)
		return cr_refuse(r, "session", p->tree->sid, "", -err, CR_TASK_03);
	pid_swap(&proc->sid, sid, &proc->session_link, &sid->session);
	err = pid_for(r, p->tree->pgid, current->process->pgid, &pgid);
	if (err)
		return cr_refuse(r, "process group", p->tree->pgid, "", -err, CR_TASK_03);
	pid_swap(&proc->pgid, pgid, &proc->group_link, &pgid->group);
	proc->session_leader = sid == proc->tgid;
	if (p->tree->sid)
		kernel_hooks.process_detach_tty(proc);
	return 0;
}

/* --- restart: state, and the end --- */

/* A process's times come first: its timers go by them. */
static int times_restore(struct cr_restore *r, struct cr_process *p)
{
	const struct pb_plimsoll_task *x;
	int err = 0;

	for (u32 i = 0; i < p->nr_made && !err; i++) {
		err = cr_extra_find(r, p->tree->threads[i], &x);
		if (!err && cr_times_restore(p->tasks[i], x))
			err = cr_refuse(r, "times", x->tid, "", EINVAL, CR_IMG_05);
	}
	return err;
}

/* A child belongs to the thread that made it. */
static int maker_restore(struct cr_restore *r, struct process *p, const struct pb_plimsoll_task *x)
{
	struct pid *maker = pid_find(r->pid_ns, x->made_by);
	struct task *t = maker ? maker->task : NULL;

	if (!x->made_by || !p->made_by)
		return 0;
	if (!t || t->process != p->parent)
		return cr_refuse(r, "task", x->tid, "has no maker", EINVAL, CR_IMG_05);
	list_del(&p->made_link);
	p->made_by = t;
	list_add_tail(&t->made, &p->made_link);
	return 0;
}

static int creds_restore(struct cr_restore *r, struct cr_process *p)
{
	const struct pb_core_entry *core;
	int err = 0;

	for (u32 i = 0; i < p->nr_made && !err; i++) {
		err = cr_core_check(r, p->tree->threads[i], &core);
		if (!err)
			err = cr_core_creds_restore(r, p->tasks[i], core);
	}
	return err;
}

static int process_restore(struct cr_restore *r, struct cr_process *p)
{
	const struct pb_core_entry *core;
	const struct pb_plimsoll_task *x;
	int err = times_restore(r, p);

	if (!err)
		err = creds_restore(r, p);
	for (u32 i = 0; i < p->nr_made && !err; i++) {
		err = cr_core_check(r, p->tree->threads[i], &core);
		if (!err && !i) {
			err = cr_extra_find(r, p->tree->pid, &x);
			if (!err && x->exit_signal <= CSIGNAL && p->parent)
				p->made->leader->exit_signal = x->exit_signal;
			if (!err && core->tc->task_state == CR_TASK_DEAD)
				return cr_dead_restore(r, p->tasks[0], core);
			if (!err)
				err = cr_children_ns_restore(r, p->tasks[0], x);
			if (!err && p->parent)
				err = maker_restore(r, p->made, x);
			if (!err)
				err = cr_process_restore(r, p->made, core->tc);
		}
		if (!err)
			err = !i && !core->thread_info && p->nr_made > 1
				      ? cr_dead_restore(r, p->tasks[i], core)
				      : cr_core_restore(r, p->tasks[i], core);
	}
	return err;
}

/* dies: whether its cgroup is frozen or not. */
static void process_start(struct cr_process *p, u32 work, bool dies)
{
	p->started = true;
	for (u32 i = p->headless; i < p->nr_made; i++) {
		if (dies)
			p->tasks[i]->work &= ~WORK_FREEZE;
		task_set_work(p->tasks[i], WORK_SIGNAL | work);
		task_start(p->tasks[i]);
	}
}

static void process_await(struct cr_process *p)
{
	struct process *proc = p->made;

	wait_event_uninterruptible(&proc->tgid->exit_wait, process_is_zombie(proc));
}

/* CR-TASK-05: the first thread ends alone; the others do not run yet. */
static int leader_end(struct cr_restore *r, struct cr_process *p, const struct pb_core_entry *core)
{
	struct task *t = p->made->leader;

	p->headless = true;
	thread_kill(t);
	t->work &= ~WORK_FREEZE;
	task_set_work(t, WORK_SIGNAL);
	task_start(t);
	wait_event_uninterruptible(&t->pid->exit_wait, t->state == TASK_ZOMBIE);
	t->exit_code = core->tc->exit_code;
	return times_restore(r, p);
}

/* The dead end with their status before anybody else runs; nobody hears of it again. */
static int zombies_restore(struct cr_restore *r)
{
	const struct pb_core_entry *core;
	int err = 0;

	for (u32 i = 0; i < r->nr_processes && !err; i++) {
		struct cr_process *p = &r->processes[i];
		int signal = p->made->leader->exit_signal;

		err = cr_core_check(r, p->tree->pid, &core);
		if (!err && core->tc->task_state != CR_TASK_DEAD && !core->thread_info)
			err = leader_end(r, p, core);
		if (err || core->tc->task_state != CR_TASK_DEAD)
			continue;
		if (!p->parent)
			return cr_refuse(r, "zombie", p->tree->pid, "", EINVAL, CR_TASK_04);
		p->made->leader->exit_signal = 0;
		signal_begin_exit(p->made, core->tc->exit_code);
		process_start(p, 0, true);
		process_await(p);
		p->made->leader->exit_signal = signal;
		err = times_restore(r, p);
	}
	return err;
}

int cr_tree_restore(struct cr_restore *r)
{
	int err = tree_read(r);

	if (!err)
		err = cr_cgroups_restore(r);
	for (u32 i = 0; i < r->nr_processes && !err; i++)
		err = process_make(r, &r->processes[i]);
	for (u32 i = 0; i < r->nr_processes && !err; i++)
		if (r->processes[i].ids)
			err = shared_restore(r, &r->processes[i]);
	if (!err)
		err = cr_cow_restore(r);
	if (!err)
		err = cr_masters_restore(r);
	for (u32 i = 0; i < r->nr_processes && !err; i++)
		err = threads_make(r, &r->processes[i]);
	for (u32 i = 0; i < r->nr_processes && !err; i++)
		err = groups_restore(r, &r->processes[i]);
	for (u32 i = 0; cr_lates[i] && !err; i++)
		if (cr_lates[i]->restore)
			err = cr_lates[i]->restore(r);
	for (u32 i = 0; i < r->nr_processes && !err; i++)
		err = process_restore(r, &r->processes[i]);
	if (!err)
		err = zombies_restore(r);
	if (!err)
		cr_pidns_finish(r);
	return err ? err : cr_cgroups_finish(r);
}

static void process_forget(struct cr_process *p)
{
	while (p->nr_made)
		task_put(p->tasks[--p->nr_made]);
	process_put(p->made);
}

void cr_tree_undo(struct cr_restore *r)
{
	for (u32 i = r->nr_processes; i-- > 0;) {
		struct cr_process *p = &r->processes[i];

		if (!p->nr_made)
			continue;
		process_get(p->made);
		p->made->leader->exit_signal = 0;
		if (!p->started) {
			signal_begin_exit(p->made, SIGKILL);
			process_start(p, 0, true);
			process_await(p);
		}
		task_release(p->made->leader);
		process_forget(p);
	}
	cr_cgroups_undo(r);
}

/* CR-API-14: frozen, until a change of cgroup.freeze thaws them. */
void cr_tree_start(struct cr_restore *r)
{
	for (u32 i = 0; i < r->nr_processes; i++) {
		struct cr_process *p = &r->processes[i];

		process_get(p->made);
		if (!p->started)
			process_start(p, r->flags & RESTART_FROZEN ? WORK_FREEZE : 0, false);
		process_forget(p);
	}
}
