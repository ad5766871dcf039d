// SPDX-License-Identifier: MIT
/* tests/conform/mntns_pivot.c - MNTNS-39 to 44: another root, another namespace.
 *
 * pivot_root(2) needs a root that is itself mounted on something: own_root()
 * makes one, as switch_root(8) does. See pivot_root(2), setns(2). */
#include "mntns.h"

#define A BASE "/a"
#define B BASE "/b"
#define C BASE "/c"

static long pivot_root(const char *new_root, const char *put_old)
{
	return sys(__NR_pivot_root, new_root, put_old);
}

static void three_dirs(void)
{
	static const char *const paths[] = { "a", "b", "c", NULL };

	mount_place();
	dirs(paths);
}

/* A tmpfs as root, with /proc, /new (another tmpfs) and some places. */
static void own_root(void)
{
	static const char *const names[] = { "proc", "new", "dir", "other" };

	three_dirs();
	must(tmpfs(A));
	for (size_t i = 0; i < LENGTH(names); i++)
		must(sys_mkdir(path_in(A, names[i]), 0755));
	must(bind("/proc", A "/proc", 0));
	must(sys(__NR_chdir, A));
	must(sys_mount(".", "/", NULL, MS_MOVE, NULL));
	must(sys(__NR_chroot, "."));
	make_file("/file");
	must(tmpfs("/new"));
	must(sys_mkdir("/new/old", 0755));
	must(sys_mkdir("/new/proc", 0755));
	must(bind("/proc", "/new/proc", 0));
	make_file("/new/here");
}

/* MNTNS-39 */

static void pivots(void)
{
	struct stat st;

	own_root();
	for (int i = 0; i < 20; i++) {
		must(pivot_root("/new", "/new/old"));
		must(sys(__NR_chdir, "/"));
		must(pivot_root("/old", "/old/new"));
		must(sys(__NR_chdir, "/"));
	}
	check_ret("pivot_root", pivot_root("/new", "/new/old"), 0);
	check_ret("new_is_root", sys_stat("/here", &st), 0);
	check_ret("old_is_below", sys_stat("/old/file", &st), 0);
	check_str("root.point", mount_field("/", 5), "/");
	check_str("old.point", mount_field("/old", 101), "tmpfs");
	check_ret("umount_old", sys_umount("/old", UMOUNT_DETACH), 0);
	check_ret("old_gone", sys_stat("/old/file", &st), -ENOENT);
	check_int("mounts_left", mounts_below("/proc"), 1);
}

static void refused_pivots(void)
{
	static const struct {
		const char *key, *new_root, *put_old;
		long want;
	} rows[] = {
		{ "new_is_root", "/", "/new/old", -EBUSY },
		{ "old_is_root", "/new", "/", -EBUSY },
		{ "both_are_root", "/", "/", -EBUSY },
		{ "new_on_root_fs", "/dir", "/dir", -EBUSY },
		{ "old_on_root_fs", "/new", "/dir", -EBUSY },
		{ "no_mountpoint", "/new/dir", "/new/dir/old", -EINVAL },
		{ "old_elsewhere", "/new", "/other", -EINVAL },
		{ "new_is_file", "/new/here", "/new/old", -ENOTDIR },
		{ "old_is_file", "/new", "/new/here", -ENOTDIR },
		{ "new_missing", "/none", "/new/old", -ENOENT },
		{ "old_missing", "/new", "/new/none", -ENOENT },
		{ "new_empty", "", "/new/old", -ENOENT },
		{ "new_bad", KERNEL_ADDRESS, "/new/old", -EFAULT },
		{ "old_bad", "/new", KERNEL_ADDRESS, -EFAULT },
	};

	own_root();
	must(tmpfs("/other"));
	must(sys_mkdir("/new/dir", 0755));
	must(sys_mkdir("/new/dir/old", 0755));
	for (size_t i = 0; i < LENGTH(rows); i++)
		check_ret(rows[i].key, pivot_root(rows[i].new_root, rows[i].put_old),
			  rows[i].want);
	check_ret("then", pivot_root("/new", "/new/old"), 0);
}

static void shared_pivots(void)
{
	own_root();
	must(change("/", MS_SHARED));
	check_ret("parent_of_new", pivot_root("/new", "/new/old"), -EINVAL);
	must(change("/", MS_PRIVATE));
	must(change("/new", MS_SHARED));
	check_ret("put_old", pivot_root("/new", "/new/old"), -EINVAL);
	must(change("/new", MS_SLAVE));
	check_ret("slave", pivot_root("/new", "/new/old"), 0);
}

static void gone_pivots(void)
{
	char path[64];
	long fd;

	own_root();
	must(sys_mkdir("/new/gone", 0755));
	fd = must(sys_open("/new/gone", O_RDONLY | O_DIRECTORY, 0));
	must(sys_rmdir("/new/gone"));
	snprintf(path, sizeof(path), "/proc/self/fd/%ld", fd);
	check_ret("put_old_deleted", pivot_root("/new", path), -ENOENT);
	must(sys_close(fd));
	must(sys(__NR_chroot, "/new/proc"));
	check_ret("root_is_no_mount_of_ours", pivot_root("/", "/"), -EBUSY);
}

static void locked_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	enter_userns(0);
	must(sys_unshare(CLONE_NEWNS));
	check_ret("locked", pivot_root("/new", "/new/old"), -EINVAL);
	must(bind("/new", "/other", MS_REC));
	check_ret("own_bind", pivot_root("/other", "/other/old"), 0);
	check_ret("old_root_is_locked_no_more", sys_umount("/old", UMOUNT_DETACH), 0);
	check_ret("root_is_locked_now", sys_umount("/", UMOUNT_DETACH), -EINVAL);
}

static void locked_pivots(void)
{
	own_root();
	run_child(0, locked_inside, NULL);
}

/* MNTNS-40 */

static void pivot_rootfs(void)
{
	three_dirs();
	if (strcmp(mount_field("/", 101), "rootfs") != 0)
		skip("the root is not the initramfs");
	must(tmpfs(A));
	must(sys_mkdir(A "/old", 0755));
	check_ret("pivot_root", pivot_root(A, A "/old"), -EINVAL);
	check_ret("umount_rootfs", sys_umount("/", UMOUNT_DETACH), -EINVAL);
	check_ret("move_rootfs", sys_mount("/", A "/old", NULL, MS_MOVE, NULL), -EINVAL);
}

/* MNTNS-41 */

static void pivot_dot(void)
{
	struct stat st;

	own_root();
	must(sys(__NR_chdir, "/new"));
	check_ret("pivot_root", pivot_root(".", "."), 0);
	check_ret("root_is_new", sys_stat("/here", &st), 0);
	check_ret("dot_is_new_below", sys_stat("here", &st), 0);
	check_ret("umount", sys_umount(".", UMOUNT_DETACH), 0);
	check_ret("still_there", sys_stat("/here", &st), 0);
	check_int("mounts", mounts_below(""), 2);
}

/* MNTNS-42 */

/* Another process: where does it stand before and behind? */
static void bystander(struct peer *up, void *arg)
{
	const char *cwd = arg;
	struct stat st;

	must(sys(__NR_chdir, cwd));
	if (strcmp(cwd, "/new/proc") == 0)
		must(sys(__NR_chroot, "."));
	tell(up);
	hear(up);
	obs_str("cwd", cwd);
	obs_ret("root_has_here", sys_stat("/here", &st));
	obs_ret("root_has_file", sys_stat("/file", &st));
	obs_ret("cwd_has_here", sys_stat("here", &st));
	obs_ret("cwd_has_file", sys_stat("file", &st));
	check_int("root_moved", sys_stat("/here", &st) == 0, strcmp(cwd, "/new/proc") != 0);
	check_int("cwd_moved", sys_stat("here", &st) == 0, strcmp(cwd, "/") == 0);
}

/* One in a copy of the namespace: nothing changes for it. */
static void in_another_ns(struct peer *up, void *arg)
{
	struct stat st;

	(void)arg;
	tell(up);
	hear(up);
	check_ret("elsewhere.root", sys_stat("/file", &st), 0);
	check_ret("elsewhere.new", sys_stat("/new/here", &st), 0);
}

static void others_move(void)
{
	static const char *const places[] = { "/", "/dir", "/new/proc" };
	struct peer peers[LENGTH(places)], elsewhere;

	own_root();
	for (size_t i = 0; i < LENGTH(places); i++) {
		spawn(&peers[i], 0, bystander, (void *)places[i]);
		hear(&peers[i]);
	}
	spawn(&elsewhere, CLONE_NEWNS, in_another_ns, NULL);
	hear(&elsewhere);
	must(pivot_root("/new", "/new/old"));
	for (size_t i = 0; i < LENGTH(places); i++) {
		tell(&peers[i]);
		finish(&peers[i]);
	}
	tell(&elsewhere);
	finish(&elsewhere);
}

/* MNTNS-43 */

static void marked_ns(struct peer *up, void *arg)
{
	(void)arg;
	must(tmpfs(B));
	make_file(B "/marked");
	tell(up);
	hear(up);
}

static void enters(struct peer *up, void *arg)
{
	const unsigned long long caps = *(unsigned long long *)arg;
	long fd = recv_long(up);

	become_user_with(PLAIN_UID, caps);
	check_ret("setns", sys_setns(fd, CLONE_NEWNS), -EPERM);
}

static void setns_caps(void)
{
	static const unsigned long long missing[] = {
		0, CAP_BIT(CAP_SYS_ADMIN), CAP_BIT(CAP_SYS_CHROOT),
	};
	struct peer child, other;
	struct stat st;
	long fd;

	three_dirs();
	spawn(&child, CLONE_NEWNS, marked_ns, NULL);
	hear(&child);
	fd = ns_open(child.pid, "mnt");
	for (size_t i = 0; i < LENGTH(missing); i++) {
		spawn(&other, 0, enters, (void *)&missing[i]);
		send_long(&other, fd);
		finish(&other);
	}
	must(sys(__NR_chdir, A));
	check_ret("setns", sys_setns(fd, CLONE_NEWNS), 0);
	check_ret("mounts_of_it", sys_stat(B "/marked", &st), 0);
	check_ret("cwd_is_root", sys_stat("tmp/conform/b/marked", &st), 0);
	check_ret("again", sys_setns(fd, CLONE_NEWNS), 0);
	tell(&child);
	finish(&child);
}

static void tries_outer(struct peer *up, void *arg)
{
	long outer = ns_open(sys_getpid(), "mnt");

	(void)up;
	(void)arg;
	enter_userns(0);
	must(sys_unshare(CLONE_NEWNS));
	check_ret("outer_owner", sys_setns(outer, CLONE_NEWNS), -EPERM);
}

static void setns_root(struct peer *up, void *arg)
{
	long outer = ns_open(sys_getpid(), "mnt");
	struct stat st;

	(void)up;
	(void)arg;
	must(sys_unshare(CLONE_NEWNS));
	must(sys(__NR_chroot, A));
	check_ret("setns", sys_setns(outer, CLONE_NEWNS), 0);
	check_ret("out_of_the_chroot", sys_stat(A, &st), 0);
}

static void shared_fs(void *arg)
{
	check_ret("shared_fs", sys_setns(*(long *)arg, CLONE_NEWNS), -EINVAL);
}

static void setns_more(void)
{
	long fd;

	three_dirs();
	run_child(0, tries_outer, NULL);
	run_child(0, setns_root, NULL);
	fd = ns_open(sys_getpid(), "mnt");
	in_thread(shared_fs, &fd);
}

/* MNTNS-44 */

static void binds_mntns(struct peer *up, void *arg)
{
	char path[64];

	(void)arg;
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", (int)sys_getppid());
	check_ret("older", bind(path, A "/f", 0), -EINVAL);
	check_ret("own", bind("/proc/self/ns/mnt", A "/f", 0), -EINVAL);
	check_ret("own_uts", bind("/proc/self/ns/uts", A "/f", 0), 0);
	tell(up);
	hear(up);
}

static void ns_loops(void)
{
	struct peer child;
	struct stat st;

	three_dirs();
	make_file(A "/f");
	make_file(A "/g");
	make_file(B "/x");
	spawn(&child, CLONE_NEWNS, binds_mntns, NULL);
	hear(&child);
	check_ret("own", bind("/proc/self/ns/mnt", A "/f", 0), -EINVAL);
	check_ret("younger", bind(ns_path(child.pid, "mnt"), A "/f", 0), 0);
	must(sys_stat(A "/f", &st));
	check_true("is_it", st.st_ino == ns_id(child.pid, "mnt"));
	check_ret("bind_of_bind", bind(A "/f", A "/g", 0), 0);
	must(tmpfs(C));
	must(sys_mkdir(C "/d", 0755));
	check_ret("rbind_copies_it", bind(A, C "/d", MS_REC), 0);
	must(change(C, MS_SHARED));
	must(bind(C, B, 0));
	make_file(C "/f");
	check_ret("to_a_shared_mount_with_peers", bind(A "/f", C "/f", 0), -EINVAL);
	tell(&child);
	finish(&child);
	must(sys_unshare(CLONE_NEWNS));
	check_true("not_in_a_copy", !is_mount(A "/f") && !is_mount(A "/g"));
}

/* A tree from outside that holds the namespace into which it is moved. */
static void tree_loops(void)
{
	struct peer child;
	long tree;

	three_dirs();
	make_file(A "/f");
	spawn(&child, CLONE_NEWNS, marked_ns, NULL);
	hear(&child);
	must(tmpfs(C));
	make_file(C "/f");
	must(bind(ns_path(child.pid, "mnt"), C "/f", 0));
	tree = must(sys(__NR_open_tree, AT_FDCWD, C, OPEN_TREE_CLONE | AT_RECURSIVE));
	must(sys_setns(ns_open(child.pid, "mnt"), CLONE_NEWNS));
	check_ret("move", sys(__NR_move_mount, tree, "", AT_FDCWD, A, MOVE_MOUNT_F_EMPTY_PATH),
		  -ELOOP);
	tell(&child);
	finish(&child);
}

const struct test_case mntns_pivot_cases[] = {
	{ "MNTNS-39", "pivot_root, there and back", pivots, CLONE_NEWNS, 0 },
	{ "MNTNS-39.refused", "what pivot_root refuses", refused_pivots, CLONE_NEWNS, 0 },
	{ "MNTNS-39.shared", "pivot_root and shared mounts", shared_pivots, CLONE_NEWNS, 0 },
	{ "MNTNS-39.gone", "pivot_root and deleted places", gone_pivots, CLONE_NEWNS, 0 },
	{ "MNTNS-39.locked", "pivot_root and locked mounts", locked_pivots, CLONE_NEWUSER, 0 },
	{ "MNTNS-40", "the initramfs stays", pivot_rootfs, CLONE_NEWNS, 0 },
	{ "MNTNS-41", "pivot_root(\".\", \".\")", pivot_dot, CLONE_NEWNS, 0 },
	{ "MNTNS-42", "roots and working directories move too", others_move, CLONE_NEWNS, 0 },
	{ "MNTNS-43", "setns: capabilities, root and working directory", setns_caps,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-43.more", "setns: owners, chroot, shared contexts", setns_more,
	  CLONE_NEWUSER, 0 },
	{ "MNTNS-44", "no namespace keeps itself", ns_loops, CLONE_NEWNS, 0 },
	{ "MNTNS-44.tree", "nor by a tree moved into it", tree_loops, CLONE_NEWNS, 0 },
	{ 0 },
};
