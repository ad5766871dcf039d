// SPDX-License-Identifier: MIT
/* tests/conform/ns_files.c - NS-01 to 05, 45: /proc/PID/ns and what is in it.
 *
 * Each entry is a symbolic link "type:[inode]" that leads to a file of nsfs;
 * the inode number is the namespace's identity. See namespaces(7), proc(5). */
#include "conform.h"

#define LINK_BYTES 64

/* The text of a link, or the error's name. Good until the next call. */
static const char *link_text(const char *path)
{
	static char text[LINK_BYTES];
	long len = sys_readlink(path, text, sizeof(text) - 1);

	if (len < 0)
		return ret_text(len);
	text[len] = 0;
	return text;
}

/* "type:[...]" with the number taken out, which differs from boot to boot. */
static const char *link_shape(const char *path)
{
	static char shape[LINK_BYTES];
	const char *text = link_text(path);
	size_t at = 0;

	for (size_t i = 0; text[i]; i++) {
		if (text[i] < '0' || text[i] > '9')
			shape[at++] = text[i];
		else if (at == 0 || shape[at - 1] != '#')
			shape[at++] = '#';
	}
	shape[at] = 0;
	return shape;
}

/* NS-01 */

static void link_and_target(void)
{
	const char *name = ns_kind(case_kind())->name;
	const char *path = ns_path(0, name);
	char want[LINK_BYTES];
	struct stat st;

	must(sys_stat(path, &st));
	snprintf(want, sizeof(want), "%s:[%lu]", name, st.st_ino);
	expect_str(link_text(path), want);
	obs_str("link", link_shape(path));
	check_int("target.mode", st.st_mode, 0100444);
	check_int("target.uid", st.st_uid, 0);
	check_int("target.nlink", st.st_nlink, 1);
	check_int("target.size", st.st_size, 0);
	must(sys_lstat(path, &st));
	check_int("link.mode", st.st_mode, 0120777);
}

/* Does /proc/self/ns list this name, and as a symbolic link? */
static bool listed_as_link(const char *name)
{
	long fd = must(sys_open("/proc/self/ns", O_RDONLY | O_DIRECTORY, 0));
	char entries[2048];
	bool found = false;
	long len;

	while ((len = must(sys(__NR_getdents64, fd, entries, sizeof(entries)))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			if (strcmp(entries + at + 19, name) == 0)
				found = entries[at + 18] == 10 /* DT_LNK */;
		}
	}
	sys_close(fd);
	return found;
}

static void all_entries(void)
{
	static const char *const names[] = {
		"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children",
		"time", "time_for_children", "user", "uts",
	};

	need_all_ns();
	for (size_t i = 0; i < LENGTH(names); i++) {
		check_true(names[i], listed_as_link(names[i]));
		obs_str("link", link_shape(ns_path(sys_getpid(), names[i])));
	}
}

static void directory(void)
{
	char text[LINK_BYTES];
	struct stat st;

	check_true("uts_listed", listed_as_link("uts"));
	must(sys_stat("/proc/self/ns", &st));
	check_int("mode", st.st_mode, 040511);
	check_ret("missing", sys_open("/proc/self/ns/nothing", O_RDONLY, 0), -ENOENT);
	check_ret("create", sys_open("/proc/self/ns/nothing", O_CREAT | O_RDWR, 0600), -ENOENT);
	check_ret("unlink", sys_unlink("/proc/self/ns/uts"), -EPERM);
	check_ret("mkdir", sys_mkdir("/proc/self/ns/x", 0700), -ENOENT);
	check_ret("nofollow", sys_open("/proc/self/ns/uts", O_RDONLY | O_NOFOLLOW, 0), -ELOOP);
	check_ret("under_it", sys_open("/proc/self/ns/uts/x", O_RDONLY, 0), -ENOTDIR);
	check_ret("readlink_3", sys_readlink("/proc/self/ns/uts", text, 3), 3);
	obs_bytes("readlink_3.bytes", text, 3);
	check_ret("readlink_0", sys_readlink("/proc/self/ns/uts", text, 0), -EINVAL);
	check_ret("readlink_null", sys_readlink("/proc/self/ns/uts", NULL, 20), -EFAULT);
	check_ret("no_such_task", sys_stat("/proc/999999999/ns/uts", &st), -ENOENT);
}

/* NS-02 */

static void same_or_not(void)
{
	const char *name = ns_kind(case_kind())->name;
	struct peer member, stranger;
	unsigned long other;

	need_admin();
	spawn(&member, 0, stay, NULL);
	spawn(&stranger, case_kind(), stay, NULL);
	hear(&member);
	hear(&stranger);
	check_true("child_same", ns_id(member.pid, name) == ns_own(name));
	other = ns_id(stranger.pid, name);
	check_true("stranger_differs", other != ns_own(name));
	check_true("twice_same", other == ns_id(stranger.pid, name));
	tell(&member);
	tell(&stranger);
	finish(&member);
	finish(&stranger);
}

/* All the ways to one file lead to one device and inode. */
static void one_identity(void)
{
	struct stat proc, self, thread, open, again;
	char path[64];
	long fd, home;

	private_uts("x");
	must(sys_stat(ns_path(sys_getpid(), "uts"), &proc));
	must(sys_stat("/proc/self/ns/uts", &self));
	must(sys_stat("/proc/thread-self/ns/uts", &thread));
	home = ns_open(0, "uts");
	must(sys_fstat(home, &open));
	check_true("self", proc.st_ino == self.st_ino && proc.st_dev == self.st_dev);
	check_true("thread", proc.st_ino == thread.st_ino && proc.st_dev == thread.st_dev);
	check_true("open", proc.st_ino == open.st_ino && proc.st_dev == open.st_dev);
	snprintf(path, sizeof(path), "/proc/self/fd/%ld", home);
	obs_str("fd_link", link_shape(path));
	fd = must(sys_open(path, O_RDONLY, 0));
	check_true("reopened", ns_fd_id(fd) == proc.st_ino);
	must(sys_unshare(CLONE_NEWUTS));
	must(sys_stat("/proc/self/ns/uts", &again));
	check_true("new_inode", again.st_ino != proc.st_ino);
	check_true("same_device", again.st_dev == proc.st_dev);
	must(sys_setns(home, 0));
	check_true("back", ns_own("uts") == proc.st_ino);
}

/* NS-03 */

/* What a caller without privilege gets from a task's ns directory. To list it
 * is a matter of the directory's owner and mode alone. */
static void look_at(const char *who, long pid, long want, long want_list)
{
	static const char *const what[] = { "readlink", "stat", "open", "list" };
	char key[64], dir[64], text[LINK_BYTES];
	struct stat st;
	long got[4];

	got[0] = sys_readlink(ns_path(pid, "uts"), text, sizeof(text));
	got[1] = sys_stat(ns_path(pid, "uts"), &st);
	got[2] = ns_try_open(pid, "uts");
	snprintf(dir, sizeof(dir), "/proc/%ld/ns", pid);
	got[3] = sys_open(dir, O_RDONLY | O_DIRECTORY, 0);
	for (size_t i = 0; i < LENGTH(what); i++) {
		snprintf(key, sizeof(key), "%s.%s", who, what[i]);
		check_ret(key, got[i] > 0 ? 0 : got[i], i == 3 ? want_list : want);
	}
	snprintf(key, sizeof(key), "%s.lstat", who);
	check_ret(key, sys_lstat(ns_path(pid, "uts"), &st), 0);
}

struct target {
	int uid;
	int dumpable;
};

static void be_target(struct peer *up, void *arg)
{
	const struct target *target = arg;

	if (target->uid)
		become_user(target->uid);
	must(sys_prctl(PR_SET_DUMPABLE, target->dumpable, 0));
	stay(up, NULL);
}

static void look_as_user(struct peer *up, void *arg)
{
	long *pids = arg;

	(void)up;
	become_user(PLAIN_UID);
	look_at("roots", pids[0], -EACCES, -EACCES);
	look_at("own", pids[1], 0, 0);
	look_at("others", pids[2], -EACCES, -EACCES);
	/* A change of user made us undumpable: our directory is root's. */
	look_at("self", sys_getpid(), 0, -EACCES);
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	look_at("self_dumpable", sys_getpid(), 0, 0);
}

static void needs_ptrace_read(void)
{
	struct target targets[] = { { 0, 1 }, { PLAIN_UID, 1 }, { PLAIN_UID + 1, 1 } };
	struct peer peers[LENGTH(targets)];
	long pids[LENGTH(targets)];

	need_admin();
	for (size_t i = 0; i < LENGTH(targets); i++) {
		spawn(&peers[i], 0, be_target, &targets[i]);
		hear(&peers[i]);
		pids[i] = peers[i].pid;
	}
	run_child(0, look_as_user, pids);
	look_at("by_root", pids[1], 0, 0);
	for (size_t i = 0; i < LENGTH(targets); i++) {
		tell(&peers[i]);
		finish(&peers[i]);
	}
}

static void read_link_as_user(struct peer *up, void *arg)
{
	char text[LINK_BYTES];
	long got;

	(void)up;
	become_user(PLAIN_UID);
	got = sys_readlink(ns_path(*(long *)arg, "uts"), text, sizeof(text));
	check_ret("not_dumpable", got > 0 ? 0 : got, -EACCES);
}

static void not_dumpable(void)
{
	struct target target = { PLAIN_UID, 0 };
	struct peer peer;
	long pid;

	need_admin();
	spawn(&peer, 0, be_target, &target);
	hear(&peer);
	pid = peer.pid;
	run_child(0, read_link_as_user, &pid);
	tell(&peer);
	finish(&peer);
}

/* A task that has more capabilities than the caller is not the caller's to read. */
static void be_capable(struct peer *up, void *arg)
{
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN));
	must(sys_prctl(PR_SET_DUMPABLE, 1, 0));
	stay(up, NULL);
}

static void look_at_capable(struct peer *up, void *arg)
{
	(void)up;
	become_user(PLAIN_UID);
	look_at("more_capable", *(long *)arg, -EACCES, 0);
}

static void more_capable(void)
{
	struct peer peer;
	long pid;

	need_admin();
	spawn(&peer, 0, be_capable, NULL);
	hear(&peer);
	pid = peer.pid;
	run_child(0, look_at_capable, &pid);
	tell(&peer);
	finish(&peer);
}

/* NS-04 */

static void initial_number(void)
{
	const struct ns_kind *kind = ns_kind(case_kind());

	need_init();
	check_int("initial", ns_own(kind->name), kind->initial);
}

static void show_own_number(struct peer *up, void *arg)
{
	(void)arg;
	send_long(up, ns_own("uts"));
	hear(up);
}

static void later_numbers(void)
{
	struct peer a, b;
	unsigned long one, two;

	need_admin();
	spawn(&a, CLONE_NEWUTS, show_own_number, NULL);
	spawn(&b, CLONE_NEWUTS, show_own_number, NULL);
	one = recv_long(&a);
	two = recv_long(&b);
	check_true("differ", one != two);
	check_true("dynamic", one >= 0xf0000000ul && one < 0xffffffffffff);
	check_true("not_initial", one != ns_kind(CLONE_NEWUTS)->initial);
	tell(&a);
	tell(&b);
	finish(&a);
	finish(&b);
}

/* NS-05 */

static void file_operations(void)
{
	const char *path = ns_path(0, ns_kind(case_kind())->name);
	char buf[8] = "abc";
	struct stat st;
	long fd = must(sys_open(path, O_RDONLY, 0));

	check_ret("open_rdwr", sys_open(path, O_RDWR, 0), -EPERM);
	check_ret("open_wronly", sys_open(path, O_WRONLY, 0), -EPERM);
	check_ret("open_directory", sys_open(path, O_RDONLY | O_DIRECTORY, 0), -ENOTDIR);
	check_ret("open_excl", sys_open(path, O_CREAT | O_EXCL | O_RDWR, 0), -EEXIST);
	check_ret("read", sys_read(fd, buf, 4), -EINVAL);
	check_ret("read_0", sys_read(fd, buf, 0), -EINVAL);
	check_ret("pread", sys_pread(fd, buf, 4, 0), -EINVAL);
	check_ret("write", sys_write(fd, buf, 3), -EBADF);
	check_ret("lseek", sys_lseek(fd, 0, SEEK_SET), -ESPIPE);
	check_ret("ftruncate", sys(__NR_ftruncate, fd, 0), -EINVAL);
	check_ret("mmap", sys(__NR_mmap, 0, PAGE_BYTES, PROT_READ, MAP_PRIVATE, fd, 0), -ENODEV);
	check_ret("getdents", sys(__NR_getdents64, fd, buf, 8), -ENOTDIR);
	check_ret("fsync", sys(__NR_fsync, fd), -EINVAL);
	check_ret("unlink", sys_unlink(path), -EPERM);
	obs_ret("fchmod", sys(__NR_fchmod, fd, 0600));
	must(sys_fstat(fd, &st));
	obs_int("mode", st.st_mode);
	check_ret("getfl", sys_fcntl(fd, F_GETFL, 0) & (O_ACCMODE | O_APPEND), 0);
}

static void path_only(void)
{
	long fd = must(sys_open(ns_path(0, "uts"), O_PATH, 0));

	check_ret("setns", sys_setns(fd, 0), -EBADF);
	check_ret("ioctl", sys_ioctl(fd, NS_GET_NSTYPE, 0), -EBADF);
	check_true("fstat", ns_fd_id(fd) == ns_own("uts"));
}

static void file_system(void)
{
	long words[16] = { 0 };	/* struct statfs: type and block size come first */
	long fd = ns_open(0, "uts");

	check_ret("fstatfs", sys(__NR_fstatfs, fd, words), 0);
	check_int("type", words[0], 0x6e736673 /* NSFS_MAGIC */);
}

/* NS-45 */

/* Find the line of mountinfo whose mount point is path; cut it into fields. */
static int mountinfo_fields(char *text, size_t size, const char *path, char **fields, int max)
{
	char *rest = text;

	must(read_file("/proc/self/mountinfo", text, size));
	while (*rest) {
		char *line = rest;
		int n = 0;

		rest += strcspn(rest, "\n");
		if (*rest)
			*rest++ = 0;
		for (char *at = line; n < max && *at; n++) {
			fields[n] = at;
			at += strcspn(at, " ");
			if (*at)
				*at++ = 0;
		}
		if (n > 8 && strcmp(fields[4], path) == 0)
			return n;
	}
	return 0;
}

static void in_mountinfo(void)
{
	static char text[32768];
	const char *dir;
	char want[LINK_BYTES];
	char *fields[16];
	int n, dash = 6;

	private_uts("x");
	dir = temp_dir();
	make_file(path_in(dir, "a"));
	must(sys_mount("/proc/self/ns/uts", path_in(dir, "a"), NULL, MS_BIND, NULL));
	n = mountinfo_fields(text, sizeof(text), path_in(dir, "a"), fields, LENGTH(fields));
	check_true("listed", n >= 9);
	if (n < 9)
		return;
	snprintf(want, sizeof(want), "uts:[%lu]", ns_own("uts"));
	expect_str(fields[3], want);
	check_true("device_0", strncmp(fields[2], "0:", 2) == 0);
	while (dash < n - 3 && strcmp(fields[dash], "-") != 0)
		dash++;
	check_str("type", fields[dash + 1], "nsfs");
	check_str("source", fields[dash + 2], "nsfs");
	obs_str("options", fields[5]);
	obs_str("super_options", fields[dash + 3]);
	must(sys_umount(path_in(dir, "a"), 0));
	check_int("after_umount",
		  mountinfo_fields(text, sizeof(text), path_in(dir, "a"), fields, 16), 0);
}

const struct test_case ns_files_cases[] = {
	{ "NS-01", "/proc/PID/ns lists ten entries", all_entries, 0, 0 },
	{ "NS-01.dir", "the directory and its edges", directory, CLONE_NEWUTS, 0 },
	EACH_KIND("NS-01", "readlink gives type:[inode]", link_and_target),
	{ "NS-02", "one namespace is one device and inode", one_identity, 0, 0 },
	EACH_KIND("NS-02", "same namespace, same inode", same_or_not),
	{ "NS-03", "reading another's ns links needs ptrace read access",
	  needs_ptrace_read, CLONE_NEWUTS, 0 },
	{ "NS-03.dumpable", "not of a process that is not dumpable",
	  not_dumpable, CLONE_NEWUTS, 0 },
	{ "NS-03.caps", "not of a process with more capabilities",
	  more_capable, CLONE_NEWUTS, 0 },
	KIND_ROW("NS-04", "uts", CLONE_NEWUTS, "the first has a fixed number", initial_number),
	KIND_ROW("NS-04", "ipc", CLONE_NEWIPC, "the first has a fixed number", initial_number),
	KIND_ROW("NS-04", "pid", CLONE_NEWPID, "the first has a fixed number", initial_number),
	KIND_ROW("NS-04", "user", CLONE_NEWUSER, "the first has a fixed number", initial_number),
	KIND_ROW("NS-04", "cgroup", CLONE_NEWCGROUP, "the first has a fixed number",
		 initial_number),
	KIND_ROW("NS-04", "time", CLONE_NEWTIME, "the first has a fixed number", initial_number),
	{ "NS-04.later", "later numbers are dynamic", later_numbers, CLONE_NEWUTS, 0 },
	EACH_KIND("NS-05", "its file cannot be read, written or sought", file_operations),
	{ "NS-05.path", "an O_PATH descriptor is no namespace", path_only, CLONE_NEWUTS, 0 },
	{ "NS-05.statfs", "it lies on nsfs", file_system, CLONE_NEWUTS, 0 },
	{ "NS-45", "mountinfo shows nsfs and type:[inode]", in_mountinfo, 0, 0 },
	{ 0 },
};
