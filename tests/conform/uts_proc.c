// SPDX-License-Identifier: MIT
/* tests/conform/uts_proc.c - UTSNS-05, 06: the names under /proc/sys/kernel.
 *
 * hostname and domainname show the names of the namespace the caller is in at
 * the time of the call; a write takes one line of at most 64 bytes at the
 * file's offset. ostype, osrelease and version are the same everywhere and
 * cannot be set. See proc(5), uname(2). */
#include "conform.h"

#define HOSTNAME "/proc/sys/kernel/hostname"
#define DOMAINNAME "/proc/sys/kernel/domainname"

static void need_names(void)
{
	if (!have_file(HOSTNAME))
		skip("no " HOSTNAME " in this kernel");
	private_uts("start");
}

/* What a whole read gives, in a buffer good until the next call. */
static const char *contents(const char *path)
{
	static char text[256];
	long got = read_file(path, text, sizeof(text));

	return got < 0 ? ret_text(got) : text;
}

/* UTSNS-05 */

static void shows_and_sets(void)
{
	need_names();
	check_str("hostname", contents(HOSTNAME), "start\n");
	check_str("domainname", contents(DOMAINNAME), "start\n");
	set_node("by.call");
	check_str("after_call", contents(HOSTNAME), "by.call\n");
	check_ret("write", write_file(HOSTNAME, "by.file\n"), 8);
	check_str("uname", node(), "by.file");
	check_ret("write_domain", write_file(DOMAINNAME, "dom.file"), 8);
	check_str("uname_domain", domain(), "dom.file");
	check_str("other_kept", node(), "by.file");
	must(sys_sethostname("", 0));
	check_str("empty", contents(HOSTNAME), "\n");
	must(sys_sethostname("a\nb", 3));
	check_str("newline", contents(HOSTNAME), "a\nb\n");
	must(sys_sethostname("a\0b", 3));
	check_str("nul", contents(HOSTNAME), "a\n");
}

static void file_facts(void)
{
	struct stat st;

	need_names();
	must(sys_stat(HOSTNAME, &st));
	check_int("mode", st.st_mode, 0100644);
	check_int("uid", st.st_uid, 0);
	check_int("size", st.st_size, 0);
	check_int("nlink", st.st_nlink, 1);
	must(sys_stat("/proc/sys/kernel/osrelease", &st));
	check_int("osrelease.mode", st.st_mode, 0100444);
}

static void writes_elsewhere(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_str("child.start", contents(HOSTNAME), "start\n");
	expect_eq(write_file(HOSTNAME, "child"), 5);
	expect_eq(write_file(DOMAINNAME, "child"), 5);
	check_str("child.then", contents(HOSTNAME), "child\n");
}

static void per_namespace(void)
{
	need_names();
	run_child(CLONE_NEWUTS, writes_elsewhere, NULL);
	check_str("parent.hostname", contents(HOSTNAME), "start\n");
	check_str("parent.domainname", contents(DOMAINNAME), "start\n");
	check_str("parent.uname", node(), "start");
}

/* A file opened in one namespace and used in another: whose name is it? */
static void opened_before(void)
{
	char text[80] = "";
	long fd, home;

	need_names();
	home = ns_open(0, "uts");
	fd = must(sys_open(HOSTNAME, O_RDWR, 0));
	must(sys_unshare(CLONE_NEWUTS));
	set_node("inner");
	text[must(sys_pread(fd, text, sizeof(text) - 1, 0))] = 0;
	check_str("read", text, "inner\n");
	check_ret("write", sys_pwrite(fd, "written", 7, 0), 7);
	check_str("here", node(), "written");
	must(sys_setns(home, CLONE_NEWUTS));
	check_str("opener", node(), "start");
	text[must(sys_pread(fd, text, sizeof(text) - 1, 0))] = 0;
	check_str("read_at_home", text, "start\n");
}

static void see_by_thread(void *arg)
{
	must(sys_unshare(CLONE_NEWUTS));
	set_node("thread");
	check_str("thread.hostname", contents(arg), "thread\n");
}

static void thread_reads(void)
{
	need_names();
	in_thread(see_by_thread, HOSTNAME);
	check_str("main.hostname", contents(HOSTNAME), "start\n");
}

/* Reads in parts, with the offset moving on. */
static void partial_reads(void)
{
	char c, text[80];
	char all[16] = "";
	long fd, n = 0;

	need_names();
	set_node("abc");
	fd = must(sys_open(HOSTNAME, O_RDONLY, 0));
	while (n < 15 && must(sys_read(fd, &c, 1)) == 1)
		all[n++] = c;
	all[n] = 0;
	check_str("by_one_byte", all, "abc\n");
	check_ret("at_end", sys_read(fd, text, 10), 0);
	check_ret("lseek", sys_lseek(fd, 1, SEEK_SET), 1);
	check_ret("from_1", sys_read(fd, text, 10), 3);
	obs_bytes("from_1.bytes", text, 3);
	check_ret("lseek_0", sys_lseek(fd, 0, SEEK_SET), 0);
	check_ret("exactly_3", sys_read(fd, text, 3), 3);
	check_ret("then", sys_read(fd, text, 3), 1);
	check_ret("then_end", sys_read(fd, text, 3), 0);
	check_ret("none", sys_pread(fd, text, 0, 0), 0);
	check_ret("pread_3", sys_pread(fd, text, 10, 3), 1);
	check_ret("pread_4", sys_pread(fd, text, 10, 4), 0);
	check_ret("pread_1000", sys_pread(fd, text, 10, 1000), 0);
	check_ret("pread_minus_1", sys_pread(fd, text, 10, -1), -EINVAL);
	check_ret("null", sys_pread(fd, NULL, 10, 0), -EFAULT);
	check_ret("hole", sys_pread(fd, page_with_hole() - 1, 10, 0), -EFAULT);
	check_ret("write_on_rdonly", sys_write(fd, "x", 1), -EBADF);
}

/* One write, at an offset, to a name that is "start" before. */
static void try_write(const char *key, const char *bytes, long len, long offset, long want,
		      const char *then)
{
	char key2[64];
	long fd = must(sys_open(HOSTNAME, O_RDWR, 0));

	set_node("start");
	check_ret(key, sys_pwrite(fd, bytes, len, offset), want);
	snprintf(key2, sizeof(key2), "%s.then", key);
	check_str(key2, node(), then);
	sys_close(fd);
}

static void writes(void)
{
	char longest[101], name[NAME_LEN + 1];

	need_names();
	name_of_len(longest, 100);
	name_of_len(name, NAME_LEN);
	try_write("line", "ab\n", 3, 0, 3, "ab");
	try_write("no_newline", "ab", 2, 0, 2, "ab");
	try_write("two_lines", "ab\ncd\n", 6, 0, 6, "ab");
	try_write("nul_inside", "ab\0cd", 5, 0, 5, "ab");
	try_write("newline_only", "\n", 1, 0, 1, "");
	try_write("nothing", "", 0, 0, 0, "start");
	try_write("spaces", "  a b ", 6, 0, 6, "  a b ");
	try_write("len_64", longest, 64, 0, 64, name);
	try_write("len_65", longest, 65, 0, 65, name);
	try_write("len_100", longest, 100, 0, 100, name);
	try_write("at_2", "XY", 2, 2, 2, "stXY");
	try_write("at_the_end", "XY", 2, 5, 2, "startXY");
	try_write("behind_the_end", "XY", 2, 6, 2, "start");
	try_write("far_behind", "XY", 2, 1000, 2, "start");
	try_write("null", NULL, 2, 0, -EFAULT, "start");
	try_write("half_mapped", page_with_hole() - 1, 2, 0, -EFAULT, "start");
}

/* Two writes on one open file go on where the first ended. */
static void writes_in_turn(void)
{
	long fd;

	need_names();
	fd = must(sys_open(HOSTNAME, O_WRONLY, 0));
	check_ret("first", sys_write(fd, "ab", 2), 2);
	check_str("first.then", node(), "ab");
	check_ret("second", sys_write(fd, "cd\n", 3), 3);
	check_str("second.then", node(), "abcd");
	check_ret("third", sys_write(fd, "ef", 2), 2);
	check_str("third.then", node(), "abcd");
	check_ret("read_on_wronly", sys_read(fd, NULL, 0), -EBADF);
	sys_close(fd);
	fd = must(sys_open(HOSTNAME, O_WRONLY | O_TRUNC, 0));
	check_str("after_trunc", node(), "abcd");
	sys_close(fd);
	fd = must(sys_open(HOSTNAME, O_WRONLY | O_APPEND, 0));
	check_ret("append", sys_write(fd, "Z", 1), 1);
	obs_str("append.then", node());
	sys_close(fd);
}

/* A write through the file ends the name; the bytes behind stay in uname's
 * buffer, unlike with sethostname (UTSNS-03.wipe). */
static void old_bytes(void)
{
	struct new_utsname name;

	need_names();
	set_node("longer.name");
	expect_eq(write_file(HOSTNAME, "ab"), 2);
	must(sys_uname(&name));
	obs_bytes("nodename", name.nodename, sizeof(name.nodename));
	check_str("text", name.nodename, "ab");
}

/* Who may write: euid 0, by the file's mode alone. */
static void try_as(const char *who, long want)
{
	char key[64];
	long fd = sys_open(HOSTNAME, O_WRONLY, 0);

	snprintf(key, sizeof(key), "%s.open_write", who);
	check_ret(key, fd < 0 ? fd : 0, want);
	if (fd >= 0) {
		snprintf(key, sizeof(key), "%s.write", who);
		check_ret(key, sys_write(fd, "by", 2), 2);
		sys_close(fd);
	}
	snprintf(key, sizeof(key), "%s.read", who);
	obs_str(key, contents(HOSTNAME));
}

static void as_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	try_as("user", -EACCES);
}

static void as_user_with_caps(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user_with(PLAIN_UID, CAP_BIT(CAP_SYS_ADMIN) | CAP_BIT(CAP_DAC_OVERRIDE));
	try_as("user_with_caps", -EACCES);
}

static void as_root_without_caps(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	caps_set(0, 0);
	try_as("root_without_caps", 0);
}

static void write_access(void)
{
	need_names();
	run_child(0, as_user, NULL);
	run_child(0, as_user_with_caps, NULL);
	check_str("untouched", node(), "start");
	run_child(0, as_root_without_caps, NULL);
	check_str("written", node(), "by");
}

/* UTSNS-06 */

static void fixed_fields(const char *who, const struct new_utsname *want)
{
	struct new_utsname name;
	char key[64];

	must(sys_uname(&name));
	snprintf(key, sizeof(key), "%s.sysname", who);
	check_str(key, name.sysname, "Linux");
	snprintf(key, sizeof(key), "%s.machine", who);
	check_str(key, name.machine, "x86_64");
	expect_str(name.release, want->release);
	expect_str(name.version, want->version);
}

static void fixed_in_child(struct peer *up, void *arg)
{
	(void)up;
	set_node("other");
	set_domain("other");
	fixed_fields("child", arg);
	must(sys_unshare(CLONE_NEWUTS));
	fixed_fields("grandchild", arg);
}

static void global_fields(void)
{
	struct new_utsname name;

	private_uts("start");
	must(sys_uname(&name));
	fixed_fields("own", &name);
	run_child(CLONE_NEWUTS, fixed_in_child, &name);
	check_true("release_not_empty", name.release[0] != 0);
	check_true("version_not_empty", name.version[0] != 0);
}

/* The read-only files say the same as uname(2) and take no write. */
static void global_files(void)
{
	static const char *const files[] = { "ostype", "osrelease", "version" };
	struct new_utsname name;
	const char *want[] = { name.sysname, name.release, name.version };
	char path[64], text[80], key[64];

	need_names();
	must(sys_uname(&name));
	for (size_t i = 0; i < LENGTH(files); i++) {
		snprintf(path, sizeof(path), "/proc/sys/kernel/%s", files[i]);
		snprintf(text, sizeof(text), "%s\n", want[i]);
		expect_str(contents(path), text);
		snprintf(key, sizeof(key), "%s.open_write", files[i]);
		check_ret(key, sys_open(path, O_WRONLY, 0), -EACCES);
		snprintf(key, sizeof(key), "%s.open_rdwr", files[i]);
		check_ret(key, sys_open(path, O_RDWR, 0), -EACCES);
	}
	must(sys_unshare(CLONE_NEWUTS));
	snprintf(text, sizeof(text), "%s\n", name.release);
	check_int("same_in_new", strcmp(contents("/proc/sys/kernel/osrelease"), text), 0);
}

const struct test_case uts_proc_cases[] = {
	{ "UTSNS-05", "/proc/sys/kernel/hostname and domainname are the names",
	  shows_and_sets, 0, 0 },
	{ "UTSNS-05.stat", "mode and owner of the files", file_facts, 0, 0 },
	{ "UTSNS-05.each", "each namespace reads and writes its own",
	  per_namespace, 0, 0 },
	{ "UTSNS-05.opener", "an open file follows the namespace of its user",
	  opened_before, 0, 0 },
	{ "UTSNS-05.thread", "a thread in a namespace of its own sees that",
	  thread_reads, 0, 0 },
	{ "UTSNS-05.read", "reads in parts and at offsets", partial_reads, 0, 0 },
	{ "UTSNS-05.write", "a write takes one line of at most 64 bytes", writes, 0, 0 },
	{ "UTSNS-05.writes", "writes in turn go on at the offset", writes_in_turn, 0, 0 },
	{ "UTSNS-05.old_bytes", "a write leaves the bytes behind the new end",
	  old_bytes, 0, 0 },
	{ "UTSNS-05.access", "euid 0 may write, whatever the capabilities",
	  write_access, 0, 0 },
	{ "UTSNS-06", "sysname, release, version, machine are the same everywhere",
	  global_fields, 0, 0 },
	{ "UTSNS-06.files", "ostype, osrelease, version cannot be written",
	  global_files, 0, 0 },
	{ 0 },
};
