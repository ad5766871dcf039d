// SPDX-License-Identifier: MIT
/* kernel/futex.c - futexes: sleeping on a word of user memory until someone says to look again.
 *
 * A waiter is on the stack of the task that waits, in a bucket of one table, under a key. A private
 * futex is named by (address space, address); a shared one by (page cache, offset) where
 * the memory is a file's or shared, so that mappings at different addresses meet.
 * No wake-up is lost: between reading the word and being in the table the big kernel lock is held,
 * and a waker that changed the word must take it to get here.
 *
 * Life of a waiter: 1 enqueued; 2 woken (dequeued by the waker, woken = true), moved to
 * another key by requeue, or given up on a signal or time-out (dequeues itself).
 * Locks: BKL. Checkpoint: none; waiters start the call again.
 * See futex(2), futex(7). PI futexes: futex_pi.c. Exit: futex_exit.c.
 * Keeps ABI-TSK-04. */

#include "kernel/futex_internal.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/time.h"
#include "lib/hash.h"
#include "mm/mm.h"

#define BUCKETS 4096
#define KEY_PRIVATE 0
#define KEY_SHARED  1			/* anonymous memory, asked for as shared */
#define KEY_CACHE   2

static struct list table[BUCKETS];

/* --- keys --- */

struct list *futex_bucket(const struct futex_key *key)
{
	struct list *b = &table[hash_u64((u64)key->what ^ hash_u64(key->where)) % BUCKETS];

	if (!b->next)
		list_init(b);
	return b;
}

int futex_key_of(uaddr addr, bool private, struct futex_key *key)
{
	struct mm *mm = current->mm;
	struct vma *v;
	u32 value;

	if (addr % sizeof(u32))
		return -EINVAL;
	if (!mm || !user_range_ok(addr, sizeof(u32)))
		return -EFAULT;
	key->what = mm;
	key->where = addr | KEY_PRIVATE;
	if (private)
		return 0;
	if (user_load_u32(&value, addr))
		return -EFAULT;
	v = vma_find(mm, addr);
	if (!v || v->start > addr)
		return -EFAULT;
	key->where = addr | KEY_SHARED;
	if ((v->flags & VM_SHARED) && v->cache) {
		key->what = v->cache;
		key->where = ((v->pgoff << PAGE_SHIFT) + (addr - v->start)) | KEY_CACHE;
	}
	return 0;
}

/* --- waiting and waking --- */

void futex_enqueue(struct futex_waiter *w, const struct futex_key *key, u32 bitset)
{
	*w = (struct futex_waiter){ .task = current, .key = *key, .bitset = bitset };
	list_init(&w->pi_link);
	list_add_tail(futex_bucket(key), &w->link);
	current->futex_waiter = w;
}

void futex_wake_one(struct futex_waiter *w)
{
	list_del(&w->link);
	w->woken = true;
	task_wake(w->task);
}

int futex_sleep(struct futex_waiter *w, u64 deadline_nsec)
{
	int err = 0;

	while (!w->woken && !err)
		err = wait_once(NULL, WAIT_INTERRUPTIBLE, deadline_nsec, false);
	list_del(&w->link);
	current->futex_waiter = NULL;
	return w->woken ? 0 : err;
}

/* Wakes up to nr waiters of the word whose bitsets meet. The number woken, or -errno. */
int futex_wake(uaddr addr, bool private, int nr, u32 bitset)
{
	struct futex_waiter *w, *next;
	struct futex_key key;
	int err = futex_key_of(addr, private, &key), woken = 0;
	struct list *bucket;

	if (err)
		return err;
	if (!bitset)
		return -EINVAL;
	bucket = futex_bucket(&key);
	list_for_each_safe(w, next, bucket, link) {
		if (!futex_key_equal(&w->key, &key) || !(w->bitset & bitset))
			continue;
		if (w->pi)
			return -EINVAL;
		futex_wake_one(w);
		if (++woken >= nr)
			break;
	}
	return woken;
}

static long futex_wait_restart(struct restart_block *rb);

/* Sleeps if the word holds value. Restarted (after a signal without handler) with the same end. */
static long futex_wait(uaddr addr, bool private, u32 value, u64 deadline, u32 bitset)
{
	struct restart_block *rb = &current->restart;
	struct futex_waiter w;
	struct futex_key key;
	u32 seen;
	int err;

	if (!bitset)
		return -EINVAL;
	err = futex_key_of(addr, private, &key);
	if (err)
		return err;
	if (user_load_u32(&seen, addr))
		return -EFAULT;
	if (seen != value)
		return -EAGAIN;
	futex_enqueue(&w, &key, bitset);
	err = futex_sleep(&w, deadline);
	if (err != -ERESTARTSYS || deadline == WAIT_FOREVER)
		return err;
	*rb = (struct restart_block){ futex_wait_restart,
				      { addr, private, value, deadline, bitset } };
	return -ERESTART_RESTARTBLOCK;
}

static long futex_wait_restart(struct restart_block *rb)
{
	return futex_wait(rb->arg[0], rb->arg[1], rb->arg[2], rb->arg[3], rb->arg[4]);
}

/* Wakes nr_wake waiters of the first word and moves nr_move to the second, if the first holds
 * *expect (NULL: whatever). The number woken and moved, or -errno. */
static long futex_requeue(uaddr from, uaddr to, bool private, int nr_wake, int nr_move,
			  const u32 *expect)
{
	struct futex_waiter *w, *next;
	struct futex_key key, target;
	struct list *bucket;
	long done = 0;
	u32 seen;
	int err;

	if (nr_wake < 0 || nr_move < 0)
		return -EINVAL;
	err = futex_key_of(from, private, &key);
	if (!err)
		err = futex_key_of(to, private, &target);
	if (err)
		return err;
	if (expect && user_load_u32(&seen, from))
		return -EFAULT;
	if (expect && seen != *expect)
		return -EAGAIN;
	bucket = futex_bucket(&key);
	list_for_each_safe(w, next, bucket, link) {
		if (done - nr_wake >= nr_move)
			break;
		if (!futex_key_equal(&w->key, &key))
			continue;
		if (w->pi)
			return -EINVAL;
		if (done++ < nr_wake) {
			futex_wake_one(w);
			continue;
		}
		if (futex_key_equal(&key, &target))
			continue;
		list_del(&w->link);
		w->key = target;
		list_add_tail(futex_bucket(&target), &w->link);
	}
	return done;
}

/* --- FUTEX_WAKE_OP --- */

static s32 sign_extend_12(u32 x)
{
	return (s32)(x << 20) >> 20;
}

/* Does the old value pass the comparison encoded in op? 0, 1, or -ENOSYS. */
static int wake_op_compare(u32 op, s32 old)
{
	s32 arg = sign_extend_12(op & 0xfff);

	switch (op >> 24 & 0xf) {
	case FUTEX_OP_CMP_EQ:
		return old == arg;
	case FUTEX_OP_CMP_NE:
		return old != arg;
	case FUTEX_OP_CMP_LT:
		return old < arg;
	case FUTEX_OP_CMP_GE:
		return old >= arg;
	case FUTEX_OP_CMP_LE:
		return old <= arg;
	case FUTEX_OP_CMP_GT:
		return old > arg;
	}
	return -ENOSYS;
}

/* Changes the second word as op says, wakes waiters of the first, and of the second if the old
 * value compares. */
static long futex_wake_op(uaddr first, uaddr second, bool private, int nr1, int nr2, u32 op)
{
	const unsigned shift_flag = FUTEX_OP_OPARG_SHIFT;
	unsigned what = op >> 28;
	u32 arg = sign_extend_12(op >> 12 & 0xfff), old;
	struct futex_key key;
	int err = futex_key_of(first, private, &key), more;
	long woken;

	if (!err)
		err = futex_key_of(second, private, &key);
	if (err)
		return err;
	if (what & shift_flag)
		arg = 1U << (arg & 31);
	err = user_xchg_op_u32(second, what & ~shift_flag, arg, &old);
	if (err)
		return err;
	err = wake_op_compare(op, old);
	if (err < 0)
		return err;
	woken = futex_wake(first, private, nr1, FUTEX_BITSET_MATCH_ANY);
	if (woken < 0 || !err)
		return woken;
	more = futex_wake(second, private, nr2, FUTEX_BITSET_MATCH_ANY);
	return more < 0 ? more : woken + more;
}

/* --- the call --- */

int futex_deadline(int cmd, bool realtime, uaddr timeout, u64 *out)
{
	timespec_t ts;
	int err;
	s64 end;

	*out = WAIT_FOREVER;
	if (!timeout)
		return 0;
	err = spec_from_user(&ts, timeout);
	if (err)
		return err;
	end = spec_to_nsec(&ts);
	if (end == INT64_MAX)
		return 0;
	if (cmd == FUTEX_WAIT)
		end += time_monotonic();
	else if (realtime)
		end -= time_real_offset;
	*out = end > 0 ? end : 1;
	return 0;
}

static bool futex_has_timeout(int cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_LOCK_PI ||
	       cmd == FUTEX_LOCK_PI2;
}

/* FUTEX_WAIT_REQUEUE_PI and its like are ENOSYS, as on a kernel without PI support. */
static long futex_command(int cmd, uaddr addr, bool private, u32 val, u64 deadline, u32 val2,
			  uaddr addr2, u32 val3)
{
	switch (cmd) {
	case FUTEX_WAIT:
		return futex_wait(addr, private, val, deadline, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAIT_BITSET:
		return futex_wait(addr, private, val, deadline, val3);
	case FUTEX_WAKE:
		return futex_wake(addr, private, val, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return futex_wake(addr, private, val, val3);
	case FUTEX_REQUEUE:
		return futex_requeue(addr, addr2, private, val, val2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(addr, addr2, private, val, val2, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(addr, addr2, private, val, val2, val3);
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return futex_lock_pi(addr, private, deadline, false);
	case FUTEX_TRYLOCK_PI:
		return futex_lock_pi(addr, private, WAIT_FOREVER, true);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(addr, private);
	}
	return -ENOSYS;
}

long sys_futex(uaddr addr, int op, u32 val, u64 timeout, uaddr addr2, u32 val3)
{
	bool realtime = op & FUTEX_CLOCK_REALTIME, private = op & FUTEX_PRIVATE_FLAG;
	int cmd = op & FUTEX_CMD_MASK, err;
	u64 deadline = WAIT_FOREVER;

	if (realtime && cmd != FUTEX_WAIT && cmd != FUTEX_WAIT_BITSET && cmd != FUTEX_LOCK_PI2)
		return -ENOSYS;
	if (futex_has_timeout(cmd)) {
		err = futex_deadline(cmd, realtime || cmd == FUTEX_LOCK_PI, timeout, &deadline);
		if (err)
			return err;
	}
	return futex_command(cmd, addr, private, val, deadline, timeout, addr2, val3);
}
