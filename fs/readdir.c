// SPDX-License-Identifier: MIT
/* fs/readdir.c - getdents(2) and getdents64(2): directory entries as the ABI wants them.
 *
 * A file system's readdir operation gives entries one by one, each with the position after it, and
 * moves f->pos along; here they are packed into a kernel buffer, and copied out when no
 * directory is being walked any more, for that copy may sleep.
 * Locks: f->pos_lock where shared; inode->lock over the walk. Checkpoint: f->pos. */
#include "fs/descriptor.h"
#include "fs/notify.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define DIRENT_ALIGN 8
#define DIR_BUFFER_MAX (8 * PAGE_SIZE)

/* The two layouts of the ABI. */
struct dirent_old {
	u64 ino, next;
	u16 len;
	char name[];			/* NUL, padding, and the type in the last byte */
};
struct dirent_new {
	u64 ino, next;
	u16 len;
	u8 type;
	char name[];
} __attribute__((packed));

struct dirent_sink {
	struct dir_sink sink;
	char *buf;
	size_t size, used;
	bool too_small;			/* not even one entry fits */
};

/* Room for an entry, with the fields that both kinds begin with, the rest zero; NULL: none. */
static void *dirent_begin(struct dirent_sink *ds, size_t bytes, u64 ino, u64 next_pos)
{
	struct dirent_old *d = (struct dirent_old *)(ds->buf + ds->used);

	ds->too_small = ds->used + bytes > ds->size;
	if (ds->too_small)
		return NULL;
	memset(d, 0, bytes);
	d->ino = ino;
	d->next = next_pos;
	d->len = bytes;
	ds->used += bytes;
	return d;
}

static bool emit_old(struct dir_sink *s, const char *name, size_t len, u64 next_pos, u64 ino,
		     unsigned type)
{
	struct dirent_sink *ds = container_of(s, struct dirent_sink, sink);
	size_t bytes = ALIGN_UP(offsetof(struct dirent_old, name) + len + 2, DIRENT_ALIGN);
	struct dirent_old *d = dirent_begin(ds, bytes, ino, next_pos);

	if (!d)
		return false;
	memcpy(d->name, name, len);
	((char *)d)[bytes - 1] = type;
	return true;
}

static bool emit_new(struct dir_sink *s, const char *name, size_t len, u64 next_pos, u64 ino,
		     unsigned type)
{
	struct dirent_sink *ds = container_of(s, struct dirent_sink, sink);
	size_t bytes = ALIGN_UP(offsetof(struct dirent_new, name) + len + 1, DIRENT_ALIGN);
	struct dirent_new *d = dirent_begin(ds, bytes, ino, next_pos);

	if (!d)
		return false;
	d->type = type;
	memcpy(d->name, name, len);
	return true;
}

/* Fills the sink from f->pos on. 0 or -errno. */
static int dir_walk(struct file *f, struct dirent_sink *ds)
{
	struct inode *i = f->inode;
	int err;

	if (!f->ops->readdir)
		return -ENOTDIR;
	mutex_lock(&i->lock);
	if (f->path.dentry->flags & DENTRY_DELETED)
		err = -ENOENT;
	else
		err = f->ops->readdir(f, &ds->sink);
	mutex_unlock(&i->lock);
	if (!err)
		notify_file(f, IN_ACCESS);
	if (!err && ds->too_small && !ds->used)
		err = -EINVAL;
	return err;
}

static long dir_read(struct file *f, uaddr buf, u32 count, struct dirent_sink *ds)
{
	u64 before;
	bool locked;
	long n;

	ds->size = MIN((u64)count, DIR_BUFFER_MAX);
	ds->buf = kmalloc(MAX(ds->size, 1UL));
	if (!ds->buf)
		return -ENOMEM;
	locked = file_pos_lock(f);
	before = f->pos;
	n = dir_walk(f, ds);
	if (!n && ds->used) {
		n = copy_to_user(buf, ds->buf, ds->used);
		if (n)
			f->pos = before;
		else
			n = ds->used;
	}
	if (n >= 0)
		file_accessed(f);
	file_pos_unlock(f, locked);
	kfree(ds->buf);
	return n;
}

static long getdents_of(int fd, uaddr buf, u32 count, struct dirent_sink *ds)
{
	struct file *f = fd_get_io(fd);
	long n;

	if (!f)
		return -EBADF;
	n = dir_read(f, buf, count, ds);
	file_put(f);
	return n;
}

long sys_getdents(int fd, uaddr buf, u32 count)
{
	struct dirent_sink ds = { .sink.emit = emit_old };

	return getdents_of(fd, buf, count, &ds);
}

long sys_getdents64(int fd, uaddr buf, u32 count)
{
	struct dirent_sink ds = { .sink.emit = emit_new };

	return getdents_of(fd, buf, count, &ds);
}
