// SPDX-License-Identifier: MIT
/* tests/conform/cg_kill.c - cgroup.kill: CG-50, CG-51.
 *
 * See Documentation/admin-guide/cgroup-v2.rst, "cgroup.kill". */
#include "cgutil.h"

#define KILL "cgroup.kill"

static const struct {
	const char *name, *text;
	long want;
} values[] = {
	{ "zero", "0", -ERANGE }, { "two", "2", -ERANGE }, { "minus", "-1", -ERANGE },
	{ "huge", "99999999999", -ERANGE }, { "word", "kill", -EINVAL }, { "blank", " ", -EINVAL },
	{ "behind", "1x", -EINVAL }, { "empty", "", 0 }, { "one", "1", 0 }, { "spaces", " 1\n", 0 },
};

static void values_written(void)
{
	long pid;

	cg_begin();
	cg_make("a");
	pid = cg_idle("a");
	for (size_t i = 0; i + 2 < LENGTH(values); i++)
		check_ret(values[i].name, cg_write("a", KILL, values[i].text), values[i].want);
	check_true("alive", cg_lists("a", "cgroup.procs", pid));
	check_ret("one", cg_write("a", KILL, "1"), 0);
	check_int("killed", wait_status(pid), SIGKILL);
	check_ret("spaces", cg_write("a", KILL, " 1\n"), 0);
	check_ret("read", cg_read_err("a", KILL), -EINVAL);
	check_true("not_in_root", !cg_has("/", KILL));
}

static void ignores_all(struct peer *up, void *arg)
{
	unsigned long all = ~0ul;

	(void)arg;
	sys(__NR_rt_sigprocmask, SIG_SETMASK, &all, NULL, SIGSET_BYTES);
	tell(up);
	for (;;)
		sys(__NR_pause);
}

static void subtree(void)
{
	long in, below, beside, above;
	struct peer deaf;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("a/b/c");
	cg_make("d");
	in = cg_idle("a");
	below = cg_idle("a/b/c");
	beside = cg_idle("d");
	above = cg_idle("");
	spawn(&deaf, 0, ignores_all, NULL);
	hear(&deaf);
	must(cg_join("a/b", deaf.pid));
	check_ret("kill", cg_write("a", KILL, "1"), 0);
	check_int("in", wait_status(in), SIGKILL);
	check_int("below", wait_status(below), SIGKILL);
	check_int("deaf", wait_status(deaf.pid), SIGKILL);
	check_true("beside", cg_lists("d", "cgroup.procs", beside));
	check_true("above", cg_lists("", "cgroup.procs", above));
	check_int("empty", cg_await("a", "cgroup.events", "populated", 0), 0);
	check_ret("usable", cg_join("a", above), 0);
	end_idle(beside);
	end_idle(above);
}

static void stopped_and_frozen(void)
{
	long stopped, frozen;
	int status;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	stopped = cg_idle("a");
	frozen = cg_idle("a/b");
	must(sys_kill(stopped, SIGSTOP));
	must(sys_wait4(stopped, &status, WUNTRACED));
	must(cg_write("a/b", "cgroup.freeze", "1"));
	must(cg_await("a/b", "cgroup.events", "frozen", 1));
	check_ret("kill", cg_write("a", KILL, "1"), 0);
	check_int("stopped", wait_status(stopped), SIGKILL);
	check_int("frozen", wait_status(frozen), SIGKILL);
}

static void waits(void *arg)
{
	(void)arg;
	for (;;)
		sys(__NR_pause);
}

static void leader_leaves(struct peer *up, void *arg)
{
	static struct thread thread;

	(void)arg;
	hear(up);
	thread_start(&thread, waits, NULL);
	sys(__NR_exit, 0);
}

/* The signal goes to the leader, which is a zombie. */
static void dead_leader(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	spawn(&peer, 0, leader_leaves, NULL);
	must(cg_join("a", peer.pid));
	tell(&peer);
	while (cg_state(peer.pid) != 'Z')
		nap(1);
	check_int("populated", cg_number("a", "cgroup.events", "populated"), 1);
	check_true("listed", cg_lists("a", "cgroup.procs", peer.pid));
	check_ret("kill", cg_write("a", KILL, "1"), 0);
	nap(100);
	check_int("alive", cg_number("a", "cgroup.events", "populated"), 1);
	must(sys_kill(peer.pid, SIGKILL));
	check_int("status", wait_status(peer.pid), SIGKILL);
}

/* Threads in threaded cgroups: a process dies with any of its threads there. */
static void threaded(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	must(cg_write("a", "cgroup.type", "threaded"));
	spawn(&peer, 0, ignores_all, NULL);
	hear(&peer);
	must(cg_join("a", peer.pid));
	check_ret("threaded", cg_write("a", KILL, "1"), -EOPNOTSUPP);
	check_true("alive", cg_lists("a", "cgroup.threads", peer.pid));
	check_ret("domain", cg_write("", KILL, "1"), 0);
	check_int("killed", wait_status(peer.pid), SIGKILL);
}

/* The init of a pid namespace dies of it, with all that is inside. */
static void namespace_init(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	spawn(&peer, CLONE_NEWPID, ignores_all, NULL);
	hear(&peer);
	must(cg_join("a", peer.pid));
	check_ret("kill", cg_write("a", KILL, "1"), 0);
	check_int("killed", wait_status(peer.pid), SIGKILL);
}

static void kills_own_cgroup(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a", 0));
	cg_write("a", KILL, "1");
	sys_exit(0);
}

static void own_cgroup(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	spawn(&peer, 0, kills_own_cgroup, NULL);
	check_int("killed", wait_status(peer.pid), SIGKILL);
}

/* Nobody escapes by forking. A limit keeps the rest of the machine running meanwhile. */
static void fork_bomb(void)
{
	long pid;

	cg_begin();
	cg_enable("pids");
	cg_make("a");
	must(cg_write("a", "pids.max", "64"));
	for (int round = 0; round < 5; round++) {
		pid = must(sys_fork());
		if (pid == 0) {
			must(cg_join("a", 0));
			for (;;)
				if (sys_fork() < 0)
					sys_yield();
		}
		for (int i = 0; i < 500 && cg_number("a", "cgroup.events", "populated") != 1; i++)
			nap(1);
		nap(5);
		must(cg_write("a", KILL, "1"));
		expect_eq(wait_status(pid), SIGKILL);
		expect_eq(cg_await("a", "cgroup.events", "populated", 0), 0);
	}
	check_ret("rmdir", cg_remove("a"), 0);
}

const struct test_case cg_kill_cases[] = {
	{ "CG-50", "cgroup.kill takes 1 and cannot be read", values_written, 0, 0 },
	{ "CG-50.subtree", "all processes of the subtree die, no other", subtree, 0, 0 },
	{ "CG-50.asleep", "stopped and frozen ones too", stopped_and_frozen, 0, 0 },
	{ "CG-50.leader", "but none whose leader has exited before", dead_leader, 0, 0 },
	{ "CG-50.threaded", "a threaded cgroup has no processes to kill", threaded, 0, 0 },
	{ "CG-50.init", "the init of a pid namespace dies too", namespace_init, CLONE_NEWPID, 0 },
	{ "CG-50.self", "and the writer", own_cgroup, 0, 0 },
	{ "CG-51", "nobody escapes by forking", fork_bomb, 0, 20 },
	{ 0 },
};
