// SPDX-License-Identifier: MIT
/* kernel/fail.c - fault injection: the nth allocation of a program and its children fails.
 *
 * Armed by a write to /proc/PID/plimsoll/fail (EXT-FAIL-01), or by fail=N on the command line for
 * all that init makes. An allocation is one of a frame or of a slab object. It fails once; then
 * all goes on as ever. FAIL_NEW fails the first allocation whose stack of callers has not failed
 * since boot, so that a test which is run again and again meets each place once.
 * fail_state tells which allocation it was, and what the system call returned during which it was.
 * Nothing is armed: an allocation tests one word that it tests anyway.
 * Locks: BKL. Checkpoint: none; a test's own. See mm/fail.c. */
#include "kernel/fail.h"

#include "kernel/panic.h"
#include "kernel/task.h"
#include "lib/hash.h"
#include "mm/slab.h"

#define SEEN_SLOTS 16384		/* a power of 2 */
#define NEW_DEPTH 10			/* callers that make a place another */
#define SEEN_MAX (SEEN_SLOTS / 4 * 3)

struct fail_state fail_state;

static u64 seen[SEEN_SLOTS];		/* hashes of stacks that have failed; 0: free */
static u64 seen_count;

/* Where this stack is, or would be, in seen. */
static u64 *seen_slot(u64 hash)
{
	u64 at = hash % SEEN_SLOTS;

	while (seen[at] && seen[at] != hash)
		at = (at + 1) % SEEN_SLOTS;
	return &seen[at];
}

static u64 stack_hash(const u64 *stack, u32 depth)
{
	u64 hash = depth;

	for (u32 i = 0; i < depth; i++)
		hash = hash_u64(hash ^ stack[i]);
	return hash | 1;
}

/* Is the stack that fail_state holds new? Then it is no more. */
static bool is_new(void)
{
	u64 hash = stack_hash(fail_state.stack, MIN(fail_state.depth, (u32)NEW_DEPTH));
	u64 *slot = seen_slot(hash);

	if (*slot || seen_count >= SEEN_MAX)
		return false;
	*slot = hash;
	seen_count++;
	return true;
}

static void note_failure(struct task *t)
{
	fail_state.failed = true;
	fail_state.call = t->syscall_nr;
	alloc_fail_at = 0;
	if (t->syscall_nr >= 0)
		task_set_work(t, WORK_FAIL);
	for (u32 i = 0; i < fail_state.depth; i++) {
		u64 offset;

		if (!strcmp(symbol_of(fail_state.stack[i], &offset), "mm_fault"))
			fail_state.fault = true;
	}
}

/* mm/fail.c asks, for each allocation while something is armed. */
static bool fail_now(void)
{
	struct task *t = current;

	if (!(t->flags & TASK_FAIL))
		return false;
	fail_state.counted++;
	if (fail_state.armed != FAIL_NEW && fail_state.counted != fail_state.armed)
		return false;
	fail_state.depth =
		stack_trace((u64)__builtin_frame_address(0), fail_state.stack, FAIL_DEPTH);
	if (fail_state.armed == FAIL_NEW && !is_new())
		return false;
	note_failure(t);
	return true;
}

void fail_arm(struct task *t, u64 nth)
{
	fail_state = (struct fail_state){ .armed = nth, .call = -1 };
	alloc_fail_choose = fail_now;
	alloc_fail_at = nth;
	if (nth)
		t->flags |= TASK_FAIL;
	else
		t->flags &= ~TASK_FAIL;
}

void fail_call_returns(struct task *t, long result)
{
	t->work &= ~WORK_FAIL;
	fail_state.returned = true;
	fail_state.result = result;
}
