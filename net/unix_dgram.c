// SPDX-License-Identifier: MIT
/* net/unix_dgram.c - datagram and seqpacket sockets: messages with their ends.
 *
 * A datagram goes to the name given or to the connected peer. Beside the sender's buffer the length
 * of the receiver's queue limits it, unless the two are each other's peer. A datagram
 * socket with a peer takes messages from that peer alone.
 * Seqpacket sockets are connected like streams (unix_connect.c) and send messages like datagrams.
 * Locks: read_lock of the reader while it copies. Checkpoint: queues are saved. See unix(7). */

#include "net/unix_internal.h"

#define SNDBUF_RESERVE 32
#define LINEAR_MAX 16064		/* bytes of a message in its first block */
#define PAGED_MAX (17 * PAGE_SIZE)

/* --- room in the peer's queue --- */

static bool dgram_full(const struct unix_sock *from, const struct unix_sock *to)
{
	return from != to && to->peer != from && unix_queue_full(to);
}

bool unix_room_wake(struct waiter *w, u32 events)
{
	struct unix_sock *u = container_of(w, struct unix_sock, room_waiter);

	(void)events;
	waiter_remove(w);
	u->room_waiting = false;
	socket_wake_writers(&u->sk);
	return false;
}

bool unix_peer_full(struct unix_sock *u)
{
	struct unix_sock *peer = u->peer;

	if (!peer || peer->dead || !dgram_full(u, peer))
		return false;
	if (!u->room_waiting)
		waiter_add(&peer->room_wait, &u->room_waiter);
	u->room_waiting = true;
	return true;
}

bool unix_peer_full_end(struct unix_sock *u)
{
	bool waited = u->room_waiting;

	waiter_remove(&u->room_waiter);
	u->room_waiting = false;
	return waited;
}

/* --- peers of datagram sockets --- */

/* Does "to" take messages of "from"? */
static bool dgram_accepts(const struct unix_sock *from, const struct unix_sock *to)
{
	return !to->peer || to->peer == from;
}

/* What waits in u's queue is lost with the association; old is told if that was mutual. */
static void dgram_disconnected(struct unix_sock *u, struct unix_sock *old)
{
	if (list_empty(&u->queue))
		return;
	unix_purge_queue(u);
	wake_all(&u->room_wait);
	if (!old->dead && old->peer == u) {
		old->sk.error = ECONNRESET;
		socket_wake_state(&old->sk);
	}
}

/* Takes the reference of new (NULL: none). */
static void dgram_set_peer(struct unix_sock *u, struct unix_sock *new)
{
	struct unix_sock *old = u->peer;

	if (old && unix_peer_full_end(u))
		socket_wake_writers(&u->sk);
	u->peer = new;
	u->state = new ? UNIX_CONNECTED : UNIX_CLOSED;
	if (new)
		new->state = UNIX_CONNECTED;
	if (!old)
		return;
	if (old != new) {
		dgram_disconnected(u, old);
		if (!old->peer)
			old->state = UNIX_CLOSED;
	}
	unix_put(old);
}

static int dgram_connect(struct socket *s, const void *name, u32 len, bool nonblock)
{
	const struct sockaddr_un *un = name;
	struct unix_sock *u = to_unix(s), *other;
	int err;

	(void)nonblock;
	if (len < sizeof(un->sun_family))
		return -EINVAL;
	if (un->sun_family == AF_UNSPEC) {
		dgram_set_peer(u, NULL);
		return 0;
	}
	err = unix_check_name(name, len);
	if (!err)
		err = unix_autobind_if_asked(u);
	if (!err)
		err = unix_find(name, len, s->type, &other);
	if (err)
		return err;
	if (!dgram_accepts(u, other)) {
		unix_put(other);
		return -EPERM;
	}
	dgram_set_peer(u, other);
	return 0;
}

/* --- sending --- */

/* The peer turned out to be closed. 0: another one is to be found by name. */
static int dgram_peer_gone(struct unix_sock *u, struct unix_sock *other)
{
	if (u->sk.type == SOCK_SEQPACKET)
		return -EPIPE;
	if (u->peer != other)
		return 0;
	dgram_set_peer(u, NULL);
	return -ECONNREFUSED;
}

/* Sleeps if "to" is full. 0: look again, 1: there is room, or -errno. */
static int dgram_wait(struct unix_sock *u, struct unix_sock *to, u64 *deadline)
{
	int err;

	if (!dgram_full(u, to))
		return 1;
	if (!*deadline) {
		if (u->peer == to)
			unix_peer_full(u);
		return -EAGAIN;
	}
	err = unix_wait_queue_room(to, *deadline);
	if (err != -EAGAIN)
		return err;
	*deadline = 0;
	return 0;
}

/* Tries to hand msg to "to": 0 done, 1 look for the receiver again, or -errno. */
static int dgram_deliver_to(struct unix_sock *u, struct unix_sock *to, struct unix_msg *msg,
			    u64 *deadline)
{
	int err;

	if (!dgram_accepts(u, to))
		return -EPERM;
	if (to->dead) {
		err = dgram_peer_gone(u, to);
		return err ? err : 1;
	}
	if (to->sk.shutdown & SHUTDOWN_RECV)
		return -EPIPE;
	err = dgram_wait(u, to, deadline);
	if (err <= 0)
		return err ? err : 1;
	unix_scm_add_own(msg, to);
	unix_msg_queue(to, msg);
	return 0;
}

/* msg's reference goes to the receiver, or back. */
static int dgram_deliver(struct unix_sock *u, const struct socket_msg *m, struct unix_msg *msg)
{
	u64 deadline = socket_deadline(u->sk.snd_timeout_nsec, m->flags & MSG_DONTWAIT);
	struct unix_sock *to;
	int err;

	do {
		if (m->name_len) {
			err = unix_find(m->name, m->name_len, u->sk.type, &to);
			if (err)
				return err;
		} else if (u->peer) {
			to = unix_get(u->peer);
		} else {
			return -ECONNRESET;
		}
		err = dgram_deliver_to(u, to, msg, &deadline);
		unix_put(to);
	} while (err > 0);
	return err;
}

static int dgram_may_send(struct unix_sock *u, const struct socket_msg *m)
{
	int err = 0;

	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (m->name_len)
		err = unix_check_name(m->name, m->name_len);
	else if (!u->peer)
		err = -ENOTCONN;
	if (!err)
		err = unix_autobind_if_asked(u);
	if (!err && (s64)m->data->count > (s64)u->sk.sndbuf - SNDBUF_RESERVE)
		err = -EMSGSIZE;
	return err ? err : unix_wait_send_room(u, m->flags & MSG_DONTWAIT);
}

static ssize_t dgram_send(struct socket *s, struct socket_msg *m)
{
	u32 len = m->data->count, paged = 0;
	struct unix_sock *u = to_unix(s);
	struct unix_scm scm;
	struct unix_msg *msg;
	int err = unix_scm_parse(m, &scm);

	if (err)
		return err;
	if (len > LINEAR_MAX)
		paged = ALIGN_UP(MIN((u64)len - LINEAR_MAX, PAGED_MAX), PAGE_SIZE);
	err = dgram_may_send(u, m);
	if (!err)
		err = unix_msg_create(u, len, len - paged, &msg);
	if (err)
		goto clear;
	err = unix_scm_attach(msg, &scm);
	if (!err)
		err = unix_msg_fill(msg, m->data);
	if (!err)
		err = dgram_deliver(u, m, msg);
	if (err)
		unix_msg_put(msg);
clear:
	unix_scm_clear(&scm);
	return err ? err : (ssize_t)len;
}

static ssize_t seqpacket_send(struct socket *s, struct socket_msg *m)
{
	int err = socket_take_error(s);

	if (err)
		return err;
	if (to_unix(s)->state != UNIX_CONNECTED)
		return -ENOTCONN;
	m->name_len = 0;
	return dgram_send(s, m);
}

/* --- receiving --- */

/* The message that is next; *skip bytes of it were peeked at before. */
static struct unix_msg *dgram_find(struct unix_sock *u, bool peek, u32 *skip)
{
	bool by_offset = peek && u->sk.peek_off >= 0;
	struct unix_msg *msg;
	u32 off = by_offset ? u->sk.peek_off : 0;

	list_for_each(msg, &u->queue, link) {
		if (by_offset && off >= msg->len && (off || msg->peeked)) {
			off -= msg->len;
			continue;
		}
		if (peek)
			msg->peeked = true;
		*skip = off;
		return msg;
	}
	return NULL;
}

/* Waits for the next message; *msg has a reference of the caller, or is NULL at the end. */
static int dgram_take(struct unix_sock *u, const struct socket_msg *m, u32 *skip,
		      struct unix_msg **out)
{
	u64 deadline = socket_deadline(u->sk.rcv_timeout_nsec, m->flags & MSG_DONTWAIT);
	bool peek = m->flags & MSG_PEEK, ended;
	int err;

	for (;;) {
		err = socket_take_error(&u->sk);
		if (err)
			return err;
		*out = dgram_find(u, peek, skip);
		if (*out)
			break;
		ended = u->sk.shutdown & SHUTDOWN_RECV;
		if (!deadline)
			return ended && u->sk.type == SOCK_SEQPACKET ? 0 : -EAGAIN;
		if (ended)
			return 0;
		mutex_unlock(&u->read_lock);
		err = socket_wait(&u->sk.read_wait, deadline);
		mutex_lock(&u->read_lock);
		if (err == -EAGAIN)
			deadline = 0;
		else if (err)
			return err;
	}
	if (peek)
		ref_get(&(*out)->refs);
	else
		unix_msg_unqueue(u, *out);
	wake_events(&u->room_wait, EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND, UINT_MAX);
	return 0;
}

/* Copies a message, or as much of it as is asked for. Bytes or -errno. */
static ssize_t dgram_copy(struct unix_sock *u, struct socket_msg *m, struct unix_msg *msg, u32 skip)
{
	u32 left = msg->len - skip, n = MIN((u64)left, m->data->count);
	struct unix_scm scm = { .uid = INVALID_ID, .gid = INVALID_ID };
	bool peek = m->flags & MSG_PEEK;
	int err = 0;

	unix_tell_sender(m, msg->sender);
	if (n < left)
		m->out_flags |= MSG_TRUNC;
	if (unix_msg_copy(msg, skip, n, m->data) < n)
		return -EFAULT;
	unix_scm_set_cred(&scm, &msg->scm);
	if (peek)
		err = unix_scm_copy_files(&scm, msg);
	else
		unix_scm_take_files(&scm, u, msg);
	if (u->sk.peek_off >= 0)
		u->sk.peek_off = peek ? u->sk.peek_off + (s32)n :
					MAX(u->sk.peek_off - (s32)msg->len, 0);
	unix_scm_recv(u, m, &scm);
	if (err)
		return err;
	return m->flags & MSG_TRUNC ? left : n;
}

static ssize_t dgram_recv(struct socket *s, struct socket_msg *m)
{
	struct unix_sock *u = to_unix(s);
	struct unix_msg *msg = NULL;
	ssize_t n;
	u32 skip;

	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	mutex_lock(&u->read_lock);
	n = dgram_take(u, m, &skip, &msg);
	if (msg) {
		n = dgram_copy(u, m, msg, skip);
		unix_msg_put(msg);
	}
	mutex_unlock(&u->read_lock);
	return n;
}

static ssize_t seqpacket_recv(struct socket *s, struct socket_msg *m)
{
	return to_unix(s)->state == UNIX_CONNECTED ? dgram_recv(s, m) : -ENOTCONN;
}

static u32 dgram_poll(struct socket *s, struct file *f, struct poll_table *pt)
{
	struct unix_sock *u = to_unix(s);
	u32 mask = unix_poll_common(u);

	(void)f;
	if (pt && !(pt->events & (EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND)))
		return mask;
	if (unix_writable(u) && !unix_peer_full(u))
		mask |= EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;
	return mask;
}

/* What datagram and seqpacket sockets have in common. */
#define MESSAGE_OPS                              \
	.proto_name = "UNIX",                    \
	.peek_offset = true,                     \
	.bind = unix_bind,                       \
	.pair = unix_pair,                       \
	.name = unix_name,                       \
	.shutdown = unix_shutdown,               \
	.poll = dgram_poll,                      \
	.ioctl = unix_ioctl,                     \
	.listening = unix_listening,             \
	.peer_cred = unix_get_peer_cred,         \
	.peer_pid = unix_get_peer_pid,           \
	.peer_groups = unix_get_peer_groups,     \
	.write_space = unix_socket_write_space,  \
	.fdinfo = unix_fdinfo,                   \
	.close = unix_socket_close,              \
	.destroy = unix_destroy

const struct socket_ops unix_dgram_ops = {
	MESSAGE_OPS,
	.connect = dgram_connect,
	.listen = socket_no_listen,
	.accept = socket_no_accept,
	.send = dgram_send,
	.recv = dgram_recv,
};

const struct socket_ops unix_seqpacket_ops = {
	MESSAGE_OPS,
	.record = true,
	.connect = unix_connect,
	.listen = unix_listen,
	.accept = unix_accept,
	.send = seqpacket_send,
	.recv = seqpacket_recv,
};
