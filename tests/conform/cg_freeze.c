// SPDX-License-Identifier: MIT
/* tests/conform/cg_freeze.c - cgroup.freeze: CG-42 to CG-49.
 *
 * A task that counts in shared memory shows whether it runs.
 * See Documentation/admin-guide/cgroup-v2.rst, "cgroup.freeze". */
#include "cgutil.h"

#define FREEZE "cgroup.freeze"
#define EVENTS "cgroup.events"
#define WATCH_MSEC 40

static const struct {
	const char *name, *text;
	long want;
} values[] = {
	{ "one", "1", 0 }, { "zero", "0", 0 }, { "spaces", " 1\n", 0 }, { "again", "1", 0 },
	{ "hex", "0x0", 0 }, { "two", "2", -ERANGE }, { "minus", "-1", -ERANGE },
	{ "huge", "99999999999", -ERANGE }, { "word", "FROZEN", -EINVAL },
	{ "blank", " ", -EINVAL },
	{ "behind", "1x", -EINVAL }, { "both", "1 0", -EINVAL }, { "empty", "", 0 },
};

static void values_written(void)
{
	cg_begin();
	cg_make("a");
	for (size_t i = 0; i < LENGTH(values); i++) {
		check_ret(values[i].name, cg_write("a", FREEZE, values[i].text), values[i].want);
		check_int(values[i].name, cg_number("a", FREEZE, NULL), i == 0 || i == 2 || i == 3);
	}
}

/* --- a task that shows that it runs --- */

static volatile unsigned long *counter;

static void counting_init(void)
{
	counter = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	must((long)counter);
}

static void count_for_ever(int slot)
{
	for (;;) {
		counter[slot]++;
		sys_yield();
	}
}

static long counting(const char *cg, int slot)
{
	long pid = must(sys_fork());

	if (pid == 0)
		count_for_ever(slot);
	must(cg_join(cg, pid));
	return pid;
}

static bool runs(int slot)
{
	unsigned long before = counter[slot];

	for (int i = 0; i < 50 && counter[slot] == before; i++)
		nap(10);
	return counter[slot] != before;
}

static bool stands(int slot)
{
	unsigned long before = counter[slot];

	nap(WATCH_MSEC);
	return counter[slot] == before;
}

static void simple(void)
{
	long pid;

	cg_begin();
	counting_init();
	cg_make("a");
	pid = counting("a", 0);
	check_true("runs", runs(0));
	check_ret("freeze", cg_write("a", FREEZE, "1"), 0);
	check_int("frozen", cg_await("a", EVENTS, "frozen", 1), 1);
	check_true("stands", stands(0));
	check_int("state", cg_state(pid), 'S');
	check_int("outside", cg_number("", EVENTS, "frozen"), 0);
	check_ret("thaw", cg_write("a", FREEZE, "0"), 0);
	check_int("thawed", cg_await("a", EVENTS, "frozen", 0), 0);
	check_true("runs_again", runs(0));
	must(cg_write("a", FREEZE, "1"));
	must(cg_await("a", EVENTS, "frozen", 1));
	check_ret("rmdir", cg_remove("a"), -EBUSY);
	end_idle(pid);
}

static void tree(void)
{
	cg_begin();
	counting_init();
	cg_make("a");
	cg_make("a/b");
	cg_make("a/c");
	cg_make("a/b/d");
	counting("a/b", 0);
	counting("a/c", 1);
	counting("a/b/d", 2);
	must(cg_write("a", FREEZE, "1"));
	check_int("a", cg_await("a", EVENTS, "frozen", 1), 1);
	check_int("b", cg_number("a/b", EVENTS, "frozen"), 1);
	check_int("c", cg_number("a/c", EVENTS, "frozen"), 1);
	check_int("d", cg_number("a/b/d", EVENTS, "frozen"), 1);
	check_int("own_file", cg_number("a/b", FREEZE, NULL), 0);
	check_true("stand", stands(0) && stands(1) && stands(2));
	check_ret("thaw_child", cg_write("a/b", FREEZE, "0"), 0);
	check_int("still", cg_number("a/b", EVENTS, "frozen"), 1);
	check_true("stands_still", stands(0));
	check_ret("freeze_child", cg_write("a/b", FREEZE, "1"), 0);
	must(cg_write("a", FREEZE, "0"));
	check_int("a.thawed", cg_await("a", EVENTS, "frozen", 0), 0);
	check_true("c.runs", runs(1));
	check_int("b.own", cg_number("a/b", EVENTS, "frozen"), 1);
	check_int("d.inherited", cg_number("a/b/d", EVENTS, "frozen"), 1);
	check_true("b.stands", stands(0) && stands(2));
	must(cg_write("a/b", FREEZE, "0"));
	check_true("all_run", runs(0) && runs(1) && runs(2));
	must(cg_write("a", "cgroup.kill", "1"));
}

/* The inner one first, then the outer. */
static void tree_inner_first(void)
{
	cg_begin();
	counting_init();
	cg_make("a");
	cg_make("a/b");
	counting("a/b", 0);
	must(cg_write("a/b", FREEZE, "1"));
	check_int("b", cg_await("a/b", EVENTS, "frozen", 1), 1);
	check_int("a", cg_number("a", EVENTS, "frozen"), 0);
	must(cg_write("a", FREEZE, "1"));
	check_int("a.frozen", cg_await("a", EVENTS, "frozen", 1), 1);
	must(cg_write("a/b", FREEZE, "0"));
	check_int("b.still", cg_number("a/b", EVENTS, "frozen"), 1);
	must(cg_write("a", FREEZE, "0"));
	check_int("both", cg_await("a/b", EVENTS, "frozen", 0), 0);
	check_true("runs", runs(0));
}

static void moving(void)
{
	long pid;

	cg_begin();
	counting_init();
	cg_make("cold");
	cg_make("cold2");
	cg_make("warm");
	pid = counting("warm", 0);
	must(cg_write("cold", FREEZE, "1"));
	must(cg_write("cold2", FREEZE, "1"));
	check_int("empty_is_frozen", cg_await("cold", EVENTS, "frozen", 1), 1);
	check_ret("move_in", cg_join("cold", pid), 0);
	check_int("in", cg_await("cold", EVENTS, "frozen", 1), 1);
	check_true("stands", stands(0));
	check_ret("move_over", cg_join("cold2", pid), 0);
	check_int("over", cg_await("cold2", EVENTS, "frozen", 1), 1);
	check_true("stands_there", stands(0));
	check_int("left", cg_number("cold", EVENTS, "frozen"), 1);
	check_ret("move_out", cg_join("warm", pid), 0);
	check_true("runs", runs(0));
	check_int("out", cg_number("warm", EVENTS, "frozen"), 0);
	end_idle(pid);
}

static void forks_into(struct peer *up, void *arg)
{
	long pid;

	(void)arg;
	pid = must(cg_clone3("a", 0));
	if (pid == 0)
		count_for_ever(0);
	send_long(up, pid);
	hear(up);
	sys_kill(pid, SIGKILL);
	wait_status(pid);
}

static void child_of_frozen(void)
{
	struct peer peer;

	cg_begin();
	counting_init();
	cg_make("a");
	must(cg_write("a", FREEZE, "1"));
	spawn(&peer, 0, forks_into, NULL);
	recv_long(&peer);
	check_int("frozen", cg_await("a", EVENTS, "frozen", 1), 1);
	nap(WATCH_MSEC);
	check_int("never_ran", counter[0], 0);
	check_int("populated", cg_number("a", EVENTS, "populated"), 1);
	must(cg_write("a", FREEZE, "0"));
	check_true("runs", runs(0));
	tell(&peer);
	finish(&peer);
}

/* Whoever forks all the time freezes with all children. */
static void fork_again_and_again(void)
{
	long pid;

	cg_begin();
	counting_init();
	cg_make("a");
	pid = must(sys_fork());
	while (pid == 0) {
		long child = sys_fork();

		if (child == 0)
			sys_exit(0);
		if (child > 0)
			sys_wait4(child, NULL, 0);
		counter[0]++;
	}
	must(cg_join("a", pid));
	check_true("forks", runs(0));
	for (int i = 0; i < 3; i++) {
		must(cg_write("a", FREEZE, "1"));
		check_int("frozen", cg_await("a", EVENTS, "frozen", 1), 1);
		check_true("stands", stands(0));
		must(cg_write("a", FREEZE, "0"));
		check_true("forks_again", runs(0));
	}
	end_idle(pid);
}

static void mkdir_rmdir(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
	must(cg_write("a", FREEZE, "1"));
	check_int("empty", cg_await("a", EVENTS, "frozen", 1), 1);
	cg_make("a/c");
	check_int("newborn", cg_number("a/c", EVENTS, "frozen"), 1);
	check_int("newborn.own", cg_number("a/c", FREEZE, NULL), 0);
	check_int("parent", cg_number("a", EVENTS, "frozen"), 1);
	check_ret("rmdir", cg_remove("a/b"), 0);
	check_int("parent.rmdir", cg_number("a", EVENTS, "frozen"), 1);
	must(cg_write("a", FREEZE, "0"));
	check_int("thawed", cg_number("a/c", EVENTS, "frozen"), 0);
	check_ret("rmdir.both", cg_remove("a/c"), 0);
	must(cg_write("a", FREEZE, "1"));
	check_ret("rmdir.frozen", cg_remove("a"), 0);
}

/* --- signals --- */

static void killing(void)
{
	long pid;

	cg_begin();
	counting_init();
	cg_make("a");
	pid = counting("a", 0);
	must(cg_write("a", FREEZE, "1"));
	must(cg_await("a", EVENTS, "frozen", 1));
	must(sys_kill(pid, SIGKILL));
	check_int("killed", wait_status(pid), SIGKILL);
	check_int("empty", cg_number("a", EVENTS, "populated"), 0);
	check_int("frozen.empty", cg_await("a", EVENTS, "frozen", 1), 1);
	pid = counting("a", 0);
	must(cg_await("a", EVENTS, "frozen", 1));
	must(sys_kill(pid, SIGTERM));
	check_int("fatal", wait_status(pid), SIGTERM);
	pid = counting("a", 0);
	must(cg_await("a", EVENTS, "frozen", 1));
	must(cg_write("a", "cgroup.kill", "1"));
	check_int("cgroup.kill", wait_status(pid), SIGKILL);
}

/* A signal sent to a frozen task waits for the thaw. */
static void pending(void)
{
	long pid;

	cg_begin();
	counting_init();
	cg_make("a");
	pid = counting("a", 0);
	must(cg_write("a", FREEZE, "1"));
	must(cg_await("a", EVENTS, "frozen", 1));
	must(sys_kill(pid, SIGSTOP));
	nap(WATCH_MSEC);
	check_int("not_stopped", cg_state(pid), 'S');
	must(cg_write("a", FREEZE, "0"));
	for (int i = 0; i < 100 && cg_state(pid) != 'T'; i++)
		nap(10);
	check_int("stopped", cg_state(pid), 'T');
	end_idle(pid);
}

static void stopped_counts(void)
{
	long pid;
	int status;

	cg_begin();
	counting_init();
	cg_make("a");
	pid = counting("a", 0);
	must(sys_kill(pid, SIGSTOP));
	must(sys_wait4(pid, &status, WUNTRACED));
	check_int("not_freezing", cg_number("a", EVENTS, "frozen"), 0);
	must(cg_write("a", FREEZE, "1"));
	check_int("frozen", cg_await("a", EVENTS, "frozen", 1), 1);
	check_int("state", cg_state(pid), 'T');
	must(sys_kill(pid, SIGCONT));
	nap(WATCH_MSEC);
	check_true("stands", stands(0));
	check_int("still", cg_await("a", EVENTS, "frozen", 1), 1);
	must(cg_write("a", FREEZE, "0"));
	check_true("runs", runs(0));
	end_idle(pid);
}

/* A parent in vfork counts as frozen; its child freezes. */
static void vforking(struct peer *up, void *arg)
{
	long pid;

	(void)arg;
	hear(up);
	pid = sys_clone(CLONE_VM | CLONE_VFORK | SIGCHLD);
	if (pid == 0) {
		for (int i = 0; i < 100; i++) {
			counter[0]++;
			nap(5);
		}
		sys_exit(0);
	}
	tell(up);
	wait_status(pid);
}

static void vfork_counts(void)
{
	struct peer peer;

	cg_begin();
	counting_init();
	cg_make("a");
	spawn(&peer, 0, vforking, NULL);
	must(cg_join("a", peer.pid));
	tell(&peer);
	check_true("child_runs", runs(0));
	must(cg_write("a", FREEZE, "1"));
	check_int("frozen", cg_await("a", EVENTS, "frozen", 1), 1);
	check_true("child_stands", stands(0));
	must(cg_write("a", FREEZE, "0"));
	check_true("child_again", runs(0));
	hear(&peer);
	finish(&peer);
}

/* --- sleepers: calls go on after the thaw --- */

static void reads_pipe(struct peer *up, void *arg)
{
	long got;

	(void)arg;
	got = recv_long(up);
	send_long(up, got + 1);
}

static void sleeping_call(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	spawn(&peer, 0, reads_pipe, NULL);
	must(cg_join("a", peer.pid));
	while (cg_state(peer.pid) != 'S')
		nap(1);
	must(cg_write("a", FREEZE, "1"));
	check_int("frozen", cg_await("a", EVENTS, "frozen", 1), 1);
	send_long(&peer, 41);
	nap(WATCH_MSEC);
	check_int("state", cg_state(peer.pid), 'S');
	must(cg_write("a", FREEZE, "0"));
	check_int("went_on", recv_long(&peer), 42);
	finish(&peer);
}

static void freezes_itself(struct peer *up, void *arg)
{
	(void)arg;
	must(cg_join("a", 0));
	tell(up);
	must(cg_write("a", FREEZE, "1"));
	tell(up);
}

static void own_cgroup(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	spawn(&peer, 0, freezes_itself, NULL);
	hear(&peer);
	check_int("frozen", cg_await("a", EVENTS, "frozen", 1), 1);
	must(cg_write("a", FREEZE, "0"));
	hear(&peer);
	finish(&peer);
}

const struct test_case cg_freeze_cases[] = {
	{ "CG-42", "cgroup.freeze takes 0 and 1", values_written, 0, 0 },
	{ "CG-42.simple", "frozen says so once all stand", simple, 0, 0 },
	{ "CG-42.call", "a sleeping call goes on after the thaw", sleeping_call, 0, 0 },
	{ "CG-42.self", "a task may freeze its own cgroup", own_cgroup, 0, 0 },
	{ "CG-43", "freezing is inherited", tree, 0, 0 },
	{ "CG-43.inner", "an inner freeze lasts over the outer", tree_inner_first, 0, 0 },
	{ "CG-44", "in freezes, out thaws", moving, 0, 0 },
	{ "CG-44.fork", "a child born in a frozen cgroup never runs", child_of_frozen, 0, 0 },
	{ "CG-44.forks", "who forks all the time freezes too", fork_again_and_again, 0, 0 },
	{ "CG-45", "children of a frozen cgroup are frozen", mkdir_rmdir, 0, 0 },
	{ "CG-46", "fatal signals end a frozen task", killing, 0, 0 },
	{ "CG-48", "other signals wait, the state is S", pending, 0, 0 },
	{ "CG-49", "a stopped task counts as frozen", stopped_counts, 0, 0 },
	{ "CG-49.vfork", "a parent in vfork counts as frozen", vfork_counts, 0, 0 },
	{ 0 },
};
