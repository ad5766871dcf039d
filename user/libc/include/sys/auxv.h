// SPDX-License-Identifier: MIT
/* sys/auxv.h - the auxiliary vector the kernel gave to the program. */
#ifndef _SYS_AUXV_H
#define _SYS_AUXV_H
#include <linux/auxvec.h>

unsigned long getauxval(unsigned long type);
#endif
