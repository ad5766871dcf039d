// SPDX-License-Identifier: MIT
/* tests/conform/pidns_tid.c - PIDNS-26 to 30: clone3 with chosen numbers.
 *
 * set_tid names the number on each level, innermost first. What is taken, out
 * of range or not allowed is refused. See clone(2), "set_tid". */
#include "conform.h"

#define REPEAT 100
#define FAR 30123		/* free in the first namespace, as a rule */
#define MAX_LEVELS 32

static long pid_max(void)
{
	return read_long("/proc/sys/kernel/pid_max", 32768);
}

static long one(unsigned long flags, int number)
{
	return clone_tids(flags, &number, 1);
}

/* Clone with numbers; the child tells its own number by its status.
 * Returns: its getpid() as far as a status holds it, or the error. */
static long told(unsigned long flags, const int *tids, size_t count, long *outer)
{
	long pid = clone_tids(flags, tids, count);

	if (pid == 0)
		sys_exit(sys_getpid() & 0xff);
	if (outer)
		*outer = pid;
	return pid < 0 ? pid : wait_status(pid) >> 8;
}

/* PIDNS-26 */

static void choose_inside(struct peer *up, void *arg)
{
	int number = 50, again = 40, second = 1;
	long outer;

	(void)up;
	(void)arg;
	check_int("asked_50", told(0, &number, 1, &outer), 50);
	check_int("result", outer, 50);
	check_int("next", reap(sys_fork()) == 0 ? read_long("/proc/sys/kernel/ns_last_pid", 0) : 0,
		  2);
	check_int("asked_50_again", told(0, &number, 1, NULL), 50);
	check_int("asked_40", told(0, &again, 1, &outer), 40);
	check_int("asked_2", told(0, &(int){ 2 }, 1, NULL), 2);
	check_int("new_ns", told(CLONE_NEWPID, &second, 1, &outer), 1);
	check_int("new_ns.outer", outer, 3);
	check_ret("none_asked", ret0(told(0, NULL, 0, NULL)), 0);
}

static void chosen_numbers(void)
{
	need_admin();
	run_child(CLONE_NEWPID, choose_inside, NULL);
}

/* The deepest of three levels asks for numbers on all. */
static void on_levels(struct peer *up, void *arg)
{
	int tids[3] = { 10, 20, FAR };
	long pid;

	(void)arg;
	check_int("one_of_three", told(0, tids, 1, NULL), 10);
	check_int("two_of_three", told(0, tids, 2, NULL), 10);
	pid = clone_tids(0, tids, 3);
	if (pid == 0) {
		sys(__NR_pause);
		sys_exit(0);
	}
	check_int("three_of_three", pid, 10);
	send_long(up, pid);
	hear(up);
	end_idle(pid);
	check_ret("four_of_three", told(0, (int[]){ 10, 20, 30, 40 }, 4, NULL), -EINVAL);
	tids[0] = 1;
	tids[1] = 11;
	tids[2] = 21;
	check_int("new_level", told(CLONE_NEWPID, tids, 3, NULL), 1);
}

static void level_1(struct peer *up, void *arg)
{
	struct peer inner;

	(void)arg;
	spawn(&inner, CLONE_NEWPID, on_levels, NULL);
	send_long(up, recv_long(&inner));
	hear(up);
	tell(&inner);
	finish(&inner);
}

static void three_levels(void)
{
	struct peer middle;

	need_admin();
	spawn(&middle, CLONE_NEWPID, level_1, NULL);
	recv_long(&middle);
	check_str("NSpid", status_field("/proc", FAR, "NSpid:", 1), "20 10");
	tell(&middle);
	finish(&middle);
}

static void hundred_times(struct peer *up, void *arg)
{
	int wrong = 0, number = 77;

	(void)up;
	(void)arg;
	for (int i = 0; i < REPEAT; i++)
		wrong += told(0, &number, 1, NULL) != 77;
	check_int("wrong", wrong, 0);
}

static void same_number_again(void)
{
	need_admin();
	run_child(CLONE_NEWPID, hundred_times, NULL);
}

/* PIDNS-27 */

static void taken_inside(struct peer *up, void *arg)
{
	struct peer member;
	long zombie;

	(void)up;
	(void)arg;
	spawn(&member, 0, stay, NULL);
	hear(&member);
	check_ret("init", ret0(one(0, 1)), -EEXIST);
	check_ret("member", ret0(one(0, 2)), -EEXIST);
	check_ret("member_again", ret0(one(0, 2)), -EEXIST);
	check_ret("with_new_ns", ret0(clone_tids(CLONE_NEWPID, (int[]){ 1, 2 }, 2)), -EEXIST);
	tell(&member);
	finish(&member);
	check_ret("member_gone", reap(one(0, 2)), 0);
	zombie = must(one(0, 2));
	if (zombie == 0)
		sys_exit(0);
	must(sys(__NR_waitid, P_PID, 2, NULL, WEXITED | WNOWAIT, NULL));
	check_ret("zombie", ret0(one(0, 2)), -EEXIST);
	wait_status(zombie);
	check_ret("reaped", reap(one(0, 2)), 0);
}

static void taken(void)
{
	long me = sys_getpid();

	need_admin();
	check_ret("own_number", ret0(one(0, me)), -EEXIST);
	run_child(CLONE_NEWPID, taken_inside, NULL);
}

/* PIDNS-28 */

static void size_and_pointer(void)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	int tids[MAX_LEVELS + 1] = { FAR };

	check_ret("size_2_of_1", ret0(clone_tids(0, tids, 2)), -EINVAL);
	check_ret("size_32", ret0(clone_tids(0, tids, MAX_LEVELS)), -EINVAL);
	check_ret("size_33", ret0(clone_tids(0, tids, MAX_LEVELS + 1)), -EINVAL);
	args.set_tid_size = 1;
	check_ret("no_pointer", ret0(sys_clone3(&args, sizeof(args))), -EINVAL);
	args.set_tid_size = ~0ull;
	args.set_tid = (uintptr_t)tids;
	check_ret("huge_size", ret0(sys_clone3(&args, sizeof(args))), -EINVAL);
	args.set_tid_size = 0;
	check_ret("no_size", ret0(sys_clone3(&args, sizeof(args))), -EINVAL);
	check_ret("bad_pointer", ret0(clone_tids(0, (int *)page_with_hole(), 1)), -EFAULT);
	check_ret("kernel_pointer", ret0(clone_tids(0, KERNEL_ADDRESS, 1)), -EFAULT);
}

static void range_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("zero", ret0(one(0, 0)), -EINVAL);
	check_ret("minus_1", ret0(one(0, -1)), -EINVAL);
	check_ret("int_min", ret0(one(0, 1 << 31)), -EINVAL);
	check_ret("pid_max", ret0(one(0, pid_max())), -EINVAL);
	check_ret("above", ret0(one(0, 0x7fffffff)), -EINVAL);
	check_ret("last", reap(one(0, pid_max() - 1)), 0);
	check_ret("smallest_free", reap(one(0, 2)), 0);
	check_ret("outer_zero", ret0(clone_tids(0, (int[]){ 5, 0 }, 2)), -EINVAL);
	check_ret("inner_free_after", reap(one(0, 5)), 0);
}

static void out_of_range(void)
{
	need_admin();
	size_and_pointer();
	run_child(CLONE_NEWPID, range_inside, NULL);
}

/* PIDNS-29 */

static void first_inside(struct peer *up, void *arg)
{
	int two[] = { 1, 60 }, wrong[] = { 2, 61 };
	long outer;

	(void)up;
	(void)arg;
	check_ret("two", ret0(one(CLONE_NEWPID, 2)), -EINVAL);
	check_ret("two_levels_wrong", ret0(clone_tids(CLONE_NEWPID, wrong, 2)), -EINVAL);
	check_int("one", told(CLONE_NEWPID, (int[]){ 1 }, 1, NULL), 1);
	check_int("two_levels", told(CLONE_NEWPID, two, 2, &outer), 1);
	check_int("two_levels.outer", outer, 60);
	check_ret("left_nothing", reap(one(0, 61)), 0);
}

static void first_must_be_1(void)
{
	need_admin();
	run_child(CLONE_NEWPID, first_inside, NULL);
	check_ret("unshare", sys_unshare(CLONE_NEWPID), 0);
	check_ret("unshared.two", ret0(one(0, 2)), -EINVAL);
	check_ret("unshared.one", reap(one(0, 1)), 0);
	check_ret("unshared.dead", ret0(one(0, 1)), -ENOMEM);
}

/* PIDNS-30 */

static void ask(const char *who, long want)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.free", who);
	check_ret(key, reap(one(0, FAR)), want);
	snprintf(key, sizeof(key), "%s.taken", who);
	check_ret(key, ret0(one(0, sys_getpid())), want ? want : -EEXIST);
	snprintf(key, sizeof(key), "%s.range", who);
	check_ret(key, ret0(one(0, 0)), -EINVAL);
	snprintf(key, sizeof(key), "%s.none", who);
	check_ret(key, reap(clone_tids(0, NULL, 0)), 0);
}

static void as_plain_user(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	ask("plain_user", -EPERM);
}

static void as_user_with(struct peer *up, void *arg)
{
	(void)up;
	become_user_with(PLAIN_UID, CAP_BIT(*(int *)arg));
	ask(*(int *)arg == CAP_SYS_ADMIN ? "sys_admin" : *(int *)arg == CAP_CHECKPOINT_RESTORE ?
	    "checkpoint_restore" : "other_cap", *(int *)arg == CAP_SYS_PTRACE ? -EPERM : 0);
}

static void as_bare_root(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	caps_set(0, 0);
	ask("root_without", -EPERM);
}

/* Root of its own user and pid namespace: on its own level only. */
static void inner_root(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("inner_root.own", reap(one(0, 70)), 0);
	check_ret("inner_root.outer", ret0(clone_tids(0, (int[]){ 71, FAR }, 2)), -EPERM);
	check_ret("inner_root.new", reap(one(CLONE_NEWPID, 1)), 0);
	check_ret("inner_root.new_outer",
		  ret0(clone_tids(CLONE_NEWPID, (int[]){ 1, 72, FAR }, 3)), -EPERM);
	check_ret("inner_root.left_nothing", reap(one(0, 72)), 0);
}

static void inner_root_outer_pid(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	check_ret("userns_only", ret0(one(0, FAR)), -EPERM);
}

static void user_makes(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	run_child(CLONE_NEWUSER | CLONE_NEWPID, inner_root, NULL);
	run_child(CLONE_NEWUSER, inner_root_outer_pid, NULL);
}

static void needs_cap(void)
{
	static const int caps[] = { CAP_SYS_ADMIN, CAP_CHECKPOINT_RESTORE, CAP_SYS_PTRACE };

	need_admin();
	run_child(0, as_plain_user, NULL);
	run_child(0, as_bare_root, NULL);
	for (size_t i = 0; i < LENGTH(caps); i++)
		run_child(0, as_user_with, (void *)&caps[i]);
	run_child(0, user_makes, NULL);
}

const struct test_case pidns_tid_cases[] = {
	{ "PIDNS-26", "clone3 gives the number asked for", chosen_numbers, CLONE_NEWPID, 0 },
	{ "PIDNS-26.levels", "innermost first, on three levels", three_levels, CLONE_NEWPID, 0 },
	{ "PIDNS-26.repeat", "the same number a hundred times", same_number_again,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-27", "a number that is taken", taken, CLONE_NEWPID, 0 },
	{ "PIDNS-28", "numbers and sizes out of range", out_of_range, CLONE_NEWPID, 0 },
	{ "PIDNS-29", "the first process must be 1", first_must_be_1, CLONE_NEWPID, 0 },
	{ "PIDNS-30", "choosing needs a capability on that level", needs_cap, CLONE_NEWUSER, 0 },
	{ 0 },
};
