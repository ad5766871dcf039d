// SPDX-License-Identifier: MIT
/* tests/kernel/test_unix.c - local sockets from inside: charges, references, files in flight.
 *
 * Properties: bytes come out as they went in, over message and page ends; a byte is charged as
 * Linux does and nothing remains charged; names are free again after close; embryos go with
 * their listener; files in flight are counted and let go; circles of sockets are
 * collected and reachable ones are not; a long chain of sockets in sockets does not use up the
 * stack; where memory runs out nothing is left behind. */

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "kernel/ktest.h"
#include "mm/slab.h"
#include "net/unix_internal.h"

#define BYTE_CHARGE 768			/* of a message of one byte */
#define BYTES_FIT 278			/* such messages in a default send buffer */
#define BULK 100000
#define CHAIN 500
#define FAIL_TRIES 40

/* Two joined sockets as files. */
static int make_pair(int type, struct file *f[2])
{
	struct socket *s;
	int err;

	for (int k = 0; k < 2; k++) {
		err = socket_create(AF_UNIX, type, 0, &s);
		if (!err)
			err = socket_create_file(s, 0, &f[k]);
		if (err) {
			if (k)
				file_put(f[0]);
			return err;
		}
	}
	err = unix_pair(socket_of(f[0]), socket_of(f[1]));
	if (err) {
		file_put(f[0]);
		file_put(f[1]);
	}
	return err;
}

static ssize_t send_bytes(struct file *f, const void *data, u64 n)
{
	struct socket_msg m = { .flags = MSG_DONTWAIT };
	struct iter it;

	iter_kernel(&it, (void *)data, n);
	m.data = &it;
	return socket_of(f)->ops->send(socket_of(f), &m);
}

static ssize_t recv_bytes(struct file *f, void *data, u64 n, u32 flags)
{
	struct socket_msg m = { .flags = flags | MSG_DONTWAIT };
	struct iter it;

	iter_kernel(&it, data, n);
	m.data = &it;
	return socket_of(f)->ops->recv(socket_of(f), &m);
}

/* A byte with a file. */
static ssize_t send_file(struct file *f, struct file *carried)
{
	struct { struct cmsghdr_abi h; int fd; } c = {
		{ sizeof(c.h) + sizeof(int), SOL_SOCKET, SCM_RIGHTS }, -1,
	};
	struct socket_msg m = {
		.flags = MSG_DONTWAIT, .control = (u8 *)&c, .control_len = sizeof(c),
	};
	struct iter it;
	ssize_t n;

	c.fd = fd_alloc(file_get(carried), 0, 0);
	if (c.fd < 0) {
		file_put(carried);
		return c.fd;
	}
	iter_kernel(&it, "x", 1);
	m.data = &it;
	n = socket_of(f)->ops->send(socket_of(f), &m);
	fd_close(c.fd);
	return n;
}

static u32 name_make(struct sockaddr_un *un, const char *name)
{
	memset(un, 0, sizeof(*un));
	un->sun_family = AF_UNIX;
	strcpy(un->sun_path + 1, name);
	return offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
}

/* A listener of an abstract name. */
static struct file *make_listener(struct ktest *t, const char *name)
{
	struct sockaddr_un un;
	u32 len = name_make(&un, name);
	struct file *f = NULL;
	struct socket *s;

	KEXPECT_EQ(t, socket_create(AF_UNIX, SOCK_STREAM, 0, &s), 0);
	KEXPECT_EQ(t, socket_create_file(s, 0, &f), 0);
	KEXPECT_EQ(t, s->ops->bind(s, &un, len), 0);
	KEXPECT_EQ(t, s->ops->listen(s, 1), 0);
	return f;
}

static struct file *make_client(struct ktest *t, const char *name, int want)
{
	struct sockaddr_un un;
	u32 len = name_make(&un, name);
	struct file *f = NULL;
	struct socket *s;

	KEXPECT_EQ(t, socket_create(AF_UNIX, SOCK_STREAM, 0, &s), 0);
	KEXPECT_EQ(t, socket_create_file(s, 0, &f), 0);
	KEXPECT_EQ(t, s->ops->connect(s, &un, len, true), want);
	return f;
}

static void close_pair(struct file *f[2])
{
	file_put(f[0]);
	file_put(f[1]);
}

/* --- the cases --- */

static void bytes_arrive(struct ktest *t)
{
	u8 *out = kmalloc(BULK), *in = kzalloc(BULK);
	struct file *f[2];

	KEXPECT_EQ(t, make_pair(SOCK_STREAM, f), 0);
	for (u32 k = 0; k < BULK; k++)
		out[k] = k * 7 + k / 251;
	KEXPECT_EQ(t, send_bytes(f[0], out, BULK), BULK);
	KEXPECT_EQ(t, recv_bytes(f[1], in, 10, MSG_PEEK), 10);
	KEXPECT_EQ(t, recv_bytes(f[1], in, 4099, 0), 4099);
	KEXPECT_EQ(t, recv_bytes(f[1], in + 4099, BULK, 0), BULK - 4099);
	KEXPECT(t, !memcmp(in, out, BULK));
	KEXPECT_EQ(t, socket_of(f[0])->charged, 0);
	close_pair(f);
	KEXPECT_EQ(t, make_pair(SOCK_DGRAM, f), 0);
	KEXPECT_EQ(t, send_bytes(f[1], out, 5000), 5000);
	memset(in, 0, BULK);
	KEXPECT_EQ(t, recv_bytes(f[0], in, BULK, 0), 5000);
	KEXPECT(t, !memcmp(in, out, 5000) && !in[5000]);
	close_pair(f);
	kfree(out);
	kfree(in);
}

static void charge_is_exact(struct ktest *t)
{
	struct file *f[2];
	u32 fit = 0;
	char c;

	KEXPECT_EQ(t, make_pair(SOCK_STREAM, f), 0);
	KEXPECT_EQ(t, send_bytes(f[0], "x", 1), 1);
	KEXPECT_EQ(t, socket_of(f[0])->charged, BYTE_CHARGE);
	for (fit = 1; send_bytes(f[0], "x", 1) == 1; fit++)
		KEXPECT(t, fit < 2 * BYTES_FIT);
	KEXPECT_EQ(t, fit, BYTES_FIT);
	KEXPECT(t, !unix_writable(to_unix(socket_of(f[0]))));
	while (recv_bytes(f[1], &c, 1, 0) == 1)
		fit--;
	KEXPECT_EQ(t, fit, 0);
	KEXPECT_EQ(t, socket_of(f[0])->charged, 0);
	KEXPECT_EQ(t, send_bytes(f[0], "xy", 2), 2);
	close_pair(f);
}

static void names_come_and_go(struct ktest *t)
{
	struct file *l = make_listener(t, "ktest"), *c[3];
	struct sockaddr_un un;
	struct unix_sock *u;

	for (int k = 0; k < 3; k++)
		c[k] = make_client(t, "ktest", k < 2 ? 0 : -EAGAIN);
	KEXPECT_EQ(t, to_unix(socket_of(l))->queue_len, 2);
	file_put(c[0]);
	file_put(l);
	KEXPECT_EQ(t, socket_take_error(socket_of(c[1])), -ECONNRESET);
	KEXPECT_EQ(t, unix_find(&un, name_make(&un, "ktest"), SOCK_STREAM, &u), -ECONNREFUSED);
	file_put(c[1]);
	file_put(c[2]);
	file_put(make_listener(t, "ktest"));
}

static void files_are_counted(struct ktest *t)
{
	struct user *user = current_cred()->user;
	u64 before = user->unix_inflight;
	struct file *f[2], *g[2];
	char c;

	KEXPECT_EQ(t, make_pair(SOCK_STREAM, f), 0);
	KEXPECT_EQ(t, make_pair(SOCK_DGRAM, g), 0);
	KEXPECT_EQ(t, send_file(f[0], g[0]), 1);
	KEXPECT_EQ(t, user->unix_inflight, before + 1);
	KEXPECT_EQ(t, to_unix(socket_of(g[0]))->inflight, 1);
	KEXPECT_EQ(t, g[0]->refs.n, 2);
	KEXPECT_EQ(t, recv_bytes(f[1], &c, 1, MSG_PEEK), 1);
	KEXPECT_EQ(t, to_unix(socket_of(g[0]))->inflight, 1);
	KEXPECT_EQ(t, recv_bytes(f[1], &c, 1, 0), 1);
	KEXPECT_EQ(t, user->unix_inflight, before);
	KEXPECT_EQ(t, g[0]->refs.n, 1);
	KEXPECT_EQ(t, send_file(f[0], g[0]), 1);
	close_pair(f);
	KEXPECT_EQ(t, g[0]->refs.n, 1);
	close_pair(g);
}

static void circles_are_collected(struct ktest *t)
{
	u64 before = unix_inflight_sockets;
	struct file *a[2], *b[2];
	char c;

	KEXPECT_EQ(t, make_pair(SOCK_STREAM, a), 0);
	KEXPECT_EQ(t, make_pair(SOCK_STREAM, b), 0);
	KEXPECT_EQ(t, send_file(a[0], b[1]), 1);
	KEXPECT_EQ(t, send_file(b[0], a[1]), 1);
	file_put(a[1]);
	file_put(b[1]);
	file_put(a[0]);
	KEXPECT_EQ(t, unix_inflight_sockets, before);
	KEXPECT_EQ(t, send_bytes(b[0], "x", 1), -EPIPE);
	file_put(b[0]);

	KEXPECT_EQ(t, make_pair(SOCK_DGRAM, a), 0);
	KEXPECT_EQ(t, make_pair(SOCK_DGRAM, b), 0);
	KEXPECT_EQ(t, send_file(a[0], b[1]), 1);
	KEXPECT_EQ(t, send_file(b[0], b[1]), 1);
	close_pair(b);
	KEXPECT_EQ(t, unix_inflight_sockets, before + 1);	/* a[1] can still receive it */
	KEXPECT_EQ(t, recv_bytes(a[1], &c, 1, 0), 1);
	unix_gc();
	KEXPECT_EQ(t, unix_inflight_sockets, before);
	close_pair(a);
}

static void embryos_are_looked_into(struct ktest *t)
{
	u64 before = unix_inflight_sockets;
	struct file *l = make_listener(t, "ktest-gc"), *c = make_client(t, "ktest-gc", 0);

	KEXPECT_EQ(t, send_file(c, l), 1);
	file_put(l);
	KEXPECT_EQ(t, unix_inflight_sockets, before + 1);
	file_put(c);
	KEXPECT_EQ(t, unix_inflight_sockets, before);
}

static void long_chain_ends(struct ktest *t)
{
	struct file *carried, *f[2];
	u64 before = unix_inflight_sockets;

	KEXPECT_EQ(t, make_pair(SOCK_DGRAM, f), 0);
	file_put(f[0]);
	carried = f[1];
	for (int k = 0; k < CHAIN; k++) {
		KEXPECT_EQ(t, make_pair(SOCK_DGRAM, f), 0);
		KEXPECT_EQ(t, send_file(f[0], carried), 1);
		file_put(f[0]);
		file_put(carried);
		carried = f[1];
	}
	KEXPECT_EQ(t, unix_inflight_sockets, before + CHAIN);
	file_put(carried);
	KEXPECT_EQ(t, unix_inflight_sockets, before);
}

/* One run of most of what allocates; errors are fine, what is left over is not. */
static void allocate_everything(void)
{
	struct file *f[2], *g[2];
	u8 data[3000];

	if (make_pair(SOCK_SEQPACKET, f))
		return;
	if (!make_pair(SOCK_DGRAM, g)) {
		send_file(f[0], g[0]);
		send_bytes(f[1], data, sizeof(data));
		recv_bytes(f[1], data, sizeof(data), MSG_PEEK);
		close_pair(g);
	}
	unix_autobind(to_unix(socket_of(f[0])));
	close_pair(f);
}

static void shortage_leaves_nothing(struct ktest *t)
{
	for (u64 nth = 1; nth < FAIL_TRIES; nth++) {
		alloc_fail_task = current;
		alloc_fail_at = nth;
		allocate_everything();
		alloc_fail_at = 0;
		alloc_fail_task = NULL;
		KEXPECT_EQ(t, unix_inflight_sockets, 0);
	}
}

static const struct ktest_case cases[] = {
	KCASE(bytes_arrive),
	KCASE(charge_is_exact),
	KCASE(names_come_and_go),
	KCASE(files_are_counted),
	KCASE(circles_are_collected),
	KCASE(embryos_are_looked_into),
	KCASE(long_chain_ends),
	KCASE(shortage_leaves_nothing),
	{},
};

const struct ktest_suite unix_suite = { "unix", cases };
