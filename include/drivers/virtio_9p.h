// SPDX-License-Identifier: MIT
/* drivers/virtio_9p.h - channels to 9P servers: each carries requests out and replies back.
 *
 * Bytes are the client's business (fs/9p_client.c): a packet is up to two buffers out and two back.
 * It is the channel's from p9_channel_send() until done() is called. */
#pragma once

#include "drivers/virtio.h"
#include "lib/list.h"

#define P9_CHANNEL_TAG_MAX 255
#define P9_PACKET_PARTS 2		/* in each direction: head, payload */

struct p9_packet {
	struct list link;		/* the owner's until sent */
	struct virtq_buffer out[P9_PACKET_PARTS], in[P9_PACKET_PARTS];	/* len 0: not there */
	u32 received;			/* bytes of the reply; 0: there was none */
	void (*done)(struct p9_packet *p);	/* in the interrupt, under the BKL */
};

struct p9_channel {
	struct list all;
	char tag[P9_CHANNEL_TAG_MAX + 1];	/* mount_tag= of QEMU */
	struct virtqueue *queue;
	struct list waiting;		/* packets for which there is no room yet */
	struct list sent;		/* those the device has */
	void *owner;			/* the client that uses it, NULL: free */
};

/* Makes a channel, its tag filled in, known over a queue; forgets one that has no owner. */
void p9_channel_add(struct p9_channel *ch, struct virtqueue *q);
void p9_channel_remove(struct p9_channel *ch);
/* The channel of that name, or NULL. */
struct p9_channel *p9_channel_find(const char *tag);
void p9_channel_send(struct p9_channel *ch, struct p9_packet *p);
/* Takes a packet back that still waits for room: false if the server may know of it. */
bool p9_channel_cancel(struct p9_channel *ch, struct p9_packet *p);
