// SPDX-License-Identifier: MIT
/* sys/prctl.h - prctl(2), with the options of <linux/prctl.h>. */
#ifndef _SYS_PRCTL_H
#define _SYS_PRCTL_H
#include <linux/prctl.h>

int prctl(int option, ...);
#endif
