// SPDX-License-Identifier: MIT
/* fs/copy.c - bytes from one open file to another in the kernel: sendfile(2), copy_file_range(2).
 *
 * Both go through a buffer of COPY_BYTES: read, then write, and the source's position moves by
 * what was written. A signal ends a copy that has moved something.
 * Locks: positions of both files where shared. Checkpoint: none.
 * See sendfile(2), copy_file_range(2).
 * Keeps ABI-FD-08. */
#include "fs/descriptor.h"
#include "fs/notify.h"
#include "fs/pipe.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define COPY_BYTES (4 * PAGE_SIZE)

/* One buffer's worth. Bytes written, 0 at the end, or -errno. */
static ssize_t copy_some(struct file *in, u64 *in_pos, struct file *out, u64 *out_pos, void *buf,
			 size_t len)
{
	u64 pos = *in_pos;
	struct iter it;
	ssize_t n;

	iter_kernel(&it, buf, len);
	n = file_read_untold(in, &it, &pos);
	if (n <= 0)
		return n;
	iter_kernel(&it, buf, n);
	n = pipe_of(out) ? file_write_untold(out, &it, out_pos) : file_write(out, &it, out_pos);
	if (n > 0)
		*in_pos += n;
	return n;
}

static ssize_t copy_bytes(struct file *in, u64 *in_pos, struct file *out, u64 *out_pos, u64 len)
{
	void *buf = kmalloc(COPY_BYTES);
	ssize_t n = 0, done = 0;

	if (!buf)
		return -ENOMEM;
	while (len) {
		n = copy_some(in, in_pos, out, out_pos, buf, MIN(len, COPY_BYTES));
		if (n <= 0)
			break;
		done += n;
		len -= n;
		if (signal_pending(current))
			break;
	}
	kfree(buf);
	if (done) {
		notify_file(in, IN_ACCESS);
		notify_file(out, IN_MODIFY);
	}
	return done ? done : n;
}

/* Copies at the file's own position of out, and of in where pos is NULL. */
static ssize_t sendfile_run(struct file *out, struct file *in, u64 *pos, u64 len)
{
	u64 in_pos, out_pos;
	ssize_t n;

	in_pos = pos ? *pos : in->pos;
	out_pos = out->pos;
	n = rw_check(in, in_pos, &len);
	if (!n)
		n = rw_check(out, out_pos, &len);
	if (!n)
		n = copy_bytes(in, &in_pos, out, &out_pos, len);
	if (n < 0)
		return n;
	if (pos)
		*pos = in_pos;
	else
		in->pos = in_pos;
	if (!(out->mode & FMODE_STREAM))
		out->pos = out_pos;
	return n;
}

static int sendfile_check(const struct file *out, const struct file *in, bool at)
{
	int err = file_may_read(in);

	if (err)
		return err == -EISDIR ? -EINVAL : err;
	if (at && !(in->mode & FMODE_LSEEK))
		return -ESPIPE;
	err = file_may_write(out);
	if (err)
		return err;
	if (!S_ISREG(in->inode->mode) && !S_ISBLK(in->inode->mode))
		return -EINVAL;
	return out->flags & O_APPEND ? -EINVAL : 0;
}

long sys_sendfile(int out_fd, int in_fd, uaddr upos, u64 len)
{
	struct file *in, *out;
	long n = -EBADF;
	u64 pos = 0;

	if (upos && copy_from_user(&pos, upos, sizeof(pos)))
		return -EFAULT;
	in = fd_get_io(in_fd);
	if (!in)
		return -EBADF;
	out = fd_get_io(out_fd);
	if (out) {
		n = sendfile_check(out, in, upos);
		if (!n)
			n = sendfile_run(out, in, upos ? &pos : NULL, len);
		file_put(out);
	}
	file_put(in);
	if (n >= 0 && upos && copy_to_user(upos, &pos, sizeof(pos)))
		n = -EFAULT;
	return n;
}

/* --- copy_file_range(2) --- */

struct copy_range {
	struct file *in, *out;
	u64 in_pos, out_pos, len;
};

static int copy_range_check_files(const struct file *in, const struct file *out)
{
	if (S_ISDIR(in->inode->mode) || S_ISDIR(out->inode->mode))
		return -EISDIR;
	if (!S_ISREG(in->inode->mode) || !S_ISREG(out->inode->mode))
		return -EINVAL;
	if (!(in->mode & FMODE_READ) || !(out->mode & FMODE_WRITE) || (out->flags & O_APPEND))
		return -EBADF;
	if (in->inode->sb != out->inode->sb)
		return -EXDEV;
	return out->inode->attr_flags & FS_IMMUTABLE_FL ? -EPERM : 0;
}

/* Cuts the length to what there is and may be; the same bytes may not be source and target. */
static int copy_range_check(struct copy_range *r)
{
	u64 size = r->in->inode->size;
	int err;

	err = copy_range_check_files(r->in, r->out);
	if (err)
		return err;
	if (r->in_pos + r->len < r->in_pos || r->out_pos + r->len < r->out_pos)
		return -EOVERFLOW;
	r->len = r->in_pos >= size ? 0 : MIN(r->len, size - r->in_pos);
	if (r->len) {
		err = file_size_check(r->out->inode, r->out_pos, &r->len);
		if (err)
			return err;
	}
	if (r->in->inode == r->out->inode && r->in_pos < r->out_pos + r->len &&
	    r->out_pos < r->in_pos + r->len)
		return -EINVAL;
	err = rw_check(r->in, r->in_pos, &r->len);
	return err ? err : rw_check(r->out, r->out_pos, &r->len);
}

static long copy_range_run(struct copy_range *r, uaddr in_upos, uaddr out_upos, unsigned flags)
{
	long n;

	r->in_pos = r->in->pos;
	r->out_pos = r->out->pos;
	if (in_upos && copy_from_user(&r->in_pos, in_upos, sizeof(r->in_pos)))
		return -EFAULT;
	if (out_upos && copy_from_user(&r->out_pos, out_upos, sizeof(r->out_pos)))
		return -EFAULT;
	if (flags)
		return -EINVAL;
	n = copy_range_check(r);
	if (!n && r->len)
		n = copy_bytes(r->in, &r->in_pos, r->out, &r->out_pos, r->len);
	if (n <= 0)
		return n;
	if (!in_upos)
		r->in->pos = r->in_pos;
	else if (copy_to_user(in_upos, &r->in_pos, sizeof(r->in_pos)))
		return -EFAULT;
	if (!out_upos)
		r->out->pos = r->out_pos;
	else if (copy_to_user(out_upos, &r->out_pos, sizeof(r->out_pos)))
		return -EFAULT;
	return n;
}

long sys_copy_file_range(int in_fd, uaddr in_upos, int out_fd, uaddr out_upos, u64 len,
			 unsigned flags)
{
	struct copy_range r = { .in = fd_get_io(in_fd), .out = fd_get_io(out_fd), .len = len };
	long n = -EBADF;

	if (r.in && r.out)
		n = copy_range_run(&r, in_upos, out_upos, flags);
	if (r.in)
		file_put(r.in);
	if (r.out)
		file_put(r.out);
	return n;
}
