// SPDX-License-Identifier: MIT
/* tests/conform/crt_sig.c - checkpoint of signals, sleeps and interval timers.
 * See docs/rules/checkpoint-restart.md, CR-SIG, CR-TIMER, CR-TIME, CR-API-16, CR-FRZ-03. */
#include "crbox.h"

#include <linux/time_types.h>

#define RT_FIRST 34
#define RT_COUNT 20
#define ITIMER_REAL_K 0
#define ITIMER_VIRTUAL_K 1
#define CLOCK_REALTIME_K 0
#define CLOCK_MONOTONIC_K 1
#define CLOCK_BOOTTIME_K 7

/* --- CR-SIG-01: handlers, masks, the alternate stack --- */

static struct { void *handler; unsigned long flags; void *restorer; unsigned long mask; } action;
static volatile int caught;
static char stack[16384];

static void on_signal(int sig, siginfo_t *info, void *context)
{
	char here;

	(void)context;
	caught = sig == SIGUSR1 && info->si_pid == sys_getpid() && &here > stack &&
		 &here < stack + sizeof(stack);
}

static void handlers_make(void)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };

	must(sys(__NR_sigaltstack, &ss, NULL));
	catch_signal(SIGUSR1, on_signal);
	must(sys(__NR_rt_sigaction, SIGUSR1, NULL, &action, SIGSET_BYTES));
	action.flags |= SA_ONSTACK | SA_NODEFER;
	action.mask = 1ul << (SIGHUP - 1) | 1ul << (RT_FIRST + 3 - 1);
	must(sys(__NR_rt_sigaction, SIGUSR1, &action, NULL, SIGSET_BYTES));
	catch_signal(SIGPIPE, (void *)1);		/* ignored */
	block_signal(SIGALRM);
}

static void handlers_look(void)
{
	unsigned long mask = 0;
	stack_t ss = { 0 };
	char was[sizeof(action)];

	memcpy(was, &action, sizeof(was));
	box_see_int(sys(__NR_rt_sigaction, SIGUSR1, NULL, &action, SIGSET_BYTES), 0);
	box_see(!memcmp(was, &action, sizeof(was)));
	box_see_int(sys(__NR_rt_sigaction, SIGPIPE, NULL, &action, SIGSET_BYTES), 0);
	box_see_int((long)action.handler, 1);
	sys(__NR_rt_sigprocmask, SIG_BLOCK, NULL, &mask, SIGSET_BYTES);
	box_see_int(mask, 1ul << (SIGALRM - 1));
	sys(__NR_sigaltstack, NULL, &ss);
	box_see(ss.ss_sp == stack && ss.ss_size == sizeof(stack) && !ss.ss_flags);
	box_see_int(sys_kill(sys_getpid(), SIGUSR1), 0);
	box_see_int(caught, 1);
}

static void handlers(void)
{
	static const struct cr_box box = { handlers_make, handlers_look, false };

	box_run(&box);
}

/* --- CR-SIG-02, 03: what waits, of the thread and of the process, in order --- */

static long queue_value(long to, int thread, int sig, int value)
{
	siginfo_t info = { .si_signo = sig, .si_code = -1 };

	info.si_pid = sys_getpid();
	info.si_int = value;
	return thread ? sys(__NR_rt_tgsigqueueinfo, sys_getpid(), to, sig, &info)
		      : sys(__NR_rt_sigqueueinfo, to, sig, &info);
}

static void pending_make(void)
{
	for (int sig = RT_FIRST; sig < RT_FIRST + 3; sig++)
		block_signal(sig);
	block_signal(SIGUSR1);
	for (int i = 0; i < RT_COUNT; i++) {
		must(queue_value(sys_getpid(), 0, RT_FIRST + i % 2, i));
		must(queue_value(sys_gettid(), 1, RT_FIRST + 2, 100 + i));
	}
	must(queue_value(sys_getpid(), 0, SIGUSR1, 1));
	must(queue_value(sys_getpid(), 0, SIGUSR1, 2));	/* one is enough: the first counts */
}

static void expect_value(int sig, int value)
{
	siginfo_t info = { 0 };

	box_see_int(take_signal(sig, &info, 0), sig);
	box_see_int(info.si_int, value);
	box_see_int(info.si_code, -1);
	box_see_int(info.si_pid, sys_getpid());
}

static void pending_look(void)
{
	siginfo_t info;

	for (int i = 0; i < RT_COUNT; i++)
		expect_value(RT_FIRST + 2, 100 + i);
	for (int i = 0; i < RT_COUNT; i += 2)
		expect_value(RT_FIRST, i);
	for (int i = 1; i < RT_COUNT; i += 2)
		expect_value(RT_FIRST + 1, i);
	expect_value(SIGUSR1, 1);
	box_see_int(take_signal(SIGUSR1, &info, 0), -EAGAIN);
	box_see_int(take_signal(RT_FIRST, &info, 0), -EAGAIN);
}

static void pending(void)
{
	static const struct cr_box box = { pending_make, pending_look, false };

	box_run(&box);
}

/* --- CR-TIMER-01, CR-TIME-01, 02: timers and clocks --- */

struct itimer { struct __kernel_old_timeval every, left; };

static long long began[2], realtime_began;
static const int going_on[2] = { CLOCK_MONOTONIC_K, CLOCK_BOOTTIME_K };

static long long clock_msec(int clock)
{
	struct __kernel_timespec t = { 0 };

	sys(__NR_clock_gettime, clock, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void times_make(void)
{
	struct itimer real = { { 0, 250000 }, { 100, 0 } }, virtual = { { 0, 0 }, { 50, 0 } };

	must(sys(__NR_setitimer, ITIMER_REAL_K, &real, NULL));
	must(sys(__NR_setitimer, ITIMER_VIRTUAL_K, &virtual, NULL));
	for (int i = 0; i < 2; i++)
		began[i] = clock_msec(going_on[i]);
	realtime_began = clock_msec(CLOCK_REALTIME_K);
}

static void times_look(void)
{
	struct itimer t = { 0 };

	box_see_int(sys(__NR_getitimer, ITIMER_REAL_K, &t), 0);
	box_see(t.left.tv_sec >= 50 && t.left.tv_sec < 100);
	box_see(!t.every.tv_sec && t.every.tv_usec == 250000);
	box_see_int(sys(__NR_getitimer, ITIMER_VIRTUAL_K, &t), 0);
	box_see(t.left.tv_sec >= 45 && t.left.tv_sec <= 50);
	for (int i = 0; i < 2; i++)
		box_see(clock_msec(going_on[i]) >= began[i]);
	box_see(clock_msec(CLOCK_REALTIME_K) >= realtime_began);
}

static void times(void)
{
	static const struct cr_box box = { times_make, times_look, true };

	box_run(&box);
}

/* --- CR-TIMER-02, CR-API-16, CR-FRZ-03: calls under way --- */

static volatile long *shared;		/* what the sleepers saw */

static void sleeper(void)
{
	struct __kernel_timespec t = { 0, 400000000 };
	long long start = clock_msec(CLOCK_MONOTONIC_K);

	shared[0] = 1;
	shared[1] = sys(__NR_nanosleep, &t, NULL);
	shared[2] = clock_msec(CLOCK_MONOTONIC_K) - start >= 400;
	sys_exit(0);
}

static int pipe_fds[2];

static void reader(void)
{
	char text[16];

	shared[3] = 1;
	shared[4] = sys_read(pipe_fds[0], text, sizeof(text));
	shared[5] = text[0];
	sys_exit(0);
}

/* Writes more than goes in: the part that went is its result. */
static void blocked_writer(void)
{
	static char much[100000];
	int fds[2];

	must(sys_pipe(fds, 0));
	sys_dup2(fds[0], 100);
	sys_close(fds[0]);
	shared[6] = fds[1];
	shared[7] = sys_write(fds[1], much, sizeof(much));
	sys_exit(0);
}

static long sleeper_pid, reader_pid, writer_pid;

static long started(void (*fn)(void), volatile long *flag)
{
	long pid = must(sys_fork());

	if (pid == 0)
		fn();
	while (!*flag || cg_state(pid) != 'S')
		nap(1);
	return pid;
}

static void calls_make(void)
{
	shared = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	must((long)shared);
	must(sys_pipe(pipe_fds, 0));
	reader_pid = started(reader, &shared[3]);
	writer_pid = started(blocked_writer, &shared[6]);
	sleeper_pid = started(sleeper, &shared[0]);
}

static void calls_look(void)
{
	char path[64], text[4096];
	long fd, n = 0, got;

	box_see_int(shared[4], 0);
	box_see_int(sys_write(pipe_fds[1], "r", 1), 1);
	box_see_int(wait_status(reader_pid), 0);
	box_see_int(shared[4], 1);
	box_see_int(shared[5], 'r');
	snprintf(path, sizeof(path), "/proc/%ld/fd/100", writer_pid);
	fd = sys_open(path, O_RDONLY, 0);
	if (shared[7] == 0)			/* not interrupted: goes on as it is read */
		while (n < 100000 && (got = sys_read(fd, text, sizeof(text))) > 0)
			n += got;
	box_see_int(wait_status(writer_pid), 0);
	box_see(shared[7] == 100000 || shared[7] == 65536);
	box_see_int(wait_status(sleeper_pid), 0);
	box_see_int(shared[1], 0);
	box_see_int(shared[2], 1);
}

static void calls(void)
{
	static const struct cr_box box = { calls_make, calls_look, true };

	box_run(&box);
}

const struct test_case crt_sig_cases[] = {
	{ "CR-SIG-01", "handlers, masks and alternate stacks", handlers, 0, 30 },
	{ "CR-SIG-02", "what waits for thread and process", pending, 0, 30 },
	{ "CR-SIG-03", "signals in the order in which they came", pending, 0, 30 },
	{ "CR-TIMER-01.interval", "what is left of interval timers", times, 0, 30 },
	{ "CR-TIMER-02", "a sleep goes on for what is left of it", calls, 0, 30 },
	{ "CR-TIME-01", "clocks do not go back", times, 0, 30 },
	{ "CR-TIME-02", "the time of day is the restarter's", times, 0, 30 },
	{ "CR-API-16", "calls under way give their results", calls, 0, 30 },
	{ "CR-FRZ-03", "who waits in a call waits on", calls, 0, 30 },
	{},
};
