// SPDX-License-Identifier: MIT
/* sys/sched.h - struct sched_param and sched_attr, of <linux/sched/types.h>;
 * the calls are in <sched.h>. */
#ifndef _SYS_SCHED_H_
#define _SYS_SCHED_H_
#include <linux/sched/types.h>
#endif
