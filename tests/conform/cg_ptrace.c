// SPDX-License-Identifier: MIT
/* tests/conform/cg_ptrace.c - CG-47: the freezer and a debugger.
 *
 * A tracer may stop, look at, change and let go a frozen task; not one of its instructions runs
 * before the thaw. A task in its tracer's stop counts as frozen.
 * See ptrace(2), Documentation/admin-guide/cgroup-v2.rst, "cgroup.freeze". */
#include <linux/ptrace.h>
#include <asm/ptrace.h>

#include "cgutil.h"

#define FREEZE "cgroup.freeze"
#define EVENTS "cgroup.events"
#define WATCH_MSEC 40
#define LOOK_WAITS 200
#define STOP_SHIFT 8
#define EVENT_SHIFT 16
#define MANY 100

struct registers {
	unsigned long word[27];		/* struct user_regs_struct */
};

static long trace(long request, long pid, void *addr, void *data)
{
	return sys(__NR_ptrace, request, pid, addr, data);
}

/* --- a task that shows that it runs --- */

static volatile unsigned long *count;

static long counting(const char *cg)
{
	long pid;

	if (!count)
		count = sys_mmap(PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
	pid = must(sys_fork());
	while (pid == 0)
		++*count;
	must(cg_join(cg, pid));
	return pid;
}

static bool stands(void)
{
	unsigned long before = *count;

	nap(WATCH_MSEC);
	return *count == before;
}

static bool runs(void)
{
	unsigned long before = *count;

	for (int i = 0; i < LOOK_WAITS && *count == before; i++)
		nap(5);
	return *count != before;
}

/* The status of the next stop within a second, or -1. */
static long stop_of(long pid)
{
	int status;

	for (int i = 0; i < LOOK_WAITS; i++) {
		if (sys_wait4(pid, &status, WNOHANG | __WALL) == pid)
			return status;
		nap(5);
	}
	return -1;
}

static bool no_stop(long pid)
{
	int status;

	nap(WATCH_MSEC);
	return sys_wait4(pid, &status, WNOHANG | __WALL) == 0;
}

static long freeze(const char *cg)
{
	must(cg_write(cg, FREEZE, "1"));
	return cg_await(cg, EVENTS, "frozen", 1);
}

static long thaw(const char *cg)
{
	must(cg_write(cg, FREEZE, "0"));
	return cg_await(cg, EVENTS, "frozen", 0);
}

static void begin(void)
{
	cg_begin();
	cg_make("a");
	cg_make("a/b");
}

/* --- the tracer comes to a frozen task --- */

static void seized(void)
{
	struct registers r;
	long pid, status;

	begin();
	pid = counting("a/b");
	check_int("frozen", freeze("a"), 1);
	check_ret("seize", trace(PTRACE_SEIZE, pid, NULL, NULL), 0);
	check_true("no_stop", no_stop(pid));
	check_ret("look_too_early", trace(PTRACE_GETREGS, pid, NULL, &r), -ESRCH);
	check_ret("interrupt", trace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	status = stop_of(pid);
	check_int("event", status >> EVENT_SHIFT, PTRACE_EVENT_STOP);
	check_int("signal", status >> STOP_SHIFT & 0xff, SIGTRAP);
	check_int("state", cg_state(pid), 't');
	check_ret("look", trace(PTRACE_GETREGS, pid, NULL, &r), 0);
	check_int("still_frozen", cg_await("a/b", EVENTS, "frozen", 1), 1);
	check_int("still_frozen.above", cg_await("a", EVENTS, "frozen", 1), 1);
	check_ret("cont", trace(PTRACE_CONT, pid, NULL, NULL), 0);
	check_true("stands", stands());
	check_int("again", cg_await("a", EVENTS, "frozen", 1), 1);
	check_ret("detach_running", trace(PTRACE_DETACH, pid, NULL, NULL), -ESRCH);
	check_ret("interrupt_again", trace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	check_int("event_again", stop_of(pid) >> EVENT_SHIFT, PTRACE_EVENT_STOP);
	check_ret("detach", trace(PTRACE_DETACH, pid, NULL, NULL), 0);
	check_true("stands_detached", stands());
	check_int("frozen_detached", cg_await("a", EVENTS, "frozen", 1), 1);
	check_int("thawed", thaw("a"), 0);
	check_true("runs", runs());
	end_idle(pid);
}

/* Stopped and let go a hundred times, and not one instruction. */
static void many_times(void)
{
	unsigned long before;
	int stops = 0;
	long pid;

	begin();
	pid = counting("a");
	check_int("frozen", freeze("a"), 1);
	must(trace(PTRACE_SEIZE, pid, NULL, NULL));
	before = *count;
	for (int i = 0; i < MANY; i++) {
		must(trace(PTRACE_INTERRUPT, pid, NULL, NULL));
		stops += stop_of(pid) >> EVENT_SHIFT == PTRACE_EVENT_STOP;
		must(trace(PTRACE_CONT, pid, NULL, NULL));
	}
	check_int("stops", stops, MANY);
	check_true("no_instruction", *count == before);
	check_int("frozen_at_last", cg_await("a", EVENTS, "frozen", 1), 1);
	check_int("thawed", thaw("a"), 0);
	check_true("runs", runs());
	end_idle(pid);
}

/* The SIGSTOP of an attach is a signal like any other: it waits. */
static void attached(void)
{
	long pid, status;

	begin();
	pid = counting("a");
	check_int("frozen", freeze("a"), 1);
	check_ret("attach", trace(PTRACE_ATTACH, pid, NULL, NULL), 0);
	check_true("no_stop", no_stop(pid));
	check_int("state", cg_state(pid), 'S');
	check_int("thawed", thaw("a"), 0);
	status = stop_of(pid);
	check_int("stopped", status, SIGSTOP << STOP_SHIFT | 0x7f);
	check_true("stands", stands());
	check_int("refrozen", freeze("a"), 1);
	check_ret("cont", trace(PTRACE_CONT, pid, NULL, NULL), 0);
	check_true("stands_frozen", stands());
	check_int("rethawed", thaw("a"), 0);
	check_true("runs", runs());
	end_idle(pid);
}

/* Nor does a step, or a way to the next system call. */
static void stepping(void)
{
	long pid;

	begin();
	pid = counting("a");
	must(trace(PTRACE_SEIZE, pid, NULL, NULL));
	must(trace(PTRACE_INTERRUPT, pid, NULL, NULL));
	check_int("event", stop_of(pid) >> EVENT_SHIFT, PTRACE_EVENT_STOP);
	check_int("frozen", freeze("a"), 1);
	check_ret("step", trace(PTRACE_SINGLESTEP, pid, NULL, NULL), 0);
	check_true("no_step", no_stop(pid));
	check_int("frozen_still", cg_await("a", EVENTS, "frozen", 1), 1);
	check_int("thawed", thaw("a"), 0);
	check_int("step_now", stop_of(pid), SIGTRAP << STOP_SHIFT | 0x7f);
	check_ret("cont", trace(PTRACE_CONT, pid, NULL, NULL), 0);
	check_true("runs", runs());
	end_idle(pid);
}

/* --- frozen while in the tracer's stop --- */

static void stopped_before(void)
{
	long pid;

	begin();
	pid = counting("a/b");
	must(trace(PTRACE_SEIZE, pid, NULL, NULL));
	must(trace(PTRACE_INTERRUPT, pid, NULL, NULL));
	check_int("event", stop_of(pid) >> EVENT_SHIFT, PTRACE_EVENT_STOP);
	check_int("not_asked", cg_number("a/b", EVENTS, "frozen"), 0);
	check_int("frozen", freeze("a"), 1);
	check_int("state", cg_state(pid), 't');
	check_ret("cont", trace(PTRACE_CONT, pid, NULL, NULL), 0);
	check_true("stands", stands());
	check_int("frozen_still", cg_await("a", EVENTS, "frozen", 1), 1);
	check_int("state_frozen", cg_state(pid), 'S');
	must(cg_join("", pid));
	check_true("moved_out_runs", runs());
	must(trace(PTRACE_INTERRUPT, pid, NULL, NULL));
	check_int("event_outside", stop_of(pid) >> EVENT_SHIFT, PTRACE_EVENT_STOP);
	check_ret("move_in_stopped", cg_join("a/b", pid), 0);
	check_int("frozen_in", cg_await("a/b", EVENTS, "frozen", 1), 1);
	check_int("thawed", thaw("a"), 0);
	check_true("still_stopped", stands());
	check_ret("cont_at_last", trace(PTRACE_CONT, pid, NULL, NULL), 0);
	check_true("runs", runs());
	end_idle(pid);
}

static void kills(void)
{
	int status;
	long pid;

	begin();
	pid = counting("a");
	check_int("frozen", freeze("a"), 1);
	must(trace(PTRACE_SEIZE, pid, NULL, NULL));
	must(trace(PTRACE_INTERRUPT, pid, NULL, NULL));
	check_int("event", stop_of(pid) >> EVENT_SHIFT, PTRACE_EVENT_STOP);
	must(sys_kill(pid, SIGKILL));
	check_true("killed", sys_wait4(pid, &status, __WALL) == pid);
	check_int("status", status, SIGKILL);
	check_int("empty", cg_await("a", EVENTS, "populated", 0), 0);
	check_int("frozen.empty", cg_await("a", EVENTS, "frozen", 1), 1);
}

static void traces_and_dies(struct peer *up, void *arg)
{
	long pid = *(long *)arg;

	must(trace(PTRACE_SEIZE, pid, NULL, (void *)PTRACE_O_EXITKILL));
	tell(up);
	hear(up);
}

/* A tracer's end lets a frozen task go, or kills it: as it was asked to. */
static void tracer_ends(void)
{
	struct peer tracer;
	long pid;

	begin();
	pid = counting("a");
	check_int("frozen", freeze("a"), 1);
	spawn(&tracer, 0, traces_and_dies, &pid);
	hear(&tracer);
	check_true("stands", stands());
	tell(&tracer);
	finish(&tracer);
	check_int("killed_with_it", wait_status(pid), SIGKILL);
	check_int("empty", cg_await("a", EVENTS, "populated", 0), 0);
}

const struct test_case cg_ptrace_cases[] = {
	{ "CG-47", "a frozen task can be seized, looked at and let go", seized, 0, 0 },
	{ "CG-47.many", "a hundred times, without one instruction", many_times, 0, 20 },
	{ "CG-47.attach", "the SIGSTOP of an attach waits for the thaw", attached, 0, 0 },
	{ "CG-47.step", "and so does a step", stepping, 0, 0 },
	{ "CG-47.stopped", "a task in its tracer's stop counts as frozen", stopped_before, 0, 0 },
	{ "CG-47.kill", "it can be killed out of its stop", kills, 0, 0 },
	{ "CG-47.exit", "a tracer's end kills it if that was the option", tracer_ends, 0, 0 },
	{ 0 },
};
