// SPDX-License-Identifier: MIT
/* tests/bench/checkpoint.c - rows of checkpoint and restart: a process with 1 or 64 MiB of its own.
 *
 * checkpoint(2) and restart(2) are the model's; on Linux the calls are not there and the rows are
 * absent (tools/bench has the figures of CRIU). The image is a file in the root file system. */
#include "bench.h"

#define NR_CHECKPOINT 1024
#define NR_RESTART 1025
#define SUBTREE 1
#define IMAGE "/bench.image"
#define GROUP CGROUPS "/frozen"
#define MIB (1 << 20)

static long target, image;

static int is_frozen(void)
{
	char text[NAME_MAX];
	long fd = must("events", sys_open(GROUP "/cgroup.events", O_RDONLY, 0));
	long n = sys_read(fd, text, sizeof(text));

	sys_close(fd);
	for (long i = 0; i + 8 < n; i++)
		if (text[i] == 'f' && text[i + 5] == 'n' && text[i + 7] == '1')
			return 1;
	return 0;
}

static void clean_target(int mib)
{
	(void)mib;
	must("thaw", write_file(GROUP "/cgroup.freeze", "0"));
	sys_kill(target, SIGKILL);
	await(target);
	must("rmdir", sys_rmdir(GROUP));
}

static void before_save(int mib)
{
	(void)mib;
	image = must(IMAGE, sys_open(IMAGE, O_RDWR | O_CREAT | O_TRUNC, 0600));
}

static void after_save(int mib)
{
	(void)mib;
	sys_close(image);
}

/* A process with so much memory, asleep and frozen; its first image is for trial. */
static int prepare_target(int mib)
{
	char pid[32], byte;
	int ready[2];
	long error;

	if (sys(NR_CHECKPOINT, -1, -1, 0, -1) == -ENOSYS)
		return -ENOSYS;
	must("pipe", sys_pipe(ready, 0));
	target = must("fork", fork_with(0));
	if (!target) {
		char *area = sys_mmap((size_t)mib * MIB, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS);

		for (long i = 0; i < (long)mib * MIB; i += PAGE_BYTES)
			*(long *)(area + i) = i + 1;
		sys_write(ready[1], "", 1);
		sys_close(ready[0]);
		sys_close(ready[1]);
		for (;;)
			sys(__NR_pause);
	}
	sys_read(ready[0], &byte, 1);
	sys_close(ready[0]);
	sys_close(ready[1]);
	must("mkdir", sys_mkdir(GROUP, 0755));
	put_number(pid, target);
	must("join", write_file(GROUP "/cgroup.procs", pid));
	must("freeze", write_file(GROUP "/cgroup.freeze", "1"));
	while (!is_frozen())
		sys_yield();
	before_save(mib);
	error = sys(NR_CHECKPOINT, target, image, SUBTREE, 2);
	after_save(mib);
	if (error < 0)
		clean_target(mib);
	return error < 0 ? error : 0;
}

static void op_save(int mib)
{
	(void)mib;
	must("checkpoint", sys(NR_CHECKPOINT, target, image, SUBTREE, 2));
}

/* An image, and nobody who has its process numbers. */
static int prepare_image(int mib)
{
	int error = prepare_target(mib);

	if (!error)
		clean_target(mib);
	return error;
}

static void before_restore(int mib)
{
	(void)mib;
	image = must(IMAGE, sys_open(IMAGE, O_RDONLY, 0));
}

static void op_restore(int mib)
{
	(void)mib;
	target = must("restart", sys(NR_RESTART, 0, image, 0, 2));
}

static void after_restore(int mib)
{
	(void)mib;
	sys_close(image);
	sys_kill(target, SIGKILL);
	await(target);
	sys_rmdir(GROUP);		/* restart(2) made it again */
}

static void clean_image(int mib)
{
	(void)mib;
	sys_unlink(IMAGE);
}

#define SAVE(mib) { "checkpoint " #mib " MiB", 2, mib, prepare_target, op_save, clean_target, \
		    before_save, after_save }
#define RESTORE(mib) { "restart " #mib " MiB", 2, mib, prepare_image, op_restore, clean_image, \
		       before_restore, after_restore }
static const struct row rows[] = {
	SAVE(1), RESTORE(1), SAVE(64), RESTORE(64),
};
const struct rows checkpoint_rows = ROWS_OF(rows);
