// SPDX-License-Identifier: MIT
/* fs/process_vm.c - process_vm_readv and process_vm_writev: bytes between two address spaces.
 *
 * Needs what attaching a debugger needs (EPERM), but no stop. The other side's protection counts.
 * What was moved before a bad address is the result; EFAULT if that is nothing. Bytes go
 * through one page of the kernel's.
 * Locks: BKL. Context: may sleep. See process_vm_readv(2).
 * Keeps ABI-TSK-03. */
#include <linux/uio.h>

#include "arch/cpu.h"
#include "fs/iter.h"
#include "kernel/syscall.h"
#include "kernel/task.h"
#include "mm/mm.h"
#include "mm/slab.h"

/* At most a page, within one page of the other side. */
static ssize_t move_part(struct mm *mm, struct iter *local, uaddr at, size_t len, bool write,
			 void *page)
{
	ssize_t n;

	if (write) {
		n = iter_copy_from(local, page, len);
		return n ? mm_access(mm, at, page, n, true, false) : n;
	}
	n = mm_access(mm, at, page, len, false, false);
	return n > 0 ? (ssize_t)iter_copy_to(local, page, n) : n;
}

/* One run of the other side's memory. Bytes moved, short at a fault; -EFAULT if none. */
static ssize_t move_run(struct mm *mm, struct iter *local, uaddr at, size_t len, bool write,
			void *page)
{
	size_t done = 0, part;
	ssize_t n;

	while (done < len && local->count) {
		part = MIN(MIN(len - done, local->count), PAGE_SIZE - ((at + done) & ~PAGE_MASK));
		n = move_part(mm, local, at + done, part, write, page);
		if (n > 0)
			done += n;
		if (n < (ssize_t)part)
			break;
	}
	return done ? (ssize_t)done : -EFAULT;
}

static ssize_t move_all(struct mm *mm, struct iter *local, const struct iter_vec *remote, u64 nr,
			bool write)
{
	void *page = kmalloc(PAGE_SIZE);
	ssize_t done = 0, n = 0;

	if (!page)
		return -ENOMEM;
	for (u64 i = 0; i < nr && local->count; i++) {
		if (!remote[i].len)
			continue;
		n = move_run(mm, local, remote[i].base, remote[i].len, write, page);
		if (n > 0)
			done += n;
		if (n < 0 || ((u64)n < remote[i].len && local->count))
			break;
	}
	kfree(page);
	return done ? done : n;
}

/* The other side's vectors: where they point to shows when they are used. 0 or -errno. */
static int remote_vectors(uaddr user, u64 nr, struct iter_vec **out)
{
	int err;

	if (nr > UIO_MAXIOV)
		return -EINVAL;
	*out = kmalloc_array(MAX(nr, 1UL), sizeof(**out));
	if (!*out)
		return -ENOMEM;
	err = copy_from_user(*out, user, nr * sizeof(**out));
	for (u64 i = 0; i < nr && !err; i++)
		if ((s64)(*out)[i].len < 0)
			err = -EINVAL;
	if (err) {
		kfree(*out);
		*out = NULL;
	}
	return err;
}

static int find_mm(s32 nr, struct mm **out)
{
	struct task *t = task_find(nr);

	if (!t || !t->mm)
		return -ESRCH;
	if (task_may_access(t, ACCESS_ATTACH | ACCESS_REALCREDS))
		return deny(EPERM, EXT_CRED_03);
	*out = t->mm;
	mm_get_user(*out);
	return 0;
}

static long process_vm(s32 nr, uaddr liov, u64 liovs, uaddr riov, u64 riovs, u64 flags, bool write)
{
	struct iter_vec *lvec = NULL, *rvec = NULL;
	struct iter local;
	struct mm *mm = NULL;
	long ret;

	if (flags)
		return -EINVAL;
	ret = iter_from_iovec(&local, liov, liovs, &lvec);
	if (ret)
		return ret;
	if (local.count)
		ret = remote_vectors(riov, riovs, &rvec);
	if (!ret && rvec)
		ret = find_mm(nr, &mm);
	if (mm) {
		ret = move_all(mm, &local, rvec, riovs, write);
		mm_put_user(mm);
	}
	kfree(rvec);
	kfree(lvec);
	return ret;
}

long sys_process_vm_readv(s32 nr, uaddr liov, u64 liovs, uaddr riov, u64 riovs, u64 flags)
{
	return process_vm(nr, liov, liovs, riov, riovs, flags, false);
}

long sys_process_vm_writev(s32 nr, uaddr liov, u64 liovs, uaddr riov, u64 riovs, u64 flags)
{
	return process_vm(nr, liov, liovs, riov, riovs, flags, true);
}
