// SPDX-License-Identifier: MIT
/* drivers/virtio_9p.c - the transport of 9P over virtio: QEMU's -virtfs.
 *
 * Each device is a channel, known by its mount tag. Packets for which the queue has no room wait
 * in order and go when others come back. When the queue broke, every packet comes back without a
 * reply.
 * Locks: BKL. Checkpoint: none. See VIRTIO 1.1; Linux's Documentation/filesystems/9p. */
#include "drivers/virtio_9p.h"

#include <linux/virtio_9p.h>

#include "abi/errno.h"

#define QUEUE_SIZE 128

static struct list channels = LIST_INIT(channels);

struct p9_channel *p9_channel_find(const char *tag)
{
	struct p9_channel *ch;

	list_for_each(ch, &channels, all)
		if (!strcmp(ch->tag, tag))
			return ch;
	return NULL;
}

static unsigned add_parts(struct virtq_buffer *to, const struct virtq_buffer *parts)
{
	unsigned n = 0;

	for (unsigned i = 0; i < P9_PACKET_PARTS; i++)
		if (parts[i].len)
			to[n++] = parts[i];
	return n;
}

static int packet_add(struct p9_channel *ch, struct p9_packet *p)
{
	struct virtq_buffer all[2 * P9_PACKET_PARTS];
	unsigned out = add_parts(all, p->out), in = add_parts(all + out, p->in);

	return virtq_add(ch->queue, all, out, in, p);
}

static void packet_end(struct p9_packet *p, u32 received)
{
	list_del(&p->link);
	p->received = received;
	p->done(p);
}

/* Sends what waits, as far as there is room. */
static void channel_pump(struct p9_channel *ch)
{
	struct p9_packet *p;
	bool any = false;
	int err;

	while ((p = list_first(&ch->waiting, struct p9_packet, link))) {
		err = packet_add(ch, p);
		if (err == -ENOSPC)
			break;
		list_del(&p->link);
		if (err)
			packet_end(p, 0);
		else
			list_add_tail(&ch->sent, &p->link);
		any = true;
	}
	if (any)
		virtq_kick(ch->queue);
}

void p9_channel_send(struct p9_channel *ch, struct p9_packet *p)
{
	list_add_tail(&ch->waiting, &p->link);
	channel_pump(ch);
}

bool p9_channel_cancel(struct p9_channel *ch, struct p9_packet *p)
{
	struct p9_packet *w;

	list_for_each(w, &ch->waiting, link)
		if (w == p) {
			list_del(&p->link);
			return true;
		}
	return false;
}

/* Replies have come. Context: interrupt, under the BKL. */
static void channel_done(struct virtqueue *q)
{
	struct p9_channel *ch = q->private;
	struct p9_packet *p;
	u32 len;

	while ((p = virtq_take(q, &len)))
		packet_end(p, len);
	while (q->broken && (p = list_first(&ch->sent, struct p9_packet, link)))
		packet_end(p, 0);
	channel_pump(ch);
}

void p9_channel_add(struct p9_channel *ch, struct virtqueue *q)
{
	ch->queue = q;
	q->private = ch;
	q->done = channel_done;
	list_init(&ch->waiting);
	list_init(&ch->sent);
	list_add_tail(&channels, &ch->all);
}

void p9_channel_remove(struct p9_channel *ch)
{
	list_del(&ch->all);
}

static int p9_probe(struct virtio_device *dev)
{
	struct p9_channel *ch;
	struct virtqueue *q;
	u16 len;
	int err;

	if (!(dev->features & BIT(VIRTIO_9P_MOUNT_TAG)) ||
	    !virtio_config_read(dev, 0, &len, sizeof(len)))
		return -ENODEV;
	if (!len || len > P9_CHANNEL_TAG_MAX)
		return -EINVAL;
	ch = virtio_alloc(sizeof(*ch));
	if (!ch)
		return -ENOMEM;
	if (!virtio_config_read(dev, offsetof(struct virtio_9p_config, tag), ch->tag, len))
		return -EINVAL;
	err = virtio_queue_create(dev, QUEUE_SIZE, channel_done, &q);
	if (!err)
		p9_channel_add(ch, q);
	return err;
}

const struct virtio_driver virtio_9p_driver = {
	.name = "9p",
	.type = VIRTIO_ID_9P,
	.features = BIT(VIRTIO_9P_MOUNT_TAG),
	.probe = p9_probe,
};
