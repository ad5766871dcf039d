// SPDX-License-Identifier: MIT
/* kernel/cred.h - credentials: who a task is, and what it may do in which user namespace.
 *
 * A struct cred is immutable and shared once it is a task's: to change, copy
 * (cred_prepare), edit, and cred_commit. uid_t and gid_t inside are kernel ids: those
 * of the initial user namespace; from_uid()/make_uid() translate for a user
 * namespace, INVALID_ID marks an unmapped one. Checkpoint: saved by value. */
#pragma once

#include <linux/capability.h>

#include "kernel/ns_common.h"
#include "lib/config.h"
#include "lib/refcount.h"
#include "types.h"

struct task;
struct inode;

typedef u32 kid_t;			/* a kernel uid or gid */
#define INVALID_ID ((kid_t)-1)
#define OVERFLOW_ID 65534
#define ID_EXTENTS_MAX 340
typedef u64 capset_t;
#define CAP_FULL ((1UL << (CAP_LAST_CAP + 1)) - 1)

struct id_extent {
	u32 inside, outside, count;	/* outside: in the parent's terms, stored as kernel ids */
};
struct id_map {
	u32 nr;
	struct id_extent *extents;	/* nr sorted by inside, by outside, and as they are shown */
};

struct user_ns {
	struct ns_common ns;
	LAYOUT_PADDING
	struct user_ns *parent;
	u32 level;
	kid_t owner_uid, owner_gid;	/* euid/egid of the creator */
	struct id_map uid_map, gid_map, projid_map;
	bool setgroups_allowed;
	capset_t parent_could_setfcap;	/* non-zero: the creator had CAP_SETFCAP */
	long max[10];			/* /proc/sys/user/max_*_namespaces by ns kind */
};
extern struct user_ns init_user_ns;

/* Per-user counts, one per (kernel uid) in use. */
struct user {
	refcount_t refs;
	kid_t uid;
	u64 processes, pending_signals, locked_bytes, pipe_pages, mq_bytes, inotify_instances,
	    inotify_watches, epoll_watches, unix_inflight;
	u32 held;			/* references by user_hold() */
	struct list hash;
	u32 mark;			/* references the audit found */
	u64 found_processes, found_signals, found_inflight;	/* the audit's scratch */
};
struct user *user_get(kid_t uid);	/* finds or makes, with a reference; NULL: out of memory */
void user_put(struct user *u);
/* References of objects that are charged to a user (pipes, epoll and inotify instances ...). */
void user_hold(struct user *u);
void user_release(struct user *u);

struct groups {
	refcount_t refs;
	u32 nr;
	u32 mark;			/* references the audit found */
	kid_t ids[];			/* sorted */
};

struct cred {
	refcount_t refs;
	LAYOUT_PADDING
	u32 mark;			/* references the audit found */
	struct list all;		/* on cred_all */
	kid_t uid, gid, suid, sgid, euid, egid, fsuid, fsgid;
	struct groups *groups;		/* counted, as user_ns and user */
	capset_t cap_inheritable, cap_permitted, cap_effective, cap_bounding, cap_ambient;
	u32 securebits;
	struct user_ns *user_ns;
	struct user *user;		/* of uid */
};
extern struct cred init_cred;
extern struct list cred_all;		/* every cred but init_cred, for audits */

const struct cred *current_cred(void);
static inline const struct cred *cred_get(const struct cred *c)
{
	ref_get(&((struct cred *)c)->refs);
	return c;
}
void cred_put(const struct cred *c);
int cred_prepare(const struct cred *old, struct cred **out);	/* an editable copy */
/* Becomes t's, which does not run yet (restart); takes the reference. */
void cred_give(struct task *t, struct cred *c);
void cred_commit(struct cred *c);		/* becomes current's; takes the reference */

/* Has cred the capability in that user namespace (owner and descendants rules of
 * user_namespaces(7))? Never notes a refusal; callers deny() with their rule. */
bool cred_capable(const struct cred *c, struct user_ns *ns, int cap);
bool capable_in(struct user_ns *ns, int cap);			/* current's */
/* CAP over an inode: its uid and gid must be mapped in current's user namespace (USERNS-40). */
bool capable_over_inode(const struct inode *i, int cap);
/* Gives the task those credentials instead of its own until cred_restore(); real_cred stays. */
const struct cred *cred_override(const struct cred *c);	/* takes no reference; returns the old */
void cred_restore(const struct cred *old);
/* cred_part's exit: a zombie keeps its credentials, and counts in RLIMIT_NPROC. */
void cred_release_task(struct task *t);
/* Filled in by ns/ (user namespaces): clone and unshare with CLONE_NEWUSER make c's new user_ns;
 * the last reference to a user namespace is gone. */
extern int (*cred_new_user_ns_hook)(struct cred *c);
extern void (*user_ns_destroy_hook)(struct user_ns *ns);
static inline struct user_ns *user_ns_get(struct user_ns *ns)
{
	ref_get(&ns->ns.refs);
	return ns;
}
void user_ns_put(struct user_ns *ns);
/* Puts nr extents into an empty map, sorted both ways. 0 or -ENOMEM. */
int id_map_set(struct id_map *map, const struct id_extent *extents, u32 nr);
void id_map_clear(struct id_map *map);
struct audit;
void cred_audit(struct audit *a);
/* A room above holds users too: mark() adds one to u->mark for each reference. At most 4. */
void cred_audit_also(void (*mark)(void));
bool in_group(const struct cred *c, kid_t gid);			/* fsgid or supplementary */

kid_t make_uid(const struct user_ns *ns, u32 id);	/* ns's number to kernel id or INVALID_ID */
kid_t make_gid(const struct user_ns *ns, u32 id);
u32 from_uid(const struct user_ns *ns, kid_t id);	/* INVALID_ID if unmapped */
u32 from_gid(const struct user_ns *ns, kid_t id);
u32 from_uid_munged(const struct user_ns *ns, kid_t id);	/* OVERFLOW_ID if unmapped */
u32 from_gid_munged(const struct user_ns *ns, kid_t id);
/* exec: new credentials for a file with these set-id owners (INVALID_ID: the bit is not set, or not
 * honoured). *secure: AT_SECURE. */
int cred_exec(kid_t suid_uid, kid_t sgid_gid, bool no_new_privs, struct cred **out, bool *secure);
