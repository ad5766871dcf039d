// SPDX-License-Identifier: MIT
/* fs/memfd.c - memfd_create(2), and the seals of memory files.
 *
 * A seal is for ever. Files of a tmpfs can have seals, but are born with F_SEAL_SEAL, so that only
 * a memfd made with MFD_ALLOW_SEALING ever gets others. F_SEAL_WRITE is refused while a map could
 * still write (EBUSY); after it, and after F_SEAL_FUTURE_WRITE, new shared maps can never write.
 * Locks: inode->lock over writes; seals change in one step. Checkpoint: inode.seals.
 * Not like Linux: there are no huge pages, MFD_HUGETLB is ENOSYS. See memfd_create(2), fcntl(2).
 * Keeps ABI-MM-09. */
#include <linux/falloc.h>
#include <linux/memfd.h>

#include "fs/descriptor.h"
#include "fs/names.h"
#include "fs/seals.h"
#include "fs/shmem.h"
#include "kernel/syscall.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define MEMFD_PREFIX "memfd:"
#define MEMFD_PREFIX_LEN (sizeof(MEMFD_PREFIX) - 1)
#define MEMFD_NAME_MAX (NAME_MAX_LEN - MEMFD_PREFIX_LEN)
#define SEALS_ALL (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)
#define SEALS_WRITE (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

/* --- what they forbid --- */

int seals_check_write(const struct inode *i, u64 pos, u64 n)
{
	if (i->seals & SEALS_WRITE)
		return -EPERM;
	return i->seals & F_SEAL_GROW && pos + n > i->size ? -EPERM : 0;
}

int seals_check_size(const struct inode *i, u64 size)
{
	if (size < i->size && i->seals & F_SEAL_SHRINK)
		return -EPERM;
	return size > i->size && i->seals & F_SEAL_GROW ? -EPERM : 0;
}

int seals_check_fallocate(const struct inode *i, int mode, u64 end)
{
	if (mode & FALLOC_FL_PUNCH_HOLE)
		return i->seals & SEALS_WRITE ? -EPERM : 0;
	return end > i->size && i->seals & F_SEAL_GROW ? -EPERM : 0;
}

int seals_check_map(const struct inode *i, struct map_request *req)
{
	if (!(req->flags & VM_SHARED) || !(i->seals & SEALS_WRITE))
		return 0;
	if (req->flags & VM_WRITE)
		return -EPERM;
	req->flags &= ~VM_MAYWRITE;
	return 0;
}

/* --- adding and asking --- */

static bool has_writable_map(const struct inode *i)
{
	const struct vma *v;

	list_for_each(v, &i->cache.mappings, mapping)
		if ((v->flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE))
			return true;
	return false;
}

static int seals_add(struct file *f, u32 seals)
{
	struct inode *i = f->inode;

	if (!(f->mode & FMODE_WRITE))
		return -EPERM;
	if (seals & ~SEALS_ALL)
		return -EINVAL;
	if (!i->sealable)
		return -EINVAL;
	if (i->seals & F_SEAL_SEAL)
		return -EPERM;
	if (seals & ~i->seals & F_SEAL_WRITE && has_writable_map(i))
		return -EBUSY;
	i->seals |= seals;
	return 0;
}

int seals_fcntl(struct file *f, unsigned cmd, u64 arg)
{
	if (cmd == F_ADD_SEALS)
		return arg > UINT32_MAX ? -EINVAL : seals_add(f, arg);
	return f->inode->sealable ? (int)f->inode->seals : -EINVAL;
}

/* --- memfd_create --- */

static int memfd_name(uaddr uname, char *name)
{
	ssize_t n;

	memcpy(name, MEMFD_PREFIX, MEMFD_PREFIX_LEN);
	n = strncpy_from_user(name + MEMFD_PREFIX_LEN, uname, MEMFD_NAME_MAX + 1);
	if (n < 0)
		return n;
	return n > (ssize_t)MEMFD_NAME_MAX ? -EINVAL : 0;
}

static long memfd_open(const char *name, u32 flags)
{
	struct file *f;
	int err, fd;

	err = shmem_file_create(name, 0, S_IRWXUGO, &f);
	if (err)
		return err;
	if (flags & MFD_ALLOW_SEALING)
		f->inode->seals &= ~F_SEAL_SEAL;
	fd = fd_alloc(f, 0, flags & MFD_CLOEXEC ? O_CLOEXEC : 0);
	if (fd < 0)
		file_put(f);
	return fd;
}

long sys_memfd_create(uaddr uname, u32 flags)
{
	const u32 huge = MFD_HUGETLB | (u32)MFD_HUGE_MASK << MFD_HUGE_SHIFT;
	char name[NAME_MAX_LEN + 1];
	int err;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | (flags & MFD_HUGETLB ? huge : 0)))
		return -EINVAL;
	err = memfd_name(uname, name);
	if (err)
		return err;
	return flags & MFD_HUGETLB ? -ENOSYS : memfd_open(name, flags);
}
