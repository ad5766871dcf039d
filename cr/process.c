// SPDX-License-Identifier: MIT
/* cr/process.c - what the threads of a process share, in its first thread's core: task_core_entry.
 *
 * State (alive, stopped, dead with a status), signal actions and the process's queue, limits,
 * interval timers. What is left of a timer counts from the moment of the freeze. POSIX timers:
 * cr/posix_timers.c. */
#include "cr/internal.h"
#include "arch/machine.h"
#include "kernel/syscall.h"
#include "mm/mm.h"

#define SAVED_ACTIONS (SIG_MAX - 2)	/* all but SIGKILL and SIGSTOP */
#define USEC_PER_SEC 1000000L
#define OOM_ADJ_MAX 1000
#define SECONDS_MAX (INT64_MAX / 4 / NSEC_PER_SEC)

/* --- signal actions --- */

static int actions_save(struct cr_save *s, const struct sighand *h, struct pb_task_core_entry *e)
{
	e->sigactions = cr_array(s, SAVED_ACTIONS, struct pb_sa_entry *);
	for (int sig = 1; e->sigactions && sig <= SIG_MAX; sig++) {
		const struct sig_action *a = &h->action[sig - 1];
		struct pb_sa_entry *one;

		if (SIGMASK(sig) & SIGMASK_UNBLOCKABLE)
			continue;
		one = cr_new(s, struct pb_sa_entry);
		if (!one)
			return -ENOMEM;
		*one = (struct pb_sa_entry){ .sigaction = a->handler, .flags = a->flags,
					      .restorer = a->restorer, .mask = a->mask };
		e->sigactions[e->nr_sigactions++] = one;
	}
	return e->sigactions ? 0 : -ENOMEM;
}

static int actions_restore(struct process *p, const struct pb_task_core_entry *e)
{
	struct sighand *h = p->leader->sighand;
	u32 n = 0;

	if (e->nr_sigactions != SAVED_ACTIONS)
		return -EINVAL;
	for (int sig = 1; sig <= SIG_MAX; sig++) {
		const struct pb_sa_entry *one;

		if (SIGMASK(sig) & SIGMASK_UNBLOCKABLE)
			continue;
		one = e->sigactions[n++];
		h->action[sig - 1] = (struct sig_action){ one->sigaction, one->flags, one->restorer,
							  one->mask & ~SIGMASK_UNBLOCKABLE };
	}
	p->autoreap_children = signal_autoreaps(p);
	return 0;
}

/* --- interval timers --- */

static struct pb_itimer_entry *itimer_save(struct cr_save *s, u64 left, u64 interval)
{
	struct pb_itimer_entry *e = cr_new(s, struct pb_itimer_entry);
	u64 left_usec = (left + NSEC_PER_USEC - 1) / NSEC_PER_USEC,
	    every = interval / NSEC_PER_USEC;

	if (e)
		*e = (struct pb_itimer_entry){ every / USEC_PER_SEC, every % USEC_PER_SEC,
					       left_usec / USEC_PER_SEC, left_usec % USEC_PER_SEC };
	return e;
}

static u64 cpu_left(struct process *p, int k)
{
	struct cpu_times t;
	u64 clock;

	process_times(p, &t);
	clock = k ? t.user_nsec + t.system_nsec : t.user_nsec;
	return !p->cpu_timer[k].value	       ? 0
	       : p->cpu_timer[k].value > clock ? p->cpu_timer[k].value - clock
					       : 1;
}

static int timers_save(struct cr_save *s, struct process *p, struct pb_task_core_entry *e)
{
	struct pb_task_timers_entry *t = cr_new(s, struct pb_task_timers_entry);
	u64 left = 0;

	if (p->real_timer.armed)
		left = (s64)p->real_timer.deadline > s->now ? p->real_timer.deadline - s->now : 1;
	if (t) {
		t->real = itimer_save(s, left, p->real_interval);
		t->virt = itimer_save(s, cpu_left(p, 0), p->cpu_timer[0].interval);
		t->prof = itimer_save(s, cpu_left(p, 1), p->cpu_timer[1].interval);
	}
	e->timers = t;
	return t && t->real && t->virt && t->prof ? cr_posix_timers_save(s, p, t) : -ENOMEM;
}

static u64 itimer_nsec(u64 sec, u64 usec)
{
	return MIN(sec, (u64)SECONDS_MAX) * NSEC_PER_SEC + usec % USEC_PER_SEC * NSEC_PER_USEC;
}

static void timers_restore(struct process *p, const struct pb_task_timers_entry *t)
{
	const struct pb_itimer_entry *cpu[] = { t->virt, t->prof };
	struct cpu_times used;
	u64 left = itimer_nsec(t->real->vsec, t->real->vusec);

	p->real_interval = itimer_nsec(t->real->isec, t->real->iusec);
	if (left)
		timer_arm(&p->real_timer, clock_nsec() + left);
	process_times(p, &used);
	for (int k = 0; k < 2; k++) {
		left = itimer_nsec(cpu[k]->vsec, cpu[k]->vusec);
		p->cpu_timer[k].value =
			left ? left + used.user_nsec + (k ? used.system_nsec : 0) : 0;
		p->cpu_timer[k].interval = itimer_nsec(cpu[k]->isec, cpu[k]->iusec);
	}
}

/* --- limits --- */

static int limits_save(struct cr_save *s, const struct process *p, struct pb_task_core_entry *e)
{
	struct pb_task_rlimits_entry *l = cr_new(s, struct pb_task_rlimits_entry);

	e->rlimits = l;
	if (!l || !(l->rlimits = cr_array(s, RLIM_NLIMITS, struct pb_rlimit_entry *)))
		return -ENOMEM;
	for (; l->nr_rlimits < RLIM_NLIMITS; l->nr_rlimits++) {
		struct pb_rlimit_entry *one = cr_new(s, struct pb_rlimit_entry);

		if (!one)
			return -ENOMEM;
		one->cur = p->limits[l->nr_rlimits].rlim_cur;
		one->max = p->limits[l->nr_rlimits].rlim_max;
		l->rlimits[l->nr_rlimits] = one;
	}
	return 0;
}

/* A hard limit above the caller's needs CAP_SYS_RESOURCE (EXT-LIM-05). */
static int limits_restore(struct cr_restore *r, struct process *p,
			  const struct pb_task_rlimits_entry *l)
{
	bool may_raise = capable_in(&init_user_ns, CAP_SYS_RESOURCE);

	if (l->nr_rlimits != RLIM_NLIMITS)
		return -EINVAL;
	for (u32 i = 0; i < RLIM_NLIMITS; i++) {
		const struct pb_rlimit_entry *one = l->rlimits[i];

		if (one->cur > one->max)
			return -EINVAL;
		if (one->max > current->process->limits[i].rlim_max && !may_raise)
			return cr_refuse(r, "limit", i, "is above the caller's", EPERM, CR_API_15);
		p->limits[i].rlim_cur = one->cur;
		p->limits[i].rlim_max = one->max;
	}
	p->leader->mm->limit_as = process_limit(p, RLIMIT_AS);
	p->leader->mm->limit_data = process_limit(p, RLIMIT_DATA);
	return 0;
}

/* --- task_core_entry --- */

int cr_process_save(struct cr_save *s, struct process *p, struct pb_task_core_entry *e)
{
	struct task *t = p->leader;
	int err = 0;

	*e = (struct pb_task_core_entry){
		.task_state = process_is_zombie(p) ? CR_TASK_DEAD
						   : p->stopped ? CR_TASK_STOPPED : CR_TASK_ALIVE,
		.exit_code = process_is_zombie(p) ? process_exit_status(p)
			     : t->state == TASK_ZOMBIE ? t->exit_code : 0,
		.personality = t->personality,
		.blk_sigset = t->blocked,
		.comm = pb_text(t->comm),
		.has_oom_score_adj = true, .oom_score_adj = p->oom_score_adj,
		.has_child_subreaper = true, .child_subreaper = p->child_subreaper,
	};
	if (e->task_state == CR_TASK_DEAD)
		return 0;
	err = cr_signals_save(s, &p->pending, &e->signals_s);
	if (!err)
		err = actions_save(s, t->sighand, e);
	if (!err)
		err = timers_save(s, p, e);
	return err ? err : limits_save(s, p, e);
}

static int state_restore(struct cr_restore *r, struct process *p,
			 const struct pb_task_core_entry *e)
{
	const struct pb_plimsoll_task *x;
	struct task *t;
	int err = cr_extra_find(r, pid_nr_in(p->tgid, r->pid_ns), &x);

	if (err || e->task_state != CR_TASK_STOPPED)
		return err;
	if (x->stop_signal < 1 || x->stop_signal > SIG_MAX)
		return -EINVAL;
	p->stopped = true;				/* CR-FRZ-05 */
	p->stop_signal = x->stop_signal;
	for_each_thread(t, p) {
		t->flags |= TASK_STOP_DUE;
		p->stop_left++;
	}
	return 0;
}

int cr_process_restore(struct cr_restore *r, struct process *p, const struct pb_task_core_entry *e)
{
	struct task *t = p->leader;
	int err;

	if (!e->signals_s || !e->timers || !e->rlimits || e->task_state > CR_TASK_STOPPED ||
	    e->oom_score_adj > OOM_ADJ_MAX || e->oom_score_adj < -OOM_ADJ_MAX)
		return cr_refuse(r, "process", pid_nr(p->tgid), "", EINVAL, CR_IMG_05);
	if (e->oom_score_adj < p->oom_score_adj_min && !capable_in(&init_user_ns, CAP_SYS_RESOURCE))
		return cr_refuse(r, "oom_score_adj", pid_nr(p->tgid), "", EPERM, CR_API_15);
	t->personality = e->personality;		/* CR-TASK-10 */
	p->oom_score_adj = e->oom_score_adj;
	p->child_subreaper = e->child_subreaper;	/* CR-TASK-07 */
	err = state_restore(r, p, e);
	if (!err)
		err = cr_posix_timers_restore(r, p, e->timers);
	if (!err)
		err = cr_signals_restore(t, &p->pending, e->signals_s);
	if (!err)
		err = actions_restore(p, e);
	if (!err)
		err = limits_restore(r, p, e->rlimits);
	if (!err)
		timers_restore(p, e->timers);
	if (err == -EINVAL)
		cr_refuse(r, "process", pid_nr(p->tgid), "", EINVAL, CR_IMG_05);
	return err;
}
