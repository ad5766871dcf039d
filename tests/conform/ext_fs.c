// SPDX-License-Identifier: MIT
/* tests/conform/ext_fs.c - EXT-FS-01 to 09: what files and mounts refuse.
 *
 * Mode bits, sticky directories, owners, read-only and restricted mounts, things
 * in use, files that are only interfaces. See path_resolution(7), chmod(2),
 * chown(2), unlink(2), link(2), mount(2). */
#include "conform.h"

#define DIR "/tmp/conform"
#define FILE_A DIR "/file"
#define OWNER 1000
#define GROUP 1000
#define MEMBER 1001
#define STRANGER 1002
#define READ 4
#define WRITE 2
#define EXECUTE 1

/* Root's temporary place in which all may make files. */
static void place(void)
{
	need_admin();
	must(sys(__NR_umask, 0));
	temp_dir();
}

static void become_member(int uid, int gid)
{
	must(sys(__NR_setgroups, 0, NULL));
	must(sys(__NR_setresgid, gid, gid, gid));
	must(sys(__NR_setresuid, uid, uid, uid));
}

/* EXT-FS-01 */

static int class_bits(int mode, int uid)
{
	return uid == OWNER ? mode >> 6 & 7 : uid == MEMBER ? mode >> 3 & 7 : mode & 7;
}

static bool opens(int how)
{
	long fd = sys_open(FILE_A, how, 0);

	if (fd >= 0)
		sys_close(fd);
	return fd != -EACCES;
}

/* The child asks; its parent, root, sets the next mode. */
static void asks(struct peer *up, void *arg)
{
	int uid = *(int *)arg;
	long wrong = 0;

	become_member(uid, uid == STRANGER ? STRANGER : GROUP);
	for (int mode = 0; mode <= 0777; mode++) {
		int bits = class_bits(mode, uid);

		hear(up);
		wrong += (sys(__NR_access, FILE_A, READ) == 0) != !!(bits & READ);
		wrong += (sys(__NR_access, FILE_A, WRITE) == 0) != !!(bits & WRITE);
		wrong += (sys(__NR_access, FILE_A, EXECUTE) == 0) != !!(bits & EXECUTE);
		wrong += opens(O_RDONLY) != !!(bits & READ);
		wrong += opens(O_WRONLY) != !!(bits & WRITE);
		send_long(up, wrong);
	}
}

static void modes(void)
{
	static const int uids[] = { OWNER, MEMBER, STRANGER };
	struct peer child;
	long wrong = 0;

	place();
	make_file(FILE_A);
	must(sys(__NR_chown, FILE_A, OWNER, GROUP));
	for (size_t i = 0; i < LENGTH(uids); i++) {
		spawn(&child, 0, asks, (void *)&uids[i]);
		for (int mode = 0; mode <= 0777; mode++) {
			must(sys(__NR_chmod, FILE_A, mode));
			tell(&child);
			wrong = recv_long(&child);
		}
		finish(&child);
		check_int("wrong_answers", wrong, 0);
	}
}

static const struct dac_row {
	const char *key;
	unsigned long long caps;
	int mode;
	long read, write, search, exec;
} dac_rows[] = {
	{ "none", 0, 0, -EACCES, -EACCES, -EACCES, -EACCES },
	{ "override", CAP_BIT(CAP_DAC_OVERRIDE), 0, 0, 0, 0, -EACCES },
	{ "override.x_somewhere", CAP_BIT(CAP_DAC_OVERRIDE), 0010, 0, 0, 0, 0 },
	{ "read_search", CAP_BIT(CAP_DAC_READ_SEARCH), 0, 0, -EACCES, 0, -EACCES },
	{ "read_search.w", CAP_BIT(CAP_DAC_READ_SEARCH), 0002, 0, 0, 0, -EACCES },
};

static void dac_caps(struct peer *up, void *arg)
{
	const struct dac_row *row = arg;
	const char *envp[] = { NULL }, *argv[] = { "x", NULL };

	(void)up;
	become_user_with(STRANGER, row->caps);
	check_int(row->key, opens(O_RDONLY), row->read == 0);
	check_int("write", opens(O_WRONLY), row->write == 0);
	check_ret("search", ret0(sys_open(DIR "/d/x", O_PATH, 0)), row->search);
	check_ret("exec", sys(__NR_execve, FILE_A, argv, envp),
		  row->exec ? row->exec : -ENOEXEC);
}

static void capabilities(void)
{
	place();
	make_file(FILE_A);
	must(sys_mkdir(DIR "/d", 0));
	make_file(DIR "/d/x");
	for (size_t i = 0; i < LENGTH(dac_rows); i++) {
		must(sys(__NR_chmod, FILE_A, dac_rows[i].mode));
		run_child(0, dac_caps, (void *)&dac_rows[i]);
	}
}

/* EXT-FS-02: a directory of OWNER's, a file of MEMBER's. */

static const struct sticky_row {
	const char *key;
	int uid, mode;
	unsigned long long caps;
	long want;
} sticky_rows[] = {
	{ "stranger", STRANGER, 01777, 0, -EPERM },
	{ "stranger.not_sticky", STRANGER, 0777, 0, 0 },
	{ "owner_of_file", MEMBER, 01777, 0, 0 },
	{ "owner_of_dir", OWNER, 01777, 0, 0 },
	{ "fowner", STRANGER, 01777, CAP_BIT(CAP_FOWNER), 0 },
	{ "dac_override", STRANGER, 01777, CAP_BIT(CAP_DAC_OVERRIDE), -EPERM },
	{ "no_write", MEMBER, 01755, 0, -EACCES },
};

static void sticky_user(struct peer *up, void *arg)
{
	const struct sticky_row *row = arg;

	(void)up;
	become_user_with(row->uid, row->caps);
	check_ret(row->key, sys_unlink(DIR "/s/f1"), row->want);
	check_ret("rename", sys(__NR_rename, DIR "/s/f2", DIR "/s/f2b"), row->want);
	check_ret("rename_out", sys(__NR_rename, DIR "/s/f3", DIR "/free/f3"), row->want);
	check_ret("rmdir", sys_rmdir(DIR "/s/d"), row->want);
	make_file(DIR "/free/mine");
	check_ret("rename_over", sys(__NR_rename, DIR "/free/mine", DIR "/s/f4"), row->want);
}

static void sticky(void)
{
	static const char *const files[] = { "f1", "f2", "f3", "f4" };

	for (size_t i = 0; i < LENGTH(sticky_rows); i++) {
		place();
		must(sys_mkdir(DIR "/s", 0777));
		must(sys_mkdir(DIR "/free", 0777));
		for (size_t f = 0; f < LENGTH(files); f++) {
			make_file(path_in(DIR "/s", files[f]));
			must(sys(__NR_chown, path_in(DIR "/s", files[f]), MEMBER, MEMBER));
		}
		must(sys_mkdir(DIR "/s/d", 0777));
		must(sys(__NR_chown, DIR "/s/d", MEMBER, MEMBER));
		must(sys(__NR_chown, DIR "/s", OWNER, GROUP));
		must(sys(__NR_chmod, DIR "/s", sticky_rows[i].mode));
		run_child(0, sticky_user, (void *)&sticky_rows[i]);
		must(sys_umount(DIR, UMOUNT_DETACH));
	}
}

/* EXT-FS-03, 04: FILE_A is OWNER's and group GROUP's, and all may write it. */

static const struct owner_row {
	const char *key;
	int uid;
	unsigned long long caps;
	long attributes, chown, chgrp_own, chgrp_other;
} owner_rows[] = {
	{ "owner", OWNER, 0, 0, -EPERM, 0, -EPERM },
	{ "stranger", STRANGER, 0, -EPERM, -EPERM, -EPERM, -EPERM },
	{ "fowner", STRANGER, CAP_BIT(CAP_FOWNER), 0, -EPERM, -EPERM, -EPERM },
	{ "chown", STRANGER, CAP_BIT(CAP_CHOWN), -EPERM, 0, 0, 0 },
	{ "dac_override", STRANGER, CAP_BIT(CAP_DAC_OVERRIDE), -EPERM, -EPERM, -EPERM, -EPERM },
};

static void attribute_user(struct peer *up, void *arg)
{
	struct __kernel_timespec times[2] = { { 1, 0 }, { 1, 0 } };
	const struct owner_row *row = arg;

	(void)up;
	become_user_with(row->uid, row->caps);
	check_ret(row->key, sys(__NR_chmod, FILE_A, 0666), row->attributes);
	check_ret("utimes", sys(__NR_utimensat, AT_FDCWD, FILE_A, times, 0), row->attributes);
	check_ret("utimes_now", sys(__NR_utimensat, AT_FDCWD, FILE_A, NULL, 0), 0);
	check_ret("noatime", ret0(sys_open(FILE_A, O_RDONLY | O_NOATIME, 0)), row->attributes);
}

static void chown_user(struct peer *up, void *arg)
{
	const struct owner_row *row = arg;
	int group = MEMBER;

	(void)up;
	must(sys(__NR_setgroups, 1, &group));
	must(sys_prctl(PR_SET_KEEPCAPS, 1, 0));
	must(sys(__NR_setresgid, GROUP, GROUP, GROUP));
	must(sys(__NR_setresuid, row->uid, row->uid, row->uid));
	caps_set(row->caps, row->caps);
	check_ret(row->key, sys(__NR_chown, FILE_A, STRANGER, -1), row->chown);
	if (row->chown == 0)
		must(sys(__NR_chown, FILE_A, OWNER, -1));
	check_ret("chgrp_to_own", sys(__NR_chown, FILE_A, -1, MEMBER), row->chgrp_own);
	check_ret("chgrp_to_other", sys(__NR_chown, FILE_A, -1, 4242), row->chgrp_other);
	check_ret("nothing", sys(__NR_chown, FILE_A, -1, -1), 0);
	check_ret("fchown", sys(__NR_fchownat, AT_FDCWD, FILE_A, STRANGER, -1, 0), row->chown);
}

static void each_owner(peer_fn *fn)
{
	for (size_t i = 0; i < LENGTH(owner_rows); i++) {
		place();
		make_file(FILE_A);
		must(sys(__NR_chown, FILE_A, OWNER, GROUP));
		must(sys(__NR_chmod, FILE_A, 0666));
		run_child(0, fn, (void *)&owner_rows[i]);
		must(sys_umount(DIR, UMOUNT_DETACH));
	}
}

static void attributes(void)
{
	each_owner(attribute_user);
}

static void owners(void)
{
	struct stat st;

	each_owner(chown_user);
	place();
	make_file(FILE_A);
	must(sys(__NR_chown, FILE_A, OWNER, GROUP));
	must(sys(__NR_chmod, FILE_A, 06777));
	must(sys(__NR_chown, FILE_A, OWNER, MEMBER));
	must(sys_stat(FILE_A, &st));
	check_int("setid_bits_go", st.st_mode & 07777, 0777);
}

/* EXT-FS-05, 06 */

static void read_only_and_restricted(void)
{
	struct __kernel_timespec now[2] = { { 1, 0 }, { 1, 0 } };

	place();
	must(sys_mkdir(DIR "/d", 0777));
	must(sys_mount("none", DIR "/d", "tmpfs", 0, NULL));
	make_file(DIR "/d/x");
	copy_self(DIR "/d/prog", 04755, 77, 77);
	must(sys(__NR_mknod, DIR "/d/null", 0020666, 0x103));
	check_int("exec", exec_told(DIR "/d/prog", "--euid"), 77);
	must(sys_mount(NULL, DIR "/d", NULL, MS_REMOUNT | MS_NOEXEC | MS_NODEV, NULL));
	check_ret("noexec", exec_told(DIR "/d/prog", "--euid"), -EACCES);
	check_ret("nodev", ret0(sys_open(DIR "/d/null", O_RDONLY, 0)), -EACCES);
	must(sys_mount(NULL, DIR "/d", NULL, MS_REMOUNT | MS_NOSUID, NULL));
	check_int("nosuid", exec_told(DIR "/d/prog", "--euid"), 0);
	must(sys_mount(NULL, DIR "/d", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	check_ret("open", ret0(sys_open(DIR "/d/x", O_WRONLY, 0)), -EROFS);
	check_ret("create", ret0(sys_open(DIR "/d/y", O_CREAT, 0644)), -EROFS);
	check_ret("unlink", sys_unlink(DIR "/d/x"), -EROFS);
	check_ret("chmod", sys(__NR_chmod, DIR "/d/x", 0600), -EROFS);
	check_ret("utimes", sys(__NR_utimensat, AT_FDCWD, DIR "/d/x", now, 0), -EROFS);
	check_ret("access", sys(__NR_access, DIR "/d/x", WRITE), -EROFS);
	check_ret("setxattr", sys(__NR_setxattr, DIR "/d/x", "trusted.x", "1", 1, 0), -EROFS);
	check_ret("device", ret0(sys_open(DIR "/d/null", O_WRONLY, 0)), 0);
}

static void restricted(void)
{
	place();
	copy_self(DIR "/prog", 0755, 0, 0);
	must(sys_mount(NULL, DIR, NULL, MS_REMOUNT | MS_BIND | MS_NOEXEC, NULL));
	check_ret("execve", exec_told(DIR "/prog", "--euid"), -EACCES);
	check_ret("access", sys(__NR_access, DIR "/prog", EXECUTE), -EACCES);
	check_ret("map", ret0(sys(__NR_mmap, 0, PAGE_BYTES, PROT_EXEC, MAP_PRIVATE,
				  must(sys_open(DIR "/prog", O_RDONLY, 0)), 0)), -EPERM);
	check_ret("map_for_reading", sys(__NR_mmap, 0, PAGE_BYTES, PROT_READ, MAP_PRIVATE,
					 must(sys_open(DIR "/prog", O_RDONLY, 0)), 0) > 0, 1);
}

/* EXT-FS-07 */

static void running(struct peer *up, void *arg)
{
	const char *argv[] = { "conform", "--wait", NULL }, *envp[] = { NULL };

	(void)arg;
	sys_dup2(up->in, 0);
	sys_dup2(up->out, 1);
	sys(__NR_execve, DIR "/prog", argv, envp);
}

static void in_use(void)
{
	struct peer child;

	place();
	copy_self(DIR "/prog", 0755, 0, 0);
	must(sys_mkdir(DIR "/d", 0755));
	must(sys_mount("none", DIR "/d", "tmpfs", 0, NULL));
	check_ret("rmdir_mountpoint", sys_rmdir(DIR "/d"), -EBUSY);
	check_ret("rename_mountpoint", sys(__NR_rename, DIR "/d", DIR "/e"), -EBUSY);
	check_ret("rmdir_root", sys_rmdir("/"), -EBUSY);
	check_ret("rmdir_dot", sys_rmdir(DIR "/."), -EINVAL);
	check_ret("rmdir_dot_dot", sys_rmdir(DIR "/d/.."), -ENOTEMPTY);
	spawn(&child, 0, running, NULL);
	hear(&child);
	check_ret("write_running", ret0(sys_open(DIR "/prog", O_WRONLY, 0)), -ETXTBSY);
	check_ret("truncate_running", sys(__NR_truncate, DIR "/prog", 0), -ETXTBSY);
	check_ret("read_running", ret0(sys_open(DIR "/prog", O_RDONLY, 0)), 0);
	tell(&child);
	finish(&child);
	must(sys_open(DIR "/prog", O_WRONLY, 0));
	check_ret("run_written", exec_told(DIR "/prog", "--euid"), -ETXTBSY);
}

/* EXT-FS-08, 09 */

static void interfaces(void)
{
	int fds[2];
	long fd;

	place();
	must(sys_pipe(fds, 0));
	fd = must(sys_open("/proc/self/ns/uts", O_RDONLY, 0));
	make_file(FILE_A);
	must(sys(__NR_mknod, DIR "/fifo", 0010666, 0));
	check_ret("pipe.seek", sys_lseek(fds[0], 0, 0), -ESPIPE);
	check_ret("pipe.fsync", sys(__NR_fsync, fds[1]), -EINVAL);
	check_ret("ns.write", sys_write(fd, "x", 1), -EBADF);
	check_ret("ns.chmod", sys(__NR_fchmod, fd, 0600), -EPERM);
	check_ret("proc.create", ret0(sys_open("/proc/new", O_CREAT | O_WRONLY, 0644)), -ENOENT);
	check_ret("proc.unlink", sys_unlink("/proc/version"), -EPERM);
	check_ret("proc.mkdir", sys_mkdir("/proc/new", 0755), -ENOENT);
	check_ret("proc.rename", sys(__NR_rename, "/proc/version", "/proc/versions"), -ENOENT);
	check_ret("fifo.xattr", sys(__NR_setxattr, DIR "/fifo", "user.x", "1", 1, 0), -EPERM);
	check_ret("mknod_dir", sys(__NR_mknod, DIR "/x", 0040755, 0), -EPERM);
	check_ret("exchange_and_noreplace", sys(__NR_renameat2, AT_FDCWD, FILE_A, AT_FDCWD,
						DIR "/fifo", 3), -EINVAL);
}

static void links(void)
{
	place();
	must(sys_mkdir(DIR "/d", 0755));
	must(sys_mkdir(DIR "/m", 0755));
	make_file(FILE_A);
	must(sys_mount("none", DIR "/m", "tmpfs", 0, NULL));
	check_ret("directory", sys(__NR_link, DIR "/d", DIR "/d2"), -EPERM);
	check_ret("over_mounts", sys(__NR_link, FILE_A, DIR "/m/file"), -EXDEV);
	check_ret("rename_over_mounts", sys(__NR_rename, FILE_A, DIR "/m/file"), -EXDEV);
	must(sys_umount(DIR "/m", 0));
	must(sys_mount(DIR, DIR "/m", NULL, MS_BIND, NULL));
	check_ret("same_super", sys(__NR_link, FILE_A, DIR "/m/file2"), -EXDEV);
	check_ret("same_super.rename", sys(__NR_rename, FILE_A, DIR "/m/file2"), -EXDEV);
	check_ret("same_mount", sys(__NR_link, FILE_A, DIR "/file2"), 0);
	check_ret("existing", sys(__NR_link, FILE_A, DIR "/file2"), -EEXIST);
}

const struct test_case ext_fs_cases[] = {
	{ "EXT-FS-01", "all modes for owner, group and others", modes, 0, 0 },
	{ "EXT-FS-01.caps", "who needs no mode bits", capabilities, 0, 0 },
	{ "EXT-FS-02", "sticky directories", sticky, 0, 0 },
	{ "EXT-FS-03", "attributes are the owner's", attributes, 0, 0 },
	{ "EXT-FS-04", "giving files away", owners, 0, 0 },
	{ "EXT-FS-05", "read-only file systems", read_only_and_restricted, 0, 0 },
	{ "EXT-FS-06", "mounts without programs and devices", restricted, 0, 0 },
	{ "EXT-FS-07", "what is in use stays", in_use, 0, 0 },
	{ "EXT-FS-08", "files that are only interfaces", interfaces, 0, 0 },
	{ "EXT-FS-09", "hard links stay within a mount, and off directories", links, 0, 0 },
	{ 0 },
};
