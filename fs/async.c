// SPDX-License-Identifier: MIT
/* fs/async.c - signals for readiness: O_ASYNC, and who gets them (F_SETOWN, F_SETSIG; PIDNS-41).
 *
 * A file in O_ASYNC mode has an async_watch: a waiter on each of the queues that the file's
 * poll operation names. Whoever wakes these queues thereby sends SIGIO (or the signal
 * of F_SETSIG, with the event and the descriptor) to the owner, if the one who
 * set the owner might have sent it a signal.
 * Life: made and freed by file_set_async, freed with the file.
 * Locks: BKL; wake-ups may come from interrupts. Checkpoint: owner and flag are saved.
 * See fcntl(2), signal-driven I/O. */
#include "fs/descriptor.h"
#include "fs/poll.h"
#include "kernel/signal.h"
#include "mm/slab.h"

struct async_watch {
	struct poll_table pt;
	struct file *file;		/* whose f->async this is */
	int fd;				/* that was used to turn it on: si_fd */
	struct list waits;
};
struct async_wait {
	struct waiter waiter;
	struct async_watch *watch;
	struct list link;
};

static const struct {
	u32 event;
	int code;
} async_codes[] = {		/* first match */
	{ EPOLLERR, POLL_ERR }, { EPOLLHUP, POLL_HUP }, { EPOLLPRI, POLL_PRI },
	{ EPOLLIN, POLL_IN }, { EPOLLOUT, POLL_OUT },
};

static int async_code(u32 events)
{
	for (unsigned k = 0; k < ARRAY_SIZE(async_codes); k++)
		if (events & async_codes[k].event)
			return async_codes[k].code;
	return POLL_IN;
}

static bool fown_may_signal(const struct fown *o, const struct task *t)
{
	const struct cred *c = t->real_cred;

	return o->euid == 0 || o->euid == c->suid || o->euid == c->uid || o->uid == c->suid ||
	       o->uid == c->uid;
}

static void fown_signal_task(const struct fown *o, struct task *t, int fd, int code, long band)
{
	siginfo_t info;

	if (!t || !fown_may_signal(o, t))
		return;
	if (o->sig) {
		memset(&info, 0, sizeof(info));
		info.si_signo = o->sig;
		info.si_code = code;
		info.si_band = band;
		info.si_fd = fd;
	} else {
		siginfo_kernel(&info, SIGIO);
	}
	if (o->type == F_OWNER_TID)
		signal_task(t, info.si_signo, &info);
	else
		signal_process(t->process, info.si_signo, &info);
}

void fown_signal(struct file *f, int fd, int code, long band)
{
	const struct fown *o = &f->owner;
	struct process *p;

	if (!o->pid)
		return;
	if (o->type != F_OWNER_PGRP) {
		fown_signal_task(o, o->pid->task, fd, code, band);
		return;
	}
	list_for_each(p, &o->pid->group, group_link)
		fown_signal_task(o, p->leader, fd, code, band);
}

static bool async_wake(struct waiter *waiter, u32 events)
{
	struct async_watch *w = container_of(waiter, struct async_wait, waiter)->watch;

	fown_signal(w->file, w->fd, async_code(events), events);
	return false;
}

static int async_queue(struct poll_table *pt, struct file *f, struct waitqueue *q)
{
	struct async_watch *w = container_of(pt, struct async_watch, pt);
	struct async_wait *wait = kzalloc(sizeof(*wait));

	(void)f;
	if (!wait)
		return -ENOMEM;
	wait->watch = w;
	wait->waiter.wake = async_wake;
	list_add_tail(&w->waits, &wait->link);
	waiter_add(q, &wait->waiter);
	return 0;
}

static void async_destroy(struct async_watch *w)
{
	struct async_wait *wait, *next;

	list_for_each_safe(wait, next, &w->waits, link) {
		waiter_remove(&wait->waiter);
		kfree(wait);
	}
	kfree(w);
}

static int async_create(struct file *f, int fd)
{
	struct async_watch *w = kzalloc_charged(sizeof(*w));
	int err;

	if (!w)
		return -ENOMEM;
	w->file = f;
	w->fd = fd;
	w->pt.queue = async_queue;
	w->pt.events = ~0U;
	list_init(&w->waits);
	f->ops->poll(f, &w->pt);
	err = w->pt.error;
	if (err)
		async_destroy(w);
	else
		f->async = w;
	return err;
}

int file_set_async(struct file *f, int fd, bool on)
{
	int err = 0;

	if (!f->ops->async)
		return -ENOTTY;
	if (on && !f->async)
		err = async_create(f, fd);
	if (!on && f->async)
		file_async_release(f);
	if (!err)
		f->flags = on ? f->flags | FASYNC : f->flags & ~FASYNC;
	return err;
}

int file_async_fd(const struct file *f)
{
	return f->async ? ((const struct async_watch *)f->async)->fd : 0;
}

void file_async_release(struct file *f)
{
	async_destroy(f->async);
	f->async = NULL;
}

void fown_set(struct file *f, struct pid *pid, int type)
{
	const struct cred *c = current_cred();
	struct pid *old = f->owner.pid;

	if (pid)
		pid_get(pid);
	f->owner.pid = pid;
	f->owner.type = type;
	f->owner.uid = c->uid;
	f->owner.euid = c->euid;
	if (old)
		pid_put(old);
}
