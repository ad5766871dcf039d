// SPDX-License-Identifier: MIT
/* fs/proc_file.c - open files of procfs: printed by their entry's show, written to its store.
 *
 * Each open has a struct proc_open, the argument of its text file. Reads and writes find the task
 * anew from the inode's pid: after its death they say ESRCH. Files about memory hold the struct
 * mm from open on, not its pages: they show what was opened, also after an
 * execve, and nothing once it is torn down.
 * Locks: BKL; the proc_open that show gets is a copy, so that sharers of a file do not
 * meet. Checkpoint: by path and position. See proc(5). */

#include "fs/poll.h"
#include "fs/proc_fs.h"
#include "kernel/deny.h"
#include "mm/mm.h"
#include "mm/slab.h"

struct proc_open *to_proc_open(const struct file *f)
{
	const struct text_file *tf = f->private;

	return tf->arg;
}

/* A copy of po for one call, with the task; -ESRCH if that is gone. */
static int proc_enter(const struct proc_open *po, struct proc_open *call)
{
	*call = *po;
	call->task = proc_task_get(po->node);
	return po->node->pid && !call->task ? -ESRCH : 0;
}

static void proc_leave(struct proc_open *call)
{
	if (call->task)
		task_put(call->task);
}

static int proc_file_show(struct text *t, void *arg)
{
	struct proc_open call;
	int err = proc_enter(arg, &call);

	if (!err && !call.node->entry->show)
		err = -EINVAL;
	if (!err)
		err = call.node->entry->show(t, &call);
	proc_leave(&call);
	return err;
}

/* --- open and release --- */

static int proc_take_mm(struct proc_open *po)
{
	struct mm *mm = po->task->mm;

	if (!mm)
		return 0;
	if (mm != current->mm && !proc_may_access(po->task, ACCESS_READ | ACCESS_FSCREDS))
		return deny(EACCES, EXT_CRED_03);
	mm_get(mm);
	po->mm = mm;
	return 0;
}

static int proc_open_entry(struct proc_open *po)
{
	const struct proc_entry *e = po->node->entry;
	struct proc_open call;
	int err = proc_enter(po, &call);

	if (!err && (e->flags & PROC_READ_ACCESS) &&
	    !proc_may_access(call.task, ACCESS_READ | ACCESS_FSCREDS))
		err = deny(EACCES, EXT_CRED_03);
	if (!err && (e->flags & PROC_MM))
		err = proc_take_mm(&call);
	if (!err && e->open)
		err = e->open(&call);
	po->mm = call.mm;
	po->data = call.data;
	proc_leave(&call);
	return err;
}

static void proc_open_free(void *arg)
{
	struct proc_open *po = arg;

	if (po->mm)
		mm_put(po->mm);
	kfree(po);
}

static void proc_open_done(void *arg)
{
	struct proc_open *po = arg;

	if (po->node->entry->release)
		po->node->entry->release(po);
	proc_open_free(po);
}

int proc_file_open(struct inode *i, struct file *f)
{
	struct proc_open *po = kzalloc_charged(sizeof(*po));
	int err;

	if (!po)
		return -ENOMEM;
	po->file = f;
	po->node = to_proc_node(i);
	err = proc_open_entry(po);
	if (err) {
		proc_open_free(po);
		return err;
	}
	if (po->node->entry->flags & PROC_NO_PWRITE)
		f->mode |= FMODE_NO_PWRITE;
	err = text_file_open(f, proc_file_show, po, proc_open_done);
	if (err)
		proc_open_done(po);
	return err;
}

void proc_file_release(struct file *f)
{
	text_file_release(f);
}

struct mm *proc_mm_get_user(struct proc_open *po)
{
	if (!po->mm || !po->mm->users.n)
		return NULL;
	mm_get_user(po->mm);
	return po->mm;
}

/* --- writing --- */

static ssize_t proc_store_copy(struct proc_open *po, struct iter *from, u64 pos)
{
	size_t len = MIN(from->count, PAGE_SIZE - 1);
	char *copy = kmalloc(len + 1);
	ssize_t n;

	if (!copy)
		return -ENOMEM;
	if (iter_copy_from(from, copy, len) != len) {
		kfree(copy);
		return -EFAULT;
	}
	copy[len] = '\0';
	n = po->node->entry->store(po, copy, len, pos);
	kfree(copy);
	return n;
}

/* The next vector of a user's iterator, whole. */
static ssize_t proc_store_vector(struct proc_open *po, struct iter *from, u64 pos)
{
	size_t len = MIN(from->vec->len - from->skip, from->count);
	uaddr text = from->vec->base + from->skip;
	ssize_t n;

	if (from->kernel)
		return -EINVAL;
	n = po->node->entry->store_user(po, text, len, pos);
	if (n > 0)
		iter_advance(from, n);
	return n;
}

static ssize_t proc_file_write(struct file *f, struct iter *from, u64 *pos)
{
	const struct proc_entry *e = to_proc_node(f->inode)->entry;
	struct proc_open call;
	ssize_t n;

	if (!e->store && !e->store_user)
		return to_proc_node(f->inode)->pid ? -EINVAL : -EIO;
	n = proc_enter(to_proc_open(f), &call);
	if (!n)
		n = e->store ? proc_store_copy(&call, from, *pos)
			     : proc_store_vector(&call, from, *pos);
	proc_leave(&call);
	if (n > 0)
		*pos += n;
	return n;
}

static u32 proc_file_poll(struct file *f, struct poll_table *pt)
{
	const struct proc_entry *e = to_proc_node(f->inode)->entry;
	struct proc_open call;
	u32 events = POLLERR;

	if (!e->poll)
		return PROC_POLL_READY;
	if (!proc_enter(to_proc_open(f), &call))
		events = e->poll(&call, pt);
	proc_leave(&call);
	return events;
}

static u64 proc_file_changes(const struct file *f)
{
	const struct proc_entry *e = to_proc_node(f->inode)->entry;
	struct proc_open call;
	u64 changes = f->version;

	if (e->changes && !proc_enter(to_proc_open(f), &call)) {
		changes = e->changes(&call);
		proc_leave(&call);
	}
	return changes;
}

const struct file_ops proc_file_ops = {
	.class = "proc",
	.open = proc_file_open,
	.release = proc_file_release,
	.read = text_file_read,
	.write = proc_file_write,
	.llseek = text_file_llseek,
	.poll = proc_file_poll,
	.changes = proc_file_changes,
};
