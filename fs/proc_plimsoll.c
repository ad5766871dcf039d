// SPDX-License-Identifier: MIT
/* fs/proc_plimsoll.c - the model's own files: /proc/plimsoll/ and /proc/PID/plimsoll/.
 *
 *   /proc/plimsoll/audit     runs all audits when read from the start (EXT-AUDIT-01)
 *   /proc/plimsoll/state     all tasks, namespaces, mounts and cgroups as JSON (EXT-STATE-01)
 *   /proc/plimsoll/version   what this kernel was built from
 *   /proc/plimsoll/memory    what is in use, once all that could be spared is given back: for leaks
 *   /proc/PID/plimsoll/fail  fault injection (EXT-FAIL-01): "N", "new" or "0" is written; read,
 *                            what came of it
 *   /proc/PID/plimsoll/why   the task's last refusals, newest last (EXT-WHY-01):
 *                            call, errno, rule, place
 * See kernel/audit.h, kernel/deny.h. */

#include <asm/unistd_64.h>

#include "fs/proc_fs.h"
#include "fs/state.h"
#include "kernel/audit.h"
#include "kernel/cred.h"
#include "kernel/cred.h"
#include "kernel/deny.h"
#include "kernel/fail.h"
#include "kernel/panic.h"
#include "mm/frame.h"
#include "mm/slab.h"
#include "version.h"

static const char *const errno_names[] = {
#define ERRNO(name) [name] = #name,
#include "fs/proc_errno_list.h"
#undef ERRNO
};

static const char *const call_names[] = {
#define NAME(x) [__NR_##x] = #x,
#include "kernel/syscall_names.h"
#undef NAME
};

/* --- /proc/plimsoll --- */

static void audit_line(void *sink, const char *line)
{
	text_puts(sink, line);
	text_putc(sink, '\n');
}

static int audit_show(struct text *t, struct proc_open *po)
{
	(void)po;
	audit_run(audit_line, t);
	return t->error;
}

static const struct proc_entry audit_entry = {
	.name = "audit",
	.mode = S_IFREG | 0444,
	.show = audit_show,
};

static int version_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_puts(t, PLIMSOLL_VERSION "\n");
	return t->error;
}

static const struct proc_entry version_entry = {
	.name = "version",
	.mode = S_IFREG | 0444,
	.show = version_show,
};

/* All containers in one file: for root of the machine alone (EXT-STATE-02). */
static int state_open(struct proc_open *po)
{
	(void)po;
	return capable_in(&init_user_ns, CAP_SYS_ADMIN) ? 0 : deny(EPERM, EXT_STATE_02);
}

static const struct proc_entry state_entry = {
	.name = "state",
	.mode = S_IFREG | 0400,
	.open = state_open,
	.show = system_state_show,
};

/* As in-kernel tests look for leaks: kernel/ktest.c. */
static int memory_show(struct text *t, struct proc_open *po)
{
	struct slab_cache *c = NULL;
	struct memory_totals m;

	(void)po;
	dentry_shrink(~0UL);
	slab_shrink();
	memory_totals(&m);
	text_printf(t, "anon_pages %lu\ncache_pages %lu\ntable_pages %lu\nkernel_pages %lu\n",
		    m.anon_pages, m.cache_pages, m.table_pages, m.kernel_pages);
	while ((c = slab_cache_next(c)))
		text_printf(t, "%s %lu\n", slab_cache_name(c), slab_in_use(c));
	return t->error;
}

static const struct proc_entry memory_entry = {
	.name = "memory",
	.mode = S_IFREG | 0400,
	.show = memory_show,
};

static const struct proc_entry *const global_rows[] = { &memory_entry, &audit_entry, &state_entry,
							&version_entry };
static struct proc_table global_table = { .rows = global_rows, .nr = ARRAY_SIZE(global_rows) };

static int plimsoll_find(struct super *sb, const struct proc_node *dir, const char *name,
			 struct proc_node *out)
{
	(void)sb;
	return proc_table_find(&global_table, dir, name, out);
}

static int plimsoll_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	proc_table_list(&global_table, dir, f, s);
	return 0;
}

const struct proc_entry proc_plimsoll_entry = {
	.name = "plimsoll",
	.mode = S_IFDIR | 0555,
	.find = plimsoll_find,
	.list = plimsoll_list,
};

/* --- /proc/PID/plimsoll --- */

static void why_call(struct text *t, u32 nr)
{
	if (nr < ARRAY_SIZE(call_names) && call_names[nr])
		text_puts(t, call_names[nr]);
	else if ((s32)nr < 0)
		text_putc(t, '-');
	else
		text_printf(t, "%u", nr);
}

static void why_errno(struct text *t, u16 err)
{
	if (err < ARRAY_SIZE(errno_names) && errno_names[err])
		text_printf(t, " %s", errno_names[err]);
	else
		text_printf(t, " %u", err);
}

static int why_show(struct text *t, struct proc_open *po)
{
	const struct why_log *log = &po->task->why;
	u64 from = log->count > WHY_MAX ? log->count - WHY_MAX : 0;

	for (u64 n = from; n < log->count; n++) {
		const struct why *w = &log->last[n % WHY_MAX];

		why_call(t, w->syscall);
		why_errno(t, w->err);
		text_printf(t, " %s %s:%u\n", rule_names[w->rule], w->file, w->line);
	}
	return t->error;
}

static const struct proc_entry why_entry = {
	.name = "why",
	.mode = S_IFREG | 0444,
	.flags = PROC_READ_ACCESS,
	.show = why_show,
};

static int fail_show(struct text *t, struct proc_open *po)
{
	const struct fail_state *f = &fail_state;
	u64 offset;

	(void)po;
	text_printf(t, "counted %lu\nfailed %d\n", f->counted, f->failed);
	if (!f->failed)
		return t->error;
	text_puts(t, "call ");
	why_call(t, f->call);
	text_printf(t, "\nfault %d\nreturned %d\nresult %ld\n", f->fault, f->returned, f->result);
	for (u32 i = 0; i < f->depth; i++)
		text_printf(t, "at %s\n", symbol_of(f->stack[i], &offset));
	return t->error;
}

static ssize_t fail_store(struct proc_open *po, const char *text, size_t len, u64 pos)
{
	long nth = FAIL_NEW;

	(void)pos;
	if (!capable_in(&init_user_ns, CAP_SYS_ADMIN))
		return deny(EPERM, EXT_FAIL_01);
	if (strncmp(text, "new", strlen("new")) && (sysctl_parse(text, len, &nth) < 0 || nth < 0))
		return -EINVAL;
	fail_arm(po->task, nth);
	return len;
}

static const struct proc_entry fail_entry = {
	.name = "fail",
	.mode = S_IFREG | 0600,
	.show = fail_show,
	.store = fail_store,
};

static const struct proc_entry *const pid_rows[] = { &fail_entry, &why_entry };
static struct proc_table pid_table = { .rows = pid_rows, .nr = ARRAY_SIZE(pid_rows) };

static int pid_plimsoll_find(struct super *sb, const struct proc_node *dir, const char *name,
			     struct proc_node *out)
{
	(void)sb;
	return proc_table_find(&pid_table, dir, name, out);
}

static int pid_plimsoll_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	proc_table_list(&pid_table, dir, f, s);
	return 0;
}

const struct proc_entry proc_pid_plimsoll_entry = {
	.name = "plimsoll",
	.mode = S_IFDIR | 0555,
	.find = pid_plimsoll_find,
	.list = pid_plimsoll_list,
};
