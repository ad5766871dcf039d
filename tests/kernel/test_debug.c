// SPDX-License-Identifier: MIT
/* tests/kernel/test_debug.c - the checks of a debug build: each is provoked, and must report.
 *
 * Properties:
 *   - memory: a word past the end, a second free and a write after free are found, in an object at
 *     once or when it leaves the quarantine, in a frame when it is handed out
 *   - what was freed does not come back at once
 *   - locks: an order turned around is found without two tasks, directly or by way of others; two
 *     of one class against their addresses; one held at the way out; a sleep in an interrupt
 *   - C: a shift too wide is found
 * In other builds all are skipped. */
#include "kernel/ktest.h"
#include "kernel/lock_order.h"
#include "kernel/task.h"
#include "kernel/time.h"
#include "kernel/wait.h"
#include "lib/config.h"
#include "lib/debug.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define OBJECT_SIZE 40
#define POISON_OBJECT 0x6b
#define POISON_FRAME 0x6c
#define WORD_BITS 32

struct lock_set {
	struct mutex first, second, third;
	struct mutex pair[2];
};

static bool no_debug(struct ktest *t)
{
	if (!OPT_DEBUG)
		ktest_skip(t, "not a debug build");
	return !OPT_DEBUG;
}

/* The compiler shall not see what is done to freed memory. */
static u8 *hidden(void *p)
{
	asm volatile("" : "+r"(p));
	return p;
}

static void write_past_the_end(struct ktest *t)
{
	u8 *p = hidden(kmalloc(OBJECT_SIZE));

	if (OPT_DEBUG)
		p[kmalloc_usable(p)]++;
	debug_expect("kmalloc-64: written past the end");
	kfree(p);
	KEXPECT_EQ(t, debug_expect_met(), OPT_DEBUG);
	no_debug(t);
}

static void second_free(struct ktest *t)
{
	void *p = kmalloc(OBJECT_SIZE);

	kfree(p);
	if (no_debug(t))
		return;
	debug_expect("kmalloc-64: object");
	kfree(hidden(p));
	KEXPECT(t, debug_expect_met());
}

static void write_after_free(struct ktest *t)
{
	u8 *p = hidden(kmalloc(OBJECT_SIZE));

	kfree(p);
	if (no_debug(t))
		return;
	hidden(p)[9] = 1;
	debug_expect("written at +9 after free");
	slab_shrink();
	KEXPECT(t, debug_expect_met());
	hidden(p)[9] = POISON_OBJECT;
}

static void freed_object_rests(struct ktest *t)
{
	u8 *p = kmalloc(OBJECT_SIZE), *q;

	kfree(p);
	if (no_debug(t))
		return;
	q = kmalloc(OBJECT_SIZE);
	KEXPECT(t, q != hidden(p));
	KEXPECT_EQ(t, hidden(p)[OBJECT_SIZE - 1], POISON_OBJECT);
	kfree(q);
}

static void write_to_free_frame(struct ktest *t)
{
	struct frame *f = frame_alloc(FRAME_KERNEL, 0, 0), *again;
	u8 *page = frame_data(f);

	frame_put(f);
	if (no_debug(t))
		return;
	hidden(page)[100] = 1;
	debug_expect("written at +100 after free");
	again = frame_alloc(FRAME_KERNEL, 0, 0);
	KEXPECT(t, debug_expect_met());
	KEXPECT(t, again == f);		/* the one that came back last goes first */
	hidden(page)[100] = POISON_FRAME;
	frame_put(again);
}

/* Each mutex its own line: a class of its own. The pair is of one class. */
static void locks_init(struct lock_set *s)
{
	mutex_init(&s->first);
	mutex_init(&s->second);
	mutex_init(&s->third);
	for (size_t i = 0; i < ARRAY_SIZE(s->pair); i++)
		mutex_init(&s->pair[i]);
}

static __attribute__((noinline)) void both(struct mutex *outer, struct mutex *inner)
{
	mutex_lock(outer);
	mutex_lock(inner);
	mutex_unlock(inner);
	mutex_unlock(outer);
}

static void lock_order_turned(struct ktest *t)
{
	struct lock_set s;

	locks_init(&s);
	both(&s.first, &s.second);
	both(&s.first, &s.second);
	if (no_debug(t))
		return;
	debug_expect("held since both; the other way round in both");
	both(&s.second, &s.first);
	KEXPECT(t, debug_expect_met());
	both(&s.second, &s.third);
	debug_expect("several steps");
	both(&s.third, &s.first);
	KEXPECT(t, debug_expect_met());
}

static void locks_of_one_class(struct ktest *t)
{
	struct lock_set s;

	locks_init(&s);
	both(&s.pair[0], &s.pair[1]);
	if (no_debug(t))
		return;
	debug_expect("lock order: tests/kernel/test_debug.c: &s->pair[i]");
	both(&s.pair[1], &s.pair[0]);
	KEXPECT(t, debug_expect_met());
}

static void lock_held_at_the_end(struct ktest *t)
{
	struct lock_set s;

	locks_init(&s);
	mutex_lock(&s.first);
	debug_expect("way out: tests/kernel/test_debug.c: &s->first is held");
	lock_order_none_held("way out");
	KEXPECT_EQ(t, debug_expect_met(), OPT_DEBUG);
	mutex_unlock(&s.first);
	lock_order_none_held("way out");
}

static void sleep_in_interrupt(struct ktest *t)
{
	if (no_debug(t))
		return;
	no_sleep_begin();
	debug_expect("may sleep in an interrupt: wait");
	wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic(), false);
	no_sleep_end();
	KEXPECT(t, debug_expect_met());
}

static void undefined_shift(struct ktest *t)
{
	u32 bits = WORD_BITS, one = 1;

	if (no_debug(t))
		return;
	asm volatile("" : "+r"(bits));
	debug_expect("undefined behaviour: shift");
	one <<= bits;
	asm volatile("" : : "r"(one));
	KEXPECT(t, debug_expect_met());
}

static const struct ktest_case cases[] = {
	KCASE(write_past_the_end),
	KCASE(second_free),
	KCASE(write_after_free),
	KCASE(freed_object_rests),
	KCASE(write_to_free_frame),
	KCASE(lock_order_turned),
	KCASE(locks_of_one_class),
	KCASE(lock_held_at_the_end),
	KCASE(sleep_in_interrupt),
	KCASE(undefined_shift),
	{},
};

const struct ktest_suite debug_suite = { "debug", cases };
