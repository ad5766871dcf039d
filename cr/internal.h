// SPDX-License-Identifier: MIT
/* cr/internal.h - what the files of the engine know of each other. */
#pragma once

#include "cr/cr.h"
#include "ns/ns.h"

#define IMAGE_MAGIC 0x54564319
#define PAGES_NAME "pages-%u.img"
#define CR_TASK_ALIVE   1		/* task_state, as CRIU has it */
#define CR_TASK_DEAD    2
#define CR_TASK_STOPPED 3

struct member_row {
	const char *name;
	u32 magic;
	const struct pb_type *type;
};
extern const struct member_row cr_members[CR_MEMBERS];
/* A member whose messages have raw bytes behind them: where the message says how many (a u32), and
 * where the decoded message tells them (struct pb_bytes). NULL: none. */
struct raw_row {
	enum cr_member kind;
	size_t length, bytes;
};
const struct raw_row *cr_raw_find(enum cr_member kind);

/* --- tar.c --- */
#define TAR_BLOCK 512
void tar_header(u8 *block, const char *name, u64 size);
/* Name and size of a member; 1: the end; -EINVAL. */
int tar_parse(const u8 *block, char *name, size_t name_size, u64 *size);

/* --- audit.c --- */
extern struct list cr_saves, cr_restores;		/* under way */
void cr_held(enum held_kind kind, void (*found)(void *object));	/* kernel/holders.h */

/* --- settings.c --- */
int cr_may_call(void);					/* 0 or -EPERM: CR-API-08 */

/* --- save.c --- */
int cr_image_write(struct cr_save *s);			/* phase WRITTEN */
/* --- tree.c --- */
int cr_tree_collect(struct cr_save *s);
int cr_tree_save(struct cr_save *s);
int cr_tree_restore(struct cr_restore *r);
void cr_tree_undo(struct cr_restore *r);
void cr_tree_start(struct cr_restore *r);
/* --- core.c: one thread --- */
int cr_core_save(struct cr_save *s, struct task *t);
int cr_core_check(struct cr_restore *r, u32 tid, const struct pb_core_entry **out);
int cr_core_creds_restore(struct cr_restore *r, struct task *t, const struct pb_core_entry *e);
int cr_core_restore(struct cr_restore *r, struct task *t, const struct pb_core_entry *e);
int cr_dead_restore(struct cr_restore *r, struct task *t, const struct pb_core_entry *e);
int cr_extra_find(struct cr_restore *r, u32 tid, const struct pb_plimsoll_task **out);
/* --- process.c: what threads share --- */
int cr_process_save(struct cr_save *s, struct process *p, struct pb_task_core_entry *e);
int cr_process_restore(struct cr_restore *r, struct process *p, const struct pb_task_core_entry *e);
/* --- signals.c --- */
int cr_signals_save(struct cr_save *s, const struct sigpending *q,
		    struct pb_signal_queue_entry **out);
int cr_signals_restore(struct task *t, struct sigpending *q, const struct pb_signal_queue_entry *e);
/* --- creds.c --- */
int cr_creds_save(struct cr_save *s, const struct cred *c, struct pb_creds_entry **out);
int cr_creds_restore(struct cr_restore *r, struct task *t, const struct pb_creds_entry *e,
		     const struct pb_plimsoll_task *x);
/* --- regs.c --- */
int cr_regs_save(struct cr_save *s, struct task *t, struct pb_thread_info_x86 **out,
		 struct pb_bytes *rest);
int cr_regs_restore(struct cr_restore *r, struct task *t, const struct pb_thread_info_x86 *e);
/* --- namespaces.c --- */
int cr_namespaces_save(struct cr_save *s, struct task *t, struct pb_task_kobj_ids_entry *ids);
int cr_namespaces_restore(struct cr_restore *r, const struct pb_task_kobj_ids_entry *ids,
			  struct nsproxy **out);
int cr_children_ns_save(struct cr_save *s, struct task *t, struct pb_plimsoll_task *x);
int cr_children_ns_restore(struct cr_restore *r, struct task *t, const struct pb_plimsoll_task *x);
int cr_leaks_check(struct cr_save *s);			/* CR-API-20 */
int cr_ns_id(struct cr_save *s, struct ns_common *ns, u32 *id);	/* 0: outside */
int cr_ns_opener(struct cr_save *s, struct user_ns *ns, u32 *id);
int cr_ns_save(struct cr_save *s, struct ns_common *ns, u32 id, struct pb_bytes *names, u32 nr);
int cr_ns_common_save(struct cr_save *s, struct ns_common *ns, u32 id);
/* Between the two the kind's create() is called: current is who pays for the namespace. */
struct cr_ns_maker {
	struct user_ns *owner;		/* of the namespace to be made; borrowed */
	struct cred *cred;
	const struct cred *old;
	u32 inum;			/* which it had */
	const struct pb_bytes *names;	/* what its kind put beside */
	u32 nr_names;
};
int cr_ns_begin(struct cr_restore *r, enum ns_kind kind, u32 id, struct cr_ns_maker *m);
void cr_ns_end(struct cr_ns_maker *m, struct ns_common *made);	/* NULL: it was not */
void cr_pidns_finish(struct cr_restore *r);
int cr_userns_find(struct cr_restore *r, u32 id, struct user_ns **out);	/* borrowed */
bool cr_uid_allowed(const struct user_ns *ns, kid_t id);
void cr_ns_get(void *ns);
void cr_ns_put(void *ns);
int cr_ns_number(struct cr_save *s, struct ns_common *ns, u32 *number, u32 *id);
int cr_ns_path(struct cr_restore *r, u32 number, u32 id, struct path *out);
/* --- ns_mnt.c --- */
int cr_mount_id(struct cr_save *s, struct mount *m, u32 *id);	/* 0: the checkpointer sees it */
int cr_dentry_text(struct cr_save *s, const struct dentry *de, const struct dentry *top,
		   char **out);
int cr_dentry_walk(struct dentry *top, const char *text, struct dentry **out);
int cr_masters_restore(struct cr_restore *r);
int cr_mount_find(struct cr_restore *r, u32 id, struct mount **out);
/* --- supers.c --- */
u32 cr_fstype(const char *name);
char *cr_mount_path(struct cr_save *s, struct mount *m);	/* where the checkpointer sees it */
int cr_super_find(struct cr_save *s, struct mount *m, struct mount **out);
/* --- cgroups.c --- */
int cr_cgroups_save(struct cr_save *s);
u32 cr_cgroup_id(const struct cr_save *s, const struct task *t);
bool cr_cgroup_is_moved(const struct cgroup *cg);	/* ckpt made it to freeze tasks in it */
int cr_cgroup_save(struct cr_save *s, struct cgroup *cg, bool topmost);
/* --- cgroup_choice.c --- */
int cr_cgroups_choose(struct cr_save *s);		/* and saves them, from the top down */
u32 cr_cgroup_chosen(const struct cr_save *s, const struct cgroup *cg);	/* its id, or 0 */
/* --- cgroups.c --- */
struct cgroup *cr_cgroup_home(struct cgroup *cg);	/* past what ckpt made */
void cr_cgroups_let_go(struct cr_save *s);
int cr_cgroups_restore(struct cr_restore *r);
int cr_cgroup_find(struct cr_restore *r, u32 id, struct cgroup **out);
int cr_cgroups_finish(struct cr_restore *r);		/* settings and counters, before they run */
void cr_cgroups_undo(struct cr_restore *r);
void cr_cgroups_free(struct cr_restore *r);
void cr_cgroups_held(struct cr_restore *r, void (*found)(void *cgroup));	/* for audits */
/* --- times.c --- */
int cr_times_save(struct cr_save *s, struct task *t, struct pb_plimsoll_task *x);
int cr_times_restore(struct task *t, const struct pb_plimsoll_task *x);
/* --- pages.c --- */
struct cr_page_run {			/* a pagemap under way */
	struct cr_save *s;
	struct cr_pages_out *out;
	enum cr_member kind;
	u32 id;
	struct pb_pagemap_entry run;	/* nr_pages 0: none */
};
int cr_pages_begin(struct cr_save *s, enum cr_member kind, u32 id, struct cr_page_run *p);
int cr_page_out(struct cr_page_run *p, u64 va, struct frame *f);
int cr_pages_end(struct cr_page_run *p);
/* The runs of a pagemap (message 0 is its head), and the pages that only it may use. */
int cr_pages_of(struct cr_restore *r, enum cr_member kind, u32 id, struct cr_messages *map,
		struct cr_member_in **pages);
int cr_content_save(struct cr_save *s, struct inode *i, u32 *id);
int cr_content_restore(struct cr_restore *r, struct inode *i, u32 id);
/* --- inodes.c --- */
bool cr_is_shared_anon(const struct file *f);
/* The ghost of that id, made in dir (or above it) if it is not there yet; borrowed. */
int cr_ghost_restore(struct cr_restore *r, u32 id, const struct path *dir, struct inode **out);
/* --- owners.c --- */
struct pb_fown_entry *cr_fown_new(struct cr_save *s, const struct file *f);
int cr_owner_save(struct cr_save *s, const struct file *f, struct pb_file_entry *e);
/* --- posix_timers.c --- */
int cr_posix_timers_save(struct cr_save *s, struct process *p, struct pb_task_timers_entry *e);
int cr_posix_timers_restore(struct cr_restore *r, struct process *p,
			    const struct pb_task_timers_entry *e);
/* --- sighands.c --- */
int cr_sighand_id(struct cr_save *s, struct task *t, u32 *id);
int cr_sighand_restore(struct cr_restore *r, struct cr_process *p);
/* --- pids.c --- */
struct pid *cr_pid_of_tree(struct cr_restore *r, u32 nr);	/* no reference; NULL: not of it */
int cr_pid_restore(struct cr_restore *r, u32 nr, struct pid **out);	/* or of one that is gone */
/* --- names.c --- */
int cr_reg_save(struct cr_save *s, const struct path *p, u32 id, struct pb_reg_file_entry *reg);
int cr_reg_path(struct cr_restore *r, const struct pb_reg_file_entry *reg, unsigned look,
		struct path *out);
bool cr_reg_is_remapped(struct cr_restore *r, u32 id);
/* Some name of i in a mount of the tree's or the checkpointer's; no references. */
bool cr_inode_path(struct cr_save *s, struct inode *i, struct path *out);
u32 cr_may_of(u32 flags);			/* what an open with these asks: MAY_* */
int cr_place_restore(struct cr_restore *r, u32 file_id, struct path *out);	/* any file */
/* --- files_pipe.c --- */
struct pipe;
int cr_pipe_ring_save(struct cr_save *s, struct pipe *p, enum cr_member member, u32 id);
int cr_pipe_ring_restore(struct file *f, const struct pb_plimsoll_pipe *e);	/* its first file */
/* --- mm.c --- */
int cr_cow_restore(struct cr_restore *r);
int cr_path_save(struct cr_save *s, const struct path *p, u32 *file_id);
int cr_path_restore(struct cr_restore *r, u32 file_id, struct path *out);
/* --- restore.c --- */
int cr_image_read(struct cr_restore *r);		/* phases READ, DECODED */
/* --- decode.c --- */
int cr_member_enter(struct cr_restore *r, struct cr_member_in *m);
int cr_member_decode(struct cr_restore *r, struct cr_member_in *m);
void cr_members_forget(struct cr_restore *r);
struct cr_member_in *cr_pages_find(struct cr_restore *r, u32 id);
