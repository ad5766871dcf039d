// SPDX-License-Identifier: MIT
/* fs/memdev.c - the devices that are only memory: null, zero, full, random, urandom, kmsg.
 *
 * Their numbers are Linux's (major 1). A mapping of zero is anonymous memory. Reading
 * kmsg gives the tail of the kernel log, writing adds a line to it.
 * Checkpoint: by device number (CR-FILE-16). See null(4), full(4), random(4). */

#include "arch/cpu.h"
#include "drivers/console.h"
#include "fs/device.h"
#include "fs/maps.h"
#include "fs/memdev.h"
#include "fs/poll.h"
#include "kernel/random.h"
#include "kernel/task.h"
#include "lib/print.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define MEM_MAJOR 1
#define RANDOM_CHUNK 256
#define KMSG_LINE_MAX 1024

static ssize_t read_eof(struct file *f, struct iter *to, u64 *pos)
{
	(void)f, (void)to, (void)pos;
	return 0;
}

static ssize_t write_all(struct file *f, struct iter *from, u64 *pos)
{
	size_t n = from->count;

	(void)f, (void)pos;
	iter_advance(from, n);
	return n;
}

static ssize_t write_full(struct file *f, struct iter *from, u64 *pos)
{
	(void)f, (void)pos;
	return from->count ? -ENOSPC : 0;
}

static ssize_t read_zeros(struct file *f, struct iter *to, u64 *pos)
{
	size_t want = to->count, n = iter_zero(to, want);

	(void)f, (void)pos;
	return n || !want ? (ssize_t)n : -EFAULT;
}

static ssize_t read_random(struct file *f, struct iter *to, u64 *pos)
{
	u8 chunk[RANDOM_CHUNK];
	ssize_t done = 0;

	(void)f, (void)pos;
	while (to->count) {
		size_t n = MIN(to->count, sizeof(chunk)), copied;

		random_bytes(chunk, n);
		copied = iter_copy_to(to, chunk, n);
		done += copied;
		if (copied < n)
			return done ? done : -EFAULT;
	}
	return done;
}

/* A position that stays 0: these are streams to lseek(2) too, as on Linux. */
static s64 seek_nowhere(struct file *f, s64 off, int whence)
{
	(void)off, (void)whence;
	return f->pos = 0;
}

static int zero_mmap(struct file *f, struct map_request *req)
{
	(void)f;
	if (req->flags & VM_SHARED)
		return shared_anon_create(req->length, req);
	req->cache = NULL;
	req->ops = NULL;
	req->file = NULL;
	return 0;
}

/* As with Debian's dmesg_restrict: the log is for CAP_SYSLOG, a line may be added without. */
static int kmsg_open(struct inode *i, struct file *f)
{
	(void)i;
	if ((f->flags & O_ACCMODE) == O_WRONLY || capable_in(&init_user_ns, CAP_SYSLOG))
		return 0;
	return deny(EPERM, EXT_SYS_04);
}

static ssize_t kmsg_write(struct file *f, struct iter *from, u64 *pos)
{
	char line[KMSG_LINE_MAX];
	size_t want = from->count, n;

	(void)f, (void)pos;
	if (want >= sizeof(line))
		return -EINVAL;
	n = iter_copy_from(from, line, want);
	if (n < want)
		return -EFAULT;
	while (n && line[n - 1] == '\n')
		n--;
	kprintf("%.*s\n", (int)n, line);
	return want;
}

/* The log's tail, from the reader's position on. */
static ssize_t kmsg_read(struct file *f, struct iter *to, u64 *pos)
{
	size_t len = log_length(), n;
	char *buf = kmalloc(LOG_SIZE);

	(void)f;
	if (!buf)
		return -ENOMEM;
	len = log_read_tail(buf, len);
	n = *pos < len ? iter_copy_to(to, buf + *pos, MIN(to->count, len - *pos)) : 0;
	*pos += n;
	kfree(buf);
	return n;
}

static const struct file_ops null_ops = {
	.class = "null", .read = read_eof, .write = write_all, .llseek = seek_nowhere,
};
static const struct file_ops zero_ops = {
	.class = "zero",
	.read = read_zeros,
	.write = write_all,
	.llseek = seek_nowhere,
	.mmap = zero_mmap,
};
static const struct file_ops full_ops = {
	.class = "full", .read = read_zeros, .write = write_full, .llseek = seek_nowhere,
};
static const struct file_ops random_ops = {
	.class = "random", .read = read_random, .write = write_all, .llseek = seek_nowhere,
};
static const struct file_ops kmsg_ops = {
	.class = "kmsg",
	.open = kmsg_open,
	.read = kmsg_read,
	.write = kmsg_write,
	.llseek = generic_llseek,
};

static const struct {
	unsigned minor;
	const char *name;
	u32 mode;
	const struct file_ops *ops;
} mem_rows[] = {
	{ 3, "null", 0666, &null_ops },	    { 5, "zero", 0666, &zero_ops },
	{ 7, "full", 0666, &full_ops },	    { 8, "random", 0666, &random_ops },
	{ 9, "urandom", 0666, &random_ops }, { 11, "kmsg", 0644, &kmsg_ops },
};

void memdev_init(void)
{
	for (unsigned i = 0; i < ARRAY_SIZE(mem_rows); i++)
		device_register(MEM_MAJOR, mem_rows[i].minor, 1, mem_rows[i].name, mem_rows[i].mode,
				mem_rows[i].ops);
}
