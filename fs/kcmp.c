// SPDX-License-Identifier: MIT
/* fs/kcmp.c - kcmp: do two tasks share a thing? 0 yes; 1 or 2: no, and which comes first.
 *
 * The order must be the same until the next boot and tell nothing else: addresses are compared
 * after multiplication by an odd number that is drawn once.
 * Needs read access to both tasks. Locks: BKL. See kcmp(2).
 * Keeps ABI-TSK-03. */
#include <linux/kcmp.h>

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "kernel/random.h"
#include "kernel/syscall.h"
#include "kernel/task.h"

enum { IS_EQUAL, IS_LESS, IS_GREATER };

static long compare(const void *a, const void *b)
{
	static u64 factor;		/* cr:none another order after a restart does no harm */
	u64 x, y;

	if (!factor) {
		random_bytes(&factor, sizeof(factor));
		factor |= 1;
	}
	x = (u64)a * factor;
	y = (u64)b * factor;
	if (x == y)
		return IS_EQUAL;
	return x < y ? IS_LESS : IS_GREATER;
}

static struct file *file_of(const struct task *t, u64 fd)
{
	return t->files && fd <= INT_MAX ? fd_peek(t->files, fd) : NULL;
}

static long compare_files(const struct task *a, const struct task *b, u64 fd_a, u64 fd_b)
{
	struct file *f = file_of(a, fd_a), *g = file_of(b, fd_b);

	return f && g ? compare(f, g) : -EBADF;
}

static long compare_parts(const struct task *a, const struct task *b, int type, u64 x, u64 y)
{
	switch (type) {
	case KCMP_FILE:
		return compare_files(a, b, x, y);
	case KCMP_VM:
		return compare(a->mm, b->mm);
	case KCMP_FILES:
		return compare(a->files, b->files);
	case KCMP_FS:
		return compare(a->fs, b->fs);
	case KCMP_SIGHAND:
		return compare(a->sighand, b->sighand);
	case KCMP_IO:
		return IS_EQUAL;		/* nobody has an I/O context */
	}
	return -EINVAL;
}

long sys_kcmp(s32 nr_a, s32 nr_b, int type, u64 x, u64 y)
{
	struct task *a = task_find(nr_a), *b = task_find(nr_b);

	if (!a || !b)
		return -ESRCH;
	if (task_may_access(a, ACCESS_READ | ACCESS_REALCREDS) ||
	    task_may_access(b, ACCESS_READ | ACCESS_REALCREDS))
		return deny(EPERM, EXT_CRED_03);
	return compare_parts(a, b, type, x, y);
}
