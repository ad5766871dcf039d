// SPDX-License-Identifier: MIT
/* sys/timespec.h - see _timespec.h. */
#ifndef _SYS_TIMESPEC_H_
#define _SYS_TIMESPEC_H_
#include <sys/_timespec.h>
#endif
