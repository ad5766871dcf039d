// SPDX-License-Identifier: MIT
/* tests/conform/uts.c - UTSNS-01, 02, 07: what a UTS namespace is.
 *
 * A new one starts with its creator's names; from then on nobody else sees its
 * changes; setns(2) moves one thread. See uts_namespaces(7), setns(2). */
#include "conform.h"

#define REPEAT 100

/* UTSNS-01 */

static void show_copied(struct peer *up, void *arg)
{
	const char *how = arg;
	char key[64];

	(void)up;
	snprintf(key, sizeof(key), "%s.nodename", how);
	check_str(key, node(), "creator");
	snprintf(key, sizeof(key), "%s.domainname", how);
	check_str(key, domain(), "creator.example");
}

static void unshare_and_show(struct peer *up, void *arg)
{
	must(sys_unshare(CLONE_NEWUTS));
	show_copied(up, arg);
}

static void copied_at_creation(void)
{
	private_uts("creator");
	set_domain("creator.example");
	run_child(CLONE_NEWUTS, show_copied, "clone");
	run_child(0, unshare_and_show, "unshare");
	run_child(CLONE_NEWUTS | CLONE_VFORK, show_copied, "vfork");
	run_child(CLONE_NEWUTS | CLONE_FS | CLONE_FILES, show_copied, "clone_fs_files");
	run_child(CLONE_NEWUTS, unshare_and_show, "clone_then_unshare");
	cr_point();
	check_str("creator.nodename", node(), "creator");
}

static void copied_by_clone3(void)
{
	struct clone_args args = { .flags = CLONE_NEWUTS, .exit_signal = SIGCHLD };
	long pid;

	private_uts("creator");
	set_domain("creator.example");
	pid = must(sys_clone3(&args, sizeof(args)));
	if (pid == 0) {
		show_copied(NULL, "clone3");
		case_stop(0);
	}
	check_int("clone3.status", wait_status(pid), 0);
}

/* The copy is taken when the namespace is made, not when it is first used. */
static void late_reader(struct peer *up, void *arg)
{
	(void)arg;
	tell(up);
	hear(up);
	check_str("after_change.nodename", node(), "before");
	check_str("after_change.domainname", domain(), "before");
}

static void copy_is_not_later(void)
{
	struct peer child;

	private_uts("before");
	spawn(&child, CLONE_NEWUTS, late_reader, NULL);
	hear(&child);
	set_node("after");
	set_domain("after");
	tell(&child);
	finish(&child);
}

/* The whole name goes over: 64 bytes, and bytes behind a NUL. */
static void copy_is_whole(void)
{
	struct new_utsname before, after;
	char name[NAME_LEN + 1];

	private_uts("x");
	name_of_len(name, NAME_LEN);
	set_node(name);
	must(sys_setdomainname("ab\0cd", 5));
	must(sys_uname(&before));
	must(sys_unshare(CLONE_NEWUTS));
	must(sys_uname(&after));
	check_int("same_struct", memcmp(&before, &after, sizeof(before)), 0);
	obs_bytes("nodename", after.nodename, sizeof(after.nodename));
	obs_bytes("domainname", after.domainname, 8);
}

static void inner_level(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_str("two.nodename", node(), "level1");
	set_node("level2");
	check_str("two.changed", node(), "level2");
}

static void outer_level(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_str("one.nodename", node(), "level0");
	set_node("level1");
	run_child(CLONE_NEWUTS, inner_level, NULL);
	check_str("one.after_two", node(), "level1");
}

static void two_levels(void)
{
	private_uts("level0");
	run_child(CLONE_NEWUTS, outer_level, NULL);
	check_str("zero.after_all", node(), "level0");
}

static void set_in_child(struct peer *up, void *arg)
{
	(void)up;
	set_node(arg);
}

/* Without the flag a child is a member of the same namespace. */
static void fork_shares(void)
{
	private_uts("parent");
	run_child(0, set_in_child, "child");
	check_str("after_fork.nodename", node(), "child");
	run_child(CLONE_VFORK, set_in_child, "vforked");
	check_str("after_vfork.nodename", node(), "vforked");
	run_child(CLONE_NEWUTS, set_in_child, "elsewhere");
	check_str("after_clone.nodename", node(), "vforked");
}

static void many_times(void)
{
	char name[32];

	private_uts("start");
	for (int i = 0; i < REPEAT; i++) {
		unsigned long before = ns_own("uts");

		snprintf(name, sizeof(name), "turn%d", i);
		must(sys_unshare(CLONE_NEWUTS));
		if (!expect_true(ns_own("uts") != before))
			return;
		set_node(name);
		if (!expect_str(node(), name))
			return;
	}
	check_str("last.nodename", node(), "turn99");
	check_str("last.domainname", domain(), "start");
}

/* UTSNS-02 */


static void changing_sibling(struct peer *up, void *arg)
{
	bool first = strcmp(arg, "a") == 0;

	set_node(arg);
	set_domain(arg);
	tell(up);
	hear(up);
	check_str(first ? "a.nodename" : "b.nodename", node(), arg);
	check_str(first ? "a.domainname" : "b.domainname", domain(), arg);
}

static void siblings_apart(void)
{
	struct peer a, b;

	private_uts("parent");
	spawn(&a, CLONE_NEWUTS, changing_sibling, "a");
	spawn(&b, CLONE_NEWUTS, changing_sibling, "b");
	hear(&a);
	hear(&b);
	check_str("parent.nodename", node(), "parent");
	check_str("parent.domainname", domain(), "parent");
	expect_true(ns_id(a.pid, "uts") != ns_id(b.pid, "uts"));
	expect_true(ns_id(a.pid, "uts") != ns_own("uts"));
	set_node("changed");
	cr_point();
	tell(&a);
	tell(&b);
	finish(&a);
	finish(&b);
	check_str("parent.last", node(), "changed");
}

/* A refused or failed change of one side changes neither. */
static void failed_change(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	expect_errno(sys_sethostname("x", -1), EINVAL);
	expect_errno(sys_sethostname(NULL, 1), EFAULT);
	check_str("child.nodename", node(), "parent");
	set_node("retried");
	check_str("child.retried", node(), "retried");
}

static void failures_apart(void)
{
	private_uts("parent");
	run_child(CLONE_NEWUTS, failed_change, NULL);
	check_str("parent.nodename", node(), "parent");
}

/* UTSNS-07 */

struct visit {
	int fd;
	struct gate moved, seen;
};

static void visitor(void *arg)
{
	struct visit *visit = arg;

	must(sys_setns(visit->fd, CLONE_NEWUTS));
	check_str("thread.nodename", node(), "target");
	gate_open(&visit->moved);
	gate_wait(&visit->seen);
}

static void make_target(struct peer *up, void *arg)
{
	(void)arg;
	set_node("target");
	tell(up);
	hear(up);
	obs_str("member.nodename", node());
}

/* A child in a namespace named "target", and an open file of it. */
static int open_target(struct peer *child)
{
	spawn(child, CLONE_NEWUTS, make_target, NULL);
	hear(child);
	return ns_open(child->pid, "uts");
}

static void thread_only(void)
{
	struct visit visit = { 0 };
	struct thread thread;
	struct peer child;
	char path[64];
	struct stat st;

	private_uts("home");
	visit.fd = open_target(&child);
	thread_start(&thread, visitor, &visit);
	gate_wait(&visit.moved);
	check_str("other_thread.nodename", node(), "home");
	check_int("main.in_target", ns_own("uts") == ns_fd_id(visit.fd), 0);
	snprintf(path, sizeof(path), "/proc/self/task/%d/ns/uts", thread.tid);
	must(sys_stat(path, &st));
	check_true("thread.in_target", st.st_ino == ns_fd_id(visit.fd));
	gate_open(&visit.seen);
	thread_join(&thread);
	tell(&child);
	finish(&child);
}

/* What the moved thread sets is seen by the member, not by its process. */
static void set_as_visitor(void *arg)
{
	struct visit *visit = arg;

	must(sys_setns(visit->fd, 0));
	set_node("visited");
	run_child(0, set_in_child, "visited2");
	check_str("thread.after_fork", node(), "visited2");
}

static void thread_acts_there(void)
{
	struct visit visit = { 0 };
	struct peer child;

	private_uts("home");
	visit.fd = open_target(&child);
	in_thread(set_as_visitor, &visit);
	check_str("main.nodename", node(), "home");
	tell(&child);
	finish(&child);
}

static void unshare_in_thread(void *arg)
{
	must(sys_unshare(CLONE_NEWUTS));
	set_node(arg);
	check_str("thread.nodename", node(), arg);
}

static void thread_unshares(void)
{
	private_uts("home");
	in_thread(unshare_in_thread, "away");
	check_str("main.nodename", node(), "home");
}

static void back_and_forth(void)
{
	struct peer child;
	int home, target, wrong = 0;

	private_uts("home");
	home = ns_open(0, "uts");
	target = open_target(&child);
	for (int i = 0; i < REPEAT; i++) {
		must(sys_setns(target, CLONE_NEWUTS));
		wrong += strcmp(node(), "target") != 0;
		must(sys_setns(home, i % 2 ? CLONE_NEWUTS : 0));
		wrong += strcmp(node(), "home") != 0;
	}
	check_int("wrong_names", wrong, 0);
	check_ret("setns.own", sys_setns(home, CLONE_NEWUTS), 0);
	check_str("own.nodename", node(), "home");
	tell(&child);
	finish(&child);
}

/* Threads in namespaces of their own, all at once. */
struct crowd {
	char name[16];
	int wrong;
};

static void one_of_crowd(void *arg)
{
	struct crowd *me = arg;
	struct new_utsname seen;

	me->wrong = sys_unshare(CLONE_NEWUTS) != 0;
	for (int i = 0; i < REPEAT; i++) {
		me->wrong += sys_sethostname(me->name, strlen(me->name)) != 0;
		me->wrong += sys_uname(&seen) != 0 || strcmp(seen.nodename, me->name) != 0;
		sys_yield();
	}
}

static void crowd_of_threads(void)
{
	struct crowd crowd[8] = { 0 };
	struct thread threads[LENGTH(crowd)];
	int wrong = 0;

	private_uts("home");
	for (size_t i = 0; i < LENGTH(crowd); i++) {
		snprintf(crowd[i].name, sizeof(crowd[i].name), "thread%zu", i);
		thread_start(&threads[i], one_of_crowd, &crowd[i]);
	}
	for (size_t i = 0; i < LENGTH(crowd); i++) {
		thread_join(&threads[i]);
		wrong += crowd[i].wrong;
	}
	check_int("wrong_names", wrong, 0);
	check_str("main.nodename", node(), "home");
}

const struct test_case uts_cases[] = {
	{ "UTSNS-01", "host and domain name are copied from the creator",
	  copied_at_creation, 0, 0 },
	{ "UTSNS-01.clone3", "also with clone3", copied_by_clone3, 0, 0 },
	{ "UTSNS-01.moment", "the copy is taken at creation", copy_is_not_later, 0, 0 },
	{ "UTSNS-01.whole", "all 64 bytes of a name are copied", copy_is_whole, 0, 0 },
	{ "UTSNS-01.levels", "each level copies the one above", two_levels, 0, 0 },
	{ "UTSNS-01.fork", "a child without the flag shares the namespace",
	  fork_shares, 0, 0 },
	{ "UTSNS-01.repeat", "a hundred namespaces in turn", many_times, 0, 0 },
	{ "UTSNS-02", "a change is not seen in another namespace", siblings_apart, 0, 0 },
	{ "UTSNS-02.failed", "a failed change changes neither side", failures_apart, 0, 0 },
	{ "UTSNS-07", "setns switches uname at once, for the thread only",
	  thread_only, 0, 0 },
	{ "UTSNS-07.acts", "the moved thread sets names and forks there",
	  thread_acts_there, 0, 0 },
	{ "UTSNS-07.unshare", "unshare in a thread leaves the others",
	  thread_unshares, 0, 0 },
	{ "UTSNS-07.repeat", "there and back a hundred times", back_and_forth, 0, 0 },
	{ "UTSNS-07.crowd", "eight threads with names of their own",
	  crowd_of_threads, 0, 0 },
	{ 0 },
};
