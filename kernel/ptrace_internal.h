// SPDX-License-Identifier: MIT
/* kernel/ptrace_internal.h - what the files of ptrace(2) share. */
#pragma once

#include "kernel/ptrace.h"

/* One request to a tracee that is stopped (or, with REQUEST_ANY_STATE, may run). */
struct ptrace_request {
	u32 nr, flags;
	long (*run)(struct task *t, u64 addr, u64 data);
};
#define REQUEST_ANY_STATE BIT(0)

/* ptrace_requests.c: memory, registers, signals. NULL: there is no such request. */
const struct ptrace_request *ptrace_request_find(u32 nr);

/* ptrace.c: what starts, ends and steers. */
long ptrace_detach(struct task *t, u64 addr, u64 sig);
long ptrace_cont(struct task *t, u64 addr, u64 sig);
long ptrace_syscall(struct task *t, u64 addr, u64 sig);
long ptrace_sysemu(struct task *t, u64 addr, u64 sig);
long ptrace_sysemu_step(struct task *t, u64 addr, u64 sig);
long ptrace_step(struct task *t, u64 addr, u64 sig);
long ptrace_kill(struct task *t, u64 addr, u64 data);
long ptrace_interrupt(struct task *t, u64 addr, u64 data);
long ptrace_listen(struct task *t, u64 addr, u64 data);
long ptrace_set_options(struct task *t, u64 addr, u64 options);
