// SPDX-License-Identifier: MIT
/* kernel/futex_pi.c - priority-inheritance futexes: locks whose word holds the owner's thread id.
 *
 * The word: 0 free; else the owner's tid, with FUTEX_WAITERS if the owner must call the kernel to
 * unlock, and FUTEX_OWNER_DIED if an earlier owner died holding it. Users take and free
 * an uncontended lock by themselves. The kernel hands a contended lock directly to who has
 * waited longest: the word is changed before that task wakes.
 * Not like Linux: all tasks share the fair scheduler, so that the owner's priority is not raised.
 * An owner that dies hands over at once (futex_pi_owner_exits).
 * Locks: BKL. See futex(2), FUTEX_LOCK_PI. */

#include "arch/cpu.h"
#include "kernel/futex_internal.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "mm/mm.h"

static struct list waiters = LIST_INIT(waiters);	/* all PI waiters, first come first */

/* The tid that users know t by. */
static u32 futex_tid(struct task *t)
{
	return pid_nr_in(t->pid, task_pid_ns(t));
}

static struct futex_waiter *pi_first(const struct futex_key *key)
{
	struct futex_waiter *w;

	list_for_each(w, &waiters, pi_link) {
		if (futex_key_equal(&w->key, key) && !w->woken)
			return w;
	}
	return NULL;
}

/* Does someone beside "but" wait for the word? */
static bool pi_contended(const struct futex_key *key, const struct futex_waiter *but)
{
	struct futex_waiter *w;

	list_for_each(w, &waiters, pi_link) {
		if (w != but && futex_key_equal(&w->key, key) && !w->woken)
			return true;
	}
	return false;
}

/* Takes the lock if it is free, or marks it as waited for. 1 taken, 0 must wait (the owner in
 * *owner, with a reference), or -errno. */
static int pi_try(uaddr addr, const struct futex_key *key, bool try_only, struct task **owner)
{
	u32 tid = futex_tid(current), word, seen, wanted;

	if (user_load_u32(&word, addr))
		return -EFAULT;
	for (;; word = seen) {
		if ((word & FUTEX_TID_MASK) == tid)
			return -EDEADLK;
		if (!(word & FUTEX_TID_MASK))
			wanted = tid | (word & FUTEX_OWNER_DIED) |
				 (pi_contended(key, NULL) ? FUTEX_WAITERS : 0);
		else if (try_only)
			return -EAGAIN;
		else
			wanted = word | FUTEX_WAITERS;
		if (user_cmpxchg_u32(addr, word, wanted, &seen))
			return -EFAULT;
		if (seen == word)
			break;
	}
	if (!(word & FUTEX_TID_MASK))
		return 1;
	*owner = task_find(word & FUTEX_TID_MASK);
	if (!*owner || ((*owner)->flags & TASK_EXITING))
		return -ESRCH;
	task_get(*owner);
	return 0;
}

/* FUTEX_LOCK_PI, FUTEX_TRYLOCK_PI. On a signal without handler the call starts again. */
long futex_lock_pi(uaddr addr, bool private, u64 deadline, bool try_only)
{
	struct task *owner = NULL;
	struct futex_waiter w;
	struct futex_key key;
	int err = futex_key_of(addr, private, &key);

	if (err)
		return err;
	err = pi_try(addr, &key, try_only, &owner);
	if (err)
		return err > 0 ? 0 : err;
	futex_enqueue(&w, &key, FUTEX_BITSET_MATCH_ANY);
	w.pi = true;
	w.owner = owner;
	w.addr = addr;
	list_add_tail(&waiters, &w.pi_link);
	err = futex_sleep(&w, deadline);
	list_del(&w.pi_link);
	task_put(w.owner);
	return err == -ERESTARTSYS ? -ERESTARTNOINTR : err;
}

/* The waiters left behind wait for a new owner. */
static void pi_change_owner(const struct futex_key *key, struct task *owner)
{
	struct futex_waiter *w;

	list_for_each(w, &waiters, pi_link) {
		if (!futex_key_equal(&w->key, key) || w->woken)
			continue;
		task_get(owner);
		task_put(w->owner);
		w->owner = owner;
	}
}

/* Wakes w as the owner; the word has been changed. */
static void pi_hand_over(struct futex_waiter *w)
{
	futex_wake_one(w);
	pi_change_owner(&w->key, w->task);
}

long futex_unlock_pi(uaddr addr, bool private)
{
	struct futex_waiter *w;
	struct futex_key key;
	u32 word, seen, wanted;
	int err = futex_key_of(addr, private, &key);

	if (err)
		return err;
	if (user_load_u32(&word, addr))
		return -EFAULT;
	do {
		if ((word & FUTEX_TID_MASK) != futex_tid(current))
			return -EPERM;
		w = pi_first(&key);
		wanted = w ? futex_tid(w->task) : 0;
		if (w && pi_contended(&key, w))
			wanted |= FUTEX_WAITERS;
		seen = word;
		if (user_cmpxchg_u32(addr, word, wanted, &seen))
			return -EFAULT;
		err = seen != word;
		word = seen;
	} while (err);
	if (w)
		pi_hand_over(w);
	return 0;
}

/* Writes the word in w's own address space: it may not be current's. */
static void pi_give_dead_lock(struct futex_waiter *w)
{
	u32 word = futex_tid(w->task) | FUTEX_OWNER_DIED;

	if (pi_contended(&w->key, w))
		word |= FUTEX_WAITERS;
	if (w->task->mm)
		mm_access(w->task->mm, w->addr, &word, sizeof(word), true, false);
	if (!w->woken)
		pi_hand_over(w);
}

/* t exits with locks that others wait for: each goes to its first waiter. */
void futex_pi_owner_exits(struct task *t)
{
	struct futex_waiter *w, *found;

	do {
		found = NULL;
		list_for_each(w, &waiters, pi_link) {
			if (w->owner == t && !w->woken) {
				found = w;
				break;
			}
		}
		if (found)
			pi_give_dead_lock(found);
	} while (found);
}
