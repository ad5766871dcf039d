// SPDX-License-Identifier: MIT
/* user/libc/lock.c - newlib's locks (stdio, malloc, environment ...) over
 * futex(2).
 *
 * A lock word is FREE, HELD, or WANTED (held, and somebody sleeps). newlib
 * names nine static locks of type struct __lock and makes others at run time.
 * All may be taken again by their owner; that is more than the plain ones ask
 * for. The owner is a thread's tcb. */
#include <stdlib.h>
#include <sys/lock.h>
#include <sys/syscall.h>
#include <linux/futex.h>
#include "libc/internal.h"

enum { FREE, HELD, WANTED };

struct __lock {
	int word;
	int depth;		/* the owner's alone */
	struct tcb *owner;	/* NULL or the owner; others only compare it with themselves */
};

#define STATIC_LOCKS(X) \
	X(sinit_recursive_mutex) X(sfp_recursive_mutex) X(atexit_recursive_mutex) \
	X(at_quick_exit_mutex) X(malloc_recursive_mutex) X(env_recursive_mutex) \
	X(tz_mutex) X(dd_hash_mutex) X(arc4random_mutex)
#define X(name) struct __lock __lock___##name;
STATIC_LOCKS(X)
#undef X

void futex_wait(int *word, int seen)
{
	raw_syscall(__NR_futex, word, FUTEX_WAIT, seen, NULL, NULL, 0);
}

void futex_wake(int *word, int how_many)
{
	raw_syscall(__NR_futex, word, FUTEX_WAKE, how_many, NULL, NULL, 0);
}

int __retarget_lock_try_acquire(_LOCK_T lock)
{
	struct tcb *self = tcb_current();
	int expected = FREE;

	if (lock->owner != self) {
		if (!__atomic_compare_exchange_n(&lock->word, &expected, HELD, 0, __ATOMIC_ACQUIRE,
				__ATOMIC_RELAXED))
			return 0;
		lock->owner = self;
	}
	lock->depth++;
	return 1;
}

void __retarget_lock_acquire(_LOCK_T lock)
{
	if (__retarget_lock_try_acquire(lock))
		return;
	while (__atomic_exchange_n(&lock->word, WANTED, __ATOMIC_ACQUIRE) != FREE)
		futex_wait(&lock->word, WANTED);
	lock->owner = tcb_current();
	lock->depth = 1;
}

void __retarget_lock_release(_LOCK_T lock)
{
	if (--lock->depth > 0)
		return;
	lock->owner = NULL;
	if (__atomic_exchange_n(&lock->word, FREE, __ATOMIC_RELEASE) == WANTED)
		futex_wake(&lock->word, 1);
}

/* newlib gives no way to report a failure here. */
void __retarget_lock_init(_LOCK_T *lock)
{
	*lock = calloc(1, sizeof(**lock));
	if (!*lock)
		abort();
}

void __retarget_lock_close(_LOCK_T lock)
{
	free(lock);
}

void __retarget_lock_init_recursive(_LOCK_T *lock)
	__attribute__((alias("__retarget_lock_init")));
void __retarget_lock_close_recursive(_LOCK_T lock)
	__attribute__((alias("__retarget_lock_close")));
void __retarget_lock_acquire_recursive(_LOCK_T lock)
	__attribute__((alias("__retarget_lock_acquire")));
int __retarget_lock_try_acquire_recursive(_LOCK_T lock)
	__attribute__((alias("__retarget_lock_try_acquire")));
void __retarget_lock_release_recursive(_LOCK_T lock)
	__attribute__((alias("__retarget_lock_release")));
