// SPDX-License-Identifier: MIT
/* tests/conform/ext_sys.c - EXT-LIM, EXT-SYS: limits, the system.
 *
 * Each limit is met from below and from above. See getrlimit(2), reboot(2),
 * clock_settime(2), syslog(2). */
#include "conform.h"

#define DIR "/tmp/conform"
#define LIMIT_USER 4243		/* a user id nobody else counts against */

enum {
	LIMIT_DATA = 2,
	LIMIT_NPROC = 6,
	LIMIT_NOFILE,
	LIMIT_MEMLOCK,
	LIMIT_AS,
	LIMIT_FSIZE = 1,
	LIMIT_STACK = 3,
	LIMIT_SIGPENDING = 11,
	LIMIT_COUNT = 16,
};

struct limit {
	unsigned long soft, hard;
};

static long set_limit(int which, unsigned long soft, unsigned long hard)
{
	struct limit limit = { soft, hard };

	return sys(__NR_prlimit64, 0, which, &limit, NULL);
}

static struct limit get_limit(int which)
{
	struct limit limit;

	must(sys(__NR_prlimit64, 0, which, NULL, &limit));
	return limit;
}

/* EXT-LIM-01, 02 */

static void processes_of(struct peer *up, void *arg)
{
	long pids[4], count = 0, pid = 0;

	(void)up;
	(void)arg;
	must(set_limit(LIMIT_NPROC, 3, 3));
	become_user(LIMIT_USER);
	while (count < 4 && (pid = spawn_idle(0)) > 0)
		pids[count++] = pid;
	check_int("made", count, 2);
	check_ret("next", pid, -EAGAIN);
	end_idle(pids[--count]);
	check_ret("room_again", ret0(pids[count++] = spawn_idle(0)), 0);
	while (count > 0)
		end_idle(pids[--count]);
}

static void processes(void)
{
	need_admin();
	run_child(0, processes_of, NULL);
}

static void files(void)
{
	struct limit old = get_limit(LIMIT_NOFILE);
	int fds[2];
	long fd = must(sys_open("/", O_PATH, 0));

	must(set_limit(LIMIT_NOFILE, fd + 2, old.hard));
	check_ret("last", sys_open("/", O_PATH, 0), fd + 1);
	check_ret("open", sys_open("/", O_PATH, 0), -EMFILE);
	check_ret("dup", sys(__NR_dup, fd), -EMFILE);
	check_ret("dup2", sys_dup2(fd, fd + 2), -EBADF);
	check_ret("dupfd", sys_fcntl(fd, 0, fd + 2), -EINVAL);
	check_ret("pipe", sys_pipe(fds, 0), -EMFILE);
	check_ret("socket", sys(__NR_socket, 1, 1, 0), -EMFILE);
	check_ret("eventfd", sys(__NR_eventfd2, 0, 0), -EMFILE);
	check_ret("epoll", sys(__NR_epoll_create1, 0), -EMFILE);
	check_ret("pidfd", sys_pidfd_open(sys_getpid()), -EMFILE);
	check_ret("dup2_within", sys_dup2(fd, fd + 1), fd + 1);
	sys_close(fd + 1);
	check_ret("pipe_needs_two", sys_pipe(fds, 0), -EMFILE);
	check_ret("room_again", sys_open("/", O_PATH, 0), fd + 1);
	must(set_limit(LIMIT_NOFILE, 0, old.hard));
	check_ret("open_stays_open", ret0(sys_fcntl(fd, F_GETFD, 0)), 0);
	check_ret("limit_0", sys_open("/", O_PATH, 0), -EMFILE);
}

/* EXT-LIM-03, 07 */

static void *map(size_t bytes)
{
	return sys_mmap(bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
}

static void space(void)
{
	struct limit as = get_limit(LIMIT_AS), data = get_limit(LIMIT_DATA);
	const size_t mega = 1 << 20;
	long brk = sys(__NR_brk, 0);
	char *one;

	must(set_limit(LIMIT_AS, 16 * mega, as.hard));
	check_ret("map_17m", (long)map(17 * mega), -ENOMEM);
	one = map(mega);
	check_true("map_1m", (long)one > 0);
	check_ret("mremap", ret0(sys(__NR_mremap, one, mega, 17 * mega, 1)), -ENOMEM);
	must(set_limit(LIMIT_AS, as.soft, as.hard));
	check_true("map_17m_again", (long)map(17 * mega) > 0);
	must(set_limit(LIMIT_DATA, PAGE_BYTES, data.hard));
	check_ret("data", (long)map(mega), -ENOMEM);
	check_ret("mprotect", sys(__NR_mprotect, sys_mmap(mega, PROT_READ, MAP_PRIVATE |
							  MAP_ANONYMOUS), mega,
				  PROT_READ | PROT_WRITE), -ENOMEM);
	check_int("brk", sys(__NR_brk, brk + mega) == brk, 1);
	check_true("shared_is_no_data", (long)sys_mmap(mega, PROT_READ | PROT_WRITE,
						       MAP_SHARED | MAP_ANONYMOUS) > 0);
	check_true("read_only_is_no_data", (long)sys_mmap(mega, PROT_READ, MAP_PRIVATE |
							  MAP_ANONYMOUS) > 0);
	must(set_limit(LIMIT_DATA, 0, data.hard));
	check_true("soft_0_is_the_hard_one", (long)map(mega) > 0);
	check_int("but_not_for_brk", sys(__NR_brk, brk + mega) == brk, 1);
	must(set_limit(LIMIT_DATA, data.soft, data.hard));
	check_true("data_again", (long)map(mega) > 0);
}

static void locks(void)
{
	char *pages = map(8 * PAGE_BYTES);

	need_admin();
	must(set_limit(LIMIT_MEMLOCK, 4 * PAGE_BYTES, 4 * PAGE_BYTES));
	check_ret("root.mlock_8", sys(__NR_mlock, pages, 8 * PAGE_BYTES), 0);
	must(sys(__NR_munlock, pages, 8 * PAGE_BYTES));
	become_user(LIMIT_USER);
	check_ret("mlock_5", sys(__NR_mlock, pages, 5 * PAGE_BYTES), -ENOMEM);
	check_ret("mlock_4", sys(__NR_mlock, pages, 4 * PAGE_BYTES), 0);
	check_ret("same_again", sys(__NR_mlock, pages, 4 * PAGE_BYTES), 0);
	check_ret("one_more", sys(__NR_mlock, pages + 4 * PAGE_BYTES, PAGE_BYTES), -ENOMEM);
	check_ret("map_locked", (long)sys_mmap(PAGE_BYTES, PROT_READ, MAP_PRIVATE |
					       MAP_ANONYMOUS | MAP_LOCKED), -EAGAIN);
	check_ret("mlockall", sys(__NR_mlockall, 1), -ENOMEM);
	must(sys(__NR_munlock, pages, 4 * PAGE_BYTES));
	check_ret("room_again", sys(__NR_mlock, pages + 4 * PAGE_BYTES, PAGE_BYTES), 0);
	must(set_limit(LIMIT_MEMLOCK, 0, 0));
	check_ret("limit_0", sys(__NR_mlock, pages, PAGE_BYTES), -EPERM);
}

/* EXT-LIM-04, 06 */

static void file_size(void)
{
	struct limit old = get_limit(LIMIT_FSIZE);
	siginfo_t info;
	long fd;

	need_admin();
	temp_dir();
	block_signal(SIGXFSZ);
	fd = must(sys_open(DIR "/x", O_CREAT | O_RDWR, 0644));
	must(set_limit(LIMIT_FSIZE, 10, old.hard));
	check_int("within", sys_write(fd, "12345678", 8), 8);
	check_int("up_to_it", sys_write(fd, "12345678", 8), 2);
	check_ret("no_signal_yet", take_signal(SIGXFSZ, &info, 0), -EAGAIN);
	check_ret("beyond", sys_write(fd, "1", 1), -EFBIG);
	check_ret("signal", take_signal(SIGXFSZ, &info, 0), SIGXFSZ);
	check_int("before", sys_pwrite(fd, "12345", 5, 0), 5);
	check_ret("truncate", sys(__NR_ftruncate, fd, 11), -EFBIG);
	check_ret("truncate.signal", take_signal(SIGXFSZ, &info, 0), SIGXFSZ);
	check_ret("truncate_to_it", sys(__NR_ftruncate, fd, 10), 0);
	check_ret("fallocate", sys(__NR_fallocate, fd, 0, 0, 11), -EFBIG);
	must(set_limit(LIMIT_FSIZE, old.soft, old.hard));
	check_ret("too_big", sys(__NR_ftruncate, fd, 0x7fffffffffffffff), 0);
}

static void file_system_full(void)
{
	static char block[PAGE_BYTES];
	char path[64];
	long fd, made = 0;

	need_admin();
	temp_dir();
	must(sys_mkdir(DIR "/d", 0755));
	must(sys_mount("none", DIR "/d", "tmpfs", 0, "size=16k,nr_inodes=6"));
	fd = must(sys_open(DIR "/d/x", O_CREAT | O_RDWR, 0644));
	for (int i = 0; i < 4; i++)
		must(sys_write(fd, block, sizeof(block)));
	check_ret("fifth_page", sys_write(fd, block, sizeof(block)), -ENOSPC);
	check_ret("fallocate", sys(__NR_fallocate, fd, 0, 0, 5 * PAGE_BYTES), -ENOSPC);
	check_ret("truncate_needs_none", sys(__NR_ftruncate, fd, 1 << 20), 0);
	must(sys(__NR_ftruncate, fd, 0));
	check_int("room_again", sys_write(fd, block, sizeof(block)), PAGE_BYTES);
	for (; made < 10; made++) {
		snprintf(path, sizeof(path), DIR "/d/%ld", made);
		if (sys_mkdir(path, 0755) < 0)
			break;
	}
	check_int("directories", made, 4);
	check_ret("mkdir", sys_mkdir(DIR "/d/more", 0755), -ENOSPC);
	check_ret("symlink", sys(__NR_symlink, "x", DIR "/d/more"), -ENOSPC);
	check_ret("link_needs_one", sys(__NR_link, DIR "/d/x", DIR "/d/more"), -ENOSPC);
	must(sys_rmdir(DIR "/d/0"));
	check_ret("mkdir_again", sys_mkdir(DIR "/d/more", 0755), 0);
}

/* EXT-LIM-05 */

static void hard_limits(void)
{
	struct limit old = get_limit(LIMIT_NOFILE);

	need_admin();
	check_ret("soft_above_hard", set_limit(LIMIT_NOFILE, 101, 100), -EINVAL);
	check_ret("no_such_limit", set_limit(LIMIT_COUNT, 1, 1), -EINVAL);
	check_ret("root.lower", set_limit(LIMIT_NOFILE, 64, 64), 0);
	check_ret("root.raise", set_limit(LIMIT_NOFILE, 64, old.hard), 0);
	check_ret("root.above_nr_open", set_limit(LIMIT_NOFILE, 64, -1ul), -EPERM);
	must(set_limit(LIMIT_NOFILE, 64, 128));
	become_user(LIMIT_USER);
	check_ret("raise_soft", set_limit(LIMIT_NOFILE, 128, 128), 0);
	check_ret("raise_hard", set_limit(LIMIT_NOFILE, 64, 129), -EPERM);
	check_ret("same_hard", set_limit(LIMIT_NOFILE, 64, 128), 0);
	check_ret("lower_hard", set_limit(LIMIT_NOFILE, 64, 64), 0);
	check_ret("for_good", set_limit(LIMIT_NOFILE, 64, 65), -EPERM);
	for (int i = 0; i < LIMIT_COUNT; i++)
		expect_ret(set_limit(i, get_limit(i).soft, get_limit(i).hard), 0);
}

/* EXT-LIM-08 */

static void pending_signals(void)
{
	siginfo_t info = { .si_signo = 40, .si_code = -1 };
	long me = sys_getpid(), rc = 0;
	int queued = 0, timer;

	need_admin();
	block_signal(40);
	block_signal(SIGUSR1);
	must(set_limit(LIMIT_SIGPENDING, 3, 3));
	become_user(LIMIT_USER);
	while (queued < 10 && (rc = sys(__NR_rt_sigqueueinfo, me, 40, &info)) == 0)
		queued++;
	check_int("queued", queued, 3);
	check_ret("next", rc, -EAGAIN);
	check_ret("kill_needs_no_room", sys_kill(me, SIGUSR1), 0);
	check_true("pending", signal_pending(SIGUSR1));
	check_ret("timer", sys(__NR_timer_create, 1, NULL, &timer), -EAGAIN);
	check_ret("taken", take_signal(SIGUSR1, &info, 0), SIGUSR1);
	check_ret("no_room_yet", sys(__NR_timer_create, 1, NULL, &timer), -EAGAIN);
	check_ret("taken", take_signal(40, &info, 0), 40);
	check_ret("room_again", sys(__NR_timer_create, 1, NULL, &timer), 0);
}

/* EXT-SYS */

static void missing_calls(void)
{
	static const long numbers[] = { 335, 423, 600, 1000, 4096, 0x7fffffff, -1 };
	char key[32];

	for (size_t i = 0; i < LENGTH(numbers); i++) {
		snprintf(key, sizeof(key), "call_%ld", numbers[i]);
		check_ret(key, sys(numbers[i], 0, 0, 0), -ENOSYS);
	}
	check_ret("create_module", sys(__NR_create_module, "x", 1), -ENOSYS);
	check_ret("uselib_or_none", sys(__NR_nfsservctl, 0, 0, 0), -ENOSYS);
}

static long reboot(unsigned magic1, unsigned magic2, unsigned command)
{
	return sys(__NR_reboot, magic1, magic2, command, NULL);
}

static void reboots(void)
{
	static const unsigned more[] = {
		LINUX_REBOOT_MAGIC2, LINUX_REBOOT_MAGIC2A, LINUX_REBOOT_MAGIC2B,
		LINUX_REBOOT_MAGIC2C,
	};
	const unsigned one = LINUX_REBOOT_MAGIC1, on = LINUX_REBOOT_CMD_CAD_ON;

	need_admin();
	for (size_t i = 0; i < LENGTH(more); i++)
		check_ret("magic", reboot(one, more[i], LINUX_REBOOT_CMD_CAD_OFF), 0);
	check_ret("magic1", reboot(1, LINUX_REBOOT_MAGIC2, on), -EINVAL);
	check_ret("magic2", reboot(one, 1, on), -EINVAL);
	check_ret("command", reboot(one, LINUX_REBOOT_MAGIC2, 12345), -EINVAL);
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN));
	check_ret("no_cap", reboot(one, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF), -EPERM);
	check_ret("no_cap.magic", reboot(1, 1, on), -EPERM);
	check_ret("no_cap.restart", reboot(one, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART),
		  -EPERM);
}

static void clock_calls(long want)
{
	struct __kernel_timespec now, none = { -1, 0 };
	long day[2];

	must(sys(__NR_clock_gettime, 0, &now));
	must(sys(__NR_gettimeofday, day, NULL));
	check_ret("clock_settime", sys(__NR_clock_settime, 0, &now), want);
	check_ret("settimeofday", sys(__NR_settimeofday, day, NULL), want);
	check_ret("monotonic", sys(__NR_clock_settime, 1, &now), -EINVAL);
	check_ret("bad_time", sys(__NR_clock_settime, 0, &none), -EINVAL);
	check_ret("bad_pointer", sys(__NR_clock_settime, 0, KERNEL_ADDRESS), -EFAULT);
}

static void clock_without(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN));
	clock_calls(-EPERM);
}

static void clock_inner(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	enter_userns(0);
	clock_calls(-EPERM);
}

static void clocks(void)
{
	need_admin();
	clock_calls(0);
	run_child(0, clock_without, NULL);
	run_child(0, clock_inner, NULL);
}

static void log_calls(long want)
{
	char text[64];

	check_ret("read_all", ret0(sys(__NR_syslog, 3, text, sizeof(text))), want);
	check_ret("size", ret0(sys(__NR_syslog, 10, NULL, 0)), want);
	check_ret("unread", ret0(sys(__NR_syslog, 9, NULL, 0)), want);
	check_ret("console_level", sys(__NR_syslog, 8, NULL, 7), want);
	check_ret("open", sys(__NR_syslog, 1, NULL, 0), want);
	check_ret("unknown", sys(__NR_syslog, 99, NULL, 0), want ? want : -EINVAL);
}

static void log_inner(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	enter_userns(0);
	log_calls(-EPERM);
}

static void kernel_log(void)
{
	need_admin();
	log_calls(0);
	run_child(0, log_inner, NULL);
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYSLOG));
	log_calls(0);
	caps_set(0, 0);
	log_calls(-EPERM);
}

const struct test_case ext_sys_cases[] = {
	{ "EXT-LIM-01", "RLIMIT_NPROC", processes, 0, 0 },
	{ "EXT-LIM-02", "RLIMIT_NOFILE", files, 0, 0 },
	{ "EXT-LIM-03", "RLIMIT_AS, RLIMIT_DATA", space, 0, 0 },
	{ "EXT-LIM-04", "RLIMIT_FSIZE", file_size, 0, 0 },
	{ "EXT-LIM-05", "hard limits", hard_limits, 0, 0 },
	{ "EXT-LIM-06", "a full file system", file_system_full, 0, 0 },
	{ "EXT-LIM-07", "RLIMIT_MEMLOCK", locks, 0, 0 },
	{ "EXT-LIM-08", "RLIMIT_SIGPENDING", pending_signals, 0, 0 },
	{ "EXT-SYS-01", "calls that do not exist", missing_calls, 0, 0 },
	{ "EXT-SYS-02", "reboot: magic numbers and CAP_SYS_BOOT", reboots, 0, 0 },
	{ "EXT-SYS-03", "setting clocks", clocks, CLONE_NEWUSER, 0 },
	{ "EXT-SYS-04", "the kernel log", kernel_log, CLONE_NEWUSER, 0 },
	{ 0 },
};
