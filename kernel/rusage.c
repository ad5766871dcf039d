// SPDX-License-Identifier: MIT
/* kernel/rusage.c - what tasks have used: getrusage, times.
 *
 * CPU time is kept by task: at each way into and out of the kernel the nanoseconds since the
 * last one are the user's or the kernel's. A process's usage is that of its threads plus what
 * those that are gone had used; a reaped child's goes to its parent's dead_children.
 * Locks: BKL. Checkpoint: sums are saved with task and process. See getrusage(2), times(2). */
#include "kernel/rusage.h"

#include <linux/resource.h>
#include <linux/times.h>

#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"
#include "mm/mm.h"

#define TICK_NSEC (NSEC_PER_SEC / 100)	/* clock_t of the ABI */
#define KIB_PER_PAGE (PAGE_SIZE / 1024)

void task_account_now(void)
{
	account_kernel();
}

/* A thread that runs on another CPU is in user mode: we have the lock. */
void task_times(const struct task *t, u64 *user_nsec, u64 *system_nsec)
{
	u64 user = t->cpu_user_ticks, now = clock_ticks(), mark = cpus[t->se.cpu].account_mark;

	if (t != current && task_on_cpu(t) && now > mark)
		user += now - mark;
	*user_nsec = ticks_nsec(user);
	*system_nsec = ticks_nsec(t->cpu_system_ticks);
}

void process_times(struct process *p, struct cpu_times *out)
{
	struct task *t;

	if (p == current->process)
		account_kernel();
	*out = p->dead_threads;
	for_each_thread(t, p) {
		u64 user, system;

		task_times(t, &user, &system);
		out->user_nsec += user;
		out->system_nsec += system;
		out->min_flt += t->min_flt;
		out->maj_flt += t->maj_flt;
		out->nvcsw += t->voluntary_switches;
		out->nivcsw += t->involuntary_switches;
	}
	if (p->leader->mm)
		out->max_rss_pages = MAX(out->max_rss_pages, mm_rss_peak(p->leader->mm));
}

static struct __kernel_old_timeval to_timeval(u64 nsec)
{
	return (struct __kernel_old_timeval){
		.tv_sec = nsec / NSEC_PER_SEC,
		.tv_usec = nsec % NSEC_PER_SEC / NSEC_PER_USEC,
	};
}

int rusage_to_user(uaddr u, const struct cpu_times *t)
{
	struct rusage r = {
		.ru_utime = to_timeval(t->user_nsec),
		.ru_stime = to_timeval(t->system_nsec),
		.ru_maxrss = t->max_rss_pages * KIB_PER_PAGE,
		.ru_minflt = t->min_flt,
		.ru_majflt = t->maj_flt,
		.ru_inblock = t->in_blocks,
		.ru_oublock = t->out_blocks,
		.ru_nvcsw = t->nvcsw,
		.ru_nivcsw = t->nivcsw,
	};

	return copy_to_user(u, &r, sizeof(r));
}

static void thread_usage(struct task *t, struct cpu_times *out)
{
	memset(out, 0, sizeof(*out));
	account_kernel();
	task_times(t, &out->user_nsec, &out->system_nsec);
	out->min_flt = t->min_flt;
	out->maj_flt = t->maj_flt;
	out->nvcsw = t->voluntary_switches;
	out->nivcsw = t->involuntary_switches;
	out->max_rss_pages = t->mm ? mm_rss_peak(t->mm) : 0;
}

long sys_getrusage(int who, uaddr u)
{
	struct cpu_times times;

	switch (who) {
	case RUSAGE_SELF:
		process_times(current->process, &times);
		break;
	case RUSAGE_CHILDREN:
		times = current->process->dead_children;
		break;
	case RUSAGE_THREAD:
		thread_usage(current, &times);
		break;
	default:
		return -EINVAL;
	}
	return rusage_to_user(u, &times);
}

long sys_times(uaddr u)
{
	const struct cpu_times *children = &current->process->dead_children;
	struct cpu_times own;
	struct tms tms;

	if (u) {
		process_times(current->process, &own);
		tms = (struct tms){
			.tms_utime = own.user_nsec / TICK_NSEC,
			.tms_stime = own.system_nsec / TICK_NSEC,
			.tms_cutime = children->user_nsec / TICK_NSEC,
			.tms_cstime = children->system_nsec / TICK_NSEC,
		};
		if (copy_to_user(u, &tms, sizeof(tms)))
			return -EFAULT;
	}
	return clock_nsec() / TICK_NSEC;
}
