// SPDX-License-Identifier: MIT
/* kernel/arch_prctl.c - the segment bases that thread libraries point at their data.
 *
 * The bases of the running task are in the processor; user code may change them itself
 * where FSGSBASE is on. See arch_prctl(2). */
#include <asm/prctl.h>

#include "kernel/syscall.h"

static long base_set(void (*set)(u64), u64 base)
{
	if (base >= USER_END)
		return -EPERM;
	set(base);
	return 0;
}

long sys_arch_prctl(int code, u64 arg)
{
	u64 base;

	switch (code) {
	case ARCH_SET_FS:
		return base_set(arch_set_fs_base, arg);
	case ARCH_SET_GS:
		return base_set(arch_set_gs_base, arg);
	case ARCH_GET_FS:
		base = arch_get_fs_base();
		return copy_to_user(arg, &base, sizeof(base));
	case ARCH_GET_GS:
		base = arch_get_gs_base();
		return copy_to_user(arg, &base, sizeof(base));
	case ARCH_GET_CPUID:
		return 1;		/* CPUID does not fault */
	case ARCH_SET_CPUID:
		return -ENODEV;
	}
	return -EINVAL;
}
