// SPDX-License-Identifier: MIT
/* tests/conform/abi_mmap.c - mappings made, taken away, protected and moved:
 * ABI-MM-01 to 04. Each call at its edges; Linux is right. */
#include "abi.h"

#define TOO_LONG (1ul << 57)	/* beyond five levels of page tables, too */
#define NO_SUCH_FD 77
#define UNKNOWN_FLAG 0x200000
#define DEV_FULL_OF_ZEROS "/dev/zero"

/* ABI-MM-01: what mmap asks of length, flags and address. */
static void map_arguments(void)
{
	char *at = map_pages(4, RW, ANON, -1);

	check_ret("empty", sys_map(0, 0, RW, ANON, -1, 0), -EINVAL);
	check_ret("no_type", sys_map(0, 4096, RW, MAP_ANONYMOUS, -1, 0), -EINVAL);
	check_ret("validate_anonymous", sys_map(0, 4096, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS,
						-1, 0),
		  -EINVAL);
	check_ret("offset", sys_map(0, 4096, RW, ANON, -1, 100), -EINVAL);
	check_ret("anonymous_offset", ret0(sys_map(0, 4096, RW, ANON, -1, 8192)), 0);
	check_ret("fixed_unaligned", sys_map(at + 1, 4096, RW, ANON | MAP_FIXED, -1, 0), -EINVAL);
	check_ret("hint_unaligned", ret0(sys_map(at + 1, 4096, RW, ANON, -1, 0)), 0);
	check_ret("too_long", sys_map(0, TOO_LONG, RW, ANON, -1, 0), -ENOMEM);
	check_ret("wraps", sys_map(0, -1ul, RW, ANON, -1, 0), -ENOMEM);
	check_ret("fixed_high", sys_map(TOO_LONG, 4096, RW, ANON | MAP_FIXED, -1, 0), -ENOMEM);
	check_ret("hint_high", ret0(sys_map(TOO_LONG, 4096, RW, ANON, -1, 0)), 0);
	check_ret("noreplace", sys_map(at, 4096, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), -EEXIST);
	check_ret("noreplace_end", sys_map(at - 4096, 8192, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0),
		  -EEXIST);
	sys_unmap(at + 4096, 4096);
	check_int("noreplace_gap", sys_map(at + 4096, 4096, RW, ANON | MAP_FIXED_NOREPLACE, -1,
					   0) ==
		  (long)at + 4096, 1);
	check_ret("grows_shared", sys_map(0, 4096, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN,
					  -1, 0),
		  -EINVAL);
	check_ret("grows_private", ret0(sys_map(0, 4096, RW, ANON | MAP_GROWSDOWN, -1, 0)), 0);
	check_ret("unknown_private", ret0(sys_map(0, 4096, RW, ANON | UNKNOWN_FLAG, -1, 0)), 0);
	check_ret("prot_none", touch((void *)sys_map(0, 4096, PROT_NONE, ANON, -1, 0), false),
		  SEGV_NO_RIGHT);
	check_ret("write_only", touch((void *)sys_map(0, 4096, PROT_WRITE, ANON, -1, 0), false), 0);
	check_ret("exec_only", ret0(sys_map(0, 4096, PROT_EXEC, ANON, -1, 0)), 0);
	check_ret("prot_unknown", ret0(sys_map(0, 4096, RW | 0x100, ANON, -1, 0)), 0);
}

/* ABI-MM-01: a plain user and the lowest addresses; limits of bytes. */
static void map_limits(void)
{
	unsigned long few[2] = { 16384, 16384 }, space[2] = { 64ul << 20, 64ul << 20 };

	check_ret("root_at_0", ret0(sys_map(0, 4096, RW, ANON | MAP_FIXED, -1, 0)), 0);
	become_user(PLAIN_UID);
	check_ret("user_at_4096", sys_map(4096, 4096, RW, ANON | MAP_FIXED, -1, 0), -EPERM);
	check_ret("user_hint", ret0(sys_map(4096, 4096, RW, ANON, -1, 0)), 0);
	must(sys(__NR_prlimit64, 0, 8 /* RLIMIT_MEMLOCK */, few, 0));
	check_ret("locked_over", sys_map(0, 20480, RW, ANON | MAP_LOCKED, -1, 0), -EAGAIN);
	check_ret("locked_at", ret0(sys_map(0, 16384, RW, ANON | MAP_LOCKED, -1, 0)), 0);
	check_ret("locked_more", sys_map(0, 4096, RW, ANON | MAP_LOCKED, -1, 0), -EAGAIN);
	must(sys(__NR_prlimit64, 0, 9 /* RLIMIT_AS */, space, 0));
	check_ret("address_space", sys_map(0, 64ul << 20, PROT_NONE, ANON, -1, 0), -ENOMEM);
	check_ret("still_small", ret0(sys_map(0, 4096, RW, ANON, -1, 0)), 0);
}

/* ABI-MM-02: which files may be mapped how. */
static void map_files(void)
{
	long rw = abi_file("f", O_RDWR, "text"), ro, wo, path, dir;
	int fds[2];

	ro = must(sys_open(abi_path("f"), O_RDONLY, 0));
	wo = must(sys_open(abi_path("f"), O_WRONLY, 0));
	path = must(sys_open(abi_path("f"), O_PATH, 0));
	dir = must(sys_open("/", O_RDONLY, 0));
	must(sys_pipe(fds, 0));
	check_ret("bad_fd", sys_map(0, 4096, RW, MAP_SHARED, NO_SUCH_FD, 0), -EBADF);
	check_ret("path", sys_map(0, 4096, PROT_READ, MAP_SHARED, path, 0), -EBADF);
	check_ret("directory", sys_map(0, 4096, PROT_READ, MAP_PRIVATE, dir, 0), -ENODEV);
	check_ret("pipe", sys_map(0, 4096, PROT_READ, MAP_PRIVATE, fds[0], 0), -ENODEV);
	check_ret("write_only", sys_map(0, 4096, PROT_WRITE, MAP_SHARED, wo, 0), -EACCES);
	check_ret("write_only_private", sys_map(0, 4096, PROT_WRITE, MAP_PRIVATE, wo, 0), -EACCES);
	check_ret("read_only_shared", sys_map(0, 4096, RW, MAP_SHARED, ro, 0), -EACCES);
	check_ret("read_only_private", ret0(sys_map(0, 4096, RW, MAP_PRIVATE, ro, 0)), 0);
	check_ret("validated", ret0(sys_map(0, 4096, RW, MAP_SHARED_VALIDATE, rw, 0)), 0);
	check_ret("validated_unknown", sys_map(0, 4096, RW, MAP_SHARED_VALIDATE | UNKNOWN_FLAG, rw,
					       0),
		  -EOPNOTSUPP);
	check_ret("unknown", ret0(sys_map(0, 4096, RW, MAP_SHARED | UNKNOWN_FLAG, rw, 0)), 0);
	check_ret("sync", sys_map(0, 4096, RW, MAP_SHARED_VALIDATE | MAP_SYNC, rw, 0), -EOPNOTSUPP);
	check_ret("grows", sys_map(0, 4096, RW, MAP_PRIVATE | MAP_GROWSDOWN, rw, 0), -EINVAL);
	check_ret("far_offset", sys_map(0, 8192, RW, MAP_SHARED, rw, -4096ul), -EOVERFLOW);
	check_ret("past_end", ret0(sys_map(0, 4096, RW, MAP_SHARED, rw, 1 << 20)), 0);
	check_ret("zero_device", ret0(sys_map(0, 4096, RW, MAP_SHARED,
					      sys_open(DEV_FULL_OF_ZEROS, O_RDWR, 0), 0)), 0);
	check_ret("null_device", sys_map(0, 4096, RW, MAP_SHARED, sys_open("/dev/null", O_RDWR, 0),
					 0),
		  -ENODEV);
	check_ret("proc", sys_map(0, 4096, PROT_READ, MAP_PRIVATE,
				  sys_open("/proc/self/status", O_RDONLY, 0), 0), -ENODEV);
	check_ret("noexec_mount", sys_mount("", "/tmp/conform", "",
					    MS_REMOUNT | MS_BIND | MS_NOEXEC, 0), 0);
	check_ret("noexec", sys_map(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, rw, 0), -EPERM);
}

/* ABI-MM-03: munmap and mprotect over holes and parts. */
static void unmap_protect(void)
{
	char *at = map_pages(8, RW, ANON, -1);
	char *ro = map_pages(1, PROT_READ, MAP_SHARED, abi_file("f", O_RDONLY, "text"));

	check_ret("unmap_empty", sys_unmap(at, 0), -EINVAL);
	check_ret("unmap_unaligned", sys_unmap(at + 1, 4096), -EINVAL);
	check_ret("unmap_too_long", sys_unmap(at, TOO_LONG), -EINVAL);
	check_ret("unmap_byte", sys_unmap(at + PAGES(2), 1), 0);
	check_ret("hole", touch(at + PAGES(2), false), SEGV_NO_MAP);
	check_ret("after_hole", touch(at + PAGES(3), true), 0);
	check_ret("unmap_hole", sys_unmap(at + PAGES(2), 4096), 0);
	check_ret("protect_empty", sys(__NR_mprotect, at, 0, PROT_NONE), 0);
	check_ret("protect_unaligned", sys(__NR_mprotect, at + 8, 4096, PROT_NONE), -EINVAL);
	check_ret("protect_bits", sys(__NR_mprotect, at, 4096, 0x40), -EINVAL);
	check_ret("protect_wraps", sys(__NR_mprotect, at, -4096ul, PROT_READ), -ENOMEM);
	check_ret("protect_hole", sys(__NR_mprotect, at, PAGES(4), PROT_READ), -ENOMEM);
	check_ret("before_hole", touch(at, true), SEGV_NO_RIGHT);
	check_ret("behind_hole", touch(at + PAGES(3), true), 0);
	check_ret("protect_from_hole", sys(__NR_mprotect, at + PAGES(2), PAGES(2), PROT_READ),
		  -ENOMEM);
	check_ret("grows", sys(__NR_mprotect, at + PAGES(4), 4096, PROT_READ | PROT_GROWSDOWN),
		  -EINVAL);
	check_ret("both_grow", sys(__NR_mprotect, at + PAGES(4), 4096,
				   PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP), -EINVAL);
	check_ret("write_shared", sys(__NR_mprotect, ro, 4096, RW), -EACCES);
	check_ret("exec_shared", sys(__NR_mprotect, ro, 4096, PROT_READ | PROT_EXEC), 0);
	check_ret("none", sys(__NR_mprotect, at + PAGES(4), 4096, PROT_NONE), 0);
	check_ret("none_read", touch(at + PAGES(4), false), SEGV_NO_RIGHT);
	check_ret("back", sys(__NR_mprotect, at + PAGES(4), 4096, RW), 0);
	check_ret("back_write", touch(at + PAGES(4), true), 0);
}

/* ABI-MM-04: mremap's refusals. */
static void remap_refused(void)
{
	char *at = map_pages(8, RW, ANON, -1);

	check_ret("flags", sys(__NR_mremap, at, 4096, 4096, 8), -EINVAL);
	check_ret("fixed_alone", sys(__NR_mremap, at, 4096, 4096, MREMAP_FIXED, at), -EINVAL);
	check_ret("dontunmap_alone", sys(__NR_mremap, at, 4096, 4096, MREMAP_DONTUNMAP), -EINVAL);
	check_ret("dontunmap_grow", sys(__NR_mremap, at, 4096, 8192,
					MREMAP_DONTUNMAP | MREMAP_MAYMOVE), -EINVAL);
	check_ret("unaligned", sys(__NR_mremap, at + 1, 4096, 4096, 0), -EINVAL);
	check_ret("new_empty", sys(__NR_mremap, at, 4096, 0, MREMAP_MAYMOVE), -EINVAL);
	check_ret("not_mapped", sys(__NR_mremap, 0x10000000, 4096, 8192, MREMAP_MAYMOVE), -EFAULT);
	check_ret("overlap", sys(__NR_mremap, at, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED,
				 at + 4096),
		  -EINVAL);
	check_ret("to_unaligned", sys(__NR_mremap, at, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED,
				      at + 4097),
		  -EINVAL);
	check_ret("old_empty_private", sys(__NR_mremap, at, 0, 4096, MREMAP_MAYMOVE), -EINVAL);
	check_ret("too_long", sys(__NR_mremap, at, 4096, TOO_LONG, MREMAP_MAYMOVE), -ENOMEM);
	must(sys(__NR_mprotect, at + PAGES(4), 4096, PROT_READ));
	check_ret("two_areas", sys(__NR_mremap, at + PAGES(3), PAGES(2), PAGES(3), MREMAP_MAYMOVE),
		  -EFAULT);
	check_ret("no_room", sys(__NR_mremap, at, 4096, 8192, 0), -ENOMEM);
	check_ret("same", sys(__NR_mremap, at, 4096, 4096, 0) - (long)at, 0);
}

/* ABI-MM-04: what moves and what stays. */
static void remap_moves(void)
{
	char *at = map_pages(8, RW, ANON, -1), *to = map_pages(8, RW, ANON, -1), *moved;
	char *shared = map_pages(1, RW, MAP_SHARED | MAP_ANONYMOUS, -1);

	at[0] = 'a', at[PAGE_BYTES] = 'b', to[0] = 'x', shared[0] = 's';
	check_ret("shrink", sys(__NR_mremap, at, PAGES(8), PAGES(2), 0) - (long)at, 0);
	check_ret("shrunk", touch(at + PAGES(2), false), SEGV_NO_MAP);
	check_ret("grow_in_place", sys(__NR_mremap, at, PAGES(2), PAGES(3), 0) - (long)at, 0);
	moved = (char *)sys(__NR_mremap, at, PAGES(2), PAGES(2), MREMAP_MAYMOVE | MREMAP_FIXED,
			    to + PAGES(2));
	check_int("moved", moved == to + PAGES(2), 1);
	check_int("bytes", moved[0] * 256 + moved[PAGE_BYTES], 'a' * 256 + 'b');
	check_ret("left", touch(at, false), SEGV_NO_MAP);
	check_ret("third_stays", touch(at + PAGES(2), true), 0);
	moved = (char *)sys(__NR_mremap, shared, 0, 4096, MREMAP_MAYMOVE);
	check_int("twice", moved != shared && moved[0] == 's', 1);
	shared[0] = 't';
	check_int("same_page", moved[0], 't');
	moved = (char *)sys(__NR_mremap, to, 4096, 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
	check_int("dontunmap", moved != to && moved[0] == 'x', 1);
	check_int("left_empty", to[0], 0);
	check_ret("shared_grows", ret0(sys(__NR_mremap, shared, 4096, 8192, MREMAP_MAYMOVE)), 0);
}

const struct test_case abi_mmap_cases[] = {
	{ "ABI-MM-01", "mmap: lengths, flags, addresses", map_arguments, 0, 0 },
	{ "ABI-MM-01.limits", "mmap: low addresses, locked bytes, address space", map_limits, 0,
	 0 },
	{ "ABI-MM-02", "mmap of files: access, kinds, offsets", map_files, 0, 0 },
	{ "ABI-MM-03", "munmap and mprotect over holes", unmap_protect, 0, 0 },
	{ "ABI-MM-04", "mremap refuses", remap_refused, 0, 0 },
	{ "ABI-MM-04.moves", "mremap moves, grows, shares", remap_moves, 0, 0 },
	{ 0 },
};
