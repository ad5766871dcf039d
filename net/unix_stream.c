// SPDX-License-Identifier: MIT
/* net/unix_stream.c - stream sockets: bytes in order, in messages of at most CHUNK_MAX.
 *
 * A send cuts its bytes into messages and waits for room in the send buffer before each. A read
 * goes on from message to message until it has enough, but not beyond a message that carries
 * files, nor, with SO_PASSCRED, into bytes of another writer.
 * MSG_PEEK leaves all in place; SO_PEEK_OFF lets it begin further on.
 * Locks: read_lock of the reader while bytes are copied. Checkpoint: queues are saved.
 * Not like Linux: a MSG_PEEK that has found something does not wait for more; MSG_OOB is
 * refused. See unix(7), recv(2). */

#include "arch/cpu.h"
#include "kernel/signal.h"
#include "kernel/task.h"
#include "net/unix_internal.h"

#define LINEAR_MAX 3776			/* bytes of a message in its first block */
#define CHUNK_MAX (LINEAR_MAX + 8 * PAGE_SIZE)
#define SNDBUF_RESERVE 64

/* --- sending --- */

static int stream_may_send(const struct unix_sock *u, const struct socket_msg *m)
{
	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (m->name_len)
		return u->state == UNIX_CONNECTED ? -EISCONN : -EOPNOTSUPP;
	return u->peer ? 0 : -ENOTCONN;
}

/* The next message of at most one chunk. *broken: the other end does not read any more. */
static ssize_t stream_send_chunk(struct unix_sock *u, struct socket_msg *m, struct unix_scm *scm,
				 bool *broken)
{
	u32 size = MIN(m->data->count, (u64)MIN(u->sk.sndbuf / 2 - SNDBUF_RESERVE, (int)CHUNK_MAX));
	u32 paged = size > LINEAR_MAX ? ALIGN_UP(size - LINEAR_MAX, PAGE_SIZE) : 0;
	struct unix_msg *new;
	int err = unix_wait_send_room(u, m->flags & MSG_DONTWAIT);

	if (!err)
		err = unix_msg_create(u, size, size - MIN(size, paged), &new);
	if (err)
		return err;
	err = unix_scm_attach(new, scm);
	if (!err)
		err = unix_msg_fill(new, m->data);
	if (!err && (u->peer->dead || (u->peer->sk.shutdown & SHUTDOWN_RECV))) {
		*broken = true;
		err = -EPIPE;
	}
	if (err) {
		unix_msg_put(new);
		return err;
	}
	unix_scm_add_own(new, u->peer);
	unix_msg_queue(u->peer, new);
	return size;
}

static void signal_broken(const struct socket_msg *m)
{
	siginfo_t info;

	if (m->flags & MSG_NOSIGNAL)
		return;
	siginfo_user(&info, SIGPIPE);
	signal_task(current, SIGPIPE, &info);
}

static ssize_t stream_send(struct socket *s, struct socket_msg *m)
{
	struct unix_sock *u = to_unix(s);
	struct unix_scm scm;
	ssize_t sent = 0, n = unix_scm_parse(m, &scm);
	bool broken;

	if (n)
		return n;
	n = stream_may_send(u, m);
	broken = !n && (s->shutdown & SHUTDOWN_SEND);
	if (broken)
		n = -EPIPE;
	while (!n && m->data->count) {
		n = stream_send_chunk(u, m, &scm, &broken);
		if (n < 0)
			break;
		sent += n;
		n = 0;
	}
	unix_scm_clear(&scm);
	if (broken && !sent)
		signal_broken(m);
	return sent ? sent : n;
}

/* --- receiving --- */

struct stream_read {
	struct unix_sock *u;
	struct socket_msg *m;
	bool peek;
	bool same_writer;		/* scm says whose bytes were read: no others */
	u32 skip;			/* bytes to leave out before the first */
	ssize_t copied;
	u64 target;			/* enough to stop waiting */
	u64 deadline;
	struct unix_scm scm;
};

/* The message with the first byte to read: after "last", or NULL. */
static struct unix_msg *stream_next(struct stream_read *r, struct unix_msg *last)
{
	struct list *at = last ? last->link.next : r->u->queue.next;

	if (!last)
		r->skip = r->peek ? MAX(r->u->sk.peek_off, 0) : 0;
	for (; at != &r->u->queue; at = at->next) {
		struct unix_msg *m = list_entry(at, struct unix_msg, link);

		if (r->skip < unix_msg_left(m))
			return m;
		r->skip -= unix_msg_left(m);
	}
	return NULL;
}

/* No bytes. 0: look again, 1: the read is over, or -errno. Context: sleeps without read_lock. */
static int stream_wait(struct stream_read *r)
{
	struct unix_sock *u = r->u;
	int err;

	if (r->copied && (r->peek || (u64)r->copied >= r->target))
		return 1;
	err = socket_take_error(&u->sk);
	if (err)
		return err;
	if (u->sk.shutdown & SHUTDOWN_RECV)
		return 1;
	if (!r->deadline)
		return -EAGAIN;
	mutex_unlock(&u->read_lock);
	err = socket_wait(&u->sk.read_wait, r->deadline);
	mutex_lock(&u->read_lock);
	if (err == -EAGAIN)
		r->deadline = 0;
	return err == -EAGAIN ? 0 : err;
}

/* n bytes of msg were copied to a peeker. True: not beyond this message. */
static bool stream_peeked(struct stream_read *r, struct unix_msg *msg, u32 n)
{
	if (r->u->sk.peek_off >= 0)
		r->u->sk.peek_off += n;
	r->skip = 0;
	if (!msg->scm.files)
		return false;
	if (unix_scm_copy_files(&r->scm, msg))
		r->m->out_flags |= MSG_CTRUNC;
	return true;
}

/* n bytes of msg are consumed. True: the read is over. */
static bool stream_consumed(struct stream_read *r, struct unix_msg *msg, u32 n)
{
	struct unix_sock *u = r->u;

	msg->done += n;
	if (u->sk.peek_off >= 0)
		u->sk.peek_off = MAX(u->sk.peek_off - (s32)n, 0);
	unix_scm_take_files(&r->scm, u, msg);
	if (unix_msg_left(msg))
		return true;
	unix_msg_unqueue(u, msg);
	unix_msg_put(msg);
	return r->scm.files != NULL;
}

/* What of one message is asked for. True: the read is over. */
static bool stream_take(struct stream_read *r, struct unix_msg *msg)
{
	u32 n = MIN((u64)(unix_msg_left(msg) - r->skip), r->m->data->count);

	if (r->same_writer && !unix_scm_same(&r->scm, &msg->scm))
		return true;
	if (!r->same_writer && (r->u->sk.flags & SOCKET_PASSCRED)) {
		unix_scm_set_cred(&r->scm, &msg->scm);
		r->same_writer = true;
	}
	if (!r->m->name_len)
		unix_tell_sender(r->m, msg->sender);
	if (unix_msg_copy(msg, r->skip, n, r->m->data) < n) {
		if (!r->copied)
			r->copied = -EFAULT;
		return true;
	}
	r->copied += n;
	return r->peek ? stream_peeked(r, msg, n) : stream_consumed(r, msg, n);
}

static ssize_t stream_read(struct stream_read *r)
{
	struct unix_msg *msg = NULL;
	int err;

	do {
		msg = stream_next(r, r->peek && r->copied ? msg : NULL);
		if (msg) {
			if (stream_take(r, msg))
				break;
			continue;
		}
		err = stream_wait(r);
		if (err > 0)
			break;
		if (err)
			return r->copied ? r->copied : err;
	} while (r->m->data->count || !msg);
	return r->copied;
}

static ssize_t stream_recv(struct socket *s, struct socket_msg *m)
{
	u64 size = m->data->count;
	struct stream_read r = {
		.u = to_unix(s), .m = m, .peek = m->flags & MSG_PEEK,
		.target = m->flags & MSG_WAITALL ? size : MIN((u64)s->rcvlowat, size),
		.deadline = socket_deadline(s->rcv_timeout_nsec, m->flags & MSG_DONTWAIT),
		.scm = { .uid = INVALID_ID, .gid = INVALID_ID },
	};
	ssize_t n;

	if (r.u->state != UNIX_CONNECTED)
		return -EINVAL;
	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	mutex_lock(&r.u->read_lock);
	n = stream_read(&r);
	mutex_unlock(&r.u->read_lock);
	unix_scm_recv(r.u, m, &r.scm);
	return n;
}

static u32 stream_poll(struct socket *s, struct file *f, struct poll_table *pt)
{
	const struct unix_sock *u = to_unix(s);
	u32 mask = unix_poll_common(u);

	(void)f, (void)pt;
	if (unix_writable(u))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}

const struct socket_ops unix_stream_ops = {
	.proto_name = "UNIX-STREAM",
	.peek_offset = true,
	.bind = unix_bind,
	.connect = unix_connect,
	.pair = unix_pair,
	.listen = unix_listen,
	.accept = unix_accept,
	.name = unix_name,
	.shutdown = unix_shutdown,
	.send = stream_send,
	.recv = stream_recv,
	.poll = stream_poll,
	.ioctl = unix_ioctl,
	.listening = unix_listening,
	.peer_cred = unix_get_peer_cred,
	.peer_pid = unix_get_peer_pid,
	.peer_groups = unix_get_peer_groups,
	.write_space = unix_socket_write_space,
	.fdinfo = unix_fdinfo,
	.close = unix_socket_close,
	.destroy = unix_destroy,
};
