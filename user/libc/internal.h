// SPDX-License-Identifier: MIT
/* user/libc/internal.h - what the files of the C library's port share. */
#ifndef LIBC_INTERNAL_H
#define LIBC_INTERNAL_H
#include <elf.h>
#include <stddef.h>
#include <linux/auxvec.h>

#define EXIT_NO_MEMORY 127

struct _reent;

/* What the thread pointer points at; the thread's TLS lies directly below. */
struct tcb {
	struct tcb *self;	/* fs:0, as the ABI has it */
	struct _reent *reent;	/* newlib's state of this thread; NULL in the first one */
	int tid;		/* the kernel clears it and wakes when the thread has ended */
};

/* The TLS image of the program, from its PT_TLS header. */
struct tls_image {
	const char *start;
	size_t filled, size, align;
};

static inline struct tcb *tcb_current(void)
{
	struct tcb *tcb;

	asm volatile("mov %%fs:0, %0" : "=r"(tcb));
	return tcb;
}

/* How much tls_create() needs, page-aligned, and the TLS block and tcb made
 * there. */
size_t tls_room(void);
struct tcb *tls_create(void *room);

/* crt0.asm */
long clone_thread(unsigned long flags, void *stack, int *parent_tid, int *child_tid, void *tls,
	void (*run)(void *), void *arg);
void signal_return(void);

/* A word that is waited on in the kernel; see futex(2). */
void futex_wait(int *word, int seen);
void futex_wake(int *word, int how_many);
#endif
