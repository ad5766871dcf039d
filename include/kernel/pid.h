// SPDX-License-Identifier: MIT
/* kernel/pid.h - process identifiers: one struct pid per identity, a number in each pid namespace.
 *
 * A struct pid is counted by its tasks, process groups, sessions, open pidfds and /proc inodes.
 * numbers[0] is the number in the initial namespace, numbers[level] in the innermost. */
#pragma once

#include "kernel/ns_common.h"
#include "kernel/wait.h"
#include "lib/config.h"
#include "lib/radix.h"
#include "types.h"

struct task;
struct process;

#define PID_MAX_DEFAULT 32768
#define PID_MAX_LIMIT   4194304
#define PID_RESERVED    300
#define PID_NS_LEVELS   32

struct pid_ns {
	struct ns_common ns;
	LAYOUT_PADDING
	struct pid_ns *parent;
	u32 level;
	struct radix pids;		/* number to struct pid */
	s32 last;			/* last number given out */
	u32 nr_pids;			/* numbers in use */
	struct process *reaper;		/* its init; NULL before the first and after the last */
	bool dying;			/* init has exited: no new numbers */
	int reboot_status;		/* what init's parent shall see: 0 or a signal */
	struct waitqueue emptied;	/* woken as processes leave, for init's exit */
};
extern struct pid_ns init_pid_ns;
extern s32 pid_max;

struct upid {
	s32 nr;
	struct pid_ns *ns;
};

struct pid {
	refcount_t refs;
	LAYOUT_PADDING
	u32 level;
	struct task *task;		/* the thread with this tid, or NULL */
	struct process *process;	/* the process with this tgid (until reaped), or NULL */
	struct list group;		/* processes with this pgid: process.group_link */
	struct list session;		/* processes with this sid: process.session_link */
	struct waitqueue exit_wait;	/* pidfd pollers */
	struct list all;		/* on pid_all */
	struct list proc_nodes;		/* inodes of procfs about it: fs/proc_node.c */
	struct upid numbers[];
};

/* set_tid: wanted numbers, innermost first (clone3); nr_set 0: any. 0 or -errno by rule. */
extern struct list pid_all;		/* every pid but init_struct_pid, for audits */
int pid_alloc(struct pid_ns *ns, const s32 *set_tid, unsigned nr_set, struct pid **out);
static inline void pid_get(struct pid *p)
{
	ref_get(&p->refs);
}
void pid_put(struct pid *p);		/* the last frees the struct */
/* The numbers are given back when no task, process, group or session uses the pid. */
void pid_release_numbers_if_unused(struct pid *p);
struct pid *pid_find(struct pid_ns *ns, s32 nr);	/* no reference */
struct pid *pid_next(struct pid_ns *ns, s32 from);	/* lowest number >= from; for /proc */
s32 pid_nr_in(const struct pid *p, const struct pid_ns *ns);	/* 0: not visible there */
s32 pid_nr(const struct pid *p);	/* in current's active pid namespace; NULL gives 0 */
struct pid_ns *task_pid_ns(const struct task *t);	/* active: that of its own number */
struct task *task_find(s32 nr);		/* tid in current's namespace, or NULL */
struct process *process_find(s32 nr);	/* tgid in current's namespace, or NULL */
/* Is the process of this pid gone, or a zombie without live threads? For pidfd's poll. */
bool pid_exited(const struct pid *p);
bool pid_thread_exited(const struct pid *p);	/* the same of that one thread */
/* Whose numbers a new child of t gets (t's own side of it: its nsproxy); ns/ fills it in. */
extern struct pid_ns *(*child_pid_ns_hook)(struct task *t);
extern struct pid init_struct_pid;	/* number 0: of the kernel's own tasks */
struct audit;
void pid_audit(struct audit *a);
