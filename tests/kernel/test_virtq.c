// SPDX-License-Identifier: MIT
/* tests/kernel/test_virtq.c - virtqueues: the test is the device.
 *
 * Properties: descriptors of a chain are those handed in, in order; what is full says so and has
 * lost nothing; chains come back in any order, over many rounds of the ring; a device that gives
 * back what it does not have, or more bytes than it was lent, is not believed any more. */

#include "abi/errno.h"
#include "arch/paging.h"
#include "drivers/virtio.h"
#include "kernel/ktest.h"
#include "mm/slab.h"

#define SIZE   8
#define ROUNDS 70000		/* more than the 16-bit indexes count */
#define BYTES  16

struct device {
	struct virtqueue q;
	void *memory;
	u16 seen;		/* of the ring of what is available */
	u8 bytes[4][BYTES];
	struct virtq_buffer buffers[4];
};

static bool device_create(struct ktest *t, struct device *d)
{
	memset(d, 0, sizeof(*d));
	d->memory = kzalloc(MAX(virtq_memory(SIZE), PAGE_SIZE));
	KEXPECT(t, d->memory);
	if (!d->memory)
		return false;
	virtq_init(&d->q, SIZE, d->memory);
	for (unsigned i = 0; i < ARRAY_SIZE(d->buffers); i++)
		d->buffers[i] = (struct virtq_buffer){ d->bytes[i], BYTES };
	return true;
}

/* The head of the next chain that the driver made available; -1: there is none. */
static int device_next(struct device *d)
{
	if (d->seen == d->q.avail->idx)
		return -1;
	return d->q.avail->ring[d->seen++ % SIZE];
}

static void device_return(struct device *d, u32 head, u32 len)
{
	volatile struct vring_used *u = d->q.used;

	u->ring[u->idx % SIZE].id = head;
	u->ring[u->idx % SIZE].len = len;
	u->idx++;
}

static void a_chain_is_what_was_added(struct ktest *t)
{
	struct device d;
	int head;
	u32 len;

	if (!device_create(t, &d))
		return;
	KEXPECT_EQ(t, virtq_add(&d.q, d.buffers, 1, 2, &d), 0);
	head = device_next(&d);
	for (unsigned i = 0; i < 3 && head >= 0; i++) {
		volatile struct vring_desc *desc = &d.q.desc[head];

		KEXPECT_EQ(t, desc->addr, virt_to_phys(d.bytes[i]));
		KEXPECT_EQ(t, desc->len, BYTES);
		KEXPECT_EQ(t, !!(desc->flags & VRING_DESC_F_WRITE), i > 0);
		KEXPECT_EQ(t, !!(desc->flags & VRING_DESC_F_NEXT), i < 2);
		head = desc->next;
	}
	KEXPECT_EQ(t, device_next(&d), -1);
	KEXPECT(t, !virtq_take(&d.q, &len));
	device_return(&d, d.q.avail->ring[0], 2 * BYTES);
	KEXPECT(t, virtq_take(&d.q, &len) == &d);
	KEXPECT_EQ(t, len, 2 * BYTES);
	KEXPECT_EQ(t, d.q.nr_free, SIZE);
	kfree(d.memory);
}

static void a_full_queue_says_so(struct ktest *t)
{
	struct device d;
	u32 len;

	if (!device_create(t, &d))
		return;
	for (unsigned i = 0; i < SIZE / 2; i++)
		KEXPECT_EQ(t, virtq_add(&d.q, d.buffers, 1, 1, &d.buffers[i % 4]), 0);
	KEXPECT_EQ(t, virtq_add(&d.q, d.buffers, 1, 0, &d), -ENOSPC);
	device_return(&d, device_next(&d), 0);
	KEXPECT(t, virtq_take(&d.q, &len) == &d.buffers[0]);
	KEXPECT_EQ(t, virtq_add(&d.q, d.buffers, 1, 2, &d), -ENOSPC);
	KEXPECT_EQ(t, virtq_add(&d.q, d.buffers, 0, 2, &d), 0);
	KEXPECT_EQ(t, d.q.nr_free, 0);
	kfree(d.memory);
}

static void chains_come_back_in_any_order(struct ktest *t)
{
	struct device d;
	unsigned bad = 0;
	int first, second;
	u32 len;

	if (!device_create(t, &d))
		return;
	for (unsigned i = 0; i < ROUNDS; i++) {
		bad += virtq_add(&d.q, d.buffers, 1 + i % 3, 1, &d.buffers[0]) != 0;
		bad += virtq_add(&d.q, d.buffers, 1, i % 3, &d.buffers[1]) != 0;
		first = device_next(&d);
		second = device_next(&d);
		device_return(&d, second, 0);
		device_return(&d, first, i % BYTES);
		bad += virtq_take(&d.q, &len) != &d.buffers[1];
		bad += virtq_take(&d.q, &len) != &d.buffers[0] || len != i % BYTES;
	}
	KEXPECT_EQ(t, bad, 0);
	KEXPECT_EQ(t, d.q.nr_free, SIZE);
	kfree(d.memory);
}

/* After one lie nothing is taken and nothing added. */
static void expect_broken(struct ktest *t, u32 head_plus, u32 len)
{
	struct device d;
	u32 got;

	if (!device_create(t, &d))
		return;
	KEXPECT_EQ(t, virtq_add(&d.q, d.buffers, 1, 1, &d), 0);
	device_return(&d, device_next(&d) + head_plus, len);
	KEXPECT(t, !virtq_take(&d.q, &got));
	KEXPECT(t, d.q.broken);
	KEXPECT_EQ(t, virtq_add(&d.q, d.buffers, 1, 1, &d), -EIO);
	kfree(d.memory);
}

static void lies_break_the_queue(struct ktest *t)
{
	expect_broken(t, 1, 0);			/* a descriptor that is no head */
	expect_broken(t, SIZE, 0);		/* none at all */
	expect_broken(t, ~0U - SIZE, 0);
	expect_broken(t, 0, BYTES + 1);		/* more than it may write */
}

static const struct ktest_case cases[] = {
	KCASE(a_chain_is_what_was_added),
	KCASE(a_full_queue_says_so),
	KCASE(chains_come_back_in_any_order),
	KCASE(lies_break_the_queue),
	{},
};
const struct ktest_suite virtq_suite = { "virtq", cases };
