// SPDX-License-Identifier: MIT
/* fs/pty.c - pseudo terminals: a terminal whose other end is a program.
 *
 * The slave is a struct tty with the usual line discipline; what it writes waits in "output" for
 * the master's reader, what the master writes is the slave's keyboard. The slave cannot be
 * opened until it is unlocked (DEVPTS-04). The last close of the slave makes the master read
 * EIO; the close of the master hangs the slave up and takes its name away. A slave bound over a
 * container's /dev/console is its console (DEVPTS-09).
 * Locks: BKL. Checkpoint: pairs with settings and both buffers. See pty(7), pts(4). */

#include "arch/cpu.h"
#include "fs/fdtable.h"
#include "fs/poll.h"
#include "fs/pty.h"
#include "kernel/signal.h"
#include "kernel/task.h"
#include "lib/print.h"
#include "mm/slab.h"

static struct pty *to_pty(struct tty *slave)
{
	return container_of(slave, struct pty, slave);
}

/* --- the slave's driver --- */

static size_t slave_room(struct tty *tty)
{
	struct pty *pty = to_pty(tty);

	return PTY_OUTPUT - (pty->head - pty->tail);
}

static size_t slave_write(struct tty *tty, const char *s, size_t n)
{
	struct pty *pty = to_pty(tty);

	n = MIN(n, slave_room(tty));
	for (size_t i = 0; i < n; i++)
		pty->output[pty->head++ % PTY_OUTPUT] = s[i];
	wake_events(&pty->master_wait, POLLIN | POLLRDNORM, UINT_MAX);
	return n;
}

static int slave_open(struct tty *tty, struct file *f)
{
	struct pty *pty = to_pty(tty);

	(void)f;
	if (pty->locked || !pty->sb) {
		tty->io_error = true;		/* also for who has it open already */
		return deny(EIO, DEVPTS_04);
	}
	tty->io_error = false;
	pty->slave_was_open = true;
	tty->closed_peer = false;
	return 0;
}

/* The last slave is closed: the master reads what is left, then EIO. */
static void slave_close(struct tty *tty, struct file *f)
{
	(void)f;
	if (tty->opens == 0)
		wake_all(&to_pty(tty)->master_wait);
}

static void slave_unthrottle(struct tty *tty)
{
	wake_events(&to_pty(tty)->master_wait, POLLOUT | POLLWRNORM, UINT_MAX);
}

static void slave_destroy(struct tty *tty)
{
	kfree(to_pty(tty));
}

static const struct tty_driver slave_driver = {
	.class = "pty-slave",
	.write = slave_write,
	.write_room = slave_room,
	.open = slave_open,
	.close = slave_close,
	.unthrottle = slave_unthrottle,
	.destroy = slave_destroy,
};

int pty_open_slave(struct pty *pty, struct file *f)
{
	return tty_open_file(&pty->slave, f);
}

/* --- the master --- */

static bool slave_gone(const struct pty *pty)
{
	return pty->slave_was_open && pty->slave.opens == 0;
}

static bool output_waits(const struct pty *pty)
{
	return pty->head != pty->tail || pty->slave.packet_status;
}

/* Packet mode: a byte of news, or a zero before data (ioctl_tty(2) TIOCPKT). */
static ssize_t read_packet_byte(struct pty *pty, struct iter *to)
{
	u8 status = pty->slave.packet_status;

	if (!iter_copy_to(to, &status, 1))
		return -EFAULT;
	pty->slave.packet_status = 0;
	return 1;
}

static ssize_t master_copy(struct pty *pty, struct iter *to)
{
	ssize_t done = 0;

	if (pty->slave.packet) {
		bool news = pty->slave.packet_status != 0;

		done = read_packet_byte(pty, to);
		if (done < 0 || news)
			return done;
	}
	while (to->count && pty->head != pty->tail) {
		size_t at = pty->tail % PTY_OUTPUT;
		size_t n = MIN(MIN(PTY_OUTPUT - at, pty->head - pty->tail), to->count);
		size_t copied = iter_copy_to(to, pty->output + at, n);

		pty->tail += copied;
		done += copied;
		if (copied < n)
			return done ? done : -EFAULT;
	}
	wake_events(&pty->slave.write_wait, POLLOUT | POLLWRNORM, UINT_MAX);
	return done;
}

static ssize_t master_read(struct file *f, struct iter *to, u64 *pos)
{
	struct pty *pty = f->private;
	int err;

	(void)pos;
	if (!to->count)
		return 0;
	while (!output_waits(pty)) {
		if (slave_gone(pty))
			return -EIO;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		err = wait_once(&pty->master_wait, WAIT_INTERRUPTIBLE, WAIT_FOREVER, false);
		if (err)
			return err;
	}
	return master_copy(pty, to);
}

/* Room for one more typed byte? In canonical mode without a whole line it is dropped instead. */
static bool input_ready(const struct pty *pty)
{
	return n_tty_room(&pty->slave) ||
	       ((pty->slave.termios.c_lflag & ICANON) && !n_tty_available(&pty->slave));
}

static ssize_t master_write(struct file *f, struct iter *from, u64 *pos)
{
	struct pty *pty = f->private;
	ssize_t done = 0;
	int err;
	u8 ch;

	(void)pos;
	while (from->count) {
		if (slave_gone(pty) && !pty->slave.opens)
			return done ? done : -EIO;
		if (input_ready(pty)) {
			if (!iter_copy_from(from, &ch, 1))
				return done ? done : -EFAULT;
			n_tty_input(&pty->slave, ch);
			done++;
			continue;
		}
		err = f->flags & O_NONBLOCK ? -EAGAIN :
		      wait_once(&pty->master_wait, WAIT_INTERRUPTIBLE, WAIT_FOREVER, false);
		if (err)
			return done ? done : err;
	}
	return done;
}

static u32 master_poll(struct file *f, struct poll_table *pt)
{
	struct pty *pty = f->private;
	u32 ready = 0;

	poll_wait(pt, f, &pty->master_wait);
	if (output_waits(pty))
		ready |= POLLIN | POLLRDNORM;
	if (pty->slave.packet_status)
		ready |= POLLPRI;
	if (slave_gone(pty))
		ready |= POLLHUP;
	if (input_ready(pty))
		ready |= POLLOUT | POLLWRNORM;
	return ready;
}

/* --- the master's ioctls --- */

static long put_int(uaddr out, int value)
{
	return copy_to_user(out, &value, sizeof(value));
}

static long get_int(uaddr in, int *value)
{
	return copy_from_user(value, in, sizeof(*value));
}

/* DEVPTS-07: the slave without a walk to its name. */
static long open_peer(struct file *f, struct pty *pty, u32 flags)
{
	struct path path = { NULL, pty->node };
	struct file *slave;
	int fd, err = devpts_mount_of(f, pty->sb, &path.mnt);

	if (!err)
		err = file_open_path(&path, flags, current_cred(), &slave);
	if (err)
		return err;
	fd = fd_alloc(slave, 0, flags & O_CLOEXEC);
	if (fd < 0)
		file_put(slave);
	return fd;
}

static long set_packet_mode(struct pty *pty, uaddr arg)
{
	int on;
	long err = get_int(arg, &on);

	if (err)
		return err;
	if (on && !pty->slave.packet)
		pty->slave.packet_status = 0;
	pty->slave.packet = on;
	return 0;
}

static long set_lock(struct pty *pty, uaddr arg)
{
	int on;
	long err = get_int(arg, &on);

	if (!err)
		pty->locked = on;
	return err;
}

static long get_foreground(struct pty *pty, uaddr arg, const struct pid *p)
{
	(void)pty;
	return put_int(arg, pid_nr(p));
}

static long master_ioctl(struct file *f, unsigned cmd, u64 arg)
{
	struct pty *pty = f->private;
	long ret;

	switch (cmd) {
	case TIOCGPTN:
		return put_int(arg, pty->index);
	case TIOCSPTLCK:
		return set_lock(pty, arg);
	case TIOCGPTLCK:
		return put_int(arg, pty->locked);
	case TIOCGPTPEER:
		return open_peer(f, pty, arg);
	case TIOCPKT:
		return set_packet_mode(pty, arg);
	case TIOCGPKT:
		return put_int(arg, pty->slave.packet);
	case TIOCSIG:
		if (arg < 1 || arg > SIG_MAX)
			return -EINVAL;
		tty_signal_foreground(&pty->slave, arg);
		return 0;
	case TIOCGPGRP:
		return get_foreground(pty, arg, pty->slave.pgrp);
	case TIOCGSID:
		return pty->slave.session ? put_int(arg, pid_nr(pty->slave.session)) : -ENOTTY;
	case FIONREAD:
		return put_int(arg, pty->head - pty->tail);
	default:
		ret = tty_mode_ioctl(&pty->slave, cmd, arg);
		return ret == -ENOIOCTLCMD ? -ENOTTY : ret;
	}
}

static void master_release(struct file *f)
{
	struct pty *pty = f->private;

	pty->slave.closed_peer = true;
	tty_hangup(&pty->slave);
	devpts_remove_node(pty);
	tty_put(&pty->slave);
}

static const struct file_ops pty_master_ops = {
	.class = "pty-master",
	.release = master_release,
	.read = master_read,
	.write = master_write,
	.poll = master_poll,
	.async = true,
	.ioctl = master_ioctl,
};

static int master_create(struct super *sb, u32 index, struct file *f)
{
	struct pty *pty = kzalloc_charged(sizeof(*pty));
	char name[16];
	int err;

	if (!pty)
		return -ENOMEM;
	err = devpts_new_node(sb, pty, index);
	if (err) {
		kfree(pty);
		return err;
	}
	snprintf(name, sizeof(name), "pts/%u", pty->index);
	tty_setup(&pty->slave, &slave_driver, DEV(PTS_MAJOR, pty->index), name);
	pty->slave.termios.c_cflag &= ~HUPCL;
	waitqueue_init(&pty->master_wait);
	pty->locked = true;
	f->ops = &pty_master_ops;
	f->private = pty;
	f->mode |= FMODE_STREAM;
	return 0;
}

int pty_open_master(struct super *sb, struct file *f)
{
	return master_create(sb, PTY_ANY_INDEX, f);
}

/* --- for checkpoint --- */

struct pty *pty_of_tty(struct tty *tty)
{
	return tty->driver == &slave_driver ? to_pty(tty) : NULL;
}

struct pty *pty_of(const struct file *f, bool *master)
{
	*master = f->ops == &pty_master_ops;
	if (*master)
		return f->private;
	return f->ops == &tty_file_ops ? pty_of_tty(f->private) : NULL;
}

/* Through the instance's own ptmx, whose permissions are asked. */
int pty_create_file(const struct path *root, u32 index, u32 flags, struct file **out)
{
	struct path p = { root->mnt, dentry_find(root->dentry, "ptmx", strlen("ptmx")) };
	int err = p.dentry && p.mnt->sb->type == &devpts_fs_type ? 0 : -ENODEV;

	if (!err)
		err = file_alloc(&p, p.dentry->inode, flags, p.dentry->inode->fops,
				 current_cred(), out);
	if (p.dentry)
		dentry_put(p.dentry);
	if (err)
		return err;
	(*out)->mode = FMODE_READ | FMODE_WRITE;
	err = master_create(p.mnt->sb, index, *out);
	if (err)
		file_discard(*out);
	return err;
}
