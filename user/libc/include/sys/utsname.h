// SPDX-License-Identifier: MIT
/* sys/utsname.h - uname(2): the six names of struct new_utsname. */
#ifndef _SYS_UTSNAME_H
#define _SYS_UTSNAME_H
#include <linux/utsname.h>

#define UTSNAME_LENGTH (__NEW_UTS_LEN + 1)

struct utsname {
	char sysname[UTSNAME_LENGTH];
	char nodename[UTSNAME_LENGTH];
	char release[UTSNAME_LENGTH];
	char version[UTSNAME_LENGTH];
	char machine[UTSNAME_LENGTH];
	char domainname[UTSNAME_LENGTH];
};

int uname(struct utsname *names);
int sethostname(const char *name, size_t length);
int setdomainname(const char *name, size_t length);
#endif
