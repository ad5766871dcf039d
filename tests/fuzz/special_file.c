// SPDX-License-Identifier: MIT
/* tests/fuzz/special_file.c - files in messages, epoll in epoll, terminals, /proc, mappings. */
#include <linux/eventpoll.h>
#include <linux/un.h>
#include "fuzz.h"
#include "child.h"

#define UNIX 1			/* AF_UNIX */
#define STREAM 1		/* SOCK_STREAM */
#define LEVEL_SOCKET 1		/* SOL_SOCKET */
#define RIGHTS 1		/* SCM_RIGHTS */
#define CREDENTIALS 2		/* SCM_CREDENTIALS */
#define DONTWAIT 0x40
#define PASSED 6

/* What sendmsg(2) and recvmsg(2) take: message, one buffer, control data. */
struct message {
	struct {
		void *name;
		int name_len;
		uint64_t *iov;
		size_t iov_count;
		void *control;
		size_t control_len;
		unsigned flags;
	} head;
	uint64_t iov[2];
	struct {
		size_t len;
		int level, type;
		int data[PASSED];
	} control;
	char byte[64];
};

static void message_start(struct message *m)
{
	memset(m, 0, sizeof(*m));
	m->iov[0] = (long)m->byte;
	m->iov[1] = sizeof(m->byte);
	m->head.iov = m->iov;
	m->head.iov_count = 1;
	m->head.control = &m->control;
	m->head.control_len = sizeof(m->control);
	m->control.len = 16;
	m->control.level = LEVEL_SOCKET;
	m->control.type = RIGHTS;
}

/* Send descriptors over a pair, the pair's own ends among them, and close some. */
void s_pass_fds(struct fuzz *f)
{
	struct message m;
	int pair[2] = { g_fd(f), g_fd(f) };
	bool own = chance(f, 2);

	if (own && call(f, __NR_socketpair, UNIX, g_socket_kind(f), 0, pair) < 0)
		return;
	message_start(&m);
	for (unsigned n = below(f, PASSED + 1), i = 0; i < n; i++) {
		m.control.data[i] = chance(f, 2) ? pair[below(f, 2)] : g_fd(f);
		m.control.len += sizeof(int);
	}
	if (chance(f, 6)) {
		m.control.type = CREDENTIALS;
		m.control.len = 28;
		m.control.data[0] = chance(f, 2) ? sys_getpid() : g_pid(f);
	}
	m.head.control_len = chance(f, 16) ? (size_t)g_length(f) : (m.control.len + 7) & ~7ul;
	if (chance(f, 16))
		m.control.len = g_wild(f);
	m.iov[1] = below(f, 64);
	call(f, __NR_sendmsg, pair[below(f, 2)], &m.head, DONTWAIT);
	if (own && chance(f, 2))
		call(f, __NR_close, pair[0]);
	if (own && chance(f, 2))
		call(f, __NR_close, pair[1]);
}

void s_take_fds(struct fuzz *f)
{
	struct message m;

	message_start(&m);
	if (chance(f, 4))
		m.head.control_len = below(f, 40);
	call(f, __NR_recvmsg, g_fd(f), &m.head, DONTWAIT | (chance(f, 3) ? g_message_flags(f) : 0));
}

/* A listener, somebody who connects, and perhaps who accepts. */
void s_serve(struct fuzz *f)
{
	long kind = chance(f, 3) ? 5 : STREAM, a, b;
	struct sockaddr_un un = { .sun_family = UNIX };

	snprintf(un.sun_path + 1, 15, "serve%u", below(f, 3));
	a = call(f, __NR_socket, UNIX, kind | O_NONBLOCK, 0);
	b = call(f, __NR_socket, UNIX, kind | O_NONBLOCK, 0);
	call(f, __NR_bind, a, &un, 9);
	call(f, __NR_listen, a, below(f, 3));
	call(f, __NR_connect, b, &un, 9);
	if (chance(f, 2))
		call(f, __NR_accept4, a, 0, 0, O_NONBLOCK);
	if (chance(f, 2))
		call(f, __NR_close, below(f, 2) ? a : b);
}

/* Epoll descriptors that watch each other, and what else there is. */
void s_epoll_nest(struct fuzz *f)
{
	struct epoll_event e = { .events = 1 };
	long fds[3];

	for (unsigned i = 0; i < 3; i++)
		fds[i] = chance(f, 3) ? g_fd(f) : call(f, __NR_epoll_create1, 0);
	for (unsigned i = 0; i < 5; i++) {
		e.events = any(f) & 0xf000201f;
		call(f, __NR_epoll_ctl, PICK(f, fds), 1, chance(f, 3) ? g_fd(f) : PICK(f, fds), &e);
	}
	call(f, __NR_epoll_wait, fds[0], f->scratch[0], 4, 0);
	if (chance(f, 2))
		call(f, __NR_close, PICK(f, fds));
}

/* A terminal pair: made, taken as controlling, spoken over, hung up. */
void s_terminal(struct fuzz *f)
{
	int number = 0, unlock = 0;
	char path[32];
	long master, slave;

	master = call(f, __NR_open, chance(f, 3) ? "/dev/pts/ptmx" : "/dev/ptmx",
		      O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (master < 0)
		return;
	call(f, __NR_ioctl, master, TIOCSPTLCK, &unlock);
	call(f, __NR_ioctl, master, TIOCGPTN, &number);
	snprintf(path, sizeof(path), "/dev/pts/%d", number);
	if (chance(f, 2))
		slave = call(f, __NR_ioctl, master, TIOCGPTPEER, O_RDWR | O_NONBLOCK);
	else
		slave = call(f, __NR_open, path,
			     O_RDWR | O_NONBLOCK | (chance(f, 2) ? O_NOCTTY : 0));
	if (chance(f, 3)) {
		call(f, __NR_setsid);
		call(f, __NR_ioctl, slave, TIOCSCTTY, chance(f, 4));
	}
	for (unsigned n = below(f, 6); n > 0; n--) {
		long fd = below(f, 2) ? master : slave;

		if (chance(f, 2))
			call(f, __NR_write, fd, "ab\r\n\3\4\x7f\x1a\x16z\n", below(f, 12));
		else
			call(f, __NR_ioctl, fd, g_ioctl_op(f),
			     chance(f, 2) ? g_buffer(f) : g_small(f));
		call(f, __NR_read, below(f, 2) ? master : slave, f->scratch[0], below(f, 64));
	}
	if (!chance(f, 3))
		call(f, __NR_close, master);
	if (!chance(f, 3))
		call(f, __NR_close, slave);
}

/* Read a file of the kernel's at odd places. */
void s_proc_read(struct fuzz *f)
{
	const char *path = (char *)(chance(f, 4) ? g_control_file(f) : g_proc_file(f));
	long fd = call(f, __NR_open, path, O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		return;
	for (unsigned n = 1 + below(f, 3); n > 0; n--) {
		if (chance(f, 2))
			call(f, __NR_read, fd, g_buffer(f), 1 + below(f, 900));
		else
			call(f, __NR_pread64, fd, g_buffer(f), g_length(f), g_offset(f));
	}
	if (chance(f, 3))
		call(f, __NR_getdents64, fd, f->scratch[0], 100 + below(f, 900));
	if (!chance(f, 8))
		call(f, __NR_close, fd);
}

void s_proc_write(struct fuzz *f)
{
	const char *text;
	long fd =
		call(f, __NR_open, g_proc_file(f), (chance(f, 4) ? O_RDWR : O_WRONLY) | O_NONBLOCK);

	if (fd < 0)
		return;
	text = (char *)g_junk(f);
	if (chance(f, 6))
		call(f, __NR_pwrite64, fd, text, strlen(text), g_offset(f));
	else
		call(f, __NR_write, fd, text, strlen(text));
	call(f, __NR_close, fd);
}

/* Map a file, touch it, and change its length under the mapping. */
void s_map_file(struct fuzz *f)
{
	long fd = chance(f, 3) ? call(f, __NR_memfd_create, "m", 2) :
				 call(f, __NR_open, g_name(f), O_RDWR | O_CREAT | O_NONBLOCK, 0644);
	long size = (1 + below(f, 8)) * PAGE_BYTES, at;

	if (fd < 0)
		return;
	call(f, __NR_ftruncate, fd, size - below(f, 100));
	at = call(f, __NR_mmap, page_at(f), size, g_protection(f),
		  (chance(f, 3) ? MAP_PRIVATE : MAP_SHARED) | (chance(f, 2) ? MAP_FIXED : 0), fd,
		  0);
	for (unsigned n = below(f, 6); n > 0 && at > 0; n--)
		touch_at(at + below(f, size), below(f, 2));
	if (chance(f, 2))
		call(f, __NR_ftruncate, fd, below(f, size));
	for (unsigned n = below(f, 4); n > 0 && at > 0; n--)
		touch_at(at + below(f, size), below(f, 2));
	if (chance(f, 3))
		call(f, __NR_write, fd, at, below(f, size));
	call(f, __NR_close, fd);
}

void s_touch(struct fuzz *f)
{
	for (unsigned n = 1 + below(f, 12); n > 0; n--)
		touch_at(g_address(f), below(f, 2));
}
