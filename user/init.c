// SPDX-License-Identifier: MIT
/* user/init.c - the first program of the built-in system.
 *
 * Mounts /proc, /sys, /dev and what belongs below it where the kernel offers
 * them, and on /share the directory of the host that QEMU calls "share"; opens
 * the console and runs /bin/sh as a login shell on it, again whenever it ends.
 * Without a shell it says what can be done and powers the machine off. As the
 * parent of last resort it reaps what others leave behind.
 *
 * With arguments (words after `--` on the command line, or unknown words) it
 * runs those as a command instead, and powers off with its end: `--
 * /tests/busybox.sh`. busybox's poweroff, reboot and halt send us SIGUSR2,
 * SIGTERM and SIGUSR1. See init(1), reboot(2). */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#define SHELL "/bin/sh"
#define SHARE "/share"
#define EXIT_NOT_FOUND 127

static const struct early_mount {
	const char *where, *type;
} early_mounts[] = {
	{ "/proc", "proc" },
	{ "/sys", "sysfs" },
	{ "/dev", "devtmpfs" },
	{ "/dev/pts", "devpts" },
	{ "/dev/shm", "tmpfs" },
	{ "/run", "tmpfs" },
	{ "/tmp", "tmpfs" },
};

static const struct early_link {
	const char *where, *target;
} early_links[] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "fd/0" },
	{ "/dev/stdout", "fd/1" },
	{ "/dev/stderr", "fd/2" },
};

static const struct power_signal {
	int sig;
	unsigned command;
} power_signals[] = {
	{ SIGUSR1, RB_HALT_SYSTEM },
	{ SIGUSR2, RB_POWER_OFF },
	{ SIGTERM, RB_AUTOBOOT },
};

static const char *const shell_argv[] = { "-sh", NULL };

/* What is not there is not missed: a kernel may lack a file system. */
static void mount_all(void)
{
	size_t i;

	for (i = 0; i < sizeof(early_mounts) / sizeof(early_mounts[0]); i++) {
		mkdir(early_mounts[i].where, 0755);
		mount(early_mounts[i].type, early_mounts[i].where, early_mounts[i].type, 0, NULL);
	}
	for (i = 0; i < sizeof(early_links) / sizeof(early_links[0]); i++)
		symlink(early_links[i].target, early_links[i].where);
}

/* A directory of the host, if there is one: `make shell SHARE=dir`. */
static void mount_share(void)
{
	bool made = mkdir(SHARE, 0755) == 0;

	if (mount("share", SHARE, "9p", 0, "trans=virtio,version=9p2000.L") < 0 && made)
		rmdir(SHARE);
}

/* The kernel opens /dev/console for us if the initramfs has it; otherwise do
 * it now. */
static void open_console(void)
{
	int fd;

	if (fcntl(STDIN_FILENO, F_GETFD) >= 0)
		return;
	fd = open("/dev/console", O_RDWR);
	for (; fd >= 0 && fd < STDERR_FILENO; fd = dup(fd))
		;
}

/* In the child: a session of its own with the console as its terminal, so
 * that job control works. */
static void take_terminal(void)
{
	int fd;

	setsid();
	fd = open("/dev/console", O_RDWR);
	if (fd < 0)
		return;
	ioctl(fd, TIOCSCTTY, 1);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Run one program to its end, reaping strangers meanwhile; its wait status. */
static int run(const char *path, char *const argv[])
{
	pid_t pid = fork(), ended;
	int status = 0;

	if (pid == 0) {
		take_terminal();
		execve(path, argv, environ);
		fprintf(stderr, "init: %s: %s\n", path, strerror(errno));
		_exit(EXIT_NOT_FOUND);
	}
	do
		ended = wait(&status);
	while (pid > 0 && ended != pid && (ended > 0 || errno == EINTR));
	return status;
}

static void banner(void)
{
	struct utsname name;

	uname(&name);
	printf("\n%s %s on %s. This is init, process %d.\n", name.sysname, name.release,
		name.machine, (int)getpid());
}

static void no_shell(void)
{
	puts("There is no " SHELL " here. What can be done:\n"
	     "  -initrd FILE.cpio      start another system (build/shell.cpio has a shell)\n"
	     "  ktest=all              run the tests inside the kernel\n"
	     "  init=/conform          judge this kernel by the conformance cases\n"
	     "  -- PROGRAM ARGS        run one program and power off");
}

/* The commands that end the machine do not return. */
static void end(unsigned command)
{
	fflush(stdout);
	sync();
	reboot(command);
}

/* Somebody asked for it by a signal. */
static void on_power_signal(int sig)
{
	size_t i;

	for (i = 0; i < sizeof(power_signals) / sizeof(power_signals[0]); i++) {
		if (power_signals[i].sig == sig)
			end(power_signals[i].command);
	}
}

static void watch_power_signals(void)
{
	size_t i;

	for (i = 0; i < sizeof(power_signals) / sizeof(power_signals[0]); i++)
		signal(power_signals[i].sig, on_power_signal);
}

int main(int argc, char **argv)
{
	mount_all();
	mount_share();
	open_console();
	watch_power_signals();
	setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 0);
	setenv("HOME", "/", 0);
	setenv("TERM", "linux", 0);
	if (argc > 1) {
		run(argv[1], argv + 1);
		end(RB_POWER_OFF);
	}
	banner();
	if (access(SHELL, X_OK) < 0) {
		no_shell();
		end(RB_POWER_OFF);
	}
	for (;;)
		run(SHELL, (char *const *)shell_argv);
}
