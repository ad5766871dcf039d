// SPDX-License-Identifier: MIT
/* kernel/futex_internal.h - what the futex files share: keys, waiters, the table. */
#pragma once

#include <linux/futex.h>

#include "kernel/futex.h"
#include "kernel/task.h"

/* Names a word of user memory: by address space and address, or by page cache and offset. The two
 * lowest bits of "where" (words are aligned) tell private, shared and cached words apart. */
struct futex_key {
	const void *what;
	u64 where;
};

struct futex_waiter {
	struct list link;		/* on a bucket, while it waits */
	struct task *task;
	struct futex_key key;
	u32 bitset;
	bool woken;
	/* FUTEX_LOCK_PI only */
	bool pi;
	struct task *owner;		/* counted: who had the lock when it began to wait */
	uaddr addr;			/* in its own address space */
	struct list pi_link;		/* on futex_pi_waiters */
};

static inline bool futex_key_equal(const struct futex_key *a, const struct futex_key *b)
{
	return a->what == b->what && a->where == b->where;
}

/* 0, -EINVAL (not aligned), -EFAULT. */
int futex_key_of(uaddr addr, bool private, struct futex_key *key);
struct list *futex_bucket(const struct futex_key *key);
/* Puts current into the table, first come first served. */
void futex_enqueue(struct futex_waiter *w, const struct futex_key *key, u32 bitset);
void futex_wake_one(struct futex_waiter *w);
/* Sleeps until woken, a signal, or the deadline: 0, -ERESTARTSYS, -ETIMEDOUT; dequeued then. */
int futex_sleep(struct futex_waiter *w, u64 deadline_nsec);
/* End of a wait, on the monotonic clock. Relative times count from now; absolute ones are of
 * the clock that the operation names. 0, -EFAULT, -EINVAL. */
int futex_deadline(int cmd, bool realtime, uaddr timeout, u64 *out);
int futex_wake(uaddr addr, bool private, int nr, u32 bitset);

/* --- futex_pi.c --- */
long futex_lock_pi(uaddr addr, bool private, u64 deadline_nsec, bool try_only);
long futex_unlock_pi(uaddr addr, bool private);
void futex_pi_owner_exits(struct task *t);
