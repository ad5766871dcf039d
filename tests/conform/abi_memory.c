// SPDX-License-Identifier: MIT
/* tests/conform/abi_memory.c - files in memory through one page cache, advice,
 * locked pages, memfds and their seals: ABI-MM-05 to 09. */
#include "abi.h"

#define RLIMIT_MEMLOCK_ 8
#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* ABI-MM-05: write(2), shared and private mappings see one file. */
static void one_cache(void)
{
	long fd = abi_file("f", O_RDWR, "first");
	char *shared = map_pages(2, RW, MAP_SHARED, fd);
	char *private = map_pages(2, RW, MAP_PRIVATE, fd);
	char *other = map_pages(1, PROT_READ, MAP_SHARED,
				must(sys_open(abi_path("f"), O_RDONLY, 0)));

	check_int("private_reads", private[0], 'f');
	sys_pwrite(fd, "S", 1, 0);
	check_int("shared_sees_write", shared[0], 'S');
	check_int("private_sees_write", private[0], 'S');
	shared[1] = 'T';
	check_ret("write_sees_shared", has_bytes(fd, "STrst"), 1);
	check_int("other_open", other[1], 'T');
	private[2] = 'P';
	sys_pwrite(fd, "xyz", 3, 1);
	check_int("private_kept", private[1] == 'T' && private[2] == 'P', 1);
	check_ret("file_without", has_bytes(fd, "Sxyzt"), 1);
	check_int("tail_is_zero", shared[5], 0);
	check_ret("past_end", touch(shared + PAGE_BYTES, false), BUS_PAST_END);
	check_ret("past_end_write", touch(shared + PAGE_BYTES, true), BUS_PAST_END);
	check_ret("private_past_end", touch(private + PAGE_BYTES, true), BUS_PAST_END);
	must(sys(__NR_ftruncate, fd, 8192));
	check_ret("longer", touch(shared + PAGE_BYTES, true), 0);
	must(sys(__NR_ftruncate, fd, 0));
	check_ret("shorter", touch(shared, false), BUS_PAST_END);
	check_ret("own_copy_gone", touch(private, false), BUS_PAST_END);
	must(sys(__NR_ftruncate, fd, 4096));
	check_int("empty_again", shared[0] + private[2], 0);
	check_ret("read_into_itself", sys_pread(fd, shared, 10, 0), 10);
	check_ret("read_past_end", sys_pread(fd, shared + PAGE_BYTES, 10, 0), -EFAULT);
	sys_unlink(abi_path("f"));
	sys_close(fd);
	shared[7] = 'u';
	check_int("unlinked_lives", shared[7], 'u');
}

/* ABI-MM-06: madvise's refusals and what it does to pages. */
static void advice(void)
{
	long fd = abi_file("f", O_RDWR, "first");
	char *at = map_pages(6, RW, ANON, -1);
	char *private = map_pages(1, RW, MAP_PRIVATE, fd),
		*shared = map_pages(1, RW, MAP_SHARED, fd);

	at[0] = at[PAGE_BYTES] = private[0] = 'X';
	check_ret("unaligned", sys(__NR_madvise, at + 1, 4096, MADV_DONTNEED), -EINVAL);
	check_ret("unknown", sys(__NR_madvise, at, 4096, 99), -EINVAL);
	check_ret("empty", sys(__NR_madvise, at, 0, MADV_DONTNEED), 0);
	check_ret("wraps", sys(__NR_madvise, at, -4096l, MADV_DONTNEED), -EINVAL);
	check_ret("dontneed", sys(__NR_madvise, at, 4096, MADV_DONTNEED), 0);
	check_int("zero", at[0], 0);
	check_int("next", at[PAGE_BYTES], 'X');
	check_ret("dontneed_private", sys(__NR_madvise, private, 4096, MADV_DONTNEED), 0);
	check_int("file_again", private[0], 'f');
	shared[0] = 'S';
	check_ret("dontneed_shared", sys(__NR_madvise, shared, 4096, MADV_DONTNEED), 0);
	check_int("file_keeps", shared[0], 'S');
	check_ret("free_file", sys(__NR_madvise, private, 4096, MADV_FREE), -EINVAL);
	check_ret("free", sys(__NR_madvise, at, 4096, MADV_FREE), 0);
	check_ret("remove_private", sys(__NR_madvise, private, 4096, MADV_REMOVE), -EACCES);
	check_ret("remove_anonymous", sys(__NR_madvise, at, 4096, MADV_REMOVE), -EINVAL);
	check_ret("remove", sys(__NR_madvise, shared, 4096, MADV_REMOVE), 0);
	check_int("removed", shared[0], 0);
	for (int advise = MADV_NORMAL; advise <= MADV_WILLNEED; advise++)
		check_ret("hint", sys(__NR_madvise, shared, 4096, advise), 0);
	check_ret("cold", sys(__NR_madvise, at, 4096, MADV_COLD), 0);
	check_ret("pageout", sys(__NR_madvise, at, 4096, MADV_PAGEOUT), 0);
	check_ret("dontdump", sys(__NR_madvise, at, 4096, MADV_DONTDUMP), 0);
	check_ret("dodump", sys(__NR_madvise, at, 4096, MADV_DODUMP), 0);
	check_ret("populate_write", sys(__NR_madvise, at, PAGES(6), MADV_POPULATE_WRITE), 0);
	must(sys(__NR_mprotect, at + PAGES(4), 4096, PROT_READ));
	check_ret("populate_read_only", sys(__NR_madvise, at + PAGES(4), 4096,
					    MADV_POPULATE_WRITE), -EINVAL);
	check_ret("populate_read", sys(__NR_madvise, at, PAGES(6), MADV_POPULATE_READ), 0);
	must(sys_unmap(at + PAGES(2), 4096));
	at[PAGES(3)] = 'Y';
	check_ret("hole", sys(__NR_madvise, at + PAGES(1), PAGES(3), MADV_DONTNEED), -ENOMEM);
	check_int("behind_hole", at[PAGES(3)], 0);
	check_ret("populate_hole", sys(__NR_madvise, at, PAGES(4), MADV_POPULATE_WRITE), -ENOMEM);
	must(sys(__NR_mlock, at, 4096));
	check_ret("dontneed_locked", sys(__NR_madvise, at, 4096, MADV_DONTNEED), -EINVAL);
	check_ret("dontneed_locked_too", sys(__NR_madvise, at, 4096, MADV_DONTNEED_LOCKED), 0);
	check_ret("pageout_locked", sys(__NR_madvise, at, 4096, MADV_PAGEOUT), -EINVAL);
}

/* ABI-MM-06: DONTFORK, WIPEONFORK. */
static void advice_fork(void)
{
	char *at = map_pages(2, RW, ANON, -1), *shared = map_pages(1, RW,
								   MAP_SHARED | MAP_ANONYMOUS, -1);

	at[0] = at[PAGE_BYTES] = 'X';
	check_ret("wipe_shared", sys(__NR_madvise, shared, 4096, MADV_WIPEONFORK), -EINVAL);
	check_ret("wipe", sys(__NR_madvise, at, 4096, MADV_WIPEONFORK), 0);
	check_ret("dontfork", sys(__NR_madvise, at + PAGE_BYTES, 4096, MADV_DONTFORK), 0);
	check_ret("child_without", touch(at + PAGE_BYTES, false), SEGV_NO_MAP);
	if (must(sys_fork()) == 0) {
		check_int("child_wiped", at[0], 0);
		sys_exit(0);
	}
	must(sys_wait4(-1, NULL, 0));
	check_int("parent_keeps", at[0], 'X');
	check_ret("keep", sys(__NR_madvise, at, 4096, MADV_KEEPONFORK), 0);
	check_ret("dofork", sys(__NR_madvise, at + PAGE_BYTES, 4096, MADV_DOFORK), 0);
	check_ret("child_with", touch(at + PAGE_BYTES, false), 0);
}

/* ABI-MM-07: mlock and its limit, for a plain user. */
static void lock_limits(void)
{
	unsigned long none[2] = { 0, 0 }, few[2] = { 16384, 16384 };
	char *at = map_pages(8, RW, ANON, -1);

	become_user(PLAIN_UID);
	must(sys(__NR_prlimit64, 0, RLIMIT_MEMLOCK_, few, 0));
	check_ret("over", sys(__NR_mlock, at, PAGES(5)), -ENOMEM);
	check_ret("at", sys(__NR_mlock, at + 5, PAGES(3)), 0);
	check_int("vm_lck", status_kb("VmLck:"), 16);
	check_ret("again", sys(__NR_mlock, at, PAGES(4)), 0);
	check_int("vm_lck_same", status_kb("VmLck:"), 16);
	check_ret("more", sys(__NR_mlock, at + PAGES(4), 1), -ENOMEM);
	check_ret("unlock", sys(__NR_munlock, at, 4096), 0);
	check_ret("room", sys(__NR_mlock, at + PAGES(4), 1), 0);
	check_ret("unlock_all", sys(__NR_munlockall), 0);
	check_int("vm_lck_none", status_kb("VmLck:"), 0);
	must(sys_unmap(at + PAGES(1), 4096));
	check_ret("hole", sys(__NR_mlock, at, PAGES(3)), -ENOMEM);
	check_int("vm_lck_hole", status_kb("VmLck:"), 4);
	check_ret("unlock_hole", sys(__NR_munlock, at, PAGES(3)), -ENOMEM);
	check_ret("wraps", sys(__NR_mlock, at, -1ul), 0);
	check_ret("empty", sys(__NR_mlock, at, 0), 0);
	check_ret("mlock2_flag", sys(__NR_mlock2, at, 4096, 2), -EINVAL);
	check_ret("mlock2", sys(__NR_mlock2, at, 4096, MLOCK_ONFAULT), 0);
	check_ret("all_none", sys(__NR_mlockall, 0), -EINVAL);
	check_ret("all_unknown", sys(__NR_mlockall, 8), -EINVAL);
	check_ret("all_onfault", sys(__NR_mlockall, MCL_ONFAULT), -EINVAL);
	check_ret("all_over", sys(__NR_mlockall, MCL_CURRENT), -ENOMEM);
	check_ret("all_future", sys(__NR_mlockall, MCL_FUTURE), 0);
	check_ret("future_over", sys_map(0, PAGES(5), RW, ANON, -1, 0), -EAGAIN);
	must(sys(__NR_prlimit64, 0, RLIMIT_MEMLOCK_, none, 0));
	check_ret("forbidden", sys(__NR_mlock, at, 4096), -EPERM);
	check_ret("forbidden_all", sys(__NR_mlockall, MCL_FUTURE), -EPERM);
}

/* ABI-MM-08: msync, mincore, brk. */
static void sync_core_brk(void)
{
	char *at = map_pages(4, RW, ANON, -1);
	unsigned char vec[8] = { 0 };
	long end = sys(__NR_brk, 0);

	check_ret("both", sys(__NR_msync, at, 4096, MS_SYNC | MS_ASYNC), -EINVAL);
	check_ret("unknown", sys(__NR_msync, at, 4096, 8), -EINVAL);
	check_ret("unaligned", sys(__NR_msync, at + 1, 4096, MS_SYNC), -EINVAL);
	check_ret("sync", sys(__NR_msync, at, 4096, MS_SYNC), 0);
	check_ret("no_flags", sys(__NR_msync, at, 4096, 0), 0);
	check_ret("empty", sys(__NR_msync, at, 0, MS_SYNC), 0);
	at[PAGE_BYTES] = 1;
	check_ret("mincore", sys(__NR_mincore, at, PAGES(3), vec), 0);
	check_int("resident", vec[0] * 4 + vec[1] * 2 + vec[2], 2);
	check_ret("mincore_unaligned", sys(__NR_mincore, at + 1, 4096, vec), -EINVAL);
	check_ret("mincore_fault", sys(__NR_mincore, at, 4096, KERNEL_ADDRESS), -EFAULT);
	must(sys_unmap(at + PAGES(2), 4096));
	check_ret("mincore_hole", sys(__NR_mincore, at, PAGES(4), vec), -ENOMEM);
	check_ret("hole", sys(__NR_msync, at, PAGES(4), MS_SYNC), -ENOMEM);
	must(sys(__NR_mlock, at, 4096));
	check_ret("invalidate_locked", sys(__NR_msync, at, 4096, MS_INVALIDATE), -EBUSY);
	check_int("brk_low", sys(__NR_brk, 1) == end, 1);
	check_int("brk_grow", sys(__NR_brk, end + 10000) == end + 10000, 1);
	check_ret("brk_zero", touch((char *)end + 9999, true), 0);
	check_int("brk_shrink", sys(__NR_brk, end) == end, 1);
	check_int("brk_far", sys(__NR_brk, 1ul << 46) == end, 1);
}

/* ABI-MM-09: memfd_create and the seals of what it makes. */
static void memfd_seals(void)
{
	char name[260], link[64] = { 0 };
	long fd, plain, ro;
	char *map;

	memset(name, 'n', sizeof(name));
	name[250] = 0;
	check_ret("name_250", sys(__NR_memfd_create, name, 0), -EINVAL);
	name[249] = 0;
	plain = sys(__NR_memfd_create, name, 0);
	check_ret("name_249", ret0(plain), 0);
	check_ret("flags", sys(__NR_memfd_create, "x", 0x20), -EINVAL);
	check_ret("name_bad", sys(__NR_memfd_create, KERNEL_ADDRESS, 0), -EFAULT);
	check_ret("plain_seals", sys_fcntl(plain, F_GET_SEALS, 0), F_SEAL_SEAL);
	check_ret("plain_add", sys_fcntl(plain, F_ADD_SEALS, F_SEAL_WRITE), -EPERM);
	check_ret("file_seals", sys_fcntl(abi_file("f", O_RDWR, ""), F_GET_SEALS, 0), F_SEAL_SEAL);
	fd = must(sys(__NR_memfd_create, "sealed", MFD_ALLOW_SEALING | MFD_CLOEXEC));
	must(sys_readlink(path_in("/proc/self/fd", ret_text(fd)), link, sizeof(link) - 1));
	check_str("link", link, "/memfd:sealed (deleted)");
	check_ret("cloexec", sys_fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
	check_ret("getfl", sys_fcntl(fd, F_GETFL, 0) & ~O_LARGEFILE, O_RDWR);
	check_ret("no_seals", sys_fcntl(fd, F_GET_SEALS, 0), 0);
	must(sys_write(fd, "data", 4));
	map = (char *)must(sys_map(0, 4096, RW, MAP_SHARED, fd, 0));
	check_ret("unknown", sys_fcntl(fd, F_ADD_SEALS, 0x100), -EINVAL);
	check_ret("mapped", sys_fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -EBUSY);
	ro = sys_open(path_in("/proc/self/fd", ret_text(fd)), O_RDONLY, 0);
	check_ret("read_only", sys_fcntl(ro, F_ADD_SEALS, F_SEAL_GROW), -EPERM);
	check_ret("future", sys_fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	map[0] = 'D';
	check_ret("future_write", sys_write(fd, "x", 1), -EPERM);
	check_ret("future_map", sys_map(0, 4096, RW, MAP_SHARED, fd, 0), -EPERM);
	must(sys_unmap(map, 4096));
	check_ret("grow", sys_fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), 0);
	check_ret("truncate_up", sys(__NR_ftruncate, fd, 8192), -EPERM);
	check_ret("truncate_down", sys(__NR_ftruncate, fd, 2), 0);
	check_ret("shrink", sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	check_ret("truncate_down_2", sys(__NR_ftruncate, fd, 1), -EPERM);
	check_ret("truncate_same", sys(__NR_ftruncate, fd, 2), 0);
	check_ret("write", sys_fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
	check_ret("punch", sys(__NR_fallocate, fd, 3, 0, 4096), -EPERM);
	map = (char *)sys_map(0, 4096, PROT_READ, MAP_SHARED, fd, 0);
	check_ret("map_read", ret0((long)map), 0);
	check_ret("protect", sys(__NR_mprotect, map, 4096, RW), -EACCES);
	check_ret("map_private", ret0(sys_map(0, 4096, RW, MAP_PRIVATE, fd, 0)), 0);
	check_ret("seal", sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), 0);
	check_ret("sealed", sys_fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), -EPERM);
	check_ret("all", sys_fcntl(fd, F_GET_SEALS, 0), SEALS | F_SEAL_FUTURE_WRITE);
}

/* ABI-MM-09: a file that may not grow takes what fits. */
static void seal_grow(void)
{
	long fd = must(sys(__NR_memfd_create, "grow", MFD_ALLOW_SEALING));
	int fds[2];

	must(sys(__NR_ftruncate, fd, 4096));
	must(sys_fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	check_ret("inside", sys_pwrite(fd, "abcd", 4, 4092), 4);
	check_ret("across", sys_pwrite(fd, "abcd", 4, 4094), 2);
	check_ret("behind", sys_pwrite(fd, "abcd", 4, 4096), -EPERM);
	check_ret("allocate", sys(__NR_fallocate, fd, 0, 0, 8192), -EPERM);
	check_ret("allocate_keep", sys(__NR_fallocate, fd, 1, 0, 8192), -EPERM);
	must(sys_pipe(fds, 0));
	check_ret("pipe_seals", sys_fcntl(fds[0], F_GET_SEALS, 0), -EINVAL);
	check_ret("pipe_add", sys_fcntl(fds[1], F_ADD_SEALS, F_SEAL_GROW), -EINVAL);
}

const struct test_case abi_memory_cases[] = {
	{ "ABI-MM-05", "one page cache, SIGBUS past its end", one_cache, 0, 0 },
	{ "ABI-MM-06", "madvise", advice, 0, 0 },
	{ "ABI-MM-06.fork", "memory that is not or not so inherited", advice_fork, 0, 0 },
	{ "ABI-MM-07", "locked memory and its limit", lock_limits, 0, 0 },
	{ "ABI-MM-08", "msync, mincore, brk", sync_core_brk, 0, 0 },
	{ "ABI-MM-09", "memfds and seals", memfd_seals, 0, 0 },
	{ "ABI-MM-09.grow", "the seal against growing", seal_grow, 0, 0 },
	{ 0 },
};
