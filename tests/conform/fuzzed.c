// SPDX-License-Identifier: MIT
/* tests/conform/fuzzed.c - what random calls found (tests/fuzz), each cut to its shortest form.
 *
 * The rule is the one that was broken; the comment of a case says how. */
#include <linux/ptrace.h>
#include "conform.h"

/* The init of a pid namespace whose child asks to be traced by it, and then ends. */
static void traced_child(struct peer *up, void *arg)
{
	long child = sys_fork();

	(void)arg;
	if (child == 0) {
		send_long(up, sys(__NR_ptrace, PTRACE_TRACEME, 0, 0, 0));
		for (;;)
			sys(__NR_pause);
	}
	hear(up);
}

/* The dying init waited for a zombie that waited for its tracer: that init. */
static void death_of_tracer(void)
{
	struct peer peer;

	spawn(&peer, CLONE_NEWPID, traced_child, NULL);
	check_ret("traceme", recv_long(&peer), 0);
	tell(&peer);
	check_int("status", wait_status(peer.pid), 0);
}

/* The same, killed from outside. */
static void kill_of_tracer(void)
{
	struct peer peer;

	spawn(&peer, CLONE_NEWPID, traced_child, NULL);
	check_ret("traceme", recv_long(&peer), 0);
	must(sys_kill(peer.pid, SIGKILL));
	check_int("status", wait_status(peer.pid), SIGKILL);
}

const struct test_case fuzzed_cases[] = {
	{"PIDNS-15.tracer", "an init that traces its children ends", death_of_tracer, CLONE_NEWPID,
	 0},
	{"PIDNS-15.tracer_killed", "and is killed", kill_of_tracer, CLONE_NEWPID, 0},
	{NULL, NULL, NULL, 0, 0},
};
