// SPDX-License-Identifier: MIT
/* fs/tty.c - terminals as files: open, read, write, poll, ioctl, hang-up, close.
 *
 * A file's private is its tty; its version is the tty's count of hang-ups at open: a file
 * opened before a hang-up reads end-of-file and writes EIO.
 * Life: consoles' ttys live for ever; ptys go with their last file (fs/pty.c).
 * Locks: BKL. Checkpoint: settings, buffers, session and group are saved. See tty(4). */

#include "fs/poll.h"
#include "fs/tty.h"
#include "kernel/cred.h"
#include "kernel/pid.h"
#include "kernel/signal.h"
#include "kernel/task.h"

/* As a fresh Linux terminal has them (drivers/tty's tty_std_termios, seen through stty). */
const struct ktermios tty_default_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = {
		[VINTR] = 3, [VQUIT] = 28, [VERASE] = 127, [VKILL] = 21, [VEOF] = 4, [VMIN] = 1,
		[VSTART] = 17, [VSTOP] = 19, [VSUSP] = 26, [VREPRINT] = 18, [VDISCARD] = 15,
		[VWERASE] = 23, [VLNEXT] = 22,
	},
	.c_ispeed = 38400,
	.c_ospeed = 38400,
};

void tty_setup(struct tty *tty, const struct tty_driver *driver, dev_num dev, const char *name)
{
	memset(tty, 0, sizeof(*tty));
	ref_set(&tty->refs, 1);
	tty->driver = driver;
	tty->dev = dev;
	tty->termios = tty_default_termios;
	strncpy(tty->name, name, sizeof(tty->name) - 1);
	waitqueue_init(&tty->read_wait);
	waitqueue_init(&tty->write_wait);
	mutex_init(&tty->read_lock);
}

void tty_put(struct tty *tty)
{
	if (!ref_put(&tty->refs))
		return;
	if (tty->session)
		pid_put(tty->session);
	if (tty->pgrp)
		pid_put(tty->pgrp);
	tty->driver->destroy(tty);
}

dev_num tty_dev(const struct tty *tty)
{
	return tty ? tty->dev : 0;
}

struct tty *tty_of_file(struct file *f)
{
	return f->ops == &tty_file_ops ? f->private : NULL;
}

static bool tty_dead(const struct tty *tty, const struct file *f)
{
	return f->version != tty->hangups;
}

int tty_open_file(struct tty *tty, struct file *f)
{
	int err;

	if (tty->exclusive && tty->opens && !capable_in(&init_user_ns, CAP_SYS_ADMIN))
		return -EBUSY;
	err = tty->driver->open ? tty->driver->open(tty, f) : 0;
	if (err)
		return err;
	tty_get(tty);
	tty->opens++;
	f->private = tty;
	f->ops = &tty_file_ops;
	f->mode |= FMODE_STREAM;
	f->version = tty->hangups;
	tty_maybe_take(tty, f);
	return 0;
}

static void tty_release(struct file *f)
{
	struct tty *tty = f->private;

	tty->opens--;
	if (tty->opens == 0)
		tty->exclusive = false;
	if (tty->driver->close)
		tty->driver->close(tty, f);
	tty_put(tty);
}

static ssize_t tty_read(struct file *f, struct iter *to, u64 *pos)
{
	struct tty *tty = f->private;

	(void)pos;
	if (tty_dead(tty, f))
		return 0;
	return tty->io_error ? -EIO : n_tty_read(tty, f, to);
}

static ssize_t tty_write(struct file *f, struct iter *from, u64 *pos)
{
	struct tty *tty = f->private;

	(void)pos;
	return tty_dead(tty, f) || tty->io_error ? -EIO : n_tty_write(tty, f, from);
}

static u32 tty_poll(struct file *f, struct poll_table *pt)
{
	struct tty *tty = f->private;
	u32 ready = 0;

	poll_wait(pt, f, &tty->read_wait);
	poll_wait(pt, f, &tty->write_wait);
	if (tty_dead(tty, f))
		return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM | POLLERR | POLLHUP;
	if (n_tty_available(tty))
		ready |= POLLIN | POLLRDNORM;
	if (tty->closed_peer)
		ready |= POLLHUP;
	if (!tty->stopped_output && tty->driver->write_room(tty) > 0)
		ready |= POLLOUT | POLLWRNORM;
	return ready;
}

static long tty_ioctl(struct file *f, unsigned cmd, u64 arg)
{
	struct tty *tty = f->private;
	long ret = -ENOIOCTLCMD;

	if (tty_dead(tty, f))
		return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
	if (tty->driver->ioctl)
		ret = tty->driver->ioctl(tty, f, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = tty_job_ioctl(tty, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = tty_mode_ioctl(tty, cmd, arg);
	return ret == -ENOIOCTLCMD ? -ENOTTY : ret;
}

const struct file_ops tty_file_ops = {
	.class = "tty",
	.release = tty_release,
	.read = tty_read,
	.write = tty_write,
	.poll = tty_poll,
	.async = true,
	.ioctl = tty_ioctl,
};
