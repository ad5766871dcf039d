// SPDX-License-Identifier: MIT
/* cgroup/cgroup.h - control groups: hierarchies, the tree, and which tasks are where.
 *
 *   hierarchy --root--> cgroup --children--> cgroup ...     cgroup --css[id]--> controller's state
 *   task --cgroups--> struct cgroups: one place in each hierarchy --in[slot]--> cgroup
 *
 * Hierarchy 0 is the unified one (v2); others are v1's. A controller belongs to one of them. A
 * cgroup is a directory: made by mkdir, removed by rmdir when no task lives in it and it has no
 * children. A removed one is dead, and "dying" as long as something pins it: a zombie, a css with
 * charges, a namespace, a dying child. After that it is gone, and only its name and place are left
 * to those who refer to its directory.
 * Locks: BKL; nothing here sleeps.
 * Checkpoint: the tree by path, values by file, membership by task. */
#pragma once

#include "cgroup/css.h"
#include "fs/vfs.h"
#include "lib/config.h"

#define HIERARCHIES_MAX 1	/* v1 hierarchies would have the slots from 1 on */
#define UNIFIED 0		/* slot of the unified hierarchy */

struct hierarchy {
	u32 slot;
	u32 id;				/* in /proc/PID/cgroup; 0: unified */
	bool unified;
	bool visible;			/* was mounted once: shown in /proc/PID/cgroup */
	u32 controllers;		/* bits: bound to it */
	u32 flags;			/* HIERARCHY_* */
	struct cgroup *root;		/* counted */
	struct super *super;		/* of all its mounts */
	struct mount *mount;		/* the kernel's own, counted: keeps super and files */
	struct list cgroups;		/* cgroup.all: dying and gone ones too, parents first */
	u64 nr_cgroups;			/* that are not dead */
	u64 last_id;
};
#define HIERARCHY_NSDELEGATE    BIT(0)
#define HIERARCHY_FAVORDYNMODS  BIT(1)
#define HIERARCHY_LOCALEVENTS   BIT(2)
#define HIERARCHY_RECURSIVEPROT BIT(3)
#define HIERARCHY_PIDS_LOCALEVENTS BIT(4)
extern struct hierarchy *hierarchies[HIERARCHIES_MAX];	/* NULL: no such slot in use */
extern struct hierarchy unified;
extern struct hierarchy *controller_home[CONTROLLERS];

/* What the audit counts in a cgroup. */
struct cgroup_found {
	u64 live, dead;			/* tasks */
	u64 frozen, pins, refs, descendants, dying;
};

struct cgroup {
	refcount_t refs; /* itself while pinned, inodes of its directory and files, children */
	LAYOUT_PADDING
	u32 pins;			/* being online, tasks, csses, namespaces, children */
	struct hierarchy *hierarchy;
	struct cgroup *parent;		/* counted, and pinned until this is gone; NULL: root */
	u32 level;			/* root 0 */
	u64 id;				/* inode number of its directory */
	char *name;
	struct list children, sibling;	/* online ones, oldest first */
	u32 nr_children;
	struct list all;		/* on hierarchy.cgroups */
	bool dead;			/* removed */
	struct dentry *dentry;		/* its directory; NULL once removed */
	kid_t uid, gid;			/* the maker's: owner of the core's files */

	/* who is in it */
	struct list members, zombies;	/* cgroup_place.link: alive, and exited but not reaped */
	u32 nr_members, nr_zombies;
	u32 populated_domain_children, populated_threaded_children;
	u32 threaded_children;
	struct cgroup *domain;		/* resource domain: itself, or its thread root */

	/* which controllers it has: css its own, ecss the nearest at or above; was: ecss before the
	 * change of control that is under way, else equal to ecss */
	u32 subtree_control;
	struct css *css[CONTROLLERS], *ecss[CONTROLLERS], *was[CONTROLLERS];

	/* cgroup.max.*, cgroup.stat */
	s32 max_depth, max_descendants;
	u32 nr_descendants, nr_dying;

	/* freezer */
	bool freeze;			/* cgroup.freeze */
	u32 freezing;			/* how many of it and its ancestors say freeze */
	bool frozen;			/* all that is in it and below */
	u32 nr_frozen, nr_frozen_children;

	u64 user_nsec, system_nsec;	/* of those who left, here and below: cpu.stat */
	struct cgroup_found found;

	/* a checkpoint: while it is being written nobody thaws or moves; and its scratch */
	u32 dumps;
	struct {
		u64 choice;		/* of which save the others are: cr/cgroup_choice.c */
		u32 ours, populated, id;
		bool judged, shared;
	} image;
};

/* A task's place in one hierarchy. */
struct cgroup_place {
	struct cgroup *cgroup;		/* pinned */
	struct list link;		/* on members or zombies */
	struct task *task;
};

/* A task's places in all of them. */
struct cgroups {
	struct task *task;
	LAYOUT_PADDING
	bool exited;			/* among the zombies */
	u64 user_mark, system_mark;	/* the task's times that cgroups have been given */
	/* the migration under way */
	struct list moving;		/* on attach.tasks */
	struct cgroup *from, *to;
	struct cgroup_place in[HIERARCHIES_MAX];
};

/* --- cgroup.c --- */
void cgroup_init(void);			/* boot: hierarchies, their file systems, hooks */
static inline struct cgroup *task_cgroup(const struct task *t, const struct hierarchy *h)
{
	return t->cgroups ? t->cgroups->in[h->slot].cgroup : h->root;
}
/* The css that t is charged to. Kernel tasks without cgroups: the root's. Never NULL after
 * cgroup_init(). No reference: good until the caller sleeps. */
static inline struct css *task_css(const struct task *t, enum controller_id id)
{
	return task_cgroup(t, controller_home[id])->ecss[id];
}
static inline struct cgroup *cgroup_get(struct cgroup *cg)
{
	ref_get(&cg->refs);
	return cg;
}
void cgroup_put(struct cgroup *cg);
static inline void cgroup_pin(struct cgroup *cg)
{
	assert(cg->pins);
	cg->pins++;
}
void cgroup_unpin(struct cgroup *cg);
/* 0 or -EAGAIN, -ENOMEM ...: a child, online, with the csses it is to have; its directory is the
 * caller's to make. */
int cgroup_create(struct cgroup *parent, const char *name, struct cgroup **out);
int cgroup_remove(struct cgroup *cg);	/* 0 or -EBUSY; its directory is the caller's */
bool cgroup_is_ancestor(const struct cgroup *anc, const struct cgroup *cg);	/* or the same */
/* Preorder over online descendants of top, top first. NULL begins, NULL ends. */
struct cgroup *cgroup_next(struct cgroup *cg, struct cgroup *top);
static inline bool cgroup_has_tasks(const struct cgroup *cg)
{
	return cg->nr_members != 0;
}
static inline bool cgroup_is_populated(const struct cgroup *cg)
{
	return cg->nr_members || cg->populated_domain_children || cg->populated_threaded_children;
}
/* Path as seen from root: "/", "/a/b", "/../c". Length, or -ENAMETOOLONG. */
int cgroup_path(const struct cgroup *cg, const struct cgroup *root, char *buf, size_t size);

/* --- control.c: subtree_control, types --- */
bool cgroup_is_threaded(const struct cgroup *cg);
bool cgroup_is_thread_root(const struct cgroup *cg);
bool cgroup_can_be_thread_root(const struct cgroup *cg);
bool cgroup_is_valid_domain(const struct cgroup *cg);
const char *cgroup_type_name(const struct cgroup *cg);
int cgroup_make_threaded(struct cgroup *cg);
u32 cgroup_available(const struct cgroup *cg);		/* bits of cgroup.controllers */
/* Switches controllers (bits) on and off for the children: all or none (CG-20). */
int cgroup_set_control(struct cgroup *cg, u32 enable, u32 disable);

/* --- attach.c --- */
/* May a task that opened "via" with ns move from src to dst (CG-24 .. 34, 54, CGNS-10)? */
int cgroup_may_attach(struct cgroup *src, struct cgroup *dst, bool group, struct cgroup_ns *ns);
int cgroup_attach_task(struct cgroup *dst, struct task *t, bool group);

/* --- freezer.c, kill.c --- */
void cgroup_set_freeze(struct cgroup *cg, bool freeze);
/* Is a checkpoint of tasks in cg or below being written (CR-FRZ-02)? */
bool cgroup_is_dumped(struct cgroup *cg);
int cgroup_kill(struct cgroup *cg);

/* --- fs.c --- */
/* The cgroup whose directory f is: 0, -EBADF, -ENOENT (removed). No reference. */
int cgroup_of_dir(const struct file *f, struct cgroup **out);

struct proc_open;
int proc_cgroup_show(struct text *t, struct proc_open *po);	/* /proc/PID/cgroup */
int proc_cgroups_show(struct text *t, struct proc_open *po);	/* /proc/cgroups */
void cgroup_audit(struct audit *a);
