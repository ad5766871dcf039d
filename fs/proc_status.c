// SPDX-License-Identifier: MIT
/* fs/proc_status.c - /proc/PID/status: a task in words, a line for each property.
 *
 * Process numbers are those of the mount's pid namespace, and for the NS lines those of all
 * namespaces below it; user and group ids are those of the user namespace of who opened the file
 * (PROC-07). Lines come in the order of proc(5); tasks without memory have no Vm lines.
 * See proc(5). */

#include "fs/fdtable.h"
#include "fs/proc_fs.h"
#include "kernel/cred.h"
#include "kernel/seccomp.h"
#include "mm/frame.h"
#include "mm/mm.h"

#define PAGE_KB (PAGE_SIZE / 1024)
#define LINUX_NODES_MAX 1024		/* the width of Mems_allowed on distributions' kernels */

/* A name with newlines and backslashes made visible. */
static void status_name(struct text *t, const char *comm)
{
	text_puts(t, "Name:\t");
	for (; *comm; comm++) {
		if (*comm == '\n')
			text_puts(t, "\\n");
		else if (*comm == '\\')
			text_puts(t, "\\\\");
		else
			text_putc(t, *comm);
	}
	text_putc(t, '\n');
}

static void status_ids(struct text *t, struct proc_open *po)
{
	const struct cred *c = po->task->real_cred;
	const struct user_ns *ns = proc_reader_user_ns(po);
	const struct groups *g = c->groups;

	text_printf(t, "Uid:\t%u\t%u\t%u\t%u\n", from_uid_munged(ns, c->uid),
		    from_uid_munged(ns, c->euid), from_uid_munged(ns, c->suid),
		    from_uid_munged(ns, c->fsuid));
	text_printf(t, "Gid:\t%u\t%u\t%u\t%u\n", from_gid_munged(ns, c->gid),
		    from_gid_munged(ns, c->egid), from_gid_munged(ns, c->sgid),
		    from_gid_munged(ns, c->fsgid));
	text_printf(t, "FDSize:\t%u\nGroups:\t", po->task->files ? po->task->files->size : 0);
	for (u32 i = 0; g && i < g->nr; i++)
		text_printf(t, "%u ", from_gid_munged(ns, g->ids[i]));
	text_puts(t, g && g->nr ? "\n" : " \n");
}

/* The numbers of a pid in the namespaces of the task, from the mount's down to its own. */
static void status_numbers(struct text *t, const char *label, const struct task *task,
			   const struct pid *pid, u32 from)
{
	text_puts(t, label);
	for (u32 level = from; level <= task->pid->level; level++)
		text_printf(t, "\t%d", pid_nr_in(pid, task->pid->numbers[level].ns));
	text_putc(t, '\n');
}

static void status_identity(struct text *t, struct proc_open *po)
{
	const struct pid_ns *ns = proc_reader_pid_ns(po);
	const struct task *task = po->task;
	const struct process *p = task->process;

	status_name(t, task->comm);
	if (task->fs)
		text_printf(t, "Umask:\t%#04o\n", task->fs->umask);
	text_printf(t, "State:\t%s\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t%d\n",
		    proc_state_text(task), pid_nr_in(p->tgid, ns), pid_nr_in(task->pid, ns),
		    proc_ppid(task, ns), task->tracer ? pid_nr_in(task->tracer->tgid, ns) : 0);
	status_ids(t, po);
	/* PIDNS-40 */
	status_numbers(t, "NStgid:", task, p->tgid, ns->level);
	status_numbers(t, "NSpid:", task, task->pid, ns->level);
	status_numbers(t, "NSpgid:", task, p->pgid, ns->level);
	status_numbers(t, "NSsid:", task, p->sid, ns->level);
}

static void status_kb(struct text *t, const char *label, u64 pages)
{
	text_printf(t, "%s:\t%8lu kB\n", label, pages * PAGE_KB);
}

static void status_memory(struct text *t, struct mm *mm)
{
	u64 rss = mm_rss(mm);
	u64 text_pages = proc_text_pages(mm);

	status_kb(t, "VmPeak", MAX(mm->total_peak, mm->total_pages));
	status_kb(t, "VmSize", mm->total_pages);
	status_kb(t, "VmLck", mm->locked_pages);
	status_kb(t, "VmPin", 0);
	status_kb(t, "VmHWM", mm_rss_peak(mm));
	status_kb(t, "VmRSS", rss);
	status_kb(t, "RssAnon", mm->anon_rss);
	status_kb(t, "RssFile", mm->file_rss);
	status_kb(t, "RssShmem", mm->shmem_rss);
	status_kb(t, "VmData", mm->data_pages);
	status_kb(t, "VmStk", mm->stack_pages);
	status_kb(t, "VmExe", text_pages);
	status_kb(t, "VmLib", mm->exec_pages > text_pages ? mm->exec_pages - text_pages : 0);
	status_kb(t, "VmPTE", mm->pt.nr_tables);
	status_kb(t, "VmSwap", 0);
	status_kb(t, "HugetlbPages", 0);
	text_puts(t, "CoreDumping:\t0\nTHP_enabled:\t0\n");
}

static void status_set(struct text *t, const char *label, u64 set)
{
	text_printf(t, "%s:\t%016lx\n", label, set);
}

static void status_signals(struct text *t, struct task *task)
{
	struct signal_sets s;

	proc_signal_sets(task, &s);
	text_printf(t, "Threads:\t%u\nSigQ:\t%lu/%lu\n", task->process->nr_threads,
		    task->real_cred->user->pending_signals,
		    process_limit(task->process, RLIMIT_SIGPENDING));
	status_set(t, "SigPnd", s.pending);
	status_set(t, "ShdPnd", s.shared);
	status_set(t, "SigBlk", s.blocked);
	status_set(t, "SigIgn", s.ignored);
	status_set(t, "SigCgt", s.caught);
}

static void status_capabilities(struct text *t, const struct task *task)
{
	const struct cred *c = task->real_cred;

	status_set(t, "CapInh", c->cap_inheritable);
	status_set(t, "CapPrm", c->cap_permitted);
	status_set(t, "CapEff", c->cap_effective);
	status_set(t, "CapBnd", c->cap_bounding);
	status_set(t, "CapAmb", c->cap_ambient);
	text_printf(t, "NoNewPrivs:\t%d\nSeccomp:\t%d\nSeccomp_filters:\t%u\n",
		    !!(task->flags & TASK_NO_NEW_PRIVS), seccomp_mode(task),
		    seccomp_filter_count(task));
	text_puts(t, "Speculation_Store_Bypass:\tvulnerable\n");
	text_puts(t, "SpeculationIndirectBranch:\tconditional enabled\n");
}

static void status_placement(struct text *t, const struct task *task)
{
	u64 cpus = task->affinity & cpus_online_mask();
	u64 nodes = BIT(node_count) - 1;

	text_puts(t, "Cpus_allowed:\t");
	text_bitmap_hex(t, cpus, cpu_count);
	text_puts(t, "\nCpus_allowed_list:\t");
	text_bitmap_list(t, cpus);
	text_puts(t, "\nMems_allowed:\t");
	text_bitmap_hex(t, nodes, LINUX_NODES_MAX);
	text_puts(t, "\nMems_allowed_list:\t");
	text_bitmap_list(t, nodes);
	text_printf(t, "\nvoluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n",
		    task->voluntary_switches, task->involuntary_switches);
}

int proc_status_show(struct text *t, struct proc_open *po)
{
	status_identity(t, po);
	if (po->task->mm)
		status_memory(t, po->task->mm);
	status_signals(t, po->task);
	status_capabilities(t, po->task);
	status_placement(t, po->task);
	return t->error;
}
