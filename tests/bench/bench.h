/* SPDX-License-Identifier: MIT */
/* tests/bench/bench.h - what the files of the benchmark share.
 *
 * A row is one operation. It is prepared, done some times to warm up, done `times` times and
 * measured, and cleaned up. With `before` each turn is measured by itself, and `before` and `after`
 * are not part of it. `prepare` returns 0, or -errno where a kernel cannot do the operation at all.
 * The tables of rows are listed in main.c, in the order of the report. */
#pragma once

#include "sys.h"

struct row {
	const char *name;
	int times;
	int arg;			/* handed to each of the functions */
	int (*prepare)(int arg);	/* may be absent, like before, after and clean */
	void (*operation)(int arg);
	void (*clean)(int arg);
	void (*before)(int arg);
	void (*after)(int arg);
};

struct rows {
	const struct row *first;
	int count;
};
#define ROWS_OF(table) { table, sizeof(table) / sizeof((table)[0]) }

extern const struct rows task_rows, memory_rows, file_rows, talk_rows, namespace_rows, cgroup_rows,
	checkpoint_rows;

/* main.c */
#define CGROUPS "/cg"		/* where the unified hierarchy is mounted */
extern const char *controllers;	/* what cgroup.subtree_control is given */
void die(const char *what, long error) __attribute__((noreturn));
long must(const char *what, long result);

/* crowd.c */
void crowd_grow(int percent);

/* text.c: lines, numbers and small files */
char *put_text(char *to, const char *text);
char *put_number(char *to, long number);
void say(const char *text, int size);
long write_file(const char *path, const char *text);

/* tasks.c */
#define CHILD_STACK_BYTES 8192
extern char child_stack[CHILD_STACK_BYTES];
long fork_with(unsigned long flags);
void await(long pid);

/* start.asm */
long spawn(long flags, void *stack_top, int *tid, void (*run)(void));
void signal_return(void);

static inline uint64_t instructions(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}
