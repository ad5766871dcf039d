// SPDX-License-Identifier: MIT
/* tests/conform/crf_pipe.c - checkpoint of pipes: what is in them, how much goes in, who has which
 * end. See docs/rules/checkpoint-restart.md, CR-PIPE, CR-API-20. */
#include "crbox.h"

#define FULL 65536
#define SMALL 4096

static long partner;
static char text[FULL];

/* --- CR-PIPE-01, 04: full, half read, half closed, of packets; each end in two processes --- */

static void writer(void)
{
	sys_close(0);
	box_pause();
	box_see_int(sys_write(1, "more", 4), 4);
}

/* Descriptors: 0, 1 a pipe that was read from; 2, 3 a full small one; 4 a read end alone; 5 a write
 * end alone; 6, 7 packets. */
static void pipes_make(void)
{
	int fds[2];

	must(sys_pipe(fds, 0));
	must(sys_write(1, "gone, left", 10));
	must(sys_read(0, text, 6));
	must(sys_pipe(fds, O_NONBLOCK));
	must_true(sys_fcntl(3, F_SETPIPE_SZ, SMALL) == SMALL);
	memset(text, 'x', SMALL);
	must_true(sys_write(3, text, FULL) == SMALL);
	must(sys_pipe(fds, 0));
	must(sys_write(5, "last", 4));
	must(sys_close(5));
	must(sys_pipe(fds, 0));
	must(sys_dup2(6, 5));			/* its only reader goes */
	must(sys_close(6));
	block_signal(SIGPIPE);
	must(sys_pipe(fds, O_DIRECT));
	must(sys_write(7, "one", 3));
	must(sys_write(7, "three", 5));
	partner = box_partner(writer);
}

static void pipes_look(void)
{
	box_see_int(sys_read(0, text, FULL), 4);
	box_see(!memcmp(text, "left", 4));
	box_see_int(sys_fcntl(2, F_GETPIPE_SZ, 0), SMALL);
	box_see_int(sys_write(3, text, 1), -EAGAIN);
	box_see_int(sys_read(2, text, FULL), SMALL);
	box_see_int(sys_write(3, text, FULL), SMALL);
	box_see_int(sys_read(4, text, FULL), 4);
	box_see_int(sys_read(4, text, FULL), 0);		/* no writer came back */
	box_see_int(sys_write(5, text, 1), -EPIPE);
	box_see_int(sys_read(6, text, FULL), 3);
	box_see_int(sys_read(6, text, FULL), 5);
	box_resume(partner);
	box_see_int(sys_read(0, text, FULL), 4);
	box_see_int(sys_close(1), 0);
	box_see_int(sys_read(0, text, FULL), 0);		/* nobody else has the end */
}

static void pipes(void)
{
	static const struct cr_box box = { pipes_make, pipes_look, false };

	box_run(&box);
}

/* --- the other end is outside: refused by name, not cut --- */

static long kept_end;			/* of the case, above what a box closes */

static void outside_make(void)
{
	char path[64];

	/* The runner's end, by name: another open file of the same pipe. */
	snprintf(path, sizeof(path), "/proc/%ld/fd/%ld", sys_getppid(), kept_end);
	must(sys_open(path, O_WRONLY, 0));
}

static void outside(void)
{
	int ends[2];

	must(sys_pipe(ends, 0));
	kept_end = ends[1];
	box_refused(outside_make, EBUSY, "has an end outside: CR-PIPE-01");
}

static void fifo_make(void)
{
	must(sys_open("/tmp/box.fifo", O_RDWR, 0));
}

static void fifo_outside(void)
{
	must(sys(__NR_mknod, "/tmp/box.fifo", S_IFIFO | 0600, 0));
	must(sys_open("/tmp/box.fifo", O_RDWR, 0));
	box_refused(fifo_make, EBUSY, "has an end outside: CR-PIPE-01");
	sys_unlink("/tmp/box.fifo");
}

/* An end on its way in a socket is inside. */
static void in_flight_make(void)
{
	struct { unsigned long len; int level, type, fd[1]; } rights = { 20, 1, 1, { 3 } };
	struct { const char *base; unsigned long len; } io = { "w", 1 };
	struct {
		void *name;
		long name_len;
		void *io;
		unsigned long ios;
		void *control;
		unsigned long control_len;
		long flags;
	} m = { .io = &io, .ios = 1, .control = &rights, .control_len = sizeof(rights) };
	int pair[2];

	must(sys(__NR_socketpair, 1, 1, 0, pair));		/* 0, 1 */
	must(sys_pipe(pair, 0));				/* 2, 3 */
	must(sys(__NR_sendmsg, 0, &m, 0));
	must(sys_close(3));
}

static void in_flight_look(void)
{
	struct pollfd p = { 2, POLLIN, 0 };

	box_see_int(sys_poll(&p, 1, 0), 0);			/* its writer lives in the queue */
	box_see_int(sys_close(1), 0);
	box_see_int(sys_poll(&p, 1, 1000), 1);
	box_see_int(p.revents, POLLHUP);
}

static void in_flight(void)
{
	static const struct cr_box box = { in_flight_make, in_flight_look, false };

	box_run(&box);
}

const struct test_case crf_pipe_cases[] = {
	{ "CR-PIPE-01", "what is in pipes, and who has their ends", pipes, 0, 30 },
	{ "CR-PIPE-01.outside", "a pipe that others have open is refused", outside, 0, 30 },
	{ "CR-PIPE-01.fifo", "a FIFO that others have open is refused", fifo_outside, 0, 30 },
	{ "CR-PIPE-01.flight", "an end on its way is inside", in_flight, 0, 30 },
	{ "CR-PIPE-04", "a pipe's size", pipes, 0, 30 },
	{},
};
