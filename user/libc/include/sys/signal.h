// SPDX-License-Identifier: MIT
/* sys/signal.h - signals with the kernel's own numbers and structures, from
 * Linux's UAPI headers.
 *
 * struct sigaction is the one rt_sigaction(2) takes; the library fills in
 * sa_restorer. */
#ifndef _SYS_SIGNAL_H
#define _SYS_SIGNAL_H
#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/types.h>
#include <sys/time.h>
#include <asm/signal.h>
#include <asm/siginfo.h>

#define _NSIG 64
#define SIGCLD SIGCHLD
#define sa_sigaction sa_handler /* needs a cast: the kernel's structure has no union here */

typedef void (*_sig_func_ptr)(int);

int sigprocmask(int how, const sigset_t *set, sigset_t *old);
int kill(pid_t pid, int sig);
int killpg(pid_t group, int sig);
int sigaction(int sig, const struct sigaction *act, struct sigaction *old);
int sigpending(sigset_t *set);
int sigsuspend(const sigset_t *mask);
int sigwaitinfo(const sigset_t *set, siginfo_t *info);
int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *limit);
int sigqueue(pid_t pid, int sig, const union sigval value);
int sigaltstack(const stack_t *__restrict stack, stack_t *__restrict old);

#define sigbit(sig) (1UL << ((sig) - 1))
#define sigemptyset(set) (*(set) = 0, 0)
#define sigfillset(set) (*(set) = ~0UL, 0)
#define sigaddset(set, sig) (*(set) |= sigbit(sig), 0)
#define sigdelset(set, sig) (*(set) &= ~sigbit(sig), 0)
#define sigismember(set, sig) ((*(set) & sigbit(sig)) != 0)

#ifndef _SIGNAL_H_
#include <signal.h>
#endif
#endif
