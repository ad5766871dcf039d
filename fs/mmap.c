// SPDX-License-Identifier: MIT
/* fs/mmap.c - mmap(2), mprotect(2), mremap(2), brk(2) and kin: arguments checked, then mm/ does it.
 *
 * Errors come in Linux's order: EBADF, EINVAL (length), ENOMEM and EOVERFLOW (ranges), EPERM and
 * EAGAIN (locked memory), EACCES, EPERM (noexec), ENODEV (the file), EINVAL (type).
 * Pages that are locked in advance are limited by RLIMIT_MEMLOCK: fs/mlock.c.
 * Locks: BKL; a file is held over the call, its map holds it after.
 * Checkpoint: none here, see mm/mm.h.
 * Keeps ABI-MM-01, ABI-MM-02, ABI-MM-03, ABI-MM-04. */
#include <linux/mman.h>

#include "fs/descriptor.h"
#include "fs/maps.h"
#include "kernel/syscall.h"
#include "mm/mm.h"

#define PROT_KNOWN (PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM)
#define VM_MAY_ALL (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
/* What MAP_SHARED_VALIDATE lets pass: the flags Linux has always had. */
#define MAP_VALIDATED                                                                            \
	(MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE | \
	 MAP_UNINITIALIZED | MAP_GROWSDOWN | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE |         \
	 MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB | MAP_32BIT | MAP_FIXED_NOREPLACE)

u64 vm_of_prot(u64 prot)
{
	u64 vm = 0;

	if (prot & PROT_READ)
		vm |= VM_READ;
	if (prot & PROT_WRITE)
		vm |= VM_WRITE;
	if (prot & PROT_EXEC)
		vm |= VM_EXEC;
	return vm;
}

/* What a shared map asks of its file. */
static int map_check_shared(const struct file *f, struct map_request *req)
{
	if ((req->flags & VM_WRITE) && !(f->mode & FMODE_WRITE))
		return -EACCES;
	if ((f->inode->attr_flags & FS_APPEND_FL) && (f->mode & FMODE_WRITE))
		return -EACCES;
	if (!(f->mode & FMODE_WRITE))
		req->flags &= ~VM_MAYWRITE;
	return 0;
}

int file_map_prepare(struct file *f, struct map_request *req)
{
	int err = 0;

	if (req->pgoff + (ALIGN_UP(req->length, PAGE_SIZE) >> PAGE_SHIFT) >
	    (u64)INT64_MAX >> PAGE_SHIFT)
		return -EOVERFLOW;
	if (req->flags & VM_SHARED)
		err = map_check_shared(f, req);
	if (err)
		return err;
	if (!(f->mode & FMODE_READ))
		return -EACCES;
	if (f->path.mnt->flags & MNT_K_NOEXEC) {
		if (req->flags & VM_EXEC)
			return -EPERM;
		req->flags &= ~VM_MAYEXEC;
	}
	if (!f->ops->mmap)
		return -ENODEV;
	if (req->flags & VM_GROWSDOWN)
		return -EINVAL;
	return f->ops->mmap(f, req);
}

/* Flags of mmap(2) to flags of the request. 0, -EPERM, -EAGAIN (locked memory). */
static int map_flags(struct map_request *req, u64 prot, u64 flags)
{
	req->flags = vm_of_prot(prot) | VM_MAY_ALL;
	if (flags & MAP_GROWSDOWN)
		req->flags |= VM_GROWSDOWN;
	if (flags & MAP_NORESERVE)
		req->flags |= VM_NORESERVE;
	if (flags & MAP_LOCKED)
		req->flags |= VM_LOCKED;
	req->fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE);
	req->fixed_noreplace = flags & MAP_FIXED_NOREPLACE;
	req->below_4g = flags & MAP_32BIT;
	req->populate = (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE;
	if (req->addr < USER_START)
		req->low_ok = capable_in(&init_user_ns, CAP_SYS_RAWIO);
	req->limit_as = current_limit(RLIMIT_AS);
	req->limit_data = process_data_limit(current->process);
	if ((flags & MAP_LOCKED) && !mlock_allowed())
		return -EPERM;
	if ((req->flags | current->mm->def_flags) & VM_LOCKED)
		return mlock_room(ALIGN_UP(req->length, PAGE_SIZE)) ? 0 : -EAGAIN;
	return 0;
}

static int map_anonymous(struct map_request *req, u64 type)
{
	if (type == MAP_PRIVATE)
		return 0;
	if (type != MAP_SHARED)
		return -EINVAL;
	if (req->flags & VM_GROWSDOWN)
		return -EINVAL;
	req->flags |= VM_SHARED;
	req->pgoff = 0;
	return shared_anon_create(ALIGN_UP(req->length, PAGE_SIZE), req);
}

static int map_file(struct file *f, struct map_request *req, u64 flags)
{
	u64 type = flags & MAP_TYPE;

	if (type == MAP_SHARED_VALIDATE && (flags & ~MAP_VALIDATED & ~MAP_TYPE))
		return -EOPNOTSUPP;
	if (type == MAP_SHARED || type == MAP_SHARED_VALIDATE)
		req->flags |= VM_SHARED;
	else if (type != MAP_PRIVATE)
		return -EINVAL;
	return file_map_prepare(f, req);
}

/* mmap of an open file or, without, of fresh memory. */
static long map_user(struct file *f, struct map_request *req, u64 prot, u64 flags)
{
	uaddr at;
	int err;

	if (!req->length)
		return -EINVAL;
	if (!ALIGN_UP(req->length, PAGE_SIZE) || req->length > USER_END)
		return -ENOMEM;
	if (req->pgoff + (req->length >> PAGE_SHIFT) < req->pgoff)
		return -EOVERFLOW;
	err = map_flags(req, prot, flags);
	if (!err)
		err = f ? map_file(f, req, flags) : map_anonymous(req, flags & MAP_TYPE);
	if (err)
		return err;
	err = mm_map(current->mm, req, &at);
	if (req->file && req->file != f)
		req->ops->put(req->file);	/* shared_anon: the map has its own reference */
	return err ? err : (long)at;
}

long sys_mmap(uaddr addr, u64 len, u64 prot, u64 flags, u64 fd, u64 off)
{
	struct map_request req = { .addr = addr, .length = len, .pgoff = off >> PAGE_SHIFT };
	struct file *f = NULL;
	long at;

	if (off & ~PAGE_MASK)
		return -EINVAL;
	if (flags & MAP_ANONYMOUS) {
		if (flags & MAP_HUGETLB)
			return -ENOMEM;
		return map_user(NULL, &req, prot, flags);
	}
	f = fd_get_io((int)fd);
	if (!f)
		return -EBADF;
	at = flags & MAP_HUGETLB ? -EINVAL : map_user(f, &req, prot, flags);
	file_put(f);
	return at;
}

long sys_munmap(uaddr addr, u64 len)
{
	if ((addr & ~PAGE_MASK) || !user_range_ok(addr, len) || !len)
		return -EINVAL;
	return mm_unmap(current->mm, addr, len);
}

long sys_mprotect(uaddr start, u64 len, u64 prot)
{
	const u64 both = PROT_GROWSDOWN | PROT_GROWSUP;
	u64 grows = prot & both;

	if (grows == both || (start & ~PAGE_MASK))
		return -EINVAL;
	if (!len)
		return 0;
	len = ALIGN_UP(len, PAGE_SIZE);
	if (start + len <= start)
		return -ENOMEM;
	if (prot & ~both & ~(u64)PROT_KNOWN)
		return -EINVAL;
	return mm_protect(current->mm, start, len, vm_of_prot(prot), grows);
}

long sys_mremap(uaddr old, u64 old_len, u64 new_len, u64 flags, uaddr new_addr)
{
	uaddr at;
	int err;

	if (flags & ~(u64)(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP))
		return -EINVAL;
	if ((flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if ((flags & MREMAP_DONTUNMAP) && old_len != new_len)
		return -EINVAL;
	if ((old & ~PAGE_MASK) || !ALIGN_UP(new_len, PAGE_SIZE))
		return -EINVAL;
	err = mm_remap(current->mm, old, old_len, new_len, flags, new_addr,
		       current_limit(RLIMIT_AS), &at);
	return err ? err : (long)at;
}

long sys_madvise(uaddr start, u64 len, int advice)
{
	u64 bytes = ALIGN_UP(len, PAGE_SIZE);

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if ((len && !bytes) || start + bytes < start)
		return -EINVAL;
	return mm_advise(current->mm, start, bytes, advice);
}

/* The new end of the heap, or where it was if it cannot be there (ABI-MM-08). */
long sys_brk(uaddr brk)
{
	struct mm *mm = current->mm;

	if (brk >= mm->brk_start)
		mm_set_brk(mm, brk, current_limit(RLIMIT_DATA));
	return mm->brk;
}

long sys_msync(uaddr start, u64 len, int flags)
{
	u64 bytes = ALIGN_UP(len, PAGE_SIZE);

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC))
		return -EINVAL;
	if ((start & ~PAGE_MASK) || ((flags & MS_ASYNC) && (flags & MS_SYNC)))
		return -EINVAL;
	if (start + bytes < start || (len && !bytes))
		return -ENOMEM;
	return bytes ? mm_sync(current->mm, start, bytes, flags) : 0;
}

/* A byte per page, gathered a buffer at a time: the copy may sleep. */
long sys_mincore(uaddr start, u64 len, uaddr vec)
{
	u64 pages = ALIGN_UP(len, PAGE_SIZE) >> PAGE_SHIFT, n;
	u8 buf[256];
	int err;

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (!user_range_ok(start, len))
		return -ENOMEM;
	if (!user_range_ok(vec, pages))
		return -EFAULT;
	for (; pages; pages -= n) {
		n = MIN(pages, sizeof(buf));
		err = mm_mincore(current->mm, start, n, buf);
		if (err)
			return err;
		if (copy_to_user(vec, buf, n))
			return -EFAULT;
		start += n * PAGE_SIZE;
		vec += n;
	}
	return 0;
}
