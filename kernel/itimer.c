// SPDX-License-Identifier: MIT
/* kernel/itimer.c - interval timers (setitimer, alarm), CPU time limits: the timers part of a task.
 *
 * ITIMER_REAL is a timer of the process. ITIMER_VIRTUAL and ITIMER_PROF expire when the
 * process's CPU time reaches a value; there is no tick, so whoever runs while one is set, or
 * RLIMIT_CPU is, asks for an interrupt at the earliest moment that could be (cpu_timers_check).
 * Interval timers survive execve and are not inherited.
 * POSIX timers (posix_timer.c) are deleted by execve.
 * Locks: BKL. Checkpoint: what is left and the interval are saved.
 * See setitimer(2), getrlimit(2).
 * Keeps ABI-TIM-04. */
#include <linux/resource.h>
#include <linux/time.h>

#include "kernel/clocks.h"
#include "kernel/posix_timer.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"

#define CHECK_MIN_NSEC  (100 * NSEC_PER_USEC)
#define REAL_STEP_MIN_NSEC (100 * NSEC_PER_USEC)	/* a shorter interval would stop the user */
#define CPU_LIMIT_MAX   UINT32_MAX	/* seconds; more is as good as none */
#define USEC_PER_SEC    1000000L

static const int cpu_timer_signal[] = { SIGVTALRM, SIGPROF };

struct setting {		/* of any interval timer, in nanoseconds */
	u64 left, interval;
};

/* --- CPU time --- */

static u64 cpu_timer_clock(struct process *p, int k)
{
	struct cpu_times t;

	process_times(p, &t);
	return k ? t.user_nsec + t.system_nsec : t.user_nsec;
}

static void timer_signal(struct process *p, int sig)
{
	siginfo_t info;

	siginfo_kernel(&info, sig);
	signal_process(p, sig, &info);
}

/* RLIMIT_CPU: SIGXCPU at the soft limit and each second after it, SIGKILL at the hard one.
 * Returns the CPU time at which to look again. */
static u64 cpu_limit_check(struct process *p, u64 used)
{
	struct rlimit64 *limit = &p->limits[RLIMIT_CPU];

	if (limit->rlim_cur > CPU_LIMIT_MAX)
		return ~0UL;
	if (limit->rlim_max != RLIM64_INFINITY && used / NSEC_PER_SEC >= limit->rlim_max) {
		signal_kill_process(p);
		return ~0UL;
	}
	if (used / NSEC_PER_SEC >= limit->rlim_cur) {
		limit->rlim_cur++;
		timer_signal(p, SIGXCPU);
	}
	return limit->rlim_cur * NSEC_PER_SEC;
}

static void cpu_timers_check(struct process *p)
{
	u64 soonest, clock;

	if (!p->nr_live || p->group_exit)
		return;
	clock = cpu_timer_clock(p, 1);
	soonest = cpu_limit_check(p, clock) - clock;
	soonest = MIN(soonest, cpu_timer_set_run(&p->cpu_timers, clock));
	for (int k = 0; k < 2; k++) {
		if (!p->cpu_timer[k].value)
			continue;
		clock = cpu_timer_clock(p, k);
		if (clock >= p->cpu_timer[k].value) {
			u64 interval = p->cpu_timer[k].interval;

			p->cpu_timer[k].value = interval ? clock + interval : 0;
			timer_signal(p, cpu_timer_signal[k]);
		}
		if (p->cpu_timer[k].value)
			soonest = MIN(soonest, p->cpu_timer[k].value - clock);
	}
	if (soonest < ~0UL / 2)
		timer_interrupt_by(clock_nsec() + MAX(soonest / MAX(p->nr_live, 1u),
						      (u64)CHECK_MIN_NSEC));
}

void cpu_timers_changed(struct process *p)
{
	struct task *t;

	for_each_thread(t, p)
		task_resched(t);
}

void task_cpu_timers_check(struct task *t)
{
	u64 soonest;

	if (!RB_EMPTY(&t->cpu_timers.armed)) {
		soonest = cpu_timer_set_run(&t->cpu_timers, thread_cpu_nsec(t));
		if (soonest < ~0UL / 2)
			timer_interrupt_by(clock_nsec() + MAX(soonest, (u64)CHECK_MIN_NSEC));
	}
	if (cpu_timers_wanted(t->process))
		cpu_timers_check(t->process);
}

static void cpu_timer_exchange(struct process *p, int k, const struct setting *new,
			       struct setting *old)
{
	u64 clock = cpu_timer_clock(p, k), value = p->cpu_timer[k].value;

	old->left = value > clock ? value - clock : !!value;
	old->interval = p->cpu_timer[k].interval;
	if (!new)
		return;
	p->cpu_timer[k].value = new->left ? clock + new->left : 0;
	p->cpu_timer[k].interval = new->interval;
	if (new->left)
		cpu_timers_changed(p);
}

/* --- real time --- */

static void real_timer_fire(struct timer *t)
{
	struct process *p = container_of(t, struct process, real_timer);
	u64 now = clock_nsec(), next = t->deadline + p->real_interval;

	if (p->real_interval)
		timer_arm(t, MAX(next, now + REAL_STEP_MIN_NSEC));
	timer_signal(p, SIGALRM);
}

static void real_timer_exchange(struct process *p, const struct setting *new, struct setting *old)
{
	u64 now = clock_nsec();

	old->left = 0;
	if (p->real_timer.armed)
		old->left = p->real_timer.deadline > now ? p->real_timer.deadline - now : 1;
	old->interval = p->real_interval;
	if (!new)
		return;
	timer_cancel(&p->real_timer);
	p->real_interval = new->interval;
	if (new->left)
		timer_arm(&p->real_timer, now + new->left);
}

/* --- the calls --- */

static int timer_exchange(int which, const struct setting *new, struct setting *old)
{
	struct process *p = current->process;

	switch (which) {
	case ITIMER_REAL:
		real_timer_exchange(p, new, old);
		return 0;
	case ITIMER_VIRTUAL:
	case ITIMER_PROF:
		cpu_timer_exchange(p, which - ITIMER_VIRTUAL, new, old);
		return 0;
	}
	return -EINVAL;
}

static bool usec_valid(const struct __kernel_old_timeval *t)
{
	return t->tv_sec >= 0 && t->tv_usec >= 0 && t->tv_usec < USEC_PER_SEC;
}

static u64 from_timeval(const struct __kernel_old_timeval *t)
{
	u64 seconds = MIN(t->tv_sec, INT64_MAX / 4 / NSEC_PER_SEC);

	return seconds * NSEC_PER_SEC + t->tv_usec * NSEC_PER_USEC;
}

/* Rounded up: a timer that has not expired never shows zero. */
static struct __kernel_old_timeval to_timeval(u64 nsec)
{
	u64 usec = (nsec + NSEC_PER_USEC - 1) / NSEC_PER_USEC;

	return (struct __kernel_old_timeval){ usec / USEC_PER_SEC, usec % USEC_PER_SEC };
}

static int setting_to_user(uaddr u, const struct setting *s)
{
	struct __kernel_old_itimerval v = { to_timeval(s->interval), to_timeval(s->left) };

	return copy_to_user(u, &v, sizeof(v));
}

long sys_getitimer(int which, uaddr u)
{
	struct setting now;
	int err = timer_exchange(which, NULL, &now);

	return err ? err : setting_to_user(u, &now);
}

/* A missing new value is zero, as on Linux. */
long sys_setitimer(int which, uaddr value, uaddr old_value)
{
	struct __kernel_old_itimerval v = { 0 };
	struct setting new, old;
	int err;

	if (value && copy_from_user(&v, value, sizeof(v)))
		return -EFAULT;
	if (!usec_valid(&v.it_value) || !usec_valid(&v.it_interval))
		return -EINVAL;
	new.left = from_timeval(&v.it_value);
	new.interval = from_timeval(&v.it_interval);
	err = timer_exchange(which, &new, &old);
	if (err || !old_value)
		return err;
	return setting_to_user(old_value, &old);
}

/* Returns what was left in seconds, rounded, but not to zero. */
long sys_alarm(u32 seconds)
{
	struct setting new = { .left = seconds * NSEC_PER_SEC }, old;

	timer_exchange(ITIMER_REAL, &new, &old);
	if (!old.left)
		return 0;
	return MAX((old.left + NSEC_PER_SEC / 2) / NSEC_PER_SEC, 1UL);
}

/* --- the task part --- */

static int timers_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	(void)parent;
	cpu_timer_set_init(&child->cpu_timers);
	if (args->flags & CLONE_THREAD)
		return 0;
	timer_init(&child->process->real_timer, real_timer_fire);
	cpu_timer_set_init(&child->process->cpu_timers);
	return 0;
}

static void timers_exec(struct task *t)
{
	posix_timers_release(t->process);
	signal_flush_timers(t);
}

static void timers_exit(struct task *t)
{
	struct process *p = t->process;

	cpu_timer_set_release(&t->cpu_timers);
	if (p->nr_live)
		return;
	timer_cancel(&p->real_timer);
	posix_timers_release(p);
	cpu_timer_set_release(&p->cpu_timers);
}

const struct task_part timers_part = {
	.name = "timers",
	.fork = timers_fork,
	.exec = timers_exec,
	.exit = timers_exit,
};
