// SPDX-License-Identifier: MIT
/* fs/sysfs_list.h - what rooms above show in sysfs. */
/* ROW(path, show): a file; "int show(struct text *t, unsigned number)" stands in the file named. */
ROW("kernel/cgroup/delegate", sysfs_cgroup_delegate_show)	/* cgroup/proc.c */
ROW("kernel/cgroup/features", sysfs_cgroup_features_show)
