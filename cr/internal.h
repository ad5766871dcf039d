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
#define PIDNS_OUTSIDE 0			/* namespace ids: the restarter's own */

struct member_row {
	const char *name;
	u32 magic;
	const struct pb_type *type;
};
extern const struct member_row cr_members[CR_MEMBERS];

/* --- tar.c --- */
#define TAR_BLOCK 512
void tar_header(u8 *block, const char *name, u64 size);
/* Name and size of a member; 1: the end; -EINVAL. */
int tar_parse(const u8 *block, char *name, size_t name_size, u64 *size);

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
int cr_core_restore(struct cr_restore *r, struct task *t, const struct pb_core_entry *e);
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
/* --- cgroups.c --- */
int cr_cgroups_save(struct cr_save *s);
u32 cr_cgroup_id(const struct task *t);
void cr_cgroups_let_go(struct cr_save *s);
int cr_cgroups_restore(struct cr_restore *r);
int cr_cgroup_find(struct cr_restore *r, u32 id, struct cgroup **out);
int cr_cgroups_finish(struct cr_restore *r);		/* settings and counters, before they run */
void cr_cgroups_undo(struct cr_restore *r);
void cr_cgroups_free(struct cr_restore *r);
/* --- times.c --- */
int cr_times_save(struct cr_save *s, struct task *t, struct pb_plimsoll_task *x);
int cr_times_restore(struct task *t, const struct pb_plimsoll_task *x);
/* --- mm.c --- */
int cr_cow_restore(struct cr_restore *r);
/* --- fs.c --- */
int cr_path_save(struct cr_save *s, const struct path *p, u32 *file_id);
int cr_path_restore(struct cr_restore *r, u32 file_id, struct path *out);
/* --- restore.c --- */
int cr_image_read(struct cr_restore *r);		/* phases READ, DECODED */
struct cr_member_in *cr_pages_find(struct cr_restore *r, u32 id);
