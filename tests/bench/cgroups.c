// SPDX-License-Identifier: MIT
/* tests/bench/cgroups.c - rows of control groups: life, moving, the price of depth.
 *
 * The groups of a depth are one below the other, with the controllers memory and pids at each. */
#include "bench.h"

#define PATH_BYTES 160
#define PAGES 256

static long procs[2];
static int turn;
static char *area;

static void op_life(int arg)
{
	(void)arg;
	must("mkdir", sys_mkdir(CGROUPS "/bench", 0755));
	must("rmdir", sys_rmdir(CGROUPS "/bench"));
}

static int prepare_attach(int arg)
{
	(void)arg;
	must("mkdir", sys_mkdir(CGROUPS "/one", 0755));
	must("mkdir", sys_mkdir(CGROUPS "/two", 0755));
	procs[0] = must("procs", sys_open(CGROUPS "/one/cgroup.procs", O_WRONLY, 0));
	procs[1] = must("procs", sys_open(CGROUPS "/two/cgroup.procs", O_WRONLY, 0));
	return 0;
}

static void op_attach(int arg)
{
	(void)arg;
	must("attach", sys_write(procs[++turn & 1], "0", 1));
}

static void clean_attach(int arg)
{
	(void)arg;
	must("home", write_file(CGROUPS "/cgroup.procs", "0"));
	sys_close(procs[0]);
	sys_close(procs[1]);
	must("rmdir", sys_rmdir(CGROUPS "/one"));
	must("rmdir", sys_rmdir(CGROUPS "/two"));
}

/* CGROUPS/d/d/d ... and then the name of a file in it. */
static const char *at_depth(int depth, const char *name)
{
	static char path[PATH_BYTES];
	char *end = put_text(path, CGROUPS);

	while (depth--)
		end = put_text(end, "/d");
	put_text(end, name);
	return path;
}

static int prepare_depth(int depth)
{
	for (int i = 1; i <= depth; i++) {
		must("mkdir", sys_mkdir(at_depth(i, ""), 0755));
		if (i < depth)
			must("control", write_file(at_depth(i, "/cgroup.subtree_control"),
						   controllers));
	}
	return must("depth", write_file(at_depth(depth, "/cgroup.procs"), "0"));
}

static void clean_depth(int depth)
{
	must("home", write_file(CGROUPS "/cgroup.procs", "0"));
	for (int i = depth; i > 0; i--)
		must("rmdir", sys_rmdir(at_depth(i, "")));
}

static void op_fork(int depth)
{
	long pid = must("fork", fork_with(0));

	(void)depth;
	if (!pid)
		sys_exit(0);
	await(pid);
}

static void before_faults(int depth)
{
	(void)depth;
	area = sys_mmap(PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
}

static void op_faults(int depth)
{
	(void)depth;
	for (int i = 0; i < PAGES; i++)
		((volatile char *)area)[i * PAGE_BYTES] = i;
}

static void after_faults(int depth)
{
	(void)depth;
	sys(__NR_munmap, area, PAGES * PAGE_BYTES);
}

#define FORK(depth) \
	{ "fork cgroup depth " #depth, 40, depth, prepare_depth, op_fork, clean_depth, NULL, NULL }
#define FAULTS(depth) \
	{ "256 faults cgroup depth " #depth, 8, depth, prepare_depth, op_faults, clean_depth, \
	  before_faults, after_faults }
static const struct row rows[] = {
	{ "cgroup mkdir+rmdir", 40, 0, NULL, op_life, NULL, NULL, NULL },
	{ "cgroup attach", 100, 0, prepare_attach, op_attach, clean_attach, NULL, NULL },
	FORK(0), FORK(1), FORK(4), FORK(16),
	FAULTS(0), FAULTS(1), FAULTS(4), FAULTS(16),
};
const struct rows cgroup_rows = ROWS_OF(rows);
