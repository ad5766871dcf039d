// SPDX-License-Identifier: MIT
/* net/unix_msg.c - messages of local sockets: their bytes, and who pays for them.
 *
 * A short message's bytes stand behind its header, a longer one's in pages. The sender pays until
 * the message is consumed: the charge is what Linux would charge for it (its buffers are powers of
 * two and have a fixed overhead), so that as many messages fit into a send buffer as there.
 * Life: unix_msg_create (one reference), queued, unqueued by a reader or a closing receiver.
 * Locks: BKL. Checkpoint: saved with the queue they are in. */

#include "net/unix_msg.h"

#include "mm/frame.h"
#include "mm/slab.h"
#include "net/unix_internal.h"

#define INLINE_MAX 1024			/* longer ones go to pages */
/* Linux's accounting: a block holds the bytes and a trailer, and has a header of its own. */
#define BLOCK_ALIGN 64
#define BLOCK_TRAILER 320
#define BLOCK_MIN 512
#define BLOCK_HEADER 256

struct list unix_msg_all = LIST_INIT(unix_msg_all);	/* for the audit */

static u32 linear_charge(u32 linear)
{
	u64 need = ALIGN_UP(linear, BLOCK_ALIGN) + BLOCK_TRAILER, block = BLOCK_MIN;

	while (block < need)
		block *= 2;
	return block + BLOCK_HEADER;
}

static void msg_free(struct unix_msg *m)
{
	for (u32 k = 0; k < m->nr_pages; k++)
		if (m->page[k])
			frame_put(m->page[k]);
	kfree(m);
}

static int msg_alloc_pages(struct unix_msg *m)
{
	for (u32 k = 0; k < m->nr_pages; k++) {
		m->page[k] = frame_alloc(FRAME_KERNEL, 0, FRAME_CHARGE);
		if (!m->page[k])
			return -ENOBUFS;
	}
	return 0;
}

int unix_msg_create(struct unix_sock *sender, u32 len, u32 linear, struct unix_msg **out)
{
	u32 pages = len > INLINE_MAX ? ALIGN_UP(len, PAGE_SIZE) / PAGE_SIZE : 0;
	size_t more = pages ? pages * sizeof(struct frame *) : len;
	struct unix_msg *m = kzalloc_charged(sizeof(*m) + more);

	if (!m)
		return -ENOBUFS;
	m->nr_pages = pages;
	if (msg_alloc_pages(m)) {
		msg_free(m);
		return -ENOBUFS;
	}
	ref_set(&m->refs, 1);
	list_init(&m->link);
	m->len = len;
	m->scm.uid = m->scm.gid = INVALID_ID;
	m->charge = linear_charge(linear) + ALIGN_UP(len - linear, PAGE_SIZE);
	list_add_tail(&unix_msg_all, &m->all);
	m->sender = unix_get(sender);
	sender->sk.charged += m->charge;
	*out = m;
	return 0;
}

/* Where byte "at" lies, and how many lie there together, at most n. */
static void *msg_run(const struct unix_msg *m, u32 at, u32 *n)
{
	u32 in_page = at % PAGE_SIZE;

	if (!m->nr_pages)
		return (u8 *)m->bytes + at;
	*n = MIN(*n, (u32)PAGE_SIZE - in_page);
	return (u8 *)frame_data(m->page[at / PAGE_SIZE]) + in_page;
}

int unix_msg_fill(struct unix_msg *m, struct iter *from)
{
	u32 n;

	for (u32 at = 0; at < m->len; at += n) {
		void *to;

		n = m->len - at;
		to = msg_run(m, at, &n);
		if (iter_copy_from(from, to, n) < n)
			return -EFAULT;
	}
	return 0;
}

u32 unix_msg_copy(const struct unix_msg *m, u32 at, u32 n, struct iter *to)
{
	u32 done = 0, run, moved;

	while (done < n) {
		void *from;

		run = n - done;
		from = msg_run(m, m->done + at + done, &run);
		moved = iter_copy_to(to, from, run);
		done += moved;
		if (moved < run)
			break;
	}
	return done;
}

void unix_msg_put(struct unix_msg *m)
{
	struct unix_sock *sender = m->sender;

	if (!ref_put(&m->refs))
		return;
	unix_scm_clear(&m->scm);
	sender->sk.charged -= m->charge;
	list_del(&m->all);
	msg_free(m);
	unix_write_space(sender);
	unix_put(sender);
}

void unix_msg_queue(struct unix_sock *u, struct unix_msg *m)
{
	list_add_tail(&u->queue, &m->link);
	u->queue_len++;
	if (m->scm.files)
		u->queued_files += m->scm.files->nr;
	socket_wake_readers(&u->sk);
}

void unix_msg_unqueue(struct unix_sock *u, struct unix_msg *m)
{
	list_del(&m->link);
	u->queue_len--;
	if (m->scm.files)
		u->queued_files -= m->scm.files->nr;
}
