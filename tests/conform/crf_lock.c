// SPDX-License-Identifier: MIT
/* tests/conform/crf_lock.c - checkpoint of locks, leases, epoll, inotify and pidfds.
 * See docs/rules/checkpoint-restart.md, CR-FILE-10, CR-EVT. */
#include "crbox.h"

#include <linux/inotify.h>

#define FILE_OF_LOCKS "/tmp/box.lock"
#define LOCK_BOTH_NB 6			/* LOCK_EX | LOCK_NB, LOCK_SH | LOCK_NB */
#define LOCK_SHARED_NB 5

static char text[4096];
static long partner;

static long set_lock(int fd, unsigned cmd, short type, long start, long len)
{
	struct flock l = { .l_type = type, .l_start = start, .l_len = len };

	return sys_fcntl(fd, cmd, &l);
}

/* Who is in the way of a write lock: F_UNLCK, or type with the pid at *who. */
static short asked(int fd, unsigned cmd, long start, int *who)
{
	struct flock l = { .l_type = F_WRLCK, .l_start = start, .l_len = 1 };

	sys_fcntl(fd, cmd, &l);
	*who = l.l_pid;
	return l.l_type;
}

/* --- POSIX locks of two processes, OFD locks, flock --- */

static void locks_partner(void)
{
	int who;

	must(set_lock(0, F_SETLK, F_WRLCK, 100, 10));
	must(set_lock(0, F_SETLK, F_RDLCK, 200, 0));
	box_pause();
	box_see_int(asked(0, F_GETLK, 0, &who), F_WRLCK);
	box_see_int(who, sys_getppid());
	box_see_int(asked(0, F_GETLK, 100, &who), F_UNLCK);
}

static void locks_make(void)
{
	must(sys_open(FILE_OF_LOCKS, O_RDWR | O_CREAT, 0600));
	must(set_lock(0, F_SETLK, F_WRLCK, 0, 10));
	must(set_lock(0, F_SETLK, F_RDLCK, 5, 2));
	partner = box_partner(locks_partner);
	must(sys_open(FILE_OF_LOCKS, O_RDWR, 0));
	must(set_lock(1, F_OFD_SETLK, F_WRLCK, 50, 5));
	must(sys(__NR_flock, 1, LOCK_SHARED_NB));
}

static void locks_look(void)
{
	int who;

	box_see_int(asked(0, F_GETLK, 100, &who), F_WRLCK);
	box_see_int(who, partner);
	box_see_int(asked(0, F_GETLK, 110, &who), F_UNLCK);
	box_see_int(asked(0, F_GETLK, 1000000, &who), F_RDLCK);
	box_see_int(asked(0, F_OFD_GETLK, 50, &who), F_WRLCK);
	box_see_int(asked(0, F_OFD_GETLK, 5, &who), F_RDLCK);
	box_see_int(asked(0, F_OFD_GETLK, 7, &who), F_WRLCK);
	box_see_int(asked(1, F_OFD_GETLK, 50, &who), F_UNLCK);
	box_see_int(sys_open(FILE_OF_LOCKS, O_RDWR, 0), 2);
	box_see_int(sys(__NR_flock, 2, LOCK_BOTH_NB), -EAGAIN);
	box_see_int(sys(__NR_flock, 2, LOCK_SHARED_NB), 0);
	box_see_int(sys(__NR_flock, 1, 8), 0);
	box_see_int(sys(__NR_flock, 2, LOCK_BOTH_NB), 0);
	box_resume(partner);
	box_see_int(asked(0, F_GETLK, 100, &who), F_UNLCK);
	sys_unlink(FILE_OF_LOCKS);
}

static void locks(void)
{
	static const struct cr_box box = { locks_make, locks_look, false };

	box_run(&box);
}

/* --- leases --- */

static void lease_make(void)
{
	block_signal(SIGIO);
	must(sys_open("/tmp/box.lease", O_RDONLY | O_CREAT, 0600));
	must(sys_fcntl(0, F_SETLEASE, F_RDLCK));
}

static void lease_look(void)
{
	siginfo_t info;

	box_see_int(sys_fcntl(0, F_GETLEASE, 0), F_RDLCK);
	box_see_int(sys_open("/tmp/box.lease", O_WRONLY | O_NONBLOCK, 0), -EAGAIN);
	box_see_int(take_signal(SIGIO, &info, 1000), SIGIO);
	box_see_int(sys_fcntl(0, F_SETLEASE, F_UNLCK), 0);
	box_see_int(sys_open("/tmp/box.lease", O_WRONLY | O_NONBLOCK, 0), 1);
	sys_unlink("/tmp/box.lease");
}

static void leases(void)
{
	static const struct cr_box box = { lease_make, lease_look, false };

	box_run(&box);
}

/* --- CR-EVT-03: watches, queued events, numbers --- */

static void watch_make(void)
{
	must(sys_mkdir("/tmp/box.w", 0700));
	must(sys(__NR_inotify_init1, O_NONBLOCK));
	must_true(sys(__NR_inotify_add_watch, 0, "/tmp", IN_DELETE_SELF) == 1);
	must_true(sys(__NR_inotify_add_watch, 0, "/tmp/box.w", IN_CREATE | IN_DELETE) == 2);
	must(sys(__NR_inotify_rm_watch, 0, 1));
	must(sys_open("/tmp/box.w/one", O_CREAT | O_RDWR, 0600));
	must(sys_unlink("/tmp/box.w/one"));
	must(sys(__NR_epoll_create1, 0));
}

static long next_event(struct inotify_event *e, char *name)
{
	long n = sys_read(0, text, sizeof(struct inotify_event) + 16);

	memcpy(e, text, sizeof(*e));
	strcpy(name, n > (long)sizeof(*e) ? text + sizeof(*e) : "");
	return n;
}

static void watch_look(void)
{
	struct inotify_event e;
	char name[64];

	box_see(next_event(&e, name) > 0);
	box_see_int(e.wd, 1);
	box_see_int(e.mask, IN_IGNORED);
	box_see(next_event(&e, name) > 0);
	box_see_int(e.mask, IN_CREATE);
	box_see(!strcmp(name, "one"));
	box_see(next_event(&e, name) > 0);
	box_see_int(e.mask, IN_DELETE);
	box_see_int(next_event(&e, name), -EAGAIN);
	box_see_int(sys_mkdir("/tmp/box.w/two", 0700), 0);
	box_see(next_event(&e, name) > 0);
	box_see_int(e.wd, 2);
	box_see_int(e.mask, IN_CREATE | IN_ISDIR);
	box_see_int(sys(__NR_inotify_add_watch, 0, "/tmp", IN_DELETE_SELF), 3);
	sys_rmdir("/tmp/box.w/two");
	sys_rmdir("/tmp/box.w");
}

static void watches(void)
{
	static const struct cr_box box = { watch_make, watch_look, false };

	box_run(&box);
}

/* --- CR-EVT-01: edges that were told are not told again, nor what was asked for once --- */

struct epoll_answer { unsigned events; unsigned long data; } __attribute__((packed));
#define EPOLL_IN_EDGE (1u | 1u << 31)
#define EPOLL_OUT_ONCE (4u | 1u << 30)

static void epoll_add(int ep, int fd, unsigned events, unsigned long data)
{
	struct epoll_answer a = { events, data };

	must(sys(__NR_epoll_ctl, ep, 1, fd, &a));
}

static long epoll_ready(int ep, struct epoll_answer *a)
{
	return sys(__NR_epoll_wait, ep, a, 4, 0);
}

static void epoll_make(void)
{
	struct epoll_answer a[4];
	int fds[2];

	must(sys(__NR_socketpair, 1, 1, 0, fds));
	must(sys(__NR_epoll_create1, 0));
	must(sys(__NR_eventfd2, 1, 0));
	epoll_add(2, 1, EPOLL_IN_EDGE, 11);
	epoll_add(2, 0, EPOLL_OUT_ONCE, 22);
	must(sys_write(0, "x", 1));
	must_true(epoll_ready(2, a) == 2);
	must_true(epoll_ready(2, a) == 0);
	epoll_add(2, 3, 1, 33);
	must(sys(__NR_epoll_create1, 0));
	epoll_add(4, 2, 1, 44);
}

static void epoll_look(void)
{
	struct epoll_answer a[4], arm = { EPOLL_OUT_ONCE, 23 };

	box_see_int(epoll_ready(4, a), 1);
	box_see_int(a[0].data, 44);
	box_see_int(epoll_ready(2, a), 1);
	box_see_int(a[0].data, 33);
	box_see_int(sys_read(3, text, 8), 8);
	box_see_int(epoll_ready(2, a), 0);
	box_see_int(sys_write(0, "y", 1), 1);
	box_see_int(epoll_ready(2, a), 1);
	box_see_int(a[0].data, 11);
	box_see_int(sys(__NR_epoll_ctl, 2, 3, 0, &arm), 0);
	box_see_int(epoll_ready(2, a), 1);
	box_see_int(a[0].data, 23);
}

static void epolls(void)
{
	static const struct cr_box box = { epoll_make, epoll_look, false };

	box_run(&box);
}

/* --- CR-EVT-04: pidfds of the living and the dead --- */

static void idle(void)
{
	box_pause();
}

static void pidfd_make(void)
{
	long dead = must(sys_fork());

	if (dead == 0)
		sys_exit(0);
	must(sys_pidfd_open(dead));
	sys_wait4(dead, NULL, 0);
	partner = box_partner(idle);
	must(sys_pidfd_open(partner));
	must(sys_pidfd_open(sys_getpid()));
}

static void pidfd_look(void)
{
	struct pollfd p = { 1, POLLIN, 0 };

	box_see(readable(0));
	box_see_int(sys(__NR_pidfd_send_signal, 0, 0, 0, 0), -ESRCH);
	box_see(!readable(1));
	box_see_int(sys(__NR_pidfd_send_signal, 1, 0, 0, 0), 0);
	box_see_int(sys(__NR_pidfd_send_signal, 2, 0, 0, 0), 0);
	sys_kill(partner, SIGCONT);
	box_see_int(sys_poll(&p, 1, 5000), 1);
	sys_wait4(partner, NULL, 0);
}

static void pidfds(void)
{
	static const struct cr_box box = { pidfd_make, pidfd_look, false };

	box_run(&box);
}

const struct test_case crf_lock_cases[] = {
	{ "CR-FILE-10", "locks of processes and of open files", locks, 0, 30 },
	{ "CR-FILE-10.lease", "leases", leases, 0, 30 },
	{ "CR-EVT-01", "epoll over sockets, events and itself", epolls, 0, 30 },
	{ "CR-EVT-03", "watches and queued events of inotify", watches, 0, 30 },
	{ "CR-EVT-04", "pidfds", pidfds, 0, 30 },
	{},
};
