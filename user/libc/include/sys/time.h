// SPDX-License-Identifier: MIT
/* sys/time.h - clocks and interval timers, with the structures of
 * <linux/time.h>. */
#ifndef _SYS_TIME_H_
#define _SYS_TIME_H_
#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_timeval.h>
#include <sys/select.h>

int gettimeofday(struct timeval *__restrict now, void *__restrict zone);
int settimeofday(const struct timeval *now, const struct timezone *zone);
int getitimer(int which, struct itimerval *now);
int setitimer(int which, const struct itimerval *__restrict set, struct itimerval *__restrict old);
int utimes(const char *path, const struct timeval times[2]);
int clock_gettime(clockid_t clock, struct timespec *now);
int clock_settime(clockid_t clock, const struct timespec *now);
int clock_getres(clockid_t clock, struct timespec *step);
int nanosleep(const struct timespec *wanted, struct timespec *left);
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted,
	struct timespec *left);
#endif
