// SPDX-License-Identifier: MIT
/* drivers/virtqueue.c - split virtqueues: what driver and device share, and who owns which part.
 *
 * A request is a chain of descriptors: first those the device reads, then those it writes. Free
 * descriptors are chained too, from free_head on. The driver writes desc and avail, the device
 * only used; what it says there is checked: a chain that is not with the device, or more bytes
 * than it was lent, and the queue is broken and stays silent.
 * Which descriptors make a chain is kept in slots, beside what the device can write to.
 * Locks: BKL. Checkpoint: none. See VIRTIO 1.1, 2.6. */
#include "abi/errno.h"
#include "arch/paging.h"
#include "drivers/virtio.h"
#include "lib/assert.h"

struct virtq_slot {
	void *token;			/* of a chain that is with the device, at its head */
	u32 writable;			/* bytes the device may write */
	u16 next;			/* of a chain, or of the free ones */
	u16 length;			/* descriptors of the chain */
};

static size_t avail_offset(u16 size)
{
	return size * sizeof(struct vring_desc);
}

static size_t used_offset(u16 size)
{
	size_t avail = sizeof(struct vring_avail) + (size + 1) * sizeof(u16);

	return ALIGN_UP(avail_offset(size) + avail, sizeof(u64));
}

static size_t slots_offset(u16 size)
{
	size_t used =
		sizeof(struct vring_used) + size * sizeof(struct vring_used_elem) + sizeof(u16);

	return ALIGN_UP(used_offset(size) + used, sizeof(u64));
}

size_t virtq_memory(u16 size)
{
	return slots_offset(size) + size * sizeof(struct virtq_slot);
}

void virtq_init(struct virtqueue *q, u16 size, void *memory)
{
	u8 *at = memory;

	assert(size && !(size & (size - 1)));
	*q = (struct virtqueue){ .size = size, .nr_free = size };
	q->desc = (void *)at;
	q->avail = (void *)(at + avail_offset(size));
	q->used = (void *)(at + used_offset(size));
	q->slots = (void *)(at + slots_offset(size));
	for (u16 i = 0; i < size; i++)
		q->slots[i].next = i + 1;
}

int virtq_add(struct virtqueue *q, const struct virtq_buffer *buffers, unsigned out, unsigned in,
	      void *token)
{
	u16 head = q->free_head, at = head;
	u32 writable = 0;
	unsigned n = out + in;

	assert(n && token);
	if (q->broken)
		return -EIO;
	if (n > q->nr_free)
		return -ENOSPC;
	for (unsigned i = 0; i < n; i++) {
		u16 flags =
			(i >= out ? VRING_DESC_F_WRITE : 0) | (i + 1 < n ? VRING_DESC_F_NEXT : 0);

		q->desc[at].addr = virt_to_phys(buffers[i].data);
		q->desc[at].len = buffers[i].len;
		q->desc[at].flags = flags;
		q->desc[at].next = i + 1 < n ? q->slots[at].next : 0;
		if (i >= out)
			writable += buffers[i].len;
		at = q->slots[at].next;
	}
	q->slots[head].token = token;
	q->slots[head].writable = writable;
	q->slots[head].length = n;
	q->free_head = at;
	q->nr_free -= n;
	q->avail->ring[q->avail->idx % q->size] = head;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	q->avail->idx++;
	return 0;
}

void virtq_kick(struct virtqueue *q)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (q->doorbell && !(q->used->flags & VRING_USED_F_NO_NOTIFY))
		*q->doorbell = q->index;
}

/* The descriptors of a chain are free again. */
static void chain_release(struct virtqueue *q, u16 head)
{
	u16 last = head;

	for (u16 i = 1; i < q->slots[head].length; i++)
		last = q->slots[last].next;
	q->slots[last].next = q->free_head;
	q->free_head = head;
	q->nr_free += q->slots[head].length;
	q->slots[head].token = NULL;
}

void *virtq_take(struct virtqueue *q, u32 *len)
{
	volatile struct vring_used_elem *e;
	void *token;
	u32 head;

	if (q->broken || q->taken == q->used->idx)
		return NULL;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	e = &q->used->ring[q->taken % q->size];
	head = e->id;
	*len = e->len;
	if (head >= q->size || !q->slots[head].token || *len > q->slots[head].writable) {
		q->broken = true;
		return NULL;
	}
	q->taken++;
	token = q->slots[head].token;
	chain_release(q, head);
	return token;
}
