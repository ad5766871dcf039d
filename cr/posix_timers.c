// SPDX-License-Identifier: MIT
/* cr/posix_timers.c - POSIX timers of a process: posix_timer_entry.
 *
 * What is left of a timer counts from the moment of the freeze; one that waits for a real time
 * waits for the same again. A timer whose signal is pending runs on when that is taken: the pending
 * signal names its timer (cr/signals.c). Timers by the CPU time of others are refused.
 * See timer_create(2), CRIU's timer.proto. */
#include "cr/internal.h"

#include "kernel/pid.h"
#include "kernel/posix_timer.h"

#define SECONDS_MAX (INT64_MAX / 4 / NSEC_PER_SEC)
#define BY_CLOCK	 0			/* posix_timer_entry.by */
#define BY_PROCESS 1
#define BY_THREAD 2

/* --- save --- */

static int clock_of(struct cr_save *s, const struct posix_timer *t, struct pb_posix_timer_entry *e)
{
	u64 left, interval;

	e->has_by = true;
	if (t->kind == &posix_clock_timer_kind) {
		e->has_armed = e->has_left = t->clock.expires;
		e->armed = clock_timer_armed(&t->clock);
		e->left = t->clock.real ? t->clock.expires : t->clock.expires - s->now;
		e->has_real = e->real = t->clock.real;
		return 0;
	}
	if (!t->set || (t->clock_process ? t->clock_process != t->owner
					 : t->clock_thread->process != t->owner))
		return cr_refuse(s, "posix timer", t->id, "by another's CPU time", EBUSY,
				 CR_TIMER_01);
	e->by = t->clock_process ? BY_PROCESS : BY_THREAD;
	e->has_clock_thread = !t->clock_process;
	e->clock_thread = t->clock_process ? 0 : cr_pid(s, t->clock_thread->pid);
	t->kind->get((struct posix_timer *)t, &left, &interval);
	e->has_left = e->has_armed = t->expires;
	e->armed = t->armed;
	e->left = left;
	return 0;
}

static int timer_save(struct cr_save *s, const struct posix_timer *t,
		      struct pb_posix_timer_entry *e)
{
	int err = clock_of(s, t, e);
	u64 left = e->armed && !e->real ? MAX(e->left, 1L) : 0;

	e->it_id = t->id;
	e->clock_id = t->clock_id;
	e->si_signo = t->signal->info.si_signo;
	e->it_sigev_notify = t->notify;
	e->sival_ptr = (u64)t->signal->info.si_ptr;
	e->overrun = MAX(t->overrun_last, 0L);
	e->isec = t->interval / NSEC_PER_SEC;
	e->insec = t->interval % NSEC_PER_SEC;
	e->vsec = left / NSEC_PER_SEC;
	e->vnsec = left % NSEC_PER_SEC;
	e->has_notify_thread_id = t->thread;
	e->notify_thread_id = t->thread ? cr_pid(s, t->thread) : 0;
	e->has_missed = e->has_missed_last = e->has_round = e->has_active = true;
	e->missed = t->overrun;
	e->missed_last = t->overrun_last;
	e->round = t->round;
	e->active = t->active;
	return err;
}

int cr_posix_timers_save(struct cr_save *s, struct process *p, struct pb_task_timers_entry *e)
{
	struct posix_timer *t;
	u32 n = 0;
	int err = 0;

	for (u64 id = 0; radix_next(&p->posix_timers, &id); id++)
		n++;
	e->posix = cr_array(s, n + 1, struct pb_posix_timer_entry *);
	if (!e->posix)
		return -ENOMEM;
	e->has_next_id = n;
	e->next_id = p->next_timer_id;
	for (u64 id = 0; !err && (t = radix_next(&p->posix_timers, &id)); id++) {
		struct pb_posix_timer_entry *one = cr_new(s, struct pb_posix_timer_entry);

		err = one ? timer_save(s, t, one) : -ENOMEM;
		e->posix[e->nr_posix++] = one;
	}
	return err;
}

/* --- restart --- */

static bool entry_sound(const struct pb_posix_timer_entry *e)
{
	return e->it_id <= INT_MAX && e->si_signo <= SIG_MAX && e->isec < (u64)SECONDS_MAX &&
	       e->insec < NSEC_PER_SEC && e->by <= BY_THREAD &&
	       (e->si_signo || e->it_sigev_notify == SIGEV_NONE) &&
	       (e->it_sigev_notify <= SIGEV_THREAD || e->it_sigev_notify == SIGEV_THREAD_ID);
}

/* A thread of p by its number in the image. */
static struct task *thread_of(struct cr_restore *r, struct process *p, u32 nr)
{
	struct pid *pid = pid_find(r->pid_ns, nr);

	return pid && pid->task && pid->task->process == p ? pid->task : NULL;
}

static int timer_restore(struct cr_restore *r, struct process *p,
			 const struct pb_posix_timer_entry *e)
{
	struct posix_timer_image img = {
		.id = e->it_id, .clock_id = e->clock_id, .notify = e->it_sigev_notify,
		.signo = e->si_signo, .value = e->sival_ptr,
		.interval = e->isec * NSEC_PER_SEC + e->insec,
		.overrun = e->missed, .overrun_last = e->missed_last, .round = e->round,
		.active = e->active, .armed = e->armed, .set = e->has_left, .real = e->real,
		.by_process = e->by == BY_PROCESS,
		.expires = e->real || e->by != BY_CLOCK ? e->left
							: e->left + (s64)time_monotonic(),
	};
	struct task *thread = NULL;
	int err;

	if (!entry_sound(e))
		return cr_refuse(r, "posix timer", e->it_id, "is not sound", EINVAL, CR_IMG_05);
	if (e->has_notify_thread_id)
		thread = thread_of(r, p, e->notify_thread_id);
	if (e->by == BY_THREAD)
		img.clock_thread = thread_of(r, p, e->clock_thread);
	if ((e->has_notify_thread_id && !thread) || (e->by == BY_THREAD && !img.clock_thread))
		return cr_refuse(r, "posix timer", e->it_id, "is no thread's", EINVAL, CR_IMG_05);
	img.thread = thread ? thread->pid : NULL;
	err = posix_timer_restore(p, &img);
	return err ? cr_refuse(r, "posix timer", e->it_id, "cannot be made", -err, CR_TIMER_01) : 0;
}

int cr_posix_timers_restore(struct cr_restore *r, struct process *p,
			    const struct pb_task_timers_entry *e)
{
	int err = 0;

	for (u32 i = 0; i < e->nr_posix && !err; i++)
		err = timer_restore(r, p, e->posix[i]);
	if (e->has_next_id && e->next_id >= 0)
		p->next_timer_id = e->next_id;
	return err;
}
