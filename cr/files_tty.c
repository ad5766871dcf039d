// SPDX-License-Identifier: MIT
/* cr/files_tty.c - pseudo terminals are refused: a name would give another pair than the one that
 * was open. */
#include "cr/internal.h"

#include "fs/pty.h"

#define FD_TYPE_TTY 11

static bool pty_is(const struct file *f)
{
	const struct tty *tty;

	if (f->mode & FMODE_PATH || !f->ops->class)
		return false;
	if (!strcmp(f->ops->class, "pty-master"))
		return true;
	tty = tty_of_file((struct file *)f);
	return tty && !strcmp(tty->driver->class, "pty-slave");
}

const struct cr_file_class cr_pty_files = {
	.name = "pty",
	.type = FD_TYPE_TTY,
	.is = pty_is,
	.refuse = "pseudo terminals are not saved",
	.rule = CR_TTY_01,
};
