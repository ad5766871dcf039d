// SPDX-License-Identifier: MIT
/* tests/conform/abi_path.c - files by name: open and its flags, openat2's
 * resolve flags, statx, extended attributes, execveat: ABI-FS-01 to 05. */
#include <linux/openat2.h>
#include <linux/xattr.h>
#include "abi.h"

#define UTIME_OMIT_ ((1l << 30) - 2)
#define TMPFILE (020000000 | O_DIRECTORY)
#define NAME_256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void furnish(void)
{
	must(sys_mkdir(abi_path("d"), 0755));
	make_file(abi_path("f")), make_file(abi_path("d/g"));
	must(sys(__NR_symlink, "f", abi_path("l")));
	must(sys(__NR_symlink, "loop", abi_path("loop")));
	must(sys(__NR_symlink, "/etc", abi_path("abs")));
	must(sys(__NR_symlink, "../f", abi_path("d/up")));
	must(sys(__NR_symlink, "nothing", abi_path("dangling")));
	must(sys(__NR_mknod, abi_path("p"), 0010644, 0));
}

static long shut(long fd)
{
	if (fd >= 0)
		sys_close(fd);
	return ret0(fd);
}

#define TRY_OPEN(name, flags) shut(sys_open(abi_path(name), flags, 0644))

/* ABI-FS-01: open. */
static void opening(void)
{
	long dir, fd;

	furnish();
	dir = must(sys_open(abi_path("d"), O_RDONLY | O_DIRECTORY, 0));
	check_ret("exclusive", TRY_OPEN("f", O_CREAT | O_EXCL | O_RDWR), -EEXIST);
	check_ret("exclusive_link", TRY_OPEN("dangling", O_CREAT | O_EXCL | O_RDWR), -EEXIST);
	check_ret("create_through_link", TRY_OPEN("dangling", O_CREAT | O_RDWR), 0);
	check_ret("created", sys_unlink(abi_path("nothing")), 0);
	check_ret("create_directory", TRY_OPEN("d", O_CREAT | O_RDONLY), -EISDIR);
	check_ret("write_directory", TRY_OPEN("d", O_RDWR), -EISDIR);
	check_ret("directory_flag", TRY_OPEN("f", O_DIRECTORY), -ENOTDIR);
	check_ret("create_and_directory", TRY_OPEN("new", O_CREAT | O_DIRECTORY | O_RDONLY),
		  -EINVAL);
	check_ret("slash", TRY_OPEN("f/", O_RDONLY), -ENOTDIR);
	check_ret("create_slash", TRY_OPEN("new/", O_CREAT | O_RDWR), -EISDIR);
	check_ret("below_file", TRY_OPEN("f/x", O_RDONLY), -ENOTDIR);
	check_ret("nofollow", TRY_OPEN("l", O_RDONLY | O_NOFOLLOW), -ELOOP);
	check_ret("nofollow_path", TRY_OPEN("l", O_PATH | O_NOFOLLOW), 0);
	check_ret("nofollow_directory", TRY_OPEN("l", O_NOFOLLOW | O_DIRECTORY), -ENOTDIR);
	check_ret("loop", TRY_OPEN("loop", O_RDONLY), -ELOOP);
	check_ret("empty", sys_open("", O_RDONLY, 0), -ENOENT);
	check_ret("fault", sys_open(KERNEL_ADDRESS, O_RDONLY, 0), -EFAULT);
	check_ret("name_256", sys_open("/tmp/conform/" NAME_256, O_RDONLY, 0), -ENAMETOOLONG);
	check_ret("access_mode_3", TRY_OPEN("f", 3), 0);
	check_ret("direct", TRY_OPEN("f", O_DIRECT | O_RDWR), -EINVAL);
	check_ret("unknown_flag", TRY_OPEN("f", 1 << 30), 0);
	check_ret("truncate_read_only", TRY_OPEN("f", O_RDONLY | O_TRUNC), 0);
	fd = sys_open("/tmp/conform", TMPFILE | O_RDWR, 0600);
	check_ret("tmpfile", ret0(fd), 0);
	check_ret("tmpfile_link", sys(__NR_linkat, fd, "", AT_FDCWD, abi_path("named"),
				      AT_EMPTY_PATH), 0);
	check_ret("tmpfile_read_only", sys_open("/tmp/conform", TMPFILE | O_RDONLY, 0600), -EINVAL);
	fd = sys_open("/tmp/conform", TMPFILE | O_RDWR | O_EXCL, 0600);
	check_ret("tmpfile_exclusive", sys(__NR_linkat, fd, "", AT_FDCWD, abi_path("named2"),
					   AT_EMPTY_PATH), -ENOENT);
	check_ret("at_bad", sys(__NR_openat, 77, "f", O_RDONLY, 0), -EBADF);
	check_ret("at_file", sys(__NR_openat, fd, "f", O_RDONLY, 0), -ENOTDIR);
	check_ret("at_absolute", shut(sys(__NR_openat, 77, "/", O_RDONLY, 0)), 0);
	check_ret("at", shut(sys(__NR_openat, dir, "g", O_RDONLY, 0)), 0);
	must(sys(__NR_unlinkat, dir, "g", 0)), must(sys(__NR_unlinkat, dir, "up", 0));
	must(sys_rmdir(abi_path("d")));
	check_ret("create_in_removed", sys(__NR_openat, dir, "x", O_CREAT | O_RDWR, 0600), -ENOENT);
	check_ret("removed_itself", shut(sys(__NR_openat, dir, ".", O_RDONLY, 0)), 0);
	check_ret("removed_parent", shut(sys(__NR_openat, dir, "..", O_RDONLY, 0)), 0);
}

static long open2(long dir, const char *path, unsigned long flags, unsigned long mode,
		  unsigned long resolve)
{
	struct open_how how = { flags, mode, resolve };

	return shut(sys(__NR_openat2, dir, path, &how, sizeof(how)));
}

/* ABI-FS-02: openat2. */
static void resolving(void)
{
	struct { struct open_how how; long more; } large = { 0 };
	long top, d, root = must(sys_open("/", O_RDONLY, 0));

	furnish();
	top = must(sys_open("/tmp/conform", O_RDONLY, 0));
	d = must(sys_open(abi_path("d"), O_RDONLY, 0));
	check_ret("small", sys(__NR_openat2, top, "f", &large, 8), -EINVAL);
	check_ret("large_zero", shut(sys(__NR_openat2, top, "f", &large, sizeof(large))), 0);
	large.more = 1;
	check_ret("large", sys(__NR_openat2, top, "f", &large, sizeof(large)), -E2BIG);
	check_ret("flags", open2(top, "f", 1ul << 40, 0, 0), -EINVAL);
	check_ret("mode_alone", open2(top, "f", O_RDONLY, 0600, 0), -EINVAL);
	check_ret("mode_bits", open2(top, "f", O_CREAT, 010000, 0), -EINVAL);
	check_ret("resolve", open2(top, "f", 0, 0, 0x100), -EINVAL);
	check_ret("beneath_and_root", open2(top, "f", 0, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT),
		  -EINVAL);
	check_ret("path_and_more", open2(top, "f", O_PATH | O_RDWR, 0, 0), -EINVAL);
	check_ret("beneath", open2(top, "d/g", 0, 0, RESOLVE_BENEATH), 0);
	check_ret("beneath_up", open2(d, "up", 0, 0, RESOLVE_BENEATH), -EXDEV);
	check_ret("beneath_dotdot", open2(d, "../f", 0, 0, RESOLVE_BENEATH), -EXDEV);
	check_ret("beneath_inside", open2(top, "d/../f", 0, 0, RESOLVE_BENEATH), 0);
	check_ret("beneath_absolute", open2(top, "/", 0, 0, RESOLVE_BENEATH), -EXDEV);
	check_ret("beneath_link", open2(top, "abs", 0, 0, RESOLVE_BENEATH), -EXDEV);
	check_ret("root_dotdot", open2(d, "../../g", 0, 0, RESOLVE_IN_ROOT), 0);
	check_ret("root_absolute", open2(d, "/g", 0, 0, RESOLVE_IN_ROOT), 0);
	check_ret("root_up", open2(d, "up", 0, 0, RESOLVE_IN_ROOT), -ENOENT);
	check_ret("no_links", open2(top, "l", 0, 0, RESOLVE_NO_SYMLINKS), -ELOOP);
	check_ret("no_links_last", open2(top, "l", O_PATH | O_NOFOLLOW, 0, RESOLVE_NO_SYMLINKS), 0);
	check_ret("no_links_plain", open2(top, "f", 0, 0, RESOLVE_NO_SYMLINKS), 0);
	check_ret("no_magic", open2(root, "proc/self/cwd", 0, 0, RESOLVE_NO_MAGICLINKS), -ELOOP);
	check_ret("no_magic_exe", open2(root, "proc/self/root/tmp", 0, 0, RESOLVE_NO_MAGICLINKS),
		  -ELOOP);
	check_ret("magic_beneath", open2(root, "proc/self/cwd", 0, 0, RESOLVE_BENEATH), -EXDEV);
	check_ret("no_cross", open2(root, "proc/version", 0, 0, RESOLVE_NO_XDEV), -EXDEV);
	check_ret("no_cross_up", open2(top, "..", 0, 0, RESOLVE_NO_XDEV), -EXDEV);
	check_ret("no_cross_inside", open2(top, "d/g", 0, 0, RESOLVE_NO_XDEV), 0);
	check_ret("cached", open2(top, "d/g", 0, 0, RESOLVE_CACHED), 0);
	check_ret("cached_create", open2(top, "new", O_CREAT, 0600, RESOLVE_CACHED), -EAGAIN);
}

/* ABI-FS-03: statx and its kin. */
static void stating(void)
{
	const struct __kernel_timespec omit[2] = { { 0, UTIME_OMIT_ }, { 0, UTIME_OMIT_ } };
	struct statx x = { 0 };
	struct stat st;
	long dir, f;

	furnish();
	f = must(sys_open(abi_path("f"), O_RDWR, 0));
	dir = must(sys_open("/tmp/conform", O_RDONLY, 0));
	check_ret("flags", sys(__NR_statx, dir, "f", 0x8, 0x7ff, &x), -EINVAL);
	check_ret("mask", sys(__NR_statx, dir, "f", 0, 1u << 31, &x), -EINVAL);
	check_ret("sync_both", sys(__NR_statx, dir, "f", AT_STATX_SYNC_TYPE, 0, &x), -EINVAL);
	check_ret("fault", sys(__NR_statx, dir, "f", 0, 0x7ff, KERNEL_ADDRESS), -EFAULT);
	check_ret("empty", sys(__NR_statx, dir, "", 0, 0x7ff, &x), -ENOENT);
	check_ret("empty_path", sys(__NR_statx, f, "", AT_EMPTY_PATH, 0x7ff, &x), 0);
	check_ret("link", sys(__NR_statx, dir, "l", AT_SYMLINK_NOFOLLOW, 0x7ff, &x), 0);
	check_int("link_mode", x.stx_mode, 0120777);
	check_int("link_size", x.stx_size, 1);
	check_ret("all", sys(__NR_statx, dir, "f", 0,
			     STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, &x), 0);
	check_int("got", x.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	check_int("got_birth", !!(x.stx_mask & STATX_BTIME), 1);
	check_int("got_mount", !!(x.stx_mask & STATX_MNT_ID), 1);
	check_int("links", x.stx_nlink, 1);
	check_int("block_size", x.stx_blksize, 4096);
	check_int("attributes", x.stx_attributes, 0);
	check_int("mask_of_attributes", x.stx_attributes_mask, 0x203070);
	must(sys(__NR_statx, dir, "", AT_EMPTY_PATH, 0x7ff, &x));
	check_int("mount_root", !!(x.stx_attributes & STATX_ATTR_MOUNT_ROOT), 1);
	check_ret("fstatat_flags", sys(__NR_newfstatat, dir, "f", &st, 0x8), -EINVAL);
	check_ret("fstatat_empty", sys(__NR_newfstatat, f, "", &st, AT_EMPTY_PATH), 0);
	check_ret("fstatat_no_automount", sys(__NR_newfstatat, dir, "f", &st, AT_NO_AUTOMOUNT), 0);
	check_ret("access_flags", sys(__NR_faccessat2, dir, "f", 0, 1), -EINVAL);
	check_ret("access_mode", sys(__NR_faccessat2, dir, "f", 8, 0), -EINVAL);
	check_ret("access_empty", sys(__NR_faccessat2, f, "", 4, AT_EMPTY_PATH), 0);
	check_ret("access_exec_root", sys(__NR_faccessat, dir, "f", 1), -EACCES);
	check_ret("utime_omit", sys(__NR_utimensat, dir, "f", omit, 0), 0);
	check_ret("utime_flags", sys(__NR_utimensat, dir, "f", 0, 1), -EINVAL);
	check_ret("utime_null", sys(__NR_utimensat, f, NULL, 0, 0), 0);
	check_ret("readlink_file", sys(__NR_readlinkat, dir, "f", &st, 10), -EINVAL);
	check_ret("readlink_none", sys(__NR_readlinkat, dir, "l", &st, 0), -EINVAL);
	check_ret("readlink_cut", sys(__NR_readlinkat, dir, "up", &st, 1), -ENOENT);
	check_ret("chmod_link", sys(__NR_fchmodat, dir, "l", 0600), 0);
}

/* ABI-FS-03: renameat2, link, unlink. */
static void naming(void)
{
	long dir;

	furnish();
	dir = must(sys_open("/tmp/conform", O_RDONLY, 0));
#define RENAME(from, to, flags) sys(__NR_renameat2, dir, from, dir, to, flags)
	check_ret("flags", RENAME("f", "x", 8), -EINVAL);
	check_ret("both", RENAME("f", "x", 3), -EINVAL);
	check_ret("noreplace", RENAME("f", "d", 1), -EEXIST);
	check_ret("exchange_nothing", RENAME("f", "x", 2), -ENOENT);
	check_ret("exchange", RENAME("f", "d", 2), 0);
	check_ret("exchanged", shut(sys(__NR_openat, dir, "f/g", O_RDONLY, 0)), 0);
	check_ret("back", RENAME("f", "d", 2), 0);
	check_ret("file_over_directory", RENAME("f", "d", 0), -EISDIR);
	check_ret("directory_over_file", RENAME("d", "f", 0), -ENOTDIR);
	check_ret("into_itself", RENAME("d", "d/x", 0), -EINVAL);
	check_ret("over_parent", RENAME("d/g", "d", 0), -ENOTEMPTY);
	check_ret("dot", RENAME("d/.", "x", 0), -EBUSY);
	check_ret("slash_file", RENAME("f/", "x", 0), -ENOTDIR);
	check_ret("slash_directory", RENAME("d", "e/", 0), 0);
	check_ret("slash_back", RENAME("e/", "d", 0), 0);
	check_ret("same", RENAME("f", "f", 0), 0);
	check_ret("plain", RENAME("f", "w", 0), 0);
	check_ret("not_empty", sys(__NR_unlinkat, dir, "d", AT_REMOVEDIR), -ENOTEMPTY);
	check_ret("unlink_directory", sys(__NR_unlinkat, dir, "d", 0), -EISDIR);
	check_ret("rmdir_file", sys(__NR_unlinkat, dir, "w", AT_REMOVEDIR), -ENOTDIR);
	check_ret("rmdir_dot", sys(__NR_unlinkat, dir, "d/.", AT_REMOVEDIR), -EINVAL);
	check_ret("rmdir_dotdot", sys(__NR_unlinkat, dir, "d/..", AT_REMOVEDIR), -ENOTEMPTY);
	check_ret("unlink_flags", sys(__NR_unlinkat, dir, "w", 1), -EINVAL);
	check_ret("link_directory", sys(__NR_linkat, dir, "d", dir, "x", 0), -EPERM);
	check_ret("link_exists", sys(__NR_linkat, dir, "w", dir, "l", 0), -EEXIST);
	check_ret("link_flags", sys(__NR_linkat, dir, "w", dir, "x", 1), -EINVAL);
	check_ret("link_elsewhere", sys(__NR_linkat, dir, "w", AT_FDCWD, "/dev/x", 0), -EXDEV);
	check_ret("symlink_empty", sys(__NR_symlinkat, "", dir, "x"), -ENOENT);
	check_ret("mkdir_exists", sys(__NR_mkdirat, dir, "w", 0755), -EEXIST);
	check_ret("mkdir_slash", sys(__NR_mkdirat, dir, "n/", 0755), 0);
	check_ret("mknod_type", sys(__NR_mknodat, dir, "y", 0040644, 0), -EPERM);
	check_ret("mknod_unknown", sys(__NR_mknodat, dir, "y", 0170644, 0), -EINVAL);
	check_ret("mknod_plain", sys(__NR_mknodat, dir, "y", 0644, 0), 0);
}

/* ABI-FS-04: extended attributes. */
static void attributes(void)
{
	char buf[128] = { 0 }, name[300];
	long fd = abi_file("f", O_RDWR, "");

#define SET(key, value, flags) sys(__NR_fsetxattr, fd, key, value, strlen(value), flags)
	check_ret("set", SET("trusted.a", "one", 0), 0);
	check_ret("create", SET("trusted.a", "two", XATTR_CREATE), -EEXIST);
	check_ret("replace", SET("trusted.a", "three", XATTR_REPLACE), 0);
	check_ret("replace_absent", SET("trusted.b", "x", XATTR_REPLACE), -ENODATA);
	check_ret("flags", SET("trusted.a", "x", 4), -EINVAL);
	check_ret("size", sys(__NR_fgetxattr, fd, "trusted.a", NULL, 0), 5);
	check_ret("small", sys(__NR_fgetxattr, fd, "trusted.a", buf, 2), -ERANGE);
	check_ret("get", sys(__NR_fgetxattr, fd, "trusted.a", buf, 128), 5);
	check_str("value", buf, "three");
	check_ret("absent", sys(__NR_fgetxattr, fd, "trusted.z", buf, 128), -ENODATA);
	check_ret("user_on_tmpfs", SET("user.a", "x", 0), -EOPNOTSUPP);
	check_ret("no_prefix", SET("nothing", "x", 0), -EOPNOTSUPP);
	check_ret("only_prefix", SET("trusted.", "x", 0), -EINVAL);
	check_ret("empty_name", SET("", "x", 0), -ERANGE);
	memset(name, 'n', sizeof(name));
	memcpy(name, "trusted.", 8), name[256] = 0;
	check_ret("name_256", SET(name, "x", 0), -ERANGE);
	name[255] = 0;
	check_ret("name_255", SET(name, "x", 0), 0);
	check_ret("remove_name", sys(__NR_fremovexattr, fd, name), 0);
	check_ret("too_big", sys(__NR_fsetxattr, fd, "trusted.c", buf, 65537, 0), -E2BIG);
	check_ret("empty_value", SET("trusted.e", "", 0), 0);
	check_ret("empty_get", sys(__NR_fgetxattr, fd, "trusted.e", buf, 128), 0);
	check_ret("remove", sys(__NR_fremovexattr, fd, "trusted.e"), 0);
	check_ret("remove_again", sys(__NR_fremovexattr, fd, "trusted.e"), -ENODATA);
	check_ret("list_size", sys(__NR_flistxattr, fd, NULL, 0), 10);
	check_ret("list_small", sys(__NR_flistxattr, fd, buf, 5), -ERANGE);
	check_ret("list", sys(__NR_flistxattr, fd, buf, 128), 10);
	check_str("names", buf, "trusted.a");
	check_ret("path", sys(__NR_fgetxattr, sys_open(abi_path("f"), O_PATH, 0), "trusted.a", buf,
			      9), -EBADF);
	check_ret("fault", sys(__NR_fsetxattr, fd, KERNEL_ADDRESS, "x", 1, 0), -EFAULT);
	check_ret("capability_bad", SET("security.capability", "x", 0), -EINVAL);
	become_user(PLAIN_UID);
	check_ret("trusted_hidden", sys(__NR_fgetxattr, fd, "trusted.a", buf, 128), -ENODATA);
	check_ret("trusted_set", SET("trusted.a", "x", 0), -EPERM);
	check_ret("trusted_list", sys(__NR_flistxattr, fd, buf, 128), 0);
}

/* ABI-FS-05: execveat and execve. */
static void executing(void)
{
	const char *argv[] = { "x", NULL };
	long dir, f, script, cloexec;

	furnish();
	dir = must(sys_open("/tmp/conform", O_RDONLY, 0));
	f = sys_open(abi_path("f"), O_RDWR, 0);
	check_ret("flags", sys(__NR_execveat, dir, "f", argv, NULL, 1), -EINVAL);
	check_ret("no_mode", sys(__NR_execveat, dir, "f", argv, NULL, 0), -EACCES);
	must(sys(__NR_fchmod, f, 0755));
	check_ret("busy", sys(__NR_execveat, dir, "f", argv, NULL, 0), -ETXTBSY);
	sys_close(f);
	check_ret("empty_file", sys(__NR_execveat, dir, "f", argv, NULL, 0), -ENOEXEC);
	check_ret("link", sys(__NR_execveat, dir, "l", argv, NULL, AT_SYMLINK_NOFOLLOW), -ELOOP);
	check_ret("directory", sys(__NR_execveat, dir, "d", argv, NULL, 0), -EACCES);
	check_ret("nothing", sys(__NR_execveat, dir, "no", argv, NULL, 0), -ENOENT);
	check_ret("empty_path", sys(__NR_execveat, dir, "", argv, NULL, 0), -ENOENT);
	check_ret("bad", sys(__NR_execveat, 77, "", argv, NULL, AT_EMPTY_PATH), -EBADF);
	check_ret("argv_fault", sys(__NR_execveat, dir, "f", KERNEL_ADDRESS, NULL, 0), -EFAULT);
	script = abi_file("s", O_RDONLY, "#!/nothing/here\n");
	must(sys(__NR_fchmod, script, 0755));
	check_ret("interpreter_missing", sys(__NR_execveat, dir, "s", argv, NULL, 0), -ENOENT);
	cloexec = sys_open(abi_path("s"), O_RDONLY | O_CLOEXEC, 0);
	check_ret("script_cloexec", sys(__NR_execveat, cloexec, "", argv, NULL, AT_EMPTY_PATH),
		  -ENOENT);
	sys_close(abi_file("n", O_RDONLY, "#!\n"));
	must(sys(__NR_chmod, abi_path("n"), 0755));
	check_ret("no_interpreter", sys(__NR_execveat, dir, "n", argv, NULL, 0), -ENOEXEC);
	sys_close(abi_file("t", O_RDONLY, "plain text\n"));
	must(sys(__NR_chmod, abi_path("t"), 0755));
	check_ret("text", sys(__NR_execveat, dir, "t", argv, NULL, 0), -ENOEXEC);
	sys_close(abi_file("e", O_RDONLY, "\177ELF and nothing that a program has"));
	must(sys(__NR_chmod, abi_path("e"), 0755));
	check_ret("bad_elf", sys(__NR_execveat, dir, "e", argv, NULL, 0), -ENOEXEC);
	must(sys_mount("", "/tmp/conform", "", MS_REMOUNT | MS_BIND | MS_NOEXEC, 0));
	check_ret("noexec", sys(__NR_execveat, dir, "s", argv, NULL, 0), -EACCES);
}

const struct test_case abi_path_cases[] = {
	{ "ABI-FS-01", "open and its flags", opening, 0, 0 },
	{ "ABI-FS-02", "openat2's resolve flags", resolving, 0, 0 },
	{ "ABI-FS-03", "statx and its kin", stating, 0, 0 },
	{ "ABI-FS-03.names", "renames, links, removal", naming, 0, 0 },
	{ "ABI-FS-04", "extended attributes", attributes, 0, 0 },
	{ "ABI-FS-05", "execveat", executing, 0, 0 },
	{ 0 },
};
