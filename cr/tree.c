// SPDX-License-Identifier: MIT
/* cr/tree.c - the tree of processes: pstree.img, ids-PID.img, plimsoll-pids.img; who is in it, and
 * who is checked.
 *
 * Processes in preorder, each with its threads; a process is written after what it refers to. How
 * they are made again: cr/tree_restore.c.
 * Locks: BKL; nothing sleeps. */
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
	bool dead = t->state == TASK_ZOMBIE;

	if (!nr)
		return cr_refuse(s, "task", pid_nr(t->pid), t->comm, EINVAL, CR_TASK_20);
	if (!dead && t != current && !(t->flags & TASK_FROZEN))
		return cr_refuse(s, "task", nr, "is not frozen", EBUSY, CR_API_05);
	if (t->tracer || !list_empty(&t->process->tracees))
		return cr_refuse(s, "task", nr, "is traced", EBUSY, CR_API_06);
	if (!dead && task_may_access(t, ACCESS_READ | ACCESS_REALCREDS))
		return cr_refuse(s, "task", nr, "may not be looked into", EPERM, CR_API_07);
	if (t->seccomp)
		return cr_refuse(s, "seccomp filter", nr, t->comm, EBUSY, CR_CRED_03);
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
	struct pid *pid;
	s32 nr = 0;

	while (s->container && (pid = pid_next(s->pid_ns, nr + 1))) {
		nr = cr_pid(s, pid);
		if (pid->task && !is_below(pid->task->process, s->root->process))
			return cr_refuse(s, "task", nr, "is no descendant of init", EINVAL,
					 CR_TASK_20);
	}
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

/* pid: names what is met for the first time. */
static int shared_save(struct cr_save *s, struct task *t, u32 pid,
		       struct pb_task_kobj_ids_entry *ids)
{
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

static int ids_save(struct cr_save *s, struct task *t, u32 pid)
{
	struct pb_task_kobj_ids_entry ids = {};
	int err = cr_namespaces_save(s, t, &ids);

	if (!err)
		err = shared_save(s, t, pid, &ids);
	return err ? err : cr_put(s, CR_IDS, pid, &pb_task_kobj_ids_entry_type, &ids);
}

/* Who has what the process has: the first thread, but where that is gone (CR-TASK-05). */
static struct task *first_alive(struct process *p)
{
	struct task *t;

	for_each_thread(t, p)
		if (t->state != TASK_ZOMBIE)
			return t;
	return NULL;
}

/* A thread has ids of its own where it differs from the first. */
static int thread_ids_save(struct cr_save *s, struct task *t)
{
	const struct task *l = first_alive(t->process);

	if (!l || (t->fs == l->fs && t->files == l->files && t->nsproxy == l->nsproxy))
		return 0;
	return ids_save(s, t, cr_pid(s, t->pid));
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
		err = ids_save(s, first_alive(p), e.pid);
	for_each_thread(t, p) {
		if (!err && t != p->leader)
			err = thread_ids_save(s, t);
		if (!err)
			err = numbers_save(s, t);
		if (!err)
			err = cr_core_save(s, t);
		if (err)
			return err;
		e.threads[e.nr_threads++] = cr_pid(s, t->pid);
	}
	return cr_put(s, CR_PSTREE, 0, &pb_pstree_entry_type, &e);
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
