// SPDX-License-Identifier: MIT
/* cgroup/internal.h - what the files of this room share among themselves. */
#pragma once

#include "cgroup/cgroup.h"
#include "ns/cgroup.h"

/* --- cgroup.c: csses --- */
#define for_each_hierarchy(h, slot)                             \
	for (u32 slot = 0; slot < HIERARCHIES_MAX; slot++)      \
		if (((h) = hierarchies[slot]))
int css_make(struct cgroup *cg, enum controller_id id);	/* into cg->css[id]; online */
void css_kill(struct cgroup *cg, enum controller_id id);	/* out of it; its files too */
/* A css or a zombie is gone from a removed cgroup: what is left may go. */
void cgroup_last_zombie(struct cgroup *cg);
/* cg was populated or not ("was") before its own members or children changed: tells upwards. */
void cgroup_populated_changed(struct cgroup *cg, bool was);

/* --- control.c --- */
/* Makes csses and effective csses of top and all below fit the masks; tasks move along. */
int cgroup_apply_control(struct cgroup *top);

/* --- attach.c --- */
void attach_begin(struct attach *a);
void attach_add(struct attach *a, struct cgroups *cgs, struct cgroup *from, struct cgroup *to);
int attach_run(struct attach *a, u32 mask);
void attach_end(struct attach *a);	/* empties the list */

/* --- freezer.c --- */
void freezer_task_moved(struct task *t, struct cgroup *from, struct cgroup *to);
void freezer_task_joined(struct task *t, struct cgroup *cg);
void cgroup_frozen_changed(struct cgroup *cg);	/* its tasks, children or mark did */
void freezer_init(void);

/* --- state.c --- */
void cgroup_state_init(void);

/* --- stat.c --- */
void cgroup_give_times(struct cgroups *cgs);	/* what its task used goes to where it is now */
int cgroup_stat_show(struct text *t, struct cgroup_open *o);
int cgroup_cpu_stat_show(struct text *t, struct cgroup_open *o);

/* --- task.c --- */
extern const struct task_part cgroup_part, member_part;

/* --- fs.c --- */
/* The inode of a control file that lives in memory: attributes, watchers, pollers. */
struct cgroup_node {
	struct cgroup *cgroup;		/* counted */
	const struct cgroup_file *type;	/* NULL: the directory */
	const struct controller *controller;	/* NULL: a file of the core */
	struct inode *inode;		/* its own */
	bool removed;
	u64 event;			/* changes told, from 1 */
	struct waitqueue poll;
	u32 nr_user_xattrs;
	u64 user_xattr_bytes;
};
int hierarchy_mount(struct hierarchy *h, const struct fs_type *type);
/* Files that are there, of one controller (NULL: all), go. */
void cgroup_files_come(void);		/* a controller's, in some cgroup */
void cgroup_files_remove(struct cgroup *cg, const struct controller *c);
/* May current write cg's cgroup.procs? 0 or -EACCES, -EROFS, -ENOMEM. */
int cgroup_may_write(struct cgroup *cg);
void cgroup_file_full_name(const struct controller *c, const struct cgroup_file *f, char *buf);
bool cgroup_file_is_in(const struct cgroup *cg, const struct cgroup_file *f);
#define CGROUP_FILE_NAME_SIZE 64
void cgroup_events_changed(struct cgroup *cg);
/* The row at that place of the listing of cg, and its controller; false: no such. */
bool cgroup_file_at(const struct cgroup *cg, u32 at, const struct controller **c,
		    const struct cgroup_file **f);
extern const struct file_ops cgroup_file_ops, cgroup_dir_file_ops;

/* --- file.c --- */
void cgroup_files_audit_ns(void (*found)(struct ns_common *ns, void *arg), void *arg);

/* --- files.c: the core's own --- */
struct cgroup_option {
	const char *name;
	u32 flag;			/* HIERARCHY_* */
	enum compat_rule since;		/* 0: always */
};
extern const struct cgroup_option cgroup_options[];	/* ended by a row without name */
static inline bool cgroup_option_is_known(const struct cgroup_option *o)
{
	return !o->since || compat_at_least(o->since);
}
extern const struct cgroup_file cgroup_core_files[];
/* Where cgroup.events and cgroup.procs stand in it. */
extern const struct cgroup_file *const cgroup_events_row, *const cgroup_procs_row;
