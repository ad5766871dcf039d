// SPDX-License-Identifier: MIT
/* tests/conform/pidns_fd.c - PIDNS-42 to 44: pidfds and namespaces.
 *
 * A pidfd stands for a process whatever its number; what it is called depends
 * on the proc mount, and signals do not go up. See pidfd_open(2),
 * pidfd_send_signal(2), proc(5). */
#include "conform.h"

#define REPEAT 100

/* Lines "Pid:" and "NSpid:" of PROC/self/fdinfo/FD, from the skip-th word. */
static const char *info_field(const char *proc, long fd, const char *field, int skip)
{
	static char values[2][128];
	static int turn;
	char path[128], text[1024];
	char *at, *word;

	turn = !turn;
	values[turn][0] = 0;
	snprintf(path, sizeof(path), "%s/self/fdinfo/%ld", proc, fd);
	if (read_file(path, text, sizeof(text)) < 0)
		return "no file";
	at = strstr(text, field);
	if (!at || at == text || at[-1] != '\n')
		return "no field";
	at[strcspn(at, "\n")] = 0;
	word = strtok(at + strlen(field), " \t");
	for (int i = 0; word; i++, word = strtok(NULL, " \t")) {
		if (i < skip)
			continue;
		if (values[turn][0])
			strcat(values[turn], " ");
		strcat(values[turn], word);
	}
	return values[turn];
}

/* PIDNS-42 */

static void info_inside(struct peer *up, void *arg)
{
	const char *proc = mount_proc("proc", NULL);
	long outer = *(long *)arg, own, dead;
	struct peer child;

	(void)up;
	own = must(sys_pidfd_open(1));
	check_str("own.Pid", info_field(proc, own, "Pid:", 0), "1");
	check_str("own.NSpid", info_field(proc, own, "NSpid:", 0), "1");
	check_str("own.NSpid.outer_proc", info_field("/proc", own, "NSpid:", 1), "1");
	check_str("outer.Pid", info_field(proc, outer, "Pid:", 0), "0");
	check_str("outer.NSpid", info_field(proc, outer, "NSpid:", 0), "0");
	spawn(&child, CLONE_NEWPID, stay, NULL);
	hear(&child);
	dead = must(sys_pidfd_open(child.pid));
	check_str("child.Pid", info_field(proc, dead, "Pid:", 0), "2");
	check_str("child.NSpid", info_field(proc, dead, "NSpid:", 0), "2 1");
	check_ret("child_by_inner_number", ret0(sys_pidfd_open(3)), -ESRCH);
	end_peer(&child);
	check_str("dead.Pid", info_field(proc, dead, "Pid:", 0), "-1");
	check_str("dead.NSpid", info_field(proc, dead, "NSpid:", 0), "-1");
}

static void in_callers_ns(void)
{
	long outer;

	need_admin();
	temp_dir();
	outer = must(sys_pidfd_open(sys_getpid()));
	run_child(CLONE_NEWPID, info_inside, &outer);
}

/* A zombie still has its number; made by clone it is the same as by open. */
static void zombie_info(struct peer *up, void *arg)
{
	int made = -1;
	long pid = sys(__NR_clone, CLONE_PIDFD | SIGCHLD, 0, &made, 0, 0);
	const char *proc;

	(void)up;
	(void)arg;
	if (pid == 0)
		sys_exit(0);
	must(pid);
	proc = mount_proc("proc", NULL);
	must(sys(__NR_waitid, 3 /* P_PIDFD */, made, NULL, WEXITED | WNOWAIT, NULL));
	check_str("zombie.Pid", info_field(proc, made, "Pid:", 0), "2");
	check_true("poll", readable(made));
	check_ret("signal_zombie", sys(__NR_pidfd_send_signal, made, 0, NULL, 0), 0);
	wait_status(pid);
	check_str("reaped.Pid", info_field(proc, made, "Pid:", 0), "-1");
	check_ret("signal_reaped", sys(__NR_pidfd_send_signal, made, 0, NULL, 0), -ESRCH);
	check_ret("wait_reaped", sys(__NR_waitid, 3, made, NULL, WEXITED, NULL), -ECHILD);
}

static void of_zombie(void)
{
	need_admin();
	temp_dir();
	run_child(CLONE_NEWPID, zombie_info, NULL);
}

/* PIDNS-43 */

static void wait_gate(void *arg)
{
	gate_wait(arg);
}

static void refused_inside(struct peer *up, void *arg)
{
	long outer = recv_long(up);
	struct thread thread;
	struct gate gate = { 0 };

	check_ret("outer_number", ret0(sys_pidfd_open(outer)), -ESRCH);
	thread_start(&thread, wait_gate, &gate);
	obs_ret("thread", ret0(sys_pidfd_open(thread.tid)));
	gate_open(&gate);
	thread_join(&thread);
	(void)arg;
}

static void refused(void)
{
	struct peer init;

	check_ret("zero", ret0(sys_pidfd_open(0)), -EINVAL);
	check_ret("minus_1", ret0(sys_pidfd_open(-1)), -EINVAL);
	check_ret("int_min", ret0(sys_pidfd_open(1 << 31)), -EINVAL);
	check_ret("flag_1", ret0(sys(__NR_pidfd_open, sys_getpid(), 1)), -EINVAL);
	check_ret("flag_cloexec", ret0(sys(__NR_pidfd_open, sys_getpid(), O_CLOEXEC)), -EINVAL);
	check_ret("flag_all", ret0(sys(__NR_pidfd_open, sys_getpid(), ~0u)), -EINVAL);
	check_ret("flag_before_missing", ret0(sys(__NR_pidfd_open, 0x7ffffff0, 1)), -EINVAL);
	check_ret("missing", ret0(sys_pidfd_open(0x7ffffff0)), -ESRCH);
	check_ret("own", ret0(sys_pidfd_open(sys_getpid())), 0);
	check_ret("nonblock", ret0(sys(__NR_pidfd_open, sys_getpid(), O_NONBLOCK)), 0);
	need_admin();
	spawn(&init, CLONE_NEWPID, refused_inside, NULL);
	send_long(&init, init.pid);
	finish(&init);
}

static void many_opens(void)
{
	int wrong = 0;

	for (int i = 0; i < REPEAT; i++) {
		long pid = must(spawn_idle(0));
		long fd = must(sys_pidfd_open(pid));

		end_idle(pid);
		wrong += sys(__NR_pidfd_send_signal, fd, 0, NULL, 0) != -ESRCH;
		sys_close(fd);
	}
	check_int("wrong", wrong, 0);
}

/* PIDNS-44 */

static long send(long pidfd, int sig)
{
	return sys(__NR_pidfd_send_signal, pidfd, sig, NULL, 0);
}

static void signals_inside(struct peer *up, void *arg)
{
	long *fds = arg;	/* of the parent, of a sibling */
	struct peer child, inner;

	(void)up;
	check_ret("parent.0", send(fds[0], 0), -EINVAL);
	check_ret("parent.kill", send(fds[0], SIGKILL), -EINVAL);
	check_ret("sibling.0", send(fds[1], 0), -EINVAL);
	check_ret("own.0", send(must(sys_pidfd_open(1)), 0), 0);
	check_ret("own.bad", send(must(sys_pidfd_open(1)), 65), -EINVAL);
	spawn(&child, 0, stay, NULL);
	hear(&child);
	check_ret("child.term", send(must(sys_pidfd_open(child.pid)), SIGTERM), 0);
	check_int("child.status", wait_status(child.pid), SIGTERM);
	spawn(&inner, CLONE_NEWPID, stay, NULL);
	hear(&inner);
	check_ret("inner.term", send(must(sys_pidfd_open(inner.pid)), SIGTERM), 0);
	check_ret("inner.kill", send(must(sys_pidfd_open(inner.pid)), SIGKILL), 0);
	check_int("inner.status", wait_status(inner.pid), SIGKILL);
}

static void not_upwards(void)
{
	struct peer sibling;
	long fds[2];

	need_admin();
	spawn(&sibling, CLONE_NEWPID, stay, NULL);
	hear(&sibling);
	fds[0] = must(sys_pidfd_open(sys_getpid()));
	fds[1] = must(sys_pidfd_open(sibling.pid));
	run_child(CLONE_NEWPID, signals_inside, fds);
	check_ret("from_above", send(fds[1], 0), 0);
	end_peer(&sibling);
	check_ret("dead", send(fds[1], 0), -ESRCH);
}

const struct test_case pidns_fd_cases[] = {
	{ "PIDNS-42", "pidfds in the caller's and the mount's numbers", in_callers_ns,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-42.zombie", "of a zombie and of nobody", of_zombie, CLONE_NEWPID, 0 },
	{ "PIDNS-43", "what pidfd_open refuses", refused, CLONE_NEWPID, 0 },
	{ "PIDNS-43.repeat", "a hundred pidfds of the dead", many_opens, 0, 0 },
	{ "PIDNS-44", "signals by pidfd do not go up", not_upwards, CLONE_NEWPID, 0 },
	{ 0 },
};
