// SPDX-License-Identifier: MIT
/* fs/eventfd.c - eventfd(2): a 64-bit counter that is written up and read down.
 *
 * A read takes all of it, or one with EFD_SEMAPHORE, and waits while it is 0; a write adds, and
 * waits while the sum would pass the greatest value, 2^64 - 2.
 * Locks: BKL. Checkpoint: count and flags. See eventfd(2).
 * Keeps ABI-EV-01. */
#include "fs/descriptor.h"
#include "fs/event_files.h"
#include "fs/poll.h"
#include "fs/text.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

/* <linux/eventfd.h> is not among the exported headers of every version. */
#define EVENTFD_SEMAPHORE 1
#define COUNT_MAX (~0UL - 1)

struct eventfd {
	u64 count;
	bool semaphore;
	u32 id;				/* for fdinfo */
	struct waitqueue wait;
};
static u32 next_id;

static void eventfd_release(struct file *f)
{
	struct eventfd *e = f->private;

	wake_events(&e->wait, EPOLLHUP, UINT_MAX);
	kfree(e);
}

static ssize_t eventfd_read(struct file *f, struct iter *to, u64 *pos)
{
	struct eventfd *e = f->private;
	u64 value;
	int err = 0;

	(void)pos;
	if (to->count < sizeof(value))
		return -EINVAL;
	if (!e->count)
		err = f->flags & O_NONBLOCK ? -EAGAIN : wait_event(&e->wait, e->count);
	if (err)
		return err;
	value = e->semaphore ? 1 : e->count;
	e->count -= value;
	wake_events(&e->wait, EPOLLOUT, UINT_MAX);
	return iter_copy_to(to, &value, sizeof(value)) < sizeof(value) ? -EFAULT :
									  (ssize_t)sizeof(value);
}

static ssize_t eventfd_write(struct file *f, struct iter *from, u64 *pos)
{
	struct eventfd *e = f->private;
	u64 value;
	int err = 0;

	(void)pos;
	if (from->count < sizeof(value))
		return -EINVAL;
	if (iter_copy_from(from, &value, sizeof(value)) < sizeof(value))
		return -EFAULT;
	if (value > COUNT_MAX)
		return -EINVAL;
	if (COUNT_MAX - e->count < value)
		err = f->flags & O_NONBLOCK ? -EAGAIN :
					      wait_event(&e->wait, COUNT_MAX - e->count >= value);
	if (err)
		return err;
	e->count += value;
	wake_events(&e->wait, EPOLLIN, UINT_MAX);
	return sizeof(value);
}

static u32 eventfd_poll(struct file *f, struct poll_table *pt)
{
	struct eventfd *e = f->private;
	u32 mask = 0;

	poll_wait(pt, f, &e->wait);
	if (e->count)
		mask |= EPOLLIN;
	if (e->count < COUNT_MAX)
		mask |= EPOLLOUT;
	return mask;
}

static void eventfd_fdinfo(struct file *f, struct text *t)
{
	struct eventfd *e = f->private;

	text_printf(t, "eventfd-count: %16lx\neventfd-id: %u\n", e->count, e->id);
}

static const struct file_ops eventfd_file_ops = {
	.class = "eventfd",
	.release = eventfd_release,
	.read = eventfd_read,
	.write = eventfd_write,
	.llseek = file_llseek_nowhere,
	.poll = eventfd_poll,
	.fdinfo = eventfd_fdinfo,
};

bool eventfd_state(const struct file *f, u64 *count, int *flags)
{
	const struct eventfd *e = f->private;

	if (f->ops != &eventfd_file_ops)
		return false;
	*count = e->count;
	*flags = (e->semaphore ? EVENTFD_SEMAPHORE : 0) | (f->flags & O_NONBLOCK);
	return true;
}

int eventfd_create_file(u64 count, int flags, struct file **out)
{
	struct eventfd *e = kzalloc_charged(sizeof(*e));
	int err;

	if (!e)
		return -ENOMEM;
	e->count = MIN(count, COUNT_MAX);
	e->semaphore = flags & EVENTFD_SEMAPHORE;
	e->id = next_id++;
	waitqueue_init(&e->wait);
	err = file_create_anon("eventfd", &eventfd_file_ops, e, O_RDWR | (flags & O_NONBLOCK), out);
	if (err)
		kfree(e);
	else
		(*out)->mode |= FMODE_STREAM;
	return err;
}

long sys_eventfd2(u32 count, int flags)
{
	struct file *f;
	int err, fd;

	if (flags & ~(EVENTFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	err = eventfd_create_file(count, flags, &f);
	if (err)
		return err;
	fd = fd_alloc(f, 0, flags & O_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

long sys_eventfd(u32 count)
{
	return sys_eventfd2(count, 0);
}
