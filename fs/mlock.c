// SPDX-License-Identifier: MIT
/* fs/mlock.c - mlock(2), mlock2(2), munlock(2), mlockall(2), munlockall(2).
 *
 * Who has CAP_IPC_LOCK locks as much as there is; others at most RLIMIT_MEMLOCK, and nothing if
 * that is 0. Locks: BKL. Checkpoint: flags of the VMAs.
 * Keeps ABI-MM-07. */
#include <linux/mman.h>

#include "fs/descriptor.h"
#include "fs/maps.h"
#include "kernel/syscall.h"

#define MCL_KNOWN (MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)

static bool mlock_unlimited(void)
{
	return capable_in(&init_user_ns, CAP_IPC_LOCK);
}

bool mlock_allowed(void)
{
	return current_limit(RLIMIT_MEMLOCK) || mlock_unlimited();
}

bool mlock_room(u64 bytes)
{
	u64 pages = current->mm->locked_pages + (bytes >> PAGE_SHIFT);

	return pages <= current_limit(RLIMIT_MEMLOCK) >> PAGE_SHIFT || mlock_unlimited();
}

/* Bytes of [start, end) that are locked already, which are counted once. */
static u64 mlocked_within(struct mm *mm, uaddr start, uaddr end)
{
	u64 bytes = 0;

	for (struct vma *v = vma_find(mm, start); v && v->start < end; v = vma_next(v))
		if (v->flags & VM_LOCKED)
			bytes += MIN(v->end, end) - MAX(v->start, start);
	return bytes;
}

static long mlock_range(uaddr start, u64 len, u64 vm_flags)
{
	u64 bytes = ALIGN_UP(len + (start & ~PAGE_MASK), PAGE_SIZE);

	if (!mlock_allowed())
		return deny(EPERM, EXT_LIM_07);
	if (!mlock_room(bytes) &&
	    !mlock_room(bytes - mlocked_within(current->mm, start & PAGE_MASK,
					       (start & PAGE_MASK) + bytes)))
		return deny(ENOMEM, EXT_LIM_07);
	return mm_lock(current->mm, start & PAGE_MASK, bytes, vm_flags);
}

long sys_mlock(uaddr start, u64 len)
{
	return mlock_range(start, len, VM_LOCKED);
}

long sys_mlock2(uaddr start, u64 len, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return mlock_range(start, len, VM_LOCKED | (flags ? VM_LOCKONFAULT : 0));
}

long sys_munlock(uaddr start, u64 len)
{
	return mm_lock(current->mm, start, len, 0);
}

long sys_mlockall(int flags)
{
	u64 lock = VM_LOCKED | (flags & MCL_ONFAULT ? VM_LOCKONFAULT : 0);
	struct mm *mm = current->mm;

	if (!flags || (flags & ~MCL_KNOWN) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!mlock_allowed())
		return -EPERM;
	if ((flags & MCL_CURRENT) && !mlock_unlimited() &&
	    mm->total_pages > current_limit(RLIMIT_MEMLOCK) >> PAGE_SHIFT)
		return -ENOMEM;
	mm->def_flags = flags & MCL_FUTURE ? lock : 0;
	return flags & MCL_CURRENT ? mm_lock_all(mm, lock) : 0;
}

long sys_munlockall(void)
{
	current->mm->def_flags = 0;
	return mm_lock_all(current->mm, 0);
}
