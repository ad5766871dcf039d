// SPDX-License-Identifier: MIT
/* fs/proc_stat.c - /proc/PID/stat and statm: a task as one line of numbers, as ps and top read it.
 *
 * The 52 fields of stat come in the order of proc(5). Process numbers are those of the mount's pid
 * namespace (PROC-07). Addresses and the exit code are shown only to who may look into
 * the task, others read 0 (1 for the code).  See proc(5). */

#include "fs/fdtable.h"
#include "fs/proc_fs.h"
#include "fs/tty.h"
#include "kernel/sched.h"
#include "mm/mm.h"

#define NSEC_PER_TICK (NSEC_PER_SEC / 100)	/* USER_HZ */
#define SIGMASK_STANDARD 0x7fffffffUL
#define NICE_0_PRIO 20
#define RT_PRIO_BASE (-1)

/* The flags of proc(5)'s field 9 that have a meaning here. */
#define PF_EXITING    0x00000004
#define PF_FORKNOEXEC 0x00000040
#define PF_KTHREAD    0x00200000
#define PF_RANDOMIZE  0x00400000

static const char *const state_texts[] = {
	[TASK_RUNNING] = "R (running)",	 [TASK_INTERRUPTIBLE] = "S (sleeping)",
	[TASK_KILLABLE] = "D (disk sleep)", [TASK_UNINTERRUPTIBLE] = "D (disk sleep)",
	[TASK_STOPPED] = "T (stopped)",	 [TASK_TRACED] = "t (tracing stop)",
	[TASK_ZOMBIE] = "Z (zombie)",	 [TASK_DEAD] = "X (dead)",
};

const char *proc_state_text(const struct task *t)
{
	return state_texts[t->state];
}

s32 proc_ppid(const struct task *t, const struct pid_ns *ns)
{
	const struct process *parent = t->process->parent;

	return parent ? pid_nr_in(parent->tgid, ns) : 0;
}

/* Most are; SIG_DFL is 0. */
static inline bool four_default(const struct sig_action *a)
{
	return !(a[0].handler | a[1].handler | a[2].handler | a[3].handler);
}

void proc_signal_sets(struct task *t, struct signal_sets *s)
{
	const struct sig_action *actions;

	memset(s, 0, sizeof(*s));
	s->pending = t->pending.set;
	s->shared = t->process->pending.set;
	s->blocked = t->blocked;
	if (!t->sighand)
		return;
	actions = t->sighand->action;
	for (int sig = 1; sig <= SIG_MAX; sig++) {
		const struct sig_action *a = &actions[sig - 1];

		while (sig <= SIG_MAX - 3 && four_default(a))
			a += 4, sig += 4;
		if (sig > SIG_MAX || a->handler == (uaddr)SIG_DFL)
			continue;
		if (a->handler == (uaddr)SIG_IGN)
			s->ignored |= SIGMASK(sig);
		else
			s->caught |= SIGMASK(sig);
	}
}

u64 proc_text_pages(const struct mm *mm)
{
	return (ALIGN_UP(mm->code_end, PAGE_SIZE) - ALIGN_DOWN(mm->code_start, PAGE_SIZE)) >>
	       PAGE_SHIFT;
}

static u32 stat_flags(const struct task *t)
{
	u32 flags = t->flags & TASK_KTHREAD ? PF_KTHREAD : PF_RANDOMIZE;

	if (t->flags & TASK_EXITING)
		flags |= PF_EXITING;
	if (t->flags & TASK_FORKNOEXEC)
		flags |= PF_FORKNOEXEC;
	return flags;
}

/* Times of the process, or of the one thread that the node is about. */
static void stat_times(struct proc_open *po, struct cpu_times *own, struct cpu_times *children)
{
	struct task *t = po->task;

	memset(children, 0, sizeof(*children));
	if (!po->node->thread) {
		process_times(t->process, own);
		*children = t->process->dead_children;
		return;
	}
	memset(own, 0, sizeof(*own));
	task_times(t, &own->user_nsec, &own->system_nsec);
}

static void text_fields(struct text *t, const u64 *numbers, unsigned nr)
{
	for (unsigned i = 0; i < nr; i++)
		text_field(t, numbers[i]);
}
#define TEXT_FIELDS(t, ...)                           \
	text_fields(t, (const u64[]){ __VA_ARGS__ },  \
		    sizeof((const u64[]){ __VA_ARGS__ }) / sizeof(u64))

/* Fields 1 to 8: who it is. */
static void stat_identity(struct text *t, struct proc_open *po)
{
	const struct pid_ns *ns = proc_reader_pid_ns(po);
	const struct process *p = po->task->process;
	struct pid *foreground = p->tty ? tty_foreground(p->tty) : NULL;

	char *to;

	text_decimal(t, pid_nr_in(po->task->pid, ns));
	to = text_room(t, COMM_SIZE + sizeof(" () S"));
	if (!to)
		return;
	*to++ = ' ';
	*to++ = '(';
	for (const char *c = po->task->comm; *c; c++)
		*to++ = *c;
	*to++ = ')';
	*to++ = ' ';
	*to++ = *proc_state_text(po->task);
	text_took(t, to);
	TEXT_FIELDS(t, proc_ppid(po->task, ns), pid_nr_in(p->pgid, ns), pid_nr_in(p->sid, ns),
		    p->tty ? dev_encode(tty_dev(p->tty)) : 0);
	text_field_signed(t, foreground ? pid_nr_in(foreground, ns) : -1);
}

/* Fields 9 to 22: what it used. */
static void stat_usage(struct text *t, struct proc_open *po)
{
	const struct task *task = po->task;
	struct cpu_times own, children;
	int priority = task->rt_priority ? RT_PRIO_BASE - task->rt_priority
					 : NICE_0_PRIO + task_nice(task);
	u64 start = po->node->thread ? task->start_nsec : task->process->start_nsec;

	stat_times(po, &own, &children);
	TEXT_FIELDS(t, stat_flags(task), own.min_flt, children.min_flt, own.maj_flt,
		    children.maj_flt, own.user_nsec / NSEC_PER_TICK,
		    own.system_nsec / NSEC_PER_TICK, children.user_nsec / NSEC_PER_TICK,
		    children.system_nsec / NSEC_PER_TICK);
	text_field_signed(t, priority);
	text_field_signed(t, task_nice(task));
	TEXT_FIELDS(t, task->process->nr_live, 0, start / NSEC_PER_TICK);
}

/* Fields 23 to 30: how large it is. */
static void stat_memory(struct text *t, const struct task *task, bool permitted)
{
	const struct mm *mm = task->mm;
	u64 limit = process_limit(task->process, RLIMIT_RSS);

	if (!mm)
		TEXT_FIELDS(t, 0, 0, limit, 0, 0, 0);
	else
		TEXT_FIELDS(t, mm->total_pages * PAGE_SIZE,
			    mm->anon_rss + mm->file_rss + mm->shmem_rss, limit,
			    permitted ? mm->code_start : 1, permitted ? mm->code_end : 1,
			    permitted ? mm->stack_start : 0);
	text_add(t, " 0 0", 4);
}

/* Fields 31 to 44: signals and scheduling. */
static void stat_signals(struct text *t, struct task *task, bool permitted)
{
	struct signal_sets s;

	proc_signal_sets(task, &s);
	TEXT_FIELDS(t, s.pending & SIGMASK_STANDARD, s.blocked & SIGMASK_STANDARD,
		    s.ignored & SIGMASK_STANDARD, s.caught & SIGMASK_STANDARD,
		    permitted && task->state != TASK_RUNNING);
	text_add(t, " 0 0", 4);
	text_field_signed(t, task->exit_signal);
	TEXT_FIELDS(t, task->se.cpu, task->rt_priority, task->policy);
	text_add(t, " 0 0 0", 6);
}

/* Fields 45 to 52: where its data, arguments and environment are. */
static void stat_areas(struct text *t, const struct task *task, bool permitted)
{
	const struct mm *mm = permitted ? task->mm : NULL;

	if (mm)
		TEXT_FIELDS(t, mm->data_start, mm->data_end, mm->brk_start, mm->arg_start,
			    mm->arg_end, mm->env_start, mm->env_end);
	else
		TEXT_FIELDS(t, 0, 0, 0, 0, 0, 0, 0);
	text_field_signed(t, permitted ? task->exit_code : 0);
	text_putc(t, '\n');
}

int proc_stat_show(struct text *t, struct proc_open *po)
{
	bool permitted = proc_may_access(po->task, ACCESS_READ | ACCESS_FSCREDS);

	stat_identity(t, po);
	stat_usage(t, po);
	stat_memory(t, po->task, permitted);
	stat_signals(t, po->task, permitted);
	stat_areas(t, po->task, permitted);
	return t->error;
}

int proc_statm_show(struct text *t, struct proc_open *po)
{
	const struct mm *mm = po->task->mm;
	u64 shared;

	if (!mm) {
		text_puts(t, "0 0 0 0 0 0 0\n");
		return t->error;
	}
	shared = mm->file_rss + mm->shmem_rss;
	text_printf(t, "%lu %lu %lu %lu 0 %lu 0\n", mm->total_pages, mm->anon_rss + shared, shared,
		    proc_text_pages(mm), mm->data_pages + mm->stack_pages);
	return t->error;
}
