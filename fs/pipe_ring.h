// SPDX-License-Identifier: MIT
/* fs/pipe_ring.h - the inside of a pipe: a ring of buffers, each a page with some bytes in it.
 *
 * head and tail count buffers ever filled and emptied; the ring has a power of two of slots.
 * For pipe.c, pipefs.c, splice.c and the checkpoint of pipes. */
#pragma once

#include "fs/pipe.h"
#include "fs/vfs.h"
#include "kernel/wait.h"

#define PIPE_BUF_MERGE  BIT(0)	/* a later write may add to the page */
#define PIPE_BUF_PACKET BIT(1)	/* O_DIRECT: read as one unit */
#define PIPE_SPARES 2

struct pipe_buf {
	struct frame *page;		/* counted */
	u32 offset, len, flags;
};
struct pipe {
	struct mutex lock;		/* the ring, over user copies that sleep */
	struct pipe_buf *ring;		/* cr */
	u32 head, tail, slots;		/* cr */
	struct frame *spare[PIPE_SPARES];	/* cr:none a cache */
	u32 files;			/* open files of both ends */
	u32 saved;			/* cr:none of them, those that a checkpoint met */
	u32 readers, writers;		/* open files by mode */
	u32 readers_ever, writers_ever;	/* opens so far: FIFO opens wait for a change */
	bool polled;			/* someone watches: wake on every change */
	struct waitqueue read_wait, write_wait;
	struct user *user;		/* who pays for the slots; counted */
};

static inline bool pipe_empty(const struct pipe *p)
{
	return p->head == p->tail;
}
static inline bool pipe_full(const struct pipe *p)
{
	return p->head - p->tail >= p->slots;
}
static inline struct pipe_buf *pipe_slot(struct pipe *p, u32 n)
{
	return &p->ring[n & (p->slots - 1)];
}
static inline bool pipe_readable(const struct pipe *p)
{
	return !pipe_empty(p) || !p->writers;
}
static inline bool pipe_writable(const struct pipe *p)
{
	return !pipe_full(p) || !p->readers;
}

int pipe_create(struct pipe **out);		/* no files yet */
void pipe_destroy(struct pipe *p);
int pipe_open(struct inode *i, struct file *f);	/* by name: FIFOs, /proc/PID/fd */
int pipe_resize(struct pipe *p, u32 slots);
u64 pipe_bytes(const struct pipe *p);
/* Sleep until the pipe may be read (written): 0 or -ERESTARTSYS; p->lock is not held. */
int pipe_wait_readable(struct pipe *p);
int pipe_wait_writable(struct pipe *p);
void pipe_wake_readers(struct pipe *p);
void pipe_wake_writers(struct pipe *p);
/* Takes a page for a new buffer, or gives one back, through the spares. */
struct frame *pipe_page_take(struct pipe *p);
void pipe_page_give(struct pipe *p, struct frame *page);
/* Adds a buffer at the head (there is room); takes the page's reference. */
void pipe_push(struct pipe *p, struct frame *page, u32 offset, u32 len, u32 flags);
/* Takes n bytes off the first buffer, and the buffer when it is empty. */
void pipe_consume(struct pipe *p, u32 n);
extern const struct file_ops pipe_file_ops;
