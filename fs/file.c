// SPDX-License-Identifier: MIT
/* fs/file.c - open files: made, counted, read, written, and closed for the last time.
 *
 * A struct file holds references of its path, its inode and its opener's credentials; it is held by
 * descriptors, maps, and calls under way. Where files are opened by name: fs/open.c;
 * descriptors: fs/fdtable.c.
 * Life: file_alloc (refs 1), file_put of the last reference: locks and watches go,
 * ops->release, then everything it held.
 * Locks: BKL. Releasing may sleep. Checkpoint: saved by class.
 * See open(2), read(2), write(2). */
#include "fs/descriptor.h"
#include "fs/notify.h"
#include "kernel/signal.h"
#include "mm/slab.h"

struct list file_all = LIST_INIT(file_all);
static struct slab_cache *file_cache;

int file_alloc(const struct path *p, struct inode *i, u32 flags, const struct file_ops *ops,
	       const struct cred *cred, struct file **out)
{
	struct file *f;

	if (!file_cache)
		file_cache = slab_cache_create("file", sizeof(*f), 0);
	f = file_cache ? slab_zalloc(file_cache) : NULL;
	if (!f)
		return -ENOMEM;
	ref_set(&f->refs, 1);
	f->path = *p;
	path_get(p);
	f->inode = inode_get(i);
	f->ops = ops;
	f->flags = flags;
	f->cred = cred_get(cred);
	mutex_init(&f->pos_lock);
	list_init(&f->epoll_items);
	list_add_tail(&file_all, &f->all);
	*out = f;
	return 0;
}

void file_discard(struct file *f)
{
	list_del(&f->all);
	if (f->mode & FMODE_WRITER) {
		f->inode->writers--;
		mount_end_write(f->path.mnt);
	}
	if (f->owner.pid)
		pid_put(f->owner.pid);
	inode_put(f->inode);
	path_put(&f->path);
	cred_put(f->cred);
	slab_free(file_cache, f);
}

/* The last reference is gone. Context: may sleep. */
static void file_release(struct file *f)
{
	if (!(f->mode & FMODE_PATH))
		notify_file(f, f->mode & FMODE_WRITE ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
	if (!list_empty(&f->epoll_items))
		epoll_release_file(f);
	if (f->inode->locks)
		locks_release_file(f);
	if (f->async)
		file_async_release(f);
	if (f->ops->release)
		f->ops->release(f);
	file_discard(f);
}

void file_put(struct file *f)
{
	if (ref_put(&f->refs))
		file_release(f);
}

int file_may_read(const struct file *f)
{
	if (!(f->mode & FMODE_READ))
		return -EBADF;
	if (!f->ops->read)
		return S_ISDIR(f->inode->mode) ? -EISDIR : -EINVAL;
	return 0;
}

int file_may_write(const struct file *f)
{
	if (!(f->mode & FMODE_WRITE))
		return -EBADF;
	return f->ops->write ? 0 : -EINVAL;
}

ssize_t file_read_untold(struct file *f, struct iter *to, u64 *pos)
{
	ssize_t n = file_may_read(f);

	if (n)
		return n;
	n = f->ops->read(f, to, pos);
	if (n > 0)
		current->io_read_chars += n;
	current->io_read_calls++;
	return n;
}

ssize_t file_read(struct file *f, struct iter *to, u64 *pos)
{
	ssize_t n = file_read_untold(f, to, pos);

	if (n > 0)
		notify_file(f, IN_ACCESS);
	return n;
}

ssize_t file_write_untold(struct file *f, struct iter *from, u64 *pos)
{
	ssize_t n = file_may_write(f);

	if (n)
		return n;
	n = f->ops->write(f, from, pos);
	if (n > 0)
		current->io_write_chars += n;
	current->io_write_calls++;
	return n;
}

ssize_t file_write(struct file *f, struct iter *from, u64 *pos)
{
	ssize_t n = file_write_untold(f, from, pos);

	if (n > 0)
		notify_file(f, IN_MODIFY);
	return n;
}

/* Reads up to n bytes at pos; short only at the end of the file. */
ssize_t file_read_kernel(struct file *f, void *buf, size_t n, u64 pos)
{
	struct iter to;
	ssize_t got;

	iter_kernel(&to, buf, n);
	do {
		got = file_read(f, &to, &pos);
	} while (got > 0 && to.count);
	return got < 0 ? got : (ssize_t)(n - to.count);
}

/* For files without a position whose lseek(2) nevertheless succeeds. */
s64 file_llseek_nowhere(struct file *f, s64 off, int whence)
{
	(void)off;
	(void)whence;
	return f->pos;
}

void file_signal_self(int sig)
{
	siginfo_t info;

	siginfo_user(&info, sig);
	signal_task(current, sig, &info);
}

void file_accessed(struct file *f)
{
	if (!(f->flags & O_NOATIME))
		path_accessed(&f->path);
}
