// SPDX-License-Identifier: MIT
/* tests/conform/abi_signal.c - signals: actions, queues, stacks, calls that are
 * interrupted: ABI-SIG-01 to 06. */
#include "abi.h"

#define FIRST_RT 32
#define RT (FIRST_RT + 4)
#define NO_RESTART 0

struct action {
	void *handler;
	unsigned long flags;
	void *restorer;
	unsigned long mask;
};

struct alt_stack {
	void *base;
	int flags;
	size_t size;
};

/* The way back from a handler. */
__asm__(".text\nabi_restorer:\n\tmov $15, %eax\n\tsyscall\n");
void abi_restorer(void);

static void act(int sig, void *handler, unsigned long flags, unsigned long mask)
{
	struct action a = { handler, flags | 0x04000000, (void *)(uintptr_t)abi_restorer, mask };

	must(sys(__NR_rt_sigaction, sig, &a, NULL, SIGSET_BYTES));
}

static int taken, order[8], last_code, last_pid;
static long last_value, stack_seen;

static void note(int sig, siginfo_t *info, void *context)
{
	int here;

	(void)context;
	order[taken % 8] = sig;
	taken++;
	last_code = info->si_code;
	last_pid = info->si_pid;
	last_value = (long)info->si_value.sival_ptr;
	stack_seen = (long)&here;
}

#define HANDLER ((void *)(uintptr_t)note)

static long queue(long pid, int sig, int code, long value)
{
	siginfo_t info = { .si_signo = sig, .si_code = code };

	info.si_value.sival_ptr = (void *)value;
	info.si_pid = 1234;
	return sys(__NR_rt_sigqueueinfo, pid, sig, &info);
}

/* ABI-SIG-01: actions. */
static void actions(void)
{
	struct action old = { 0 }, a = { HANDLER, 0, NULL, -1ul };

	check_ret("size", sys(__NR_rt_sigaction, SIGUSR1, NULL, &old, 4), -EINVAL);
	check_ret("kill_get", sys(__NR_rt_sigaction, SIGKILL, NULL, &old, 8), 0);
	check_ret("kill_set", sys(__NR_rt_sigaction, SIGKILL, &a, NULL, 8), -EINVAL);
	check_ret("stop_set", sys(__NR_rt_sigaction, SIGSTOP, &a, NULL, 8), -EINVAL);
	check_ret("signal_0", sys(__NR_rt_sigaction, 0, NULL, &old, 8), -EINVAL);
	check_ret("signal_65", sys(__NR_rt_sigaction, 65, NULL, &old, 8), -EINVAL);
	check_ret("signal_64", sys(__NR_rt_sigaction, 64, NULL, &old, 8), 0);
	check_ret("fault", sys(__NR_rt_sigaction, SIGUSR1, KERNEL_ADDRESS, NULL, 8), -EFAULT);
	act(SIGUSR1, HANDLER, SA_SIGINFO | SA_RESTART | 0x400 | 0x100, -1ul);
	check_ret("get", sys(__NR_rt_sigaction, SIGUSR1, NULL, &old, 8), 0);
	check_int("flags", old.flags, SA_SIGINFO | SA_RESTART | 0x04000000);
	check_int("mask", old.mask, ~(1ul << (SIGKILL - 1) | 1ul << (SIGSTOP - 1)));
	act(SIGUSR1, HANDLER, SA_SIGINFO | SA_RESETHAND, 0);
	sys_kill(sys_getpid(), SIGUSR1);
	must(sys(__NR_rt_sigaction, SIGUSR1, NULL, &old, 8));
	check_int("reset", old.handler == NULL && taken == 1, 1);
	block_signal(SIGUSR1);
	sys_kill(sys_getpid(), SIGUSR1);
	act(SIGUSR1, (void *)1, 0, 0);
	check_int("ignoring_flushes", signal_pending(SIGUSR1), 0);
	sys_kill(sys_getpid(), SIGUSR1);
	check_int("ignored_blocked_waits", signal_pending(SIGUSR1), 1);
	check_ret("mask_how", sys(__NR_rt_sigprocmask, 9, &old.mask, NULL, 8), -EINVAL);
	check_ret("mask_size", sys(__NR_rt_sigprocmask, 0, &old.mask, NULL, 16), -EINVAL);
	check_ret("mask_how_unused", sys(__NR_rt_sigprocmask, 9, NULL, &old.mask, 8), 0);
	check_ret("pending_size", sys(__NR_rt_sigpending, &old.mask, 16), -EINVAL);
	check_ret("pending_small", sys(__NR_rt_sigpending, &old.mask, 4), 0);
	check_ret("suspend_size", sys(__NR_rt_sigsuspend, &old.mask, 4), -EINVAL);
}

/* ABI-SIG-02: queued signals: order, number, values, the right to forge. */
static void queues(void)
{
	unsigned long all = -1ul, none = 0, few[2] = { 3, 3 };
	siginfo_t info;

	must(sys(__NR_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8));
	act(SIGUSR1, HANDLER, SA_SIGINFO, 0), act(RT, HANDLER, SA_SIGINFO, 0),
	act(RT + 1, HANDLER, SA_SIGINFO, 0);
	check_ret("standard", queue(sys_getpid(), SIGUSR1, SI_QUEUE, 1), 0);
	check_ret("standard_lost", queue(sys_getpid(), SIGUSR1, SI_QUEUE, 2), 0);
	check_ret("rt_1", queue(sys_getpid(), RT + 1, SI_QUEUE, 3), 0);
	check_ret("rt", queue(sys_getpid(), RT, SI_QUEUE, 4), 0);
	check_ret("rt_again", queue(sys_getpid(), RT, SI_QUEUE, 5), 0);
	check_ret("take_standard", take_signal(SIGUSR1, &info, 0), SIGUSR1);
	check_int("first_value", (long)info.si_value.sival_ptr, 1);
	check_int("forged_pid", info.si_pid, 1234);
	check_ret("take_rt", take_signal(RT, &info, 0), RT);
	check_int("fifo", (long)info.si_value.sival_ptr, 4);
	sys_kill(sys_getpid(), SIGUSR1);
	must(sys(__NR_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8));
	check_int("taken", taken, 3);
	check_int("lowest_last_in_is_first_run", order[0] * 10000 + order[1] * 100 + order[2],
		  (RT + 1) * 10000 + RT * 100 + SIGUSR1);
	check_ret("other_forged", queue(sys_getppid(), RT, SI_USER, 0), -EPERM);
	check_ret("other_tkill", queue(sys_getppid(), RT, SI_TKILL, 0), -EPERM);
	check_ret("own_forged", queue(sys_getpid(), RT, SI_USER, 7), 0);
	check_int("forged_code", last_code, SI_USER);
	check_ret("nobody", queue(4000000, RT, SI_QUEUE, 0), -ESRCH);
	check_ret("signal_65", queue(sys_getpid(), 65, SI_QUEUE, 0), -EINVAL);
	check_ret("signal_0", queue(sys_getpid(), 0, SI_QUEUE, 0), 0);
	check_ret("tg_negative", sys(__NR_rt_tgsigqueueinfo, -1, 1, RT, &info), -EINVAL);
	must(sys(__NR_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8));
	become_user(4711);
	must(sys(__NR_prlimit64, 0, 11 /* RLIMIT_SIGPENDING */, few, 0));
	check_ret("limit_1", queue(sys_getpid(), RT, SI_QUEUE, 0), 0);
	check_ret("limit_2", queue(sys_getpid(), RT, SI_QUEUE, 0), 0);
	check_ret("limit_3", queue(sys_getpid(), RT, SI_QUEUE, 0), 0);
	check_ret("limit_over", queue(sys_getpid(), RT, SI_QUEUE, 0), -EAGAIN);
	check_ret("kill_still", sys_kill(sys_getpid(), RT), 0);
	check_str("sigq", status_field("/proc", 0, "SigQ:", 0), "3/3");
}

/* ABI-SIG-03: a stack of their own. */
static void stacks(void)
{
	char *area = map_pages(8, RW, ANON, -1);
	struct alt_stack s = { area, 0, PAGES(8) }, old = { 0 };

	check_ret("none", sys(__NR_sigaltstack, NULL, &old), 0);
	check_int("disabled", old.flags, 2);
	s.size = 2047;
	check_ret("small", sys(__NR_sigaltstack, &s, NULL), -ENOMEM);
	s.size = PAGES(8), s.flags = 4;
	check_ret("flags", sys(__NR_sigaltstack, &s, NULL), -EINVAL);
	s.flags = 0;
	check_ret("set", sys(__NR_sigaltstack, &s, NULL), 0);
	check_ret("fault", sys(__NR_sigaltstack, KERNEL_ADDRESS, NULL), -EFAULT);
	act(SIGUSR1, HANDLER, SA_SIGINFO | SA_ONSTACK, 0), act(SIGUSR2, HANDLER, SA_SIGINFO, 0);
	sys_kill(sys_getpid(), SIGUSR1);
	check_true("on_it", stack_seen > (long)area && stack_seen < (long)area + PAGES(8));
	sys_kill(sys_getpid(), SIGUSR2);
	check_true("not_on_it", stack_seen < (long)area || stack_seen > (long)area + PAGES(8));
	s.flags = (int)(1u << 31);
	check_ret("autodisarm", sys(__NR_sigaltstack, &s, &old), 0);
	sys_kill(sys_getpid(), SIGUSR1);
	must(sys(__NR_sigaltstack, NULL, &old));
	check_int("armed_again", old.flags == s.flags && old.base == area, 1);
	s.flags = 2;
	check_ret("disable", sys(__NR_sigaltstack, &s, NULL), 0);
	if (must(sys_fork()) == 0) {
		s.flags = 0;
		must(sys(__NR_sigaltstack, &s, NULL));
		must(sys(__NR_sigaltstack, NULL, &old));
		check_int("kept_by_fork", old.base == area, 1);
		sys_exit(0);
	}
	sys_wait4(-1, NULL, 0);
}

static void kick(struct peer *up, void *arg)
{
	nap(150);
	sys_kill(sys_getppid(), SIGUSR1);
	nap(60);
	if (arg)
		sys_write(*(int *)arg, "x", 1);
	nap(200);
	(void)up;
}

/* Runs body while a child signals after 150 ms and writes to fd after 210. */
#define WHILE_KICKED(fd, body) \
	do { \
		struct peer peer_; \
		int to_ = (fd); \
		spawn(&peer_, 0, kick, to_ < 0 ? NULL : &to_); \
		body; \
		sys_kill(peer_.pid, SIGKILL); \
		sys_wait4(peer_.pid, NULL, 0); \
		sys_close(peer_.in), sys_close(peer_.out); \
	} while (0)

/* ABI-SIG-04: which calls go on after a handler with SA_RESTART, and which do not. */
static void restarts(void)
{
	struct __kernel_timespec half = { 2, 0 }, rest = { 2, 0 };
	unsigned long mask = 0;
	int fds[2], word = 0;
	struct pollfd waits;
	char c;

	must(sys_pipe(fds, 0));
	waits = (struct pollfd){ fds[0], POLLIN, 0 };
	act(SIGUSR1, HANDLER, SA_SIGINFO | SA_RESTART, 0);
	WHILE_KICKED(fds[1], check_ret("read", sys_read(fds[0], &c, 1), 1));
	WHILE_KICKED(-1, check_ret("wait", sys_wait4(peer_.pid, NULL, 0) == peer_.pid, 1));
	WHILE_KICKED(fds[1], check_ret("poll", sys_poll(&waits, 1, 5000), -EINTR));
	WHILE_KICKED(-1, check_ret("nanosleep", sys(__NR_nanosleep, &half, NULL), -EINTR));
	WHILE_KICKED(-1, check_ret("pause", sys(__NR_pause), -EINTR));
	WHILE_KICKED(-1, check_ret("futex", sys(__NR_futex, &word, FUTEX_WAIT, 0, &half), -EINTR));
	WHILE_KICKED(-1, check_ret("sigsuspend", sys(__NR_rt_sigsuspend, &mask, 8), -EINTR));
	WHILE_KICKED(-1, check_ret("select", sys(__NR_select, 0, 0, 0, 0, &rest), -EINTR));
	WHILE_KICKED(-1, check_ret("sigtimedwait", sys(__NR_rt_sigtimedwait, &mask, 0, &half, 8),
				   -EINTR));
	WHILE_KICKED(-1, check_ret("clock_abs", sys(__NR_clock_nanosleep, 1, 0, &half, 0), -EINTR));
	act(SIGUSR1, HANDLER, SA_SIGINFO, 0);
	WHILE_KICKED(fds[1], check_ret("read_plain", sys_read(fds[0], &c, 1), -EINTR));
	WHILE_KICKED(-1, check_ret("wait_plain", sys_wait4(peer_.pid, NULL, 0), -EINTR));
	WHILE_KICKED(-1, check_ret("futex_plain", sys(__NR_futex, &word, FUTEX_WAIT, 0, &half),
				   -EINTR));
	act(SIGUSR1, (void *)1, 0, 0);
	WHILE_KICKED(fds[1], check_ret("read_ignored", sys_read(fds[0], &c, 1), 1));
	WHILE_KICKED(-1, check_ret("nanosleep_ignored", sys(__NR_nanosleep, &half, NULL), 0));
}

/* ABI-SIG-05: waiting for signals: sigtimedwait, signalfd. */
static void waits(void)
{
	unsigned long set = 1ul << (SIGUSR1 - 1) | 1ul << (RT - 1) | 1ul << (SIGKILL - 1);
	struct __kernel_timespec zero = { 0, 0 }, bad = { 0, -1 };
	char info[128 * 2];
	long fd, file = abi_file("f", O_RDWR, "");

	must(sys(__NR_rt_sigprocmask, SIG_BLOCK, &set, NULL, 8));
	check_ret("none", sys(__NR_rt_sigtimedwait, &set, info, &zero, 8), -EAGAIN);
	check_ret("bad_time", sys(__NR_rt_sigtimedwait, &set, info, &bad, 8), -EINVAL);
	check_ret("size", sys(__NR_rt_sigtimedwait, &set, info, &zero, 4), -EINVAL);
	check_ret("signalfd_flags", sys(__NR_signalfd4, -1, &set, 8, 1), -EINVAL);
	check_ret("signalfd_size", sys(__NR_signalfd4, -1, &set, 4, 0), -EINVAL);
	check_ret("signalfd_other", sys(__NR_signalfd4, file, &set, 8, 0), -EINVAL);
	check_ret("signalfd_bad", sys(__NR_signalfd4, 77, &set, 8, 0), -EBADF);
	fd = must(sys(__NR_signalfd4, -1, &set, 8, O_NONBLOCK));
	check_ret("empty", sys_read(fd, info, 128), -EAGAIN);
	sys_kill(sys_getpid(), SIGUSR1), queue(sys_getpid(), RT, SI_QUEUE, 77);
	check_ret("poll", ready(fd, POLLIN), POLLIN);
	check_ret("small", sys_read(fd, info, 127), -EINVAL);
	check_ret("two", sys_read(fd, info, 256), 256);
	check_int("signals", *(int *)info * 100 + *(int *)(info + 128), SIGUSR1 * 100 + RT);
	check_int("value", *(int *)(info + 128 + 44), 77);
	check_ret("again", sys_read(fd, info, 128), -EAGAIN);
	set = 1ul << (SIGUSR2 - 1);
	check_ret("new_set", sys(__NR_signalfd4, fd, &set, 8, 0), fd);
	sys_kill(sys_getpid(), SIGUSR1);
	check_ret("not_in_set", ready(fd, POLLIN), 0);
	check_ret("write", sys_write(fd, info, 128), -EINVAL);
}

/* ABI-SIG-06: kill, tkill, tgkill, pidfd_send_signal. */
static void sending(void)
{
	long me = sys_getpid(), fd = must(sys_pidfd_open(me));
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_USER };

	block_signal(SIGUSR1);
	check_ret("kill_0", sys_kill(me, 0), 0);
	check_ret("kill_65", sys_kill(me, 65), -EINVAL);
	check_ret("kill_negative", sys_kill(me, -1), -EINVAL);
	check_ret("nobody", sys_kill(4000000, 0), -ESRCH);
	check_ret("no_group", sys_kill(-4000000, 0), -ESRCH);
	check_ret("min", sys_kill(-2147483647 - 1, 0), -ESRCH);
	check_ret("tkill_0", sys(__NR_tkill, 0, 0), -EINVAL);
	check_ret("tkill", sys(__NR_tkill, sys_gettid(), SIGUSR1), 0);
	check_ret("take", take_signal(SIGUSR1, &info, 0), SIGUSR1);
	check_int("code", info.si_code, SI_TKILL);
	check_ret("tgkill_group", sys(__NR_tgkill, me + 1, me, 0), -ESRCH);
	check_ret("tgkill_0", sys(__NR_tgkill, 0, me, 0), -EINVAL);
	check_ret("pidfd", sys(__NR_pidfd_send_signal, fd, SIGUSR1, NULL, 0), 0);
	check_ret("pidfd_take", take_signal(SIGUSR1, &info, 0), SIGUSR1);
	check_int("pidfd_code", info.si_code, SI_USER);
	check_ret("pidfd_flags", sys(__NR_pidfd_send_signal, fd, 0, NULL, 1), -EINVAL);
	check_ret("pidfd_other_number", sys(__NR_pidfd_send_signal, fd, SIGUSR2, &info, 0),
		  -EINVAL);
	check_ret("pidfd_no_pidfd", sys(__NR_pidfd_send_signal, 0, 0, NULL, 0), -EBADF);
	check_ret("open_flags", sys(__NR_pidfd_open, me, 1), -EINVAL);
	check_ret("open_0", sys(__NR_pidfd_open, 0, 0), -EINVAL);
	check_ret("open_nobody", sys(__NR_pidfd_open, 4000000, 0), -ESRCH);
	check_ret("nonblock", ret0(sys(__NR_pidfd_open, me, O_NONBLOCK)), 0);
	check_ret("getfd", ret0(sys(__NR_pidfd_getfd, fd, fd, 0)), 0);
	check_ret("getfd_flags", sys(__NR_pidfd_getfd, fd, 0, 1), -EINVAL);
	check_ret("getfd_bad", sys(__NR_pidfd_getfd, fd, 77, 0), -EBADF);
	check_ret("getfd_no_pidfd", sys(__NR_pidfd_getfd, 0, 0, 0), -EBADF);
	check_ret("wait_self", sys(__NR_waitid, 3 /* P_PIDFD */, fd, &info, 4), -ECHILD);
	check_ret("waitid_options", sys(__NR_waitid, 0, 0, &info, 0), -EINVAL);
	check_ret("waitid_type", sys(__NR_waitid, 9, 0, &info, 4), -EINVAL);
	check_ret("wait4_options", sys_wait4(-1, NULL, 0x100), -EINVAL);
	check_ret("wait4_min", sys_wait4(-2147483647 - 1, NULL, 0), -ESRCH);
}

const struct test_case abi_signal_cases[] = {
	{ "ABI-SIG-01", "actions and masks", actions, 0, 0 },
	{ "ABI-SIG-02", "queues", queues, 0, 0 },
	{ "ABI-SIG-03", "stacks of handlers", stacks, 0, 0 },
	{ "ABI-SIG-04", "calls that are interrupted", restarts, 0, 30 },
	{ "ABI-SIG-05", "sigtimedwait, signalfd", waits, 0, 0 },
	{ "ABI-SIG-06", "kill and its kin", sending, 0, 0 },
	{ 0 },
};
