// SPDX-License-Identifier: MIT
/* fs/read_write.c - read(2), write(2) and their family, and lseek(2).
 *
 * Every call boils down to rw_run(): a file, an iterator over the user's buffers, a position.
 * Without an explicit position the file's own is used, under pos_lock where another task
 * may use it too. A call moves at most RW_COUNT_MAX bytes.
 * Errors come in Linux's order: EBADF (descriptor, mode), EINVAL (no such operation),
 * EFAULT (range), EINVAL (lengths).
 * Locks: file.pos_lock. Checkpoint: none. See read(2), pread(2), readv(2), lseek(2).
 * Keeps ABI-FD-04. */
#include <linux/uio.h>

#include "fs/descriptor.h"
#include "fs/notify.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define POS_NONE (~0UL)		/* preadv2, pwritev2: at the file's position */
#define RWF_KNOWN (RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND)
#define HOLDERS_ALONE 2		/* references of a file whose only holder reads it: slot and call */

/* Into each of the four calls that everybody makes, where most of it is known. */
#define RW_INLINE static inline __attribute__((always_inline))

enum rw_way { RW_READ, RW_WRITE };

/* One transfer as the calls describe it. */
struct rw_call {
	enum rw_way way;
	int fd;
	bool at;		/* pos is explicit */
	u64 pos;
	int flags;		/* RWF_* */
};

int rw_check(const struct file *f, u64 pos, u64 *len)
{
	(void)f;
	if ((s64)*len < 0 || (s64)pos < 0)
		return -EINVAL;
	if ((s64)(pos + *len) < 0)
		return -EINVAL;
	*len = MIN(*len, RW_COUNT_MAX);
	return 0;
}

bool file_pos_lock(struct file *f)
{
	if (!(f->mode & FMODE_LSEEK))
		return false;
	if (f->refs.n <= HOLDERS_ALONE && current->files->refs.n == 1)
		return false;
	mutex_lock(&f->pos_lock);
	return true;
}

void file_pos_unlock(struct file *f, bool locked)
{
	if (locked)
		mutex_unlock(&f->pos_lock);
}

static bool file_has_no_position(const struct file *f)
{
	return (f->mode & FMODE_STREAM) || (!(f->mode & FMODE_LSEEK) && !f->ops->llseek);
}

/* May this call name a position? */
RW_INLINE int rw_check_position(const struct file *f, const struct rw_call *c)
{
	if (!c->at)
		return 0;
	if (file_has_no_position(f) || (c->way == RW_WRITE && f->mode & FMODE_NO_PWRITE))
		return -ESPIPE;
	return 0;
}

/* Flags of preadv2 and pwritev2. */
RW_INLINE int rw_check_flags(const struct rw_call *c)
{
	if (!c->flags)
		return 0;
	if (c->flags & ~RWF_KNOWN)
		return -EOPNOTSUPP;
	if (c->flags & RWF_NOWAIT)	/* no file of ours is asked without waiting */
		return -EOPNOTSUPP;
	if ((c->flags & RWF_APPEND) && c->way == RW_READ)
		return -EOPNOTSUPP;
	return 0;
}

RW_INLINE ssize_t rw_transfer(struct file *f, const struct rw_call *c, struct iter *it, u64 *pos)
{
	ssize_t n;

	if (c->way == RW_READ)
		return file_read(f, it, pos);
	if ((c->flags & RWF_APPEND) && f->ops->write == generic_write)
		*pos = RW_POS_APPEND;
	n = file_write(f, it, pos);
	if (n > 0 && (c->flags & (RWF_SYNC | RWF_DSYNC)) && f->ops->fsync)
		f->ops->fsync(f, !(c->flags & RWF_SYNC));
	return n;
}

/* The part all calls share, once the iterator is made and the mode was checked. */
RW_INLINE ssize_t rw_run(struct file *f, const struct rw_call *c, struct iter *it)
{
	u64 pos = c->pos;
	bool locked;
	ssize_t n;

	n = rw_check_flags(c);
	if (n)
		return n;
	if (c->at) {
		n = rw_check(f, pos, &it->count);
		return n ? n : rw_transfer(f, c, it, &pos);
	}
	if (f->mode & FMODE_STREAM) {
		pos = 0;
		n = rw_check(f, pos, &it->count);
		return n ? n : rw_transfer(f, c, it, &pos);
	}
	locked = file_pos_lock(f);
	pos = f->pos;
	n = rw_check(f, pos, &it->count);
	if (!n)
		n = rw_transfer(f, c, it, &pos);
	if (n >= 0)
		f->pos = pos;
	file_pos_unlock(f, locked);
	return n;
}

RW_INLINE long rw_buffer(const struct rw_call *c, uaddr buf, u64 count)
{
	struct file *f;
	struct iter it;
	ssize_t n;

	if (c->at && (s64)c->pos < 0)
		return -EINVAL;
	f = fd_get_io(c->fd);
	if (!f)
		return -EBADF;
	n = rw_check_position(f, c);
	if (!n)
		n = c->way == RW_READ ? file_may_read(f) : file_may_write(f);
	if (!n && !user_range_ok(buf, count))
		n = -EFAULT;
	if (!n) {
		iter_user(&it, buf, count);
		n = rw_run(f, c, &it);
	}
	file_put(f);
	return n;
}

static long rw_vector(const struct rw_call *c, uaddr iov, u64 nr)
{
	struct iter_vec *heap = NULL;
	struct file *f;
	struct iter it;
	ssize_t n;

	if (c->at && (s64)c->pos < 0)
		return -EINVAL;
	f = fd_get_io(c->fd);
	if (!f)
		return -EBADF;
	n = rw_check_position(f, c);
	if (!n)
		n = c->way == RW_READ ? file_may_read(f) : file_may_write(f);
	if (!n)
		n = iter_from_iovec(&it, iov, nr, &heap);
	if (!n && it.count)
		n = rw_run(f, c, &it);
	if (!n)			/* vectors tell of nothing, too, as Linux does */
		notify_file(f, c->way == RW_READ ? IN_ACCESS : IN_MODIFY);
	kfree(heap);
	file_put(f);
	return n;
}

long sys_read(int fd, uaddr buf, u64 count)
{
	struct rw_call c = { RW_READ, fd, false, 0, 0 };

	return rw_buffer(&c, buf, count);
}

long sys_write(int fd, uaddr buf, u64 count)
{
	struct rw_call c = { RW_WRITE, fd, false, 0, 0 };

	return rw_buffer(&c, buf, count);
}

long sys_pread64(int fd, uaddr buf, u64 count, u64 pos)
{
	struct rw_call c = { RW_READ, fd, true, pos, 0 };

	return rw_buffer(&c, buf, count);
}

long sys_pwrite64(int fd, uaddr buf, u64 count, u64 pos)
{
	struct rw_call c = { RW_WRITE, fd, true, pos, 0 };

	return rw_buffer(&c, buf, count);
}

long sys_readv(int fd, uaddr iov, u64 nr)
{
	struct rw_call c = { RW_READ, fd, false, 0, 0 };

	return rw_vector(&c, iov, nr);
}

long sys_writev(int fd, uaddr iov, u64 nr)
{
	struct rw_call c = { RW_WRITE, fd, false, 0, 0 };

	return rw_vector(&c, iov, nr);
}

/* The high half of the position means nothing where registers have 64 bits. */
long sys_preadv(int fd, uaddr iov, u64 nr, u64 pos)
{
	struct rw_call c = { RW_READ, fd, true, pos, 0 };

	return rw_vector(&c, iov, nr);
}

long sys_pwritev(int fd, uaddr iov, u64 nr, u64 pos)
{
	struct rw_call c = { RW_WRITE, fd, true, pos, 0 };

	return rw_vector(&c, iov, nr);
}

long sys_preadv2(int fd, uaddr iov, u64 nr, u64 pos, u64 pos_high, int flags)
{
	struct rw_call c = { RW_READ, fd, pos != POS_NONE, pos, flags };

	(void)pos_high;
	return rw_vector(&c, iov, nr);
}

long sys_pwritev2(int fd, uaddr iov, u64 nr, u64 pos, u64 pos_high, int flags)
{
	struct rw_call c = { RW_WRITE, fd, pos != POS_NONE, pos, flags };

	(void)pos_high;
	return rw_vector(&c, iov, nr);
}

long sys_lseek(int fd, s64 off, unsigned whence)
{
	struct file *f = fd_get_io(fd);
	bool locked;
	s64 at = -EINVAL;

	if (!f)
		return -EBADF;
	locked = file_pos_lock(f);
	if (whence <= SEEK_HOLE) {
		if (f->ops->llseek)
			at = f->ops->llseek(f, off, whence);
		else if (file_has_no_position(f))
			at = -ESPIPE;
		else
			at = generic_llseek(f, off, whence);
	}
	file_pos_unlock(f, locked);
	file_put(f);
	return at;
}
