// SPDX-License-Identifier: MIT
/* lib/debug.h - what a debug build's own checks report: a panic, unless a test provoked it.
 *
 *   debug_expect("freed twice");  kfree(p);  kfree(p);  KEXPECT(t, debug_expect_met());
 *
 * Rules: a check that reports goes on as if nothing had been wrong, so that the test can, too.
 * In other builds there are no checks, nothing is expected and nothing met. */
#pragma once

#include "lib/config.h"
#include "types.h"

#if OPT_DEBUG

/* Panics with this text, unless the words of debug_expect() stand in it. */
void debug_found(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void debug_expect(const char *words);	/* the next report, once */
bool debug_expect_met(void);		/* did it come? Nothing is expected any more */

#else

static inline void debug_expect(const char *words)
{
	(void)words;
}

static inline bool debug_expect_met(void)
{
	return false;
}

#endif
