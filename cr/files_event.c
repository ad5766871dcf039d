// SPDX-License-Identifier: MIT
/* cr/files_event.c - eventfd, signalfd, timerfd and epoll: files that only hold a few numbers.
 *
 * A timer goes on with what was left when it was saved. Watches of an epoll are saved with the ids
 * of the files they watch, which come first; an edge that was told is not told again. */
#include "cr/internal.h"

#include <linux/timerfd.h>

#include "fs/epoll.h"
#include "fs/event_files.h"
#include "kernel/time.h"

#define FD_TYPE_EVENTFD   6
#define FD_TYPE_EVENTPOLL 7
#define FD_TYPE_SIGNALFD  9
#define FD_TYPE_TIMERFD   17
#define NSEC_PER_SECOND   1000000000L
#define SECONDS_MAX       (INT64_MAX / NSEC_PER_SECOND - 1)

static int bad(struct cr_restore *r, const char *class, u32 id)
{
	return cr_refuse(r, class, id, "is not sound", EINVAL, CR_IMG_05);
}

/* --- eventfd --- */

static bool eventfd_is(const struct file *f)
{
	u64 count;
	int flags;

	return eventfd_state(f, &count, &flags);
}

static int eventfd_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_eventfd_file_entry *efd = cr_new(s, struct pb_eventfd_file_entry);
	int flags;

	if (!efd || !(efd->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	e->efd = efd;
	efd->id = e->id;
	eventfd_state(f, &efd->counter, &flags);
	efd->flags = (u32)flags | O_RDWR;
	return 0;
}

static int eventfd_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	if (!e->efd)
		return bad(r, "eventfd", e->id);
	return eventfd_create_file(e->efd->counter, e->efd->flags, out);
}

const struct cr_file_class cr_eventfd_files = {
	.name = "eventfd",
	.type = FD_TYPE_EVENTFD,
	.is = eventfd_is,
	.save = eventfd_save,
	.restore = eventfd_restore,
};

/* --- signalfd --- */

static bool signalfd_is(const struct file *f)
{
	u64 mask;

	return signalfd_state(f, &mask);
}

static int signalfd_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_signalfd_entry *sgfd = cr_new(s, struct pb_signalfd_entry);

	if (!sgfd || !(sgfd->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	e->sgfd = sgfd;
	sgfd->id = e->id;
	sgfd->flags = f->flags;
	signalfd_state(f, &sgfd->sigmask);
	return 0;
}

static int signalfd_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	if (!e->sgfd)
		return bad(r, "signalfd", e->id);
	return signalfd_create_file(e->sgfd->sigmask, e->sgfd->flags, out);
}

const struct cr_file_class cr_signalfd_files = {
	.name = "signalfd",
	.type = FD_TYPE_SIGNALFD,
	.is = signalfd_is,
	.save = signalfd_save,
	.restore = signalfd_restore,
};

/* --- timerfd --- */

static bool timerfd_is(const struct file *f)
{
	struct timerfd_state state;

	return timerfd_state(f, &state);
}

static int timerfd_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_timerfd_entry *tfd = cr_new(s, struct pb_timerfd_entry);
	struct timerfd_state state;

	if (!tfd || !(tfd->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	timerfd_state(f, &state);
	if (state.armed) /* counted from the freeze; due already: fires as soon as it may */
		state.left = MAX(state.left + (s64)time_monotonic() - s->now, 1L);
	e->tfd = tfd;
	tfd->id = e->id;
	tfd->flags = f->flags;
	tfd->clockid = state.clock_id;
	tfd->ticks = state.ticks;
	tfd->settime_flags = state.settime_flags;
	tfd->vsec = state.armed ? state.left / NSEC_PER_SECOND : 0;
	tfd->vnsec = state.armed ? state.left % NSEC_PER_SECOND : 0;
	tfd->isec = state.interval / NSEC_PER_SECOND;
	tfd->insec = state.interval % NSEC_PER_SECOND;
	return 0;
}

static int timerfd_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	const struct pb_timerfd_entry *tfd = e->tfd;
	struct timerfd_state state;

	if (!tfd || tfd->vsec > SECONDS_MAX || tfd->isec > SECONDS_MAX ||
	    tfd->vnsec >= NSEC_PER_SECOND || tfd->insec >= NSEC_PER_SECOND)
		return bad(r, "timerfd", e->id);
	state = (struct timerfd_state){
		.clock_id = tfd->clockid,
		.ticks = tfd->ticks,
		.settime_flags = tfd->settime_flags,
		.left = tfd->vsec * NSEC_PER_SECOND + tfd->vnsec,
		.interval = tfd->isec * NSEC_PER_SECOND + tfd->insec,
	};
	state.armed = state.left;
	return timerfd_create_as(&state, tfd->flags, out);
}

const struct cr_file_class cr_timerfd_files = {
	.name = "timerfd",
	.type = FD_TYPE_TIMERFD,
	.is = timerfd_is,
	.save = timerfd_save,
	.restore = timerfd_restore,
};

/* --- epoll --- */

static bool epoll_is(const struct file *f)
{
	return epoll_of((struct file *)f);
}

struct epoll_saving {
	struct cr_save *s;
	struct pb_eventpoll_file_entry *e;
};

static int epoll_item_save(const struct epoll_item *item, void *arg)
{
	struct epoll_saving *x = arg;
	struct pb_eventpoll_tfd_entry *t = cr_new(x->s, struct pb_eventpoll_tfd_entry);

	if (!t)
		return -ENOMEM;
	t->id = x->e->id;
	t->tfd = item->fd;
	t->events = item->event.events;
	t->data = item->event.data;
	t->has_ready = true;
	t->ready = item->is_ready;
	t->has_file_id = true;
	x->e->tfd[x->e->nr_tfd++] = t;
	return cr_save_object(x->s, &cr_file_class, item->file, &t->file_id);
}

/* The items come last: what they watch may be met only then (CR-EVT-01). */
static int epoll_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_eventpoll_file_entry *epfd = cr_new(s, struct pb_eventpoll_file_entry);
	struct epoll_saving x = { s, epfd };

	if (!epfd || !(epfd->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	epfd->tfd = cr_array(s, epoll_count(epoll_of(f)) + 1, struct pb_eventpoll_tfd_entry *);
	if (!epfd->tfd)
		return -ENOMEM;
	e->epfd = epfd;
	epfd->id = e->id;
	epfd->flags = f->flags;
	return epoll_each(epoll_of(f), epoll_item_save, &x);
}

static int epoll_item_restore(struct cr_restore *r, struct file *ef,
			      const struct pb_eventpoll_tfd_entry *t)
{
	struct epoll_event ev = { .events = t->events, .data = t->data };
	void *f;
	int err = cr_restore_object(r, &cr_file_class, t->file_id, &f);

	return err ? err : epoll_add_as(ef, f, t->tfd, &ev, t->ready);
}

static int epoll_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	int err;

	if (!e->epfd)
		return bad(r, "eventpoll", e->id);
	err = epoll_create_file(out);
	if (!err)
		(*out)->flags |= e->epfd->flags & O_NONBLOCK;
	return err;
}

/* Items are put in when all files are as they were, so that nothing makes them ready once more. */
static int epolls_restore(struct cr_restore *r)
{
	struct cr_messages all;
	int err = 0;

	cr_messages(r, CR_FILES, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++) {
		const struct pb_file_entry *e = all.message[i];
		struct file *f = e->epfd ? objtab_object(&r->objects, &cr_file_class, e->id) : NULL;

		for (u32 k = 0; f && k < e->epfd->nr_tfd && !err; k++)
			err = epoll_of(f) ? epoll_item_restore(r, f, e->epfd->tfd[k]) : -EINVAL;
	}
	return err;
}

const struct cr_late cr_epoll_late = { .name = "epoll", .restore = epolls_restore };

const struct cr_file_class cr_epoll_files = {
	.name = "eventpoll",
	.type = FD_TYPE_EVENTPOLL,
	.is = epoll_is,
	.save = epoll_save,
	.restore = epoll_restore,
};
