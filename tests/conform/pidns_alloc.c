// SPDX-License-Identifier: MIT
/* tests/conform/pidns_alloc.c - PIDNS-31 to 34: which number comes next.
 *
 * /proc/sys/kernel/ns_last_pid, the cycle of numbers, and what keeps a number
 * from being given out again. See pid_namespaces(7), credentials(7). */
#include "conform.h"

#define LAST_PID "/proc/sys/kernel/ns_last_pid"
#define RESERVED 300		/* where the cycle starts again */

static long last_pid(void)
{
	return read_long(LAST_PID, -1);
}

static long set_last(long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", number);
	return ret0(write_file(LAST_PID, text));
}

static long pid_max(void)
{
	return read_long("/proc/sys/kernel/pid_max", 32768);
}

/* The number of a child that ends at once. */
static long next_number(void)
{
	long pid = must(sys_fork());

	if (pid == 0)
		sys_exit(0);
	wait_status(pid);
	return pid;
}

/* PIDNS-31 */

static void last_inside(struct peer *up, void *arg)
{
	struct peer member;
	char text[32];

	(void)up;
	(void)arg;
	read_file(LAST_PID, text, sizeof(text));
	check_str("first_text", text, "1\n");
	check_int("second", next_number(), 2);
	check_int("after_second", last_pid(), 2);
	check_ret("set_100", set_last(100), 0);
	check_int("read_back", last_pid(), 100);
	spawn(&member, 0, stay, NULL);
	hear(&member);
	check_int("next", member.pid, 101);
	check_int("last", last_pid(), 101);
	must(set_last(100));
	check_int("over_taken", next_number(), 102);
	must(set_last(100));
	check_int("over_taken_again", next_number(), 102);
	check_ret("set_0", set_last(0), 0);
	check_int("after_0", next_number(), 2);
	check_ret("set_same", set_last(last_pid()), 0);
	check_int("after_same", next_number(), 3);
	tell(&member);
	finish(&member);
}

static void next_after_last(void)
{
	need_admin();
	run_child(CLONE_NEWPID, last_inside, NULL);
}

/* Each namespace has its own, and the file is that of who uses it. */
static void inner_last(struct peer *up, void *arg)
{
	long fd = *(long *)arg;
	char text[32] = "";

	(void)up;
	must(set_last(500));
	check_int("inner", next_number(), 501);
	must(sys_pread(fd, text, sizeof(text) - 1, 0));
	check_int("by_outer_file", strtol(text, NULL, 10), 501);
	check_ret("write_outer_file", sys_pwrite(fd, "600", 3, 0), 3);
	check_int("inner_after", next_number(), 601);
}

static void outer_last(struct peer *up, void *arg)
{
	long fd = must(sys_open(LAST_PID, O_RDWR, 0));

	(void)up;
	(void)arg;
	must(set_last(200));
	run_child(CLONE_NEWPID, inner_last, &fd);
	check_int("outer", last_pid(), 203);
	check_int("outer_next", next_number(), 204);
}

static void of_the_user(void)
{
	need_admin();
	run_child(CLONE_NEWPID, outer_last, NULL);
}

/* PIDNS-32 */

static void bad_values(struct peer *up, void *arg)
{
	static const char *const texts[] = { "-1", "-2147483648", "2147483648", "99999999999",
					     "x", "1x", "+5", "1.5", "0x10" };
	char key[64], max[32];
	long fd;

	(void)up;
	(void)arg;
	must(set_last(7));
	for (size_t i = 0; i < LENGTH(texts); i++) {
		snprintf(key, sizeof(key), "write_%s", texts[i]);
		obs_ret(key, ret0(write_file(LAST_PID, texts[i])));
		snprintf(key, sizeof(key), "after_%s", texts[i]);
		obs_int(key, last_pid());
		must(set_last(7));
	}
	check_ret("minus_1", ret0(write_file(LAST_PID, "-1")), -EINVAL);
	check_ret("empty", write_file(LAST_PID, ""), 0);
	obs_ret("newline", write_file(LAST_PID, "\n"));
	check_ret("blanks", ret0(write_file(LAST_PID, "  8\n")), 0);
	check_int("blanks.value", last_pid(), 8);
	snprintf(max, sizeof(max), "%ld", pid_max());
	check_ret("pid_max", ret0(write_file(LAST_PID, max)), 0);
	snprintf(max, sizeof(max), "%ld", pid_max() + 1);
	check_ret("pid_max_plus_1", ret0(write_file(LAST_PID, max)), -EINVAL);
	must(set_last(7));
	fd = must(sys_open(LAST_PID, O_WRONLY, 0));
	obs_ret("in_two.first", sys_write(fd, "1", 1));
	obs_ret("in_two.second", sys_write(fd, "2", 1));
	obs_int("in_two.value", last_pid());
	check_ret("bad_pointer", sys_pwrite(fd, KERNEL_ADDRESS, 2, 0), -EFAULT);
}

static void refused_values(void)
{
	need_admin();
	run_child(CLONE_NEWPID, bad_values, NULL);
}

static void as_user(struct peer *up, void *arg)
{
	int cap = *(int *)arg;
	char key[64];

	(void)up;
	if (cap < 0)
		become_user(PLAIN_UID);
	else
		become_user_with(PLAIN_UID, CAP_BIT(cap));
	snprintf(key, sizeof(key), "%s.read", cap < 0 ? "plain_user" :
		 cap == CAP_SYS_ADMIN ? "sys_admin" : cap == CAP_CHECKPOINT_RESTORE ?
		 "checkpoint_restore" : "other_cap");
	check_int(key, last_pid() >= 0, 1);
	strcpy(strchr(key, '.'), ".write");
	check_ret(key, set_last(50), cap == CAP_SYS_ADMIN || cap == CAP_CHECKPOINT_RESTORE ? 0 :
		  -EPERM);
	strcpy(strchr(key, '.'), ".write_bad");
	check_ret(key, set_last(-1), cap == CAP_SYS_ADMIN || cap == CAP_CHECKPOINT_RESTORE ?
		  -EINVAL : -EPERM);
}

static void inner_root(struct peer *up, void *arg)
{
	(void)up;
	check_ret(arg, set_last(60), *(char *)arg == 'o' ? -EPERM : 0);
}

static void own_container(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	become_user(PLAIN_UID);
	run_child(CLONE_NEWUSER | CLONE_NEWPID, inner_root, "inner_root");
	run_child(CLONE_NEWUSER, inner_root, "outer_ns");
}

static void users(struct peer *up, void *arg)
{
	static const int caps[] = { -1, CAP_SYS_ADMIN, CAP_CHECKPOINT_RESTORE, CAP_SYS_PTRACE };
	struct stat st;

	(void)up;
	(void)arg;
	for (size_t i = 0; i < LENGTH(caps); i++)
		run_child(0, as_user, (void *)&caps[i]);
	run_child(0, own_container, NULL);
	must(sys_stat(LAST_PID, &st));
	check_int("mode", st.st_mode & 0777, 0666);
}

static void needs_cap(void)
{
	need_admin();
	run_child(CLONE_NEWPID, users, NULL);
}

/* PIDNS-33 */

static void cycle_inside(struct peer *up, void *arg)
{
	struct peer at_300;
	long max = pid_max();

	(void)up;
	(void)arg;
	must(set_last(max - 3));
	check_true("last_but_one", next_number() == max - 2);
	check_true("last", next_number() == max - 1);
	spawn(&at_300, 0, stay, NULL);
	hear(&at_300);
	check_int("wraps_to", at_300.pid, RESERVED);
	check_int("goes_on", next_number(), RESERVED + 1);
	must(set_last(max - 1));
	check_int("wraps_again", next_number(), RESERVED + 1);
	must(set_last(max));
	check_int("from_pid_max", next_number(), RESERVED + 1);
	must(set_last(RESERVED - 2));
	check_int("below_reserved", next_number(), RESERVED - 1);
	check_int("over_the_taken", next_number(), RESERVED + 1);
	check_int("freed_is_not_next", next_number(), RESERVED + 2);
	tell(&at_300);
	finish(&at_300);
	check_int("after_its_end", next_number(), RESERVED + 3);
}

static void cycle(void)
{
	need_admin();
	run_child(CLONE_NEWPID, cycle_inside, NULL);
}

/* PIDNS-34 */

static long ask_for(int number)
{
	return reap(clone_tids(0, &number, 1));
}

/* Child 2 leads a group or session in which 3 stays behind. */
static void leader(struct peer *up, void *arg)
{
	must(*(int *)arg ? sys_setsid() : sys_setpgid(0, 0));
	send_long(up, must(spawn_idle(0)));
}

static void kept_by(const char *what, int session)
{
	struct peer lead;
	char key[64];
	long member;

	spawn(&lead, 0, leader, &session);
	member = recv_long(&lead);
	finish(&lead);
	snprintf(key, sizeof(key), "%s.no_process", what);
	check_ret(key, sys_kill(lead.pid, 0), -ESRCH);
	snprintf(key, sizeof(key), "%s.group", what);
	check_ret(key, sys_kill(-lead.pid, 0), 0);
	snprintf(key, sizeof(key), "%s.of_member", what);
	check_int(key, sys_getpgid(member) == lead.pid, 1);
	snprintf(key, sizeof(key), "%s.set_tid", what);
	check_ret(key, ask_for(lead.pid), -EEXIST);
	must(set_last(lead.pid - 1));
	snprintf(key, sizeof(key), "%s.passed_over", what);
	check_int(key, next_number() > lead.pid, 1);
	must(sys_kill(member, SIGKILL));
	check_int("member", wait_status(member), SIGKILL);
	snprintf(key, sizeof(key), "%s.free", what);
	check_ret(key, ask_for(lead.pid), 0);
	check_ret(what, sys_kill(-lead.pid, 0), -ESRCH);
}

static void kept_inside(struct peer *up, void *arg)
{
	(void)up;
	(void)arg;
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	kept_by("group", 0);
	kept_by("session", 1);
}

static void groups_keep(void)
{
	need_admin();
	run_child(CLONE_NEWPID, kept_inside, NULL);
}

/* On every level: the outer number of an inner group is taken as well. */
static void lead_inside(struct peer *up, void *arg)
{
	struct peer lead;
	int session = 0;
	long member;

	(void)arg;
	spawn(&lead, 0, leader, &session);
	member = recv_long(&lead);
	finish(&lead);
	tell(up);
	hear(up);
	must(sys_kill(member, SIGKILL));
	check_int("member", wait_status(member), SIGKILL);
	tell(up);
	hear(up);
}

static void outer_level(struct peer *up, void *arg)
{
	struct peer init;

	(void)up;
	(void)arg;
	spawn(&init, CLONE_NEWPID, lead_inside, NULL);
	hear(&init);
	check_ret("leaders_number", sys_kill(3, 0), -ESRCH);
	check_ret("leaders_group", sys_kill(-3, 0), 0);
	check_ret("set_tid", ask_for(3), -EEXIST);
	tell(&init);
	hear(&init);
	check_ret("group_gone", sys_kill(-3, 0), -ESRCH);
	check_ret("free", ask_for(3), 0);
	tell(&init);
	finish(&init);
}

static void on_all_levels(void)
{
	need_admin();
	run_child(CLONE_NEWPID, outer_level, NULL);
}

static void zombie_inside(struct peer *up, void *arg)
{
	long pid;

	(void)up;
	(void)arg;
	pid = must(sys_fork());
	if (pid == 0)
		sys_exit(0);
	must(sys(__NR_waitid, P_PID, pid, NULL, WEXITED | WNOWAIT, NULL));
	check_ret("zombie", sys_kill(pid, 0), 0);
	check_ret("set_tid", ask_for(pid), -EEXIST);
	must(set_last(pid - 1));
	check_int("next", next_number(), pid + 1);
	wait_status(pid);
	check_ret("reaped", sys_kill(pid, 0), -ESRCH);
	must(set_last(pid - 1));
	check_int("free", next_number(), pid);
}

static void zombies_keep(void)
{
	need_admin();
	run_child(CLONE_NEWPID, zombie_inside, NULL);
}

/* A thread has a number, too; an open pidfd or /proc directory keeps none. */
static void wait_gate(void *arg)
{
	gate_wait(arg);
}

static void others_inside(struct peer *up, void *arg)
{
	struct thread thread;
	struct gate gate = { 0 };
	long pid, pidfd;

	(void)up;
	(void)arg;
	thread_start(&thread, wait_gate, &gate);
	check_int("thread", thread.tid, 2);
	check_ret("thread.set_tid", ask_for(2), -EEXIST);
	gate_open(&gate);
	thread_join(&thread);
	check_ret("thread.free", ask_for(2), 0);
	pid = must(spawn_idle(0));
	pidfd = must(sys_pidfd_open(pid));
	end_idle(pid);
	check_ret("pidfd_keeps_not", ask_for(pid), 0);
	check_ret("pidfd_is_dead", sys(__NR_pidfd_send_signal, pidfd, 0, NULL, 0), -ESRCH);
}

static void others(void)
{
	need_admin();
	run_child(CLONE_NEWPID, others_inside, NULL);
}

const struct test_case pidns_alloc_cases[] = {
	{ "PIDNS-31", "ns_last_pid decides on the next number", next_after_last,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-31.whose", "it is the one of who reads or writes", of_the_user,
	  CLONE_NEWPID, 0 },
	{ "PIDNS-32", "values ns_last_pid does not take", refused_values, CLONE_NEWPID, 0 },
	{ "PIDNS-32.cap", "writing it needs a capability", needs_cap, CLONE_NEWUSER, 0 },
	{ "PIDNS-33", "numbers go round, from 300 on", cycle, CLONE_NEWPID, 0 },
	{ "PIDNS-34", "a zombie keeps its number", zombies_keep, CLONE_NEWPID, 0 },
	{ "PIDNS-34.group", "a group and a session keep it", groups_keep, CLONE_NEWPID, 0 },
	{ "PIDNS-34.levels", "on all levels", on_all_levels, CLONE_NEWPID, 0 },
	{ "PIDNS-34.others", "threads have one, pidfds keep none", others, CLONE_NEWPID, 0 },
	{ 0 },
};
