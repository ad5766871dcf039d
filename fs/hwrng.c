// SPDX-License-Identifier: MIT
/* fs/hwrng.c - /dev/hwrng: the bytes of the machine's source of chance (drivers/hwrng.h).
 *
 * A reader sleeps until there are some. With seed= on the command line they come from the kernel's
 * generator, so that every run reads the same.
 * Locks: BKL. Checkpoint: by device number. See Linux's Documentation/admin-guide/hw_random. */
#include "fs/hwrng.h"

#include "boot/cmdline.h"
#include "drivers/hwrng.h"
#include "fs/device.h"
#include "fs/poll.h"
#include "kernel/random.h"

#define MISC_MAJOR  10
#define HWRNG_MINOR 183
#define CHUNK       64

static struct waitqueue readers = WAITQUEUE_INIT(readers);

static void bytes_came(void)
{
	wake_all(&readers);
}

/* Up to n bytes; -EAGAIN if there are none and it may not wait. */
static ssize_t draw(u8 *chunk, size_t n, bool wait)
{
	size_t got = 0;
	int err = 0;

	if (boot_options.seed) {
		random_bytes(chunk, n);
		return n;
	}
	if (!wait)
		got = hwrng_take(chunk, n);
	else
		err = wait_event(&readers, !hwrng_present() || (got = hwrng_take(chunk, n)));
	if (err)
		return err;
	if (!got)
		return hwrng_present() ? -EAGAIN : -EIO;
	return got;
}

static ssize_t hwrng_read(struct file *f, struct iter *to, u64 *pos)
{
	u8 chunk[CHUNK];
	ssize_t n = 0, done = 0;
	size_t copied;

	(void)pos;
	while (to->count) {
		n = draw(chunk, MIN(to->count, sizeof(chunk)), !(f->flags & O_NONBLOCK));
		if (n < 0)
			break;
		copied = iter_copy_to(to, chunk, n);
		done += copied;
		if (copied < (size_t)n) {
			n = -EFAULT;
			break;
		}
	}
	return done ? done : n;
}

static s64 hwrng_llseek(struct file *f, s64 off, int whence)
{
	(void)off, (void)whence;
	return f->pos;
}

static const struct file_ops hwrng_ops = {
	.class = "hwrng", .read = hwrng_read, .llseek = hwrng_llseek,
};

void hwrng_init(void)
{
	if (!hwrng_present())
		return;
	hwrng_ready = bytes_came;
	device_register(MISC_MAJOR, HWRNG_MINOR, 1, "hwrng", 0600, &hwrng_ops);
}
