// SPDX-License-Identifier: MIT
/* net/unix_internal.h - local sockets: what the files of unix*.c share.
 *
 *   connect():  client --peer--> embryo (on the listener's accept list) --accept--> server socket
 *   send():     message (sender, bytes, credentials, files) --> receiver's queue
 *
 * References of a unix_sock: its file, each peer pointer to it, each message it sent that is not
 * yet consumed, the accept list for an embryo. Locks: BKL; bind_lock over naming, read_lock
 * over what takes stream bytes from the queue while they are copied. */
#pragma once

#include "fs/vfs.h"
#include "kernel/cred.h"
#include "kernel/pid.h"
#include "net/unix.h"
#include "net/unix_msg.h"

enum unix_state { UNIX_CLOSED, UNIX_LISTENING, UNIX_CONNECTED };

struct unix_name {
	struct sockaddr_un un;
	char end;			/* a path may fill sun_path without a NUL */
};

/* A name that was bound; shared by a listener and the sockets accepted from it. */
struct unix_address {
	refcount_t refs;
	u32 len;			/* as the caller gives and gets it */
	struct unix_name name;
};

/* Who made a connection: kept as objects, told in the terms of who asks (AFUX-01). */
struct unix_peer {
	refcount_t refs;
	struct pid *pid;		/* counted; NULL: of no namespace here (restarted) */
	kid_t uid, gid;			/* effective */
	u32 nr_groups;
	kid_t groups[];
};

struct unix_sock {
	struct socket sk;
	enum unix_state state;
	bool dead;			/* closed: only peers and messages still know it */
	struct unix_sock *peer;		/* counted */
	struct unix_address *address;	/* counted; NULL: no name */
	struct path path;		/* of a name in the file system, counted; else zero */
	struct unix_peer *peer_cred;	/* counted; NULL: none */
	struct mutex bind_lock, read_lock;
	struct list queue;		/* unix_msg.link: received, not yet read */
	struct list embryos;		/* unix_sock.embryo_link, counted: listeners */
	struct list embryo_link;
	u32 queue_len, backlog;		/* messages or embryos; more than that and others wait */
	u32 queued_files;		/* in the messages of the queue */
	struct waitqueue room_wait;	/* senders and connectors wait for room in the queue */
	struct waiter room_waiter;	/* on the peer's room_wait: for poll() */
	bool room_waiting;
	struct list name_link;		/* abstract names */
	struct list all;		/* on unix_all */
	u32 inflight;			/* references to the file in messages on their way */
	struct list inflight_link;	/* on unix_inflight while inflight > 0 */
	u32 gc_outside;			/* scratch: references not found in queues of candidates */
	bool gc_candidate;
	u32 callers;			/* references of sleeping calls */
	u32 mark, found_charge, found_inflight;	/* the audit's scratch */
};
extern struct list unix_all, unix_msg_all, unix_files_inflight;
extern const struct socket_ops unix_stream_ops, unix_seqpacket_ops, unix_dgram_ops;

static inline struct unix_sock *to_unix(struct socket *s)
{
	return container_of(s, struct unix_sock, sk);
}
static inline struct unix_sock *unix_get(struct unix_sock *u)
{
	socket_get(&u->sk);
	return u;
}
static inline void unix_put(struct unix_sock *u)
{
	socket_put(&u->sk);
}
/* The local socket an open file is, or NULL. */
static inline struct unix_sock *unix_of(struct file *f)
{
	struct socket *s = socket_of(f);

	return s && s->family == &unix_family ? to_unix(s) : NULL;
}
static inline bool unix_is_dgram(const struct unix_sock *u)
{
	return u->sk.type == SOCK_DGRAM;
}
static inline bool unix_queue_full(const struct unix_sock *u)
{
	return u->queue_len > u->backlog;
}

/* --- unix.c --- */
int unix_create(int type, struct unix_sock **out);
/* At the end of a socket's file, or of an embryo: peers learn of it, the queue goes. */
void unix_close(struct unix_sock *u, bool embryo);
void unix_set_peer_cred(struct unix_sock *u, struct unix_peer *p);	/* takes the reference */
int unix_peer_create(struct unix_peer **out);		/* of current */
void unix_peer_put(struct unix_peer *p);
void unix_purge_queue(struct unix_sock *u);
/* Sleeps once until u's queue may have room; u is kept meanwhile. As socket_wait(). */
int unix_wait_queue_room(struct unix_sock *u, u64 deadline);
bool unix_writable(const struct unix_sock *u);
void unix_write_space(struct unix_sock *u);
/* A message of n bytes may be charged: waits for room in the send buffer. 0 or -errno. */
int unix_wait_send_room(struct unix_sock *u, bool nonblock);
u32 unix_poll_common(const struct unix_sock *u);
int unix_shutdown(struct socket *s, u8 how);
int unix_pair(struct socket *a, struct socket *b);
long unix_ioctl(struct socket *s, unsigned cmd, u64 arg);
bool unix_listening(const struct socket *s);
void unix_get_peer_cred(struct socket *s, struct ucred_abi *out);
struct pid *unix_get_peer_pid(struct socket *s);	/* no reference */
int unix_get_peer_groups(struct socket *s, uaddr to, u32 room, u32 *nr);
void unix_socket_write_space(struct socket *s);
void unix_socket_close(struct socket *s);
void unix_destroy(struct socket *s);

/* --- unix_name.c --- */
int unix_bind(struct socket *s, const void *name, u32 len);
int unix_name(struct socket *s, enum socket_name which, void *buf);
int unix_autobind(struct unix_sock *u);		/* nothing if it has a name */
int unix_autobind_if_asked(struct unix_sock *u);	/* SO_PASSCRED: others can answer */
int unix_check_name(const void *name, u32 len);	/* 0 or -EINVAL */
/* Restart: a nameless socket gets a name; node: its place, or NULL; owner: it is found by it. */
int unix_address_restore(struct unix_sock *u, const struct unix_name *name, u32 len,
			 const struct path *node, bool owner);
/* A received message tells the name of its sender, if that has one. */
void unix_tell_sender(struct socket_msg *m, const struct unix_sock *sender);
/* The socket of that name and of type, with a reference. */
int unix_find(const void *name, u32 len, int type, struct unix_sock **out);
void unix_forget_name(struct unix_sock *u);	/* it can no longer be found; keeps the name */
void unix_address_put(struct unix_address *a);

/* --- unix_dgram.c --- */
/* Is the peer's queue full? Then pollers for writing will be woken when it no longer is. */
bool unix_peer_full(struct unix_sock *u);
bool unix_peer_full_end(struct unix_sock *u);	/* u's peer changes: was it waited for? */
bool unix_room_wake(struct waiter *w, u32 events);

/* --- unix_connect.c --- */
int unix_connect(struct socket *s, const void *name, u32 len, bool nonblock);
int unix_listen(struct socket *s, int backlog);
int unix_accept(struct socket *s, bool nonblock, struct socket **out);

/* --- unix_show.c --- */
void unix_fdinfo(struct socket *s, struct text *t);
void unix_mark_users(void);

/* --- unix_gc.c --- */
void unix_inflight_add(struct file *f);
void unix_inflight_remove(struct file *f);
void unix_gc(void);
extern u64 unix_inflight_sockets;		/* sockets with inflight > 0 */
extern struct list unix_inflight;
