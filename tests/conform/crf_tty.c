// SPDX-License-Identifier: MIT
/* tests/conform/crf_tty.c - checkpoint of terminals and FIFOs.
 * See docs/rules/checkpoint-restart.md, CR-TTY, CR-PIPE. */
#include "crbox.h"

#include <asm/termbits.h>
#include <linux/tty.h>

struct box_winsize { unsigned short row, col, x, y; };

static char text[8192];
static struct termios settings;

/* Master 0, slave 1 in the case's own instance. */
static void open_pair(void)
{
	int zero = 0;

	sys_mkdir("/tmp/box.pts", 0755);
	sys_mount("devpts", "/tmp/box.pts", "devpts", 0, "ptmxmode=666");
	must(sys_open("/tmp/box.pts/ptmx", O_RDWR | O_NONBLOCK | O_NOCTTY, 0));
	must(sys_ioctl(0, TIOCSPTLCK, &zero));
}

static void drop_pair(void)
{
	sys_umount("/tmp/box.pts", UMOUNT_DETACH);
	sys_rmdir("/tmp/box.pts");
}

/* --- CR-TTY-01: settings, sizes, bytes in both directions, a part read, a line not ended --- */

static void pair_make(void)
{
	struct box_winsize size = { 33, 111, 5, 6 };

	open_pair();
	must(sys_open("/tmp/box.pts/0", O_RDWR | O_NOCTTY, 0));
	must(sys_ioctl(1, TCGETS, &settings));
	settings.c_lflag &= ~ECHO;
	settings.c_cc[VINTR] = 7;
	must(sys_ioctl(1, TCSETS, &settings));
	must(sys_ioctl(0, TIOCSWINSZ, &size));
	must(sys_write(0, "first line\nsecond\nnot en", 24));
	must(sys_read(1, text, 4));
	must(sys_write(1, "to the master\n", 14));
	must(sys_read(0, text, 3));
}

static void pair_look(void)
{
	struct box_winsize size = {};
	struct termios now = {};
	int number = -1;

	box_see_int(sys_ioctl(1, TCGETS, &now), 0);
	box_see(!memcmp(&now, &settings, sizeof(now)));
	box_see_int(sys_ioctl(1, TIOCGWINSZ, &size), 0);
	box_see_int(size.row * 1000 + size.col, 33111);
	box_see_int(sys_ioctl(0, TIOCGPTN, &number), 0);
	box_see_int(number, 0);
	box_see_int(sys_read(1, text, sizeof(text)), 7);
	box_see(!memcmp(text, "t line\n", 7));
	box_see_int(sys_read(1, text, 3), 3);
	box_see_int(sys_read(1, text, sizeof(text)), 4);
	box_see(!memcmp(text, "ond\n", 4));
	box_see_int(sys_write(0, "ded\x7f\x7f!\n", 7), 7);
	box_see_int(sys_read(1, text, sizeof(text)), 9);
	box_see(!memcmp(text, "not end!\n", 9));
	box_see_int(sys_read(0, text, sizeof(text)), 12);
	box_see(!memcmp(text, "the master\r\n", 12));
	box_see_int(sys_read(0, text, sizeof(text)), -EAGAIN);
	box_see_int(sys_close(1), 0);
	box_see_int(sys_read(0, text, sizeof(text)), -EIO);
}

static void pairs(void)
{
	static const struct cr_box box = { pair_make, pair_look, false };

	box_run(&box);
	drop_pair();
}

/* --- full buffers, packet mode, raw --- */

static long filled;

static void full_make(void)
{
	int on = 1;

	open_pair();
	must(sys_open("/tmp/box.pts/0", O_RDWR | O_NOCTTY | O_NONBLOCK, 0));
	must(sys_ioctl(1, TCGETS, &settings));
	settings.c_lflag = 0;
	settings.c_oflag = 0;
	must(sys_ioctl(1, TCSETS, &settings));
	must(sys_ioctl(0, TIOCPKT, &on));
	memset(text, 'x', sizeof(text));
	while (sys_write(1, text, 100) == 100)
		filled += 100;
	must(sys_ioctl(1, TCFLSH, TCIFLUSH));
}

static void full_look(void)
{
	int on = 0;
	long n;

	box_see_int(sys_ioctl(0, TIOCGPKT, &on), 0);
	box_see_int(on, 1);
	box_see_int(sys_write(1, text, 100) > 0, 0);
	n = sys_read(0, text, sizeof(text));
	if (n == 1)			/* what happened to the input */
		n = sys_read(0, text, sizeof(text));
	box_see_int(text[0], 0);
	box_see(n > 4096);
	box_see_int(sys_write(1, text, 100), 100);
}

static void full(void)
{
	static const struct cr_box box = { full_make, full_look, false };

	box_run(&box);
	drop_pair();
}

/* --- CR-TTY-01: a session with its foreground group --- */

static long partner;

static void job_partner(void)
{
	sys_setpgid(0, 0);
	box_pause();
	box_see_int(sys_open("/dev/tty", O_RDWR, 0) < 0, 0);
}

static void job_make(void)
{
	int group;

	open_pair();
	must(sys_setsid());
	must(sys_open("/tmp/box.pts/0", O_RDWR, 0));
	partner = box_partner(job_partner);
	group = partner;
	block_signal(SIGTTOU);
	must(sys_ioctl(1, TIOCSPGRP, &group));
}

static void job_look(void)
{
	int group = -1, session = -1;

	box_see_int(sys_ioctl(1, TIOCGPGRP, &group), 0);
	box_see_int(group, partner);
	box_see_int(sys_ioctl(1, TIOCGSID, &session), 0);
	box_see_int(session, sys_getpid());
	box_see_int(sys_open("/dev/tty", O_RDWR, 0), 2);
	box_see_int(sys_getpgid(partner), partner);
	box_resume(partner);
}

static void jobs(void)
{
	static const struct cr_box box = { job_make, job_look, false };

	box_run(&box);
	drop_pair();
}

/* --- CR-TTY-02: hung up --- */

static void hung_make(void)
{
	open_pair();
	must(sys_open("/tmp/box.pts/0", O_RDWR | O_NOCTTY, 0));
	must(sys_close(0));
}

static void hung_look(void)
{
	box_see_int(sys_read(1, text, 1), 0);
	box_see_int(sys_write(1, text, 1), -EIO);
	box_see_int(sys_open("/tmp/box.pts/0", O_RDWR | O_NOCTTY, 0), -ENOENT);
}

static void hung(void)
{
	static const struct cr_box box = { hung_make, hung_look, false };

	box_run(&box);
	drop_pair();
}

/* --- CR-PIPE-02: FIFOs: two ends with bytes, one end only, one without a name --- */

static void fifo_make(void)
{
	must(sys(__NR_mknod, "/tmp/box.fifo", S_IFIFO | 0600, 0));
	must(sys_open("/tmp/box.fifo", O_RDONLY | O_NONBLOCK, 0));
	must(sys_open("/tmp/box.fifo", O_WRONLY, 0));
	must(sys_write(1, "in the fifo", 11));
	must(sys_read(0, text, 3));
	must(sys(__NR_mknod, "/tmp/box.fifo2", S_IFIFO | 0600, 0));
	must(sys_open("/tmp/box.fifo2", O_RDWR | O_NONBLOCK, 0));
	must(sys_write(2, "ghost", 5));
	must(sys_unlink("/tmp/box.fifo2"));
	must(sys(__NR_mknod, "/tmp/box.fifo3", S_IFIFO | 0600, 0));
	must(sys_open("/tmp/box.fifo3", O_RDONLY | O_NONBLOCK, 0));
}

static short events_of(int fd)
{
	struct pollfd p = { fd, POLLIN | POLLOUT, 0 };

	sys_poll(&p, 1, 0);
	return p.revents;
}

static void fifo_look(void)
{
	box_see_int(sys_read(0, text, sizeof(text)), 8);
	box_see(!memcmp(text, "the fifo", 8));
	box_see_int(sys_read(0, text, 1), -EAGAIN);
	box_see_int(events_of(0), 0);
	box_see_int(sys_close(1), 0);
	box_see_int(events_of(0), POLLHUP);
	box_see_int(sys_read(0, text, 1), 0);
	box_see_int(sys_read(2, text, sizeof(text)), 5);
	box_see_int(events_of(3), 0);
	box_see_int(sys_open("/tmp/box.fifo3", O_WRONLY | O_NONBLOCK, 0), 1);
	sys_unlink("/tmp/box.fifo");
	sys_unlink("/tmp/box.fifo3");
}

static void fifos(void)
{
	static const struct cr_box box = { fifo_make, fifo_look, false };

	box_run(&box);
}

const struct test_case crf_tty_cases[] = {
	{ "CR-TTY-01", "a pair keeps settings, size and what waits in it", pairs, 0, 30 },
	{ "CR-TTY-01.full", "full buffers and packet mode", full, 0, 30 },
	{ "CR-TTY-01.jobs", "session and foreground group", jobs, 0, 30 },
	{ "CR-TTY-02", "a terminal that was hung up", hung, 0, 30 },
	{ "CR-PIPE-02", "FIFOs with a name and without", fifos, 0, 30 },
	{},
};
