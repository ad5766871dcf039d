// SPDX-License-Identifier: MIT
/* tests/conform/pidns_signal.c - PIDNS-10 to 14, 21: signals and namespaces.
 *
 * The first process of a namespace is safe from what it does not handle,
 * except for its own faults and for SIGKILL and SIGSTOP from outside; who is
 * outside has the number 0. See pid_namespaces(7), kill(2). */
#include "conform.h"

#define LAST_SIGNAL 64
#define WAIT_MSEC 2000

static volatile int caught, caught_code, caught_pid, caught_sig;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	caught_sig = sig;
	caught_code = info->si_code;
	caught_pid = info->si_pid;
	caught++;
}

static bool was_caught(void *arg)
{
	return caught >= *(int *)arg;
}

static bool wait_caught(int count)
{
	return soon(was_caught, &count);
}

/* PIDNS-10 */

/* Send every signal to pid: some refuse, none may end it. */
static int send_all(long pid)
{
	int refused = 0;

	for (int sig = 1; sig <= LAST_SIGNAL; sig++)
		refused += sys_kill(pid, sig) != 0;
	return refused;
}

static void attack_init(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_int("child.refused", send_all(1), 0);
	check_ret("child.kill", sys_kill(1, SIGKILL), 0);
	check_ret("child.tgkill", sys(__NR_tgkill, 1, 1, SIGKILL), 0);
	check_ret("child.tkill", sys(__NR_tkill, 1, SIGSTOP), 0);
	check_ret("child.group_0", sys_kill(1, SIGSTOP), 0);
	check_ret("child.pidfd", sys(__NR_pidfd_send_signal, must(sys_pidfd_open(1)), SIGKILL,
				     NULL, 0), 0);
	check_ret("child.bad_signal", sys_kill(1, LAST_SIGNAL + 1), -EINVAL);
}

static void unkillable(struct peer *up, void *arg)
{
	(void)arg;
	check_int("own.refused", send_all(1), 0);
	check_ret("own.kill", sys_kill(sys_getpid(), SIGKILL), 0);
	check_ret("own.tgkill", sys(__NR_tgkill, 1, sys_gettid(), SIGSTOP), 0);
	run_child(0, attack_init, NULL);
	check_int("alive", sys_getpid(), 1);
	tell(up);
}

static void inside_dropped(void)
{
	struct peer init;

	need_admin();
	spawn(&init, CLONE_NEWPID, unkillable, NULL);
	hear(&init);
	finish(&init);
}

/* A blocked signal waits even at init; unblocked it goes away unseen. */
static void blocked_init(struct peer *up, void *arg)
{
	unsigned long none = 0;

	(void)up;
	(void)arg;
	block_signal(SIGTERM);
	must(sys_kill(1, SIGTERM));
	check_int("pending", signal_pending(SIGTERM), 1);
	must(sys(__NR_rt_sigprocmask, SIG_SETMASK, &none, NULL, SIGSET_BYTES));
	check_int("pending_after", signal_pending(SIGTERM), 0);
	check_int("alive", sys_getpid(), 1);
}

static void blocked_then_dropped(void)
{
	need_admin();
	run_child(CLONE_NEWPID, blocked_init, NULL);
}

/* Its own fault is the one thing that ends it. */
static void faulting_init(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	*(volatile int *)KERNEL_ADDRESS = 1;
}

static void own_fault(void)
{
	struct peer init;
	int status;

	need_admin();
	spawn(&init, CLONE_NEWPID, faulting_init, NULL);
	status = wait_status(init.pid);
	check_int("signal", status & 0x7f, SIGSEGV);
}

/* PIDNS-11 */

static void tease(struct peer *up, void *arg)
{
	(void)up;
	must(sys_kill(1, *(int *)arg));
}

static void handling_init(struct peer *up, void *arg)
{
	static const int sigs[] = { SIGTERM, SIGHUP, SIGUSR1, SIGSEGV, SIGTSTP, SIGCHLD, 40 };
	int count = 0;

	(void)up;
	(void)arg;
	for (size_t i = 0; i < LENGTH(sigs); i++) {
		int sig = sigs[i];

		catch_signal(sig, handler);
		caught = count = 0;
		run_child(0, tease, &sig);
		check_int("caught", wait_caught(1) && caught >= 1, 1);
		if (sig != SIGCHLD)
			check_int("sender", caught_pid, 2 * (int)i + 2);
		default_signal(sig);
		run_child(0, tease, &sig);
	}
	catch_signal(SIGTERM, handler);
	caught = 0;
	must(sys_kill(1, SIGTERM));
	check_int("own.caught", caught, 1);
	check_int("own.sender", caught_pid, 1);
	check_int("alive", sys_getpid(), 1);
}

static void handled_delivered(void)
{
	need_admin();
	run_child(CLONE_NEWPID, handling_init, NULL);
}

/* PIDNS-12, 13, 14 */

static void idle_init(struct peer *up, void *arg)
{
	(void)arg;
	tell(up);
	hear(up);
	send_long(up, sys_getpid());
	hear(up);
}

static void outside_dropped(void)
{
	struct peer init;
	int refused = 0;

	need_admin();
	spawn(&init, CLONE_NEWPID, idle_init, NULL);
	hear(&init);
	for (int sig = 1; sig <= LAST_SIGNAL; sig++) {
		if (sig != SIGKILL && sig != SIGSTOP)
			refused += sys_kill(init.pid, sig) != 0;
	}
	check_int("refused", refused, 0);
	tell(&init);
	check_int("alive", recv_long(&init), 1);
	tell(&init);
	finish(&init);
}

static void catching_init(struct peer *up, void *arg)
{
	(void)arg;
	catch_signal(SIGTERM, handler);
	catch_signal(SIGUSR2, handler);
	tell(up);
	check_true("caught", wait_caught(1));
	check_int("signal", caught_sig, SIGTERM);
	check_int("code", caught_code, SI_USER);
	check_int("sender", caught_pid, 0);
	tell(up);
	check_true("caught_queued", wait_caught(2));
	check_int("queued.code", caught_code, SI_QUEUE);
	check_int("queued.sender", caught_pid, 0);
	tell(up);
	check_true("caught_tgkill", wait_caught(3));
	check_int("tgkill.code", caught_code, SI_TKILL);
	check_int("tgkill.sender", caught_pid, 0);
}

static void sender_is_0(void)
{
	siginfo_t info = { 0 };
	struct peer init;

	need_admin();
	spawn(&init, CLONE_NEWPID, catching_init, NULL);
	hear(&init);
	must(sys_kill(init.pid, SIGTERM));
	hear(&init);
	info.si_code = SI_QUEUE;
	info.si_pid = 4711;
	must(sys(__NR_rt_sigqueueinfo, init.pid, SIGUSR2, &info));
	hear(&init);
	must(sys(__NR_tgkill, init.pid, init.pid, SIGUSR2));
	finish(&init);
}

/* A sender inside has its number; a child of outside that dies as well. */
static void member_sender(struct peer *up, void *arg)
{
	siginfo_t info;
	struct peer child;
	int sig = SIGUSR1;

	(void)up;
	(void)arg;
	block_signal(SIGUSR1);
	block_signal(SIGCHLD);
	spawn(&child, 0, tease, &sig);
	check_int("taken", take_signal(SIGUSR1, &info, WAIT_MSEC), SIGUSR1);
	check_int("sender", info.si_pid, 2);
	check_int("sigchld", take_signal(SIGCHLD, &info, WAIT_MSEC), SIGCHLD);
	check_int("sigchld.sender", info.si_pid, 2);
	check_int("sigchld.status", info.si_status, 0);
	finish(&child);
}

static void sender_inside(void)
{
	siginfo_t info;
	struct peer init;

	need_admin();
	block_signal(SIGCHLD);
	spawn(&init, CLONE_NEWPID, member_sender, NULL);
	check_int("sigchld", take_signal(SIGCHLD, &info, WAIT_MSEC), SIGCHLD);
	check_true("sigchld.sender", info.si_pid == init.pid);
	finish(&init);
}

/* Does the child stop within a moment? */
static bool has_stopped(void *pid)
{
	int status = 0;

	return sys_wait4(*(int *)pid, &status, WUNTRACED | WNOHANG) > 0 && (status & 0xff) == 0x7f;
}

static void kill_and_stop(void)
{
	struct peer init;

	need_admin();
	spawn(&init, CLONE_NEWPID, idle_init, NULL);
	hear(&init);
	must(sys_kill(init.pid, SIGSTOP));
	check_true("stopped", soon(has_stopped, &init.pid));
	tell(&init);
	must(sys_kill(init.pid, SIGCONT));
	check_int("goes_on", recv_long(&init), 1);
	must(sys_kill(init.pid, SIGTSTP));
	must(sys_kill(init.pid, SIGKILL));
	check_int("status", wait_status(init.pid), SIGKILL);
}

/* From the level between: it is an ancestor of the inner one only. */
static void middle(struct peer *up, void *arg)
{
	struct peer inner;

	(void)up;
	(void)arg;
	spawn(&inner, CLONE_NEWPID, idle_init, NULL);
	hear(&inner);
	must(sys_kill(inner.pid, SIGTERM));
	must(sys_kill(inner.pid, SIGSTOP));
	check_true("middle.stopped", soon(has_stopped, &inner.pid));
	must(sys_kill(1, SIGKILL));
	must(sys_kill(inner.pid, SIGCONT));
	tell(&inner);
	check_int("middle.goes_on", recv_long(&inner), 1);
	must(sys_kill(inner.pid, SIGKILL));
	check_int("middle.status", wait_status(inner.pid), SIGKILL);
}

static void middle_level(void)
{
	need_admin();
	run_child(CLONE_NEWPID, middle, NULL);
}

/* PIDNS-21 */

static void alone(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("init.all_0", sys_kill(-1, 0), -ESRCH);
	check_ret("init.all_kill", sys_kill(-1, SIGKILL), -ESRCH);
	check_ret("init.bad_signal", sys_kill(-1, LAST_SIGNAL + 1), -ESRCH);
}

static void only_with_init(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("child.all_0", sys_kill(-1, 0), -ESRCH);
	check_ret("child.all_kill", sys_kill(-1, SIGKILL), -ESRCH);
}

/* From init: all the others, also in namespaces below; not itself. */
static void reach(struct peer *up, void *arg)
{
	struct peer members[3], inner;

	(void)arg;
	run_child(0, only_with_init, NULL);
	for (size_t i = 0; i < LENGTH(members); i++) {
		spawn(&members[i], 0, stay, NULL);
		hear(&members[i]);
	}
	spawn(&inner, CLONE_NEWPID, stay, NULL);
	hear(&inner);
	check_ret("all_0", sys_kill(-1, 0), 0);
	check_ret("all_term", sys_kill(-1, SIGTERM), 0);
	for (size_t i = 0; i < LENGTH(members); i++)
		check_int("member", wait_status(members[i].pid), SIGTERM);
	check_ret("inner_init_stays", sys_kill(inner.pid, 0), 0);
	check_ret("all_kill", sys_kill(-1, SIGKILL), 0);
	check_int("inner_init", wait_status(inner.pid), SIGKILL);
	tell(up);
}

static void kill_all(void)
{
	struct peer bystander, init;

	need_admin();
	run_child(CLONE_NEWPID, alone, NULL);
	spawn(&bystander, 0, stay, NULL);
	hear(&bystander);
	spawn(&init, CLONE_NEWPID, reach, NULL);
	hear(&init);
	finish(&init);
	check_ret("bystander", sys_kill(bystander.pid, 0), 0);
	tell(&bystander);
	finish(&bystander);
}

static void user_kills(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("user.all_0", sys_kill(-1, 0), 0);
	check_ret("user.all_kill", sys_kill(-1, SIGKILL), 0);
	check_ret("user.init", sys_kill(1, SIGKILL), -EPERM);
}

/* Whom the caller may not kill is passed over without a word. */
static void with_others(struct peer *up, void *arg)
{
	struct peer member;

	(void)up;
	(void)arg;
	spawn(&member, 0, stay, NULL);
	hear(&member);
	run_child(0, user_kills, NULL);
	tell(&member);
	finish(&member);
}

static void kill_all_user(void)
{
	need_admin();
	run_child(CLONE_NEWPID, with_others, NULL);
}

const struct test_case pidns_signal_cases[] = {
	{ "PIDNS-10", "init is safe from signals inside", inside_dropped, CLONE_NEWPID, 0 },
	{ "PIDNS-10.blocked", "a blocked one waits and is dropped then", blocked_then_dropped,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-10.fault", "a fault of its own kills init", own_fault, CLONE_NEWPID, 0 },
	{ "PIDNS-11", "what init handles is delivered", handled_delivered, CLONE_NEWPID, 0 },
	{ "PIDNS-12", "unhandled ones from outside are dropped", outside_dropped,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-13", "SIGKILL and SIGSTOP from outside act", kill_and_stop, CLONE_NEWPID, 0 },
	{ "PIDNS-13.middle", "also from a namespace in between", middle_level, CLONE_NEWPID, 0 },
	{ "PIDNS-14", "a sender outside is 0", sender_is_0, CLONE_NEWPID, 0 },
	{ "PIDNS-14.inside", "senders inside have their number", sender_inside, CLONE_NEWPID, 0 },
	{ "PIDNS-21", "kill(-1) reaches the namespace and below", kill_all, CLONE_NEWPID, 0 },
	{ "PIDNS-21.user", "kill(-1) of a user without rights", kill_all_user, CLONE_NEWPID, 0 },
	{ 0 },
};
