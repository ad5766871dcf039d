// SPDX-License-Identifier: MIT
/* tests/conform/userns_mount.c - USERNS-34 to 36: mounting inside.
 *
 * Which file systems root of a user namespace may mount in its own mount
 * namespace, and when proc and sysfs are too revealing. See
 * user_namespaces(7), mount_namespaces(7). */
#include "conform.h"

#define DIR "/tmp/conform/dir"

static void inner_root(unsigned long more)
{
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(PLAIN_UID);
	must(sys_unshare(CLONE_NEWNS | more));
}

static long try_mount(const char *type, unsigned long flags)
{
	long rc = sys_mount(type, DIR, type, flags, NULL);

	if (rc == 0)
		must(sys_umount(DIR, 0));
	return rc;
}

static void place(void)
{
	need_admin();
	temp_dir();
	must(sys_mkdir(DIR, 0755));
}

/* Does this kernel have the file system? */
static bool have_type(const char *type)
{
	static char text[4096];
	char line[64];

	must(read_file("/proc/filesystems", text, sizeof(text)));
	snprintf(line, sizeof(line), "\t%s\n", type);
	return strstr(text, line);
}

/* USERNS-34 */

static void mounts(struct peer *up, void *arg)
{
	static const char *const fine[] = { "tmpfs", "ramfs", "devpts" };
	static const char *const refused[] = { "devtmpfs" };

	(void)up;
	(void)arg;
	inner_root(0);
	for (size_t i = 0; i < LENGTH(fine); i++)
		check_ret(fine[i], try_mount(fine[i], 0), 0);
	for (size_t i = 0; i < LENGTH(refused); i++)
		check_ret(refused[i], try_mount(refused[i], 0), -EPERM);
	check_ret("unknown", try_mount("nosuchfs", 0), -ENODEV);
	check_ret("bind", sys_mount("/tmp", DIR, NULL, MS_BIND | MS_REC, NULL), 0);
	check_ret("umount", sys_umount(DIR, UMOUNT_DETACH), 0);
	check_ret("no_dir", sys_mount("none", "/tmp/none", "tmpfs", 0, NULL), -ENOENT);
}

static void no_mntns(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	enter_userns(PLAIN_UID);
	check_ret("outer_mntns.tmpfs", try_mount("tmpfs", 0), -EPERM);
	check_ret("outer_mntns.bind", sys_mount("/tmp", DIR, NULL, MS_BIND, NULL), -EPERM);
	check_ret("outer_mntns.unknown", try_mount("nosuchfs", 0), -EPERM);
}

static void what_can_be_mounted(void)
{
	place();
	run_child(0, mounts, NULL);
	run_child(0, no_mntns, NULL);
}

static void cgroup_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	inner_root(0);
	check_ret("outer_cgroupns", try_mount("cgroup2", 0), -EPERM);
	must(sys_unshare(CLONE_NEWCGROUP));
	check_ret("own_cgroupns", try_mount("cgroup2", 0), 0);
}

static void cgroup_mount(void)
{
	place();
	if (!have_type("cgroup2"))
		skip("no cgroup2 in this kernel");
	run_child(0, cgroup_inside, NULL);
}

/* USERNS-35 */

static void proc_in_own(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("own_pidns", try_mount("proc", 0), 0);
	check_ret("read_only", try_mount("proc", MS_RDONLY), 0);
}

static void proc_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	inner_root(0);
	check_ret("outer_pidns", try_mount("proc", 0), -EPERM);
	must(sys_unshare(CLONE_NEWPID));
	check_ret("pid_for_children", try_mount("proc", 0), -EPERM);
	run_child(0, proc_in_own, NULL);
}

static void proc_needs_pidns(void)
{
	place();
	run_child(0, proc_inside, NULL);
}

static void sysfs_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	inner_root(0);
	check_ret("outer_netns", try_mount("sysfs", 0), -EPERM);
	must(sys_unshare(CLONE_NEWNET));
	check_ret("own_netns", try_mount("sysfs", 0), 0);
}

static void sysfs_needs_netns(void)
{
	place();
	run_child(0, sysfs_inside, NULL);
}

/* USERNS-36 */

static void proc_again(struct peer *up, void *arg)
{
	const char *key = arg;

	hear(up);
	check_ret(key, try_mount("proc", 0), strstr(key, "refused") ? -EPERM : 0);
	check_ret(key, try_mount("proc", MS_RDONLY), strstr(key, "hidden") ? -EPERM : 0);
}

/* The maps are written by who still has a /proc of its own: the case. */
static void with_proc(struct peer *up, const char *key)
{
	struct peer child;

	spawn(&child, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID, proc_again, (void *)key);
	send_long(up, child.pid);
	hear(up);
	tell(&child);
	finish(&child);
}

/* Change the mount of /proc in a mount namespace, then try below it. */
static void changed_proc(struct peer *up, void *arg)
{
	(void)arg;
	must(sys_unshare(CLONE_NEWNS));
	must(sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	with_proc(up, "as_it_is");
	must(sys_mount("none", "/proc/sys", "tmpfs", 0, NULL));
	with_proc(up, "covered.refused.hidden");
	must(sys_umount("/proc/sys", 0));
	with_proc(up, "uncovered");
	must(sys_mount("/dev/null", "/proc/uptime", NULL, MS_BIND, NULL));
	with_proc(up, "file_covered.refused.hidden");
	must(sys_umount("/proc/uptime", 0));
	must(sys_mount(NULL, "/proc", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	with_proc(up, "read_only.refused");
	must(sys_mount(NULL, "/proc", NULL, MS_REMOUNT | MS_BIND, NULL));
	with_proc(up, "writable_again");
	must(sys_mkdir("/tmp/conform/p", 0755));
	must(sys_mount("proc", "/tmp/conform/p", "proc", 0, NULL));
	must(sys_mount("none", "/proc/sys", "tmpfs", 0, NULL));
	with_proc(up, "another_is_whole");
	send_long(up, 0);
}

static void too_revealing(void)
{
	struct peer peer;
	long pid;

	place();
	spawn(&peer, 0, changed_proc, NULL);
	while ((pid = recv_long(&peer)) > 0) {
		map_root(pid, 0);
		tell(&peer);
	}
	finish(&peer);
}

const struct test_case userns_mount_cases[] = {
	{ "USERNS-34", "what can be mounted inside", what_can_be_mounted, CLONE_NEWUSER, 0 },
	{ "USERNS-34.cgroup2", "cgroup2 with a cgroup namespace", cgroup_mount,
	  CLONE_NEWCGROUP, 0 },
	{ "USERNS-35", "proc needs a pid namespace", proc_needs_pidns, CLONE_NEWUSER, 0 },
	{ "USERNS-35.sysfs", "sysfs needs a network namespace", sysfs_needs_netns,
	  CLONE_NEWNET, 0 },
	{ "USERNS-36", "proc only where one is wholly visible", too_revealing, CLONE_NEWUSER, 0 },
	{ 0 },
};
