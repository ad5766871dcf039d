/* SPDX-License-Identifier: MIT */
/* tests/conform/cgutil.h - control groups for a case: one place of its own in the unified
 * hierarchy.
 *
 * cg_begin() mounts cgroup2 and makes an empty cgroup "conform" below its root, the top of all that
 * the case makes; the runner takes it away behind the case. A cgroup is named by its path below the
 * top: "" is the top itself, "a/b" a cgroup in it, "/" the root of the hierarchy. */
#pragma once

#include "conform.h"

#define CG_MOUNT "/tmp/conform/cg"
#define CG_TOP "conform"
#define CG_TEXT 4096

void cg_begin(void);			/* or skips: no privilege, no cgroup2 */
void cg_clean(void);			/* the runner: nothing is left */
void cg_enable(const char *controller);	/* for the top's children: or skips */
const char *cg_file(const char *cg, const char *file);	/* its path: good until four calls later */
const char *cg_dir(const char *cg);

long cg_try(const char *cg);		/* mkdir */
void cg_make(const char *cg);
long cg_remove(const char *cg);		/* rmdir; waits for what is about to exit */
long cg_open(const char *cg, const char *file, int flags);
long cg_write(const char *cg, const char *file, const char *text);
const char *cg_read(const char *cg, const char *file);	/* its text, or "EBUSY" ...; one buffer */
long cg_read_err(const char *cg, const char *file);	/* 0 or -errno */
bool cg_has(const char *cg, const char *file);
/* The number of a key in a flat keyed file, the only number for key NULL; -1: not there. */
long cg_number(const char *cg, const char *file, const char *key);
bool cg_lists(const char *cg, const char *file, long pid);
/* Waits at most a second for it to become that; returns what it is at last. */
long cg_await(const char *cg, const char *file, const char *key, long want);

long cg_join(const char *cg, long pid);	/* cgroup.procs; 0: the caller */
long cg_join_thread(const char *cg, long tid);
long cg_idle(const char *cg);		/* a child that sleeps in cg */
/* /proc/PID/cgroup's unified line without "0::"; the case's own pid for 0. */
const char *cg_of(long pid);
long cg_clone3(const char *cg, unsigned long flags);	/* CLONE_INTO_CGROUP; pid, 0 in the child */
char cg_state(long pid);		/* of /proc/PID/stat */
#define check_cg(key, cg, file, want) check_str(key, cg_read(cg, file), want)
