// SPDX-License-Identifier: MIT
/* cr/cr.h - checkpoint and restart: what an object class is, and what one has to save and restore
 * itself.
 *
 * An image is a tar stream; a member is a CRIU image file: magics, then (size, message) again and
 * again. An object is anything that tasks share. On save it is found by its address, written once
 * by its class before its first user, and later only its id; on restore by its id. The table holds
 * a reference on every object till the end, whether all went well or not.
 *
 *   save:     id of a file for the fd table:    err = cr_save_object(s, &cr_file_class, file, &id);
 *   its class calls:                            err = cr_put(s, CR_FILES, 0, &pb_file_entry_type,
 * &entry); restore:  the file again:                   err = cr_restore_object(r, &cr_file_class,
 * id, &file); its class calls:                            err = cr_find(r, CR_FILES, 0, key, id,
 * &entry);
 *
 * A class is one file cr/NAME.c with save and, directly below it, restore, fields in the same
 * order, and one line in cr/list.h. What cannot be saved is refused: return cr_refuse(s,
 * "fanotify", id, path, EBUSY, CR_EVT_05). Locks: BKL. Save runs on frozen tasks and changes
 * nothing it saves; it does not sleep before phase PAGES. */
#pragma once

#include "abi/errno.h"
#include "cr_proto.h"
#include "kernel/deny.h"
#include "lib/audit.h"
#include "lib/list.h"
#include "lib/radix.h"
#include "types.h"

struct cr_save;
struct first_seen;
struct cr_restore;
struct file;
struct frame;
struct page_cache;
struct pid;
struct pid_ns;
struct process;
struct mm;
struct task;
struct path;
struct nsproxy;
struct ns_common;

/* checkpoint(2) and restart(2): numbers and flags. */
#define CR_NR_CHECKPOINT 1024
#define CR_NR_RESTART    1025
#define CHECKPOINT_SUBTREE BIT(0)
#define RESTART_TASKSELF   BIT(0)
#define RESTART_FROZEN     BIT(1)
#define RESTART_GHOST      BIT(2)
#define CR_IMAGE_VERSION   1		/* of plimsoll-head.img */
#define CR_CRIU_VERSION    2		/* img_version of inventory.img */

enum cr_member {
#define MEMBER(KIND, name, magic, message) CR_##KIND,
#include "cr/members.h"
#undef MEMBER
	CR_MEMBERS
};

/* What is true at the end of each. */
enum cr_phase {
	CR_CHECKED,   /* save: every task is frozen, may be looked into, and has no part that is
			 refused */
	CR_COLLECTED, /* save: every object is in a member in memory; pages are counted */
	CR_WRITTEN,   /* save: members, pages and trailer have gone to the image */
	CR_READ,      /* restart: the whole image is in memory, pages in frames */
	CR_DECODED,   /* restart: every member is known, every message sound, every id refers to
			 something */
	CR_SHARED,    /* restart: namespaces, address spaces, files exist; nobody uses them */
	CR_TREE,      /* restart: tasks exist with their numbers, kin and state; none has run */
	CR_THAWED, /* restart: they run, or are frozen as any other; what went before is theirs */
};

/* One class of objects. Ids are given in order of discovery, from 1, for each class. */
struct cr_class {
	const char *name;		/* in logs: "file", "uts namespace" */
	/* Writes object under that id: 0 or -errno (refused: by cr_refuse). */
	int (*save)(struct cr_save *s, void *object, u32 id);
	/* Makes it again, with a reference that the table keeps. 0 or -errno. */
	int (*restore)(struct cr_restore *r, u32 id, void **object);
	void (*get)(void *object);
	void (*put)(void *object);
	void (*drop)(void *made);	/* what restore made, if put is not for that; or NULL */
	enum held_kind holds, made;	/* to audits: what get refers to; what drop gives back */
	const char *refuse;		/* no save and restore: why; else NULL */
	enum rule rule;
};
/* The classes of cr/list.h. */
#define CLASS(name) extern const struct cr_class cr_##name##_class;
#include "cr/list.h"
#undef CLASS
extern const struct cr_class *const cr_classes[];	/* NULL-terminated */

/* One kind of open files (cr/files_list.h): the first whose is() says yes saves and restores it. */
struct cr_file_class {
	const char *name;		/* "reg" */
	u32 type;			/* CRIU's fd_types */
	bool (*is)(const struct file *f);
	/* Fills e (type and id are set; what it points to lies in s's arena). */
	int (*save)(struct cr_save *s, struct file *f, struct pb_file_entry *e);
	/* A file with one reference. */
	int (*restore)(struct cr_restore *r, const struct pb_file_entry *e, struct file **out);
	const char *refuse;
	enum rule rule;
};
#define FILE_CLASS(name) extern const struct cr_file_class cr_##name##_files;
#include "cr/files_list.h"
#undef FILE_CLASS
extern const struct cr_file_class *const cr_file_classes[];

/* What can be said, or done, only when all objects are there: what one is to another (peers,
 * queues, locks, owners, watches). In the order of cr/late_list.h, after the tree. */
struct cr_late {
	const char *name;
	int (*save)(struct cr_save *s);		/* 0 or -errno; may be NULL */
	int (*restore)(struct cr_restore *r);	/* tasks exist, none has run; may be NULL */
};
#define LATE(name) extern const struct cr_late cr_##name##_late;
#include "cr/late_list.h"
#undef LATE
extern const struct cr_late *const cr_lates[];	/* NULL-terminated */

/* --- objtab.c: objects by address (save) or by id (restart) --- */
struct objtab {
	struct list *buckets;		/* by address; NULL: none yet */
	u32 nr_buckets;
	u64 count;
	struct list all;		/* in order of discovery */
	u32 last_id[32];		/* of each class */
};
void objtab_init(struct objtab *t);
void objtab_free(struct objtab *t);	/* gives every reference back, last first */
/* The id of an object known, or 0. */
u32 objtab_id(const struct objtab *t, const struct cr_class *c, const void *object);
void *objtab_object(const struct objtab *t, const struct cr_class *c, u32 id);
/* Takes a reference if hold. id 0: the next one. 0 or -ENOMEM. */
int objtab_add(struct objtab *t, const struct cr_class *c, void *object, bool hold, u32 *id);
/* Restart: what a class made, with its reference, which is given back also on failure. */
int objtab_take(struct objtab *t, const struct cr_class *c, void *made, u32 id);
/* The object met after "last" (NULL: the first) of that class, and its id; NULL: no more. Objects
 * that are added meanwhile are met too. */
struct objtab_entry *objtab_next(const struct objtab *t, const struct cr_class *c,
				 struct objtab_entry *last);
struct objtab_entry {
	struct list by_key, by_id;	/* in buckets, in order of discovery */
	struct list link;
	const struct cr_class *class;
	void *object;
	void (*put)(void *object);	/* NULL: not held */
	u32 id;
};

/* --- log.c --- */
struct cr_log {
	struct file *file;		/* NULL: nobody listens */
	char line[256];			/* the last refusal: also the image's ERROR member */
};
void cr_log(struct cr_log *log, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int cr_refuse_at(struct cr_log *log, const char *class, u32 id, const char *path, int err,
		 enum rule rule, const char *at, u32 line);
/* Notes "class id path: rule errno" and gives -err. x: a struct cr_save or cr_restore. */
#define cr_refuse(x, class, id, path, err, rule) \
	cr_refuse_at(&(x)->log, class, id, path, err, rule, __FILE__, __LINE__)

/* --- save.c --- */
struct cr_member_out {
	struct list link;
	char name[40];
	struct buffer data;
};
/* Raw pages: of one address space, as its pagemap says. */
struct cr_pages_out {
	struct list link;
	u32 id;
	u64 nr;				/* pages in all */
	struct frame **frames;		/* counted */
	u64 size;
};
struct cr_save {
	struct list under_way;		/* on cr_saves */
	struct cr_log log;
	struct file *image;
	u64 written;
	u32 flags;
	struct arena arena;
	struct objtab objects,
		frames; /* frames: where a page shared by address spaces was first met */
	struct first_seen **seen;	/* by the id of a shared page */
	u32 nr_seen, size_seen;
	struct list members;
	u64 nr_members;
	struct cr_member_out *last[CR_MEMBERS];	/* where the last message of a kind went */
	u32 last_id[CR_MEMBERS];
	struct list pages;		/* struct cr_pages_out, each a member after the others */
	u32 nr_page_files, nr_contents;
	s64 now;			/* monotonic time at which the last task froze */
	struct task *root;
	struct pid_ns *pid_ns;		/* of the root: numbers in the image are its */
	bool container;			/* the namespace is part of the image */
	struct task *
		*tasks; /* every thread, leaders before their threads, parents before children */
	u32 nr_tasks;
	struct cgroup **dumped;		/* cgroups of frozen tasks: pinned, kept from thawing */
	u32 nr_dumped;
	u64 choice;			/* the number of its choice of cgroups */
	u32 mntns;			/* the mount namespace that is being saved */
};
int cr_save_object(struct cr_save *s, const struct cr_class *c, void *object, u32 *id);
/* Appends one message to a member; id is for names with %u. */
int cr_put(struct cr_save *s, enum cr_member kind, u32 id, const struct pb_type *type,
	   const void *message);
int cr_put_raw(struct cr_save *s, enum cr_member kind, u32 id, const void *data, size_t len);
#define cr_new(x, type) ((type *)arena_alloc(&(x)->arena, sizeof(type)))
#define cr_array(x, n, type) ((type *)arena_alloc(&(x)->arena, (n) * sizeof(type)))
/* A task's number in the image; 0: not of it. */
u32 cr_pid(const struct cr_save *s, const struct pid *p);

/* --- restore.c --- */
struct cr_messages {
	u32 nr;
	void **message;
};
struct cr_member_in {
	struct list link;
	char name[40];
	enum cr_member kind;
	u32 id;
	bool used;
	u64 offset;			/* in the image, for the log */
	u8 *data;			/* NULL: pages */
	size_t len;
	struct frame **frames;
	u64 nr_frames;
	struct cr_messages messages;	/* decoded */
	struct radix by_key;		/* messages by the u32 at key_offset - 1; 0: not yet */
	size_t key_offset;
};
struct cr_process {			/* one of pstree.img */
	const struct pb_pstree_entry *tree;
	const struct pb_task_kobj_ids_entry *ids;	/* NULL: a zombie */
	struct cr_process *parent;
	struct process *made;
	struct task **tasks;		/* leader first */
	u32 nr_made;
	bool started;
	bool headless;			/* the first of them has ended already */
};
struct cr_restore {
	struct list under_way;		/* on cr_restores */
	struct task *caller;
	struct cr_log log;
	struct file *image;
	u64 offset;
	u32 flags;
	struct arena arena;
	struct objtab objects;
	struct list members;
	struct radix by_id;		/* members by kind and id */
	const struct pb_plimsoll_head *head;
	struct cr_process *processes;
	struct radix by_pid;		/* processes */
	u32 nr_processes;
	struct pid_ns *pid_ns;		/* where the image's numbers are */
	u32 depth;			/* of objects being restored for objects */
	struct cgroup **cgroups;	/* by id, the first the restarter's own; pinned */
	u32 nr_cgroups;
	struct list made_cgroups;	/* what a failure undoes: cr/cgroups.c */
};
int cr_restore_object(struct cr_restore *r, const struct cr_class *c, u32 id, void **object);
/* All messages of a member, or of none: nr 0. Marks it as used. 0 or -EINVAL. */
int cr_messages(struct cr_restore *r, enum cr_member kind, u32 id, struct cr_messages *out);
/* The one message of a member. -EINVAL if there is none or more. */
int cr_message(struct cr_restore *r, enum cr_member kind, u32 id, void *out);
/* The message of a member whose u32 field "key" is id: sorted by it or not. */
int cr_find(struct cr_restore *r, enum cr_member kind, u32 id, size_t key_offset, u32 key,
	    void *out);
/* The same without a refusal: NULL. */
void *cr_lookup(struct cr_restore *r, enum cr_member kind, u32 id, size_t key_offset, u32 key);
