// SPDX-License-Identifier: MIT
/* fs/tty_console.c - the consoles as terminals: ttyS0, ttyS1, tty0 (and tty1), /dev/tty,
 * /dev/console.
 *
 * Each console that is present has one tty that lives as long as the kernel. /dev/console is the
 * last console= of the command line, /dev/tty the controlling terminal of who opens it. Locks: BKL.
 * Checkpoint: the machine's, refused (CR-TTY-03). See console(4), tty(4). */

#include "arch/cpu.h"
#include "drivers/console.h"
#include "fs/device.h"
#include "fs/tty.h"
#include "kernel/hooks.h"
#include "kernel/task.h"
#include "mm/slab.h"

#define TTY_AUX_MAJOR 5
#define TTY_AUX_TTY 0
#define TTY_AUX_CONSOLE 1
#define TTY_MAJOR 4
#define CONSOLE_ROOM 4096	/* consoles take whatever they get */

static size_t console_tty_write(struct tty *tty, const char *s, size_t n)
{
	struct console *con = tty->data;

	con->write(con, s, n);
	return n;
}

static size_t console_tty_room(struct tty *tty)
{
	(void)tty;
	return CONSOLE_ROOM;
}

static void console_tty_destroy(struct tty *tty)
{
	kfree(tty);
}

static const struct tty_driver console_driver = {
	.class = "console",
	.write = console_tty_write,
	.write_room = console_tty_room,
	.destroy = console_tty_destroy,
};

static void console_input(struct console *con, u8 ch)
{
	n_tty_input(con->tty, ch);
}

/* The console with this device number; tty0 stands for the screen that is shown (tty1). */
static struct tty *tty_of_device(dev_num dev)
{
	for (struct console *const *con = consoles; *con; con++) {
		dev_num own = DEV((*con)->major, (*con)->minor);

		if ((*con)->tty &&
		    (own == dev || (own == DEV(TTY_MAJOR, 0) && dev == DEV(TTY_MAJOR, 1))))
			return (*con)->tty;
	}
	return NULL;
}

static int line_open(struct inode *i, struct file *f)
{
	struct tty *tty = tty_of_device(i->rdev);

	return tty ? tty_open_file(tty, f) : -ENXIO;
}

static int console_open(struct inode *i, struct file *f)
{
	struct console *con = console_default();

	(void)i;
	f->flags |= O_NOCTTY;
	return con && con->tty ? tty_open_file(con->tty, f) : -ENODEV;
}

static int controlling_open(struct inode *i, struct file *f)
{
	struct tty *tty = current->process->tty;

	(void)i;
	return tty ? tty_open_file(tty, f) : -ENXIO;
}

static const struct file_ops line_ops = { .class = "tty-line", .open = line_open };
static const struct file_ops console_ops = { .class = "tty-console", .open = console_open };
static const struct file_ops controlling_ops = {.class = "tty-controlling",
						.open = controlling_open};

static void console_add(struct console *con)
{
	struct tty *tty = kmalloc(sizeof(*tty));

	assert(tty);
	tty_setup(tty, &console_driver, DEV(con->major, con->minor), con->name);
	tty->data = con;
	tty->winsize.ws_col = con->columns;
	tty->winsize.ws_row = con->rows;
	con->tty = tty;
	con->input = console_input;
	device_register(con->major, con->minor, 1, con->name, 0620, &line_ops);
	if (con->major == TTY_MAJOR && con->minor == 0) {
		strcpy(tty->name, "tty1");
		tty->dev = DEV(TTY_MAJOR, 1);
		device_register(TTY_MAJOR, 1, 1, "tty1", 0620, &line_ops);
	}
}

void tty_init(void)
{
	kernel_hooks.session_leader_exit = tty_session_exit;
	kernel_hooks.process_fork = tty_process_fork;
	kernel_hooks.process_detach_tty = tty_process_detach;
	for (struct console *const *con = consoles; *con; con++)
		if ((*con)->present)
			console_add(*con);
	device_register(TTY_AUX_MAJOR, TTY_AUX_TTY, 1, "tty", 0666, &controlling_ops);
	device_register(TTY_AUX_MAJOR, TTY_AUX_CONSOLE, 1, "console", 0600, &console_ops);
	consoles_start_input();
}
