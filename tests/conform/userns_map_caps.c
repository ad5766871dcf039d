// SPDX-License-Identifier: MIT
/* tests/conform/userns_map_caps.c - USERNS-10 to 12, 14, 15, 45: who may write the id maps.
 *
 * See user_namespaces(7). */
#include "idmap.h"

/* USERNS-10, 11, 12 */

static void with_caps(struct peer *up, void *arg)
{
	struct peer child;

	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	start_bare(&child);
	check_ret("setuid.several", put_proc(child.pid, "uid_map", "0 1000 1\n1 5000 100"), 0);
	check_ret("setgid.several", put_proc(child.pid, "gid_map", "0 1 9\n100 5000 100"), 0);
	check_str("setgroups", get_proc(child.pid, "setgroups"), "allow/");
	end_peer(&child);
	start_bare(&child);
	check_ret("root_without_setfcap", put_proc(child.pid, "uid_map", "0 0 1"), -EPERM);
	check_ret("root_in_range", put_proc(child.pid, "uid_map", "1 0 10"), -EPERM);
	check_ret("group_root", put_proc(child.pid, "gid_map", "0 0 10"), 0);
	end_peer(&child);
}

static void with_only(struct peer *up, void *arg)
{
	struct peer child;

	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SETUID));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	start_bare(&child);
	check_ret("only_setuid.gid", put_proc(child.pid, "gid_map", "0 5000 2"), -EPERM);
	check_ret("only_setuid.uid", put_proc(child.pid, "uid_map", "0 5000 2"), 0);
	end_peer(&child);
}

static void privileged(void)
{
	need_admin();
	run_child(0, with_caps, NULL);
	run_child(0, with_only, NULL);
}

/* One of the namespace that gave its capabilities away. */
static void bare_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain_user();
	must(sys_unshare(CLONE_NEWUSER));
	caps_set(CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID), 0x1ffffffffffull);
	check_ret("inside.without_admin", put_proc(sys_getpid(), "uid_map", "0 1000 1"), -EPERM);
	caps_set(CAP_BIT(CAP_SYS_ADMIN), CAP_BIT(CAP_SYS_ADMIN));
	check_ret("inside.only_admin", put_proc(sys_getpid(), "uid_map", "0 1000 1"), 0);
}

/* Not the owner, with CAP_SETUID: no capability over the namespace. */
static void stranger(struct peer *up, void *arg)
{
	long pid = *(long *)arg;

	(void)up;
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_DAC_OVERRIDE) |
			 CAP_BIT(CAP_SETFCAP));
	check_ret("stranger.setuid", put_proc(pid, "uid_map", "0 1000 1"), -EPERM);
	caps_set(0, 0);
}

static void stranger_admin(struct peer *up, void *arg)
{
	long pid = *(long *)arg;

	(void)up;
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_DAC_OVERRIDE) |
			 CAP_BIT(CAP_SYS_ADMIN));
	check_ret("stranger.setuid_admin", put_proc(pid, "uid_map", "0 1000 1"), 0);
}

static void admin_in_target(void)
{
	struct peer child;
	long pid;

	need_admin();
	run_child(0, bare_inside, NULL);
	start_bare(&child);
	pid = child.pid;
	run_child(0, stranger, &pid);
	run_child(0, stranger_admin, &pid);
	end_peer(&child);
}

/* USERNS-12: neither from above the parent, nor from beside, nor below. */
static void inner_child(struct peer *up, void *arg)
{
	struct peer inner;

	(void)arg;
	hear(up);
	start_bare(&inner);
	send_long(up, inner.pid);
	hear(up);
	check_ret("parent", put_proc(inner.pid, "uid_map", "0 0 1"), 0);
	end_peer(&inner);
}

static void sibling(struct peer *up, void *arg)
{
	hear(up);
	check_ret("sibling", put_proc(*(long *)arg, "uid_map", "0 0 1"), -EPERM);
}

static void only_two_may(void)
{
	struct peer child, other;
	long inner;

	need_admin();
	spawn(&child, CLONE_NEWUSER, inner_child, NULL);
	map_root(child.pid, 0);
	tell(&child);
	inner = recv_long(&child);
	check_ret("grandparent", put_proc(inner, "uid_map", "0 0 1"), -EPERM);
	check_ret("grandparent.gid", put_proc(inner, "gid_map", "0 0 1"), -EPERM);
	spawn(&other, CLONE_NEWUSER, sibling, &inner);
	map_root(other.pid, PLAIN_UID);
	tell(&other);
	finish(&other);
	tell(&child);
	finish(&child);
}

/* USERNS-14 */

static void maps_root_inside(struct peer *up, void *arg)
{
	unsigned long long all = caps_effective();

	(void)up;
	if (arg)
		caps_set(all & ~CAP_BIT(CAP_SETFCAP), all);
	must(sys_unshare(CLONE_NEWUSER));
	check_ret(arg ? "maker_without" : "maker_with", put_proc(sys_getpid(), "uid_map", "0 0 1"),
		  arg ? -EPERM : 0);
	if (arg)
		check_ret("maker_without.range", put_proc(sys_getpid(), "uid_map", "0 0 1"),
			  -EPERM);
}

static void writer_without(struct peer *up, void *arg)
{
	unsigned long long rest = caps_effective() & ~CAP_BIT(CAP_SETFCAP);
	long pid = *(long *)arg;

	(void)up;
	caps_set(rest, rest);
	check_ret("writer_without", put_proc(pid, "uid_map", "0 0 1"), -EPERM);
	check_ret("writer_without.in_range", put_proc(pid, "uid_map", "1 1 5\n0 0 1"), -EPERM);
	check_ret("writer_without.gid", put_proc(pid, "gid_map", "0 0 1"), 0);
	check_ret("writer_without.others", put_proc(pid, "uid_map", "0 1 9"), 0);
}

static void needs_setfcap(void)
{
	struct peer child;
	long pid;

	need_admin();
	run_child(0, maps_root_inside, NULL);
	run_child(0, maps_root_inside, "without");
	start_bare(&child);
	pid = child.pid;
	run_child(0, writer_without, &pid);
	end_peer(&child);
}

/* USERNS-15 */

static void write_through(struct peer *up, void *arg)
{
	(void)up;
	check_ret("opened_by_user", sys_write(*(long *)arg, "0 0 2", 5), -EPERM);
}

static void opener_counts(struct peer *up, void *arg)
{
	struct peer child;
	long fd;

	(void)arg;
	plain_user();
	start_bare(&child);
	fd = must(open_proc(child.pid, "uid_map", O_RDWR));
	send_long(up, child.pid);
	send_long(up, fd);
	hear(up);
	check_str("kept_empty", get_proc(child.pid, "uid_map"), "");
	check_ret("own_write", sys_write(fd, "0 1000 1", 8), 8);
	end_peer(&child);
}

static void of_opener(void)
{
	struct peer user, child;
	long fd, remote, pid;

	need_admin();
	spawn(&user, 0, opener_counts, NULL);
	pid = recv_long(&user);
	remote = recv_long(&user);
	fd = must(sys(__NR_pidfd_getfd, must(sys_pidfd_open(user.pid)), remote, 0));
	run_child(0, write_through, &fd);
	tell(&user);
	finish(&user);
	start_bare(&child);
	pid = child.pid;
	fd = must(open_proc(pid, "uid_map", O_WRONLY));
	caps_set(0, 0);
	obs_ret("opener_dropped", ret0(sys_write(fd, "0 5000 2", 8)));
	obs_str("opener_dropped.map", get_proc(pid, "uid_map"));
	end_peer(&child);
}

/* USERNS-45 */

static void project_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain_user();
	must(sys_unshare(CLONE_NEWUSER));
	check_ret("bad", put_proc(sys_getpid(), "projid_map", "0 0 0"), -EINVAL);
	check_ret("any", put_proc(sys_getpid(), "projid_map", "0 0 10\n50 500 1"), 0);
	check_str("shown", get_proc(sys_getpid(), "projid_map"),
		  "         0          0         10/        50        500          1/");
	check_ret("again", put_proc(sys_getpid(), "projid_map", "0 0 1"), -EPERM);
}

static void mapped_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	plain_user();
	enter_userns(PLAIN_UID);
	check_ret("with_ids.any", put_proc(sys_getpid(), "projid_map", "0 0 10"), 0);
	if (must(sys_clone(CLONE_NEWUSER | SIGCHLD)) != 0) {
		must(sys_wait4(-1, NULL, __WALL));
		return;
	}
	check_ret("inner.unmapped", put_proc(sys_getpid(), "projid_map", "0 10 1"), -EPERM);
	check_ret("inner.mapped", put_proc(sys_getpid(), "projid_map", "0 9 1"), 0);
	case_stop(0);
}

static void projects(void)
{
	need_admin();
	run_child(0, project_inside, NULL);
	run_child(0, mapped_user, NULL);
}

const struct test_case userns_map_caps_cases[] = {
	{ "USERNS-10", "with CAP_SETUID and CAP_SETGID any", privileged, CLONE_NEWUSER, 0 },
	{ "USERNS-11", "CAP_SYS_ADMIN over the namespace is needed", admin_in_target,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-12", "only from inside and from the parent", only_two_may, CLONE_NEWUSER, 0 },
	{ "USERNS-14", "the parent's root needs CAP_SETFCAP", needs_setfcap, CLONE_NEWUSER, 0 },
	{ "USERNS-15", "who opened the file is who counts", of_opener, CLONE_NEWUSER, 0 },
	{ "USERNS-45", "project ids need no capability", projects, CLONE_NEWUSER, 0 },
	{ 0 },
};
