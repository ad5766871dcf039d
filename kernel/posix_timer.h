// SPDX-License-Identifier: MIT
/* kernel/posix_timer.h - POSIX timers as objects: for their two files, audits, checkpoint.
 *
 * A timer runs until it fires; then its signal is made pending, and a periodic one runs again when
 * that signal has been taken. What passed meanwhile is its overrun. */
#pragma once

#include "kernel/clock_timer.h"
#include "kernel/signal_internal.h"
#include "kernel/task_internal.h"

struct posix_timer;

/* What differs between timers by clocks and timers by CPU time. */
struct posix_timer_kind {
	int (*create)(struct posix_timer *t);		/* 0 or -errno */
	/* Sets and, for those that signal, arms it. value 0: disarms. 0 or -errno. */
	int (*set)(struct posix_timer *t, bool absolute, s64 value, u64 interval);
	void (*get)(struct posix_timer *t, u64 *left, u64 *interval);
	void (*rearm)(struct posix_timer *t);	/* forwards it, counting the overrun, and arms it */
	void (*destroy)(struct posix_timer *t);
};

struct posix_timer {
	s32 id;					/* cr, as the next five */
	int clock_id;
	int notify;				/* SIGEV_* */
	u64 interval;
	s64 overrun, overrun_last;		/* -1: nothing missed yet */
	bool active;				/* armed, or its pending signal will arm it */
	s32 round;				/* odd: a signal with that number will arm it */
	struct process *owner;
	struct pid *thread;			/* SIGEV_THREAD_ID: counted; else NULL */
	struct sig_queued *signal;
	const struct posix_timer_kind *kind;
	struct clock_timer clock;		/* by a clock */
	/* by CPU time: */
	RB_ENTRY(posix_timer) node;		/* in set->armed */
	struct list of_set;			/* on set->all */
	struct cpu_timer_set *set;		/* NULL: whose time it was is gone */
	struct process *clock_process;		/* whose time, or else clock_thread's */
	struct task *clock_thread;
	u64 expires;				/* cr; 0: not running */
	bool armed;
};

extern const struct posix_timer_kind posix_clock_timer_kind, posix_cpu_timer_kind;

/* The timer has expired: its signal becomes pending. True: it is ignored, the timer is to go on. */
bool posix_timer_event(struct posix_timer *t, bool periodic);
/* A timer as it was: for restart. */
struct posix_timer_image {
	s32 id;
	int clock_id, notify, signo;
	u64 value, interval;
	s64 overrun, overrun_last;
	s32 round;
	bool active, armed;
	bool set;			/* expires says something */
	bool real;			/* expires is real time; by CPU time: what is left */
	bool by_process;		/* by p's CPU time, or clock_thread's if that is not NULL */
	s64 expires;
	struct pid *thread;		/* whom to tell; NULL: the process */
	struct task *clock_thread;
};
int posix_timer_restore(struct process *p, const struct posix_timer_image *img);
/* t goes by the CPU time of p, or of thread if that is not NULL. */
void posix_cpu_timer_bind(struct posix_timer *t, struct process *p, struct task *thread);
void posix_timers_release(struct process *p);	/* exec, exit: deletes all */
void posix_timers_audit(struct process *p, void (*idle_signal)(struct sig_queued *q));
/* Fires what is due at that CPU time: how long until the next, or ~0UL. */
u64 cpu_timer_set_run(struct cpu_timer_set *set, u64 now);
void cpu_timer_set_init(struct cpu_timer_set *set);
void cpu_timer_set_release(struct cpu_timer_set *set);	/* its clock stops for ever */
