// SPDX-License-Identifier: MIT
/* sys/_timespec.h - struct timespec, timeval, itimerval and itimerspec come
 * from <linux/time.h>. */
#ifndef _SYS__TIMESPEC_H_
#define _SYS__TIMESPEC_H_
#include <linux/time.h>
#endif
