// SPDX-License-Identifier: MIT
/* kernel/signal.h - signals whole: sending, queues, delivery, job control stops.
 *
 * Delivery happens at exit to user mode (signal_deliver). Standard signals are
 * queued once, real-time signals in order, RLIMIT_SIGPENDING counted per user.
 * Checkpoint: actions, masks, queues saved. See signal(7). */
#pragma once

#include <asm/signal.h>
#include <asm/siginfo.h>

#include "kernel/wait.h"
#include "lib/refcount.h"
#include "types.h"

struct task;
struct process;
struct pid;
struct cred;
struct regs;

#define SIG_MAX 64
#define SIGMASK(sig) (1UL << ((sig) - 1))
#define SIGMASK_UNBLOCKABLE (SIGMASK(SIGKILL) | SIGMASK(SIGSTOP))
#define SIGMASK_STOP (SIGMASK(SIGSTOP) | SIGMASK(SIGTSTP) | SIGMASK(SIGTTIN) | SIGMASK(SIGTTOU))

struct sig_action {		/* the ABI's struct sigaction, as the kernel takes it */
	uaddr handler;
	u64 flags;
	uaddr restorer;
	u64 mask;
};

struct sighand {		/* shared by CLONE_SIGHAND */
	refcount_t refs;
	struct sig_action action[SIG_MAX];	/* [sig - 1] */
	struct waitqueue arrivals;	/* woken by each signal that becomes pending: signalfd(2) */
};

struct sigpending {
	u64 set;
	struct list queue;	/* struct sig_queued, in order of arrival */
};

struct sig_queued {
	struct list link;
	siginfo_t info;
	struct user *user;	/* who pays; NULL for the kernel's */
	void *timer; /* the POSIX timer that owns it, and keeps it when it is taken; or NULL */
};

void sigpending_init(struct sigpending *p);
void sigpending_flush(struct sigpending *p, u64 mask);

/* Fills si_pid/si_uid from current, code SI_USER. */
void siginfo_user(siginfo_t *info, int sig);
/* Fills for the kernel: si_code SI_KERNEL. */
void siginfo_kernel(siginfo_t *info, int sig);

/* Sends without permission checks. info NULL: the kernel. si_pid and si_uid of a sender (current)
 * are translated for the receiver (PIDNS-14). Return 0 or -EAGAIN (queue full). */
int signal_task(struct task *t, int sig, const siginfo_t *info);
int signal_process(struct process *p, int sig, const siginfo_t *info);
/* A timer's own signal, made and paid for beforehand, pending at most once. 0, -EAGAIN at
 * RLIMIT_SIGPENDING, or -ENOMEM. */
int signal_prealloc(struct task *t, void *timer, struct sig_queued **out);
void signal_prealloc_drop(struct sig_queued *q);	/* a pending one is still delivered */
/* Sends it with q->info. 0 (si_overrun counts if it still was pending), or 1: it is ignored. */
int signal_send_prealloc(struct task *t, bool whole, struct sig_queued *q);
/* execve: signals of POSIX timers that are pending for t or its process go. */
void signal_flush_timers(struct task *t);
int signal_group(struct pid *pgrp, int sig, const siginfo_t *info);	/* -ESRCH: no members */
/* A fault of the current task: forces delivery even if blocked or ignored. */
void signal_force(int sig, int code, uaddr addr);
void signal_force_info(siginfo_t *info, bool fatal);	/* fatal: whatever handler there is */
void signal_kill_process(struct process *p);		/* SIGKILL that cannot be refused */
/* kill(2)-style permission of current over t's process: 0 or -EPERM. */
int signal_may_send(struct task *t, int sig);

bool signal_pending_slow(struct task *t);
void signal_recompute(struct task *t);	/* blocked or queues changed: updates the flag */
/* At exit to user mode with work pending: stops, frames, restarts, or dies. */
void signal_deliver(struct regs *regs);
/* Sets the mask of current (KILL and STOP removed). */
void signal_set_blocked(u64 mask);
/* ppoll, sigsuspend...: mask for the time of the call, put back at delivery. */
void signal_set_temporary(u64 mask);
void signal_restore_saved(void);	/* the call ended without a signal */
/* exec: handlers to default, ignored stay, altstack and queue rules. */
void signal_exec(struct task *t);
/* Dequeues one of mask for t (own first, then the process's). 0 or the signal. */
int signal_dequeue(struct task *t, u64 mask, siginfo_t *info);
/* The same, but signal_recompute() is the caller's. */
int signal_take(struct task *t, u64 mask, siginfo_t *info);
/* do_exit, once TASK_EXITING is set: t takes no more signals and will not stop. */
void signal_leave(struct task *t);
/* May p's SIGCHLD be taken as a wish not to see zombies (SIG_IGN, or SA_NOCLDWAIT)? */
bool signal_autoreaps(const struct process *p);
/* Job control: no member's parent is in another group of the same session. ignored: a process
 * that is about to leave (may be NULL). */
bool pgrp_is_orphaned(struct pid *pgrp, const struct process *ignored);
/* Marks t for delivery and wakes it if it sleeps interruptibly; fatal: also killable or stopped. */
void signal_wake(struct task *t, bool fatal);
/* Starts the death of a whole process with that wait status, unless under way; wakes all. */
void signal_begin_exit(struct process *p, int status);
int siginfo_to_user(uaddr u, const siginfo_t *info);
extern struct sighand init_sighand;
