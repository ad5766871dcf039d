// SPDX-License-Identifier: MIT
/* cr/core.c - one thread: core-TID.img, and what that has no field for in plimsoll-tasks.img.
 *
 * The core of a process's first thread also holds what its threads share (cr/process.c). A sleep or
 * poll that was interrupted goes on with what was left of its time (CR-TIMER-02): deadlines stand
 * relative to the moment of the freeze. Any other call that was waited in goes on waiting
 * (CR-FRZ-03); a wait for a futex is made again (CR-TASK-15). */
#include <linux/futex.h>

#include "cr/internal.h"
#include "kernel/rseq.h"
#include "kernel/sched.h"
#include "mm/mm.h"

#define CORE_X86_64 1
#define TASK_EXTRA_SAVED (TASK_NO_NEW_PRIVS | TASK_FORKNOEXEC | TASK_RESTORE_MASK)
#define NICE_LIMIT 20
#define RT_LIMIT 99
#define EXTRA_NNP	 BIT(0) /* flags of plimsoll_task: bits of the image, not the kernel's */
#define EXTRA_NOEXEC  BIT(1)
#define EXTRA_MASK    BIT(2)
#define EXTRA_VFORK   BIT(3)		/* its parent waits until it execs or exits */
#define EXTRA_TOLD_STOP     BIT(4)	/* of the process, with its first thread */
#define EXTRA_TELL_CONTINUE BIT(5)
#define EXTRA_BELOW_REAPER  BIT(6)
#define EXTRA_STOPPED	    BIT(7)	/* every thread, and its parent was told */
#define KIND_VFORK 3			/* of restart_kind: arg pid of the child */

static const struct restart_kind {
	long (*resume)(struct restart_block *rb);
	u32 deadline;			/* which argument is a time */
} restart_kinds[] = {
	[1] = { sleep_resume, 1 },
	[2] = { poll_resume, 2 },
};

/* The others say: for ever. */
static bool deadline_is_time(u64 deadline)
{
	return deadline != WAIT_FOREVER && deadline != INT64_MAX;
}

/* The child for which t waits in vfork(2), or is to wait; NULL: none (CR-FRZ-04). */
static struct task *vfork_child(const struct task *t)
{
	struct process *p;

	list_for_each(p, &t->process->children, sibling) {
		struct task *k = p->leader;
		const struct waiter *w = k->vfork_done ? list_first(&k->vfork_done->waiters,
								   struct waiter, link) : NULL;

		if (w && w->task == t)
			return k;
		if (!k->vfork_done && k->flags & TASK_VFORK_CHILD &&
		    t->restart.resume == vfork_resume &&
		    (s32)t->restart.arg[0] == pid_nr_in(k->pid, task_pid_ns(t)))
			return k;
	}
	return NULL;
}

static int vfork_save(struct cr_save *s, struct task *t, struct task *child,
		      struct pb_plimsoll_task *x)
{
	x->has_restart_kind = true;
	x->restart_kind = KIND_VFORK;
	x->nr_restart_arg = ARRAY_SIZE(t->restart.arg);
	x->restart_arg = cr_array(s, x->nr_restart_arg, u64);
	if (!x->restart_arg)
		return -ENOMEM;
	x->restart_arg[0] = pid_nr_in(child->pid, task_pid_ns(t));
	return 0;
}

static int restart_save(struct cr_save *s, struct task *t, struct pb_plimsoll_task *x)
{
	const struct restart_block *rb = &t->restart;
	struct task *child = vfork_child(t);

	if (child)
		return vfork_save(s, t, child, x);
	if ((s64)task_user_regs(&t->arch)->rax != -ERESTART_RESTARTBLOCK)
		return 0;
	for (u32 k = 1; k < ARRAY_SIZE(restart_kinds); k++) {
		const struct restart_kind *kind = &restart_kinds[k];

		if (kind->resume != rb->resume)
			continue;
		x->has_restart_kind = true;
		x->restart_kind = k;
		x->nr_restart_arg = ARRAY_SIZE(rb->arg);
		x->restart_arg = cr_array(s, x->nr_restart_arg, u64);
		if (!x->restart_arg)
			return -ENOMEM;
		memcpy(x->restart_arg, rb->arg, sizeof(rb->arg));
		if (deadline_is_time(rb->arg[kind->deadline]))
			x->restart_arg[kind->deadline] -= s->now;
		return 0;
	}
	return cr_refuse(s, "restart block", x->tid, t->comm, EBUSY, CR_API_16);
}

static int restart_restore(struct task *t, const struct pb_plimsoll_task *x)
{
	struct restart_block *rb = &t->restart;
	const struct restart_kind *kind = &restart_kinds[x->restart_kind];

	if (!x->has_restart_kind)
		return 0;
	if (x->restart_kind == KIND_VFORK && x->nr_restart_arg == ARRAY_SIZE(rb->arg)) {
		rb->arg[0] = x->restart_arg[0];
		rb->resume = vfork_resume;
		return 0;
	}
	if (!x->restart_kind || x->restart_kind >= ARRAY_SIZE(restart_kinds) ||
	    x->nr_restart_arg != ARRAY_SIZE(rb->arg))
		return -EINVAL;
	memcpy(rb->arg, x->restart_arg, sizeof(rb->arg));
	if (deadline_is_time(rb->arg[kind->deadline]))
		rb->arg[kind->deadline] += time_monotonic();
	rb->resume = kind->resume;
	return 0;
}

/* --- what CRIU has no field for --- */

/* Has every thread stopped, and its parent been told? */
static bool stop_is_whole(const struct process *p)
{
	return p->stopped && (!p->stop_left || p->stop_is_old);
}

static int extra_save(struct cr_save *s, struct task *t, struct pb_plimsoll_task *x)
{
	const struct cred *c = t->real_cred;
	int err;

	x->flags = (t->flags & TASK_NO_NEW_PRIVS ? EXTRA_NNP : 0) |
		   (t->flags & TASK_FORKNOEXEC ? EXTRA_NOEXEC : 0) |
		   (t->flags & TASK_RESTORE_MASK ? EXTRA_MASK : 0) |
		   (t->vfork_done || t->flags & TASK_VFORK_CHILD ? EXTRA_VFORK : 0) |
		   (t->process->stop_reported ? EXTRA_TOLD_STOP : 0) |
		   (stop_is_whole(t->process) ? EXTRA_STOPPED : 0) |
		   (t->process->continued_report ? EXTRA_TELL_CONTINUE : 0) |
		   (t->process->has_subreaper_ancestor ? EXTRA_BELOW_REAPER : 0);
	x->has_exit_signal = x->has_oom_score_min = task_is_leader(t);
	x->oom_score_min = t->process->oom_score_adj_min;
	x->has_made_by = task_is_leader(t) && t->process->made_by &&
			 !task_is_leader(t->process->made_by);
	x->made_by = x->has_made_by ? cr_pid(s, t->process->made_by->pid) : 0;
	x->exit_signal = t->exit_signal;
	x->has_stop_signal = t->process->stopped;
	x->stop_signal = t->process->stop_signal;
	x->has_affinity = x->has_timer_slack = x->has_saved_blocked = x->has_ioprio = true;
	x->affinity = t->affinity;
	x->timer_slack = t->timer_slack;
	x->saved_blocked = t->saved_blocked;
	x->has_cap_amb_low = x->has_cap_amb_high = c->cap_ambient;
	x->cap_amb_low = c->cap_ambient;
	x->cap_amb_high = c->cap_ambient >> 32;
	x->ioprio = t->ioprio;
	x->has_cgroup = true;
	x->cgroup = cr_cgroup_id(s, t);
	err = cr_times_save(s, t, x);
	if (!err)
		err = cr_children_ns_save(s, t, x);
	x->has_user_ns = true;
	if (!err)
		err = cr_ns_id(s, &c->user_ns->ns, &x->user_ns);
	if (!err)
		err = restart_save(s, t, x);
	return err ? err : cr_put(s, CR_TASKS, 0, &pb_plimsoll_task_type, x);
}

static int extra_restore(struct task *t, const struct pb_plimsoll_task *x)
{
	t->flags &= ~TASK_EXTRA_SAVED;
	t->flags |= (x->flags & EXTRA_NNP ? TASK_NO_NEW_PRIVS : 0) |
		    (x->flags & EXTRA_NOEXEC ? TASK_FORKNOEXEC : 0) |
		    (x->flags & EXTRA_MASK ? TASK_RESTORE_MASK : 0) |
		    (x->flags & EXTRA_VFORK ? TASK_VFORK_CHILD : 0);
	if (task_is_leader(t)) {
		if (x->oom_score_min >= t->process->oom_score_adj_min ||
		    capable_in(&init_user_ns, CAP_SYS_RESOURCE))
			t->process->oom_score_adj_min = x->oom_score_min;
		t->process->stop_reported = x->flags & EXTRA_TOLD_STOP;
		t->process->stop_is_old = t->process->stopped && x->flags & EXTRA_STOPPED;
		t->process->continued_report = x->flags & EXTRA_TELL_CONTINUE;
		t->process->has_subreaper_ancestor |= !!(x->flags & EXTRA_BELOW_REAPER);
	}
	if (current->flags & TASK_NO_NEW_PRIVS)
		t->flags |= TASK_NO_NEW_PRIVS;
	t->affinity = x->affinity;
	if (!(t->affinity & current->affinity))
		t->affinity = current->affinity;	/* other processors than at home */
	t->timer_slack = x->timer_slack;
	t->saved_blocked = x->saved_blocked & ~SIGMASK_UNBLOCKABLE;
	t->ioprio = x->ioprio;
	return restart_restore(t, x);
}

int cr_extra_find(struct cr_restore *r, u32 tid, const struct pb_plimsoll_task **out)
{
	return cr_find(r, CR_TASKS, 0, offsetof(struct pb_plimsoll_task, tid), tid, out);
}

/* --- thread_core_entry --- */

static int thread_save(struct cr_save *s, struct task *t, struct pb_thread_core_entry *e)
{
	int err;

	*e = (struct pb_thread_core_entry){
		.futex_rla = t->robust_list,
		.futex_rla_len = t->robust_list ? sizeof(struct robust_list_head) : 0,
		.has_sched_nice = true, .sched_nice = task_nice(t),
		.has_sched_policy = true, .sched_policy = t->policy,
		.has_sched_prio = true, .sched_prio = t->rt_priority,
		.has_blk_sigset = true, .blk_sigset = t->blocked,
		.sas = cr_new(s, struct pb_thread_sas_entry),
		.has_pdeath_sig = true, .pdeath_sig = t->pdeath_signal,
		.has_comm = true, .comm = pb_text(t->comm),
		.rseq_entry = t->rseq ? cr_new(s, struct pb_rseq_entry) : NULL,
	};
	if (!e->sas || (t->rseq && !e->rseq_entry))
		return -ENOMEM;
	*e->sas = (struct pb_thread_sas_entry){t->altstack_sp, t->altstack_size, t->altstack_flags};
	if (t->rseq)
		*e->rseq_entry = (struct pb_rseq_entry){ .rseq_abi_pointer = t->rseq,
							 .rseq_abi_size = t->rseq_len,
							 .signature = t->rseq_sig };
	err = cr_signals_save(s, &t->pending, &e->signals_p);
	return err ? err : cr_creds_save(s, t->real_cred, &e->creds);
}

static bool thread_sound(const struct pb_thread_core_entry *e)
{
	return e->sas && e->signals_p && e->creds && e->comm.len < COMM_SIZE &&
	       e->sched_nice >= -NICE_LIMIT && e->sched_nice < NICE_LIMIT &&
	       e->sched_policy <= SCHED_IDLE && e->sched_prio <= RT_LIMIT &&
	       e->pdeath_sig <= SIG_MAX;
}

static int sched_restore(struct cr_restore *r, struct task *t, const struct pb_thread_core_entry *e)
{
	bool more = e->sched_nice < task_nice(current) || e->sched_prio;

	if (more && !capable_in(&init_user_ns, CAP_SYS_NICE))
		return cr_refuse(r, "priority", pid_nr(t->pid), t->comm, EPERM, CR_API_15);
	t->static_prio = e->sched_nice + 120;
	sched_set_policy(t, e->sched_policy, e->sched_prio);
	sched_set_nice(t, e->sched_nice);
	return 0;
}

static int thread_restore(struct cr_restore *r, struct task *t,
			  const struct pb_thread_core_entry *e, const struct pb_plimsoll_task *x)
{
	int err;

	if (!thread_sound(e))
		return cr_refuse(r, "thread", x->tid, "", EINVAL, CR_IMG_05);
	t->robust_list = e->futex_rla;			/* CR-TASK-06 */
	t->blocked = e->blk_sigset & ~SIGMASK_UNBLOCKABLE;
	t->altstack_sp = e->sas->ss_sp;
	t->altstack_size = e->sas->ss_size;
	t->altstack_flags = e->sas->ss_flags;
	t->pdeath_signal = e->pdeath_sig;		/* CR-TASK-08 */
	task_set_comm(t, (char *)e->comm.data);
	err = sched_restore(r, t, e);
	if (!err)
		err = cr_signals_restore(t, &t->pending, e->signals_p);
	if (err == -EINVAL)
		cr_refuse(r, "pending signals", x->tid, "are not sound", EINVAL, CR_IMG_05);
	if (!err && e->rseq_entry) {
		t->rseq = e->rseq_entry->rseq_abi_pointer;
		t->rseq_len = e->rseq_entry->rseq_abi_size;
		t->rseq_sig = e->rseq_entry->signature;
		if (!user_range_ok(t->rseq, t->rseq_len))
			t->rseq = 0;
		rseq_task_switched(t);			/* CR-TASK-13 */
	}
	return err;
}

/* --- core_entry --- */

int cr_core_save(struct cr_save *s, struct task *t)
{
	struct pb_core_entry *e = cr_new(s, struct pb_core_entry);
	struct pb_plimsoll_task *x = cr_new(s, struct pb_plimsoll_task);
	int err = 0;

	if (!e || !x)
		return -ENOMEM;
	x->tid = cr_pid(s, t->pid);
	e->mtype = CORE_X86_64;
	if (task_is_leader(t)) {
		e->tc = cr_new(s, struct pb_task_core_entry);
		err = e->tc ? cr_process_save(s, t->process, e->tc) : -ENOMEM;
	}
	if (!err) {
		e->thread_core = cr_new(s, struct pb_thread_core_entry);
		err = e->thread_core ? thread_save(s, t, e->thread_core) : -ENOMEM;
	}
	if (!err && t->state != TASK_ZOMBIE) {
		err = cr_regs_save(s, t, &e->thread_info, &x->fpu_rest);
		x->has_fpu_rest = true;
	}
	if (!err)
		err = extra_save(s, t, x);
	if (!err && e->thread_info && x->restart_kind == KIND_VFORK)
		e->thread_info->gpregs->ax = -ERESTART_RESTARTBLOCK;
	return err ? err : cr_put(s, CR_CORE, x->tid, &pb_core_entry_type, e);
}

/* What is still seen of one that is dead: nothing of it runs, so that no address counts. */
int cr_dead_restore(struct cr_restore *r, struct task *t, const struct pb_core_entry *e)
{
	const struct pb_thread_core_entry *c = e->thread_core;
	const struct pb_plimsoll_task *x;
	int err = cr_extra_find(r, pid_nr_in(t->pid, r->pid_ns), &x);

	if (!err && (!c || !thread_sound(c)))
		err = cr_refuse(r, "zombie", x->tid, "", EINVAL, CR_IMG_05);
	if (err)
		return err;
	t->blocked = c->blk_sigset & ~SIGMASK_UNBLOCKABLE;
	task_set_comm(t, (char *)c->comm.data);
	if (e->tc)
		t->personality = e->tc->personality;
	err = sched_restore(r, t, c);
	if (!err)
		err = cr_creds_restore(r, t, c->creds, x);
	if (!err && extra_restore(t, x))
		err = cr_refuse(r, "zombie", x->tid, "", EINVAL, CR_IMG_05);
	return err;
}

int cr_core_check(struct cr_restore *r, u32 tid, const struct pb_core_entry **out)
{
	return cr_message(r, CR_CORE, tid, out);
}

/* First, so that signals and timers are charged to whom they were. */
int cr_core_creds_restore(struct cr_restore *r, struct task *t, const struct pb_core_entry *e)
{
	const struct pb_plimsoll_task *x;
	int err = cr_extra_find(r, pid_nr_in(t->pid, r->pid_ns), &x);

	if (!err && e->thread_core && e->thread_core->creds)
		err = cr_creds_restore(r, t, e->thread_core->creds, x);
	return err;
}

int cr_core_restore(struct cr_restore *r, struct task *t, const struct pb_core_entry *e)
{
	const struct pb_plimsoll_task *x;
	int err = cr_extra_find(r, pid_nr_in(t->pid, r->pid_ns), &x);

	if (!err && (e->mtype != CORE_X86_64 || !e->thread_core || !e->thread_info))
		err = cr_refuse(r, "core", x->tid, "", EINVAL, CR_IMG_01);
	if (!err)
		err = thread_restore(r, t, e->thread_core, x);
	if (!err)
		err = cr_regs_restore(r, t, e->thread_info);
	if (!err && extra_restore(t, x))
		err = cr_refuse(r, "task", x->tid, "", EINVAL, CR_IMG_05);
	return err;
}
