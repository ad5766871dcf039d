// SPDX-License-Identifier: MIT
/* tests/conform/pidns_move.c - PIDNS-05 to 09, 45: where children will be.
 *
 * A second unshare(2), setns(2) down and back home, namespaces without a
 * first process or with a dead one, owners. See pid_namespaces(7), setns(2). */
#include "conform.h"

#define REPEAT 100

static void start_init(struct peer *init, unsigned long more)
{
	spawn(init, CLONE_NEWPID | more, stay, NULL);
	hear(init);
}

/* PIDNS-05 */

static void all_ways(const char *when, long want)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.unshare", when);
	check_ret(key, sys_unshare(CLONE_NEWPID), want);
	snprintf(key, sizeof(key), "%s.clone", when);
	check_ret(key, reap(sys_clone(CLONE_NEWPID | SIGCHLD)), want);
	snprintf(key, sizeof(key), "%s.with_uts", when);
	check_ret(key, sys_unshare(CLONE_NEWPID | CLONE_NEWUTS), want);
}

static void inside_again(struct peer *up, void *arg)
{
	(void)arg;
	check_ret("inside.clone", reap(sys_clone(CLONE_NEWPID | SIGCHLD)), 0);
	check_ret("inside.unshare", sys_unshare(CLONE_NEWPID), 0);
	all_ways("inside", -EINVAL);
	tell(up);
	hear(up);
}

static void second_unshare(void)
{
	unsigned long uts;
	struct peer init;

	need_admin();
	uts = ns_own("uts");
	check_ret("first", sys_unshare(CLONE_NEWPID), 0);
	all_ways("before_child", -EINVAL);
	spawn(&init, 0, inside_again, NULL);
	hear(&init);
	all_ways("with_child", -EINVAL);
	end_peer(&init);
	all_ways("after_child", -EINVAL);
	check_true("uts_kept", ns_own("uts") == uts);
}

/* A refused unshare takes the user namespace back as well. */
static void with_user(void)
{
	unsigned long user = ns_own("user");

	need_admin();
	must(sys_unshare(CLONE_NEWPID));
	check_ret("user_and_pid", sys_unshare(CLONE_NEWUSER | CLONE_NEWPID), -EINVAL);
	check_true("user_kept", ns_own("user") == user);
	check_ret("user_alone", sys_unshare(CLONE_NEWUSER), 0);
}

/* PIDNS-06 */

static void child_at_home(struct peer *up, void *arg)
{
	(void)up;
	check_true("child.parent", sys_getppid() == *(long *)arg);
	check_true("child.number", sys_getpid() > 1);
}

static void setns_resets(void)
{
	long me = sys_getpid(), home;
	unsigned long own;

	need_admin();
	home = ns_open(0, "pid");
	own = ns_own("pid");
	must(sys_unshare(CLONE_NEWPID));
	check_ret("setns", sys_setns(home, CLONE_NEWPID), 0);
	check_true("for_children", ns_own("pid_for_children") == own);
	run_child(0, child_at_home, &me);
	check_ret("unshare_again", sys_unshare(CLONE_NEWPID), 0);
	check_ret("dead_after", reap(sys_fork()), 0);
	check_ret("dead", reap(sys_fork()), -ENOMEM);
	check_ret("setns_any", sys_setns(home, 0), 0);
	run_child(0, child_at_home, &me);
	check_ret("by_pidfd", sys_setns(must(sys_pidfd_open(me)), CLONE_NEWPID), 0);
	check_true("same_pid", sys_getpid() == me);
}

static void back_and_forth(void)
{
	long home;
	int failed = 0;

	need_admin();
	home = ns_open(0, "pid");
	for (int i = 0; i < REPEAT; i++) {
		failed += sys_unshare(CLONE_NEWPID) != 0;
		failed += i % 2 && reap(sys_fork()) != 0;
		failed += sys_setns(home, CLONE_NEWPID) != 0;
		failed += reap(sys_fork()) != 0;
	}
	check_int("failed", failed, 0);
}

/* PIDNS-07 */

static void look(const char *when, long want)
{
	char key[64], link[64];
	struct stat st;
	long len, fd;

	snprintf(key, sizeof(key), "%s.readlink", when);
	len = sys_readlink(ns_path(0, "pid_for_children"), link, sizeof(link));
	check_ret(key, ret0(len), want);
	snprintf(key, sizeof(key), "%s.stat", when);
	check_ret(key, sys_stat(ns_path(0, "pid_for_children"), &st), want);
	snprintf(key, sizeof(key), "%s.lstat", when);
	check_ret(key, sys_lstat(ns_path(0, "pid_for_children"), &st), 0);
	snprintf(key, sizeof(key), "%s.open", when);
	fd = ns_try_open(0, "pid_for_children");
	check_ret(key, ret0(fd), want);
	if (fd >= 0)
		sys_close(fd);
}

static void before_first_child(void)
{
	struct peer init;

	need_admin();
	look("before_unshare", 0);
	must(sys_unshare(CLONE_NEWPID));
	look("no_child", -ENOENT);
	check_ret("failed_fork", ret0(sys_clone(CLONE_NEWNS | CLONE_FS | SIGCHLD)), -EINVAL);
	look("after_failure", -ENOENT);
	spawn(&init, 0, stay, NULL);
	hear(&init);
	look("with_child", 0);
	end_peer(&init);
	look("dead_child", 0);
	must(sys_setns(ns_open(0, "pid"), 0));
	look("home", 0);
}

/* PIDNS-08 */

static void dead_namespace(void)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	int wrong = 0;

	need_admin();
	must(sys_unshare(CLONE_NEWPID));
	must(reap(sys_fork()));
	check_ret("fork", reap(sys_fork()), -ENOMEM);
	check_ret("fork_again", reap(sys_fork()), -ENOMEM);
	check_ret("vfork", reap(sys_clone(CLONE_VFORK | CLONE_VM | SIGCHLD)), -ENOMEM);
	check_ret("clone3", reap(sys_clone3(&args, sizeof(args))), -ENOMEM);
	check_ret("with_uts", reap(sys_clone(CLONE_NEWUTS | SIGCHLD)), -ENOMEM);
	check_ret("parents_child", reap(sys_clone(CLONE_PARENT | SIGCHLD)), -ENOMEM);
	for (int i = 0; i < REPEAT; i++)
		wrong += reap(sys_fork()) != -ENOMEM;
	check_int("hundred", wrong, 0);
	must(sys_setns(ns_open(0, "pid"), 0));
	check_ret("home", reap(sys_fork()), 0);
}

/* A file keeps a namespace, but not its life. */
static void dead_by_setns(void)
{
	struct peer init;
	long fd;

	need_admin();
	start_init(&init, 0);
	fd = ns_open(init.pid, "pid");
	end_peer(&init);
	check_ret("setns", sys_setns(fd, CLONE_NEWPID), 0);
	check_ret("fork", reap(sys_fork()), -ENOMEM);
	check_true("shown", ns_own("pid_for_children") == ns_fd_id(fd));
	check_ret("setns_home", sys_setns(ns_open(0, "pid"), 0), 0);
	check_ret("fork_at_home", reap(sys_fork()), 0);
}

/* While init is a zombie nobody may come in either. */
static void zombie_init(void)
{
	struct peer init;

	need_admin();
	must(sys_unshare(CLONE_NEWPID));
	spawn(&init, 0, stay, NULL);
	hear(&init);
	check_ret("alive", reap(sys_fork()), 0);
	tell(&init);
	must(sys(__NR_waitid, P_PID, init.pid, NULL, WEXITED | WNOWAIT, NULL));
	check_ret("zombie", reap(sys_fork()), -ENOMEM);
	finish(&init);
	check_ret("reaped", reap(sys_fork()), -ENOMEM);
}

/* PIDNS-09 */

static void move_inside(struct peer *up, void *arg)
{
	long *fds = arg;	/* of the parent, of a sibling */
	struct peer inner;

	check_ret("parent", sys_setns(fds[0], CLONE_NEWPID), -EINVAL);
	check_ret("parent_any", sys_setns(fds[0], 0), -EINVAL);
	check_ret("parent_wrong_type", sys_setns(fds[0], CLONE_NEWUTS), -EINVAL);
	check_ret("sibling", sys_setns(fds[1], CLONE_NEWPID), -EINVAL);
	check_ret("parent_pidfd", sys_setns(fds[2], CLONE_NEWPID), -EINVAL);
	check_ret("own", sys_setns(ns_open(0, "pid"), CLONE_NEWPID), 0);
	spawn(&inner, CLONE_NEWPID, stay, NULL);
	hear(&inner);
	send_long(up, inner.pid);
	hear(up);
	end_peer(&inner);
}

static void only_downwards(void)
{
	struct peer sibling, child;
	unsigned long own;
	long fds[3], fd;

	need_admin();
	own = ns_own("pid");
	start_init(&sibling, 0);
	fds[0] = ns_open(0, "pid");
	fds[1] = ns_open(sibling.pid, "pid");
	fds[2] = must(sys_pidfd_open(sys_getpid()));
	spawn(&child, CLONE_NEWPID, move_inside, fds);
	recv_long(&child);
	fd = ns_open(child.pid, "pid");
	check_ret("child", sys_setns(fd, CLONE_NEWPID), 0);
	check_true("child.for_children", ns_own("pid_for_children") == ns_fd_id(fd));
	check_true("own_stays", ns_own("pid") == own);
	check_ret("other_child", sys_setns(fds[1], CLONE_NEWPID), 0);
	check_ret("home", sys_setns(fds[0], CLONE_NEWPID), 0);
	end_peer(&child);
	end_peer(&sibling);
}

/* Down two levels at once; what is then forked has a number on each. */
static void grand(struct peer *up, void *arg)
{
	struct peer inner;

	(void)arg;
	start_init(&inner, 0);
	tell(up);
	hear(up);
	end_peer(&inner);
}

static void joined(struct peer *up, void *arg)
{
	(void)arg;
	check_int("joined.getpid", sys_getpid(), 2);
	check_int("joined.getppid", sys_getppid(), 0);
	tell(up);
	hear(up);
}

static void two_levels_down(void)
{
	struct peer child, guest;
	long fd;

	need_admin();
	spawn(&child, CLONE_NEWPID, grand, NULL);
	hear(&child);
	fd = ns_open(first_child(child.pid), "pid");
	check_ret("setns", sys_setns(fd, CLONE_NEWPID), 0);
	spawn(&guest, 0, joined, NULL);
	hear(&guest);
	check_str("NSpid", status_field("/proc", guest.pid, "NSpid:", 1), "3 2");
	end_peer(&guest);
	end_peer(&child);
}

/* PIDNS-45 */

static void misowned(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_int("number", sys_getpid(), 2);
	check_ret("clone", reap(sys_clone(CLONE_NEWPID | SIGCHLD)), -EINVAL);
	check_ret("unshare", sys_unshare(CLONE_NEWPID), -EINVAL);
	check_ret("with_user", reap(sys_clone(CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD)), -EINVAL);
	check_ret("fork", reap(sys_fork()), 0);
}

static void below_owner(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("after_setns_user", reap(sys_clone(CLONE_NEWPID | SIGCHLD)), 0);
}

static void owner_order(void)
{
	struct peer init;
	long user;

	need_admin();
	start_init(&init, CLONE_NEWUSER);
	user = ns_open(init.pid, "user");
	must(sys_setns(ns_open(init.pid, "pid"), CLONE_NEWPID));
	run_child(0, misowned, NULL);
	must(sys_setns(user, CLONE_NEWUSER));
	run_child(0, below_owner, NULL);
	end_peer(&init);
}

const struct test_case pidns_move_cases[] = {
	{ "PIDNS-05", "a second unshare is refused", second_unshare, CLONE_NEWPID, 0 },
	{ "PIDNS-05.user", "also with a user namespace, which stays", with_user,
	  CLONE_NEWUSER, 0 },
	{ "PIDNS-06", "setns to the own one takes unshare back", setns_resets, CLONE_NEWPID, 0 },
	{ "PIDNS-06.repeat", "a hundred times away and home", back_and_forth, CLONE_NEWPID, 0 },
	{ "PIDNS-07", "pid_for_children before the first child", before_first_child,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-08", "no fork where init is dead", dead_namespace, CLONE_NEWPID, 0 },
	{ "PIDNS-08.setns", "nor after setns to such a one", dead_by_setns, CLONE_NEWPID, 0 },
	{ "PIDNS-08.zombie", "nor while init is a zombie", zombie_init, CLONE_NEWPID, 0 },
	{ "PIDNS-09", "setns goes only down", only_downwards, CLONE_NEWPID, 0 },
	{ "PIDNS-09.deep", "two levels down at once", two_levels_down, CLONE_NEWPID, 0 },
	{ "PIDNS-45", "its owner lies below its parent's owner", owner_order, CLONE_NEWUSER, 0 },
	{ 0 },
};
