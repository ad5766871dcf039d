// SPDX-License-Identifier: MIT
/* kernel/fail.h - fault injection for programs: kernel/fail.c. */
#pragma once

#include "types.h"

struct task;

#define FAIL_NEW (~0UL)		/* the first allocation from a place that has not failed before */
#define FAIL_DEPTH 16		/* of the stack that is told */

/* The last arming, and what came of it. */
struct fail_state {
	u64 armed;		/* N as it was given, FAIL_NEW, or 0 */
	u64 counted;		/* allocations of marked tasks since then */
	bool failed, fault;	/* one failed; in a page fault */
	bool returned;		/* its call has come back, with result */
	long call;		/* -1: none */
	long result;
	u32 depth;
	u64 stack[FAIL_DEPTH];	/* where it was */
};
extern struct fail_state fail_state;

/* Marks t, and what it forks from now on, and has the nth allocation of marked tasks fail, once.
 * 0: off. */
void fail_arm(struct task *t, u64 nth);
/* A call during which an allocation failed comes back. */
void fail_call_returns(struct task *t, long result);
