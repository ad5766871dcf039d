// SPDX-License-Identifier: MIT
/* fs/epoll.h - epoll instances and what they watch: shared by epoll.c and epoll_wait.c.
 *
 *   struct epoll --items (tree by file and fd)--> struct epoll_item --waits--> queues of the file
 *         \------ready list-----------------------^    on file->epoll_items
 *
 * An item holds no reference of its file: it goes when the file does, or the instance. */
#pragma once

#include <sys/tree.h>

#include "fs/poll.h"

#define EPOLL_PRIVATE (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
#define EPOLL_NESTS_MAX 4

struct epoll;
struct epoll_item {
	RB_ENTRY(epoll_item) node;
	struct epoll *ep;
	struct file *file;
	int fd;
	struct epoll_event event;
	bool is_ready;
	struct list ready;		/* on ep->ready */
	struct list of_file;		/* on file->epoll_items */
	struct list waits;
};
struct epoll_wait_entry {
	struct waiter waiter;
	struct epoll_item *item;
	struct list link;
};
RB_HEAD(epoll_tree, epoll_item);
struct epoll {
	struct file *file;		/* of the instance; not counted */
	struct epoll_tree items;
	struct list ready;		/* items that may have events */
	u32 nr_ready;
	struct waitqueue sleepers;	/* in epoll_wait(2) */
	struct waitqueue pollers;	/* poll(2) or an epoll above */
	struct user *user;		/* pays for the items; counted */
};

struct epoll *epoll_of(struct file *f);		/* NULL: not an epoll file */
void epoll_mark_ready(struct epoll_item *item);
void epoll_unmark_ready(struct epoll_item *item);
void epoll_wake_watchers(struct epoll *ep);	/* the ready list is no longer empty */
int epoll_create_file(struct file **out);
/* For checkpoint. Items by descriptor; -EBUSY if one descriptor number stands for two files. */
u32 epoll_count(struct epoll *ep);
int epoll_each(struct epoll *ep, int (*fn)(const struct epoll_item *item, void *arg), void *arg);
/* EPOLL_CTL_ADD of an item as it was: events exactly, an edge that was told is not told again. */
int epoll_add_as(struct file *ef, struct file *f, int fd, const struct epoll_event *ev, bool ready);
static inline u32 epoll_item_poll(struct epoll_item *item)
{
	return file_poll(item->file, NULL) & item->event.events;
}
