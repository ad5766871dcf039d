// SPDX-License-Identifier: MIT
/* tests/conform/ns_unshare.c - NS-16 to 22: unshare(2).
 *
 * Which flags it knows, what it asks of a process with threads, and that it
 * does all or nothing. See unshare(2). */
#include "conform.h"

/* Every kind of namespace and all else that unshare(2) knows. */
#define NEW_FLAGS (CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | \
		   CLONE_NEWUSER | CLONE_NEWCGROUP | CLONE_NEWTIME)
#define SHARED_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
		      CLONE_SYSVSEM)

/* NS-16 */

static void known_flags(void)
{
	static const struct {
		const char *key;
		unsigned long flag;
	} known[] = {
		{ "none", 0 }, { "fs", CLONE_FS }, { "files", CLONE_FILES }, { "vm", CLONE_VM },
		{ "sighand", CLONE_SIGHAND }, { "thread", CLONE_THREAD },
		{ "sysvsem", CLONE_SYSVSEM }, { "all_of_these", SHARED_FLAGS },
	};

	for (size_t i = 0; i < LENGTH(known); i++)
		check_ret(known[i].key, sys_unshare(known[i].flag), 0);
}

static void unknown_flags(void)
{
	int wrong = 0;

	for (int bit = 0; bit < 64; bit++) {
		unsigned long flag = 1ul << bit;

		if (flag & (NEW_FLAGS | SHARED_FLAGS))
			continue;
		if (sys_unshare(flag) != -EINVAL)
			wrong++;
		if (sys_unshare(flag | CLONE_FS) != -EINVAL)
			wrong++;
	}
	check_int("not_einval", wrong, 0);
	check_ret("vfork", sys_unshare(CLONE_VFORK), -EINVAL);
	check_ret("all_bits", sys_unshare(-1l), -EINVAL);
}

/* NS-17 */

struct waiting {
	struct gate gate;
	struct thread thread;
};

static void wait_at_gate(void *arg)
{
	gate_wait(&((struct waiting *)arg)->gate);
}

static void second_thread(struct waiting *waiting)
{
	thread_start(&waiting->thread, wait_at_gate, waiting);
}

static void end_second_thread(struct waiting *waiting)
{
	gate_open(&waiting->gate);
	thread_join(&waiting->thread);
}

static void shared_flags_each(const char *who, long want_thread)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.thread", who);
	check_ret(key, sys_unshare(CLONE_THREAD), want_thread);
	snprintf(key, sizeof(key), "%s.sighand", who);
	check_ret(key, sys_unshare(CLONE_SIGHAND), want_thread);
	snprintf(key, sizeof(key), "%s.vm", who);
	check_ret(key, sys_unshare(CLONE_VM), want_thread);
	snprintf(key, sizeof(key), "%s.all", who);
	check_ret(key, sys_unshare(CLONE_THREAD | CLONE_SIGHAND | CLONE_VM), want_thread);
	snprintf(key, sizeof(key), "%s.fs", who);
	check_ret(key, sys_unshare(CLONE_FS), 0);
	snprintf(key, sizeof(key), "%s.files", who);
	check_ret(key, sys_unshare(CLONE_FILES), 0);
	snprintf(key, sizeof(key), "%s.sysvsem", who);
	check_ret(key, sys_unshare(CLONE_SYSVSEM), 0);
}

static void needs_one_thread(void)
{
	struct waiting waiting = { 0 };

	shared_flags_each("single", 0);
	second_thread(&waiting);
	shared_flags_each("two", -EINVAL);
	end_second_thread(&waiting);
	shared_flags_each("single_again", 0);
}

/* Another process that shares our memory is no thread, but shares it. */
static void share_memory(void)
{
	long pid = must(sys_clone(CLONE_VM | CLONE_VFORK | SIGCHLD));

	if (pid == 0) {
		long vm = sys_unshare(CLONE_VM);
		long thread = sys_unshare(CLONE_THREAD);

		check_ret("vfork_child.vm", vm, -EINVAL);
		check_ret("vfork_child.thread", thread, 0);
		case_stop(0);
	}
	check_int("status", wait_status(pid), 0);
}

/* UTS namespaces are a thread's own affair. */
static void uts_with_threads(void)
{
	struct waiting waiting = { 0 };
	unsigned long before;
	char path[64];
	struct stat st;

	private_uts("home");
	before = ns_own("uts");
	second_thread(&waiting);
	check_ret("unshare", sys_unshare(CLONE_NEWUTS), 0);
	check_true("own_changed", ns_own("uts") != before);
	snprintf(path, sizeof(path), "/proc/self/task/%d/ns/uts", waiting.thread.tid);
	must(sys_stat(path, &st));
	check_true("other_kept", st.st_ino == before);
	end_second_thread(&waiting);
}

/* NS-18 to 21 */

static void user_needs_one_thread(void)
{
	struct waiting waiting = { 0 };

	second_thread(&waiting);
	check_ret("two_threads", sys_unshare(CLONE_NEWUSER), -EINVAL);
	end_second_thread(&waiting);
	check_ret("one_thread", sys_unshare(CLONE_NEWUSER), 0);
}

static void pid_with_threads(void)
{
	struct waiting waiting = { 0 };

	need_admin();
	second_thread(&waiting);
	check_ret("two_threads", sys_unshare(CLONE_NEWPID), 0);
	end_second_thread(&waiting);
}

static void nothing(void *arg)
{
	(void)arg;
}

static void no_thread_after(void)
{
	struct thread thread;

	need_admin();
	check_ret("unshare", sys_unshare(CLONE_NEWPID), 0);
	check_ret("thread", thread_try(&thread, 0, nothing, NULL), -EINVAL);
	check_ret("fork", reap(sys_fork()), 0);
	check_ret("fork_again", reap(sys_fork()), -ENOMEM);
}

static void only_this_thread(void)
{
	const char *name = ns_kind(case_kind())->name;
	const char *shown = case_kind() == CLONE_NEWTIME ? "time_for_children" : name;
	struct waiting waiting = { 0 };
	unsigned long before;
	char path[64];
	struct stat st;

	need_admin();
	before = ns_own(shown);
	second_thread(&waiting);
	check_ret("unshare", sys_unshare(case_kind()), 0);
	check_true("own_changed", ns_own(shown) != before);
	snprintf(path, sizeof(path), "/proc/self/task/%d/ns/%s", waiting.thread.tid, shown);
	must(sys_stat(path, &st));
	check_true("other_kept", st.st_ino == before);
	end_second_thread(&waiting);
}

/* NS-22 */

/* A refused call with NEWUTS in it: nothing may have changed. */
static void refused(const char *key, unsigned long flags, long want)
{
	unsigned long before = ns_own("uts");

	check_ret(key, sys_unshare(flags), want);
	expect_eq(ns_own("uts"), before);
	expect_str(node(), "home");
}

static void all_or_nothing(void)
{
	struct waiting waiting = { 0 };

	private_uts("home");
	refused("bad_flag", CLONE_NEWUTS | CLONE_VFORK, -EINVAL);
	second_thread(&waiting);
	refused("threads", CLONE_NEWUTS | CLONE_VM, -EINVAL);
	end_second_thread(&waiting);
	limit_set(CLONE_NEWUTS, 0);
	refused("limit", CLONE_NEWUTS | CLONE_FS | CLONE_FILES, -ENOSPC);
	limit_set(CLONE_NEWUTS, 1000);
	check_ret("then_good", sys_unshare(CLONE_NEWUTS | CLONE_FS | CLONE_FILES), 0);
}

/* Files that were shared before stay shared when the call is refused. */
static void open_in_child(void)
{
	long fd = must(sys_open("/", O_RDONLY | O_DIRECTORY, 0));

	must(sys_dup2(fd, 77));
}

static void files_stay_shared(void)
{
	long pid;

	private_uts("home");
	limit_set(CLONE_NEWUTS, 0);
	pid = must(sys_clone(CLONE_FILES | SIGCHLD));
	if (pid == 0) {
		check_ret("unshare", sys_unshare(CLONE_FILES | CLONE_NEWUTS), -ENOSPC);
		open_in_child();
		case_stop(0);
	}
	check_int("status", wait_status(pid), 0);
	check_ret("fd_of_child", sys_fcntl(77, F_GETFD, 0), 0);
}

static void several_kinds(void)
{
	unsigned long uts, ipc;

	private_uts("home");
	uts = ns_own("uts");
	ipc = ns_own("ipc");
	limit_set(CLONE_NEWIPC, 0);
	check_ret("ipc_refused", sys_unshare(CLONE_NEWUTS | CLONE_NEWIPC), -ENOSPC);
	check_true("uts_kept", ns_own("uts") == uts);
	check_true("ipc_kept", ns_own("ipc") == ipc);
	limit_set(CLONE_NEWIPC, 1000);
	check_ret("both", sys_unshare(CLONE_NEWUTS | CLONE_NEWIPC), 0);
	check_true("uts_new", ns_own("uts") != uts);
	check_true("ipc_new", ns_own("ipc") != ipc);
}

const struct test_case ns_unshare_cases[] = {
	{ "NS-16", "unshare(0) and the flags it knows", known_flags, 0, 0 },
	{ "NS-16.unknown", "other bits are EINVAL", unknown_flags, 0, 0 },
	{ "NS-17", "THREAD, SIGHAND, VM only with one thread", needs_one_thread, 0, 0 },
	{ "NS-17.vm", "shared memory counts, without threads too", share_memory, 0, 0 },
	{ "NS-17.uts", "a thread may unshare its names", uts_with_threads, 0, 0 },
	{ "NS-18", "unshare(NEWUSER) only with one thread", user_needs_one_thread,
	  CLONE_NEWUSER, 0 },
	{ "NS-19", "unshare(NEWPID) with threads works", pid_with_threads, CLONE_NEWPID, 0 },
	{ "NS-20", "no thread after unshare(NEWPID)", no_thread_after, CLONE_NEWPID, 0 },
	KIND_ROW("NS-21", "mnt", CLONE_NEWNS, "unshare is the thread's", only_this_thread),
	KIND_ROW("NS-21", "time", CLONE_NEWTIME, "unshare is the thread's", only_this_thread),
	KIND_ROW("NS-21", "uts", CLONE_NEWUTS, "unshare is the thread's", only_this_thread),
	{ "NS-22", "unshare does all or nothing", all_or_nothing, CLONE_NEWUTS, 0 },
	{ "NS-22.files", "a refused call leaves files shared", files_stay_shared,
	  CLONE_NEWUTS, 0 },
	{ "NS-22.kinds", "one refused kind refuses all", several_kinds, CLONE_NEWIPC, 0 },
	{ 0 },
};
