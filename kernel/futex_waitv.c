// SPDX-License-Identifier: MIT
/* kernel/futex_waitv.c - futex_waitv(2): waiting on several words until one is woken.
 *
 * All words are looked at and queued on in one go, as nothing sleeps between; if one holds another
 * value than expected the call ends with EAGAIN. The result is the index of a word that
 * was woken. Time-outs are absolute. A signal ends the wait; the call may be made again.
 * Locks: BKL. Checkpoint: none; it is interrupted and made again. See futex2.rst.
 * Keeps ABI-TSK-06. */
#include "kernel/futex_internal.h"
#include "kernel/syscall.h"
#include "kernel/wait.h"
#include "mm/slab.h"

#define WAITER_FLAGS (FUTEX_32 | FUTEX_PRIVATE_FLAG)

struct vector {
	u32 nr;
	struct futex_waitv *want;
	struct futex_waiter *waiters;
};

/* The user's words, checked. 0, -EFAULT, -EINVAL. */
static int vector_read(const struct vector *v, uaddr user)
{
	if (copy_from_user(v->want, user, v->nr * sizeof(*v->want)))
		return -EFAULT;
	for (u32 i = 0; i < v->nr; i++)
		if (v->want[i].flags & ~WAITER_FLAGS || !(v->want[i].flags & FUTEX_32) ||
		    v->want[i].__reserved)
			return -EINVAL;
	return 0;
}

/* Takes the first nr off their queues. Returns: the index of one that was woken, or -1. */
static int vector_dequeue(struct vector *v, u32 nr)
{
	int woken = -1;

	for (u32 i = 0; i < nr; i++) {
		list_del(&v->waiters[i].link);
		if (v->waiters[i].woken)
			woken = i;
	}
	current->futex_waiter = NULL;
	return woken;
}

/* Queues on all words that hold what is expected of them. 0 or -errno, with none queued. */
static int vector_enqueue(struct vector *v)
{
	struct futex_key key;
	u32 seen, i;
	int err = 0;

	for (i = 0; i < v->nr && !err; i++) {
		const struct futex_waitv *w = &v->want[i];

		err = futex_key_of(w->uaddr, w->flags & FUTEX_PRIVATE_FLAG, &key);
		if (!err && user_load_u32(&seen, w->uaddr))
			err = -EFAULT;
		if (!err && seen != (u32)w->val)
			err = -EAGAIN;
		if (!err)
			futex_enqueue(&v->waiters[i], &key, FUTEX_BITSET_MATCH_ANY);
	}
	if (err)
		vector_dequeue(v, i - 1);
	return err;
}

static bool vector_woken(const struct vector *v)
{
	for (u32 i = 0; i < v->nr; i++)
		if (v->waiters[i].woken)
			return true;
	return false;
}

static long vector_wait(struct vector *v, u64 deadline)
{
	int err = vector_enqueue(v), woken;

	if (err)
		return err;
	while (!err && !vector_woken(v))
		err = wait_once(NULL, WAIT_INTERRUPTIBLE, deadline, false);
	woken = vector_dequeue(v, v->nr);
	return woken >= 0 ? woken : err;
}

long sys_futex_waitv(uaddr user, u32 nr, u32 flags, uaddr timeout, int clock)
{
	struct vector v = { .nr = nr };
	u64 deadline;
	long ret;

	if (flags || !nr || nr > FUTEX_WAITV_MAX || !user)
		return -EINVAL;
	if (timeout && clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return -EINVAL;
	ret = futex_deadline(FUTEX_WAIT_BITSET, clock == CLOCK_REALTIME, timeout, &deadline);
	if (ret)
		return ret;
	v.want = kmalloc_array(nr, sizeof(*v.want));
	v.waiters = kmalloc_array(nr, sizeof(*v.waiters));
	ret = v.want && v.waiters ? vector_read(&v, user) : -ENOMEM;
	if (!ret)
		ret = vector_wait(&v, deadline);
	kfree(v.want);
	kfree(v.waiters);
	return ret;
}
