// SPDX-License-Identifier: MIT
/* tests/conform/cg_clone.c - CLONE_INTO_CGROUP: CG-52, CG-53, PIDS-08.
 *
 * See clone(2). */
#include "cgutil.h"

/* The bare call with some descriptor; a child exits at once. Returns 0 or the error. */
static long clone_fd(long fd, unsigned long flags, size_t size)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | flags,
		.exit_signal = SIGCHLD,
		.cgroup = fd,
	};

	return reap(sys_clone3(&args, size));
}

static long dir_fd(const char *cg, int flags)
{
	return must(sys_open(cg_dir(cg), flags | O_CLOEXEC, 0));
}

static void starts_there(void)
{
	long pid;

	cg_begin();
	cg_make("a");
	pid = must(cg_clone3("a", 0));
	while (pid == 0)
		sys(__NR_pause);
	check_str("path", cg_of(pid), "/conform/a");
	check_true("listed", cg_lists("a", "cgroup.procs", pid));
	check_str("parent", cg_of(0), "/");
	check_int("populated", cg_number("a", "cgroup.events", "populated"), 1);
	end_idle(pid);
	check_ret("o_path", clone_fd(dir_fd("a", O_PATH), 0, sizeof(struct clone_args)), 0);
	check_ret("same", clone_fd(dir_fd("/", O_RDONLY), 0, sizeof(struct clone_args)), 0);
}

static void bad_descriptors(void)
{
	const size_t whole = sizeof(struct clone_args);
	long fd;

	cg_begin();
	cg_make("a");
	check_ret("closed", clone_fd(999, 0, whole), -EBADF);
	check_ret("too_large", clone_fd(1l << 31, 0, whole), -EINVAL);
	check_ret("huge", clone_fd(-1, 0, whole), -EINVAL);
	check_ret("other_fs", clone_fd(must(sys_open("/tmp", O_RDONLY, 0)), 0, whole), -EBADF);
	check_ret("procs_file", clone_fd(must(cg_open("a", "cgroup.procs", O_RDWR)), 0, whole),
		  -EBADF);
	check_ret("size_80", clone_fd(dir_fd("a", O_RDONLY), 0, CLONE_ARGS_SIZE_VER1), -EINVAL);
	check_ret("size_88", clone_fd(dir_fd("a", O_RDONLY), 0, CLONE_ARGS_SIZE_VER2), 0);
	fd = dir_fd("a", O_RDONLY);
	must(cg_remove("a"));
	check_ret("removed", clone_fd(fd, 0, whole), -ENOENT);
}

static void rules_of_target(void)
{
	const size_t whole = sizeof(struct clone_args);
	long pid;

	cg_begin();
	cg_enable("pids");
	cg_make("a");
	cg_make("a/b");
	must(cg_write("a", "cgroup.subtree_control", "+pids"));
	pid = cg_idle("a");
	check_ret("invalid_domain", clone_fd(dir_fd("a/b", O_RDONLY), 0, whole), -EOPNOTSUPP);
	check_ret("thread_root", clone_fd(dir_fd("a", O_RDONLY), 0, whole), 0);
	end_idle(pid);
	cg_await("a", "cgroup.events", "populated", 0);
	pid = cg_idle("a/b");
	check_ret("inner_domain", clone_fd(dir_fd("a", O_RDONLY), 0, whole), -EBUSY);
	check_ret("leaf", clone_fd(dir_fd("a/b", O_RDONLY), 0, whole), 0);
	end_idle(pid);
}

static void frozen_target(void)
{
	long pid;

	cg_begin();
	cg_make("a");
	must(cg_write("a", "cgroup.freeze", "1"));
	pid = must(cg_clone3("a", 0));
	if (pid == 0)
		sys_exit(7);
	check_int("frozen", cg_await("a", "cgroup.events", "frozen", 1), 1);
	check_ret("waits", sys_wait4(pid, NULL, WNOHANG), 0);
	must(cg_write("a", "cgroup.freeze", "0"));
	check_int("status", wait_status(pid), 7 << 8);
}

/* --- permissions --- */

static void as_user(struct peer *up, void *arg)
{
	const size_t whole = sizeof(struct clone_args);

	(void)up, (void)arg;
	become_user(PLAIN_UID);
	check_ret("not_delegated", clone_fd(dir_fd("b", O_RDONLY), 0, whole), -EACCES);
	check_ret("common_ancestor", clone_fd(dir_fd("a", O_RDONLY), 0, whole), -EACCES);
	check_ret("below", clone_fd(dir_fd("a/in", O_RDONLY), 0, whole), -EACCES);
}

static void as_user_inside(struct peer *up, void *arg)
{
	const size_t whole = sizeof(struct clone_args);

	(void)up, (void)arg;
	must(cg_join("a/in", 0));
	become_user(PLAIN_UID);
	check_ret("inside.up", clone_fd(dir_fd("a", O_RDONLY), 0, whole), 0);
	check_ret("inside.same", clone_fd(dir_fd("a/in", O_RDONLY), 0, whole), 0);
	check_ret("inside.out", clone_fd(dir_fd("b", O_RDONLY), 0, whole), -EACCES);
	check_ret("inside.root", clone_fd(dir_fd("/", O_RDONLY), 0, whole), -EACCES);
}

static void permissions(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/in");
	cg_make("b");
	must(sys(__NR_chown, cg_dir("a"), PLAIN_UID, PLAIN_UID));
	must(sys(__NR_chown, cg_file("a", "cgroup.procs"), PLAIN_UID, PLAIN_UID));
	must(sys(__NR_chown, cg_file("a/in", "cgroup.procs"), PLAIN_UID, PLAIN_UID));
	run_child(0, as_user, NULL);
	run_child(0, as_user_inside, NULL);
}

static void limited_parent(struct peer *up, void *arg)
{
	const size_t whole = sizeof(struct clone_args);

	(void)up, (void)arg;
	must(cg_join("a", 0));
	must(cg_write("a", "pids.max", "1"));
	check_ret("at_home", reap(sys_fork()), -EAGAIN);
	check_ret("into_b", clone_fd(dir_fd("b", O_RDONLY), 0, whole), 0);
	must(cg_write("b", "pids.max", "0"));
	check_ret("into_full", clone_fd(dir_fd("b", O_RDONLY), 0, whole), -EAGAIN);
	check_int("told_here", cg_number("a", "pids.events", "max"), 1);
	check_int("told_there", cg_number("b", "pids.events", "max"), 1);
	check_int("b.current", cg_number("b", "pids.current", NULL), 0);
	must(cg_join("/", 0));
}

static void limits(void)
{
	cg_begin();
	cg_enable("pids");
	cg_make("a");
	cg_make("b");
	run_child(0, limited_parent, NULL);
}

const struct test_case cg_clone_cases[] = {
	{ "CG-52", "a child begins in the cgroup named", starts_there, 0, 0 },
	{ "CG-52.fd", "descriptors that are no directory of a cgroup", bad_descriptors, 0, 0 },
	{ "CG-52.rules", "the rules of a migration hold", rules_of_target, 0, 0 },
	{ "CG-52.frozen", "into a frozen one it is born frozen", frozen_target, 0, 0 },
	{ "CG-53", "it needs the rights of a migration", permissions, 0, 0 },
	{ "PIDS-08", "the target's limits count, not the parent's", limits, 0, 0 },
	{ 0 },
};
