// SPDX-License-Identifier: MIT
/* fs/proc_fs.h - what the files of procfs share among themselves. */
#pragma once

#include "arch/cpu.h"
#include "fs/proc.h"
#include "kernel/pid.h"
#include "kernel/task.h"

#define PROC_ROOT_INO 1

/* --- proc_fs.c: one mount of procfs --- */
enum hidepid {			/* values of the mount option */
	HIDEPID_OFF,
	HIDEPID_NOACCESS,
	HIDEPID_INVISIBLE,
	HIDEPID_PTRACEABLE = 4,
};
struct proc_super {
	struct pid_ns *pid_ns;	/* counted */
	enum hidepid hidepid;
	kid_t gid;		/* exempt from hidepid */
	bool subset_pid;
};
static inline struct proc_super *to_proc_super(const struct super *sb)
{
	return sb->private;
}
/* Do the mount's options let current see t, where "from" is the first hidepid that hides? */
bool proc_task_visible(const struct super *sb, struct task *t, enum hidepid from);

/* --- proc_node.c --- */
static inline const struct proc_node *to_proc_node(const struct inode *i)
{
	return i->private;
}
extern const struct fs_type proc_fs_type;	/* proc_fs.c */
int proc_inode_create(struct super *sb, const struct proc_node *n, struct inode **out);
void proc_inode_destroy(struct inode *i);
bool proc_parse_number(const char *name, u32 *out);	/* decimal, as names are written */

/* --- proc_file.c: open files that print, and what others build on --- */
#define PROC_POLL_READY (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)
extern const struct file_ops proc_file_ops;
int proc_file_open(struct inode *i, struct file *f);
void proc_file_release(struct file *f);
struct proc_open *to_proc_open(const struct file *f);
/* The mm of an open file with a reference that keeps its pages, or NULL: none any more. */
struct mm *proc_mm_get_user(struct proc_open *po);

/* --- entries that tables name --- */
extern const struct proc_entry proc_root_entry;		/* proc_root.c */
extern const struct proc_entry proc_pid_dir_entry, proc_tid_dir_entry;	/* proc_pid.c */
extern const struct proc_entry proc_sys_entry;		/* proc_sys.c */

/* --- proc_stat.c --- */
struct signal_sets {		/* of one task or process, as stat and status show them */
	u64 pending, shared, blocked, ignored, caught;
};
void proc_signal_sets(struct task *t, struct signal_sets *s);
const char *proc_state_text(const struct task *t);	/* "S (sleeping)" */
u64 proc_text_pages(const struct mm *mm);
s32 proc_ppid(const struct task *t, const struct pid_ns *ns);

/* --- proc_maps.c --- */
struct vma;
/* Name of a mapping as maps prints it into buf (PATH_MAX_LEN); NULL: none. */
const char *proc_vma_name(const struct vma *v, char *buf);
struct inode *proc_vma_inode(const struct vma *v);	/* NULL: not of a file */
void proc_maps_line(struct text *t, const struct vma *v, char *buf);
void proc_maps_rollup_line(struct text *t, uaddr start, uaddr end);
/* For each mapping of po->mm, with a buffer of PATH_MAX_LEN. 0 or -ENOMEM. */
int proc_each_vma(struct text *t, struct proc_open *po,
		  void (*each)(struct text *t, struct vma *v, char *buf, void *arg), void *arg);

/* --- proc_text.c: sets of CPUs and nodes, names --- */
void text_quote_newlines(struct text *t, const char *s);	/* a newline as "\\012" */
void text_bitmap_hex(struct text *t, u64 bits, unsigned nr);	/* "0000000f", words by commas */
void text_bitmap_list(struct text *t, u64 bits);		/* "0-3,5" */
static inline u64 cpus_online_mask(void)
{
	return BIT(cpu_count) - 1;
}
