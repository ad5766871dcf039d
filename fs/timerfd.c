// SPDX-License-Identifier: MIT
/* fs/timerfd.c - timerfd_create(2): expirations, counted by a descriptor.
 *
 * The timer counts its first expiration when it fires; a periodic one is forwarded, and armed
 * again, when somebody asks (read, gettime), so that a timer nobody reads costs nothing.
 * With TFD_TIMER_CANCEL_ON_SET a change of real time counts as an expiration, and the next read (or
 * settime) is ECANCELED.
 * Locks: BKL; timers fire in interrupts. Checkpoint: what is left, interval, ticks.
 * See timerfd_create(2).
 * Keeps ABI-TIM-02. */
#include <linux/time.h>
#include <linux/timerfd.h>

#include "fs/descriptor.h"
#include "fs/event_files.h"
#include "fs/poll.h"
#include "fs/text.h"
#include "kernel/clock_timer.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define SETTIME_FLAGS (TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)
#define OFFSET_CHANGED INT64_MAX

struct timerfd {
	struct clock_timer clock;
	int clock_id;			/* cr, as the next four */
	u64 interval;
	u64 ticks;
	bool expired;			/* fired, and not forwarded since */
	u32 settime_flags;
	struct waiter clock_set;	/* on time_real_changed: TFD_TIMER_CANCEL_ON_SET */
	s64 offset;			/* of real time when last looked at, or OFFSET_CHANGED */
	struct waitqueue wait;
};

static void timerfd_tick(struct timerfd *t)
{
	t->ticks++;
	wake_events(&t->wait, EPOLLIN, UINT_MAX);
}

static void timerfd_fire(struct clock_timer *ct)
{
	struct timerfd *t = container_of(ct, struct timerfd, clock);

	t->expired = true;
	timerfd_tick(t);
}

static bool timerfd_clock_was_set(struct waiter *w, u32 events)
{
	struct timerfd *t = container_of(w, struct timerfd, clock_set);

	(void)events;
	if (t->offset == time_real_offset)
		return false;
	t->offset = OFFSET_CHANGED;
	timerfd_tick(t);
	return false;
}

/* Has real time been set since this was last asked? */
static bool timerfd_canceled(struct timerfd *t)
{
	if (list_empty(&t->clock_set.link) || t->offset != OFFSET_CHANGED)
		return false;
	t->offset = time_real_offset;
	return true;
}

static void timerfd_watch_clock(struct timerfd *t, bool on)
{
	if (!on)
		waiter_remove(&t->clock_set);
	else if (list_empty(&t->clock_set.link))
		waiter_add(&time_real_changed, &t->clock_set);
}

/* A periodic timer that fired runs on. The expirations beyond the one that was counted. */
static u64 timerfd_run_on(struct timerfd *t)
{
	u64 more;

	if (!t->expired || !t->interval)
		return 0;
	t->expired = false;
	more = clock_timer_forward(&t->clock, t->interval);
	clock_timer_restart(&t->clock);
	return more ? more - 1 : 0;
}

static u64 timerfd_left(const struct timerfd *t)
{
	s64 left = t->clock.expires ? clock_timer_left(&t->clock) : 0;

	return MAX(left, 0L);
}

/* --- the file --- */

static void timerfd_release(struct file *f)
{
	struct timerfd *t = f->private;

	clock_timer_cancel(&t->clock);
	timerfd_watch_clock(t, false);
	kfree(t);
}

static ssize_t timerfd_read(struct file *f, struct iter *to, u64 *pos)
{
	struct timerfd *t = f->private;
	u64 ticks;
	int err = 0;

	(void)pos;
	if (to->count < sizeof(ticks))
		return -EINVAL;
	if (!t->ticks)
		err = f->flags & O_NONBLOCK ? -EAGAIN : wait_event(&t->wait, t->ticks);
	if (err)
		return err;
	if (timerfd_canceled(t)) {
		t->ticks = 0;
		return -ECANCELED;
	}
	ticks = t->ticks + timerfd_run_on(t);
	t->expired = false;
	t->ticks = 0;
	return iter_copy_to(to, &ticks, sizeof(ticks)) < sizeof(ticks) ? -EFAULT :
									  (ssize_t)sizeof(ticks);
}

static u32 timerfd_poll(struct file *f, struct poll_table *pt)
{
	struct timerfd *t = f->private;

	poll_wait(pt, f, &t->wait);
	return t->ticks ? EPOLLIN : 0;
}

/* For checkpoint tools: puts back expirations that were not read. */
static long timerfd_ioctl(struct file *f, unsigned cmd, u64 arg)
{
	struct timerfd *t = f->private;
	u64 ticks;

	if (cmd != TFD_IOC_SET_TICKS)
		return -ENOTTY;
	if (copy_from_user(&ticks, arg, sizeof(ticks)))
		return -EFAULT;
	if (!ticks)
		return -EINVAL;
	if (timerfd_canceled(t))
		return -ECANCELED;
	t->ticks = ticks;
	wake_events(&t->wait, EPOLLIN, UINT_MAX);
	return 0;
}

static void timerfd_fdinfo(struct file *f, struct text *text)
{
	struct timerfd *t = f->private;
	timespec_t left = nsec_to_spec(timerfd_left(t)), interval = nsec_to_spec(t->interval);

	text_printf(text, "clockid: %d\nticks: %lu\nsettime flags: 0%o\n", t->clock_id, t->ticks,
		    t->settime_flags);
	text_printf(text, "it_value: (%ld, %ld)\nit_interval: (%ld, %ld)\n", (long)left.tv_sec,
		    (long)left.tv_nsec, (long)interval.tv_sec, (long)interval.tv_nsec);
}

static const struct file_ops timerfd_file_ops = {
	.class = "timerfd",
	.release = timerfd_release,
	.read = timerfd_read,
	.llseek = file_llseek_nowhere,
	.poll = timerfd_poll,
	.ioctl = timerfd_ioctl,
	.fdinfo = timerfd_fdinfo,
};

/* --- the calls --- */

static const struct {
	int clock_id;
	bool real, wakes;
} timerfd_clocks[] = {
	{ CLOCK_MONOTONIC, false, false },	{ CLOCK_REALTIME, true, false },
	{ CLOCK_BOOTTIME, false, false },	{ CLOCK_REALTIME_ALARM, true, true },
	{ CLOCK_BOOTTIME_ALARM, false, true },
};

/* 0, -EINVAL, or -EPERM for clocks that would wake the machine. */
static int clock_check(int clock_id, bool *real)
{
	for (unsigned k = 0; k < ARRAY_SIZE(timerfd_clocks); k++) {
		if (timerfd_clocks[k].clock_id != clock_id)
			continue;
		*real = timerfd_clocks[k].real;
		if (timerfd_clocks[k].wakes && !capable_in(&init_user_ns, CAP_WAKE_ALARM))
			return deny(EPERM, EXT_CRED_01);
		return 0;
	}
	return -EINVAL;
}

static struct timerfd *timerfd_alloc(int clock_id)
{
	struct timerfd *t = kzalloc_charged(sizeof(*t));

	if (!t)
		return NULL;
	clock_timer_init(&t->clock, timerfd_fire);
	t->clock_id = clock_id;
	list_init(&t->clock_set.link);
	t->clock_set.wake = timerfd_clock_was_set;
	t->offset = time_real_offset;
	waitqueue_init(&t->wait);
	return t;
}

static int timerfd_create_file(int clock_id, u32 flags, struct file **out)
{
	struct timerfd *t = timerfd_alloc(clock_id);
	int err;

	if (!t)
		return -ENOMEM;
	err = file_create_anon("timerfd", &timerfd_file_ops, t, O_RDWR | (flags & TFD_NONBLOCK),
			       out);
	if (err)
		kfree(t);
	else
		(*out)->mode |= FMODE_STREAM;
	return err;
}

long sys_timerfd_create(int clock_id, int flags)
{
	struct file *f;
	bool real;
	int err, fd;

	if (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK))
		return -EINVAL;
	err = clock_check(clock_id, &real);
	if (!err)
		err = timerfd_create_file(clock_id, flags, &f);
	if (err)
		return err;
	fd = fd_alloc(f, 0, flags & TFD_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

static struct file *timerfd_get(int fd, int *err)
{
	struct file *f = fd_get_io(fd);

	*err = -EBADF;
	if (!f || f->ops == &timerfd_file_ops)
		return f;
	file_put(f);
	*err = -EINVAL;
	return NULL;
}

/* Arms it anew, or with value 0 not at all. 0 or -ECANCELED. */
static int timerfd_set(struct timerfd *t, int flags, s64 value, u64 interval)
{
	clock_timer_cancel(&t->clock);
	t->expired = false;
	t->ticks = 0;
	t->interval = interval;
	t->settime_flags = flags;
	t->clock.expires = 0;
	if (!value)
		return 0;
	clock_timer_set(&t->clock, t->clock_id, flags & TFD_TIMER_ABSTIME, value);
	clock_timer_start(&t->clock);
	return timerfd_canceled(t) ? -ECANCELED : 0;
}

static struct __kernel_itimerspec timerfd_now(struct timerfd *t)
{
	return (struct __kernel_itimerspec){ nsec_to_spec(t->interval),
					     nsec_to_spec(timerfd_left(t)) };
}

static int timerfd_exchange(struct timerfd *t, int flags, const struct __kernel_itimerspec *new,
			    struct __kernel_itimerspec *old)
{
	bool real;
	int err = clock_check(t->clock_id, &real);

	if (err)
		return err;
	timerfd_watch_clock(t, real && flags == SETTIME_FLAGS);
	if (t->expired && t->interval)
		clock_timer_forward(&t->clock, t->interval);
	*old = timerfd_now(t);
	return timerfd_set(t, flags, spec_to_nsec(&new->it_value), spec_to_nsec(&new->it_interval));
}

long sys_timerfd_settime(int fd, int flags, uaddr unew, uaddr uold)
{
	struct __kernel_itimerspec new, old;
	struct file *f;
	int err;

	if (copy_from_user(&new, unew, sizeof(new)))
		return -EFAULT;
	if ((flags & ~SETTIME_FLAGS) || !spec_valid(&new.it_value) || !spec_valid(&new.it_interval))
		return -EINVAL;
	f = timerfd_get(fd, &err);
	if (!f)
		return err;
	err = timerfd_exchange(f->private, flags, &new, &old);
	file_put(f);
	if (err || !uold)
		return err;
	return copy_to_user(uold, &old, sizeof(old));
}

long sys_timerfd_gettime(int fd, uaddr u)
{
	struct __kernel_itimerspec now;
	struct file *f;
	int err;

	f = timerfd_get(fd, &err);
	if (!f)
		return err;
	((struct timerfd *)f->private)->ticks += timerfd_run_on(f->private);
	now = timerfd_now(f->private);
	file_put(f);
	return copy_to_user(u, &now, sizeof(now));
}

/* --- checkpoint and restart --- */

bool timerfd_state(const struct file *f, struct timerfd_state *out)
{
	const struct timerfd *t = f->private;

	if (f->ops != &timerfd_file_ops)
		return false;
	*out = (struct timerfd_state){
		.clock_id = t->clock_id,
		.settime_flags = t->settime_flags,
		.ticks = t->ticks,
		.left = timerfd_left(t),
		.interval = t->interval,
		.armed = clock_timer_armed(&t->clock) || (t->expired && t->interval),
	};
	return true;
}

/* What is left counts from now on; a periodic one that fired and was not read goes on with its
 * interval. */
int timerfd_create_as(const struct timerfd_state *s, u32 flags, struct file **out)
{
	struct timerfd *t;
	bool real;
	int err = clock_check(s->clock_id, &real);

	if (!err)
		err = timerfd_create_file(s->clock_id, flags, out);
	if (err)
		return err;
	t = (*out)->private;
	timerfd_watch_clock(t, real && s->settime_flags == SETTIME_FLAGS);
	timerfd_set(t, 0, s->armed ? MAX(s->left, 1L) : 0, s->interval);
	t->settime_flags = s->settime_flags & SETTIME_FLAGS;
	t->ticks = s->ticks;
	return 0;
}
