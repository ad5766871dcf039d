// SPDX-License-Identifier: MIT
/* tests/bench/talk.c - rows of tasks that talk: there and back again, two switches a turn. */
#include "bench.h"

enum { OURS, THEIRS };	/* ends of a pair of channels */

static int to_them[2], to_us[2];
static long partner;
static int ball;	/* whose turn it is, for the futex */

/* Send back every byte that comes. */
static void echo(int in, int out)
{
	char byte;

	while (sys_read(in, &byte, 1) == 1)
		sys_write(out, &byte, 1);
	sys_exit(0);
}

static int prepare_pipe(int arg)
{
	(void)arg;
	must("pipe", sys_pipe(to_them, 0));
	must("pipe", sys_pipe(to_us, 0));
	partner = must("fork", fork_with(0));
	if (!partner)
		echo(to_them[0], to_us[1]);
	return 0;
}

static int prepare_socket(int arg)
{
	int pair[2];

	(void)arg;
	must("socketpair", sys(__NR_socketpair, 1 /* AF_UNIX */, 1 /* SOCK_STREAM */, 0, pair));
	to_them[1] = to_us[0] = pair[OURS];
	to_them[0] = to_us[1] = pair[THEIRS];
	partner = must("fork", fork_with(0));
	if (!partner)
		echo(to_them[0], to_us[1]);
	return 0;
}

static void op_talk(int arg)
{
	char byte = 0;

	(void)arg;
	sys_write(to_them[1], &byte, 1);
	sys_read(to_us[0], &byte, 1);
}

static void clean_talk(int arg)
{
	sys_kill(partner, SIGKILL);
	await(partner);
	sys_close(to_them[0]);
	sys_close(to_them[1]);
	if (arg) {
		sys_close(to_us[0]);
		sys_close(to_us[1]);
	}
}

static void pass_to(int whom)
{
	*(volatile int *)&ball = whom;
	sys(__NR_futex, &ball, FUTEX_WAKE, 1);
}

static void wait_for(int who)
{
	while (*(volatile int *)&ball != who)
		sys(__NR_futex, &ball, FUTEX_WAIT, !who, NULL);
}

static void play(void)
{
	for (;;) {
		wait_for(THEIRS);
		pass_to(OURS);
	}
}

/* A process that shares our memory. */
static int prepare_futex(int arg)
{
	(void)arg;
	ball = OURS;
	partner = must("clone", spawn(CLONE_VM | SIGCHLD, child_stack + CHILD_STACK_BYTES, NULL,
				      play));
	return 0;
}

static void op_futex(int arg)
{
	(void)arg;
	pass_to(THEIRS);
	wait_for(OURS);
}

static void clean_futex(int arg)
{
	(void)arg;
	sys_kill(partner, SIGKILL);
	await(partner);
}

static const struct row rows[] = {
	{ "pipe ping-pong", 200, 1, prepare_pipe, op_talk, clean_talk, NULL, NULL },
	{ "unix socket ping-pong", 200, 0, prepare_socket, op_talk, clean_talk, NULL, NULL },
	{ "futex ping-pong", 200, 0, prepare_futex, op_futex, clean_futex, NULL, NULL },
};
const struct rows talk_rows = ROWS_OF(rows);
