// SPDX-License-Identifier: MIT
/* fs/pipe.c - pipes: what read(2), write(2), poll(2), ioctl(2) and close(2) do to either end.
 *
 * A pipe is a ring of pages. A write fills fresh pages, and the odd end of it goes first to the
 * last page if that still has room, so that small writes share pages; a write of at most PIPE_BUF
 * (a page) bytes is whole or not at all. With O_DIRECT every write is a packet of its own.
 * Readers sleep on read_wait while the ring is empty and a writer is left, writers on
 * write_wait while it is full; both are woken one at a time, and who leaves something
 * for the next wakes it.
 * Objects: the inode's fifo field finds the pipe; open files count in p->files, the last
 * frees it. Life: pipefs.c.
 * Locks: p->lock over the ring while bytes are copied. Checkpoint: ring and ends are saved.
 * See pipe(7), fifo(7), fcntl(2) F_SETPIPE_SZ.
 * Keeps ABI-FD-06. */
#include <asm/ioctls.h>

#include "fs/descriptor.h"
#include "fs/device.h"
#include "fs/pipe_ring.h"
#include "fs/poll.h"
#include "kernel/signal.h"
#include "mm/frame.h"
#include "mm/slab.h"

struct frame *pipe_page_take(struct pipe *p)
{
	struct frame *page;

	for (unsigned k = 0; k < PIPE_SPARES; k++) {
		page = p->spare[k];
		if (page) {
			p->spare[k] = NULL;
			return page;
		}
	}
	return frame_alloc(FRAME_KERNEL, 0, FRAME_CHARGE);
}

/* A page that only the ring held is kept for the next write. */
void pipe_page_give(struct pipe *p, struct frame *page)
{
	for (unsigned k = 0; k < PIPE_SPARES && page->kind == FRAME_KERNEL && page->refs == 1; k++)
		if (!p->spare[k]) {
			p->spare[k] = page;
			return;
		}
	frame_put(page);
}

void pipe_push(struct pipe *p, struct frame *page, u32 offset, u32 len, u32 flags)
{
	struct pipe_buf *b = pipe_slot(p, p->head++);

	b->page = page;
	b->offset = offset;
	b->len = len;
	b->flags = flags;
}

void pipe_consume(struct pipe *p, u32 n)
{
	struct pipe_buf *b = pipe_slot(p, p->tail);

	b->offset += n;
	b->len -= n;
	if (!b->len) {
		p->tail++;
		pipe_page_give(p, b->page);
		b->page = NULL;
	}
}

u64 pipe_bytes(const struct pipe *p)
{
	u64 sum = 0;

	for (u32 n = p->tail; n != p->head; n++)
		sum += p->ring[n & (p->slots - 1)].len;
	return sum;
}

void pipe_wake_readers(struct pipe *p)
{
	if (waitqueue_active(&p->read_wait))
		wake_events(&p->read_wait, EPOLLIN | EPOLLRDNORM, 1);
}

void pipe_wake_writers(struct pipe *p)
{
	if (waitqueue_active(&p->write_wait))
		wake_events(&p->write_wait, EPOLLOUT | EPOLLWRNORM, 1);
}

/* An interrupted sleeper may have eaten a wake-up: then there is work, and it does it. */
static int pipe_wait(struct pipe *p, struct waitqueue *q, bool (*ready)(const struct pipe *p))
{
	int err = 0;

	while (!err && !ready(p))
		err = wait_once(q, WAIT_INTERRUPTIBLE, WAIT_FOREVER, true);
	return ready(p) ? 0 : err;
}

int pipe_wait_readable(struct pipe *p)
{
	return pipe_wait(p, &p->read_wait, pipe_readable);
}

int pipe_wait_writable(struct pipe *p)
{
	return pipe_wait(p, &p->write_wait, pipe_writable);
}

/* Moves bytes of the first buffer; a packet's rest is dropped. True: the read is over. */
static bool pipe_read_buffer(struct pipe *p, struct iter *to, ssize_t *done)
{
	struct pipe_buf *b = pipe_slot(p, p->tail);
	u32 n = MIN((u64)b->len, to->count);
	bool packet = b->flags & PIPE_BUF_PACKET;

	if (iter_copy_to(to, (char *)frame_data(b->page) + b->offset, n) < n) {
		if (!*done)
			*done = -EFAULT;
		return true;
	}
	*done += n;
	pipe_consume(p, packet ? b->len : n);
	return packet || !to->count;
}

static ssize_t pipe_read(struct file *f, struct iter *to, u64 *pos)
{
	struct pipe *p = f->inode->fifo;
	bool was_full, slept = false, more;
	ssize_t done = 0;

	(void)pos;
	if (!to->count)
		return 0;
	mutex_lock(&p->lock);
	was_full = pipe_full(p);
	for (;;) {
		if (!pipe_empty(p)) {
			if (pipe_read_buffer(p, to, &done))
				break;
			continue;
		}
		if (done || !p->writers)
			break;
		if (f->flags & O_NONBLOCK) {
			done = -EAGAIN;
			break;
		}
		mutex_unlock(&p->lock);
		if (was_full)
			pipe_wake_writers(p);
		done = pipe_wait_readable(p);
		if (done)
			return done;
		mutex_lock(&p->lock);
		was_full = pipe_full(p);
		slept = true;
	}
	more = slept && !pipe_empty(p);
	mutex_unlock(&p->lock);
	if (was_full || p->polled)
		pipe_wake_writers(p);
	if (more)
		pipe_wake_readers(p);
	if (done > 0)
		file_accessed(f);
	return done;
}

/* The odd end of a write joins the last page if all of it fits. -EFAULT, or bytes moved. */
static ssize_t pipe_write_merge(struct pipe *p, struct iter *from)
{
	u32 odd = from->count % PAGE_SIZE, end;
	struct pipe_buf *b;

	if (!odd || pipe_empty(p))
		return 0;
	b = pipe_slot(p, p->head - 1);
	end = b->offset + b->len;
	if (!(b->flags & PIPE_BUF_MERGE) || end + odd > PAGE_SIZE)
		return 0;
	if (iter_copy_from(from, (char *)frame_data(b->page) + end, odd) < odd)
		return -EFAULT;
	b->len += odd;
	return odd;
}

/* A page's worth of bytes in a new buffer. Bytes moved or -errno. */
static ssize_t pipe_write_page(struct pipe *p, struct iter *from, u32 flags)
{
	u32 n = MIN(PAGE_SIZE, from->count);
	struct frame *page = pipe_page_take(p);

	if (!page)
		return -ENOMEM;
	if (iter_copy_from(from, frame_data(page), n) < n) {
		pipe_page_give(p, page);
		return -EFAULT;
	}
	pipe_push(p, page, 0, n, flags);
	return n;
}

/* Writes while there is room. False: the ring is full and bytes are left. */
static bool pipe_write_fill(struct pipe *p, struct iter *from, u32 flags, ssize_t *done)
{
	ssize_t n;

	for (;;) {
		if (!p->readers) {
			file_signal_self(SIGPIPE);
			if (!*done)
				*done = -EPIPE;
			return true;
		}
		if (!from->count)
			return true;
		if (pipe_full(p))
			return false;
		n = pipe_write_page(p, from, flags);
		if (n < 0) {
			if (!*done)
				*done = n;
			return true;
		}
		*done += n;
		if (!from->count)
			return true;
	}
}

static ssize_t pipe_write(struct file *f, struct iter *from, u64 *pos)
{
	u32 flags = f->flags & O_DIRECT ? PIPE_BUF_PACKET : PIPE_BUF_MERGE;
	struct pipe *p = f->inode->fifo;
	bool was_empty, slept = false, more;
	ssize_t done = 0;
	int err;

	(void)pos;
	if (!from->count)
		return 0;
	mutex_lock(&p->lock);
	was_empty = pipe_empty(p);
	if (p->readers)
		done = pipe_write_merge(p, from);
	while (done >= 0 && (from->count || !done) && !pipe_write_fill(p, from, flags, &done)) {
		if (f->flags & O_NONBLOCK) {
			if (!done)
				done = -EAGAIN;
			break;
		}
		mutex_unlock(&p->lock);
		if (was_empty || p->polled)
			pipe_wake_readers(p);
		err = pipe_wait_writable(p);
		mutex_lock(&p->lock);
		was_empty = pipe_empty(p);
		slept = true;
		if (err) {
			if (!done)
				done = err;
			break;
		}
	}
	more = slept && !pipe_full(p);
	mutex_unlock(&p->lock);
	if (was_empty || p->polled)
		pipe_wake_readers(p);
	if (more)
		pipe_wake_writers(p);
	if (done > 0)
		inode_touch(f->inode, ATTR_MTIME);
	return done;
}

static u32 pipe_poll(struct file *f, struct poll_table *pt)
{
	struct pipe *p = f->inode->fifo;
	u32 mask = 0;

	p->polled = true;
	if (f->mode & FMODE_READ) {
		poll_wait(pt, f, &p->read_wait);
		if (!pipe_empty(p))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (!p->writers && f->version != p->writers_ever)
			mask |= EPOLLHUP;
	}
	if (f->mode & FMODE_WRITE) {
		poll_wait(pt, f, &p->write_wait);
		if (!pipe_full(p))
			mask |= EPOLLOUT | EPOLLWRNORM;
		if (!p->readers)
			mask |= EPOLLERR;
	}
	return mask;
}

static long pipe_ioctl(struct file *f, unsigned cmd, u64 arg)
{
	int bytes;

	if (cmd != FIONREAD)
		return -ENOTTY;
	bytes = pipe_bytes(f->inode->fifo);
	return copy_to_user(arg, &bytes, sizeof(bytes));
}

/* One end is closed: the other learns of it; the last file frees the pipe. */
static void pipe_release(struct file *f)
{
	struct inode *i = f->inode;
	struct pipe *p = i->fifo;
	u32 gone = EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM | EPOLLERR | EPOLLHUP;

	if (f->mode & FMODE_READ)
		p->readers--;
	if (f->mode & FMODE_WRITE)
		p->writers--;
	if (!p->readers != !p->writers) {
		wake_events(&p->read_wait, gone, UINT_MAX);
		wake_events(&p->write_wait, gone, UINT_MAX);
	}
	if (--p->files == 0) {
		i->fifo = NULL;
		pipe_destroy(p);
	}
}

struct pipe *pipe_of(struct file *f)
{
	if (f->ops != &pipe_file_ops && f->ops != &fifo_file_ops)
		return NULL;
	return f->mode & FMODE_PATH ? NULL : f->inode->fifo;
}

#define PIPE_OPS(kind)                 \
	.class = kind,                 \
	.open = pipe_open,             \
	.release = pipe_release,       \
	.read = pipe_read,             \
	.write = pipe_write,           \
	.poll = pipe_poll,             \
	.async = true,                 \
	.ioctl = pipe_ioctl

const struct file_ops pipe_file_ops = { PIPE_OPS("pipe") };
const struct file_ops fifo_file_ops = { PIPE_OPS("fifo") };
