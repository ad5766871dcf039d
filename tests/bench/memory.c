// SPDX-License-Identifier: MIT
/* tests/bench/memory.c - rows of memory: mappings, first touches, copies on write. */
#include "bench.h"

#define PAGES 256
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)

static char *area;
static long sharer;

static void touch(char *from)
{
	for (int i = 0; i < PAGES; i++)
		((volatile char *)from)[i * PAGE_BYTES] = i;
}

static char *map(int pages)
{
	void *at = sys_mmap(pages * PAGE_BYTES, PROT_READ | PROT_WRITE, PRIVATE);

	must("mmap", (long)at);
	return at;
}

static void op_map(int pages)
{
	sys(__NR_munmap, map(pages), pages * PAGE_BYTES);
}

static void before_touch(int arg)
{
	(void)arg;
	area = map(PAGES);
}

static void op_touch(int arg)
{
	(void)arg;
	touch(area);
}

static void after_touch(int arg)
{
	(void)arg;
	sys(__NR_munmap, area, PAGES * PAGE_BYTES);
}

static int prepare_copy(int arg)
{
	before_touch(arg);
	touch(area);
	return 0;
}

/* A child that shares every page until we write to it. */
static void before_copy(int arg)
{
	(void)arg;
	sharer = must("fork", fork_with(0));
	if (!sharer)
		for (;;)
			sys(__NR_pause);
}

static void after_copy(int arg)
{
	(void)arg;
	sys_kill(sharer, SIGKILL);
	await(sharer);
}

static const struct row rows[] = {
	{ "256 anonymous faults", 10, 0, NULL, op_touch, NULL, before_touch, after_touch },
	{ "256 copy-on-write faults", 10, 0, prepare_copy, op_touch, after_touch, before_copy,
	  after_copy },
	{ "mmap+munmap", 200, 1, NULL, op_map, NULL, NULL, NULL },
};
const struct rows memory_rows = ROWS_OF(rows);
