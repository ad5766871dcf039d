// SPDX-License-Identifier: MIT
/* tests/conform/mntns_view.c - MNTNS-09, 38, 48, 49, 51 to 53: who sees which mounts.
 *
 * What /proc shows to whom, how it tells of changes, places that are mounted
 * on elsewhere, and sessions with directories of their own. See proc(5). */
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

/* MNTNS-09, 49 */

/* The group number behind a tag, 0 if the line has no such tag. */
static long group_of(const char *path, const char *tag)
{
	for (int i = 7; i < 12; i++) {
		const char *field = mount_field(path, i);

		if (strncmp(field, tag, strlen(tag)) == 0)
			return strtol(field + strlen(tag), NULL, 10);
	}
	return 0;
}

static void from_below(struct peer *up, void *arg)
{
	long first = recv_long(up);

	(void)arg;
	must(sys(__NR_chroot, A));
	check_true("master_is_hidden", group_of("/c", "master:") != first);
	check_true("propagate_from", group_of("/c", "propagate_from:") == first);
	check_int("direct_slave", group_of("/d", "propagate_from:"), 0);
}

/* a/x (shared) -> b (slave and shared) -> a/c (slave), seen from below a. */
static void dominating_group(void)
{
	struct peer child;
	long first;

	three_dirs();
	must(tmpfs(A));
	must(sys_mkdir(A "/x", 0755));
	must(sys_mkdir(A "/c", 0755));
	must(sys_mkdir(A "/d", 0755));
	must(sys_mkdir(A "/proc", 0755));
	must(bind("/proc", A "/proc", 0));
	must(tmpfs(A "/x"));
	must(change(A "/x", MS_SHARED));
	first = group_of(A "/x", "shared:");
	must(bind(A "/x", B, 0));
	must(change(B, MS_SLAVE));
	must(bind(A "/x", A "/d", 0));
	must(change(A "/d", MS_SLAVE));
	must(change(B, MS_SHARED));
	must(bind(B, A "/c", 0));
	must(change(A "/c", MS_SLAVE));
	check_true("all_seen.master", group_of(A "/c", "master:") == group_of(B, "shared:"));
	check_int("all_seen.propagate_from", group_of(A "/c", "propagate_from:"), 0);
	spawn(&child, 0, from_below, NULL);
	send_long(&child, first);
	finish(&child);
}

static void view_from_root(struct peer *up, void *arg)
{
	(void)arg;
	must(sys(__NR_chroot, A));
	check_int("mounts", mounts_below(""), 3);
	check_str("root", mount_field("/", 101), "tmpfs");
	check_str("below", mount_field("/sub", 101), "tmpfs");
	check_true("outside", !is_mount(B) && !is_mount("/tmp"));
	must(sys(__NR_chroot, "/sub/dir"));
	tell(up);
	hear(up);
}

static void only_reachable(void)
{
	static char text[16384];
	struct peer child;
	char path[64];

	three_dirs();
	must(tmpfs(A));
	must(tmpfs(B));
	must(sys_mkdir(A "/sub", 0755));
	must(sys_mkdir(A "/proc", 0755));
	must(tmpfs(A "/sub"));
	must(sys_mkdir(A "/sub/dir", 0755));
	must(bind("/proc", A "/proc", 0));
	spawn(&child, 0, view_from_root, NULL);
	hear(&child);
	snprintf(path, sizeof(path), "/proc/%d/mountinfo", child.pid);
	check_ret("root_is_no_mount.mountinfo", read_file(path, text, sizeof(text)), 0);
	snprintf(path, sizeof(path), "/proc/%d/mounts", child.pid);
	check_ret("root_is_no_mount.mounts", read_file(path, text, sizeof(text)), 0);
	tell(&child);
	finish(&child);
}

/* MNTNS-38 */

static void mounts_here(struct peer *up, void *arg)
{
	(void)arg;
	must(tmpfs(A));
	must(tmpfs(B));
	must(bind(A, C, 0));
	must(bind("/proc/version", BASE "/file", 0));
	tell(up);
	hear(up);
	check_true("rmdir", !is_mount(A));
	check_true("renamed_away", is_mount(BASE "/b2") && !is_mount(B));
	check_true("renamed_over", !is_mount(C));
	check_true("unlink", !is_mount(BASE "/file"));
	check_int("mounts", mounts_below(BASE), 2);
}

static void elsewhere_no_hindrance(void)
{
	struct peer child;

	three_dirs();
	make_file(BASE "/file");
	must(sys_mkdir(BASE "/empty", 0755));
	spawn(&child, CLONE_NEWNS, mounts_here, NULL);
	hear(&child);
	check_ret("rmdir", sys_rmdir(A), 0);
	check_ret("rename_away", sys(__NR_rename, B, BASE "/b2"), 0);
	check_ret("rename_over", sys(__NR_rename, BASE "/empty", C), 0);
	check_ret("unlink", sys_unlink(BASE "/file"), 0);
	tell(&child);
	finish(&child);
}

static void own_mounts_hinder(void)
{
	three_dirs();
	make_file(BASE "/file");
	must(sys_mkdir(BASE "/empty", 0755));
	must(tmpfs(A));
	must(bind("/proc/version", BASE "/file", 0));
	check_ret("rmdir", sys_rmdir(A), -EBUSY);
	check_ret("rename_away", sys(__NR_rename, A, BASE "/a2"), -EBUSY);
	check_ret("rename_over", sys(__NR_rename, BASE "/empty", A), -EBUSY);
	check_ret("exchange", sys(__NR_renameat2, AT_FDCWD, B, AT_FDCWD, A, 2), -EBUSY);
	check_ret("unlink", sys_unlink(BASE "/file"), -EBUSY);
	must(sys_umount(A, 0));
	check_ret("then", sys_rmdir(A), 0);
}

/* MNTNS-48 */

static long changed(long fd)
{
	struct pollfd poll = { .fd = fd, .events = POLLPRI };

	return sys_poll(&poll, 1, 0) == 1 ? poll.revents : 0;
}

static void changes_own(struct peer *up, void *arg)
{
	long fd = must(sys_open("/proc/self/mounts", O_RDONLY, 0));

	(void)up;
	(void)arg;
	must(tmpfs(C));
	check_int("this_ns", changed(fd), POLLERR | POLLPRI);
}

static void changes_tell(void)
{
	const long told = POLLERR | POLLPRI;
	char byte;
	long fd, info;

	three_dirs();
	fd = must(sys_open("/proc/self/mounts", O_RDONLY, 0));
	info = must(sys_open("/proc/self/mountinfo", O_RDONLY, 0));
	check_int("fresh", changed(fd), 0);
	must(tmpfs(A));
	check_int("mount", changed(fd), told);
	check_int("once", changed(fd), 0);
	check_int("info.mount", changed(info), told);
	must(bind(NULL, A, MS_REMOUNT | MS_RDONLY));
	check_int("remount", changed(fd), told);
	must(change(A, MS_SHARED));
	check_int("type_is_no_change", changed(fd), 0);
	must(sys_mount(A, B, NULL, MS_MOVE, NULL));
	check_int("move", changed(fd), told);
	must(sys_umount(B, 0));
	check_int("umount", changed(fd), told);
	sys_read(fd, &byte, 1);
	check_int("reading_is_no_change", changed(fd), 0);
	run_child(CLONE_NEWNS, changes_own, NULL);
	check_int("other_ns", changed(fd), 0);
	check_ret("refused_mount", tmpfs(BASE "/none"), -ENOENT);
	check_int("after_refusal", changed(fd), 0);
}

static void poll_waits(struct peer *up, void *arg)
{
	struct pollfd poll = { .events = POLLPRI };

	(void)arg;
	poll.fd = must(sys_open("/proc/self/mounts", O_RDONLY, 0));
	tell(up);
	check_int("woken", sys_poll(&poll, 1, 5000), 1);
	check_int("revents", poll.revents, POLLERR | POLLPRI);
}

static void changes_wake(void)
{
	struct peer child;

	three_dirs();
	spawn(&child, 0, poll_waits, NULL);
	hear(&child);
	nap(20);
	must(tmpfs(A));
	finish(&child);
}

/* MNTNS-51: polyinstantiated directories. */

struct session {
	const char *level, *other;
};

static void session(struct peer *up, void *arg)
{
	const struct session *me = arg;
	struct stat st;

	must(sys_unshare(CLONE_NEWNS));
	must(bind(path_in(A, me->level), B, 0));
	check_ret("empty_or_own", sys_stat(path_in(B, me->other), &st), -ENOENT);
	make_file(path_in(B, me->level));
	tell(up);
	hear(up);
	check_ret("own", sys_stat(path_in(B, me->level), &st), 0);
	check_ret("others", sys_stat(path_in(B, me->other), &st), -ENOENT);
}

static void sessions(void)
{
	static const struct session levels[] = {
		{ "low", "high" }, { "high", "low" }, { "low", "high" },
	};
	struct peer peers[LENGTH(levels)];
	struct stat st;

	three_dirs();
	must(sys_mkdir(A "/low", 0700));
	must(sys_mkdir(A "/high", 0700));
	for (size_t i = 0; i < LENGTH(levels); i++) {
		spawn(&peers[i], 0, session, (void *)&levels[i]);
		hear(&peers[i]);
	}
	check_ret("outside.low", sys_stat(B "/low", &st), -ENOENT);
	check_ret("outside.instance", sys_stat(A "/low/low", &st), 0);
	for (size_t i = 0; i < LENGTH(levels); i++) {
		tell(&peers[i]);
		finish(&peers[i]);
	}
	check_true("nothing_left", !is_mount(B));
}

/* MNTNS-52, 53 */

static void no_autofs(void)
{
	three_dirs();
	check_ret("autofs", sys_mount("none", A, "autofs", 0, "fd=0,minproto=5"), -ENODEV);
	check_ret("unknown", sys_mount("none", A, "nosuchfs", 0, NULL), -ENODEV);
	check_ret("kernels_own", sys_mount("none", A, "", 0, NULL), -ENODEV);
}

static void no_nfs(void)
{
	three_dirs();
	check_ret("nfs", sys_mount("127.0.0.1:/", A, "nfs", 0, "addr=127.0.0.1"), -ENODEV);
	check_ret("nfs4", sys_mount("127.0.0.1:/", A, "nfs4", 0, "addr=127.0.0.1"), -ENODEV);
}

const struct test_case mntns_view_cases[] = {
	{ "MNTNS-09", "the nearest group up the chain that is seen", dominating_group,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-38", "a place that is mounted on elsewhere", elsewhere_no_hindrance,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-38.own", "a place that is mounted on here", own_mounts_hinder, CLONE_NEWNS, 0 },
	{ "MNTNS-48", "poll tells of each change", changes_tell, CLONE_NEWNS, 0 },
	{ "MNTNS-48.wakes", "and wakes who waits for one", changes_wake, CLONE_NEWNS, 0 },
	{ "MNTNS-49", "mounts out of the root's reach are not shown", only_reachable,
	  CLONE_NEWNS, 0 },
	{ "MNTNS-51", "sessions with directories of their own", sessions, CLONE_NEWNS, 0 },
	{ "MNTNS-52", "no automounter", no_autofs, CLONE_NEWNS, 0 },
	{ "MNTNS-53", "no nfs", no_nfs, CLONE_NEWNS, 0 },
	{ 0 },
};
