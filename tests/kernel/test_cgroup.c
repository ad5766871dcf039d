// SPDX-License-Identifier: MIT
/* tests/kernel/test_cgroup.c - control groups: the tree, controllers, migration, counters.
 *
 * Properties:
 *   - page counters: a charge is made to all ancestors or to none; peaks, failures, margins are
 *     exact
 *   - protection: what children claim of their parent's is shared by claim, the rest by usage
 *   - the parser takes what Linux takes, and nothing else
 *   - a cgroup made and removed leaves every count as it was, also when memory fails at any step
 *   - a change of control that fails at any step leaves no css behind
 *   - tasks take their charges along; a controller sees each task once
 *   - paths are printed from any root; a walk meets parents before children, each once */
#include "arch/machine.h"
#include "cgroup/cgroup.h"
#include "kernel/ktest.h"
#include "kernel/sched.h"
#include "lib/page_counter.h"
#include "lib/print.h"
#include "mm/slab.h"

#define CHAIN 16
#define OTHER_LEAF (CHAIN - 1)
#define OWED_MAX 90
#define OWED_STEPS 4000
#define SETTLE_NSEC (2 * NSEC_PER_MSEC)
#define STEPS_MAX 64

/* --- page counters --- */

static void counters_chain(struct page_counter *c, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		page_counter_init(&c[i], i ? &c[i - 1] : NULL);
}

static void charges_all_or_none(struct ktest *t)
{
	struct page_counter c[CHAIN], *failed = NULL;

	counters_chain(c, CHAIN);
	KEXPECT_EQ(t, page_counter_set_max(&c[3], 10), 0);
	KEXPECT_EQ(t, page_counter_try_charge(&c[CHAIN - 1], 7, &failed), 0);
	for (unsigned i = 0; i < CHAIN; i++)
		KEXPECT_EQ(t, c[i].usage, 7);
	KEXPECT_EQ(t, page_counter_try_charge(&c[CHAIN - 1], 4, &failed), -ENOMEM);
	KEXPECT(t, failed == &c[3]);
	for (unsigned i = 0; i < CHAIN; i++) {
		KEXPECT_EQ(t, c[i].usage, 7);
		KEXPECT_EQ(t, c[i].peak, 7);
		KEXPECT_EQ(t, c[i].failcnt, i == 3);
	}
	KEXPECT_EQ(t, page_counter_try_charge(&c[CHAIN - 1], 3, &failed), 0);
	KEXPECT_EQ(t, c[0].peak, 10);
	page_counter_uncharge(&c[CHAIN - 1], 10);
	KEXPECT_EQ(t, page_counter_usage(&c[0]), 0);
	KEXPECT_EQ(t, c[0].peak, 10);
	page_counter_reset_peak(&c[0]);
	KEXPECT_EQ(t, c[0].peak, 0);
}

/* The same counted by a walk each time, for a chain whose last hangs off its second. */
struct plain { s64 usage, peak; };

static void plain_charge(struct plain *p, unsigned leaf, s64 pages)
{
	for (unsigned i = leaf; ; i = i == OTHER_LEAF ? 1 : i - 1) {
		p[i].usage += pages;
		p[i].peak = MAX(p[i].usage, p[i].peak);
		if (!i)
			return;
	}
}

static void owed_charges_are_exact(struct ktest *t)
{
	struct page_counter c[CHAIN], *failed = NULL;
	struct plain plain[CHAIN] = { 0 };
	u64 random = 1;

	counters_chain(c, CHAIN);
	c[OTHER_LEAF].parent = &c[1];
	c[0].high = OWED_MAX / 2;
	KEXPECT_EQ(t, page_counter_set_max(&c[2], OWED_MAX), 0);
	for (unsigned step = 0; step < OWED_STEPS; step++) {
		unsigned leaf = random >> 40 & 7 ? OTHER_LEAF - 1 : OTHER_LEAF;
		s64 pages = random >> 33 & 3;

		random = random * 6364136223846793005 + 1442695040888963407;
		if (random >> 60 < 7) {
			pages = MIN(pages, plain[leaf].usage);
			page_counter_uncharge(&c[leaf], pages);
			plain_charge(plain, leaf, -pages);
		} else if (page_counter_charge_again(&c[leaf], pages) ||
			   !page_counter_try_charge(&c[leaf], pages, &failed)) {
			plain_charge(plain, leaf, pages);
		} else {
			KEXPECT(t, failed == &c[2] && plain[2].usage + pages > OWED_MAX);
		}
		KEXPECT(t, plain[2].usage <= OWED_MAX);
		for (unsigned i = 0; i < CHAIN && step % 5 == 0; i++) {
			KEXPECT_EQ(t, page_counter_usage(&c[i]), (u64)plain[i].usage);
			KEXPECT_EQ(t, c[i].peak, (u64)plain[i].peak);
		}
	}
	KEXPECT_EQ(t, plain[2].peak, OWED_MAX);
	page_counter_settle();
}

static void charge_ignores_limits(struct ktest *t)
{
	struct page_counter c[3];

	counters_chain(c, 3);
	KEXPECT_EQ(t, page_counter_set_max(&c[1], 2), 0);
	page_counter_charge(&c[2], 5);
	KEXPECT_EQ(t, c[1].usage, 5);
	KEXPECT_EQ(t, page_counter_margin(&c[2]), 0);
	KEXPECT_EQ(t, page_counter_set_max(&c[1], 4), -EBUSY);
	KEXPECT_EQ(t, c[1].max, 2);
	KEXPECT_EQ(t, page_counter_set_max(&c[1], 9), 0);
	KEXPECT_EQ(t, page_counter_margin(&c[2]), 4);
	c[0].high = 4;		/* margin has settled */
	KEXPECT(t, page_counter_above_high(&c[2]) == &c[0]);
	page_counter_uncharge(&c[2], 1);
	KEXPECT(t, !page_counter_above_high(&c[2]));
}

static void protection_is_shared(struct ktest *t)
{
	struct page_counter root, top, a, b;

	page_counter_init(&root, NULL);
	page_counter_init(&top, &root);
	page_counter_init(&a, &top);
	page_counter_init(&b, &top);
	page_counter_set_min(&top, 50);
	page_counter_set_min(&a, 75);
	page_counter_set_min(&b, 25);
	page_counter_charge(&a, 75);
	page_counter_charge(&b, 25);
	KEXPECT_EQ(t, top.children_min_usage, 100);
	page_counter_protect(&root, &top, false);
	page_counter_protect(&root, &a, false);
	page_counter_protect(&root, &b, false);
	KEXPECT_EQ(t, top.emin, 50);
	KEXPECT_EQ(t, a.emin, 37);
	KEXPECT_EQ(t, b.emin, 12);
	page_counter_uncharge(&a, 50);
	KEXPECT_EQ(t, top.children_min_usage, 50);
	page_counter_protect(&root, &a, false);
	KEXPECT_EQ(t, a.emin, 25);
	page_counter_set_min(&a, 0);
	page_counter_protect(&root, &a, false);
	KEXPECT_EQ(t, a.emin, 0);
	page_counter_protect(&root, &a, true);
	KEXPECT_EQ(t, a.emin, 25);
	page_counter_uncharge(&a, 25);
	page_counter_uncharge(&b, 25);
	KEXPECT_EQ(t, top.children_min_usage, 0);
}

/* --- the parser --- */

static void numbers_are_parsed(struct ktest *t)
{
	static const struct {
		const char *text;
		int err;
		s64 value;
	} rows[] = {
		{ "0", 0, 0 }, { "42\n", 0, 42 }, { "+7", 0, 7 }, { "-7", 0, -7 },
		{ "0x1F", 0, 31 }, { "017", 0, 15 }, { "9223372036854775807", 0, INT64_MAX },
		{ "-9223372036854775808", 0, INT64_MIN },
		{ "9223372036854775808", -ERANGE, 0 }, { "99999999999999999999x", -ERANGE, 0 },
		{ "", -EINVAL, 0 }, { "\n", -EINVAL, 0 }, { "1\n\n", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 }, { "1 ", -EINVAL, 0 }, { "--1", -EINVAL, 0 },
		{ "-+1", -EINVAL, 0 }, { "0x", -EINVAL, 0 }, { "08", -EINVAL, 0 },
	};
	s64 value;

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		KEXPECT_EQ(t, parse_s64(rows[i].text, &value), rows[i].err);
		if (!rows[i].err)
			KEXPECT_EQ(t, value, rows[i].value);
	}
}

static void sizes_are_parsed(struct ktest *t)
{
	static const struct {
		const char *text;
		int err;
		u64 pages;
	} rows[] = {
		{ " max\n", 0, PAGE_COUNTER_MAX }, { "4096", 0, 1 }, { "4095", 0, 0 },
		{ "8191", 0, 1 }, { "1M", 0, 256 }, { "2g\n", 0, 524288 }, { "0", 0, 0 },
		{ "16E", 0, 0 }, { "9223372036854775807", 0, PAGE_COUNTER_MAX },
		{ "1MB", -EINVAL, 0 }, { "-1", -EINVAL, 0 }, { "many", -EINVAL, 0 },
		{ "1 M", -EINVAL, 0 },
	};
	char text[32];
	u64 pages;

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		strcpy(text, rows[i].text);
		KEXPECT_EQ(t, parse_pages(text, &pages), rows[i].err);
		if (!rows[i].err)
			KEXPECT_EQ(t, pages, rows[i].pages);
	}
}

static void words_are_split(struct ktest *t)
{
	char text[] = "  one two   three ", *rest = text, *word;
	static const char *const want[] = { "one", "two", "three" };
	unsigned n = 0;

	while ((word = parse_word(&rest))) {
		KEXPECT(t, n < ARRAY_SIZE(want) && !strcmp(word, want[n]));
		n++;
	}
	KEXPECT_EQ(t, n, ARRAY_SIZE(want));
}

/* --- the tree --- */

static struct cgroup *make(struct ktest *t, struct cgroup *parent, const char *name)
{
	struct cgroup *cg = NULL;

	KEXPECT_EQ(t, cgroup_create(parent, name, &cg), 0);
	return cg;
}

static void made_and_removed(struct ktest *t)
{
	struct cgroup *root = unified.root, *a = make(t, root, "a"), *b = make(t, a, "b");
	u64 nr = unified.nr_cgroups;

	KEXPECT_EQ(t, root->nr_descendants, 2);
	KEXPECT_EQ(t, a->nr_children, 1);
	KEXPECT_EQ(t, b->level, 2);
	KEXPECT(t, cgroup_is_ancestor(root, b) && cgroup_is_ancestor(b, b));
	KEXPECT(t, !cgroup_is_ancestor(b, a));
	KEXPECT_EQ(t, cgroup_remove(a), -EBUSY);
	KEXPECT_EQ(t, cgroup_remove(b), 0);
	KEXPECT_EQ(t, cgroup_remove(a), 0);
	KEXPECT_EQ(t, root->nr_descendants, 0);
	KEXPECT_EQ(t, root->nr_dying, 0);
	KEXPECT_EQ(t, unified.nr_cgroups, nr - 2);
}

static void pinned_is_dying(struct ktest *t)
{
	struct cgroup *root = unified.root, *a = make(t, root, "a"), *b = make(t, a, "b");

	cgroup_pin(b);
	KEXPECT_EQ(t, cgroup_remove(b), 0);
	KEXPECT_EQ(t, cgroup_remove(a), 0);
	KEXPECT_EQ(t, root->nr_dying, 2);
	KEXPECT_EQ(t, root->nr_descendants, 0);
	cgroup_unpin(b);
	KEXPECT_EQ(t, root->nr_dying, 0);
}

static void path_is(struct ktest *t, const struct cgroup *cg, const struct cgroup *root,
		    const char *want)
{
	char buf[64];

	KEXPECT_EQ(t, cgroup_path(cg, root, buf, sizeof(buf)), strlen(want));
	KEXPECT(t, !strcmp(buf, want));
}

static void paths_from_anywhere(struct ktest *t)
{
	struct cgroup *root = unified.root, *a = make(t, root, "a"), *b = make(t, a, "b"),
		      *c = make(t, root, "c");
	char small[4];

	path_is(t, root, root, "/");
	path_is(t, b, root, "/a/b");
	path_is(t, b, a, "/b");
	path_is(t, b, b, "/");
	path_is(t, a, b, "/..");
	path_is(t, c, b, "/../../c");
	path_is(t, root, b, "/../..");
	KEXPECT_EQ(t, cgroup_path(b, root, small, sizeof(small)), -ENAMETOOLONG);
	cgroup_remove(b);
	cgroup_remove(a);
	cgroup_remove(c);
}

static void walks_meet_all_once(struct ktest *t)
{
	struct cgroup *root = unified.root, *cg[6], *at = NULL;
	unsigned n = 0;

	cg[0] = make(t, root, "top");
	cg[1] = make(t, cg[0], "x");
	cg[2] = make(t, cg[1], "y");
	cg[3] = make(t, cg[1], "z");
	cg[4] = make(t, cg[0], "u");
	cg[5] = make(t, root, "outside");
	while ((at = cgroup_next(at, cg[0]))) {
		KEXPECT(t, n < 5 && at == cg[n]);
		n++;
	}
	KEXPECT_EQ(t, n, 5);
	while (n-- > 1)
		KEXPECT_EQ(t, cgroup_remove(cg[n]), 0);
	KEXPECT_EQ(t, cgroup_remove(cg[0]), 0);
	KEXPECT_EQ(t, cgroup_remove(cg[5]), 0);
}

/* --- memory fails --- */

static void alloc_fail_from(u64 step)
{
	alloc_fail_task = current;
	alloc_fail_at = step;
}

static void alloc_fail_off(void)
{
	alloc_fail_at = 0;
	alloc_fail_task = NULL;
}

static void mkdir_without_memory(struct ktest *t)
{
	struct cgroup *root = unified.root, *cg = NULL;
	u32 pins = root->pins;
	u64 step = 1;
	int err;

	KEXPECT_EQ(t, cgroup_set_control(root, BIT(CTL_PIDS), 0), 0);
	do {
		alloc_fail_from(step);
		err = cgroup_create(root, "a name that is not too short", &cg);
		alloc_fail_off();
		if (err) {
			KEXPECT_EQ(t, err, -ENOMEM);
			KEXPECT_EQ(t, root->pins, pins);
			KEXPECT_EQ(t, root->nr_descendants, 0);
			KEXPECT_EQ(t, root->nr_dying, 0);
		}
	} while (err && step++ < STEPS_MAX);
	KEXPECT(t, step > 2 && !err);
	KEXPECT_EQ(t, cgroup_remove(cg), 0);
	KEXPECT_EQ(t, cgroup_set_control(root, 0, BIT(CTL_PIDS)), 0);
}

static void control_without_memory(struct ktest *t)
{
	struct cgroup *root = unified.root, *a = make(t, root, "a"), *b = make(t, root, "b");
	u64 step = 1;
	int err;

	do {
		alloc_fail_from(step);
		err = cgroup_set_control(root, BIT(CTL_PIDS), 0);
		alloc_fail_off();
		if (err) {
			KEXPECT_EQ(t, root->subtree_control, 0);
			KEXPECT(t, !a->css[CTL_PIDS] && !b->css[CTL_PIDS]);
			KEXPECT(t, a->ecss[CTL_PIDS] == root->css[CTL_PIDS]);
		}
	} while (err && step++ < STEPS_MAX);
	KEXPECT(t, step > 1 && !err);
	KEXPECT(t, a->css[CTL_PIDS] && b->css[CTL_PIDS]);
	KEXPECT_EQ(t, cgroup_set_control(root, 0, BIT(CTL_PIDS)), 0);
	KEXPECT(t, !a->css[CTL_PIDS]);
	cgroup_remove(a);
	cgroup_remove(b);
}

/* --- tasks --- */

static void sleeper(void *arg)
{
	struct waitqueue *q = arg;

	wait_once(q, WAIT_UNINTERRUPTIBLE, WAIT_FOREVER, false);
}

static void settle(void)
{
	struct waitqueue nothing;

	waitqueue_init(&nothing);
	wait_once(&nothing, WAIT_UNINTERRUPTIBLE, clock_nsec() + SETTLE_NSEC, false);
}

static void tasks_take_charges_along(struct ktest *t)
{
	struct cgroup *root = unified.root, *a = make(t, root, "a"), *b = make(t, a, "b");
	struct waitqueue q;
	struct task *task;

	waitqueue_init(&q);
	task = kthread_create("sleeper", sleeper, &q);
	KEXPECT(t, task && task_cgroup(task, &unified) == root);
	task_get(task);
	settle();
	KEXPECT_EQ(t, cgroup_attach_task(b, task, true), 0);
	KEXPECT_EQ(t, b->nr_members, 1);
	KEXPECT(t, cgroup_is_populated(a) && !cgroup_has_tasks(a));
	KEXPECT_EQ(t, cgroup_set_control(root, BIT(CTL_PIDS), 0), 0);
	KEXPECT(t, task_css(task, CTL_PIDS) == a->css[CTL_PIDS]);
	KEXPECT_EQ(t, cgroup_set_control(a, BIT(CTL_PIDS), 0), 0);
	KEXPECT(t, task_css(task, CTL_PIDS) == b->css[CTL_PIDS]);
	KEXPECT_EQ(t, cgroup_set_control(root, 0, BIT(CTL_PIDS)), -EBUSY);
	KEXPECT_EQ(t, cgroup_set_control(a, 0, BIT(CTL_PIDS)), 0);
	KEXPECT_EQ(t, cgroup_attach_task(root, task, true), 0);
	KEXPECT(t, !cgroup_is_populated(a));
	KEXPECT_EQ(t, cgroup_set_control(root, 0, BIT(CTL_PIDS)), 0);
	wake_all(&q);
	settle();
	KEXPECT(t, !task->cgroups);
	task_put(task);
	cgroup_remove(b);
	cgroup_remove(a);
}

/* A kernel thread does not freeze, and its cgroup is not frozen while it is there. */
static void kernel_threads_do_not_freeze(struct ktest *t)
{
	struct cgroup *a = make(t, unified.root, "a"), *b = make(t, a, "b");
	struct waitqueue q;
	struct task *task;

	waitqueue_init(&q);
	task = kthread_create("sleeper", sleeper, &q);
	task_get(task);
	settle();
	cgroup_set_freeze(a, true);
	KEXPECT(t, a->frozen && b->frozen);
	KEXPECT_EQ(t, cgroup_attach_task(b, task, true), 0);
	KEXPECT(t, !a->frozen && !b->frozen);
	KEXPECT_EQ(t, cgroup_attach_task(unified.root, task, true), 0);
	KEXPECT(t, a->frozen && b->frozen);
	cgroup_set_freeze(a, false);
	KEXPECT(t, !a->frozen && !b->frozen);
	wake_all(&q);
	settle();
	task_put(task);
	cgroup_remove(b);
	cgroup_remove(a);
}

static const struct ktest_case cases[] = {
	KCASE(charges_all_or_none),
	KCASE(owed_charges_are_exact),
	KCASE(charge_ignores_limits),
	KCASE(protection_is_shared),
	KCASE(numbers_are_parsed),
	KCASE(sizes_are_parsed),
	KCASE(words_are_split),
	KCASE(made_and_removed),
	KCASE(pinned_is_dying),
	KCASE(paths_from_anywhere),
	KCASE(walks_meet_all_once),
	KCASE(mkdir_without_memory),
	KCASE(control_without_memory),
	KCASE(tasks_take_charges_along),
	KCASE(kernel_threads_do_not_freeze),
	{},
};

const struct ktest_suite cgroup_suite = { "cgroup", cases };
