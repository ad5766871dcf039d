// SPDX-License-Identifier: MIT
/* tests/conform/cg_memory_limit.c - MEMCG-09 to 18, 24: limits, who is killed, and who is told.
 *
 * See Documentation/admin-guide/cgroup-v2.rst, "Memory Interface Files". */
#include "cgmem.h"

#define EVENTS "memory.events"
#define LOCAL "memory.events.local"

static void tree_ab(void)
{
	cg_begin();
	cg_enable("memory");
	cg_make("a");
	must(cg_write("a", "cgroup.subtree_control", "+memory"));
	cg_make("a/b");
	cg_make("a/c");
	cg_make("out");
	cg_write("a", "memory.swap.max", "0");
}

static void over_max(void)
{
	struct eater e = { 0 }, outside = { 0 };

	tree_ab();
	must(cg_write("a/b", "memory.max", "8M"));
	eater_start(&outside, "out", MEM_BIG);
	eater_eat(&outside);
	eater_start(&e, "a/b", 4 * MEM_BIG);
	eater_go(&e);
	check_int("fate", eater_fate(&e), SIGKILL);
	check_true("max", event("a/b", EVENTS, "max") > 0);
	check_true("oom", event("a/b", EVENTS, "oom") > 0);
	check_int("oom_kill", event("a/b", EVENTS, "oom_kill"), 1);
	check_int("group", event("a/b", EVENTS, "oom_group_kill"), 0);
	check_true("peak", mem_kbytes("a/b", "memory.peak", NULL) <= 8192);
	check_true("after", mem_becomes("a/b", NULL, 0));
	check_true("outside", eater_lives(&outside));
	check_int("outside.oom", event("out", EVENTS, "oom_kill"), 0);
	eater_end(&outside);
	/* The next one finds room again. */
	eater_start(&e, "a/b", 4096);
	eater_eat(&e);
	check_true("retry", eater_lives(&e));
	check_int("retry.oom_kill", event("a/b", EVENTS, "oom_kill"), 1);
	eater_end(&e);
}

static void under_max(void)
{
	struct eater e = { 0 };

	tree_ab();
	must(cg_write("a/b", "memory.max", "12M"));
	eater_start(&e, "a/b", MEM_BIG);
	eater_eat(&e);
	check_true("lives", eater_lives(&e));
	check_int("oom", event("a/b", EVENTS, "oom"), 0);
	check_int("max", event("a/b", EVENTS, "max"), 0);
	eater_end(&e);
}

static void limit_above(void)
{
	struct eater e = { 0 };

	tree_ab();
	must(cg_write("a", "memory.max", "8M"));
	eater_start(&e, "a/b", 4 * MEM_BIG);
	eater_go(&e);
	check_int("fate", eater_fate(&e), SIGKILL);
	check_int("b.oom_kill", event("a/b", EVENTS, "oom_kill"), 1);
	check_int("b.oom", event("a/b", EVENTS, "oom"), 0);
	check_int("b.max", event("a/b", EVENTS, "max"), 0);
	check_int("b.local.oom_kill", event("a/b", LOCAL, "oom_kill"), 1);
	check_int("a.oom_kill", event("a", EVENTS, "oom_kill"), 1);
	check_true("a.oom", event("a", EVENTS, "oom") > 0);
	check_true("a.max", event("a", EVENTS, "max") > 0);
	check_int("a.local.oom_kill", event("a", LOCAL, "oom_kill"), 0);
	check_true("a.local.oom", event("a", LOCAL, "oom") > 0);
	check_int("top.oom_kill", event("", EVENTS, "oom_kill"), 1);
	check_true("top.oom", event("", EVENTS, "oom") > 0);
	check_int("top.local.oom_kill", event("", LOCAL, "oom_kill"), 0);
	check_int("top.local.oom", event("", LOCAL, "oom"), 0);
	check_int("c.oom_kill", event("a/c", EVENTS, "oom_kill"), 0);
}

/* Two levels of limits, each passed once: what happened below is not local. */
static void local_only(void)
{
	struct eater first = { 0 }, second = { 0 };

	tree_ab();
	must(cg_write("a", "memory.max", "16M"));
	must(cg_write("a/b", "memory.max", "8M"));
	eater_start(&first, "a/b", 4 * MEM_BIG);
	eater_go(&first);
	check_int("below", eater_fate(&first), SIGKILL);
	check_int("b.oom_kill", event("a/b", LOCAL, "oom_kill"), 1);
	check_int("a.max", event("a", LOCAL, "max"), 0);
	check_int("a.oom_kill", event("a", LOCAL, "oom_kill"), 0);
	check_int("a.all", event("a", EVENTS, "oom_kill"), 1);
	eater_start(&second, "a/c", 4 * MEM_BIG);
	eater_go(&second);
	check_int("above", eater_fate(&second), SIGKILL);
	check_true("a.max.now", event("a", LOCAL, "max") > 0);
	check_int("a.oom_kill.now", event("a", LOCAL, "oom_kill"), 0);
	check_int("a.all.now", event("a", EVENTS, "oom_kill"), 2);
	check_int("b.oom_kill.still", event("a/b", LOCAL, "oom_kill"), 1);
	check_int("c.max", event("a/c", LOCAL, "max"), 0);
	check_int("top", event("", LOCAL, "oom_kill"), 0);
}

/* The biggest goes first, not the one that asks. (On several processors Linux may ask again before
 * its memory is back.) */
static void worst_goes(void)
{
	struct eater big = { 0 }, small = { 0 };

	tree_ab();
	must(cg_write("a", "memory.max", "16M"));
	eater_start(&big, "a/b", 12288);
	eater_eat(&big);
	eater_start(&small, "a/c", MEM_BIG);
	eater_go(&small);
	check_int("fate", eater_fate(&big), SIGKILL);
	check_int("b.oom_kill", event("a/b", LOCAL, "oom_kill"), 1);
	eater_end(&small);
}

static void score_counts(void)
{
	struct eater big = { 0 }, small = { .score_adj = 900 };

	tree_ab();
	must(cg_write("a", "memory.max", "16M"));
	eater_start(&small, "a/c", 2048);
	eater_eat(&small);
	eater_start(&big, "a/b", 14336);
	eater_go(&big);
	check_int("fate", eater_fate(&small), SIGKILL);
	check_true("c.oom_kill", event("a/c", LOCAL, "oom_kill") > 0);
	eater_end(&big);
}

/* The worst is counted twice: as the worst, and as one of the group. */
static void group_leaf(void)
{
	struct eater e = { 0 }, beside = { 0 }, cousin = { 0 };

	tree_ab();
	must(cg_write("a", "memory.max", "16M"));
	must(cg_write("a/b", "memory.oom.group", "1"));
	eater_start(&beside, "a/b", 512);
	eater_eat(&beside);
	eater_start(&cousin, "a/c", 512);
	eater_eat(&cousin);
	eater_start(&e, "a/b", 4 * MEM_BIG);
	eater_go(&e);
	check_int("fate", eater_fate(&e), SIGKILL);
	check_int("beside", eater_fate(&beside), SIGKILL);
	check_true("cousin", eater_lives(&cousin));
	check_int("b.group", event("a/b", EVENTS, "oom_group_kill"), 1);
	check_int("b.oom_kill", event("a/b", EVENTS, "oom_kill"), 3);
	check_int("a.group", event("a", EVENTS, "oom_group_kill"), 1);
	check_int("a.local.group", event("a", LOCAL, "oom_group_kill"), 0);
	eater_end(&cousin);
}

static void group_parent(void)
{
	struct eater e = { 0 }, cousin = { 0 }, outside = { 0 };

	tree_ab();
	must(cg_write("a", "memory.max", "16M"));
	must(cg_write("a", "memory.oom.group", "1"));
	eater_start(&cousin, "a/c", 512);
	eater_eat(&cousin);
	eater_start(&outside, "out", MEM_BIG);
	eater_eat(&outside);
	eater_start(&e, "a/b", 4 * MEM_BIG);
	eater_go(&e);
	check_int("fate", eater_fate(&e), SIGKILL);
	check_int("cousin", eater_fate(&cousin), SIGKILL);
	check_true("outside", eater_lives(&outside));
	check_int("a.group", event("a", LOCAL, "oom_group_kill"), 1);
	check_int("a.oom_kill", event("a", EVENTS, "oom_kill"), 3);
	check_int("b.group", event("a/b", EVENTS, "oom_group_kill"), 0);
	eater_end(&outside);
}

static void exempt(void)
{
	struct eater e = { 0 }, spared = { .score_adj = -1000 };

	tree_ab();
	must(cg_write("a/b", "memory.max", "16M"));
	must(cg_write("a/b", "memory.oom.group", "1"));
	eater_start(&spared, "a/b", 1024);
	eater_eat(&spared);
	eater_start(&e, "a/b", 4 * MEM_BIG);
	eater_go(&e);
	check_int("fate", eater_fate(&e), SIGKILL);
	check_true("spared", eater_lives(&spared));
	check_int("oom_kill", event("a/b", EVENTS, "oom_kill"), 2);
	check_int("group", event("a/b", EVENTS, "oom_group_kill"), 1);
	eater_end(&spared);
}

static void over_high(void)
{
	struct eater e = { 0 };

	tree_ab();
	must(cg_write("a", "memory.high", "8M"));
	eater_start(&e, "a/b", MEM_BIG + 512);
	eater_eat(&e);
	check_true("lives", eater_lives(&e));
	check_true("a.high", event("a", EVENTS, "high") > 0);
	check_int("b.high", event("a/b", EVENTS, "high"), 0);
	check_true("top.high", event("", EVENTS, "high") > 0);
	check_int("oom", event("a", EVENTS, "oom"), 0);
	check_int("oom_kill", event("a", EVENTS, "oom_kill"), 0);
	check_true("above", mem_kbytes("a", "memory.current", NULL) > 8192);
	eater_end(&e);
}

static void lower_max(void)
{
	struct eater e = { 0 };

	tree_ab();
	eater_start(&e, "a/b", 2 * MEM_BIG);
	eater_eat(&e);
	check_ret("enough", cg_write("a", "memory.max", "64M"), 0);
	check_true("enough.lives", eater_lives(&e));
	check_ret("write", cg_write("a", "memory.max", "8M"), 0);
	check_int("fate", eater_fate(&e), SIGKILL);
	check_cg("max", "a", "memory.max", "8388608\n");
	check_true("usage", mem_becomes("a", NULL, 0));
	check_true("a.oom", event("a", LOCAL, "oom") > 0);
	check_int("b.oom_kill", event("a/b", LOCAL, "oom_kill"), 1);
}

static void lower_max_of_none(void)
{
	tree_ab();
	check_ret("write", cg_write("a/b", "memory.max", "0"), 0);
	check_cg("max", "a/b", "memory.max", "0\n");
	check_int("oom_kill", event("a/b", EVENTS, "oom_kill"), 0);
}

static void lower_high(void)
{
	struct eater e = { 0 };

	tree_ab();
	eater_start(&e, "a/b", MEM_BIG);
	eater_eat(&e);
	check_ret("write", cg_write("a", "memory.high", "1M"), 0);
	check_true("lives", eater_lives(&e));
	check_cg("high", "a", "memory.high", "1048576\n");
	check_true("usage", mem_becomes("a", NULL, MEM_BIG));
	check_int("oom_kill", event("a", EVENTS, "oom_kill"), 0);
	eater_end(&e);
}

static void reclaim(void)
{
	struct eater e = { 0 };

	tree_ab();
	check_ret("junk", cg_write("a/b", "memory.reclaim", "junk"), -EINVAL);
	check_ret("negative", cg_write("a/b", "memory.reclaim", "-1"), -EINVAL);
	check_ret("max", cg_write("a/b", "memory.reclaim", "max"), -EINVAL);
	check_ret("zero", cg_write("a/b", "memory.reclaim", "0"), 0);
	check_ret("part", cg_write("a/b", "memory.reclaim", "4095"), 0);
	check_ret("nothing", cg_write("a/b", "memory.reclaim", "1M"), -EAGAIN);
	eater_start(&e, "a/b", MEM_BIG);
	eater_eat(&e);
	check_ret("anon", cg_write("a", "memory.reclaim", "1G"), -EAGAIN);
	check_true("lives", eater_lives(&e));
	check_true("usage", mem_becomes("a/b", NULL, MEM_BIG));
	check_int("oom_kill", event("a", EVENTS, "oom_kill"), 0);
	eater_end(&e);
}

/* The killed one's events file is told. */
static void events_polled(void)
{
	struct eater e = { 0 };
	struct pollfd p = { .events = POLLPRI };
	char text[256];

	tree_ab();
	must(cg_write("a", "memory.max", "8M"));
	p.fd = must(cg_open("a", EVENTS, O_RDONLY));
	must(sys_read(p.fd, text, sizeof(text)));
	check_ret("quiet", sys_poll(&p, 1, 0), 0);
	eater_start(&e, "a/b", 4 * MEM_BIG);
	eater_go(&e);
	check_ret("poll", sys_poll(&p, 1, 5000), 1);
	check_int("pri", p.revents & POLLPRI, POLLPRI);
	check_int("fate", eater_fate(&e), SIGKILL);
	sys_close(p.fd);
}

/* --- many at once --- */

#define WORKERS 4
#define ROUNDS 25

/* Lives short: memory, a file, another cgroup; perhaps it is killed. */
static void short_life(unsigned seed)
{
	static const char *const places[] = { "a/b", "a/c", "out" };
	long bytes = (1 + seed % 5) * 1024 * 1024;
	char *at;

	cg_join(places[seed % LENGTH(places)], 0);
	at = (char *)sys(__NR_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_ANONYMOUS | (seed & 1 ? MAP_SHARED : MAP_PRIVATE), -1, 0);
	memset(at, 1, bytes / 2);
	cg_join(places[(seed / 2) % LENGTH(places)], 0);
	if (sys_fork() == 0)
		memset(at, 2, bytes);
	else
		memset(at, 3, bytes);
	sys_exit(0);
}

static void worker(struct peer *up, void *arg)
{
	unsigned seed = *(unsigned *)arg;
	long pid;

	(void)up;
	for (int k = 0; k < ROUNDS; k++) {
		pid = must(sys_fork());
		if (pid == 0)
			short_life(seed + k * 7);
		wait_status(pid);
	}
}

static void stress(void)
{
	struct peer peers[WORKERS];
	unsigned seeds[WORKERS];

	tree_ab();
	must(cg_write("a", "memory.max", "6M"));
	must(cg_write("a/b", "memory.max", "4M"));
	must(cg_write("a/c", "memory.oom.group", "1"));
	for (unsigned k = 0; k < WORKERS; k++) {
		seeds[k] = k * 3;
		spawn(&peers[k], 0, worker, &seeds[k]);
	}
	for (unsigned k = 0; k < WORKERS; k++)
		finish(&peers[k]);
	check_true("a", mem_becomes("a", NULL, 0));
	check_true("out", mem_becomes("out", NULL, 0));
	check_true("kills", event("a", EVENTS, "oom_kill") > 0);
	check_int("out.kills", event("out", EVENTS, "oom_kill"), 0);
	check_true("peak", mem_kbytes("a", "memory.peak", NULL) <= 6144);
}

const struct test_case cg_memory_limit_cases[] = {
	{ "MEMCG-09", "who passes max is killed", over_max, 0, 20 },
	{ "MEMCG-09.under", "who stays below is not", under_max, 0, 0 },
	{ "MEMCG-09.worst", "the biggest of the subtree goes", worst_goes, 0, 20 },
	{ "MEMCG-09.score", "oom_score_adj makes one bigger", score_counts, 0, 20 },
	{ "MEMCG-10", "where a kill counts", limit_above, 0, 20 },
	{ "MEMCG-10.poll", "pollers of memory.events are told", events_polled, 0, 20 },
	{ "MEMCG-11", "events.local is of no descendant", local_only, 0, 20 },
	{ "MEMCG-12", "oom.group of a leaf", group_leaf, 0, 20 },
	{ "MEMCG-13", "oom.group of the parent", group_parent, 0, 20 },
	{ "MEMCG-14", "a score of -1000 survives", exempt, 0, 20 },
	{ "MEMCG-16", "high never kills", over_high, 0, 60 },
	{ "MEMCG-17", "max below usage kills", lower_max, 0, 20 },
	{ "MEMCG-17.none", "max 0 of an empty cgroup", lower_max_of_none, 0, 0 },
	{ "MEMCG-18", "high below usage is taken", lower_high, 0, 20 },
	{ "MEMCG-24", "memory.reclaim", reclaim, 0, 20 },
	{ "MEMCG-43", "short lives at their limits, many at once", stress, 0, 60 },
	{ 0 },
};
