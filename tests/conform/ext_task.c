// SPDX-License-Identifier: MIT
/* tests/conform/ext_task.c - EXT-CRED-09, EXT-TASK: sessions, clone, terminals, threads as parents.
 *
 * See setpgid(2), clone(2), ioctl_tty(2), wait(2), PR_SET_PDEATHSIG(2const). */
#include "conform.h"

#define DIR "/tmp/conform"

/* EXT-CRED-09 */

static void other_session(struct peer *up, void *arg)
{
	(void)arg;
	must(sys_setsid());
	tell(up);
	hear(up);
}

static void executed(struct peer *up, void *arg)
{
	const char *argv[] = { "conform", "--wait", NULL }, *envp[] = { NULL };

	(void)arg;
	sys_dup2(up->in, 0);
	sys_dup2(up->out, 1);
	sys(__NR_execve, "/proc/self/exe", argv, envp);
}

static void groups(void)
{
	struct peer child, session, program;
	long me = sys_getpid();

	spawn(&child, 0, wait_to_go, NULL);
	spawn(&session, 0, other_session, NULL);
	hear(&session);
	spawn(&program, 0, executed, NULL);
	hear(&program);
	check_ret("leader.setsid", sys_setsid(), -EPERM);
	check_ret("leader.setpgid", sys_setpgid(0, 0), -EPERM);
	check_ret("negative", sys_setpgid(0, -1), -EINVAL);
	check_ret("not_a_child", sys_setpgid(sys_getppid(), 0), -ESRCH);
	check_ret("nobody", sys_setpgid(999999, 0), -ESRCH);
	check_ret("other_session", sys_setpgid(session.pid, 0), -EPERM);
	check_ret("after_execve", sys_setpgid(program.pid, 0), -EACCES);
	check_ret("no_such_group", sys_setpgid(child.pid, 999999), -EPERM);
	check_ret("group_elsewhere", sys_setpgid(child.pid, session.pid), -EPERM);
	check_ret("own_group", sys_setpgid(child.pid, 0), 0);
	check_true("is_leader", sys_getpgid(child.pid) == child.pid);
	check_ret("back", sys_setpgid(child.pid, me), 0);
	check_ret("getsid_elsewhere", ret0(sys_getsid(session.pid)), 0);
	end_peer(&child);
	end_peer(&session);
	end_peer(&program);
}

static void group_leader(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	must(sys_setpgid(0, 0));
	check_ret("group_leader", sys_setsid(), -EPERM);
	must(sys_setpgid(0, sys_getppid()));
	check_ret("member", ret0(sys_setsid()), 0);
	check_true("own_session", sys_getsid(0) == sys_getpid());
}

static void sessions(void)
{
	run_child(0, group_leader, NULL);
}

/* EXT-TASK-01 */

static void spared(struct peer *up, void *arg)
{
	static const int deadly[] = { SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGSEGV, SIGKILL, SIGSTOP };

	(void)up;
	(void)arg;
	for (size_t i = 0; i < LENGTH(deadly); i++)
		check_ret("kill", sys_kill(1, deadly[i]), 0);
	check_int("still_here", sys_getpid(), 1);
}

static void init_is_spared(void)
{
	need_admin();
	run_child(CLONE_NEWPID, spared, NULL);
}

/* EXT-TASK-02 */

static void clone_flags(void)
{
	static const struct {
		const char *key;
		unsigned long flags;
		long want;
	} rows[] = {
		{ "thread_without_sighand", CLONE_THREAD | CLONE_VM, -EINVAL },
		{ "sighand_without_vm", CLONE_SIGHAND, -EINVAL },
		{ "thread_newpid", CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWPID,
		  -EINVAL },
		{ "thread_newuser", CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWUSER,
		  -EINVAL },
		{ "fs_newns", CLONE_FS | CLONE_NEWNS, -EINVAL },
		{ "fs_newuser", CLONE_FS | CLONE_NEWUSER, -EINVAL },
		{ "pidfd_detached", CLONE_PIDFD | CLONE_DETACHED, -EINVAL },
		{ "pidfd_parent_settid", CLONE_PIDFD | CLONE_PARENT_SETTID, -EINVAL },
		{ "detached_is_nothing", CLONE_DETACHED, 0 },
		{ "untraced", CLONE_UNTRACED, 0 },
		{ "files", CLONE_FILES, 0 },
		{ "fs", CLONE_FS, 0 },
	};

	need_admin();
	for (size_t i = 0; i < LENGTH(rows); i++)
		check_ret(rows[i].key, reap(sys_clone(rows[i].flags | SIGCHLD)), rows[i].want);
}

/* EXT-TASK-03 */

static long terminal(void)
{
	char path[32];
	int zero = 0, number = 0;
	long master;

	sys_mkdir("/dev/pts", 0755);
	sys_mkdir(DIR "/pts", 0755);
	must(sys_mount("devpts", DIR "/pts", "devpts", 0, "ptmxmode=666,mode=666"));
	master = must(sys_open(DIR "/pts/ptmx", O_RDWR | O_NOCTTY, 0));
	must(sys_ioctl(master, TIOCSPTLCK, &zero));
	must(sys_ioctl(master, TIOCGPTN, &number));
	snprintf(path, sizeof(path), DIR "/pts/%d", number);
	return must(sys_open(path, O_RDWR | O_NOCTTY, 0));
}

/* One that has it, and one that wants it. */
static void has_terminal(struct peer *up, void *arg)
{
	long tty = *(long *)arg;

	block_signal(SIGHUP);
	must(sys_setsid());
	check_ret("leader", sys_ioctl(tty, TIOCSCTTY, 0), 0);
	check_ret("again", sys_ioctl(tty, TIOCSCTTY, 0), 0);
	tell(up);
	hear(up);
	obs_ret("after", sys_ioctl(tty, TIOCNOTTY, 0));
}

static void wants_terminal(struct peer *up, void *arg)
{
	long tty = *(long *)arg, own = recv_long(up);

	block_signal(SIGHUP);
	check_ret("no_leader", sys_ioctl(tty, TIOCSCTTY, 0), -EPERM);
	must(sys_setsid());
	check_ret("taken", sys_ioctl(tty, TIOCSCTTY, 0), -EPERM);
	must(sys_ioctl(own, TIOCSCTTY, 0));
	check_ret("has_another", sys_ioctl(tty, TIOCSCTTY, 1), -EPERM);
	must(sys_ioctl(own, TIOCNOTTY, 0));
	tell(up);
}

static void steals_terminal(struct peer *up, void *arg)
{
	long tty = *(long *)arg;

	(void)up;
	must(sys_setsid());
	caps_set(0, CAP_BIT(CAP_SYS_ADMIN));
	check_ret("force_without_cap", sys_ioctl(tty, TIOCSCTTY, 1), -EPERM);
	caps_set(CAP_BIT(CAP_SYS_ADMIN), CAP_BIT(CAP_SYS_ADMIN));
	check_ret("force", sys_ioctl(tty, TIOCSCTTY, 1), 0);
}

static void controlling(void)
{
	struct peer holder, other;
	long tty, own;

	need_admin();
	temp_dir();
	tty = terminal();
	must(sys_umount(DIR "/pts", UMOUNT_DETACH));
	own = terminal();
	spawn(&holder, 0, has_terminal, &tty);
	hear(&holder);
	spawn(&other, 0, wants_terminal, &tty);
	send_long(&other, own);
	hear(&other);
	finish(&other);
	run_child(0, steals_terminal, &tty);
	tell(&holder);
	finish(&holder);
}

/* EXT-TASK-04 */

struct maker {
	struct gate made, go, left;
	long child;
	long own, others;	/* what the thread's waits gave */
};

static long wait_now(long pid)
{
	return sys_wait4(pid, NULL, WNOHANG | __WNOTHREAD | __WALL);
}

/* A thread with a child of its own, which does not wait for its maker's. */
static void makes_a_child(void *arg)
{
	struct maker *m = arg;

	m->child = spawn_idle(0);
	m->own = wait_now(-1);
	gate_open(&m->made);
	gate_wait(&m->go);
	m->others = wait_now(m->own);
}

static void own_children(void)
{
	struct maker maker = { 0 };
	struct thread thread;

	check_ret("none", wait_now(-1), -ECHILD);
	thread_start(&thread, makes_a_child, &maker);
	gate_wait(&maker.made);
	check_ret("threads_own", maker.own, 0);
	check_ret("threads_child_is_not_mine", wait_now(maker.child), -ECHILD);
	check_ret("nor_any", wait_now(-1), -ECHILD);
	check_ret("without_the_flag", sys_wait4(maker.child, NULL, WNOHANG), 0);
	maker.own = spawn_idle(0);
	gate_open(&maker.go);
	thread_join(&thread);
	check_ret("mine_is_not_the_threads", maker.others, -ECHILD);
	check_ret("given_to_me", wait_now(maker.child), 0);
	end_idle(maker.child);
	end_idle(maker.own);
}

static bool listed(long tid, long child)
{
	char path[64], text[256], *at = text, *end;

	snprintf(path, sizeof(path), "/proc/self/task/%ld/children", tid);
	if (read_file(path, text, sizeof(text)) < 0)
		return false;
	for (long pid = strtol(at, &end, 10); end != at; pid = strtol(at, &end, 10)) {
		if (pid == child)
			return true;
		at = end;
	}
	return false;
}

static void shown_children(void)
{
	struct maker maker = { 0 };
	struct thread thread;

	thread_start(&thread, makes_a_child, &maker);
	gate_wait(&maker.made);
	check_true("makers", listed(thread.tid, maker.child));
	check_true("not_the_leaders", !listed(sys_getpid(), maker.child));
	gate_open(&maker.go);
	thread_join(&thread);
	check_true("the_leaders_then", listed(sys_getpid(), maker.child));
	end_idle(maker.child);
}

/* What the child of a thread sees of the end of its maker. */
static void mourner(struct peer *up, void *arg)
{
	siginfo_t info;
	int sig;

	(void)arg;
	block_signal(SIGUSR1);
	must(sys_prctl(PR_SET_PDEATHSIG, SIGUSR1, 0));
	tell(up);
	hear(up);
	sig = take_signal(SIGUSR1, &info, 300);
	send_long(up, sig);
	send_long(up, sig == SIGUSR1 && info.si_pid == sys_getppid());
}

static struct peer mourning;

static void makes_a_mourner(void *arg)
{
	(void)arg;
	spawn(&mourning, 0, mourner, NULL);
	hear(&mourning);
}

static void ends_at_once(void *arg)
{
	(void)arg;
}

static void death_of_a_thread(void)
{
	in_thread(makes_a_mourner, NULL);
	tell(&mourning);
	check_ret("signal", recv_long(&mourning), SIGUSR1);
	check_int("from_the_process", recv_long(&mourning), 1);
	finish(&mourning);
	spawn(&mourning, 0, mourner, NULL);
	hear(&mourning);
	in_thread(ends_at_once, NULL);
	tell(&mourning);
	check_ret("anothers_end", recv_long(&mourning), -EAGAIN);
	recv_long(&mourning);
	finish(&mourning);
}

const struct test_case ext_task_cases[] = {
	{ "EXT-CRED-09", "process groups", groups, 0, 0 },
	{ "EXT-CRED-09.session", "sessions", sessions, 0, 0 },
	{ "EXT-TASK-01", "init is spared", init_is_spared, CLONE_NEWPID, 0 },
	{ "EXT-TASK-02", "flags of clone that do not go together", clone_flags, 0, 0 },
	{ "EXT-TASK-03", "controlling terminals", controlling, 0, 0 },
	{ "EXT-TASK-04", "__WNOTHREAD: children of one's own", own_children, 0, 0 },
	{ "EXT-TASK-04.shown", "/proc/PID/task/TID/children", shown_children, 0, 0 },
	{ "EXT-TASK-04.death", "parent-death signals at the end of a thread", death_of_a_thread,
	  0, 0 },
	{ 0 },
};
