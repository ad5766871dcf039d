// SPDX-License-Identifier: MIT
/* kernel/parts.h - what a task is made of, in the order of fork; exit goes backwards. */
/* PART(name): a "const struct task_part name_part" stands in the file named. */
PART(cred)	/* kernel/cred.c: credentials, RLIMIT_NPROC */
PART(sighand)	/* kernel/sigaction.c: signal actions */
PART(signals)	/* kernel/signal.c: pending queues, mask, alternate stack */
PART(cgroup)	/* cgroup/task.c: control groups, until it is reaped */
PART(member)	/* cgroup/task.c: life in them, until it exits */
PART(fs)	/* fs/fs_context.c: root, cwd, umask */
PART(nsproxy)	/* ns/nsproxy.c: namespaces */
PART(mm)	/* kernel/mm_part.c: address space */
PART(files)	/* fs/fdtable.c: descriptors */
PART(timers)	/* kernel/itimer.c: interval and POSIX timers */
PART(futex)	/* kernel/futex.c: robust list, clear_child_tid */
PART(rseq)	/* kernel/rseq.c: restartable sequences */
PART(seccomp)	/* kernel/seccomp.c: filters of system calls */
