// SPDX-License-Identifier: MIT
/* tests/conform/cg_edges.c - where rules of control groups meet: CG-14, 15, 25, 39, 63, 64.
 *
 * Zombies that are named, places that are shown, parents that are full, controllers that went to
 * a hierarchy of their own. See cgroups(7), Documentation/admin-guide/cgroup-v2.rst. */
#include "cgutil.h"

#define CONTROL "cgroup.subtree_control"
#define DESCENDANTS "cgroup.max.descendants"
#define DEPTH "cgroup.max.depth"
#define V1_MOUNT "/tmp/conform/v1"
#define WAITS 400
#define WAIT_MSEC 5
#define MANY 100

/* --- CG-14: zombies --- */

static void zombie_in(struct peer *peer, const char *cg)
{
	spawn(peer, 0, wait_to_go, NULL);
	must(cg_join(cg, peer->pid));
	tell(peer);
	while (cg_state(peer->pid) != 'Z')
		nap(1);
}

/* It stays where it is, and nobody counts it elsewhere; as often as it is tried. */
static void zombie_named(void)
{
	struct peer peer;
	int zeros = 0;

	cg_begin();
	cg_enable("pids");
	cg_make("a");
	cg_make("b");
	zombie_in(&peer, "a");
	for (int i = 0; i < MANY; i++)
		zeros += cg_join("b", peer.pid) == 0;
	check_int("taken", zeros, MANY);
	check_ret("thread", cg_join_thread("b", peer.pid), -EOPNOTSUPP);
	check_str("place", cg_of(peer.pid), "/conform/a");
	check_int("charged", cg_number("a", "pids.current", NULL), 1);
	check_int("not_charged", cg_number("b", "pids.current", NULL), 0);
	check_cg("not_listed", "b", "cgroup.procs", "");
	must(cg_write("b", "pids.max", "0"));
	check_ret("no_room", cg_join("b", peer.pid), 0);
	must(cg_write("b", "cgroup.freeze", "1"));
	check_ret("into_frozen", cg_join("b", peer.pid), 0);
	check_cg("populated", "b", "cgroup.events", "populated 0\nfrozen 1\n");
	check_ret("rmdir_both", cg_remove("b"), 0);
	check_ret("rmdir_place", cg_remove("a"), 0);
	finish(&peer);
	check_int("nobody", cg_number("", "pids.current", NULL), 0);
}

/* --- CG-15: what /proc/PID/cgroup shows --- */

static void places(void)
{
	struct peer one, two;
	long pid;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("a/b/with space");
	check_str("root", cg_of(0), "/");
	pid = cg_idle("a/b/with space");
	check_str("nested", cg_of(pid), "/conform/a/b/with space");
	must(cg_join("a", pid));
	check_str("up", cg_of(pid), "/conform/a");
	zombie_in(&one, "a/b");
	zombie_in(&two, "a/b/with space");
	must(cg_remove("a/b/with space"));
	check_str("removed", cg_of(two.pid), "/conform/a/b/with space (deleted)");
	check_str("parent_is_not", cg_of(one.pid), "/conform/a/b");
	cg_make("a/b/with space");
	check_str("another_of_that_name", cg_of(two.pid), "/conform/a/b/with space (deleted)");
	must(cg_remove("a/b/with space"));
	must(cg_remove("a/b"));
	check_str("parent_too", cg_of(one.pid), "/conform/a/b (deleted)");
	check_str("child_of_removed", cg_of(two.pid), "/conform/a/b/with space (deleted)");
	finish(&one);
	finish(&two);
	end_idle(pid);
}

/* --- CG-25: into a cgroup that shares out --- */

static void moves_refused(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	check_ret("self", cg_join("a", 0), -EBUSY);
	check_ret("self.by_thread", cg_join_thread("a", 0), -EBUSY);
}

static void shares_out(void)
{
	int busy = 0;
	long pid;

	cg_begin();
	cg_enable("memory");
	cg_enable("pids");
	cg_make("a");
	cg_make("a/b");
	pid = cg_idle("a/b");
	must(cg_write("a", CONTROL, "+memory"));
	for (int i = 0; i < MANY; i++)
		busy += cg_join("a", pid) == -EBUSY;
	check_int("up", busy, MANY);
	check_str("stays", cg_of(pid), "/conform/a/b");
	check_int("charged_once", cg_number("a", "pids.current", NULL), 1);
	run_child(0, moves_refused, NULL);
	check_ret("clone3", cg_clone3("a", 0), -EBUSY);
	must(cg_write("a", CONTROL, "-memory"));
	check_ret("nothing_shared", cg_join("a", pid), 0);
	check_ret("enable_now", cg_write("a", CONTROL, "+memory"), -EBUSY);
	check_ret("threaded_one", cg_write("a", CONTROL, "+pids"), 0);
	check_ret("within_root", cg_join("a", pid), 0);
	check_ret("below_thread_root", cg_join("a/b", pid), -EOPNOTSUPP);
	must(cg_write("a", CONTROL, "-pids"));
	check_ret("below", cg_join("a/b", pid), 0);
	end_idle(pid);
}

/* --- CG-39: limits below what there is --- */

static void lowered(void)
{
	int refused = 0;

	cg_begin();
	for (int i = 0; i < 3; i++)
		cg_make(i == 0 ? "a" : i == 1 ? "a/b" : "a/b/c");
	check_ret("descendants", cg_write("", DESCENDANTS, "1"), 0);
	check_cg("shown", "", DESCENDANTS, "1\n");
	check_int("all_there", cg_number("", "cgroup.stat", "nr_descendants"), 3);
	for (int i = 0; i < MANY; i++)
		refused += cg_try("x") == -EAGAIN;
	check_int("refused", refused, MANY);
	check_ret("inner_limit_up", cg_write("a", DESCENDANTS, "100"), 0);
	check_ret("outer_counts", cg_try("a/x"), -EAGAIN);
	must(cg_remove("a/b/c"));
	check_ret("two_left", cg_try("x"), -EAGAIN);
	must(cg_remove("a/b"));
	check_ret("one_left", cg_try("x"), -EAGAIN);
	must(cg_remove("a"));
	check_ret("room", cg_try("x"), 0);
	check_ret("full", cg_try("y"), -EAGAIN);
	must(cg_write("", DESCENDANTS, "max"));
	cg_make("x/y");
	check_ret("depth", cg_write("", DEPTH, "0"), 0);
	check_int("deep_ones_stay", cg_number("", "cgroup.stat", "nr_descendants"), 2);
	check_ret("no_child", cg_try("z"), -EAGAIN);
	check_ret("no_grandchild", cg_try("x/z"), -EAGAIN);
	must(cg_write("", DEPTH, "2"));
	check_ret("grandchild", cg_try("x/z"), 0);
	check_ret("too_deep", cg_try("x/z/w"), -EAGAIN);
}

/* --- CG-63 --- */

static void pressure(void)
{
	cg_begin();
	cg_make("a");
	if (!cg_has("a", "cgroup.pressure"))
		skip("no pressure stall information in this kernel");
	check_cg("default", "a", "cgroup.pressure", "1\n");
	check_ret("two", cg_write("a", "cgroup.pressure", "2"), -ERANGE);
	check_ret("junk", cg_write("a", "cgroup.pressure", "off"), -EINVAL);
	check_ret("off", cg_write("a", "cgroup.pressure", "0"), 0);
	check_true("hidden", !cg_has("a", "memory.pressure"));
	check_ret("on", cg_write("a", "cgroup.pressure", "1"), 0);
	check_ret("shown", cg_read_err("a", "memory.pressure"), 0);
}

/* --- CG-64 --- */

static bool lists_pids(void)
{
	return strstr(cg_read("/", "cgroup.controllers"), "pids") != NULL;
}

/* The hierarchy goes a little after its last mount. */
static bool pids_come_back(void)
{
	for (int i = 0; i < WAITS && !lists_pids(); i++)
		nap(WAIT_MSEC);
	return lists_pids();
}

static void elsewhere(void)
{
	long rc;

	cg_begin();
	must_true(lists_pids());
	must(sys_mkdir(V1_MOUNT, 0755));
	rc = sys_mount("v1", V1_MOUNT, "cgroup", 0, "pids");
	if (rc == -ENODEV)
		skip("no hierarchies of v1 in this kernel");
	check_ret("mount", rc, 0);
	check_true("gone", !lists_pids());
	check_ret("enable", cg_write("/", CONTROL, "+pids"), -ENOENT);
	check_ret("unknown_is_other", cg_write("/", CONTROL, "+pidz"), -EINVAL);
	check_ret("umount", sys_umount(V1_MOUNT, 0), 0);
	check_true("back", pids_come_back());
	check_ret("enable_again", cg_write("/", CONTROL, "+pids"), 0);
	check_ret("in_use", sys_mount("v1", V1_MOUNT, "cgroup", 0, "pids"), -EBUSY);
	check_true("still_here", lists_pids());
	must(cg_write("/", CONTROL, "-pids"));
}

const struct test_case cg_edges_cases[] = {
	{ "CG-14", "naming a zombie succeeds, and moves nothing", zombie_named, 0, 0 },
	{ "CG-15", "/proc/PID/cgroup says where, and what is gone", places, 0, 0 },
	{ "CG-25", "nobody moves in beside children that compete", shares_out, 0, 0 },
	{ "CG-39", "limits may be lowered below what there is", lowered, 0, 0 },
	{ "CG-63", "cgroup.pressure switches the measuring off", pressure, 0, 0 },
	{ "CG-64", "a controller is in one hierarchy at a time", elsewhere, 0, 0 },
	{ 0 },
};
