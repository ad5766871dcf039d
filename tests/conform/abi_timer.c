// SPDX-License-Identifier: MIT
/* tests/conform/abi_timer.c - clocks, sleeps, timers of processes and timerfds:
 * ABI-TIM-01 to 05. */
#include "abi.h"

#define REALTIME 0
#define MONOTONIC 1
#define PROCESS_CPU 2
#define THREAD_CPU 3
#define RAW 4
#define COARSE 6
#define BOOTTIME 7
#define TAI 11
#define ABSTIME 1
#define CANCEL_ON_SET 2
#define MSEC 1000000ll
#define CPU_OF(pid) (~(pid) * 8 | 2)	/* the process's clock */
#define SIGEV_SIGNAL_ 0
#define SIGEV_NONE_ 1
#define SIGEV_THREAD_ID_ 4

typedef struct __kernel_timespec spec;
struct setting {
	spec interval, value;
};

struct event {
	long value;
	int signo, notify, tid, pad[11];
};

/* ABI-TIM-01: reading, setting, sleeping. */
static void clocks(void)
{
	static const int known[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11 };
	spec t = { 0 }, res = { 0 }, bad = { 0, 1000000000 }, negative = { -1, 0 }, rem = { 7, 7 };
	long long before;

	for (size_t i = 0; i < LENGTH(known); i++)
		check_ret("get", sys(__NR_clock_gettime, known[i], &t), 0);
	check_ret("unknown_10", sys(__NR_clock_gettime, 10, &t), -EINVAL);
	check_ret("unknown_12", sys(__NR_clock_gettime, 12, &t), -EINVAL);
	check_ret("fault", sys(__NR_clock_gettime, 1, KERNEL_ADDRESS), -EFAULT);
	check_ret("nobody", sys(__NR_clock_gettime, CPU_OF(4000000), &t), -EINVAL);
	check_ret("own_cpu", sys(__NR_clock_gettime, CPU_OF(sys_getpid()), &t), 0);
	check_ret("res", sys(__NR_clock_getres, MONOTONIC, &res), 0);
	check_int("res_ns", res.tv_sec * 1000000000 + res.tv_nsec, 1);
	check_ret("res_null", sys(__NR_clock_getres, MONOTONIC, NULL), 0);
	check_ret("res_unknown", sys(__NR_clock_getres, 99, NULL), -EINVAL);
	check_ret("set_monotonic", sys(__NR_clock_settime, MONOTONIC, &t), -EINVAL);
	check_ret("set_bad", sys(__NR_clock_settime, REALTIME, &bad), -EINVAL);
	check_ret("sleep_bad", sys(__NR_nanosleep, &bad, NULL), -EINVAL);
	check_ret("sleep_negative", sys(__NR_nanosleep, &negative, NULL), -EINVAL);
	check_ret("sleep_fault", sys(__NR_nanosleep, KERNEL_ADDRESS, NULL), -EFAULT);
	check_ret("sleep_unknown", sys(__NR_clock_nanosleep, 99, 0, &t, 0), -EINVAL);
	check_ret("sleep_raw", sys(__NR_clock_nanosleep, RAW, 0, &t, 0), -EOPNOTSUPP);
	check_ret("sleep_coarse", sys(__NR_clock_nanosleep, COARSE, 0, &t, 0), -EOPNOTSUPP);
	check_ret("sleep_thread_cpu", sys(__NR_clock_nanosleep, THREAD_CPU, 0, &t, 0), -EOPNOTSUPP);
	t = (spec){ 0, 0 };
	check_ret("sleep_past", sys(__NR_clock_nanosleep, MONOTONIC, ABSTIME, &t, &rem), 0);
	check_int("rem_untouched", rem.tv_sec, 7);
	check_ret("sleep_tai", sys(__NR_clock_nanosleep, TAI, 0, &t, 0), 0);
	check_ret("sleep_boot", sys(__NR_clock_nanosleep, BOOTTIME, 0, &t, 0), 0);
	check_ret("sleep_flags", sys(__NR_clock_nanosleep, MONOTONIC, 8, &t, 0), 0);
	before = clock_msec(MONOTONIC);
	t = (spec){ 0, 30 * MSEC };
	check_ret("sleep", sys(__NR_clock_nanosleep, MONOTONIC, 0, &t, 0), 0);
	check_true("slept", clock_msec(MONOTONIC) - before >= 30);
	become_user(PLAIN_UID);
	t = (spec){ 1000000000, 0 };
	check_ret("set_plain", sys(__NR_clock_settime, REALTIME, &t), -EPERM);
	check_ret("settimeofday_plain", sys(__NR_settimeofday, &t, NULL), -EPERM);
}

static void nothing(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)info, (void)context;
}

/* ABI-TIM-02: timerfd. */
static void timerfds(void)
{
	struct setting s = { { 0, 10 * MSEC }, { 0, 30 * MSEC } }, old = { 0 }, none = { 0 },
		far = { .value = { 9999, 0 } },
		wrong = { .value = { 0, -1 } };
	unsigned long long count = 0;
	long fd, real;

	check_ret("clock", sys(__NR_timerfd_create, RAW, 0), -EINVAL);
	check_ret("cpu", sys(__NR_timerfd_create, PROCESS_CPU, 0), -EINVAL);
	check_ret("flags", sys(__NR_timerfd_create, MONOTONIC, 1), -EINVAL);
	fd = must(sys(__NR_timerfd_create, MONOTONIC, O_NONBLOCK));
	check_ret("disarmed", sys_read(fd, &count, 8), -EAGAIN);
	check_ret("set_flags", sys(__NR_timerfd_settime, fd, 8, &s, NULL), -EINVAL);
	check_ret("set_other", sys(__NR_timerfd_settime, 0, 0, &s, NULL), -EINVAL);
	check_ret("set_bad", sys(__NR_timerfd_settime, fd, 0, &wrong, NULL),
		  -EINVAL);
	check_ret("set_far", sys(__NR_timerfd_settime, fd, 0, &far, NULL), 0);
	check_ret("early", ready(fd, POLLIN), 0);
	must(sys(__NR_timerfd_settime, fd, 0, &none, NULL));
	check_ret("set", sys(__NR_timerfd_settime, fd, 0, &s, &old), 0);
	check_int("old", old.value.tv_nsec + old.interval.tv_nsec, 0);
	check_ret("small", sys_read(fd, &count, 7), -EINVAL);
	nap(75);
	check_ret("poll", ready(fd, POLLIN), POLLIN);
	check_ret("read", sys_read(fd, &count, 8), 8);
	check_true("several", count >= 5);
	check_ret("get", sys(__NR_timerfd_gettime, fd, &old), 0);
	check_int("interval", old.interval.tv_nsec, 10 * MSEC);
	check_true("left", old.value.tv_nsec <= 10 * MSEC);
	check_ret("disarm", sys(__NR_timerfd_settime, fd, 0, &none, NULL), 0);
	nap(20);
	check_ret("nothing_more", sys_read(fd, &count, 8), -EAGAIN);
	s = (struct setting){ { 0, 0 }, { 0, 1 } };
	check_ret("past", sys(__NR_timerfd_settime, fd, ABSTIME, &s, NULL), 0);
	nap(20);
	check_ret("past_fired", sys_read(fd, &count, 8), 8);
	check_int("once", (long)count, 1);
	check_ret("cancel_monotonic", sys(__NR_timerfd_settime, fd, ABSTIME | CANCEL_ON_SET, &s,
					  NULL), 0);
	real = must(sys(__NR_timerfd_create, REALTIME, O_NONBLOCK));
	s.value.tv_sec = 1ll << 33;
	check_ret("cancel_real", sys(__NR_timerfd_settime, real, ABSTIME | CANCEL_ON_SET, &s,
				     NULL), 0);
	check_ret("cancel_waits", sys_read(real, &count, 8), -EAGAIN);
	check_ret("write", sys_write(fd, &count, 8), -EINVAL);
}

/* ABI-TIM-03: POSIX timers: events, overruns. */
static void posix_timers(void)
{
	struct event e = { .signo = SIGUSR1, .notify = SIGEV_SIGNAL_, .value = 55 };
	struct setting s = { { 0, 10 * MSEC }, { 0, 10 * MSEC } }, old,
		wrong = { .value = { 0, -1 } };
	siginfo_t info;
	int id = -1, second = -1;

	block_signal(SIGUSR1), block_signal(SIGALRM);
	check_ret("clock", sys(__NR_timer_create, 99, &e, &id), -EINVAL);
	check_ret("raw", sys(__NR_timer_create, RAW, &e, &id), -EOPNOTSUPP);
	e.notify = 7;
	check_ret("notify", sys(__NR_timer_create, MONOTONIC, &e, &id), -EINVAL);
	e.notify = SIGEV_SIGNAL_, e.signo = 65;
	check_ret("signal_65", sys(__NR_timer_create, MONOTONIC, &e, &id), -EINVAL);
	e.signo = SIGUSR1, e.notify = SIGEV_THREAD_ID_, e.tid = 4000000;
	check_ret("no_thread", sys(__NR_timer_create, MONOTONIC, &e, &id), -EINVAL);
	e.notify = SIGEV_SIGNAL_;
	check_ret("fault", sys(__NR_timer_create, MONOTONIC, &e, KERNEL_ADDRESS), -EFAULT);
	check_ret("create", sys(__NR_timer_create, MONOTONIC, &e, &id), 0);
	check_ret("create_default", sys(__NR_timer_create, REALTIME, NULL, &second), 0);
	check_int("next_number", second - id, 1);
	check_ret("set_unknown", sys(__NR_timer_settime, 9999, 0, &s, NULL), -EINVAL);
	check_ret("set_bad", sys(__NR_timer_settime, id, 0, &wrong, NULL), -EINVAL);
	check_ret("set", sys(__NR_timer_settime, id, 0, &s, &old), 0);
	nap(95);
	check_ret("signal", take_signal(SIGUSR1, &info, 100), SIGUSR1);
	check_int("code", info.si_code, SI_TIMER);
	check_int("value", (long)info.si_value.sival_ptr, 55);
	check_int("timer", info.si_tid == id, 1);
	check_true("overrun", info.si_overrun >= 7);
	check_int("overrun_call", sys(__NR_timer_getoverrun, id) == info.si_overrun, 1);
	check_ret("get", sys(__NR_timer_gettime, id, &old), 0);
	check_int("interval", old.interval.tv_nsec, 10 * MSEC);
	check_ret("delete", sys(__NR_timer_delete, id), 0);
	take_signal(SIGUSR1, &info, 0);
	check_ret("delete_again", sys(__NR_timer_delete, id), -EINVAL);
	check_ret("overrun_gone", sys(__NR_timer_getoverrun, id), -EINVAL);
	s.interval.tv_nsec = 0;
	check_ret("default", sys(__NR_timer_settime, second, 0, &s, NULL), 0);
	check_ret("default_signal", take_signal(SIGALRM, &info, 300), SIGALRM);
	check_int("default_value", info.si_value.sival_int == second, 1);
	check_ret("over", sys(__NR_timer_gettime, second, &old), 0);
	check_int("disarmed", old.value.tv_nsec + old.value.tv_sec, 0);
	e.notify = SIGEV_NONE_;
	check_ret("silent", sys(__NR_timer_create, MONOTONIC, &e, &id), 0);
	check_ret("silent_set", sys(__NR_timer_settime, id, 0, &s, NULL), 0);
	nap(30);
	check_int("no_signal", signal_pending(SIGUSR1), 0);
}

/* ABI-TIM-04: interval timers and alarm. */
static void interval_timers(void)
{
	long long s[4] = { 0, 0, 0, 20000 }, old[4], wrong[4] = { 0, 0, 0, 1000000 };
	siginfo_t info;

	block_signal(SIGALRM), block_signal(27 /* SIGPROF */), block_signal(26 /* SIGVTALRM */);
	check_ret("which", sys(__NR_setitimer, 3, s, NULL), -EINVAL);
	check_ret("get_which", sys(__NR_getitimer, 3, old), -EINVAL);
	check_ret("bad", sys(__NR_setitimer, 0, wrong, NULL), -EINVAL);
	check_ret("set", sys(__NR_setitimer, 0, s, old), 0);
	check_ret("alarm_sees", sys(__NR_alarm, 100), 1);
	check_ret("get", sys(__NR_getitimer, 0, old), 0);
	check_true("left", old[2] >= 98 && old[2] <= 100);
	check_ret("alarm_off", sys(__NR_alarm, 0), 100);
	check_ret("again", sys(__NR_setitimer, 0, s, NULL), 0);
	check_ret("signal", take_signal(SIGALRM, &info, 300), SIGALRM);
	check_int("code", info.si_code, 0x80 /* SI_KERNEL */);
	check_ret("null_disarms", sys(__NR_setitimer, 0, NULL, NULL), 0);
	must(sys(__NR_setitimer, 1, s, NULL)), must(sys(__NR_setitimer, 2, s, NULL));
	for (int turn = 0; turn < 500 && !signal_pending(26); turn++)
		for (volatile int i = 0; i < 100000; i++)
			;
	check_int("virtual", signal_pending(26), 1);
	check_int("profile", signal_pending(27), 1);
	must(sys(__NR_alarm, 100));
	if (must(sys_fork()) == 0) {
		check_ret("not_inherited", sys(__NR_alarm, 0), 0);
		sys_exit(0);
	}
	sys_wait4(-1, NULL, 0);
	check_ret("times_fault", sys(__NR_times, KERNEL_ADDRESS), -EFAULT);
	check_ret("rusage_who", sys(__NR_getrusage, 5, old), -EINVAL);
	check_ret("rusage_fault", sys(__NR_getrusage, 0, KERNEL_ADDRESS), -EFAULT);
}

/* ABI-TIM-05: what is left of an interrupted sleep. */
static void remainders(void)
{
	long long s[4] = { 0, 0, 0, 30000 };
	spec half = { 3, 0 }, rem = { 0, 0 };

	catch_signal(SIGALRM, nothing);
	must(sys(__NR_setitimer, 0, s, NULL));
	check_ret("sleep", sys(__NR_nanosleep, &half, &rem), -EINTR);
	check_true("rest", rem.tv_sec <= 2 && rem.tv_sec * 1000 + rem.tv_nsec / MSEC <= 3000);
	must(sys(__NR_setitimer, 0, s, NULL));
	rem.tv_nsec = 5;
	half.tv_sec = clock_msec(MONOTONIC) / 1000 + 5;
	check_ret("absolute", sys(__NR_clock_nanosleep, MONOTONIC, ABSTIME, &half, &rem), -EINTR);
	check_int("absolute_rest", rem.tv_nsec, 5);
}

const struct test_case abi_timer_cases[] = {
	{ "ABI-TIM-01", "clocks and sleeps", clocks, 0, 0 },
	{ "ABI-TIM-02", "timerfd", timerfds, 0, 0 },
	{ "ABI-TIM-03", "POSIX timers", posix_timers, 0, 0 },
	{ "ABI-TIM-04", "interval timers", interval_timers, 0, 0 },
	{ "ABI-TIM-05", "what is left of a sleep", remainders, 0, 0 },
	{ 0 },
};
