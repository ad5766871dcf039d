// SPDX-License-Identifier: MIT
/* tests/fuzz/special_task.c - making tasks, running programs, tracing.
 *
 * Tasks make tasks to a depth of three; the box's pids.max is behind that. */
#include <linux/ptrace.h>
#include "fuzz.h"
#include "child.h"

#define DEPTH_MAX 3
#define PROGRAM "/fuzz"
#define ODD_BYTES 8192

/* A child by clone(2), in new namespaces now and then. */
void s_fork(struct fuzz *f)
{
	unsigned long flags = chance(f, 3) ? 0 : (unsigned long)g_clone_flags(f);
	long sig = chance(f, 4) ? g_signal(f) : SIGCHLD;

	if (f->depth >= DEPTH_MAX)
		return;
	flags &= ~(unsigned long)(CLONE_VM | CLONE_VFORK | CLONE_SETTLS | 0xff);
	if (call(f, __NR_clone, flags | sig, 0, f->scratch[0], f->scratch[1], 0) == 0)
		child_run(f, flags);
}

/* The same by clone3(2), with a chosen pid or a control group at times. */
void s_clone3(struct fuzz *f)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	int tids[2] = { 2 + below(f, 60), 2 + below(f, 60) };
	long group = -1;

	if (f->depth >= DEPTH_MAX)
		return;
	args.flags =
		g_clone_flags(f) & ~(unsigned long)(CLONE_VM | CLONE_VFORK | CLONE_SETTLS | 0xff);
	if (chance(f, 3)) {
		args.set_tid = (long)tids;
		args.set_tid_size = below(f, 4);
	}
	if (chance(f, 3)) {
		group = call(f, __NR_open, g_group(f), O_PATH | O_DIRECTORY);
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = group;
	}
	args.pidfd = args.parent_tid = args.child_tid = (long)f->scratch[0];
	if (chance(f, 12))
		((uint64_t *)&args)[below(f, sizeof(args) / 8)] = g_wild(f);
	args.stack = args.stack_size = 0;
	args.flags &= ~(unsigned long)(CLONE_VM | CLONE_SETTLS);
	if (call(f, __NR_clone3, &args, chance(f, 12) ? g_length(f) : (long)sizeof(args)) == 0)
		child_run(f, args.flags);
	if (group >= 0)
		call(f, __NR_close, group);
}

void s_thread(struct fuzz *f)
{
	unsigned long flags = g_thread_flags(f) & ~(CLONE_VFORK | CLONE_SETTLS | 0xfful);

	if (f->depth < DEPTH_MAX)
		thread_new(f, flags | (flags & CLONE_THREAD ? 0 : SIGCHLD));
}

/* vfork, whose child ends at once, or runs a program. */
void s_vfork(struct fuzz *f)
{
	static char *const argv[] = { "fuzz", "--more", "3", "7", NULL };
	bool exec = chance(f, 2);
	long ret;

	ret = sys(__NR_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
	if (ret == 0) {
		if (exec)
			sys(__NR_execve, PROGRAM, argv, NULL);
		sys(__NR_exit_group, 1);
	}
}

/* Become this program anew, for some calls; threads make it harder. */
void s_exec(struct fuzz *f)
{
	char count[16], seed[32];
	char *argv[] = { "fuzz", "--more", count, seed, NULL };

	if (f->depth == 0 || !chance(f, 3))
		return;
	snprintf(count, sizeof(count), "%u", 2 + below(f, 20));
	snprintf(seed, sizeof(seed), "%lu", (unsigned long)any(f));
	if (chance(f, 4))
		call(f, __NR_execveat, g_fd(f), "", argv, argv, AT_EMPTY_PATH);
	call(f, __NR_execve, PROGRAM, argv, chance(f, 2) ? NULL : argv);
}

/* Write a program that is none, or a broken one, to x. */
static long write_odd(struct fuzz *f, char *bytes)
{
	static const char *const scripts[] = {
		"#!",
		"#!\n",
		"#!/fuzz",
		"#!/fuzz --more 2 2\n",
		"#!./x\n",
		"#! \t \n",
		"#!/nosuch x\n",
		"",
		"\n",
		"#!/proc/self/exe\n",
		"\177ELF",
		"#!script\n",
	};
	long in = sys_open(PROGRAM, O_RDONLY, 0), len, out;

	len = sys_read(in, bytes, chance(f, 3) ? 64 + (long)below(f, 1000) : ODD_BYTES);
	sys_close(in);
	if (chance(f, 3)) {
		const char *script = PICK(f, scripts);

		len = strlen(script);
		memcpy(bytes, script, len);
	} else if (len > 0) {
		for (unsigned n = 1 + below(f, 4); n > 0; n--) {
			unsigned at = 16 + below(f, 250);

			bytes[at] = chance(f, 2) ? (char)any(f) : (char)PICK(f, "\0\1\x7f\xff\x80");
		}
	}
	out = call(f, __NR_open, "x", O_WRONLY | O_CREAT | O_TRUNC, 0755);
	if (out < 0)
		return out;
	if (len > 0)
		call(f, __NR_write, out, bytes, len);
	call(f, __NR_fchmod, out, 0755);
	return call(f, __NR_close, out);
}

void s_exec_odd(struct fuzz *f)
{
	char bytes[ODD_BYTES];
	char *argv[] = { "x", "--more", "2", "3", NULL };

	if (f->depth >= DEPTH_MAX || write_odd(f, bytes) < 0)
		return;
	if (call(f, __NR_clone, SIGCHLD, 0, 0, 0, 0) != 0)
		return;
	call(f, __NR_execve, "x", argv, NULL);
	sys(__NR_exit_group, 1);
}

/* A child that we trace while it makes its calls. */
void s_trace(struct fuzz *f)
{
	int status;
	long pid;

	if (f->depth >= DEPTH_MAX)
		return;
	pid = call(f, __NR_clone, SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) {
		if (chance(f, 2))
			call(f, __NR_ptrace, PTRACE_TRACEME, 0, 0, 0);
		call(f, __NR_kill, sys_getpid(), SIGSTOP);
		child_run(f, 0);
	}
	if (pid < 0)
		return;
	call(f, __NR_ptrace, chance(f, 2) ? PTRACE_SEIZE : PTRACE_ATTACH, pid, 0,
	     chance(f, 2) ? below(f, 256) : 0);
	for (unsigned i = 0; i < 12; i++) {
		call(f, __NR_wait4, pid, &status, __WALL | WNOHANG | WUNTRACED, 0);
		call(f, __NR_ptrace, g_ptrace_op(f), pid, g_ptrace_where(f),
		     chance(f, 2) ? g_ptrace_data(f) : g_buffer(f));
		if (chance(f, 3))
			call(f, __NR_sched_yield, 0);
	}
	call(f, __NR_ptrace, chance(f, 2) ? PTRACE_DETACH : PTRACE_CONT, pid, 0,
	     chance(f, 2) ? g_signal(f) : 0);
	call(f, __NR_kill, pid, chance(f, 2) ? SIGKILL : SIGCONT);
}
