// SPDX-License-Identifier: MIT
/* lib/debug.c - the reports of a debug build's checks: slabs, frames, locks, UBSan.
 *
 * Not part of other builds (Makefile: DEBUG=1). Locks: BKL. Checkpoint: nothing; a test's own. */
#include "lib/debug.h"

#include "lib/assert.h"
#include "lib/print.h"

#define TEXT_BYTES 240

static const char *expected;	/* by a test, or NULL */
static bool met;

void debug_found(const char *fmt, ...)
{
	char text[TEXT_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!expected || met || !strstr(text, expected))
		panic("%s", text);
	met = true;
}

void debug_expect(const char *words)
{
	expected = words;
	met = false;
}

bool debug_expect_met(void)
{
	expected = NULL;
	return met;
}
