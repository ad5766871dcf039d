// SPDX-License-Identifier: MIT
/* tests/conform/abi_locks.c - record locks of processes and of open files,
 * flock, leases: ABI-LCK-01 to 05. */
#include "abi.h"

#define F_SETLK_ 6
#define F_SETLKW_ 7
#define F_GETLK_ 5
#define OFD_GETLK 36
#define OFD_SETLK 37
#define OFD_SETLKW 38
#define F_SETLEASE_ 1024
#define F_GETLEASE_ 1025
#define LOCK_SH_ 1
#define LOCK_EX_ 2
#define LOCK_NB_ 4
#define LOCK_UN_ 8

struct record {
	short type, whence;
	long long start, len;
	int pid;
};

static long lock(long fd, int cmd, int type, long long start, long long len)
{
	struct record r = { (short)type, 0, start, len, 0 };

	return sys_fcntl(fd, cmd, &r);
}

/* "type start len" of what stands in the way of a write lock. */
static const char *in_way(long fd, int cmd, long long start, long long len)
{
	struct record r = { F_WRLCK, 0, start, len, 0 };
	static char text[64];
	long rc = sys_fcntl(fd, cmd, &r);

	if (rc < 0)
		return ret_text(rc);
	snprintf(text, sizeof(text), "%d %lld %lld%s", r.type, r.start, r.len,
		 r.type == F_UNLCK ? "" : r.pid == -1 ? " ofd" :
		 r.pid == sys_getppid() ? " parent" : " pid");
	return text;
}

static void arguments(void)
{
	long fd = abi_file("f", O_RDWR, "0123456789"), ro = sys_open(abi_path("f"), O_RDONLY, 0);
	long wo = sys_open(abi_path("f"), O_WRONLY, 0);
	struct record r = { F_WRLCK, 9, 0, 0, 0 };
	int fds[2];

	check_ret("whence", sys_fcntl(fd, F_SETLK_, &r), -EINVAL);
	r = (struct record){ 77, 0, 0, 0, 0 };
	check_ret("type", sys_fcntl(fd, F_SETLK_, &r), -EINVAL);
	check_ret("get_unlock", sys_fcntl(fd, F_GETLK_, (r.type = F_UNLCK, &r)), -EINVAL);
	check_ret("fault", sys_fcntl(fd, F_SETLK_, KERNEL_ADDRESS), -EFAULT);
	check_ret("negative_start", lock(fd, F_SETLK_, F_WRLCK, -1, 1), -EINVAL);
	check_ret("negative_len", lock(fd, F_SETLK_, F_WRLCK, 5, -5), 0);
	check_ret("negative_too_far", lock(fd, F_SETLK_, F_WRLCK, 5, -6), -EINVAL);
	check_ret("far", lock(fd, F_SETLK_, F_WRLCK, 1ll << 62, 1ll << 62), 0);
	check_ret("overflow", lock(fd, F_SETLK_, F_WRLCK, (1ll << 62) + 1, 1ll << 62), -EOVERFLOW);
	check_ret("whole", lock(fd, F_SETLK_, F_WRLCK, 0, 0), 0);
	check_ret("read_only_write", lock(ro, F_SETLK_, F_WRLCK, 0, 1), -EBADF);
	check_ret("write_only_read", lock(wo, F_SETLK_, F_RDLCK, 0, 1), -EBADF);
	check_ret("ofd_pid", sys_fcntl(fd, OFD_SETLK,
				       (r = (struct record){ F_RDLCK, 0, 0, 0, 5 }, &r)), -EINVAL);
	must(sys_pipe(fds, 0));
	check_ret("pipe", lock(fds[0], F_SETLK_, F_RDLCK, 0, 0), 0);
	check_ret("flock_unknown", sys(__NR_flock, fd, 16), -EINVAL);
	check_ret("flock_two", sys(__NR_flock, fd, LOCK_SH_ | LOCK_EX_), -EINVAL);
	check_ret("flock_read_only", sys(__NR_flock, ro, LOCK_EX_ | LOCK_NB_), 0);
	check_ret("flock_bad", sys(__NR_flock, 77, LOCK_EX_), -EBADF);
}

static void other_process(struct peer *up, void *arg)
{
	long fd = *(long *)arg;

	hear(up);
	check_str("read_range", in_way(fd, F_GETLK_, 0, 0), "0 0 10 parent");
	check_str("write_range", in_way(fd, F_GETLK_, 10, 5), "1 10 10 parent");
	check_str("free", in_way(fd, F_GETLK_, 40, 10), "2 40 10");
	check_ret("shared", lock(fd, F_SETLK_, F_RDLCK, 2, 2), 0);
	check_ret("refused", lock(fd, F_SETLK_, F_WRLCK, 2, 2), -EAGAIN);
	check_ret("ofd_refused", lock(fd, OFD_SETLK, F_WRLCK, 12, 1), -EAGAIN);
	tell(up), hear(up);
	check_str("cut", in_way(fd, F_GETLK_, 10, 10), "1 10 3 parent");
	check_str("cut_right", in_way(fd, F_GETLK_, 14, 10), "1 15 5 parent");
	tell(up), hear(up);
	check_str("closed", in_way(fd, F_GETLK_, 0, 0), "2 0 0");
	tell(up);
}

/* ABI-LCK-01: ranges that split, join, convert; closing any descriptor drops all. */
static void posix_ranges(void)
{
	long fd = abi_file("f", O_RDWR, "0123456789"), other;
	struct peer peer;

	spawn(&peer, 0, other_process, &fd);
	check_ret("read", lock(fd, F_SETLK_, F_RDLCK, 0, 10), 0);
	check_ret("write", lock(fd, F_SETLK_, F_WRLCK, 10, 10), 0);
	check_str("own_is_no_conflict", in_way(fd, F_GETLK_, 0, 0), "2 0 0");
	tell(&peer), hear(&peer);
	check_ret("unlock_middle", lock(fd, F_SETLK_, F_UNLCK, 13, 2), 0);
	tell(&peer), hear(&peer);
	other = sys_open(abi_path("f"), O_RDONLY, 0);
	sys_close(other);
	tell(&peer), hear(&peer);
	finish(&peer);
}

static void second_of_circle(struct peer *up, void *arg)
{
	long fd = *(long *)arg;

	must(lock(fd, F_SETLK_, F_WRLCK, 10, 1));
	tell(up), hear(up);
	check_ret("waits", lock(fd, F_SETLKW_, F_WRLCK, 0, 1), 0);
	lock(fd, F_SETLK_, F_UNLCK, 0, 0);
	tell(up);
}

/* ABI-LCK-02: two processes that would wait for one another: EDEADLK. */
static void deadlock(void)
{
	long fd = abi_file("f", O_RDWR, "0123456789");
	struct peer peer;

	must(lock(fd, F_SETLK_, F_WRLCK, 0, 1));
	spawn(&peer, 0, second_of_circle, &fd);
	hear(&peer), tell(&peer);
	nap(150);
	check_ret("circle", lock(fd, F_SETLKW_, F_WRLCK, 10, 1), -EDEADLK);
	must(lock(fd, F_SETLK_, F_UNLCK, 0, 1));
	hear(&peer);
	check_ret("after", lock(fd, F_SETLKW_, F_WRLCK, 10, 1), 0);
	finish(&peer);
}

/* ABI-LCK-03: locks of open files: kept over dup and fork, dropped with the last. */
static void open_file_locks(void)
{
	long one = abi_file("f", O_RDWR, "x"), two = sys_open(abi_path("f"), O_RDWR, 0),
		copy = sys(__NR_dup, one);

	check_ret("first", lock(one, OFD_SETLK, F_WRLCK, 0, 0), 0);
	check_ret("second", lock(two, OFD_SETLK, F_RDLCK, 0, 0), -EAGAIN);
	check_str("who", in_way(two, OFD_GETLK, 0, 0), "1 0 0 ofd");
	check_ret("posix_against", lock(two, F_SETLK_, F_WRLCK, 0, 0), -EAGAIN);
	check_str("posix_who", in_way(two, F_GETLK_, 0, 0), "1 0 0 ofd");
	check_ret("copy_same", lock(copy, OFD_SETLK, F_RDLCK, 0, 0), 0);
	check_ret("now_shared", lock(two, OFD_SETLK, F_RDLCK, 0, 0), 0);
	sys_close(one);
	check_ret("copy_holds", lock(two, OFD_SETLK, F_WRLCK, 0, 0), -EAGAIN);
	sys_close(copy);
	check_ret("last_drops", lock(two, OFD_SETLK, F_WRLCK, 0, 0), 0);
}

/* ABI-LCK-04: flock. */
static void whole_files(void)
{
	long one = abi_file("f", O_RDWR, "x"), two = sys_open(abi_path("f"), O_RDONLY, 0),
		copy = sys(__NR_dup, one);
	long pid;

	check_ret("shared", sys(__NR_flock, one, LOCK_SH_), 0);
	check_ret("shared_two", sys(__NR_flock, two, LOCK_SH_ | LOCK_NB_), 0);
	check_ret("upgrade", sys(__NR_flock, one, LOCK_EX_ | LOCK_NB_), -EAGAIN);
	check_ret("lost_by_upgrade", sys(__NR_flock, two, LOCK_EX_ | LOCK_NB_), 0);
	check_ret("unlock_none", sys(__NR_flock, one, LOCK_UN_), 0);
	check_ret("posix_apart", lock(one, F_SETLK_, F_WRLCK, 0, 0), 0);
	check_ret("unlock", sys(__NR_flock, two, LOCK_UN_), 0);
	check_ret("copy", sys(__NR_flock, copy, LOCK_EX_ | LOCK_NB_), 0);
	pid = must(sys_fork());
	if (pid == 0) {
		check_ret("child_same", sys(__NR_flock, one, LOCK_EX_ | LOCK_NB_), 0);
		check_ret("child_unlocks", sys(__NR_flock, one, LOCK_UN_), 0);
		sys_exit(0);
	}
	wait_status((int)pid);
	check_ret("unlocked_for_all", sys(__NR_flock, two, LOCK_EX_ | LOCK_NB_), 0);
}

static int lease_signals;

static void lease_broken(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)info, (void)context;
	lease_signals++;
}

/* ABI-LCK-05: leases, and what breaks them. */
static void leases(void)
{
	long fd = abi_file("f", O_RDWR, "x"), ro, pid;

	check_ret("none", sys_fcntl(fd, F_GETLEASE_, 0), F_UNLCK);
	check_ret("unknown", sys_fcntl(fd, F_SETLEASE_, 9), -EINVAL);
	check_ret("read_while_open_for_writing", sys_fcntl(fd, F_SETLEASE_, F_RDLCK), -EAGAIN);
	check_ret("write", sys_fcntl(fd, F_SETLEASE_, F_WRLCK), 0);
	check_ret("got", sys_fcntl(fd, F_GETLEASE_, 0), F_WRLCK);
	catch_signal(29 /* SIGIO */, lease_broken);
	pid = must(sys_fork());
	if (pid == 0) {
		check_ret("breaks_at_once", sys_open(abi_path("f"), O_RDONLY | O_NONBLOCK, 0),
			  -EAGAIN);
		check_ret("waits", ret0(sys_open(abi_path("f"), O_RDONLY, 0)), 0);
		sys_exit(0);
	}
	for (int i = 0; i < 100 && !lease_signals; i++)
		nap(10);
	check_true("signalled", lease_signals > 0);
	check_ret("breaking", sys_fcntl(fd, F_GETLEASE_, 0), F_RDLCK);
	nap(30);
	check_ret("give_up", sys_fcntl(fd, F_SETLEASE_, F_UNLCK), 0);
	check_int("other_opens", wait_status((int)pid), 0);
	sys_close(fd);
	ro = sys_open(abi_path("f"), O_RDONLY, 0);
	check_ret("read", sys_fcntl(ro, F_SETLEASE_, F_RDLCK), 0);
	check_ret("reader_is_fine", ret0(sys_open(abi_path("f"), O_RDONLY | O_NONBLOCK, 0)), 0);
	check_ret("writer_breaks", sys_open(abi_path("f"), O_WRONLY | O_NONBLOCK, 0), -EAGAIN);
	check_ret("truncate_breaks", ret0(sys_fcntl(ro, F_SETLEASE_, F_UNLCK)), 0);
	become_user(PLAIN_UID);
	check_ret("not_owner", sys_fcntl(ro, F_SETLEASE_, F_RDLCK), -EACCES);
}

const struct test_case abi_locks_cases[] = {
	{ "ABI-LCK-01", "record locks: arguments", arguments, 0, 0 },
	{ "ABI-LCK-01.ranges", "record locks: ranges", posix_ranges, 0, 0 },
	{ "ABI-LCK-02", "record locks: circles", deadlock, 0, 0 },
	{ "ABI-LCK-03", "record locks of open files", open_file_locks, 0, 0 },
	{ "ABI-LCK-04", "flock", whole_files, 0, 0 },
	{ "ABI-LCK-05", "leases", leases, 0, 0 },
	{ 0 },
};
