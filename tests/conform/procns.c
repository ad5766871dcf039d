// SPDX-License-Identifier: MIT
/* tests/conform/procns.c - PROC-01 to 07, 13: mounts of proc.
 *
 * Each mount has options of its own and the pid namespace of its mounter; who
 * may see whom is decided by hidepid and gid. See proc(5). */
#include "conform.h"

#define BASE "/tmp/conform"
#define OTHER_UID 1001
#define ADMIN_GROUP 3000

static long mount_with(const char *name, const char *options)
{
	const char *path = path_in(BASE, name);

	sys_mkdir(path, 0755);
	return sys_mount("proc", path, "proc", 0, options);
}

static long stat_in(const char *name, const char *file)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), BASE "/%s/%s", name, file);
	return sys_stat(path, &st);
}

static long read_in(const char *name, const char *file)
{
	char path[128], text[64];

	snprintf(path, sizeof(path), BASE "/%s/%s", name, file);
	return ret0(read_file(path, text, sizeof(text)));
}

/* The options of a mount as mountinfo tells them, behind its last " - ". */
static const char *options_of(const char *name)
{
	static char text[16384];
	char want[128], *at, *line;

	snprintf(want, sizeof(want), " " BASE "/%s ", name);
	must(read_file("/proc/self/mountinfo", text, sizeof(text)));
	at = strstr(text, want);
	if (!at)
		return "not mounted";
	line = strstr(at, " - ");
	line[strcspn(line, "\n")] = 0;
	return line + 3;
}

/* PROC-01 */

static void own_options(void)
{
	struct stat a, b, c;

	need_admin();
	temp_dir();
	check_ret("a", mount_with("a", NULL), 0);
	check_ret("b", mount_with("b", "hidepid=2"), 0);
	check_ret("c", mount_with("c", "hidepid=1,gid=7,subset=pid"), 0);
	must(sys_stat(BASE "/a", &a));
	must(sys_stat(BASE "/b", &b));
	must(sys_stat(BASE "/c", &c));
	check_true("other_device", a.st_dev != b.st_dev && b.st_dev != c.st_dev);
	check_str("a.options", options_of("a"), "proc proc rw");
	check_str("b.options", options_of("b"), "proc proc rw,hidepid=invisible");
	check_str("c.options", options_of("c"), "proc proc rw,gid=7,hidepid=noaccess,subset=pid");
	check_ret("remount_a", sys_mount(NULL, BASE "/a", NULL, MS_REMOUNT, "hidepid=4"), 0);
	check_str("a.remounted", options_of("a"), "proc proc rw,hidepid=ptraceable");
	check_str("b.kept", options_of("b"), "proc proc rw,hidepid=invisible");
	check_ret("remount_a_off", sys_mount(NULL, BASE "/a", NULL, MS_REMOUNT, "hidepid=0"), 0);
	check_str("a.off", options_of("a"), "proc proc rw");
	check_ret("read_only", sys_mount("proc", BASE "/b", "proc", MS_RDONLY, NULL), 0);
	check_ret("umount_upper", sys_umount(BASE "/b", 0), 0);
	check_str("b.lower", options_of("b"), "proc proc rw,hidepid=invisible");
}

static void many_instances(void)
{
	int wrong = 0;

	need_admin();
	temp_dir();
	for (int i = 0; i < 100; i++) {
		wrong += mount_with("a", i % 2 ? "hidepid=2" : NULL) != 0;
		wrong += stat_in("a", "self/status") != 0;
		if (i % 10 == 9) {
			for (int j = 0; j < 10; j++)
				wrong += sys_umount(BASE "/a", 0) != 0;
		}
	}
	check_int("wrong", wrong, 0);
	check_ret("none_left", sys_umount(BASE "/a", 0), -EINVAL);
}

/* PROC-02 */

static void only_pids(void)
{
	static const char *const hidden[] = { "uptime", "meminfo", "sys", "sys/kernel/hostname",
					      "mounts", "loadavg", "stat", "filesystems",
					      "version" };

	need_admin();
	temp_dir();
	must(mount_with("pids", "subset=pid"));
	must(mount_with("plain", NULL));
	for (size_t i = 0; i < LENGTH(hidden); i++) {
		check_ret(hidden[i], stat_in("pids", hidden[i]), -ENOENT);
		expect_ret(stat_in("plain", hidden[i]), 0);
	}
	check_ret("self", stat_in("pids", "self/status"), 0);
	check_ret("thread_self", stat_in("pids", "thread-self/status"), 0);
	check_ret("self_mounts", stat_in("pids", "self/mounts"), 0);
	check_ret("init", stat_in("pids", "1/status"), 0);
	check_true("lists_pids", count_pids(BASE "/pids") > 1);
	check_ret("remount_plain", sys_mount(NULL, BASE "/plain", NULL, MS_REMOUNT,
					     "subset=pid"), 0);
	obs_ret("remounted.uptime", stat_in("plain", "uptime"));
	obs_str("remounted.options", options_of("plain"));
}

static void bad_subset(void)
{
	static const char *const bad[] = { "subset=", "subset", "subset=pids", "subset=none",
					   "subset=pid:x", "nosuch", "nosuch=1", "gid=", "gid=x",
					   "gid=-1", "gid", "subset=pid,nosuch", "hidepid" };
	char key[32];

	need_admin();
	temp_dir();
	for (size_t i = 0; i < LENGTH(bad); i++) {
		snprintf(key, sizeof(key), "bad_%zu", i);
		check_ret(key, mount_with("a", bad[i]), -EINVAL);
	}
	check_ret("empty", mount_with("a", ""), 0);
	check_ret("commas", mount_with("a", ",,"), 0);
	check_ret("twice", mount_with("a", "subset=pid:pid"), -EINVAL);
	check_ret("last_wins", mount_with("a", "hidepid=1,hidepid=2"), 0);
	check_str("last_wins.options", options_of("a"), "proc proc rw");
}

/* PROC-03 */

static void hidepid_values(void)
{
	static const char *const good[] = { "0", "1", "2", "4", "off", "noaccess", "invisible",
					    "ptraceable" };
	static const char *const bad[] = { "3", "5", "8", "-1", "", "on", "OFF", "1x", "ptrace",
					   "99999999999999", "0x2", "02" };
	char options[64], key[32];

	need_admin();
	temp_dir();
	for (size_t i = 0; i < LENGTH(good); i++) {
		snprintf(options, sizeof(options), "hidepid=%s", good[i]);
		check_ret(good[i], mount_with(good[i], options), 0);
		obs_str(good[i], options_of(good[i]));
	}
	for (size_t i = 0; i < LENGTH(bad); i++) {
		snprintf(options, sizeof(options), "hidepid=%s", bad[i]);
		snprintf(key, sizeof(key), "bad_%zu", i);
		obs_ret(key, mount_with("bad", options));
	}
	check_ret("hidepid=3", mount_with("bad", "hidepid=3"), -EINVAL);
	check_ret("failed_remount", sys_mount(NULL, BASE "/2", NULL, MS_REMOUNT, "hidepid=5"),
		  -EINVAL);
	check_str("kept", options_of("2"), "proc proc rw,hidepid=invisible");
}

/* PROC-04 */

/* What the caller sees of process pid on one mount. */
static void look_at(const char *who, const char *name, long pid)
{
	static const char *const files[] = { "", "status", "stat", "cmdline", "fd", "ns/uts",
					     "environ", "exe" };
	char key[64], file[64];

	for (size_t i = 0; i < LENGTH(files); i++) {
		snprintf(key, sizeof(key), "%s.%s.%s", who, name, files[i][0] ? files[i] : "dir");
		snprintf(file, sizeof(file), "%ld/%s", pid, files[i]);
		obs_ret(key, stat_in(name, file));
		if (strcmp(files[i], "status") == 0 || strcmp(files[i], "cmdline") == 0) {
			strcat(key, ".read");
			obs_ret(key, read_in(name, file));
		}
	}
	snprintf(key, sizeof(key), "%s.%s.listed_all", who, name);
	obs_int(key, count_pids(path_in(BASE, name)) > 2);
	snprintf(key, sizeof(key), "%s.%s.self", who, name);
	check_ret(key, read_in(name, "self/status"), 0);
}

static const char *const levels[] = { "h0", "h1", "h2", "h4" };

static void look_everywhere(const char *who, long pid)
{
	for (size_t i = 0; i < LENGTH(levels); i++)
		look_at(who, levels[i], pid);
}

static void mount_levels(const char *more)
{
	char options[64];

	temp_dir();
	for (size_t i = 0; i < LENGTH(levels); i++) {
		snprintf(options, sizeof(options), "hidepid=%s%s", levels[i] + 1, more);
		must(mount_with(levels[i], options));
	}
}

static void as_other_user(struct peer *up, void *arg)
{
	long pid = *(long *)arg;

	(void)up;
	look_everywhere("user", pid);
	check_ret("user.h2.roots", stat_in("h2", "1"), -ENOENT);
	check_ret("user.h1.roots", stat_in("h1", "1"), 0);
	check_ret("user.h1.roots_status", read_in("h1", "1/status"), -EPERM);
	check_ret("user.h4.roots", stat_in("h4", "1"), -ENOENT);
	check_int("user.h2.pids", count_pids(BASE "/h2"), 2);
	check_ret("user.kill_unseen", sys_kill(1, 0), -EPERM);
}

static void as_same_user(struct peer *up, void *arg)
{
	(void)up;
	become_user(OTHER_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	look_everywhere("same_user", *(long *)arg);
}

static void as_capable(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_PTRACE));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	look_everywhere("with_ptrace", *(long *)arg);
	check_ret("with_ptrace.h2.roots", read_in("h2", "1/status"), 0);
}

/* Other, and then dumpable again, so that its user may look at it. */
static void other_user(struct peer *up, void *arg)
{
	become_user(OTHER_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	if (arg)
		mount_proc(arg, NULL);
	tell(up);
	hear(up);
}

/* Two processes of the plain user are on the list: itself and its parent. */
static void user_parent(struct peer *up, void *arg)
{
	(void)up;
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	run_child(0, as_other_user, arg);
}

static void others_hidden(void)
{
	struct peer other;
	long pid;

	need_admin();
	mount_levels("");
	spawn(&other, 0, other_user, NULL);
	hear(&other);
	pid = other.pid;
	run_child(0, user_parent, &pid);	/* first: Linux remembers names others found */
	look_everywhere("root", pid);
	run_child(0, as_same_user, &pid);
	run_child(0, as_capable, &pid);
	end_peer(&other);
}

/* PROC-05 */

static void in_group(struct peer *up, void *arg)
{
	int group = ADMIN_GROUP;

	(void)up;
	must(sys(__NR_setgroups, 1, &group));
	must(sys(__NR_setresgid, PLAIN_UID, PLAIN_UID, PLAIN_UID));
	must(sys(__NR_setresuid, PLAIN_UID, PLAIN_UID, PLAIN_UID));
	look_everywhere("in_group", *(long *)arg);
	check_ret("in_group.h2", read_in("h2", "1/status"), 0);
	check_ret("in_group.h1", read_in("h1", "1/status"), 0);
}

static void as_effective_group(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	must(sys(__NR_setgroups, 0, NULL));
	must(sys(__NR_setresgid, PLAIN_UID, ADMIN_GROUP, PLAIN_UID));
	must(sys(__NR_setresuid, PLAIN_UID, PLAIN_UID, PLAIN_UID));
	check_ret("egid.h2", read_in("h2", "1/status"), 0);
}

static void outside_group(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	check_ret("outside.h2", read_in("h2", "1/status"), -ENOENT);
	check_ret("outside.h1", read_in("h1", "1/status"), -EPERM);
}

static void group_exempt(void)
{
	struct peer other;
	long pid;

	need_admin();
	mount_levels(",gid=3000");
	check_str("options", options_of("h2"), "proc proc rw,gid=3000,hidepid=invisible");
	spawn(&other, 0, other_user, NULL);
	hear(&other);
	pid = other.pid;
	run_child(0, in_group, &pid);
	run_child(0, as_effective_group, NULL);
	run_child(0, outside_group, NULL);
	end_peer(&other);
}

/* PROC-06 */

static void self_of(const char *who, const char *name, const char *want)
{
	char text[64], key[64];
	long len = sys_readlink(path_in(path_in(BASE, name), "self"), text, sizeof(text) - 1);

	snprintf(key, sizeof(key), "%s.%s", who, name);
	text[len < 0 ? 0 : len] = 0;
	check_str(key, len < 0 ? ret_text(len) : text, want);
}

static void self_thread(void *arg)
{
	char text[64];
	long len = must(sys_readlink(BASE "/in/thread-self", text, sizeof(text) - 1));

	(void)arg;
	text[len] = 0;
	check_str("thread_self", text, "1/task/2");
	self_of("thread", "in", "1");
}

static void self_inside(struct peer *up, void *arg)
{
	long inner;

	(void)up;
	(void)arg;
	must(mount_with("in", NULL));
	self_of("inside", "in", "1");
	in_thread(self_thread, NULL);
	check_true("outer_sees", strtol(status_field(BASE "/out", 0, "Pid:", 0), NULL, 10) > 1);
	inner = must(sys_clone(CLONE_NEWPID | SIGCHLD));
	if (inner == 0) {
		self_of("below", "in", "3");
		check_ret("mount", mount_with("below", NULL), 0);
		self_of("below", "below", "1");
		case_stop(0);
	}
	check_int("status", wait_status(inner), 0);
	self_of("inside", "below", "ENOENT");
}

static void self_links(void)
{
	need_admin();
	temp_dir();
	must(mount_with("out", NULL));
	run_child(CLONE_NEWPID, self_inside, NULL);
}

/* PROC-07 */

/* Field number of stat, counted as in proc(5), from 4 on. */
static long stat_field(const char *proc, long pid, int number)
{
	char path[96], text[1024], *at;

	snprintf(path, sizeof(path), "%s/%ld/stat", proc, pid);
	must(read_file(path, text, sizeof(text)));
	at = strrchr(text, ')') + 2;
	for (int i = 3; i < number; i++)
		at = strchr(at, ' ') + 1;
	return strtol(at, NULL, 10);
}

static void stat_numbers(const char *who, const char *proc, long pid)
{
	static const char *const names[] = { "ppid", "pgrp", "session", "tty", "tpgid" };
	char key[64];

	for (int i = 0; i < (int)LENGTH(names); i++) {
		snprintf(key, sizeof(key), "%s.%s", who, names[i]);
		obs_int(key, stat_field(proc, pid, 4 + i));
	}
	snprintf(key, sizeof(key), "%s.PPid", who);
	check_int(key, strtol(status_field(proc, pid, "PPid:", 0), NULL, 10),
		  stat_field(proc, pid, 4));
	snprintf(key, sizeof(key), "%s.TracerPid", who);
	obs_str(key, status_field(proc, pid, "TracerPid:", 0));
}

static void group_leader(struct peer *up, void *arg)
{
	(void)arg;
	must(sys_setsid());
	tell(up);
	hear(up);
}

static void fields_inside(struct peer *up, void *arg)
{
	struct peer child, leader;

	(void)up;
	(void)arg;
	must(mount_with("in", NULL));
	spawn(&child, 0, stay, NULL);
	hear(&child);
	spawn(&leader, 0, group_leader, NULL);
	hear(&leader);
	stat_numbers("in.init", BASE "/in", 1);
	stat_numbers("in.child", BASE "/in", 2);
	stat_numbers("in.leader", BASE "/in", 3);
	check_int("in.leader.session", stat_field(BASE "/in", 3, 6), 3);
	check_int("in.child.session", stat_field(BASE "/in", 2, 6), 0);
	check_int("in.init.ppid", stat_field(BASE "/in", 1, 4), 0);
	end_peer(&leader);
	end_peer(&child);
}

static void numbers_for_mount(void)
{
	need_admin();
	temp_dir();
	run_child(CLONE_NEWPID, fields_inside, NULL);
}

/* Ids are told in the numbers of who opened the file. */
static void ids_inside(struct peer *up, void *arg)
{
	long pid = *(long *)arg;

	(void)up;
	enter_userns(PLAIN_UID);
	check_str("own.Uid", status_field("/proc", 0, "Uid:", 0), "0 0 0 0");
	check_str("own.Gid", status_field("/proc", 0, "Gid:", 0), "0 0 0 0");
	check_str("other.Uid", status_field("/proc", pid, "Uid:", 0), "65534 65534 65534 65534");
	check_str("other.Groups", status_field("/proc", pid, "Groups:", 0), "65534 65534");
}

static void user_looks(struct peer *up, void *arg)
{
	become_user(PLAIN_UID);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	ids_inside(up, arg);
}

static void user_with_groups(struct peer *up, void *arg)
{
	int groups[] = { 77, 7 };

	(void)arg;
	must(sys(__NR_setgroups, 2, groups));
	must(sys(__NR_setresgid, OTHER_UID, OTHER_UID, OTHER_UID));
	must(sys(__NR_setresuid, OTHER_UID, OTHER_UID + 1, OTHER_UID + 2));
	tell(up);
	hear(up);
}

static void ids_for_reader(void)
{
	struct peer other;
	long pid;

	need_admin();
	spawn(&other, 0, user_with_groups, NULL);
	hear(&other);
	pid = other.pid;
	check_str("Uid", status_field("/proc", pid, "Uid:", 0), "1001 1002 1003 1002");
	check_str("Gid", status_field("/proc", pid, "Gid:", 0), "1001 1001 1001 1001");
	check_str("Groups", status_field("/proc", pid, "Groups:", 0), "7 77");
	run_child(0, user_looks, &pid);
	end_peer(&other);
}

/* PROC-13 */

static void joined(struct peer *up, void *arg)
{
	long dir = *(long *)arg;
	char text[16];
	long fd;

	(void)up;
	check_int("getpid", sys_getpid(), 2);
	fd = must(sys(__NR_openat, dir, "stat", O_RDONLY, 0));
	check_true("same_proc", sys_read(fd, text, sizeof(text)) > 0);
	check_ret("inner_1", ret0(sys(__NR_openat, dir, "../1/status", O_RDONLY, 0)), 0);
	check_true("self_by_outer", strtol(status_field("/proc", 0, "Pid:", 0), NULL, 10) > 2);
}

static void open_dir_kept(void)
{
	struct peer init;
	long root, own, fd;
	char path[64];

	need_admin();
	spawn(&init, CLONE_NEWPID, stay, NULL);
	hear(&init);
	root = must(sys_open("/proc", O_RDONLY | O_DIRECTORY, 0));
	own = must(sys_open("/proc/self", O_RDONLY | O_DIRECTORY, 0));
	must(sys_setns(ns_open(init.pid, "pid"), CLONE_NEWPID));
	snprintf(path, sizeof(path), "%d/status", init.pid);
	fd = sys(__NR_openat, root, path, O_RDONLY, 0);
	check_ret("by_outer_number", ret0(fd), 0);
	check_ret("own_dir", ret0(sys(__NR_openat, own, "status", O_RDONLY, 0)), 0);
	run_child(0, joined, &own);
	end_peer(&init);
}

/* Names already looked up do not survive into another mount's view. */
static void mount_view(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("init_inside", stat_in("out", "1/status"), 0);
	must(mount_with("out", NULL));
	check_int("new_view", count_pids(BASE "/out"), 1);
	check_ret("self", stat_in("out", "self/status"), 0);
	check_ret("two", stat_in("out", "2"), -ENOENT);
	must(sys_umount(BASE "/out", 0));
	check_true("old_view", count_pids(BASE "/out") > 1);
}

static void views_by_mount(void)
{
	need_admin();
	temp_dir();
	must(mount_with("out", NULL));
	run_child(CLONE_NEWPID, mount_view, NULL);
}

const struct test_case procns_cases[] = {
	{ "PROC-01", "each mount has options of its own", own_options, 0, 0 },
	{ "PROC-01.repeat", "a hundred mounts", many_instances, 0, 0 },
	{ "PROC-02", "subset=pid leaves only processes", only_pids, 0, 0 },
	{ "PROC-02.bad", "options that proc does not know", bad_subset, 0, 0 },
	{ "PROC-03", "values of hidepid", hidepid_values, 0, 0 },
	{ "PROC-04", "hidepid hides other users' processes", others_hidden, 0, 0 },
	{ "PROC-05", "gid= exempts a group", group_exempt, 0, 0 },
	{ "PROC-06", "self is a number of the mount's namespace", self_links, CLONE_NEWPID, 0 },
	{ "PROC-07", "numbers of stat and status are the mount's", numbers_for_mount,
	  CLONE_NEWPID, 0 },
	{ "PROC-07.ids", "user ids are the reader's", ids_for_reader, CLONE_NEWUSER, 0 },
	{ "PROC-13", "setns changes nothing of an open directory", open_dir_kept,
	  CLONE_NEWPID, 0 },
	{ "PROC-13.mounts", "each mount shows its own view", views_by_mount, CLONE_NEWPID, 0 },
	{ 0 },
};
