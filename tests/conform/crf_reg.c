// SPDX-License-Identifier: MIT
/* tests/conform/crf_reg.c - checkpoint of files: names, offsets, what lost its name, owners.
 * See docs/rules/checkpoint-restart.md, CR-FILE. */
#include "crbox.h"

#define WORDS "what was written before"
#define HOLE 100000

static char text[256];

static long made(const char *name, int flags)
{
	long fd = must(sys_open(name, O_CREAT | flags, 0640));

	must(sys_write(fd, WORDS, sizeof(WORDS)));
	return fd;
}

/* --- CR-FILE-01, 02: descriptors 0 shared with 1, 2 by itself --- */

static void open_make(void)
{
	must(made("/tmp/box.f", O_RDWR));
	must(sys(__NR_dup, 0));
	must(sys_open("/tmp/box.f", O_RDONLY | O_APPEND | O_CLOEXEC, 0));
	must(sys_lseek(0, 5, SEEK_SET));
	must(sys_lseek(2, 7, SEEK_SET));
}

static void open_look(void)
{
	box_see_int(sys_lseek(1, 1, SEEK_CUR), 6);
	box_see_int(sys_lseek(0, 0, SEEK_CUR), 6);
	box_see_int(sys_lseek(2, 0, SEEK_CUR), 7);
	box_see_int(sys_fcntl(2, F_GETFD, 0), FD_CLOEXEC);
	box_see_int(sys_fcntl(2, F_GETFL, 0) & (O_ACCMODE | O_APPEND), O_RDONLY | O_APPEND);
	box_see_int(sys_fcntl(0, F_GETFD, 0), 0);
	box_see_int(sys_fcntl(3, F_GETFD, 0), -EBADF);
	sys_unlink("/tmp/box.f");
}

static void open_files(void)
{
	static const struct cr_box box = { open_make, open_look, false };

	box_run(&box);
}

/* --- CR-FILE-04, 06: no name left; a hole; mapped too --- */

static char *ghost_map;

static void ghost_make(void)
{
	must(made("/tmp/box.g", O_RDWR));
	must(sys_open("/tmp/box.g", O_RDONLY, 0));
	must(sys_pwrite(0, "end", 3, HOLE));
	ghost_map = (char *)sys(__NR_mmap, 0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 0);
	must((long)ghost_map);
	must(sys_unlink("/tmp/box.g"));
	must(sys_lseek(0, 5, SEEK_SET));
}

static void ghost_look(void)
{
	struct stat st;

	box_see_int(sys_pread(1, text, sizeof(text), 0), sizeof(text));
	box_see(!strcmp(text, WORDS));
	box_see_int(sys_pread(1, text, 10, HOLE), 3);
	box_see_int(sys_lseek(0, 0, SEEK_CUR), 5);
	sys_fstat(0, &st);
	box_see_int(st.st_nlink, 0);
	box_see_int(st.st_size, HOLE + 3);
	box_see_int(st.st_blocks, 16);
	box_see_int(st.st_mode & 07777, 0640);
	ghost_map[0] = '!';
	sys_pread(1, text, 1, 0);
	box_see_int(text[0], '!');
	box_see(sys_readlink("/proc/self/fd/1", text, sizeof(text)) > 0);
	box_see(!strncmp(text, "/tmp/box.g (deleted)", 20));
	box_see_int(sys_open("/tmp/box.g", O_RDONLY, 0), -ENOENT);
}

static void ghosts(void)
{
	static const struct cr_box box = { ghost_make, ghost_look, false };

	box_run(&box);
}

/* --- CR-FILE-05: another link is left --- */

static void link_make(void)
{
	must(made("/tmp/box.l", O_RDWR));
	must(sys(__NR_link, "/tmp/box.l", "/tmp/box.m"));
	must(sys_unlink("/tmp/box.l"));
}

static void link_look(void)
{
	long fd = sys_open("/tmp/box.m", O_RDWR, 0);
	struct stat a, b;

	sys_fstat(0, &a);
	sys_fstat(fd, &b);
	box_see_int(a.st_ino, b.st_ino);
	box_see_int(a.st_nlink, 1);
	sys_pwrite(fd, "?", 1, 0);
	sys_pread(0, text, 1, 0);
	box_see_int(text[0], '?');
	box_see(sys_readlink("/proc/self/fd/0", text, sizeof(text)) > 0);
	box_see(!strncmp(text, "/tmp/box.l (deleted)", 20));
	sys_unlink("/tmp/box.m");
}

static void linked(void)
{
	static const struct cr_box box = { link_make, link_look, false };

	box_run(&box);
}

/* --- CR-FILE-08, CR-TASK-11: directories without a name, as file and as cwd --- */

static void rmdir_make(void)
{
	must(sys_mkdir("/tmp/box.d", 0700));
	must(sys_open("/tmp/box.d", O_RDONLY | O_DIRECTORY, 0));
	must(sys(__NR_chdir, "/tmp/box.d"));
	must(sys_rmdir("/tmp/box.d"));
}

static void rmdir_look(void)
{
	struct stat st, cwd;

	sys_fstat(0, &st);
	sys_stat(".", &cwd);
	box_see_int(st.st_nlink, 0);
	box_see_int(st.st_ino, cwd.st_ino);
	box_see_int(sys_open("x", O_CREAT | O_RDWR, 0600), -ENOENT);
	box_see_int(sys(__NR_getcwd, text, sizeof(text)), -ENOENT);
}

static void removed_dirs(void)
{
	static const struct cr_box box = { rmdir_make, rmdir_look, false };

	box_run(&box);
}

/* --- CR-FILE-11: owner, signal, O_ASYNC --- */

static void owner_make(void)
{
	int fds[2];

	must(sys_pipe(fds, 0));
	block_signal(SIGUSR2);
	must(sys_fcntl(0, F_SETOWN, sys_getpid()));
	must(sys_fcntl(0, F_SETSIG, SIGUSR2));
	must(sys_fcntl(0, F_SETFL, FASYNC));
}

static void owner_look(void)
{
	siginfo_t info;

	box_see_int(sys_fcntl(0, F_GETOWN, 0), sys_getpid());
	box_see_int(sys_fcntl(0, F_GETSIG, 0), SIGUSR2);
	box_see(sys_fcntl(0, F_GETFL, 0) & FASYNC);
	box_see_int(sys_write(1, "x", 1), 1);
	box_see_int(take_signal(SIGUSR2, &info, 1000), SIGUSR2);
	box_see_int(info.si_fd, 0);
}

static void owners(void)
{
	static const struct cr_box box = { owner_make, owner_look, false };

	box_run(&box);
}

/* --- CR-FILE-12: O_PATH of what is not opened otherwise: links, a FIFO --- */

static void named_make(void)
{
	sys_unlink("/tmp/box.link");
	sys_unlink("/tmp/box.fifo");
	must(sys(__NR_symlink, "/nowhere", "/tmp/box.link"));
	must(sys(__NR_mknod, "/tmp/box.fifo", S_IFIFO | 0600, 0));
	must(sys_open("/tmp/box.link", O_PATH | O_NOFOLLOW, 0));
	must(sys_open("/tmp/box.fifo", O_PATH, 0));
	must(sys_open("/proc/self/ns/uts", O_PATH | O_NOFOLLOW, 0));
}

static void named_look(void)
{
	struct stat st;

	box_see_int(sys_fstat(0, &st), 0);
	box_see(S_ISLNK(st.st_mode));
	box_see_int(sys(__NR_readlinkat, 0, "", text, sizeof(text)), 8);
	box_see_int(sys_fstat(1, &st), 0);
	box_see(S_ISFIFO(st.st_mode));
	box_see_int(sys_read(1, text, 1), -EBADF);
	box_see_int(sys_fstat(2, &st), 0);
	box_see(S_ISLNK(st.st_mode));
	box_see_int(sys_close(2), 0);
	sys_unlink("/tmp/box.link");
	sys_unlink("/tmp/box.fifo");
}

static void named(void)
{
	static const struct cr_box box = { named_make, named_look, false };

	box_run(&box);
}

/* --- CR-FILE-13, 16: /proc of the living, a knob, devices --- */

static void proc_make(void)
{
	must(sys_open("/proc/self/status", O_RDONLY, 0));
	must(sys_read(0, text, 6));
	must(sys_open("/proc/self", O_RDONLY | O_DIRECTORY, 0));
	must(sys_open("/proc/sys/kernel/hostname", O_RDONLY, 0));
	must(sys_open("/dev/null", O_RDWR, 0));
	must(sys_open("/dev/zero", O_RDONLY, 0));
	must(sys_open("/tmp", O_PATH, 0));
}

static void proc_look(void)
{
	struct stat st, tmp;

	box_see_int(sys_lseek(0, 0, SEEK_CUR), 6);
	box_see(sys_pread(0, text, sizeof(text), 0) > 0);
	box_see(!strncmp(text, "Name:", 5));
	box_see_int(sys(__NR_openat, 1, "stat", O_RDONLY, 0), 6);
	box_see_int(sys_read(6, text, 200) > 0, 1);
	box_see_int(strtol(text, NULL, 10), sys_getpid());
	box_see(sys_read(2, text, sizeof(text)) > 0);
	box_see_int(sys_write(3, text, 9), 9);
	box_see_int(sys_read(4, text, 9), 9);
	box_see_int(text[0] | text[8], 0);
	box_see_int(sys_read(5, text, 1), -EBADF);
	sys_fstat(5, &st);
	sys_stat("/tmp", &tmp);
	box_see_int(st.st_ino, tmp.st_ino);
}

static void proc_files(void)
{
	static const struct cr_box box = { proc_make, proc_look, false };

	box_run(&box);
}

/* --- CR-FILE-17 --- */

static void hidden_make(void)
{
	must(sys_mkdir("/tmp/box.h", 0700));
	must(made("/tmp/box.h/f", O_RDWR));
	must(sys_mount("x", "/tmp/box.h", "tmpfs", 0, NULL));
}

static void hidden(void)
{
	box_refused(hidden_make, EBUSY, "CR-FILE-17");
	sys_umount("/tmp/box.h", UMOUNT_DETACH);
	sys_unlink("/tmp/box.h/f");
	sys_rmdir("/tmp/box.h");
}

const struct test_case crf_reg_cases[] = {
	{ "CR-FILE-01", "numbers, flags and offsets of descriptors", open_files, 0, 30 },
	{ "CR-FILE-04", "a file without a name keeps its contents, holes and maps", ghosts, 0, 30 },
	{ "CR-FILE-05", "a file that lost one of its names", linked, 0, 30 },
	{ "CR-FILE-08", "removed directories", removed_dirs, 0, 30 },
	{ "CR-FILE-11", "owners of files", owners, 0, 30 },
	{ "CR-FILE-12", "O_PATH of links and FIFOs", named, 0, 30 },
	{ "CR-FILE-13", "files of /proc, devices, O_PATH", proc_files, 0, 30 },
	{ "CR-FILE-17", "a file under a mount is refused", hidden, 0, 30 },
	{},
};
