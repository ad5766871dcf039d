// SPDX-License-Identifier: MIT
/* tests/conform/pids.c - the pids controller: PIDS-01 to PIDS-10 (PIDS-08 is in cg_clone.c).
 *
 * See Documentation/admin-guide/cgroup-v2.rst, "PID". */
#include "cgutil.h"

static void begin(void)
{
	cg_begin();
	cg_enable("pids");
	cg_make("a");
}

static const struct {
	const char *name, *text;
	long want;
	const char *after;
} values[] = {
	{ "zero", "0", 0, "0\n" }, { "one", "1\n", 0, "1\n" }, { "spaces", " 7 ", 0, "7\n" },
	{ "hex", "0x20", 0, "32\n" }, { "largest", "4194304", 0, "4194304\n" },
	{ "max", "max", 0, "max\n" }, { "max_newline", "max\n", 0, "max\n" },
	{ "empty", "", 0, "5\n" }, { "too_large", "4194305", -EINVAL, "5\n" },
	{ "huge", "99999999999999999999", -ERANGE, "5\n" },
	{ "u64", "18446744073709551615", -ERANGE, "5\n" },
	{ "minus", "-1", -EINVAL, "5\n" }, { "word", "many", -EINVAL, "5\n" },
	{ "behind", "5x", -EINVAL, "5\n" }, { "two", "5 6", -EINVAL, "5\n" },
	{ "suffix", "1K", -EINVAL, "5\n" }, { "MAX", "MAX", -EINVAL, "5\n" },
	{ "blank", " \n", -EINVAL, "5\n" },
};

static void values_written(void)
{
	char key[64];

	begin();
	check_cg("default", "a", "pids.max", "max\n");
	for (size_t i = 0; i < LENGTH(values); i++) {
		must(cg_write("a", "pids.max", "5"));
		snprintf(key, sizeof(key), "%s.write", values[i].name);
		check_ret(key, cg_write("a", "pids.max", values[i].text), values[i].want);
		snprintf(key, sizeof(key), "%s.read", values[i].name);
		check_cg(key, "a", "pids.max", values[i].after);
	}
	check_ret("current", cg_write("a", "pids.current", "0"), -EINVAL);
	check_ret("events", cg_write("a", "pids.events", "0"), -EINVAL);
	check_ret("peak", cg_write("a", "pids.peak", "0"), -EINVAL);
}

/* How many children current can make at once, up to most; they are ended. */
static long how_many(long most)
{
	long pids[16], made = 0;

	while (made < most) {
		long pid = spawn_idle(0);

		if (pid < 0) {
			expect_errno(pid, EAGAIN);
			break;
		}
		pids[made++] = pid;
	}
	for (long i = 0; i < made; i++)
		end_idle(pids[i]);
	return made;
}

static void enforced_here(struct peer *up, void *arg)
{
	(void)up;
	must(cg_join("a/b/c", 0));
	must(cg_write("a/b/c", "pids.max", "4"));
	check_int("own", how_many(8), 3);
	must(cg_write("a", "pids.max", "3"));
	check_int("ancestor", how_many(8), 2);
	must(cg_write("a/b", "pids.max", "2"));
	check_int("middle", how_many(8), 1);
	must(cg_write("a/b", "pids.max", "1"));
	check_int("exactly", how_many(8), 0);
	must(cg_write("a/b", "pids.max", "max"));
	check_int("raised", how_many(8), 2);
	must(cg_write("a/b/c", "pids.max", "0"));
	check_int("zero", how_many(8), 0);
	check_int("current", cg_number("a", "pids.current", NULL), 1);
	must(cg_join("/", 0));
	(void)arg;
}

static void deep(void)
{
	begin();
	must(cg_write("a", "cgroup.subtree_control", "+pids"));
	cg_make("a/b");
	must(cg_write("a/b", "cgroup.subtree_control", "+pids"));
	cg_make("a/b/c");
}

static void enforced(void)
{
	deep();
	run_child(0, enforced_here, NULL);
}

/* Below the last cgroup with the controller its limit holds all the same. */
static void below_controller_here(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a/b", 0));
	must(cg_write("a", "pids.max", "2"));
	check_int("limited", how_many(4), 1);
	check_int("events", cg_number("a", "pids.events", "max"), 1);
	must(cg_join("/", 0));
}

static void below_controller(void)
{
	begin();
	cg_make("a/b");
	run_child(0, below_controller_here, NULL);
}

static void thread_does_nothing(void *arg)
{
	(void)arg;
}

static void threads_here(struct peer *up, void *arg)
{
	struct thread thread;

	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(cg_write("a", "pids.max", "1"));
	check_ret("thread", thread_try(&thread, 0, thread_does_nothing, NULL), -EAGAIN);
	check_ret("vfork", reap(sys_clone(CLONE_VFORK | SIGCHLD)), -EAGAIN);
	check_ret("new_pid_ns", reap(sys_clone(CLONE_NEWPID | SIGCHLD)), -EAGAIN);
	check_int("events", cg_number("a", "pids.events", "max"), 3);
	must(cg_write("a", "pids.max", "2"));
	check_ret("thread.room", thread_try(&thread, 0, thread_does_nothing, NULL), 0);
	thread_join(&thread);
	must(cg_join("/", 0));
}

static void threads(void)
{
	begin();
	run_child(0, threads_here, NULL);
}

static void moved_in(void)
{
	long one, two, three;

	begin();
	must(cg_write("a", "pids.max", "1"));
	one = cg_idle("a");
	two = must(spawn_idle(0));
	three = must(spawn_idle(0));
	check_ret("over", cg_join("a", two), 0);
	check_ret("more", cg_join("a", three), 0);
	check_int("current", cg_number("a", "pids.current", NULL), 3);
	check_int("events", cg_number("a", "pids.events", "max"), 0);
	check_ret("lower", cg_write("a", "pids.max", "0"), 0);
	check_int("alive", cg_number("a", "pids.current", NULL), 3);
	must(cg_join("/", two));
	check_int("moved_out", cg_number("a", "pids.current", NULL), 2);
	end_idle(one);
	end_idle(two);
	end_idle(three);
	check_int("empty", cg_number("a", "pids.current", NULL), 0);
}

static struct gate leave;

static void thread_waits(void *arg)
{
	(void)arg;
	gate_wait(&leave);
}

static void three_threads(struct peer *up, void *arg)
{
	struct thread one, two;

	(void)arg;
	thread_start(&one, thread_waits, NULL);
	thread_start(&two, thread_waits, NULL);
	tell(up);
	hear(up);
	gate_open(&leave);
	thread_join(&one);
	thread_join(&two);
	tell(up);
	hear(up);
}

static void counted(void)
{
	struct peer peer;

	begin();
	spawn(&peer, 0, three_threads, NULL);
	hear(&peer);
	must(cg_join("a", peer.pid));
	check_int("threads", cg_number("a", "pids.current", NULL), 3);
	tell(&peer);
	hear(&peer);
	check_int("one_left", cg_await("a", "pids.current", NULL, 1), 1);
	tell(&peer);
	cg_await("a", "cgroup.events", "populated", 0);
	check_int("zombie", cg_number("a", "pids.current", NULL), 1);
	finish(&peer);
	check_int("reaped", cg_number("a", "pids.current", NULL), 0);
	check_int("peak", cg_number("a", "pids.peak", NULL), 3);
}

static void hierarchy(void)
{
	long one, two, three;

	deep();
	one = cg_idle("a/b/c");
	two = cg_idle("a/b/c");
	check_int("leaf", cg_number("a/b/c", "pids.current", NULL), 2);
	check_int("middle", cg_number("a/b", "pids.current", NULL), 2);
	check_int("top", cg_number("a", "pids.current", NULL), 2);
	must(cg_write("a/b", "cgroup.subtree_control", "-pids"));
	must(cg_write("a", "cgroup.subtree_control", "-pids"));
	must(cg_write("a", "cgroup.subtree_control", "+pids"));
	cg_make("a/d");
	three = cg_idle("a/d");
	check_int("top.three", cg_number("a", "pids.current", NULL), 3);
	check_int("middle.two", cg_number("a/b", "pids.current", NULL), 2);
	check_int("other.one", cg_number("a/d", "pids.current", NULL), 1);
	end_idle(one);
	end_idle(two);
	check_int("top.one", cg_number("a", "pids.current", NULL), 1);
	check_int("middle.peak", cg_number("a/b", "pids.peak", NULL), 2);
	end_idle(three);
	check_int("top.peak", cg_number("a", "pids.peak", NULL), 3);
	check_int("top.none", cg_number("a", "pids.current", NULL), 0);
}

/* A removed cgroup's zombies are still counted above. */
static void dying(void)
{
	long pid;

	deep();
	pid = cg_idle("a/b/c");
	must(sys_kill(pid, SIGKILL));
	cg_await("a/b/c", "cgroup.events", "populated", 0);
	must(cg_remove("a/b/c"));
	check_int("above", cg_number("a/b", "pids.current", NULL), 1);
	must(cg_write("a", "pids.max", "1"));
	must(cg_write("a", "pids.max", "max"));
	must(cg_remove("a/b"));
	check_int("further", cg_number("a", "pids.current", NULL), 1);
	wait_status(pid);
	check_int("reaped", cg_await("a", "pids.current", NULL, 0), 0);
}

/* A zombie in a removed cgroup that was counted by the one above, which then goes first. */
static long dying_in_plain(void)
{
	long pid;

	deep();
	must(cg_write("a/b", "cgroup.subtree_control", "-pids"));
	pid = cg_idle("a/b/c");
	must(sys_kill(pid, SIGKILL));
	cg_await("a/b/c", "cgroup.events", "populated", 0);
	must(cg_remove("a/b/c"));
	check_int("by_b", cg_number("a/b", "pids.current", NULL), 1);
	return pid;
}

static void reaped_after(long pid)
{
	check_int("further", cg_number("a", "pids.current", NULL), 1);
	wait_status(pid);
	check_int("reaped", cg_await("a", "pids.current", NULL, 0), 0);
}

static void removed_above(void)
{
	long pid = dying_in_plain();

	must(cg_remove("a/b"));
	reaped_after(pid);
}

static void disabled_above(void)
{
	long pid = dying_in_plain();

	must(cg_write("a", "cgroup.subtree_control", "-pids"));
	reaped_after(pid);
}

static void told_here(struct peer *up, void *arg)
{
	struct pollfd p = { .events = POLLPRI };
	char text[64];

	(void)up, (void)arg;
	must(cg_join("a/b", 0));
	must(cg_write("a", "pids.max", "1"));
	p.fd = must(cg_open("a/b", "pids.events", O_RDONLY));
	must(sys_read(p.fd, text, sizeof(text)));
	must(sys_poll(&p, 1, 0));
	check_int("quiet", p.revents, 0);
	check_ret("fork", reap(sys_fork()), -EAGAIN);
	must(sys_poll(&p, 1, 1000));
	check_int("told", p.revents, POLLPRI | POLLERR);
	check_ret("fork.again", reap(sys_fork()), -EAGAIN);
	check_int("here", cg_number("a/b", "pids.events", "max"), 2);
	check_int("limiting", cg_number("a", "pids.events", "max"), 0);
	must(cg_write("a", "pids.max", "max"));
	check_ret("fork.ok", reap(sys_fork()), 0);
	check_int("same", cg_number("a/b", "pids.events", "max"), 2);
	must(cg_join("/", 0));
}

/* Since Linux 6.11 the limit that refused tells it, and all above. */
static void told_by_limit_here(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a/b/c", 0));
	must(cg_write("a/b", "pids.max", "1"));
	check_ret("fork", reap(sys_fork()), -EAGAIN);
	check_int("here", cg_number("a/b/c", "pids.events", "max"), 0);
	check_int("limiting", cg_number("a/b", "pids.events", "max"), 1);
	check_int("limiting.local", cg_number("a/b", "pids.events.local", "max"), 1);
	check_int("above", cg_number("a", "pids.events", "max"), 1);
	check_int("above.local", cg_number("a", "pids.events.local", "max"), 0);
	must(sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, "pids_localevents"));
	check_int("old.here", cg_number("a/b/c", "pids.events", "max"), 1);
	check_int("old.limiting", cg_number("a/b", "pids.events", "max"), 0);
	must(sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, NULL));
	must(cg_join("/", 0));
}

static void told_by_limit(void)
{
	if (!kernel_at_least(6, 11))
		skip("since Linux 6.11");
	deep();
	run_child(0, told_by_limit_here, NULL);
}

static void told(void)
{
	if (kernel_at_least(6, 11))
		skip("until Linux 6.10");
	begin();
	must(cg_write("a", "cgroup.subtree_control", "+pids"));
	cg_make("a/b");
	check_cg("none", "a/b", "pids.events", "max 0\n");
	run_child(0, told_here, NULL);
}

static void reverted_here(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a/b/c", 0));
	must(cg_write("a", "pids.max", "1"));
	for (int i = 0; i < 3; i++)
		expect_errno(reap(sys_fork()), EAGAIN);
	check_int("c", cg_number("a/b/c", "pids.current", NULL), 1);
	check_int("b", cg_number("a/b", "pids.current", NULL), 1);
	check_int("a", cg_number("a", "pids.current", NULL), 1);
	check_int("a.peak", cg_number("a", "pids.peak", NULL), 1);
	must(cg_write("a", "pids.max", "2"));
	check_ret("retry", reap(sys_fork()), 0);
	must(cg_join("/", 0));
}

static void reverted(void)
{
	deep();
	run_child(0, reverted_here, NULL);
}

/* Other failures of a fork give back what was charged. */
static void failed_here(struct peer *up, void *arg)
{
	struct clone_args args = { .exit_signal = SIGCHLD, .flags = CLONE_PIDFD,
				   .pidfd = (unsigned long)KERNEL_ADDRESS };
	int tid = 1;

	(void)up, (void)arg;
	must(cg_join("a", 0));
	check_ret("bad_pidfd", reap(sys_clone3(&args, sizeof(args))), -EFAULT);
	args = (struct clone_args){ .exit_signal = SIGCHLD, .set_tid = (unsigned long)&tid,
				    .set_tid_size = 1 };
	check_ret("taken_number", reap(sys_clone3(&args, sizeof(args))), -EEXIST);
	check_int("current", cg_number("a", "pids.current", NULL), 1);
	must(cg_write("a", "pids.max", "1"));
	check_ret("number_before_limit", reap(sys_clone3(&args, sizeof(args))), -EEXIST);
	must(cg_join("/", 0));
}

static void failed(void)
{
	begin();
	run_child(0, failed_here, NULL);
}

static void not_in_root(void)
{
	static const char *const files[] = {
		"pids.max", "pids.current", "pids.events", "pids.peak",
	};

	begin();
	for (size_t i = 0; i < LENGTH(files); i++) {
		check_true(files[i], !cg_has("/", files[i]));
		check_true(files[i], cg_has("a", files[i]));
	}
}

/* Many come and go at once; at the end nothing is left. */
static void come_and_go(void)
{
	long pids[4];

	deep();
	for (size_t i = 0; i < LENGTH(pids); i++) {
		pids[i] = must(sys_fork());
		if (pids[i])
			continue;
		must(cg_join("a/b/c", 0));
		for (int n = 0; n < 20; n++) {
			cg_join(n % 2 ? "a" : "a/b/c", 0);
			reap(sys_fork());
		}
		sys_exit(0);
	}
	for (size_t i = 0; i < LENGTH(pids); i++)
		expect_eq(wait_status(pids[i]), 0);
	check_int("c", cg_number("a/b/c", "pids.current", NULL), 0);
	check_int("b", cg_number("a/b", "pids.current", NULL), 0);
	check_int("a", cg_number("a", "pids.current", NULL), 0);
	check_ret("rmdir", cg_remove("a/b/c"), 0);
}

const struct test_case pids_cases[] = {
	{ "PIDS-01", "which values pids.max takes", values_written, 0, 0 },
	{ "PIDS-02", "no fork over the limit of any ancestor", enforced, 0, 0 },
	{ "PIDS-02.below", "a limit holds below the controller", below_controller, 0, 0 },
	{ "PIDS-02.kinds", "threads, vfork and namespaces count alike", threads, 0, 0 },
	{ "PIDS-03", "a migration ignores limits", moved_in, 0, 0 },
	{ "PIDS-04", "threads and zombies count until they are reaped", counted, 0, 0 },
	{ "PIDS-04.dying", "zombies of removed cgroups too", dying, 0, 0 },
	{ "PIDS-04.removed", "what counts a zombie may be removed before it", removed_above, 0, 0 },
	{ "PIDS-04.disabled", "or lose the controller", disabled_above, 0, 0 },
	{ "PIDS-05", "current and peak are hierarchical", hierarchy, 0, 0 },
	{ "PIDS-06", "events count refused forks where they were tried", told, 0, 0 },
	{ "PIDS-06.limit", "or where the limit is, and above", told_by_limit, 0, 0 },
	{ "PIDS-07", "a refused fork counts nowhere", reverted, 0, 0 },
	{ "PIDS-07.other", "nor does one that fails otherwise", failed, 0, 0 },
	{ "PIDS-09", "the root has none of the files", not_in_root, 0, 0 },
	{ "PIDS-10", "what comes and goes leaves nothing", come_and_go, 0, 0 },
	{ 0 },
};
