/* SPDX-License-Identifier: MIT */
/* tests/conform/cgmem.h - tasks that use memory in a cgroup, for cases of the memory controller.
 *
 * Sizes are in KiB. Linux counts in batches of 64 pages per processor: a size is "about" another
 * if it is at most MEM_SLACK above, or half of that below. */
#pragma once

#include "cgutil.h"

#define MEM_SLACK 2048		/* KiB: batches, and what a process needs of its own */
#define MEM_BIG 8192		/* KiB: what an eater takes in most cases */

struct eater {
	struct peer peer;
	const char *cg;
	long kbytes;
	int score_adj;		/* oom_score_adj, if not 0 */
	int shared;		/* shared anonymous memory instead of private */
};

/* Starts it in cg; it has touched nothing. */
void eater_start(struct eater *e, const char *cg, long kbytes);
void eater_go(struct eater *e);		/* it touches its memory; the caller does not wait */
void eater_eat(struct eater *e);	/* the same, and waits until it has */
void eater_drop(struct eater *e);	/* it unmaps */
void eater_end(struct eater *e);	/* kills and reaps it */
int eater_fate(struct eater *e);	/* waits for its end: the signal, or 0 */
bool eater_lives(struct eater *e);
long mem_kbytes(const char *cg, const char *file, const char *key);
bool mem_about(long kbytes, long want);
/* Waits at most a second until it is about that. */
bool mem_becomes(const char *cg, const char *key, long want);
long event(const char *cg, const char *file, const char *key);
