// SPDX-License-Identifier: MIT
/* tests/conform/pidns_proc.c - PIDNS-37 to 40: what a proc mount shows.
 *
 * A mount of proc belongs to the pid namespace of its mounter, and lasts
 * longer than that. See pid_namespaces(7), proc(5). */
#include "conform.h"

static const char *link_of(const char *proc, const char *name)
{
	static char text[64];
	long len = sys_readlink(path_in(proc, name), text, sizeof(text) - 1);

	if (len < 0)
		return ret_text(len);
	text[len] = 0;
	return text;
}

/* PIDNS-37 */

static void mount_inside(struct peer *up, void *arg)
{
	const char *proc = mount_proc(arg, NULL);
	struct peer member;

	check_int("alone", count_pids(proc), 1);
	check_str("self", link_of(proc, "self"), "1");
	check_str("thread_self", link_of(proc, "thread-self"), "1/task/1");
	spawn(&member, 0, stay, NULL);
	hear(&member);
	check_int("two", count_pids(proc), 2);
	check_true("member", have_file(path_in(proc, "2/status")));
	check_true("no_third", !have_file(path_in(proc, "3")));
	check_true("no_zero", !have_file(path_in(proc, "0")));
	end_peer(&member);
	check_int("alone_again", count_pids(proc), 1);
	check_true("member_gone", !have_file(path_in(proc, "2")));
	tell(up);
	hear(up);
}

static void only_own(void)
{
	struct peer init;
	char text[64];

	need_admin();
	temp_dir();
	spawn(&init, CLONE_NEWPID, mount_inside, "proc");
	hear(&init);
	check_int("from_outside", count_pids("/tmp/conform/proc"), 1);
	check_true("outer_number", !have_file(path_in("/tmp/conform/proc", "self/status")));
	snprintf(text, sizeof(text), "/proc/%d", init.pid);
	check_true("outer_proc", have_file(text));
	end_peer(&init);
}

/* An outer mount shows those below as well, by outer numbers. */
static void seen_from_above(struct peer *up, void *arg)
{
	const char *outer = mount_proc("outer", NULL);
	struct peer inner;

	(void)up;
	(void)arg;
	spawn(&inner, CLONE_NEWPID, mount_inside, "inner");
	hear(&inner);
	check_int("outer", count_pids(outer), 2);
	check_int("inner", count_pids("/tmp/conform/inner"), 1);
	check_str("outer.NSpid", status_field(outer, 2, "NSpid:", 0), "2 1");
	check_str("inner.NSpid", status_field("/tmp/conform/inner", 1, "NSpid:", 0), "1");
	check_str("outer.PPid", status_field(outer, 2, "PPid:", 0), "1");
	check_str("inner.PPid", status_field("/tmp/conform/inner", 1, "PPid:", 0), "0");
	end_peer(&inner);
}

static void nested_mounts(void)
{
	need_admin();
	temp_dir();
	run_child(CLONE_NEWPID, seen_from_above, NULL);
}

/* unshare moves no one: such a caller still mounts its own namespace's. */
static void unshared_mounter(struct peer *up, void *arg)
{
	const char *proc;

	(void)up;
	(void)arg;
	must(sys_unshare(CLONE_NEWPID));
	proc = mount_proc("proc", NULL);
	check_str("self", link_of(proc, "self"), "1");
	must(reap(sys_fork()));
	check_int("pids", count_pids(proc), 1);
}

static void by_active_ns(void)
{
	need_admin();
	temp_dir();
	run_child(CLONE_NEWPID, unshared_mounter, NULL);
}

/* PIDNS-38 */

static void look_at_strange(const char *who, const char *proc)
{
	char key[64];
	struct stat st;

	snprintf(key, sizeof(key), "%s.self", who);
	check_str(key, link_of(proc, "self"), "ENOENT");
	snprintf(key, sizeof(key), "%s.thread_self", who);
	check_str(key, link_of(proc, "thread-self"), "ENOENT");
	snprintf(key, sizeof(key), "%s.self_status", who);
	check_ret(key, sys_stat(path_in(proc, "self/status"), &st), -ENOENT);
	snprintf(key, sizeof(key), "%s.lstat_self", who);
	check_ret(key, sys_lstat(path_in(proc, "self"), &st), 0);
	snprintf(key, sizeof(key), "%s.mounts", who);
	check_ret(key, ret0(sys_open(path_in(proc, "mounts"), O_RDONLY, 0)), -ENOENT);
	snprintf(key, sizeof(key), "%s.uptime", who);
	check_ret(key, ret0(sys_open(path_in(proc, "uptime"), O_RDONLY, 0)), 0);
}

static void mount_and_stay(struct peer *up, void *arg)
{
	mount_proc(arg, NULL);
	tell(up);
	hear(up);
}

static void stranger(struct peer *up, void *arg)
{
	(void)up;
	look_at_strange("sibling", arg);
	check_str("own_by_outer_proc", status_field("/proc", 0, "NSpid:", 1), "1");
}

static void self_of_stranger(void)
{
	struct peer init;

	need_admin();
	temp_dir();
	spawn(&init, CLONE_NEWPID, mount_and_stay, "proc");
	hear(&init);
	look_at_strange("parent", "/tmp/conform/proc");
	run_child(CLONE_NEWPID, stranger, "/tmp/conform/proc");
	end_peer(&init);
}

/* PIDNS-39 */

static void dead_ns(void)
{
	const char *proc = "/tmp/conform/proc";
	struct peer init;
	struct stat st;
	long dir, status;
	char text[64];

	need_admin();
	temp_dir();
	spawn(&init, CLONE_NEWPID, mount_and_stay, "proc");
	hear(&init);
	dir = must(sys_open(path_in(proc, "1"), O_RDONLY | O_DIRECTORY, 0));
	status = must(sys_open(path_in(proc, "1/status"), O_RDONLY, 0));
	end_peer(&init);
	check_int("pids", count_pids(proc), 0);
	check_ret("stat_1", sys_stat(path_in(proc, "1"), &st), -ENOENT);
	check_ret("read_open", sys_read(status, text, sizeof(text)), -ESRCH);
	check_ret("dir_open", sys(__NR_openat, dir, "status", O_RDONLY, 0), -ESRCH);
	check_str("self", link_of(proc, "self"), "ENOENT");
	check_ret("uptime", ret0(sys_open(path_in(proc, "uptime"), O_RDONLY, 0)), 0);
	obs_ret("loadavg", ret0(read_file(path_in(proc, "loadavg"), text, sizeof(text))));
	check_ret("remount", sys_mount(NULL, proc, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
	check_ret("umount", sys_umount(proc, UMOUNT_DETACH), 0);
	check_ret("umount_again", sys_umount(proc, 0), -EINVAL);
}

/* NS-08: such a mount holds its namespace. */
static void mount_holds(void)
{
	struct peer init;
	long second;

	need_admin();
	temp_dir();
	must(sys(__NR_chmod, "/tmp/conform", 0777));
	limit_set(CLONE_NEWPID, 1);
	become_user_with(LIMIT_UID, CAP_BIT(CAP_SYS_ADMIN));
	spawn(&init, CLONE_NEWPID, mount_and_stay, "proc");
	hear(&init);
	end_peer(&init);
	check_ret("mounted", reap(sys_clone(CLONE_NEWPID | SIGCHLD)), -ENOSPC);
	must(sys_umount("/tmp/conform/proc", 0));
	second = reap(sys_clone(CLONE_NEWPID | SIGCHLD));
	for (int i = 0; i < 200 && second == -ENOSPC; i++) {
		nap(5);
		second = reap(sys_clone(CLONE_NEWPID | SIGCHLD));
	}
	check_ret("unmounted", second, 0);
}

/* A hundred namespaces, each with its mount, in turn. */
static void mount_and_end(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	must(sys_mount("proc", "/tmp/conform/proc", "proc", 0, NULL));
}

static void many_mounts(void)
{
	int wrong = 0;

	need_admin();
	temp_dir();
	must(sys_mkdir("/tmp/conform/proc", 0755));
	for (int i = 0; i < 100; i++) {
		struct peer init;

		wrong += spawn_try(&init, CLONE_NEWPID, mount_and_end, NULL) != 0;
		wrong += wait_status(init.pid) != 0;
		wrong += count_pids("/tmp/conform/proc") != 0;
		wrong += sys_umount("/tmp/conform/proc", 0) != 0;
		sys_close(init.in);
		sys_close(init.out);
	}
	check_int("wrong", wrong, 0);
}

/* PIDNS-40 */

static void observe_chain(const char *proc, const char *who, long pid)
{
	static const char *const fields[] = { "Tgid:", "Pid:", "PPid:", "NSpid:", "NStgid:",
					      "NSpgid:", "NSsid:" };
	char key[64];

	for (size_t i = 0; i < LENGTH(fields); i++) {
		snprintf(key, sizeof(key), "%s.%.*s", who, (int)strlen(fields[i]) - 1, fields[i]);
		obs_str(key, status_field(proc, pid, fields[i], 0));
	}
	snprintf(key, sizeof(key), "%s.ends_in", who);
	check_true(key, status_field(proc, pid, "NSpid:", 0)[0] != 0);
}

/* A group leader in a session of its own, two levels down. */
static void deepest(struct peer *up, void *arg)
{
	(void)arg;
	must(sys_setsid());
	mount_proc("inner", NULL);
	tell(up);
	hear(up);
}

static void member_of_group(struct peer *up, void *arg)
{
	(void)arg;
	must(sys_setpgid(0, 0));
	tell(up);
	hear(up);
}

static void chain_inside(struct peer *up, void *arg)
{
	struct peer inner, member;

	(void)up;
	(void)arg;
	must(sys_setsid());
	mount_proc("outer", NULL);
	spawn(&member, 0, member_of_group, NULL);
	hear(&member);
	spawn(&inner, CLONE_NEWPID, deepest, NULL);
	hear(&inner);
	observe_chain("/tmp/conform/outer", "outer.init", 1);
	observe_chain("/tmp/conform/outer", "outer.member", 2);
	observe_chain("/tmp/conform/outer", "outer.inner", 3);
	observe_chain("/tmp/conform/inner", "inner.inner", 1);
	check_str("outer.NSpid", status_field("/tmp/conform/outer", 3, "NSpid:", 0), "3 1");
	check_str("outer.NSsid", status_field("/tmp/conform/outer", 3, "NSsid:", 0), "3 1");
	check_str("inner.NSpid", status_field("/tmp/conform/inner", 1, "NSpid:", 0), "1");
	check_str("self_by_outest", status_field("/proc", 0, "NSpid:", 1), "1");
	end_peer(&inner);
	end_peer(&member);
}

static void status_chains(void)
{
	need_admin();
	temp_dir();
	run_child(CLONE_NEWPID, chain_inside, NULL);
}

/* A thread has its own number and its process's. */
static void thread_status(void *arg)
{
	char path[96];

	(void)arg;
	snprintf(path, sizeof(path), "/tmp/conform/proc/1/task");
	check_str("thread.NSpid", status_field(path, 2, "NSpid:", 0), "2");
	check_str("thread.NStgid", status_field(path, 2, "NStgid:", 0), "1");
	check_str("thread.Tgid", status_field(path, 2, "Tgid:", 0), "1");
	check_str("thread_self", link_of("/tmp/conform/proc", "thread-self"), "1/task/2");
	check_true("by_tid", have_file("/tmp/conform/proc/2/status"));
}

static void threads_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	mount_proc("proc", NULL);
	in_thread(thread_status, NULL);
	check_true("gone", !have_file("/tmp/conform/proc/2/status"));
}

static void thread_numbers(void)
{
	need_admin();
	temp_dir();
	run_child(CLONE_NEWPID, threads_inside, NULL);
}

/* PIDNS-46: threads of the kernel live in the first namespace only. */
static void no_kernel_threads(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	mount_proc("proc", NULL);
	check_int("pids", count_pids("/tmp/conform/proc"), 1);
	check_ret("kill_2", sys_kill(2, 0), -ESRCH);
	check_ret("priority_2", sys(__NR_getpriority, 0, 2), -ESRCH);
}

static void kernel_threads(void)
{
	need_admin();
	temp_dir();
	run_child(CLONE_NEWPID, no_kernel_threads, NULL);
}

const struct test_case pidns_proc_cases[] = {
	{ "PIDNS-37", "a proc mount shows its namespace only", only_own, CLONE_NEWPID, 0 },
	{ "PIDNS-37.nested", "an outer one those below, too", nested_mounts, CLONE_NEWPID, 0 },
	{ "PIDNS-37.unshare", "the mounter's own namespace counts", by_active_ns,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-38", "self of who is not visible", self_of_stranger, CLONE_NEWPID, 0 },
	{ "PIDNS-39", "the proc of a dead namespace", dead_ns, CLONE_NEWPID, 0 },
	{ "PIDNS-39.repeat", "a hundred of them", many_mounts, CLONE_NEWPID, 0 },
	{ "NS-08.proc", "a proc mount holds its namespace", mount_holds, CLONE_NEWPID, 0 },
	{ "PIDNS-40", "numbers from the mount's namespace inward", status_chains,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-40.thread", "numbers of threads", thread_numbers, CLONE_NEWPID, 0 },
	{ "PIDNS-46", "no threads of the kernel inside", kernel_threads, CLONE_NEWPID, 0 },
	{ 0 },
};
