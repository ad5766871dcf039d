// SPDX-License-Identifier: MIT
/* fs/proc_memory.c - files that are a stretch of a task's memory: mem, cmdline, environ; and auxv.
 *
 * mem is the whole address space by position, readable and writable for who may attach to the task;
 * the others are windows. A read past what is mapped ends short, or is EIO if nothing
 * was read. All but cmdline ask for access when opened.
 * cmdline ends with its last argument's NUL; a program that wrote over that NUL has its title
 * go on into the environment, as setproctitle does.
 * Context: user memory may fault and sleep; the mm is held meanwhile. See proc(5). */

#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "mm/mm.h"
#include "mm/slab.h"

/* --- copying --- */

/* One step through a page buffer. Bytes moved, 0 at unmapped memory, or -errno. */
static ssize_t memory_step_out(struct mm *mm, uaddr from, struct iter *to, void *page, size_t n,
			       bool force)
{
	ssize_t got = mm_access(mm, from, page, n, false, force);

	if (got <= 0)
		return 0;
	return iter_copy_to(to, page, got) == (size_t)got ? got : -EFAULT;
}

static ssize_t memory_step_in(struct mm *mm, uaddr at, struct iter *from, void *page, size_t n)
{
	ssize_t put;

	if (iter_copy_from(from, page, n) != n)
		return -EFAULT;
	put = mm_access(mm, at, page, n, true, true);
	return MAX(put, 0L);
}

/* Copies [from, end) of mm out. Bytes, or -errno where nothing was moved. */
static ssize_t memory_read(struct mm *mm, uaddr from, uaddr end, struct iter *to, bool force)
{
	void *page = kmalloc(PAGE_SIZE);
	ssize_t done = 0, n = 0;

	if (!page)
		return -ENOMEM;
	while (from + done < end && to->count) {
		n = memory_step_out(mm, from + done, to, page,
				    MIN(MIN(end - from - done, to->count), PAGE_SIZE), force);
		if (n <= 0)
			break;
		done += n;
	}
	kfree(page);
	return done ? done : n;
}

static ssize_t memory_write(struct mm *mm, uaddr at, struct iter *from)
{
	void *page = kmalloc(PAGE_SIZE);
	ssize_t done = 0, n = 0;

	if (!page)
		return -ENOMEM;
	while (from->count) {
		n = memory_step_in(mm, at + done, from, page, MIN(from->count, PAGE_SIZE));
		if (n <= 0)
			break;
		done += n;
	}
	kfree(page);
	return done ? done : n;
}

/* --- mem --- */

static ssize_t mem_read(struct file *f, struct iter *to, u64 *pos)
{
	struct mm *mm = to->count ? proc_mm_get_user(to_proc_open(f)) : NULL;
	ssize_t n;

	if (!mm)
		return 0;
	n = *pos < USER_END ? memory_read(mm, *pos, USER_END, to, true) : 0;
	mm_put_user(mm);
	if (n > 0)
		*pos += n;
	return n ? n : -EIO;
}

static ssize_t mem_write(struct file *f, struct iter *from, u64 *pos)
{
	struct mm *mm = from->count ? proc_mm_get_user(to_proc_open(f)) : NULL;
	ssize_t n;

	if (!mm)
		return 0;
	n = *pos < USER_END ? memory_write(mm, *pos, from) : 0;
	mm_put_user(mm);
	if (n > 0)
		*pos += n;
	return n ? n : -EIO;
}

/* Any address is a position; there is no end to seek from. */
static s64 mem_llseek(struct file *f, s64 off, int whence)
{
	if (whence != SEEK_SET && whence != SEEK_CUR)
		return -EINVAL;
	f->pos = whence == SEEK_SET ? (u64)off : f->pos + off;
	return f->pos;
}

static int mem_open(struct proc_open *po)
{
	if (po->task->mm == current->mm ||
	    proc_may_access(po->task, ACCESS_ATTACH | ACCESS_FSCREDS))
		return 0;
	return deny(EACCES, EXT_CRED_03);
}

static const struct file_ops mem_file_ops = {
	.class = "proc_mem",
	.open = proc_file_open,
	.release = proc_file_release,
	.read = mem_read,
	.write = mem_write,
	.llseek = mem_llseek,
};

const struct proc_entry proc_mem_entry = {
	.name = "mem",
	.mode = S_IFREG | 0600,
	.flags = PROC_MM,
	.open = mem_open,
	.fops = &mem_file_ops,
};

/* --- environ --- */

/* Reads [start, end) as a file that begins at position 0. */
static ssize_t window_read(struct mm *mm, uaddr start, uaddr end, struct iter *to, u64 *pos)
{
	ssize_t n;

	if (end <= start || *pos >= end - start)
		return 0;
	n = memory_read(mm, start + *pos, end, to, false);
	if (n > 0)
		*pos += n;
	return n;
}

static ssize_t environ_read(struct file *f, struct iter *to, u64 *pos)
{
	struct mm *mm = proc_mm_get_user(to_proc_open(f));
	ssize_t n;

	if (!mm)
		return 0;
	n = window_read(mm, mm->env_start, mm->env_end, to, pos);
	mm_put_user(mm);
	return n;
}

static const struct file_ops environ_file_ops = {
	.class = "proc_environ",
	.open = proc_file_open,
	.release = proc_file_release,
	.read = environ_read,
	.llseek = mem_llseek,
};

const struct proc_entry proc_environ_entry = {
	.name = "environ",
	.mode = S_IFREG | 0400,
	.flags = PROC_MM,
	.fops = &environ_file_ops,
};

/* --- auxv --- */

static int auxv_show(struct text *t, struct proc_open *po)
{
	if (po->mm && po->mm->users.n)
		text_add(t, (const char *)po->mm->auxv, po->mm->nr_auxv * sizeof(po->mm->auxv[0]));
	return t->error;
}

const struct proc_entry proc_auxv_entry = {
	.name = "auxv",
	.mode = S_IFREG | 0400,
	.flags = PROC_MM,
	.show = auxv_show,
};

/* --- cmdline --- */

/* Where the title of a program ends that has no NUL at the end of its arguments: at the first NUL
 * behind, at most with the environment. */
static uaddr title_end(struct mm *mm)
{
	char *page = kmalloc(PAGE_SIZE);
	uaddr at = mm->arg_start;

	while (page && at < mm->env_end) {
		size_t want = MIN(mm->env_end - at, PAGE_SIZE);
		ssize_t got = mm_access(mm, at, page, want, false, false);
		char *nul = got > 0 ? memchr(page, '\0', got) : NULL;

		if (got <= 0)
			break;
		at += nul ? nul + 1 - page : got;
		if (nul)
			break;
	}
	kfree(page);
	return at;
}

static uaddr cmdline_end(struct mm *mm)
{
	char last = 0;

	if (mm->arg_end <= mm->arg_start || mm->env_start != mm->arg_end)
		return mm->arg_end;
	if (mm_access(mm, mm->arg_end - 1, &last, 1, false, false) != 1 || last == '\0')
		return mm->arg_end;
	return title_end(mm);
}

static ssize_t cmdline_read(struct file *f, struct iter *to, u64 *pos)
{
	struct task *t = proc_task_get(to_proc_node(f->inode));
	struct mm *mm;
	ssize_t n;

	if (!t)
		return -ESRCH;
	mm = t->mm;
	if (mm)
		mm_get_user(mm);
	task_put(t);
	if (!mm)
		return 0;
	n = window_read(mm, mm->arg_start, cmdline_end(mm), to, pos);
	mm_put_user(mm);
	return n;
}

static const struct file_ops cmdline_file_ops = {
	.class = "proc_cmdline",
	.read = cmdline_read,
};

const struct proc_entry proc_cmdline_entry = {
	.name = "cmdline",
	.mode = S_IFREG | 0444,
	.fops = &cmdline_file_ops,
};
