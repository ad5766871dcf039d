// SPDX-License-Identifier: MIT
/* machine/_types.h - widths of the types that programs share with a Linux
 * kernel on x86-64.
 *
 * newlib's defaults are those of a 16-bit world (dev_t, uid_t and ino_t are
 * short). Laid over newlib's header of the same name. See <sys/_types.h> of
 * newlib for how it asks. */
#ifndef _MACHINE__TYPES_H
#define _MACHINE__TYPES_H
#include <machine/_default_types.h>

typedef unsigned long __dev_t;
typedef unsigned long __ino_t;
typedef unsigned int __uid_t;
typedef unsigned int __gid_t;
typedef int __key_t;
typedef unsigned short __sa_family_t;
typedef unsigned long __fsfilcnt_t;
#define _CLOCK_T_ long
#define _CLOCKID_T_ int

#define __machine_dev_t_defined
#define __machine_ino_t_defined
#define __machine_uid_t_defined
#define __machine_gid_t_defined
#define __machine_key_t_defined
#define __machine_sa_family_t_defined
#define __machine_fsfilcnt_t_defined
#define __machine_clock_t_defined
#define __machine_clockid_t_defined
#endif
