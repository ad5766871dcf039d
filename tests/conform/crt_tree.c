// SPDX-License-Identifier: MIT
/* tests/conform/crt_tree.c - checkpoint of a tree: numbers, groups, sessions, the dead, who waits
 * for whom. See docs/rules/checkpoint-restart.md, CR-TASK-01, 03, 04, 05, 07, 08, 14, 20. */
#include "crbox.h"

#include <sched.h>

#define NUMBERS 5

static long partner;

/* --- CR-TASK-01: each process looks at its own numbers --- */

static long numbers[NUMBERS];

static void numbers_take(long *to)
{
	to[0] = sys_getpid();
	to[1] = sys_gettid();
	to[2] = sys_getppid();
	to[3] = sys_getpgid(0);
	to[4] = sys_getsid(0);
}

static void numbers_compare(void)
{
	long now[NUMBERS];

	numbers_take(now);
	for (int i = 0; i < NUMBERS; i++)
		box_see_int(now[i], numbers[i]);
}

static void grandchild(void)
{
	must(sys_setpgid(0, 0));
	numbers_take(numbers);
	box_pause();
	numbers_compare();
}

static void in_session(void)
{
	long below;

	must(sys_setsid());
	numbers_take(numbers);
	below = box_partner(grandchild);
	box_pause();
	numbers_compare();
	box_see_int(sys_getpgid(below), below);
	box_see_int(sys_getsid(below), sys_getpid());
	box_resume(below);
}

static void in_group(void)
{
	numbers_take(numbers);
	box_pause();
	numbers_compare();
}

static long group_mate;

static void numbers_make(void)
{
	must(sys_setpgid(0, 0));
	numbers_take(numbers);
	partner = box_partner(in_session);
	group_mate = box_partner(in_group);
}

static void numbers_look(void)
{
	numbers_compare();
	box_see_int(sys_getpgid(group_mate), sys_getpid());
	box_resume(group_mate);
	box_resume(partner);
}

static void all_numbers(void)
{
	static const struct cr_box box = { numbers_make, numbers_look, false };

	box_run(&box);
}

/* --- CR-TASK-03: a group and a session whose leaders are gone --- */

static long group, session;

/* Ends after it made a process that stays in its group; *left: that one. */
static long leader_gone(void (*lead)(void), long *left)
{
	int told[2];
	long pid;

	must(sys_pipe(told, 0));
	pid = must(sys_fork());
	if (pid == 0) {
		lead();
		*left = box_partner(box_pause);
		sys_write(told[1], left, sizeof(*left));
		sys_exit(0);
	}
	must(sys_read(told[0], left, sizeof(*left)));
	must(sys_wait4(pid, NULL, 0));
	sys_close(told[0]);
	sys_close(told[1]);
	return pid;
}

static void lead_group(void)
{
	must(sys_setpgid(0, 0));
}

static void lead_session(void)
{
	must(sys_setsid());
}

static long of_group, of_session;

static void leaders_make(void)
{
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	group = leader_gone(lead_group, &of_group);
	session = leader_gone(lead_session, &of_session);
}

static void leaders_look(void)
{
	box_see_int(sys_getpgid(of_group), group);
	box_see_int(sys_getsid(of_group), sys_getsid(0));
	box_see_int(sys_getpgid(of_session), session);
	box_see_int(sys_getsid(of_session), session);
	box_see_int(sys_kill(group, 0), -ESRCH);
	box_see_int(sys_kill(-group, 0), 0);
	box_see_int(sys_setpgid(of_group, group), 0);
	box_resume(of_group);
	box_see_int(sys_kill(-group, 0), -ESRCH);
	box_resume(of_session);
	box_see_int(sys_kill(-session, 0), -ESRCH);
}

static void leaders(void)
{
	static const struct cr_box box = { leaders_make, leaders_look, false };

	box_run(&box);
}

/* --- CR-TASK-04, 14: zombies, what wait tells, who was told already --- */

struct usage { long user[2], system[2], rest[14]; };

static struct usage used[2];
static long dead[2];
static int dead_status[2];
static siginfo_t dead_info[2];

static void burn(void)
{
	for (volatile long i = 0; i < 300000; i++)
		;
}

static long wait_kept(long pid, siginfo_t *info, struct usage *u)
{
	return sys(__NR_waitid, P_PID, pid, info, WEXITED | WNOWAIT, u);
}

static void zombies_make(void)
{
	siginfo_t info;

	block_signal(SIGCHLD);
	for (int i = 0; i < 2; i++) {
		dead[i] = must(sys_fork());
		if (dead[i] == 0) {
			burn();
			if (i)
				sys_kill(sys_getpid(), SIGTERM);
			sys_exit(3);
		}
		must(wait_kept(dead[i], &dead_info[i], &used[i]));
		dead_status[i] = i ? SIGTERM : 3 << 8;
	}
	must(take_signal(SIGCHLD, &info, 0));
	partner = box_partner(box_pause);
	take_signal(SIGCHLD, &info, 0);
	must_true(sys_wait4(partner, NULL, WNOHANG) == 0);
}

static void zombies_look(void)
{
	siginfo_t info;
	struct usage u;
	int status;

	box_see(!signal_pending(SIGCHLD));
	box_see_int(sys_wait4(partner, NULL, WNOHANG), 0);
	box_see_int(sys_wait4(partner, NULL, WNOHANG | WUNTRACED), 0);	/* was told */
	for (int i = 0; i < 2; i++) {
		memset(&info, 0, sizeof(info));
		box_see_int(wait_kept(dead[i], &info, &u), 0);
		box_see(!memcmp(&info, &dead_info[i], sizeof(info)));
		box_see(!memcmp(&u, &used[i], sizeof(u)));
		box_see_int(sys_wait4(dead[i], &status, 0), dead[i]);
		box_see_int(status, dead_status[i]);
		box_see_int(sys_wait4(dead[i], &status, 0), -ECHILD);
	}
	box_resume(partner);
	box_see_int(sys_wait4(-1, NULL, 0), -ECHILD);
}

static void zombies(void)
{
	static const struct cr_box box = { zombies_make, zombies_look, false };

	box_run(&box);
}

/* --- CR-TASK-07: orphans come to the box that asked for them --- */

static long orphan_pid;

static void orphan_maker(void)
{
	orphan_pid = box_partner(box_pause);
	box_pause();
	sys_exit(0);
}

static void reaper_make(void)
{
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	partner = box_partner(orphan_maker);
}

static void reaper_look(void)
{
	long orphan = first_child(partner);
	int on = 0;

	box_see_int(sys_prctl(PR_GET_CHILD_SUBREAPER, &on, 0), 0);
	box_see_int(on, 1);
	box_see(orphan > 0);
	box_resume(partner);
	box_see_int(strtol(status_field("/proc", orphan, "PPid:", 0), NULL, 10), sys_getpid());
	box_resume(orphan);
}

static void reaper(void)
{
	static const struct cr_box box = { reaper_make, reaper_look, false };

	box_run(&box);
}

/* --- CR-TASK-08: the signal at a parent's death --- */

static void pdeath_child(void)
{
	must(sys_prctl(PR_SET_PDEATHSIG, SIGUSR2, 0));
	box_pause();
	for (;;)
		nap(1000);
}

static void pdeath_parent(void)
{
	orphan_pid = box_partner(pdeath_child);
	sys_kill(orphan_pid, SIGCONT);
	box_pause();
	sys_exit(0);
}

static void pdeath_make(void)
{
	must(sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0));
	partner = box_partner(pdeath_parent);
}

static void pdeath_look(void)
{
	long child = first_child(partner);
	int status = 0;

	box_resume(partner);
	box_see_int(sys_wait4(child, &status, 0), child);
	box_see_int(status, SIGUSR2);
}

static void pdeath(void)
{
	static const struct cr_box box = { pdeath_make, pdeath_look, true };

	box_run(&box);
}

/* --- CR-TASK-05: a first thread that is gone before the others --- */

static struct thread second;
static struct gate *go;		/* the box and its child have it */

static void outlive(void *arg)
{
	(void)arg;
	gate_wait(go);
	sys_exit(sys_gettid() == second.tid ? 5 : 6);
}

static void headless(void)
{
	thread_start(&second, outlive, NULL);
	sys(__NR_exit, 0);
}

static void headless_make(void)
{
	go = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	must((long)go);
	partner = must(sys_fork());
	if (partner == 0)
		headless();
	while (cg_state(partner) != 'Z')
		nap(5);
}

static void headless_look(void)
{
	int status = 0;

	box_see_int(cg_state(partner), 'Z');
	box_see_int(sys_wait4(partner, &status, WNOHANG), 0);
	gate_open(go);
	box_see_int(sys_wait4(partner, &status, 0), partner);
	box_see_int(status, 5 << 8);
}

static void headless_case(void)
{
	static const struct cr_box box = { headless_make, headless_look, false };

	box_run(&box);
}

const struct test_case crt_tree_cases[] = {
	{ "CR-TASK-01", "numbers of processes, groups and sessions", all_numbers, 0, 30 },
	{ "CR-TASK-03", "groups and sessions whose leaders are gone", leaders, 0, 30 },
	{ "CR-TASK-04", "zombies keep status and usage", zombies, 0, 30 },
	{ "CR-TASK-05", "a first thread that is gone before the others", headless_case, 0, 30 },
	{ "CR-TASK-07", "who takes orphans still does", reaper, 0, 30 },
	{ "CR-TASK-08", "the signal at a parent's death", pdeath, 0, 30 },
	{ "CR-TASK-14", "what wait told is not told again", zombies, 0, 30 },
	{},
};
