// SPDX-License-Identifier: MIT
/* tests/conform/crn_cg.c - checkpoint of control groups, and the freezer meanwhile.
 * See docs/rules/checkpoint-restart.md, CR-CG, CR-FRZ. */
#include "crbox.h"

#include <sched.h>

#define PIPE_FULL 65536
#define IMAGE "/tmp/crn.img"
#define V1 "/tmp/crn.v1"
#define ROOM (4 << 20)			/* for what was the runner's until now */

/* --- CR-CG-01, 07, 08: a tree below the box's own group --- */

static void tree_make(void)
{
	must(cg_write("box", "cgroup.max.depth", "9"));
	cg_make("box/empty");
	cg_make("box/cold");
	must(cg_write("box/empty", "cgroup.max.descendants", "3"));
	must(cg_write("box/cold", "cgroup.freeze", "1"));
	must(sys(__NR_chown, cg_file("box/empty", "cgroup.procs"), 12, 34));
}

static void tree_look(void)
{
	struct stat st;

	box_see(!strcmp(cg_of(0), "/" CG_TOP "/box"));
	box_see_int(cg_number("box", "cgroup.max.depth", NULL), 9);
	box_see_int(cg_number("box/empty", "cgroup.max.descendants", NULL), 3);
	box_see_int(cg_number("box/cold", "cgroup.freeze", NULL), 1);
	box_see_int(sys_stat(cg_file("box/empty", "cgroup.procs"), &st), 0);
	box_see(st.st_uid == 12 && st.st_gid == 34);
	box_see_int(cg_remove("box/empty"), 0);
	box_see_int(cg_remove("box/cold"), 0);
}

static void tree(void)
{
	static const struct cr_box box = { tree_make, tree_look, false };

	box_run(&box);
}

/* --- CR-CG-02: threads in threaded groups --- */

static struct thread second;
static volatile int over;

static void in_threaded(void *arg)
{
	(void)arg;
	while (!over)
		nap(20);
}

static void threads_make(void)
{
	cg_make("box/one");
	must(cg_write("box/one", "cgroup.type", "threaded"));
	thread_start(&second, in_threaded, NULL);
	must(cg_join_thread("box/one", second.tid));
}

static void threads_look(void)
{
	box_see(cg_lists("box/one", "cgroup.threads", second.tid));
	box_see(!cg_lists("box/one", "cgroup.threads", sys_getpid()));
	box_see(!strcmp(cg_read("box/one", "cgroup.type"), "threaded\n") ||
		!strcmp(cg_read("box/one", "cgroup.type"), "threaded"));
	over = 1;
	thread_join(&second);
	box_see_int(cg_remove("box/one"), 0);
}

static void threads(void)
{
	static const struct cr_box box = { threads_make, threads_look, true };

	box_run(&box);
}

/* --- CR-FRZ-02: who is being dumped is not thawed, nor moved --- */

static void big_make(void)
{
	char *p = sys_mmap(64 * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);

	memset(p, 1, 64 * PAGE_BYTES);
}

static void dump_is_left_alone(void)
{
	int ends[2], status;
	long pid, dump, n = 0;
	static char sink[PIPE_FULL];

	box_need();
	cg_begin();
	cg_make("box");
	cg_make("other");
	pid = must(sys_fork());
	if (pid == 0) {
		must(cg_join("box", 0));
		big_make();
		for (;;)
			nap(1000);
	}
	must_true(cg_await("box", "cgroup.events", "populated", 1) == 1);
	nap(200);
	must(cg_write("box", "cgroup.freeze", "1"));
	must_true(cg_await("box", "cgroup.events", "frozen", 1) == 1);
	must(sys_pipe(ends, 0));
	dump = must(sys_fork());
	if (dump == 0)
		case_stop(sys(1024, pid, ends[1], 1, -1) > 0 ? 0 : 1);
	sys_close(ends[1]);
	nap(200);			/* the pipe is full, the checkpoint waits */
	check_ret("thaw", cg_write("box", "cgroup.freeze", "0"), -EBUSY);
	check_ret("move", cg_join("other", pid), -EBUSY);
	check_int("frozen", cg_number("box", "cgroup.events", "frozen"), 1);
	while (sys_read(ends[0], sink, sizeof(sink)) > 0)
		n++;
	check_true("image", n > 2);
	check_int("dump", wait_status(dump), 0);
	check_ret("thaw_after", ret0(cg_write("box", "cgroup.freeze", "0")), 0);
	sys_kill(pid, SIGKILL);
	sys_wait4(pid, &status, 0);
}

/* --- CR-FRZ-07: frozen by its owner, frozen after the restart; box_run() lets it so --- */

static void nothing_make(void)
{
}

static void frozen_look(void)
{
	box_see_int(cg_number("box", "cgroup.freeze", NULL), 0);	/* thawed by the case */
}

static void stays_frozen(void)
{
	static const struct cr_box box = { nothing_make, frozen_look, false };

	box_run(&box);
}

/* --- CR-CG-04: what was there before may be more than is allowed now --- */

static long below[3];

static void limits_make(void)
{
	for (int i = 0; i < 3; i++)
		below[i] = box_partner(box_pause);
	must(cg_write("box", "pids.max", "2"));		/* there are four */
}

static void limits_look(void)
{
	box_see_int(cg_number("box", "pids.max", NULL), 2);
	box_see_int(cg_number("box", "pids.current", NULL), 4);
	box_see_int(cg_number("box", "pids.events", "max"), 0);
	box_see_int(sys_fork(), -EAGAIN);
	box_see_int(cg_number("box", "pids.events", "max"), 1);
	for (int i = 0; i < 3; i++)
		box_resume(below[i]);
	box_see_int(cg_write("box", "pids.max", "max"), 0);
}

static void limits(void)
{
	static const struct cr_box box = { limits_make, limits_look, false };

	box_controller("pids");
	box_run(&box);
}

/* Memory: as much as is used, and less. */
static void memory_make(void)
{
	char max[32];

	big_make();
	snprintf(max, sizeof(max), "%ld", cg_number("box", "memory.current", NULL) + ROOM);
	must(cg_write("box", "memory.max", max));
}

static void memory_look(void)
{
	long max = cg_number("box", "memory.max", NULL);

	box_see(cg_number("box", "memory.current", NULL) <= max);
	box_see_int(cg_number("box", "memory.events", "oom"), 0);
	box_see_int(cg_number("box", "memory.events", "oom_kill"), 0);
	box_see_int(cg_number("box", "memory.events", "max"), 0);
}

static void memory_limits(void)
{
	static const struct cr_box box = { memory_make, memory_look, true };

	box_controller("memory");
	box_run(&box);
}

/* --- CR-CG-03: a hierarchy that would be refused cannot be had in this kernel --- */

static void no_other_hierarchy(void)
{
	box_need();
	must(sys_mkdir(V1, 0755));
	check_ret("named", sys_mount("cgroup", V1, "cgroup", 0, "none,name=crn"), -ENODEV);
	check_ret("pids", sys_mount("cgroup", V1, "cgroup", 0, "pids"), -ENODEV);
	must(sys_rmdir(V1));
}

/* --- CR-CG-05: a group of that name is there already --- */

static void already_there(void)
{
	char log[512];
	long pid = box_frozen(nothing_make), other, outsider;

	cg_make("else");
	outsider = cg_idle("else");	/* else the one above is the tree's own too */
	check_true("image", box_checkpoint(pid, IMAGE, log, sizeof(log)) > 0);
	sys_kill(pid, SIGKILL);
	sys_wait4(pid, NULL, 0);
	must(cg_write("box", "cgroup.freeze", "0"));
	other = cg_idle("box");
	check_ret("lived_in", box_restart(IMAGE, 0, log, sizeof(log)), -EEXIST);
	check_true("names_it", !strcmp(log, "error: cgroup 0 box: CR-CG-05 errno 17\n"));
	check_true("is_left_alone", cg_lists("box", "cgroup.procs", other));
	end_idle(other);
	cg_make("box/below");
	check_ret("has_another", box_restart(IMAGE, 0, log, sizeof(log)), -EEXIST);
	check_true("still_there", have_file(cg_dir("box/below")));
	must(cg_remove("box/below"));
	check_true("empty", box_restart(IMAGE, 0, log, sizeof(log)) == pid);
	end_idle(outsider);
	box_end(pid);
	must(cg_remove("else"));
	sys_unlink(IMAGE);
}

/* --- CR-CG-06: restarted from another root, it stands below that one --- */

static void elsewhere(struct peer *up, void *arg)
{
	char log[512];
	long pid;

	(void)up;
	must(cg_join("else", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	pid = box_restart(IMAGE, 0, log, sizeof(log));
	check_true("restarted", pid == *(long *)arg);
	check_str("relative", cg_of(pid), "/" CG_TOP "/box");
	check_true("below", cg_lists("else/" CG_TOP "/box", "cgroup.procs", pid));
	check_true("not_at_its_old_place", !have_file(cg_dir("box")));
	must(cg_write("else/" CG_TOP "/box", "cgroup.kill", "1"));
	must(cg_write("else/" CG_TOP "/box", "cgroup.freeze", "0"));
	sys_wait4(pid, NULL, 0);
}

static void relocated(void)
{
	char log[512];
	long pid = box_frozen(nothing_make);

	check_true("image", box_checkpoint(pid, IMAGE, log, sizeof(log)) > 0);
	box_end(pid);
	cg_make("else");
	run_child(0, elsewhere, &pid);
	must(cg_remove("else/" CG_TOP "/box"));
	must(cg_remove("else/" CG_TOP));
	must(cg_remove("else"));
	sys_unlink(IMAGE);
}

/* Who looks from a root beside it has no path for it. */
static void beside(struct peer *up, void *arg)
{
	char log[512];

	(void)up;
	must(cg_join("else", 0));
	must(sys_unshare(CLONE_NEWCGROUP));
	check_ret("not_below", box_checkpoint(*(long *)arg, IMAGE, log, sizeof(log)), -EBUSY);
	check_true("path", strstr(log, "/..") && strstr(log, ": CR-CG-06 errno 16"));
}

static void no_way(void)
{
	long pid = box_frozen(nothing_make);

	cg_make("else");
	run_child(0, beside, &pid);
	must(cg_remove("else"));
	box_end(pid);
	sys_unlink(IMAGE);
}

const struct test_case crn_cg_cases[] = {
	{ "CR-CG-01", "settings, owners and freezers of a tree", tree, 0, 0 },
	{ "CR-CG-02", "threads in threaded groups", threads, 0, 0 },
	{ "CR-CG-03", "no hierarchy but the unified one", no_other_hierarchy, 0, 0 },
	{ "CR-CG-04", "more tasks than are allowed come back", limits, 0, 30 },
	{ "CR-CG-04.memory", "as much memory as is allowed comes back", memory_limits, 0, 30 },
	{ "CR-CG-05", "a group that lives is not taken", already_there, 0, 0 },
	{ "CR-CG-06", "a group stands where its path leads from the restarter's root", relocated,
	  0, 0 },
	{ "CR-CG-06.beside", "a group that has no path is refused", no_way, 0, 0 },
	{ "CR-FRZ-02", "a thaw or a move during a dump is EBUSY", dump_is_left_alone, 0, 0 },
	{ "CR-FRZ-07", "what its owner froze stays frozen", stays_frozen, 0, 0 },
	{ 0 },
};
