// SPDX-License-Identifier: MIT
/* fs/inotify.h - inotify instances, their watches and queues: for notify.c, inotify.c, checkpoint.
 */
#pragma once

#include <sys/tree.h>

#include "fs/notify.h"
#include "fs/vfs.h"
#include "lib/radix.h"

#define WATCH_ONESHOT     BIT(0)	/* ends with its first event */
#define WATCH_EXCL_UNLINK BIT(1)	/* no events through files that have lost their name */

struct inotify;

/* What one instance wants to know of one inode. */
struct watch {
	struct list of_inode;		/* on inode_watches.list, in order of making */
	struct list of_instance;	/* on inotify.watches, newest first */
	RB_ENTRY(watch) node;		/* in inotify.by_inode */
	struct inotify *instance;
	struct inode *inode;		/* counted */
	s32 wd;				/* cr, as the next two */
	u32 mask;			/* IN_ALL_EVENTS bits */
	u32 flags;			/* WATCH_* */
};

/* inode->watches; NULL where there are none. */
struct inode_watches {
	struct list list;
	u32 mask;			/* of all together; may say too much */
};

RB_HEAD(watch_tree, watch);

struct notify_event {
	struct list link;
	s32 wd;
	u32 mask, cookie;
	u32 name_len;			/* without the NUL; 0: no name */
	char name[];
};

struct inotify {
	struct list events;		/* cr */
	u64 nr_events, bytes;		/* bytes: as read(2) gives them */
	u64 max_events;
	struct notify_event overflow;	/* on events while some were lost */
	struct waitqueue wait;
	struct radix by_wd;
	struct watch_tree by_inode;
	struct list watches;
	s32 next_wd;			/* cr */
	struct user *user;		/* who is charged; counted */
};

/* --- inotify.c --- */
void inotify_queue(struct inotify *in, s32 wd, u32 mask, u32 cookie, const char *name, size_t len);
/* Ends a watch: IN_IGNORED is queued, the number is free again. */
void watch_end(struct watch *w);
int watch_add(struct inotify *in, struct inode *i, u32 mask);	/* -> wd or -errno */
int inotify_create_file(u32 o_flags, struct file **out);
/* Restart: a watch as it was, 0 or -errno; an event, also that of the overflow. */
int watch_add_as(struct inotify *in, struct inode *i, s32 wd, u32 mask, u32 flags);
void inotify_queue_as(struct inotify *in, s32 wd, u32 mask, u32 cookie, const char *name,
		      size_t len);
int watch_compare(const struct watch *a, const struct watch *b);
RB_PROTOTYPE(watch_tree, watch, node, watch_compare)
extern const struct file_ops inotify_file_ops;
