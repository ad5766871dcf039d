// SPDX-License-Identifier: MIT
/* fs/splice.c - pipes as buffers of the kernel: splice(2), tee(2), vmsplice(2).
 *
 * Between two pipes pages change hands, or are shared (tee): then neither pipe may add to them.
 * To and from files bytes are copied, page by page, by the files' own read and write.
 * Locks: p->lock of one pipe, or of two by address. A file's operation may sleep while its
 * pipe is locked, as a pipe's own write may. Checkpoint: none.
 * Not like Linux: SPLICE_F_MOVE and SPLICE_F_GIFT copy all the same. See splice(2).
 * Keeps ABI-FD-07. */
#include "fs/descriptor.h"
#include "fs/pipe_ring.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "mm/frame.h"
#include "mm/slab.h"

/* <fcntl.h> of user space has these; no exported header of the kernel does. */
#define SPLICE_MOVE     BIT(0)
#define SPLICE_NONBLOCK BIT(1)
#define SPLICE_MORE     BIT(2)
#define SPLICE_GIFT     BIT(3)
#define SPLICE_ALL (SPLICE_MOVE | SPLICE_NONBLOCK | SPLICE_MORE | SPLICE_GIFT)

static bool splice_nonblock(const struct file *f, unsigned flags)
{
	return (flags & SPLICE_NONBLOCK) || (f->flags & O_NONBLOCK);
}

/* Waits for bytes: 1 there are, 0 no writer is left, or -errno. */
static int splice_wait_bytes(struct pipe *p, bool nonblock)
{
	int err;

	if (pipe_empty(p) && p->writers) {
		if (nonblock)
			return -EAGAIN;
		err = pipe_wait_readable(p);
		if (err)
			return err;
	}
	return !pipe_empty(p);
}

/* Waits for a slot: 0, -EPIPE (with the signal), or -errno. */
static int splice_wait_slot(struct pipe *p, bool nonblock)
{
	int err;

	if (pipe_full(p) && p->readers) {
		if (nonblock)
			return -EAGAIN;
		err = pipe_wait_writable(p);
		if (err)
			return err;
	}
	if (p->readers)
		return 0;
	file_signal_self(SIGPIPE);
	return -EPIPE;
}

/* --- file to pipe, pipe to file --- */

/* One page of the file in a new buffer. Bytes, 0 at the end, or -errno. */
static ssize_t splice_page_in(struct file *in, u64 *pos, struct pipe *p, u64 len)
{
	struct frame *page = pipe_page_take(p);
	struct iter to;
	ssize_t n;

	if (!page)
		return -ENOMEM;
	iter_kernel(&to, frame_data(page), MIN(len, PAGE_SIZE));
	n = file_read_untold(in, &to, pos);
	if (n > 0)
		pipe_push(p, page, 0, n, 0);
	else
		pipe_page_give(p, page);
	return n;
}

static ssize_t splice_to_pipe(struct file *in, u64 *pos, struct file *out, u64 len, unsigned flags)
{
	struct pipe *p = pipe_of(out);
	ssize_t n, done = 0;

	n = splice_wait_slot(p, splice_nonblock(out, flags));
	if (n)
		return n;
	mutex_lock(&p->lock);
	while (len && !pipe_full(p)) {
		n = splice_page_in(in, pos, p, len);
		if (n <= 0)
			break;
		done += n;
		len -= n;
		if (!(in->mode & FMODE_LSEEK))
			break;		/* the next read might wait */
	}
	mutex_unlock(&p->lock);
	if (done)
		pipe_wake_readers(p);
	return done ? done : n;
}

static ssize_t splice_page_out(struct pipe *p, struct file *out, u64 *pos, u64 len)
{
	struct pipe_buf *b = pipe_slot(p, p->tail);
	struct iter from;
	ssize_t n;

	iter_kernel(&from, (char *)frame_data(b->page) + b->offset, MIN(len, (u64)b->len));
	n = file_write(out, &from, pos);
	if (n > 0)
		pipe_consume(p, n);
	return n;
}

static ssize_t splice_from_pipe(struct file *in, struct file *out, u64 *pos, u64 len,
				unsigned flags)
{
	struct pipe *p = pipe_of(in);
	ssize_t n, done = 0;

	n = splice_wait_bytes(p, splice_nonblock(in, flags));
	if (n <= 0)
		return n;
	mutex_lock(&p->lock);
	while (len && !pipe_empty(p)) {
		n = splice_page_out(p, out, pos, len);
		if (n <= 0)
			break;
		done += n;
		len -= n;
	}
	mutex_unlock(&p->lock);
	if (done)
		pipe_wake_writers(p);
	return done ? done : n;
}

/* --- pipe to pipe --- */

static void pipes_lock(struct pipe *a, struct pipe *b)
{
	mutex_lock(a < b ? &a->lock : &b->lock);
	mutex_lock(a < b ? &b->lock : &a->lock);
}

static void pipes_unlock(struct pipe *a, struct pipe *b)
{
	mutex_unlock(&a->lock);
	mutex_unlock(&b->lock);
}

/* Gives up to len bytes of from's buffers to "to" as well; take: and removes them from "from". */
static ssize_t pipes_share(struct pipe *from, struct pipe *to, u64 len, bool take)
{
	ssize_t done = 0;

	for (u32 k = from->tail; len && k != from->head && !pipe_full(to); k++) {
		struct pipe_buf *b = pipe_slot(from, k);
		u32 n = MIN(len, (u64)b->len);

		b->flags &= ~PIPE_BUF_MERGE;
		frame_get(b->page);
		pipe_push(to, b->page, b->offset, n, b->flags);
		if (take)
			pipe_consume(from, n);
		done += n;
		len -= n;
	}
	return done;
}

static ssize_t pipe_to_pipe(struct file *in, struct file *out, u64 len, unsigned flags, bool take)
{
	struct pipe *from = pipe_of(in), *to = pipe_of(out);
	bool nonblock = flags & SPLICE_NONBLOCK;
	ssize_t n;

	if (take)
		nonblock |= (in->flags | out->flags) & O_NONBLOCK;
	if (from == to)
		return -EINVAL;
	do {
		n = splice_wait_bytes(from, nonblock);
		if (n <= 0)
			return n;
		n = splice_wait_slot(to, nonblock);
		if (n)
			return n;
		pipes_lock(from, to);
		n = pipes_share(from, to, len, take);
		pipes_unlock(from, to);
	} while (!n);
	pipe_wake_readers(to);
	if (take)
		pipe_wake_writers(from);
	return n;
}

/* --- the calls --- */

/* A position of the call: the user's where given (not for pipes), else the file's. */
static int splice_pos_get(const struct file *f, uaddr upos, u64 *pos)
{
	*pos = f->pos;
	if (!upos)
		return 0;
	if (!(f->mode & FMODE_LSEEK))
		return -EINVAL;
	return copy_from_user(pos, upos, sizeof(*pos));
}

static int splice_pos_put(struct file *f, uaddr upos, u64 pos)
{
	if (upos)
		return copy_to_user(upos, &pos, sizeof(pos));
	if (f->mode & FMODE_LSEEK)
		f->pos = pos;
	return 0;
}

static ssize_t splice_run(struct file *in, uaddr in_upos, struct file *out, uaddr out_upos, u64 len,
			  unsigned flags)
{
	bool in_pipe = pipe_of(in), out_pipe = pipe_of(out);
	struct file *f = in_pipe ? out : in;
	uaddr upos = in_pipe ? out_upos : in_upos;
	ssize_t n;
	u64 pos;

	if ((in_pipe && in_upos) || (out_pipe && out_upos))
		return -ESPIPE;
	if (in_pipe && out_pipe)
		return pipe_to_pipe(in, out, len, flags, true);
	if (!in_pipe && !out_pipe)
		return -EINVAL;
	n = splice_pos_get(f, upos, &pos);
	if (!n)
		n = rw_check(f, pos, &len);
	if (!n && in_pipe && (out->flags & O_APPEND))
		n = -EINVAL;
	if (n)
		return n;
	n = in_pipe ? splice_from_pipe(in, out, &pos, len, flags) :
		      splice_to_pipe(in, &pos, out, len, flags);
	if (n > 0 && splice_pos_put(f, upos, pos))
		return -EFAULT;
	return n;
}

long sys_splice(int in_fd, uaddr in_upos, int out_fd, uaddr out_upos, u64 len, unsigned flags)
{
	struct file *in, *out;
	long n = -EBADF;

	if (!len)
		return 0;
	if (flags & ~SPLICE_ALL)
		return -EINVAL;
	in = fd_get_io(in_fd);
	out = fd_get_io(out_fd);
	if (in && out && (in->mode & FMODE_READ) && (out->mode & FMODE_WRITE))
		n = splice_run(in, in_upos, out, out_upos, MIN(len, RW_COUNT_MAX), flags);
	if (in)
		file_put(in);
	if (out)
		file_put(out);
	return n;
}

long sys_tee(int in_fd, int out_fd, u64 len, unsigned flags)
{
	struct file *in, *out;
	long n = -EBADF;

	if (flags & ~SPLICE_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	in = fd_get_io(in_fd);
	out = fd_get_io(out_fd);
	if (in && out && (in->mode & FMODE_READ) && (out->mode & FMODE_WRITE))
		n = !pipe_of(in) || !pipe_of(out) ? -EINVAL :
						    pipe_to_pipe(in, out, len, flags, false);
	if (in)
		file_put(in);
	if (out)
		file_put(out);
	return n;
}

/* Into a pipe that is open for writing, out of one open for reading. */
long sys_vmsplice(int fd, uaddr iov, u64 nr, unsigned flags)
{
	struct iter_vec *heap = NULL;
	struct file *f;
	struct iter it;
	u64 pos = 0;
	long n;

	if (flags & ~SPLICE_ALL)
		return -EINVAL;
	f = fd_get_io(fd);
	if (!f)
		return -EBADF;
	n = pipe_of(f) ? iter_from_iovec(&it, iov, nr, &heap) : -EBADF;
	if (!n && it.count)
		n = f->mode & FMODE_WRITE ? file_write_untold(f, &it, &pos) :
					    file_read_untold(f, &it, &pos);
	kfree(heap);
	file_put(f);
	return n;
}
