// SPDX-License-Identifier: MIT
/* fs/proc_root_list.h - the fixed entries of /proc, in the order of listing. */
/* TEXT(name, permissions, show): a file; "int show(struct text *t, struct proc_open *po)".
 * LINK(name, flags, readlink): a symbolic link.
 * ENTRY(name): a "const struct proc_entry proc_name_entry" stands in the file named. */
TEXT("cgroups", 0444, proc_cgroups_show)		/* cgroup/proc.c */
TEXT("cmdline", 0444, proc_boot_cmdline_show)		/* proc_global.c */
TEXT("consoles", 0444, proc_consoles_show)
TEXT("cpuinfo", 0444, proc_cpuinfo_show)
TEXT("devices", 0444, proc_devices_show)
TEXT("diskstats", 0444, proc_empty_show)
TEXT("filesystems", 0444, proc_filesystems_show)
TEXT("interrupts", 0444, proc_interrupts_show)
TEXT("kallsyms", 0444, proc_kallsyms_show)
ENTRY(kmsg)						/* proc_global.c */
TEXT("loadavg", 0444, proc_loadavg_show)
TEXT("locks", 0444, proc_locks_show)			/* proc_locks.c */
TEXT("meminfo", 0444, proc_meminfo_show)			/* proc_meminfo.c */
TEXT("misc", 0444, proc_empty_show)
TEXT("modules", 0444, proc_empty_show)
LINK("mounts", 0, proc_mounts_link)			/* proc_root.c */
TEXT("partitions", 0444, proc_partitions_show)
LINK("net", 0, proc_net_link)				/* proc_root.c */
ENTRY(plimsoll)						/* proc_plimsoll.c */
TEXT("slabinfo", 0400, proc_slabinfo_show)		/* proc_meminfo.c */
TEXT("stat", 0444, proc_global_stat_show)			/* proc_global.c */
TEXT("swaps", 0444, proc_swaps_show)
ENTRY(sys)						/* proc_sys.c */
ENTRY(tty)						/* proc_global.c */
TEXT("uptime", 0444, proc_uptime_show)
TEXT("version", 0444, proc_version_show)
TEXT("vmstat", 0444, proc_vmstat_show)			/* proc_meminfo.c */
LINK("self", PROC_SUBSET, proc_self_link)			/* proc_root.c */
LINK("thread-self", PROC_SUBSET, proc_thread_self_link)
