// SPDX-License-Identifier: MIT
/* tests/conform/abi_pipe.c - pipes and what moves bytes between files without
 * a buffer of the program: ABI-FD-06 to 08; eventfd: ABI-EV-01. */
#include "abi.h"

#define PIPE_SET 1031
#define PIPE_GET 1032
#define SPLICE_NONBLOCK 2
#define EFD_SEMAPHORE_ 1

struct span {
	void *base;
	size_t len;
};

/* ABI-FD-06: capacity, atomic writes, ends. */
static void pipe_ends(void)
{
	static char big[70000];
	int fds[2], queued = -1;
	siginfo_t info;

	block_signal(SIGPIPE);
	check_ret("flags", sys_pipe(fds, 0x10), -EINVAL);
	check_ret("fault", sys_pipe(KERNEL_ADDRESS, 0), -EFAULT);
	must(sys_pipe(fds, O_NONBLOCK | O_CLOEXEC));
	check_ret("size", sys_fcntl(fds[0], PIPE_GET, 0), 65536);
	check_ret("fill", sys_write(fds[1], big, 65535), 65535);
	check_ret("small_whole", sys_write(fds[1], big, 2), -EAGAIN);
	check_ret("one", sys_write(fds[1], big, 1), 1);
	check_ret("poll_full", ready(fds[1], POLLOUT), 0);
	check_ret("queued", sys_ioctl(fds[0], FIONREAD, &queued), 0);
	check_int("bytes", queued, 65536);
	check_ret("read_4095", sys_read(fds[0], big, 4095), 4095);
	check_ret("poll_not_yet", ready(fds[1], POLLOUT), 0);
	check_ret("read_1", sys_read(fds[0], big, 1), 1);
	check_ret("poll_room", ready(fds[1], POLLOUT), POLLOUT);
	check_ret("large_part", sys_write(fds[1], big, 70000), 4096);
	check_ret("shrink_full", sys_fcntl(fds[0], PIPE_SET, 4096), -EBUSY);
	check_ret("grow", sys_fcntl(fds[0], PIPE_SET, 100000), 131072);
	check_ret("too_big", sys_fcntl(fds[0], PIPE_SET, 1u << 31), -ENOMEM);
	check_ret("zero", sys_fcntl(fds[0], PIPE_SET, 0), -EBUSY);
	check_ret("size_of_file", sys_fcntl(abi_file("f", O_RDWR, ""), PIPE_GET, 0), -EBADF);
	check_ret("read_wrong_end", sys_read(fds[1], big, 1), -EBADF);
	check_ret("write_wrong_end", sys_write(fds[0], big, 1), -EBADF);
	sys_close(fds[0]);
	check_ret("broken", sys_write(fds[1], big, 1), -EPIPE);
	check_int("sigpipe", take_signal(SIGPIPE, &info, 0), SIGPIPE);
	check_ret("poll_broken", ready(fds[1], POLLOUT), POLLOUT | POLLERR);
	must(sys_pipe(fds, 0));
	sys_write(fds[1], "ab", 2);
	sys_close(fds[1]);
	check_ret("poll_hangup", ready(fds[0], POLLIN), POLLIN | POLLHUP);
	check_ret("rest", sys_read(fds[0], big, 9), 2);
	check_ret("end", sys_read(fds[0], big, 9), 0);
	check_ret("poll_end", ready(fds[0], POLLIN), POLLHUP);
}

/* ABI-FD-06: fifos: who waits for whom. */
static void fifos(void)
{
	long r, w;
	char c;

	must(sys(__NR_mknod, abi_path("p"), 0010666, 0));
	check_ret("write_alone", sys_open(abi_path("p"), O_WRONLY | O_NONBLOCK, 0), -ENXIO);
	r = sys_open(abi_path("p"), O_RDONLY | O_NONBLOCK, 0);
	check_ret("read_alone", ret0(r), 0);
	check_ret("read_no_writer", sys_read(r, &c, 1), 0);
	check_ret("poll_no_writer", ready(r, POLLIN), 0);
	w = must(sys_open(abi_path("p"), O_WRONLY | O_NONBLOCK, 0));
	check_ret("read_empty", sys_read(r, &c, 1), -EAGAIN);
	sys_close(w);
	check_ret("poll_left", ready(r, POLLIN), POLLHUP);
	check_ret("both", ret0(sys_open(abi_path("p"), O_RDWR, 0)), 0);
	check_ret("truncate", sys(__NR_truncate, abi_path("p"), 0), -EINVAL);
}

/* ABI-FD-07: splice, tee, vmsplice. */
static void splices(void)
{
	long fd = abi_file("f", O_RDWR, "0123456789"),
		append = sys_open(abi_path("f"), O_WRONLY | O_APPEND, 0);
	long long at = 2, far = -1;
	int one[2], two[2];
	char buf[32] = { 0 };
	struct span span = { "vmsplice", 8 };

	must(sys_pipe(one, 0)), must(sys_pipe(two, 0));
	check_ret("no_pipe", sys(__NR_splice, fd, 0, fd, 0, 4, 0), -EINVAL);
	check_ret("flags", sys(__NR_splice, fd, 0, one[1], 0, 4, 0x100), -EINVAL);
	check_ret("nothing", sys(__NR_splice, 77, 0, 78, 0, 0, 0), 0);
	check_ret("bad", sys(__NR_splice, 77, 0, one[1], 0, 4, 0), -EBADF);
	check_ret("pipe_offset", sys(__NR_splice, fd, 0, one[1], &at, 4, 0), -ESPIPE);
	check_ret("wrong_end", sys(__NR_splice, fd, 0, one[0], 0, 4, 0), -EBADF);
	check_ret("in", sys(__NR_splice, fd, &at, one[1], 0, 4, 0), 4);
	check_int("offset", at, 6);
	check_ret("position", sys_lseek(fd, 0, 1), 0);
	check_ret("negative", sys(__NR_splice, fd, &far, one[1], 0, 4, 0), -EINVAL);
	check_ret("tee", sys(__NR_tee, one[0], two[1], 3, 0), 3);
	check_ret("tee_self", sys(__NR_tee, one[0], one[1], 3, 0), -EINVAL);
	check_ret("tee_file", sys(__NR_tee, fd, one[1], 3, 0), -EINVAL);
	check_ret("tee_flags", sys(__NR_tee, one[0], two[1], 3, 0x100), -EINVAL);
	check_ret("teed", sys_read(two[0], buf, 9), 3);
	check_str("teed_bytes", buf, "234");
	check_ret("self", sys(__NR_splice, one[0], 0, one[1], 0, 3, 0), -EINVAL);
	check_ret("between", sys(__NR_splice, one[0], 0, two[1], 0, 2, 0), 2);
	check_ret("append", sys(__NR_splice, one[0], 0, append, 0, 2, 0), -EINVAL);
	at = 0;
	check_ret("out", sys(__NR_splice, one[0], 0, fd, &at, 9, 0), 2);
	check_ret("written", has_bytes(fd, "4523456789"), 1);
	check_ret("empty", sys(__NR_splice, one[0], 0, fd, &at, 9, SPLICE_NONBLOCK), -EAGAIN);
	check_ret("tee_empty", sys(__NR_tee, one[0], two[1], 3, SPLICE_NONBLOCK), -EAGAIN);
	check_ret("vmsplice", sys(__NR_vmsplice, one[1], &span, 1, 0), 8);
	span.base = buf;
	check_ret("vmsplice_out", sys(__NR_vmsplice, one[0], &span, 1, 0), 8);
	check_str("vmsplice_bytes", buf, "vmsplice");
	check_ret("vmsplice_file", sys(__NR_vmsplice, fd, &span, 1, 0), -EBADF);
	check_ret("vmsplice_none", sys(__NR_vmsplice, one[1], &span, 0, 0), 0);
	check_ret("vmsplice_flags", sys(__NR_vmsplice, one[1], &span, 1, 0x100), -EINVAL);
	sys_close(one[0]);
	block_signal(SIGPIPE);
	check_ret("broken", sys(__NR_splice, fd, &at, one[1], 0, 1, 0), -EPIPE);
}

/* ABI-FD-08: sendfile, copy_file_range. */
static void copying(void)
{
	long in = abi_file("in", O_RDWR, "0123456789"), out = abi_file("out", O_RDWR, "");
	long ro = sys_open(abi_path("in"), O_RDONLY, 0),
		app = sys_open(abi_path("in"), O_WRONLY | O_APPEND, 0);
	long dir = sys_open("/", O_RDONLY, 0);
	long long from = 2, to = 0;
	int fds[2];

	must(sys_pipe(fds, 0));
	check_ret("send", sys(__NR_sendfile, out, in, &from, 4), 4);
	check_int("from", from, 6);
	check_ret("position_out", sys_lseek(out, 0, 1), 4);
	check_ret("send_pipe", sys(__NR_sendfile, fds[1], in, 0, 100), 10);
	check_ret("send_from_pipe", sys(__NR_sendfile, out, fds[0], 0, 4), -EINVAL);
	check_ret("send_read_only", sys(__NR_sendfile, ro, in, 0, 4), -EBADF);
	check_ret("send_append", sys(__NR_sendfile, app, in, 0, 4), -EINVAL);
	check_ret("send_fault", sys(__NR_sendfile, out, in, KERNEL_ADDRESS, 4), -EFAULT);
	check_ret("send_eof", sys(__NR_sendfile, out, in, 0, 4), 0);
	from = -1;
	check_ret("send_negative", sys(__NR_sendfile, out, in, &from, 4), -EINVAL);
	from = 0;
	check_ret("flags", sys(__NR_copy_file_range, in, &from, out, &to, 4, 1), -EINVAL);
	check_ret("copy", sys(__NR_copy_file_range, in, &from, out, &to, 4, 0), 4);
	check_int("both_move", from * 10 + to, 44);
	check_ret("copied", has_bytes(out, "0123"), 1);
	check_ret("copy_empty", sys(__NR_copy_file_range, in, &from, out, &to, 0, 0), 0);
	check_ret("copy_read_only", sys(__NR_copy_file_range, in, &from, ro, &to, 4, 0), -EBADF);
	check_ret("copy_append", sys(__NR_copy_file_range, in, &from, app, &to, 4, 0), -EBADF);
	check_ret("copy_pipe", sys(__NR_copy_file_range, in, &from, fds[1], 0, 4, 0), -EINVAL);
	check_ret("copy_directory", sys(__NR_copy_file_range, dir, 0, out, 0, 4, 0), -EISDIR);
	from = 0, to = 2;
	check_ret("overlap", sys(__NR_copy_file_range, in, &from, in, &to, 4, 0), -EINVAL);
	to = 6;
	check_ret("same_file", sys(__NR_copy_file_range, in, &from, in, &to, 4, 0), 4);
	check_ret("same_copied", has_bytes(in, "0123450123"), 1);
	from = 100;
	check_ret("past_end", sys(__NR_copy_file_range, in, &from, out, &to, 4, 0), 0);
	check_ret("other_fs", sys(__NR_copy_file_range, sys_open("/proc/version", O_RDONLY, 0), 0,
				  out, 0, 4, 0),
		  -EXDEV);
}

/* ABI-EV-01: eventfd, counting and semaphore. */
static void eventfds(void)
{
	unsigned long long value = 3, most = -2ull, max = -1ull;
	long fd, sem;

	check_ret("flags", sys(__NR_eventfd2, 0, 2), -EINVAL);
	fd = must(sys(__NR_eventfd2, 5, O_NONBLOCK));
	check_ret("poll", ready(fd, POLLIN | POLLOUT), POLLIN | POLLOUT);
	check_ret("short_read", sys_read(fd, &value, 4), -EINVAL);
	check_ret("short_write", sys_write(fd, &value, 4), -EINVAL);
	check_ret("write", sys_write(fd, &value, 8), 8);
	check_ret("read", sys_read(fd, &value, 16), 8);
	check_int("sum", value, 8);
	check_ret("empty", sys_read(fd, &value, 8), -EAGAIN);
	check_ret("max", sys_write(fd, &max, 8), -EINVAL);
	check_ret("most", sys_write(fd, &most, 8), 8);
	check_ret("full", ready(fd, POLLIN | POLLOUT), POLLIN);
	value = 1;
	check_ret("over", sys_write(fd, &value, 8), -EAGAIN);
	value = 0;
	check_ret("none_more", sys_write(fd, &value, 8), 8);
	sem = must(sys(__NR_eventfd2, 2, O_NONBLOCK | EFD_SEMAPHORE_));
	check_ret("one", sys_read(sem, &value, 8), 8);
	check_int("is_1", value, 1);
	check_ret("two", sys_read(sem, &value, 8), 8);
	check_ret("gone", sys_read(sem, &value, 8), -EAGAIN);
	check_ret("seek", sys_lseek(fd, 0, 0), 0);
	check_ret("pread", sys_pread(fd, &value, 8, 0), -ESPIPE);
	check_ret("sync", sys(__NR_fsync, fd), -EINVAL);
}

const struct test_case abi_pipe_cases[] = {
	{ "ABI-FD-06", "pipes: capacity, ends", pipe_ends, 0, 0 },
	{ "ABI-FD-06.fifo", "fifos: who waits for whom", fifos, 0, 0 },
	{ "ABI-FD-07", "splice, tee, vmsplice", splices, 0, 0 },
	{ "ABI-FD-08", "sendfile, copy_file_range", copying, 0, 0 },
	{ "ABI-EV-01", "eventfd", eventfds, 0, 0 },
	{ 0 },
};
