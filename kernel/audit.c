// SPDX-License-Identifier: MIT
/* kernel/audit.c - runs the audits of kernel/audits.h and prints their findings.
 *
 * Each audit walks the objects of its room and recomputes what is kept about them, so that what
 * a namespace left behind is found (EXT-AUDIT-02); nothing sleeps meanwhile, so that what it sees
 * belongs together.
 *
 * With audit=N on the command line kernel/entry.c makes system calls another way: all audits run
 * before and after every Nth, and the first that breaks an invariant is named by a panic. What was
 * broken "before" a call, with audit=1, was so by what ran since the last one: a fault, an
 * interrupt, an exit, or the rest of a call that slept. Without audit=N nothing of it is on the
 * way of a call.
 * Locks: BKL. See kernel/audit.h, DESIGN 5. */

#include "kernel/audit.h"

#include "boot/cmdline.h"
#include "drivers/console.h"
#include "kernel/syscall.h"
#include "lib/print.h"

#define LINE_MAX_LEN 200
#define OBJECT_MAX_LEN 96

#define AUDIT(name, fn) void fn(struct audit *a);
#include "kernel/audits.h"
#undef AUDIT

struct audit_row {
	const char *name;
	void (*run)(struct audit *a);
};
static const struct audit_row rows[] = {
#define AUDIT(name, fn) { #name, fn },
#include "kernel/audits.h"
#undef AUDIT
};

#define HOLDER(fn) void fn(enum held_kind kind, void (*found)(void *object));
#include "kernel/holders.h"
#undef HOLDER

void audit_held(enum held_kind kind, void (*found)(void *object))
{
#define HOLDER(fn) fn(kind, found);
#include "kernel/holders.h"
#undef HOLDER
}

void audit_broken(struct audit *a, u64 kept, u64 found, const char *object_fmt, ...)
{
	char object[OBJECT_MAX_LEN], line[LINE_MAX_LEN];
	va_list ap;

	a->broken++;
	va_start(ap, object_fmt);
	vsnprintf(object, sizeof(object), object_fmt, ap);
	va_end(ap);
	snprintf(line, sizeof(line), "BROKEN %s %s: kept %lu, found %lu", a->name, object, kept,
		 found);
	a->print(a->sink, line);
}

static u64 audit_one(const struct audit_row *row, void (*print)(void *, const char *), void *sink)
{
	struct audit a = { .name = row->name, .print = print, .sink = sink };
	char line[LINE_MAX_LEN];

	row->run(&a);
	if (!a.broken) {
		snprintf(line, sizeof(line), "ok %s checked %lu objects", a.name, a.checked);
		print(sink, line);
	}
	return a.broken;
}

u64 audit_run(void (*print)(void *sink, const char *line), void *sink)
{
	u64 broken = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		broken += audit_one(&rows[i], print, sink);
	print(sink, broken ? "audit broken" : "audit ok");
	return broken;
}

/* --- audit=N --- */

static void audit_complain(void *sink, const char *line)
{
	(void)sink;
	if (strncmp(line, "BROKEN", strlen("BROKEN")))
		return;
	console_quiet = false;
	kprintf("%s\n", line);
}

bool audit_due(void)
{
	static u64 calls;

	return ++calls % boot_options.audit == 0;
}

void audit_at_call(const char *when, u64 nr)
{
	const char *name = nr < syscall_count ? syscalls[nr].name : NULL;

	if (audit_run(audit_complain, NULL))
		panic("audit broken %s call %s (%lu) of %s[%d]", when, name ? name : "?", nr,
		      current->comm, pid_nr(current->pid));
}
