// SPDX-License-Identifier: MIT
/* tests/conform/abi_fd.c - descriptors, open files and positions: ABI-FD-01 to
 * 05. dup and its kin, fcntl, close_range, reading and writing at the edges. */
#include <linux/close_range.h>
#include "abi.h"

#define NOFILE 7
#define FSIZE 1
#define RWF_HIPRI 1
#define RWF_NOWAIT 8
#define RWF_APPEND 16
#define RWF_UNKNOWN 0x80
#define SEEK_DATA 3
#define SEEK_HOLE 4
#define KEEP_SIZE 1
#define PUNCH (2 | KEEP_SIZE)
#define ZERO_RANGE 16

struct span {
	void *base;
	size_t len;
};

/* ABI-FD-01: copies of descriptors. */
static void copies(void)
{
	unsigned long limit[2] = { 60, 60 };
	long fd = abi_file("f", O_RDWR | O_APPEND, "text"), path = sys_open("/", O_PATH, 0);

	must(sys(__NR_prlimit64, 0, NOFILE, limit, 0));
	check_ret("dup2_same", sys_dup2(fd, fd), fd);
	check_ret("dup2_same_closed", sys_dup2(50, 50), -EBADF);
	check_ret("dup3_same", sys(__NR_dup3, fd, fd, 0), -EINVAL);
	check_ret("dup3_flags", sys(__NR_dup3, fd, 50, O_NONBLOCK), -EINVAL);
	check_ret("dup3_cloexec", sys(__NR_dup3, fd, 50, O_CLOEXEC), 50);
	check_ret("cloexec", sys_fcntl(50, F_GETFD, 0), FD_CLOEXEC);
	check_ret("dup2_clears", sys_dup2(50, 51), 51);
	check_ret("no_cloexec", sys_fcntl(51, F_GETFD, 0), 0);
	check_ret("dup2_at_limit", sys_dup2(fd, 60), -EBADF);
	check_ret("dup2_negative", sys_dup2(fd, -1), -EBADF);
	check_ret("dupfd_at_limit", sys_fcntl(fd, F_DUPFD, 60), -EINVAL);
	check_ret("dupfd_59", sys_fcntl(fd, F_DUPFD, 59), 59);
	check_ret("dupfd_59_again", sys_fcntl(fd, F_DUPFD, 59), -EMFILE);
	check_ret("dupfd_negative", sys_fcntl(fd, F_DUPFD, -1), -EINVAL);
	check_ret("dupfd_cloexec", sys_fcntl(fd, F_DUPFD_CLOEXEC, 52), 52);
	check_ret("setfd_bits", sys_fcntl(52, F_SETFD, -2), 0);
	check_ret("getfd_bits", sys_fcntl(52, F_GETFD, 0), 0);
	check_ret("unknown", sys_fcntl(fd, 9999, 0), -EINVAL);
	check_ret("bad", sys_fcntl(55, F_GETFD, 0), -EBADF);
	check_ret("getfl", sys_fcntl(fd, F_GETFL, 0), O_RDWR | O_APPEND | O_LARGEFILE);
	check_ret("setfl", sys_fcntl(fd, F_SETFL, O_NONBLOCK | O_WRONLY | O_CREAT | O_EXCL), 0);
	check_ret("getfl_kept", sys_fcntl(51, F_GETFL, 0), O_RDWR | O_NONBLOCK | O_LARGEFILE);
	check_ret("setfl_direct", sys_fcntl(fd, F_SETFL, O_DIRECT), -EINVAL);
	check_ret("setfl_async", sys_fcntl(fd, F_SETFL, FASYNC), 0);
	check_ret("async", sys_fcntl(fd, F_GETFL, 0) & FASYNC, 0);
	check_ret("path_getfl", sys_fcntl(path, F_GETFL, 0), O_PATH);
	check_ret("path_setfl", sys_fcntl(path, F_SETFL, O_APPEND), -EBADF);
	check_ret("path_dup", ret0(sys_fcntl(path, F_DUPFD, 0)), 0);
	check_ret("path_read", sys_read(path, limit, 1), -EBADF);
	check_ret("path_lock", sys(__NR_flock, path, 1), -EBADF);
	check_ret("path_ioctl", sys_ioctl(path, FIONREAD, limit), -EBADF);
	check_ret("path_lseek", sys_lseek(path, 0, 0), -EBADF);
	check_ret("path_fchmod", sys(__NR_fchmod, path, 0755), -EBADF);
	check_ret("path_fsync", sys(__NR_fsync, path), -EBADF);
}

/* ABI-FD-02: close_range. */
static void ranges(void)
{
	for (int fd = 40; fd < 50; fd++)
		must(sys_dup2(0, fd));
	check_ret("backward", sys(__NR_close_range, 45, 44, 0), -EINVAL);
	check_ret("flags", sys(__NR_close_range, 40, 41, 1), -EINVAL);
	check_ret("cloexec", sys(__NR_close_range, 40, 42, CLOSE_RANGE_CLOEXEC), 0);
	check_ret("marked", sys_fcntl(42, F_GETFD, 0), FD_CLOEXEC);
	check_ret("not_marked", sys_fcntl(43, F_GETFD, 0), 0);
	check_ret("close", sys(__NR_close_range, 44, 46, 0), 0);
	check_ret("closed", sys_fcntl(46, F_GETFD, 0), -EBADF);
	check_ret("open", sys_fcntl(47, F_GETFD, 0), 0);
	check_ret("none_open", sys(__NR_close_range, 2000, 3000, 0), 0);
	check_ret("unshare", sys(__NR_close_range, 47, 47,
				 CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC), 0);
	check_ret("still", sys_fcntl(47, F_GETFD, 0), FD_CLOEXEC);
}

/* ABI-FD-03: positions, holes, allocation. */
static void positions(void)
{
	long fd = abi_file("f", O_RDWR, "0123456789"),
		ro = must(sys_open(abi_path("f"), O_RDONLY, 0));
	int fds[2];

	must(sys_pipe(fds, 0));
	check_ret("set", sys_lseek(fd, 100, SEEK_SET), 100);
	check_ret("cur", sys_lseek(fd, -100, SEEK_CUR), 0);
	check_ret("before", sys_lseek(fd, -1, SEEK_CUR), -EINVAL);
	check_ret("end", sys_lseek(fd, -1, SEEK_END), 9);
	check_ret("whence", sys_lseek(fd, 0, 5), -EINVAL);
	check_ret("far", sys_lseek(fd, 1l << 62, SEEK_SET), 1l << 62);
	check_ret("overflow", sys_lseek(fd, 1l << 62, SEEK_CUR), -EINVAL);
	check_ret("read_far", sys_read(fd, fds, 1), 0);
	check_ret("pipe", sys_lseek(fds[0], 0, SEEK_CUR), -ESPIPE);
	check_ret("pread_pipe", sys_pread(fds[0], fds, 1, 0), -ESPIPE);
	check_ret("pread_negative", sys_pread(fd, fds, 1, -1), -EINVAL);
	must(sys_pwrite(fd, "x", 1, 40000));
	check_ret("data", sys_lseek(fd, 5000, SEEK_DATA), 36864);
	check_ret("data_here", sys_lseek(fd, 5, SEEK_DATA), 5);
	check_ret("hole", sys_lseek(fd, 0, SEEK_HOLE), 4096);
	check_ret("hole_end", sys_lseek(fd, 40000, SEEK_HOLE), 40001);
	check_ret("data_end", sys_lseek(fd, 40001, SEEK_DATA), -ENXIO);
	check_ret("hole_past", sys_lseek(fd, 50000, SEEK_HOLE), -ENXIO);
	check_ret("truncate_negative", sys(__NR_ftruncate, fd, -1), -EINVAL);
	check_ret("truncate_read_only", sys(__NR_ftruncate, ro, 1), -EINVAL);
	check_ret("truncate_pipe", sys(__NR_ftruncate, fds[1], 1), -EINVAL);
	check_ret("truncate_directory", sys(__NR_truncate, "/", 1), -EISDIR);
	check_ret("truncate_nothing", sys(__NR_truncate, abi_path("no"), 1), -ENOENT);
	check_ret("allocate", sys(__NR_fallocate, fd, 0, 0, 50000), 0);
	check_ret("allocated", sys_lseek(fd, 0, SEEK_END), 50000);
	check_ret("keep_size", sys(__NR_fallocate, fd, KEEP_SIZE, 0, 60000), 0);
	check_ret("kept", sys_lseek(fd, 0, SEEK_END), 50000);
	check_ret("punch", sys(__NR_fallocate, fd, PUNCH, 2, 3), 0);
	check_ret("punched", has_bytes(fd, "01\0\0\05678"), 1);
	check_ret("punch_alone", sys(__NR_fallocate, fd, 2, 0, 10), -EOPNOTSUPP);
	check_ret("zero_range", sys(__NR_fallocate, fd, ZERO_RANGE, 0, 10), -EOPNOTSUPP);
	check_ret("allocate_empty", sys(__NR_fallocate, fd, 0, 0, 0), -EINVAL);
	check_ret("allocate_negative", sys(__NR_fallocate, fd, 0, -1, 10), -EINVAL);
	check_ret("allocate_far", sys(__NR_fallocate, fd, 0, 1l << 62, 1l << 62), -EFBIG);
	check_ret("allocate_read_only", sys(__NR_fallocate, ro, 0, 0, 10), -EBADF);
	check_ret("allocate_pipe", sys(__NR_fallocate, fds[1], 0, 0, 10), -ESPIPE);
	check_ret("advise_pipe", sys(__NR_fadvise64, fds[0], 0, 0, 0), -ESPIPE);
	check_ret("advise_unknown", sys(__NR_fadvise64, fd, 0, 0, 9), -EINVAL);
	check_ret("advise_negative", sys(__NR_fadvise64, fd, 0, -1, 0), -EINVAL);
	check_ret("advise", sys(__NR_fadvise64, fd, 0, 0, 4), 0);
	check_ret("readahead", sys(__NR_readahead, fd, 0, 4096), 0);
	check_ret("readahead_pipe", sys(__NR_readahead, fds[0], 0, 4096), -EINVAL);
	check_ret("readahead_write_only", sys(__NR_readahead, sys_open(abi_path("f"), O_WRONLY, 0),
					      0, 1),
		  -EBADF);
	check_ret("range_flags", sys(__NR_sync_file_range, fd, 0, 0, 8), -EINVAL);
	check_ret("range_pipe", sys(__NR_sync_file_range, fds[1], 0, 0, 2), -ESPIPE);
	check_ret("sync_pipe", sys(__NR_fsync, fds[0]), -EINVAL);
	check_ret("syncfs", sys(__NR_syncfs, fd), 0);
}

/* ABI-FD-04: read, write and their vectors. */
static void reading(void)
{
	static struct span many[1025], two[2];
	long fd = abi_file("f", O_RDWR, "0123456789"), wo = sys_open(abi_path("f"), O_WRONLY, 0);
	long ro = sys_open(abi_path("f"), O_RDONLY, 0), append, dir = sys_open("/", O_RDONLY, 0);
	char buf[16], *hole = page_with_hole();
	int fds[2];

	must(sys_pipe(fds, O_NONBLOCK));
	check_ret("read_write_only", sys_read(wo, buf, 1), -EBADF);
	check_ret("write_read_only", sys_write(ro, buf, 1), -EBADF);
	check_ret("read_none_write_only", sys_read(wo, buf, 0), -EBADF);
	check_ret("read_directory", sys_read(dir, buf, 1), -EISDIR);
	check_ret("read_closed", sys_read(77, buf, 1), -EBADF);
	check_ret("read_fault", sys_read(fd, KERNEL_ADDRESS, 5), -EFAULT);
	check_ret("read_fault_eof", sys_pread(fd, KERNEL_ADDRESS, 5, 100), -EFAULT);
	check_ret("read_hole_part", sys_pread(fd, hole - 4, 10, 0), 4);
	check_ret("write_hole_part", sys_pwrite(fd, hole - 4, 10, 20), 4);
	check_ret("write_hole", sys_pwrite(fd, hole, 10, 20), -EFAULT);
	check_ret("pipe_fault", sys_write(fds[1], hole, 4), -EFAULT);
	check_ret("pipe_part", sys_write(fds[1], hole - 2, 4), -EFAULT);
	check_ret("pipe_empty", sys_read(fds[0], buf, 4), -EAGAIN);
	check_ret("write_none", sys_write(fd, NULL, 0), 0);
	check_ret("vector_negative", sys(__NR_readv, fd, two, -1), -EINVAL);
	check_ret("vector_1025", sys(__NR_readv, fd, many, 1025), -EINVAL);
	check_ret("vector_1024", sys(__NR_readv, fd, many, 1024), 0);
	check_ret("vector_0", sys(__NR_readv, fd, NULL, 0), 0);
	check_ret("vector_fault", sys(__NR_readv, fd, KERNEL_ADDRESS, 1), -EFAULT);
	two[0] = (struct span){ buf, -1ul };
	check_ret("vector_length", sys(__NR_readv, fd, two, 1), -EINVAL);
	two[0] = (struct span){ buf, 4 }, two[1] = (struct span){ hole, 4 };
	check_ret("vector_part", sys(__NR_preadv, fd, two, 2, 0, 0), 4);
	check_ret("preadv_negative", sys(__NR_preadv, fd, two, 1, -2, -1), -EINVAL);
	check_ret("preadv2_current", sys(__NR_preadv2, fd, two, 1, -1, -1, 0), 4);
	check_ret("preadv2_hipri", sys(__NR_preadv2, fd, two, 1, 0, 0, RWF_HIPRI), 4);
	check_ret("preadv2_nowait", sys(__NR_preadv2, fd, two, 1, 0, 0, RWF_NOWAIT), -EOPNOTSUPP);
	check_ret("preadv2_unknown", sys(__NR_preadv2, fd, two, 1, 0, 0, RWF_UNKNOWN), -EOPNOTSUPP);
	check_ret("preadv2_nowait_pipe", sys(__NR_preadv2, fds[0], two, 1, -1, -1, RWF_NOWAIT),
		  -EOPNOTSUPP);
	check_ret("pwritev2_append", sys(__NR_pwritev2, fd, two, 1, 0, 0, RWF_APPEND), 4);
	check_ret("appended", sys_lseek(fd, 0, SEEK_END), 28);
	append = sys_open(abi_path("f"), O_WRONLY | O_APPEND, 0);
	check_ret("pwrite_append", sys_pwrite(append, "zz", 2, 0), 2);
	check_ret("append_end", sys_lseek(fd, 0, SEEK_END), 30);
	check_ret("append_position", sys_lseek(append, 0, SEEK_CUR), 0);
	check_ret("full", sys_write(sys_open("/dev/full", O_WRONLY, 0), "x", 1), -ENOSPC);
	check_ret("null", sys_write(sys_open("/dev/null", O_WRONLY, 0), KERNEL_ADDRESS, 9),
		  -EFAULT);
	check_ret("zero_fault", sys_read(sys_open("/dev/zero", O_RDONLY, 0), hole - 8, 16), 8);
}

/* ABI-FD-05: RLIMIT_FSIZE ends writing with EFBIG and SIGXFSZ. */
static void size_limit(void)
{
	unsigned long limit[2] = { 10, 10 };
	long fd = abi_file("f", O_RDWR, "01234567");
	siginfo_t info;

	block_signal(25 /* SIGXFSZ */);
	must(sys(__NR_prlimit64, 0, FSIZE, limit, 0));
	check_ret("part", sys_pwrite(fd, "abcdef", 6, 8), 2);
	check_int("no_signal", signal_pending(25), 0);
	check_ret("over", sys_pwrite(fd, "a", 1, 10), -EFBIG);
	check_int("signal", take_signal(25, &info, 0), 25);
	check_int("code", info.si_code, SI_USER);
	check_ret("truncate", sys(__NR_ftruncate, fd, 11), -EFBIG);
	check_int("truncate_signal", take_signal(25, &info, 0), 25);
	check_ret("allocate", sys(__NR_fallocate, fd, 0, 0, 11), -EFBIG);
	check_int("allocate_signal", take_signal(25, &info, 0), 25);
	check_ret("truncate_at", sys(__NR_ftruncate, fd, 10), 0);
}

const struct test_case abi_fd_cases[] = {
	{ "ABI-FD-01", "dup, dup2, dup3, fcntl", copies, 0, 0 },
	{ "ABI-FD-02", "close_range", ranges, 0, 0 },
	{ "ABI-FD-03", "positions, holes, allocation", positions, 0, 0 },
	{ "ABI-FD-04", "reading and writing at the edges", reading, 0, 0 },
	{ "ABI-FD-05", "the limit of a file's size", size_limit, 0, 0 },
	{ 0 },
};
