/* SPDX-License-Identifier: MIT */
/* tests/conform/idmap.h - what the cases of id maps share: the map files of a namespace by the pid
 * of one in it, and children whose namespace has no maps yet. */
#pragma once

#include "conform.h"

long open_proc(long pid, const char *name, int flags);	/* fd or -errno */

/* Write /proc/PID/NAME in one write(2). Returns: 0 or -errno. */
long put_proc(long pid, const char *name, const char *text);

/* Its text, line ends as '/', or the error's name; one buffer. */
const char *get_proc(long pid, const char *name);

void plain_user(void);			/* PLAIN_UID from here on, its /proc files still its own */
void start_bare(struct peer *child);	/* such a child in a new user namespace without maps */
