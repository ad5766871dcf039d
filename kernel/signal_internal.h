// SPDX-License-Identifier: MIT
/* kernel/signal_internal.h - what the signal files share. */
#pragma once

#include "kernel/signal.h"
#include "kernel/task.h"

/* sig_action.handler: not addresses. */
#define HANDLER_DEFAULT 0UL
#define HANDLER_IGNORE  1UL

/* What signals do where no handler is set; the rest ends the process. */
#define SIGMASK_IGNORED \
	(SIGMASK(SIGCONT) | SIGMASK(SIGCHLD) | SIGMASK(SIGWINCH) | SIGMASK(SIGURG))
#define SIGMASK_CORE                                                                     \
	(SIGMASK(SIGQUIT) | SIGMASK(SIGILL) | SIGMASK(SIGTRAP) | SIGMASK(SIGABRT) |      \
	 SIGMASK(SIGFPE) | SIGMASK(SIGSEGV) | SIGMASK(SIGBUS) | SIGMASK(SIGSYS) |        \
	 SIGMASK(SIGXCPU) | SIGMASK(SIGXFSZ))
/* Raised by the instruction just executed: delivered before all others. */
#define SIGMASK_SYNCHRONOUS                                                              \
	(SIGMASK(SIGSEGV) | SIGMASK(SIGBUS) | SIGMASK(SIGILL) | SIGMASK(SIGTRAP) |       \
	 SIGMASK(SIGFPE) | SIGMASK(SIGSYS))

static inline bool sig_in(int sig, u64 mask)
{
	return mask & SIGMASK(sig);
}

static inline bool sig_valid(u64 sig)
{
	return sig <= SIG_MAX;
}

extern const struct task_part sighand_part, signals_part;

/* --- sigaction.c --- */
void sighand_share(struct task *t, struct sighand *s);	/* t, which does not run yet, has s too */

/* --- sigqueue.c --- */
/* Room for one signal to t, paid for by t's user. 0, -ENOMEM, or unless exempt -EAGAIN at
 * RLIMIT_SIGPENDING. */
int queued_alloc(struct task *t, bool exempt, struct sig_queued **out);
void queued_free(struct sig_queued *q);		/* off its queue, if on one */
/* Takes sig out of p; the bit stays while another of that number is queued. */
void sigpending_take(struct sigpending *p, int sig, siginfo_t *info);

/* --- signal.c --- */
/* Drops the signals of mask from the process's queue and from those of all its threads. */
void process_flush_signals(struct process *p, u64 mask);
/* A thread of p that can still take signals, or NULL. */
struct task *process_live_thread(struct process *p);
bool signal_names_sender(const siginfo_t *info);

/* --- posix_timer.c --- */
/* The signal of a timer has been taken by someone: it may run again; completes info. */
void posix_timer_delivered(void *timer, siginfo_t *info);

/* --- sigstop.c --- */
/* A stop signal's default action in current: all threads are to stop. False: dropped. */
bool stop_begin(int sig);
void stop_current(void);		/* sleeps until continued or killed */
void stop_leave(struct task *t);	/* t will not stop: it exits */
void stop_continue(struct process *p);	/* SIGCONT was sent */

/* --- sigsyscalls.c --- */
bool altstack_in_use(const struct task *t, uaddr sp);
int altstack_set(struct task *t, uaddr ss_sp, u64 size, u32 flags, uaddr sp);
