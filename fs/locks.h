// SPDX-License-Identifier: MIT
/* fs/locks.h - record locks of fcntl(2) and whole-file locks of flock(2): their objects.
 *
 * All locks of an inode hang off inode->locks, made with the first and freed with the last.
 * For locks.c, posix_locks.c, /proc/locks, checkpoint and the in-kernel tests. */
#pragma once

#include "fs/vfs.h"
#include "kernel/wait.h"

#define LOCK_END_MAX ((u64)INT64_MAX)	/* "to the end of the file, however far that moves" */

struct file_lock {
	struct list link;		/* posix: by owner, then start; flock: by age */
	u64 start, end;			/* end is inside; flock: all of it */
	int type;			/* F_RDLCK, F_WRLCK; in requests F_UNLCK too */
	void *owner;			/* POSIX: struct files; OFD and flock: struct file */
	bool by_file;			/* the owner is the open file */
	struct pid *pid;		/* POSIX: the process, for F_GETLK; counted */
};
struct inode_locks {
	struct list posix, flock;
	struct list leases;		/* struct lease: fs/lease.h */
	struct waitqueue wait;		/* woken when a lock or lease goes or shrinks */
	u32 waiters;
};

int inode_locks_get(struct inode *i, struct inode_locks **out);	/* makes them; counts a waiter */
void inode_locks_put(struct inode *i);		/* frees them if there is nothing left */
void file_lock_free(struct file_lock *l);	/* off its list, and freed */

/* --- posix_locks.c --- */
/* The first lock of another owner that stands in the way of r, or NULL. */
struct file_lock *posix_conflict(struct inode_locks *locks, const struct file_lock *r);
/* Sets (or with F_UNLCK clears) r's range for its owner: splits and merges. 0 or -ENOLCK. */
int posix_apply(struct inode_locks *locks, const struct file_lock *r);
