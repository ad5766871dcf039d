// SPDX-License-Identifier: MIT
/* drivers/console.h - where text goes and keys come from: serial ttyS0..1, VGA and keyboard tty0.
 *
 * A console device is one row: write for output, and input() (filled in by the
 * tty room) called for each received character, under the BKL. kprintf text goes to
 * the kernel log ring and to all enabled consoles. */
#pragma once

#include "types.h"

struct console {
	const char *name;		/* "ttyS0", "tty0" */
	unsigned major, minor;		/* of the tty: 4:64.. serial, 4:0.. (tty1 is 4:1) VGA */
	/* Writes bytes as they are ("\\r\\n" is the tty's business). May be NULL-op. */
	void (*write)(struct console *con, const char *s, size_t n);
	/* A byte that came, or -1. NULL: by interrupt only. */
	int (*poll)(struct console *con);
	bool (*probe)(struct console *con);	/* present? sets up the hardware */
	void (*start_input)(struct console *con);	/* routes its interrupt */
	/* Filled in by the tty room. */
	void (*input)(struct console *con, u8 ch);
	void *tty;
	bool present;
	bool kernel_log;		/* named by console=: kprintf goes there */
	u16 columns, rows;		/* 0, 0 if unknown (serial) */
};

extern struct console *const consoles[];	/* NULL-terminated, by drivers/list.h */

void consoles_init(void);	/* early: probes, enables kernel_log per console= */
void consoles_start_input(void);
struct console *console_find(const char *name);
/* The console /dev/console stands for: the last console= named, else the first present. */
struct console *console_default(void);

/* The kernel log: the last LOG_SIZE bytes of kprintf, for syslog(2) and /dev/kmsg. */
#define LOG_SIZE (64 * 1024)
/* Copies up to n bytes of the log's tail; returns the number. */
size_t log_read_tail(char *buf, size_t n);
void log_clear(void);
size_t log_length(void);
extern bool console_quiet;	/* quiet: kprintf goes to the log only, until panic */
