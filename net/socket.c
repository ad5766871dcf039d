// SPDX-License-Identifier: MIT
/* net/socket.c - sockets as files: made by family, read, written, polled, closed.
 *
 * A socket's file lies on an inode of its own of sockfs, "socket:[number]". Closing the last file
 * tells the family, which may keep the socket as long as others refer to it.
 * Life: socket_create (one reference), socket_create_file (it is the file's), close, destroy with
 * the last reference.
 * Locks: BKL. Checkpoint: by family. See socket(2), socket(7). */

#include "net/socket.h"

#include <linux/magic.h>

#include "arch/cpu.h"
#include "arch/uaccess.h"
#include "fs/fdtable.h"
#include "fs/text.h"
#include "kernel/task.h"
#include "lib/print.h"

#define SOCKET_INODE_MODE (S_IFSOCK | S_IRWXUGO)
#define SOCKET_PROTO_XATTR "system.sockprotoname"
#define READ_EVENTS (EPOLLIN | EPOLLPRI | EPOLLRDNORM | EPOLLRDBAND)
#define WRITE_EVENTS (EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND)

#define FAMILY(name, number) extern const struct socket_family name##_family;
#include "net/list.h"
#undef FAMILY

static const struct socket_family *const families[AF_MAX] = {
#define FAMILY(name, number) [number] = &name##_family,
#include "net/list.h"
#undef FAMILY
};
static struct mount *socket_mount;

/* --- objects --- */

void socket_init(struct socket *s, const struct socket_family *family, const struct socket_ops *ops,
		 int type)
{
	ref_set(&s->refs, 1);
	s->family = family;
	s->ops = ops;
	s->type = type;
	waitqueue_init(&s->read_wait);
	waitqueue_init(&s->write_wait);
	s->sndbuf = socket_limits.wmem_default;
	s->rcvbuf = socket_limits.rmem_default;
	s->rcvlowat = 1;
	s->peek_off = -1;
	s->rcv_timeout_nsec = s->snd_timeout_nsec = SOCKET_FOREVER;
}

void socket_put(struct socket *s)
{
	if (ref_put(&s->refs))
		s->ops->destroy(s);
}

struct socket *socket_of(struct file *f)
{
	return f->ops == &sockfs_file_ops && !(f->mode & FMODE_PATH) ? f->private : NULL;
}

int socket_of_fd(int fd, struct file **f, struct socket **out)
{
	*f = fd_get_io(fd);
	if (!*f)
		return -EBADF;
	*out = socket_of(*f);
	if (*out)
		return 0;
	file_put(*f);
	return -ENOTSOCK;
}

/* Errors in the order in which Linux finds them. */
int socket_create(int family, int type, int protocol, struct socket **out)
{
	if (family < 0 || family >= AF_MAX)
		return -EAFNOSUPPORT;
	if (type < 0 || type > SOCK_TYPE_MAX)
		return -EINVAL;
	if (!families[family])
		return -EAFNOSUPPORT;
	return families[family]->create(type, protocol, out);
}

int socket_take_error(struct socket *s)
{
	int err = s->error;

	s->error = 0;
	return -err;
}

/* --- waiting and waking --- */

u64 socket_deadline(s64 timeout_nsec, bool nonblock)
{
	if (nonblock || timeout_nsec == 0)
		return 0;
	return timeout_nsec == SOCKET_FOREVER ? WAIT_FOREVER : time_monotonic() + timeout_nsec;
}

/* A call with a time limit is not restarted after a signal. */
int socket_wait(struct waitqueue *q, u64 deadline)
{
	int err = deadline ? wait_once(q, WAIT_INTERRUPTIBLE, deadline, false) : -ETIMEDOUT;

	if (err == -ETIMEDOUT)
		return -EAGAIN;
	return err && deadline != WAIT_FOREVER ? -EINTR : err;
}

void socket_wake_readers(struct socket *s)
{
	if (waitqueue_active(&s->read_wait))
		wake_events(&s->read_wait, READ_EVENTS, 1);
}

void socket_wake_writers(struct socket *s)
{
	if (waitqueue_active(&s->write_wait))
		wake_events(&s->write_wait, WRITE_EVENTS, 1);
}

void socket_wake_state(struct socket *s)
{
	wake_all(&s->read_wait);
	wake_all(&s->write_wait);
}

/* --- the file --- */

static int sockfs_open(struct inode *i, struct file *f)
{
	(void)i, (void)f;
	return -ENXIO;
}

static void sockfs_release(struct file *f)
{
	struct socket *s = f->private;

	s->file = NULL;
	s->ops->close(s);
	socket_put(s);
}

static ssize_t sockfs_read(struct file *f, struct iter *to, u64 *pos)
{
	struct socket *s = f->private;
	struct socket_msg m = { .data = to };

	(void)pos;
	if (!to->count)
		return 0;
	if (f->flags & O_NONBLOCK)
		m.flags |= MSG_DONTWAIT;
	return s->ops->recv(s, &m);
}

static ssize_t sockfs_write(struct file *f, struct iter *from, u64 *pos)
{
	struct socket *s = f->private;
	struct socket_msg m = { .data = from };

	(void)pos;
	if (f->flags & O_NONBLOCK)
		m.flags |= MSG_DONTWAIT;
	if (s->ops->record)
		m.flags |= MSG_EOR;
	return s->ops->send(s, &m);
}

static u32 sockfs_poll(struct file *f, struct poll_table *pt)
{
	struct socket *s = f->private;

	poll_wait(pt, f, &s->read_wait);
	poll_wait(pt, f, &s->write_wait);
	return s->ops->poll(s, f, pt);
}

static long sockfs_ioctl(struct file *f, unsigned cmd, u64 arg)
{
	struct socket *s = f->private;

	return s->ops->ioctl(s, cmd, arg);
}

static void sockfs_fdinfo(struct file *f, struct text *t)
{
	struct socket *s = f->private;

	s->ops->fdinfo(s, t);
}

const struct file_ops sockfs_file_ops = {
	.class = "socket",
	.open = sockfs_open,
	.release = sockfs_release,
	.read = sockfs_read,
	.write = sockfs_write,
	.poll = sockfs_poll,
	.async = true,
	.ioctl = sockfs_ioctl,
	.fdinfo = sockfs_fdinfo,
};

/* --- the file system --- */

static int sockfs_name(struct dentry *de, char *buf, size_t size)
{
	int n = snprintf(buf, size, "socket:[%lu]", de->inode->ino);

	return (size_t)n < size ? n : -ENAMETOOLONG;
}

/* lsof asks for the protocol's name. */
static ssize_t sockfs_getxattr(struct inode *i, const char *name, void *value, size_t size)
{
	const char *proto = i->private;
	size_t n = strlen(proto) + 1;

	if (strcmp(name, SOCKET_PROTO_XATTR))
		return -EOPNOTSUPP;
	if (size && n > size)
		return -ERANGE;
	if (size)
		memcpy(value, proto, n);
	return n;
}

static ssize_t sockfs_listxattr(struct inode *i, char *buf, size_t size)
{
	(void)i;
	if (size && size < sizeof(SOCKET_PROTO_XATTR))
		return -ERANGE;
	if (size)
		memcpy(buf, SOCKET_PROTO_XATTR, sizeof(SOCKET_PROTO_XATTR));
	return sizeof(SOCKET_PROTO_XATTR);
}

static const struct inode_ops sockfs_inode_ops = {
	.setattr = generic_setattr,
	.getxattr = sockfs_getxattr,
	.listxattr = sockfs_listxattr,
};
static const struct dentry_ops sockfs_dentry_ops = { .name = sockfs_name };
static const struct super_ops sockfs_super_ops = { .release = NULL };

static int sockfs_mount(const struct fs_type *type, const struct fs_request *req,
			struct super **out)
{
	int err = super_create_empty(type, &sockfs_super_ops, S_IFDIR | S_IRUSR | S_IWUSR, out);

	(void)req;
	if (!err)
		(*out)->root->ops = &sockfs_dentry_ops;
	return err;
}

const struct fs_type sockfs_fs_type = {
	.name = "sockfs",
	.flags = FS_NODEV_TYPE | FS_KERNEL_ONLY,
	.magic = SOCKFS_MAGIC,
	.mount = sockfs_mount,
};

void sockets_init(void)
{
	if (mount_kernel(&sockfs_fs_type, &socket_mount))
		panic("no memory for sockfs");
}

/* An inode of sockfs and its nameless dentry. */
static int sockfs_path(struct socket *s, struct path *path)
{
	struct inode *i;
	int err = inode_create(socket_mount->sb, SOCKET_INODE_MODE, &i);

	if (err)
		return err;
	i->fops = &sockfs_file_ops;
	i->ops = &sockfs_inode_ops;
	i->private = (void *)s->ops->proto_name;
	path->mnt = socket_mount;
	err = dentry_create_root(socket_mount->sb, i, &path->dentry);
	if (!err)
		path->dentry->ops = &sockfs_dentry_ops;
	return err;
}

int socket_create_file(struct socket *s, u32 o_flags, struct file **out)
{
	struct path path;
	struct file *f;
	int err = sockfs_path(s, &path);

	if (!err) {
		err = file_create(&path, O_RDWR | (o_flags & O_NONBLOCK), &sockfs_file_ops, s, &f);
		dentry_put(path.dentry);
	}
	if (err) {
		s->ops->close(s);
		socket_put(s);
		return err;
	}
	f->mode = (f->mode | FMODE_STREAM) & ~FMODE_LSEEK;
	s->file = f;
	*out = f;
	return 0;
}

/* --- operations that a type does not have --- */

int socket_no_bind(struct socket *s, const void *name, u32 len)
{
	(void)s, (void)name, (void)len;
	return -EOPNOTSUPP;
}

int socket_no_connect(struct socket *s, const void *name, u32 len, bool nonblock)
{
	(void)s, (void)name, (void)len, (void)nonblock;
	return -EOPNOTSUPP;
}

int socket_no_pair(struct socket *a, struct socket *b)
{
	(void)a, (void)b;
	return -EOPNOTSUPP;
}

int socket_no_listen(struct socket *s, int backlog)
{
	(void)s, (void)backlog;
	return -EOPNOTSUPP;
}

int socket_no_accept(struct socket *s, bool nonblock, struct socket **out)
{
	(void)s, (void)nonblock, (void)out;
	return -EOPNOTSUPP;
}
