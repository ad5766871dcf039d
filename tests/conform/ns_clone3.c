// SPDX-License-Identifier: MIT
/* tests/conform/ns_clone3.c - NS-23 to 25: clone3(2), its structure and flags.
 *
 * The structure may grow: shorter and longer ones are taken as long as what is
 * not known is zero. See clone(2). */
#include "conform.h"

static void need_clone3(void)
{
	if (sys_clone3(NULL, 0) == -ENOSYS)
		skip("no clone3 in this kernel");
}

/* Call with a size and reap the child. */
static long tried(void *args, size_t size)
{
	return reap(sys_clone3(args, size));
}

/* NS-23 */

static void sizes(void)
{
	static const struct {
		size_t size;
		long want;
	} rows[] = {
		{ 0, -EINVAL }, { 1, -EINVAL }, { 63, -EINVAL }, { 64, 0 }, { 65, 0 },
		{ 80, 0 }, { 88, 0 }, { 89, 0 }, { 96, 0 }, { 4095, 0 }, { 4096, 0 },
		{ 4097, -E2BIG }, { 1 << 20, -E2BIG }, { -1ul, -E2BIG },
	};
	static char page[2 * PAGE_BYTES] __attribute__((aligned(8)));
	struct clone_args *args = (struct clone_args *)page;
	char key[32];

	need_clone3();
	args->exit_signal = SIGCHLD;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		snprintf(key, sizeof(key), "size_%ld", (long)rows[i].size);
		check_ret(key, tried(page, rows[i].size), rows[i].want);
	}
}

static void unknown_tail(void)
{
	static char page[PAGE_BYTES] __attribute__((aligned(8)));
	struct clone_args *args = (struct clone_args *)page;

	need_clone3();
	args->exit_signal = SIGCHLD;
	page[PAGE_BYTES - 1] = 1;
	check_ret("last_byte_set", tried(page, PAGE_BYTES), -E2BIG);
	check_ret("last_byte_outside", tried(page, PAGE_BYTES - 1), 0);
	page[512] = 1;
	check_ret("byte_512_set", tried(page, 513), -E2BIG);
	check_ret("byte_512_outside", tried(page, 512), 0);
}

static void pointers(void)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	char *hole = page_with_hole();

	need_clone3();
	check_ret("null", tried(NULL, sizeof(args)), -EFAULT);
	check_ret("null_size_0", tried(NULL, 0), -EINVAL);
	check_ret("null_too_big", tried(NULL, 4097), -E2BIG);
	check_ret("kernel", tried(KERNEL_ADDRESS, sizeof(args)), -EFAULT);
	check_ret("hole", tried(hole, sizeof(args)), -EFAULT);
	memcpy(hole - CLONE_ARGS_SIZE_VER0, &args, CLONE_ARGS_SIZE_VER0);
	check_ret("half_mapped", tried(hole - CLONE_ARGS_SIZE_VER0, sizeof(args)), -EFAULT);
	check_ret("up_to_the_hole", tried(hole - CLONE_ARGS_SIZE_VER0, CLONE_ARGS_SIZE_VER0), 0);
	memset(hole - 512, 0, 512);
	memcpy(hole - 512, &args, sizeof(args));
	check_ret("tail_in_hole", tried(hole - 512, 600), -EFAULT);
}

/* NS-24 */

/* Call it so that a child, be it a thread on our own stack, ends at once
 * without touching memory. Returns: 0 if there was one, or the error. */
static long refused(struct clone_args *args)
{
	long ret;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "mov %[exit], %%eax\n\t"
			 "xor %%edi, %%edi\n\t"
			 "syscall\n"
			 "1:"
			 : "=a"(ret)
			 : "0"((long)__NR_clone3), "D"(args), "S"(sizeof(*args)),
			   [exit] "i"(__NR_exit)
			 : "rcx", "r11", "memory");
	if (ret > 0 && !(args->flags & CLONE_THREAD))
		wait_status(ret);
	return ret < 0 ? ret : 0;
}

static void bad_flags(void)
{
	unsigned long all_signals = -1ul;
	int pidfd;
	const struct {
		const char *key;
		struct clone_args args;
		long want;
	} rows[] = {
		{ "detached", { .flags = CLONE_DETACHED, .exit_signal = SIGCHLD }, -EINVAL },
		{ "csignal_in_flags", { .flags = SIGCHLD, .exit_signal = 0 }, -EINVAL },
		{ "unknown_bit_33", { .flags = 1ull << 34, .exit_signal = SIGCHLD }, -EINVAL },
		{ "unknown_bit_63", { .flags = 1ull << 63, .exit_signal = SIGCHLD }, -EINVAL },
		{ "stack_size_only", { .stack_size = 4096, .exit_signal = SIGCHLD }, -EINVAL },
		{ "stack_only", { .stack = 4096, .exit_signal = SIGCHLD }, -EINVAL },
		{ "stack_bad", { .stack = 1ull << 63, .stack_size = 4096,
				 .exit_signal = SIGCHLD }, -EINVAL },
		{ "sighand_clear", { .flags = CLONE_SIGHAND | CLONE_CLEAR_SIGHAND | CLONE_VM,
				     .exit_signal = SIGCHLD }, -EINVAL },
		{ "thread_signal", { .flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM,
				     .exit_signal = SIGCHLD }, -EINVAL },
		{ "parent_signal", { .flags = CLONE_PARENT, .exit_signal = SIGCHLD }, -EINVAL },
		{ "signal_65", { .exit_signal = 65 }, -EINVAL },
		{ "signal_256", { .exit_signal = 256 }, -EINVAL },
		{ "signal_64", { .exit_signal = 64 }, 0 },
		{ "signal_0", { .exit_signal = 0 }, 0 },
		{ "set_tid_no_size", { .set_tid = 4096, .exit_signal = SIGCHLD }, -EINVAL },
		{ "set_tid_size_only", { .set_tid_size = 1, .exit_signal = SIGCHLD }, -EINVAL },
		{ "set_tid_size_33", { .set_tid = (long)&pidfd, .set_tid_size = 33,
				       .exit_signal = SIGCHLD }, -EINVAL },
		{ "clear_sighand", { .flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD }, 0 },
		{ "pidfd_null", { .flags = CLONE_PIDFD, .exit_signal = SIGCHLD }, -EFAULT },
		{ "thread_alone", { .flags = CLONE_THREAD }, -EINVAL },
		{ "fs_newns", { .flags = CLONE_FS | CLONE_NEWNS, .exit_signal = SIGCHLD },
		  -EINVAL },
	};

	need_clone3();
	must(sys(__NR_rt_sigprocmask, SIG_BLOCK, &all_signals, NULL, SIGSET_BYTES));
	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct clone_args args = rows[i].args;

		check_ret(rows[i].key, refused(&args), rows[i].want);
	}
}

/* Later kernels make the thread, which would go on here on the same stack. */
static void pidfd_of_thread(void)
{
	int pidfd = -1;
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_THREAD | CLONE_SIGHAND | CLONE_VM,
		.pidfd = (long)&pidfd,
	};

	need_clone3();
	if (kernel_at_least(6, 9))
		skip("allowed since Linux 6.9");
	check_ret("clone3", tried(&args, sizeof(args)), -EINVAL);
}

/* A pidfd comes back, close-on-exec, and is the child's. */
static void pidfd_of_child(void)
{
	int pidfd = -1;
	struct clone_args args = { .flags = CLONE_PIDFD, .pidfd = (long)&pidfd,
				   .exit_signal = SIGCHLD };
	struct pollfd poll = { .events = POLLIN };
	long pid;

	need_clone3();
	pid = must(sys_clone3(&args, sizeof(args)));
	while (pid == 0)
		sys(__NR_pause);
	check_true("fd_given", pidfd >= 0);
	check_int("cloexec", sys_fcntl(pidfd, F_GETFD, 0), FD_CLOEXEC);
	poll.fd = pidfd;
	check_int("alive", sys_poll(&poll, 1, 0), 0);
	end_idle(pid);
	check_int("dead", sys_poll(&poll, 1, 1000), 1);
}

/* NS-25 */

static void time_by_clone3(void)
{
	struct clone_args args = { .flags = CLONE_NEWTIME, .exit_signal = SIGCHLD };
	unsigned long before = ns_own("time");
	long pid;

	need_clone3();
	need_admin();
	pid = must(sys_clone3(&args, sizeof(args)));
	while (pid == 0)
		sys(__NR_pause);
	check_true("child_has_another", ns_id(pid, "time") != before);
	check_true("own_is_kept", ns_own("time") == before);
	end_idle(pid);
}

/* In clone(2) the bit of CLONE_NEWTIME is part of the exit signal. */
static void bit_is_a_signal(void)
{
	int status = -1;
	long pid = sys_clone(CLONE_NEWTIME | SIGCHLD);

	if (pid == 0)
		case_stop(0);
	check_ret("clone", pid < 0 ? pid : 0, 0);
	check_ret("wait_plain", sys_wait4(pid, &status, 0), -ECHILD);
	check_int("wait_clone", sys_wait4(pid, &status, __WCLONE) == pid, 1);
	check_int("status", status, 0);
}

const struct test_case ns_clone3_cases[] = {
	{ "NS-23", "clone3 takes 64 bytes to a page", sizes, 0, 0 },
	{ "NS-23.tail", "what is not known must be zero", unknown_tail, 0, 0 },
	{ "NS-23.pointers", "bad pointers", pointers, 0, 0 },
	{ "NS-24", "flags and fields that clone3 refuses", bad_flags, 0, 0 },
	{ "NS-24.pidfd_thread", "CLONE_PIDFD is not for threads", pidfd_of_thread, 0, 0 },
	{ "NS-24.pidfd", "CLONE_PIDFD gives the child's pidfd", pidfd_of_child, 0, 0 },
	{ "NS-25", "clone3 makes a time namespace", time_by_clone3, CLONE_NEWTIME, 0 },
	{ "NS-25.clone", "clone takes its bit as part of the signal", bit_is_a_signal, 0, 0 },
	{ 0 },
};
