// SPDX-License-Identifier: MIT
/* kernel/sched_attr.c - sched_setattr, sched_getattr: policy, nice and priority in one structure.
 *
 * The structure grows: a shorter one is zero-filled, a longer one must be zero beyond ours, else
 * E2BIG and our size. SCHED_DEADLINE finds no bandwidth (EBUSY); utilisation clamps are not
 * there (EOPNOTSUPP), as on kernels built without them.
 * Locks: BKL. See sched_setattr(2). */
#include <linux/sched.h>
#include <linux/sched/types.h>

#include "arch/uaccess.h"
#include "kernel/cred.h"
#include "kernel/sched.h"
#include "kernel/syscall.h"
#include "kernel/task_internal.h"

#define NICE_LOWEST 19
#define NICE_HIGHEST (-20)

static int wrong_size(uaddr u)
{
	const u32 ours = sizeof(struct sched_attr);

	return copy_to_user(u, &ours, sizeof(ours)) ? -EFAULT : -E2BIG;
}

static int attr_from_user(struct sched_attr *a, uaddr u)
{
	u32 size;
	u8 byte;

	if (copy_from_user(&size, u, sizeof(size)))
		return -EFAULT;
	if (!size)
		size = SCHED_ATTR_SIZE_VER0;
	memset(a, 0, sizeof(*a));
	if (size < SCHED_ATTR_SIZE_VER0 || size > PAGE_SIZE)
		return wrong_size(u);
	if (copy_from_user(a, u, MIN(size, sizeof(*a))))
		return -EFAULT;
	for (u32 i = sizeof(*a); i < size; i++) {
		if (copy_from_user(&byte, u + i, 1))
			return -EFAULT;
		if (byte)
			return wrong_size(u);
	}
	a->sched_nice = MIN(MAX(a->sched_nice, NICE_HIGHEST), NICE_LOWEST);
	return 0;
}

/* What is to stay as it is. */
static void attr_keep(struct sched_attr *a, const struct task *t)
{
	if (a->sched_flags & SCHED_FLAG_KEEP_POLICY)
		a->sched_policy = t->policy & ~SCHED_RESET_ON_FORK;
	if (a->sched_flags & SCHED_FLAG_KEEP_PARAMS) {
		a->sched_priority = t->rt_priority;
		a->sched_nice = task_nice(t);
	}
}

long sys_sched_setattr(s32 nr, uaddr uattr, u32 flags)
{
	struct sched_attr a;
	struct task *t;
	int err;

	if (!uattr || nr < 0 || flags)
		return -EINVAL;
	err = attr_from_user(&a, uattr);
	if (err)
		return err;
	if ((s32)a.sched_policy < 0 || (a.sched_flags & ~(u64)SCHED_FLAG_ALL))
		return -EINVAL;
	t = nr ? task_find(nr) : current;
	if (!t)
		return -ESRCH;
	if (a.sched_flags & SCHED_FLAG_UTIL_CLAMP)
		return -EOPNOTSUPP;
	attr_keep(&a, t);
	if (a.sched_policy == SCHED_DEADLINE)
		return -EBUSY;
	return sched_change(t, a.sched_policy, a.sched_priority,
			    a.sched_flags & SCHED_FLAG_RESET_ON_FORK, &a.sched_nice);
}

long sys_sched_getattr(s32 nr, uaddr uattr, u32 size, u32 flags)
{
	struct sched_attr a = { .size = MIN(size, sizeof(a)) };
	struct task *t;

	if (!uattr || nr < 0 || flags || size > PAGE_SIZE || size < SCHED_ATTR_SIZE_VER0)
		return -EINVAL;
	t = nr ? task_find(nr) : current;
	if (!t)
		return -ESRCH;
	a.sched_policy = t->policy & ~SCHED_RESET_ON_FORK;
	if (t->policy & SCHED_RESET_ON_FORK)
		a.sched_flags = SCHED_FLAG_RESET_ON_FORK;
	if (t->rt_priority)
		a.sched_priority = t->rt_priority;
	else
		a.sched_nice = task_nice(t);
	return copy_to_user(uattr, &a, a.size);
}
