// SPDX-License-Identifier: MIT
/* tests/conform/mntns_ops.c - MNTNS-17 to 29, 45 to 47: mount(2), umount(2).
 *
 * Moving, binding, unmounting, read-only and other flags, and what each of
 * them refuses. See mount(2), umount(2). */
#include "mntns.h"

#define A BASE "/a"
#define B BASE "/b"
#define C BASE "/c"

static void place(void)
{
	static const char *const paths[] = { "a", "b", "c", NULL };

	mount_place();
	dirs(paths);
	make_file(BASE "/file");
}

static long move(const char *from, const char *to)
{
	return sys_mount(from, to, NULL, MS_MOVE, NULL);
}

/* MNTNS-17, 18 */

static void moves(void)
{
	struct stat st;

	place();
	must(tmpfs(A));
	must(sys_mkdir(A "/x", 0755));
	make_file(A "/here");
	check_ret("no_mount", move(B, C), -EINVAL);
	check_ret("below_mount", move(A "/x", C), -EINVAL);
	check_ret("into_itself", move(A, A "/x"), -ELOOP);
	check_ret("dir_on_file", move(A, BASE "/file"), -EINVAL);
	check_ret("missing", move(BASE "/none", C), -ENOENT);
	check_ret("empty", move("", C), -EINVAL);
	check_ret("null", sys_mount(NULL, C, NULL, MS_MOVE, NULL), -EINVAL);
	check_ret("move", move(A, B), 0);
	check_ret("there", sys_stat(B "/here", &st), 0);
	check_ret("not_here", sys_stat(A "/here", &st), -ENOENT);
	must(tmpfs(C));
	must(change(C, MS_SHARED));
	must(sys_mkdir(C "/y", 0755));
	must(tmpfs(C "/y"));
	check_ret("from_shared", move(C "/y", A), -EINVAL);
	must(change(C, MS_PRIVATE));
	check_ret("from_private", move(C "/y", A), 0);
	check_ret("file_on_dir", move(A, BASE "/file"), -EINVAL);
	for (int i = 0; i < 50; i++) {
		must(move(A, C "/y"));
		must(move(C "/y", A));
	}
	check_int("moved_often", mounts_below(BASE), 4);
}

/* Below the tree that is moved, not at its top only. */
static void moves_unbindable(void)
{
	place();
	must(tmpfs(B));
	must(sys_mkdir(B "/u", 0755));
	must(tmpfs(B "/u"));
	must(change(B "/u", MS_UNBINDABLE));
	must(tmpfs(C));
	must(change(C, MS_SHARED));
	must(sys_mkdir(C "/z", 0755));
	check_ret("to_shared", move(B, C "/z"), -EINVAL);
	check_true("stays", is_mount(B "/u") && !is_mount(C "/z"));
	check_ret("to_private", move(B, A), 0);
	check_str("keeps_its_type", mount_tags(A "/u"), "unbindable");
	must(change(A "/u", MS_PRIVATE));
	check_ret("private_to_shared", move(A, C "/z"), 0);
	check_str("all_shared", mount_tags(C "/z/u"), "shared:a");
}

/* MNTNS-19 to 23 */

static void unmounts(void)
{
	long fd;

	place();
	check_ret("no_mount", sys_umount(A, 0), -EINVAL);
	check_ret("missing", sys_umount(BASE "/none", 0), -ENOENT);
	check_ret("file", sys_umount(BASE "/file", 0), -EINVAL);
	must(tmpfs(A));
	check_ret("flag_16", sys_umount(A, 16), -EINVAL);
	check_ret("flag_all", sys_umount(A, -1), -EINVAL);
	make_file(A "/x");
	fd = must(sys_open(A "/x", O_RDONLY, 0));
	check_ret("open_file", sys_umount(A, 0), -EBUSY);
	sys_close(fd);
	must(sys(__NR_chdir, A));
	check_ret("cwd", sys_umount(A, 0), -EBUSY);
	must(sys(__NR_chdir, "/"));
	must(sys_mkdir(A "/sub", 0755));
	must(tmpfs(A "/sub"));
	check_ret("with_child", sys_umount(A, 0), -EBUSY);
	must(sys_umount(A "/sub", 0));
	check_ret("idle", sys_umount(A, 0), 0);
	check_ret("again", sys_umount(A, 0), -EINVAL);
}

static void detached(void)
{
	struct stat st;
	long dir, fd;

	place();
	must(tmpfs(A));
	must(sys_mkdir(A "/sub", 0755));
	must(tmpfs(A "/sub"));
	make_file(A "/sub/deep");
	make_file(A "/x");
	dir = must(sys_open(A, O_RDONLY | O_DIRECTORY, 0));
	fd = must(sys_open(A "/x", O_RDWR, 0));
	check_ret("detach", sys_umount(A, UMOUNT_DETACH), 0);
	check_ret("path", sys_stat(A "/x", &st), -ENOENT);
	check_true("not_listed", !is_mount(A) && !is_mount(A "/sub"));
	check_ret("by_dir", sys(__NR_newfstatat, dir, "x", &st, 0), 0);
	check_int("write", sys_write(fd, "x", 1), 1);
	obs_ret("child_below", sys(__NR_newfstatat, dir, "sub/deep", &st, 0));
	check_ret("mkdir", sys(__NR_mkdirat, dir, "new", 0755), 0);
	must(sys(__NR_fchdir, dir));
	check_ret("dot_dot", sys_stat("../b", &st), -ENOENT);
	check_ret("mount_in_it", sys_mount("none", "new", "tmpfs", 0, NULL), -EINVAL);
}

static void expires(void)
{
	long fd;

	place();
	must(tmpfs(A));
	make_file(A "/x");
	check_ret("with_force", sys_umount(A, UMOUNT_EXPIRE | UMOUNT_FORCE), -EINVAL);
	check_ret("with_detach", sys_umount(A, UMOUNT_EXPIRE | UMOUNT_DETACH), -EINVAL);
	fd = must(sys_open(A "/x", O_RDONLY, 0));
	check_ret("in_use", sys_umount(A, UMOUNT_EXPIRE), -EBUSY);
	sys_close(fd);
	check_ret("first", sys_umount(A, UMOUNT_EXPIRE), -EAGAIN);
	sys_close(must(sys_open(A "/x", O_RDONLY, 0)));
	check_ret("used_between", sys_umount(A, UMOUNT_EXPIRE), -EAGAIN);
	check_ret("second", sys_umount(A, UMOUNT_EXPIRE), 0);
	check_ret("gone", sys_umount(A, UMOUNT_EXPIRE), -EINVAL);
}

static void no_follow(void)
{
	place();
	must(tmpfs(A));
	must(sys(__NR_symlink, A, BASE "/link"));
	check_ret("link", sys_umount(BASE "/link", UMOUNT_NOFOLLOW), -EINVAL);
	check_true("still", is_mount(A));
	check_ret("followed", sys_umount(BASE "/link", 0), 0);
	must(tmpfs(A));
	check_ret("not_a_link", sys_umount(A, UMOUNT_NOFOLLOW), 0);
}

static void as_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("umount", sys_umount(A, 0), -EPERM);
	check_ret("umount_no_mount", sys_umount(B, 0), -EPERM);
	check_ret("umount_missing", sys_umount(BASE "/none", 0), -ENOENT);
	check_ret("umount_flag", sys_umount(A, 16), -EINVAL);
	check_ret("umount_pointer", sys_umount(KERNEL_ADDRESS, 0), -EFAULT);
	check_ret("mount", tmpfs(B), -EPERM);
	check_ret("mount_missing", tmpfs(BASE "/none"), -ENOENT);
	check_ret("mount_unknown", sys_mount("x", B, "nosuchfs", 0, NULL), -EPERM);
	check_ret("bind", bind(A, B, 0), -EPERM);
	check_ret("pivot_root", sys(__NR_pivot_root, A, B), -EPERM);
	check_ret("pivot_root_missing", sys(__NR_pivot_root, BASE "/none", B), -EPERM);
}

static void unprivileged(void)
{
	place();
	must(tmpfs(A));
	run_child(0, as_user, NULL);
}

/* MNTNS-24 to 29 */

static void two_steps(void)
{
	place();
	must(tmpfs(A));
	make_file(A "/x");
	check_ret("bind_rdonly", bind(A, B, MS_RDONLY), 0);
	check_str("ignored", mount_field(B, 6), "rw,relatime");
	check_ret("remount", bind(NULL, B, MS_REMOUNT | MS_RDONLY), 0);
	check_str("set", mount_field(B, 6), "ro,relatime");
	check_str("super", mount_field(A, 6), "rw,relatime");
	check_ret("read_only", ret0(sys_open(B "/x", O_WRONLY, 0)), -EROFS);
	check_ret("original", ret0(sys_open(A "/x", O_WRONLY, 0)), 0);
	check_ret("remount_no_mount", bind(NULL, C, MS_REMOUNT | MS_RDONLY), -EINVAL);
	check_ret("remount_dir_inside", bind(NULL, B "/x", MS_REMOUNT), -EINVAL);
	check_ret("back", bind(NULL, B, MS_REMOUNT), 0);
	check_str("back.options", mount_field(B, 6), "rw,relatime");
}

/* The name of a descriptor below /proc/self/fd. */
static const char *fd_name(long fd)
{
	static char name[24];

	snprintf(name, sizeof(name), "%ld", fd);
	return name;
}

static void read_only_view(void)
{
	struct __kernel_timespec times[2] = { { 1, 0 }, { 1, 0 } };

	place();
	must(tmpfs(A));
	make_file(A "/x");
	must(sys_mkdir(A "/d", 0755));
	must(bind(A, B, 0));
	must(bind(NULL, B, MS_REMOUNT | MS_RDONLY));
	check_ret("create", ret0(sys_open(B "/new", O_CREAT | O_WRONLY, 0644)), -EROFS);
	check_ret("create_existing", ret0(sys_open(B "/x", O_CREAT | O_RDONLY, 0644)), 0);
	check_ret("create_excl", ret0(sys_open(B "/x", O_CREAT | O_EXCL, 0644)), -EEXIST);
	check_ret("write", ret0(sys_open(B "/x", O_WRONLY, 0)), -EROFS);
	check_ret("truncate", ret0(sys_open(B "/x", O_RDONLY | O_TRUNC, 0)), -EROFS);
	check_ret("read", ret0(sys_open(B "/x", O_RDONLY, 0)), 0);
	check_ret("unlink", sys_unlink(B "/x"), -EROFS);
	check_ret("unlink_missing", sys_unlink(B "/none"), -EROFS);
	check_ret("mkdir", sys_mkdir(B "/new", 0755), -EROFS);
	check_ret("mkdir_existing", sys_mkdir(B "/d", 0755), -EEXIST);
	check_ret("rmdir", sys_rmdir(B "/d"), -EROFS);
	check_ret("chmod", sys(__NR_chmod, B "/x", 0600), -EROFS);
	check_ret("chown", sys(__NR_chown, B "/x", 1, 1), -EROFS);
	check_ret("utimes", sys(__NR_utimensat, AT_FDCWD, B "/x", times, 0), -EROFS);
	check_ret("rename", sys(__NR_rename, B "/x", B "/y"), -EROFS);
	check_ret("link", sys(__NR_link, B "/x", B "/y"), -EROFS);
	check_ret("symlink", sys(__NR_symlink, "x", B "/y"), -EROFS);
	check_ret("mknod", sys(__NR_mknod, B "/y", 0100644, 0), -EROFS);
	check_ret("access_write", sys(__NR_access, B "/x", 2), -EROFS);
	check_ret("access_read", sys(__NR_access, B "/x", 4), 0);
}

/* What is written through the one mount is seen through the other. */
static void writable_original(void)
{
	struct stat st;
	long view, fd;

	place();
	must(tmpfs(A));
	must(bind(A, B, 0));
	must(bind(NULL, B, MS_REMOUNT | MS_RDONLY));
	check_ret("mkdir", sys_mkdir(A "/new", 0755), 0);
	check_ret("seen", sys_stat(B "/new", &st), 0);
	fd = must(sys_open(A "/x", O_CREAT | O_RDWR, 0644));
	view = must(sys_open(B "/x", O_RDONLY, 0));
	check_int("write", sys_write(fd, "12345", 5), 5);
	check_ret("size", sys_fstat(view, &st), 0);
	check_int("size.seen", st.st_size, 5);
	check_ret("write_view", sys_write(view, "1", 1), -EBADF);
	check_ret("truncate_view", sys(__NR_truncate, B "/x", 0), -EROFS);
	check_ret("chmod_by_fd", sys(__NR_fchmod, view, 0600), -EROFS);
	check_ret("through_proc", ret0(sys_open(path_in("/proc/self/fd", fd_name(fd)), O_WRONLY,
						0)), 0);
	check_ret("rename_across", sys(__NR_rename, A "/x", B "/y"), -EXDEV);
	check_ret("unlink", sys_unlink(A "/x"), 0);
	check_ret("gone", sys_stat(B "/x", &st), -ENOENT);
}

static void special_files(void)
{
	place();
	must(tmpfs(A));
	must(sys(__NR_mknod, A "/fifo", 0010666, 0));
	must(sys(__NR_mknod, A "/null", 0020666, 0x103));
	must(bind(A, B, 0));
	must(bind(NULL, B, MS_REMOUNT | MS_RDONLY));
	check_ret("fifo", ret0(sys_open(B "/fifo", O_RDWR, 0)), 0);
	check_ret("device", ret0(sys_open(B "/null", O_WRONLY, 0)), 0);
	check_ret("device_access", sys(__NR_access, B "/null", 2), 0);
	check_ret("chmod", sys(__NR_chmod, B "/null", 0600), -EROFS);
	check_ret("create", sys(__NR_mknod, B "/zero", 0020666, 0x105), -EROFS);
	must(change(B, MS_REMOUNT | MS_RDONLY));
	check_ret("super.device", ret0(sys_open(A "/null", O_WRONLY, 0)), 0);
	check_ret("super.fifo", ret0(sys_open(A "/fifo", O_RDWR, 0)), 0);
}

static void busy_writer(void)
{
	long fd;

	place();
	must(tmpfs(A));
	must(bind(A, B, 0));
	fd = must(sys_open(B "/x", O_CREAT | O_WRONLY, 0644));
	check_ret("mount", bind(NULL, B, MS_REMOUNT | MS_RDONLY), -EBUSY);
	check_ret("other_mount", bind(NULL, A, MS_REMOUNT | MS_RDONLY), 0);
	check_ret("super", change(B, MS_REMOUNT | MS_RDONLY), -EBUSY);
	check_int("still_writes", sys_write(fd, "x", 1), 1);
	sys_close(fd);
	fd = must(sys_open(B "/x", O_RDONLY, 0));
	check_ret("reader_is_fine", bind(NULL, B, MS_REMOUNT | MS_RDONLY), 0);
	must(bind(NULL, B, MS_REMOUNT));
	check_ret("super_now", change(B, MS_REMOUNT | MS_RDONLY), 0);
	check_ret("super_is_ro", ret0(sys_open(B "/x", O_WRONLY, 0)), -EROFS);
	check_str("super.options", mount_field(B, 103), "ro,inode64");
}

static void mount_flags(void)
{
	place();
	must(tmpfs(A));
	must(sys(__NR_mknod, A "/null", 0020666, 0x103));
	copy_self(A "/prog", 04755, 1234, 1234);
	must(bind(A, B, 0));
	check_int("plain.exec", exec_told(B "/prog", "--euid"), 1234 & 0xff);
	must(bind(NULL, B, MS_REMOUNT | MS_NOSUID));
	check_int("nosuid.exec", exec_told(B "/prog", "--euid"), 0);
	must(bind(NULL, B, MS_REMOUNT | MS_NODEV));
	check_ret("nodev.open", ret0(sys_open(B "/null", O_RDWR, 0)), -EACCES);
	check_ret("nodev.path", ret0(sys_open(B "/null", O_PATH, 0)), 0);
	must(bind(NULL, B, MS_REMOUNT | MS_NOEXEC));
	check_ret("noexec.exec", exec_told(B "/prog", "--euid"), -EACCES);
	check_ret("noexec.access", sys(__NR_access, B "/prog", 1), -EACCES);
	check_ret("noexec.open", ret0(sys_open(B "/null", O_RDWR, 0)), 0);
	must(bind(NULL, B, MS_REMOUNT | MS_NOSYMFOLLOW));
	must(sys(__NR_symlink, "null", A "/link"));
	check_ret("nosymfollow", ret0(sys_open(B "/link", O_RDWR, 0)), -ELOOP);
	check_str("options", mount_field(B, 6), "rw,relatime,nosymfollow");
}

/* MNTNS-45, 46, 47 */

static void binds(void)
{
	place();
	check_ret("empty", bind("", A, 0), -EINVAL);
	check_ret("null", bind(NULL, A, 0), -EINVAL);
	check_ret("missing", bind(BASE "/none", A, 0), -ENOENT);
	check_ret("missing_target", bind(A, BASE "/none", 0), -ENOENT);
	check_ret("file_on_dir", bind(BASE "/file", A, 0), -ENOTDIR);
	check_ret("dir_on_file", bind(A, BASE "/file", 0), -ENOTDIR);
	check_ret("file_on_file", bind("/proc/version", BASE "/file", 0), 0);
	check_ret("self", bind(A, A, 0), 0);
	check_ret("self_again", bind(A, A, 0), 0);
	check_int("stacked", mounts_below(A), 2);
}

static void twice(void)
{
	place();
	must(sys_mount("proc", A, "proc", 0, NULL));
	check_ret("other_super", sys_mount("proc", A, "proc", 0, NULL), 0);
	must(sys_mount("sysfs", B, "sysfs", 0, NULL));
	check_ret("same_super", sys_mount("sysfs", B, "sysfs", 0, NULL), -EBUSY);
	check_ret("same_super_bound", bind(B, B, 0), 0);
}

static void limit(int count)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", count);
	must(write_file("/proc/sys/fs/mount-max", text));
}

static void how_many(void)
{
	int have;

	place();
	have = mounts_below("");
	limit(have + 3);
	check_ret("first", tmpfs(A), 0);
	must(sys_mkdir(A "/x", 0755));
	check_ret("second", tmpfs(A "/x"), 0);
	check_ret("rbind_of_two", bind(A, B, MS_REC), -ENOSPC);
	check_int("none_of_them", mounts_below("") - have, 2);
	check_ret("third", bind(A, B, 0), 0);
	check_ret("fourth", bind(A, C, 0), -ENOSPC);
	check_ret("fourth.tmpfs", tmpfs(C), -ENOSPC);
	check_ret("move", move(B, C), 0);
	must(sys_umount(C, 0));
	check_ret("again", tmpfs(C), 0);
	must(sys_umount(C, 0));
	must(change(A, MS_SHARED));
	must(bind(A, B, 0));
	must(sys_mkdir(A "/y", 0755));
	limit(have + 4);
	check_ret("with_its_replica", tmpfs(A "/y"), -ENOSPC);
	check_true("neither", !is_mount(A "/y") && !is_mount(B "/y"));
	limit(1);
	check_ret("another_ns", sys_unshare(CLONE_NEWNS), 0);
	check_ret("more_there", tmpfs(C), -ENOSPC);
	check_ret("umount_there", sys_umount(A "/x", 0), 0);
}

const struct test_case mntns_ops_cases[] = {
	{ "MNTNS-17", "moving, and what is not moved", moves, CLONE_NEWNS, 0 },
	{ "MNTNS-18", "an unbindable mount is not moved onto a shared one", moves_unbindable,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-19", "unmounting, and what is not unmounted", unmounts, CLONE_NEWNS, 0 },
	{ "MNTNS-20", "MNT_DETACH: gone from view, there for who has it", detached,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-21", "MNT_EXPIRE: twice when idle", expires, CLONE_NEWNS, 0 },
	{ "MNTNS-22", "UMOUNT_NOFOLLOW", no_follow, CLONE_NEWNS, 0 },
	{ "MNTNS-23", "paths before permission", unprivileged, CLONE_NEWNS, 0 },
	{ "MNTNS-24", "a read-only bind takes two steps", two_steps, CLONE_NEWNS, 0 },
	{ "MNTNS-25", "through a read-only mount", read_only_view, CLONE_NEWNS, 0 },
	{ "MNTNS-26", "the original still writes", writable_original, CLONE_NEWNS, 0 },
	{ "MNTNS-27", "devices and fifos are written all the same", special_files,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-28", "not read-only with a writer", busy_writer, CLONE_NEWNS, 0 },
	{ "MNTNS-29", "nosuid, nodev, noexec for one mount", mount_flags, CLONE_NEWNS, 0 },
	{ "MNTNS-45", "binding, and what is not bound", binds, CLONE_NEWNS, 0 },
	{ "MNTNS-46", "the same twice on its own root", twice, CLONE_NEWNS, 0 },
	{ "MNTNS-47", "fs.mount-max", how_many, CLONE_NEWNS, 0 },
	{ 0 },
};
