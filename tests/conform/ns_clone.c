// SPDX-License-Identifier: MIT
/* tests/conform/ns_clone.c - NS-09 to 14, 47: clone(2) and its combinations.
 *
 * Some flags exclude each other; new namespaces other than user ones need
 * CAP_SYS_ADMIN. See clone(2). */
#include "conform.h"

#define THREAD_GROUP (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)
#define REPEAT 100

/* Clone with these flags and reap the child. */
static long tried(unsigned long flags)
{
	return reap(sys_clone(flags | SIGCHLD));
}

static void nothing(void *arg)
{
	(void)arg;
}

/* NS-09, NS-10 */

static void not_with_fs(void)
{
	need_admin();
	check_ret("with_fs", tried(case_kind() | CLONE_FS), -EINVAL);
	check_ret("without_fs", tried(case_kind()), 0);
}

/* NS-11 */

static void not_for_threads(void)
{
	struct thread thread;

	need_admin();
	check_ret("thread", thread_try(&thread, case_kind(), nothing, NULL), -EINVAL);
	in_thread(nothing, NULL);
}

/* A thread may have names of its own from the start. */
static void show_name(void *arg)
{
	struct new_utsname name;

	(void)arg;
	sys_uname(&name);
	sys_sethostname("thread", 6);
}

static void thread_with_uts(void)
{
	struct thread thread;

	private_uts("home");
	check_ret("thread", thread_try(&thread, CLONE_NEWUTS, show_name, NULL), 0);
	thread_join(&thread);
	check_str("nodename", node(), "home");
}

/* NS-12 */

/* Makes a child with CLONE_PARENT: it becomes the child of the case. */
static void clone_sibling(struct peer *up, void *arg)
{
	unsigned long kind = *(unsigned long *)arg;
	long pid = sys_clone(kind | CLONE_PARENT | SIGCHLD);

	if (pid == 0)
		case_stop(0);
	send_long(up, pid);
}

static void with_parent(void)
{
	unsigned long kind = case_kind();
	struct peer child;
	long pid;

	need_admin();
	spawn(&child, 0, clone_sibling, &kind);
	pid = recv_long(&child);
	check_ret("clone_parent", pid < 0 ? pid : 0, 0);
	if (pid > 0)
		check_int("is_our_child", wait_status(pid), 0);
	finish(&child);
}

/* NS-13 */

static void as_user_sysvsem(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("user.ipc_sysvsem", tried(CLONE_NEWIPC | CLONE_SYSVSEM), -EPERM);
}

static void not_with_sysvsem(void)
{
	need_admin();
	check_ret("root.ipc_sysvsem", tried(CLONE_NEWIPC | CLONE_SYSVSEM), -EINVAL);
	check_ret("root.ipc", tried(CLONE_NEWIPC), 0);
	run_child(0, as_user_sysvsem, NULL);
}

/* NS-14 */

/* All three calls of one kind, as the caller now is. */
static void make_all_ways(const char *who, long want)
{
	struct clone_args args = { .flags = case_kind(), .exit_signal = SIGCHLD };
	unsigned long before = ns_own(ns_kind(case_kind())->name);
	char key[64];

	if (case_kind() != CLONE_NEWTIME) {
		snprintf(key, sizeof(key), "%s.clone", who);
		check_ret(key, tried(case_kind()), want);
	}
	snprintf(key, sizeof(key), "%s.clone3", who);
	check_ret(key, reap(sys_clone3(&args, sizeof(args))), want);
	snprintf(key, sizeof(key), "%s.unshare", who);
	check_ret(key, sys_unshare(case_kind()), want);
	if (want)
		expect_eq(ns_own(ns_kind(case_kind())->name), before);
}

static void make_as_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	make_all_ways("user", -EPERM);
}

static void make_as_bare_root(struct peer *up, void *arg)
{
	unsigned long long rest = caps_effective() & ~CAP_BIT(CAP_SYS_ADMIN);

	(void)up;
	(void)arg;
	caps_set(rest, rest);
	make_all_ways("root_without", -EPERM);
}

static void make_as_capable_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN));
	make_all_ways("user_with", 0);
}

static void needs_sys_admin(void)
{
	need_admin();
	run_child(0, make_as_user, NULL);
	run_child(0, make_as_bare_root, NULL);
	run_child(0, make_as_capable_user, NULL);
}

/* Permission comes before the limit, and after the flags' own sense. */
static void order_of_refusals(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("limit_0", sys_unshare(CLONE_NEWUTS), -EPERM);
	check_ret("bad_flag", sys_unshare(CLONE_NEWUTS | CLONE_VFORK), -EINVAL);
}

static void refusals_in_order(void)
{
	need_admin();
	limit_set(CLONE_NEWUTS, 0);
	run_child(0, order_of_refusals, NULL);
}

static void many_children(void)
{
	unsigned long last = ns_own("uts");
	int same = 0;

	need_admin();
	for (int i = 0; i < REPEAT; i++) {
		long pid = must(spawn_idle(CLONE_NEWUTS));

		same += ns_id(pid, "uts") == last;
		last = ns_own("uts");
		end_idle(pid);
	}
	check_int("in_our_namespace", same, 0);
}

/* Flags that only make sense together. */
static void flag_pairs(void)
{
	check_ret("thread_alone", tried(CLONE_THREAD), -EINVAL);
	check_ret("sighand_alone", tried(CLONE_SIGHAND), -EINVAL);
	check_ret("thread_sighand", tried(CLONE_THREAD | CLONE_SIGHAND), -EINVAL);
	check_ret("fs_files", tried(CLONE_FS | CLONE_FILES), 0);
}

/* NS-47 */

static void unknown_calls(void)
{
	static const long numbers[] = {
		400, 423, 600, 1000, 0x7fffffff, -1, -2,
	};
	char key[32];

	for (size_t i = 0; i < LENGTH(numbers); i++) {
		snprintf(key, sizeof(key), "call_%ld", numbers[i]);
		check_ret(key, sys(numbers[i], 1, 2, 3), -ENOSYS);
	}
	check_ret("x32_getpid", sys(0x40000000 | __NR_getpid), -ENOSYS);
	check_true("getpid_still_works", sys_getpid() > 0);
}

const struct test_case ns_clone_cases[] = {
	{ "NS-09", "clone(NEWNS|FS) is refused", not_with_fs, CLONE_NEWNS, 0 },
	{ "NS-10", "clone(NEWUSER|FS) is refused", not_with_fs, CLONE_NEWUSER, 0 },
	KIND_ROW("NS-11", "pid", CLONE_NEWPID, "not for a thread", not_for_threads),
	KIND_ROW("NS-11", "user", CLONE_NEWUSER, "not for a thread", not_for_threads),
	{ "NS-11.uts", "a thread may get a UTS namespace", thread_with_uts, CLONE_NEWUTS, 0 },
	KIND_ROW("NS-12", "pid", CLONE_NEWPID, "together with CLONE_PARENT", with_parent),
	KIND_ROW("NS-12", "user", CLONE_NEWUSER, "together with CLONE_PARENT", with_parent),
	KIND_ROW("NS-12", "uts", CLONE_NEWUTS, "together with CLONE_PARENT", with_parent),
	{ "NS-13", "clone(NEWIPC|SYSVSEM) is refused", not_with_sysvsem, CLONE_NEWIPC, 0 },
	FLAT_KINDS("NS-14", "making one needs CAP_SYS_ADMIN", needs_sys_admin),
	KIND_ROW("NS-14", "pid", CLONE_NEWPID, "making one needs CAP_SYS_ADMIN",
		 needs_sys_admin),
	{ "NS-14.order", "permission before limit, flags before both",
	  refusals_in_order, CLONE_NEWUTS, 0 },
	{ "NS-14.many", "a hundred children with namespaces", many_children,
	  CLONE_NEWUTS, 0 },
	{ "NS-11.pairs", "flags that need each other", flag_pairs, 0, 0 },
	{ "NS-47", "what is no system call is ENOSYS", unknown_calls, 0, 0 },
	{ 0 },
};
