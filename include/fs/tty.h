// SPDX-License-Identifier: MIT
/* fs/tty.h - terminals: what jobs, sessions, drivers and procfs need of them.
 *
 * A struct tty is a line (serial line, screen and keyboard, pty side): settings, an input
 * buffer that the line discipline fills (fs/n_tty.c), a session and a foreground group.
 * It is counted by open files, by the processes it controls, and by its driver.
 * See tty(4), termios(3), ioctl_tty(2). */
#pragma once

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/termios.h>

#include "fs/vfs.h"
#include "kernel/wait.h"

struct tty;
struct task;
struct process;

#define TTY_BUFFER 4096			/* bytes of input kept, a power of two */

/* The hardware (or the other side of a pty) below a tty. */
struct tty_driver {
	const char *class;		/* "console", "pty-master", "pty-slave" */
	/* Takes up to n bytes of output; returns how many it took (0: full, wakes write_wait
	 * later). */
	size_t (*write)(struct tty *tty, const char *s, size_t n);
	size_t (*write_room)(struct tty *tty);
	/* First open and last close of a file; 0 or -errno. */
	int (*open)(struct tty *tty, struct file *f);
	void (*close)(struct tty *tty, struct file *f);
	/* Its own ioctls; -ENOIOCTLCMD: not its own. */
	long (*ioctl)(struct tty *tty, struct file *f, unsigned cmd, u64 arg);
	/* Reader took input: more may be pushed (pty flow). */
	void (*unthrottle)(struct tty *tty);
	void (*destroy)(struct tty *tty);
};
#define ENOIOCTLCMD 515

struct tty {
	refcount_t refs;
	const struct tty_driver *driver;
	void *data;			/* the driver's */
	dev_num dev;
	char name[16];			/* "ttyS0", "pts/3" */
	struct ktermios termios;
	struct winsize winsize;
	u32 opens;			/* open files */
	u64 hangups;			/* files opened before the last hang-up are dead */
	bool exclusive, closed_peer;	/* TIOCEXCL; the other side of a pty is gone */
	bool io_error; /* the last open failed: no reading or writing until one does not */

	struct pid *pgrp, *session;	/* counted */

	/* line discipline: positions only grow, taken modulo TTY_BUFFER */
	char buffer[TTY_BUFFER];
	u64 delimiter[TTY_BUFFER / 64];	/* bits: this byte ends a line */
	u64 head, canon_head, tail, echo_start;
	u32 column, canon_column;
	bool literal_next, stopped_output, packet;
	u8 packet_status;
	struct waitqueue read_wait, write_wait;
	struct mutex read_lock;
};

extern const struct ktermios tty_default_termios;
extern const struct file_ops tty_file_ops;

void devpts_init(void);		/* /dev/ptmx */
void tty_init(void);			/* consoles, /dev/tty, /dev/console; hooks of kernel/ */
void tty_setup(struct tty *tty, const struct tty_driver *driver, dev_num dev, const char *name);
static inline void tty_get(struct tty *tty)
{
	ref_get(&tty->refs);
}
void tty_put(struct tty *tty);
/* An open of tty by f (its private): counts, makes it the controlling terminal where due. */
int tty_open_file(struct tty *tty, struct file *f);
/* All who have it open or as controlling terminal lose it; SIGHUP to its session. */
void tty_hangup(struct tty *tty);
/* A session leader exits: its terminal is taken from the session. */
void tty_session_exit(struct process *leader);
/* setsid, exit of members: p no longer has the terminal. */
void tty_process_detach(struct process *p);
void tty_process_fork(struct process *child, struct process *parent);
dev_num tty_dev(const struct tty *tty);		/* for /proc/PID/stat; 0 without */
struct pid *tty_foreground(const struct tty *tty);
struct tty *tty_of_file(struct file *f);	/* NULL: not a terminal */

/* --- fs/n_tty.c: the line discipline --- */
void n_tty_input(struct tty *tty, u8 ch);
void n_tty_settings_changed(struct tty *tty, const struct ktermios *old);
size_t n_tty_available(const struct tty *tty);	/* bytes a read would give now */
bool n_tty_room(const struct tty *tty);
ssize_t n_tty_read(struct tty *tty, struct file *f, struct iter *to);
ssize_t n_tty_write(struct tty *tty, struct file *f, struct iter *from);
void n_tty_flush_input(struct tty *tty);

/* --- fs/tty_job.c: job control --- */
/* May current read (SIGTTIN) or change (SIGTTOU) tty now? 0, -ERESTARTSYS, -EIO. */
int tty_check_change(struct tty *tty, int sig);
long tty_job_ioctl(struct tty *tty, unsigned cmd, u64 arg);	/* -ENOIOCTLCMD: not one of these */
void tty_maybe_take(struct tty *tty, struct file *f);		/* at open */
void tty_signal_foreground(struct tty *tty, int sig);

/* Restart: the session and foreground group it had (counted by it), and one who had it. */
void tty_restore_job(struct tty *tty, struct pid *session, struct pid *pgrp);
void tty_process_attach(struct process *p, struct tty *tty);

/* --- fs/tty_ioctl.c --- */
long tty_mode_ioctl(struct tty *tty, unsigned cmd, u64 arg);
