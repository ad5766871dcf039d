// SPDX-License-Identifier: MIT
/* net/unix_msg.h - messages of local sockets, and the files and credentials they carry. */
#pragma once

#include "kernel/cred.h"
#include "kernel/pid.h"
#include "net/socket.h"

struct unix_sock;
struct frame;

/* Files on their way. In flight: counted in the sockets among them and in the sender's user. */
struct unix_files {
	struct list link;		/* while it waits to be let go */
	struct user *user;		/* counted; NULL: not in flight */
	u32 nr;
	struct file *file[SCM_MAX_FD];	/* counted; allocated as long as needed */
};

/* What the control data of one call says: credentials and files. */
struct unix_scm {
	struct pid *pid;		/* counted; NULL: nothing said */
	kid_t uid, gid;
	struct unix_files *files;	/* owned */
};

struct unix_msg {
	refcount_t refs;		/* the queue, readers under way */
	struct list link;
	struct list all;		/* on unix_msg_all */
	struct unix_sock *sender;	/* counted; pays for it */
	struct unix_scm scm;		/* pid counted, files owned */
	u32 len, done;			/* bytes, and how many of them are consumed */
	u32 charge;
	bool peeked;
	u32 nr_pages;			/* 0: the bytes stand here */
	union {
		struct frame *page[0];
		u8 bytes[0];
	};
};
static inline u32 unix_msg_left(const struct unix_msg *m)
{
	return m->len - m->done;
}

/* --- unix_msg.c --- */
/* An empty message of len bytes, linear of them in one block (for its charge). */
int unix_msg_create(struct unix_sock *sender, u32 len, u32 linear, struct unix_msg **out);
int unix_msg_fill(struct unix_msg *m, struct iter *from);	/* 0 or -EFAULT */
/* n bytes from offset at (behind what is done): number copied. */
u32 unix_msg_copy(const struct unix_msg *m, u32 at, u32 n, struct iter *to);
void unix_msg_put(struct unix_msg *m);
void unix_msg_queue(struct unix_sock *u, struct unix_msg *m);	/* takes the reference */
void unix_msg_unqueue(struct unix_sock *u, struct unix_msg *m);	/* the reference is the caller's */

/* --- unix_scm.c --- */
/* Reads the control data of a send. 0 or -errno; on failure out is empty. */
int unix_scm_parse(const struct socket_msg *m, struct unix_scm *out);
void unix_scm_clear(struct unix_scm *scm);
/* The message takes credentials (a copy) and files (if wanted: moved and in flight). */
int unix_scm_attach(struct unix_msg *m, struct unix_scm *scm);
/* Current's own credentials, where the message has none and sender or receiver wants them. */
void unix_scm_add_own(struct unix_msg *m, const struct unix_sock *receiver);
bool unix_scm_same(const struct unix_scm *a, const struct unix_scm *b);	/* the same writer */
void unix_scm_set_cred(struct unix_scm *to, const struct unix_scm *from);	/* a copy */
int unix_scm_files_create(u32 room, struct unix_files **out);	/* empty */
/* Files of m for a reader: taken, or copied (peek). 0 or -ENOMEM. */
void unix_scm_take_files(struct unix_scm *to, struct unix_sock *reader, struct unix_msg *m);
int unix_scm_copy_files(struct unix_scm *to, const struct unix_msg *m);
/* Tells the reader, installs files, and empties scm. */
void unix_scm_recv(struct unix_sock *reader, struct socket_msg *m, struct unix_scm *scm);
