// SPDX-License-Identifier: MIT
/* net/unix.c - local sockets: made, joined, shut down, closed; what all their types have in common.
 *
 * Stream and seqpacket sockets have a peer for life, which learns when either is shut down or
 * closed; a datagram socket's peer is only where it sends to. What is sent goes straight to the
 * receiver's queue and is charged to the sender's buffer until it is read.
 * Files: unix_name.c names, unix_connect.c listen, connect, accept, unix_stream.c and unix_dgram.c
 * bytes and messages, unix_msg.c, unix_scm.c what they are made of, unix_gc.c circles.
 * Life: unix_create, unix_close (file or listener gone), unix_destroy (no peer, no message left).
 * Locks: BKL. Checkpoint: names, peers, queues, options. See unix(7). */

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "kernel/task.h"
#include "mm/slab.h"
#include "net/unix_internal.h"

struct list unix_all = LIST_INIT(unix_all);
static struct slab_cache *unix_cache;

/* --- who is at the other end --- */

int unix_peer_create(struct unix_peer **out)
{
	const struct cred *c = current_cred();
	struct unix_peer *p = kzalloc_charged(sizeof(*p) + c->groups->nr * sizeof(p->groups[0]));

	if (!p)
		return -ENOMEM;
	ref_set(&p->refs, 1);
	p->pid = current->process->tgid;
	pid_get(p->pid);
	p->uid = c->euid;
	p->gid = c->egid;
	p->nr_groups = c->groups->nr;
	memcpy(p->groups, c->groups->ids, p->nr_groups * sizeof(p->groups[0]));
	*out = p;
	return 0;
}

void unix_peer_put(struct unix_peer *p)
{
	if (!p || !ref_put(&p->refs))
		return;
	if (p->pid)
		pid_put(p->pid);
	kfree(p);
}

void unix_set_peer_cred(struct unix_sock *u, struct unix_peer *p)
{
	unix_peer_put(u->peer_cred);
	u->peer_cred = p;
}

/* PIDNS-35, USERNS-43: in the terms of who asks; a process that it cannot see is 0. */
void unix_get_peer_cred(struct socket *s, struct ucred_abi *out)
{
	const struct unix_peer *p = to_unix(s)->peer_cred;

	*out = (struct ucred_abi){ 0, INVALID_ID, INVALID_ID };
	if (!p)
		return;
	out->pid = pid_nr(p->pid);
	out->uid = from_uid_munged(current_user_ns(), p->uid);
	out->gid = from_gid_munged(current_user_ns(), p->gid);
}

struct pid *unix_get_peer_pid(struct socket *s)
{
	const struct unix_peer *p = to_unix(s)->peer_cred;

	return p ? p->pid : NULL;
}

int unix_get_peer_groups(struct socket *s, uaddr to, u32 room, u32 *nr)
{
	const struct unix_peer *p = to_unix(s)->peer_cred;

	if (!p)
		return -ENODATA;
	*nr = p->nr_groups;
	if (room < p->nr_groups)
		return -ERANGE;
	for (u32 k = 0; k < p->nr_groups; k++) {
		u32 gid = from_gid_munged(current_user_ns(), p->groups[k]);

		if (copy_to_user(to + k * sizeof(gid), &gid, sizeof(gid)))
			return -EFAULT;
	}
	return 0;
}

/* --- life --- */

static const struct socket_ops *ops_of_type(int *type)
{
	switch (*type) {
	case SOCK_STREAM:
		return &unix_stream_ops;
	case SOCK_SEQPACKET:
		return &unix_seqpacket_ops;
	case SOCK_RAW:			/* as BSD has it */
		*type = SOCK_DGRAM;
		return &unix_dgram_ops;
	case SOCK_DGRAM:
		return &unix_dgram_ops;
	default:
		return NULL;
	}
}

int unix_create(int type, struct unix_sock **out)
{
	const struct socket_ops *ops = ops_of_type(&type);
	struct unix_sock *u;

	if (!ops)
		return -ESOCKTNOSUPPORT;
	if (!unix_cache) {
		unix_cache = slab_cache_create("unix", sizeof(*u), 0);
		cred_audit_also(unix_mark_users);
	}
	u = slab_zalloc(unix_cache);
	if (!u)
		return -ENOMEM;
	socket_init(&u->sk, &unix_family, ops, type);
	mutex_init(&u->bind_lock);
	mutex_init(&u->read_lock);
	waitqueue_init(&u->room_wait);
	list_init(&u->queue);
	list_init(&u->embryos);
	list_init(&u->embryo_link);
	list_init(&u->name_link);
	list_init(&u->inflight_link);
	list_init(&u->room_waiter.link);
	u->room_waiter.wake = unix_room_wake;
	u->backlog = socket_limits.unix_dgram_queue;
	list_add_tail(&unix_all, &u->all);
	*out = u;
	return 0;
}

static int unix_family_create(int type, int protocol, struct socket **out)
{
	struct unix_sock *u;
	int err;

	if (protocol && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	err = unix_create(type, &u);
	if (!err)
		*out = &u->sk;
	return err;
}

void unix_purge_queue(struct unix_sock *u)
{
	struct unix_msg *m;

	while ((m = list_first(&u->queue, struct unix_msg, link))) {
		unix_msg_unqueue(u, m);
		unix_msg_put(m);
	}
}

/* A peer of a connection learns of the end; it is a reset if bytes were not read, or it was never
 * accepted. */
static void close_peer(struct unix_sock *u, struct unix_sock *peer, bool embryo)
{
	if (!unix_is_dgram(u)) {
		peer->sk.shutdown = SHUTDOWN_BOTH;
		if (embryo || !list_empty(&u->queue))
			peer->sk.error = ECONNRESET;
		socket_wake_state(&peer->sk);
	}
	unix_peer_full_end(u);
	unix_put(peer);
}

void unix_close(struct unix_sock *u, bool embryo)
{
	struct unix_sock *peer = u->peer, *e;

	unix_forget_name(u);
	u->dead = true;
	u->sk.shutdown = SHUTDOWN_BOTH;
	u->state = UNIX_CLOSED;
	wake_all(&u->room_wait);
	if (peer)
		close_peer(u, peer, embryo);
	u->peer = NULL;
	unix_purge_queue(u);
	while ((e = list_first(&u->embryos, struct unix_sock, embryo_link))) {
		list_del(&e->embryo_link);
		u->queue_len--;
		unix_close(e, true);
		unix_put(e);
	}
	if (u->path.dentry)
		path_put(&u->path);
	u->path = (struct path){};
}

void unix_socket_close(struct socket *s)
{
	unix_close(to_unix(s), false);
	if (unix_inflight_sockets)
		unix_gc();
}

void unix_destroy(struct socket *s)
{
	struct unix_sock *u = to_unix(s);

	assert(list_empty(&u->queue) && list_empty(&u->embryos) && !u->peer && !s->charged);
	assert(!u->inflight);
	if (u->address)
		unix_address_put(u->address);
	unix_peer_put(u->peer_cred);
	list_del(&u->all);
	slab_free(unix_cache, u);
}

int unix_pair(struct socket *sa, struct socket *sb)
{
	struct unix_sock *a = to_unix(sa), *b = to_unix(sb);
	struct unix_peer *p;
	int err = unix_peer_create(&p);

	if (err)
		return err;
	ref_get(&p->refs);
	unix_set_peer_cred(a, p);
	unix_set_peer_cred(b, p);
	a->peer = unix_get(b);
	b->peer = unix_get(a);
	a->state = b->state = UNIX_CONNECTED;
	return 0;
}

/* The other end cannot do what this end will not take part in. */
int unix_shutdown(struct socket *s, u8 how)
{
	struct unix_sock *u = to_unix(s), *peer = u->peer;

	s->shutdown |= how;
	socket_wake_state(s);
	wake_all(&u->room_wait);
	if (!peer || unix_is_dgram(u))
		return 0;
	if (how & SHUTDOWN_RECV)
		peer->sk.shutdown |= SHUTDOWN_SEND;
	if (how & SHUTDOWN_SEND)
		peer->sk.shutdown |= SHUTDOWN_RECV;
	socket_wake_state(&peer->sk);
	return 0;
}

/* --- room to send --- */

/* Pollers and blocked writers go on when three quarters of the buffer are free. */
bool unix_writable(const struct unix_sock *u)
{
	return u->state != UNIX_LISTENING && ((s64)u->sk.charged + 1) * 4 <= u->sk.sndbuf;
}

void unix_write_space(struct unix_sock *u)
{
	if (unix_writable(u))
		socket_wake_writers(&u->sk);
}

void unix_socket_write_space(struct socket *s)
{
	unix_write_space(to_unix(s));
}

int unix_wait_send_room(struct unix_sock *u, bool nonblock)
{
	u64 deadline = socket_deadline(u->sk.snd_timeout_nsec, nonblock);
	int err;

	for (;;) {
		err = socket_take_error(&u->sk);
		if (err)
			return err;
		if (u->sk.shutdown & SHUTDOWN_SEND)
			return -EPIPE;
		if ((s64)u->sk.charged < u->sk.sndbuf)
			return 0;
		err = socket_wait(&u->sk.write_wait, deadline);
		if (err)
			return err;
	}
}

int unix_wait_queue_room(struct unix_sock *u, u64 deadline)
{
	int err;

	u->callers++;
	err = socket_wait(&u->room_wait, deadline);
	u->callers--;
	return err;
}

/* --- asking --- */

bool unix_listening(const struct socket *s)
{
	return container_of(s, struct unix_sock, sk)->state == UNIX_LISTENING;
}

/* All of poll(2) but room for writing. */
u32 unix_poll_common(const struct unix_sock *u)
{
	u32 mask = 0;

	if (u->sk.error)
		mask |= EPOLLERR;
	if (u->sk.shutdown == SHUTDOWN_BOTH)
		mask |= EPOLLHUP;
	if (u->sk.shutdown & SHUTDOWN_RECV)
		mask |= EPOLLRDHUP | EPOLLIN | EPOLLRDNORM;
	if (!list_empty(&u->queue) || !list_empty(&u->embryos))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (!unix_is_dgram(u) && u->state == UNIX_CLOSED)
		mask |= EPOLLHUP;
	return mask;
}

/* SIOCINQ: bytes of the next message for datagrams, all bytes for connections. */
static long bytes_queued(const struct unix_sock *u)
{
	const struct unix_msg *m;
	long sum = 0;

	if (u->state == UNIX_LISTENING)
		return -EINVAL;
	list_for_each(m, &u->queue, link) {
		sum += unix_msg_left(m);
		if (unix_is_dgram(u))
			break;
	}
	return sum;
}

/* SIOCUNIXFILE: an O_PATH descriptor of what the socket is bound to. */
static long open_bound(const struct unix_sock *u)
{
	struct file *f;
	int fd, err;

	if (!capable_in(&init_user_ns, CAP_NET_ADMIN))
		return deny(EPERM, EXT_CRED_01);
	if (!u->path.dentry)
		return -ENOENT;
	err = file_open_path(&u->path, O_PATH | O_CLOEXEC, current_cred(), &f);
	if (err)
		return err;
	fd = fd_alloc(f, 0, O_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

long unix_ioctl(struct socket *s, unsigned cmd, u64 arg)
{
	struct unix_sock *u = to_unix(s);
	long n;
	int value;

	switch (cmd) {
	case SIOCOUTQ:
		n = s->charged;
		break;
	case SIOCINQ:
		n = bytes_queued(u);
		break;
	case SIOCUNIXFILE:
		return open_bound(u);
	default:
		return -ENOTTY;
	}
	value = n;
	return n < 0 ? n : copy_to_user(arg, &value, sizeof(value));
}

const struct socket_family unix_family = {
	.name = "UNIX",
	.number = AF_UNIX,
	.create = unix_family_create,
};
