// SPDX-License-Identifier: MIT
/* tests/conform/abi_task.c - what a process may ask about itself and others:
 * limits, scheduling, memory of others, kcmp, futexes: ABI-TSK-01 to 06. */
#include <linux/kcmp.h>
#include <linux/sched/types.h>
#include "abi.h"

#define NOFILE 7
#define CORE 4
#define ROBUST_HEAD_BYTES 24

struct vec {
	void *base;
	size_t len;
};

/* ABI-TSK-01: prlimit. */
static void limits(void)
{
	unsigned long old[2] = { 0 }, want[2] = { 50, 60 }, bad[2] = { 61, 60 },
		more[2] = { 50, 61 };

	check_ret("unknown", sys(__NR_prlimit64, 0, 16, NULL, old), -EINVAL);
	check_ret("nobody", sys(__NR_prlimit64, 4000000, NOFILE, NULL, old), -ESRCH);
	check_ret("fault", sys(__NR_prlimit64, 0, NOFILE, KERNEL_ADDRESS, NULL), -EFAULT);
	check_ret("nothing", sys(__NR_prlimit64, 0, NOFILE, NULL, NULL), 0);
	check_ret("soft_over_hard", sys(__NR_prlimit64, 0, NOFILE, bad, NULL), -EINVAL);
	check_ret("set", sys(__NR_prlimit64, 0, NOFILE, want, old), 0);
	check_ret("get", sys(__NR_prlimit64, sys_getpid(), NOFILE, NULL, old), 0);
	check_int("got", (long)old[0] * 100 + (long)old[1], 5060);
	more[1] = 1ul << 40;
	check_ret("nofile_max", sys(__NR_prlimit64, 0, NOFILE, more, NULL), -EPERM);
	become_user(PLAIN_UID);
	more[1] = 61;
	check_ret("raise_hard", sys(__NR_prlimit64, 0, NOFILE, more, NULL), -EPERM);
	want[1] = 55;
	check_ret("lower_hard", sys(__NR_prlimit64, 0, NOFILE, want, NULL), 0);
	check_ret("other", sys(__NR_prlimit64, 1, NOFILE, NULL, old), -EPERM);
	check_ret("getrlimit_unknown", sys(__NR_getrlimit, 99, old), -EINVAL);
	check_ret("setrlimit_soft", sys(__NR_setrlimit, CORE, bad), -EINVAL);
}

/* ABI-TSK-02: scheduling policy, priority, affinity. */
static void scheduling(void)
{
	struct sched_attr attr = { .size = sizeof(attr) };
	unsigned long mask[16] = { 1 };
	int param = 0;

	check_ret("policy", sys(__NR_sched_getscheduler, 0), 0);
	check_ret("policy_negative", sys(__NR_sched_getscheduler, -1), -EINVAL);
	check_ret("policy_nobody", sys(__NR_sched_getscheduler, 4000000), -ESRCH);
	check_ret("set_unknown", sys(__NR_sched_setscheduler, 0, 9, &param), -EINVAL);
	check_ret("set_null", sys(__NR_sched_setscheduler, 0, 1, NULL), -EINVAL);
	check_ret("fifo_0", sys(__NR_sched_setscheduler, 0, 1, &param), -EINVAL);
	param = 5;
	check_ret("other_5", sys(__NR_sched_setscheduler, 0, 0, &param), -EINVAL);
	check_ret("fifo_5", sys(__NR_sched_setscheduler, 0, 1, &param), 0);
	check_ret("get_param", sys(__NR_sched_getparam, 0, &param), 0);
	check_int("param", param, 5);
	check_ret("rr_reset", sys(__NR_sched_setscheduler, 0, 2 | 0x40000000, &param), 0);
	check_ret("policy_reset", sys(__NR_sched_getscheduler, 0), 2 | 0x40000000);
	if (must(sys_fork()) == 0) {
		check_ret("child_reset", sys(__NR_sched_getscheduler, 0), 0);
		sys_exit(0);
	}
	sys_wait4(-1, NULL, 0);
	param = 0;
	must(sys(__NR_sched_setscheduler, 0, 0, &param));
	check_ret("max_fifo", sys(__NR_sched_get_priority_max, 1), 99);
	check_ret("min_fifo", sys(__NR_sched_get_priority_min, 1), 1);
	check_ret("max_other", sys(__NR_sched_get_priority_max, 0), 0);
	check_ret("max_unknown", sys(__NR_sched_get_priority_max, 9), -EINVAL);
	check_ret("attr_small", sys(__NR_sched_getattr, 0, &attr, 40, 0), -EINVAL);
	check_ret("attr", sys(__NR_sched_getattr, 0, &attr, sizeof(attr), 0), 0);
	check_ret("attr_flags", sys(__NR_sched_getattr, 0, &attr, sizeof(attr), 1), -EINVAL);
	attr = (struct sched_attr){ .size = sizeof(attr), .sched_nice = 7 };
	check_ret("attr_nice", sys(__NR_sched_setattr, 0, &attr, 0), 0);
	check_ret("nice", sys(__NR_getpriority, 0, 0), 13);
	attr.sched_flags = 1ull << 40;
	check_ret("attr_unknown", sys(__NR_sched_setattr, 0, &attr, 0), -EINVAL);
	check_ret("getpriority_which", sys(__NR_getpriority, 3, 0), -EINVAL);
	check_ret("setpriority_far", sys(__NR_setpriority, 0, 0, 100), 0);
	check_ret("setpriority_19", sys(__NR_getpriority, 0, 0), 1);
	check_ret("priority_nobody", sys(__NR_getpriority, 0, 4000000), -ESRCH);
	check_ret("affinity_small", sys(__NR_sched_getaffinity, 0, 4, mask), -EINVAL);
	check_ret("affinity_odd", sys(__NR_sched_getaffinity, 0, 12, mask), -EINVAL);
	check_true("affinity", sys(__NR_sched_getaffinity, 0, 128, mask) >= 8);
	check_int("first_cpu", mask[0] & 1, 1);
	mask[0] = 1;
	check_ret("affinity_set", sys(__NR_sched_setaffinity, 0, 8, mask), 0);
	mask[0] = 0;
	check_ret("affinity_none", sys(__NR_sched_setaffinity, 0, 8, mask), -EINVAL);
	mask[0] = 1ul << 63;
	check_ret("affinity_absent", sys(__NR_sched_setaffinity, 0, 8, mask), -EINVAL);
	check_ret("rr_interval_negative", sys(__NR_sched_rr_get_interval, -1, mask), -EINVAL);
	become_user(PLAIN_UID);
	param = 5;
	check_ret("user_fifo", sys(__NR_sched_setscheduler, 0, 1, &param), -EPERM);
	check_ret("user_nice", sys(__NR_setpriority, 0, 0, 5), -EACCES);
	check_ret("user_other", sys(__NR_setpriority, 0, 1, 5), -EPERM);
	check_ret("user_affinity", sys(__NR_sched_setaffinity, 1, 8, mask), -EPERM);
}

static void waits_to_be_read(struct peer *up, void *arg)
{
	strcpy(arg, "of the child");
	tell(up), hear(up);
	tell(up), hear(up);
}

/* ABI-TSK-03: the memory of another; kcmp. */
static void others(void)
{
	char *area = map_pages(2, RW, ANON, -1), here[64] = { 0 };
	struct vec local = { here, 12 }, remote = { area, 12 }, many[2];
	struct peer peer;
	long me = sys_getpid();

	spawn(&peer, 0, waits_to_be_read, area);
	hear(&peer);
	check_ret("read", sys(__NR_process_vm_readv, peer.pid, &local, 1, &remote, 1, 0), 12);
	check_str("bytes", here, "of the child");
	check_str("own_untouched", area, "");
	check_ret("write", sys(__NR_process_vm_writev, peer.pid, &local, 1, &remote, 1, 0), 12);
	check_ret("flags", sys(__NR_process_vm_readv, peer.pid, &local, 1, &remote, 1, 1), -EINVAL);
	check_ret("nobody", sys(__NR_process_vm_readv, 4000000, &local, 1, &remote, 1, 0), -ESRCH);
	many[0] = (struct vec){ area + PAGE_BYTES - 4, 4 },
		many[1] = (struct vec){ KERNEL_ADDRESS, 8 };
	check_ret("part", sys(__NR_process_vm_readv, peer.pid, &local, 1, many, 2, 0), 4);
	check_ret("fault", sys(__NR_process_vm_readv, peer.pid, &local, 1, many + 1, 1, 0),
		  -EFAULT);
	check_ret("none", sys(__NR_process_vm_readv, peer.pid, NULL, 0, &remote, 1, 0), 0);
	check_ret("too_many", sys(__NR_process_vm_readv, peer.pid, &local, 1025, &remote, 1, 0),
		  -EINVAL);
	check_ret("kcmp_type", sys(__NR_kcmp, me, me, 99, 0, 0), -EINVAL);
	check_ret("kcmp_vm_self", sys(__NR_kcmp, me, me, KCMP_VM, 0, 0), 0);
	check_true("kcmp_vm_child", sys(__NR_kcmp, me, peer.pid, KCMP_VM, 0, 0) > 0);
	check_ret("kcmp_file", sys(__NR_kcmp, me, peer.pid, KCMP_FILE, 0, 0), 0);
	check_true("kcmp_files", sys(__NR_kcmp, me, peer.pid, KCMP_FILES, 0, 0) > 0);
	check_ret("kcmp_bad_fd", sys(__NR_kcmp, me, me, KCMP_FILE, 0, 99), -EBADF);
	check_ret("kcmp_nobody", sys(__NR_kcmp, me, 4000000, KCMP_VM, 0, 0), -ESRCH);
	tell(&peer), hear(&peer), tell(&peer);
	finish(&peer);
	become_user(PLAIN_UID);
	check_ret("user_read", sys(__NR_process_vm_readv, 1, &local, 1, &remote, 1, 0), -EPERM);
	check_ret("user_kcmp", sys(__NR_kcmp, me, 1, KCMP_VM, 0, 0), -EPERM);
}

/* ABI-TSK-04: futexes. */
static void futexes(void)
{
	struct __kernel_timespec past = { 0, 0 }, bad = { 0, -1 }, soon_ = { 0, 20000000 };
	static int word, other;
	long me = sys_gettid();
	char *odd = (char *)&word + 1;

	check_ret("op", sys(__NR_futex, &word, 99, 0, 0), -ENOSYS);
	check_ret("unaligned", sys(__NR_futex, odd, FUTEX_WAIT, 0, &past), -EINVAL);
	check_ret("fault", sys(__NR_futex, KERNEL_ADDRESS, FUTEX_WAIT, 0, &past), -EFAULT);
	check_ret("other_value", sys(__NR_futex, &word, FUTEX_WAIT, 1, NULL), -EAGAIN);
	check_ret("bad_time", sys(__NR_futex, &word, FUTEX_WAIT, 0, &bad), -EINVAL);
	check_ret("timeout", sys(__NR_futex, &word, FUTEX_WAIT, 0, &soon_), -ETIMEDOUT);
	check_ret("bitset_0", sys(__NR_futex, &word, FUTEX_WAIT_BITSET, 0, &past, 0, 0), -EINVAL);
	check_ret("bitset_past", sys(__NR_futex, &word, FUTEX_WAIT_BITSET, 0, &past, 0, 1),
		  -ETIMEDOUT);
	check_ret("wake_none", sys(__NR_futex, &word, FUTEX_WAKE, 5), 0);
	check_ret("wake_bitset_0", sys(__NR_futex, &word, FUTEX_WAKE_BITSET, 5, 0, 0, 0), -EINVAL);
	check_ret("requeue", sys(__NR_futex, &word, FUTEX_REQUEUE, 1, 1, &other, 0), 0);
	check_ret("requeue_negative", sys(__NR_futex, &word, FUTEX_REQUEUE, -1, 1, &other, 0),
		  -EINVAL);
	check_ret("cmp_requeue", sys(__NR_futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &other, 7),
		  -EAGAIN);
	check_ret("wake_op", sys(__NR_futex, &word, FUTEX_WAKE_OP, 1, 1, &other,
				 FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 0)), 0);
	check_int("added", other, 5);
	check_ret("realtime_wake", sys(__NR_futex, &word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1),
		  -ENOSYS);
	check_ret("lock_pi", sys(__NR_futex, &word, FUTEX_LOCK_PI, 0, NULL), 0);
	check_int("owner", word == me, 1);
	check_ret("lock_again", sys(__NR_futex, &word, FUTEX_LOCK_PI, 0, NULL), -EDEADLK);
	check_ret("trylock_own", sys(__NR_futex, &word, FUTEX_TRYLOCK_PI, 0, NULL), -EDEADLK);
	check_ret("unlock_pi", sys(__NR_futex, &word, FUTEX_UNLOCK_PI, 0, NULL), 0);
	check_ret("unlock_not_own", sys(__NR_futex, &word, FUTEX_UNLOCK_PI, 0, NULL), -EPERM);
	check_ret("robust_size", sys(__NR_set_robust_list, &word, 8), -EINVAL);
	check_ret("robust_nobody", sys(__NR_get_robust_list, 4000000, &past, &bad), -ESRCH);
	word = 4000000;
	check_ret("lock_dead", sys(__NR_futex, &word, FUTEX_LOCK_PI, 0, NULL), -ESRCH);
}

/* ABI-TSK-04: what a thread that dies leaves in its robust list. */
static void robust(void)
{
	struct { void *next; long offset; void *pending; } *head = (void *)map_pages(1, RW,
		MAP_SHARED | MAP_ANONYMOUS, -1);
	struct lock { void *next; int word; } *lock = (void *)(head + 1);
	long pid = must(sys_fork());

	if (pid == 0) {
		head->next = lock, lock->next = head;
		head->offset = offsetof(struct lock, word), head->pending = NULL;
		lock->word = (int)sys_gettid();
		must(sys(__NR_set_robust_list, head, ROBUST_HEAD_BYTES));
		sys_exit(0);
	}
	sys_wait4(pid, NULL, 0);
	check_int("owner_died", lock->word, (int)FUTEX_OWNER_DIED);
}

/* ABI-TSK-05: small ones: personality, getrandom, sysinfo, getcpu, membarrier, umask. */
static void small_ones(void)
{
	unsigned char info[112], random[16] = { 0 };
	int cpu = -1, node = -1;

	check_ret("personality", sys(__NR_personality, 0xffffffff), 0);
	check_ret("personality_set", sys(__NR_personality, 0x0040000), 0);
	check_ret("personality_old", sys(__NR_personality, 0), 0x0040000);
	check_ret("random_flags", sys(__NR_getrandom, random, 4, 8), -EINVAL);
	check_ret("random_both", sys(__NR_getrandom, random, 4, 6), -EINVAL);
	check_ret("random", sys(__NR_getrandom, random, 16, 1), 16);
	check_ret("random_none", sys(__NR_getrandom, NULL, 0, 0), 0);
	check_ret("random_fault", sys(__NR_getrandom, KERNEL_ADDRESS, 4, 0), -EFAULT);
	check_ret("sysinfo", sys(__NR_sysinfo, info), 0);
	check_int("mem_unit", *(int *)(info + 104), 1);
	check_ret("sysinfo_fault", sys(__NR_sysinfo, KERNEL_ADDRESS), -EFAULT);
	check_ret("getcpu", sys(__NR_getcpu, &cpu, &node, 0), 0);
	check_int("node", node, 0);
	check_ret("getcpu_null", sys(__NR_getcpu, NULL, NULL, 0), 0);
	check_ret("membarrier_flags", sys(__NR_membarrier, 0, 1 << 5, 0), -EINVAL);
	check_ret("membarrier_unready", sys(__NR_membarrier, 8, 0, 0), -EPERM);
	check_ret("membarrier_ready", sys(__NR_membarrier, 16, 0, 0), 0);
	check_ret("membarrier", sys(__NR_membarrier, 8, 0, 0), 0);
	check_ret("umask", sys(__NR_umask, 07777), 022);
	check_ret("umask_bits", sys(__NR_umask, 022), 0777);
	check_ret("rseq_unaligned", sys(__NR_rseq, info + 1, 32, 0, 0), -EINVAL);
	check_ret("rseq_flags", sys(__NR_rseq, info, 32, 8, 0), -EINVAL);
	check_ret("rseq_remove_none", sys(__NR_rseq, info, 32, 1, 0), -EINVAL);
	check_ret("prctl_unknown", sys(__NR_prctl, 9999, 0, 0, 0, 0), -EINVAL);
	check_ret("prctl_pdeathsig", sys(__NR_prctl, PR_SET_PDEATHSIG, 65, 0, 0, 0), -EINVAL);
	check_ret("prctl_name", sys(__NR_prctl, PR_SET_NAME, "a name that is long", 0, 0, 0), 0);
	check_ret("prctl_name_get", sys(__NR_prctl, PR_GET_NAME, random, 0, 0, 0), 0);
	check_str("name", (char *)random, "a name that is ");
	check_ret("prctl_dumpable", sys(__NR_prctl, PR_SET_DUMPABLE, 2, 0, 0, 0), -EINVAL);
	check_ret("prctl_slack", sys(__NR_prctl, PR_GET_TIMERSLACK, 0, 0, 0, 0), 50000);
	check_ret("prctl_nnp_args", sys(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0), -EINVAL);
	check_ret("arch_prctl", sys(__NR_arch_prctl, 0x9999, 0), -EINVAL);
	check_ret("vhangup", sys(__NR_vhangup), 0);
	check_ret("ioprio_which", sys(__NR_ioprio_get, 9, 0), -EINVAL);
	check_ret("getgroups_small", sys(__NR_getgroups, -1, NULL), -EINVAL);
}

/* ABI-TSK-06: several futexes at once. */
static void futex_vectors(void)
{
	struct waiter { unsigned long val, uaddr; unsigned flags, reserved; } w[2] = { 0 };
	static int one, two;
	struct __kernel_timespec past = { 0, 1 };

	w[0] = (struct waiter){ 0, (unsigned long)&one, 2, 0 };
	w[1] = (struct waiter){ 0, (unsigned long)&two, 2, 0 };
	check_ret("flags", sys(__NR_futex_waitv, w, 2, 1, &past, 1), -EINVAL);
	check_ret("none", sys(__NR_futex_waitv, w, 0, 0, &past, 1), -EINVAL);
	check_ret("too_many", sys(__NR_futex_waitv, w, 129, 0, &past, 1), -EINVAL);
	check_ret("clock", sys(__NR_futex_waitv, w, 2, 0, &past, 7), -EINVAL);
	check_ret("fault", sys(__NR_futex_waitv, KERNEL_ADDRESS, 2, 0, &past, 1), -EFAULT);
	check_ret("past", sys(__NR_futex_waitv, w, 2, 0, &past, 1), -ETIMEDOUT);
	w[1].val = 5;
	check_ret("other_value", sys(__NR_futex_waitv, w, 2, 0, &past, 1), -EAGAIN);
	w[1].flags = 1;
	check_ret("size_flag", sys(__NR_futex_waitv, w, 2, 0, &past, 1), -EINVAL);
	w[1].flags = 2, w[1].reserved = 1;
	check_ret("reserved", sys(__NR_futex_waitv, w, 2, 0, &past, 1), -EINVAL);
}

const struct test_case abi_task_cases[] = {
	{ "ABI-TSK-01", "prlimit", limits, 0, 0 },
	{ "ABI-TSK-02", "policies, priorities, affinity", scheduling, 0, 0 },
	{ "ABI-TSK-03", "the memory of others, kcmp", others, 0, 0 },
	{ "ABI-TSK-04", "futexes", futexes, 0, 0 },
	{ "ABI-TSK-04.robust", "robust lists", robust, 0, 0 },
	{ "ABI-TSK-05", "small ones", small_ones, 0, 0 },
	{ "ABI-TSK-06", "several futexes at once", futex_vectors, 0, 0 },
	{ 0 },
};
