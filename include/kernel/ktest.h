// SPDX-License-Identifier: MIT
/* kernel/ktest.h - in-kernel tests: ring 0, KTAP on the console (ktest=all or a pattern).
 *
 *   static void buddy_splits(struct ktest *t) { KEXPECT(t, x == 1); KEXPECT_EQ(t, a, b); }
 *   static const struct ktest_case cases[] = { KCASE(buddy_splits), {} };
 *   const struct ktest_suite mm_suite = { "mm", cases };
 *
 * Suites are listed once in tests/kernel/list.h: SUITE(mm). They run on a kernel thread with
 * the BKL held, before init starts; after each case an audit must be clean and no
 * frame and no slab object may have leaked. */
#pragma once

#include "types.h"

struct ktest {
	const char *suite, *name;
	bool failed;
	const char *skip;
};
struct ktest_case {
	const char *name;
	void (*run)(struct ktest *t);
};
struct ktest_suite {
	const char *name;
	const struct ktest_case *cases;
};
#define KCASE(fn) { #fn, fn }

void ktest_fail(struct ktest *t, const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
#define KEXPECT(t, cond)                                                        \
	do {                                                                    \
		if (!(cond))                                                    \
			ktest_fail(t, __FILE__, __LINE__, "expected %s", #cond); \
	} while (0)
#define KEXPECT_EQ(t, got, want)                                                        \
	do {                                                                            \
		s64 ktest_got_ = (s64)(got), ktest_want_ = (s64)(want);                 \
		if (ktest_got_ != ktest_want_)                                          \
			ktest_fail(t, __FILE__, __LINE__, "%s is %ld, expected %s = %ld", #got, \
				   ktest_got_, #want, ktest_want_);                     \
	} while (0)
static inline void ktest_skip(struct ktest *t, const char *why)
{
	t->skip = why;
}
/* Runs what the pattern ("all", or a glob of suite.case) chooses; number of failed cases. */
unsigned ktest_run(const char *pattern);
