// SPDX-License-Identifier: MIT
/* fs/proc.h - what rooms show in procfs: entries below /proc and /proc/PID, and knobs of /proc/sys.
 *
 * An entry is one struct proc_entry: a file whose text show() prints, a directory, or a link. Those
 * of /proc/PID are listed in fs/proc_pid_list.h, those of /proc in fs/proc_root_list.h; a room
 * above defines its entry and gets one row there. Tables of knobs are listed in
 * fs/proc_sysctls.h.
 * What is shown is meant for who opened the file: ids in the user namespace of f->cred,
 * process numbers in the pid namespace of the mount. Locks: BKL. See proc(5). */
#pragma once

#include "fs/text.h"

struct mm;
struct ns_common;
struct pid;
struct pid_ns;
struct process;
struct proc_entry;
struct task;

/* Which object an inode of procfs is. */
struct proc_node {
	const struct proc_entry *entry;
	struct pid *pid; /* of /proc/PID and what is below; counted by inodes. Else NULL */
	bool thread;	 /* /proc/PID/task/TID and below: that thread, not its process */
	u64 number, number2;		/* the entry's own: a descriptor, an address range, a row */
	struct inode *inode;		/* whose node it is */
	struct list link;		/* on pid->proc_nodes, or nowhere */
};

/* An open file of procfs that prints. */
struct proc_open {
	struct file *file;		/* not counted: its own */
	const struct proc_node *node;	/* the inode's */
	struct task *task; /* in open, show, store and poll: of node->pid, held; else NULL */
	struct mm *mm;			/* PROC_MM: counted (mm_get); NULL: the task had none */
	void *data;			/* the entry's own, from open to release */
};

/* Entry flags. */
#define PROC_READ_ACCESS BIT(0) /* open asks for ptrace-like read access to the task: EACCES */
#define PROC_MM		 BIT(1) /* open takes the task's address space, with that check */
#define PROC_LEADER	 BIT(2) /* not in /proc/PID/task/TID */
#define PROC_THREAD	 BIT(3) /* only there */
#define PROC_NO_PWRITE	 BIT(5) /* pwrite is ESPIPE */
#define PROC_SUBSET	 BIT(4) /* shown with subset=pid too */

/* What is not used is NULL. No operation may sleep, store and those of fops excepted. */
struct proc_entry {
	const char *name;
	u32 mode;			/* S_IFREG, S_IFDIR, S_IFLNK, and permissions */
	u32 flags;			/* PROC_* */
	/* Files: the whole text; 0 or -errno. */
	int (*show)(struct text *t, struct proc_open *po);
	/* One write(2) at file position pos: a NUL-terminated copy of less than a page. Bytes
	 * consumed or -errno. store_user gets the user's buffer itself instead. */
	ssize_t (*store)(struct proc_open *po, const char *text, size_t len, u64 pos);
	ssize_t (*store_user)(struct proc_open *po, uaddr text, size_t len, u64 pos);
	int (*open)(struct proc_open *po);
	void (*release)(struct proc_open *po);
	u32 (*poll)(struct proc_open *po, struct poll_table *pt);
	u64 (*changes)(const struct proc_open *po);	/* as in struct file_ops */
	struct ns_common *(*holds)(const struct proc_open *po);	/* what data counts; for audits */
	const struct file_ops *fops;	/* files that do not print */
	/* Directories: which node a name is (out->pid is not counted), or -ENOENT, -errno. */
	int (*find)(struct super *sb, const struct proc_node *dir, const char *name,
		    struct proc_node *out);
	int (*list)(const struct proc_node *dir, struct file *f, struct dir_sink *s);
	/* Links: their text (length or -errno), and for magic ones where they lead, with
	 * references. Without readlink the text is the path that follow gives. */
	int (*readlink)(struct super *sb, const struct proc_node *n, char *buf, size_t size);
	int (*follow)(const struct proc_node *n, struct path *out);
	int (*permission)(struct inode *i, unsigned mask);	/* NULL: generic_permission */
	/* Brings mode and owner up to date; false: there is no such thing any more. */
	bool (*refresh)(struct inode *i, const struct proc_node *n);
};

/* --- proc_node.c --- */
struct task *proc_task_get(const struct proc_node *n);	/* with a reference; NULL: gone */
/* task_may_access() of current, without a note among the refusals. */
bool proc_may_access(struct task *t, unsigned access);
/* For list: "." and "..", then children; false: the buffer is full. Positions from 2 on are the
 * directory's; f->pos moves to next with what was emitted. */
bool proc_emit_dots(struct file *f, struct dir_sink *s);
bool proc_emit(struct file *f, struct dir_sink *s, const char *name, const struct proc_node *child,
	       u64 next);
#define PROC_POS_FIRST 2

/* A directory whose entries are fixed. Listed in order, found by binary search. */
#define PROC_TABLE_MAX 96
struct proc_table {
	const struct proc_entry *const *rows;
	unsigned nr;
	bool sorted;			/* order is made at the first search */
	u8 order[PROC_TABLE_MAX];
};
int proc_table_find(struct proc_table *table, const struct proc_node *dir, const char *name,
		    struct proc_node *out);
/* Emits rows from f->pos on; 1: all are out, 0: the buffer is full. */
int proc_table_list(const struct proc_table *table, const struct proc_node *dir, struct file *f,
		    struct dir_sink *s);

struct pid_ns *proc_pid_ns(const struct super *sb);	/* of the mount */
static inline struct pid_ns *proc_reader_pid_ns(const struct proc_open *po)
{
	return proc_pid_ns(po->file->inode->sb);
}
static inline struct user_ns *proc_reader_user_ns(const struct proc_open *po)
{
	return po->file->cred->user_ns;
}
/* For audits: each reference that procfs holds, of pids by inodes, of namespaces by mounts
 * and open files. */
void proc_init(void);			/* hears when a number loses its task */
void proc_audit_pids(void (*found)(struct pid *p, void *arg), void *arg);
void proc_audit_namespaces(void (*found)(struct ns_common *ns, void *arg), void *arg);

/* --- /proc/sys --- */

/* A knob under /proc/sys: text in, text out, both seeing the opener (f->cred, namespaces of
 * current). */
struct sysctl {
	const char *path;		/* "kernel/hostname" */
	u32 mode;
	/* Writes the value with its newline. */
	int (*show)(const struct sysctl *s, struct text *t);
	/* One write(2) at file position pos: a NUL-terminated copy of at most a page. Returns the
	 * bytes consumed or -errno. NULL: read-only. */
	ssize_t (*store)(const struct sysctl *s, const char *text, size_t len, u64 pos);
	void *data;
	long min, max;
	struct waitqueue *poll_queue;	/* woken when it changes; NULL: not pollable */
	u64 *poll_version;
	bool number;			/* a read behind position 0 finds the end: numbers */
	/* Permissions for current, in the bits of owner, group and others alike; NULL: mode. */
	u32 (*mode_now)(const struct sysctl *s);
};
int sysctl_show_long(const struct sysctl *s,
		     struct text *t); /* data: long, strict parse, min..max EINVAL */
ssize_t sysctl_store_long(const struct sysctl *s, const char *text, size_t len, u64 pos);
int sysctl_show_int(const struct sysctl *s, struct text *t);	/* data: s32 */
ssize_t sysctl_store_int(const struct sysctl *s, const char *text, size_t len, u64 pos);
/* Shows min: what cannot be changed, SYSCTL_CONSTANT("kernel/cap_last_cap", CAP_LAST_CAP). */
int sysctl_show_constant(const struct sysctl *s, struct text *t);
#define SYSCTL_CONSTANT(path_, value)                                                      \
	{                                                                                  \
		.path = path_, .mode = 0444, .show = sysctl_show_constant, .min = (value), \
		.number = true                                                             \
	}
int sysctl_show_string(const struct sysctl *s, struct text *t);	/* data: char *, read-only text */
/* data: a buffer of max + 1 bytes. A write replaces it from pos on, up to a newline. */
ssize_t sysctl_store_string(const struct sysctl *s, const char *text, size_t len, u64 pos);
/* The first number of a write, as sysctl_store_long() reads it: bytes consumed or -EINVAL. */
ssize_t sysctl_parse(const char *text, size_t len, long *value);
/* The text of a read-only string knob; NULL: no such knob. */
const char *sysctl_string(const char *path);
extern s32 pty_max, pty_reserve, pty_count;	/* of all devpts instances */
extern s32 unprivileged_userns_clone;	/* 0: CLONE_NEWUSER needs CAP_SYS_ADMIN */
/* Tables of rooms, each ended by a row without path; listed in fs/proc_sysctls.h: SYSCTLS(uts). */
/* The process that an open directory /proc/PID is about; NULL: it is none. No reference. */
struct pid *proc_dir_pid(const struct file *f);
