// SPDX-License-Identifier: MIT
/* tests/conform/afunix.c - AFUX-01 to 03, PIDNS-35, USERNS-43: credentials
 * over local sockets.
 *
 * They are kept as what they are and told in the receiver's numbers. Forged
 * ones need privilege. See unix(7), credentials(7). */
#include "conform.h"
#include <linux/socket.h>
#include <linux/un.h>

#define UNIX_FAMILY 1
#define STREAM 1
#define DATAGRAM 2
#define SEQPACKET 5
#define SOCKET_LEVEL 1
#define PASSCRED 16
#define PEERCRED 17
#define PASSPIDFD 76
#define PEERPIDFD 77
#define SCM_CREDENTIALS_TYPE 2
#define NOBODY 65534

struct credentials {
	int pid;
	unsigned uid, gid;
};

struct vector {
	void *base;
	size_t len;
};

struct message {
	void *name;
	int name_len;
	struct vector *vectors;
	size_t vector_count;
	void *control;
	size_t control_len;
	int flags;
};

/* One control message with credentials, as the kernel lays it out. */
struct control {
	size_t len;
	int level, type;
	struct credentials cred;
	int padding;
};
#define CONTROL_LEN offsetof(struct control, padding)

static void pair(int type, int fds[2])
{
	long rc = sys(__NR_socketpair, UNIX_FAMILY, type, 0, fds);

	if (rc == -ENOSYS || rc == -EAFNOSUPPORT)
		skip("no local sockets in this kernel");
	must(rc);
}

static void want_creds(int fd)
{
	int on = 1;

	must(sys(__NR_setsockopt, fd, SOCKET_LEVEL, PASSCRED, &on, sizeof(on)));
}

/* Send one byte, with credentials unless cred is NULL. */
static long send_as(int fd, const struct credentials *cred)
{
	struct control control = { CONTROL_LEN, SOCKET_LEVEL, SCM_CREDENTIALS_TYPE, { 0 }, 0 };
	struct vector vector = { "x", 1 };
	struct message message = { .vectors = &vector, .vector_count = 1 };

	if (cred) {
		control.cred = *cred;
		message.control = &control;
		message.control_len = sizeof(control);
	}
	return ret0(sys(__NR_sendmsg, fd, &message, 0));
}

/* Receive one byte and its credentials; none are told as -1. */
static struct credentials receive(int fd)
{
	struct control control = { 0 };
	char byte;
	struct vector vector = { &byte, 1 };
	struct message message = { .vectors = &vector, .vector_count = 1,
				   .control = &control, .control_len = sizeof(control) };

	must(sys(__NR_recvmsg, fd, &message, 0));
	if (message.control_len < CONTROL_LEN || control.type != SCM_CREDENTIALS_TYPE)
		return (struct credentials){ -1, -1, -1 };
	return control.cred;
}

static struct credentials peer_of(int fd)
{
	struct credentials cred = { -1, -1, -1 };
	unsigned len = sizeof(cred);

	must(sys(__NR_getsockopt, fd, SOCKET_LEVEL, PEERCRED, &cred, &len));
	return cred;
}

static void check_cred(const char *who, struct credentials cred, int pid, unsigned uid,
		       unsigned gid)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.pid_as_wanted", who);
	check_int(key, cred.pid == pid, 1);
	snprintf(key, sizeof(key), "%s.uid", who);
	check_int(key, cred.uid, uid);
	snprintf(key, sizeof(key), "%s.gid", who);
	check_int(key, cred.gid, gid);
}

/* PIDNS-35, AFUX-01 */

static void talk_inside(struct peer *up, void *arg)
{
	int fd = *(int *)arg;
	struct credentials own = { 1, 0, 0 };

	must(send_as(fd, NULL));
	must(send_as(fd, &own));
	own.pid = recv_long(up);
	check_ret("inner.forged_outer", send_as(fd, &own), -ESRCH);
	want_creds(fd);
	tell(up);
	hear(up);
	check_cred("inner.from_outside", receive(fd), 0, 0, 0);
	check_int("inner.peer", peer_of(fd).pid, 0);
	tell(up);
	hear(up);
}

static void numbers_of_receiver(void)
{
	struct peer init;
	int fds[2], types[] = { STREAM, DATAGRAM, SEQPACKET };

	need_admin();
	for (size_t i = 0; i < LENGTH(types); i++) {
		pair(types[i], fds);
		want_creds(fds[0]);
		spawn(&init, CLONE_NEWPID, talk_inside, &fds[1]);
		send_long(&init, init.pid);
		hear(&init);
		check_cred("implied", receive(fds[0]), init.pid, 0, 0);
		check_cred("told", receive(fds[0]), init.pid, 0, 0);
		must(send_as(fds[0], NULL));
		tell(&init);
		hear(&init);
		check_true("peer", peer_of(fds[0]).pid == sys_getpid());
		tell(&init);
		finish(&init);
	}
}

/* Made inside, looked at outside, after the maker's end too. */
static void make_pair(struct peer *up, void *arg)
{
	int fds[2];

	(void)arg;
	pair(STREAM, fds);
	check_int("maker.peer", peer_of(fds[0]).pid, 1);
	send_long(up, fds[0]);
	hear(up);
}

static void peer_by_pidfd(void)
{
	struct peer init;
	long pidfd, fd, remote;

	need_admin();
	spawn(&init, CLONE_NEWPID, make_pair, NULL);
	remote = recv_long(&init);
	pidfd = must(sys_pidfd_open(init.pid));
	fd = must(sys(__NR_pidfd_getfd, pidfd, remote, 0));
	check_true("outer_number", peer_of(fd).pid == init.pid);
	tell(&init);
	finish(&init);
	check_true("dead_keeps_number", peer_of(fd).pid == init.pid);
}

static void sender_below(struct peer *up, void *arg)
{
	int fd = *(int *)arg;

	(void)up;
	must(send_as(fd, NULL));
}

static void receiver_between(struct peer *up, void *arg)
{
	int *fds = arg;
	struct peer inner;

	(void)up;
	spawn(&inner, CLONE_NEWPID, sender_below, &fds[1]);
	check_cred("middle", receive(fds[0]), 2, 0, 0);
	finish(&inner);
}

static void receiver_beside(struct peer *up, void *arg)
{
	int *fds = arg;

	(void)up;
	check_cred("sibling", receive(fds[0]), 0, 0, 0);
}

static void levels(void)
{
	int fds[2];

	need_admin();
	pair(DATAGRAM, fds);
	want_creds(fds[0]);
	run_child(CLONE_NEWPID, receiver_between, fds);
	run_child(CLONE_NEWPID, sender_below, &fds[1]);
	run_child(CLONE_NEWPID, receiver_beside, fds);
}

/* USERNS-43 */

static void user_receives(struct peer *up, void *arg)
{
	int *fds = arg;

	(void)up;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(PLAIN_UID);
	check_cred("inner.of_root", receive(fds[0]), recv_long(up), NOBODY, NOBODY);
	check_int("inner.peer_uid", peer_of(fds[0]).uid, NOBODY);
	must(send_as(fds[0], NULL));
	check_ret("inner.as_0", send_as(fds[0], &(struct credentials){ sys_getpid(), 0, 0 }), 0);
	check_ret("inner.as_unmapped",
		  send_as(fds[0], &(struct credentials){ sys_getpid(), PLAIN_UID, 0 }), -EINVAL);
	check_ret("inner.as_gid_unmapped",
		  send_as(fds[0], &(struct credentials){ sys_getpid(), 0, PLAIN_UID }), -EINVAL);
}

static void ids_of_receiver(void)
{
	struct peer user;
	int fds[2];

	need_admin();
	pair(DATAGRAM, fds);
	want_creds(fds[0]);
	want_creds(fds[1]);
	must(send_as(fds[1], NULL));
	spawn(&user, 0, user_receives, fds);
	send_long(&user, sys_getpid());
	check_cred("outer.implied", receive(fds[1]), user.pid, PLAIN_UID, PLAIN_UID);
	check_cred("outer.as_0", receive(fds[1]), user.pid, PLAIN_UID, PLAIN_UID);
	finish(&user);
}

/* AFUX-02 */

static void forge(const char *who, int fd, int other, long pid_want, long uid_want)
{
	struct credentials own = { sys_getpid(), sys(__NR_geteuid), sys(__NR_getegid) };
	struct credentials cred = own;
	char key[64];

	snprintf(key, sizeof(key), "%s.own", who);
	check_ret(key, send_as(fd, &own), 0);
	cred.pid = other;
	snprintf(key, sizeof(key), "%s.other_pid", who);
	check_ret(key, send_as(fd, &cred), pid_want);
	cred.pid = 0x7ffffff0;
	snprintf(key, sizeof(key), "%s.no_pid", who);
	check_ret(key, send_as(fd, &cred), pid_want ? pid_want : -ESRCH);
	cred = own;
	cred.uid = PLAIN_UID + 5;
	snprintf(key, sizeof(key), "%s.other_uid", who);
	check_ret(key, send_as(fd, &cred), uid_want);
	cred = own;
	cred.gid = PLAIN_UID + 5;
	snprintf(key, sizeof(key), "%s.other_gid", who);
	check_ret(key, send_as(fd, &cred), uid_want);
	cred = own;
	cred.uid = -1;
	snprintf(key, sizeof(key), "%s.bad_uid", who);
	check_ret(key, send_as(fd, &cred), -EINVAL);
}

struct forger {
	const char *who;
	int fd, other;
	long caps;		/* -1: stay root */
	long pid_want, uid_want;
};

static void forger(struct peer *up, void *arg)
{
	struct forger *f = arg;

	(void)up;
	if (f->caps >= 0)
		become_user_with(PLAIN_UID, f->caps);
	forge(f->who, f->fd, f->other, f->pid_want, f->uid_want);
}

static void forged(void)
{
	static const struct forger rows[] = {
		{ "root", 0, 0, -1, 0, 0 },
		{ "user", 0, 0, 0, -EPERM, -EPERM },
		{ "sys_admin", 0, 0, CAP_BIT(CAP_SYS_ADMIN), 0, -EPERM },
		{ "set_ids", 0, 0, CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETGID), -EPERM, 0 },
	};
	int fds[2];

	need_admin();
	pair(DATAGRAM, fds);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct forger f = rows[i];

		f.fd = fds[1];
		f.other = sys_getpid();
		run_child(0, forger, &f);
		for (int n = 0; n < 20 && readable(fds[0]); n++)
			receive(fds[0]);
	}
}

static void inner_forger(struct peer *up, void *arg)
{
	struct peer member;
	int fd = *(int *)arg;

	(void)up;
	enter_userns(PLAIN_UID);
	check_ret("outer_pidns", send_as(fd, &(struct credentials){ sys_getppid(), 0, 0 }), -EPERM);
	must(sys_unshare(CLONE_NEWPID));
	if (must(sys_fork()) == 0) {
		spawn(&member, 0, stay, NULL);
		hear(&member);
		check_ret("own_pidns", send_as(fd, &(struct credentials){ 2, 0, 0 }), 0);
		tell(&member);
		finish(&member);
		check_ret("own_pidns.gone", send_as(fd, &(struct credentials){ 2, 0, 0 }), -ESRCH);
		case_stop(0);
	}
	must(sys_wait4(-1, NULL, __WALL));
}

static void user_forges(struct peer *up, void *arg)
{
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	inner_forger(up, arg);
}

static void forged_inside(void)
{
	int fds[2];

	need_admin();
	pair(DATAGRAM, fds);
	run_child(0, user_forges, &fds[1]);
}

/* AFUX-03: not before 6.5. */
static void pidfd_options(void)
{
	unsigned len = sizeof(int);
	int fds[2], value = 1;

	pair(STREAM, fds);
	check_ret("peerpidfd", sys(__NR_getsockopt, fds[0], SOCKET_LEVEL, PEERPIDFD, &value, &len),
		  -ENOPROTOOPT);
	check_ret("passpidfd", sys(__NR_setsockopt, fds[0], SOCKET_LEVEL, PASSPIDFD, &value, 4),
		  -ENOPROTOOPT);
}

const struct test_case afunix_cases[] = {
	{ "PIDNS-35", "credentials carry the receiver's numbers", numbers_of_receiver,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-35.levels", "on three levels and beside each other", levels, CLONE_NEWPID, 0 },
	{ "AFUX-01", "the peer is kept, not its number", peer_by_pidfd, CLONE_NEWPID, 0 },
	{ "USERNS-43", "ids are mapped to the receiver", ids_of_receiver, CLONE_NEWUSER, 0 },
	{ "AFUX-02", "forged credentials need privilege", forged, 0, 0 },
	{ "AFUX-02.inner", "in the owner of the sender's pid namespace", forged_inside,
	  CLONE_NEWUSER, 0 },
	{ "AFUX-03", "pidfds of the peer come later", pidfd_options, 0, 0 },
	{ 0 },
};
