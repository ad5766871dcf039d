// SPDX-License-Identifier: MIT
/* tests/conform/pidns.c - PIDNS-01 to 04: who is in which pid namespace.
 *
 * Numbers inside and outside, nesting and its limit, unshare(2), which moves
 * only the children to come. See pid_namespaces(7). */
#include "conform.h"

#define NEST_LIMIT 32

/* A first process of a new namespace that waits. */
static void start_init(struct peer *init, unsigned long more)
{
	spawn(init, CLONE_NEWPID | more, stay, NULL);
	hear(init);
}

static void observe_self(const char *who, long pid, long ppid)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.getpid", who);
	check_int(key, sys_getpid(), pid);
	snprintf(key, sizeof(key), "%s.gettid", who);
	check_int(key, sys_gettid(), pid);
	snprintf(key, sizeof(key), "%s.getppid", who);
	check_int(key, sys_getppid(), ppid);
}

/* PIDNS-01 */

static void second_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	observe_self("second", 2, 1);
	check_int("second.getpgid", sys_getpgid(0), 1);
}

static void third_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	observe_self("third", 3, 1);
}

static void first_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	observe_self("first", 1, 0);
	check_int("group_from_outside", sys_getpgid(0), 0);
	check_int("session_from_outside", sys_getsid(0), 0);
	check_int("setsid", sys_setsid(), 1);
	check_int("group", sys_getpgid(0), 1);
	check_int("session", sys_getsid(0), 1);
	check_ret("setsid_again", sys_setsid(), -EPERM);
	run_child(0, second_inside, NULL);
	run_child(0, third_inside, NULL);
	observe_self("first_again", 1, 0);
}

static void by_clone(void)
{
	need_admin();
	run_child(CLONE_NEWPID, first_inside, NULL);
	run_child(CLONE_NEWPID, first_inside, NULL);
}

static void by_unshare(void)
{
	need_admin();
	must(sys_unshare(CLONE_NEWPID));
	run_child(0, first_inside, NULL);
}

static void plain_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("without_user", ret0(sys_clone(CLONE_NEWPID | SIGCHLD)), -EPERM);
	run_child(CLONE_NEWUSER | CLONE_NEWPID, first_inside, NULL);
}

static void by_plain_user(void)
{
	need_admin();
	run_child(0, plain_user, NULL);
}

static void thread_of_init(void *arg)
{
	check_int("thread.getpid", sys_getpid(), 1);
	check_int("thread.gettid", sys_gettid(), *(int *)arg);
	check_int("thread.getppid", sys_getppid(), 0);
}

static void init_with_threads(struct peer *up, void *arg)
{
	int tid = 2;

	(void)up;
	(void)arg;
	in_thread(thread_of_init, &tid);
	tid = 3;
	in_thread(thread_of_init, &tid);
	check_int("fork_after", ret0(reap(sys_fork())), 0);
}

static void threads_inside(void)
{
	need_admin();
	run_child(CLONE_NEWPID, init_with_threads, NULL);
}

/* Several at once: each has a first process of its own. */
static void siblings(void)
{
	struct peer inits[5];
	int alive = 0;

	need_admin();
	for (size_t i = 0; i < LENGTH(inits); i++)
		start_init(&inits[i], 0);
	for (size_t i = 0; i < LENGTH(inits); i++)
		alive += strcmp(status_field("/proc", inits[i].pid, "NSpid:", 1), "1") == 0;
	check_int("first_ones", alive, LENGTH(inits));
	for (size_t i = 1; i < LENGTH(inits); i++)
		expect_true(ns_id(inits[i].pid, "pid") != ns_id(inits[0].pid, "pid"));
	for (size_t i = 0; i < LENGTH(inits); i++)
		end_peer(&inits[i]);
}

/* PIDNS-02 */

/* Calls that name a process, with a number nobody has here. */
static void name_stranger(struct peer *up, void *arg)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	long outer = recv_long(up), status;
	long mask = 0;
	int param = 0;

	(void)arg;
	check_ret("kill", sys_kill(outer, 0), -ESRCH);
	check_ret("kill_group", sys_kill(-outer, 0), -ESRCH);
	check_ret("tkill", sys(__NR_tkill, outer, 0), -ESRCH);
	check_ret("tgkill", sys(__NR_tgkill, outer, outer, 0), -ESRCH);
	check_ret("getpgid", sys_getpgid(outer), -ESRCH);
	check_ret("getsid", sys_getsid(outer), -ESRCH);
	check_ret("setpgid", sys_setpgid(outer, 0), -ESRCH);
	check_ret("setpgid_to", sys_setpgid(0, outer), -EPERM);
	check_ret("getpriority", sys(__NR_getpriority, 0, outer), -ESRCH);
	check_ret("getaffinity", sys(__NR_sched_getaffinity, outer, 8, &mask), -ESRCH);
	check_ret("getparam", sys(__NR_sched_getparam, outer, &param), -ESRCH);
	check_ret("prlimit", sys(__NR_prlimit64, outer, 0, NULL, NULL), -ESRCH);
	check_ret("pidfd_open", sys_pidfd_open(outer), -ESRCH);
	check_ret("wait4", sys_wait4(outer, &status, WNOHANG), -ECHILD);
	header.pid = outer;
	check_ret("capget", sys(__NR_capget, &header, data), -ESRCH);
	send_long(up, 0);
	hear(up);
}

static void two_numberings(void)
{
	struct peer init;

	need_admin();
	spawn(&init, CLONE_NEWPID, name_stranger, NULL);
	send_long(&init, init.pid);
	hear(&init);
	check_true("outer_number_differs", init.pid > 1);
	check_ret("kill_by_outer", sys_kill(init.pid, 0), 0);
	check_int("group_by_outer", sys_getpgid(init.pid) == sys_getpgid(0), 1);
	check_int("session_by_outer", sys_getsid(init.pid) == sys_getsid(0), 1);
	check_str("NSpid", status_field("/proc", init.pid, "NSpid:", 1), "1");
	check_int("waited_for", sys_kill(init.pid, SIGKILL), 0);
	check_int("status", wait_status(init.pid), SIGKILL);
}

static void parents_number(struct peer *up, void *arg)
{
	long outer = *(long *)arg;

	(void)up;
	check_ret("kill_parent", sys_kill(outer, 0), -ESRCH);
	check_ret("parent_pidfd", sys_pidfd_open(outer), -ESRCH);
	check_ret("kill_0", sys_kill(0, 0), 0);
}

/* Nobody inside can name who is outside. */
static void parent_is_hidden(void)
{
	long me = sys_getpid();

	need_admin();
	run_child(CLONE_NEWPID, parents_number, &me);
}

/* Two levels down: one number on each. */
static void level_2(struct peer *up, void *arg)
{
	(void)arg;
	observe_self("level_2", 1, 0);
	tell(up);
	hear(up);
}

static void level_1(struct peer *up, void *arg)
{
	struct peer inner;

	(void)arg;
	must(reap(sys_fork()));
	spawn(&inner, CLONE_NEWPID, level_2, NULL);
	hear(&inner);
	check_int("level_1.sees", inner.pid, 3);
	check_ret("level_1.kill_2", sys_kill(2, 0), -ESRCH);
	check_ret("level_1.kill_3", sys_kill(3, 0), 0);
	tell(up);
	hear(up);
	end_peer(&inner);
}

static void two_levels(void)
{
	struct peer init;
	long inner;

	need_admin();
	spawn(&init, CLONE_NEWPID, level_1, NULL);
	hear(&init);
	inner = first_child(init.pid);
	check_str("NSpid", status_field("/proc", inner, "NSpid:", 1), "3 1");
	check_str("NSpgid", status_field("/proc", inner, "NSpgid:", 1), "0 0");
	check_ret("kill_grandchild", sys_kill(inner, 0), 0);
	end_peer(&init);
}

/* PIDNS-03 */

/* Make one level after the other; the last two numbers go up to the top. */
static void deeper(struct peer *up, void *arg)
{
	long level = *(long *)arg + 1;
	struct peer inner;
	long rc = spawn_try(&inner, CLONE_NEWPID, deeper, &level);

	if (rc == 0) {
		send_long(up, recv_long(&inner));
		send_long(up, recv_long(&inner));
		finish(&inner);
		if (level == NEST_LIMIT - 1)
			check_ret("last_level_again", reap(sys_clone(CLONE_NEWPID | SIGCHLD)), 0);
		return;
	}
	expect_ret(sys_unshare(CLONE_NEWPID), rc);
	expect_ret(reap(sys_clone(CLONE_NEWPID | SIGCHLD)), rc);
	check_ret("deepest.fork", reap(sys_fork()), 0);
	check_ret("deepest.other_kind", reap(sys_clone(CLONE_NEWUTS | SIGCHLD)), 0);
	send_long(up, level);
	send_long(up, rc);
}

static void nest_limit(void)
{
	struct peer first;
	long level = 0;

	need_admin();
	spawn(&first, CLONE_NEWPID, deeper, &level);
	check_int("levels", recv_long(&first), NEST_LIMIT);
	check_ret("next", recv_long(&first), -ENOSPC);
	finish(&first);
}

static void nest_as_user(struct peer *up, void *arg)
{
	struct peer first;
	long level = 0;

	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	spawn(&first, CLONE_NEWUSER | CLONE_NEWPID, deeper, &level);
	check_int("levels", recv_long(&first), NEST_LIMIT);
	check_ret("next", recv_long(&first), -ENOSPC);
	finish(&first);
}

static void nest_limit_user(void)
{
	need_admin();
	run_child(0, nest_as_user, NULL);
}

/* PIDNS-04 */

static void second_child(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	observe_self("second_child", 2, 0);
}

static void unshare_moves_children(void)
{
	unsigned long before;
	struct peer init;
	long pid;

	need_admin();
	pid = sys_getpid();
	before = ns_own("pid");
	check_ret("unshare", sys_unshare(CLONE_NEWPID), 0);
	check_true("same_pid", sys_getpid() == pid);
	check_true("same_ns", ns_own("pid") == before);
	spawn(&init, 0, stay, NULL);
	hear(&init);
	check_true("child_elsewhere", ns_id(init.pid, "pid") != before);
	check_true("for_children", ns_own("pid_for_children") == ns_id(init.pid, "pid"));
	check_true("childs_for_children",
		   ns_id(init.pid, "pid_for_children") == ns_id(init.pid, "pid"));
	run_child(0, second_child, NULL);
	check_ret("wait_by_outer_number", sys_kill(init.pid, 0), 0);
	end_peer(&init);
}

static void other_thread(void *arg)
{
	*(long *)arg = sys_unshare(CLONE_NEWPID);
}

/* A thread's unshare is the thread's alone. */
static void unshare_in_thread(void)
{
	long rc = 1, pid;

	need_admin();
	in_thread(other_thread, &rc);
	check_ret("thread.unshare", rc, 0);
	check_true("main_kept", ns_own("pid_for_children") == ns_own("pid"));
	pid = must(spawn_idle(0));
	check_str("main.child", status_field("/proc", pid, "NSpid:", 1), "");
	end_idle(pid);
}

const struct test_case pidns_cases[] = {
	{ "PIDNS-01", "the first process is 1 and has no parent: clone", by_clone,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-01.unshare", "the same by unshare and fork", by_unshare, CLONE_NEWPID, 0 },
	{ "PIDNS-01.user", "the same for a plain user with a user namespace", by_plain_user,
	  CLONE_NEWUSER, 0 },
	{ "PIDNS-01.threads", "threads of the first process", threads_inside, CLONE_NEWPID, 0 },
	{ "PIDNS-01.siblings", "five namespaces side by side", siblings, CLONE_NEWPID, 0 },
	{ "PIDNS-02", "outer numbers mean nothing inside", two_numberings, CLONE_NEWPID, 0 },
	{ "PIDNS-02.parent", "the parent cannot be named", parent_is_hidden, CLONE_NEWPID, 0 },
	{ "PIDNS-02.levels", "a number on each of two levels", two_levels, CLONE_NEWPID, 0 },
	{ "PIDNS-03", "32 levels, not one more", nest_limit, CLONE_NEWPID, 0 },
	{ "PIDNS-03.user", "the same for root of a user namespace", nest_limit_user,
	  CLONE_NEWUSER, 0 },
	{ "PIDNS-04", "unshare moves only children to come", unshare_moves_children,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-04.thread", "and only those of the thread", unshare_in_thread, CLONE_NEWPID, 0 },
	{ 0 },
};
