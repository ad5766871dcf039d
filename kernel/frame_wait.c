// SPDX-License-Identifier: MIT
/* kernel/frame_wait.c - sleeping until a page of a file has been read, for the page cache.
 *
 * mm/ lies below this room and cannot sleep by itself: it is given the two functions here. Waiters
 * of all pages share a few queues, chosen by the frame; who is woken looks again.
 * Locks: BKL. Checkpoint: none. See include/mm/pagecache.h. */
#include "kernel/wait.h"

#include "lib/hash.h"
#include "mm/pagecache.h"

#define QUEUES 16

static struct waitqueue queues[QUEUES];

static struct waitqueue *queue_of(const struct frame *f)
{
	return &queues[hash_u64(frame_phys(f) >> PAGE_SHIFT) % QUEUES];
}

static void frame_wait(struct frame *f)
{
	wait_event_uninterruptible(queue_of(f), !(f->flags & FRAME_LOCKED));
}

static void frame_wake(struct frame *f)
{
	wake_all(queue_of(f));
}

static const struct frame_wait_ops ops = { .wait = frame_wait, .wake = frame_wake };

void frame_wait_init(void)
{
	for (unsigned i = 0; i < QUEUES; i++)
		waitqueue_init(&queues[i]);
	page_cache_set_wait(&ops);
}
