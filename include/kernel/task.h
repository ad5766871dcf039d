// SPDX-License-Identifier: MIT
/* kernel/task.h - tasks (threads) and processes (thread groups): what they are made of.
 *
 * A struct task is one thread; a struct process is what its threads share by CLONE_THREAD.
 * What hangs state off a task is a "task part" (kernel/parts.h): one row with fork, exec,
 * exit and audit; fork.c, exit.c and exec are loops over the rows.
 *
 *   process --threads--> task --mm, files, fs, sighand, nsproxy, cred--> shared, counted
 *      |  ^leader           \--pid--> struct pid (tid)
 *      |--parent, children   (tree of processes; only PIDs' zombies remain until waited for)
 *
 * Life of a task: 1 made by task_fork, 2 runs, 3 exits (parts dropped, zombie if leader or
 * traced), 4 reaped by wait4 or by itself (numbers freed), 5 freed by the last task_put.
 * Locks: BKL for all fields. */
#pragma once

#include <linux/resource.h>
#include <linux/sched.h>

#include "arch/cpu.h"
#include "arch/task.h"
#include "kernel/deny.h"
#include "kernel/pid.h"
#include "kernel/signal.h"
#include "kernel/time.h"
#include "lib/config.h"
#include "lib/list.h"
#include "lib/refcount.h"
#include "types.h"

struct mm;
struct files;
struct fs_context;
struct nsproxy;
struct cred;
struct tty;
struct cgroups;
struct seccomp_filter;

#define COMM_SIZE 16

/* Scheduler states, as /proc shows them. */
enum task_state {
	TASK_RUNNING,		/* R: on a queue or a CPU */
	TASK_INTERRUPTIBLE,	/* S */
	TASK_UNINTERRUPTIBLE,	/* D */
	TASK_KILLABLE,		/* D, but SIGKILL wakes */
	TASK_STOPPED,		/* T: job control */
	TASK_TRACED,		/* t */
	TASK_ZOMBIE,		/* Z */
	TASK_DEAD,		/* X */
};

/* task.flags */
#define TASK_KTHREAD     BIT(0)
#define TASK_EXITING     BIT(1)
#define TASK_FORKNOEXEC  BIT(2)
#define TASK_VFORK_CHILD BIT(3)	/* restarted: its parent is to wait, or waits, for exec or exit */
#define TASK_NO_NEW_PRIVS BIT(4)
#define TASK_IN_EXECVE   BIT(5)
#define TASK_RESTORE_MASK BIT(6)	/* saved_blocked is to be put back */
#define TASK_NO_SETAFFINITY BIT(7)	/* kernel threads that may not be moved */
#define TASK_YIELDED     BIT(8)	/* goes behind its equals on the run queue, once */
#define TASK_STOP_DUE    BIT(9)	/* counted in process.stop_left: has still to stop */
#define TASK_FROZEN      BIT(10)	/* counted as frozen by its cgroup (kernel/freeze.h) */

#define TASK_FAIL        BIT(16)	/* its allocations may be made to fail; inherited */

/* task.work: reasons to take the slow way out to user mode. */
#define WORK_SIGNAL  BIT(0)
#define WORK_NOTIFY  BIT(1)	/* run task.exit_work callbacks */
#define WORK_TRACE   BIT(2)	/* ptrace syscall stops */
#define WORK_RSEQ    BIT(3)
#define WORK_FREEZE  BIT(4)	/* to freeze: kernel/freeze.h */
#define WORK_FAIL    BIT(15)	/* an allocation of the running call was made to fail */
#define WORK_CHARGE  BIT(5)	/* memory above high, or events to be told: mm/charge.h */
#define WORK_SECCOMP BIT(6)	/* calls are shown to filters: kernel/seccomp.h */

struct sched_entity {
	RB_ENTRY(sched_entity) node;
	u64 vruntime, deadline;
	u64 weight;
	bool queued;
	u32 cpu;		/* where it is queued or ran last */
	u64 run_start, sum_exec, slice_start;
	u64 tie;		/* order among equals (seed=) */
	u32 rank;		/* lower runs first: 100 - rt_priority, fair last */
};

struct restart_block {		/* restart_syscall(2) */
	long (*resume)(struct restart_block *rb);
	u64 arg[5];
};

/* What goes on by it: arg clock id, deadline, remain; descriptors, number, deadline. */
long sleep_resume(struct restart_block *rb);	/* kernel/sleep.c */
long poll_resume(struct restart_block *rb);	/* fs/poll.c */
/* A restarted parent waits again for the child of that number: arg pid. */
long vfork_resume(struct restart_block *rb);	/* kernel/clone.c */

/* POSIX timers that go by the CPU time of a process or thread. */
struct posix_timer;
RB_HEAD(cpu_timer_tree, posix_timer);
struct cpu_timer_set {
	struct cpu_timer_tree armed;	/* by the CPU time at which they expire */
	struct list all;		/* armed or not, of whichever process */
};

struct task {
	struct arch_task arch;
	LAYOUT_PADDING
	enum task_state state;
	u32 flags;
	volatile u32 work;
	struct process *process;
	struct list thread;		/* on process.threads */
	struct list made;		/* child processes that this thread made or was given */
	struct list all;		/* on task_all */
	refcount_t refs;		/* pid, scheduler, ptracers, /proc readers */
	struct pid *pid;
	char comm[COMM_SIZE];

	/* parts: kernel/parts.h */
	const struct cred *cred, *real_cred;	/* real_cred: objective; equal unless overridden */
	struct nsproxy *nsproxy;	/* NULL once exited */
	struct mm *mm;			/* NULL for kernel threads and zombies */
	struct files *files;
	struct fs_context *fs;
	struct sighand *sighand;
	struct cgroups *cgroups;
	bool charge_refused;		/* memory was: mm/charge.h */
	struct task *payer;		/* who pays for what it makes; NULL: itself (restart) */

	/* signals */
	u64 blocked, saved_blocked;
	struct sigpending pending;
	uaddr altstack_sp;
	u64 altstack_size;
	u32 altstack_flags;
	u64 sigwait_mask;		/* what sigtimedwait waits for */

	/* scheduling */
	struct sched_entity se;
	u32 affinity;			/* CPUs allowed (what the user asked) */
	int policy, rt_priority;
	int static_prio;		/* nice + 120 */
	u64 cpu_user_ticks, cpu_system_ticks;	/* of clock_ticks(); task_times() */
	u64 voluntary_switches, involuntary_switches;
	u64 start_nsec;			/* monotonic, of this thread */
	u64 min_flt, maj_flt;		/* page faults of this thread */
	struct waiter *waiting;		/* diagnostic: what it sleeps on */
	bool wake_signal;		/* woken by a signal */

	/* clone, exit, thread library */
	uaddr set_child_tid, clear_child_tid;
	uaddr robust_list;
	uaddr rseq;
	u32 rseq_len, rseq_sig;
	void *futex_waiter;
	struct waitqueue *vfork_done;	/* the parent waits here */
	bool *vfork_flag;
	int exit_code;			/* wait status */
	int exit_signal;		/* to the parent; -1 for threads */
	int pdeath_signal;

	/* ptrace */
	struct process *tracer;
	struct list traced;		/* on tracer's process.tracees */
	u64 ptrace_options, ptrace_message;
	u32 ptrace_flags;
	int ptrace_stop;		/* signal or event shown to wait */
	siginfo_t *ptrace_info;

	u64 fault_addr, fault_trap, fault_error;	/* last user fault, for the sigcontext */
	void (*kthread_fn)(void *);	/* kernel threads: what they run */
	void *kthread_arg;

	long syscall_nr;		/* running call, or -1 */
	struct restart_block restart;
	struct why_log why;
	struct list exit_work;		/* callbacks at exit to user: struct task_work */
	u64 io_read_chars, io_write_chars, io_read_calls, io_write_calls;
	u32 personality;
	u64 timer_slack;
	struct cpu_timer_set cpu_timers;	/* of this thread's clock */
	struct seccomp_filter *seccomp;	/* newest filter: kernel/seccomp.c */
	int ioprio;
};

struct cpu_times {
	u64 user_nsec, system_nsec, min_flt, maj_flt, nvcsw, nivcsw, max_rss_pages;
	u64 in_blocks, out_blocks;
};

struct process {
	refcount_t refs;
	LAYOUT_PADDING
	struct task *leader;		/* stays (as a zombie) until all threads are gone */
	struct list threads;
	u32 nr_threads;			/* not yet reaped */
	u32 nr_live;			/* attached and not yet in do_exit(): 0 in the
					 * parts' exit of the last thread */
	struct process *parent;		/* NULL for init and kernel roots */
	struct list children, sibling;	/* children may be zombies */
	struct task *made_by;		/* which thread of the parent's; NULL without a parent */
	struct list made_link;		/* on made_by->made */
	struct list tracees;
	struct pid *tgid, *pgid, *sid;	/* counted */
	struct list group_link, session_link;
	struct waitqueue child_wait;	/* wait4 sleepers: woken on child state changes */

	/* signals shared by the threads */
	struct sigpending pending;
	bool group_exit;		/* exit_group or fatal signal under way */
	int group_exit_code;
	bool stopped;			/* all threads are (to be) stopped */
	int stop_signal;
	u32 stop_left;			/* threads still to stop */
	bool stop_reported;		/* WUNTRACED has been told */
	bool stop_is_old;		/* restarted stopped: nobody hears of it again */
	bool continued_report;		/* WCONTINUED to be told */
	u32 exec_in_progress;
	bool unkillable;		/* init of a pid namespace */

	struct tty *tty;		/* controlling terminal (drivers of fs/tty) */
	bool session_leader;
	struct rlimit64 limits[RLIM_NLIMITS];
	struct cpu_times dead_threads, dead_children;
	u64 start_nsec;			/* monotonic, of the leader */
	bool child_subreaper, has_subreaper_ancestor;
	int exit_signal_unused;
	bool autoreap_children;		/* SIGCHLD ignored or SA_NOCLDWAIT at the time: computed */
	int oom_score_adj, oom_score_adj_min;

	/* timers of the process: ITIMER_*, POSIX timers */
	struct timer real_timer;
	u64 real_interval;
	/* ITIMER_VIRTUAL, ITIMER_PROF: when they expire, in the process's CPU time; reload */
	struct { u64 value, interval; } cpu_timer[2];
	struct radix posix_timers;	/* by id: struct posix_timer */
	s32 next_timer_id;
	struct cpu_timer_set cpu_timers;	/* of the process's clock */
	u64 membarrier_state;
	void *acct;
};

extern struct list task_all;		/* every task that has a pid */
extern struct task init_task;		/* the boot CPU's idle task: never in task_all */
extern u64 task_count, task_max;	/* threads now, threads-max */
extern u64 fork_total;

static inline void task_get(struct task *t)
{
	ref_get(&t->refs);
}
void task_put(struct task *t);
static inline void process_get(struct process *p)
{
	ref_get(&p->refs);
}
void process_put(struct process *p);

static inline bool task_is_leader(const struct task *t)
{
	return t->process->leader == t;
}
static inline u64 process_limit(const struct process *p, unsigned resource)
{
	return p->limits[resource].rlim_cur;
}
#define current_limit(resource) process_limit(current->process, resource)
/* What RLIMIT_DATA means for mappings: as on Linux a soft limit of 0 leaves the hard one. */
static inline u64 process_data_limit(const struct process *p)
{
	const struct rlimit64 *l = &p->limits[RLIMIT_DATA];

	return l->rlim_cur ? l->rlim_cur : l->rlim_max;
}

static inline void task_set_work(struct task *t, u32 work)
{
	t->work |= work;
}
static inline bool signal_pending(const struct task *t)
{
	return t->work & WORK_SIGNAL;
}
bool fatal_signal_pending(const struct task *t);	/* kernel/signal.c */

#define for_each_thread(t, p) list_for_each(t, &(p)->threads, thread)

/* Runs once at the task's next exit to user mode (or at its death), in its context. */
struct task_work {
	struct list link;
	void (*run)(struct task_work *w);
};
void task_work_add(struct task *t, struct task_work *w);

/* --- task parts --- */
struct clone_args_k {			/* what clone, clone3, fork, vfork boil down to */
	u64 flags;			/* CLONE_* without the signal */
	int exit_signal;
	uaddr pidfd, child_tid, parent_tid;
	uaddr stack, stack_size, tls;
	const s32 *set_tid;		/* kernel copy */
	unsigned nr_set_tid;
	int cgroup_fd;
	void (*kthread_fn)(void *);	/* kernel threads */
	void *kthread_arg;
	const char *kthread_name;
	void *cgroup;			/* struct cgroup: its own (restart); NULL: its parent's */
	void *nsproxy; /* struct nsproxy: the child's, instead of what flags say (restart) */
	struct task *parent;		/* whose child it is; NULL: current's (restart) */
};

/* One kind of state that hangs off a task. All run under the BKL. */
struct task_part {
	const char *name;
	/* Shares or copies into child what parent has. 0 or -errno; on failure the parts
	 * before are undone by their exit(). child's fields are zero (not copied) at call. */
	int (*fork)(struct task *child, struct task *parent, struct clone_args_k *args);
	/* The last step of a fork that may fail: child has its number, and from here to its place
	 * in task_all nothing sleeps. 0 or -errno by rule; exit() undoes it. May be NULL. */
	int (*join)(struct task *child, struct task *parent, struct clone_args_k *args);
	/* After the point of no return of execve. May be NULL. */
	void (*exec)(struct task *t);
	/* Drops it; also undoes fork. Called in reverse order at exit. May sleep. NULL: nothing. */
	void (*exit)(struct task *t);
};

int task_fork(struct clone_args_k *args, struct task **out);	/* made, not yet running */
void task_start(struct task *t);				/* first wake */
struct task *kthread_create(const char *name, void (*fn)(void *), void *arg);	/* runs at once */
void kthreadd_start(void);
/* exec: tells the parts, after the point of no return. */
void task_parts_exec(struct task *t);
void do_exit(int status) __attribute__((noreturn));	/* this thread; wait-status form */
void do_group_exit(int status) __attribute__((noreturn));
/* Makes current the only thread of its process (exec). 0 or -EAGAIN/-EINTR. */
int task_kill_other_threads(void);
void task_set_comm(struct task *t, const char *name);
/* Times of a whole process, dead threads included. */
void process_times(struct process *p, struct cpu_times *out);
void task_account_now(void);	/* brings current's cpu times up to date */
void task_times(const struct task *t, u64 *user_nsec, u64 *system_nsec);
/* What wait(2) shall see of a process that has exited. */
int process_exit_status(const struct process *p);
/* All threads are gone or zombies: only the wait is missing, or not even that. */
bool process_is_zombie(const struct process *p);
struct pid_ns *current_pid_ns(void);
struct user_ns *current_user_ns(void);		/* kernel/cred.c */
/* The init (or subreaper) that orphans of p go to. */
struct process *process_reaper_for(struct process *p);
/* ptrace_may_access(2)-like check of current over t: mode bits below. 0 or -EPERM. */
#define ACCESS_READ     BIT(0)
#define ACCESS_ATTACH   BIT(1)
#define ACCESS_FSCREDS  BIT(3)
#define ACCESS_REALCREDS BIT(4)
int task_may_access(struct task *t, unsigned mode);
struct audit;
void task_audit(struct audit *a);
