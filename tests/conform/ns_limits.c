// SPDX-License-Identifier: MIT
/* tests/conform/ns_limits.c - NS-40 to 43: how many namespaces one may have.
 *
 * /proc/sys/user/max_X_namespaces holds the limit of the reader's user
 * namespace, for each user id; a creation is charged to the creator in every
 * user namespace up to the first. See namespaces(7), "/proc/sys/user". */
#include "conform.h"

/* NS-40, NS-43 */

static void refused_at(long limit)
{
	struct clone_args args = { .flags = case_kind(), .exit_signal = SIGCHLD };
	char key[32];

	limit_set(case_kind(), limit);
	if (case_kind() != CLONE_NEWTIME) {
		snprintf(key, sizeof(key), "limit_%ld.clone", limit);
		check_ret(key, reap(sys_clone(case_kind() | SIGCHLD)), -ENOSPC);
	}
	snprintf(key, sizeof(key), "limit_%ld.clone3", limit);
	check_ret(key, reap(sys_clone3(&args, sizeof(args))), -ENOSPC);
	snprintf(key, sizeof(key), "limit_%ld.unshare", limit);
	check_ret(key, sys_unshare(case_kind()), -ENOSPC);
}

static void none_allowed(void)
{
	struct clone_args args = { .flags = case_kind(), .exit_signal = SIGCHLD };

	need_admin();
	refused_at(0);
	limit_set(case_kind(), 1000);
	check_ret("then_allowed", reap(sys_clone3(&args, sizeof(args))), 0);
}

static void reached(void)
{
	long pids[3];

	need_admin();
	limit_set(CLONE_NEWUTS, LENGTH(pids));
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SYS_ADMIN));
	for (size_t i = 0; i < LENGTH(pids); i++) {
		pids[i] = spawn_idle(CLONE_NEWUTS);
		check_ret("within", pids[i] < 0 ? pids[i] : 0, 0);
	}
	check_ret("one_more.clone", reap(sys_clone(CLONE_NEWUTS | SIGCHLD)), -ENOSPC);
	check_ret("one_more.unshare", sys_unshare(CLONE_NEWUTS), -ENOSPC);
	check_ret("no_kind", reap(sys_fork()), 0);
	for (size_t i = 0; i < LENGTH(pids); i++)
		end_idle(pids[i]);
}

/* Each user id has the limit for itself. */
static void other_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user_with(LIMIT_UID + 1, CAP_BIT(CAP_SYS_ADMIN));
	check_ret("other_user.first", reap(sys_clone(CLONE_NEWUTS | SIGCHLD)), 0);
}

static void first_user(struct peer *up, void *arg)
{
	(void)arg;
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SYS_ADMIN));
	must(sys_unshare(CLONE_NEWUTS));
	check_ret("first_user.second", sys_unshare(CLONE_NEWUTS), -ENOSPC);
	tell(up);
	hear(up);
}

static void each_user(void)
{
	struct peer first;

	need_admin();
	limit_set(CLONE_NEWUTS, 1);
	spawn(&first, 0, first_user, NULL);
	hear(&first);
	run_child(0, other_user, NULL);
	tell(&first);
	finish(&first);
}

/* Lowering the limit below what is there harms nothing that is there. */
static void lowered(void)
{
	struct peer first;

	need_admin();
	limit_set(CLONE_NEWUTS, 1);
	spawn(&first, 0, first_user, NULL);
	hear(&first);
	limit_set(CLONE_NEWUTS, 0);
	check_true("still_there", ns_id(first.pid, "uts") != ns_own("uts"));
	tell(&first);
	finish(&first);
}

static void root_too(void)
{
	need_admin();
	check_ret("euid", sys(__NR_geteuid), 0);
	limit_set(CLONE_NEWUTS, 0);
	check_ret("unshare", sys_unshare(CLONE_NEWUTS), -ENOSPC);
	check_ret("clone", reap(sys_clone(CLONE_NEWUTS | SIGCHLD)), -ENOSPC);
}

/* NS-41: the file itself. */

static void first_default(void)
{
	long threads = read_long("/proc/sys/kernel/threads-max", -1);
	long limit = read_long(limit_path(case_kind()), -1);

	need_init();
	if (threads < 0)
		skip("no /proc/sys/kernel/threads-max in this kernel");
	if (limit < 0)
		skip("no %s in this kernel", limit_path(case_kind()));
	check_int("limit_minus_half_threads_max", limit - threads / 2, 0);
}

static void inner_default(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(PLAIN_UID);
	check_int("inner", read_long(limit_path(CLONE_NEWUTS), -1), 2147483647);
	check_int("inner_user", read_long(limit_path(CLONE_NEWUSER), -1), 2147483647);
}

static void inner_defaults(void)
{
	need_admin();
	run_child(0, inner_default, NULL);
}

static void try_value(const char *key, const char *text, long want)
{
	char key2[64];

	limit_set(CLONE_NEWUTS, 77);
	check_ret(key, write_file(limit_path(CLONE_NEWUTS), text), want);
	snprintf(key2, sizeof(key2), "%s.then", key);
	obs_int(key2, read_long(limit_path(CLONE_NEWUTS), -1));
}

static void values(void)
{
	struct stat st;

	need_admin();
	limit_set(CLONE_NEWUTS, 5);
	must(sys_stat(limit_path(CLONE_NEWUTS), &st));
	check_int("mode", st.st_mode, 0100644);
	try_value("zero", "0\n", 2);
	try_value("no_newline", "12", 2);
	try_value("int_max", "2147483647\n", 11);
	try_value("int_max_plus_1", "2147483648\n", -EINVAL);
	try_value("minus_1", "-1\n", -EINVAL);
	try_value("text", "many\n", -EINVAL);
	try_value("trailing_text", "9x\n", -EINVAL);
	try_value("empty", "\n", -EINVAL);
	try_value("leading_space", "  13\n", 5);
	try_value("two_numbers", "14 15\n", 3);
	try_value("hex", "0x10\n", 5);
}

static void write_as_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("user.write", write_file(limit_path(CLONE_NEWUTS), "1"), -EACCES);
	check_true("user.read", read_long(limit_path(CLONE_NEWUTS), -1) == 50);
}

static void write_as_bare_root(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	caps_set(0, 0);
	check_ret("bare_root.write", write_file(limit_path(CLONE_NEWUTS), "60"), -EACCES);
}

static void write_as_capable_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_RESOURCE));
	check_ret("user_sys_resource.write", write_file(limit_path(CLONE_NEWUTS), "70"), 2);
}

static void who_may_write(void)
{
	need_admin();
	limit_set(CLONE_NEWUTS, 50);
	run_child(0, write_as_user, NULL);
	run_child(0, write_as_bare_root, NULL);
	run_child(0, write_as_capable_user, NULL);
	obs_int("then", read_long(limit_path(CLONE_NEWUTS), -1));
}

/* NS-42: an inner user namespace does not escape the outer limit. */
static void spend_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(LIMIT_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(LIMIT_UID);
	check_int("inner_limit", read_long(limit_path(CLONE_NEWUTS), -1), 2147483647);
	check_ret("first", sys_unshare(CLONE_NEWUTS), 0);
	check_ret("second", sys_unshare(CLONE_NEWUTS), -ENOSPC);
}

static void outer_limit_holds(void)
{
	need_admin();
	limit_set(CLONE_NEWUTS, 1);
	run_child(0, spend_inside, NULL);
}

static void inner_limit_own(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(LIMIT_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(LIMIT_UID);
	check_ret("write", write_file(limit_path(CLONE_NEWUTS), "0"), 1);
	check_ret("unshare", sys_unshare(CLONE_NEWUTS), -ENOSPC);
}

/* A limit set inside holds inside only. */
static void inner_limit_holds(void)
{
	need_admin();
	run_child(0, inner_limit_own, NULL);
	check_ret("outside", sys_unshare(CLONE_NEWUTS), 0);
}

const struct test_case ns_limits_cases[] = {
	EACH_KIND("NS-40", "limit 0 refuses every way to make one", none_allowed),
	{ "NS-40.reached", "a reached limit refuses the next", reached, CLONE_NEWUTS, 0 },
	{ "NS-40.each", "each user id is counted for itself", each_user, CLONE_NEWUTS, 0 },
	{ "NS-40.lowered", "lowering it keeps what is there", lowered, CLONE_NEWUTS, 0 },
	EACH_KIND("NS-41", "the first default is half of threads-max", first_default),
	{ "NS-41.inner", "an inner user namespace starts at INT_MAX", inner_defaults,
	  CLONE_NEWUSER, 0 },
	{ "NS-41.values", "what may be written", values, CLONE_NEWUTS, 0 },
	{ "NS-41.access", "who may write it", who_may_write, CLONE_NEWUTS, 0 },
	{ "NS-42", "an inner namespace does not escape the outer limit",
	  outer_limit_holds, CLONE_NEWUSER, 0 },
	{ "NS-42.inner", "an inner limit holds inside only", inner_limit_holds,
	  CLONE_NEWUSER, 0 },
	{ "NS-43", "root is limited too", root_too, CLONE_NEWUTS, 0 },
	{ 0 },
};
