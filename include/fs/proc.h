// SPDX-License-Identifier: MIT
/* fs/proc.h - what other rooms show in procfs: rows of tables, found by name.
 *
 * Every row is a file whose text show() prints; arg is the task's pid for rows below
 * /proc/PID. The rows stand in the X-macro lists fs/proc_list.h of the proc file system. */
#pragma once

#include "fs/text.h"

struct task;
struct process;

/* A knob under /proc/sys: text in, text out, both seeing the opener (f->cred, namespaces of current). */
struct sysctl {
	const char *path;		/* "kernel/hostname" */
	u32 mode;
	/* Writes the value with its newline. */
	int (*show)(const struct sysctl *s, struct text *t);
	/* One write(2) at file position pos: a NUL-terminated copy of at most a page. Returns the bytes
	 * consumed or -errno. NULL: read-only. */
	ssize_t (*store)(const struct sysctl *s, const char *text, size_t len, u64 pos);
	void *data;
	long min, max;
	struct waitqueue *poll_queue;	/* woken when it changes; NULL: not pollable */
	u64 *poll_version;
};
int sysctl_show_long(const struct sysctl *s, struct text *t);	/* data: long, strict parse, min..max EINVAL */
ssize_t sysctl_store_long(const struct sysctl *s, const char *text, size_t len, u64 pos);
int sysctl_show_string(const struct sysctl *s, struct text *t);	/* data: char *, read-only text */
/* Tables of rooms, each ended by a row without path; listed in fs/proc/sysctls.h: SYSCTLS(uts). */
