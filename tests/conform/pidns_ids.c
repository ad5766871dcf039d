// SPDX-License-Identifier: MIT
/* tests/conform/pidns_ids.c - PIDNS-36, 41: calls that tell or take numbers.
 *
 * Each speaks the numbers of the caller's namespace, 0 for who is not visible
 * there. See pid_namespaces(7), fcntl(2), timer_create(2). */
#include "conform.h"

#define F_SETOWN_EX 15
#define F_GETOWN_EX 16
#define WAIT_MSEC 2000
#define SIGEV_THREAD_TO 4	/* SIGEV_THREAD_ID */

struct owner_ex {
	int type;		/* 0 thread, 1 process, 2 group */
	int pid;
};

/* struct sigevent, as far as timers use it. */
struct event {
	long value;
	int sig, notify, tid;
	int rest[11];
};

struct seconds {
	struct __kernel_timespec interval, value;
};

/* PIDNS-36 */

static void ids_inside(struct peer *up, void *arg)
{
	struct peer member;
	int status;

	(void)up;
	(void)arg;
	check_int("group_of_outside", sys_getpgid(0), 0);
	check_int("getpgrp", sys(__NR_getpgrp), 0);
	check_int("session_of_outside", sys_getsid(1), 0);
	spawn(&member, 0, stay, NULL);
	hear(&member);
	check_int("members_group", sys_getpgid(2), 0);
	check_ret("setpgid", sys_setpgid(2, 2), 0);
	check_int("members_new_group", sys_getpgid(2), 2);
	check_ret("to_missing_group", sys_setpgid(0, 9), -EPERM);
	check_ret("join_members_group", sys_setpgid(0, 2), 0);
	check_int("own_group", sys_getpgid(0), 2);
	check_ret("own_group_again", sys_setpgid(0, 0), 0);
	check_int("own_new_group", sys_getpgid(0), 1);
	check_int("wait_wrong", sys_wait4(3, &status, WNOHANG), -ECHILD);
	check_int("wait_group_wrong", sys_wait4(-1 - 2, &status, WNOHANG), -ECHILD);
	tell(&member);
	check_int("wait_by_group", sys_wait4(-2, &status, 0), 2);
	check_int("wait_status", status, 0);
}

static void groups_and_sessions(void)
{
	struct peer init;

	need_admin();
	run_child(CLONE_NEWPID, ids_inside, NULL);
	spawn(&init, CLONE_NEWPID, stay, NULL);
	hear(&init);
	check_true("seen_group", sys_getpgid(init.pid) == sys_getpgid(0));
	check_true("seen_session", sys_getsid(init.pid) == sys_getsid(0));
	end_peer(&init);
}

/* A guest in the group of who is outside: no number for it. */
static void mixed_group(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("kill_own_group", sys_kill(0, 0), 0);
	check_ret("setpgid_own", sys_setpgid(0, 0), 0);
	check_int("own_group", sys_getpgid(0), 2);
	check_int("session", sys_getsid(0), 0);
	check_int("setsid_as_leader", sys_setsid(), -EPERM);
}

static void guests_group(void)
{
	struct peer init;

	need_admin();
	spawn(&init, CLONE_NEWPID, stay, NULL);
	hear(&init);
	must(sys_setns(ns_open(init.pid, "pid"), CLONE_NEWPID));
	run_child(0, mixed_group, NULL);
	end_peer(&init);
}

/* The owner of a descriptor, set on one level and read on another. */
static void read_owner(struct peer *up, void *arg)
{
	struct owner_ex owner = { 0 };
	int fd = *(int *)arg;

	(void)up;
	check_int("inside.outer_owner", sys_fcntl(fd, F_GETOWN, 0), 0);
	must(sys_fcntl(fd, F_SETOWN, 1));
	check_int("inside.own", sys_fcntl(fd, F_GETOWN, 0), 1);
	must(sys_fcntl(fd, F_GETOWN_EX, &owner));
	check_int("inside.ex_type", owner.type, 1);
	check_int("inside.ex_pid", owner.pid, 1);
	tell(up);
	hear(up);
}

static void file_owner(void)
{
	struct peer init;
	int fds[2];

	need_admin();
	must(sys_pipe(fds, 0));
	check_int("none", sys_fcntl(fds[0], F_GETOWN, 0), 0);
	must(sys_fcntl(fds[0], F_SETOWN, sys_getpid()));
	check_true("own", sys_fcntl(fds[0], F_GETOWN, 0) == sys_getpid());
	spawn(&init, CLONE_NEWPID, read_owner, &fds[0]);
	hear(&init);
	check_true("of_inner", sys_fcntl(fds[0], F_GETOWN, 0) == init.pid);
	end_peer(&init);
	obs_int("dead_owner", sys_fcntl(fds[0], F_GETOWN, 0));
	must(sys_fcntl(fds[0], F_SETOWN, 0));
	check_int("taken_away", sys_fcntl(fds[0], F_GETOWN, 0), 0);
}

/* SysV objects remember processes; where there is IPC at all. */
struct msg_text {
	long type;
	char text[8];
};

static void send_message(struct peer *up, void *arg)
{
	struct msg_text message = { 1, "text" };

	(void)up;
	check_ret("inner.msgsnd", sys(__NR_msgsnd, *(long *)arg, &message, 8, 0), 0);
}

static void ipc_pids(void)
{
	struct { char perm[48]; unsigned long times[3], bytes, qnum, qbytes; int lspid, lrpid;
		 unsigned long rest[2]; } ds;
	struct msg_text message;
	long id;

	need_admin();
	id = must(sys(__NR_msgget, 0, 0600));
	run_child(CLONE_NEWPID, send_message, &id);
	must(sys(__NR_msgrcv, id, &message, 8, 0, 0));
	must(sys(__NR_msgctl, id, 2 /* IPC_STAT */, &ds));
	obs_int("sender_visible", ds.lspid > 0);
	check_true("receiver", ds.lrpid == sys_getpid());
	must(sys(__NR_msgctl, id, 0 /* IPC_RMID */, NULL));
}

/* PIDNS-41 */

static void own_by_outer_number(struct peer *up, void *arg)
{
	struct owner_ex owner = { 1, recv_long(up) };
	int *fds = arg;

	check_ret("inside.setown_outer", sys_fcntl(fds[0], F_SETOWN, owner.pid), -ESRCH);
	check_ret("inside.setown_ex_outer", sys_fcntl(fds[0], F_SETOWN_EX, &owner), -ESRCH);
	check_ret("inside.setown_group", sys_fcntl(fds[0], F_SETOWN, -owner.pid), -ESRCH);
	owner = (struct owner_ex){ 9, 1 };
	check_ret("inside.bad_type", sys_fcntl(fds[0], F_SETOWN_EX, &owner), -EINVAL);
	block_signal(SIGIO);
	check_ret("inside.setown", sys_fcntl(fds[0], F_SETOWN, 1), 0);
	check_ret("inside.async", sys_fcntl(fds[0], F_SETFL, FASYNC), 0);
	tell(up);
	check_int("inside.sigio", take_signal(SIGIO, &(siginfo_t){ 0 }, WAIT_MSEC), SIGIO);
}

static void owner_in_callers_ns(void)
{
	struct peer init;
	int fds[2];

	need_admin();
	must(sys_pipe(fds, 0));
	spawn(&init, CLONE_NEWPID, own_by_outer_number, fds);
	send_long(&init, init.pid);
	hear(&init);
	check_true("seen_owner", sys_fcntl(fds[0], F_GETOWN, 0) == init.pid);
	must(sys_write(fds[1], "x", 1));
	finish(&init);
}

static long timer_to(int tid, int *id)
{
	struct event event = { .sig = SIGUSR1, .notify = SIGEV_THREAD_TO, .tid = tid };

	return sys(__NR_timer_create, 1 /* CLOCK_MONOTONIC */, &event, id);
}

static void timer_inside(struct peer *up, void *arg)
{
	struct seconds soon_once = { .value = { 0, 1000000 } };
	siginfo_t info;
	int id;

	(void)arg;
	check_ret("outer_tid", timer_to(recv_long(up), &id), -EINVAL);
	check_ret("zero", timer_to(0, &id), -EINVAL);
	check_ret("minus_1", timer_to(-1, &id), -EINVAL);
	block_signal(SIGUSR1);
	check_ret("own_tid", timer_to(1, &id), 0);
	must(sys(__NR_timer_settime, id, 0, &soon_once, NULL));
	check_int("signal", take_signal(SIGUSR1, &info, WAIT_MSEC), SIGUSR1);
	check_int("code", info.si_code, SI_TIMER);
}

static void timer_thread(void)
{
	struct peer init;

	need_admin();
	spawn(&init, CLONE_NEWPID, timer_inside, NULL);
	send_long(&init, init.pid);
	finish(&init);
}

/* A message queue tells a process of the caller's namespace. */
static void queue_notify(void)
{
	struct event event = { .sig = SIGUSR1, .notify = 0 };
	siginfo_t info;
	long queue;

	need_admin();
	queue = must(sys(__NR_mq_open, "conform.notify", O_CREAT | O_RDWR, 0600, NULL));
	sys(__NR_mq_unlink, "conform.notify");
	block_signal(SIGUSR1);
	must(sys(__NR_mq_notify, queue, &event));
	if (must(sys_clone(CLONE_NEWPID | SIGCHLD)) == 0) {
		must(sys(__NR_mq_timedsend, queue, "x", 1, 0, NULL));
		sys_exit(0);
	}
	check_int("signal", take_signal(SIGUSR1, &info, WAIT_MSEC), SIGUSR1);
	check_true("sender_is_inside", info.si_pid > 0);
}

const struct test_case pidns_ids_cases[] = {
	{ "PIDNS-36", "groups, sessions and waits in the caller's numbers", groups_and_sessions,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-36.guest", "a guest in a group of outside", guests_group, CLONE_NEWPID, 0 },
	{ "PIDNS-36.owner", "the owner of a descriptor", file_owner, CLONE_NEWPID, 0 },
	{ "PIDNS-36.ipc", "the last senders of SysV objects", ipc_pids, CLONE_NEWPID, 0 },
	{ "PIDNS-41", "F_SETOWN takes the caller's numbers", owner_in_callers_ns,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-41.timer", "so do timers for a thread", timer_thread, CLONE_NEWPID, 0 },
	{ "PIDNS-41.mqueue", "and message queues", queue_notify, CLONE_NEWPID, 0 },
	{ 0 },
};
