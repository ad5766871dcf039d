// SPDX-License-Identifier: MIT
/* net/unix_connect.c - connections of stream and seqpacket sockets: listen, connect, accept.
 *
 * connect(2) makes the other end itself, joins the two, and puts it on the listener's list of
 * embryos: the client may send at once. accept(2) takes it off. A full list (backlog + 1) makes
 * connect wait, or EAGAIN. The client sees the credentials of who called listen, the server
 * those of who called connect.
 * Locks: BKL. Checkpoint: embryos are saved with their listener. See unix(7), listen(2). */

#include "net/unix_internal.h"

int unix_listen(struct socket *s, int backlog)
{
	struct unix_sock *u = to_unix(s);
	struct unix_peer *p;
	int err;

	if (!u->address || u->state == UNIX_CONNECTED)
		return -EINVAL;
	err = unix_peer_create(&p);
	if (err)
		return err;
	if ((u32)backlog > u->backlog)
		wake_all(&u->room_wait);
	u->backlog = backlog;
	u->state = UNIX_LISTENING;
	unix_set_peer_cred(u, p);
	return 0;
}

/* The other end of a connection to come: not joined yet. */
static int embryo_create(int type, struct unix_sock **out)
{
	struct unix_sock *e;
	int err = unix_create(type, &e);

	if (err)
		return err;
	err = unix_peer_create(&e->peer_cred);
	if (err) {
		unix_put(e);
		return err;
	}
	*out = e;
	return 0;
}

/* A listener of that name that has room, with a reference. */
static int find_listener(const void *name, u32 len, int type, u64 deadline, struct unix_sock **out)
{
	struct unix_sock *l;
	int err;

	for (;;) {
		err = unix_find(name, len, type, &l);
		if (err)
			return err;
		if (l->state != UNIX_LISTENING || (l->sk.shutdown & SHUTDOWN_RECV))
			err = -ECONNREFUSED;
		else if (!unix_queue_full(l)) {
			*out = l;
			return 0;
		} else if (!deadline)
			err = -EAGAIN;
		else
			err = unix_wait_queue_room(l, deadline);
		unix_put(l);
		if (err == -EAGAIN && deadline)
			deadline = 0;	/* time is up: one more look */
		else if (err)
			return err;
	}
}

/* Point of no return. The listener's reference stays the caller's, the embryo's is the list's. */
static void join(struct unix_sock *u, struct unix_sock *embryo, struct unix_sock *listener)
{
	embryo->peer = unix_get(u);
	u->peer = unix_get(embryo);
	u->state = embryo->state = UNIX_CONNECTED;
	embryo->address = listener->address;
	ref_get(&embryo->address->refs);
	if (listener->path.dentry) {
		embryo->path = listener->path;
		path_get(&embryo->path);
	}
	ref_get(&listener->peer_cred->refs);
	unix_set_peer_cred(u, listener->peer_cred);
	list_add_tail(&listener->embryos, &embryo->embryo_link);
	listener->queue_len++;
	socket_wake_readers(&listener->sk);
}

int unix_connect(struct socket *s, const void *name, u32 len, bool nonblock)
{
	struct unix_sock *u = to_unix(s), *embryo, *listener;
	int err = unix_check_name(name, len);

	if (!err)
		err = unix_autobind_if_asked(u);
	if (!err)
		err = embryo_create(s->type, &embryo);
	if (err)
		return err;
	err = find_listener(name, len, s->type, socket_deadline(s->snd_timeout_nsec, nonblock),
			    &listener);
	if (!err) {
		if (u->state == UNIX_CONNECTED)
			err = -EISCONN;
		else if (u->state == UNIX_LISTENING)
			err = -EINVAL;
		else
			join(u, embryo, listener);
		unix_put(listener);
	}
	if (err)
		unix_put(embryo);
	return err;
}

int unix_accept(struct socket *s, bool nonblock, struct socket **out)
{
	u64 deadline = socket_deadline(s->rcv_timeout_nsec, nonblock);
	struct unix_sock *u = to_unix(s), *e;
	int err;

	if (u->state != UNIX_LISTENING)
		return -EINVAL;
	while (!(e = list_first(&u->embryos, struct unix_sock, embryo_link))) {
		err = socket_take_error(s);
		if (!err && (s->shutdown & SHUTDOWN_RECV))
			err = -EINVAL;
		if (!err)
			err = socket_wait(&s->read_wait, deadline);
		if (err)
			return err;
	}
	list_del(&e->embryo_link);
	u->queue_len--;
	wake_all(&u->room_wait);
	e->sk.flags |= s->flags & (SOCKET_PASSCRED | SOCKET_PASSSEC);
	*out = &e->sk;
	return 0;
}
