// SPDX-License-Identifier: MIT
/* tests/conform/abi_seccomp.c - filters of system calls: ABI-SEC-01 to 05. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include "abi.h"

#define SYSCALL_FIELD(name) ((unsigned)offsetof(struct seccomp_data, name))
#define FILTER_MAX 4096
#define SYS_SECCOMP_ 1

static long add_flags(const struct sock_filter *insns, unsigned len, unsigned flags)
{
	struct sock_fprog prog = { (unsigned short)len, (struct sock_filter *)insns };

	return sys(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
}

static long add(const struct sock_filter *insns, unsigned len)
{
	return add_flags(insns, len, 0);
}

/* Answer one call in a certain way from here on. */
static long answer(int nr, unsigned with)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SYSCALL_FIELD(nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, with),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return add(f, LENGTH(f));
}

static void no_new_privs(void)
{
	must(sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

/* ABI-SEC-01: arguments, and who may. */
static void arguments(void)
{
	static struct sock_filter big[FILTER_MAX + 1];
	struct sock_filter pass[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { 1, pass };
	unsigned action = SECCOMP_RET_ERRNO;
	long last = 0;

	for (int i = 0; i <= FILTER_MAX; i++)
		big[i] = pass[0];
	check_ret("operation", sys(__NR_seccomp, 9, 0, 0), -EINVAL);
	check_ret("strict_flags", sys(__NR_seccomp, SECCOMP_SET_MODE_STRICT, 1, 0), -EINVAL);
	check_ret("strict_args", sys(__NR_seccomp, SECCOMP_SET_MODE_STRICT, 0, pass), -EINVAL);
	check_ret("flags", add_flags(pass, 1, 0x100), -EINVAL);
	check_ret("fault", sys(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, KERNEL_ADDRESS), -EFAULT);
	check_ret("fault_insns", add(KERNEL_ADDRESS, 1), -EFAULT);
	check_ret("empty", add(pass, 0), -EINVAL);
	check_ret("too_long", add(big, FILTER_MAX + 1), -EINVAL);
	check_ret("prctl_mode", sys(__NR_prctl, PR_SET_SECCOMP, 5, 0), -EINVAL);
	check_ret("mode", sys(__NR_prctl, PR_GET_SECCOMP, 0), 0);
	check_ret("avail", sys(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action), 0);
	check_ret("avail_flags", sys(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, &action), -EINVAL);
	action = 0x12340000;
	check_ret("avail_unknown", sys(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action),
		  -EOPNOTSUPP);
	check_ret("root", add(pass, 1), 0);
	check_ret("mode_filter", sys(__NR_prctl, PR_GET_SECCOMP, 0), 2);
	check_str("status", status_field("/proc", 0, "Seccomp:", 0), "2");
	check_str("count", status_field("/proc", 0, "Seccomp_filters:", 0), "1");
	check_ret("then_strict", sys(__NR_seccomp, SECCOMP_SET_MODE_STRICT, 0, 0), -EINVAL);
	become_user(PLAIN_UID);
	check_ret("user", add(pass, 1), -EACCES);
	check_ret("user_wrong_too", add(pass, 0), -EINVAL);
	no_new_privs();
	check_ret("user_no_new_privs", add(pass, 1), 0);
	check_ret("prctl", sys(__NR_prctl, PR_SET_SECCOMP, 2, &prog), 0);
	for (int i = 0; i < 20 && !last; i++)
		last = add(big, FILTER_MAX);
	check_ret("too_many", last, -ENOMEM);
}

/* One program in a child: what adding it says. */
#define TRY(key, want, ...) \
	do { \
		struct sock_filter f_[] = { __VA_ARGS__ }; \
		long pid_ = must(sys_fork()); \
		if (pid_ == 0) { \
			check_ret(key, add(f_, LENGTH(f_)), want); \
			sys_exit(0); \
		} \
		sys_wait4(pid_, NULL, 0); \
	} while (0)
#define PASS BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* ABI-SEC-02: which programs are programs. */
static void programs(void)
{
	no_new_privs();
	TRY("no_return", -EINVAL, BPF_STMT(BPF_LD | BPF_IMM, 1));
	TRY("unknown", -EINVAL, BPF_STMT(0xff, 1), PASS);
	TRY("byte", -EINVAL, BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), PASS);
	TRY("unaligned", -EINVAL, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), PASS);
	TRY("last_word", 0, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 60), PASS);
	TRY("past_data", -EINVAL, BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), PASS);
	TRY("indirect", -EINVAL, BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), PASS);
	TRY("modulo", -EINVAL, BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), PASS);
	TRY("divide_0", -EINVAL, BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), PASS);
	TRY("divide_x", 0, BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0), PASS);
	TRY("shift_32", -EINVAL, BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), PASS);
	TRY("shift_31", 0, BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 31), PASS);
	TRY("memory_16", -EINVAL, BPF_STMT(BPF_ST, 16), PASS);
	TRY("memory_unwritten", -EINVAL, BPF_STMT(BPF_LD | BPF_MEM, 0), PASS);
	TRY("memory_written", 0, BPF_STMT(BPF_ST, 15), BPF_STMT(BPF_LDX | BPF_MEM, 15), PASS);
	TRY("memory_one_way", -EINVAL, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
	    BPF_STMT(BPF_ST, 0),
	    BPF_STMT(BPF_LD | BPF_MEM, 0), PASS);
	TRY("memory_both_ways", 0, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2),
	    BPF_STMT(BPF_ST, 0),
	    BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_ST, 0), BPF_STMT(BPF_LD | BPF_MEM, 0),
		    PASS);
	TRY("jump_out", -EINVAL, BPF_STMT(BPF_JMP | BPF_JA, 1), PASS);
	TRY("jump_last", 0, BPF_STMT(BPF_JMP | BPF_JA, 0), PASS);
	TRY("branch_out", -EINVAL, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), PASS);
	TRY("return_x", -EINVAL, BPF_STMT(BPF_RET | BPF_X, 0));
	TRY("return_a", 0, BPF_STMT(BPF_LD | BPF_IMM, SECCOMP_RET_ALLOW),
	    BPF_STMT(BPF_RET | BPF_A, 0));
	TRY("length", 0, BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0), PASS);
	TRY("ethernet", -EINVAL, BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), PASS);
}

/* What becomes of a child whose getppid is answered so: its wait status. */
static int fate(unsigned with)
{
	long pid = must(sys_fork());

	if (pid == 0) {
		no_new_privs();
		must(answer(__NR_getppid, with));
		sys_exit(sys_getppid() < 0 ? 7 : 3);
	}
	return wait_status((int)pid) & ~0x80;
}

/* ABI-SEC-03: the answers. */
static void answers(void)
{
	check_int("kill_process", fate(SECCOMP_RET_KILL_PROCESS), SIGSYS);
	check_int("kill_thread_alone", fate(SECCOMP_RET_KILL_THREAD), SIGSYS);
	check_int("trap", fate(SECCOMP_RET_TRAP), SIGSYS);
	check_int("unknown", fate(0x12340000), SIGSYS);
	check_int("trace_without", fate(SECCOMP_RET_TRACE), 7 << 8);
	check_int("errno", fate(SECCOMP_RET_ERRNO | 5), 7 << 8);
	check_int("errno_0", fate(SECCOMP_RET_ERRNO), 3 << 8);
	check_int("allow", fate(SECCOMP_RET_ALLOW), 3 << 8);
	check_int("log", fate(SECCOMP_RET_LOG), 3 << 8);
	no_new_privs();
	must(answer(__NR_getppid, SECCOMP_RET_ERRNO | 5));
	check_ret("value", sys_getppid(), -5);
	must(answer(__NR_getppid, SECCOMP_RET_ERRNO | 6));
	check_ret("newest_of_equals", sys_getppid(), -6);
	must(answer(__NR_getppid, SECCOMP_RET_LOG));
	check_ret("severest", sys_getppid(), -6);
	must(answer(__NR_getuid, SECCOMP_RET_ERRNO | 0xffff));
	check_ret("errno_most", sys(__NR_getuid), -4095);
	check_ret("untouched", sys(__NR_geteuid), 0);
	if (must(sys_fork()) == 0) {
		check_ret("inherited", sys_getppid(), -6);
		sys_exit(0);
	}
	sys_wait4(-1, NULL, 0);
}

static siginfo_t trapped;

static void on_trap(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	trapped = *info;
}

/* ABI-SEC-04: what SIGSYS says; what a filter sees. */
static void traps(void)
{
	struct sock_filter by_argument[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SYSCALL_FIELD(arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SYSCALL_FIELD(nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_getpgid, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SYSCALL_FIELD(args[0])),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1000),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 2000, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 33),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	no_new_privs();
	catch_signal(SIGSYS, on_trap);
	must(answer(__NR_getsid, SECCOMP_RET_TRAP | 99));
	check_ret("call_number_left", sys_getsid(0), __NR_getsid);
	check_int("code", trapped.si_code, SYS_SECCOMP_);
	check_int("errno", trapped.si_errno, 99);
	check_int("syscall", trapped.si_syscall, __NR_getsid);
	check_int("arch", trapped.si_arch == AUDIT_ARCH_X86_64, 1);
	check_true("address", trapped.si_call_addr != NULL);
	check_ret("by_argument", add(by_argument, LENGTH(by_argument)), 0);
	check_ret("large", sys_getpgid(5000), -33);
	check_ret("small", ret0(sys_getpgid(0)), 0);
	block_signal(SIGSYS);
	if (must(sys_fork()) == 0) {
		sys_getsid(0);
		sys_exit(0);
	}
	{
		int status = 0;

		sys_wait4(-1, &status, 0);
		check_int("blocked_kills", status & 0x7f, SIGSYS);
	}
}

static void idle_thread(void *arg)
{
	gate_wait(arg);
}

static void thread_of_its_own(void *arg)
{
	must(answer(__NR_getppid, SECCOMP_RET_ERRNO | 9));
	gate_wait(arg);
}

/* ABI-SEC-05: all threads at once; strict mode. */
static void threads_and_strict(void)
{
	static struct gate gate, other;
	static struct thread one, two;
	struct sock_filter pass[] = { PASS };
	long rc;

	no_new_privs();
	thread_start(&one, idle_thread, &gate);
	check_ret("sync", add_flags(pass, 1, SECCOMP_FILTER_FLAG_TSYNC), 0);
	thread_start(&two, thread_of_its_own, &other);
	nap(150);
	rc = add_flags(pass, 1, SECCOMP_FILTER_FLAG_TSYNC);
	check_int("obstacle", rc == two.tid, 1);
	check_ret("obstacle_esrch", add_flags(pass, 1, SECCOMP_FILTER_FLAG_TSYNC |
					      SECCOMP_FILTER_FLAG_TSYNC_ESRCH), -ESRCH);
	gate_open(&gate), gate_open(&other);
	thread_join(&one), thread_join(&two);
	check_ret("again", add_flags(pass, 1, SECCOMP_FILTER_FLAG_TSYNC), 0);
}

/* ABI-SEC-05: strict mode. */
static void strict(void)
{
	for (int i = 0; i < 3; i++) {
		long pid = must(sys_fork());
		int status = 0;

		if (pid == 0) {
			must(sys(__NR_seccomp, SECCOMP_SET_MODE_STRICT, 0, 0));
			if (i == 0)
				sys(__NR_exit, 5);
			if (i == 1)
				sys_getppid();
			sys_exit(0);
		}
		sys_wait4(pid, &status, 0);
		check_int("status", status, i ? SIGKILL : 5 << 8);
	}
}

const struct test_case abi_seccomp_cases[] = {
	{ "ABI-SEC-01", "seccomp: arguments", arguments, 0, 0 },
	{ "ABI-SEC-02", "seccomp: programs", programs, 0, 0 },
	{ "ABI-SEC-03", "seccomp: answers", answers, 0, 0 },
	{ "ABI-SEC-04", "seccomp: SIGSYS and what a filter sees", traps, 0, 0 },
	{ "ABI-SEC-05", "seccomp: all threads", threads_and_strict, 0, 0 },
	{ "ABI-SEC-05.strict", "seccomp: strict mode", strict, 0, 0 },
	{ 0 },
};
