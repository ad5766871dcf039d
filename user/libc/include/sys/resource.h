// SPDX-License-Identifier: MIT
/* sys/resource.h - limits, usage and priorities, with the structures of
 * <linux/resource.h>. */
#ifndef _SYS_RESOURCE_H_
#define _SYS_RESOURCE_H_
#include <sys/time.h>
#include <linux/resource.h>

typedef unsigned long rlim_t;

int getrusage(int who, struct rusage *usage);
int getrlimit(int which, struct rlimit *limit);
int setrlimit(int which, const struct rlimit *limit);
int getpriority(int which, id_t who);
int setpriority(int which, id_t who, int value);
#endif
