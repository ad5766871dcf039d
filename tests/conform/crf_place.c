// SPDX-License-Identifier: MIT
/* tests/conform/crf_place.c - checkpoint of files by what they are: changed ones, file systems of
 * memory, devices, names of sockets, terminals of others, and what nobody can open here.
 * See docs/rules/checkpoint-restart.md, CR-FILE-09, 14, 16, CR-UNIX-03, CR-TTY-03, 04, CR-EVT-05,
 * CR-MEM-21. */
#include "crbox.h"

#include <asm/termbits.h>
#include <linux/tty.h>
#include <sched.h>

#define IMAGE "/tmp/box.img"
#define NAME "/tmp/box.name"
#define ROOM "/tmp/box.room"
#define PTS "/tmp/box.pts"
#define HOLE (1 << 20)

static char text[4096], log_text[1024];

/* --- CR-FILE-09: what changed meanwhile --- */

static void named_make(void)
{
	must(sys_write(must(sys_open(NAME, O_RDWR | O_CREAT, 0644)), "ten bytes.", 10));
}

static void refused(const char *key, long want)
{
	check_ret(key, box_restart(IMAGE, 0, log_text, sizeof(log_text)), want);
	if (!strstr(log_text, NAME ": CR-FILE-09 errno"))
		fail_at(HERE, key, "the log says \"%s\"", log_text);
}


static void changed(void)
{
	long pid, fd;

	fd = must(sys_open(NAME, O_RDWR | O_CREAT, 0644));
	box_image(named_make, IMAGE);
	must(sys(__NR_ftruncate, fd, 9));
	refused("shorter", -EINVAL);
	must(sys(__NR_ftruncate, fd, 11));
	refused("longer", -EINVAL);
	sys_close(fd);
	sys_unlink(NAME);
	refused("gone", -ENOENT);
	must(sys_mkdir(NAME, 0755));
	refused("directory", -EISDIR);
	must(sys_rmdir(NAME));
	fd = must(sys_open(NAME, O_RDWR | O_CREAT, 0644));
	must(sys_write(fd, "new bytes.", 10));
	sys_close(fd);
	pid = box_restart(IMAGE, 0, log_text, sizeof(log_text));
	check_true("as_long", pid > 0);
	box_end(pid);
	sys_unlink(NAME);
	sys_unlink(IMAGE);
}

/* --- CR-FILE-14: what is in a file system of memory that only the tree has --- */

static struct stat before[2];

static void memory_make(void)
{
	long fd;

	must(sys_unshare(CLONE_NEWNS));
	must(sys_mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must(sys_mkdir(ROOM, 0755));
	must(sys_mount("room", ROOM, "tmpfs", 0, "size=3m,nr_inodes=20,mode=1751,uid=5"));
	must(sys_mkdir(ROOM "/dir", 0700));
	fd = must(sys_open(ROOM "/dir/file", O_RDWR | O_CREAT, 04711));
	must(sys_write(fd, "contents", 8));
	must_true(sys_pwrite(fd, "end", 3, HOLE) == 3);
	must(sys(__NR_fsetxattr, fd, "trusted.mark", "value", 5, 0));
	must(sys(__NR_fchown, fd, 12, 34));
	sys_close(fd);
	must(sys(__NR_link, ROOM "/dir/file", ROOM "/other"));
	must(sys(__NR_symlink, "dir/file", ROOM "/link"));
	must(sys(__NR_mknod, ROOM "/fifo", S_IFIFO | 0600, 0));
	must(sys(__NR_mknod, ROOM "/null", S_IFCHR | 0666, 0x103));
	must(sys_stat(ROOM "/dir/file", &before[0]));
	must(sys_stat(ROOM, &before[1]));
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_mode == b->st_mode && a->st_uid == b->st_uid && a->st_gid == b->st_gid &&
	       a->st_size == b->st_size && a->st_blocks == b->st_blocks &&
	       a->st_nlink == b->st_nlink && a->st_mtime == b->st_mtime;
}

static void memory_look(void)
{
	struct stat st, other;
	long fd = sys_open(ROOM "/link", O_RDWR, 0);

	box_see_int(sys_fstat(fd, &st), 0);
	box_see(same_file(&st, &before[0]));
	box_see_int(sys_stat(ROOM "/other", &other), 0);
	box_see_int(other.st_ino, st.st_ino);
	box_see_int(sys_read(fd, text, 9), 9);
	box_see(!memcmp(text, "contents", 9));
	box_see_int(sys_pread(fd, text, 9, HOLE), 3);
	box_see_int(sys(__NR_fgetxattr, fd, "trusted.mark", text, 9), 5);
	box_see(!memcmp(text, "value", 5));
	box_see_int(sys_stat(ROOM, &st), 0);
	box_see(same_file(&st, &before[1]));
	box_see_int(sys_stat(ROOM "/null", &st), 0);
	box_see_int(st.st_rdev, 0x103);
	box_see_int(sys_lstat(ROOM "/fifo", &st), 0);
	box_see(S_ISFIFO(st.st_mode));
	box_see_int(sys(__NR_ftruncate, fd, 0), 0);
	memset(text, 1, sizeof(text));
	for (long n = 0; n < 1024 && sys_write(fd, text, sizeof(text)) > 0; n++)
		;
	box_see_int(sys_fstat(fd, &st), 0);
	box_see(st.st_size > 2 << 20 && st.st_size <= 3 << 20);	/* its size is a limit again */
}

static void memory(void)
{
	static const struct cr_box box = { memory_make, memory_look, false };

	box_run(&box);
	sys_rmdir(ROOM);
}

/* --- CR-FILE-16: devices of memory --- */

static void devices_make(void)
{
	static const char *const names[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random",
					     "/dev/urandom" };

	for (size_t i = 0; i < LENGTH(names); i++)
		must(sys_open(names[i], O_RDWR, 0));
}

static void devices_look(void)
{
	box_see_int(sys_read(0, text, 9), 0);
	box_see_int(sys_write(0, text, 9), 9);
	memset(text, 1, 9);
	box_see_int(sys_read(1, text, 9), 9);
	box_see(!memcmp(text, "\0\0\0\0\0\0\0\0", 9));
	box_see_int(sys_write(2, text, 9), -ENOSPC);
	box_see_int(sys_read(3, text, 9), 9);
	box_see_int(sys_read(4, text + 9, 9), 9);
	box_see(memcmp(text, text + 9, 9));
}

static void devices(void)
{
	static const struct cr_box box = { devices_make, devices_look, false };

	box_run(&box);
}

/* --- CR-UNIX-03: names of sockets: relative, removed, without a file --- */

struct unix_name { unsigned short family; char path[108]; };

static void socket_named(const char *path, size_t len)
{
	struct unix_name name = { 1, "" };
	long fd = must(sys(__NR_socket, 1, 1, 0));

	memcpy(name.path, path, len);
	must(sys(__NR_bind, fd, &name, sizeof(name.family) + len));
	must(sys(__NR_listen, fd, 3));
}

static void sockets_make(void)
{
	must(sys_mkdir(ROOM, 0755));
	must(sys(__NR_chdir, ROOM));
	socket_named("relative", 9);
	must(sys(__NR_chdir, "/"));
	socket_named(ROOM "/gone", sizeof(ROOM "/gone"));
	must(sys_unlink(ROOM "/gone"));
	socket_named("\0abstract", 9);
}

static long connect_named(const char *path, size_t len)
{
	struct unix_name name = { 1, "" };
	long fd = must(sys(__NR_socket, 1, 1, 0)), rc;

	memcpy(name.path, path, len);
	rc = sys(__NR_connect, fd, &name, sizeof(name.family) + len);
	sys_close(fd);
	return rc;
}

static void name_is(int fd, const char *path, int len)
{
	struct unix_name name = { 0, "" };
	int room = sizeof(name);

	box_see_int(sys(__NR_getsockname, fd, &name, &room), 0);
	box_see_int(room, (int)sizeof(name.family) + len);
	box_see(!memcmp(name.path, path, len));
}

static void sockets_look(void)
{
	name_is(0, "relative", 9);
	name_is(1, ROOM "/gone", sizeof(ROOM "/gone"));
	name_is(2, "\0abstract", 9);
	box_see_int(connect_named(ROOM "/relative", sizeof(ROOM "/relative")), 0);
	box_see_int(connect_named(ROOM "/gone", sizeof(ROOM "/gone")), -ENOENT);
	box_see_int(connect_named("\0abstract", 9), 0);
	box_see_int(sys_unlink(ROOM "/relative"), 0);
	box_see_int(sys_rmdir(ROOM), 0);
}

static void sockets(void)
{
	static const struct cr_box box = { sockets_make, sockets_look, false };

	box_run(&box);
}

/* --- CR-TTY-03, 04: terminals --- */

/* A master, unlocked; its number. */
static int master_open(void)
{
	int zero = 0, number = -1;
	long m = must(sys_open(PTS "/ptmx", O_RDWR | O_NOCTTY, 0));

	must(sys_ioctl(m, TIOCSPTLCK, &zero));
	must(sys_ioctl(m, TIOCGPTN, &number));
	return number;
}

static void pts_mount(void)
{
	sys_mkdir(PTS, 0755);
	must(sys_mount("devpts", PTS, "devpts", 0, "ptmxmode=666,max=4"));
}

static void pts_drop(void)
{
	sys_umount(PTS, UMOUNT_DETACH);
	sys_rmdir(PTS);
}

/* The session's leader has a terminal whose other end is outside. */
static void outer_make(void)
{
	must(sys_setsid());
	must(sys_open(PTS "/0", O_RDWR, 0));
}

static void outer(void)
{
	box_need();
	pts_mount();
	check_int("number", master_open(), 0);
	box_refused(outer_make, EBUSY, "CR-TTY-03");
	pts_drop();
}

/* Pairs 1 and 3, in an instance of their own; 0 and 2 are free. */
static void numbers_make(void)
{
	must(sys_unshare(CLONE_NEWNS));
	must(sys_mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	pts_mount();
	for (int i = 0; i < 4; i++)
		must_true(master_open() == i);
	must(sys_close(0));
	must(sys_close(2));
}

static void numbers_look(void)
{
	int number = -1;

	box_see_int(sys_ioctl(1, TIOCGPTN, &number), 0);
	box_see_int(number, 1);
	box_see_int(sys_ioctl(3, TIOCGPTN, &number), 0);
	box_see_int(number, 3);
	box_see(have_file(PTS "/1") && have_file(PTS "/3"));
	box_see(!have_file(PTS "/0") && !have_file(PTS "/2"));
	box_see_int(master_open(), 0);
	box_see_int(master_open(), 2);
	box_see_int(sys_open(PTS "/ptmx", O_RDWR | O_NOCTTY, 0), -ENOSPC);	/* max=4 */
}

static void numbers(void)
{
	static const struct cr_box box = { numbers_make, numbers_look, false };

	box_run(&box);
	sys_rmdir(PTS);
}

/* --- CR-EVT-05, CR-MEM-21: what would be refused cannot be had in this kernel --- */

static void no_such_calls(void)
{
	box_need();
	check_ret("fanotify", sys(__NR_fanotify_init, 0, 0), -ENOSYS);
	check_ret("userfaultfd", sys(__NR_userfaultfd, 0), -ENOSYS);
	check_ret("perf", sys(__NR_perf_event_open, 0, 0, -1, -1, 0), -ENOSYS);
	check_ret("bpf", sys(__NR_bpf, 0, 0, 0), -ENOSYS);
}

static void no_device_maps(void)
{
	static const char *const names[] = { "/dev/null", "/dev/full", "/dev/random", "/dev/kmsg",
					     "/dev/ttyS0" };
	long fd;

	box_need();
	check_ret("mem", sys_open("/dev/mem", O_RDONLY, 0), -ENOENT);
	for (size_t i = 0; i < LENGTH(names); i++) {
		fd = must(sys_open(names[i], O_RDWR | O_NOCTTY | O_NONBLOCK, 0));
		check_ret(names[i], sys(__NR_mmap, 0, PAGE_BYTES, 1, MAP_SHARED, fd, 0), -ENODEV);
		sys_close(fd);
	}
}

const struct test_case crf_place_cases[] = {
	{ "CR-FILE-09", "a file that changed is refused by its path", changed, 0, 30 },
	{ "CR-FILE-14", "what is in a file system of memory", memory, 0, 30 },
	{ "CR-FILE-16", "null, zero, full and random", devices, 0, 30 },
	{ "CR-UNIX-03", "names: relative, removed, without a file", sockets, 0, 30 },
	{ "CR-TTY-03", "the terminal of somebody outside is refused", outer, 0, 30 },
	{ "CR-TTY-04", "an instance and the numbers in it", numbers, 0, 30 },
	{ "CR-EVT-05", "descriptors that cannot be had", no_such_calls, 0, 0 },
	{ "CR-MEM-21", "no device can be mapped", no_device_maps, 0, 0 },
	{},
};
