// SPDX-License-Identifier: MIT
/* tests/conform/crf_time.c - checkpoint of POSIX timers, and of a parent that waits for its vfork
 * child. See docs/rules/checkpoint-restart.md, CR-TIMER-01, CR-FRZ-04. */
#include "crbox.h"

#include <linux/time_types.h>

#define REALTIME 0
#define MONOTONIC 1
#define ABSOLUTE 1
#define NOTIFY_SIGNAL 0
#define NOTIFY_NONE 1

struct event { unsigned long value; int signo, notify, tid, pad[11]; };

static void timer_make(int clock, int notify, int signo, unsigned long value, int want)
{
	struct event ev = { value, signo, notify, 0, { 0 } };
	int id = -1;

	must(sys(__NR_timer_create, clock, &ev, &id));
	must_true(id == want);
}

static void timer_set(int id, int flags, long first_msec, long every_msec)
{
	struct __kernel_itimerspec t = {
		.it_value = { first_msec / 1000, first_msec % 1000 * 1000000 },
		.it_interval = { every_msec / 1000, every_msec % 1000 * 1000000 },
	};

	must(sys(__NR_timer_settime, id, flags, &t, 0));
}

static long timer_left(int id)
{
	struct __kernel_itimerspec t = {};

	sys(__NR_timer_gettime, id, &t);
	return t.it_value.tv_sec * 1000 + t.it_value.tv_nsec / 1000000;
}

static void timers_make(void)
{
	block_signal(SIGUSR1);
	block_signal(SIGUSR2);
	timer_make(MONOTONIC, NOTIFY_SIGNAL, SIGUSR1, 77, 0);
	timer_make(MONOTONIC, NOTIFY_SIGNAL, SIGUSR2, 88, 1);
	timer_make(REALTIME, NOTIFY_NONE, 0, 0, 2);
	timer_make(MONOTONIC, NOTIFY_SIGNAL, SIGUSR2, 99, 3);
	timer_set(0, 0, 5, 10);
	timer_set(1, 0, 100000, 0);
	timer_set(2, 0, 200000, 0);
	must(sys(__NR_timer_delete, 3));
	while (!signal_pending(SIGUSR1))
		nap(5);
	nap(40);
}

static void timers_look(void)
{
	siginfo_t info;
	long left = timer_left(1);

	box_see(left > 50000 && left < 100000);
	left = timer_left(2);
	box_see(left > 150000 && left < 200000);
	box_see_int(take_signal(SIGUSR1, &info, 1000), SIGUSR1);
	box_see_int(info.si_int, 77);
	box_see_int(info.si_tid, 0);
	box_see(info.si_overrun >= 3);
	box_see_int(sys(__NR_timer_getoverrun, 0), info.si_overrun);
	box_see_int(take_signal(SIGUSR1, &info, 1000), SIGUSR1);
	box_see_int(sys(__NR_timer_gettime, 3, 0) < 0, 1);
	timer_make(MONOTONIC, NOTIFY_SIGNAL, SIGUSR1, 0, 4);
	timer_set(1, 0, 10, 0);
	box_see_int(take_signal(SIGUSR2, &info, 1000), SIGUSR2);
	box_see_int(info.si_int, 88);
}

static void timers(void)
{
	static const struct cr_box box = { timers_make, timers_look, true };

	box_run(&box);
}

/* --- vfork --- */

static volatile int *shared;		/* the child's pid; how the wait ended */
static long partner;
static char stack[8192] __attribute__((aligned(16)));

static int borrower(void)
{
	shared[0] = sys_getpid();
	box_pause();
	sys_exit(7);
	return 0;
}

static void lender(void)
{
	void **top = (void **)(stack + sizeof(stack));
	int status = 0;
	long pid;

	*--top = (void *)borrower;
	__asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\tpop %%rax\n\tcall *%%rax\n\t"
			 "ud2\n1:"
			 : "=a"(pid)
			 : "0"((long)__NR_clone), "D"(CLONE_VM | CLONE_VFORK | SIGCHLD), "S"(top),
			   "d"(0)
			 : "rcx", "r11", "r10", "r8", "r9", "memory");
	shared[1] = pid == shared[0];
	sys_wait4(pid, &status, 0);
	sys_exit(status >> 8 == 7 ? 0 : 1);
}

static void vfork_make(void)
{
	shared = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	must((long)shared);
	partner = must(sys_fork());
	if (partner == 0)
		lender();
	while (!shared[0])
		nap(5);
	nap(20);
}

static void vfork_look(void)
{
	int status = -1;

	nap(20);
	box_see_int(shared[1], 0);
	sys_kill(shared[0], SIGCONT);
	box_see_int(sys_wait4(partner, &status, 0), partner);
	box_see_int(status, 0);
	box_see_int(shared[1], 1);
}

static void vforks(void)
{
	static const struct cr_box box = { vfork_make, vfork_look, false };

	box_run(&box);
}

const struct test_case crf_time_cases[] = {
	{ "CR-TIMER-01", "POSIX timers, running, pending and silent", timers, 0, 30 },
	{ "CR-FRZ-04", "a parent that waits for its vfork child", vforks, 0, 30 },
	{},
};
