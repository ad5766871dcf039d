// SPDX-License-Identifier: MIT
/* kernel/pidfd.c - pidfd_open and pidfd_send_signal; the file itself is made by fs/ through hooks.
 *
 * A pidfd holds a struct pid, so it never names another process, whatever becomes of the number.
 * It is of a process; with PIDFD_THREAD, which newer Linux knows (kernel/compat.h), of a thread.
 * A signal goes only to processes that the caller's pid namespace holds (PIDNS-44).
 * Locks: BKL. See pidfd_open(2), pidfd_send_signal(2). */
#include <linux/pidfd.h>

#include "kernel/compat.h"
#include "kernel/hooks.h"
#include "kernel/syscall.h"

long sys_pidfd_open(s32 nr, u32 flags)
{
	struct pidfd_slot slot;
	struct pid *pid;
	int err;

	u32 known = PIDFD_NONBLOCK | (compat_at_least(COMPAT_PIDFD_THREAD) ? PIDFD_THREAD : 0);

	if ((flags & ~known) || nr <= 0)
		return deny(EINVAL, PIDNS_43);
	pid = pid_find(current_pid_ns(), nr);
	if (!pid)
		return deny(ESRCH, PIDNS_43);
	if (flags & PIDFD_THREAD ? !pid->task : !pid->process)
		return deny(EINVAL, PIDNS_43);	/* a thread, or a group without its leader */
	err = kernel_hooks.pidfd_reserve(pid, flags, &slot);
	if (err)
		return err;
	kernel_hooks.pidfd_install(&slot);
	return slot.fd;
}

/* Is ns the caller's pid namespace or one below? */
static bool ns_within_reach(const struct pid_ns *ns)
{
	const struct pid_ns *own = current_pid_ns();

	while (ns && ns != own)
		ns = ns->parent;
	return ns;
}

/* The siginfo a caller made up: not to look as if it came from kernel or kill(2). */
static int siginfo_from_user(siginfo_t *info, uaddr u, int sig, const struct pid *to)
{
	if (copy_from_user(info, u, sizeof(*info)))
		return -EFAULT;
	if (info->si_signo != sig)
		return -EINVAL;
	if (to != current->process->tgid && (info->si_code >= 0 || info->si_code == SI_TKILL))
		return deny(EPERM, EXT_CRED_02);
	return 0;
}

/* o_flags: of the pidfd; one of a thread signals that thread. */
static int send(struct pid *pid, int sig, uaddr uinfo, u32 o_flags)
{
	struct task *to;
	siginfo_t info;
	int err = 0;

	if (!ns_within_reach(pid->numbers[pid->level].ns))
		return deny(EINVAL, PIDNS_44);
	if (uinfo)
		err = siginfo_from_user(&info, uinfo, sig, pid);
	else
		siginfo_user(&info, sig);
	if (err)
		return err;
	if (o_flags & PIDFD_THREAD ? !pid->task : !pid->process)
		return -ESRCH;
	if (sig < 0 || sig > SIG_MAX)
		return -EINVAL;
	to = o_flags & PIDFD_THREAD ? pid->task : pid->process->leader;
	err = signal_may_send(to, sig);
	if (err || !sig)
		return err;
	return o_flags & PIDFD_THREAD ? signal_task(to, sig, &info) :
					signal_process(pid->process, sig, &info);
}

long sys_pidfd_send_signal(int fd, int sig, uaddr info, u32 flags)
{
	struct pid *pid;
	u32 o_flags;
	int err;

	if (flags)
		return -EINVAL;
	err = kernel_hooks.pidfd_target(fd, &pid, &o_flags);
	if (err)
		return err;
	err = send(pid, sig, info, o_flags);
	pid_put(pid);
	return err;
}
