// SPDX-License-Identifier: MIT
/* tests/conform/ns_owner.c - NS-15, 32, 33: capabilities and owners.
 *
 * setns(2) asks for CAP_SYS_ADMIN in the caller's user namespace and in the one
 * that owns the target; who makes a user namespace owns what is made in it.
 * See user_namespaces(7), setns(2). */
#include "conform.h"

/* NS-32 */

/* All ways to join, as the caller now is. */
static void join(const char *who, long fd, long want)
{
	unsigned long before = ns_own("uts");
	char key[64];

	snprintf(key, sizeof(key), "%s.setns", who);
	check_ret(key, sys_setns(fd, CLONE_NEWUTS), want);
	snprintf(key, sizeof(key), "%s.setns_any", who);
	check_ret(key, sys_setns(fd, 0), want);
	if (want)
		expect_eq(ns_own("uts"), before);
	else
		expect_eq(ns_own("uts"), ns_fd_id(fd));
}

static void join_as_user(struct peer *up, void *arg)
{
	long *fds = arg;

	(void)up;
	become_user(PLAIN_UID);
	join("user", fds[0], -EPERM);
	join("user_own", fds[1], -EPERM);
	check_ret("user_bad_type", sys_setns(fds[0], CLONE_NEWIPC), -EINVAL);
}

static void join_as_bare_root(struct peer *up, void *arg)
{
	unsigned long long rest = caps_effective() & ~CAP_BIT(CAP_SYS_ADMIN);

	(void)up;
	caps_set(rest, rest);
	join("root_without", *(long *)arg, -EPERM);
}

static void join_as_capable_user(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN));
	join("user_with", *(long *)arg, 0);
}

static void needs_admin(void)
{
	struct peer member;
	long fds[2];

	private_uts("home");
	spawn(&member, CLONE_NEWUTS, stay, NULL);
	hear(&member);
	fds[0] = ns_open(member.pid, "uts");
	fds[1] = ns_open(0, "uts");
	run_child(0, join_as_user, fds);
	run_child(0, join_as_bare_root, fds);
	run_child(0, join_as_capable_user, fds);
	join("root", fds[0], 0);
	tell(&member);
	finish(&member);
}

/* A capability raised again, and a thread without it. */
static void thread_without(void *arg)
{
	caps_set(0, 0);
	check_ret("thread_without", sys_setns(*(long *)arg, CLONE_NEWUTS), -EPERM);
}

static void per_thread(void)
{
	unsigned long long all = caps_effective();
	long fd;

	private_uts("home");
	fd = ns_open(0, "uts");
	in_thread(thread_without, &fd);
	check_ret("main", sys_setns(fd, CLONE_NEWUTS), 0);
	caps_set(0, all);
	check_ret("lowered", sys_setns(fd, CLONE_NEWUTS), -EPERM);
	caps_set(all, all);
	check_ret("raised", sys_setns(fd, CLONE_NEWUTS), 0);
}

/* Root of an inner user namespace has no say over the outer names. */
static void join_from_inside(struct peer *up, void *arg)
{
	(void)up;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(PLAIN_UID);
	join("inner_root", *(long *)arg, -EPERM);
	must(sys_unshare(CLONE_NEWUTS));
	join("inner_root_own", ns_open(0, "uts"), 0);
}

static void owner_of_target(void)
{
	long fd;

	private_uts("home");
	fd = ns_open(0, "uts");
	run_child(0, join_from_inside, &fd);
}

/* NS-15 */

static void user_and_uts(struct peer *up, void *arg)
{
	long owner;

	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	check_ret("uts_alone", sys_unshare(CLONE_NEWUTS), -EPERM);
	check_ret("user_and_uts", sys_unshare(CLONE_NEWUSER | CLONE_NEWUTS), 0);
	owner = must(sys_ioctl(ns_open(0, "uts"), NS_GET_USERNS, 0));
	check_true("owner_is_new", ns_fd_id(owner) == ns_own("user"));
	check_ret("sethostname", sys_sethostname("inner", 5), 0);
	check_str("nodename", node(), "inner");
}

static void user_and_uts_by_clone(struct peer *up, void *arg)
{
	long pid;

	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	pid = sys_clone(CLONE_NEWUSER | CLONE_NEWUTS | SIGCHLD);
	check_ret("clone", pid < 0 ? pid : 0, 0);
	if (pid == 0) {
		check_ret("child.sethostname", sys_sethostname("inner", 5), 0);
		case_stop(0);
	}
	check_int("status", wait_status(pid), 0);
	check_str("nodename", node(), "home");
}

static void user_first(void)
{
	private_uts("home");
	run_child(0, user_and_uts, NULL);
	run_child(0, user_and_uts_by_clone, NULL);
	check_str("outer.nodename", node(), "home");
}

/* NS-33 */

static void own_both(struct peer *up, void *arg)
{
	(void)arg;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	must(sys_unshare(CLONE_NEWUSER | CLONE_NEWUTS));
	set_node("inner");
	tell(up);
	hear(up);
}

static void enter_as_owner(struct peer *up, void *arg)
{
	long *fds = arg;

	(void)up;
	become_user(PLAIN_UID);
	check_ret("uts_first", sys_setns(fds[1], CLONE_NEWUTS), -EPERM);
	check_ret("user", sys_setns(fds[0], CLONE_NEWUSER), 0);
	check_ret("then_uts", sys_setns(fds[1], CLONE_NEWUTS), 0);
	check_str("nodename", node(), "inner");
}

static void enter_as_stranger(struct peer *up, void *arg)
{
	long *fds = arg;

	(void)up;
	become_user(PLAIN_UID + 1);
	check_ret("stranger.user", sys_setns(fds[0], CLONE_NEWUSER), -EPERM);
	check_ret("stranger.uts", sys_setns(fds[1], CLONE_NEWUTS), -EPERM);
}

static void owner_may_enter(void)
{
	struct peer inner;
	long fds[2];

	private_uts("home");
	spawn(&inner, 0, own_both, NULL);
	hear(&inner);
	fds[0] = ns_open(inner.pid, "user");
	fds[1] = ns_open(inner.pid, "uts");
	run_child(0, enter_as_stranger, fds);
	run_child(0, enter_as_owner, fds);
	tell(&inner);
	finish(&inner);
}

const struct test_case ns_owner_cases[] = {
	{ "NS-32", "setns needs CAP_SYS_ADMIN", needs_admin, CLONE_NEWUTS, 0 },
	{ "NS-32.thread", "the thread's effective set counts", per_thread, CLONE_NEWUTS, 0 },
	{ "NS-32.owner", "also in the owner of the target", owner_of_target,
	  CLONE_NEWUSER, 0 },
	{ "NS-15", "NEWUSER with others in one call needs no privilege", user_first,
	  CLONE_NEWUSER, 0 },
	{ "NS-33", "the owner of a user namespace may enter it, then the rest",
	  owner_may_enter, CLONE_NEWUSER, 0 },
	{ 0 },
};
