// SPDX-License-Identifier: MIT
/* fs/epoll.c - epoll instances: epoll_create(2), epoll_ctl(2), and wake-ups to the ready list.
 *
 * Each watched (file, descriptor) is an item with a waiter on the file's queues. A wake-up that
 * concerns it puts the item on the ready list, in constant time, and wakes a sleeper;
 * epoll_wait.c takes items off, asks them, and puts level-triggered ones back.
 * Instances may watch instances, at most EPOLL_NESTS_MAX deep and never in a circle (ELOOP).
 * Life of an item: EPOLL_CTL_ADD; gone by EPOLL_CTL_DEL, or with its file
 * (epoll_release_file), or with the instance.
 * Locks: BKL; nothing here sleeps. Checkpoint: items by descriptor and event; readiness is
 * asked again. Not like Linux: no limit on wake-up paths beside the depth. See epoll(7).
 * Keeps ABI-EP-01, ABI-EP-03. */
#include "fs/descriptor.h"
#include "fs/epoll.h"
#include "fs/text.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define EPOLL_WATCHES_MAX 100000	/* fs.epoll.max_user_watches */
#define EXCLUSIVE_OK \
	(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)

static int item_compare(const struct epoll_item *a, const struct epoll_item *b)
{
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return a->fd < b->fd ? -1 : a->fd > b->fd;
}

RB_PROTOTYPE_STATIC(epoll_tree, epoll_item, node, item_compare)
RB_GENERATE_STATIC(epoll_tree, epoll_item, node, item_compare)

static struct epoll_item *item_find(struct epoll *ep, struct file *f, int fd)
{
	struct epoll_item key = { .file = f, .fd = fd };

	return RB_FIND(epoll_tree, &ep->items, &key);
}

void epoll_mark_ready(struct epoll_item *item)
{
	if (item->is_ready)
		return;
	item->is_ready = true;
	item->ep->nr_ready++;
	list_add_tail(&item->ep->ready, &item->ready);
}

void epoll_unmark_ready(struct epoll_item *item)
{
	if (!item->is_ready)
		return;
	item->is_ready = false;
	item->ep->nr_ready--;
	list_del(&item->ready);
}

void epoll_wake_watchers(struct epoll *ep)
{
	if (waitqueue_active(&ep->sleepers))
		wake_events(&ep->sleepers, EPOLLIN, 1);
	if (waitqueue_active(&ep->pollers))
		wake_events(&ep->pollers, EPOLLIN | EPOLLRDNORM, UINT_MAX);
}

/* A watched file says something. Context: whoever wakes, interrupts too. */
static bool item_wake(struct waiter *w, u32 events)
{
	struct epoll_item *item = container_of(w, struct epoll_wait_entry, waiter)->item;
	struct epoll *ep = item->ep;
	bool sleeper = waitqueue_active(&ep->sleepers);
	u32 wanted = item->event.events;

	if (!(wanted & ~EPOLL_PRIVATE) || (events && !(events & wanted)))
		return false;
	epoll_mark_ready(item);
	epoll_wake_watchers(ep);
	return !(wanted & EPOLLEXCLUSIVE) || sleeper;
}

struct item_table {
	struct poll_table pt;
	struct epoll_item *item;
};

static int item_queue(struct poll_table *pt, struct file *f, struct waitqueue *q)
{
	struct epoll_item *item = container_of(pt, struct item_table, pt)->item;
	struct epoll_wait_entry *e = kzalloc_charged(sizeof(*e));

	(void)f;
	if (!e)
		return -ENOMEM;
	e->item = item;
	e->waiter.wake = item_wake;
	e->waiter.exclusive = item->event.events & EPOLLEXCLUSIVE;
	list_add_tail(&item->waits, &e->link);
	waiter_add(q, &e->waiter);
	return 0;
}

/* Queues a new item on its file, and looks whether it is ready already. */
static int item_watch(struct epoll_item *item)
{
	struct item_table t = { .pt = { .queue = item_queue }, .item = item };
	u32 ready;

	t.pt.events = item->event.events;
	ready = file_poll(item->file, &t.pt) & item->event.events;
	if (t.pt.error)
		return t.pt.error;
	if (ready) {
		epoll_mark_ready(item);
		epoll_wake_watchers(item->ep);
	}
	return 0;
}

static void item_destroy(struct epoll_item *item)
{
	struct epoll *ep = item->ep;
	struct epoll_wait_entry *e, *next;

	list_for_each_safe(e, next, &item->waits, link) {
		waiter_remove(&e->waiter);
		kfree(e);
	}
	epoll_unmark_ready(item);
	list_del(&item->of_file);
	RB_REMOVE(epoll_tree, &ep->items, item);
	ep->user->epoll_watches--;
	kfree(item);
}

void epoll_release_file(struct file *f)
{
	struct epoll_item *item, *next;

	list_for_each_safe(item, next, &f->epoll_items, of_file)
		item_destroy(item);
}

/* --- nesting --- */

/* Levels of instances below ep, itself not counted; > EPOLL_NESTS_MAX also for "reaches target". */
static unsigned depth_below(struct epoll *ep, const struct epoll *target, unsigned level)
{
	struct epoll_item *item;
	unsigned deepest = 0;

	if (ep == target || level > EPOLL_NESTS_MAX)
		return EPOLL_NESTS_MAX + 1;
	RB_FOREACH(item, epoll_tree, &ep->items) {
		struct epoll *inner = epoll_of(item->file);

		if (inner)
			deepest = MAX(deepest, 1 + depth_below(inner, target, level + 1));
		if (deepest > EPOLL_NESTS_MAX)
			break;
	}
	return deepest;
}

/* Levels of instances that watch f, directly or not. */
static unsigned depth_above(struct file *f, unsigned level)
{
	struct epoll_item *item;
	unsigned deepest = 0;

	if (level > EPOLL_NESTS_MAX)
		return level;
	list_for_each(item, &f->epoll_items, of_file)
		deepest = MAX(deepest, 1 + depth_above(item->ep->file, level + 1));
	return deepest;
}

/* May ep watch another instance? 0 or -ELOOP. */
static int epoll_check_nesting(struct epoll *ep, struct epoll *inner)
{
	unsigned below = depth_below(inner, ep, 0);

	return below + 1 + depth_above(ep->file, 0) > EPOLL_NESTS_MAX ? -ELOOP : 0;
}

/* --- epoll_ctl(2) --- */

static int epoll_add(struct epoll *ep, struct file *f, int fd, const struct epoll_event *ev)
{
	struct epoll *inner = epoll_of(f);
	struct epoll_item *item;
	int err;

	if ((ev->events & EPOLLEXCLUSIVE) && (inner || (ev->events & ~EXCLUSIVE_OK)))
		return -EINVAL;
	err = inner ? epoll_check_nesting(ep, inner) : 0;
	if (err)
		return err;
	if (item_find(ep, f, fd))
		return -EEXIST;
	if (ep->user->epoll_watches >= EPOLL_WATCHES_MAX)
		return -ENOSPC;
	item = kzalloc_charged(sizeof(*item));
	if (!item)
		return -ENOMEM;
	item->ep = ep;
	item->file = f;
	item->fd = fd;
	item->event = *ev;
	item->event.events |= EPOLLERR | EPOLLHUP;
	list_init(&item->ready);
	list_init(&item->waits);
	list_add_tail(&f->epoll_items, &item->of_file);
	RB_INSERT(epoll_tree, &ep->items, item);
	ep->user->epoll_watches++;
	err = item_watch(item);
	if (err)
		item_destroy(item);
	return err;
}

static int epoll_modify(struct epoll *ep, struct file *f, int fd, const struct epoll_event *ev)
{
	struct epoll_item *item = item_find(ep, f, fd);

	if (ev->events & EPOLLEXCLUSIVE)
		return -EINVAL;
	if (!item)
		return -ENOENT;
	if (item->event.events & EPOLLEXCLUSIVE)
		return -EINVAL;
	item->event = *ev;
	item->event.events |= EPOLLERR | EPOLLHUP;
	if (epoll_item_poll(item)) {
		epoll_mark_ready(item);
		epoll_wake_watchers(ep);
	}
	return 0;
}

static int epoll_delete(struct epoll *ep, struct file *f, int fd)
{
	struct epoll_item *item = item_find(ep, f, fd);

	if (!item)
		return -ENOENT;
	item_destroy(item);
	return 0;
}

static int epoll_control(struct file *ef, int op, struct file *f, int fd,
			 const struct epoll_event *ev)
{
	struct epoll *ep = epoll_of(ef);

	if (!f->ops->poll)
		return -EPERM;
	if (ef == f || !ep)
		return -EINVAL;
	switch (op) {
	case EPOLL_CTL_ADD:
		return epoll_add(ep, f, fd, ev);
	case EPOLL_CTL_MOD:
		return epoll_modify(ep, f, fd, ev);
	case EPOLL_CTL_DEL:
		return epoll_delete(ep, f, fd);
	}
	return -EINVAL;
}

long sys_epoll_ctl(int epfd, int op, int fd, uaddr event)
{
	struct epoll_event ev = { .events = 0 };
	struct file *ef, *f;
	int err = -EBADF;

	if (op != EPOLL_CTL_DEL && copy_from_user(&ev, event, sizeof(ev)))
		return -EFAULT;
	ef = fd_get_io(epfd);
	if (!ef)
		return -EBADF;
	f = fd_get_io(fd);
	if (f) {
		err = epoll_control(ef, op, f, fd, &ev);
		file_put(f);
	}
	file_put(ef);
	return err;
}

/* --- checkpoint and restart --- */

u32 epoll_count(struct epoll *ep)
{
	struct epoll_item *item;
	u32 nr = 0;

	RB_FOREACH(item, epoll_tree, &ep->items)
		nr++;
	return nr;
}

/* Lowest descriptor first: the order does not depend on addresses. */
static struct epoll_item *item_after(struct epoll *ep, const struct epoll_item *last)
{
	struct epoll_item *item, *best = NULL;

	RB_FOREACH(item, epoll_tree, &ep->items)
		if ((!last || item->fd > last->fd) && (!best || item->fd < best->fd))
			best = item;
	return best;
}

int epoll_each(struct epoll *ep, int (*fn)(const struct epoll_item *item, void *arg), void *arg)
{
	struct epoll_item *item = NULL;
	u32 left = epoll_count(ep);
	int err = 0;

	while (!err && (item = item_after(ep, item))) {
		err = fn(item, arg);
		left--;
	}
	return err || !left ? err : -EBUSY;
}

int epoll_add_as(struct file *ef, struct file *f, int fd, const struct epoll_event *ev, bool ready)
{
	struct epoll_item *item;
	int err = epoll_control(ef, EPOLL_CTL_ADD, f, fd, ev);

	if (err)
		return err;
	item = item_find(epoll_of(ef), f, fd);
	item->event.events = ev->events;
	if (ready)
		epoll_mark_ready(item);
	else if (ev->events & (EPOLLET | EPOLLONESHOT))
		epoll_unmark_ready(item);
	return 0;
}

/* --- the file of an instance --- */

static void epoll_release(struct file *f)
{
	struct epoll *ep = f->private;
	struct epoll_item *item;

	while ((item = RB_MIN(epoll_tree, &ep->items)))
		item_destroy(item);
	user_release(ep->user);
	kfree(ep);
}

/* Readable while an item has an event; items that turn out to have none leave the list. */
static u32 epoll_poll(struct file *f, struct poll_table *pt)
{
	struct epoll *ep = f->private;
	struct epoll_item *item, *next;

	poll_wait(pt, f, &ep->pollers);
	list_for_each_safe(item, next, &ep->ready, ready) {
		if (epoll_item_poll(item))
			return EPOLLIN | EPOLLRDNORM;
		epoll_unmark_ready(item);
	}
	return 0;
}

static void epoll_fdinfo(struct file *f, struct text *t)
{
	struct epoll *ep = f->private;
	struct epoll_item *item;

	RB_FOREACH(item, epoll_tree, &ep->items) {
		const struct inode *i = item->file->inode;

		text_printf(t, "tfd: %8d events: %8x data: %16lx  pos:%li ino:%lx sdev:%x\n",
			    item->fd, item->event.events, (u64)item->event.data,
			    (s64)item->file->pos, i->ino, i->sb->dev);
	}
}

static const struct file_ops epoll_file_ops = {
	.class = "eventpoll",
	.release = epoll_release,
	.llseek = file_llseek_nowhere,
	.poll = epoll_poll,
	.fdinfo = epoll_fdinfo,
};

struct epoll *epoll_of(struct file *f)
{
	return f->ops == &epoll_file_ops ? f->private : NULL;
}

int epoll_create_file(struct file **out)
{
	struct epoll *ep = kzalloc_charged(sizeof(*ep));
	int err;

	if (!ep)
		return -ENOMEM;
	RB_INIT(&ep->items);
	list_init(&ep->ready);
	waitqueue_init(&ep->sleepers);
	waitqueue_init(&ep->pollers);
	err = file_create_anon("eventpoll", &epoll_file_ops, ep, O_RDWR, out);
	if (err) {
		kfree(ep);
		return err;
	}
	ep->file = *out;
	ep->user = current_cred()->user;
	user_hold(ep->user);
	return 0;
}

long sys_epoll_create1(int flags)
{
	struct file *f;
	int err, fd;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	err = epoll_create_file(&f);
	if (err)
		return err;
	fd = fd_alloc(f, 0, flags & EPOLL_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

long sys_epoll_create(int size)
{
	return size <= 0 ? -EINVAL : sys_epoll_create1(0);
}
