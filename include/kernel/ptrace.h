// SPDX-License-Identifier: MIT
/* kernel/ptrace.h - tracing of tasks by another process: what the rest of the kernel tells it.
 *
 * Rules: 1 task.tracer is set from attach to detach, the task is on tracer->tracees. 2 a tracee is
 * in TASK_TRACED only in ptrace_halt(), which its tracer and SIGKILL end. 3 task.ptrace_stop is
 * what a wait shows while it is not zero, then what the tracer wants to be delivered. */
#pragma once

#include <linux/ptrace.h>

#include "kernel/task.h"

/* task.ptrace_flags */
#define PT_SEIZED      BIT(0)
#define PT_LISTENING   BIT(1)	/* PTRACE_LISTEN: stopped, but nothing to wait for */
#define PT_TRAP_STOP   BIT(2)	/* has still to stop: for a group stop, or for PTRACE_INTERRUPT */
#define PT_TRAP_NOTIFY BIT(3)	/* seized: something about the group's stop has changed */
#define PT_SYSCALLS    BIT(4)	/* stops around system calls */
#define PT_EMULATE     BIT(5)	/* stops before system calls, which are not made */
#define PT_TRAPS (PT_TRAP_STOP | PT_TRAP_NOTIFY)

static inline bool ptrace_trap_due(const struct task *t)
{
	return t->ptrace_flags & PT_TRAPS;
}

/* --- ptrace_stop.c: of current --- */
/* Sleeps as a tracee, shown to wait as code, until the tracer lets it go on: the signal it gave. */
int ptrace_halt(int code, int why, u64 message, siginfo_t *info);
/* An event of PTRACE_EVENT_*: stops if the tracer asked for it. */
void ptrace_event(int event, u64 message);
bool ptrace_wants_event(int event);	/* does current's tracer? */
void ptrace_event_pid(int event, struct pid *pid);
/* A signal is about to be delivered: what the tracer makes of it; 0: nothing. */
int ptrace_signal(int sig, siginfo_t *info);
void ptrace_trap(void);			/* PT_TRAPS are due */
/* With WORK_TRACE. Enter: false if the call is not to be made. */
bool ptrace_syscall_enter(struct regs *regs);
void ptrace_syscall_leave(struct regs *regs);
/* A signal frame was built under a single step. */
void ptrace_handler_stepped(void);

/* --- ptrace_stop.c: of others --- */
void ptrace_group_stop(struct task *t);	/* t's group begins to stop */
void ptrace_trap_notify(struct task *t);	/* seized: it shall look again */
void ptrace_tell_exit(struct task *t);	/* to the tracer: t is a zombie */

/* --- ptrace.c --- */
/* The event that a clone with these flags is to its tracer, or 0. */
int ptrace_clone_event(const struct clone_args_k *args);
/* child is made, but does not run: traced too, if its parent is and event or CLONE_PTRACE say so.
 */
void ptrace_fork(struct task *child, u64 flags, int event);
void ptrace_unlink(struct task *t); /* no longer traced; it goes on if it was stopped for that */
void ptrace_tracer_exit(struct process *p);	/* all its tracees are let go, or killed */
/* exec: is current traced by somebody who may not gain what a set-id program gives? */
bool ptrace_limits_exec(void);
