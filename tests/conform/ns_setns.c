// SPDX-License-Identifier: MIT
/* tests/conform/ns_setns.c - NS-26 to 31: setns(2).
 *
 * What descriptors it takes, by type, and what a pidfd stands for: all chosen
 * namespaces of a live process at once. See setns(2), pidfd_open(2). */
#include "conform.h"

static void set_and_stay(struct peer *up, void *arg)
{
	set_node(arg);
	tell(up);
	hear(up);
}

static void start_target(struct peer *peer, unsigned long flags)
{
	spawn(peer, flags, set_and_stay, "target");
	hear(peer);
}

static long pidfd_of(long pid)
{
	return must(sys_pidfd_open(pid));
}

/* NS-26 */

static void bad_descriptors(void)
{
	int fds[2];
	long uts;

	private_uts("home");
	uts = ns_open(0, "uts");
	must(sys_pipe(fds, 0));
	check_ret("minus_1", sys_setns(-1, CLONE_NEWUTS), -EBADF);
	check_ret("not_open", sys_setns(999, 0), -EBADF);
	check_ret("not_open_bad_type", sys_setns(999, 1), -EBADF);
	check_ret("pipe", sys_setns(fds[0], 0), -EINVAL);
	check_ret("pipe_uts", sys_setns(fds[0], CLONE_NEWUTS), -EINVAL);
	check_ret("directory", sys_setns(must(sys_open("/proc/self/ns", O_RDONLY, 0)), 0),
		  -EINVAL);
	check_ret("file", sys_setns(must(sys_open("/proc/self/status", O_RDONLY, 0)), 0),
		  -EINVAL);
	check_ret("type_vm", sys_setns(uts, CLONE_VM), -EINVAL);
	check_ret("type_1", sys_setns(uts, 1), -EINVAL);
	check_ret("type_minus_1", sys_setns(uts, -1), -EINVAL);
	check_ret("two_types", sys_setns(uts, CLONE_NEWUTS | CLONE_NEWIPC), -EINVAL);
	check_ret("fd_upper_half", sys_setns(uts | 1l << 32, 0), 0);
	sys_close(uts);
	check_ret("closed", sys_setns(uts, 0), -EBADF);
	check_str("nodename", node(), "home");
}

/* Each kind's file with every other kind's flag. */
static void wrong_type(void)
{
	long fd = ns_open(0, ns_kind(case_kind())->name);
	int wrong = 0;

	for (size_t i = 0; i < ns_kind_count; i++) {
		if (ns_kinds[i].flag != case_kind())
			wrong += sys_setns(fd, ns_kinds[i].flag) != -EINVAL;
	}
	check_int("not_einval", wrong, 0);
}

/* NS-27 */

static void any_type(void)
{
	const char *name = ns_kind(case_kind())->name;
	const char *shown = case_kind() == CLONE_NEWPID ? "pid_for_children" : name;
	long pid, fd;

	need_admin();
	pid = must(spawn_idle(case_kind()));
	fd = ns_open(pid, name);
	check_ret("setns_0", sys_setns(fd, 0), 0);
	if (case_kind() != CLONE_NEWPID)
		check_true("joined", ns_own(shown) == ns_fd_id(fd));
	end_idle(pid);
}

static void own_again(void)
{
	long fd = ns_open(0, ns_kind(case_kind())->name);

	need_admin();
	check_ret("setns_own", sys_setns(fd, case_kind()), 0);
	check_ret("setns_own_any", sys_setns(fd, 0), 0);
	check_true("same", ns_own(ns_kind(case_kind())->name) == ns_fd_id(fd));
}

/* NS-28, 29, 30 */

static void pidfd_types(void)
{
	struct peer child;
	long pidfd;

	private_uts("home");
	start_target(&child, CLONE_NEWUTS);
	pidfd = pidfd_of(child.pid);
	check_ret("type_0", sys_setns(pidfd, 0), -EINVAL);
	check_ret("type_vm", sys_setns(pidfd, CLONE_VM), -EINVAL);
	check_ret("uts_and_vm", sys_setns(pidfd, CLONE_NEWUTS | CLONE_VM), -EINVAL);
	check_ret("type_minus_1", sys_setns(pidfd, -1), -EINVAL);
	check_ret("type_1", sys_setns(pidfd, 1), -EINVAL);
	check_str("unchanged", node(), "home");
	check_ret("uts", sys_setns(pidfd, CLONE_NEWUTS), 0);
	check_str("joined", node(), "target");
	check_ret("again", sys_setns(pidfd, CLONE_NEWUTS), 0);
	end_peer(&child);
}

static void pidfd_of_self(void)
{
	private_uts("home");
	check_ret("self", sys_setns(pidfd_of(sys_getpid()), CLONE_NEWUTS), 0);
	check_str("nodename", node(), "home");
}

static void pidfd_of_dead(void)
{
	long pid, pidfd;

	private_uts("home");
	pid = must(spawn_idle(CLONE_NEWUTS));
	pidfd = pidfd_of(pid);
	must(sys_kill(pid, SIGKILL));
	must(sys(__NR_waitid, P_PID, pid, NULL, WEXITED | WNOWAIT, NULL));
	check_ret("zombie", sys_setns(pidfd, CLONE_NEWUTS), -ESRCH);
	check_ret("zombie_type_0", sys_setns(pidfd, 0), -EINVAL);
	wait_status(pid);
	check_ret("reaped", sys_setns(pidfd, CLONE_NEWUTS), -ESRCH);
	check_str("nodename", node(), "home");
}

static void as_capable_user(struct peer *up, void *arg)
{
	long pidfd = *(long *)arg;

	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN));
	check_ret("sys_admin_only", sys_setns(pidfd, CLONE_NEWUTS), -EPERM);
	check_str("unchanged", node(), "home");
}

static void as_tracing_user(struct peer *up, void *arg)
{
	long pidfd = *(long *)arg;

	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN) | CAP_BIT(CAP_SYS_PTRACE));
	check_ret("with_sys_ptrace", sys_setns(pidfd, CLONE_NEWUTS), 0);
	check_str("joined", node(), "target");
}

static void as_plain_user(struct peer *up, void *arg)
{
	long pidfd = *(long *)arg;

	(void)up;
	become_user(PLAIN_UID);
	check_ret("plain_user", sys_setns(pidfd, CLONE_NEWUTS), -EPERM);
	check_ret("plain_user.type_0", sys_setns(pidfd, 0), -EINVAL);
}

static void needs_ptrace_read(void)
{
	struct peer child;
	long pidfd;

	private_uts("home");
	start_target(&child, CLONE_NEWUTS);
	pidfd = pidfd_of(child.pid);
	run_child(0, as_plain_user, &pidfd);
	run_child(0, as_capable_user, &pidfd);
	run_child(0, as_tracing_user, &pidfd);
	end_peer(&child);
}

static void look_as_user(struct peer *up, void *arg)
{
	long pidfd = *(long *)arg;

	(void)up;
	become_user(PLAIN_UID);
	check_ret("plain_user", sys_setns(pidfd, CLONE_NEWUTS), -EPERM);
	check_ret("plain_user.several", sys_setns(pidfd, CLONE_NEWUTS | CLONE_NEWPID), -EPERM);
}

static void look_as_tracer(struct peer *up, void *arg)
{
	long pidfd = *(long *)arg;

	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_PTRACE));
	check_ret("sys_ptrace", sys_setns(pidfd, CLONE_NEWUTS), -ESRCH);
}

static void look_at_reaped(struct peer *up, void *arg)
{
	long pidfd = *(long *)arg;

	(void)up;
	become_user(PLAIN_UID);
	check_ret("reaped", sys_setns(pidfd, CLONE_NEWUTS), -ESRCH);
}

/* Who may not look at a zombie does not hear that it is one (found by sequences). */
static void zombie_needs_ptrace_read(void)
{
	long pid = must(spawn_idle(CLONE_NEWUTS)), pidfd = pidfd_of(pid);

	must(sys_kill(pid, SIGKILL));
	must(sys(__NR_waitid, P_PID, pid, NULL, WEXITED | WNOWAIT, NULL));
	run_child(0, look_as_user, &pidfd);
	run_child(0, look_as_tracer, &pidfd);
	wait_status(pid);
	run_child(0, look_at_reaped, &pidfd);
}

/* NS-31 */

static void several_at_once(void)
{
	unsigned long kinds = CLONE_NEWUTS | CLONE_NEWIPC;
	struct peer child;
	long pidfd;

	private_uts("home");
	start_target(&child, kinds);
	pidfd = pidfd_of(child.pid);
	check_ret("setns", sys_setns(pidfd, kinds), 0);
	check_true("uts", ns_own("uts") == ns_id(child.pid, "uts"));
	check_true("ipc", ns_own("ipc") == ns_id(child.pid, "ipc"));
	end_peer(&child);
}

/* The caller's own user namespace is refused (EINVAL): the rest stays as well. */
static void none_if_one_fails(void)
{
	unsigned long before;
	struct peer child;
	long pidfd;

	private_uts("home");
	before = ns_own("uts");
	start_target(&child, CLONE_NEWUTS);
	pidfd = pidfd_of(child.pid);
	check_ret("uts_and_user", sys_setns(pidfd, CLONE_NEWUTS | CLONE_NEWUSER), -EINVAL);
	check_true("uts_kept", ns_own("uts") == before);
	check_str("nodename", node(), "home");
	check_ret("uts_alone", sys_setns(pidfd, CLONE_NEWUTS), 0);
	end_peer(&child);
}

/* A mount namespace alone cannot be entered while the fs context is shared;
 * together with another kind it can, and the context is not shared any more. */
static void shared_fs(void)
{
	struct peer target, sharer;
	unsigned long before;
	long pidfd;

	private_uts("home");
	before = ns_own("mnt");
	start_target(&target, CLONE_NEWUTS | CLONE_NEWNS);
	spawn(&sharer, CLONE_FS, stay, NULL);
	hear(&sharer);
	pidfd = pidfd_of(target.pid);
	check_ret("mnt_alone", sys_setns(pidfd, CLONE_NEWNS), -EINVAL);
	check_true("mnt_kept", ns_own("mnt") == before);
	check_ret("mnt_and_uts", sys_setns(pidfd, CLONE_NEWUTS | CLONE_NEWNS), 0);
	check_true("mnt_joined", ns_own("mnt") == ns_id(target.pid, "mnt"));
	check_true("uts_joined", ns_own("uts") == ns_id(target.pid, "uts"));
	check_true("sharer_kept", ns_id(sharer.pid, "mnt") == before);
	tell(&sharer);
	finish(&sharer);
	end_peer(&target);
}

const struct test_case ns_setns_cases[] = {
	{ "NS-26", "setns refuses other descriptors and types", bad_descriptors,
	  CLONE_NEWUTS, 0 },
	EACH_KIND("NS-26", "its file with another kind's flag", wrong_type),
	EACH_KIND("NS-27", "type 0 takes any kind", any_type),
	{ "NS-27.own", "one's own namespace", own_again, CLONE_NEWUTS, 0 },
	{ "NS-28", "a pidfd needs namespace flags", pidfd_types, CLONE_NEWUTS, 0 },
	{ "NS-28.self", "one's own pidfd", pidfd_of_self, CLONE_NEWUTS, 0 },
	{ "NS-29", "the pidfd of a dead process is ESRCH", pidfd_of_dead, CLONE_NEWUTS, 0 },
	{ "NS-30", "a pidfd needs ptrace read access", needs_ptrace_read, CLONE_NEWUTS, 0 },
	{ "NS-30.zombie", "of a zombie, too", zombie_needs_ptrace_read, CLONE_NEWUTS, 0 },
	{ "NS-31", "a pidfd joins several kinds at once", several_at_once, CLONE_NEWIPC, 0 },
	{ "NS-31.user", "or none: own user namespace", none_if_one_fails, CLONE_NEWUSER, 0 },
	{ "NS-31.mnt", "mount namespaces and a shared fs context", shared_fs,
	  CLONE_NEWNS, 0 },
	{ 0 },
};
