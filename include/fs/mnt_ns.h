// SPDX-License-Identifier: MIT
/* fs/mnt_ns.h - mount namespaces: the tree of mounts a task sees, and operations on mount trees.
 *
 * A namespace counts each mount on its list; a mount counts its parent. Trees are built detached
 * (mount_create, mount_tree_copy), then attached as a whole; what is shared propagates to peers and
 * slaves. See mount_namespaces(7). */
#pragma once

#include "fs/vfs.h"
#include "kernel/ns_common.h"
#include "kernel/wait.h"

struct task;
struct text;

struct mnt_ns {
	struct ns_common ns;
	struct mount *root;		/* on the list too */
	struct list mounts;		/* mount.ns_link, in order of mounting */
	u64 nr;
	u64 seq;			/* later made, higher: MNTNS-44 */
	bool anon;			/* no task is in it: a tree that an open file holds */
	u64 pending, pending_visit;	/* mounts that one propagation is about to add */
	u64 event;			/* counts changes, for poll of /proc/PID/mounts */
	struct waitqueue poll;		/* woken by them */
};
extern struct mnt_ns init_mnt_ns;
extern u64 mount_max;			/* fs.mount-max: mounts in one namespace */

/* The namespace of a task. Filled in by ns/ where there are more than the initial one. */
extern struct mnt_ns *(*task_mnt_ns)(const struct task *t);
struct mnt_ns *current_mnt_ns(void);
static inline bool mount_is_ours(const struct mount *m)
{
	return m->ns == current_mnt_ns();
}
/* Is m the top of a tree that an open file holds (open_tree, fsmount)? */
static inline bool mount_is_floating(const struct mount *m)
{
	return m->ns && m->ns->anon && m->ns->root == m;
}
/* The namespace that de, a file of nsfs, stands for; NULL: none, or of another kind. From ns/. */
extern struct mnt_ns *(*dentry_mnt_ns)(const struct dentry *de);
void mnt_ns_init(struct mnt_ns *ns);		/* an empty one */
void mnt_ns_changed(struct mnt_ns *ns);		/* counts an event, wakes pollers */

/* --- mount.c: single mounts --- */
/* de was removed: what is mounted on it elsewhere vanishes. */
void mounts_detach_from(struct dentry *de);
/* A detached mount of root (counted), refs 1. source may be NULL. */
int mount_create(struct super *sb, struct dentry *root, u32 flags, const char *source,
		 struct mount **out);
void mount_attach(struct mount *m, struct mount *parent, struct dentry *mountpoint);
void mount_detach(struct mount *m);		/* from its parent */
void mnt_ns_add(struct mnt_ns *ns, struct mount *m);	/* counts it */
void mnt_ns_remove(struct mount *m);		/* uncounts it */
static inline bool mount_has_parent(const struct mount *m)
{
	return m->parent != m;
}
/* parents first; NULL: end */
struct mount *mount_next(struct mount *m, const struct mount *top);

struct mount *mount_skip(struct mount *m, const struct mount *top);	/* next, past m's subtree */

/* --- mount_tree.c: copying, attaching, unmounting trees --- */
#define COPY_UNBINDABLE      BIT(0)	/* unbindable ones too (a namespace's copy) */
#define COPY_PRIVATE         BIT(1)
#define COPY_SLAVE           BIT(2)	/* slaves of the originals */
#define COPY_SHARED          BIT(3)	/* in a peer group of their own if in none */
#define COPY_SHARED_TO_SLAVE BIT(4)	/* slaves of those that are shared (less privileged copy) */
#define COPY_NS_FILES        BIT(5)	/* mounts of files of mount namespaces too */
int mount_clone(struct mount *old, struct dentry *root, unsigned how, struct mount **out);
/* Copies m and what is mounted below root of it. Detached, all in no namespace. */
int mount_tree_copy(struct mount *m, struct dentry *root, unsigned how, struct mount **out);
/* Locks flags and all but the top: for an owner with less privilege (MNTNS-33, 36). */
void mount_tree_lock(struct mount *top);
u64 mount_tree_size(struct mount *top);
/* Is there room for more mounts beside those that this propagation (visit) brings already? */
int mnt_ns_reserve(struct mnt_ns *ns, u64 more, u64 visit);
void mount_tree_discard(struct mount *top);	/* a detached tree in no namespace */
/* All mounts of the tree enter ns, which takes over the references of their makers. */
void mount_tree_commit(struct mount *top, struct mnt_ns *ns);
/* Moves p (counted) up to what is mounted on it last. */
void mountpoint_topmost(struct path *p);
/* Puts a detached tree (or moves an attached one) onto p, with propagation. On success the
 * namespace takes over the references of the makers of the tree; else it is as before. */
int mount_tree_attach(struct mount *top, const struct path *p);
#define UMOUNT_PROPAGATE BIT(0)
void mount_tree_umount(struct mount *top, unsigned how);
bool mount_busy(const struct mount *m, u32 allowed_refs);

/* --- propagate.c: peer groups, masters and slaves --- */
static inline bool mount_is_shared(const struct mount *m)
{
	return m->group_id != 0;
}
int mount_group_new(struct mount *m);		/* -> shared in a group of its own */
/* All of the tree (or m alone) that are in no group get one; undone by mount_groups_cancel. */
int mount_groups_new(struct mount *top, bool recurse);
void mount_groups_keep(struct mount *top);
void mount_groups_cancel(struct mount *top);
void mount_join_group(struct mount *m, struct mount *peer);
void mount_set_master(struct mount *m, struct mount *master);	/* NULL: none */
/* m, a copy: of slave's master, if any */
void mount_share_master(struct mount *m, struct mount *slave);
/* MS_PRIVATE, MS_SLAVE, MS_UNBINDABLE, MS_SHARED */
void mount_set_type(struct mount *m, u64 ms_type);
/* Copies source for all who receive what is mounted on (dest, mountpoint); made: mount.work,
 * each with prop_source = the mount it is to be attached to. On error nothing is left. */
int propagate_mount(struct mount *dest, struct dentry *mountpoint, struct mount *source,
		    struct list *made);
/* Links (prop_link) all others that receive events from m onto out. */
void propagation_collect(struct mount *m, struct list *out);

/* --- mount_show.c --- */
int mounts_show(struct text *t, struct task *task);	/* /proc/PID/mounts */
int mountinfo_show(struct text *t, struct task *task);
int mountstats_show(struct text *t, struct task *task);
