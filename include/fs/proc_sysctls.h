// SPDX-License-Identifier: MIT
/* fs/proc_sysctls.h - the tables of knobs under /proc/sys. */
/* SYSCTLS(name): a "const struct sysctl name_sysctls[]" stands in the file named. */
SYSCTLS(uts)	/* ns/uts.c */
SYSCTLS(ucount)	/* ns/ucount.c */
SYSCTLS(net)	/* net/sysctls.c */
SYSCTLS(kernel)	/* fs/proc_sysctl_kernel.c */
SYSCTLS(fs)	/* fs/proc_sysctl_fs.c */
SYSCTLS(vm)	/* fs/proc_sysctl_fs.c */
SYSCTLS(inotify)	/* fs/inotify.c */
SYSCTLS(cr)	/* cr/settings.c */
