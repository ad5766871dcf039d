// SPDX-License-Identifier: MIT
/* tests/conform/uts_access.c - UTSNS-04: who may set the names.
 *
 * CAP_SYS_ADMIN in the user namespace that owns the UTS namespace; the user id
 * does not count. See sethostname(2), user_namespaces(7). */
#include "conform.h"

/* Both calls, as the caller now is; the key says who that is. */
static void both_calls(const char *who, long want)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.sethostname", who);
	check_ret(key, sys_sethostname("set", 3), want);
	snprintf(key, sizeof(key), "%s.setdomainname", who);
	check_ret(key, sys_setdomainname("set", 3), want);
	expect_str(node(), want ? "kept" : "set");
	expect_str(domain(), want ? "kept" : "set");
}

static void as_plain_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	both_calls("plain_user", -EPERM);
	/* Permission is asked first: bad arguments make no difference. */
	check_ret("plain_user.len_65", sys_sethostname("x", 65), -EPERM);
	check_ret("plain_user.len_minus_1", sys_setdomainname("x", -1), -EPERM);
	check_ret("plain_user.null", sys_sethostname(NULL, 1), -EPERM);
	check_str("plain_user.uname", node(), "kept");
}

static void as_root_without(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	caps_set(0, 0);
	both_calls("root_without_caps", -EPERM);
}

static void as_root_without_one(struct peer *up, void *arg)
{
	unsigned long long rest = caps_effective() & ~CAP_BIT(CAP_SYS_ADMIN);

	(void)up;
	(void)arg;
	caps_set(rest, rest);
	both_calls("root_all_but_sys_admin", -EPERM);
}

static void as_user_with(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN));
	both_calls("user_with_sys_admin", 0);
}

static void as_user_with_others(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_NET_ADMIN) | CAP_BIT(CAP_SETUID));
	both_calls("user_with_net_admin", -EPERM);
}

static void capability_decides(void)
{
	private_uts("kept");
	run_child(0, as_plain_user, NULL);
	run_child(0, as_root_without, NULL);
	run_child(0, as_root_without_one, NULL);
	run_child(0, as_user_with_others, NULL);
	run_child(0, as_user_with, NULL);
}

/* Only the effective set counts, at the moment of the call. */
static void effective_now(void)
{
	unsigned long long all = caps_effective();

	private_uts("kept");
	caps_set(0, all);
	both_calls("permitted_only", -EPERM);
	caps_set(all, all);
	both_calls("raised_again", 0);
}

static void drop_in_thread(void *arg)
{
	(void)arg;
	caps_set(0, 0);
	both_calls("thread_without", -EPERM);
}

/* Capabilities belong to threads. */
static void per_thread(void)
{
	private_uts("kept");
	in_thread(drop_in_thread, NULL);
	both_calls("main_thread", 0);
}

static void without_init_names(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	enter_userns(PLAIN_UID);
	expect_true(caps_effective() & CAP_BIT(CAP_SYS_ADMIN));
	both_calls("userns_outer_uts", -EPERM);
	must(sys_unshare(CLONE_NEWUTS));
	both_calls("userns_own_uts", 0);
}

static void as_user(struct peer *up, void *arg)
{
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	without_init_names(up, arg);
}

/* The owner is what counts: root of an inner user namespace is nobody here. */
static void owner_decides(void)
{
	private_uts("kept");
	run_child(0, as_user, NULL);
	check_str("outer.nodename", node(), "kept");
}

const struct test_case uts_access_cases[] = {
	{ "UTSNS-04", "setting a name needs CAP_SYS_ADMIN, not uid 0",
	  capability_decides, 0, 0 },
	{ "UTSNS-04.effective", "the effective set at the time of the call counts",
	  effective_now, 0, 0 },
	{ "UTSNS-04.thread", "capabilities are the thread's", per_thread, 0, 0 },
	{ "UTSNS-04.owner", "asked of the user namespace that owns the names",
	  owner_decides, CLONE_NEWUSER, 0 },
	{ 0 },
};
