// SPDX-License-Identifier: MIT
/* net/syscalls.c - the calls that make, name, join and end sockets.
 *
 * Those that move messages are in msg.c. Addresses are opaque here: at most SOCKADDR_MAX bytes
 * that the family reads.
 * Locks: BKL. Checkpoint: calls are restarted. See socket(2), bind(2), accept(2). */

#include <linux/fcntl.h>

#include "fs/fdtable.h"
#include "kernel/syscall.h"
#include "net/address.h"
#include "net/socket.h"

#define TYPE_FLAGS (SOCK_CLOEXEC | SOCK_NONBLOCK)

/* --- addresses --- */

int address_from_user(void *buf, uaddr from, s32 len)
{
	if (len < 0 || len > SOCKADDR_MAX)
		return -EINVAL;
	return len ? copy_from_user(buf, from, len) : 0;
}

int address_to_user(const void *name, s32 len, uaddr to, uaddr len_at)
{
	s32 room;

	if (copy_from_user(&room, len_at, sizeof(room)))
		return -EFAULT;
	room = MIN(room, len);
	if (room < 0)
		return -EINVAL;
	if (room && copy_to_user(to, name, room))
		return -EFAULT;
	return copy_to_user(len_at, &len, sizeof(len));
}

/* --- making --- */

long sys_socket(int family, int type, int protocol)
{
	u32 flags = type & ~SOCK_TYPE_MASK;
	struct socket *s;
	struct file *f;
	int err, fd;

	if (flags & ~TYPE_FLAGS)
		return -EINVAL;
	err = socket_create(family, type & SOCK_TYPE_MASK, protocol, &s);
	if (err)
		return err;
	err = socket_create_file(s, flags, &f);
	if (err)
		return err;
	fd = fd_alloc(f, 0, flags & O_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

/* Two joined sockets as files. */
static int pair_create(int family, int type, int protocol, u32 flags, struct file **out)
{
	struct socket *a, *b;
	int err = socket_create(family, type, protocol, &a);

	if (err)
		return err;
	err = socket_create_file(a, flags, &out[0]);
	if (err)
		return err;
	err = socket_create(family, type, protocol, &b);
	if (err)
		goto put_first;
	err = socket_create_file(b, flags, &out[1]);
	if (err)
		goto put_first;
	err = a->ops->pair(a, b);
	if (!err)
		return 0;
	file_put(out[1]);
put_first:
	file_put(out[0]);
	return err;
}

long sys_socketpair(int family, int type, int protocol, uaddr fds)
{
	u32 flags = type & ~SOCK_TYPE_MASK;
	struct file *ends[2];
	int err, fd[2];

	if (flags & ~TYPE_FLAGS)
		return -EINVAL;
	err = fd_reserve_pair(flags & O_CLOEXEC, fds, fd);
	if (err)
		return err;
	err = pair_create(family, type & SOCK_TYPE_MASK, protocol, flags, ends);
	if (err) {
		fd_unreserve_pair(fd);
		return err;
	}
	fd_install(fd[0], ends[0]);
	fd_install(fd[1], ends[1]);
	return 0;
}

/* --- naming and joining --- */

long sys_bind(int fd, uaddr name, s32 len)
{
	u8 addr[SOCKADDR_MAX];
	struct socket *s;
	struct file *f;
	int err = socket_of_fd(fd, &f, &s);

	if (err)
		return err;
	err = address_from_user(addr, name, len);
	if (!err)
		err = s->ops->bind(s, addr, len);
	file_put(f);
	return err;
}

long sys_connect(int fd, uaddr name, s32 len)
{
	u8 addr[SOCKADDR_MAX];
	struct file *f = fd_get_io(fd);
	struct socket *s;
	int err;

	if (!f)
		return -EBADF;
	err = address_from_user(addr, name, len);
	s = socket_of(f);
	if (!err)
		err = s ? s->ops->connect(s, addr, len, f->flags & O_NONBLOCK) : -ENOTSOCK;
	file_put(f);
	return err;
}

long sys_listen(int fd, int backlog)
{
	struct socket *s;
	struct file *f;
	int err = socket_of_fd(fd, &f, &s);

	if (err)
		return err;
	err = s->ops->listen(s, MIN((u32)backlog, (u32)socket_limits.somaxconn));
	file_put(f);
	return err;
}

/* The file of the next connection, its peer's name told. */
static int accept_file(struct file *f, u32 flags, uaddr name, uaddr len_at, struct file **out)
{
	struct socket *s = socket_of(f), *new;
	u8 addr[SOCKADDR_MAX];
	int err, n;

	if (!s)
		return -ENOTSOCK;
	err = s->ops->accept(s, f->flags & O_NONBLOCK, &new);
	if (err)
		return err;
	err = socket_create_file(new, flags, out);
	if (err || !name)
		return err;
	n = new->ops->name(new, SOCKET_ACCEPTED_NAME, addr);
	err = n < 0 ? -ECONNABORTED : address_to_user(addr, n, name, len_at);
	if (err)
		file_put(*out);
	return err;
}

long sys_accept4(int fd, uaddr name, uaddr len_at, u32 flags)
{
	struct file *f, *new;
	int err, new_fd;

	if (flags & ~TYPE_FLAGS)
		return -EINVAL;
	f = fd_get_io(fd);
	if (!f)
		return -EBADF;
	err = new_fd = fd_reserve(0, flags & O_CLOEXEC);
	if (err < 0)
		goto put;
	err = accept_file(f, flags, name, len_at, &new);
	if (err)
		fd_unreserve(new_fd);
	else
		fd_install(new_fd, new);
put:
	file_put(f);
	return err < 0 ? err : new_fd;
}

long sys_accept(int fd, uaddr name, uaddr len_at)
{
	return sys_accept4(fd, name, len_at, 0);
}

static long name_to_user(int fd, enum socket_name which, uaddr name, uaddr len_at)
{
	u8 addr[SOCKADDR_MAX];
	struct socket *s;
	struct file *f;
	int n = socket_of_fd(fd, &f, &s);

	if (n)
		return n;
	n = s->ops->name(s, which, addr);
	if (n >= 0)
		n = address_to_user(addr, n, name, len_at);
	file_put(f);
	return n;
}

long sys_getsockname(int fd, uaddr name, uaddr len_at)
{
	return name_to_user(fd, SOCKET_OWN_NAME, name, len_at);
}

long sys_getpeername(int fd, uaddr name, uaddr len_at)
{
	return name_to_user(fd, SOCKET_PEER_NAME, name, len_at);
}

long sys_shutdown(int fd, int how)
{
	static const u8 ways[] = {
		[SHUT_RD] = SHUTDOWN_RECV, [SHUT_WR] = SHUTDOWN_SEND, [SHUT_RDWR] = SHUTDOWN_BOTH,
	};
	struct socket *s;
	struct file *f;
	int err = socket_of_fd(fd, &f, &s);

	if (err)
		return err;
	err = how < SHUT_RD || how > SHUT_RDWR ? -EINVAL : s->ops->shutdown(s, ways[how]);
	file_put(f);
	return err;
}

/* --- options --- */

long sys_setsockopt(int fd, int level, int name, uaddr value, s32 len)
{
	struct socket *s;
	struct file *f;
	int err;

	if (len < 0)
		return -EINVAL;
	err = socket_of_fd(fd, &f, &s);
	if (err)
		return err;
	err = level == SOL_SOCKET ? socket_set_option(s, name, value, len) : -EOPNOTSUPP;
	file_put(f);
	return err;
}

long sys_getsockopt(int fd, int level, int name, uaddr value, uaddr len_at)
{
	struct socket *s;
	struct file *f;
	int err = socket_of_fd(fd, &f, &s);

	if (err)
		return err;
	err = level == SOL_SOCKET ? socket_get_option(s, name, value, len_at) : -EOPNOTSUPP;
	file_put(f);
	return err;
}
