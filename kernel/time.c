// SPDX-License-Identifier: MIT
/* kernel/time.c - clocks: what time it is, and setting it.
 *
 * There is one hardware clock, monotonic since boot. Real time is that plus an offset, read
 * from the machine's clock at boot and changed by clock_settime; sleepers until a real time
 * wait on time_real_changed, too. CPU time clocks belong to processes and threads; a negative
 * clock id names another one's: bits 31..3 the complement of its number, bit 2 "thread".
 * Setting real time needs CAP_SYS_TIME in the initial user namespace (EXT-SYS-03).
 * Locks: BKL. Checkpoint: nothing; deadlines are saved relative to now.
 * See clock_gettime(2), clock_getcpuclockid(3).
 * Keeps ABI-TIM-01. */
#include "kernel/time.h"

#include <linux/time.h>

#include "kernel/clocks.h"
#include "kernel/cred.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"

#define CLOCKS_NR      12
#define COARSE_RES_NSEC (4 * NSEC_PER_MSEC)
#define REAL_MAX_NSEC  (9000000000L * NSEC_PER_SEC)
#define CPU_CLOCK_KIND 3		/* PROF, VIRT, SCHED are all the same here; 3: none */

s64 time_real_offset;
struct waitqueue time_real_changed = WAITQUEUE_INIT(time_real_changed);

/* --- for the kernel --- */

void time_init(void)
{
	time_real_offset = clock_rtc_seconds() * NSEC_PER_SEC - (s64)clock_nsec();
}

u64 time_monotonic(void)
{
	return clock_nsec();
}

s64 time_real(void)
{
	return (s64)clock_nsec() + time_real_offset;
}

timespec_t time_real_spec(void)
{
	return nsec_to_spec(time_real());
}

void time_set_real(s64 nsec)
{
	time_real_offset = nsec - (s64)clock_nsec();
	clock_rtc_set(nsec / NSEC_PER_SEC);
	wake_all(&time_real_changed);
}

int spec_from_user(timespec_t *t, uaddr u)
{
	if (copy_from_user(t, u, sizeof(*t)))
		return -EFAULT;
	return spec_valid(t) ? 0 : -EINVAL;
}

int spec_to_user(uaddr u, s64 nsec)
{
	timespec_t t = nsec_to_spec(nsec);

	return copy_to_user(u, &t, sizeof(t));
}

/* --- CPU clocks --- */

s64 process_cpu_nsec(struct process *p)
{
	struct cpu_times times;

	process_times(p, &times);
	return times.user_nsec + times.system_nsec;
}

s64 thread_cpu_nsec(struct task *t)
{
	u64 user, system;

	if (t == current)
		task_account_now();
	task_times(t, &user, &system);
	return user + system;
}

/* A negative id: bits 31..3 the complement of a number, bit 2 "thread". */
static int cpu_clock_find_by_number(int id, struct process **process, struct task **thread)
{
	s32 nr = ~(id >> 3);
	bool by_thread = id & 4;
	struct task *t;

	if ((id & CPU_CLOCK_KIND) == CPU_CLOCK_KIND)
		return -EINVAL;
	t = nr ? task_find(nr) : current;
	if (!t)
		return -EINVAL;
	if (by_thread ? t->process != current->process : nr && !task_is_leader(t))
		return -EINVAL;
	if (by_thread)
		*thread = t;
	else
		*process = t->process;
	return 0;
}

int cpu_clock_find(int id, struct process **process, struct task **thread)
{
	*process = NULL;
	*thread = NULL;
	if (id < 0)
		return cpu_clock_find_by_number(id, process, thread);
	if (id == CLOCK_THREAD_CPUTIME_ID)
		*thread = current;
	else
		*process = current->process;
	return 0;
}

/* The CPU time behind a negative clock id. */
static int cpu_clock_read(int id, s64 *nsec)
{
	struct process *p;
	struct task *t;
	int err = cpu_clock_find(id, &p, &t);

	if (!err)
		*nsec = p ? process_cpu_nsec(p) : thread_cpu_nsec(t);
	return err;
}

/* --- the clocks by id --- */

static s64 read_real(void)
{
	return time_real();
}

static s64 read_monotonic(void)
{
	return clock_nsec();
}

static s64 read_process_cpu(void)
{
	return process_cpu_nsec(current->process);
}

static s64 read_thread_cpu(void)
{
	return thread_cpu_nsec(current);
}

static const struct clock_row {
	s64 (*read)(void);
	s64 resolution;
	enum clock_base base;
	bool settable;
} clocks[CLOCKS_NR] = {
	[CLOCK_REALTIME] = { read_real, 1, BASE_REAL, true },
	[CLOCK_MONOTONIC] = { read_monotonic, 1, BASE_MONOTONIC, false },
	[CLOCK_PROCESS_CPUTIME_ID] = { read_process_cpu, 1, BASE_CPU, true },
	[CLOCK_THREAD_CPUTIME_ID] = { read_thread_cpu, 1, BASE_NONE, true },
	[CLOCK_MONOTONIC_RAW] = { read_monotonic, 1, BASE_NONE, false },
	[CLOCK_REALTIME_COARSE] = { read_real, COARSE_RES_NSEC, BASE_NONE, false },
	[CLOCK_MONOTONIC_COARSE] = { read_monotonic, COARSE_RES_NSEC, BASE_NONE, false },
	[CLOCK_BOOTTIME] = { read_monotonic, 1, BASE_MONOTONIC, false },
	[CLOCK_REALTIME_ALARM] = { read_real, 1, BASE_REAL, false },
	[CLOCK_BOOTTIME_ALARM] = { read_monotonic, 1, BASE_MONOTONIC, false },
	[CLOCK_TAI] = { read_real, 1, BASE_REAL, false },
};

static const struct clock_row *clock_row(int id)
{
	if (id < 0 || id >= CLOCKS_NR || !clocks[id].read)
		return NULL;
	return &clocks[id];
}

int clock_read(int id, s64 *nsec)
{
	const struct clock_row *c = clock_row(id);

	if (id < 0)
		return cpu_clock_read(id, nsec);
	if (!c)
		return -EINVAL;
	*nsec = c->read();
	return 0;
}

int clock_sleep_base(int id, enum clock_base *base)
{
	const struct clock_row *c = clock_row(id);
	s64 now;

	if (id < 0) {
		*base = BASE_CPU;
		return cpu_clock_read(id, &now);
	}
	if (!c)
		return -EINVAL;
	*base = c->base;
	return c->base == BASE_NONE || id == CLOCK_THREAD_CPUTIME_ID ? -EOPNOTSUPP : 0;
}

/* --- the calls --- */

long sys_clock_gettime(int id, uaddr u)
{
	s64 nsec;
	int err = clock_read(id, &nsec);

	return err ? err : spec_to_user(u, nsec);
}

long sys_clock_getres(int id, uaddr u)
{
	const struct clock_row *c = clock_row(id);
	s64 nsec = 1;
	int err = 0;

	if (id < 0)
		err = cpu_clock_read(id, &nsec);
	else if (!c)
		err = -EINVAL;
	if (err || !u)
		return err;
	return spec_to_user(u, id < 0 ? 1 : c->resolution);
}

static int set_real(s64 nsec)
{
	if (!capable_in(&init_user_ns, CAP_SYS_TIME))
		return deny(EPERM, EXT_SYS_03);
	if (nsec > REAL_MAX_NSEC || nsec < (s64)clock_nsec())
		return -EINVAL;		/* monotonic time would be before real time's zero */
	time_set_real(nsec);
	return 0;
}

long sys_clock_settime(int id, uaddr u)
{
	const struct clock_row *c = clock_row(id);
	timespec_t t;

	if (!c || !c->settable)
		return -EINVAL;
	if (copy_from_user(&t, u, sizeof(t)))
		return -EFAULT;
	if (id != CLOCK_REALTIME)
		return deny(EPERM, EXT_SYS_03);
	if (!spec_valid(&t))
		return -EINVAL;
	return set_real(spec_to_nsec(&t));
}

long sys_gettimeofday(uaddr tv, uaddr tz)
{
	timespec_t now = time_real_spec();
	struct __kernel_old_timeval t = { now.tv_sec, now.tv_nsec / NSEC_PER_USEC };
	struct timezone zone = { 0, 0 };

	if (tv && copy_to_user(tv, &t, sizeof(t)))
		return -EFAULT;
	return tz ? copy_to_user(tz, &zone, sizeof(zone)) : 0;
}

/* The time zone is taken note of by nobody. */
long sys_settimeofday(uaddr tv, uaddr tz)
{
	struct __kernel_old_timeval t;
	struct timezone zone;

	if (tv && copy_from_user(&t, tv, sizeof(t)))
		return -EFAULT;
	if (tz && copy_from_user(&zone, tz, sizeof(zone)))
		return -EFAULT;
	if (tv && (t.tv_usec < 0 || t.tv_usec >= NSEC_PER_SEC / NSEC_PER_USEC || t.tv_sec < 0))
		return -EINVAL;
	if (!tv)
		return capable_in(&init_user_ns, CAP_SYS_TIME) ? 0 : deny(EPERM, EXT_SYS_03);
	return set_real(t.tv_sec * NSEC_PER_SEC + t.tv_usec * NSEC_PER_USEC);
}

long sys_time(uaddr u)
{
	s64 seconds = time_real() / NSEC_PER_SEC;

	if (u && copy_to_user(u, &seconds, sizeof(seconds)))
		return -EFAULT;
	return seconds;
}
