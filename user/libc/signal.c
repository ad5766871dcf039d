// SPDX-License-Identifier: MIT
/* user/libc/signal.c - signals as the kernel has them; newlib's own signal()
 * only plays them inside the process.
 *
 * sigset_t is the kernel's 64-bit set. Every handler returns through
 * signal_return (crt0.asm). */
#include <signal.h>
#include <unistd.h>
#include <sys/syscall.h>
#include "libc/internal.h"

int sigaction(int sig, const struct sigaction *act, struct sigaction *old)
{
	struct sigaction with_return;

	if (act) {
		with_return = *act;
		with_return.sa_flags |= SA_RESTORER;
		with_return.sa_restorer = signal_return;
		act = &with_return;
	}
	return (int)syscall(__NR_rt_sigaction, sig, act, old, sizeof(sigset_t));
}

/* BSD semantics: calls are restarted, the handler stays. */
_sig_func_ptr signal(int sig, _sig_func_ptr handler)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;

	return sigaction(sig, &act, &old) < 0 ? SIG_ERR : old.sa_handler;
}

int raise(int sig)
{
	return (int)syscall(__NR_tgkill, getpid(), (int)raw_syscall(__NR_gettid), sig);
}

int killpg(pid_t group, int sig)
{
	return kill(-group, sig);
}

int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	return (int)syscall(__NR_rt_sigprocmask, how, set, old, sizeof(sigset_t));
}

int sigpending(sigset_t *set)
{
	return (int)syscall(__NR_rt_sigpending, set, sizeof(sigset_t));
}

int sigsuspend(const sigset_t *mask)
{
	return (int)syscall(__NR_rt_sigsuspend, mask, sizeof(sigset_t));
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *limit)
{
	return (int)syscall(__NR_rt_sigtimedwait, set, info, limit, sizeof(sigset_t));
}

int sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return sigtimedwait(set, info, NULL);
}

int sigqueue(pid_t pid, int sig, const union sigval value)
{
	siginfo_t info = { 0 };

	info.si_signo = sig;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value = value;
	return (int)syscall(__NR_rt_sigqueueinfo, pid, sig, &info);
}
