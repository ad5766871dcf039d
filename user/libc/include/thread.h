// SPDX-License-Identifier: MIT
/* thread.h - threads, as far as tests of a kernel need them: create, join, who
 * am I.
 *
 *	struct thread *t;
 *	if (thread_create(&t, run, arg) == 0)
 *		result = thread_join(t);
 *
 * A thread has its own errno, stdio state and `__thread` variables. No
 * detaching, no cancelling; locks are C11 atomics and futex(2). */
#ifndef _THREAD_H
#define _THREAD_H

struct thread;

/* Returns 0 or -1 and errno. */
int thread_create(struct thread **out, long (*run)(void *), void *arg);

/* Waits for the end of the thread, frees it and returns what run returned. */
long thread_join(struct thread *thread);

/* The id of the thread, as gettid(2) gives it inside. */
int thread_id(const struct thread *thread);
#endif
