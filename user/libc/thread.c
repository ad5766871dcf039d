// SPDX-License-Identifier: MIT
/* user/libc/thread.c - threads: one mapping holds the thread's stack, its TLS
 * and its description.
 *
 *	low  [ stack ... | TLS image | tcb | ... ]  high
 *
 * Life: thread_create maps and clones; the thread runs, then exits by exit(2),
 * upon which the kernel clears tcb->tid and wakes thread_join
 * (CLONE_CHILD_CLEARTID); join unmaps. See clone(2), set_tid_address(2). */
#include <errno.h>
#include <reent.h>
#include <stdlib.h>
#include <thread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <linux/sched.h>
#include "libc/internal.h"

#define STACK_BYTES (64 << 10)
#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
	CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

struct thread {
	long (*run)(void *);
	void *arg;
	long result;
	int id;			/* as tcb->tid, but kept when the thread has ended */
	struct tcb *tcb;
	struct _reent reent;
	size_t mapped;
	char *map;
};

/* The first function on the new stack. */
static void thread_main(void *arg)
{
	struct thread *thread = arg;

	thread->result = thread->run(thread->arg);
	_reclaim_reent(&thread->reent);
	raw_syscall(__NR_exit, 0L);
}

int thread_create(struct thread **out, long (*run)(void *), void *arg)
{
	struct thread *thread = calloc(1, sizeof(*thread));
	long ret;

	if (!thread)
		return -1;
	thread->run = run;
	thread->arg = arg;
	thread->mapped = STACK_BYTES + tls_room();
	thread->map = mmap(NULL, thread->mapped, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (thread->map == MAP_FAILED)
		goto fail_free;
	thread->tcb = tls_create(thread->map + STACK_BYTES);
	_REENT_INIT_PTR(&thread->reent);
	thread->tcb->reent = &thread->reent;
	ret = clone_thread(THREAD_FLAGS, thread->map + STACK_BYTES, &thread->tcb->tid,
		&thread->tcb->tid, thread->tcb, thread_main, thread);
	if (ret < 0) {
		errno = (int)-ret;
		goto fail_unmap;
	}
	thread->id = (int)ret;
	*out = thread;
	return 0;
fail_unmap:
	munmap(thread->map, thread->mapped);
fail_free:
	free(thread);
	return -1;
}

long thread_join(struct thread *thread)
{
	long result;
	int tid;

	while ((tid = __atomic_load_n(&thread->tcb->tid, __ATOMIC_ACQUIRE)) != 0)
		futex_wait(&thread->tcb->tid, tid);
	result = thread->result;
	munmap(thread->map, thread->mapped);
	free(thread);
	return result;
}

int thread_id(const struct thread *thread)
{
	return thread->id;
}
