// SPDX-License-Identifier: MIT
/* tests/fuzz/calls.c - chooses a call, makes it, and counts how it went.
 *
 * Rows of calls.h and specials are drawn by weight. One argument in
 * some is replaced by anything at all, and one call in many is of any number
 * with any arguments. What is under way stands on the board. */
#include "fuzz.h"

#define WILD_ARGUMENT 24	/* one in so many calls has one */
#define WILD_CALL 300		/* one in so many is wholly wild */
#define SPECIAL_SHARE 6		/* one in so many is a special */
#define NUMBERS 460

struct row {
	const char *name;
	short nr;
	short weight;
	gen_fn *args[CALL_ARGS];
};

/* CALL(name, weight, kinds...) with up to six kinds, each behind g_. */
#define KINDS(a, b, c, d, e, f, ...) { g_##a, g_##b, g_##c, g_##d, g_##e, g_##f }
#define ROW(name, weight, ...) \
	{ #name, __NR_##name, weight, KINDS(__VA_ARGS__, zero, zero, zero, zero, zero, zero) },
#define CALL(...) CALL_ROW(__VA_ARGS__, zero)
#define CALL_ROW(name, weight, ...) ROW(name, weight, __VA_ARGS__)
static const struct row rows[] = {
#include "calls.h"
};
#undef CALL

static const struct special specials[] = {
#define SPECIAL(name, weight) { #name, s_##name, weight },
#include "specials.h"
#undef SPECIAL
};

/* Calls that would end or block the whole rather than find something. */
static const short never[] = {
	__NR_reboot, __NR_rt_sigreturn, __NR_vfork, __NR_fork, __NR_clone, __NR_clone3, __NR_pause,
	__NR_exit_group, __NR_settimeofday, __NR_clock_settime, __NR_vhangup, __NR_adjtimex,
	__NR_clock_adjtime,
};

/* Make a call; what it is stands on the board meanwhile. */
long call6(struct fuzz *f, long nr, long a, long b, long c, long d, long e, long g)
{
	struct slot *slot = f->slot;
	long ret;

	slot->now[1] = a, slot->now[2] = b, slot->now[3] = c;
	slot->now[4] = d, slot->now[5] = e, slot->now[6] = g;
	slot->now[0] = nr;
	if (board->trace)
		say("T %d.%ld %s(%lx, %lx, %lx, %lx, %lx, %lx)\n", (int)(slot - board->slots),
		    sys_gettid(), call_name(nr), a, b, c, d, e, g);
	ret = sys(nr, a, b, c, d, e, g);
	slot->now[0] = -1;
	slot->done++;
	__atomic_fetch_add(&board->calls, 1, __ATOMIC_RELAXED);
	if (nr >= 0 && nr < CALL_MAX)
		(ret < 0 && ret >= -4095 ? board->bad : board->good)[nr]++;
	return ret;
}

const char *call_name(long nr)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (rows[i].nr == nr)
			return rows[i].name;
	}
	return "?";
}

static void call_row(struct fuzz *f, const struct row *row)
{
	long args[CALL_ARGS];

	for (unsigned i = 0; i < CALL_ARGS; i++)
		args[i] = row->args[i](f);
	if (chance(f, WILD_ARGUMENT))
		args[below(f, CALL_ARGS)] = g_wild(f);
	if (row->nr == __NR_exit && !f->thread)
		return;
	call(f, row->nr, args[0], args[1], args[2], args[3], args[4], args[5]);
}

static void call_wild(struct fuzz *f)
{
	long nr = below(f, NUMBERS);

	for (size_t i = 0; i < LENGTH(never); i++) {
		if (never[i] == nr)
			return;
	}
	if (nr == __NR_exit)
		return;
	call(f, nr, g_wild(f), g_wild(f), g_wild(f), g_wild(f), g_wild(f), g_wild(f));
}

static unsigned weight_of_rows(void)
{
	static unsigned total;
	unsigned sum = 0;

	if (total)
		return total;
	for (size_t i = 0; i < LENGTH(rows); i++)
		sum += rows[i].weight;
	return total = sum;
}

static void one_special(struct fuzz *f)
{
	unsigned total = 0, at;

	for (size_t i = 0; i < LENGTH(specials); i++)
		total += specials[i].weight;
	at = below(f, total);
	for (size_t i = 0; i < LENGTH(specials); i++) {
		if (at < specials[i].weight) {
			specials[i].run(f);
			return;
		}
		at -= specials[i].weight;
	}
}

/* One random thing. */
void fuzz_one(struct fuzz *f)
{
	unsigned at;

	if (chance(f, SPECIAL_SHARE)) {
		one_special(f);
		return;
	}
	if (chance(f, WILD_CALL)) {
		call_wild(f);
		return;
	}
	at = below(f, weight_of_rows());
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (at < (unsigned)rows[i].weight) {
			call_row(f, &rows[i]);
			return;
		}
		at -= rows[i].weight;
	}
}

void fuzz_some(struct fuzz *f, unsigned count)
{
	while (count-- > 0)
		fuzz_one(f);
}

/* How often each call succeeded and failed; all, or those that never did. */
void calls_report(bool all)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		short nr = rows[i].nr;

		if (i > 0 && rows[i - 1].nr == nr)
			continue;
		if (all || (!board->good[nr] && board->bad[nr] > 50))
			say("count %s good %u bad %u\n", rows[i].name, board->good[nr],
			    board->bad[nr]);
	}
}
