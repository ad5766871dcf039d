// SPDX-License-Identifier: MIT
/* fs/tty.h - terminals: what jobs, sessions and procfs need of them. */
#pragma once

#include "fs/vfs.h"

struct tty;
struct task;
struct process;

void tty_init(void);			/* consoles, /dev/tty, /dev/console */
/* A session leader exits: its terminal is hung up for the session. */
void tty_session_exit(struct process *leader);
/* setsid, exit of members: p no longer has the terminal. */
void tty_process_detach(struct process *p);
void tty_process_fork(struct process *child, struct process *parent);
dev_num tty_dev(const struct tty *tty);		/* for /proc/PID/stat; 0 without */
struct pid *tty_foreground(const struct tty *tty);
