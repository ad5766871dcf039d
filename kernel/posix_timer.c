// SPDX-License-Identifier: MIT
/* kernel/posix_timer.c - POSIX timers: timer_create(2) and its family, and timers by clocks.
 *
 * Timers belong to a process and are found by number in process.posix_timers; each owns the
 * struct sig_queued it sends (paid for at timer_create, so that firing cannot fail).
 * Life: timer_create; timer_delete, execve or the exit of the last thread. A signal that is still
 * pending then is delivered, except over execve.
 * Timers by CPU time: posix_cpu_timer.c. Not like Linux: intervals below 50 microseconds
 * fire that seldom, and count the rest as overrun.
 * Locks: BKL; timers fire in interrupts. Checkpoint: saved by value, what is left included.
 * See timer_create(2), timer_settime(2), timer_getoverrun(2).
 * Keeps ABI-TIM-03. */
#include "kernel/posix_timer.h"

#include <linux/time.h>

#include "kernel/clocks.h"
#include "kernel/cred.h"
#include "kernel/posix_timers.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define ROUND_PENDING 1			/* bit of posix_timer.round */
#define ID_MAX INT_MAX
#define OWN_PROCESS_CLOCK (-6)		/* complement of 0, "all CPU time" */
#define OWN_THREAD_CLOCK  (-2)		/* the same, "thread" */

static struct posix_timer *timer_find(s32 id)
{
	return id < 0 ? NULL : radix_get(&current->process->posix_timers, id);
}

/* --- signals --- */

/* The task to tell, or NULL: the thread is gone. */
static struct task *timer_target(const struct posix_timer *t)
{
	return t->thread ? t->thread->task : process_live_thread(t->owner);
}

bool posix_timer_event(struct posix_timer *t, bool periodic)
{
	struct task *target = timer_target(t);

	t->round += periodic;
	t->signal->info.si_sys_private = periodic ? t->round : 0;
	return target && signal_send_prealloc(target, !t->thread, t->signal) > 0;
}

static int overrun_to_int(s64 overrun)
{
	return MIN(overrun, (s64)INT_MAX);
}

void posix_timer_delivered(void *timer, siginfo_t *info)
{
	struct posix_timer *t = timer;

	if (t->interval && info->si_sys_private && t->round == info->si_sys_private) {
		t->kind->rearm(t);
		t->active = true;
		t->overrun_last = t->overrun;
		t->overrun = -1;
		t->round++;
		info->si_overrun = overrun_to_int(t->overrun_last + info->si_overrun);
	}
	info->si_sys_private = 0;
}

/* --- timers by clocks --- */

static void clock_kind_fire(struct clock_timer *ct)
{
	struct posix_timer *t = container_of(ct, struct posix_timer, clock);

	t->active = false;
	if (!posix_timer_event(t, t->interval) || !t->interval)
		return;
	t->overrun += clock_timer_forward(ct, t->interval);
	clock_timer_restart(ct);
	t->round++;
	t->active = true;
}

static int clock_kind_create(struct posix_timer *t)
{
	clock_timer_init(&t->clock, clock_kind_fire);
	return 0;
}

static int clock_kind_set(struct posix_timer *t, bool absolute, s64 value, u64 interval)
{
	clock_timer_cancel(&t->clock);
	t->active = false;
	t->interval = 0;
	t->clock.expires = 0;
	t->round = (t->round + 2) & ~ROUND_PENDING;
	t->overrun_last = 0;
	if (!value)
		return 0;
	t->interval = interval;
	clock_timer_set(&t->clock, t->clock_id, absolute, value);
	t->active = t->notify != SIGEV_NONE;
	if (t->active)
		clock_timer_start(&t->clock);
	return 0;
}

static void clock_kind_get(struct posix_timer *t, u64 *left, u64 *interval)
{
	bool silent = t->notify == SIGEV_NONE;
	s64 rest;

	*interval = t->interval;
	*left = 0;
	if (!t->clock.expires || (!t->interval && !t->active && !silent))
		return;
	if (t->interval && ((t->round & ROUND_PENDING) || silent))
		t->overrun += clock_timer_forward(&t->clock, t->interval);
	rest = clock_timer_left(&t->clock);
	if (rest > 0)
		*left = rest;
	else
		*left = !silent;
}

static void clock_kind_rearm(struct posix_timer *t)
{
	t->overrun += clock_timer_forward(&t->clock, t->interval);
	clock_timer_restart(&t->clock);
}

static void clock_kind_destroy(struct posix_timer *t)
{
	clock_timer_cancel(&t->clock);
}

const struct posix_timer_kind posix_clock_timer_kind = {
	.create = clock_kind_create,
	.set = clock_kind_set,
	.get = clock_kind_get,
	.rearm = clock_kind_rearm,
	.destroy = clock_kind_destroy,
};

/* --- making and deleting --- */

/* Which kind of timer a clock gives: 0, -EINVAL (no such clock), -EOPNOTSUPP, -EPERM. */
static int kind_of(int clock_id, const struct posix_timer_kind **out)
{
	enum clock_base base;
	int err;

	*out = &posix_cpu_timer_kind;
	if (clock_id < 0 || clock_id == CLOCK_THREAD_CPUTIME_ID)
		return 0;
	err = clock_sleep_base(clock_id, &base);
	if (err)
		return err;
	if (base == BASE_CPU)
		return 0;
	*out = &posix_clock_timer_kind;
	if ((clock_id == CLOCK_REALTIME_ALARM || clock_id == CLOCK_BOOTTIME_ALARM) &&
	    !capable_in(&init_user_ns, CAP_WAKE_ALARM))
		return deny(EPERM, EXT_CRED_01);
	return 0;
}

/* Who shall hear of it, if that is to be one thread. 0 or -EINVAL. */
static int event_check(const struct sigevent *ev, struct pid **thread)
{
	struct task *t;

	*thread = NULL;
	switch (ev->sigev_notify) {
	case SIGEV_SIGNAL | SIGEV_THREAD_ID:
		t = ev->sigev_notify_thread_id > 0 ? task_find(ev->sigev_notify_thread_id) : NULL;
		if (!t || t->process != current->process)
			return -EINVAL;
		*thread = t->pid;
		break;
	case SIGEV_NONE:
		return 0;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
		break;
	default:
		return -EINVAL;
	}
	return ev->sigev_signo > 0 && ev->sigev_signo <= SIG_MAX ? 0 : -EINVAL;
}

/* Gives it the next number nobody has. 0 or -EAGAIN. */
static int timer_enter(struct process *p, struct posix_timer *t)
{
	u64 id;

	if (radix_free_index(&p->posix_timers, p->next_timer_id, ID_MAX, &id) &&
	    radix_free_index(&p->posix_timers, 0, ID_MAX, &id))
		return -EAGAIN;
	if (radix_set(&p->posix_timers, id, t))
		return -EAGAIN;
	p->next_timer_id = id == ID_MAX ? 0 : id + 1;
	t->id = id;
	t->owner = p;
	return 0;
}

static void timer_free(struct posix_timer *t)
{
	if (t->thread)
		pid_put(t->thread);
	signal_prealloc_drop(t->signal);
	kfree(t);
}

/* NULL: no memory, no number, or the user has too many signals: all are EAGAIN, as on Linux. */
static struct posix_timer *timer_alloc(void)
{
	struct posix_timer *t = kzalloc_charged(sizeof(*t));

	if (!t)
		return NULL;
	t->overrun = -1;
	if (signal_prealloc(current, t, &t->signal)) {
		deny(EAGAIN, EXT_LIM_08);
		kfree(t);
		return NULL;
	}
	if (timer_enter(current->process, t)) {
		timer_free(t);
		return NULL;
	}
	return t;
}

/* --- restart --- */

static void clock_restore(struct posix_timer *t, const struct posix_timer_image *img)
{
	clock_timer_init(&t->clock, clock_kind_fire);
	if (!img->set)
		return;
	t->clock.real = img->real;
	t->clock.expires = img->expires;
	if (img->armed)
		clock_timer_restart(&t->clock);
}

static void event_restore(struct posix_timer *t, const struct posix_timer_image *img)
{
	siginfo_t *info = &t->signal->info;

	t->notify = img->notify;
	t->thread = img->thread;
	if (t->thread)
		pid_get(t->thread);
	info->si_signo = img->signo;
	info->si_code = SI_TIMER;
	info->si_tid = t->id;
	info->si_ptr = (void *)img->value;
}

static int timer_make(struct process *p, const struct posix_timer_image *img,
		      const struct posix_timer_kind *kind, struct posix_timer **out)
{
	struct posix_timer *t = *out = kzalloc(sizeof(*t));
	int err;

	if (!t)
		return -ENOMEM;
	err = signal_prealloc(p->leader, t, &t->signal);
	if (!err && radix_set(&p->posix_timers, img->id, t)) {
		signal_prealloc_drop(t->signal);
		err = -ENOMEM;
	}
	if (err) {
		kfree(t);
		return err;
	}
	t->id = img->id;
	t->owner = p;
	t->kind = kind;
	t->clock_id = img->clock_id;
	list_init(&t->of_set);
	return 0;
}

int posix_timer_restore(struct process *p, const struct posix_timer_image *img)
{
	bool by_cpu = img->by_process || img->clock_thread;
	const struct posix_timer_kind *kind;
	struct posix_timer *t;
	int err = kind_of(img->clock_id, &kind);

	if (!err && (by_cpu != (kind == &posix_cpu_timer_kind) ||
		     radix_get(&p->posix_timers, img->id)))
		err = -EINVAL;
	if (!err)
		err = timer_make(p, img, kind, &t);
	if (err)
		return err;
	event_restore(t, img);
	if (by_cpu) {
		posix_cpu_timer_bind(t, p, img->clock_thread);
		kind->set(t, false, img->armed ? MAX(img->expires, 1L) : 0, img->interval);
	} else {
		clock_restore(t, img);
	}
	t->interval = img->interval;
	t->overrun = img->overrun;
	t->overrun_last = img->overrun_last;
	t->round = img->round;
	t->active = img->active;
	return 0;
}

static void timer_remove(struct posix_timer *t)
{
	radix_erase(&t->owner->posix_timers, t->id);
	timer_free(t);
}

/* What the signal will say; without a sigevent it is SIGALRM with the timer's number. */
static int timer_set_event(struct posix_timer *t, uaddr uevent)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	siginfo_t *info = &t->signal->info;
	struct pid *thread;
	int err;

	ev.sigev_value.sival_int = t->id;
	if (uevent && copy_from_user(&ev, uevent, sizeof(ev)))
		return -EFAULT;
	err = event_check(&ev, &thread);
	if (err)
		return err;
	if (thread)
		pid_get(thread);
	t->thread = thread;
	t->notify = ev.sigev_notify;
	info->si_signo = ev.sigev_signo;
	info->si_code = SI_TIMER;
	info->si_tid = t->id;
	info->_sifields._timer._sigval = ev.sigev_value;
	return 0;
}

long sys_timer_create(int clock_id, uaddr uevent, uaddr uid)
{
	const struct posix_timer_kind *kind;
	struct posix_timer *t;
	int err = kind_of(clock_id, &kind);

	if (err)
		return err;
	t = timer_alloc();
	if (!t)
		return -EAGAIN;
	t->clock_id = clock_id;
	t->kind = kind;
	err = timer_set_event(t, uevent);
	if (!err)
		err = copy_to_user(uid, &t->id, sizeof(t->id));
	if (!err)
		err = kind->create(t);
	if (err)
		timer_remove(t);
	return err;
}

static void timer_destroy(struct posix_timer *t)
{
	t->kind->destroy(t);
	timer_remove(t);
}

long sys_timer_delete(s32 id)
{
	struct posix_timer *t = timer_find(id);

	if (!t)
		return -EINVAL;
	timer_destroy(t);
	return 0;
}

void posix_timers_release(struct process *p)
{
	struct posix_timer *t;
	u64 id = 0;

	while ((t = radix_next(&p->posix_timers, &id)))
		timer_destroy(t);
}

void posix_timers_audit(struct process *p, void (*idle_signal)(struct sig_queued *q))
{
	struct posix_timer *t;

	for (u64 id = 0; (t = radix_next(&p->posix_timers, &id)); id++)
		if (list_empty(&t->signal->link))
			idle_signal(t->signal);
}

/* The caller's own CPU clocks are told by the numbers they stand for: process or thread 0. */
static int clock_id_shown(int clock_id)
{
	if (clock_id == CLOCK_PROCESS_CPUTIME_ID)
		return OWN_PROCESS_CLOCK;
	return clock_id == CLOCK_THREAD_CPUTIME_ID ? OWN_THREAD_CLOCK : clock_id;
}

bool posix_timer_next(struct process *p, u64 *id, struct posix_timer_view *out)
{
	struct posix_timer *t = radix_next(&p->posix_timers, id);

	if (t)
		*out = (struct posix_timer_view){
			.id = t->id,
			.signal = t->signal->info.si_signo,
			.notify = t->notify,
			.clock_id = clock_id_shown(t->clock_id),
			.value = (u64)t->signal->info.si_ptr,
			.target = t->thread ? t->thread : p->tgid,
		};
	return t;
}

/* --- setting and asking --- */

static int setting_to_user(uaddr u, u64 left, u64 interval)
{
	struct __kernel_itimerspec s = { nsec_to_spec(interval), nsec_to_spec(left) };

	return copy_to_user(u, &s, sizeof(s));
}

long sys_timer_gettime(s32 id, uaddr u)
{
	struct posix_timer *t = timer_find(id);
	u64 left, interval;

	if (!t)
		return -EINVAL;
	t->kind->get(t, &left, &interval);
	return setting_to_user(u, left, interval);
}

long sys_timer_settime(s32 id, int flags, uaddr unew, uaddr uold)
{
	struct __kernel_itimerspec s;
	u64 left = 0, interval = 0;
	struct posix_timer *t;
	int err;

	if (!unew)
		return -EINVAL;
	if (copy_from_user(&s, unew, sizeof(s)))
		return -EFAULT;
	if (!spec_valid(&s.it_value) || !spec_valid(&s.it_interval))
		return -EINVAL;
	t = timer_find(id);
	if (!t)
		return -EINVAL;
	if (uold)
		t->kind->get(t, &left, &interval);
	err = t->kind->set(t, flags & TIMER_ABSTIME, spec_to_nsec(&s.it_value),
			   spec_to_nsec(&s.it_interval));
	if (err || !uold)
		return err;
	return setting_to_user(uold, left, interval);
}

long sys_timer_getoverrun(s32 id)
{
	struct posix_timer *t = timer_find(id);

	return t ? overrun_to_int(t->overrun_last) : -EINVAL;
}
