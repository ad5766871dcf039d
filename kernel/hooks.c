// SPDX-License-Identifier: MIT
/* kernel/hooks.c - the defaults of the hooks to the rooms above (kernel/hooks.h).
 *
 * Without terminals there is nothing to hang up; without namespaces only the initial ones
 * exist, which are never destroyed; without files there are no pidfds. */
#include "kernel/hooks.h"

#include "abi/errno.h"
#include "lib/assert.h"

static void process_none(struct process *p)
{
	(void)p;
}

static void process_fork_none(struct process *child, struct process *parent)
{
	(void)child, (void)parent;
}

static void task_frozen_none(struct task *t, bool frozen)
{
	(void)t, (void)frozen;
}

static void describe_none(struct task *t, char *buf, size_t size)
{
	(void)t, (void)size;
	buf[0] = '\0';
}

static void ns_put_none(struct ns_common *ns)
{
	panic("namespace %p put before there are any", (void *)ns);
}

static int pidfd_reserve_none(struct pid *pid, u32 o_flags, struct pidfd_slot *out)
{
	(void)pid, (void)o_flags, (void)out;
	return -ENOSYS;
}

static void pid_gone_none(struct pid *pid)
{
	(void)pid;
}

static void pidfd_slot_none(struct pidfd_slot *slot)
{
	(void)slot;
}

static int pidfd_pid_none(int fd, struct pid **out, u32 *o_flags)
{
	(void)fd, (void)out, (void)o_flags;
	return -EBADF;
}

struct kernel_hooks kernel_hooks = {
	.session_leader_exit = process_none,
	.process_fork = process_fork_none,
	.process_detach_tty = process_none,
	.task_frozen = task_frozen_none,
	.describe_namespaces = describe_none,
	.describe_cgroup = describe_none,
	.ns_put = ns_put_none,
	.pidfd_reserve = pidfd_reserve_none,
	.pid_gone = pid_gone_none,
	.pidfd_install = pidfd_slot_none,
	.pidfd_cancel = pidfd_slot_none,
	.pidfd_pid = pidfd_pid_none,
};
