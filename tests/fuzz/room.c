// SPDX-License-Identifier: MIT
/* tests/fuzz/room.c - the file tree of a box: a tmpfs with what random calls like to find.
 *
 * Made in a mount namespace of its own, from which the rest of the system is
 * then gone: nothing that a box does to files outlives it. */
#include "fuzz.h"

#define NEW_ROOT "/mnt"

static const struct {
	const char *path;
	unsigned mode, device;
} nodes[] = {
	{ "/dev/null", S_IFCHR | 0666, 0x103 }, { "/dev/zero", S_IFCHR | 0666, 0x105 },
	{ "/dev/full", S_IFCHR | 0666, 0x107 }, { "/dev/random", S_IFCHR | 0666, 0x108 },
	{ "/dev/urandom", S_IFCHR | 0666, 0x109 }, { "/dev/tty", S_IFCHR | 0666, 0x500 },
	{ "/dev/ptmx", S_IFCHR | 0666, 0x502 }, { "/tmp/fifo", S_IFIFO | 0666, 0 },
	{ "/tmp/sock", S_IFSOCK | 0666, 0 },
};
static const char *const dirs[] = {
	"/proc", "/sys", "/sys/fs", "/sys/fs/cgroup", "/dev", "/dev/pts", "/tmp", "/old",
};
static const char *const work_dirs[] = { "/tmp/d", "/tmp/d/e", "/tmp/m", "/tmp/n", "/tmp/n/d" };
static const struct {
	const char *path, *text;
} files[] = {
	{ "/tmp/a", "first file\n" }, { "/tmp/b", "" }, { "/tmp/c", "#!/fuzz --more 2\n" },
	{ "/tmp/d/a", "deeper\n" }, { "/tmp/d/e/f", "deepest\n" }, { "/tmp/script", "#!/fuzz\n" },
};
static const char *const links[][2] = {
	{ "a", "/tmp/lnk" }, { "d", "/tmp/dlnk" }, { "loop", "/tmp/loop" },
};

/* The step that failed, if one did: a box that cannot be made is worth a line. */
static long step(const char *what, long rc)
{
	if (rc < 0)
		say("box: %s: error %ld\n", what, -rc);
	return rc;
}

static void make_dir(const char *path, unsigned mode)
{
	sys_mkdir(path, mode);
	sys(__NR_chmod, path, mode);
}

static void make_file(const char *path, const char *text)
{
	long fd = sys_open(path, O_WRONLY | O_CREAT, 0777);

	sys_write(fd, text, strlen(text));
	sys(__NR_fchmod, fd, 0777);
	sys_close(fd);
}

/* The new root, before it is the root. */
static long root_mount(void)
{
	step("private", sys_mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	step("tmpfs", sys_mount("room", NEW_ROOT, "tmpfs", 0, "size=24m"));
	make_file(NEW_ROOT "/fuzz", "");
	step("program", sys_mount("/fuzz", NEW_ROOT "/fuzz", NULL, MS_BIND, NULL));
	step("read-only",
	     sys_mount(NULL, NEW_ROOT "/fuzz", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	sys_mkdir(NEW_ROOT "/old", 0755);
	step("pivot_root", sys(__NR_pivot_root, NEW_ROOT, NEW_ROOT "/old"));
	return step("chdir", sys(__NR_chdir, "/"));
}

/* Make the tree and stand in its /tmp. Returns: 0 or the first error. */
int room_make(int kind)
{
	(void)kind;
	if (root_mount() < 0)
		return -1;
	for (size_t i = 0; i < LENGTH(dirs); i++)
		make_dir(dirs[i], 0755);
	make_dir("/tmp", 01777);
	step("proc", sys_mount("proc", "/proc", "proc", 0, NULL));
	step("cgroup2", sys_mount("none", "/sys/fs/cgroup", "cgroup2", 0, NULL));
	step("devpts", sys_mount("devpts", "/dev/pts", "devpts", 0, "newinstance,ptmxmode=0666"));
	for (size_t i = 0; i < LENGTH(work_dirs); i++)
		make_dir(work_dirs[i], 0777);
	for (size_t i = 0; i < LENGTH(nodes); i++) {
		sys(__NR_mknod, nodes[i].path, nodes[i].mode, nodes[i].device);
		sys(__NR_chmod, nodes[i].path, 0666);
	}
	for (size_t i = 0; i < LENGTH(files); i++)
		make_file(files[i].path, files[i].text);
	for (size_t i = 0; i < LENGTH(links); i++)
		sys(__NR_symlink, links[i][0], links[i][1]);
	step("old root", sys_umount("/old", UMOUNT_DETACH));
	return step("work", sys(__NR_chdir, "/tmp"));
}
