// SPDX-License-Identifier: MIT
/* fs/poller.h - one sleeping call that watches many files: what poll.c and select.c share.
 *
 *   struct poller p;
 *   poller_init(&p, &deadline ...);
 *   do { ask all files with poller_ask(&p, f, events); } while (poller_sleep(&p, found, &err));
 *   poller_finish(&p);
 *
 * The first round queues the call on the files; as soon as one is ready no more are queued. */
#pragma once

#include "fs/poll.h"

#define POLLER_INLINE 6

struct poller;
struct poller_entry {
	struct waiter waiter;
	struct poller *poller;
	struct file *file;		/* counted while queued */
	u32 events;
};
struct poller_chunk {
	struct poller_chunk *next;
	u32 used;
	struct poller_entry entries[];
};
struct poller {
	struct poll_table pt;
	struct waitqueue queue;		/* where the call itself sleeps */
	bool triggered, timed_out;
	u64 deadline;			/* 0: do not sleep; WAIT_FOREVER */
	u32 used;
	struct poller_entry first[POLLER_INLINE];
	struct poller_chunk *chunks;
};

void poller_init(struct poller *p, u64 deadline);
/* What of events (and ERR, HUP) holds now. */
u32 poller_ask(struct poller *p, struct file *f, u32 events);
/* After a round that found so many: true if another round is due. *err: 0, -EINTR, -ENOMEM. */
bool poller_sleep(struct poller *p, u32 found, int *err);
void poller_finish(struct poller *p);

/* Deadlines of the calls: relative times to absolute monotonic nanoseconds; 0: do not sleep. */
u64 poll_deadline(s64 relative_nsec);
u64 poll_time_left(u64 deadline);
/* ppoll, pselect, epoll_pwait: the mask for the time of the call. 0, -EINVAL, -EFAULT. */
int poll_mask_enter(uaddr mask, u64 size);
/* And its end: ret is what the call returns. */
void poll_mask_leave(uaddr mask, long ret);
