// SPDX-License-Identifier: MIT
/* tests/conform/pidns_death.c - PIDNS-15 to 20: orphans and the end.
 *
 * Who gets orphans, who goes down with the first process, and when its own
 * parent may reap it. See pid_namespaces(7), wait(2), prctl(2). */
#include "conform.h"

#define MEMBERS 4
#define REPEAT 100
#define EXIT_CODE 42
#define SHORT_MSEC 100

static void hold(struct peer *up, void *arg)
{
	(void)arg;
	tell(up);
	for (;;)
		sys(__NR_pause);
}

static bool parent_is(void *want)
{
	return sys_getppid() == *(long *)want;
}

/* PIDNS-15 */

/* Members of all sorts: running, stopped, deaf, orphaned, with a namespace. */
static void member_sorts(struct peer *up)
{
	struct peer peer;
	unsigned long all = ~0ul;

	for (int i = 0; i < MEMBERS; i++) {
		spawn(&peer, 0, hold, NULL);
		hear(&peer);
	}
	must(sys_kill(peer.pid, SIGSTOP));
	must(sys(__NR_rt_sigprocmask, SIG_BLOCK, &all, NULL, SIGSET_BYTES));
	spawn(&peer, 0, hold, NULL);
	hear(&peer);
	spawn(&peer, CLONE_NEWPID, hold, NULL);
	hear(&peer);
	must(reap(sys_fork()));
	tell(up);
}

static void init_ends(struct peer *up, void *arg)
{
	long how = *(long *)arg;

	member_sorts(up);
	hear(up);
	if (how == 0)
		sys_exit(EXIT_CODE);
	for (;;)
		sys(__NR_pause);
}

/* The last member closes the last copy of the pipe's end. */
static void ends_with_all(long how, int want)
{
	struct peer init;
	char byte;

	spawn(&init, CLONE_NEWPID, init_ends, &how);
	hear(&init);
	check_true("members", !readable(init.in));
	if (how == 0)
		tell(&init);
	else
		must(sys_kill(init.pid, SIGKILL));
	check_int("status", wait_status(init.pid), want);
	check_int("all_gone", sys_read(init.in, &byte, 1), 0);
}

static void init_exits(void)
{
	need_admin();
	ends_with_all(0, EXIT_CODE << 8);
}

static void init_killed(void)
{
	need_admin();
	ends_with_all(1, SIGKILL);
}

/* A guest whose parent is outside: init waits until it is reaped there. */
static void waits_for_guests(void)
{
	struct peer init, guest;
	int status = -1;

	need_admin();
	spawn(&init, CLONE_NEWPID, hold, NULL);
	hear(&init);
	must(sys_setns(ns_open(init.pid, "pid"), CLONE_NEWPID));
	spawn(&guest, 0, hold, NULL);
	hear(&guest);
	must(sys_setns(ns_open(0, "pid"), CLONE_NEWPID));
	must(sys_kill(init.pid, SIGKILL));
	must(sys(__NR_waitid, P_PID, guest.pid, NULL, WEXITED | WNOWAIT, NULL));
	nap(SHORT_MSEC);
	check_int("init_not_yet", sys_wait4(init.pid, &status, WNOHANG), 0);
	check_ret("init_there", sys_kill(init.pid, 0), 0);
	check_int("guest", wait_status(guest.pid), SIGKILL);
	check_int("init", wait_status(init.pid), SIGKILL);
}

static void quick_init(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	must(sys_fork() == 0 ? sys(__NR_pause) : 0);
	must(sys_fork() == 0 ? sys(__NR_pause) : 0);
}

static void many_ends(void)
{
	int wrong = 0;

	need_admin();
	for (int i = 0; i < REPEAT; i++) {
		struct peer init;

		wrong += spawn_try(&init, CLONE_NEWPID, quick_init, NULL) != 0;
		wrong += wait_status(init.pid) != 0;
		sys_close(init.in);
		sys_close(init.out);
	}
	check_int("wrong", wrong, 0);
}

/* PIDNS-16 */

static void exit_in_thread(void *arg)
{
	(void)arg;
	sys_exit(EXIT_CODE);
}

static void by_thread(struct peer *up, void *arg)
{
	struct thread thread;

	(void)up;
	(void)arg;
	must(reap(sys_fork()));
	must(spawn_idle(0));
	thread_start(&thread, exit_in_thread, NULL);
	for (;;)
		sys(__NR_pause);
}

static void wait_for_gate(void *arg)
{
	gate_wait(arg);
	must(reap(sys_fork()));
	check_int("still_first", sys_getpid(), 1);
	sys_exit(EXIT_CODE + 1);
}

/* The leader's end is not init's while another thread runs. */
static void leader_first(struct peer *up, void *arg)
{
	static struct gate gate;
	struct thread thread;

	(void)up;
	(void)arg;
	thread_start(&thread, wait_for_gate, &gate);
	if (must(sys_fork()) == 0) {
		nap(SHORT_MSEC);
		sys_exit(0);
	}
	gate_open(&gate);
	sys(__NR_exit, 7);
}

static int status_of(peer_fn *fn)
{
	struct peer init;

	spawn(&init, CLONE_NEWPID, fn, NULL);
	return wait_status(init.pid);
}

static void own_status(void)
{
	need_admin();
	check_int("by_thread", status_of(by_thread), EXIT_CODE << 8);
	check_int("leader_first", status_of(leader_first), (EXIT_CODE + 1) << 8);
}

/* PIDNS-17, 19 */

static void orphan(struct peer *up, void *arg)
{
	long want = *(long *)arg;

	send_long(up, sys_getppid());
	check_true("orphan.adopted", soon(parent_is, &want));
	check_int("orphan.parent", sys_getppid(), want);
}

/* A process that makes the orphan and ends. */
static void middle(struct peer *up, void *arg)
{
	struct peer child;

	(void)up;
	spawn(&child, 0, orphan, arg);
	check_true("orphan.had_parent", recv_long(&child) == sys_getpid());
}

static void adopt(struct peer *up, void *arg)
{
	long want = 1;
	int status;

	(void)up;
	(void)arg;
	run_child(0, middle, &want);
	check_int("reaped_by_init", sys_wait4(-1, &status, __WALL), 3);
	check_int("status", status, 0);
	check_ret("no_more", sys_wait4(-1, &status, __WALL), -ECHILD);
}

static void orphans_to_init(void)
{
	need_admin();
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	run_child(CLONE_NEWPID, adopt, NULL);
}

static void subreaper(struct peer *up, void *arg)
{
	long me = sys_getpid();
	int status;

	(void)up;
	(void)arg;
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	check_int("subreaper", me, 2);
	run_child(0, middle, &me);
	check_int("reaped_by_subreaper", sys_wait4(-1, &status, __WALL), 4);
}

static void below_subreaper(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	run_child(0, subreaper, NULL);
}

static void orphans_to_subreaper(void)
{
	need_admin();
	run_child(CLONE_NEWPID, below_subreaper, NULL);
}

/* An inner init gets them, and not the subreaper it lives under. */
static void nested_init(struct peer *up, void *arg)
{
	(void)arg;
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	run_child(CLONE_NEWPID, adopt, NULL);
	tell(up);
}

static void not_across(void)
{
	struct peer outer;

	need_admin();
	spawn(&outer, CLONE_NEWPID, nested_init, NULL);
	hear(&outer);
	finish(&outer);
}

/* PIDNS-18, 19: a guest's orphans. guest_parent is outside and ends. */
static void guest(struct peer *up, void *arg)
{
	(void)arg;
	check_int("guest.parent", sys_getppid(), 0);
	send_long(up, 0);
	hear(up);
	check_int("guest.parent_after", sys_getppid(), 0);
	tell(up);
}

/* Enters the namespace behind fd, makes the guest there and ends; the pipes
 * of the guest are left to the outer parent. */
static void start_guest(long fd, struct peer *guest_peer)
{
	int ends[2][2];
	long pid;

	must(sys_pipe(ends[0], 0));
	must(sys_pipe(ends[1], 0));
	pid = must(sys_fork());
	if (pid == 0) {
		struct peer up = { .in = ends[0][0], .out = ends[1][1] };

		must(sys_setns(fd, CLONE_NEWPID));
		if (must(sys_fork()) == 0) {
			guest(&up, NULL);
			case_stop(0);
		}
		sys_exit(0);
	}
	sys_close(ends[0][0]);
	sys_close(ends[1][1]);
	*guest_peer = (struct peer){ .pid = pid, .in = ends[1][0], .out = ends[0][1] };
}

static void guest_orphans(void)
{
	struct peer init, child;
	int status;
	long pid;

	need_admin();
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	spawn(&init, CLONE_NEWPID, stay, NULL);
	hear(&init);
	start_guest(ns_open(init.pid, "pid"), &child);
	hear(&child);
	check_int("its_parent", wait_status(child.pid), 0);
	tell(&child);
	hear(&child);
	pid = sys_wait4(-1, &status, __WALL);
	check_true("came_to_us", pid > 0 && pid != init.pid);
	check_int("status", status, 0);
	tell(&init);
	finish(&init);
}

/* A guest's child, orphaned inside, goes to the inner init. */
static void guest_middle(struct peer *up, void *arg)
{
	long want = 1;

	(void)arg;
	middle(up, &want);
}

static void reaping_init(struct peer *up, void *arg)
{
	int status;

	(void)arg;
	tell(up);
	hear(up);
	check_int("inner_init_reaps", sys_wait4(-1, &status, __WALL), 3);
	check_int("status", status, 0);
}

static void orphans_of_guest(void)
{
	struct peer init;

	need_admin();
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	spawn(&init, CLONE_NEWPID, reaping_init, NULL);
	hear(&init);
	must(sys_setns(ns_open(init.pid, "pid"), CLONE_NEWPID));
	run_child(0, guest_middle, NULL);
	tell(&init);
	finish(&init);
}

/* PIDNS-20 */

static void sibling_of_init(void *arg)
{
	check_ret("thread.clone_parent", ret0(sys_clone(CLONE_PARENT | SIGCHLD)), -EINVAL);
	(void)arg;
}

static void member_makes_sibling(struct peer *up, void *arg)
{
	long pid = sys_clone(CLONE_PARENT | SIGCHLD);

	(void)up;
	(void)arg;
	if (pid == 0)
		sys_exit(sys_getppid());
	check_ret("member.clone_parent", ret0(pid), 0);
}

static void init_makes_sibling(struct peer *up, void *arg)
{
	struct clone_args args = { .flags = CLONE_PARENT };
	int status;

	(void)up;
	(void)arg;
	check_ret("init.clone_parent", ret0(sys_clone(CLONE_PARENT | SIGCHLD)), -EINVAL);
	check_ret("init.clone3_parent", ret0(sys_clone3(&args, sizeof(args))), -EINVAL);
	check_ret("init.parent_and_pid",
		  ret0(sys_clone(CLONE_PARENT | CLONE_NEWPID | SIGCHLD)), -EINVAL);
	in_thread(sibling_of_init, NULL);
	run_child(0, member_makes_sibling, NULL);
	check_int("siblings_pid", sys_wait4(-1, &status, __WALL), 4);
	check_int("siblings_parent", status >> 8, 1);
}

static void no_siblings(void)
{
	need_admin();
	run_child(CLONE_NEWPID, init_makes_sibling, NULL);
}

/* Init that ignores SIGCHLD: its children vanish by themselves. */
static void ignoring_init(struct peer *up, void *arg)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	int status;
	long pid;

	(void)up;
	(void)arg;
	must(sys(__NR_rt_sigaction, SIGCHLD, &ignore, NULL, SIGSET_BYTES));
	pid = must(sys_fork());
	if (pid == 0)
		sys_exit(0);
	check_ret("wait", sys_wait4(pid, &status, __WALL), -ECHILD);
	must(spawn_idle(0));
}

static void init_ignores_children(void)
{
	need_admin();
	check_int("status", status_of(ignoring_init), 0);
}

const struct test_case pidns_death_cases[] = {
	{ "PIDNS-15", "all members end with init: exit", init_exits, CLONE_NEWPID, 0 },
	{ "PIDNS-15.killed", "all members end with init: killed", init_killed, CLONE_NEWPID, 0 },
	{ "PIDNS-15.guest", "init is reaped after the last member", waits_for_guests,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-15.repeat", "a hundred namespaces end with members", many_ends,
	  CLONE_NEWPID, 20 },
	{ "PIDNS-15.ignore", "an init that ignores SIGCHLD", init_ignores_children,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-16", "init's own status is kept", own_status, CLONE_NEWPID, 0 },
	{ "PIDNS-17", "orphans go to the namespace's init", orphans_to_init, CLONE_NEWPID, 0 },
	{ "PIDNS-17.subreaper", "or to a subreaper that is nearer", orphans_to_subreaper,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-18", "an orphaned guest stays outside", guest_orphans, CLONE_NEWPID, 0 },
	{ "PIDNS-18.below", "a guest's orphan goes to the inner init", orphans_of_guest,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-19", "subreapers do not reach into a namespace", not_across, CLONE_NEWPID, 0 },
	{ "PIDNS-20", "init has no siblings", no_siblings, CLONE_NEWPID, 0 },
	{ 0 },
};
