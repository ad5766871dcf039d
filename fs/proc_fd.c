// SPDX-License-Identifier: MIT
/* fs/proc_fd.c - what a task has open: fd, fdinfo, and the links cwd, root and exe.
 *
 * Entries of fd are magic links: following one leads to the very object, whatever its name. Reading
 * or following any of these links, and reading fdinfo, needs read access to the task
 * (EACCES); the directory fd itself is its owner's, and always open to the task's own threads.
 * A descriptor is looked up in the task's table at each use; a table is listed from the place where
 * the last read ended, in one pass.
 * Locks: BKL. Checkpoint: none. See proc(5). */

#include "fs/fdtable.h"
#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "lib/print.h"
#include "mm/mm.h"

#define NUMBER_SIZE 16
#define LINK_SIZE 64			/* st_size of links to files */

static const struct proc_entry fd_link_entry, fdinfo_file_entry;

/* Of the node's task; NULL where it has none, or has exited. */
static struct files *node_files(const struct proc_node *n)
{
	return n->pid->task ? n->pid->task->files : NULL;
}

static struct file *node_file(const struct proc_node *n)
{
	struct files *fs = node_files(n);

	return fs ? fd_peek(fs, n->number) : NULL;
}

/* 0, or the refusal that all of these links share. */
static int link_access(const struct proc_node *n)
{
	struct task *t = n->pid->task;

	if (!t)
		return -ENOENT;
	return proc_may_access(t, ACCESS_READ | ACCESS_FSCREDS) ? 0 : deny(EACCES, EXT_CRED_03);
}

static int link_to(const struct path *p, struct path *out)
{
	if (!p->mnt)
		return -ENOENT;
	*out = *p;
	path_get(out);
	return 0;
}

/* --- cwd, root, exe --- */

int proc_cwd_path(const struct proc_node *n, struct path *out)
{
	int err = link_access(n);

	if (err)
		return err;
	return n->pid->task->fs ? link_to(&n->pid->task->fs->cwd, out) : -ENOENT;
}

int proc_root_path(const struct proc_node *n, struct path *out)
{
	int err = link_access(n);

	if (err)
		return err;
	return n->pid->task->fs ? link_to(&n->pid->task->fs->root, out) : -ENOENT;
}

int proc_exe_path(const struct proc_node *n, struct path *out)
{
	const struct mm *mm;
	int err = link_access(n);

	if (err)
		return err;
	mm = n->pid->task->mm;
	return mm && mm->exe_file ? link_to(&((struct file *)mm->exe_file)->path, out) : -ENOENT;
}

/* --- the two directories --- */

static int fd_find_entry(const struct proc_node *dir, const char *name, const struct proc_entry *e,
			 struct proc_node *out)
{
	u32 fd;

	if (!proc_parse_number(name, &fd))
		return -ENOENT;
	out->entry = e;
	out->number = fd;
	out->pid = dir->pid;
	return node_file(out) ? 0 : -ENOENT;
}

static int fd_list_entries(const struct proc_node *dir, const struct proc_entry *e, struct file *f,
			   struct dir_sink *s)
{
	struct proc_node child = { .entry = e, .pid = dir->pid, .thread = dir->thread };
	struct files *fs = node_files(dir);
	int fd;

	while (fs && (fd = fd_next(fs, f->pos - PROC_POS_FIRST)) >= 0) {
		char name[NUMBER_SIZE];

		child.number = fd;
		snprintf(name, sizeof(name), "%d", fd);
		if (!proc_emit(f, s, name, &child, PROC_POS_FIRST + fd + 1))
			break;
	}
	return 0;
}

/* --- fd --- */

static int fd_find(struct super *sb, const struct proc_node *dir, const char *name,
		   struct proc_node *out)
{
	(void)sb;
	return fd_find_entry(dir, name, &fd_link_entry, out);
}

static int fd_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	return fd_list_entries(dir, &fd_link_entry, f, s);
}

/* A task may always look at its own. */
static int fd_permission(struct inode *i, unsigned mask)
{
	struct task *t = to_proc_node(i)->pid->task;

	if (t && t->process == current->process)
		return 0;
	return generic_permission(i, mask);
}

const struct proc_entry proc_fd_entry = {
	.name = "fd",
	.mode = S_IFDIR | 0500,
	.find = fd_find,
	.list = fd_list,
	.permission = fd_permission,
};

static int fd_link_follow(const struct proc_node *n, struct path *out)
{
	int err = link_access(n);
	struct file *f;

	if (err)
		return err;
	f = node_file(n);
	return f ? link_to(&f->path, out) : -ENOENT;
}

/* The permissions of the link say how the file was opened. */
static bool fd_link_refresh(struct inode *i, const struct proc_node *n)
{
	const struct file *f = node_file(n);

	if (!f)
		return false;
	i->mode = S_IFLNK;
	if (f->mode & FMODE_READ)
		i->mode |= S_IRUSR | S_IXUSR;
	if (f->mode & FMODE_WRITE)
		i->mode |= S_IWUSR | S_IXUSR;
	i->size = LINK_SIZE;
	return true;
}

static const struct proc_entry fd_link_entry = {
	.name = "fd/",
	.mode = S_IFLNK | 0700,
	.follow = fd_link_follow,
	.refresh = fd_link_refresh,
};

/* --- fdinfo --- */

static int fdinfo_find(struct super *sb, const struct proc_node *dir, const char *name,
		       struct proc_node *out)
{
	(void)sb;
	return fd_find_entry(dir, name, &fdinfo_file_entry, out);
}

static int fdinfo_list(const struct proc_node *dir, struct file *f, struct dir_sink *s)
{
	return fd_list_entries(dir, &fdinfo_file_entry, f, s);
}

/* Unlike other directories open to all, this one tells what is open. */
static int fdinfo_permission(struct inode *i, unsigned mask)
{
	int err = link_access(to_proc_node(i));

	return err ? err : generic_permission(i, mask);
}

const struct proc_entry proc_fdinfo_entry = {
	.name = "fdinfo",
	.mode = S_IFDIR | 0555,
	.find = fdinfo_find,
	.list = fdinfo_list,
	.permission = fdinfo_permission,
};

static int fdinfo_show(struct text *t, struct proc_open *po)
{
	struct file *f = node_file(po->node);
	u32 flags;

	if (!f)
		return -ENOENT;
	flags = f->flags;
	if (fd_cloexec(node_files(po->node), po->node->number))
		flags |= O_CLOEXEC;
	text_printf(t, "pos:\t%ld\nflags:\t0%o\nmnt_id:\t%d\nino:\t%lu\n", (s64)f->pos, flags,
		    f->path.mnt->id, f->inode->ino);
	t->numbers_of = proc_reader_pid_ns(po);
	if (f->ops->fdinfo)
		f->ops->fdinfo(f, t);
	return t->error;
}

static bool fdinfo_refresh(struct inode *i, const struct proc_node *n)
{
	(void)i;
	return node_file(n) != NULL;
}

static const struct proc_entry fdinfo_file_entry = {
	.name = "fdinfo/",
	.mode = S_IFREG | 0444,
	.flags = PROC_READ_ACCESS,
	.show = fdinfo_show,
	.refresh = fdinfo_refresh,
};
