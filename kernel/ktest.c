// SPDX-License-Identifier: MIT
/* kernel/ktest.c - runs the in-kernel tests and says how they went, in KTAP.
 *
 *   KTAP version 1
 *   1..2
 *   ok 1 mm.buddy_splits
 *   # tests/kernel/test_cred.c:31: found is 3, expected 2 = 2
 *   not ok 2 cred.users_are_shared
 *
 * Each case ends with an audit and with a look for leaks: as many frames free, and as many slab
 * objects in use, as before it (what caches keep, and new kinds of objects, aside). Tasks that
 * are still on their way out get time to go first.
 * Context: a kernel thread, BKL held, before the first program.
 * See Linux's Documentation/dev-tools/ktap.rst. */

#include "kernel/ktest.h"

#include "drivers/console.h"
#include "fs/vfs.h"
#include "kernel/audit.h"
#include "kernel/sched.h"
#include "lib/print.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define SETTLE_ROUNDS 20		/* a millisecond each */
#define NAME_LEN 100
#define MESSAGE_LEN 240

#define SUITE(name) extern const struct ktest_suite name##_suite;
#include "tests/kernel/list.h"
#undef SUITE

static const struct ktest_suite *const suites[] = {
#define SUITE(name) &name##_suite,
#include "tests/kernel/list.h"
#undef SUITE
};

/* A line as it is, without kprintf's time stamp and in spite of quiet: KTAP is for programs. */
static void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *fmt, ...)
{
	struct console *const *c;
	char line[MESSAGE_LEN];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	n = MIN(n, (int)sizeof(line) - 1);
	for (c = consoles; *c; c++) {
		if (!(*c)->present || !(*c)->kernel_log)
			continue;
		(*c)->write(*c, line, n);
		(*c)->write(*c, "\r\n", 2);
	}
}

void ktest_fail(struct ktest *t, const char *file, int line, const char *fmt, ...)
{
	char text[MESSAGE_LEN];
	va_list ap;

	t->failed = true;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say("# %s:%d: %s", file, line, text);
}

/* --- choosing --- */

/* A glob of '*' and '?'. */
static bool glob_match(const char *pattern, const char *s)
{
	for (; *pattern; pattern++, s++) {
		if (*pattern == '*') {
			do {
				if (glob_match(pattern + 1, s))
					return true;
			} while (*s++);
			return false;
		}
		if (!*s || (*pattern != '?' && *pattern != *s))
			return false;
	}
	return !*s;
}

/* "all", a suite's name, or a glob of suite.case. */
static bool chosen(const char *pattern, const struct ktest_suite *s, const struct ktest_case *c)
{
	char name[NAME_LEN];

	snprintf(name, sizeof(name), "%s.%s", s->name, c->name);
	return !strcmp(pattern, "all") || !strcmp(pattern, s->name) || glob_match(pattern, name);
}

static unsigned count_chosen(const char *pattern)
{
	const struct ktest_case *c;
	unsigned n = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		for (c = suites[i]->cases; c->name; c++)
			n += chosen(pattern, suites[i], c);
	return n;
}

/* --- leaks --- */

struct level {
	u64 pages, objects;
};

static void level_now(struct level *l)
{
	struct slab_cache *c = NULL;
	struct memory_totals m;

	dentry_shrink(~0UL);
	slab_shrink();
	memory_totals(&m);
	l->pages = m.free_pages + m.slab_pages;
	l->objects = 0;
	while ((c = slab_cache_next(c)))
		if (strcmp(slab_cache_name(c), "slab_cache"))
			l->objects += slab_in_use(c);
}

static bool level_is(const struct level *want)
{
	struct level now;

	level_now(&now);
	return now.pages == want->pages && now.objects == want->objects;
}

static void rest(void)
{
	wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic() + NSEC_PER_MSEC, false);
}

/* Waits a little for tasks that are still going. */
static void level_settle(const struct level *want)
{
	unsigned i;

	for (i = 0; i < SETTLE_ROUNDS && !level_is(want); i++)
		rest();
}

static void check_leaks(struct ktest *t, const struct level *before)
{
	struct level after;

	level_settle(before);
	level_now(&after);
	if (after.pages != before->pages)
		ktest_fail(t, __FILE__, __LINE__, "leak: %ld pages",
			   (s64)(before->pages - after.pages));
	if (after.objects != before->objects)
		ktest_fail(t, __FILE__, __LINE__, "leak: %ld slab objects",
			   (s64)(after.objects - before->objects));
}

/* Prints only what is broken. */
static void audit_line(void *sink, const char *line)
{
	if (!strncmp(line, "BROKEN", strlen("BROKEN")))
		ktest_fail(sink, __FILE__, __LINE__, "%s", line);
}

/* --- running --- */

static bool run_case(const struct ktest_suite *s, const struct ktest_case *c, unsigned number)
{
	struct ktest t = { .suite = s->name, .name = c->name };
	struct level before;

	level_now(&before);
	c->run(&t);
	check_leaks(&t, &before);
	audit_run(audit_line, &t);
	say("%s %u %s.%s%s%s", t.failed ? "not ok" : "ok", number, s->name, c->name,
		t.skip && !t.failed ? " # SKIP " : "", t.skip && !t.failed ? t.skip : "");
	return !t.failed;
}

unsigned ktest_run(const char *pattern)
{
	unsigned number = 0, failed = 0;
	const struct ktest_case *c;
	size_t i;

	rest();					/* other processors make their idle tasks */
	say("KTAP version 1");
	say("1..%u", count_chosen(pattern));
	for (i = 0; i < ARRAY_SIZE(suites); i++)
		for (c = suites[i]->cases; c->name; c++)
			if (chosen(pattern, suites[i], c))
				failed += !run_case(suites[i], c, ++number);
	return failed;
}
