// SPDX-License-Identifier: MIT
/* tests/conform/mntns_fd.c - MNTNS-30, 31, 50: mounts by descriptors.
 *
 * mount_setattr(2) for a mount or a tree; open_tree(2) and move_mount(2): trees
 * that nobody sees until they are put somewhere. */
#include "mntns.h"

#define A BASE "/a"
#define B BASE "/b"
#define C BASE "/c"
#define EMPTY MOVE_MOUNT_F_EMPTY_PATH

static void place(void)
{
	static const char *const paths[] = { "a", "b", "c", NULL };

	mount_place();
	dirs(paths);
}

/* A tmpfs with another one on /sub of it. */
static void tree_at(const char *top)
{
	must(tmpfs(top));
	must(sys_mkdir(path_in(top, "sub"), 0755));
	must(tmpfs(path_in(top, "sub")));
}

/* MNTNS-30 */

static long set_attr(const char *path, unsigned flags, unsigned long long set,
		     unsigned long long clear, unsigned long long propagation)
{
	struct mount_attr attr = { .attr_set = set, .attr_clr = clear, .propagation = propagation };

	return sys(__NR_mount_setattr, AT_FDCWD, path, flags, &attr, sizeof(attr));
}

static void attributes(void)
{
	place();
	tree_at(A);
	check_ret("one", set_attr(A, 0, MOUNT_ATTR_NODEV, 0, 0), 0);
	check_str("one.top", mount_field(A, 6), "rw,nodev,relatime");
	check_str("one.sub", mount_field(A "/sub", 6), "rw,relatime");
	check_ret("all", set_attr(A, AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC, 0, 0), 0);
	check_str("all.top", mount_field(A, 6), "ro,nodev,noexec,relatime");
	check_str("all.sub", mount_field(A "/sub", 6), "ro,noexec,relatime");
	check_ret("clear", set_attr(A, AT_RECURSIVE, 0, MOUNT_ATTR_RDONLY, 0), 0);
	check_str("clear.sub", mount_field(A "/sub", 6), "rw,noexec,relatime");
	check_ret("swap", set_attr(A, 0, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
				   0), 0);
	check_str("swap.top", mount_field(A, 6), "rw,nosuid,relatime");
	check_ret("set_and_clear", set_attr(A, 0, MOUNT_ATTR_NODEV, MOUNT_ATTR_NODEV, 0), 0);
	check_str("set_wins", mount_field(A, 6), "rw,nosuid,nodev,relatime");
	check_ret("atime", set_attr(A, 0, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, 0), 0);
	check_str("atime.top", mount_field(A, 6), "rw,nosuid,nodev,noatime");
	check_ret("strict", set_attr(A, 0, MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME, 0), 0);
	check_str("strict.top", mount_field(A, 6), "rw,nosuid,nodev");
	check_ret("shared", set_attr(A, AT_RECURSIVE, 0, 0, MS_SHARED), 0);
	check_str("shared.sub", mount_tags(A "/sub"), "shared:a");
	check_ret("private", set_attr(A, 0, 0, 0, MS_PRIVATE), 0);
	check_str("private.top", mount_tags(A), "private");
	check_str("private.sub", mount_tags(A "/sub"), "shared:a");
	check_ret("nothing", set_attr(A, 0, 0, 0, 0), 0);
}

static void all_or_nothing(void)
{
	long fd;

	place();
	tree_at(A);
	fd = must(sys_open(A "/sub/x", O_CREAT | O_WRONLY, 0644));
	check_ret("busy", set_attr(A, AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0, MS_SHARED), -EBUSY);
	check_str("busy.top", mount_field(A, 6), "rw,relatime");
	check_str("busy.tags", mount_tags(A), "private");
	check_ret("top_alone", set_attr(A, 0, MOUNT_ATTR_RDONLY, 0, 0), 0);
	check_int("still_writes", sys_write(fd, "x", 1), 1);
	sys_close(fd);
	check_ret("now", set_attr(A, AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0, 0), 0);
	check_ret("create", ret0(sys_open(A "/sub/y", O_CREAT | O_WRONLY, 0644)), -EROFS);
}

static void bad_attributes(void)
{
	static const struct {
		const char *key, *path;
		unsigned flags;
		unsigned long long set, clear, propagation;
		long want;
	} rows[] = {
		{ "unknown_set", A, 0, 1u << 30, 0, 0, -EINVAL },
		{ "unknown_clear", A, 0, 0, 1u << 30, 0, -EINVAL },
		{ "high_bit", A, 0, 1ull << 40, 0, 0, -EINVAL },
		{ "bad_flag", A, 1, MOUNT_ATTR_NODEV, 0, 0, -EINVAL },
		{ "atime_without_clear", A, 0, MOUNT_ATTR_NOATIME, 0, 0, -EINVAL },
		{ "atime_half_cleared", A, 0, 0, MOUNT_ATTR_NOATIME, 0, -EINVAL },
		{ "atime_two", A, 0, MOUNT_ATTR_NOATIME | MOUNT_ATTR_STRICTATIME,
		  MOUNT_ATTR__ATIME, 0, -EINVAL },
		{ "two_types", A, 0, 0, 0, MS_SHARED | MS_SLAVE, -EINVAL },
		{ "no_type", A, 0, 0, 0, MS_BIND, -EINVAL },
		{ "no_mount", B, 0, MOUNT_ATTR_RDONLY, 0, 0, -EINVAL },
		{ "no_mount_nothing", B, 0, 0, 0, 0, 0 },
		{ "missing", BASE "/none", 0, MOUNT_ATTR_RDONLY, 0, 0, -ENOENT },
		{ "missing_and_bad", BASE "/none", 0, 1u << 30, 0, 0, -EINVAL },
		{ "empty", "", 0, MOUNT_ATTR_RDONLY, 0, 0, -ENOENT },
	};
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NODEV };
	char longer[64] = { MOUNT_ATTR_NODEV };

	place();
	must(tmpfs(A));
	for (size_t i = 0; i < LENGTH(rows); i++)
		check_ret(rows[i].key, set_attr(rows[i].path, rows[i].flags, rows[i].set,
						rows[i].clear, rows[i].propagation), rows[i].want);
	check_ret("size_31", sys(__NR_mount_setattr, AT_FDCWD, A, 0, &attr, 31), -EINVAL);
	check_ret("size_4097", sys(__NR_mount_setattr, AT_FDCWD, A, 0, &attr, 4097), -E2BIG);
	check_ret("size_64", sys(__NR_mount_setattr, AT_FDCWD, A, 0, longer, 64), 0);
	longer[63] = 1;
	check_ret("size_64_set", sys(__NR_mount_setattr, AT_FDCWD, A, 0, longer, 64), -E2BIG);
	check_ret("bad_pointer", sys(__NR_mount_setattr, AT_FDCWD, A, 0, KERNEL_ADDRESS, 32),
		  -EFAULT);
	become_user(PLAIN_UID);
	check_ret("plain_user", set_attr(A, 0, MOUNT_ATTR_RDONLY, 0, 0), -EPERM);
}

static void locked_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	enter_userns(0);
	must(sys_unshare(CLONE_NEWNS));
	check_ret("clear", set_attr(A, 0, 0, MOUNT_ATTR_NOSUID, 0), -EPERM);
	check_ret("clear_tree", set_attr(BASE, AT_RECURSIVE, 0, MOUNT_ATTR_NOSUID, 0), -EPERM);
	check_ret("set", set_attr(A, 0, MOUNT_ATTR_RDONLY, 0, 0), 0);
	check_ret("clear_own", set_attr(A, 0, 0, MOUNT_ATTR_RDONLY, 0), 0);
	check_ret("atime", set_attr(A, 0, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, 0), -EPERM);
}

static void locked_attributes(void)
{
	place();
	must(tmpfs(A));
	must(set_attr(A, 0, MOUNT_ATTR_NOSUID, 0, 0));
	run_child(0, locked_inside, NULL);
}

/* MNTNS-31 */

static long id_map(unsigned long long set, unsigned long long clear, long fd)
{
	struct mount_attr attr = { .attr_set = set, .attr_clr = clear, .userns_fd = fd };

	return sys(__NR_mount_setattr, AT_FDCWD, A, 0, &attr, sizeof(attr));
}

static void no_id_maps(void)
{
	long null, uts;

	place();
	must(tmpfs(A));
	null = must(sys_open("/dev/null", O_RDONLY, 0));
	uts = ns_open(0, "uts");
	check_ret("cleared", id_map(0, MOUNT_ATTR_IDMAP, 0), -EINVAL);
	check_ret("no_ns", id_map(MOUNT_ATTR_IDMAP, 0, null), -EINVAL);
	check_ret("no_userns", id_map(MOUNT_ATTR_IDMAP, 0, uts), -EINVAL);
	check_ret("fd_too_big", id_map(MOUNT_ATTR_IDMAP, 0, 1l << 40), -EINVAL);
	check_str("kept", mount_field(A, 6), "rw,relatime");
}

static void id_map_of_tmpfs(void)
{
	long child = must(spawn_idle(CLONE_NEWUSER));
	long fd = ns_open(child, "user");

	if (kernel_at_least(6, 3))
		skip("tmpfs can be mapped since Linux 6.3");
	place();
	must(tmpfs(A));
	check_ret("tmpfs", id_map(MOUNT_ATTR_IDMAP, 0, fd), -EINVAL);
	end_idle(child);
}

/* MNTNS-50 */

static long open_tree(const char *path, unsigned flags)
{
	return sys(__NR_open_tree, AT_FDCWD, path, flags);
}

static long move_tree(long fd, const char *to)
{
	return sys(__NR_move_mount, fd, "", AT_FDCWD, to, EMPTY);
}

static void trees(void)
{
	struct stat st;
	long fd, one;

	place();
	tree_at(A);
	make_file(A "/sub/deep");
	fd = must(open_tree(A, OPEN_TREE_CLONE | AT_RECURSIVE | OPEN_TREE_CLOEXEC));
	check_int("cloexec", sys_fcntl(fd, F_GETFD, 0), FD_CLOEXEC);
	check_int("not_listed", mounts_below(BASE), 3);
	check_ret("by_fd", sys(__NR_newfstatat, fd, "sub/deep", &st, 0), 0);
	check_ret("write", ret0(sys(__NR_openat, fd, "new", O_CREAT | O_WRONLY, 0644)), 0);
	check_ret("same_fs", sys_stat(A "/new", &st), 0);
	check_ret("read", sys_read(fd, &st, 1), -EBADF);
	check_ret("mount_in_it", sys_mount("none", path_in("/proc/self/fd", "x"), "tmpfs", 0, NULL),
		  -ENOENT);
	check_ret("move", move_tree(fd, B), 0);
	check_true("all_there", is_mount(B) && is_mount(B "/sub"));
	check_ret("moved_is_moved", move_tree(fd, C), 0);
	check_true("there_now", is_mount(C "/sub") && !is_mount(B));
	sys_close(fd);
	check_true("close_keeps_it", is_mount(C "/sub"));
	one = must(open_tree(A, OPEN_TREE_CLONE));
	check_ret("one", sys(__NR_newfstatat, one, "sub/deep", &st, 0), -ENOENT);
	check_ret("umount_original", sys_umount(A, UMOUNT_DETACH), 0);
	check_ret("one.keeps", sys(__NR_newfstatat, one, "new", &st, 0), 0);
	check_ret("one.move", move_tree(one, A), 0);
	check_ret("one.there", sys_stat(A "/new", &st), 0);
}

/* What is closed without having been moved is gone; a hundred times. */
static void dropped_trees(void)
{
	struct stat st;
	long fd, dir;

	place();
	tree_at(A);
	for (int i = 0; i < 100; i++)
		sys_close(must(open_tree(A, OPEN_TREE_CLONE | AT_RECURSIVE)));
	check_int("mounts", mounts_below(BASE), 3);
	check_ret("not_busy", sys_umount(A "/sub", 0), 0);
	must(tmpfs(A "/sub"));
	make_file(A "/sub/deep");
	fd = must(open_tree(A, OPEN_TREE_CLONE | AT_RECURSIVE));
	dir = must(sys(__NR_openat, fd, "sub", O_RDONLY | O_DIRECTORY, 0));
	sys_close(fd);
	check_ret("who_is_in_it_stays", sys(__NR_newfstatat, dir, "deep", &st, 0), 0);
	check_ret("open_tree_of_lost", ret0(sys(__NR_open_tree, dir, "", OPEN_TREE_CLONE |
						 AT_EMPTY_PATH)), -EINVAL);
}

static void tree_attributes(void)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	long fd;

	place();
	tree_at(A);
	fd = must(open_tree(A, OPEN_TREE_CLONE | AT_RECURSIVE));
	check_ret("setattr", sys(__NR_mount_setattr, fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr,
				 sizeof(attr)), 0);
	check_ret("create", ret0(sys(__NR_openat, fd, "x", O_CREAT | O_WRONLY, 0644)), -EROFS);
	check_ret("below", sys(__NR_mount_setattr, fd, "sub", 0, &attr, sizeof(attr)), -EINVAL);
	check_ret("move", move_tree(fd, B), 0);
	check_str("top", mount_field(B, 6), "ro,relatime");
	check_str("sub", mount_field(B "/sub", 6), "ro,relatime");
	check_str("original", mount_field(A, 6), "rw,relatime");
}

/* A copy of a shared mount is its peer, but hears nothing while held. */
static void shared_trees(void)
{
	long fd;

	place();
	must(tmpfs(A));
	must(sys_mkdir(A "/x", 0755));
	must(change(A, MS_SHARED));
	fd = must(open_tree(A, OPEN_TREE_CLONE));
	must(tmpfs(A "/x"));
	must(move_tree(fd, B));
	check_str("peer", mount_tags(B), mount_tags(A));
	check_true("missed", !is_mount(B "/x"));
	must(sys_umount(A "/x", 0));
	must(tmpfs(A "/x"));
	check_true("heard", is_mount(B "/x"));
	must(tmpfs(C));
	must(sys_mkdir(C "/d", 0755));
	must(change(C, MS_SHARED));
	must(sys_mkdir(BASE "/peer", 0755));
	must(bind(C, BASE "/peer", 0));
	fd = must(open_tree(A, OPEN_TREE_CLONE | AT_RECURSIVE));
	check_ret("onto_shared", move_tree(fd, C "/d"), 0);
	check_str("onto_shared.tags", mount_tags(C "/d"), mount_tags(A));
	check_true("and_its_peer", is_mount(BASE "/peer/d/x"));
}

static void bad_trees(void)
{
	long fd, dir;

	place();
	tree_at(A);
	make_file(BASE "/file");
	check_ret("recursive_alone", open_tree(A, AT_RECURSIVE), -EINVAL);
	check_ret("unknown_flag", open_tree(A, 2), -EINVAL);
	check_ret("missing", open_tree(BASE "/none", OPEN_TREE_CLONE), -ENOENT);
	check_ret("empty", open_tree("", OPEN_TREE_CLONE), -ENOENT);
	fd = must(open_tree(A "/sub", 0));
	check_ret("plain.read", sys_read(fd, &dir, 1), -EBADF);
	check_ret("plain.move", move_tree(fd, B), 0);
	check_true("plain.moved", is_mount(B) && !is_mount(A "/sub"));
	must(change(B, MS_UNBINDABLE));
	check_ret("unbindable", open_tree(B, OPEN_TREE_CLONE), -EINVAL);
	dir = must(sys_open(BASE "/c", O_RDONLY | O_DIRECTORY, 0));
	check_ret("move.no_mount", move_tree(dir, A), -EINVAL);
	check_ret("move.bad_fd", move_tree(999, A), -EBADF);
	check_ret("move.flag", sys(__NR_move_mount, fd, "", AT_FDCWD, C, 0x400), -EINVAL);
	check_ret("move.empty_not_allowed", sys(__NR_move_mount, fd, "", AT_FDCWD, C, 0), -ENOENT);
	check_ret("move.to_missing", move_tree(fd, BASE "/none"), -ENOENT);
	check_ret("move.to_file", move_tree(fd, BASE "/file"), -EINVAL);
	check_ret("move.into_itself", move_tree(fd, B), -ELOOP);
	check_ret("move.by_path", sys(__NR_move_mount, AT_FDCWD, A, AT_FDCWD, C, 0), 0);
	become_user(PLAIN_UID);
	check_ret("user.clone", open_tree(C, OPEN_TREE_CLONE), -EPERM);
	check_ret("user.plain", ret0(open_tree(C, 0)), 0);
	check_ret("user.move", move_tree(fd, A), -EPERM);
}

static long set_group(const char *from, const char *to)
{
	return sys(__NR_move_mount, AT_FDCWD, from, AT_FDCWD, to, MOVE_MOUNT_SET_GROUP);
}

static void groups(void)
{
	place();
	must(tmpfs(A));
	must(sys_mkdir(A "/d", 0755));
	must(bind(A, B, 0));
	must(tmpfs(C));
	check_ret("from_private", set_group(A, B), -EINVAL);
	must(change(A, MS_SHARED));
	check_ret("other_super", set_group(A, C), -EINVAL);
	check_ret("no_mount", set_group(A, A "/d"), -EINVAL);
	check_ret("shared", set_group(A, B), 0);
	check_str("shared.tags", mount_tags(B), mount_tags(A));
	check_ret("again", set_group(A, B), -EINVAL);
	must(tmpfs(A "/d"));
	check_true("propagates", is_mount(B "/d"));
	must(change(B, MS_SLAVE));
	must(sys_umount(C, 0));
	must(bind(A, C, 0));
	must(change(C, MS_PRIVATE));
	check_ret("slave", set_group(B, C), 0);
	check_str("slave.tags", mount_tags(C), "master:a");
}

const struct test_case mntns_fd_cases[] = {
	{ "MNTNS-30", "mount_setattr: what it sets and clears", attributes, CLONE_NEWNS, 0 },
	{ "MNTNS-30.atomic", "all of a tree or nothing", all_or_nothing, CLONE_NEWNS, 0 },
	{ "MNTNS-30.refused", "what it refuses", bad_attributes, CLONE_NEWNS, 0 },
	{ "MNTNS-30.locked", "locked flags", locked_attributes, CLONE_NEWUSER, 0 },
	{ "MNTNS-31", "what is no map of ids", no_id_maps, CLONE_NEWNS, 0 },
	{ "MNTNS-31.tmpfs", "tmpfs is not mapped", id_map_of_tmpfs, CLONE_NEWUSER, 0 },
	{ "MNTNS-50", "a tree held, then moved into view", trees, CLONE_NEWNS, 0 },
	{ "MNTNS-50.dropped", "a tree held, then let go", dropped_trees, CLONE_NEWNS, 0 },
	{ "MNTNS-50.attributes", "mount_setattr on a tree that is held", tree_attributes,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-50.shared", "a held tree hears nothing", shared_trees, CLONE_NEWNS, 0 },
	{ "MNTNS-50.refused", "what open_tree and move_mount refuse", bad_trees, CLONE_NEWNS, 0 },
	{ "MNTNS-50.group", "MOVE_MOUNT_SET_GROUP", groups, CLONE_NEWNS, 0 },
	{ 0 },
};
