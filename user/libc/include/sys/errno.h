// SPDX-License-Identifier: MIT
/* sys/errno.h - errno, with the numbers a Linux kernel returns (newlib's own
 * differ from 35 on). */
#ifndef _SYS_ERRNO_H_
#define _SYS_ERRNO_H_
#include <sys/reent.h>
#include <asm-generic/errno.h>

#ifndef _REENT_ONLY
#define errno (*__errno())
extern int *__errno(void);
#endif

extern __IMPORT const char *const _sys_errlist[];
extern __IMPORT int _sys_nerr;

#define __errno_r(ptr) ((ptr)->_errno)
#define ENOTSUP EOPNOTSUPP
#define EFTYPE 4095 /* newlib's hash files return it; no Linux kernel does */
#define __ELASTERROR 4096 /* programs may add their own from here on */
#endif
