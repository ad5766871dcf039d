// SPDX-License-Identifier: MIT
/* fs/pipefs.c - pipes made and opened: pipe(2), the file system of nameless pipes, opens of FIFOs.
 *
 * Life of a pipe: 1 pipe_create by pipe(2) or by the first open of a FIFO, 2 open files come
 * and go, 3 pipe_destroy with the last of them (pipe_release). A FIFO's bytes die with it.
 * An open for reading waits for a writer and the other way round, unless O_NONBLOCK;
 * O_RDWR never waits; O_WRONLY|O_NONBLOCK without a reader is ENXIO.
 * Each pipe's slots are charged to its maker's user: beyond the soft limit an
 * unprivileged user gets small pipes.
 * Locks: BKL. Checkpoint: see pipe.c. See pipe(2), pipe(7), fifo(7).
 * Keeps ABI-FD-06. */
#include <linux/magic.h>

#include "fs/descriptor.h"
#include "fs/device.h"
#include "fs/pipe_ring.h"
#include "kernel/syscall.h"
#include "lib/print.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define PIPE_SLOTS_SMALL 2
#define PIPE_USER_PAGES_SOFT 16384	/* pipe-user-pages-soft */
#define PIPE_MAX_BYTES (1UL << 20)	/* pipe-max-size */
#define PIPE_TOO_BIG (1UL << 31)

static struct mount *pipe_mount;

static bool user_may_exceed(void)
{
	return capable_in(&init_user_ns, CAP_SYS_RESOURCE) ||
	       capable_in(&init_user_ns, CAP_SYS_ADMIN);
}

int pipe_create(struct pipe **out)
{
	struct user *user = current_cred()->user;
	u32 slots = PIPE_BUFFERS_DEFAULT;
	struct pipe *p = kzalloc_charged(sizeof(*p));

	if (!p)
		return -ENOMEM;
	if (user && user->pipe_pages + slots > PIPE_USER_PAGES_SOFT && !user_may_exceed())
		slots = PIPE_SLOTS_SMALL;
	p->ring = kmalloc_array(slots, sizeof(*p->ring));
	if (!p->ring) {
		kfree(p);
		return -ENOMEM;
	}
	mutex_init(&p->lock);
	waitqueue_init(&p->read_wait);
	waitqueue_init(&p->write_wait);
	p->slots = slots;
	if (user) {
		user_hold(user);
		user->pipe_pages += slots;
		p->user = user;
	}
	*out = p;
	return 0;
}

void pipe_destroy(struct pipe *p)
{
	while (!pipe_empty(p))
		frame_put(pipe_slot(p, p->tail++)->page);
	for (unsigned k = 0; k < PIPE_SPARES; k++)
		if (p->spare[k])
			frame_put(p->spare[k]);
	if (p->user) {
		p->user->pipe_pages -= p->slots;
		user_release(p->user);
	}
	kfree(p->ring);
	kfree(p);
}

/* Another number of slots (a power of two); -EBUSY if what is in the ring does not fit. */
int pipe_resize(struct pipe *p, u32 slots)
{
	u32 used = p->head - p->tail;
	struct pipe_buf *ring;

	if (slots < used)
		return -EBUSY;
	ring = kmalloc_array(slots, sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	for (u32 n = 0; n < used; n++)
		ring[n] = *pipe_slot(p, p->tail + n);
	kfree(p->ring);
	p->ring = ring;
	p->tail = 0;
	p->head = used;
	if (p->user)
		p->user->pipe_pages += slots - p->slots;
	p->slots = slots;
	return 0;
}

static long pipe_set_size(struct pipe *p, u64 bytes)
{
	u64 size = PAGE_SIZE;
	bool grows;
	int err;

	if (bytes > PIPE_TOO_BIG)
		return -EINVAL;
	while (size < bytes)
		size *= 2;
	grows = size / PAGE_SIZE > p->slots;
	if (grows && size > PIPE_MAX_BYTES && !capable_in(&init_user_ns, CAP_SYS_RESOURCE))
		return -EPERM;
	if (grows && p->user && !user_may_exceed() &&
	    p->user->pipe_pages + size / PAGE_SIZE - p->slots > PIPE_USER_PAGES_SOFT)
		return -EPERM;
	mutex_lock(&p->lock);
	err = pipe_resize(p, size / PAGE_SIZE);
	mutex_unlock(&p->lock);
	if (!err && grows)
		pipe_wake_writers(p);
	return err ? err : (long)size;
}

long pipe_fcntl(struct file *f, unsigned cmd, u64 arg)
{
	struct pipe *p = pipe_of(f);

	if (!p)
		return -EBADF;
	if (cmd == F_GETPIPE_SZ)
		return p->slots * PAGE_SIZE;
	return pipe_set_size(p, (u32)arg);
}

/* --- opening --- */

/* Sleeps until *counter changes: someone opened the other end. 0 or -ERESTARTSYS. */
static int pipe_wait_partner(struct pipe *p, const u32 *counter)
{
	u32 before = *counter;

	return wait_event(&p->read_wait, *counter != before);
}

static int pipe_open_reader(struct pipe *p, struct file *f, bool named)
{
	p->readers_ever++;
	if (p->readers++ == 0)
		wake_all(&p->read_wait);
	if (!named || p->writers)
		return 0;
	if (f->flags & O_NONBLOCK) {
		f->version = p->writers_ever;
		return 0;
	}
	if (!pipe_wait_partner(p, &p->writers_ever))
		return 0;
	if (--p->readers == 0)
		wake_all(&p->write_wait);
	return -ERESTARTSYS;
}

static int pipe_open_writer(struct pipe *p, struct file *f, bool named)
{
	if (named && (f->flags & O_NONBLOCK) && !p->readers)
		return -ENXIO;
	p->writers_ever++;
	if (p->writers++ == 0)
		wake_all(&p->read_wait);
	if (!named || p->readers || !pipe_wait_partner(p, &p->readers_ever))
		return 0;
	if (--p->writers == 0)
		wake_all(&p->read_wait);
	return -ERESTARTSYS;
}

static void pipe_open_both(struct pipe *p)
{
	p->readers_ever++;
	p->writers_ever++;
	if (p->readers++ == 0 || p->writers == 0)
		wake_all(&p->read_wait);
	p->writers++;
}

int pipe_open(struct inode *i, struct file *f)
{
	bool named = i->sb->type != &pipefs_fs_type;
	struct pipe *p = i->fifo;
	int err = 0;

	if (!p) {
		err = pipe_create(&p);
		if (err)
			return err;
		i->fifo = p;
	}
	p->files++;
	f->version = 0;
	f->mode = (f->mode | FMODE_STREAM) & ~FMODE_LSEEK;
	if ((f->mode & FMODE_READ) && (f->mode & FMODE_WRITE))
		pipe_open_both(p);
	else if (f->mode & FMODE_READ)
		err = pipe_open_reader(p, f, named);
	else
		err = pipe_open_writer(p, f, named);
	if (err && --p->files == 0) {
		i->fifo = NULL;
		pipe_destroy(p);
	}
	return err;
}

/* --- pipe(2) --- */

static int pipe_create_file(struct inode *i, const struct path *path, u32 flags, struct file **out)
{
	int err = file_create(path, flags, &pipe_file_ops, i->fifo, out);

	if (err)
		return err;
	(*out)->mode = (*out)->mode | FMODE_STREAM;
	(*out)->mode &= ~FMODE_LSEEK;
	return 0;
}

/* An inode with a pipe of two ends, and a nameless dentry on it. */
static int pipe_create_inode(struct path *path)
{
	struct super *sb;
	struct inode *i;
	struct pipe *p;
	int err;

	pipe_init();
	sb = pipe_mount->sb;
	err = inode_create(sb, S_IFIFO | S_IRUSR | S_IWUSR, &i);
	if (err)
		return err;
	err = pipe_create(&p);
	if (err)
		goto put_inode;
	i->fops = &pipe_file_ops;
	path->mnt = pipe_mount;
	err = dentry_create_root(sb, i, &path->dentry);
	if (err) {
		pipe_destroy(p);
		return err;
	}
	path->dentry->ops = pipe_mount->root->ops;
	i->fifo = p;
	p->files = 2;
	p->readers = p->writers = 1;
	p->readers_ever = p->writers_ever = 1;
	return 0;
put_inode:
	inode_put(i);
	return err;
}

int pipe_create_files(u32 o_flags, struct file **read_end, struct file **write_end)
{
	struct path path;
	struct inode *i;
	struct pipe *p;
	int err;

	err = pipe_create_inode(&path);
	if (err)
		return err;
	i = path.dentry->inode;
	p = i->fifo;
	err = pipe_create_file(i, &path, O_RDONLY | (o_flags & O_NONBLOCK), read_end);
	if (err)
		goto destroy;
	err = pipe_create_file(i, &path, O_WRONLY | (o_flags & (O_NONBLOCK | O_DIRECT)), write_end);
	if (err)
		goto discard;
	dentry_put(path.dentry);
	return 0;
discard:
	file_discard(*read_end);
destroy:
	i->fifo = NULL;
	pipe_destroy(p);
	dentry_put(path.dentry);
	return err;
}

struct mount *pipefs_mount_of(void)
{
	pipe_init();
	return pipe_mount;
}

static long pipe_to_user(uaddr fds, u32 flags)
{
	struct file *ends[2];
	int err, fd[2];

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	err = pipe_create_files(flags, &ends[0], &ends[1]);
	if (err)
		return err;
	err = fd_reserve_pair(flags & O_CLOEXEC, fds, fd);
	if (err) {
		file_put(ends[0]);
		file_put(ends[1]);
		return err;
	}
	fd_install(fd[0], ends[0]);
	fd_install(fd[1], ends[1]);
	return 0;
}

long sys_pipe(uaddr fds)
{
	return pipe_to_user(fds, 0);
}

long sys_pipe2(uaddr fds, int flags)
{
	return pipe_to_user(fds, flags);
}

/* --- the file system --- */

static int pipefs_name(struct dentry *de, char *buf, size_t size)
{
	int n = snprintf(buf, size, "pipe:[%lu]", de->inode->ino);

	return (size_t)n < size ? n : -ENAMETOOLONG;
}

static const struct dentry_ops pipefs_dentry_ops = { .name = pipefs_name };
static const struct super_ops pipefs_super_ops = { .release = NULL };

static int pipefs_mount(const struct fs_type *type, const struct fs_request *req,
			struct super **out)
{
	int err = super_create_empty(type, &pipefs_super_ops, S_IFDIR | S_IRUSR | S_IWUSR, out);

	(void)req;
	if (!err)
		(*out)->root->ops = &pipefs_dentry_ops;
	return err;
}

const struct fs_type pipefs_fs_type = {
	.name = "pipefs",
	.flags = FS_NODEV_TYPE | FS_KERNEL_ONLY,
	.magic = PIPEFS_MAGIC,
	.mount = pipefs_mount,
};

void pipe_init(void)
{
	if (!pipe_mount && mount_kernel(&pipefs_fs_type, &pipe_mount))
		panic("no memory for pipefs");
}
