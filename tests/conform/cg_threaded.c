// SPDX-License-Identifier: MIT
/* tests/conform/cg_threaded.c - thread mode: CG-27 to CG-35.
 *
 * See Documentation/admin-guide/cgroup-v2.rst, "Threads". */
#include "cgutil.h"

#define CONTROL "cgroup.subtree_control"
#define TYPE "cgroup.type"

/* Processes and threaded controllers in one cgroup. */
static void thread_root(void)
{
	long pid;

	cg_begin();
	cg_enable("pids");
	cg_make("a");
	cg_make("a/b");
	check_ret("enable.empty", cg_write("a", CONTROL, "+pids"), 0);
	check_cg("empty", "a", TYPE, "domain\n");
	pid = cg_idle("a");
	check_cg("root", "a", TYPE, "domain threaded\n");
	check_cg("child", "a/b", TYPE, "domain invalid\n");
	cg_make("a/b/c");
	check_cg("grandchild", "a/b/c", TYPE, "domain invalid\n");
	check_ret("disable", cg_write("a", CONTROL, "-pids"), 0);
	check_cg("root.off", "a", TYPE, "domain\n");
	check_ret("enable.populated", cg_write("a", CONTROL, "+pids"), 0);
	check_cg("root.on", "a", TYPE, "domain threaded\n");
	end_idle(pid);
	cg_await("a", "cgroup.events", "populated", 0);
	check_cg("root.left", "a", TYPE, "domain\n");
	check_cg("child.left", "a/b", TYPE, "domain\n");
}

static void invalid_domain(void)
{
	long pid;

	cg_begin();
	cg_enable("pids");
	cg_make("a");
	cg_make("a/b");
	must(cg_write("a", CONTROL, "+pids"));
	pid = cg_idle("a");
	check_cg("invalid", "a/b", TYPE, "domain invalid\n");
	check_ret("move", cg_join("a/b", pid), -EOPNOTSUPP);
	check_ret("move_thread", cg_join_thread("a/b", pid), -EOPNOTSUPP);
	check_ret("enable", cg_write("a/b", CONTROL, "+pids"), -EOPNOTSUPP);
	check_ret("disable", cg_write("a/b", CONTROL, "-pids"), 0);
	check_cg("procs", "a/b", "cgroup.procs", "");
	check_ret("make_threaded", cg_write("a/b", TYPE, "threaded"), 0);
	check_cg("threaded", "a/b", TYPE, "threaded\n");
	check_ret("move.threaded", cg_join("a/b", pid), 0);
	must(cg_join("/", pid));
	end_idle(pid);
}

static void type_words(void)
{
	static const char *const wrong[] = {
		"domain", "domain threaded", "thread", "threadedx", "Threaded", " ", "1",
		"domain invalid",
	};
	cg_begin();
	cg_make("a");
	for (size_t i = 0; i < LENGTH(wrong); i++)
		check_ret(wrong[i], cg_write("a", TYPE, wrong[i]), -EINVAL);
	check_ret("empty", cg_write("a", TYPE, ""), 0);
	check_cg("kept", "a", TYPE, "domain\n");
	check_ret("spaces", cg_write("a", TYPE, " threaded\n"), 0);
	check_cg("threaded", "a", TYPE, "threaded\n");
	check_cg("parent", "", TYPE, "domain threaded\n");
	check_ret("again", cg_write("a", TYPE, "threaded"), 0);
	check_ret("no_way_back", cg_write("a", TYPE, "domain"), -EINVAL);
	check_cg("still", "a", TYPE, "threaded\n");
	cg_make("a/b");
	check_cg("child", "a/b", TYPE, "domain invalid\n");
	check_ret("child.threaded", cg_write("a/b", TYPE, "threaded"), 0);
	check_cg("child.type", "a/b", TYPE, "threaded\n");
}

static void refused_switch(void)
{
	long pid;

	cg_begin();
	cg_enable("memory");
	cg_make("a");
	check_ret("parent_has_domain_controllers", cg_write("a", TYPE, "threaded"), -EOPNOTSUPP);
	must(cg_write("", CONTROL, "-memory"));
	pid = cg_idle("a");
	check_ret("populated", cg_write("a", TYPE, "threaded"), -EOPNOTSUPP);
	cg_make("a/b");
	must(cg_join("a/b", pid));
	check_ret("populated_below", cg_write("a", TYPE, "threaded"), -EOPNOTSUPP);
	cg_make("c");
	check_ret("sibling_populated", cg_write("c", TYPE, "threaded"), -EOPNOTSUPP);
	must(cg_join("/", pid));
	must(cg_write("", CONTROL, "+memory"));
	must(cg_write("a", CONTROL, "+memory"));
	check_ret("has_domain_controllers", cg_write("a", TYPE, "threaded"), -EOPNOTSUPP);
	must(cg_write("a", CONTROL, "-memory"));
	must(cg_write("", CONTROL, "-memory"));
	check_ret("retry", cg_write("a", TYPE, "threaded"), 0);
	check_cg("type", "a", TYPE, "threaded\n");
	end_idle(pid);
}

/* The root of the hierarchy does not mind: its children may be threaded with domain controllers
 * on. */
static void below_the_root(void)
{
	cg_begin();
	cg_enable("memory");
	must(cg_write("", CONTROL, "-memory"));
	check_true("memory", cg_has("", "memory.max"));
	check_ret("threaded", cg_write("", TYPE, "threaded"), 0);
	check_cg("type", "", TYPE, "threaded\n");
	check_true("no_memory", !cg_has("", "memory.max"));
	check_cg("controllers", "", "cgroup.controllers", "");
	check_cg("procs", "", "cgroup.procs", "EOPNOTSUPP");
	check_ret("join", cg_join("", 0), 0);
	check_ret("leave", cg_join("/", 0), 0);
}

static void domain_controllers_refused(void)
{
	cg_begin();
	cg_enable("memory");
	cg_enable("pids");
	must(cg_write("", CONTROL, "-memory"));
	cg_make("a");
	must(cg_write("a", TYPE, "threaded"));
	check_cg("root", "", TYPE, "domain threaded\n");
	check_ret("root.enable", cg_write("", CONTROL, "+memory"), -EOPNOTSUPP);
	check_ret("threaded.unavailable", cg_write("a", CONTROL, "+memory"), -ENOENT);
	check_ret("root.both", cg_write("", CONTROL, "+memory -pids"), -EOPNOTSUPP);
	check_cg("kept", "", CONTROL, "pids\n");
	check_cg("only_threaded", "a", "cgroup.controllers", "pids\n");
	check_ret("threaded.pids", cg_write("a", CONTROL, "+pids"), 0);
	must(cg_remove("a"));
	check_cg("reverted", "", TYPE, "domain\n");
	check_ret("root.retry", cg_write("", CONTROL, "+memory"), 0);
}

/* --- processes and threads --- */

static struct gate started, leave;
static int thread_tid;

static void second_thread(void *arg)
{
	(void)arg;
	__atomic_store_n(&thread_tid, (int)sys_gettid(), __ATOMIC_SEQ_CST);
	gate_open(&started);
	gate_wait(&leave);
}

static void two_threads(struct peer *up, void *arg)
{
	struct thread thread;

	(void)arg;
	thread_start(&thread, second_thread, NULL);
	gate_wait(&started);
	send_long(up, thread_tid);
	hear(up);
	gate_open(&leave);
	thread_join(&thread);
}

static void spawn_threaded(struct peer *peer, long *tid)
{
	spawn(peer, 0, two_threads, NULL);
	*tid = recv_long(peer);
}

static void procs_of_threaded(void)
{
	struct peer peer;
	long tid;

	cg_begin();
	cg_make("a");
	must(cg_write("a", TYPE, "threaded"));
	spawn_threaded(&peer, &tid);
	check_ret("into_threaded", cg_join("a", peer.pid), 0);
	check_cg("threaded.procs", "a", "cgroup.procs", "EOPNOTSUPP");
	check_true("leader", cg_lists("a", "cgroup.threads", peer.pid));
	check_true("thread", cg_lists("a", "cgroup.threads", tid));
	check_true("root.procs", cg_lists("", "cgroup.procs", peer.pid));
	check_true("root.procs.thread", !cg_lists("", "cgroup.procs", tid));
	check_cg("root.threads", "", "cgroup.threads", "");
	check_str("path", cg_of(peer.pid), "/conform/a");
	check_cg("events", "a", "cgroup.events", "populated 1\nfrozen 0\n");
	check_cg("root.events", "", "cgroup.events", "populated 1\nfrozen 0\n");
	tell(&peer);
	finish(&peer);
}

static void single_threads(void)
{
	struct peer peer;
	long tid;

	cg_begin();
	cg_make("a");
	cg_make("b");
	cg_make("other");
	spawn_threaded(&peer, &tid);
	must(cg_join("", peer.pid));
	must(cg_write("a", TYPE, "threaded"));
	must(cg_write("b", TYPE, "threaded"));
	check_ret("to_a", cg_join_thread("a", tid), 0);
	check_true("in_a", cg_lists("a", "cgroup.threads", tid));
	check_true("leader_stays", cg_lists("", "cgroup.threads", peer.pid));
	check_ret("leader_to_b", cg_join_thread("b", peer.pid), 0);
	check_true("root.procs", cg_lists("", "cgroup.procs", peer.pid));
	check_ret("to_invalid", cg_join_thread("other", tid), -EOPNOTSUPP);
	check_ret("out_of_domain", cg_join_thread("/", tid), -EOPNOTSUPP);
	check_ret("back", cg_join_thread("", tid), 0);
	check_ret("group_out", cg_join("/", peer.pid), 0);
	check_cg("empty", "", "cgroup.events", "populated 0\nfrozen 0\n");
	check_ret("in_again", cg_join_thread("a", tid), -EOPNOTSUPP);
	tell(&peer);
	finish(&peer);
}

/* Threads may sit beside threaded children that have controllers. */
static void inner_threads(void)
{
	struct peer peer;
	long tid;

	cg_begin();
	cg_enable("pids");
	cg_make("a");
	must(cg_write("a", TYPE, "threaded"));
	must(cg_write("a", CONTROL, "+pids"));
	cg_make("a/b");
	must(cg_write("a/b", TYPE, "threaded"));
	spawn_threaded(&peer, &tid);
	must(cg_join("", peer.pid));
	check_ret("inner", cg_join_thread("a", peer.pid), 0);
	check_ret("leaf", cg_join_thread("a/b", tid), 0);
	check_int("inner.pids", cg_number("a", "pids.current", NULL), 2);
	check_int("leaf.pids", cg_number("a/b", "pids.current", NULL), 1);
	check_ret("leaf.up", cg_join_thread("a", tid), 0);
	check_int("leaf.empty", cg_number("a/b", "pids.current", NULL), 0);
	tell(&peer);
	finish(&peer);
}

static void reverts(void)
{
	cg_begin();
	cg_make("a");
	cg_make("b");
	must(cg_write("a", TYPE, "threaded"));
	must(cg_write("b", TYPE, "threaded"));
	check_cg("root", "", TYPE, "domain threaded\n");
	must(cg_remove("a"));
	check_cg("one_left", "", TYPE, "domain threaded\n");
	must(cg_remove("b"));
	check_cg("none_left", "", TYPE, "domain\n");
	cg_make("a");
	check_cg("new_child", "a", TYPE, "domain\n");
}

/* A threaded cgroup whose parent's domain is not valid. */
static void nested_invalid(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("a/b/c");
	must(cg_write("a", TYPE, "threaded"));
	check_cg("b", "a/b", TYPE, "domain invalid\n");
	check_ret("grandchild", cg_write("a/b/c", TYPE, "threaded"), -EOPNOTSUPP);
	must(cg_write("a/b", TYPE, "threaded"));
	check_ret("grandchild.retry", cg_write("a/b/c", TYPE, "threaded"), 0);
	check_ret("kill", cg_write("a", "cgroup.kill", "1"), -EOPNOTSUPP);
	check_ret("freeze", cg_write("a", "cgroup.freeze", "1"), 0);
	check_cg("frozen", "a/b/c", "cgroup.events", "populated 0\nfrozen 1\n");
}

const struct test_case cg_threaded_cases[] = {
	{ "CG-27", "processes beside threaded controllers make a thread root", thread_root, 0, 0 },
	{ "CG-28", "nothing goes into a domain that is invalid", invalid_domain, 0, 0 },
	{ "CG-29", "cgroup.type takes one word, for good", type_words, 0, 0 },
	{ "CG-30", "where threaded is refused", refused_switch, 0, 0 },
	{ "CG-30.root", "children of the root are free to", below_the_root, 0, 0 },
	{ "CG-31", "no domain controllers in a threaded subtree",
	  domain_controllers_refused, 0, 0 },
	{ "CG-32", "processes are listed by their domain", procs_of_threaded, 0, 0 },
	{ "CG-33", "threads move within their domain", single_threads, 0, 0 },
	{ "CG-34", "threads may sit in inner cgroups", inner_threads, 0, 0 },
	{ "CG-35", "a thread root becomes a domain again", reverts, 0, 0 },
	{ "CG-28.nested", "a threaded cgroup needs a valid domain above", nested_invalid, 0, 0 },
	{ 0 },
};
