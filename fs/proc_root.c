// SPDX-License-Identifier: MIT
/* fs/proc_root.c - the top of a proc mount: fixed entries, then a directory for each process.
 *
 * A number names the task with that tid in the mount's pid namespace: threads too, but only
 * processes are listed. Listing walks the numbers upwards from the place where the last read
 * ended (position PID_POS + number), so that a listing costs a step per number, and what comes and
 * goes meanwhile does no harm (PROC-13: whoever reads, the mount's namespace counts).
 * self and thread-self are links to the reader's own number there (PROC-06); a reader that
 * has none finds no such name (PIDNS-38).
 * Locks: BKL. Checkpoint: none. See proc(5). */

#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "lib/print.h"

#define PID_POS 256
#define NUMBER_SIZE 16

/* --- links --- */

static int proc_self_link(struct super *sb, const struct proc_node *n, char *buf, size_t size)
{
	s32 tgid = pid_nr_in(current->process->tgid, proc_pid_ns(sb));
	char digits[DECIMAL_MAX], *end = digits + sizeof(digits), *p;

	(void)n;
	if (!tgid)
		return deny(ENOENT, PIDNS_38);
	p = decimal_before(end, tgid);
	memcpy(buf, p, MIN((size_t)(end - p), size));
	return MIN((size_t)(end - p), size);
}

static int proc_thread_self_link(struct super *sb, const struct proc_node *n, char *buf,
				 size_t size)
{
	s32 tgid = pid_nr_in(current->process->tgid, proc_pid_ns(sb));
	s32 tid = pid_nr_in(current->pid, proc_pid_ns(sb));

	(void)n;
	return tid ? format(buf, size, "%d/task/%d", tgid, tid) : deny(ENOENT, PIDNS_38);
}

static int proc_mounts_link(struct super *sb, const struct proc_node *n, char *buf, size_t size)
{
	(void)sb, (void)n;
	return format(buf, size, "self/mounts");
}

static int proc_net_link(struct super *sb, const struct proc_node *n, char *buf, size_t size)
{
	(void)sb, (void)n;
	return format(buf, size, "self/net");
}

/* --- the table --- */

#define TEXT(name_, perm, show_) int show_(struct text *t, struct proc_open *po);
#define LINK(name_, flags_, readlink_)
#define ENTRY(name_) extern const struct proc_entry proc_##name_##_entry;
#include "fs/proc_root_list.h"
#undef TEXT
#undef LINK
#undef ENTRY

static const struct proc_entry *const root_rows[] = {
#define TEXT(name_, perm, show_) \
	&(const struct proc_entry){ .name = name_, .mode = S_IFREG | (perm), .show = show_ },
#define LINK(name_, flags_, readlink_) \
	&(const struct proc_entry){ .name = name_, .mode = S_IFLNK | 0777, .flags = flags_, \
				    .readlink = readlink_ },
#define ENTRY(name_) &proc_##name_##_entry,
#include "fs/proc_root_list.h"
#undef TEXT
#undef LINK
#undef ENTRY
};
static struct proc_table root_table = { .rows = root_rows, .nr = ARRAY_SIZE(root_rows) };

/* --- processes --- */

/* PROC-04: what hidepid hides is not there. */
static int proc_find_task(struct super *sb, u32 nr, struct proc_node *out)
{
	struct pid *pid = nr <= PID_MAX_LIMIT ? pid_find(proc_pid_ns(sb), nr) : NULL;

	if (!pid || !pid->task)
		return -ENOENT;
	if (to_proc_super(sb)->hidepid == HIDEPID_PTRACEABLE &&
	    !proc_task_visible(sb, pid->task, HIDEPID_NOACCESS))
		return deny(ENOENT, PROC_04);
	out->entry = &proc_pid_dir_entry;
	out->pid = pid;
	return 0;
}

static int proc_root_find(struct super *sb, const struct proc_node *dir, const char *name,
			  struct proc_node *out)
{
	u32 nr;
	int err;

	if (proc_parse_number(name, &nr))
		return proc_find_task(sb, nr, out);
	err = proc_table_find(&root_table, dir, name, out);
	if (!err && to_proc_super(sb)->subset_pid && !(out->entry->flags & PROC_SUBSET))
		err = deny(ENOENT, PROC_02);
	return err;
}

/* Emits the process of pid, unless it is none or hidden. False: the buffer is full. */
static bool proc_list_pid(struct pid *pid, s32 nr, struct file *f, struct dir_sink *s)
{
	struct proc_node child = { .entry = &proc_pid_dir_entry, .pid = pid };
	char name[NUMBER_SIZE];

	if (!pid->process || !pid->task)
		return true;
	if (!proc_task_visible(f->inode->sb, pid->task, HIDEPID_INVISIBLE))
		return true;
	format(name, sizeof(name), "%d", nr);
	return proc_emit(f, s, name, &child, PID_POS + nr + 1);
}

static void proc_list_pids(struct file *f, struct dir_sink *s)
{
	struct pid_ns *ns = proc_pid_ns(f->inode->sb);
	struct pid *pid;

	while (f->pos - PID_POS <= PID_MAX_LIMIT && (pid = pid_next(ns, f->pos - PID_POS))) {
		s32 nr = pid_nr_in(pid, ns);

		if (!proc_list_pid(pid, nr, f, s))
			return;
		f->pos = PID_POS + nr + 1;
	}
}

/* With subset=pid only the rows that stay, which are the last ones. */
static int proc_list_fixed(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	bool subset = to_proc_super(f->inode->sb)->subset_pid;

	while (subset && f->pos - PROC_POS_FIRST < root_table.nr &&
	       !(root_rows[f->pos - PROC_POS_FIRST]->flags & PROC_SUBSET))
		f->pos++;
	return proc_table_list(&root_table, dir, f, s);
}

static int proc_root_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	if (f->pos < PID_POS) {
		if (!proc_list_fixed(dir, f, s))
			return 0;
		f->pos = PID_POS + 1;
	}
	proc_list_pids(f, s);
	return 0;
}

const struct proc_entry proc_root_entry = {
	.name = "/",
	.mode = S_IFDIR | 0555,
	.find = proc_root_find,
	.list = proc_root_list,
};
