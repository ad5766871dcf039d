// SPDX-License-Identifier: MIT
/* tests/conform/cg_tree.c - the cgroup2 file system and its directories: CG-01 to CG-06, 16, 17,
 * 38 to 41, 59 to 62.
 *
 * See Documentation/admin-guide/cgroup-v2.rst. */
#include "cgutil.h"

/* --- mounting --- */

static void magic_and_options(void)
{
	struct { long type, rest[31]; } fs;

	cg_begin();
	must(sys(__NR_statfs, CG_MOUNT, &fs));
	check_true("magic", fs.type == CGROUP2_SUPER_MAGIC);
	must(sys_mkdir(path_in("/tmp/conform", "b"), 0755));
	check_ret("unknown", sys_mount("x", "/tmp/conform/b", "cgroup2", 0, "nonsense"), -EINVAL);
	check_ret("controller", sys_mount("x", "/tmp/conform/b", "cgroup2", 0, "pids"), -EINVAL);
	check_ret("value", sys_mount("x", "/tmp/conform/b", "cgroup2", 0, "nsdelegate=1"), -EINVAL);
	check_ret("empty_word", sys_mount("x", "/tmp/conform/b", "cgroup2", 0, ","), 0);
}

/* The options column of the mount at CG_MOUNT. */
static const char *options_of_mount(void)
{
	static char text[16384];
	char *at, *end;

	must(read_file("/proc/self/mounts", text, sizeof(text)));
	at = strstr(text, CG_MOUNT " cgroup2 ");
	if (!at)
		return "not mounted";
	at += strlen(CG_MOUNT " cgroup2 ");
	end = strchr(at, ' ');
	if (end)
		*end = 0;
	return at;
}

/* CG-60: each mount and remount sets them all anew. */
static void options_shown(void)
{
	cg_begin();
	check_str("none", options_of_mount(), "rw,relatime");
	must(sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, "nsdelegate,memory_recursiveprot"));
	check_str("two", options_of_mount(), "rw,relatime,nsdelegate,memory_recursiveprot");
	must(sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, "favordynmods,memory_localevents"));
	check_str("others", options_of_mount(), "rw,relatime,favordynmods,memory_localevents");
	check_ret("remount.unknown", sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, "nsdelegate,x"),
		  -EINVAL);
	check_str("kept", options_of_mount(), "rw,relatime,favordynmods,memory_localevents");
	must(sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, NULL));
	check_str("cleared", options_of_mount(), "rw,relatime");
	must(sys_mkdir("/tmp/conform/b", 0755));
	must(sys_mount("x", "/tmp/conform/b", "cgroup2", 0, "nsdelegate"));
	check_str("by_second_mount", options_of_mount(), "rw,relatime,nsdelegate");
	must(sys_mount("x", CG_MOUNT, NULL, MS_REMOUNT, NULL));
}

static void one_tree(void)
{
	struct stat here, there;

	cg_begin();
	must(sys_mkdir("/tmp/conform/b", 0755));
	must(sys_mount("other", "/tmp/conform/b", "cgroup2", 0, NULL));
	cg_make("a");
	check_true("seen", have_file("/tmp/conform/b/conform/a"));
	must(sys_stat(cg_dir("a"), &here));
	must(sys_stat("/tmp/conform/b/conform/a", &there));
	check_true("same", here.st_ino == there.st_ino && here.st_dev == there.st_dev);
	must(sys_rmdir("/tmp/conform/b/conform/a"));
	check_true("removed", !cg_has("a", ""));
	must(sys_umount("/tmp/conform/b", 0));
	cg_make("kept");
	must(sys_umount(CG_MOUNT, 0));
	must(sys_mount("again", CG_MOUNT, "cgroup2", 0, NULL));
	check_true("kept_over_umount", cg_has("kept", "cgroup.procs"));
}

/* --- files --- */

static const char *const core_files[] = {
	"cgroup.procs", "cgroup.threads", "cgroup.controllers", "cgroup.subtree_control",
	"cgroup.stat", "cgroup.max.depth", "cgroup.max.descendants", "cpu.stat",
};
static const char *const child_files[] = {
	"cgroup.type", "cgroup.events", "cgroup.freeze", "cgroup.kill",
};

static void files_of_root(void)
{
	struct stat st;

	cg_begin();
	for (size_t i = 0; i < LENGTH(core_files); i++) {
		check_true(core_files[i], cg_has("/", core_files[i]));
		check_true(core_files[i], cg_has("", core_files[i]));
	}
	for (size_t i = 0; i < LENGTH(child_files); i++) {
		check_true(child_files[i], !cg_has("/", child_files[i]));
		check_true(child_files[i], cg_has("", child_files[i]));
	}
	must(sys_stat(CG_MOUNT, &st));
	check_int("root.mode", st.st_mode, S_IFDIR | 0555);
	must(sys_stat(cg_file("", "cgroup.procs"), &st));
	check_int("procs.mode", st.st_mode, S_IFREG | 0644);
	check_int("procs.size", st.st_size, 0);
	must(sys_stat(cg_file("", "cgroup.events"), &st));
	check_int("events.mode", st.st_mode, S_IFREG | 0444);
	must(sys_stat(cg_file("", "cgroup.kill"), &st));
	check_int("kill.mode", st.st_mode, S_IFREG | 0200);
}

/* All files of a directory listing can be opened; the listing has those there are. */
static void listing(void)
{
	char entries[8192];
	bool seen[LENGTH(core_files)] = { false }, child = false, dot = false;
	long fd, len, missing = 0;

	cg_begin();
	cg_make("child");
	fd = must(sys_open(cg_dir(""), O_RDONLY | O_DIRECTORY, 0));
	while ((len = must(sys(__NR_getdents64, fd, entries, sizeof(entries)))) > 0)
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16)) {
			const char *name = entries + at + 19;

			dot |= strcmp(name, ".") == 0;
			child |= strcmp(name, "child") == 0 && entries[at + 18] == 4;
			missing += !cg_has("", name);
			for (size_t i = 0; i < LENGTH(core_files); i++)
				seen[i] |= strcmp(name, core_files[i]) == 0;
		}
	for (size_t i = 0; i < LENGTH(core_files); i++)
		expect_true(seen[i]);
	check_true("child", child);
	check_true("dot", dot);
	check_int("missing", missing, 0);
}

static void new_cgroup(void)
{
	struct stat st;

	cg_begin();
	cg_make("a");
	check_cg("type", "a", "cgroup.type", "domain\n");
	check_cg("events", "a", "cgroup.events", "populated 0\nfrozen 0\n");
	check_cg("depth", "a", "cgroup.max.depth", "max\n");
	check_cg("descendants", "a", "cgroup.max.descendants", "max\n");
	check_cg("stat", "a", "cgroup.stat", "nr_descendants 0\nnr_dying_descendants 0\n");
	check_cg("subtree_control", "a", "cgroup.subtree_control", "");
	check_cg("controllers", "a", "cgroup.controllers", "");
	check_cg("procs", "a", "cgroup.procs", "");
	check_cg("threads", "a", "cgroup.threads", "");
	check_cg("freeze", "a", "cgroup.freeze", "0\n");
	check_int("usage", cg_number("a", "cpu.stat", "usage_usec"), 0);
	must(sys_stat(cg_dir("a"), &st));
	check_int("links", st.st_nlink, 2);
	cg_make("a/b");
	must(sys_stat(cg_dir("a"), &st));
	check_int("links.child", st.st_nlink, 3);
	must(cg_remove("a/b"));
	must(sys_stat(cg_dir("a"), &st));
	check_int("links.removed", st.st_nlink, 2);
}

/* --- names --- */

static void names(void)
{
	char longest[256];
	long top;

	cg_begin();
	top = must(sys_open(cg_dir(""), O_RDONLY | O_DIRECTORY, 0));
	check_ret("make", cg_try("a"), 0);
	check_ret("again", cg_try("a"), -EEXIST);
	check_ret("newline", cg_try("a\nb"), -EINVAL);
	check_ret("control_file", cg_try("cgroup.procs"), -EEXIST);
	check_ret("like_a_file", cg_try("cgroup.nonsense"), 0);
	check_ret("of_absent_controller", cg_try("pids.max"), 0);
	memset(longest, 'x', 255);
	longest[255] = 0;
	check_ret("255", sys(__NR_mkdirat, top, longest, 0755), 0);
	check_ret("255.rmdir", sys(__NR_unlinkat, top, longest, AT_REMOVEDIR), 0);
	check_ret("no_parent", cg_try("none/a"), -ENOENT);
	check_ret("below_file", cg_try("cgroup.procs/a"), -ENOTDIR);
	must(cg_remove("a"));
	check_ret("again.after_remove", cg_try("a"), 0);
}

static void only_directories(void)
{
	long fd;

	cg_begin();
	cg_make("a");
	check_ret("create", sys_open(cg_file("a", "x"), O_CREAT | O_WRONLY, 0644), -EACCES);
	check_ret("mknod", sys(__NR_mknod, cg_file("a", "x"), S_IFREG | 0644, 0), -EACCES);
	check_ret("fifo", sys(__NR_mknod, cg_file("a", "x"), S_IFIFO | 0644, 0), -EPERM);
	check_ret("symlink", sys(__NR_symlink, "y", cg_file("a", "x")), -EPERM);
	check_ret("link", sys(__NR_link, cg_file("a", "cgroup.procs"), cg_file("a", "x")), -EPERM);
	check_ret("unlink", sys_unlink(cg_file("a", "cgroup.procs")), -EPERM);
	check_ret("rmdir_file", sys_rmdir(cg_file("a", "cgroup.procs")), -ENOTDIR);
	check_ret("unlink_dir", sys_unlink(cg_dir("a")), -EISDIR);
	check_ret("rename_dir", sys(__NR_rename, cg_dir("a"), cg_dir("b")), -EPERM);
	check_ret("rename_file",
		  sys(__NR_rename, cg_file("a", "cgroup.procs"), cg_file("a", "x")), -EPERM);
	fd = sys_open(cg_file("a", "cgroup.freeze"), O_RDWR | O_TRUNC, 0);
	check_true("truncating_open", fd >= 0);
	check_ret("ftruncate", sys(__NR_ftruncate, fd, 0), 0);
	check_cg("kept", "a", "cgroup.freeze", "0\n");
	sys_close(fd);
}

/* --- rmdir, and what is left of a removed cgroup --- */

static void rmdir_busy(void)
{
	long pid;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	check_ret("child", cg_remove("a"), -EBUSY);
	pid = cg_idle("a/b");
	check_ret("member", cg_remove("a/b"), -EBUSY);
	check_ret("member_below", cg_remove("a"), -EBUSY);
	end_idle(pid);
	check_ret("empty", cg_remove("a/b"), 0);
	check_ret("parent", cg_remove("a"), 0);
	check_ret("gone", cg_remove("a"), -ENOENT);
	check_ret("root", sys_rmdir(CG_MOUNT), -EBUSY);
}

static void removed_files(void)
{
	char text[64];
	long fd, dir, events;

	cg_begin();
	cg_make("a");
	fd = must(cg_open("a", "cgroup.procs", O_RDWR));
	events = must(cg_open("a", "cgroup.events", O_RDONLY));
	dir = must(sys_open(cg_dir("a"), O_RDONLY | O_DIRECTORY, 0));
	must(sys_read(events, text, sizeof(text)));
	must(cg_remove("a"));
	check_ret("write", sys_write(fd, "0", 1), -ENODEV);
	check_ret("write_nothing", sys_write(fd, "", 0), -ENODEV);
	check_ret("write_junk", sys_write(fd, "junk", 4), -ENODEV);
	check_ret("read", sys_read(fd, text, sizeof(text)), -ENODEV);
	check_ret("pread", sys_pread(events, text, sizeof(text), 0), -ENODEV);
	check_ret("openat", sys(__NR_openat, dir, "cgroup.procs", O_RDONLY, 0), -ENOENT);
	check_ret("mkdirat", sys(__NR_mkdirat, dir, "b", 0755), -ENOENT);
	cg_make("a");
	check_ret("write.new_one", sys_write(fd, "0", 1), -ENODEV);
	check_cg("new_one", "a", "cgroup.procs", "");
}

/* --- limits of the tree --- */

static void max_descendants(void)
{
	cg_begin();
	must(cg_write("", "cgroup.max.descendants", "2"));
	check_cg("read", "", "cgroup.max.descendants", "2\n");
	check_ret("first", cg_try("a"), 0);
	check_ret("second", cg_try("a/b"), 0);
	check_ret("third", cg_try("c"), -EAGAIN);
	check_ret("third_below", cg_try("a/b/c"), -EAGAIN);
	must(cg_remove("a/b"));
	check_ret("after_remove", cg_try("c"), 0);
	check_ret("lower", cg_write("", "cgroup.max.descendants", "1"), 0);
	check_int("actual", cg_number("", "cgroup.stat", "nr_descendants"), 2);
	must(cg_remove("c"));
	check_ret("still_full", cg_try("c"), -EAGAIN);
	must(cg_write("", "cgroup.max.descendants", "max"));
	check_ret("no_limit", cg_try("c"), 0);
	must(cg_write("", "cgroup.max.descendants", "0"));
	check_ret("zero", cg_try("d"), -EAGAIN);
}

static void max_depth(void)
{
	cg_begin();
	must(cg_write("", "cgroup.max.depth", "1"));
	check_ret("depth_1", cg_try("a"), 0);
	check_ret("depth_2", cg_try("a/b"), -EAGAIN);
	must(cg_write("", "cgroup.max.depth", "2"));
	check_ret("depth_2.allowed", cg_try("a/b"), 0);
	check_ret("depth_3", cg_try("a/b/c"), -EAGAIN);
	check_ret("lower", cg_write("", "cgroup.max.depth", "0"), 0);
	check_ret("depth_1.refused", cg_try("c"), -EAGAIN);
	must(cg_write("", "cgroup.max.depth", "max"));
	must(cg_write("a", "cgroup.max.depth", "1"));
	check_ret("inner_limit", cg_try("a/b/c"), -EAGAIN);
	check_ret("beside", cg_try("c"), 0);
}

static const struct {
	const char *name, *text;
	long want;
} limit_values[] = {
	{ "zero", "0", 0 }, { "newline", "5\n", 0 }, { "spaces", "  7 \n", 0 },
	{ "plus", "+3", 0 }, { "hex", "0x10", 0 }, { "octal", "010", 0 },
	{ "largest", "2147483647", 0 }, { "max", "max", 0 }, { "max_spaces", " max\n", 0 },
	{ "too_large", "2147483648", -ERANGE }, { "huge", "99999999999999999999", -ERANGE },
	{ "huge_junk", "99999999999999999999x", -ERANGE },
	{ "minus_1", "-1", -ERANGE }, { "minus_huge", "-99999999999", -ERANGE },
	{ "junk", "many", -EINVAL }, { "behind", "1x", -EINVAL }, { "two", "1 2", -EINVAL },
	{ "MAX", "MAX", -EINVAL }, { "space", " ", -EINVAL }, { "sign", "-", -EINVAL },
	{ "hex_sign", "0x", -EINVAL }, { "eight", "08", -EINVAL }, { "point", "1.5", -EINVAL },
};

static void limit_parsing(void)
{
	char key[64];

	cg_begin();
	for (size_t i = 0; i < LENGTH(limit_values); i++) {
		must(cg_write("", "cgroup.max.depth", "42"));
		snprintf(key, sizeof(key), "%s.write", limit_values[i].name);
		check_ret(key, cg_write("", "cgroup.max.depth", limit_values[i].text),
			  limit_values[i].want);
		snprintf(key, sizeof(key), "%s.read", limit_values[i].name);
		obs_str(key, cg_read("", "cgroup.max.depth"));
		if (limit_values[i].want)
			expect_eq(cg_number("", "cgroup.max.depth", NULL), 42);
	}
}

/* --- cgroup.stat --- */

static void stat_counts(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
	cg_make("a/b/c");
	check_int("top", cg_number("", "cgroup.stat", "nr_descendants"), 3);
	check_int("a", cg_number("a", "cgroup.stat", "nr_descendants"), 2);
	check_int("c", cg_number("a/b/c", "cgroup.stat", "nr_descendants"), 0);
	must(cg_remove("a/b/c"));
	check_int("removed", cg_number("", "cgroup.stat", "nr_descendants"), 2);
	check_int("dying", cg_await("", "cgroup.stat", "nr_dying_descendants", 0), 0);
}

/* A zombie keeps what was removed around it. */
static void stat_dying(void)
{
	struct peer peer;

	cg_begin();
	cg_make("a");
	cg_make("a/b");
	spawn(&peer, 0, wait_to_go, NULL);
	must(cg_join("a/b", peer.pid));
	tell(&peer);
	check_int("empty", cg_await("a/b", "cgroup.events", "populated", 0), 0);
	check_ret("rmdir", cg_remove("a/b"), 0);
	check_int("dying", cg_await("a", "cgroup.stat", "nr_dying_descendants", 1), 1);
	check_int("dying.top", cg_number("", "cgroup.stat", "nr_dying_descendants"), 1);
	check_int("descendants", cg_number("", "cgroup.stat", "nr_descendants"), 1);
	check_str("path", cg_of(peer.pid), "/conform/a/b (deleted)");
	check_ret("rmdir.parent", cg_remove("a"), 0);
	check_int("both", cg_await("", "cgroup.stat", "nr_dying_descendants", 2), 2);
	finish(&peer);
	check_int("reaped", cg_await("", "cgroup.stat", "nr_dying_descendants", 0), 0);
}

static void dying_stays_dead(void)
{
	struct peer peer;
	long procs;

	cg_begin();
	cg_make("a");
	spawn(&peer, 0, wait_to_go, NULL);
	must(cg_join("a", peer.pid));
	procs = must(cg_open("a", "cgroup.procs", O_WRONLY));
	tell(&peer);
	cg_await("a", "cgroup.events", "populated", 0);
	must(cg_remove("a"));
	check_ret("join", sys_write(procs, "0", 1), -ENODEV);
	cg_make("a");
	check_str("old_one", cg_of(peer.pid), "/conform/a (deleted)");
	check_cg("new_one", "a", "cgroup.events", "populated 0\nfrozen 0\n");
	finish(&peer);
}

/* --- attributes --- */

static void xattrs_kept(void)
{
	static const char *const names_kept[] = { "trusted.x", "security.x", "user.x" };
	char value[8], key[64];

	cg_begin();
	cg_make("a");
	for (size_t i = 0; i < LENGTH(names_kept); i++) {
		snprintf(key, sizeof(key), "set.%s", names_kept[i]);
		check_ret(key, sys(__NR_setxattr, cg_dir("a"), names_kept[i], "abc", 3, 0), 0);
		snprintf(key, sizeof(key), "set_file.%s", names_kept[i]);
		check_ret(key, sys(__NR_setxattr, cg_file("a", "cgroup.procs"), names_kept[i],
				   "de", 2, 0), 0);
	}
	check_ret("get", sys(__NR_getxattr, cg_dir("a"), "user.x", value, sizeof(value)), 3);
	check_ret("get_file", sys(__NR_getxattr, cg_file("a", "cgroup.procs"), "trusted.x",
				  value, sizeof(value)), 2);
	check_ret("small", sys(__NR_getxattr, cg_dir("a"), "user.x", value, 2), -ERANGE);
	check_ret("none", sys(__NR_getxattr, cg_dir("a"), "user.y", value, 8), -ENODATA);
	check_ret("create", sys(__NR_setxattr, cg_dir("a"), "user.x", "z", 1, 1), -EEXIST);
	check_ret("replace", sys(__NR_setxattr, cg_dir("a"), "user.y", "z", 1, 2), -ENODATA);
	check_ret("remove", sys(__NR_removexattr, cg_dir("a"), "user.x"), 0);
	check_ret("removed", sys(__NR_getxattr, cg_dir("a"), "user.x", value, 8), -ENODATA);
	check_ret("system", sys(__NR_setxattr, cg_dir("a"), "system.x", "z", 1, 0), -EOPNOTSUPP);
}

static void xattrs_limited(void)
{
	char name[32];
	long made = 0, rc = 0;

	cg_begin();
	cg_make("a");
	while (made < 200) {
		snprintf(name, sizeof(name), "user.%ld", made);
		rc = sys(__NR_setxattr, cg_dir("a"), name, "v", 1, 0);
		if (rc)
			break;
		made++;
	}
	check_int("made", made, 128);
	check_ret("next", rc, -ENOSPC);
	check_ret("old_one", sys(__NR_setxattr, cg_dir("a"), "user.0", "other", 5, 0), -ENOSPC);
	check_ret("trusted", sys(__NR_setxattr, cg_dir("a"), "trusted.0", "v", 1, 0), 0);
	must(sys(__NR_removexattr, cg_dir("a"), "user.0"));
	check_ret("after_remove", sys(__NR_setxattr, cg_dir("a"), name, "v", 1, 0), 0);
}

/* --- writing where nothing can be written; values --- */

static void read_only_files(void)
{
	static const char *const read_only[] = {
		"cgroup.controllers", "cgroup.events", "cgroup.stat", "cpu.stat",
	};

	cg_begin();
	for (size_t i = 0; i < LENGTH(read_only); i++) {
		long fd = cg_open("", read_only[i], O_WRONLY);

		check_true(read_only[i], fd >= 0);
		check_ret(read_only[i], sys_write(fd, "1", 1), -EINVAL);
		check_ret(read_only[i], sys_write(fd, "", 0), 0);
		sys_close(fd);
	}
	check_ret("read_of_kill", cg_read_err("", "cgroup.kill"), -EINVAL);
}

/* A page is the most; position, NUL and pieces mean nothing. */
static void odd_writes(void)
{
	char page[PAGE_BYTES + 2];
	long fd;

	cg_begin();
	fd = must(cg_open("", "cgroup.max.depth", O_RDWR));
	memset(page, ' ', sizeof(page));
	page[0] = '7';
	check_ret("page", sys_write(fd, page, PAGE_BYTES), PAGE_BYTES);
	check_ret("page_and_1", sys_write(fd, page, PAGE_BYTES + 1), -E2BIG);
	check_ret("nul", sys_write(fd, "5\0junk", 6), 6);
	check_cg("nul.value", "", "cgroup.max.depth", "5\n");
	check_ret("only_nul", sys_write(fd, "\0", 1), -EINVAL);
	check_ret("piece_1", sys_write(fd, "1", 1), 1);
	check_ret("piece_2", sys_write(fd, "2", 1), 1);
	check_cg("pieces", "", "cgroup.max.depth", "2\n");
	check_ret("seek", sys_lseek(fd, 1000, SEEK_SET), 1000);
	check_ret("write_there", sys_write(fd, "9", 1), 1);
	check_cg("there", "", "cgroup.max.depth", "9\n");
	check_ret("pwrite", sys_pwrite(fd, "4", 1, 77), 1);
	check_cg("pwrite.value", "", "cgroup.max.depth", "4\n");
	check_ret("bad_pointer", sys_write(fd, KERNEL_ADDRESS, 1), -EFAULT);
	check_ret("hole", sys_write(fd, page_with_hole() - 1, 2), -EFAULT);
	check_cg("kept", "", "cgroup.max.depth", "4\n");
}

/* One reader sees one state, from its start on. */
static void reading_in_pieces(void)
{
	char text[64];
	long fd;

	cg_begin();
	must(cg_write("", "cgroup.max.depth", "1234"));
	fd = must(cg_open("", "cgroup.max.depth", O_RDONLY));
	check_ret("piece", sys_read(fd, text, 2), 2);
	must(cg_write("", "cgroup.max.depth", "98765"));
	check_ret("rest", sys_read(fd, text + 2, 60), 3);
	text[5] = 0;
	check_str("text", text, "1234\n");
	check_ret("end", sys_read(fd, text, 60), 0);
	check_ret("rewind", sys_lseek(fd, 0, SEEK_SET), 0);
	check_ret("again", sys_read(fd, text, 60), 6);
	check_ret("seek_end", sys_lseek(fd, 0, SEEK_END), 0);
	check_ret("seek_before", sys_lseek(fd, -1, SEEK_SET), -EINVAL);
}

const struct test_case cg_tree_cases[] = {
	{ "CG-01", "cgroup2 has its magic and refuses unknown options", magic_and_options, 0, 0 },
	{ "CG-02", "all mounts show one tree, which outlives them", one_tree, 0, 0 },
	{ "CG-03", "which files the root has not", files_of_root, 0, 0 },
	{ "CG-03.listing", "a directory lists its files and children", listing, 0, 0 },
	{ "CG-04", "mkdir makes a child; names that may not be", names, 0, 0 },
	{ "CG-05", "nothing but directories can be made, nothing renamed", only_directories, 0, 0 },
	{ "CG-06", "a new cgroup is an empty domain", new_cgroup, 0, 0 },
	{ "CG-16", "rmdir with a member or a child is EBUSY", rmdir_busy, 0, 0 },
	{ "CG-17", "open files of a removed cgroup are ENODEV", removed_files, 0, 0 },
	{ "CG-38.descendants", "max.descendants of any ancestor", max_descendants, 0, 0 },
	{ "CG-38.depth", "max.depth of any ancestor", max_depth, 0, 0 },
	{ "CG-38.values", "which numbers are taken", limit_parsing, 0, 0 },
	{ "CG-40", "cgroup.stat counts descendants", stat_counts, 0, 0 },
	{ "CG-40.dying", "a zombie keeps its removed cgroup dying", stat_dying, 0, 0 },
	{ "CG-41", "a dying cgroup never lives again", dying_stays_dead, 0, 0 },
	{ "CG-59", "trusted, security and user attributes", xattrs_kept, 0, 0 },
	{ "CG-59.limit", "128 user attributes", xattrs_limited, 0, 0 },
	{ "CG-60", "options are shown, and set anew by each mount", options_shown, 0, 0 },
	{ "CG-61", "a read-only file written by root is EINVAL", read_only_files, 0, 0 },
	{ "CG-62", "one write is one value, wherever it stands", odd_writes, 0, 0 },
	{ "CG-62.read", "one reader sees one state", reading_in_pieces, 0, 0 },
	{ 0 },
};
