// SPDX-License-Identifier: MIT
/* tests/conform/userns_groups.c - USERNS-16 to 19: changing ids inside.
 *
 * setuid(2) and setgroups(2) with and without maps, and the file setgroups.
 * See user_namespaces(7). */
#include "idmap.h"

/* USERNS-16 */

static void ids_inside(struct peer *up, void *arg)
{
	(void)arg;
	check_ret("unmapped.setuid", sys(__NR_setuid, 0), -EINVAL);
	check_ret("unmapped.setuid_self", sys(__NR_setuid, 65534), -EINVAL);
	check_ret("unmapped.setgid", sys(__NR_setgid, 0), -EINVAL);
	check_ret("unmapped.setresuid_none", sys(__NR_setresuid, -1, -1, -1), 0);
	check_ret("unmapped.setreuid", sys(__NR_setreuid, -1, 5), -EINVAL);
	check_int("unmapped.setfsuid", sys(__NR_setfsuid, 0), 65534);
	tell(up);
	hear(up);
	check_ret("mapped.setuid_out", sys(__NR_setuid, 10), -EINVAL);
	check_ret("mapped.setuid_kernel_id", sys(__NR_setuid, 5000), -EINVAL);
	check_ret("mapped.setgid_out", sys(__NR_setgid, 10), -EINVAL);
	check_ret("mapped.setresgid_last", sys(__NR_setresgid, 9, 9, 9), 0);
	check_ret("mapped.setuid_0", sys(__NR_setuid, 0), 0);
	check_ret("mapped.setresuid_last", sys(__NR_setresuid, 9, 9, 9), 0);
	check_int("mapped.getuid", sys(__NR_getuid), 9);
	check_ret("mapped.back", sys(__NR_setuid, 0), -EPERM);
	check_ret("mapped.back_out", sys(__NR_setuid, 10), -EINVAL);
}

static void mapped_ids_only(void)
{
	struct peer child;

	need_admin();
	spawn(&child, CLONE_NEWUSER, ids_inside, NULL);
	hear(&child);
	must(put_proc(child.pid, "uid_map", "0 5000 10"));
	must(put_proc(child.pid, "gid_map", "0 6000 10"));
	tell(&child);
	finish(&child);
}

/* USERNS-17 */

static long set_groups(int count, int group)
{
	return sys(__NR_setgroups, count, &group);
}

static void groups_inside(struct peer *up, void *arg)
{
	bool denied = arg;
	int group;

	hear(up);
	check_ret("before_map", set_groups(0, 0), -EPERM);
	check_ret("before_map.one", set_groups(1, 0), -EPERM);
	tell(up);
	hear(up);
	check_ret("after_map", set_groups(1, 3), denied ? -EPERM : 0);
	check_ret("after_map.unmapped", set_groups(1, 10), denied ? -EPERM : -EINVAL);
	check_ret("after_map.none", set_groups(0, 0), denied ? -EPERM : 0);
	if (!denied) {
		must(set_groups(1, 4));
		check_int("count", sys(__NR_getgroups, 1, &group), 1);
		check_int("group", group, 4);
	}
}

static void set_groups_with(const char *deny)
{
	struct peer child;

	spawn(&child, CLONE_NEWUSER, groups_inside, (void *)deny);
	if (deny)
		must(put_proc(child.pid, "setgroups", deny));
	tell(&child);
	hear(&child);
	must(put_proc(child.pid, "uid_map", "0 5000 10"));
	must(put_proc(child.pid, "gid_map", "0 6000 10"));
	tell(&child);
	finish(&child);
}

static void setgroups_call(void)
{
	need_admin();
	set_groups_with(NULL);
	set_groups_with("deny");
}

/* USERNS-18 */

static void setgroups_file(void)
{
	static const char *const bad[] = { "", "x", "den", "denyx", "deny x", "DENY", "all",
					   " deny", "deny\nallow", "allowx", "0", "deny\n\n\n\n" };
	static const char *const fine[] = { "allow", "allow\n", "allow ", "deny", "deny\n",
					    "deny \n", "deny  " };
	struct peer child;
	char key[32];

	need_admin();
	spawn(&child, CLONE_NEWUSER, stay, NULL);
	hear(&child);
	check_str("initial", get_proc(sys_getpid(), "setgroups"), "allow/");
	check_str("first", get_proc(child.pid, "setgroups"), "allow/");
	for (size_t i = 0; i < LENGTH(bad); i++) {
		snprintf(key, sizeof(key), "bad_%zu", i);
		obs_ret(key, put_proc(child.pid, "setgroups", bad[i]));
	}
	check_str("still", get_proc(child.pid, "setgroups"), "allow/");
	for (size_t i = 0; i < LENGTH(fine); i++) {
		snprintf(key, sizeof(key), "fine_%zu", i);
		check_ret(key, put_proc(child.pid, "setgroups", fine[i]), 0);
	}
	check_str("denied", get_proc(child.pid, "setgroups"), "deny/");
	check_ret("allow_after_deny", put_proc(child.pid, "setgroups", "allow"), -EPERM);
	check_ret("deny_again", put_proc(child.pid, "setgroups", "deny"), 0);
	end_peer(&child);
	spawn(&child, CLONE_NEWUSER, stay, NULL);
	hear(&child);
	must(put_proc(child.pid, "gid_map", "0 0 1"));
	check_ret("allow_after_map", put_proc(child.pid, "setgroups", "allow"), 0);
	check_ret("deny_after_map", put_proc(child.pid, "setgroups", "deny"), -EPERM);
	check_str("after_map", get_proc(child.pid, "setgroups"), "allow/");
	end_peer(&child);
	check_ret("initial.deny", put_proc(sys_getpid(), "setgroups", "deny"), -EPERM);
}

static void user_writes(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(LIMIT_UID, CAP_BIT(CAP_DAC_OVERRIDE));
	check_ret("not_owner", put_proc(*(long *)arg, "setgroups", "deny"), -EACCES);
}

static void setgroups_needs_cap(void)
{
	struct peer child;
	long pid;

	need_admin();
	spawn(&child, CLONE_NEWUSER, stay, NULL);
	hear(&child);
	pid = child.pid;
	run_child(0, user_writes, &pid);
	check_str("kept", get_proc(pid, "setgroups"), "allow/");
	end_peer(&child);
}

/* USERNS-19 */

static void denied_parent(struct peer *up, void *arg)
{
	struct peer inner;

	(void)arg;
	hear(up);
	spawn(&inner, CLONE_NEWUSER, stay, NULL);
	hear(&inner);
	check_str("inner", get_proc(inner.pid, "setgroups"), "deny/");
	check_ret("inner.allow", put_proc(inner.pid, "setgroups", "allow"), -EPERM);
	end_peer(&inner);
}

/* One made before the deny keeps its own. */
static void made_before(struct peer *up, void *arg)
{
	struct peer inner;

	(void)arg;
	hear(up);
	spawn(&inner, CLONE_NEWUSER, stay, NULL);
	hear(&inner);
	tell(up);
	hear(up);
	check_str("made_before", get_proc(inner.pid, "setgroups"), "allow/");
	end_peer(&inner);
}

static void inherited(void)
{
	struct peer child;

	need_admin();
	spawn(&child, CLONE_NEWUSER, denied_parent, NULL);
	must(put_proc(child.pid, "setgroups", "deny"));
	map_root(child.pid, 0);
	tell(&child);
	finish(&child);
	spawn(&child, CLONE_NEWUSER, made_before, NULL);
	must(put_proc(child.pid, "uid_map", "0 0 1"));
	must(put_proc(child.pid, "gid_map", "0 0 1"));
	tell(&child);
	hear(&child);
	check_ret("too_late", put_proc(child.pid, "setgroups", "deny"), -EPERM);
	tell(&child);
	finish(&child);
}

const struct test_case userns_groups_cases[] = {
	{ "USERNS-16", "setuid and setgid to mapped ids only", mapped_ids_only, CLONE_NEWUSER, 0 },
	{ "USERNS-17", "setgroups needs a map and no deny", setgroups_call, CLONE_NEWUSER, 0 },
	{ "USERNS-18", "what the file setgroups takes", setgroups_file, CLONE_NEWUSER, 0 },
	{ "USERNS-18.cap", "who may write it", setgroups_needs_cap, CLONE_NEWUSER, 0 },
	{ "USERNS-19", "deny is inherited", inherited, CLONE_NEWUSER, 0 },
	{ 0 },
};
