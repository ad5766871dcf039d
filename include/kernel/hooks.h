// SPDX-License-Identifier: MIT
/* kernel/hooks.h - where the task room must reach up: filled in at boot by the rooms above.
 *
 * Each hook has a default that is right as long as nobody fills it in (kernel/hooks.c), so
 * callers never test for NULL. All are called under the BKL. */
#pragma once

#include <linux/fcntl.h>

#include "types.h"

struct ns_common;
struct pid;
struct process;
struct task;

/* Since Linux 6.9 (COMPAT_PIDFD_THREAD) a pidfd may be of one thread: O_EXCL among its flags, which
 * the headers of 6.1 do not name. */
#define PIDFD_THREAD O_EXCL

/* A descriptor of a pidfd that is not in the table yet. */
struct pidfd_slot {
	int fd;
	void *file;
};

struct kernel_hooks {
	/* fs/tty: jobs and terminals. */
	void (*session_leader_exit)(struct process *leader);
	void (*process_fork)(struct process *child, struct process *parent);
	void (*process_detach_tty)(struct process *p);	/* setsid(2), or it is reaped */
	/* cgroup/: a task counts as frozen from now on, or no more. */
	void (*task_frozen)(struct task *t, bool frozen);
	/* ns/, cgroup/: where t is, as text for gdb: "; uts:[4026531842]", "; /web/front". */
	void (*describe_namespaces)(struct task *t, char *buf, size_t size);
	void (*describe_cgroup)(struct task *t, char *buf, size_t size);
	/* ns/: gives a reference of a namespace back. */
	void (*ns_put)(struct ns_common *ns);
	/* fs/pidfd: descriptors that name a process. 0 or -errno. */
	int (*pidfd_reserve)(struct pid *pid, u32 o_flags, struct pidfd_slot *out);
	void (*pidfd_install)(struct pidfd_slot *slot);
	void (*pidfd_cancel)(struct pidfd_slot *slot);
	int (*pidfd_pid)(int fd, struct pid **out, u32 *o_flags);	/* with a reference */
	/* fs/proc: no thread has this number any more. */
	void (*pid_gone)(struct pid *pid);
	/* For pidfd_send_signal(2): an open directory /proc/PID does too. */
	int (*pidfd_target)(int fd, struct pid **out, u32 *o_flags);
};
extern struct kernel_hooks kernel_hooks;
