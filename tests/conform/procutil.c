// SPDX-License-Identifier: MIT
/* tests/conform/procutil.c - for cases about processes: signals with their
 * senders, the numbers of a process as /proc tells them, mounts of proc,
 * clone3 with chosen numbers. */
#include "conform.h"

#define SOON_TRIES 400
#define SOON_STEP_MSEC 5

/* Where a handler returns to: rt_sigreturn. */
__asm__(".globl conform_sigreturn\n"
	"conform_sigreturn:\n\t"
	"mov $15, %eax\n\t"
	"syscall\n");
extern void conform_sigreturn(void);

static void set_action(int sig, void *handler)
{
	struct sigaction action = { 0 };

	action.sa_handler = (__sighandler_t)(uintptr_t)handler;
	action.sa_flags = SA_SIGINFO | SA_RESTORER | SA_RESTART;
	action.sa_restorer = conform_sigreturn;
	must(sys(__NR_rt_sigaction, sig, &action, NULL, SIGSET_BYTES));
}

void catch_signal(int sig, void (*handler)(int, siginfo_t *, void *))
{
	set_action(sig, (void *)(uintptr_t)handler);
}

void default_signal(int sig)
{
	set_action(sig, NULL);
}

void block_signal(int sig)
{
	unsigned long set = 1ul << (sig - 1);

	must(sys(__NR_rt_sigprocmask, SIG_BLOCK, &set, NULL, SIGSET_BYTES));
}

bool signal_pending(int sig)
{
	unsigned long set = 0;

	must(sys(__NR_rt_sigpending, &set, SIGSET_BYTES));
	return set & 1ul << (sig - 1);
}

/* Take a blocked signal out of the queue, waiting at most msec for it.
 * Returns: its number, or -EAGAIN. */
long take_signal(int sig, siginfo_t *info, int msec)
{
	struct __kernel_timespec ts = { msec / 1000, msec % 1000 * 1000000ll };
	unsigned long set = 1ul << (sig - 1);

	long rc;

	memset(info, 0, sizeof(*info));
	do
		rc = sys(__NR_rt_sigtimedwait, &set, info, &ts, SIGSET_BYTES);
	while (rc == -EINTR && case_is_checkpointed());
	return rc;
}

/* The words of a line of PROC/PID/status ("NSpid:") from the skip-th on, with
 * a blank between them; pid 0 is "self". Good until two calls later. */
const char *status_field(const char *proc, long pid, const char *field, int skip)
{
	static char text[8192], values[2][256];
	static int turn;
	char path[128];
	char *at;

	turn = !turn;
	values[turn][0] = 0;
	if (pid)
		snprintf(path, sizeof(path), "%s/%ld/status", proc, pid);
	else
		snprintf(path, sizeof(path), "%s/self/status", proc);
	if (read_file(path, text, sizeof(text)) < 0)
		return "no file";
	for (at = text; at && strncmp(at, field, strlen(field)) != 0;) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (!at)
		return "no field";
	at[strcspn(at, "\n")] = 0;
	at = strtok(at + strlen(field), " \t");
	for (int i = 0; at; i++, at = strtok(NULL, " \t")) {
		if (i >= skip && values[turn][0])
			strcat(values[turn], " ");
		if (i >= skip)
			strcat(values[turn], at);
	}
	return values[turn];
}

/* The first child of pid by outer numbers, 0 if it has none. */
long first_child(long pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	return read_long(path, 0);
}

/* How many processes a mount of proc lists. */
int count_pids(const char *proc)
{
	char entries[4096];
	long fd = must(sys_open(proc, O_RDONLY | O_DIRECTORY, 0));
	long len;
	int count = 0;

	while ((len = must(sys(__NR_getdents64, fd, entries, sizeof(entries)))) > 0) {
		for (long at = 0; at < len; at += *(unsigned short *)(entries + at + 16))
			count += entries[at + 19] >= '1' && entries[at + 19] <= '9';
	}
	sys_close(fd);
	return count;
}

/* Mount proc of the caller's pid namespace on a new directory of the case's
 * temporary place, which must be there. Returns: its path, good until four calls later. */
const char *mount_proc(const char *name, const char *options)
{
	static char paths[4][64];
	static int turn;
	char *path = paths[turn++ % LENGTH(paths)];

	snprintf(path, sizeof(paths[0]), "/tmp/conform/%s", name);
	must(sys_mkdir(path, 0755));
	must(sys_mount("proc", path, "proc", 0, options));
	return path;
}

/* clone3 that asks for numbers, innermost first. */
long clone_tids(unsigned long flags, const int *tids, size_t count)
{
	struct clone_args args = {
		.flags = flags, .exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)tids, .set_tid_size = count,
	};

	return sys_clone3(&args, sizeof(args));
}

/* Run a copy of this program that tells by its status what it is ("--caps",
 * "--euid"; main.c). Returns: what it told, or execve's error. */
long exec_told(const char *path, const char *what)
{
	const char *argv[] = { "conform", what, NULL }, *envp[] = { NULL };
	int status, fds[2];
	long pid, rc = 0;

	must(sys_pipe(fds, O_CLOEXEC));
	pid = must(sys_fork());
	if (pid == 0) {
		rc = sys(__NR_execve, path, argv, envp);
		sys_write(fds[1], &rc, sizeof(rc));
		sys_exit(255);
	}
	sys_close(fds[1]);
	sys_read(fds[0], &rc, sizeof(rc));
	sys_close(fds[0]);
	status = wait_status(pid);
	return rc < 0 ? rc : status >> 8;
}

/* This program's file at another place, with an owner and a mode. */
void copy_self(const char *path, int mode, int uid, int gid)
{
	static char block[65536];
	long from = must(sys_open("/proc/self/exe", O_RDONLY, 0));
	long to = must(sys_open(path, O_CREAT | O_WRONLY, 0755));
	long len;

	while ((len = must(sys_read(from, block, sizeof(block)))) > 0)
		must(sys_write(to, block, len));
	must(sys(__NR_fchown, to, uid, gid));
	must(sys(__NR_fchmod, to, mode));
	sys_close(from);
	sys_close(to);
}

/* Wait until something is so; for two seconds, then give up. */
bool soon(bool (*true_now)(void *), void *arg)
{
	for (int i = 0; i < SOON_TRIES; i++) {
		if (true_now(arg))
			return true;
		nap(SOON_STEP_MSEC);
	}
	return false;
}

/* Can the descriptor be read without waiting? */
bool readable(long fd)
{
	struct pollfd poll = { .fd = fd, .events = POLLIN };

	return sys_poll(&poll, 1, 0) == 1 && poll.revents & POLLIN;
}

/* A result of which only failure is of interest. */
long ret0(long rc)
{
	return rc < 0 ? rc : 0;
}
