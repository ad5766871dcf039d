// SPDX-License-Identifier: MIT
/* fs/pidfd.c - descriptors that name a process, whatever its number means later.
 *
 * A pidfd holds a reference of a struct pid; poll tells when the process is gone. fdinfo shows
 * its numbers from the proc mount's pid namespace inwards, -1 once it is reaped (PIDNS-42).
 * The calls are kernel/pidfd.c's: it reaches here through kernel/hooks.h.
 * Locks: BKL. Checkpoint: saved as the process's id. See pidfd_open(2). */

#include "fs/fdtable.h"
#include "fs/pidfd.h"
#include "fs/poll.h"
#include "fs/proc.h"
#include "fs/text.h"
#include "kernel/cred.h"
#include "kernel/hooks.h"
#include "kernel/syscall.h"
#include "kernel/task.h"

static void pidfd_release(struct file *f)
{
	pid_put(f->private);
}

static u32 pidfd_poll(struct file *f, struct poll_table *pt)
{
	struct pid *pid = f->private;

	poll_wait(pt, f, &pid->exit_wait);
	if (f->flags & PIDFD_THREAD ? pid_thread_exited(pid) : pid_exited(pid))
		return POLLIN | POLLRDNORM;
	return 0;
}

static void pidfd_fdinfo(struct file *f, struct text *t)
{
	struct pid *pid = f->private;
	s32 nr = pid_nr_in(pid, t->numbers_of);
	u32 level = t->numbers_of->level;

	if (!pid->task) {
		text_puts(t, "Pid:\t-1\nNSpid:\t-1\n");
		return;
	}
	text_printf(t, "Pid:\t%d\nNSpid:\t%d", nr, nr);
	while (nr && ++level <= pid->level)
		text_printf(t, "\t%d", pid->numbers[level].nr);
	text_putc(t, '\n');
}

static const struct file_ops pidfd_file_ops = {
	.class = "pidfd",
	.release = pidfd_release,
	.poll = pidfd_poll,
	.fdinfo = pidfd_fdinfo,
};

struct pid *pidfd_pid(struct file *f)
{
	return f->ops == &pidfd_file_ops ? f->private : NULL;
}

/* A copy of an open file of the process behind a pidfd; who may trace it may have it. */
static int file_of_process(struct pid *pid, int fd, struct file **out)
{
	struct task *t = pid->process ? pid->process->leader : NULL;
	int err = t ? task_may_access(t, ACCESS_ATTACH | ACCESS_REALCREDS) : -ESRCH;

	if (err)
		return err;
	*out = t->files ? fd_peek(t->files, fd) : NULL;
	if (!*out)
		return -EBADF;
	file_get(*out);
	return 0;
}

long sys_pidfd_getfd(int pidfd, int fd, u32 flags)
{
	struct file *holder, *f;
	int err = -EBADF;

	if (flags)
		return -EINVAL;
	holder = fd_get(pidfd);
	if (!holder)
		return -EBADF;
	if (pidfd_pid(holder))
		err = file_of_process(pidfd_pid(holder), fd, &f);
	file_put(holder);
	if (err)
		return err;
	fd = fd_alloc(f, 0, O_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

/* --- the hooks --- */

int pidfd_create_file(struct pid *pid, u32 o_flags, struct file **out)
{
	u32 flags = O_RDWR | (o_flags & (O_NONBLOCK | PIDFD_THREAD));
	int err = file_create_anon("pidfd", &pidfd_file_ops, pid, flags, out);

	if (!err)
		pid_get(pid);
	return err;
}

static int pidfd_hook_reserve(struct pid *pid, u32 o_flags, struct pidfd_slot *out)
{
	struct file *f;
	int err = pidfd_create_file(pid, o_flags, &f);

	if (err)
		return err;
	out->file = f;
	out->fd = fd_reserve(0, O_CLOEXEC);
	if (out->fd >= 0)
		return 0;
	file_put(f);
	return out->fd;
}

static void pidfd_hook_install(struct pidfd_slot *slot)
{
	fd_install(slot->fd, slot->file);
}

static void pidfd_hook_cancel(struct pidfd_slot *slot)
{
	fd_unreserve(slot->fd);
	file_put(slot->file);
}

static int pidfd_hook_pid(int fd, struct pid **out, u32 *o_flags)
{
	struct file *f = fd_get(fd);
	struct pid *pid = f ? pidfd_pid(f) : NULL;

	if (pid) {
		pid_get(pid);
		*out = pid;
		*o_flags = f->flags;
	}
	if (f)
		file_put(f);
	return pid ? 0 : -EBADF;
}

/* Like pidfd_hook_pid, but an open directory /proc/PID does too. */
static int pidfd_hook_target(int fd, struct pid **out, u32 *o_flags)
{
	struct file *f = fd_get_io(fd);
	struct pid *pid = f ? pidfd_pid(f) : NULL;

	*o_flags = pid ? f->flags : 0;
	if (f && !pid)
		pid = proc_dir_pid(f);
	if (pid) {
		pid_get(pid);
		*out = pid;
	}
	if (f)
		file_put(f);
	return pid ? 0 : -EBADF;
}

void pidfd_init(void)
{
	kernel_hooks.pidfd_target = pidfd_hook_target;
	kernel_hooks.pidfd_reserve = pidfd_hook_reserve;
	kernel_hooks.pidfd_install = pidfd_hook_install;
	kernel_hooks.pidfd_cancel = pidfd_hook_cancel;
	kernel_hooks.pidfd_pid = pidfd_hook_pid;
}
