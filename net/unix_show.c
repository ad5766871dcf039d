// SPDX-License-Identifier: MIT
/* net/unix_show.c - local sockets as others see them: /proc/net/unix, fdinfo, and their audit.
 *
 * The audit counts again who refers to each socket, what its unread messages are charged, and in
 * how many messages its file is on its way; and for users, how many files they have on the way.
 * Locks: BKL; does not sleep. */

#include "fs/audit.h"
#include "fs/text.h"
#include "kernel/audit.h"
#include "net/unix_internal.h"

/* --- /proc/net/unix --- */

/* enum socket_state of <linux/net.h>, as /proc shows it. */
enum { SHOW_UNCONNECTED = 1, SHOW_CONNECTING = 2, SHOW_CONNECTED = 3, SHOW_DISCONNECTING = 4 };
#define SHOW_LISTENING_FLAG (1U << 16)

static unsigned shown_state(const struct unix_sock *u)
{
	bool joined = u->state == UNIX_CONNECTED;

	if (u->sk.file)
		return joined ? SHOW_CONNECTED : SHOW_UNCONNECTED;
	return joined ? SHOW_CONNECTING : SHOW_DISCONNECTING;
}

/* NULs of an abstract name are shown as '@'. */
static void show_name(struct text *t, const struct unix_address *a)
{
	const char *path = a->name.un.sun_path;
	u32 len = a->len - offsetof(struct sockaddr_un, sun_path);

	text_putc(t, ' ');
	if (path[0])
		len--;
	for (u32 k = 0; k < len; k++)
		text_putc(t, path[k] ? path[k] : '@');
}

int unix_show(struct text *t)
{
	const struct unix_sock *u;

	text_puts(t, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	list_for_each(u, &unix_all, all) {
		text_printf(t, "%016x: %08X %08X %08X %04X %02X %5lu", 0, u->sk.refs.n + 1, 0,
			    u->state == UNIX_LISTENING ? SHOW_LISTENING_FLAG : 0, u->sk.type,
			    shown_state(u), u->sk.file ? u->sk.file->inode->ino : 0);
		if (u->address)
			show_name(t, u->address);
		text_putc(t, '\n');
	}
	return t->error;
}

void unix_fdinfo(struct socket *s, struct text *t)
{
	const struct unix_sock *u = to_unix(s), *e;
	u32 files = u->queued_files;

	list_for_each(e, &u->embryos, embryo_link)
		files += e->queued_files;
	text_printf(t, "scm_fds: %u\n", files);
}

/* --- the audit --- */

/* For the audit of VFS: files in messages, and where sockets are bound. */
void unix_hold_audit(void)
{
	struct unix_files *fs;
	struct unix_sock *u;

	list_for_each(fs, &unix_files_inflight, link)
		for (u32 k = 0; k < fs->nr; k++)
			audit_found_file(fs->file[k]);
	list_for_each(u, &unix_all, all)
		audit_found_path(&u->path);
}

/* For the audit of credentials. */
void unix_mark_users(void)
{
	struct unix_files *fs;

	list_for_each(fs, &unix_files_inflight, link) {
		fs->user->mark++;
		fs->user->found_inflight += fs->nr;
	}
}

static void count_inflight(void)
{
	struct unix_files *fs;
	struct unix_sock *u;

	list_for_each(fs, &unix_files_inflight, link) {
		for (u32 k = 0; k < fs->nr; k++) {
			u = unix_of(fs->file[k]);
			if (u)
				u->found_inflight++;
		}
	}
}

static void socket_held(void *u)
{
	((struct unix_sock *)u)->mark++;
}

static void marks_collect(void)
{
	struct unix_sock *u, *e;
	struct unix_msg *m;

	list_for_each(u, &unix_all, all)
		u->mark = u->found_charge = u->found_inflight = 0;
	list_for_each(u, &unix_all, all) {
		u->mark += u->callers + (u->sk.file != NULL);
		if (u->peer)
			u->peer->mark++;
		list_for_each(e, &u->embryos, embryo_link)
			e->mark++;
	}
	list_for_each(m, &unix_msg_all, all) {
		m->sender->mark++;
		m->sender->found_charge += m->charge;
	}
	audit_held(HELD_SOCKET, socket_held);
	count_inflight();
}

static u32 queue_length(const struct unix_sock *u)
{
	const struct unix_sock *e;
	const struct unix_msg *m;
	u32 n = 0;

	list_for_each(m, &u->queue, link)
		n++;
	list_for_each(e, &u->embryos, embryo_link)
		n++;
	return n;
}

static void check_one(struct audit *a, const struct unix_sock *u)
{
	const void *at = u;
	u32 found = queue_length(u);

	audit_checked(a, 1);
	if (u->sk.refs.n != u->mark)
		audit_broken(a, u->sk.refs.n, u->mark, "references of socket %p", at);
	if (u->sk.charged != u->found_charge)
		audit_broken(a, u->sk.charged, u->found_charge, "charge of socket %p", at);
	if (u->inflight != u->found_inflight)
		audit_broken(a, u->inflight, u->found_inflight, "socket %p in flight", at);
	if (u->queue_len != found)
		audit_broken(a, u->queue_len, found, "queue of socket %p", at);
	if (u->peer && !unix_is_dgram(u) && !u->peer->dead && u->peer->peer != u)
		audit_broken(a, 1, 0, "peer of socket %p", at);
}

void unix_audit(struct audit *a)
{
	u64 sockets = 0, found = 0;
	const struct unix_sock *u;

	marks_collect();
	list_for_each(u, &unix_all, all) {
		check_one(a, u);
		found += u->found_inflight > 0;
	}
	list_for_each(u, &unix_inflight, inflight_link)
		sockets++;
	if (unix_inflight_sockets != found || sockets != found)
		audit_broken(a, unix_inflight_sockets, found, "sockets in flight");
}
