// SPDX-License-Identifier: MIT
/* kernel/clone.c - fork, vfork, clone and clone3: arguments, and the rules about flags.
 *
 * All four boil down to a struct clone_args_k. clone3 checks its structure as Linux does
 * (NS-23, NS-24, PIDNS-28); clone ignores what it does not know. CLONE_NEWTIME lies in
 * the bits that clone uses for the exit signal, so only clone3 can ask for it (NS-25).
 * vfork: the parent sleeps killably until the child has given up the shared address space;
 * a parent that is killed no longer listens.
 * Locks: BKL. See clone(2), vfork(2). */
#include <linux/sched.h>

#include "arch/uaccess.h"
#include "kernel/compat.h"
#include "kernel/freeze.h"
#include "kernel/pid.h"
#include "kernel/ptrace.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"

#define CLONE_LEGACY_FLAGS 0xffffffffUL

/* Flags that exclude each other or need one another, in the order in which Linux looks.
 * CLONE_PARENT goes with any kind of namespace (NS-12). */
static int clone_check(const struct clone_args_k *args)
{
	u64 flags = args->flags;

	if ((flags & (CLONE_NEWNS | CLONE_FS)) == (CLONE_NEWNS | CLONE_FS))
		return deny(EINVAL, NS_09);
	if ((flags & (CLONE_NEWUSER | CLONE_FS)) == (CLONE_NEWUSER | CLONE_FS))
		return deny(EINVAL, NS_10);
	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return deny(EINVAL, EXT_TASK_02);
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return deny(EINVAL, EXT_TASK_02);
	if ((flags & CLONE_PARENT) && current->process->unkillable)
		return deny(EINVAL, PIDNS_20);
	if (flags & CLONE_THREAD) {
		if (flags & (CLONE_NEWUSER | CLONE_NEWPID))
			return deny(EINVAL, NS_11);
		if (child_pid_ns_hook(current) != task_pid_ns(current))
			return deny(EINVAL, NS_20);
	}
	if ((flags & CLONE_PIDFD) && (flags & CLONE_DETACHED))
		return deny(EINVAL, NS_24);
	if ((flags & CLONE_PIDFD) && (flags & CLONE_THREAD) &&
	    !compat_at_least(COMPAT_CLONE_THREAD_PIDFD))
		return deny(EINVAL, NS_24);
	return 0;
}

/* --- vfork --- */

/* The parent sleeps until the child execs or exits; done and queue lie on its stack. */
static void vfork_wait(struct task *child, struct waitqueue *queue, bool *done)
{
	int err;

	freeze_enter();			/* CG-49 */
	err = wait_event_mode(queue, *done, WAIT_KILLABLE, WAIT_FOREVER);
	freeze_leave();
	if (err) {
		child->vfork_done = NULL;
		child->vfork_flag = NULL;
	}
	task_put(child);
}

long vfork_resume(struct restart_block *rb)
{
	struct task *child = task_find(rb->arg[0]);
	struct waitqueue queue;
	bool done = false;

	if (!child || !(child->flags & TASK_VFORK_CHILD) || child->vfork_done ||
	    child->process->parent != current->process)
		return rb->arg[0];
	waitqueue_init(&queue);
	child->vfork_done = &queue;
	child->vfork_flag = &done;
	task_get(child);
	vfork_wait(child, &queue, &done);
	return rb->arg[0];
}

/* Made and traced like the parent, if that is so; not yet running. */
static int clone_make(struct clone_args_k *args, int event, struct task **out)
{
	int err = clone_check(args);

	if (!err && signal_pending(current))
		err = -ERESTARTNOINTR;	/* a signal sent to both must come first */
	if (!err)
		err = task_fork(args, out);
	if (!err)
		ptrace_fork(*out, args->flags, event);
	return err;
}

static long clone_run(struct clone_args_k *args)
{
	int event = ptrace_clone_event(args), err;
	struct waitqueue queue;
	bool done = false;
	struct task *child;
	struct pid *pid;
	s32 nr;

	err = clone_make(args, event, &child);
	if (err)
		return err;
	pid = child->pid;
	pid_get(pid);
	nr = pid_nr(pid);
	if (args->flags & CLONE_PARENT_SETTID)
		copy_to_user(args->parent_tid, &nr, sizeof(nr));
	if (args->flags & CLONE_VFORK) {
		waitqueue_init(&queue);
		child->vfork_done = &queue;
		child->vfork_flag = &done;
		task_get(child);
	}
	task_start(child);
	if (event)
		ptrace_event_pid(event, pid);
	if (args->flags & CLONE_VFORK) {
		vfork_wait(child, &queue, &done);
		ptrace_event_pid(PTRACE_EVENT_VFORK_DONE, pid);
	}
	pid_put(pid);
	return nr;
}

/* --- the calls --- */

long sys_fork(void)
{
	struct clone_args_k args = { .exit_signal = SIGCHLD };

	return clone_run(&args);
}

long sys_vfork(void)
{
	struct clone_args_k args = { .flags = CLONE_VFORK | CLONE_VM, .exit_signal = SIGCHLD };

	return clone_run(&args);
}

long sys_clone(u64 flags, uaddr stack, uaddr parent_tid, uaddr child_tid, u64 tls)
{
	struct clone_args_k args = {
		.flags = flags & CLONE_LEGACY_FLAGS & ~(u64)CSIGNAL,
		.exit_signal = flags & CSIGNAL,
		.pidfd = parent_tid,
		.child_tid = child_tid,
		.parent_tid = parent_tid,
		.stack = stack,
		.tls = tls,
	};
	const u64 same_word = CLONE_PIDFD | CLONE_PARENT_SETTID;

	if ((flags & same_word) == same_word)
		return deny(EINVAL, EXT_TASK_02);
	if ((flags & CLONE_SETTLS) && tls >= USER_END)
		return -EPERM;
	return clone_run(&args);
}

/* --- clone3 --- */

static int clone3_copy(struct clone_args *a, uaddr u, size_t size)
{
	int err;

	if (size < CLONE_ARGS_SIZE_VER0)
		return deny(EINVAL, NS_23);
	err = copy_struct_from_user(a, sizeof(*a), u, size);
	return err == -E2BIG ? deny(E2BIG, NS_23) : err;
}

/* What each field may hold; set_tid is copied. */
static int clone3_fields(const struct clone_args *a, size_t size, s32 *set_tid)
{
	if (a->set_tid_size > PID_NS_LEVELS)
		return deny(EINVAL, PIDNS_28);
	if (!a->set_tid != !a->set_tid_size)
		return deny(EINVAL, PIDNS_28);
	if ((a->exit_signal & ~(u64)CSIGNAL) || a->exit_signal > SIG_MAX)
		return deny(EINVAL, NS_24);
	if ((a->flags & CLONE_INTO_CGROUP) && (a->cgroup > INT_MAX || size < CLONE_ARGS_SIZE_VER2))
		return deny(EINVAL, EXT_TASK_02);
	return copy_from_user(set_tid, a->set_tid, a->set_tid_size * sizeof(*set_tid));
}

/* NS-24: flags, and the stack they come with. */
static int clone3_flags(const struct clone_args *a)
{
	const u64 known = CLONE_LEGACY_FLAGS | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP;
	const u64 handlers = CLONE_SIGHAND | CLONE_CLEAR_SIGHAND;
	const u64 legacy_only = CLONE_DETACHED | (CSIGNAL & ~CLONE_NEWTIME);

	if ((a->flags & ~known) || (a->flags & legacy_only))
		return deny(EINVAL, NS_24);
	if ((a->flags & handlers) == handlers)
		return deny(EINVAL, NS_24);
	if ((a->flags & (CLONE_THREAD | CLONE_PARENT)) && a->exit_signal)
		return deny(EINVAL, NS_24);
	if (!a->stack != !a->stack_size)
		return deny(EINVAL, NS_24);
	if (a->stack && !user_range_ok(a->stack, a->stack_size))
		return deny(EINVAL, NS_24);
	return 0;
}

long sys_clone3(uaddr uargs, size_t size)
{
	s32 set_tid[PID_NS_LEVELS];
	struct clone_args_k args;
	struct clone_args a;
	int err = clone3_copy(&a, uargs, size);

	if (!err)
		err = clone3_fields(&a, size, set_tid);
	if (!err)
		err = clone3_flags(&a);
	if (err)
		return err;
	args = (struct clone_args_k){
		.flags = a.flags,
		.exit_signal = a.exit_signal,
		.pidfd = a.pidfd,
		.child_tid = a.child_tid,
		.parent_tid = a.parent_tid,
		.stack = a.stack,
		.stack_size = a.stack_size,
		.tls = a.tls,
		.set_tid = a.set_tid_size ? set_tid : NULL,
		.nr_set_tid = a.set_tid_size,
		.cgroup_fd = a.cgroup,
	};
	if ((args.flags & CLONE_PIDFD) && (args.flags & CLONE_PARENT_SETTID) &&
	    args.pidfd == args.parent_tid)
		return deny(EINVAL, EXT_TASK_02);
	if ((args.flags & CLONE_SETTLS) && args.tls >= USER_END)
		return -EPERM;
	return clone_run(&args);
}

long sys_set_tid_address(uaddr tidptr)
{
	current->clear_child_tid = tidptr;
	return pid_nr(current->pid);
}
