// SPDX-License-Identifier: MIT
/* kernel/syscall.h - system calls: the table kernel/syscalls.tbl, and how handlers look.
 *
 * A handler is "long sys_NAME(args...)" with up to six integer arguments in the ABI's order;
 * pointers of users are uaddr. It returns the result or -errno. It runs with the BKL held and may
 * sleep. current_regs() gives the user's registers where a call needs them. */
#pragma once

#include "abi/errno.h"
#include "arch/cpu.h"
#include "arch/uaccess.h"
#include "kernel/deny.h"
#include "kernel/task.h"
#include "types.h"

typedef long (*syscall_fn)(u64, u64, u64, u64, u64, u64);
struct syscall {
	const char *name;
	syscall_fn handler;
};
#define SYSCALL_OWN_FIRST 1024		/* checkpoint, restart */
extern const struct syscall syscalls[];
extern const unsigned syscall_count;

static inline struct regs *current_regs(void)
{
	return task_user_regs(&current->arch);
}
/* A structure of the caller's size into ours (kernel/syscall_struct.c): a shorter one is
 * filled up with zeros, what a longer one has beyond must be zero. 0, -E2BIG, -EFAULT. */
int copy_struct_from_user(void *to, size_t size, uaddr from, size_t user_size);

static inline long syscall_call(const struct syscall *call, const struct regs *regs)
{
	return call->handler(regs->rdi, regs->rsi, regs->rdx, regs->r10, regs->r8, regs->r9);
}

/* --- kernel/syscall.c: a call of a traced task, or of a number that has no row here --- */
void syscall_slowly(struct regs *regs, struct task *t);
