// SPDX-License-Identifier: MIT
/* tests/conform/cg_stat.c - cpu.stat without a controller: CPUCG-11, CPUCG-12.
 *
 * Times differ from run to run: only their order is looked at. See
 * Documentation/admin-guide/cgroup-v2.rst, "CPU". */
#include "cgutil.h"

#define SPIN_USEC 30000

static long usage(const char *cg)
{
	return cg_number(cg, "cpu.stat", "usage_usec");
}

/* Computes until cg has used that much more. */
static void spin_in(const char *cg, long usec)
{
	long end = usage(cg) + usec;

	while (usage(cg) < end)
		for (volatile int i = 0; i < 100000; i++)
			;
}

static void spins(struct peer *up, void *arg)
{
	(void)arg;
	must(cg_join("a/b", 0));
	spin_in("a/b", SPIN_USEC);
	tell(up);
	hear(up);
	must(cg_join("a/c", 0));
	spin_in("a/c", SPIN_USEC);
	tell(up);
	hear(up);
}

static void hierarchical(void)
{
	struct peer peer;
	long before, after;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("a/c");
	check_int("unused", usage("a"), 0);
	spawn(&peer, 0, spins, NULL);
	hear(&peer);
	check_true("used", usage("a/b") >= SPIN_USEC);
	check_true("parent", usage("a") >= usage("a/b"));
	check_true("beside", usage("a/c") == 0);
	before = usage("a/b");
	tell(&peer);
	hear(&peer);
	after = usage("a/b");
	check_true("moved.monotone", after >= before);
	check_true("moved.other", usage("a/c") >= SPIN_USEC);
	check_true("moved.parent", usage("a") >= after + usage("a/c") - 2);
	nap(20);
	check_true("moved.stays", usage("a/b") == after);
	tell(&peer);
	finish(&peer);
	check_true("exited", usage("a") >= 2 * SPIN_USEC);
	after = usage("a");
	must(cg_remove("a/b"));
	must(cg_remove("a/c"));
	check_true("removed", usage("a") >= after);
}

/* A grandchild is moved by its parent, there and back, and between levels. */
static void wanders(struct peer *up, void *arg)
{
	(void)arg;
	hear(up);
	for (volatile int i = 0; i < 20000000; i++)
		;
	tell(up);
	hear(up);
}

static void migration(void)
{
	static const char *const way[] = { "c", "a", "a/b", "" };
	struct peer peer;
	long first, last = 0;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("c");
	spawn(&peer, 0, wanders, NULL);
	must(cg_join("a/b", peer.pid));
	tell(&peer);
	hear(&peer);
	first = usage("a/b");
	check_true("used", first > 0);
	for (size_t i = 0; i < LENGTH(way); i++) {
		must(cg_join(way[i], peer.pid));
		last = usage("a/b");
		check_true("stays", last >= first && usage("a") >= last);
	}
	check_true("elsewhere", usage("c") < first);
	check_true("above", usage("") >= usage("a") + usage("c") - 2);
	end_peer(&peer);
	check_int("exited elsewhere", usage("a/b"), last);
}

static void parts(void)
{
	long user, system, all;

	cg_begin();
	must(cg_join("", 0));
	spin_in("", SPIN_USEC);
	must(cg_join("/", 0));
	all = usage("");
	user = cg_number("", "cpu.stat", "user_usec");
	system = cg_number("", "cpu.stat", "system_usec");
	check_true("user", user > 0);
	check_true("sum", all - user - system >= -1 && all - user - system <= 1);
	check_true("root", cg_number("/", "cpu.stat", "usage_usec") >= SPIN_USEC);
	check_ret("write", cg_write("", "cpu.stat", "0"), -EINVAL);
}

const struct test_case cg_stat_cases[] = {
	{ "CPUCG-11", "cpu.stat is there without a controller, hierarchical", hierarchical, 0, 0 },
	{ "CPUCG-12", "what was used stays where it was used", migration, 0, 0 },
	{ "CPUCG-11.parts", "usage is user and system", parts, 0, 0 },
	{ 0 },
};
