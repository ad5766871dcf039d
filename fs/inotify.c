// SPDX-License-Identifier: MIT
/* fs/inotify.c - inotify instances: queues of events, watches, and the calls. See inotify(7).
 *
 * An instance finds a watch by number (radix) and by inode (tree); an inode lists its watches.
 * An event that equals the last one in the queue is dropped; beyond max_queued_events there
 * is one IN_Q_OVERFLOW, and nothing until there is room. Numbers go up and are not used
 * again until they wrap.
 * Life of a watch: inotify_add_watch; inotify_rm_watch, its only event (IN_ONESHOT), the end of
 * its inode, or of the instance. All but the last queue IN_IGNORED.
 * Limits: instances and watches per user, fs.inotify.*.
 * Locks: BKL; only reads sleep. Checkpoint: watches by path, queued events.
 * Keeps ABI-INO-01, ABI-INO-02. */
#include <asm/ioctls.h>

#include "fs/descriptor.h"
#include "fs/inotify.h"
#include "fs/namei.h"
#include "fs/poll.h"
#include "fs/proc.h"
#include "fs/text.h"
#include "kernel/deny.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define INSTANCES_DEFAULT 128
#define QUEUE_DEFAULT     16384
#define WATCHES_MIN       8192L
#define WATCHES_MAX       1048576L
#define WATCH_COST_BYTES  1536		/* watches may take a hundredth of memory */
#define PERCENT           100
#define INOTIFY_BITS                                                                           \
	(IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED | IN_ONLYDIR | IN_DONT_FOLLOW | \
	 IN_EXCL_UNLINK | IN_MASK_ADD | IN_MASK_CREATE | IN_ISDIR | IN_ONESHOT)
#define EVENT_BITS (IN_ALL_EVENTS | IN_ISDIR | IN_UNMOUNT | IN_IGNORED | IN_Q_OVERFLOW)
#define SETNEXTWD _IOW('I', 0, s32)	/* INOTIFY_IOC_SETNEXTWD */

static long max_instances = INSTANCES_DEFAULT, max_queued = QUEUE_DEFAULT;
static long max_watches;		/* 0: not yet known, by the size of memory */

static long watches_limit(void)
{
	struct memory_totals t;

	if (!max_watches) {
		memory_totals(&t);
		max_watches = t.total_pages / PERCENT * PAGE_SIZE / WATCH_COST_BYTES;
		max_watches = MIN(MAX(max_watches, WATCHES_MIN), WATCHES_MAX);
	}
	return max_watches;
}

/* --- events --- */

/* What the name takes in a record: padded with zeros, at least one. */
static size_t name_space(const struct notify_event *e)
{
	return e->name_len ? ALIGN_UP(e->name_len + 1, sizeof(struct inotify_event)) : 0;
}

static size_t event_bytes(const struct notify_event *e)
{
	return sizeof(struct inotify_event) + name_space(e);
}

static void event_push(struct inotify *in, struct notify_event *e)
{
	list_add_tail(&in->events, &e->link);
	in->nr_events++;
	in->bytes += event_bytes(e);
	wake_events(&in->wait, EPOLLIN | EPOLLRDNORM, UINT_MAX);
}

static void event_overflow(struct inotify *in)
{
	if (list_empty(&in->overflow.link))
		event_push(in, &in->overflow);
}

/* Would this event say again what the last one in the queue says? */
static bool event_repeats(struct inotify *in, s32 wd, u32 mask, const char *name, size_t len)
{
	const struct notify_event *e = list_last(&in->events, struct notify_event, link);

	return e && e->wd == wd && e->mask == mask && !(mask & IN_IGNORED) && e->name_len == len &&
	       !memcmp(e->name, name, len);
}

void inotify_queue(struct inotify *in, s32 wd, u32 mask, u32 cookie, const char *name, size_t len)
{
	struct notify_event *e;

	if (!len)
		name = "";
	mask &= EVENT_BITS;
	name = len ? name : "";
	if (in->nr_events >= in->max_events) {
		event_overflow(in);
		return;
	}
	if (event_repeats(in, wd, mask, name, len))
		return;
	e = kmalloc(sizeof(*e) + len + 1);
	if (!e) {
		event_overflow(in);
		return;
	}
	e->wd = wd;
	e->mask = mask;
	e->cookie = cookie;
	e->name_len = len;
	memcpy(e->name, name, len);
	e->name[len] = '\0';
	event_push(in, e);
}

static void event_pop(struct inotify *in, struct notify_event *e)
{
	list_del(&e->link);
	in->nr_events--;
	in->bytes -= event_bytes(e);
	if (e != &in->overflow)
		kfree(e);
}

/* --- watches --- */

int watch_compare(const struct watch *a, const struct watch *b)
{
	return a->inode < b->inode ? -1 : a->inode > b->inode;
}

RB_GENERATE(watch_tree, watch, node, watch_compare)

static struct watch *watch_find(struct inotify *in, struct inode *i)
{
	struct watch key = { .inode = i };

	return RB_FIND(watch_tree, &in->by_inode, &key);
}

static void inode_watches_mend(struct inode *i)
{
	struct inode_watches *ws = i->watches;
	struct watch *w;

	if (list_empty(&ws->list)) {
		i->watches = NULL;
		kfree(ws);
		return;
	}
	ws->mask = 0;
	list_for_each(w, &ws->list, of_inode)
		ws->mask |= w->mask;
}

/* Off all lists, and freed. */
static void watch_free(struct watch *w)
{
	struct inotify *in = w->instance;

	list_del(&w->of_inode);
	list_del(&w->of_instance);
	RB_REMOVE(watch_tree, &in->by_inode, w);
	radix_erase(&in->by_wd, w->wd);
	inode_watches_mend(w->inode);
	in->user->inotify_watches--;
	notify_watches--;
	inode_put(w->inode);
	kfree(w);
}

void watch_end(struct watch *w)
{
	inotify_queue(w->instance, w->wd, IN_IGNORED, 0, NULL, 0);
	watch_free(w);
}

static u32 watch_mask(u32 mask)
{
	return (mask & IN_ALL_EVENTS) | IN_UNMOUNT;
}

static u32 watch_flags(u32 mask)
{
	return (mask & IN_ONESHOT ? WATCH_ONESHOT : 0) |
	       (mask & IN_EXCL_UNLINK ? WATCH_EXCL_UNLINK : 0);
}

static int watch_change(struct watch *w, u32 mask)
{
	if (mask & IN_MASK_CREATE)
		return -EEXIST;
	if (!(mask & IN_MASK_ADD))
		w->mask = w->flags = 0;
	w->mask |= watch_mask(mask);
	w->flags |= watch_flags(mask);
	inode_watches_mend(w->inode);
	return w->wd;
}

static int watch_number(struct inotify *in, struct watch *w)
{
	u64 wd;

	if (radix_free_index(&in->by_wd, in->next_wd, INT_MAX, &wd) &&
	    radix_free_index(&in->by_wd, 1, INT_MAX, &wd))
		return -ENOSPC;
	if (radix_set(&in->by_wd, wd, w))
		return -ENOMEM;
	w->wd = wd;
	in->next_wd = wd == INT_MAX ? 1 : wd + 1;
	return 0;
}

static struct inode_watches *inode_watches_get(struct inode *i)
{
	struct inode_watches *ws = i->watches;

	if (ws)
		return ws;
	ws = kzalloc_charged(sizeof(*ws));
	if (ws) {
		list_init(&ws->list);
		i->watches = ws;
	}
	return ws;
}

static int watch_create(struct inotify *in, struct inode *i, u32 mask)
{
	struct inode_watches *ws;
	struct watch *w;
	int err;

	if (in->user->inotify_watches >= (u64)watches_limit())
		return -ENOSPC;
	w = kzalloc_charged(sizeof(*w));
	if (!w)
		return -ENOMEM;
	w->instance = in;
	err = watch_number(in, w);
	ws = err ? NULL : inode_watches_get(i);
	if (!ws) {
		if (!err)
			radix_erase(&in->by_wd, w->wd);
		kfree(w);
		return err ? err : -ENOMEM;
	}
	w->inode = inode_get(i);
	w->mask = watch_mask(mask);
	w->flags = watch_flags(mask);
	ws->mask |= w->mask;
	list_add_tail(&ws->list, &w->of_inode);
	list_add(&in->watches, &w->of_instance);
	RB_INSERT(watch_tree, &in->by_inode, w);
	in->user->inotify_watches++;
	notify_watches++;
	return w->wd;
}

int watch_add(struct inotify *in, struct inode *i, u32 mask)
{
	struct watch *w = watch_find(in, i);

	return w ? watch_change(w, mask) : watch_create(in, i, mask);
}

/* --- restart --- */

int watch_add_as(struct inotify *in, struct inode *i, s32 wd, u32 mask, u32 flags)
{
	struct watch *w;
	int ret;

	if (watch_find(in, i) || radix_get(&in->by_wd, wd))
		return -EEXIST;
	in->next_wd = wd;
	ret = watch_create(in, i, mask);
	if (ret < 0)
		return ret;
	w = watch_find(in, i);
	w->mask = mask & EVENT_BITS;
	w->flags = flags & (WATCH_ONESHOT | WATCH_EXCL_UNLINK);
	inode_watches_mend(i);
	return 0;
}

void inotify_queue_as(struct inotify *in, s32 wd, u32 mask, u32 cookie, const char *name,
		      size_t len)
{
	if (mask & IN_Q_OVERFLOW)
		event_overflow(in);
	else
		inotify_queue(in, wd, mask, cookie, name, len);
}

/* --- the file --- */

static void inotify_release(struct file *f)
{
	struct inotify *in = f->private;
	struct notify_event *e;
	struct watch *w;

	while ((w = list_first(&in->watches, struct watch, of_instance)))
		watch_free(w);
	while ((e = list_first(&in->events, struct notify_event, link)))
		event_pop(in, e);
	in->user->inotify_instances--;
	user_release(in->user);
	kfree(in);
}

static int event_read(struct inotify *in, struct notify_event *e, struct iter *to)
{
	struct inotify_event head = { e->wd, e->mask, e->cookie, name_space(e) };
	size_t pad = name_space(e) - e->name_len;
	bool whole;

	whole = iter_copy_to(to, &head, sizeof(head)) == sizeof(head) &&
		iter_copy_to(to, e->name, e->name_len) == e->name_len && iter_zero(to, pad) == pad;
	event_pop(in, e);
	return whole ? 0 : -EFAULT;
}

/* As many whole records as fit; -EINVAL if not even one does. */
static ssize_t inotify_read(struct file *f, struct iter *to, u64 *pos)
{
	struct inotify *in = f->private;
	u64 size = to->count;
	struct notify_event *e;
	int err = 0;

	(void)pos;
	while (!err) {
		e = list_first(&in->events, struct notify_event, link);
		if (e)
			err = event_bytes(e) > to->count ? -EINVAL : event_read(in, e, to);
		else if (to->count < size)
			break;
		else if (f->flags & O_NONBLOCK)
			err = -EAGAIN;
		else
			err = wait_event(&in->wait, !list_empty(&in->events));
	}
	return to->count < size && err != -EFAULT ? (ssize_t)(size - to->count) : err;
}

static u32 inotify_poll(struct file *f, struct poll_table *pt)
{
	struct inotify *in = f->private;

	poll_wait(pt, f, &in->wait);
	return list_empty(&in->events) ? 0 : EPOLLIN | EPOLLRDNORM;
}

static long inotify_ioctl(struct file *f, unsigned cmd, u64 arg)
{
	struct inotify *in = f->private;
	int bytes = in->bytes;

	if (cmd == FIONREAD)
		return copy_to_user(arg, &bytes, sizeof(bytes));
	if (cmd != SETNEXTWD)
		return -ENOTTY;
	if (arg < 1 || arg > INT_MAX)
		return -EINVAL;
	in->next_wd = arg;
	return 0;
}

/* The file handle is the inode number alone, in the form that tmpfs gives. */
static void inotify_fdinfo(struct file *f, struct text *t)
{
	struct inotify *in = f->private;
	struct watch *w;

	list_for_each(w, &in->watches, of_instance) {
		u8 handle[12] = { 0 };

		memcpy(handle + 4, &w->inode->ino, sizeof(u64));
		text_printf(t, "inotify wd:%x ino:%lx sdev:%x mask:%x ignored_mask:0 ", w->wd,
			    w->inode->ino, w->inode->sb->dev, w->mask & IN_ALL_EVENTS);
		text_printf(t, "fhandle-bytes:%x fhandle-type:1 f_handle:",
			    (unsigned)sizeof(handle));
		for (unsigned k = 0; k < sizeof(handle); k++)
			text_printf(t, "%02x", handle[k]);
		text_putc(t, '\n');
	}
}

const struct file_ops inotify_file_ops = {
	.class = "inotify",
	.release = inotify_release,
	.read = inotify_read,
	.llseek = file_llseek_nowhere,
	.poll = inotify_poll,
	.async = true,
	.ioctl = inotify_ioctl,
	.fdinfo = inotify_fdinfo,
};

/* --- the calls --- */

static struct inotify *inotify_alloc(struct user *user)
{
	struct inotify *in = kzalloc_charged(sizeof(*in));

	if (!in)
		return NULL;
	list_init(&in->events);
	list_init(&in->watches);
	list_init(&in->overflow.link);
	in->overflow.wd = -1;
	in->overflow.mask = IN_Q_OVERFLOW;
	waitqueue_init(&in->wait);
	RB_INIT(&in->by_inode);
	in->next_wd = 1;
	in->max_events = max_queued;
	in->user = user;
	return in;
}

int inotify_create_file(u32 o_flags, struct file **out)
{
	struct user *user = current_cred()->user;
	struct inotify *in;
	int err;

	if (user->inotify_instances >= (u64)max_instances)
		return -EMFILE;
	in = inotify_alloc(user);
	if (!in)
		return -ENOMEM;
	err = file_create_anon("inotify", &inotify_file_ops, in, O_RDONLY | o_flags, out);
	if (err) {
		kfree(in);
		return err;
	}
	user_hold(user);
	user->inotify_instances++;
	(*out)->mode |= FMODE_STREAM;
	return 0;
}

long sys_inotify_init1(int flags)
{
	struct file *f;
	int err, fd;

	if (flags & ~(IN_CLOEXEC | IN_NONBLOCK))
		return -EINVAL;
	err = inotify_create_file(flags & IN_NONBLOCK, &f);
	if (err)
		return err;
	fd = fd_alloc(f, 0, flags & IN_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

long sys_inotify_init(void)
{
	return sys_inotify_init1(0);
}

static int watch_path(struct inotify *in, uaddr name, u32 mask)
{
	unsigned look = mask & IN_DONT_FOLLOW ? 0 : LOOKUP_FOLLOW;
	struct path p;
	int err;

	if (mask & IN_ONLYDIR)
		look |= LOOKUP_DIRECTORY;
	err = path_lookup_user(AT_FDCWD, name, look, &p);
	if (err)
		return err;
	err = inode_permission(p.dentry->inode, MAY_READ);
	if (!err)
		err = watch_add(in, p.dentry->inode, mask);
	path_put(&p);
	return err;
}

long sys_inotify_add_watch(int fd, uaddr name, u32 mask)
{
	struct file *f;
	int err;

	if ((mask & ~INOTIFY_BITS) || !(mask & INOTIFY_BITS))
		return -EINVAL;
	f = fd_get_io(fd);
	if (!f)
		return -EBADF;
	if (f->ops != &inotify_file_ops || (mask & IN_MASK_ADD && mask & IN_MASK_CREATE))
		err = -EINVAL;
	else
		err = watch_path(f->private, name, mask);
	file_put(f);
	return err;
}

long sys_inotify_rm_watch(int fd, s32 wd)
{
	struct file *f = fd_get_io(fd);
	struct watch *w = NULL;

	if (!f)
		return -EBADF;
	if (f->ops == &inotify_file_ops && wd > 0)
		w = radix_get(&((struct inotify *)f->private)->by_wd, wd);
	if (w)
		watch_end(w);
	file_put(f);
	return w ? 0 : -EINVAL;
}

/* --- for the audit, and /proc/sys/fs/inotify --- */

void inotify_hold_audit(void)
{
	struct inotify *in;
	struct watch *w;
	struct file *f;

	list_for_each(f, &file_all, all) {
		if (f->ops != &inotify_file_ops)
			continue;
		in = f->private;
		list_for_each(w, &in->watches, of_instance)
			w->inode->found++;
	}
}

static int watches_show(const struct sysctl *s, struct text *t)
{
	watches_limit();
	return sysctl_show_long(s, t);
}

#define INOTIFY_KNOB(name, show_, where)                                                      \
	{ .path = "fs/inotify/" name, .mode = 0644, .show = show_, .store = sysctl_store_long, \
	  .data = where, .min = 0, .max = INT_MAX, .number = true }

const struct sysctl inotify_sysctls[] = {
	INOTIFY_KNOB("max_queued_events", sysctl_show_long, &max_queued),
	INOTIFY_KNOB("max_user_instances", sysctl_show_long, &max_instances),
	INOTIFY_KNOB("max_user_watches", watches_show, &max_watches),
	{},
};
