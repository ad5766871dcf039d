// SPDX-License-Identifier: MIT
/* kernel/prctl_internal.h - prctl options that live in a file of their own. */
#pragma once

#include "arch/cpu.h"
#include "kernel/cred_internal.h"

#define PRCTL_ARGS 4
struct prctl_args {
	u64 arg[PRCTL_ARGS];		/* arg2 to arg5 of the manual */
};

/* --- prctl_cred.c --- */
long prctl_set_keepcaps(const struct prctl_args *p);
long prctl_get_keepcaps(const struct prctl_args *p);
long prctl_set_securebits(const struct prctl_args *p);
long prctl_get_securebits(const struct prctl_args *p);
long prctl_capbset_read(const struct prctl_args *p);
long prctl_capbset_drop(const struct prctl_args *p);
long prctl_cap_ambient(const struct prctl_args *p);
