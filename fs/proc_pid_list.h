// SPDX-License-Identifier: MIT
/* fs/proc_pid_list.h - the entries of /proc/PID and /proc/PID/task/TID, in the order of listing. */
/* TEXT(name, permissions, flags, show): a file; "int show(struct text *t, struct proc_open *po)".
 * KNOB(name, permissions, flags, show, store): one that can be written.
 * PATH(name, follow): a magic link.
 * ENTRY(name): a "const struct proc_entry proc_name_entry" stands in the file named. */
ENTRY(task)						/* proc_pid.c */
ENTRY(fd)						/* proc_fd.c */
ENTRY(map_files)					/* proc_map_files.c */
ENTRY(fdinfo)						/* proc_fd.c */
ENTRY(ns)						/* ns/proc.c */
ENTRY(net)						/* net/proc.c */
ENTRY(environ)						/* proc_memory.c */
ENTRY(auxv)
TEXT("status", 0444, 0, proc_status_show)		/* proc_status.c */
TEXT("personality", 0400, 0, proc_personality_show)	/* proc_attrs.c */
TEXT("limits", 0444, 0, proc_limits_show)		/* proc_limits.c */
TEXT("sched", 0644, 0, proc_sched_show)			/* proc_attrs.c */
KNOB("comm", 0644, 0, proc_comm_show, proc_comm_store)
TEXT("syscall", 0400, 0, proc_syscall_show)
ENTRY(cmdline)						/* proc_memory.c */
TEXT("stat", 0444, 0, proc_stat_show)			/* proc_stat.c */
TEXT("statm", 0444, 0, proc_statm_show)
TEXT("maps", 0444, PROC_MM, proc_maps_show)		/* proc_maps.c */
TEXT("children", 0444, PROC_THREAD, proc_children_show)	/* proc_attrs.c */
TEXT("numa_maps", 0444, PROC_MM, proc_numa_maps_show)	/* proc_pages.c */
ENTRY(mem)						/* proc_memory.c */
PATH("cwd", proc_cwd_path)				/* proc_fd.c */
PATH("root", proc_root_path)
PATH("exe", proc_exe_path)
ENTRY(mounts)						/* proc_mounts.c */
ENTRY(mountinfo)
ENTRY(mountstats)
ENTRY(clear_refs)					/* proc_pages.c */
TEXT("smaps", 0444, PROC_MM, proc_smaps_show)		/* proc_smaps.c */
TEXT("smaps_rollup", 0444, PROC_MM, proc_smaps_rollup_show)
ENTRY(pagemap)						/* proc_pages.c */
TEXT("wchan", 0444, 0, proc_wchan_show)			/* proc_attrs.c */
TEXT("schedstat", 0444, 0, proc_schedstat_show)
TEXT("cgroup", 0444, 0, proc_cgroup_show)		/* cgroup/proc.c */
TEXT("oom_score", 0444, 0, proc_oom_score_show)		/* proc_limits.c */
KNOB("oom_score_adj", 0644, 0, proc_oom_adj_show, proc_oom_adj_store)
TEXT("loginuid", 0444, 0, proc_unset_id_show)		/* proc_attrs.c */
TEXT("sessionid", 0444, 0, proc_unset_id_show)
KNOB("coredump_filter", 0644, PROC_LEADER, proc_core_filter_show, proc_core_filter_store)
TEXT("io", 0400, 0, proc_io_show)
ENTRY(uid_map)						/* ns/proc.c */
ENTRY(gid_map)
ENTRY(projid_map)
ENTRY(setgroups)
/* proc_attrs.c */
TEXT("timers", 0444, PROC_LEADER, proc_timers_show)	/* proc_timers.c */
KNOB("timerslack_ns", 0666, PROC_LEADER, proc_timerslack_show, proc_timerslack_store)
ENTRY(pid_plimsoll)					/* proc_plimsoll.c */
