// SPDX-License-Identifier: MIT
/* sched.h - clone flags of <linux/sched.h>, namespaces, and affinity. */
#ifndef _SCHED_H_
#define _SCHED_H_
#include <sys/types.h>
#include <linux/sched.h>
#include <linux/sched/types.h>

int unshare(int flags);
int setns(int fd, int type);
int sched_yield(void);
int getcpu(unsigned *cpu, unsigned *node);
int sched_setaffinity(pid_t pid, size_t bytes, const unsigned long *mask);
int sched_getaffinity(pid_t pid, size_t bytes, unsigned long *mask);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int sched_getscheduler(pid_t pid);
#endif
