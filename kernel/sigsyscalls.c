// SPDX-License-Identifier: MIT
/* kernel/sigsyscalls.c - the signal calls about oneself: masks, waiting, the alternate stack.
 *
 * Sending is in kill.c. Masks given by users never hold SIGKILL and SIGSTOP.
 * Locks: BKL. Checkpoint: mask and alternate stack are saved.
 * See sigprocmask(2), sigpending(2), sigsuspend(2), sigwaitinfo(2), sigaltstack(2), pause(2).
 * Keeps ABI-SIG-05. */

#include <linux/signal.h>

#include "kernel/signal_internal.h"
#include "kernel/syscall.h"
#include "kernel/time.h"

/* Bits of ss_flags beside SS_ONSTACK and SS_DISABLE. */
#define SS_FLAG_BITS SS_AUTODISARM

/* --- masks --- */

long sys_rt_sigprocmask(int how, uaddr set, uaddr old, u64 set_size)
{
	u64 was = current->blocked, mask;

	if (set_size != sizeof(u64))
		return -EINVAL;
	if (set) {
		if (user_load_u64(&mask, set))
			return -EFAULT;
		if (how == SIG_BLOCK)
			mask |= was;
		else if (how == SIG_UNBLOCK)
			mask = was & ~mask;
		else if (how != SIG_SETMASK)
			return -EINVAL;
		signal_set_blocked(mask & ~SIGMASK_UNBLOCKABLE);
	}
	return old ? user_store_u64(old, was) : 0;
}

long sys_rt_sigpending(uaddr set, u64 set_size)
{
	struct task *t = current;
	u64 pending = (t->pending.set | t->process->pending.set) & t->blocked;

	if (set_size > sizeof(u64))
		return -EINVAL;
	return copy_to_user(set, &pending, set_size);
}

/* --- waiting --- */

/* Sleeps until a signal is to be delivered. */
static void wait_for_signal(void)
{
	while (!signal_pending(current))
		wait_once(NULL, WAIT_INTERRUPTIBLE, WAIT_FOREVER, false);
}

long sys_pause(void)
{
	wait_for_signal();
	return -ERESTARTNOHAND;
}

long sys_rt_sigsuspend(uaddr set, u64 set_size)
{
	u64 mask;

	if (set_size != sizeof(u64))
		return -EINVAL;
	if (copy_from_user(&mask, set, sizeof(mask)))
		return -EFAULT;
	signal_set_temporary(mask & ~SIGMASK_UNBLOCKABLE);
	wait_for_signal();
	return -ERESTARTNOHAND;
}

/* Takes one signal of mask, waiting for it until the deadline. The signal, -EAGAIN, -EINTR. */
static int signal_wait(u64 mask, u64 deadline, siginfo_t *info)
{
	struct task *t = current;
	int sig = signal_dequeue(t, mask, info), err = 0;

	if (sig || deadline == 0)
		return sig ? sig : -EAGAIN;
	t->sigwait_mask = mask;
	while (!sig && !err) {
		signal_recompute(t);
		err = wait_once(NULL, WAIT_INTERRUPTIBLE, deadline, false);
		sig = signal_dequeue(t, mask, info);
	}
	t->sigwait_mask = 0;
	signal_recompute(t);
	if (sig)
		return sig;
	return err == -ETIMEDOUT ? -EAGAIN : -EINTR;
}

long sys_rt_sigtimedwait(uaddr set, uaddr uinfo, uaddr timeout, u64 set_size)
{
	u64 mask, deadline = WAIT_FOREVER;
	timespec_t ts;
	siginfo_t info;
	s64 wait;
	int sig;

	if (set_size != sizeof(u64))
		return -EINVAL;
	if (copy_from_user(&mask, set, sizeof(mask)))
		return -EFAULT;
	if (timeout) {
		if (copy_from_user(&ts, timeout, sizeof(ts)))
			return -EFAULT;
		if (!spec_valid(&ts))
			return -EINVAL;
		wait = spec_to_nsec(&ts);
		if (wait < INT64_MAX)
			deadline = wait ? time_monotonic() + wait : 0;
	}
	sig = signal_wait(mask & ~SIGMASK_UNBLOCKABLE, deadline, &info);
	if (sig > 0 && uinfo && siginfo_to_user(uinfo, &info))
		return -EFAULT;
	return sig;
}

/* --- the alternate stack --- */

/* Is sp on the alternate stack of t? */
static bool altstack_holds(const struct task *t, uaddr sp)
{
	return sp > t->altstack_sp && sp - t->altstack_sp <= t->altstack_size;
}

/* As altstack_holds(), but a stack that disarms itself is never in use (SS_AUTODISARM). */
bool altstack_in_use(const struct task *t, uaddr sp)
{
	return !(t->altstack_flags & SS_AUTODISARM) && altstack_holds(t, sp);
}

/* Sets the alternate stack; sp is the user's stack pointer. 0, -EPERM, -EINVAL, -ENOMEM. */
int altstack_set(struct task *t, uaddr ss_sp, u64 size, u32 flags, uaddr sp)
{
	u32 mode = flags & ~SS_FLAG_BITS;

	if (altstack_in_use(t, sp))
		return -EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (mode == SS_DISABLE)
		ss_sp = size = 0;
	else if (size < MINSIGSTKSZ)
		return -ENOMEM;
	t->altstack_sp = ss_sp;
	t->altstack_size = size;
	t->altstack_flags = flags;
	return 0;
}

long sys_sigaltstack(uaddr new, uaddr old)
{
	uaddr sp = current_regs()->rsp;
	struct task *t = current;
	stack_t ss, was = {
		.ss_sp = (void *)t->altstack_sp,
		.ss_size = t->altstack_size,
		.ss_flags = t->altstack_flags & SS_FLAG_BITS,
	};
	int err;

	if (!t->altstack_size)
		was.ss_flags |= SS_DISABLE;
	else if (altstack_in_use(t, sp))
		was.ss_flags |= SS_ONSTACK;
	if (new) {
		if (copy_from_user(&ss, new, sizeof(ss)))
			return -EFAULT;
		err = altstack_set(t, (uaddr)ss.ss_sp, ss.ss_size, ss.ss_flags, sp);
		if (err)
			return err;
	}
	return old ? copy_to_user(old, &was, sizeof(was)) : 0;
}
