// SPDX-License-Identifier: MIT
/* fs/proc_pid.c - the directories /proc/PID, /proc/PID/task and /proc/PID/task/TID.
 *
 * What a directory of a task holds is listed once, in fs/proc_pid_list.h; some rows apply to
 * processes only, some to threads only. Both kinds of directory are about the task of one struct
 * pid; for those of threads proc_node.thread is set, and files then tell of that thread alone.
 * hidepid: a hidden process's directory cannot be entered (PROC-04).
 * Listing /proc/PID/task goes on behind the thread emitted last, whose tid is kept in dir_cookie,
 * so it is linear; if that thread is gone, by counting. Locks: BKL. Checkpoint: none. */

#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "lib/print.h"

#define NUMBER_SIZE 16

#define TEXT(name_, perm, flags_, show_) int show_(struct text *t, struct proc_open *po);
#define KNOB(name_, perm, flags_, show_, store_)           \
	int show_(struct text *t, struct proc_open *po);   \
	ssize_t store_(struct proc_open *po, const char *text, size_t len, u64 pos);
#define PATH(name_, follow_) int follow_(const struct proc_node *n, struct path *out);
#define ENTRY(name_) extern const struct proc_entry proc_##name_##_entry;
#include "fs/proc_pid_list.h"
#undef TEXT
#undef KNOB
#undef PATH
#undef ENTRY

static const struct proc_entry *const pid_rows[] = {
#define TEXT(name_, perm, flags_, show_)                                                \
	&(const struct proc_entry){ .name = name_, .mode = S_IFREG | (perm), .flags = flags_, \
				    .show = show_ },
#define KNOB(name_, perm, flags_, show_, store_)                                        \
	&(const struct proc_entry){ .name = name_, .mode = S_IFREG | (perm), .flags = flags_, \
				    .show = show_, .store = store_ },
#define PATH(name_, follow_)                                                            \
	&(const struct proc_entry){ .name = name_, .mode = S_IFLNK | 0777, .follow = follow_ },
#define ENTRY(name_) &proc_##name_##_entry,
#include "fs/proc_pid_list.h"
#undef TEXT
#undef KNOB
#undef PATH
#undef ENTRY
};
static struct proc_table pid_table = { .rows = pid_rows, .nr = ARRAY_SIZE(pid_rows) };

/* --- /proc/PID and /proc/PID/task/TID --- */

static int proc_pid_find(struct super *sb, const struct proc_node *dir, const char *name,
			 struct proc_node *out)
{
	(void)sb;
	return proc_table_find(&pid_table, dir, name, out);
}

static int proc_pid_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	proc_table_list(&pid_table, dir, f, s);
	return 0;
}

/* PROC-03, 04: hidepid=1 refuses, hidepid=2 denies that there is such a process. */
static int proc_pid_permission(struct inode *i, unsigned mask)
{
	struct task *t = to_proc_node(i)->pid->task;

	if (!t)
		return -ESRCH;
	if (!proc_task_visible(i->sb, t, HIDEPID_NOACCESS)) {
		bool invisible = to_proc_super(i->sb)->hidepid == HIDEPID_INVISIBLE;

		return deny(invisible ? ENOENT : EPERM, PROC_04);
	}
	return generic_permission(i, mask);
}

static unsigned pid_subdirs(bool thread)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(pid_rows); i++)
		if (S_ISDIR(pid_rows[i]->mode) && !(thread && (pid_rows[i]->flags & PROC_LEADER)))
			nr++;
	return nr;
}

static bool proc_pid_refresh(struct inode *i, const struct proc_node *n)
{
	static unsigned subdirs[2];	/* of a process, of a thread; found once */

	if (!subdirs[n->thread])
		subdirs[n->thread] = pid_subdirs(n->thread);
	i->nlink = 2 + subdirs[n->thread];
	return true;
}

const struct proc_entry proc_pid_dir_entry = {
	.name = "PID",
	.mode = S_IFDIR | 0555,
	.find = proc_pid_find,
	.list = proc_pid_list,
	.permission = proc_pid_permission,
	.refresh = proc_pid_refresh,
};

const struct proc_entry proc_tid_dir_entry = {
	.name = "TID",
	.mode = S_IFDIR | 0555,
	.find = proc_pid_find,
	.list = proc_pid_list,
	.refresh = proc_pid_refresh,
};

/* --- /proc/PID/task --- */

static int proc_task_find(struct super *sb, const struct proc_node *dir, const char *name,
			  struct proc_node *out)
{
	struct pid *pid;
	u32 nr;

	if (!proc_parse_number(name, &nr) || nr > PID_MAX_LIMIT)
		return -ENOENT;
	pid = pid_find(proc_pid_ns(sb), nr);
	if (!pid || !pid->task || pid->task->process != dir->pid->task->process)
		return -ENOENT;
	out->entry = &proc_tid_dir_entry;
	out->pid = pid;
	out->thread = true;
	return 0;
}

static struct task *process_thread_at(struct process *p, u64 index)
{
	struct task *t;

	for_each_thread(t, p)
		if (index-- == 0)
			return t;
	return NULL;
}

static struct task *process_thread_next(struct process *p, struct task *t)
{
	struct list *next = t->thread.next;

	return next == &p->threads ? NULL : list_entry(next, struct task, thread);
}

/* Where a listing goes on: behind the thread it ended with, if that is still there. */
static struct task *proc_task_resume(struct process *p, struct file *f)
{
	struct pid_ns *ns = proc_pid_ns(f->inode->sb);
	struct pid *last = f->pos > PROC_POS_FIRST ? pid_find(ns, f->dir_cookie) : NULL;

	if (last && last->task && last->task->process == p)
		return process_thread_next(p, last->task);
	return process_thread_at(p, f->pos - PROC_POS_FIRST);
}

static int proc_task_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	struct process *p = dir->pid->task->process;
	struct pid_ns *ns = proc_pid_ns(f->inode->sb);
	struct proc_node child = { .entry = &proc_tid_dir_entry, .thread = true };
	struct task *t;

	for (t = proc_task_resume(p, f); t; t = process_thread_next(p, t)) {
		char name[NUMBER_SIZE];
		s32 tid = pid_nr_in(t->pid, ns);

		child.pid = t->pid;
		snprintf(name, sizeof(name), "%d", tid);
		if (tid && !proc_emit(f, s, name, &child, f->pos + 1))
			return 0;
		f->dir_cookie = tid;
	}
	return 0;
}

static bool proc_task_refresh(struct inode *i, const struct proc_node *n)
{
	i->nlink = 2 + n->pid->task->process->nr_threads;
	return true;
}

const struct proc_entry proc_task_entry = {
	.name = "task",
	.mode = S_IFDIR | 0555,
	.flags = PROC_LEADER,
	.find = proc_task_find,
	.list = proc_task_list,
	.refresh = proc_task_refresh,
};

struct pid *proc_dir_pid(const struct file *f)
{
	const struct proc_node *n;

	if (f->inode->sb->type != &proc_fs_type)
		return NULL;
	n = to_proc_node(f->inode);
	return n->entry == &proc_pid_dir_entry ? n->pid : NULL;
}
