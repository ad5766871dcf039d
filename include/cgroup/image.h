// SPDX-License-Identifier: MIT
/* cgroup/image.h - control groups for who saves them and makes them again: cr/cgroups.c.
 *
 * What a user can set stands in control files: a row that can be shown and written is a setting,
 * but for those that say who is where and what the tree looks like (CGFILE_SHAPE). What only counts
 * stands in the controllers' tables of counters. */
#pragma once

#include "cgroup/cgroup.h"

/* Settings by the names of their files, as they are shown; ends at the first that is not 0. */
int cgroup_settings_walk(struct cgroup *cg, int (*each)(void *ctx, const char *name,
							const char *text),
			 void *ctx);
/* Writes one, whoever owns the file: 0, -ENOENT, or what the file says. text may be changed. */
int cgroup_setting_write(struct cgroup *cg, const char *name, char *text);

/* Counters that nothing rebuilds: "pids.peak", "cpu.user_nsec". */
int cgroup_counters_walk(struct cgroup *cg, int (*each)(void *ctx, const char *name, u64 value),
			 void *ctx);
/* Never below what has been counted meanwhile. Unknown names are let be. */
void cgroup_counter_set(struct cgroup *cg, const char *name, u64 value);

/* The directory ("") and those files that were ever looked up, with their inodes. */
int cgroup_inodes_walk(struct cgroup *cg, int (*each)(void *ctx, const char *name,
						      struct inode *i),
		       void *ctx);
/* With a reference: 0, -ENOENT, -ENOMEM. */
int cgroup_inode_get(struct cgroup *cg, const char *name, struct inode **out);

/* As mkdir(2) and rmdir(2), without a look at who asks. May sleep. */
int cgroup_make_dir(struct cgroup *parent, const char *name, u32 mode, struct cgroup **out);
int cgroup_remove_dir(struct cgroup *cg);
struct cgroup *cgroup_child(struct cgroup *parent, const char *name);	/* online, or NULL */
/* May current make directories in cg and files there be written by it: 0 or -errno. */
int cgroup_may_make(struct cgroup *cg);
