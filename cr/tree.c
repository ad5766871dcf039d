// SPDX-License-Identifier: MIT
/* cr/tree.c - the tree of processes: pstree.img, ids-PID.img, plimsoll-pids.img; who is checked, in
 * what order they are made, and how a restart that fails unmakes them.
 *
 * Save: processes in preorder, each with its threads; a process is written after what it refers to.
 * Restart: 1 namespaces, address spaces, files (objects); 2 processes from the root down, as
 * children of those who were their parents, asleep before their first instruction; 3 threads; 4
 * groups and sessions (a leader that is gone leaves its number: a struct pid without task is made);
 * 5 each puts on its state. Then all of them start at once. Undone from the last to the first:
 * killed, awaited, reaped. Locks: BKL; a lookup of a path may sleep, so that others can see a tree
 * that is not complete yet. */
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

u32 cr_pid(const struct cr_save *s, const struct pid *p)
{
	return pid_nr_in(p, s->pid_ns);
}

/* --- save: who is in it --- */

static bool is_below(const struct process *p, const struct process *root)
{
	for (; p; p = p->parent)
		if (p == root)
			return true;
	return false;
}

/* The next process of root's tree in preorder, or NULL. */
static struct process *process_next(struct process *p, struct process *root)
{
	if (!list_empty(&p->children))
		return list_first(&p->children, struct process, sibling);
	for (; p != root; p = p->parent)
		if (p->sibling.next != &p->parent->children)
			return list_entry(p->sibling.next, struct process, sibling);
	return NULL;
}

static int task_check(struct cr_save *s, struct task *t)
{
	u32 nr = cr_pid(s, t->pid);
	bool zombie = process_is_zombie(t->process);

	if (!nr)
		return cr_refuse(s, "task", pid_nr(t->pid), t->comm, EINVAL, CR_TASK_20);
	if (!zombie && t != current && !(t->flags & TASK_FROZEN))
		return cr_refuse(s, "task", nr, "is not frozen", EBUSY, CR_API_05);
	if (t->tracer || !list_empty(&t->process->tracees))
		return cr_refuse(s, "task", nr, "is traced", EBUSY, CR_API_06);
	if (!zombie && t->state == TASK_ZOMBIE)
		return cr_refuse(s, "task", nr, "has ended before its threads", EBUSY, CR_TASK_05);
	if (!zombie && task_may_access(t, ACCESS_READ | ACCESS_REALCREDS))
		return cr_refuse(s, "task", nr, "may not be looked into", EPERM, CR_API_07);
	if (t->seccomp)
		return cr_refuse(s, "seccomp filter", nr, t->comm, EBUSY, CR_CRED_03);
	if (t->flags & TASK_VFORK_CHILD)
		return cr_refuse(s, "task", nr, "is a vfork child", EBUSY, CR_FRZ_04);
	return 0;
}

static int task_add(struct cr_save *s, struct task *t)
{
	if (!(s->nr_tasks & (s->nr_tasks - 1))) {
		u32 size = s->nr_tasks ? 2 * s->nr_tasks : 1;
		struct task **more = krealloc(s->tasks, size * sizeof(*more));

		if (!more)
			return -ENOMEM;
		s->tasks = more;
	}
	task_get(t);
	s->tasks[s->nr_tasks++] = t;
	if (t != current && !process_is_zombie(t->process))
		s->now = MAX(s->now, (s64)t->se.run_start);
	return 0;
}

/* A process that lives in the namespace but hangs below somebody else (CR-TASK-20). */
static int container_check(struct cr_save *s)
{
	struct task *t;

	if (!s->container)
		return 0;
	list_for_each(t, &task_all, all)
		if (cr_pid(s, t->pid) && !is_below(t->process, s->root->process))
			return cr_refuse(s, "task", cr_pid(s, t->pid), "is no descendant of init",
					 EINVAL, CR_TASK_20);
	return 0;
}

int cr_tree_collect(struct cr_save *s)
{
	struct process *root = s->root->process, *p;
	struct task *t;
	int err = container_check(s);

	for (p = root; p && !err; p = process_next(p, root))
		for_each_thread(t, p) {
			err = task_check(s, t);
			if (!err)
				err = task_add(s, t);
			if (err)
				break;
		}
	if (!s->now)
		s->now = clock_nsec();
	return err;
}

/* --- save: what they are --- */

/* Numbers below the root's namespace, where there are any. */
static int numbers_save(struct cr_save *s, struct task *t)
{
	struct pb_plimsoll_pids e = { .pid = cr_pid(s, t->pid) };

	if (t->pid->level <= s->pid_ns->level)
		return 0;
	e.nr = cr_array(s, t->pid->level - s->pid_ns->level, u32);
	if (!e.nr)
		return -ENOMEM;
	for (u32 l = s->pid_ns->level + 1; l <= t->pid->level; l++)
		e.nr[e.nr_nr++] = t->pid->numbers[l].nr;
	return cr_put(s, CR_PIDS, 0, &pb_plimsoll_pids_type, &e);
}

static int shared_save(struct cr_save *s, struct task *t, struct pb_task_kobj_ids_entry *ids)
{
	u32 pid = cr_pid(s, t->pid);
	int err = 0;

	ids->vm_id = objtab_id(&s->objects, &cr_mm_class, t->mm);
	if (!ids->vm_id) {
		ids->vm_id = pid;
		err = objtab_add(&s->objects, &cr_mm_class, t->mm, true, &ids->vm_id);
		if (!err)
			err = cr_mm_class.save(s, t->mm, pid);
	}
	ids->fs_id = objtab_id(&s->objects, &cr_fs_class, t->fs);
	if (!err && !ids->fs_id) {
		ids->fs_id = pid;
		err = objtab_add(&s->objects, &cr_fs_class, t->fs, true, &ids->fs_id);
		if (!err)
			err = cr_fs_class.save(s, t->fs, pid);
	}
	if (!err)
		err = cr_save_object(s, &cr_files_class, t->files, &ids->files_id);
	return err ? err : cr_sighand_id(s, t, &ids->sighand_id);
}

static int ids_save(struct cr_save *s, struct task *t)
{
	struct pb_task_kobj_ids_entry ids = {};
	int err = cr_namespaces_save(s, t, &ids);

	if (!err)
		err = shared_save(s, t, &ids);
	return err ? err : cr_put(s, CR_IDS, cr_pid(s, t->pid), &pb_task_kobj_ids_entry_type, &ids);
}

/* A thread has ids of its own where it differs from the first. */
static int thread_ids_save(struct cr_save *s, struct task *t)
{
	const struct task *l = t->process->leader;

	if (t->fs == l->fs && t->files == l->files && t->nsproxy == l->nsproxy)
		return 0;
	return ids_save(s, t);
}

static int leader_check(struct cr_save *s, struct process *p)
{
	if (p->tty && !pty_of_tty(p->tty) && cr_pid(s, p->sid))
		return cr_refuse(s, "terminal", cr_pid(s, p->tgid), p->leader->comm, EBUSY,
				 CR_TTY_03);
	return 0;
}

static int process_save(struct cr_save *s, struct process *p)
{
	struct pb_pstree_entry e = {
		.pid = cr_pid(s, p->tgid),
		.ppid = p == s->root->process ? 0 : cr_pid(s, p->parent->tgid),
		.pgid = cr_pid(s, p->pgid),
		.sid = cr_pid(s, p->sid),
		.threads = cr_array(s, p->nr_threads, u32),
	};
	struct task *t;
	int err = e.threads ? leader_check(s, p) : -ENOMEM;

	if (!err && !process_is_zombie(p))
		err = ids_save(s, p->leader);
	for_each_thread(t, p) {
		if (!err && t != p->leader)
			err = thread_ids_save(s, t);
		if (!err)
			err = numbers_save(s, t);
		if (!err)
			err = cr_core_save(s, t);
		e.threads[e.nr_threads++] = cr_pid(s, t->pid);
	}
	return err ? err : cr_put(s, CR_PSTREE, 0, &pb_pstree_entry_type, &e);
}

int cr_tree_save(struct cr_save *s)
{
	int err = cr_cgroups_save(s);

	for (u32 i = 0; i < s->nr_tasks && !err; i++)
		if (task_is_leader(s->tasks[i]))
			err = process_save(s, s->tasks[i]->process);
	for (u32 i = 0; cr_lates[i] && !err; i++)
		if (cr_lates[i]->save)
			err = cr_lates[i]->save(s);
	return err ? err : cr_leaks_check(s);
}

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

/* The numbers of tid, innermost first, as pid_alloc() wants them. */
static int numbers_find(struct cr_restore *r, u32 tid, s32 *nrs, u32 *nr)
{
	const struct pb_plimsoll_pids *e =
		cr_lookup(r, CR_PIDS, 0, offsetof(struct pb_plimsoll_pids, pid), tid);

	*nr = 0;
	if (e && e->nr_nr >= PID_NS_LEVELS)
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

/* Gives a fresh task what its ids name instead of what its maker had. wanted: the memory it must
 * have, NULL: any. */
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

static int process_restore(struct cr_restore *r, struct cr_process *p)
{
	const struct pb_core_entry *core;
	const struct pb_plimsoll_task *x;
	int err = times_restore(r, p);

	for (u32 i = 0; i < p->nr_made && !err; i++) {
		err = cr_core_check(r, p->tree->threads[i], &core);
		if (!err && !i) {
			err = cr_extra_find(r, p->tree->pid, &x);
			if (!err && x->exit_signal <= SIG_MAX && p->parent)
				p->made->leader->exit_signal = x->exit_signal;
			if (!err && core->tc->task_state == CR_TASK_DEAD)
				return 0;
			if (!err)
				err = cr_children_ns_restore(r, p->tasks[0], x);
			if (!err)
				err = cr_process_restore(r, p->made, core->tc);
		}
		if (!err)
			err = cr_core_restore(r, p->tasks[i], core);
	}
	return err;
}

/* dies: whether its cgroup is frozen or not. */
static void process_start(struct cr_process *p, u32 work, bool dies)
{
	p->started = true;
	for (u32 i = 0; i < p->nr_made; i++) {
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

/* The dead end with their status before anybody else runs; nobody hears of it again. */
static int zombies_restore(struct cr_restore *r)
{
	const struct pb_core_entry *core;
	int err = 0;

	for (u32 i = 0; i < r->nr_processes && !err; i++) {
		struct cr_process *p = &r->processes[i];
		int signal = p->made->leader->exit_signal;

		err = cr_core_check(r, p->tree->pid, &core);
		if (err || core->tc->task_state != CR_TASK_DEAD)
			continue;
		if (!p->parent || core->tc->comm.len >= COMM_SIZE)
			return cr_refuse(r, "zombie", p->tree->pid, "", EINVAL, CR_TASK_04);
		task_set_comm(p->made->leader, (char *)core->tc->comm.data);
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
