// SPDX-License-Identifier: MIT
/* fs/proc_attrs.c - the small files of a task: comm, io, wchan, syscall, personality and the like.
 *
 * What tells where a task is or what it does is shown to those who may look into it; others get
 * Linux's errno or a zero. See proc(5). */

#include "fs/proc_fs.h"
#include "kernel/cred.h"
#include "kernel/deny.h"
#include "kernel/panic.h"
#include "kernel/sched.h"
#include "mm/mm.h"

#define TIMER_SLACK_DEFAULT_NSEC 50000
#define SCHED_NAME_RULE "-------------------------------------------------------------------\n"
#define UNSET_ID ((u32)-1)

/* --- comm --- */

int proc_comm_show(struct text *t, struct proc_open *po)
{
	text_printf(t, "%s\n", po->task->comm);
	return t->error;
}

/* Threads of one process name each other. What is too long is cut. */
ssize_t proc_comm_store(struct proc_open *po, const char *text, size_t len, u64 pos)
{
	char name[COMM_SIZE] = "";

	(void)pos;
	if (po->task->process != current->process)
		return deny(EINVAL, EXT_CRED_03);
	memcpy(name, text, MIN(len, sizeof(name) - 1));
	task_set_comm(po->task, name);
	return len;
}

/* --- where it is --- */

int proc_wchan_show(struct text *t, struct proc_open *po)
{
	const struct task *task = po->task;
	const char *where = task_sleeps_in(task);

	if (where && proc_may_access(po->task, ACCESS_READ | ACCESS_FSCREDS))
		text_puts(t, where);
	else
		text_putc(t, '0');
	return t->error;
}

/* Attach access, which is what the registers of another task need. */
static int need_attach(struct task *t)
{
	return proc_may_access(t, ACCESS_ATTACH | ACCESS_FSCREDS) ? 0 : deny(EPERM, EXT_CRED_03);
}

int proc_syscall_show(struct text *t, struct proc_open *po)
{
	struct task *task = po->task;
	const struct regs *r = task_user_regs(&task->arch);
	int err = need_attach(task);

	if (err)
		return err;
	if (task->flags & TASK_KTHREAD)
		text_puts(t, "-1 0x0 0x0\n");
	else if (task->state == TASK_RUNNING && task != current)
		text_puts(t, "running\n");
	else if (task->syscall_nr < 0)
		text_printf(t, "-1 0x%lx 0x%lx\n", r->rsp, r->rip);
	else
		text_printf(t, "%ld 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx 0x%lx\n",
			    task->syscall_nr, r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9, r->rsp,
			    r->rip);
	return t->error;
}

int proc_personality_show(struct text *t, struct proc_open *po)
{
	int err = need_attach(po->task);

	if (err)
		return err;
	text_printf(t, "%08x\n", po->task->personality);
	return t->error;
}

/* --- what it used --- */

/* Of a process: the sum over its threads that live. */
int proc_io_show(struct text *t, struct proc_open *po)
{
	u64 read_chars = 0, write_chars = 0, reads = 0, writes = 0;
	struct task *task;

	if (!proc_may_access(po->task, ACCESS_READ | ACCESS_FSCREDS))
		return deny(EACCES, EXT_CRED_03);
	for_each_thread(task, po->task->process) {
		if (po->node->thread && task != po->task)
			continue;
		read_chars += task->io_read_chars;
		write_chars += task->io_write_chars;
		reads += task->io_read_calls;
		writes += task->io_write_calls;
	}
	text_printf(t, "rchar: %lu\nwchar: %lu\nsyscr: %lu\nsyscw: %lu\n", read_chars, write_chars,
		    reads, writes);
	text_puts(t, "read_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n");
	return t->error;
}

int proc_schedstat_show(struct text *t, struct proc_open *po)
{
	const struct task *task = po->task;

	u64 user, system;

	task_times(task, &user, &system);
	text_printf(t, "%lu 0 %lu\n", user + system,
		    task->voluntary_switches + task->involuntary_switches);
	return t->error;
}

static void sched_msec(struct text *t, const char *label, u64 nsec)
{
	text_printf(t, "%-45s:%14lu.%06lu\n", label, nsec / NSEC_PER_MSEC, nsec % NSEC_PER_MSEC);
}

static void sched_number(struct text *t, const char *label, u64 n)
{
	text_printf(t, "%-45s:%21lu\n", label, n);
}

int proc_sched_show(struct text *t, struct proc_open *po)
{
	const struct task *task = po->task;

	text_printf(t, "%s (%d, #threads: %u)\n" SCHED_NAME_RULE, task->comm,
		    pid_nr_in(task->pid, proc_reader_pid_ns(po)), task->process->nr_threads);
	sched_msec(t, "se.exec_start", task->se.run_start);
	sched_msec(t, "se.vruntime", task->se.vruntime);
	sched_msec(t, "se.sum_exec_runtime", task->se.sum_exec);
	sched_number(t, "nr_switches", task->voluntary_switches + task->involuntary_switches);
	sched_number(t, "nr_voluntary_switches", task->voluntary_switches);
	sched_number(t, "nr_involuntary_switches", task->involuntary_switches);
	sched_number(t, "se.load.weight", task->se.weight);
	sched_number(t, "policy", task->policy);
	sched_number(t, "prio", task->static_prio);
	return t->error;
}

/* --- kin and identity --- */

/* The children that this thread made, or that were given to it. */
int proc_children_show(struct text *t, struct proc_open *po)
{
	const struct pid_ns *ns = proc_reader_pid_ns(po);
	struct process *child;

	list_for_each(child, &po->task->made, made_link)
		text_printf(t, "%d ", pid_nr_in(child->tgid, ns));
	return t->error;
}

/* loginuid and sessionid: nobody has logged in. */
int proc_unset_id_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_printf(t, "%u", UNSET_ID);
	return t->error;
}

/* --- what a core would hold --- */

#define CORE_FILTER_KNOWN 0x1ff

int proc_core_filter_show(struct text *t, struct proc_open *po)
{
	if (po->task->mm)
		text_printf(t, "%08x\n", po->task->mm->core_filter);
	return t->error;
}

ssize_t proc_core_filter_store(struct proc_open *po, const char *text, size_t len, u64 pos)
{
	long value;
	ssize_t n = sysctl_parse(text, len, &value);

	(void)pos;
	if (n < 0)
		return n;
	if (!po->task->mm)
		return -ESRCH;
	po->task->mm->core_filter = value & CORE_FILTER_KNOWN;
	return len;
}

/* --- timer slack --- */

static int timerslack_permitted(struct task *t)
{
	if (t == current || capable_in(t->real_cred->user_ns, CAP_SYS_NICE))
		return 0;
	return deny(EPERM, EXT_CRED_10);
}

int proc_timerslack_show(struct text *t, struct proc_open *po)
{
	int err = timerslack_permitted(po->task);

	if (err)
		return err;
	text_printf(t, "%lu\n", po->task->timer_slack);
	return t->error;
}

ssize_t proc_timerslack_store(struct proc_open *po, const char *text, size_t len, u64 pos)
{
	long value;
	ssize_t n = sysctl_parse(text, len, &value);
	int err;

	(void)pos;
	if (n < 0 || value < 0)
		return -EINVAL;
	err = timerslack_permitted(po->task);
	if (err)
		return err;
	po->task->timer_slack = value ? (u64)value : TIMER_SLACK_DEFAULT_NSEC;
	return len;
}
