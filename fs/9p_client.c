// SPDX-License-Identifier: MIT
/* fs/9p_client.c - a session with a 9P server: requests, tags, interrupted waits, fids.
 *
 * Life of a request: 1 made, fields are put; 2 queued until one of P9_TAGS tags is free; 3 sent;
 * 4 done: the reply is there (in the interrupt), the waiter is woken; 5 freed by the waiter. A
 * clunk has no waiter: it and its fid are freed at step 4.
 * A fatal signal ends a wait: what is still queued is taken back, what was sent is flushed: a
 * Tflush goes after it, and when that is answered too, the request either never happened or
 * its reply counts. The buffers are the server's until it gives them back.
 * Replies are not trusted: size, type and tag are checked here, each field where it is read.
 * A client is freed when it is closed and nothing is pending; only then its channel is free.
 * Locks: BKL. Checkpoint: none, a share is mounted anew. See flush(5) of 9P2000. */
#include "fs/9p.h"

#include "kernel/sched.h"
#include "kernel/task.h"
#include "mm/slab.h"

#define CLUNK_BYTES sizeof(u32)
#define ERROR_BYTES sizeof(u32)		/* of a Rlerror: every reply has room for it */
#define ERRNO_MAX   4095
#define FLUSH_BYTES sizeof(u16)

/* Woken when a channel becomes free. */
static struct waitqueue channel_free = WAITQUEUE_INIT(channel_free);

/* --- requests --- */

int p9_req_create(struct p9_client *c, enum p9_type type, u32 tx_size, u32 rx_size,
		  struct p9_req **out)
{
	u32 tx = P9_HEADER + tx_size, rx = P9_HEADER + MAX(rx_size, (u32)ERROR_BYTES);
	struct p9_req *r = kmalloc(sizeof(*r) + tx + rx);

	if (!r)
		return -ENOMEM;
	memset(r, 0, sizeof(*r));
	r->client = c;
	r->type = type;
	waitqueue_init(&r->wait);
	list_init(&r->link);
	list_init(&r->packet.link);
	r->tx = (struct p9_buf){ .data = (u8 *)(r + 1), .at = P9_HEADER, .size = tx };
	r->rx = (struct p9_buf){ .data = r->tx.data + tx, .size = rx };
	*out = r;
	return 0;
}

void p9_req_free(struct p9_req *r)
{
	kfree(r);
}

/* A closed client goes with its last request. */
static void client_settle(struct p9_client *c)
{
	if (!c->closing || c->pending || c->pumping)
		return;
	assert(radix_empty(&c->fids));
	c->channel->owner = NULL;
	wake_all(&channel_free);
	kfree(c);
}

static void fid_free(struct p9_fid *f)
{
	radix_erase(&f->client->fids, f->id);
	kfree(f->clunk);
	kfree(f);
}

/* The request is over, answered or not. */
static void req_end(struct p9_req *r)
{
	r->done = true;
	r->client->pending--;
	if (r->clunked)
		fid_free(r->clunked);
	else
		wake_all(&r->wait);
}

static void client_pump(struct p9_client *c);

/* The packet is back. Context: interrupt, under the BKL. */
static void req_answered(struct p9_packet *p)
{
	struct p9_req *r = container_of(p, struct p9_req, packet);
	struct p9_client *c = r->client;

	c->tags[r->slot] = NULL;
	req_end(r);
	client_pump(c);
	client_settle(c);
}

/* Writes the header and hands the request to the channel. */
static void req_send(struct p9_req *r, u16 slot)
{
	struct p9_buf head = { .data = r->tx.data, .size = P9_HEADER };
	struct p9_packet *p = &r->packet;

	r->slot = slot;
	r->client->tags[slot] = r;
	r->tag = r->type == P9_TVERSION ? P9_NOTAG : slot;
	r->sent = true;
	p9_put32(&head, r->tx.at + p->out[1].len);
	p9_put8(&head, r->type);
	p9_put16(&head, r->tag);
	p->out[0] = (struct virtq_buffer){ r->tx.data, r->tx.at };
	p->in[0] = (struct virtq_buffer){ r->rx.data, r->rx.size };
	p->done = req_answered;
	p9_channel_send(r->client->channel, p);
}

static int free_slot(const struct p9_client *c)
{
	for (int slot = 0; slot < P9_TAGS; slot++)
		if (!c->tags[slot])
			return slot;
	return -1;
}

/* Sends queued requests as long as there are tags. One that fails at once comes back here. */
static void client_pump(struct p9_client *c)
{
	struct p9_req *r;
	int slot;

	if (c->pumping)
		return;
	c->pumping = true;
	while ((r = list_first(&c->queue, struct p9_req, link)) && (slot = free_slot(c)) >= 0) {
		list_del(&r->link);
		req_send(r, slot);
	}
	c->pumping = false;
}

static void req_queue(struct p9_req *r, bool first)
{
	struct p9_client *c = r->client;

	c->pending++;
	if (first)
		list_add(&c->queue, &r->link);
	else
		list_add_tail(&c->queue, &r->link);
	client_pump(c);
}

/* --- waiting --- */

static bool req_firm(const struct p9_req *r)
{
	return r->firm || current->flags & TASK_EXITING;
}

/* Takes back what the server does not know of yet. */
static bool req_cancel(struct p9_req *r)
{
	if (r->sent) {
		if (!p9_channel_cancel(r->client->channel, &r->packet))
			return false;
		r->client->tags[r->slot] = NULL;
	}
	list_del(&r->link);
	req_end(r);
	return true;
}

/* Asks the server to forget r, and waits for the end of both. */
static void req_flush(struct p9_req *r)
{
	struct p9_req *f;

	if (req_cancel(r))
		return;
	if (!p9_req_create(r->client, P9_TFLUSH, FLUSH_BYTES, 0, &f)) {
		p9_put16(&f->tx, r->tag);
		req_queue(f, true);
		wait_event_uninterruptible(&f->wait, f->done);
		p9_req_free(f);
	}
	wait_event_uninterruptible(&r->wait, r->done);
}

/* What a reply that is no answer to the request says. */
static int reply_error(struct p9_req *r, u8 type)
{
	u32 err;

	if (type != P9_RLERROR)
		return -EIO;
	err = p9_get32(&r->rx);
	return r->rx.bad || !err || err > ERRNO_MAX ? -EIO : -(int)err;
}

/* Checks the header; leaves the cursor behind it, and the size at what was received. */
static int reply_check(struct p9_req *r)
{
	u32 size, received = r->packet.received;
	u16 tag;
	u8 type;

	r->rx.at = 0;
	r->rx.size = MIN(r->rx.size, received);
	size = p9_get32(&r->rx);
	type = p9_get8(&r->rx);
	tag = p9_get16(&r->rx);
	if (r->rx.bad || size > received || size < P9_HEADER || tag != r->tag)
		return -EIO;
	r->rx.size = MIN(r->rx.size, size);
	r->payload = size - r->rx.size;
	return type == r->type + 1 ? 0 : reply_error(r, type);
}

int p9_rpc(struct p9_req *r)
{
	int err;

	if (r->tx.bad)
		return -ENAMETOOLONG;
	req_queue(r, false);
	err = wait_event_mode(&r->wait, r->done, req_firm(r) ? WAIT_UNINTERRUPTIBLE : WAIT_KILLABLE,
			      WAIT_FOREVER);
	if (err)
		req_flush(r);
	if (err && !r->packet.received)
		return err;
	return reply_check(r);
}

/* --- fids --- */

int p9_fid_create(struct p9_client *c, kid_t uid, struct p9_fid **out)
{
	struct p9_fid *f = kzalloc(sizeof(*f));
	u64 id;
	int err = -ENOMEM;

	if (!f)
		return err;
	err = p9_req_create(c, P9_TCLUNK, CLUNK_BYTES, 0, &f->clunk);
	if (err)
		goto fail_fid;
	err = radix_free_index(&c->fids, 0, P9_NOFID - 1, &id);
	if (!err)
		err = radix_set(&c->fids, id, f);
	if (err)
		goto fail_clunk;
	ref_set(&f->refs, 1);
	f->id = id;
	f->uid = uid;
	f->client = c;
	*out = f;
	return 0;

fail_clunk:
	kfree(f->clunk);
fail_fid:
	kfree(f);
	return err;
}

void p9_fid_put(struct p9_fid *f)
{
	struct p9_req *r;

	if (!f || !ref_put(&f->refs))
		return;
	if (!f->live) {
		fid_free(f);
		return;
	}
	r = f->clunk;
	r->clunked = f;
	p9_put32(&r->tx, f->id);
	req_queue(r, false);
}

/* --- sessions --- */

/* A free channel of that name; waits for one that is about to be. */
static int channel_get(const char *tag, struct p9_channel **out)
{
	struct p9_channel *ch = p9_channel_find(tag);
	int err;

	if (!ch)
		return -ENOENT;
	while (ch->owner) {
		if (!((struct p9_client *)ch->owner)->closing)
			return -EBUSY;
		err = wait_event_mode(&channel_free, !ch->owner, WAIT_KILLABLE, WAIT_FOREVER);
		if (err)
			return err;
	}
	*out = ch;
	return 0;
}

int p9_client_open(const char *tag, u32 msize, struct p9_client **out)
{
	struct p9_channel *ch;
	struct p9_client *c;
	int err = channel_get(tag, &ch);

	if (err)
		return err;
	c = kzalloc(sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->channel = ch;
	c->msize = msize;
	list_init(&c->queue);
	ch->owner = c;
	err = p9_version(c);
	if (err)
		p9_client_close(c);
	else
		*out = c;
	return err;
}

void p9_client_close(struct p9_client *c)
{
	c->closing = true;
	client_settle(c);
}
