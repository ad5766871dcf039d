// SPDX-License-Identifier: MIT
/* fs/poll.h - waiting for readiness: what a file's poll operation says and where it queues.
 *
 * A file's poll calls poll_wait(pt, &queue) for each queue it may be woken on, then returns the
 * EPOLL and POLL bits that hold now. Wakers call wake_events(queue, POLLIN, ..). pt may be NULL:
 * just ask. */
#pragma once

#include <linux/eventpoll.h>
#include <asm/poll.h>

#include "fs/vfs.h"
#include "kernel/wait.h"

struct poll_table {
	int (*queue)(struct poll_table *pt, struct file *f, struct waitqueue *q);
	u32 events;			/* asked for */
	int error;
};
static inline void poll_wait(struct poll_table *pt, struct file *f, struct waitqueue *q)
{
	if (pt && pt->queue && !pt->error)
		pt->error = pt->queue(pt, f, q);
}
u32 file_poll(struct file *f, struct poll_table *pt);
