// SPDX-License-Identifier: MIT
/* fs/epoll_wait.c - epoll_wait(2), epoll_pwait(2), epoll_pwait2(2): taking events.
 *
 * Items come off the ready list in order and are asked what holds now. An edge-triggered item stays
 * off until its next wake-up, a one-shot item until it is armed again, a level-triggered
 * one goes back to the end of the list. Events are gathered in the kernel and copied out
 * when the list is left alone, for that copy may sleep; a call looks at each item that
 * was ready when it began at most once.
 * Locks: BKL. Checkpoint: a sleeping call is restarted. See epoll_wait(2).
 * Keeps ABI-EP-02, ABI-EP-04. */
#include "fs/descriptor.h"
#include "fs/epoll.h"
#include "fs/poller.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"

#define GATHER_MAX 16
#define EVENTS_MAX (INT_MAX / (int)sizeof(struct epoll_event))

/* Up to max events of items still to be looked at. Returns how many. */
static int epoll_gather(struct epoll *ep, struct epoll_event *events, int max, u32 *left)
{
	struct epoll_item *item;
	int n = 0;
	u32 ready;

	while (n < max && *left && (item = list_first(&ep->ready, struct epoll_item, ready))) {
		(*left)--;
		epoll_unmark_ready(item);
		ready = epoll_item_poll(item);
		if (!ready)
			continue;
		events[n].events = ready;
		events[n++].data = item->event.data;
		if (item->event.events & EPOLLONESHOT)
			item->event.events &= EPOLL_PRIVATE;
		else if (!(item->event.events & EPOLLET))
			epoll_mark_ready(item);
	}
	return n;
}

/* What is ready now, to the user. Events given, or -EFAULT. */
static int epoll_take(struct epoll *ep, uaddr uevents, int max)
{
	struct epoll_event events[GATHER_MAX];
	u32 left = ep->nr_ready;
	int n, done = 0;

	while (done < max) {
		n = epoll_gather(ep, events, MIN(max - done, GATHER_MAX), &left);
		if (!n)
			break;
		if (copy_to_user(uevents + done * sizeof(*events), events, n * sizeof(*events)))
			return done ? done : -EFAULT;
		done += n;
	}
	return done;
}

static int epoll_sleep(struct epoll *ep, u64 deadline)
{
	int err = 0;

	while (!err && list_empty(&ep->ready))
		err = wait_once(&ep->sleepers, WAIT_INTERRUPTIBLE, deadline, true);
	return list_empty(&ep->ready) ? err : 0;
}

static long epoll_wait_events(struct epoll *ep, uaddr uevents, int max, u64 deadline)
{
	int n, err = 0;

	for (;;) {
		n = epoll_take(ep, uevents, max);
		if (n) {
			/* This call's wake-up may have been for more than it could take. */
			if (n > 0 && !list_empty(&ep->ready) && waitqueue_active(&ep->sleepers))
				wake_events(&ep->sleepers, EPOLLIN, 1);
			return n;
		}
		if (!deadline || err == -ETIMEDOUT)
			return 0;
		err = epoll_sleep(ep, deadline);
		if (err && err != -ETIMEDOUT)
			return -EINTR;
	}
}

static long epoll_wait_fd(int epfd, uaddr uevents, int max, u64 deadline)
{
	struct epoll *ep;
	struct file *f;
	long n = -EINVAL;

	if (max <= 0 || max > EVENTS_MAX)
		return -EINVAL;
	if (!user_range_ok(uevents, max * sizeof(struct epoll_event)))
		return -EFAULT;
	f = fd_get_io(epfd);
	if (!f)
		return -EBADF;
	ep = epoll_of(f);
	if (ep)
		n = epoll_wait_events(ep, uevents, max, deadline);
	file_put(f);
	return n;
}

static u64 deadline_of_msec(int msec)
{
	return poll_deadline(msec < 0 ? -1 : msec * NSEC_PER_MSEC);
}

long sys_epoll_wait(int epfd, uaddr uevents, int max, int timeout_msec)
{
	return epoll_wait_fd(epfd, uevents, max, deadline_of_msec(timeout_msec));
}

static long epoll_wait_masked(int epfd, uaddr uevents, int max, u64 deadline, uaddr mask, u64 size)
{
	long n = poll_mask_enter(mask, size);

	if (n)
		return n;
	n = epoll_wait_fd(epfd, uevents, max, deadline);
	poll_mask_leave(mask, n);
	return n;
}

long sys_epoll_pwait(int epfd, uaddr uevents, int max, int timeout_msec, uaddr mask, u64 size)
{
	return epoll_wait_masked(epfd, uevents, max, deadline_of_msec(timeout_msec), mask, size);
}

long sys_epoll_pwait2(int epfd, uaddr uevents, int max, uaddr timeout, uaddr mask, u64 size)
{
	u64 deadline = WAIT_FOREVER;
	timespec_t ts;
	int err;

	if (timeout) {
		err = spec_from_user(&ts, timeout);
		if (err)
			return err;
		deadline = poll_deadline(spec_to_nsec(&ts));
	}
	return epoll_wait_masked(epfd, uevents, max, deadline, mask, size);
}
