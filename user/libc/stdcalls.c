// SPDX-License-Identifier: MIT
/* user/libc/stdcalls.c - functions of C and POSIX that are more than one system
 * call, or another shape of it.
 *
 * The heap is the kernel's brk(2), moved by sbrk() for newlib's malloc. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#define NICE_BIAS 20 /* getpriority(2) returns 20 - nice, so that no value is an error */
#define DIR_BUFFER_BYTES 2048

/* Move the end of the heap by `more` bytes; the old end, or -1 and ENOMEM. */
void *sbrk(ptrdiff_t more)
{
	static char *end;
	char *old, *now;

	if (!end)
		end = (char *)raw_syscall(__NR_brk, 0L);
	old = end;
	if (more == 0)
		return old;
	now = (char *)raw_syscall(__NR_brk, old + more);
	if (now != old + more) {
		errno = ENOMEM;
		return (void *)-1;
	}
	end = now;
	return old;
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

pid_t wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

int waitid(int kind, pid_t id, siginfo_t *info, int options)
{
	return (int)syscall(__NR_waitid, kind, id, info, options, NULL);
}

int getpriority(int which, id_t who)
{
	long ret = syscall(__NR_getpriority, which, who);

	return ret < 0 ? -1 : NICE_BIAS - (int)ret;
}

/* POSIX returns the error here instead of setting errno. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted,
	struct timespec *left)
{
	return (int)-raw_syscall(__NR_clock_nanosleep, clock, flags, wanted, left);
}

unsigned sleep(unsigned seconds)
{
	struct timespec wanted = { seconds, 0 }, left = { 0, 0 };

	return nanosleep(&wanted, &left) == 0 ? 0 : (unsigned)left.tv_sec;
}

int usleep(useconds_t usec)
{
	struct timespec wanted = { (long)usec / 1000000, (long)usec % 1000000 * 1000 };

	return nanosleep(&wanted, NULL);
}

int isatty(int fd)
{
	struct termios modes;

	return ioctl(fd, TCGETS, &modes) == 0;
}

pid_t tcgetpgrp(int fd)
{
	pid_t group;

	return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}

int tcsetpgrp(int fd, pid_t group)
{
	return ioctl(fd, TIOCSPGRP, &group);
}

int reboot(unsigned command)
{
	return (int)syscall(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, command, NULL);
}

int mkfifo(const char *path, mode_t mode)
{
	return mknod(path, mode | S_IFIFO, 0);
}

/* The kernel's call returns the length with the terminating zero. */
char *getcwd(char *buf, size_t size)
{
	return syscall(__NR_getcwd, buf, size) < 0 ? NULL : buf;
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/* Records of getdents64(2) are handed out one by one from a buffer. */
struct libc_dir {
	int fd;
	long filled, next;
	char buffer[DIR_BUFFER_BYTES] __attribute__((aligned(8)));
};

DIR *fdopendir(int fd)
{
	DIR *dir = calloc(1, sizeof(*dir));

	if (dir)
		dir->fd = fd;
	return dir;
}

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

/* NULL at the end (errno untouched) or on an error. */
struct dirent *readdir(DIR *dir)
{
	struct dirent *entry;

	if (dir->next >= dir->filled) {
		dir->next = 0;
		dir->filled = syscall(__NR_getdents64, dir->fd, dir->buffer, sizeof(dir->buffer));
		if (dir->filled <= 0)
			return NULL;
	}
	entry = (struct dirent *)(dir->buffer + dir->next);
	dir->next += entry->d_reclen;
	return entry;
}

void rewinddir(DIR *dir)
{
	lseek(dir->fd, 0, SEEK_SET);
	dir->filled = dir->next = 0;
}

int dirfd(DIR *dir)
{
	return dir->fd;
}

int closedir(DIR *dir)
{
	int ret = close(dir->fd);

	free(dir);
	return ret;
}
