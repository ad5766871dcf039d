// SPDX-License-Identifier: MIT
/* fs/lease.h - leases of fcntl(2): who is to be told before others open or truncate a file. */
#pragma once

#include "fs/locks.h"

struct lease {
	struct list link;		/* on inode_locks.leases */
	struct file *file;		/* not counted: its last reference drops the lease */
	int fd;				/* with which it was taken: si_fd */
	int type;			/* F_RDLCK, F_WRLCK */
	int target; /* what it will be: differs from type while it is being broken */
	u64 deadline;			/* when that happens by force; ~0UL: never */
	struct pid *pid;		/* who took it, for /proc/locks; counted */
};

extern long lease_break_seconds;	/* fs.lease-break-time */

/* Someone wants to open i (O_* flags) or, with O_WRONLY, to truncate it: tells holders of leases in
 * the way, and waits for them. 0, -EWOULDBLOCK with O_NONBLOCK, or -ERESTARTSYS. */
int lease_break_slow(struct inode *i, u32 o_flags);
static inline int lease_break(struct inode *i, u32 o_flags)
{
	return i->locks ? lease_break_slow(i, o_flags) : 0;
}
long lease_fcntl(struct file *f, int fd, unsigned cmd, u64 arg);	/* F_SETLEASE, F_GETLEASE */
void leases_drop(struct inode_locks *locks, const struct file *f);	/* f is closed for good */
