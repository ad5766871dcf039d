// SPDX-License-Identifier: MIT
/* drivers/virtio.h - virtio devices over PCI (modern), and their virtqueues.
 *
 * A driver is one row of drivers/virtio_list.h: a type and a probe. It makes its queues in probe();
 * from then on:
 *     virtq_add(q, buffers, out, in, token)   hands out + in buffers to the device, -ENOSPC if full
 *     virtq_kick(q)                           tells the device
 *     q->done(q)                              called in the interrupt, under the BKL
 *     while ((token = virtq_take(q, &len)))   what the device gives back, len bytes written to it
 * Buffers belong to the device until they are taken back.
 * Locks: BKL. Checkpoint: none; a restart finds another machine. See VIRTIO 1.1, 2.6, 4.1. */
#pragma once

#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_ring.h>

#include "types.h"

struct virtio_device;
struct virtqueue;
struct pci_device;

struct virtq_buffer {
	void *data;			/* kernel memory, contiguous in RAM */
	u32 len;
};

struct virtqueue {
	u16 size;			/* descriptors, a power of two */
	u16 nr_free, free_head;
	u16 taken;			/* used entries taken back, modulo 2^16 */
	bool broken;			/* the device told nonsense: nothing more is believed */
	volatile struct vring_desc *desc;
	volatile struct vring_avail *avail;
	volatile struct vring_used *used;
	struct virtq_slot *slots;	/* by the head of a chain */
	void (*done)(struct virtqueue *q);
	volatile u16 *doorbell;		/* NULL: nobody listens (tests) */
	u16 index;			/* of the queue in its device */
	void *private;			/* the driver's */
};

/* Bytes of memory a queue of that size needs, and the queue laid out in it (zeroed, page aligned).
 */
size_t virtq_memory(u16 size);
void virtq_init(struct virtqueue *q, u16 size, void *memory);
int virtq_add(struct virtqueue *q, const struct virtq_buffer *buffers, unsigned out, unsigned in,
	      void *token);
void virtq_kick(struct virtqueue *q);
void *virtq_take(struct virtqueue *q, u32 *len);

#define VIRTIO_QUEUES_MAX 4		/* of one device */

struct virtio_driver {
	const char *name;
	u16 type;			/* VIRTIO_ID_* */
	u64 features;			/* those it knows, beside VIRTIO_F_VERSION_1 */
	/* Makes queues, reads the configuration. 0 or -errno: the device is then left alone. */
	int (*probe)(struct virtio_device *dev);
};

struct virtio_device {
	struct pci_device *pci;
	const struct virtio_driver *driver;
	u64 features;			/* agreed upon */
	volatile struct virtio_pci_common_cfg *common;
	volatile u8 *isr, *notify, *config;
	u32 config_len, notify_len, notify_multiplier;
	bool msix;
	struct virtqueue queues[VIRTIO_QUEUES_MAX];
	unsigned nr_queues;
	void *private;			/* the driver's */
};

/* Finds all devices and lets their drivers probe. alloc gives zeroed memory, large pieces page
 * aligned. */
void virtio_init(void *(*alloc)(size_t size));
/* The device's next queue, of at most max descriptors. For probe(). */
int virtio_queue_create(struct virtio_device *dev, u16 max, void (*done)(struct virtqueue *q),
			struct virtqueue **out);
/* Copies from the device's configuration: false if it has no such bytes. */
bool virtio_config_read(struct virtio_device *dev, u32 offset, void *buf, u32 len);
/* Zeroed memory for a driver's state, for ever. For probe(). */
void *virtio_alloc(size_t size);
