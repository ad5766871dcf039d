// SPDX-License-Identifier: MIT
/* kernel/fork.c - a new task: a loop over the task parts, a number, a place among its kin.
 *
 * 1 clone_check refuses impossible flags (clone.c). 2 Memory: task, stack, FPU area, and a
 * process unless CLONE_THREAD. 3 Each part shares or copies its state. 4 Number and pidfd,
 * then the parts that must come last join. From here on nothing can fail: 5 registers;
 * 6 attach: lists, parent, group, session.
 * The new task is asleep until task_start(); a failure before 5 undoes all in reverse.
 * Until 6 a new process has nr_live 0, and a new thread is counted in nr_threads only.
 * Locks: BKL. See clone(2), fork(2). */
#include "kernel/bkl.h"
#include "kernel/cred.h"
#include "kernel/hooks.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"
#include "mm/mm.h"

#define PART(name) extern const struct task_part name##_part;
#include "kernel/parts.h"
#undef PART

const struct task_part *const task_parts[NR_PARTS] = {
#define PART(name) [PART_##name] = &name##_part,
#include "kernel/parts.h"
#undef PART
};

/* Without nsproxies all children are where their maker is. */
static struct pid_ns *same_pid_ns(struct task *t)
{
	(void)t;
	return current_pid_ns();
}

struct pid_ns *(*child_pid_ns_hook)(struct task *t) = same_pid_ns;

/* --- the loops over the parts --- */

void task_parts_exit(struct task *t, int from, int to)
{
	for (int i = to - 1; i >= from; i--)
		if (task_parts[i]->exit)
			task_parts[i]->exit(t);
}

static int task_parts_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	for (int i = 0; i < NR_PARTS; i++) {
		int err = task_parts[i]->fork ? task_parts[i]->fork(child, parent, args) : 0;

		if (err) {
			task_parts_exit(child, 0, i);
			return err;
		}
	}
	return 0;
}

static int task_parts_join(struct task *child, struct task *parent, struct clone_args_k *args)
{
	for (int i = 0; i < NR_PARTS; i++) {
		int err = task_parts[i]->join ? task_parts[i]->join(child, parent, args) : 0;

		if (err)
			return err;
	}
	return 0;
}

void task_parts_exec(struct task *t)
{
	t->flags &= ~(TASK_KTHREAD | TASK_FORKNOEXEC);
	for (int i = 0; i < NR_PARTS; i++)
		if (task_parts[i]->exec)
			task_parts[i]->exec(t);
}

/* --- memory --- */

static void process_inherit(struct process *p, struct process *parent)
{
	memcpy(p->limits, parent->limits, sizeof(p->limits));
	p->oom_score_adj = parent->oom_score_adj;
	p->oom_score_adj_min = parent->oom_score_adj_min;
	p->has_subreaper_ancestor = parent->has_subreaper_ancestor || parent->child_subreaper;
}

/* What a new task has of its maker besides the parts. */
static void task_inherit(struct task *t, struct task *parent)
{
	const u32 inherited = TASK_NO_NEW_PRIVS | TASK_FAIL;

	t->flags = (parent->flags & inherited) | TASK_FORKNOEXEC;
	memcpy(t->comm, parent->comm, COMM_SIZE);
	t->personality = parent->personality;
	t->timer_slack = parent->timer_slack;
	t->ioprio = parent->ioprio;
	t->start_nsec = clock_nsec();
}

static int task_create(struct task *parent, struct clone_args_k *args, struct task **out)
{
	struct task *t;
	int err;

	if (task_count >= task_max)
		return deny(EAGAIN, EXT_LIM_06);
	err = task_alloc(&t);
	if (err)
		return err;
	if (args->flags & CLONE_THREAD) {
		t->process = parent->process;
		process_get(t->process);
	} else {
		err = process_alloc(&t->process);
		if (err) {
			task_free_unborn(t);
			return err;
		}
		process_inherit(t->process, parent->process);
		t->process->start_nsec = clock_nsec();
	}
	t->process->nr_threads++;
	task_inherit(t, parent);
	*out = t;
	return 0;
}

static void task_destroy_unborn(struct task *t)
{
	t->process->nr_threads--;
	task_free_unborn(t);
}

/* --- the number --- */

static int task_number(struct task *t, struct clone_args_k *args, struct pid **out)
{
	struct pid_ns *ns = args->kthread_fn ? &init_pid_ns : child_pid_ns_hook(t);

	return pid_alloc(ns, args->set_tid, args->nr_set_tid, out);
}

static int task_pidfd(struct pid *pid, struct clone_args_k *args, struct pidfd_slot *slot)
{
	u32 o_flags;
	int err;

	if (!(args->flags & CLONE_PIDFD))
		return 0;
	o_flags = args->flags & CLONE_THREAD ? PIDFD_THREAD : 0;
	err = kernel_hooks.pidfd_reserve(pid, o_flags, slot);
	if (err)
		return err;
	err = copy_to_user(args->pidfd, &slot->fd, sizeof(slot->fd));
	if (err)
		kernel_hooks.pidfd_cancel(slot);
	return err;
}

static void number_free(struct pid *pid)
{
	pid_release_numbers_if_unused(pid);
	pid_put(pid);
}

/* --- how it starts --- */

/* The first code of a new task: what schedule() would do after a switch, then out. */
static void user_start(void *unused)
{
	struct task *t = current;
	s32 nr = pid_nr(t->pid);

	(void)unused;
	sched_switch_finish();
	if (t->set_child_tid)
		copy_to_user(t->set_child_tid, &nr, sizeof(nr));
	exit_to_user(current_regs());
	account_kernel();
	bkl_unlock();
}

static void kthread_start(void *unused)
{
	struct task *t = current;

	(void)unused;
	sched_switch_finish();
	t->kthread_fn(t->kthread_arg);
	do_exit(0);
}

static void task_registers(struct task *t, struct task *parent, struct clone_args_k *args)
{
	void *stack = (void *)(t->arch.stack_top - KERNEL_STACK_SIZE);
	struct regs *regs = task_user_regs(&t->arch);

	if (args->kthread_fn) {
		t->kthread_fn = args->kthread_fn;
		t->kthread_arg = args->kthread_arg;
		memset(regs, 0, sizeof(*regs));
		arch_fpu_init_area(t->arch.fpu);
		arch_task_prepare(&t->arch, stack, kthread_start, NULL);
		return;
	}
	*regs = *task_user_regs(&parent->arch);
	regs->rax = 0;
	if (args->stack)
		regs->rsp = args->stack + args->stack_size;
	arch_task_copy(&t->arch, &parent->arch);
	if (args->flags & CLONE_SETTLS)
		t->arch.fs_base = args->tls;
	arch_task_prepare(&t->arch, stack, user_start, NULL);
}

/* --- its place among the others --- */

static void process_attach(struct task *t, struct task *parent, struct clone_args_k *args)
{
	struct process *p = t->process, *maker = parent->process;
	struct pid_ns *ns = task_pid_ns(t);

	p->leader = t;
	p->tgid = t->pid;
	p->pgid = maker->pgid;
	p->sid = maker->sid;
	pid_get(p->tgid);
	pid_get(p->pgid);
	pid_get(p->sid);
	p->tgid->process = p;
	list_add_tail(&p->pgid->group, &p->group_link);
	list_add_tail(&p->sid->session, &p->session_link);
	if (!args->kthread_fn)
		p->parent = (args->flags & CLONE_PARENT) ? maker->parent : maker;
	if (p->parent) {
		p->made_by = (args->flags & CLONE_PARENT) ? maker->made_by : parent;
		list_add_tail(&p->parent->children, &p->sibling);
		list_add_tail(&p->made_by->made, &p->made_link);
	}
	if (t->pid->numbers[t->pid->level].nr == 1) {
		ns->reaper = p;		/* PIDNS-01 */
		p->unkillable = true;
	}
	kernel_hooks.process_fork(p, maker);
}

static void task_attach(struct task *t, struct task *parent, struct clone_args_k *args)
{
	struct process *p = t->process;

	if (args->flags & CLONE_THREAD) {
		t->exit_signal = -1;
	} else {
		t->exit_signal = (args->flags & CLONE_PARENT) ? parent->process->leader->exit_signal
							      : args->exit_signal;
		process_attach(t, parent, args);
	}
	p->nr_live++;
	list_add_tail(&p->threads, &t->thread);
	list_add_tail(&task_all, &t->all);
	task_count++;
	fork_total++;
}

/* The last things that can fail, in the order in which they are undone. */
static int task_name(struct task *t, struct clone_args_k *args, struct pidfd_slot *slot)
{
	struct pid *pid;
	int err = task_number(t, args, &pid);

	if (err)
		return err;
	err = task_pidfd(pid, args, slot);
	if (!err && !args->kthread_fn && fatal_signal_pending(current)) {
		if (args->flags & CLONE_PIDFD)
			kernel_hooks.pidfd_cancel(slot);
		err = -EINTR;
	}
	if (err) {
		number_free(pid);
		return err;
	}
	t->pid = pid;
	pid->task = t;
	return 0;
}

static void task_unname(struct task *t, const struct clone_args_k *args, struct pidfd_slot *slot)
{
	struct pid *pid = t->pid;

	if (args->flags & CLONE_PIDFD)
		kernel_hooks.pidfd_cancel(slot);
	t->pid = NULL;
	pid->task = NULL;
	number_free(pid);
}

int task_fork(struct clone_args_k *args, struct task **out)
{
	struct task *parent = args->kthread_fn ? &init_task : args->parent ? args->parent : current;
	struct task *t = NULL;
	struct pidfd_slot slot;
	int err = task_create(parent, args, &t);

	if (err)
		return err;
	err = task_parts_fork(t, parent, args);
	if (err) {
		task_destroy_unborn(t);
		return err;
	}
	err = task_name(t, args, &slot);
	if (!err) {
		err = task_parts_join(t, parent, args);
		if (err)
			task_unname(t, args, &slot);
	}
	if (err) {
		task_parts_exit(t, 0, NR_PARTS);
		task_destroy_unborn(t);
		return err;
	}

	/* Nothing fails from here on. */
	if (args->kthread_fn) {
		t->flags |= TASK_KTHREAD;
		task_set_comm(t, args->kthread_name);
	}
	if (args->flags & CLONE_CHILD_SETTID)
		t->set_child_tid = args->child_tid;
	if (args->flags & CLONE_CHILD_CLEARTID)
		t->clear_child_tid = args->child_tid;
	task_registers(t, parent, args);
	sched_fork(t, parent);
	task_attach(t, parent, args);
	if (args->flags & CLONE_PIDFD)
		kernel_hooks.pidfd_install(&slot);
	*out = t;
	return 0;
}

void task_start(struct task *t)
{
	sched_start(t);
}
