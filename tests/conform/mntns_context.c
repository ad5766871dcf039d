// SPDX-License-Identifier: MIT
/* tests/conform/mntns_context.c - MNTNS-50: mounting in steps.
 *
 * fsopen, fsconfig, fsmount, fspick: a file system is described, made, mounted
 * where nobody sees it, and put in place; and changed afterwards. */
#include "mntns.h"

#define A BASE "/a"
#define B BASE "/b"

static void place(void)
{
	static const char *const paths[] = { "a", "b", NULL };

	mount_place();
	dirs(paths);
}

static long fsopen(const char *type, unsigned flags)
{
	return sys(__NR_fsopen, type, flags);
}

static long config(long fd, int cmd, const char *key, const char *value)
{
	return sys(__NR_fsconfig, fd, cmd, key, value, 0);
}

static long set_string(long fd, const char *key, const char *value)
{
	return config(fd, FSCONFIG_SET_STRING, key, value);
}

static long set_flag(long fd, const char *key)
{
	return config(fd, FSCONFIG_SET_FLAG, key, NULL);
}

static long create(long fd)
{
	return config(fd, FSCONFIG_CMD_CREATE, NULL, NULL);
}

static long change_now(long fd)
{
	return config(fd, FSCONFIG_CMD_RECONFIGURE, NULL, NULL);
}

static long mount_of(long fd, unsigned long attributes)
{
	return sys(__NR_fsmount, fd, FSMOUNT_CLOEXEC, attributes);
}

static long put(long tree, const char *to)
{
	return sys(__NR_move_mount, tree, "", AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH);
}

static void in_steps(void)
{
	struct stat st;
	char byte;
	long fd, tree;

	place();
	fd = must(fsopen("tmpfs", FSOPEN_CLOEXEC));
	check_int("cloexec", sys_fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
	check_ret("no_message", sys_read(fd, &byte, 1), -ENODATA);
	check_ret("source", set_string(fd, "source", "the_source"), 0);
	check_ret("size", set_string(fd, "size", "64k"), 0);
	check_ret("mode", set_string(fd, "mode", "0711"), 0);
	check_ret("mount_too_early", mount_of(fd, 0), -EINVAL);
	check_ret("change_too_early", change_now(fd), -EBUSY);
	check_ret("create", create(fd), 0);
	check_ret("create_again", create(fd), -EBUSY);
	check_ret("option_too_late", set_string(fd, "size", "4k"), -EBUSY);
	tree = must(mount_of(fd, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOATIME));
	check_int("tree.cloexec", sys_fcntl(tree, F_GETFD, 0), FD_CLOEXEC);
	check_ret("mount_again", mount_of(fd, 0), -EBUSY);
	check_ret("file", sys(__NR_mknodat, tree, "x", 0100644, 0), 0);
	check_int("unseen", mounts_below(BASE), 1);
	check_ret("put", put(tree, A), 0);
	check_ret("file_there", sys_stat(A "/x", &st), 0);
	check_str("options", mount_field(A, 6), "rw,nodev,noatime");
	check_str("source.shown", mount_field(A, 102), "the_source");
	check_str("super", mount_field(A, 103), "rw,size=64k,mode=711,inode64");
	check_ret("flag", set_flag(fd, "ro"), 0);
	check_ret("change", change_now(fd), 0);
	check_str("changed", mount_field(A, 103), "ro,size=64k,mode=711,inode64");
	check_ret("write", ret0(sys_open(A "/x", O_WRONLY, 0)), -EROFS);
}

/* What was made and not mounted, or mounted and not put anywhere, goes; a
 * hundred times. */
static void given_up(void)
{
	place();
	for (int i = 0; i < 100; i++) {
		long fd = must(fsopen("tmpfs", 0));

		if (i % 3 > 0)
			must(create(fd));
		if (i % 3 > 1)
			sys_close(must(mount_of(fd, 0)));
		sys_close(fd);
	}
	check_int("mounts", mounts_below(BASE), 1);
}

static void picked(void)
{
	long fd;

	place();
	must(sys_mount("none", A, "tmpfs", MS_RDONLY, "size=8k"));
	fd = must(sys(__NR_fspick, AT_FDCWD, A, FSPICK_CLOEXEC));
	check_ret("flag", set_flag(fd, "rw"), 0);
	check_ret("size", set_string(fd, "size", "16k"), 0);
	check_str("not_yet", mount_field(A, 103), "ro,size=8k,inode64");
	check_ret("change", change_now(fd), 0);
	check_str("changed", mount_field(A, 103), "rw,size=16k,inode64");
	check_ret("create", create(fd), -EBUSY);
	check_ret("mount", mount_of(fd, 0), -EBUSY);
	must(sys_mkdir(BASE "/none", 0755));
	check_ret("no_mount", sys(__NR_fspick, AT_FDCWD, BASE "/none", 0), -EINVAL);
	check_ret("missing", sys(__NR_fspick, AT_FDCWD, BASE "/missing", 0), -ENOENT);
	check_ret("bad_flag", sys(__NR_fspick, AT_FDCWD, A, 0x10), -EINVAL);
}

static void bad_steps(void)
{
	static char longer[300];
	long fd, file;

	place();
	memset(longer, 'a', sizeof(longer) - 1);
	check_ret("unknown", fsopen("nosuchfs", 0), -ENODEV);
	check_ret("bad_flag", fsopen("tmpfs", 2), -EINVAL);
	check_ret("bad_name", fsopen(KERNEL_ADDRESS, 0), -EFAULT);
	fd = must(fsopen("tmpfs", 0));
	file = must(sys_open("/proc/self/status", O_RDONLY, 0));
	check_ret("not_a_context", create(file), -EINVAL);
	check_ret("bad_fd", create(999), -EBADF);
	check_ret("negative_fd", create(-1), -EINVAL);
	check_ret("unknown_command", config(fd, 77, NULL, NULL), -EOPNOTSUPP);
	check_ret("string_without_value", set_string(fd, "size", NULL), -EINVAL);
	check_ret("string_without_key", set_string(fd, NULL, "1"), -EINVAL);
	check_ret("flag_with_value", config(fd, FSCONFIG_SET_FLAG, "ro", "1"), -EINVAL);
	check_ret("create_with_key", config(fd, FSCONFIG_CMD_CREATE, "x", NULL), -EINVAL);
	check_ret("aux", sys(__NR_fsconfig, fd, FSCONFIG_SET_STRING, "size", "1k", 1), -EINVAL);
	check_ret("long_key", set_flag(fd, longer), -EINVAL);
	check_ret("long_value", set_string(fd, "source", longer), -EINVAL);
	check_ret("bad_key", set_flag(fd, KERNEL_ADDRESS), -EFAULT);
	check_ret("source", set_string(fd, "source", "one"), 0);
	check_ret("source_twice", set_string(fd, "source", "two"), -EINVAL);
	check_ret("fsmount.flag", sys(__NR_fsmount, fd, 2, 0), -EINVAL);
	check_ret("fsmount.attribute", sys(__NR_fsmount, fd, 0, 1 << 30), -EINVAL);
	check_ret("fsmount.atime", sys(__NR_fsmount, fd, 0, MOUNT_ATTR_NOATIME |
				       MOUNT_ATTR_STRICTATIME), -EINVAL);
	check_ret("fsmount.file", mount_of(file, 0), -EINVAL);
	check_ret("fsmount.bad_fd", mount_of(999, 0), -EBADF);
	become_user(PLAIN_UID);
	check_ret("user.fsopen", fsopen("tmpfs", 0), -EPERM);
	check_ret("user.create", create(fd), -EPERM);
	check_ret("user.fsmount", mount_of(fd, 0), -EPERM);
	check_ret("user.fspick", sys(__NR_fspick, AT_FDCWD, "/", 0), -EPERM);
}

static void inner_root(struct peer *up, void *arg)
{
	long fd;

	(void)up;
	(void)arg;
	enter_userns(0);
	must(sys_unshare(CLONE_NEWNS));
	fd = must(fsopen("tmpfs", 0));
	check_ret("tmpfs", create(fd), 0);
	check_ret("tmpfs.put", put(must(mount_of(fd, 0)), B), 0);
	fd = must(fsopen("devtmpfs", 0));
	check_ret("devtmpfs", create(fd), -EPERM);
	fd = must(sys(__NR_fspick, AT_FDCWD, A, 0));
	check_ret("outer_super", change_now(fd), -EPERM);
}

static void inside(void)
{
	place();
	must(tmpfs(A));
	run_child(0, inner_root, NULL);
}

const struct test_case mntns_context_cases[] = {
	{ "MNTNS-50.steps", "a file system in steps", in_steps, CLONE_NEWNS, 0 },
	{ "MNTNS-50.given_up", "and given up at each step", given_up, CLONE_NEWNS, 0 },
	{ "MNTNS-50.picked", "fspick changes what is mounted", picked, CLONE_NEWNS, 0 },
	{ "MNTNS-50.bad_steps", "what the steps refuse", bad_steps, CLONE_NEWNS, 0 },
	{ "MNTNS-50.inner", "as root of an inner user namespace", inside, CLONE_NEWUSER, 0 },
	{ 0 },
};
