// SPDX-License-Identifier: MIT
/* tests/conform/cg_deleg.c - delegation: CG-54 to CG-58.
 *
 * See Documentation/admin-guide/cgroup-v2.rst, "Delegation". */
#include "cgutil.h"

static const char *const delegated[] = {
	"cgroup.procs", "cgroup.threads", "cgroup.subtree_control",
};

/* Gives a cgroup to the plain user, as the document says. */
static void delegate(const char *cg)
{
	must(sys(__NR_chown, cg_dir(cg), PLAIN_UID, PLAIN_UID));
	for (size_t i = 0; i < LENGTH(delegated); i++)
		must(sys(__NR_chown, cg_file(cg, delegated[i]), PLAIN_UID, PLAIN_UID));
}

static void owner_inside(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a", 0));
	become_user(PLAIN_UID);
	check_ret("mkdir", cg_try("a/b"), 0);
	check_ret("mkdir.2", cg_try("a/c"), 0);
	check_ret("enter", cg_join("a/b", 0), 0);
	check_ret("over", cg_join("a/c", 0), 0);
	check_ret("up", cg_join("a", 0), 0);
	check_ret("out.sibling", cg_join("other", 0), -EACCES);
	check_ret("out.top", cg_join("", 0), -EACCES);
	check_ret("max.own", cg_write("a/b", "cgroup.max.depth", "3"), 0);
	check_ret("max.top", cg_write("a", "cgroup.max.depth", "3"), -EACCES);
	check_ret("freeze.top", cg_write("a", "cgroup.freeze", "0"), -EACCES);
	check_ret("control.top", cg_write("a", "cgroup.subtree_control", "+pids"), 0);
	check_ret("pids.own", cg_write("a/b", "pids.max", "10"), 0);
	check_ret("pids.top", cg_write("a", "pids.max", "10"), -EACCES);
	check_ret("control.off", cg_write("a", "cgroup.subtree_control", "-pids"), 0);
	check_ret("rmdir", cg_remove("a/b"), 0);
	check_ret("rmdir.top", cg_remove("a"), -EACCES);
}

static void inside(void)
{
	cg_begin();
	cg_enable("pids");
	cg_make("a");
	cg_make("other");
	delegate("a");
	run_child(0, owner_inside, NULL);
}

static void owner_outside(struct peer *up, void *arg)
{
	long mine;

	(void)up, (void)arg;
	become_user(PLAIN_UID);
	mine = must(spawn_idle(0));
	check_ret("from_root", cg_join("a", 0), -EACCES);
	check_ret("from_root.child", cg_join("a", mine), -EACCES);
	check_ret("to_nobody", cg_join("a", 4194303), -ESRCH);
	check_ret("junk", cg_write("a", "cgroup.procs", "x"), -EINVAL);
	end_idle(mine);
}

/* Both trees are the user's, what joins them is not. */
static void owner_of_two(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	must(cg_join("a", 0));
	become_user(PLAIN_UID);
	check_ret("across", cg_join("b", 0), -EACCES);
}

static void outside(void)
{
	cg_begin();
	cg_make("a");
	cg_make("b");
	delegate("a");
	delegate("b");
	run_child(0, owner_outside, NULL);
	run_child(0, owner_of_two, NULL);
}

/* No right over the process itself is asked for, only over cgroups. */
static void owner_moves_others(struct peer *up, void *arg)
{
	long other = recv_long(up);

	(void)arg;
	become_user(PLAIN_UID);
	check_ret("move_roots_process", cg_join("a/b", other), 0);
}

static void others_processes(void)
{
	struct peer peer;
	long other;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	delegate("a");
	delegate("a/b");
	other = cg_idle("a");
	spawn(&peer, 0, owner_moves_others, NULL);
	send_long(&peer, other);
	finish(&peer);
	check_str("moved", cg_of(other), "/conform/a/b");
	end_idle(other);
}

/* --- whose rights: of who opened the file --- */

static void opened_by_root(struct peer *up, void *arg)
{
	long fd = must(cg_open("b", "cgroup.procs", O_WRONLY));

	(void)up, (void)arg;
	must(cg_join("a", 0));
	become_user(PLAIN_UID);
	check_ret("by_user.open", cg_open("b", "cgroup.procs", O_WRONLY), -EACCES);
	check_ret("by_user.write", sys_write(fd, "0", 1), 1);
	check_str("moved", cg_of(0), "/conform/b");
}

static void opened_by_user(struct peer *up, void *arg)
{
	long fd;

	(void)up, (void)arg;
	must(cg_join("b", 0));
	must(sys(__NR_setresuid, -1, PLAIN_UID, -1));
	fd = must(cg_open("a", "cgroup.procs", O_WRONLY));
	must(sys(__NR_setresuid, -1, 0, -1));
	check_ret("by_root.write", sys_write(fd, "0", 1), -EACCES);
	check_str("stays", cg_of(0), "/conform/b");
	check_ret("by_root.open", cg_join("a", 0), 0);
}

static void open_time(void)
{
	cg_begin();
	cg_make("a");
	cg_make("b");
	delegate("a");
	run_child(0, opened_by_root, NULL);
	run_child(0, opened_by_user, NULL);
}

/* --- who owns what --- */

static long owner_of(const char *path)
{
	struct stat st;

	must(sys_stat(path, &st));
	return st.st_uid;
}

static long group_of(const char *path)
{
	struct stat st;

	must(sys_stat(path, &st));
	return st.st_gid;
}

static void by_user(struct peer *up, void *arg)
{
	(void)up, (void)arg;
	become_user(PLAIN_UID);
	must(cg_try("a/b"));
}

static void ownership(void)
{
	struct stat st;

	cg_begin();
	cg_enable("pids");
	cg_make("a");
	delegate("a");
	run_child(0, by_user, NULL);
	check_int("dir", owner_of(cg_dir("a/b")), PLAIN_UID);
	check_int("dir.group", group_of(cg_dir("a/b")), PLAIN_UID);
	check_int("procs", owner_of(cg_file("a/b", "cgroup.procs")), PLAIN_UID);
	check_int("events", owner_of(cg_file("a/b", "cgroup.events")), PLAIN_UID);
	must(cg_write("a", "cgroup.subtree_control", "+pids"));
	check_int("enabled_by_root", owner_of(cg_file("a/b", "pids.max")), 0);
	check_int("made_by_root", owner_of(cg_file("a", "pids.max")), 0);
	must(sys(__NR_setfsuid, PLAIN_UID));
	must(sys_mkdir(cg_dir("a/c"), 0700));
	must(sys(__NR_setfsuid, 0));
	check_int("fsuid", owner_of(cg_dir("a/c")), PLAIN_UID);
	check_int("fsuid.file", owner_of(cg_file("a/c", "cgroup.procs")), PLAIN_UID);
	check_int("controller_with_it", owner_of(cg_file("a/c", "pids.max")), PLAIN_UID);
	must(sys_stat(cg_dir("a/c"), &st));
	check_int("mode", st.st_mode & 07777, 0700);
	must(sys(__NR_chmod, cg_file("a", "cgroup.procs"), 0600));
	must(sys_stat(cg_file("a", "cgroup.procs"), &st));
	check_int("chmod", st.st_mode & 07777, 0600);
}

/* Attributes last as long as the file, not longer. */
static void ownership_lasts(void)
{
	cg_begin();
	cg_enable("pids");
	cg_make("a");
	must(sys(__NR_chown, cg_file("a", "pids.max"), PLAIN_UID, 0));
	must(sys_umount(CG_MOUNT, 0));
	must(sys_mount("again", CG_MOUNT, "cgroup2", 0, NULL));
	check_int("over_umount", owner_of(cg_file("a", "pids.max")), PLAIN_UID);
	must(cg_write("", "cgroup.subtree_control", "-pids"));
	must(cg_write("", "cgroup.subtree_control", "+pids"));
	check_int("new_file", owner_of(cg_file("a", "pids.max")), 0);
}

static bool has_line(const char *path, const char *line)
{
	char text[4096];
	size_t len = strlen(line);
	long got = read_file(path, text, sizeof(text));

	for (char *at = text; got > 0 && at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, line, len) == 0 && (at[len] == '\n' || !at[len]))
			return true;
	}
	return false;
}

static void in_sysfs(void)
{
	static const char *const features[] = {
		"nsdelegate", "favordynmods", "memory_localevents", "memory_recursiveprot",
	};

	if (!have_file("/sys/kernel/cgroup"))
		skip("no /sys/kernel/cgroup");
	for (size_t i = 0; i < LENGTH(delegated); i++)
		check_true(delegated[i], has_line("/sys/kernel/cgroup/delegate", delegated[i]));
	check_true("not_delegated", !has_line("/sys/kernel/cgroup/delegate", "cgroup.freeze"));
	check_true("not_delegated.pids", !has_line("/sys/kernel/cgroup/delegate", "pids.max"));
	for (size_t i = 0; i < LENGTH(features); i++)
		check_true(features[i], has_line("/sys/kernel/cgroup/features", features[i]));
	check_ret("write", sys_open("/sys/kernel/cgroup/features", O_WRONLY | O_TRUNC, 0) < 0 ||
				   write_file("/sys/kernel/cgroup/features", "x") < 0, 1);
	check_true("mount_point", have_file("/sys/fs/cgroup"));
}

const struct test_case cg_deleg_cases[] = {
	{ "CG-54", "a move needs the right where both ends meet", outside, 0, 0 },
	{ "CG-54.others", "but none over the process", others_processes, 0, 0 },
	{ "CG-55", "a delegatee rules below its top cgroup", inside, 0, 0 },
	{ "CG-56", "the opener's rights count", open_time, 0, 0 },
	{ "CG-57", "a cgroup is its maker's, a controller's files its enabler's", ownership, 0, 0 },
	{ "CG-57.lasts", "owners last as long as the file", ownership_lasts, 0, 0 },
	{ "CG-58", "/sys/kernel/cgroup says what can be delegated", in_sysfs, 0, 0 },
	{ 0 },
};
