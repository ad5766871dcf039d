// SPDX-License-Identifier: MIT
/* tests/conform/crf_unix.c - checkpoint of local sockets and what waits in their queues.
 * See docs/rules/checkpoint-restart.md, CR-UNIX. */
#include "crbox.h"

#define FAMILY 1		/* AF_UNIX and kin, without a C library's headers */
#define STREAM 1
#define DGRAM 2
#define SEQPACKET 5
#define LEVEL 1			/* SOL_SOCKET */
#define RIGHTS 1		/* SCM_RIGHTS, SCM_CREDENTIALS */
#define CREDS 2
#define PASSCRED 16
#define PEERCRED 17
#define SNDBUF 7
#define RCVTIMEO 20
#define DONTWAIT 0x40
#define SOCK_NONBLOCK_FLAG O_NONBLOCK

struct unix_address { unsigned short family; char path[108]; };
struct ids { int pid; unsigned uid, gid; };
struct io { const void *base; size_t len; };
struct message {
	void *name;
	int name_len;
	struct io *vectors;
	size_t vector_count;
	void *control;
	size_t control_len;
	int flags;
};
struct control {
	size_t len;
	int level, type;
	union {
		int fd[4];
		struct ids ids;
		char room[64];
	};
};
#define CONTROL_OF(n) (offsetof(struct control, room) + (n))

static char text[65536];
static const int types[] = { STREAM, DGRAM, SEQPACKET };

static void pair(int type, int flags)
{
	int fds[2];

	must(sys(__NR_socketpair, FAMILY, type | flags, 0, fds));
}

static long send_with(int fd, const char *word, int type, const void *data, size_t len)
{
	struct control c = { CONTROL_OF(len), LEVEL, type, { { 0 } } };
	struct io io = { word, strlen(word) };
	struct message m = { .vectors = &io, .vector_count = 1, .control = &c,
			     .control_len = CONTROL_OF(len) };

	memcpy(c.room, data, len);
	return sys(__NR_sendmsg, fd, &m, DONTWAIT);
}

static long recv_with(int fd, struct control *c, struct unix_address *from)
{
	struct io io = { text, sizeof(text) };
	struct message m = { .vectors = &io, .vector_count = 1, .control = c,
			     .control_len = sizeof(*c), .name = from,
			     .name_len = from ? sizeof(*from) : 0 };

	memset(c, 0, sizeof(*c));
	memset(text, 0, 64);
	return sys(__NR_recvmsg, fd, &m, DONTWAIT);
}

/* --- CR-UNIX-01, 06: pairs of all types; part read; full; shut down; options --- */

static long sent[3];

static void pairs_make(void)
{
	for (int i = 0; i < 3; i++) {
		pair(types[i], SOCK_NONBLOCK_FLAG);
		must(sys_write(2 * i, "first words", 11));
		must(sys_write(2 * i, "second", 6));
		must(sys_read(2 * i + 1, text, 6));
	}
	for (int i = 0; i < 3; i++) {
		memset(text, 'a' + i, 1000);
		while (sys_write(2 * i + 1, text, 1000) == 1000)
			sent[i]++;
	}
}

static void pairs_look(void)
{
	box_see_int(sys_read(1, text, sizeof(text)), 11);
	box_see(!memcmp(text, "wordssecond", 11));
	for (int i = 1; i < 3; i++) {
		box_see_int(sys_read(2 * i + 1, text, sizeof(text)), 6);
		box_see(!memcmp(text, "second", 6));
	}
	for (int i = 0; i < 3; i++) {
		long n = 0, got;

		box_see_int(sys_write(2 * i + 1, text, 1000), -EAGAIN);
		while ((got = sys_read(2 * i, text, 1000)) == 1000 && text[0] == 'a' + i &&
		       text[999] == 'a' + i)
			n++;
		box_see_int(got, -EAGAIN);
		box_see_int(n, sent[i]);
		box_see_int(sys_write(2 * i + 1, text, 1000), 1000);
	}
}

static void pairs(void)
{
	static const struct cr_box box = { pairs_make, pairs_look, false };

	box_run(&box);
}

static void ends_make(void)
{
	int size = 30000;
	struct { long sec, usec; } limit = { 1, 500000 };

	pair(STREAM, 0);
	must(sys_write(0, "left over", 9));
	must(sys(__NR_shutdown, 0, 1));
	pair(STREAM, SOCK_NONBLOCK_FLAG);
	must(sys_write(2, "bye", 3));
	must(sys_close(2));
	must(sys(__NR_setsockopt, 1, LEVEL, SNDBUF, &size, sizeof(size)));
	must(sys(__NR_setsockopt, 1, LEVEL, RCVTIMEO, &limit, sizeof(limit)));
}

static void ends_look(void)
{
	struct { long sec, usec; } limit = { 0, 0 };
	int size = 0, len = sizeof(size);

	block_signal(SIGPIPE);
	box_see_int(sys_write(0, "x", 1), -EPIPE);
	box_see_int(sys_read(1, text, sizeof(text)), 9);
	box_see_int(sys_read(1, text, sizeof(text)), 0);
	box_see_int(sys_write(1, "back", 4), 4);
	box_see_int(sys_read(0, text, sizeof(text)), 4);
	box_see_int(sys_read(3, text, sizeof(text)), 3);
	box_see_int(sys_read(3, text, sizeof(text)), 0);
	box_see_int(sys_write(3, "x", 1), -EPIPE);
	box_see_int(sys(__NR_getsockopt, 1, LEVEL, SNDBUF, &size, &len), 0);
	box_see_int(size, 60000);
	len = sizeof(limit);
	box_see_int(sys(__NR_getsockopt, 1, LEVEL, RCVTIMEO, &limit, &len), 0);
	box_see_int(limit.sec * 1000 + limit.usec / 1000, 1500);
}

static void half_closed(void)
{
	static const struct cr_box box = { ends_make, ends_look, false };

	box_run(&box);
}

/* --- CR-UNIX-02, 03, 05: a listener with two who wait and one accepted; names --- */

#define NAME "/tmp/box.sock"

static void bind_to(int fd, const char *name, int len)
{
	struct unix_address a = { FAMILY, "" };

	memcpy(a.path, name, len);
	must(sys(__NR_bind, fd, &a, 2 + len));
}

static long connect_to(int fd, const char *name, int len)
{
	struct unix_address a = { FAMILY, "" };

	memcpy(a.path, name, len);
	return sys(__NR_connect, fd, &a, 2 + len);
}

static void listen_make(void)
{
	must(sys(__NR_socket, FAMILY, STREAM | SOCK_NONBLOCK_FLAG, 0));
	bind_to(0, NAME, sizeof(NAME));
	must(sys(__NR_listen, 0, 3));
	for (int i = 1; i < 4; i++) {
		must(sys(__NR_socket, FAMILY, STREAM | SOCK_NONBLOCK_FLAG, 0));
		must(connect_to(i, NAME, sizeof(NAME)));
		must(sys_write(i, "123" + i - 1, 1));
	}
	must_true(sys(__NR_accept, 0, 0, 0) == 4);
	must(sys(__NR_socket, FAMILY, DGRAM | SOCK_NONBLOCK_FLAG, 0));
	bind_to(5, "\0box", 4);
	must(sys(__NR_socket, FAMILY, DGRAM | SOCK_NONBLOCK_FLAG, 0));
	bind_to(6, "\0from", 5);
	must(connect_to(6, "\0box", 4));
	must(sys_write(6, "datagram", 8));
	must(sys_write(6, "", 0));
}

static void listen_look(void)
{
	struct unix_address name = {};
	struct control c;
	struct ids ids = {};
	int len = sizeof(ids);

	box_see_int(sys_read(4, text, 9), 1);
	box_see_int(text[0], '1');
	box_see_int(sys(__NR_accept, 0, 0, 0), 7);
	box_see_int(sys_read(7, text, 9), 1);
	box_see_int(text[0], '2');
	box_see_int(sys_write(7, "hello", 5), 5);
	box_see_int(sys_read(2, text, 9), 5);
	box_see_int(sys_close(3), 0);
	box_see_int(sys(__NR_accept, 0, 0, 0), 3);
	box_see_int(sys_read(3, text, 9), 1);
	box_see_int(text[0], '3');
	box_see_int(sys_read(3, text, 9), 0);
	box_see_int(sys(__NR_accept, 0, 0, 0), -EAGAIN);
	box_see_int(sys(__NR_getsockopt, 2, LEVEL, PEERCRED, &ids, &len), 0);
	box_see_int(ids.pid, sys_getpid());
	box_see_int(sys(__NR_socket, FAMILY, STREAM, 0), 8);
	box_see_int(connect_to(8, NAME, sizeof(NAME)), 0);
	len = sizeof(name);
	box_see_int(sys(__NR_getpeername, 8, &name, &len), 0);
	box_see(!strcmp(name.path, NAME));
	box_see_int(recv_with(5, &c, &name), 8);
	box_see(!memcmp(name.path, "\0from", 5));
	box_see_int(recv_with(5, &c, &name), 0);
	box_see_int(recv_with(5, &c, &name), -EAGAIN);
	box_see_int(sys_write(6, "more", 4), 4);
	box_see_int(sys_read(5, text, 9), 4);
	sys_unlink(NAME);
}

static void listeners(void)
{
	static const struct cr_box box = { listen_make, listen_look, false };

	box_run(&box);
}

/* --- CR-UNIX-04, 08: files on their way, also sockets that hold themselves; credentials --- */

static void scm_make(void)
{
	int fds[2], on = 1;
	struct ids me = { sys_getpid(), 0, 0 };

	pair(STREAM, SOCK_NONBLOCK_FLAG);			/* 0, 1 */
	must(sys_pipe(fds, 0));					/* 2, 3 */
	must(sys_write(3, "in the pipe", 11));
	must(send_with(0, "take", RIGHTS, fds, sizeof(fds)));
	must(sys_close(2));
	must(sys_close(3));
	pair(DGRAM, SOCK_NONBLOCK_FLAG);			/* 2, 3: only in flight,
		with a queue */
	must(sys_write(2, "deep", 4));
	fds[0] = 2, fds[1] = 3;
	must(send_with(0, "both", RIGHTS, fds, sizeof(fds)));
	must(send_with(2, "self", RIGHTS, &fds[1], sizeof(fds[1])));
	must(sys_close(2));
	must(sys_close(3));
	pair(SEQPACKET, SOCK_NONBLOCK_FLAG);			/* 2, 3 */
	must(sys(__NR_setsockopt, 3, LEVEL, PASSCRED, &on, sizeof(on)));
	must(send_with(2, "who", CREDS, &me, sizeof(me)));
}

static void scm_look(void)
{
	struct control c;

	box_see_int(recv_with(1, &c, NULL), 4);
	box_see(!memcmp(text, "take", 4));
	box_see_int(c.len, CONTROL_OF(8));
	box_see_int(sys_read(c.fd[0], text, sizeof(text)), 11);
	box_see_int(sys_close(c.fd[1]), 0);
	box_see_int(sys_read(c.fd[0], text, 1), 0);
	box_see_int(recv_with(1, &c, NULL), 4);
	box_see(!memcmp(text, "both", 4));
	box_see_int(c.len, CONTROL_OF(8));
	box_see_int(sys_read(c.fd[1], text, 9), 4);
	box_see(!memcmp(text, "deep", 4));
	{
		int mine = c.fd[1];

		box_see_int(recv_with(mine, &c, NULL), 4);
		box_see(!memcmp(text, "self", 4));
		box_see_int(c.len, CONTROL_OF(4));
		box_see_int(sys(__NR_kcmp, sys_getpid(), sys_getpid(), 0, mine, c.fd[0]), 0);
	}
	box_see_int(recv_with(3, &c, NULL), 3);
	box_see_int(c.type, CREDS);
	box_see_int(c.ids.pid, sys_getpid());
}

static void in_flight(void)
{
	static const struct cr_box box = { scm_make, scm_look, false };

	box_run(&box);
}

/* --- CR-UNIX-07 --- */

static void outside_make(void)
{
	int fds[2] = { 0, 1 };

	sys(__NR_socketpair, FAMILY, STREAM, 0, fds);
	sys(__NR_socket, FAMILY, STREAM, 0);
	must(connect_to(2, "\0outside", 8));
}

static void outside(void)
{
	long l = must(sys(__NR_socket, FAMILY, STREAM, 0));

	bind_to(l, "\0outside", 8);
	must(sys(__NR_listen, l, 3));
	box_refused(outside_make, EBUSY, "CR-UNIX-07");
}

const struct test_case crf_unix_cases[] = {
	{ "CR-UNIX-01", "pairs with full and half read queues", pairs, 0, 30 },
	{ "CR-UNIX-06", "ends shut down and closed, options", half_closed, 0, 30 },
	{ "CR-UNIX-02", "listeners with connections that wait, names", listeners, 0, 30 },
	{ "CR-UNIX-04", "files on their way, circles of them, credentials", in_flight, 0, 30 },
	{ "CR-UNIX-07", "a connection to the outside is refused", outside, 0, 30 },
	{},
};
