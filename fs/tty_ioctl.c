// SPDX-License-Identifier: MIT
/* fs/tty_ioctl.c - settings of a terminal: termios in its forms, window size, queues.
 *
 * The kernel keeps a struct ktermios; users bring the old struct termio, struct termios (TCGETS) or
 * struct termios2 with speeds (TCGETS2). Changes are job control's business: a background
 * process gets SIGTTOU. See ioctl_tty(2), termios(3). */

#include <linux/tty.h>

#include "arch/cpu.h"
#include "arch/uaccess.h"
#include "fs/tty.h"
#include "kernel/signal.h"
#include "kernel/task.h"

/* --- the forms of termios --- */

static long get_termios(const struct tty *tty, uaddr out, size_t size)
{
	struct termios2 t;

	memset(&t, 0, sizeof(t));
	t.c_iflag = tty->termios.c_iflag;
	t.c_oflag = tty->termios.c_oflag;
	t.c_cflag = tty->termios.c_cflag;
	t.c_lflag = tty->termios.c_lflag;
	t.c_line = tty->termios.c_line;
	memcpy(t.c_cc, tty->termios.c_cc, NCCS);
	t.c_ispeed = tty->termios.c_ispeed;
	t.c_ospeed = tty->termios.c_ospeed;
	return copy_to_user(out, &t, size);
}

static long get_termio(const struct tty *tty, uaddr out)
{
	struct termio t = {
		.c_iflag = tty->termios.c_iflag, .c_oflag = tty->termios.c_oflag,
		.c_cflag = tty->termios.c_cflag, .c_lflag = tty->termios.c_lflag,
		.c_line = tty->termios.c_line,
	};

	memcpy(t.c_cc, tty->termios.c_cc, NCC);
	return copy_to_user(out, &t, sizeof(t));
}

static void set_settings(struct tty *tty, const struct ktermios *new)
{
	struct ktermios old = tty->termios;

	tty->termios = *new;
	n_tty_settings_changed(tty, &old);
}

/* Reads a termios (size of the old or of the new form) into t. */
static int read_termios(const struct tty *tty, uaddr in, size_t size, struct ktermios *t)
{
	struct termios2 u;

	*t = tty->termios;
	if (copy_from_user(&u, in, size))
		return -EFAULT;
	t->c_iflag = u.c_iflag;
	t->c_oflag = u.c_oflag;
	t->c_cflag = u.c_cflag;
	t->c_lflag = u.c_lflag;
	t->c_line = u.c_line;
	memcpy(t->c_cc, u.c_cc, NCCS);
	if (size == sizeof(u)) {
		t->c_ispeed = u.c_ispeed;
		t->c_ospeed = u.c_ospeed;
	}
	return 0;
}

static int read_termio(const struct tty *tty, uaddr in, struct ktermios *t)
{
	struct termio u;

	*t = tty->termios;
	if (copy_from_user(&u, in, sizeof(u)))
		return -EFAULT;
	t->c_iflag = (t->c_iflag & ~0xffffU) | u.c_iflag;
	t->c_oflag = (t->c_oflag & ~0xffffU) | u.c_oflag;
	t->c_cflag = (t->c_cflag & ~0xffffU) | u.c_cflag;
	t->c_lflag = (t->c_lflag & ~0xffffU) | u.c_lflag;
	t->c_line = u.c_line;
	memcpy(t->c_cc, u.c_cc, NCC);
	return 0;
}

/* One row per set command: what is read, and whether waiting input goes. */
static const struct {
	unsigned cmd;
	size_t size;		/* 0: struct termio */
	bool flush;
} set_rows[] = {
	{ TCSETS, sizeof(struct termios), false },   { TCSETSW, sizeof(struct termios), false },
	{ TCSETSF, sizeof(struct termios), true },   { TCSETS2, sizeof(struct termios2), false },
	{ TCSETSW2, sizeof(struct termios2), false }, { TCSETSF2, sizeof(struct termios2), true },
	{ TCSETA, 0, false }, { TCSETAW, 0, false }, { TCSETAF, 0, true },
};

static long set_termios(struct tty *tty, unsigned cmd, uaddr in)
{
	for (unsigned i = 0; i < ARRAY_SIZE(set_rows); i++) {
		struct ktermios t;
		int err;

		if (set_rows[i].cmd != cmd)
			continue;
		err = tty_check_change(tty, SIGTTOU);
		if (!err)
			err = set_rows[i].size ? read_termios(tty, in, set_rows[i].size, &t)
					       : read_termio(tty, in, &t);
		if (err)
			return err;
		if (set_rows[i].flush)
			n_tty_flush_input(tty);
		set_settings(tty, &t);
		return 0;
	}
	return -ENOIOCTLCMD;
}

/* --- the rest --- */

static long set_winsize(struct tty *tty, uaddr in)
{
	struct winsize w;

	if (copy_from_user(&w, in, sizeof(w)))
		return -EFAULT;
	if (!memcmp(&w, &tty->winsize, sizeof(w)))
		return 0;
	tty->winsize = w;
	tty_signal_foreground(tty, SIGWINCH);
	return 0;
}

/* TCFLSH: input, output (nothing waits there), or both. */
static long flush_queues(struct tty *tty, u64 which)
{
	int err = tty_check_change(tty, SIGTTOU);

	if (err)
		return err;
	if (which != TCIFLUSH && which != TCOFLUSH && which != TCIOFLUSH)
		return -EINVAL;
	if (which != TCOFLUSH)
		n_tty_flush_input(tty);
	return 0;
}

/* TCXONC: stops and starts output by hand. */
static long flow_control(struct tty *tty, u64 what)
{
	int err = tty_check_change(tty, SIGTTOU);

	if (err)
		return err;
	if (what > TCION)
		return -EINVAL;
	if (what == TCOOFF || what == TCOON)
		tty->stopped_output = what == TCOOFF;
	if (what == TCOON)
		wake_all(&tty->write_wait);
	return 0;
}

static long push_char(struct tty *tty, uaddr in)
{
	u8 ch;

	if (current->process->tty != tty && !capable_in(&init_user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (copy_from_user(&ch, in, 1))
		return -EFAULT;
	n_tty_input(tty, ch);
	return 0;
}

static long put_int(uaddr out, int value)
{
	return copy_to_user(out, &value, sizeof(value));
}

long tty_mode_ioctl(struct tty *tty, unsigned cmd, u64 arg)
{
	switch (cmd) {
	case TCGETS:
		return get_termios(tty, arg, sizeof(struct termios));
	case TCGETS2:
		return get_termios(tty, arg, sizeof(struct termios2));
	case TCGETA:
		return get_termio(tty, arg);
	case TIOCGWINSZ:
		return copy_to_user(arg, &tty->winsize, sizeof(tty->winsize));
	case TIOCSWINSZ:
		return set_winsize(tty, arg);
	case TCFLSH:
		return flush_queues(tty, arg);
	case TCXONC:
		return flow_control(tty, arg);
	case TCSBRK: case TCSBRKP: case TIOCSBRK: case TIOCCBRK:
		return tty_check_change(tty, SIGTTOU);
	case FIONREAD:
		return put_int(arg, n_tty_available(tty));
	case TIOCOUTQ:
		return put_int(arg, 0);
	case TIOCSTI:
		return push_char(tty, arg);
	case TIOCGPTPEER:		/* a master's alone (DEVPTS-07) */
		return -EIO;
	case TIOCGETD:
		return put_int(arg, N_TTY);
	case TIOCEXCL: case TIOCNXCL:
		tty->exclusive = cmd == TIOCEXCL;
		return 0;
	case TIOCGEXCL:
		return put_int(arg, tty->exclusive);
	default:
		return set_termios(tty, cmd, arg);
	}
}
