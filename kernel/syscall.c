// SPDX-License-Identifier: MIT
/* kernel/syscall.c - the table of system calls, and the way into them.
 *
 * The table is made of kernel/syscalls.tbl; each handler is declared here without parameters
 * and called with six words, of which it takes what it wants. A number without a row
 * gives ENOSYS and is named once on the console (EXT-SYS-01), as do calls that were only ever
 * thought of, bind_ns() and its like (NS-47).
 * Locks: BKL, held by the caller. */
#include "kernel/syscall.h"

#include <asm/unistd_64.h>

#include "kernel/ptrace.h"
#include "kernel/seccomp.h"
#include "lib/print.h"

#define NO_SYSCALL (u64)-1

#define SYSCALL(name, handler) long handler();
#include "kernel/syscalls.tbl"
#undef SYSCALL

static const char *const syscall_names[] = {
#define NAME(name) [__NR_##name] = #name,
#include "kernel/syscall_names.h"
#undef NAME
};

const struct syscall syscalls[] = {
#define SYSCALL(name, handler) [__NR_##name] = { #name, (syscall_fn)handler },
#include "kernel/syscalls.tbl"
#undef SYSCALL
	[ARRAY_SIZE(syscall_names)] = { NULL, NULL },
};
/* Our own, beyond Linux's reach (cr/). */
long sys_checkpoint();
long sys_restart();
static const struct syscall own_syscalls[] = {
	{ "checkpoint", (syscall_fn)sys_checkpoint },
	{ "restart", (syscall_fn)sys_restart },
};
const unsigned syscall_count = ARRAY_SIZE(syscalls);

static u8 missing_told[ARRAY_SIZE(syscall_names)];

static long syscall_missing(u64 nr)
{
	if (nr < ARRAY_SIZE(syscall_names) && syscall_names[nr] && !missing_told[nr]) {
		missing_told[nr] = true;
		kprintf("%s[%d]: system call %s (%lu) is not there\n", current->comm,
			pid_nr(current->pid), syscall_names[nr], nr);
	}
	return deny(ENOSYS, EXT_SYS_01);
}

void syscall_slowly(struct regs *regs, struct task *t)
{
	bool traced = t->work & WORK_TRACE, skip = traced && !ptrace_syscall_enter(regs);
	u64 nr;

	if (!skip && (t->work & WORK_SECCOMP))
		skip = !seccomp_allows(regs);
	nr = regs->orig_rax;	/* the tracer may have put in another one, or -1: none */
	if (skip || (traced && nr == NO_SYSCALL))
		return;
	if (nr < ARRAY_SIZE(syscalls) && syscalls[nr].handler)
		regs->rax = syscall_call(&syscalls[nr], regs);
	else if (nr - SYSCALL_OWN_FIRST < ARRAY_SIZE(own_syscalls))
		regs->rax = syscall_call(&own_syscalls[nr - SYSCALL_OWN_FIRST], regs);
	else
		regs->rax = syscall_missing(nr);
}
