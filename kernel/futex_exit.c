// SPDX-License-Identifier: MIT
/* kernel/futex_exit.c - futexes of a task that ends: robust lists, clear_child_tid.
 *
 * A thread tells the kernel by set_robust_list(2) where it keeps the list of the locks it holds;
 * when it dies, each word that still has its tid gets FUTEX_OWNER_DIED and one waiter wakes. The
 * list is the user's memory and may be garbage, or a circle: at most ROBUST_MAX entries
 * are followed. clear_child_tid is the word that pthread_join(3) waits for.
 * Locks: BKL; user copies may sleep. Checkpoint: both addresses are saved.
 * See get_robust_list(2), set_tid_address(2).
 * Keeps ABI-TSK-04. */

#include "arch/cpu.h"
#include "kernel/cred.h"
#include "kernel/futex_internal.h"
#include "kernel/syscall.h"
#include "mm/mm.h"

#define ROBUST_MAX 2048
#define ROBUST_PI  1UL			/* low bit of a list pointer: a PI futex */

/* One lock of a dying thread. pending: it was just being taken or freed. 0 or -EFAULT. */
static int robust_word(uaddr addr, bool pi, bool pending)
{
	u32 word, seen, tid = pid_nr(current->pid);

	if (addr % sizeof(u32) || user_load_u32(&word, addr))
		return -EFAULT;
	if (pending && !pi && !word) {
		futex_wake(addr, false, 1, FUTEX_BITSET_MATCH_ANY);
		return 0;
	}
	for (;; word = seen) {
		if ((word & FUTEX_TID_MASK) != tid)
			return 0;
		if (user_cmpxchg_u32(addr, word, (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED, &seen))
			return -EFAULT;
		if (seen == word)
			break;
	}
	if (!pi && (word & FUTEX_WAITERS))
		futex_wake(addr, false, 1, FUTEX_BITSET_MATCH_ANY);
	return 0;
}

static void robust_walk(uaddr list)
{
	struct robust_list_head head;
	u64 entry, next, pending, i;

	if (copy_from_user(&head, list, sizeof(head)))
		return;
	pending = (u64)head.list_op_pending;
	next = (u64)head.list.next;
	for (i = 0; i < ROBUST_MAX && (next & ~ROBUST_PI) != list; i++) {
		entry = next;
		if (copy_from_user(&next, entry & ~ROBUST_PI, sizeof(next)))
			break;
		if (entry != pending &&
		    robust_word((entry & ~ROBUST_PI) + head.futex_offset, entry & ROBUST_PI, false))
			break;
	}
	if (pending & ~ROBUST_PI)
		robust_word((pending & ~ROBUST_PI) + head.futex_offset, pending & ROBUST_PI, true);
}

void futex_release_mm(void)
{
	struct task *t = current;
	const u32 gone = 0;

	if (t->robust_list)
		robust_walk(t->robust_list);
	t->robust_list = 0;
	futex_pi_owner_exits(t);
	if (t->clear_child_tid && t->mm && t->mm->users.n > 1 &&
	    !copy_to_user(t->clear_child_tid, &gone, sizeof(gone)))
		futex_wake(t->clear_child_tid, false, 1, FUTEX_BITSET_MATCH_ANY);
	t->clear_child_tid = 0;
}

/* --- the calls --- */

long sys_set_robust_list(uaddr head, u64 len)
{
	if (len != sizeof(struct robust_list_head))
		return -EINVAL;
	current->robust_list = head;
	return 0;
}

long sys_get_robust_list(s32 nr, uaddr uhead, uaddr ulen)
{
	const u64 len = sizeof(struct robust_list_head);
	struct task *t = nr ? task_find(nr) : current;
	int err;

	if (!t)
		return -ESRCH;
	err = task_may_access(t, ACCESS_READ | ACCESS_REALCREDS);
	if (err)
		return err;
	if (copy_to_user(ulen, &len, sizeof(len)))
		return -EFAULT;
	return copy_to_user(uhead, &t->robust_list, sizeof(uaddr));
}

/* --- the task part --- */

/* execve, past the point of no return: the old address space is still there. */
static void futex_exec(struct task *t)
{
	if (t->mm)
		futex_release_mm();
}

/* A child that was never born has nothing. */
static void futex_exit(struct task *t)
{
	if (t == current && t->mm)
		futex_release_mm();
}

/* A child holds no locks; clone sets its clear_child_tid. */
const struct task_part futex_part = {
	.name = "futex",
	.exec = futex_exec,
	.exit = futex_exit,
};
