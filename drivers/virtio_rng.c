// SPDX-License-Identifier: MIT
/* drivers/virtio_rng.c - random bytes from the host: one buffer, lent to the device when asked.
 *
 * States: 1 empty, 2 lent: the device fills it, 3 filled: bytes are taken until it is empty.
 * Locks: BKL. Checkpoint: none. See VIRTIO 1.1, 5.4. */
#include "drivers/hwrng.h"

#include "abi/errno.h"
#include "arch/cpu.h"
#include "arch/machine.h"
#include "drivers/virtio.h"

#define QUEUE_SIZE  8
#define BUFFER_SIZE 64

static struct virtqueue *queue;		/* of the first such device; NULL: there is none */
static u8 *buffer;
static u32 filled;			/* bytes of the buffer not taken yet */
static bool lent;

static void nobody_waits(void)
{
}

void (*hwrng_ready)(void) = nobody_waits;

bool hwrng_present(void)
{
	return queue && !queue->broken;
}

/* Has the device given the buffer back? */
static void rng_collect(void)
{
	u32 len;

	if (!lent || !virtq_take(queue, &len))
		return;
	lent = false;
	filled = len;
}

static void rng_lend(void)
{
	struct virtq_buffer b = { buffer, BUFFER_SIZE };

	if (lent || filled || virtq_add(queue, &b, 0, 1, buffer))
		return;
	lent = true;
	virtq_kick(queue);
}

size_t hwrng_take(void *buf, size_t n)
{
	if (!hwrng_present())
		return 0;
	rng_collect();
	n = MIN(n, (size_t)filled);
	filled -= n;
	memcpy(buf, buffer + filled, n);
	memset(buffer + filled, 0, n);
	if (!filled && !n)
		rng_lend();
	return n;
}

size_t hwrng_poll(void *buf, size_t n, u64 limit_nsec)
{
	u64 until = clock_nsec() + limit_nsec;
	size_t got = 0;

	while (got < n && hwrng_present()) {
		got += hwrng_take((u8 *)buf + got, n - got);
		if (clock_nsec() > until)
			break;
		cpu_relax();
	}
	return got;
}

static void rng_done(struct virtqueue *q)
{
	(void)q;
	rng_collect();
	hwrng_ready();
}

static int rng_probe(struct virtio_device *dev)
{
	struct virtqueue *q;
	int err;

	if (queue)
		return 0;		/* one is enough */
	buffer = virtio_alloc(BUFFER_SIZE);
	if (!buffer)
		return -ENOMEM;
	err = virtio_queue_create(dev, QUEUE_SIZE, rng_done, &q);
	if (!err)
		queue = q;
	return err;
}

const struct virtio_driver virtio_rng_driver = {
	.name = "rng",
	.type = VIRTIO_ID_RNG,
	.features = 0,
	.probe = rng_probe,
};
