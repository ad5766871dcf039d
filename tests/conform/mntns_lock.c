// SPDX-License-Identifier: MIT
/* tests/conform/mntns_lock.c - MNTNS-32 to 37: mounts from a more privileged namespace.
 *
 * What an inner user namespace gets as a unit it can neither take apart nor
 * loosen; what it mounts itself is its own. See mount_namespaces(7). */
#include "mntns.h"

#define A BASE "/a"
#define B BASE "/b"
#define C BASE "/c"

static void three_dirs(void)
{
	static const char *const paths[] = { "a", "b", "c", NULL };

	mount_place();
	dirs(paths);
}

/* Two mounts, one on the other: a unit. */
static void unit(const char *top)
{
	must(tmpfs(top));
	must(sys_mkdir(path_in(top, "sub"), 0755));
	must(sys_mkdir(path_in(top, "dir"), 0755));
	must(tmpfs(path_in(top, "sub")));
}

/* Root of an inner user namespace with a copy of the mounts. */
static void inside(void)
{
	enter_userns(0);
	must(sys_unshare(CLONE_NEWNS));
}

/* MNTNS-32 */

static void less_privileged(struct peer *up, void *arg)
{
	hear(up);
	(void)arg;
	check_str("shared_is_slave", mount_tags(A), "master:a");
	check_str("private_stays", mount_tags(B), "private");
	must(sys_mkdir(A "/y", 0755));
	must(tmpfs(A "/y"));
	tell(up);
	hear(up);
	check_true("received", is_mount(A "/x"));
	check_ret("make_shared", change(A, MS_SHARED), 0);
	check_str("shared_among_us", mount_tags(A), "shared:b master:a");
	must(sys_unshare(CLONE_NEWNS));
	check_str("same_owner_same_group", mount_tags(A), "shared:b master:a");
}

static void other_owner(void)
{
	struct peer child;

	three_dirs();
	must(tmpfs(A));
	must(tmpfs(B));
	must(change(A, MS_SHARED));
	must(sys_mkdir(A "/x", 0755));
	spawn(&child, CLONE_NEWNS | CLONE_NEWUSER, less_privileged, NULL);
	map_root(child.pid, 0);
	tell(&child);
	hear(&child);
	check_true("not_sent", !is_mount(A "/y"));
	must(tmpfs(A "/x"));
	tell(&child);
	finish(&child);
}

/* MNTNS-33 */

static void locked_copy(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	inside();
	check_ret("umount", sys_umount(A "/sub", 0), -EINVAL);
	check_ret("detach", sys_umount(A "/sub", UMOUNT_DETACH), -EINVAL);
	check_ret("expire", sys_umount(A "/sub", UMOUNT_EXPIRE), -EINVAL);
	check_ret("top", sys_umount(A, UMOUNT_DETACH), -EINVAL);
	check_ret("place", sys_umount(BASE, UMOUNT_DETACH), -EINVAL);
	check_ret("move", sys_mount(A "/sub", B, NULL, MS_MOVE, NULL), -EINVAL);
	must(tmpfs(B));
	check_ret("own", sys_umount(B, 0), 0);
	must(sys_unshare(CLONE_NEWNS));
	check_ret("in_another_copy", sys_umount(A "/sub", 0), -EINVAL);
	enter_userns(0);
	must(sys_unshare(CLONE_NEWNS));
	check_ret("two_levels", sys_umount(A "/sub", 0), -EINVAL);
}

static void locked(void)
{
	three_dirs();
	unit(A);
	run_child(0, locked_copy, NULL);
	check_ret("outer", sys_umount(A "/sub", 0), 0);
}

/* What arrives by propagation is a unit of its own: its top can go. */
static void receiver(struct peer *up, void *arg)
{
	(void)arg;
	inside();
	tell(up);
	hear(up);
	check_true("received", is_mount(A "/x") && is_mount(A "/x/sub") && is_mount(A "/z"));
	check_ret("single", sys_umount(A "/z", 0), 0);
	check_ret("part", sys_umount(A "/x/sub", UMOUNT_DETACH), -EINVAL);
	check_ret("flags", bind(NULL, A "/x", MS_REMOUNT), -EPERM);
	check_ret("whole_busy", sys_umount(A "/x", 0), -EBUSY);
	check_ret("whole", sys_umount(A "/x", UMOUNT_DETACH), 0);
	check_true("all_gone", !is_mount(A "/x/sub"));
}

static void locked_by_propagation(void)
{
	struct peer child;

	three_dirs();
	must(tmpfs(A));
	must(change(A, MS_SHARED));
	must(sys_mkdir(A "/x", 0755));
	must(sys_mkdir(A "/z", 0755));
	unit(B);
	must(bind(NULL, B, MS_REMOUNT | MS_NOSUID));
	spawn(&child, 0, receiver, NULL);
	hear(&child);
	must(bind(B, A "/x", MS_REC));
	must(tmpfs(A "/z"));
	tell(&child);
	finish(&child);
	check_true("outer_keeps", is_mount(A "/x/sub") && is_mount(A "/z"));
}

/* MNTNS-34 */

static void binds_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	inside();
	check_ret("bind", bind(A, B, 0), -EINVAL);
	check_ret("bind_dir_without", bind(A "/dir", B, 0), 0);
	must(sys_umount(B, 0));
	check_ret("bind_leaf", bind(A "/sub", B, 0), 0);
	check_ret("leaf_umount", sys_umount(B, 0), 0);
	check_ret("rbind", bind(A, B, MS_REC), 0);
	check_ret("rbind.child", sys_umount(B "/sub", 0), -EINVAL);
	check_ret("rbind.child_detach", sys_umount(B "/sub", UMOUNT_DETACH), -EINVAL);
	check_ret("rbind.bind_again", bind(B, C, 0), -EINVAL);
	check_ret("rbind.whole", sys_umount(B, UMOUNT_DETACH), 0);
	check_true("rbind.gone", !is_mount(B));
	check_ret("unbindable", change(A "/sub", MS_UNBINDABLE), 0);
	check_ret("rbind_would_prune", bind(A, B, MS_REC), -EPERM);
	check_true("nothing_bound", !is_mount(B));
	must(change(A "/sub", MS_PRIVATE));
	must(sys_mkdir(A "/dir/own", 0755));
	must(tmpfs(A "/dir/own"));
	check_ret("own_child_is_no_secret", bind(A "/dir", C, 0), 0);
}

static void no_exposure(void)
{
	three_dirs();
	unit(A);
	run_child(0, binds_inside, NULL);
	check_ret("outer", bind(A, B, 0), 0);
}

/* MNTNS-35 */

static void stacks(struct peer *up, void *arg)
{
	struct stat st;

	(void)up;
	(void)arg;
	inside();
	for (int i = 0; i < 100; i++) {
		must(tmpfs(A "/sub"));
		must(sys_umount(A "/sub", 0));
	}
	check_ret("stack", tmpfs(A "/sub"), 0);
	make_file(A "/sub/mine");
	check_ret("again", tmpfs(A "/sub"), 0);
	check_ret("covered", sys_stat(A "/sub/mine", &st), -ENOENT);
	check_ret("unstack", sys_umount(A "/sub", 0), 0);
	check_ret("uncovered", sys_stat(A "/sub/mine", &st), 0);
	check_ret("unstack_first", sys_umount(A "/sub", 0), 0);
	check_ret("locked_again", sys_umount(A "/sub", 0), -EINVAL);
}

static void stacking(void)
{
	three_dirs();
	unit(A);
	run_child(0, stacks, NULL);
}

/* MNTNS-36 */

static const struct flag_row {
	const char *name;
	unsigned long outer, other;
	long want;
} flag_rows[] = {
	{ "ro", MS_RDONLY, 0, -EPERM },
	{ "nosuid", MS_NOSUID, 0, -EPERM },
	{ "nodev", MS_NODEV, 0, -EPERM },
	{ "noexec", MS_NOEXEC, 0, -EPERM },
	{ "noatime", MS_NOATIME, MS_RELATIME, -EPERM },
	{ "noatime_to_strict", MS_NOATIME, MS_STRICTATIME, -EPERM },
	{ "relatime", MS_RELATIME, MS_NOATIME, -EPERM },
	{ "strictatime", MS_STRICTATIME, MS_RELATIME, -EPERM },
	{ "nodiratime", MS_NODIRATIME, MS_RELATIME, -EPERM },
	{ "nosymfollow", MS_NOSYMFOLLOW, 0, 0 },
	{ "two_of_three", MS_RDONLY | MS_NOSUID | MS_NODEV, MS_RDONLY | MS_NOSUID, -EPERM },
	{ "none", 0, 0, 0 },
};

/* Loosen it, keep it, tighten it; on it, and on a bind of it. */
static void flags_inside(struct peer *up, void *arg)
{
	const struct flag_row *row = arg;
	unsigned long same = MS_REMOUNT | row->outer;
	char key[64];

	(void)up;
	inside();
	check_ret(row->name, bind(NULL, A, MS_REMOUNT | row->other), row->want);
	check_ret("same", bind(NULL, A, same), 0);
	check_ret("more", bind(NULL, A, same | MS_NOEXEC | MS_NODEV), 0);
	check_ret("what_was_added_goes", bind(NULL, A, same), 0);
	must(bind(A, B, 0));
	snprintf(key, sizeof(key), "%s.bound", row->name);
	check_ret(key, bind(NULL, B, MS_REMOUNT | row->other), row->want);
	must(tmpfs(C));
	check_ret("own.set", bind(NULL, C, same), 0);
	check_ret("own.clear", bind(NULL, C, MS_REMOUNT | row->other), 0);
}

static void locked_flags(void)
{
	for (size_t i = 0; i < LENGTH(flag_rows); i++) {
		three_dirs();
		must(tmpfs(A));
		must(bind(NULL, A, MS_REMOUNT | flag_rows[i].outer));
		run_child(0, flags_inside, (void *)&flag_rows[i]);
		check_ret("outer", bind(NULL, A, MS_REMOUNT), 0);
		must(sys_umount(BASE, UMOUNT_DETACH));
	}
}

/* MNTNS-37 */

static void supers_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	inside();
	check_ret("remount_ro", change(A, MS_REMOUNT | MS_RDONLY), -EPERM);
	check_ret("remount_same", change(A, MS_REMOUNT), -EPERM);
	check_ret("options", sys_mount(NULL, A, NULL, MS_REMOUNT, "size=1m"), -EPERM);
	check_ret("force.locked", sys_umount(A, UMOUNT_FORCE), -EINVAL);
	must(bind(A, B, 0));
	check_ret("force.outer_super", sys_umount(B, UMOUNT_FORCE), -EPERM);
	must(tmpfs(C));
	check_ret("force.own", sys_umount(C, UMOUNT_FORCE), 0);
	must(tmpfs(C));
	check_ret("own.remount_ro", change(C, MS_REMOUNT | MS_RDONLY), 0);
	check_ret("own.options", sys_mount(NULL, C, NULL, MS_REMOUNT, "size=1m"), 0);
	check_ret("bind_remount", bind(NULL, A, MS_REMOUNT | MS_RDONLY), 0);
}

static void supers(void)
{
	three_dirs();
	must(tmpfs(A));
	run_child(0, supers_inside, NULL);
	check_str("outer_is_rw", mount_field(A, 6), "rw,relatime");
	check_ret("outer.remount_ro", change(A, MS_REMOUNT | MS_RDONLY), 0);
	check_ret("outer.force", sys_umount(A, UMOUNT_FORCE), 0);
}

const struct test_case mntns_lock_cases[] = {
	{ "MNTNS-32", "a less privileged copy only receives", other_owner, CLONE_NEWUSER, 0 },
	{ "MNTNS-33", "what was inherited is not unmounted", locked, CLONE_NEWUSER, 0 },
	{ "MNTNS-33.propagated", "what arrives later is a unit", locked_by_propagation,
	  CLONE_NEWUSER, 0 },
	{ "MNTNS-34", "no bind shows what a locked mount hides", no_exposure, CLONE_NEWUSER, 0 },
	{ "MNTNS-35", "stacking on a locked mount", stacking, CLONE_NEWUSER, 0 },
	{ "MNTNS-36", "locked flags are not cleared", locked_flags, CLONE_NEWUSER, 0 },
	{ "MNTNS-37", "a file system is its mounter's", supers, CLONE_NEWUSER, 0 },
	{ 0 },
};
