// SPDX-License-Identifier: MIT
/* ns/ns.h - what a kind of namespace is, and how tasks hold, make and enter namespaces.
 *
 * A kind is one file ns/NAME.c with one struct ns_type, and one line in ns/list.h;
 * clone, unshare, setns, /proc/PID/ns, the nsfs ioctls and the audit are loops over the list.
 * A task holds its namespaces through a struct nsproxy, which tasks share until one of
 * them makes or enters a namespace; the user namespace is part of the credentials.
 * Locks: BKL. See namespaces(7), clone(2), unshare(2), setns(2). */
#pragma once

#include "arch/cpu.h"
#include "fs/vfs.h"
#include "kernel/ns_common.h"
#include "kernel/task.h"

enum ns_kind {
#define NS(name, NAME) NS_KIND_##NAME,
#include "ns/list.h"
#undef NS
	NS_KINDS
};

struct nsproxy {
	refcount_t refs;			/* tasks */
	/* Counted. NULL for the user namespace (it is the credentials'); for pid the one of the
	 * children to come. */
	struct ns_common *ns[NS_KINDS];
	struct list all;			/* on nsproxy_all, for the audit */
	u32 mark;				/* tasks the audit found */
};
extern struct list nsproxy_all, ns_all;

/* What unshare(2) and setns(2) collect before the point of no return. Both pointers NULL:
 * nothing of that sort changes. */
struct ns_set {
	u64 flags;
	struct cred *cred;			/* with a new user namespace */
	struct nsproxy *nsproxy;		/* a private copy, being filled */
};

/* One kind of namespace. All run under the BKL and do not sleep. */
struct ns_type {
	const char *name;			/* "uts": in /proc/PID/ns and "uts:[inum]" */
	u64 clone_flag;				/* CLONE_NEWUTS */
	enum ns_kind kind;
	/* Of the first task. NULL for the user namespace: it is the credentials'. */
	struct ns_common *initial;
	/* Makes a namespace as clone(2) does for a creator in "from". 0 or -errno. */
	int (*create)(struct ns_common *from, struct user_ns *owner, struct ns_common **out);
	/* The last reference is gone: frees it (ns_release() has undone what ns_init() did). */
	void (*destroy)(struct ns_common *ns);
	/* setns(2): may current enter ns? Then puts it into set. 0 or -errno by rule. */
	int (*install)(struct ns_set *set, struct ns_common *ns);
	/* The namespace task t is in, or NULL (exited). No reference. */
	struct ns_common *(*of)(struct task *t);
	/* Where t's children will be, for kinds in which that may differ: the link
	 * children_name ("pid_for_children"). NULL, NULL for other kinds. */
	const char *children_name;
	struct ns_common *(*children_of)(struct task *t);
	/* Kinds that decide what a path means (mnt). After create, before anything sleeps: moves
	 * fs from old to the fresh copy. After setns: moves it into ns. NULL for other kinds. */
	void (*adopt)(struct ns_common *old, struct fs_context *fs);
	void (*enter)(struct ns_common *ns, struct fs_context *fs);
	/* Hierarchical kinds: the parent if current may see it, or NULL. NULL for flat kinds. */
	struct ns_common *(*parent)(struct ns_common *ns);
};
extern const struct ns_type *const ns_types[NS_KINDS];
#define NS(name, NAME) extern const struct ns_type name##_ns_type;
#include "ns/list.h"
#undef NS

/* Inode numbers of the initial namespaces (NS-04). */
#define PROC_IPC_INIT_INO    0xefffffffU
#define PROC_UTS_INIT_INO    0xeffffffeU
#define PROC_USER_INIT_INO   0xeffffffdU
#define PROC_PID_INIT_INO    0xeffffffcU
#define PROC_CGROUP_INIT_INO 0xeffffffbU
#define PROC_TIME_INIT_INO   0xeffffffaU
#define PROC_MNT_INIT_INO    0xf0000000U	/* the first dynamic one, as on Linux */
#define NS_FIRST_DYNAMIC_INO 0xf0000001U

/* --- ns/ns.c --- */
/* Boot: limits and inode numbers of the initial namespaces, hooks of the rooms below, nsfs. */
void namespaces_init(void);
/* First steps of every create: counts 1, a fresh inode number, owner counted, and a charge against
 * max_*_namespaces (ENOSPC, NS-40). */
int ns_init(struct ns_common *ns, const struct ns_type *type, struct user_ns *owner);
/* Restart: a fresh one takes a number again that this boot gave out, if nobody has it. */
void ns_renumber(struct ns_common *ns, u32 inum);
static inline struct ns_common *ns_get(struct ns_common *ns)
{
	ref_get(&ns->refs);
	return ns;
}
void ns_release(struct ns_common *ns);	/* the last reference is gone */
static inline void ns_put(struct ns_common *ns)
{
	if (ref_put(&ns->refs))
		ns_release(ns);
}
/* The check all kinds make at setns: CAP_SYS_ADMIN in the owner and in current's own user
 * namespace (NS-32). */
int ns_may_install(const struct ns_common *ns);
/* Is ns inside (or the same as) current's user namespace, so that its relatives may be shown? */
bool user_ns_in_scope(const struct user_ns *ns);

/* --- ns/state.c --- */
void ns_state_init(void);

/* --- ns/nsproxy.c --- */
void nsproxy_boot(void);
int nsproxy_copy(const struct nsproxy *old, struct nsproxy **out);
void nsproxy_put(struct nsproxy *p);
/* Puts ns (counted here) in place of what p held of that kind. */
void nsproxy_set(struct nsproxy *p, enum ns_kind kind, struct ns_common *ns);
/* Replaces every kind named in flags by a new namespace owned by owner. */
int nsproxy_create_new(struct nsproxy *p, u64 flags, struct user_ns *owner);
/* Tells each kind that p holds instead of old that fs belongs to it now; entered: by setns(2),
 * else it was just made (ns_type.adopt, .enter). */
void nsproxy_move_fs(const struct nsproxy *old, const struct nsproxy *p, struct fs_context *fs,
		     bool entered);
struct ns_common *ns_of_nsproxy(struct task *t, enum ns_kind kind);
extern struct nsproxy init_nsproxy;
/* CLONE_NEW* of all kinds in the list; of all that Linux knows; of both. */
extern u64 ns_flags_known;
#define NS_FLAGS_LINUX                                                                     \
	(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | \
	 CLONE_NEWCGROUP | CLONE_NEWTIME)
#define NS_FLAGS_ALL (NS_FLAGS_LINUX | ns_flags_known)

/* --- ns/nsfs.c --- */
/* A path to the nsfs file of ns (with references), for /proc/PID/ns links. */
int nsfs_path(struct ns_common *ns, struct path *out);
/* The namespace an open file stands for, or NULL if it is not of nsfs. */
struct ns_common *nsfs_file_ns(struct file *f);
struct ns_common *nsfs_ns(const struct dentry *de);	/* the same for a dentry */
void nsfs_init(void);
/* Audit: adds one to the mark of the namespace of every nsfs inode. */
void nsfs_audit_mark(void);
/* "uts:[4026531838]" */
int ns_name(const struct ns_common *ns, char *buf, size_t size);

struct audit;
void ns_audit(struct audit *a);
