// SPDX-License-Identifier: MIT
/* fs/proc_limits.c - /proc/PID/limits, oom_score and oom_score_adj.
 *
 * Lowering oom_score_adj below what a privileged task last set needs CAP_SYS_RESOURCE. The score is
 * that of Linux: the share of memory a process would free, moved by the adjustment.
 * See getrlimit(2), proc(5). */

#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "mm/frame.h"
#include "mm/mm.h"

#define OOM_ADJ_MIN (-1000)
#define OOM_ADJ_MAX 1000
#define OOM_SCALE 1000

static const struct {
	const char *name, *unit;
} limit_rows[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = { "Max cpu time", "seconds" },
	[RLIMIT_FSIZE] = { "Max file size", "bytes" },
	[RLIMIT_DATA] = { "Max data size", "bytes" },
	[RLIMIT_STACK] = { "Max stack size", "bytes" },
	[RLIMIT_CORE] = { "Max core file size", "bytes" },
	[RLIMIT_RSS] = { "Max resident set", "bytes" },
	[RLIMIT_NPROC] = { "Max processes", "processes" },
	[RLIMIT_NOFILE] = { "Max open files", "files" },
	[RLIMIT_MEMLOCK] = { "Max locked memory", "bytes" },
	[RLIMIT_AS] = { "Max address space", "bytes" },
	[RLIMIT_LOCKS] = { "Max file locks", "locks" },
	[RLIMIT_SIGPENDING] = { "Max pending signals", "signals" },
	[RLIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" },
	[RLIMIT_NICE] = { "Max nice priority", NULL },
	[RLIMIT_RTPRIO] = { "Max realtime priority", NULL },
	[RLIMIT_RTTIME] = { "Max realtime timeout", "us" },
};

static void limit_value(struct text *t, u64 value)
{
	if (value == RLIM64_INFINITY)
		text_printf(t, "%-20s ", "unlimited");
	else
		text_printf(t, "%-20lu ", value);
}

int proc_limits_show(struct text *t, struct proc_open *po)
{
	const struct rlimit64 *limits = po->task->process->limits;

	text_printf(t, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (unsigned i = 0; i < RLIM_NLIMITS; i++) {
		text_printf(t, "%-25s ", limit_rows[i].name);
		limit_value(t, limits[i].rlim_cur);
		limit_value(t, limits[i].rlim_max);
		if (limit_rows[i].unit)
			text_printf(t, "%-10s", limit_rows[i].unit);
		text_putc(t, '\n');
	}
	return t->error;
}

/* --- the out-of-memory score --- */

int proc_oom_score_show(struct text *t, struct proc_open *po)
{
	const struct mm *mm = po->task->mm;
	s64 adj = po->task->process->oom_score_adj, score = 0;
	struct memory_totals totals;

	memory_totals(&totals);
	if (mm && adj != OOM_ADJ_MIN) {
		s64 total = totals.total_pages;
		s64 pages = mm->anon_rss + mm->file_rss + mm->shmem_rss + mm->pt.nr_tables;

		pages += adj * total / OOM_SCALE;
		score = MAX((OOM_SCALE + pages * OOM_SCALE / total) * 2 / 3, 0L);
	}
	text_printf(t, "%ld\n", score);
	return t->error;
}

int proc_oom_adj_show(struct text *t, struct proc_open *po)
{
	text_printf(t, "%d\n", po->task->process->oom_score_adj);
	return t->error;
}

ssize_t proc_oom_adj_store(struct proc_open *po, const char *text, size_t len, u64 pos)
{
	struct process *p = po->task->process;
	long value;
	ssize_t n = sysctl_parse(text, len, &value);

	(void)pos;
	if (n < 0)
		return n;
	if ((size_t)n != len || value < OOM_ADJ_MIN || value > OOM_ADJ_MAX)
		return -EINVAL;
	if (value < p->oom_score_adj_min && !capable_in(&init_user_ns, CAP_SYS_RESOURCE))
		return deny(EACCES, EXT_CRED_01);
	p->oom_score_adj = value;
	if (capable_in(&init_user_ns, CAP_SYS_RESOURCE))
		p->oom_score_adj_min = value;
	return len;
}
