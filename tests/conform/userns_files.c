// SPDX-License-Identifier: MIT
/* tests/conform/userns_files.c - USERNS-37 to 42, 44: files and signals.
 *
 * Owners that are mapped and owners that are not: making, changing, running
 * and looking at files; senders of signals. See user_namespaces(7). */
#include "conform.h"

#define DIR "/tmp/conform/dir"
#define NOBODY 65534

/* Ids 0 to 9 inside are 5000 to 5009, groups 6000 to 6009. */
static void enter(struct peer *child)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/uid_map", child->pid);
	must(write_file(path, "0 5000 10"));
	snprintf(path, sizeof(path), "/proc/%d/gid_map", child->pid);
	must(write_file(path, "0 6000 10"));
	tell(child);
}

static void be(int id)
{
	must(sys(__NR_setresgid, id, id, id));
	must(sys(__NR_setresuid, id, id, id));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
}

static void open_dir(void)
{
	need_admin();
	temp_dir();
	must(sys_mkdir(DIR, 0777));
	must(sys(__NR_chmod, DIR, 0777));
	must(sys(__NR_chmod, "/tmp/conform", 0755));
}

static void own_file(const char *name, int mode, int uid, int gid)
{
	make_file(path_in(DIR, name));
	must(sys(__NR_chown, path_in(DIR, name), uid, gid));
	must(sys(__NR_chmod, path_in(DIR, name), mode));
}

static long create(const char *name)
{
	return ret0(sys_open(path_in(DIR, name), O_CREAT | O_WRONLY, 0644));
}

/* USERNS-37 */

static void makers(const char *who, long want)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.create", who);
	check_ret(key, create(who), want);
	snprintf(key, sizeof(key), "%s.mkdir", who);
	check_ret(key, sys_mkdir(path_in(DIR, "d"), 0755), want);
	snprintf(key, sizeof(key), "%s.symlink", who);
	check_ret(key, sys(__NR_symlink, "x", path_in(DIR, "s")), want);
	snprintf(key, sizeof(key), "%s.fifo", who);
	check_ret(key, sys(__NR_mknod, path_in(DIR, "f"), 0010666, 0), want);
	snprintf(key, sizeof(key), "%s.tmpfile", who);
	check_ret(key, ret0(sys_open(DIR, O_TMPFILE | O_RDWR, 0600)), want);
	sys_rmdir(path_in(DIR, "d"));
	sys_unlink(path_in(DIR, "s"));
	sys_unlink(path_in(DIR, "f"));
	snprintf(key, sizeof(key), "%s.existing", who);
	check_ret(key, ret0(sys_open(path_in(DIR, "there"), O_CREAT | O_RDWR, 0644)), 0);
	snprintf(key, sizeof(key), "%s.link", who);
	check_ret(key, sys(__NR_link, path_in(DIR, "there"), path_in(DIR, "l")), 0);
	snprintf(key, sizeof(key), "%s.rename", who);
	check_ret(key, sys(__NR_rename, path_in(DIR, "l"), path_in(DIR, "l2")), 0);
	sys_unlink(path_in(DIR, "l2"));
}

/* What counts is the file system's user namespace: an outer one maps all. */
static void makes_files(struct peer *up, void *arg)
{
	(void)arg;
	makers("outer_fs", 0);
	must(sys_unshare(CLONE_NEWNS));
	must(sys_mount("none", DIR, "tmpfs", 0, "mode=777"));
	check_ret("own_fs.create", create("x"), -EOVERFLOW);
	check_ret("own_fs.mkdir", sys_mkdir(path_in(DIR, "d"), 0755), -EOVERFLOW);
	check_ret("own_fs.symlink", sys(__NR_symlink, "x", path_in(DIR, "s")), -EOVERFLOW);
	check_ret("own_fs.fifo", sys(__NR_mknod, path_in(DIR, "f"), 0010666, 0), -EOVERFLOW);
	obs_ret("own_fs.tmpfile", ret0(sys_open(DIR, O_TMPFILE | O_RDWR, 0600)));
	tell(up);
	hear(up);
	check_ret("not_yet_root", create("x"), -EOVERFLOW);
	must(sys(__NR_setfsuid, 0));
	check_ret("group_unmapped", create("x"), -EOVERFLOW);
	must(sys(__NR_setfsgid, 0));
	make_file(path_in(DIR, "there"));
	must(sys(__NR_chmod, path_in(DIR, "there"), 0666));
	makers("mapped", 0);
	tell(up);
	hear(up);
}

/* Root of outside is nobody in the inner file system. */
static void unmapped_makers(void)
{
	struct peer child;
	char path[64];

	open_dir();
	own_file("there", 0666, 0, 0);
	spawn(&child, CLONE_NEWUSER, makes_files, NULL);
	hear(&child);
	enter(&child);
	hear(&child);
	snprintf(path, sizeof(path), "/proc/%d/root" DIR "/outer", child.pid);
	check_ret("outer_root", ret0(sys_open(path, O_CREAT | O_WRONLY, 0644)), -EOVERFLOW);
	check_ret("outer_root.mkdir", sys_mkdir(path, 0755), -EOVERFLOW);
	tell(&child);
	finish(&child);
}

/* USERNS-38 */

static long give(const char *name, int uid, int gid)
{
	return sys(__NR_chown, path_in(DIR, name), uid, gid);
}

static void gives(struct peer *up, void *arg)
{
	long fd;

	(void)arg;
	hear(up);
	be(0);
	check_ret("to_mapped", give("mine", 9, 9), 0);
	check_ret("uid_unmapped", give("mine", 10, -1), -EINVAL);
	check_ret("gid_unmapped", give("mine", -1, 10), -EINVAL);
	check_ret("uid_outer", give("mine", 5000, -1), -EINVAL);
	check_ret("nobody", give("mine", NOBODY, -1), -EINVAL);
	check_ret("nothing", give("mine", -1, -1), 0);
	fd = must(sys_open(path_in(DIR, "mine"), O_RDONLY, 0));
	check_ret("fchown", sys(__NR_fchown, fd, 10, 10), -EINVAL);
	check_ret("fchown_back", sys(__NR_fchown, fd, 0, 0), 0);
	check_ret("strangers", give("strange", 0, 0), -EPERM);
	check_ret("strangers_group", give("half", 0, -1), -EPERM);
	check_ret("unmapped_before_strange", give("strange", 10, 10), -EINVAL);
}

static void no_unmapped_owner(void)
{
	struct peer child;

	open_dir();
	own_file("mine", 0644, 5000, 6000);
	own_file("strange", 0644, 1, 1);
	own_file("half", 0644, 5001, 1);
	spawn(&child, CLONE_NEWUSER, gives, NULL);
	enter(&child);
	finish(&child);
}

/* USERNS-39 */

static void look(const char *who, const char *name, unsigned uid, unsigned gid)
{
	struct stat st;
	char key[64];

	must(sys_stat(path_in(DIR, name), &st));
	snprintf(key, sizeof(key), "%s.%s.uid", who, name);
	check_int(key, st.st_uid, uid);
	snprintf(key, sizeof(key), "%s.%s.gid", who, name);
	check_int(key, st.st_gid, gid);
}

static void looks(struct peer *up, void *arg)
{
	struct statx stx;

	(void)arg;
	hear(up);
	look("inner", "mine", 3, 4);
	look("inner", "strange", NOBODY, NOBODY);
	look("inner", "half", 9, NOBODY);
	must(sys(__NR_statx, AT_FDCWD, path_in(DIR, "half"), 0, STATX_BASIC_STATS, &stx));
	check_int("statx.uid", stx.stx_uid, 9);
	check_int("statx.gid", stx.stx_gid, NOBODY);
	be(0);
	must(sys_unshare(CLONE_NEWUSER));
	look("below", "mine", NOBODY, NOBODY);
	must(write_file("/proc/self/uid_map", "7 0 1"));
	look("below", "roots", 7, NOBODY);
}

static void owners_shown(void)
{
	struct peer child;

	open_dir();
	own_file("mine", 0644, 5003, 6004);
	own_file("strange", 0644, 4999, 6010);
	own_file("half", 0644, 5009, 0);
	own_file("roots", 0644, 5000, 6000);
	spawn(&child, CLONE_NEWUSER, looks, NULL);
	enter(&child);
	finish(&child);
}

/* USERNS-40 */

static void tries(struct peer *up, void *arg)
{
	static const char *const names[] = { "both", "uid_only", "gid_only", "none" };
	struct __kernel_timespec times[2] = { { 1, 0 }, { 1, 0 } };
	char key[64];

	(void)arg;
	hear(up);
	be(0);
	for (size_t i = 0; i < LENGTH(names); i++) {
		bool both = i == 0, uid = i <= 1;

		snprintf(key, sizeof(key), "%s.read", names[i]);
		check_ret(key, ret0(sys_open(path_in(DIR, names[i]), O_RDONLY, 0)),
			  both ? 0 : -EACCES);
		snprintf(key, sizeof(key), "%s.write", names[i]);
		check_ret(key, ret0(sys_open(path_in(DIR, names[i]), O_WRONLY, 0)),
			  both ? 0 : -EACCES);
		snprintf(key, sizeof(key), "%s.truncate", names[i]);
		check_ret(key, sys(__NR_truncate, path_in(DIR, names[i]), 0), both ? 0 : -EACCES);
		snprintf(key, sizeof(key), "%s.chmod", names[i]);
		check_ret(key, sys(__NR_chmod, path_in(DIR, names[i]), 0), uid ? 0 : -EPERM);
		snprintf(key, sizeof(key), "%s.chown", names[i]);
		obs_ret(key, give(names[i], 5, -1));
		snprintf(key, sizeof(key), "%s.utimes", names[i]);
		obs_ret(key, sys(__NR_utimensat, AT_FDCWD, path_in(DIR, names[i]), times, 0));
		snprintf(key, sizeof(key), "%s.unlink_sticky", names[i]);
		obs_ret(key, sys_unlink(path_in(DIR "/sticky", names[i])));
	}
}

static void mapped_owner_needed(void)
{
	static const char *const names[] = { "both", "uid_only", "gid_only", "none" };
	struct peer child;

	open_dir();
	must(sys_mkdir(DIR "/sticky", 01777));
	must(sys(__NR_chmod, DIR "/sticky", 01777));
	for (int i = 0; i < 4; i++) {
		int uid = i <= 1 ? 5003 : 1, gid = i % 2 == 0 && i < 3 ? 6003 : 1;

		own_file(names[i], 0, uid, gid);
		make_file(path_in(DIR "/sticky", names[i]));
		must(sys(__NR_chown, path_in(DIR "/sticky", names[i]), uid, gid));
	}
	spawn(&child, CLONE_NEWUSER, tries, NULL);
	enter(&child);
	finish(&child);
}

/* USERNS-41 */

static void runs(struct peer *up, void *arg)
{
	(void)arg;
	hear(up);
	be(1);
	check_int("both.euid", exec_told(DIR "/both", "--euid"), 3);
	check_int("both.egid", exec_told(DIR "/both", "--egid"), 4);
	check_int("uid_unmapped.euid", exec_told(DIR "/uid", "--euid"), 1);
	check_int("uid_unmapped.egid", exec_told(DIR "/uid", "--egid"), 1);
	check_int("gid_unmapped.euid", exec_told(DIR "/gid", "--euid"), 1);
	check_int("gid_unmapped.egid", exec_told(DIR "/gid", "--egid"), 1);
	check_int("root.euid", exec_told(DIR "/root", "--euid"), 1);
	check_int("inner_root.euid", exec_told(DIR "/inner_root", "--euid"), 0);
	check_int("inner_root.caps", exec_told(DIR "/inner_root", "--caps"), 1);
}

static void setuid_files(void)
{
	struct peer child;

	open_dir();
	copy_self(DIR "/both", 06755, 5003, 6004);
	copy_self(DIR "/uid", 06755, 4000, 6004);
	copy_self(DIR "/gid", 06755, 5003, 4000);
	copy_self(DIR "/root", 06755, 0, 0);
	copy_self(DIR "/inner_root", 06755, 5000, 6000);
	spawn(&child, CLONE_NEWUSER, runs, NULL);
	enter(&child);
	finish(&child);
	check_int("outside.euid", exec_told(DIR "/both", "--euid"), 5003 & 0xff);
}

/* USERNS-42 */

static void reaches(struct peer *up, void *arg)
{
	(void)arg;
	hear(up);
	be(0);
	be(3);
	check_int("no_caps", caps_effective(), 0);
	check_ret("own", ret0(sys_open(path_in(DIR, "own"), O_RDWR, 0)), 0);
	check_ret("group", ret0(sys_open(path_in(DIR, "group"), O_RDONLY, 0)), 0);
	check_ret("same_number", ret0(sys_open(path_in(DIR, "number"), O_RDONLY, 0)), -EACCES);
	check_ret("same_group_number", ret0(sys_open(path_in(DIR, "gnumber"), O_RDONLY, 0)),
		  -EACCES);
	check_ret("nobody", ret0(sys_open(path_in(DIR, "nobody"), O_RDONLY, 0)), -EACCES);
}

static void outer_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(5003);
	check_ret("outer.own", ret0(sys_open(path_in(DIR, "own"), O_RDWR, 0)), 0);
	check_ret("outer.number", ret0(sys_open(path_in(DIR, "number"), O_RDONLY, 0)), -EACCES);
}

static void kernel_ids(void)
{
	struct peer child;

	open_dir();
	own_file("own", 0600, 5003, 1);
	own_file("group", 0040, 1, 6003);
	own_file("number", 0600, 3, 1);
	own_file("gnumber", 0040, 1, 3);
	own_file("nobody", 0600, NOBODY, NOBODY);
	spawn(&child, CLONE_NEWUSER, reaches, NULL);
	enter(&child);
	finish(&child);
	run_child(0, outer_user, NULL);
}

/* USERNS-44 */

static void senders(struct peer *up, void *arg)
{
	siginfo_t info;

	(void)arg;
	block_signal(SIGUSR1);
	hear(up);
	be(0);
	tell(up);
	check_int("root", take_signal(SIGUSR1, &info, 2000), SIGUSR1);
	check_int("root.uid", info.si_uid, NOBODY);
	tell(up);
	check_int("mapped", take_signal(SIGUSR1, &info, 2000), SIGUSR1);
	check_int("mapped.uid", info.si_uid, 7);
	must(sys_kill(sys_getpid(), SIGUSR1));
	check_int("own", take_signal(SIGUSR1, &info, 0), SIGUSR1);
	check_int("own.uid", info.si_uid, 0);
}

static void sends_as(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(5007, CAP_BIT(CAP_KILL));
	must(sys_kill(*(long *)arg, SIGUSR1));
}

static void sigchld_uid(struct peer *up, void *arg)
{
	siginfo_t info;
	long pid;

	hear(up);
	be(0);
	block_signal(SIGCHLD);
	pid = must(sys_fork());
	if (pid == 0) {
		be(6);
		sys_exit(0);
	}
	check_int("sigchld", take_signal(SIGCHLD, &info, 2000), SIGCHLD);
	check_int("sigchld.uid", info.si_uid, 6);
	memset(&info, 0, sizeof(info));
	must(sys(__NR_waitid, P_PID, pid, &info, WEXITED, NULL));
	check_int("waitid.uid", info.si_uid, 6);
	(void)arg;
}

static void signal_uids(void)
{
	struct peer child;
	long pid;

	need_admin();
	spawn(&child, CLONE_NEWUSER, senders, NULL);
	enter(&child);
	hear(&child);
	pid = child.pid;
	must(sys_kill(pid, SIGUSR1));
	hear(&child);
	run_child(0, sends_as, &pid);
	finish(&child);
	spawn(&child, CLONE_NEWUSER, sigchld_uid, NULL);
	enter(&child);
	finish(&child);
}

const struct test_case userns_files_cases[] = {
	{ "USERNS-37", "nothing is made by unmapped ids", unmapped_makers, CLONE_NEWUSER, 0 },
	{ "USERNS-38", "nothing is given to unmapped ids", no_unmapped_owner, CLONE_NEWUSER, 0 },
	{ "USERNS-39", "unmapped owners are shown as nobody", owners_shown, CLONE_NEWUSER, 0 },
	{ "USERNS-40", "capabilities over files need mapped owners", mapped_owner_needed,
	  CLONE_NEWUSER, 0 },
	{ "USERNS-41", "set-user-id needs mapped owners", setuid_files, CLONE_NEWUSER, 0 },
	{ "USERNS-42", "kernel ids are compared", kernel_ids, CLONE_NEWUSER, 0 },
	{ "USERNS-44", "ids of senders are the receiver's", signal_uids, CLONE_NEWUSER, 0 },
	{ 0 },
};
