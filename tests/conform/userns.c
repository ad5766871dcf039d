// SPDX-License-Identifier: MIT
/* tests/conform/userns.c - USERNS-01 to 03, 21 to 26, 49: making and joining.
 *
 * Who may make a user namespace, what its first member is there, how deep they
 * nest, and who may join which. See user_namespaces(7), setns(2). */
#include "conform.h"

#define NEST_LIMIT 33
#define ALL_CAPS 0x1ffffffffffull
#define NOBODY 65534

static void plain(void)
{
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
}

/* USERNS-01, 02, 03 */

static void observe_new(const char *who)
{
	unsigned ids[3];
	char key[64];

	snprintf(key, sizeof(key), "%s.caps", who);
	check_int(key, caps_effective() == ALL_CAPS, 1);
	snprintf(key, sizeof(key), "%s.CapPrm", who);
	check_str(key, status_field("/proc", 0, "CapPrm:", 0), "000001ffffffffff");
	snprintf(key, sizeof(key), "%s.CapInh", who);
	check_str(key, status_field("/proc", 0, "CapInh:", 0), "0000000000000000");
	snprintf(key, sizeof(key), "%s.CapBnd", who);
	check_str(key, status_field("/proc", 0, "CapBnd:", 0), "000001ffffffffff");
	snprintf(key, sizeof(key), "%s.CapAmb", who);
	check_str(key, status_field("/proc", 0, "CapAmb:", 0), "0000000000000000");
	must(sys(__NR_getresuid, &ids[0], &ids[1], &ids[2]));
	snprintf(key, sizeof(key), "%s.uids", who);
	check_int(key, ids[0] == NOBODY && ids[1] == NOBODY && ids[2] == NOBODY, 1);
	must(sys(__NR_getresgid, &ids[0], &ids[1], &ids[2]));
	snprintf(key, sizeof(key), "%s.gids", who);
	check_int(key, ids[0] == NOBODY && ids[1] == NOBODY && ids[2] == NOBODY, 1);
	snprintf(key, sizeof(key), "%s.Uid", who);
	check_str(key, status_field("/proc", 0, "Uid:", 0), "65534 65534 65534 65534");
}

static void child_of_clone(struct peer *up, void *arg)
{
	(void)up;
	observe_new(arg);
}

static void user_makes(struct peer *up, void *arg)
{
	unsigned long before = ns_own("user");

	(void)up;
	(void)arg;
	plain();
	check_int("before.caps", caps_effective(), 0);
	run_child(CLONE_NEWUSER, child_of_clone, "clone");
	check_int("maker.caps", caps_effective(), 0);
	check_true("maker.ns", ns_own("user") == before);
	check_ret("unshare", sys_unshare(CLONE_NEWUSER), 0);
	observe_new("unshare");
	check_true("unshare.ns", ns_own("user") != before);
	run_child(0, child_of_clone, "fork");
}

static void no_privilege_needed(void)
{
	need_admin();
	run_child(0, user_makes, NULL);
}

/* None in the parent: what its capabilities are good for. */
static void only_inside(struct peer *up, void *arg)
{
	(void)up;
	plain();
	must(sys_unshare(CLONE_NEWUSER));
	check_ret("sethostname", sys_sethostname("x", 1), -EPERM);
	check_ret("unshare_uts", sys_unshare(CLONE_NEWUTS), 0);
	check_ret("sethostname_own", sys_sethostname("x", 1), 0);
	check_ret("kill_roots", sys_kill(*(long *)arg, 0), -EPERM);
	check_ret("priority", sys(__NR_setpriority, 0, 0, -5), -EACCES);
	check_ret("chroot", sys(__NR_chroot, "/"), 0);
}

static void nothing_outside(void)
{
	long pid;

	need_admin();
	pid = must(spawn_idle(0));
	run_child(0, only_inside, &pid);
	end_idle(pid);
}

/* Root that makes one is nobody special inside either, nor outside. */
static void root_makes(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	must(sys_unshare(CLONE_NEWUSER));
	observe_new("root");
	check_ret("root.sethostname", sys_sethostname("x", 1), -EPERM);
	check_ret("root.setuid", sys(__NR_setuid, 0), -EINVAL);
}

static void by_root(void)
{
	need_admin();
	run_child(0, root_makes, NULL);
}

/* USERNS-21 */

/* One level after the other, each with root mapped to the one before. */
static void deeper(struct peer *up, void *arg)
{
	long level = *(long *)arg + 1;
	struct peer inner;
	long rc;

	hear(up);
	rc = spawn_try(&inner, CLONE_NEWUSER, deeper, &level);
	if (rc == 0) {
		map_root(inner.pid, 0);
		tell(&inner);
		send_long(up, recv_long(&inner));
		send_long(up, recv_long(&inner));
		finish(&inner);
		if (level == NEST_LIMIT - 1)
			check_ret("last_again", reap(sys_clone(CLONE_NEWUSER | SIGCHLD)), 0);
		return;
	}
	expect_ret(sys_unshare(CLONE_NEWUSER), rc);
	expect_ret(reap(sys_clone(CLONE_NEWUSER | CLONE_NEWUTS | SIGCHLD)), rc);
	check_ret("deepest.uts", sys_unshare(CLONE_NEWUTS), 0);
	check_ret("deepest.hostname", sys_sethostname("deep", 4), 0);
	send_long(up, level);
	send_long(up, rc);
}

static void nest_limit(void)
{
	struct peer first;
	long level = 0;

	need_admin();
	spawn(&first, CLONE_NEWUSER, deeper, &level);
	map_root(first.pid, 0);
	tell(&first);
	check_int("levels", recv_long(&first), NEST_LIMIT);
	check_ret("next", recv_long(&first), -ENOSPC);
	finish(&first);
}

/* USERNS-22 */

static void in_chroot(struct peer *up, void *arg)
{
	(void)up;
	must(sys(__NR_chroot, arg));
	check_ret("unshare", sys_unshare(CLONE_NEWUSER), -EPERM);
	check_ret("clone", reap(sys_clone(CLONE_NEWUSER | SIGCHLD)), -EPERM);
	check_ret("with_mnt", sys_unshare(CLONE_NEWUSER | CLONE_NEWNS), -EPERM);
	must(sys(__NR_chroot, "."));		/* the old root: the directory was not left */
	check_ret("out_again", sys_unshare(CLONE_NEWUSER), 0);
}

static void chroot_to_root(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	must(sys(__NR_chroot, "/"));
	check_ret("root_itself", sys_unshare(CLONE_NEWUSER), 0);
}

static void not_in_chroot(void)
{
	need_admin();
	temp_dir();
	must(sys_mkdir("/tmp/conform/dir", 0755));
	run_child(0, in_chroot, "/tmp/conform/dir");
	run_child(0, in_chroot, "/tmp/conform");
	run_child(0, chroot_to_root, NULL);
}

/* USERNS-23 */

static void unmapped_maker(struct peer *up, void *arg)
{
	(void)arg;
	check_ret("unmapped.unshare", sys_unshare(CLONE_NEWUSER), -EPERM);
	check_ret("unmapped.clone", reap(sys_clone(CLONE_NEWUSER | SIGCHLD)), -EPERM);
	tell(up);
	hear(up);
	check_ret("uid_only", sys_unshare(CLONE_NEWUSER), -EPERM);
	tell(up);
	hear(up);
	check_ret("both", reap(sys_clone(CLONE_NEWUSER | SIGCHLD)), 0);
	must(sys(__NR_setresuid, 5, -1, 5));
	check_ret("effective_counts", reap(sys_clone(CLONE_NEWUSER | SIGCHLD)), 0);
}

static void unmapped_ids(void)
{
	struct peer child;
	char path[64];

	need_admin();
	spawn(&child, CLONE_NEWUSER, unmapped_maker, NULL);
	hear(&child);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", child.pid);
	must(write_file(path, "0 0 10"));
	tell(&child);
	hear(&child);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", child.pid);
	must(write_file(path, "0 0 10"));
	tell(&child);
	finish(&child);
}

/* USERNS-24, 25, 26 */

static void own_again(void)
{
	long fd;

	need_admin();
	fd = ns_open(0, "user");
	check_ret("initial", sys_setns(fd, CLONE_NEWUSER), -EINVAL);
	must(sys_unshare(CLONE_NEWUSER));
	check_ret("outer", sys_setns(fd, CLONE_NEWUSER), -EPERM);
	fd = ns_open(0, "user");
	caps_set(0, 0);
	check_ret("own", sys_setns(fd, CLONE_NEWUSER), -EINVAL);
	check_ret("own_any", sys_setns(fd, 0), -EINVAL);
	check_int("no_caps_back", caps_effective(), 0);
}

struct joining {
	long fd;
	struct gate gate;
};

static void wait_gate(void *arg)
{
	gate_wait(&((struct joining *)arg)->gate);
}

static void join_from_thread(void *arg)
{
	check_ret("thread", sys_setns(((struct joining *)arg)->fd, CLONE_NEWUSER), -EINVAL);
}

static void needs_to_be_alone(void)
{
	struct joining joining = { 0 };
	struct thread thread;
	struct peer target, sharer;

	need_admin();
	spawn(&target, CLONE_NEWUSER, stay, NULL);
	hear(&target);
	map_root(target.pid, 0);
	joining.fd = ns_open(target.pid, "user");
	thread_start(&thread, wait_gate, &joining);
	check_ret("two_threads", sys_setns(joining.fd, CLONE_NEWUSER), -EINVAL);
	gate_open(&joining.gate);
	thread_join(&thread);
	in_thread(join_from_thread, &joining);
	spawn(&sharer, CLONE_FS, stay, NULL);
	hear(&sharer);
	check_ret("shared_fs", sys_setns(joining.fd, CLONE_NEWUSER), -EINVAL);
	end_peer(&sharer);
	check_ret("alone", sys_setns(joining.fd, CLONE_NEWUSER), 0);
	check_true("joined", ns_own("user") == ns_fd_id(joining.fd));
	check_true("all_caps", caps_effective() == ALL_CAPS);
	end_peer(&target);
}

/* A child of a child, and what cannot be reached. */
static void two_children(struct peer *up, void *arg)
{
	struct peer inner;

	(void)arg;
	hear(up);
	spawn(&inner, CLONE_NEWUSER, stay, NULL);
	hear(&inner);
	map_root(inner.pid, 0);
	send_long(up, inner.pid);
	hear(up);
	end_peer(&inner);
}

static void join_others(struct peer *up, void *arg)
{
	long *fds = arg;	/* outer, sibling */

	hear(up);
	check_ret("outer", sys_setns(fds[0], CLONE_NEWUSER), -EPERM);
	check_ret("sibling", sys_setns(fds[1], CLONE_NEWUSER), -EPERM);
	check_ret("outer_wrong_type", sys_setns(fds[0], CLONE_NEWUTS), -EINVAL);
}

static void only_descendants(void)
{
	struct peer first, other;
	long fds[2], inner;

	need_admin();
	fds[0] = ns_open(0, "user");
	spawn(&first, CLONE_NEWUSER, two_children, NULL);
	map_root(first.pid, 0);
	tell(&first);
	inner = recv_long(&first);
	fds[1] = ns_open(first.pid, "user");
	spawn(&other, CLONE_NEWUSER, join_others, fds);
	map_root(other.pid, 0);
	tell(&other);
	finish(&other);
	check_ret("grandchild", sys_setns(ns_open(inner, "user"), CLONE_NEWUSER), 0);
	check_ret("back_up", sys_setns(fds[1], CLONE_NEWUSER), -EPERM);
	check_ret("home", sys_setns(fds[0], CLONE_NEWUSER), -EPERM);
	end_peer(&first);
}

static void user_joins(struct peer *up, void *arg)
{
	long *fds = arg;	/* one's own child's, another's */

	(void)up;
	become_user(LIMIT_UID);
	check_ret("others", sys_setns(fds[0], CLONE_NEWUSER), -EPERM);
}

static void without_cap(void)
{
	struct peer target;
	long fds[1];

	need_admin();
	spawn(&target, CLONE_NEWUSER, stay, NULL);
	hear(&target);
	fds[0] = ns_open(target.pid, "user");
	run_child(0, user_joins, fds);
	caps_set(0, 0);
	check_ret("owner_without_caps", sys_setns(fds[0], CLONE_NEWUSER), 0);
	end_peer(&target);
}

/* USERNS-49: a knob of Debian's. */
static void user_tries(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(PLAIN_UID, *(unsigned long long *)arg);
	check_ret(*(unsigned long long *)arg ? "with_admin" : "without",
		  reap(sys_clone(CLONE_NEWUSER | SIGCHLD)),
		  *(unsigned long long *)arg ? 0 : -EPERM);
}

static void knob(void)
{
	static const char path[] = "/proc/sys/kernel/unprivileged_userns_clone";
	unsigned long long none = 0, admin = CAP_BIT(CAP_SYS_ADMIN);

	need_admin();
	if (!have_file(path))
		skip("no kernel.unprivileged_userns_clone in this kernel");
	check_int("default", read_long(path, -1), 1);
	must(write_file(path, "0"));
	run_child(0, user_tries, &none);
	run_child(0, user_tries, &admin);
	check_ret("root", reap(sys_clone(CLONE_NEWUSER | SIGCHLD)), 0);
	must(write_file(path, "1"));
}

const struct test_case userns_cases[] = {
	{ "USERNS-01", "made without privilege", no_privilege_needed, CLONE_NEWUSER, 0 },
	{ "USERNS-02", "all capabilities inside, none outside", nothing_outside,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-03", "made by root: unmapped ids as well", by_root, CLONE_NEWUSER, 0 },
	{ "USERNS-21", "33 levels, not one more", nest_limit, CLONE_NEWUSER, 0 },
	{ "USERNS-22", "none is made in a chroot", not_in_chroot, CLONE_NEWUSER, 0 },
	{ "USERNS-23", "none is made by unmapped ids", unmapped_ids, CLONE_NEWUSER, 0 },
	{ "USERNS-24", "setns to one's own", own_again, CLONE_NEWUSER, 0 },
	{ "USERNS-25", "setns with threads or a shared fs context", needs_to_be_alone,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-26", "only descendants can be joined", only_descendants, CLONE_NEWUSER, 0 },
	{ "USERNS-26.cap", "with CAP_SYS_ADMIN there", without_cap, CLONE_NEWUSER, 0 },
	{ "USERNS-49", "the knob that asks for CAP_SYS_ADMIN", knob, CLONE_NEWUSER, 0 },
	{ 0 },
};
