// SPDX-License-Identifier: MIT
/* tests/conform/ext_forks.c - EXT-FORKS-01, 02: the forks controller (cgroup/forks.c). */
#include "cgutil.h"

/* a, a/b and a/c, all with the controller. */
static void begin(void)
{
	cg_begin();
	cg_enable("forks");
	cg_make("a");
	must(cg_write("a", "cgroup.subtree_control", "+forks"));
	cg_make("a/b");
	cg_make("a/c");
}

static void fork_once(void)
{
	end_idle(must(spawn_idle(0)));
}

/* EXT-FORKS-01 */

static void counted_here(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a/b", 0));
	check_int("moved_in", cg_number("a/b", "forks.count", NULL), 0);
	for (int i = 0; i < 3; i++)
		fork_once();
	check_int("own", cg_number("a/b", "forks.count", NULL), 3);
	must(cg_join("a/c", 0));
	fork_once();
	check_int("above", cg_number("a", "forks.count", NULL), 4);
	check_int("not_beside", cg_number("a/b", "forks.count", NULL), 3);
	must(cg_join("/", 0));
}

static void counted(void)
{
	begin();
	check_int("new", cg_number("a", "forks.count", NULL), 0);
	run_child(0, counted_here, NULL);
	must(cg_remove("a/b"));
	check_int("kept_by_the_parent", cg_number("a", "forks.count", NULL), 4);
}

/* EXT-FORKS-02 */

static void limited_here(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a/b", 0));
	fork_once();
	fork_once();
	check_ret("past_the_parents", spawn_idle(0), -EAGAIN);
	check_int("not_counted", cg_number("a/b", "forks.count", NULL), 2);
	must(cg_write("a", "forks.max", "max"));
	fork_once();
	must(cg_write("a/b", "forks.max", "0"));
	check_ret("below_the_count", spawn_idle(0), -EAGAIN);
	must(cg_join("/", 0));
}

static void limited(void)
{
	begin();
	check_cg("default", "a", "forks.max", "max\n");
	must(cg_write("a", "forks.max", "2"));
	check_cg("set", "a", "forks.max", "2\n");
	check_ret("minus", cg_write("a", "forks.max", "-1"), -EINVAL);
	check_ret("word", cg_write("a", "forks.max", "few"), -EINVAL);
	run_child(0, limited_here, NULL);
}

const struct test_case ext_forks_cases[] = {
	{ "EXT-FORKS-01", "forks are counted in the cgroup and above, for ever", counted, 0, 0 },
	{ "EXT-FORKS-02", "a fork past the max of any ancestor is EAGAIN", limited, 0, 0 },
	{ 0 },
};
