// SPDX-License-Identifier: MIT
/* tests/bench/tasks.c - rows of tasks: calls, processes, threads, programs, signals. */
#include "bench.h"

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD \
		      | CLONE_SYSVSEM | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)
#define RESTORER 0x04000000	/* SA_RESTORER: <asm/signal.h> has it for the kernel only */

char child_stack[CHILD_STACK_BYTES] __attribute__((aligned(16)));
static int thread_id;

struct kernel_sigaction {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

/* fork(2) with clone3's flags. Returns: 0 in the child. */
long fork_with(unsigned long flags)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	return sys_clone3(&args, sizeof(args));
}

void await(long pid)
{
	must("wait", sys_wait4(pid, NULL, __WALL));
}

static void op_getppid(int arg)
{
	(void)arg;
	sys_getppid();
}

static void op_fork(int arg)
{
	long pid = must("fork", fork_with(arg));

	if (!pid)
		sys_exit(0);
	await(pid);
}

static int can_fork(int arg)
{
	long pid = fork_with(arg);

	if (!pid)
		sys_exit(0);
	if (pid > 0)
		await(pid);
	return pid < 0 ? pid : 0;
}

static void thread_end(void)
{
}

static void op_thread(int arg)
{
	int seen;

	(void)arg;
	must("thread", spawn(THREAD_FLAGS, child_stack + CHILD_STACK_BYTES, &thread_id,
			     thread_end));
	while ((seen = *(volatile int *)&thread_id))
		sys(__NR_futex, &thread_id, FUTEX_WAIT, seen, NULL);
}

static void execute(void)
{
	static const char *const words[] = { "/init", "exit", NULL };

	sys(__NR_execve, words[0], words, words + 2);
}

static void op_vfork_exec(int arg)
{
	(void)arg;
	await(must("vfork", spawn(CLONE_VM | CLONE_VFORK | SIGCHLD, child_stack + CHILD_STACK_BYTES,
				  NULL, execute)));
}

static void handler(int signal)
{
	(void)signal;
}

static int prepare_signal(int arg)
{
	struct kernel_sigaction action = { handler, RESTORER, signal_return, 0 };

	return sys(__NR_rt_sigaction, arg, &action, NULL, SIGSET_BYTES);
}

static void op_signal(int arg)
{
	sys_kill(sys_getpid(), arg);
}

static const struct row rows[] = {
	{ "getppid", 1000, 0, NULL, op_getppid, NULL, NULL, NULL },
	{ "fork+exit+wait", 60, 0, NULL, op_fork, NULL, NULL, NULL },
	{ "fork NEWNS", 20, CLONE_NEWNS, can_fork, op_fork, NULL, NULL, NULL },
	{ "fork NEWCGROUP", 20, CLONE_NEWCGROUP, can_fork, op_fork, NULL, NULL, NULL },
	{ "fork NEWUTS", 20, CLONE_NEWUTS, can_fork, op_fork, NULL, NULL, NULL },
	{ "fork NEWIPC", 20, CLONE_NEWIPC, can_fork, op_fork, NULL, NULL, NULL },
	{ "fork NEWUSER", 20, CLONE_NEWUSER, can_fork, op_fork, NULL, NULL, NULL },
	{ "fork NEWPID", 20, CLONE_NEWPID, can_fork, op_fork, NULL, NULL, NULL },
	{ "fork NEWNET", 20, CLONE_NEWNET, can_fork, op_fork, NULL, NULL, NULL },
	{ "fork NEWTIME", 20, CLONE_NEWTIME, can_fork, op_fork, NULL, NULL, NULL },
	{ "thread create+join", 60, 0, NULL, op_thread, NULL, NULL, NULL },
	{ "vfork+exec", 20, 0, NULL, op_vfork_exec, NULL, NULL, NULL },
	{ "signal delivery", 200, SIGUSR1, prepare_signal, op_signal, NULL, NULL, NULL },
};
const struct rows task_rows = ROWS_OF(rows);
