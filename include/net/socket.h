// SPDX-License-Identifier: MIT
/* net/socket.h - sockets: what every family has in common, and what it brings.
 *
 *   file -> socket -> family (how sockets are made), ops (what its type does)
 *
 * A struct socket is counted by its file, and by what its family says (peers, messages on their
 * way). Families are listed in net/list.h. Options of level SOL_SOCKET are kept here.
 * Locks: BKL. Checkpoint: saved by family. See socket(2), socket(7). */
#pragma once

#include "fs/poll.h"
#include "fs/vfs.h"
#include "net/abi.h"

struct socket_ops;
struct text;

/* socket.shutdown */
#define SHUTDOWN_RECV BIT(0)
#define SHUTDOWN_SEND BIT(1)
#define SHUTDOWN_BOTH (SHUTDOWN_RECV | SHUTDOWN_SEND)

/* socket.flags: options that are on or off. */
#define SOCKET_DEBUG      BIT(0)
#define SOCKET_REUSEADDR  BIT(1)
#define SOCKET_WIFI_STATUS BIT(2)
#define SOCKET_DONTROUTE  BIT(3)
#define SOCKET_BROADCAST  BIT(4)
#define SOCKET_KEEPALIVE  BIT(5)
#define SOCKET_OOBINLINE  BIT(6)
#define SOCKET_NO_CHECK   BIT(7)
#define SOCKET_PASSCRED   BIT(8)
#define SOCKET_PASSSEC    BIT(9)
#define SOCKET_TIMESTAMP  BIT(10)
#define SOCKET_TIMESTAMPNS BIT(11)
#define SOCKET_RXQ_OVFL   BIT(12)
#define SOCKET_LINGER     BIT(13)
#define SOCKET_NOFCS      BIT(14)
#define SOCKET_ERR_QUEUE  BIT(15)
#define SOCKET_RCVMARK    BIT(16)

#define SOCKET_FOREVER (-1L)

/* Knobs of /proc/sys/net: sysctls.c. */
extern struct socket_limits {
	s32 wmem_default, wmem_max, rmem_default, rmem_max;	/* bytes, doubled where set */
	s32 optmem_max;			/* bytes of control data of one send */
	s32 somaxconn;			/* listen(2) asks for no more */
	s32 unix_dgram_queue;		/* messages queued before senders wait */
} socket_limits;

struct socket {
	refcount_t refs;
	const struct socket_family *family;
	const struct socket_ops *ops;
	struct file *file;		/* NULL: not accepted yet, or closed */
	u16 type, protocol;
	u8 shutdown;			/* SHUTDOWN_* */
	s32 error;			/* pending errno, told once */
	struct waitqueue read_wait, write_wait;
	u32 flags;			/* SOCKET_* */
	s32 sndbuf, rcvbuf;
	u32 charged;			/* bytes sent and not yet consumed, with their overhead */
	u8 buf_locked;			/* SOCK_SNDBUF_LOCK ...: the user chose the size */
	s32 rcvlowat, priority, mark, busy_poll, linger_seconds;
	s32 peek_off;			/* -1: off */
	s64 rcv_timeout_nsec, snd_timeout_nsec;	/* SOCKET_FOREVER, or 0: never wait */
	u64 cookie;			/* 0: not asked for yet */
};

/* One message of a send or receive call. */
struct socket_msg {
	struct iter *data;
	u32 flags;			/* MSG_* asked for */
	u32 out_flags;			/* MSG_* told */
	u8 name[SOCKADDR_MAX];
	u32 name_len;			/* send: 0: none; receive: filled in */
	const u8 *control;		/* send: a copy */
	u64 control_len;
	uaddr control_to;		/* receive: 0: not wanted */
	u64 control_left;
};

enum socket_name { SOCKET_OWN_NAME, SOCKET_PEER_NAME, SOCKET_ACCEPTED_NAME };

/* What sockets of one type of a family do. Each is called with a reference of the socket
 * held; send, recv, connect, accept and bind may sleep. socket_no_x are the defaults. */
struct socket_ops {
	int (*bind)(struct socket *s, const void *name, u32 len);
	int (*connect)(struct socket *s, const void *name, u32 len, bool nonblock);
	int (*pair)(struct socket *a, struct socket *b);
	int (*listen)(struct socket *s, int backlog);
	/* Gives a socket with a reference. */
	int (*accept)(struct socket *s, bool nonblock, struct socket **out);
	/* Into a buffer of SOCKADDR_MAX: length or -errno. */
	int (*name)(struct socket *s, enum socket_name which, void *buf);
	int (*shutdown)(struct socket *s, u8 how);	/* SHUTDOWN_* */
	ssize_t (*send)(struct socket *s, struct socket_msg *m);
	ssize_t (*recv)(struct socket *s, struct socket_msg *m);
	u32 (*poll)(struct socket *s, struct file *f, struct poll_table *pt);
	long (*ioctl)(struct socket *s, unsigned cmd, u64 arg);
	bool (*listening)(const struct socket *s);
	/* SO_PEERCRED, and SO_PEERGROUPS into a user array of room: 0 or -errno; *nr: how many. */
	void (*peer_cred)(struct socket *s, struct ucred_abi *out);
	struct pid *(*peer_pid)(struct socket *s);	/* SO_PEERPIDFD; no reference, NULL: none */
	int (*peer_groups)(struct socket *s, uaddr to, u32 room, u32 *nr);
	void (*write_space)(struct socket *s);	/* the send buffer may have become larger */
	void (*fdinfo)(struct socket *s, struct text *t);
	const char *proto_name;		/* system.sockprotoname */
	bool record;			/* write(2) ends a record: MSG_EOR */
	bool peek_offset;		/* has SO_PEEK_OFF */
	void (*close)(struct socket *s);	/* its file is gone; its reference not yet */
	void (*destroy)(struct socket *s);	/* the last reference is gone: frees it */
};

struct socket_family {
	const char *name;
	int number;			/* AF_* */
	/* Makes a socket with one reference. 0 or -errno. */
	int (*create)(int type, int protocol, struct socket **out);
};

/* --- socket.c --- */
void sockets_init(void);			/* boot: mounts sockfs */
void socket_init(struct socket *s, const struct socket_family *family, const struct socket_ops *ops,
		 int type);
static inline struct socket *socket_get(struct socket *s)
{
	ref_get(&s->refs);
	return s;
}
void socket_put(struct socket *s);
struct socket *socket_of(struct file *f);	/* NULL: not a socket; no reference */
/* The socket of a descriptor with a reference of its file: 0, -EBADF, -ENOTSOCK. */
int socket_of_fd(int fd, struct file **f, struct socket **out);
int socket_create(int family, int type, int protocol, struct socket **out);
/* The open file of s, whose reference it takes (also on failure). o_flags: O_NONBLOCK. */
int socket_create_file(struct socket *s, u32 o_flags, struct file **out);
/* The pending error as -errno, once. */
int socket_take_error(struct socket *s);
/* When a call that may wait so long is to give up: a deadline; 0: at once. */
u64 socket_deadline(s64 timeout_nsec, bool nonblock);
/* Sleeps once: 0, -EAGAIN (time is up), -ERESTARTSYS or -EINTR. */
int socket_wait(struct waitqueue *q, u64 deadline);
void socket_wake_readers(struct socket *s);
void socket_wake_writers(struct socket *s);
void socket_wake_state(struct socket *s);	/* both, whatever they wait for */

/* --- msg.c --- */
/* Puts one control message out; sets MSG_CTRUNC where it does not fit. A fault loses it. */
void msg_put_control(struct socket_msg *m, int level, int type, const void *data, u32 len);

/* --- options.c --- */
int socket_set_option(struct socket *s, int name, uaddr value, u32 len);
int socket_get_option(struct socket *s, int name, uaddr value, uaddr len_at);

/* Operations that a type does not have. */
int socket_no_bind(struct socket *s, const void *name, u32 len);
int socket_no_connect(struct socket *s, const void *name, u32 len, bool nonblock);
int socket_no_pair(struct socket *a, struct socket *b);
int socket_no_listen(struct socket *s, int backlog);
int socket_no_accept(struct socket *s, bool nonblock, struct socket **out);

extern const struct fs_type sockfs_fs_type;
extern const struct file_ops sockfs_file_ops;
