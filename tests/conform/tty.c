// SPDX-License-Identifier: MIT
/* tests/conform/tty.c - TTY-01: terminals and pid namespaces.
 *
 * The foreground group and the session of a terminal are told in the caller's
 * numbers, 0 for what is not visible. See ioctl_tty(2), pid_namespaces(7). */
#include "conform.h"

#define BASE "/tmp/conform"

static long master;

static long open_pair(void)
{
	int off = 0;

	temp_dir();
	must(sys_mkdir(BASE "/pts", 0755));
	must(sys_mount("devpts", BASE "/pts", "devpts", 0, NULL));
	master = must(sys_open(BASE "/pts/ptmx", O_RDWR | O_NOCTTY, 0));
	must(sys_ioctl(master, TIOCSPTLCK, &off));
	return must(sys_open(BASE "/pts/0", O_RDWR | O_NOCTTY, 0));
}

/* The number an ioctl tells, or its error. */
static long told(long fd, unsigned cmd)
{
	int number = -1;
	long rc = sys_ioctl(fd, cmd, &number);

	return rc < 0 ? rc : number;
}

static long set_group(long fd, int group)
{
	return sys_ioctl(fd, TIOCSPGRP, &group);
}

/* In a namespace of its own, in the session of outside. */
static void look_inside(struct peer *up, void *arg)
{
	long slave = *(long *)arg;

	(void)up;
	check_int("inside.foreground", told(slave, TIOCGPGRP), 0);
	check_int("inside.session", told(slave, TIOCGSID), 0);
	check_ret("inside.set_none", set_group(slave, 0), -ESRCH);
	check_ret("inside.set_missing", set_group(slave, 77), -ESRCH);
	check_ret("inside.set_negative", set_group(slave, -1), -EINVAL);
	check_ret("inside.own_group", sys_setpgid(0, 0), 0);
	block_signal(SIGTTOU);
	check_ret("inside.set_own", set_group(slave, 1), 0);
	check_int("inside.foreground_now", told(slave, TIOCGPGRP), 1);
	check_int("inside.session_still", told(slave, TIOCGSID), 0);
	tell(up);
	hear(up);
}

static void session_leader(struct peer *up, void *arg)
{
	long slave = *(long *)arg;
	struct peer inner;

	(void)up;
	must(sys_setsid());
	check_ret("not_ours.foreground", told(slave, TIOCGPGRP), -ENOTTY);
	check_ret("not_ours.session", told(slave, TIOCGSID), -ENOTTY);
	check_ret("take", sys_ioctl(slave, TIOCSCTTY, 0), 0);
	check_true("foreground", told(slave, TIOCGPGRP) == sys_getpid());
	check_true("session", told(slave, TIOCGSID) == sys_getpid());
	check_true("by_master", told(master, TIOCGPGRP) == sys_getpid());
	check_true("by_master.session", told(master, TIOCGSID) == sys_getpid());
	spawn(&inner, CLONE_NEWPID, look_inside, arg);
	hear(&inner);
	check_true("foreground_inner", told(slave, TIOCGPGRP) == inner.pid);
	check_int("tpgid", strtol(status_field("/proc", 0, "PPid:", 0), NULL, 10) > 0, 1);
	tell(&inner);
	finish(&inner);
	block_signal(SIGTTOU);
	check_ret("set_back", set_group(slave, sys_getpid()), 0);
	check_ret("set_missing", set_group(slave, 0x7ffffff0), -ESRCH);
}

static void callers_numbers(void)
{
	long slave;

	need_admin();
	slave = open_pair();
	run_child(0, session_leader, &slave);
}

/* A session inside: seen with numbers of both sides. */
static void inner_leader(struct peer *up, void *arg)
{
	long slave = *(long *)arg;
	struct peer member;

	must(sys_setsid());
	check_ret("inner.take", sys_ioctl(slave, TIOCSCTTY, 0), 0);
	check_int("inner.foreground", told(slave, TIOCGPGRP), 1);
	check_int("inner.session", told(slave, TIOCGSID), 1);
	spawn(&member, 0, stay, NULL);
	hear(&member);
	must(sys_setpgid(member.pid, member.pid));
	check_ret("inner.set_member", set_group(slave, 2), 0);
	check_int("inner.member", told(slave, TIOCGPGRP), 2);
	tell(up);
	hear(up);
	tell(&member);
	finish(&member);
	obs_int("inner.dead_group", told(slave, TIOCGPGRP));
}

static void other_session(void)
{
	struct peer init;
	long slave, member;

	need_admin();
	slave = open_pair();
	spawn(&init, CLONE_NEWPID, inner_leader, &slave);
	hear(&init);
	member = first_child(init.pid);
	check_ret("slave.foreground", told(slave, TIOCGPGRP), -ENOTTY);
	check_ret("slave.session", told(slave, TIOCGSID), -ENOTTY);
	check_true("master.foreground", told(master, TIOCGPGRP) == member);
	check_true("master.session", told(master, TIOCGSID) == init.pid);
	check_ret("slave.set", set_group(slave, member), -ENOTTY);
	check_ret("slave.take", sys_ioctl(slave, TIOCSCTTY, 0), -EPERM);
	tell(&init);
	finish(&init);
	check_ret("after.session", told(master, TIOCGSID), -ENOTTY);
	obs_int("after.foreground", told(master, TIOCGPGRP));
}

/* A sibling namespace that has the master sees nobody. */
static void only_master(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_int("sibling.foreground", told(master, TIOCGPGRP), 0);
	check_int("sibling.session", told(master, TIOCGSID), 0);
}

static void from_sibling(void)
{
	struct peer init;
	long slave;

	need_admin();
	slave = open_pair();
	spawn(&init, CLONE_NEWPID, inner_leader, &slave);
	hear(&init);
	run_child(CLONE_NEWPID, only_master, NULL);
	tell(&init);
	finish(&init);
}

/* Typed characters reach the foreground group across the border. */
static void interrupted(struct peer *up, void *arg)
{
	siginfo_t info;

	(void)arg;
	block_signal(SIGINT);
	must(sys_setpgid(0, 0));
	block_signal(SIGTTOU);
	must(set_group(*(long *)arg, 1));
	tell(up);
	check_int("inner.signal", take_signal(SIGINT, &info, 2000), SIGINT);
	check_int("inner.sender", info.si_pid, 0);
	check_int("inner.code", info.si_code, SI_KERNEL);
}

static void typing_leader(struct peer *up, void *arg)
{
	struct peer inner;

	(void)up;
	must(sys_setsid());
	must(sys_ioctl(*(long *)arg, TIOCSCTTY, 0));
	spawn(&inner, CLONE_NEWPID, interrupted, arg);
	hear(&inner);
	must(sys_write(master, "\003", 1));
	finish(&inner);
}

static void typed_signal(void)
{
	long slave;

	need_admin();
	slave = open_pair();
	run_child(0, typing_leader, &slave);
}

const struct test_case tty_cases[] = {
	{ "TTY-01", "groups and sessions of a terminal in the caller's numbers", callers_numbers,
	  CLONE_NEWPID, 0 },
	{ "TTY-01.session", "a session inside, seen from outside", other_session,
	  CLONE_NEWPID, 0 },
	{ "TTY-01.sibling", "seen from a namespace beside it", from_sibling, CLONE_NEWPID, 0 },
	{ "TTY-01.typed", "typed signals cross the border", typed_signal, CLONE_NEWPID, 0 },
	{ 0 },
};
