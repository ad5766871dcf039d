// SPDX-License-Identifier: MIT
/* fs/proc_timers.c - /proc/PID/timers: the POSIX timers of a process.
 *
 *   ID: 0
 *   signal: 60/00007fff86e452a8
 *   notify: signal/pid.2634
 *   ClockID: 0
 *
 * The newest comes first. Locks: BKL. See proc(5). */
#include <asm/siginfo.h>

#include "fs/proc_fs.h"
#include "kernel/pid.h"
#include "kernel/posix_timers.h"
#include "kernel/task.h"
#include "mm/slab.h"

static const char *const notify_names[] = {
	[SIGEV_SIGNAL] = "signal",
	[SIGEV_NONE] = "none",
	[SIGEV_THREAD] = "thread",
};

static void timer_show(struct text *t, const struct posix_timer_view *v, const struct pid_ns *ns)
{
	text_printf(t, "ID: %d\nsignal: %d/%016lx\n", v->id, v->signal, v->value);
	text_printf(t, "notify: %s/%s.%d\nClockID: %d\n",
		    notify_names[v->notify & ~SIGEV_THREAD_ID],
		    v->notify & SIGEV_THREAD_ID ? "tid" : "pid", pid_nr_in(v->target, ns),
		    v->clock_id);
}

int proc_timers_show(struct text *t, struct proc_open *po)
{
	struct process *p = po->task->process;
	struct posix_timer_view v, *all;
	unsigned nr = 0;

	for (u64 id = 0; posix_timer_next(p, &id, &v); id++)
		nr++;
	all = kmalloc_array(nr + 1, sizeof(*all));
	if (!all)
		return -ENOMEM;
	nr = 0;
	for (u64 id = 0; posix_timer_next(p, &id, &all[nr]); id++)
		nr++;
	while (nr)
		timer_show(t, &all[--nr], proc_reader_pid_ns(po));
	kfree(all);
	return t->error;
}
