// SPDX-License-Identifier: MIT
/* tests/bench/crowd.c - the crowd among which the rows are run again: 1,000 control groups, 2,000
 * processes in them, two a group, 500 of these in a namespace of their own, and 10,000 files in the
 * root directory, each held open. Who is in the crowd sleeps and is never woken.
 *
 * The kinds of namespaces take turns; which kinds there are is found by trying. */
#include "bench.h"

#define TASKS 2000
#define CGROUPS_EACH 2		/* tasks in one group */
#define FILES_EACH 5		/* files of one task */
#define NAMESPACE_EVERY 4	/* tasks, one of which has a namespace of its own */
#define PERCENT 100
#define NAME_BYTES 64

static const unsigned long kinds[] = {
	CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID,
	CLONE_NEWNET, CLONE_NEWTIME,
};
#define KINDS ((int)(sizeof(kinds) / sizeof(kinds[0])))
static unsigned long has[KINDS];
static int has_count, tasks;

static void find_kinds(void)
{
	for (int i = 0; i < KINDS; i++) {
		long pid = fork_with(kinds[i]);

		if (!pid)
			sys_exit(0);
		if (pid < 0)
			continue;
		await(pid);
		has[has_count++] = kinds[i];
	}
}

/* The group of a task; made with its first task. */
static void join(int number, long pid)
{
	char path[NAME_BYTES], text[NAME_BYTES];
	char *end = put_number(put_text(path, CGROUPS "/crowd."), number / CGROUPS_EACH);

	if (number % CGROUPS_EACH == 0)
		must("mkdir", sys_mkdir(path, 0755));
	put_text(end, "/cgroup.procs");
	put_number(text, pid);
	must("join", write_file(path, text));
}

/* What one of the crowd does; `ready` tells that it is asleep as good as. */
static void crowd_task(int number, int ready)
{
	char path[NAME_BYTES];

	for (int i = 0; i < FILES_EACH; i++) {
		put_number(put_text(path, "/crowd."), (long)number * FILES_EACH + i);
		must("file", sys_open(path, O_RDWR | O_CREAT, 0644));
	}
	sys_write(ready, "", 1);
	for (;;)
		sys(__NR_pause);
}

/* Let the crowd come to this share of its full size. */
void crowd_grow(int percent)
{
	int ready[2];
	char byte;

	if (!has_count)
		find_kinds();
	must("pipe", sys_pipe(ready, 0));
	for (; tasks < TASKS * percent / PERCENT; tasks++) {
		int own = tasks % NAMESPACE_EVERY == 0;
		long pid = fork_with(own ? has[tasks / NAMESPACE_EVERY % has_count] : 0);

		if (must("crowd", pid) == 0)
			crowd_task(tasks, ready[1]);
		must("ready", sys_read(ready[0], &byte, 1));
		join(tasks, pid);
	}
	sys_close(ready[0]);
	sys_close(ready[1]);
}
