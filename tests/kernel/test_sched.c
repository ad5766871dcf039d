// SPDX-License-Identifier: MIT
/* tests/kernel/test_sched.c - waiting, waking, timers, mutexes, and whose turn it is.
 *
 * Properties:
 *   - a sleep until a deadline ends there, and no earlier
 *   - a wake-up before the deadline is told apart from the deadline
 *   - exclusive waiters are woken one at a time, in the order in which they came
 *   - waiters that are not exclusive all wake
 *   - a mutex lets one in at a time, and those who wait get in in turn
 *   - timers fire in the order of their deadlines; a cancelled one does not
 *   - a task that yields lets the others run
 *   - of two tasks that are always runnable the heavier one gets more turns of virtual time
 *   - a task runs only on the CPUs it may run on */
#include "kernel/ktest.h"
#include "kernel/sched.h"
#include "kernel/time.h"
#include "kernel/wait.h"

#define WORKERS 4
#define SHORT_NSEC (2 * NSEC_PER_MSEC)
#define LATE_ROUNDS 1000
#define LONG_NSEC  (500 * NSEC_PER_MSEC)

struct order {
	struct waitqueue queue, done;
	struct mutex lock;
	int started, finished, inside, most_inside;
	int who[WORKERS];
};

struct worker {
	struct order *o;
	int id;
};

static void order_init(struct order *o)
{
	memset(o, 0, sizeof(*o));
	waitqueue_init(&o->queue);
	waitqueue_init(&o->done);
	mutex_init(&o->lock);
}

static void worker_done(struct worker *w)
{
	w->o->who[w->o->finished++] = w->id;
	wake_all(&w->o->done);
}

static void start_workers(struct order *o, struct worker *w, void (*fn)(void *))
{
	for (int i = 0; i < WORKERS; i++) {
		w[i] = (struct worker){ o, i };
		kthread_create("ktest", fn, &w[i]);
		while (o->started <= i)
			wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic() + SHORT_NSEC, false);
	}
}

static void wait_finished(struct order *o, int n)
{
	u64 limit = time_monotonic() + LONG_NSEC;

	wait_event_mode(&o->done, o->finished >= n, WAIT_UNINTERRUPTIBLE, limit);
}

static void sleep_ends_at_its_deadline(struct ktest *t)
{
	u64 before = time_monotonic();
	int err = wait_once(NULL, WAIT_UNINTERRUPTIBLE, before + SHORT_NSEC, false);

	KEXPECT_EQ(t, err, -ETIMEDOUT);
	KEXPECT(t, time_monotonic() >= before + SHORT_NSEC);
}

static void waker(void *arg)
{
	struct worker *w = arg;

	wake_all(&w->o->queue);
	worker_done(w);
}

static void wake_comes_before_deadline(struct ktest *t)
{
	struct order o;
	struct worker w = { &o, 0 };
	int err;

	order_init(&o);
	kthread_create("ktest", waker, &w);
	err = wait_once(&o.queue, WAIT_UNINTERRUPTIBLE, time_monotonic() + LONG_NSEC, false);
	KEXPECT_EQ(t, err, 0);
	wait_finished(&o, 1);
}

static void exclusive_sleeper(void *arg)
{
	struct worker *w = arg;

	w->o->started++;
	wait_once(&w->o->queue, WAIT_UNINTERRUPTIBLE, WAIT_FOREVER, true);
	worker_done(w);
}

static void exclusive_waiters_wake_in_turn(struct ktest *t)
{
	struct worker w[WORKERS];
	struct order o;

	order_init(&o);
	start_workers(&o, w, exclusive_sleeper);
	for (int i = 0; i < WORKERS; i++) {
		wake_one(&o.queue);
		wait_finished(&o, i + 1);
		KEXPECT_EQ(t, o.finished, i + 1);
		KEXPECT_EQ(t, o.who[i], i);
	}
	KEXPECT(t, !waitqueue_active(&o.queue));
}

static void shared_sleeper(void *arg)
{
	struct worker *w = arg;

	w->o->started++;
	wait_once(&w->o->queue, WAIT_UNINTERRUPTIBLE, WAIT_FOREVER, false);
	worker_done(w);
}

static void shared_waiters_all_wake(struct ktest *t)
{
	struct worker w[WORKERS];
	struct order o;

	order_init(&o);
	start_workers(&o, w, shared_sleeper);
	wake_one(&o.queue);
	wait_finished(&o, WORKERS);
	KEXPECT_EQ(t, o.finished, WORKERS);
}

static void mutex_worker(void *arg)
{
	struct worker *w = arg;
	struct order *o = w->o;

	o->started++;
	mutex_lock(&o->lock);
	o->inside++;
	o->most_inside = MAX(o->most_inside, o->inside);
	wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic() + SHORT_NSEC, false);
	o->inside--;
	mutex_unlock(&o->lock);
	worker_done(w);
}

static void mutex_lets_in_one_at_a_time(struct ktest *t)
{
	struct worker w[WORKERS];
	struct order o;

	order_init(&o);
	mutex_lock(&o.lock);
	start_workers(&o, w, mutex_worker);
	KEXPECT_EQ(t, o.inside, 0);
	mutex_unlock(&o.lock);
	wait_finished(&o, WORKERS);
	KEXPECT_EQ(t, o.finished, WORKERS);
	KEXPECT_EQ(t, o.most_inside, 1);
	for (int i = 0; i < WORKERS; i++)
		KEXPECT_EQ(t, o.who[i], i);
}

struct test_timer {
	struct timer timer;
	struct order *o;
	int id;
};

static void test_timer_fire(struct timer *t)
{
	struct test_timer *tt = container_of(t, struct test_timer, timer);

	tt->o->who[tt->o->finished++] = tt->id;
}

static void timers_fire_in_order(struct ktest *t)
{
	struct test_timer timers[WORKERS];
	u64 now = time_monotonic();
	struct order o;

	order_init(&o);
	for (int i = 0; i < WORKERS; i++) {
		timer_init(&timers[i].timer, test_timer_fire);
		timers[i].o = &o;
		timers[i].id = i;
		timer_arm(&timers[i].timer, now + SHORT_NSEC * (WORKERS - i));
	}
	KEXPECT(t, timer_cancel(&timers[1].timer));
	KEXPECT(t, !timer_cancel(&timers[1].timer));
	/* However late the host lets this processor run. */
	for (int i = 0; i < LATE_ROUNDS && o.finished < WORKERS - 1; i++)
		wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic() + SHORT_NSEC, false);
	for (int i = 0; i < WORKERS; i++)
		timer_cancel(&timers[i].timer);
	KEXPECT_EQ(t, o.finished, WORKERS - 1);
	KEXPECT_EQ(t, o.who[0], 3);
	KEXPECT_EQ(t, o.who[1], 2);
	KEXPECT_EQ(t, o.who[2], 0);
}

static void yielder(void *arg)
{
	struct worker *w = arg;

	w->o->started++;
	worker_done(w);
}

static void yield_lets_others_run(struct ktest *t)
{
	u32 affinity = current->affinity;
	struct order o;
	struct worker w = { &o, 0 };

	order_init(&o);
	sched_set_affinity(current, BIT(this_cpu()->id));
	sched_set_affinity(kthread_create("ktest", yielder, &w), current->affinity);
	for (int i = 0; i < WORKERS && !o.finished; i++)
		sched_yield_now();
	KEXPECT_EQ(t, o.finished, 1);
	sched_set_affinity(current, affinity);
}

static void nice_sets_the_weight(struct ktest *t)
{
	u64 normal = current->se.weight, light;

	sched_set_nice(current, 10);
	light = current->se.weight;
	KEXPECT(t, light * 8 < normal);
	sched_set_nice(current, -10);
	KEXPECT(t, current->se.weight > normal * 8);
	sched_set_nice(current, 0);
	KEXPECT_EQ(t, current->se.weight, normal);
}

static void where_am_i(void *arg)
{
	struct worker *w = arg;

	w->id = this_cpu()->id;
	worker_done(w);
}

static void affinity_is_kept(struct ktest *t)
{
	u32 affinity = current->affinity;

	KEXPECT_EQ(t, sched_set_affinity(current, 0), -EINVAL);
	for (u32 cpu = 0; cpu < cpu_count; cpu++) {
		struct order o;
		struct worker w = { &o, -1 };

		order_init(&o);
		sched_set_affinity(kthread_create("ktest", where_am_i, &w), BIT(cpu));
		wait_finished(&o, 1);
		KEXPECT_EQ(t, w.id, cpu);
		sched_set_affinity(current, BIT(cpu));
		schedule();
		KEXPECT_EQ(t, this_cpu()->id, cpu);
		sched_set_affinity(current, affinity);
	}
}

static const struct ktest_case cases[] = {
	KCASE(sleep_ends_at_its_deadline),
	KCASE(wake_comes_before_deadline),
	KCASE(exclusive_waiters_wake_in_turn),
	KCASE(shared_waiters_all_wake),
	KCASE(mutex_lets_in_one_at_a_time),
	KCASE(timers_fire_in_order),
	KCASE(yield_lets_others_run),
	KCASE(nice_sets_the_weight),
	KCASE(affinity_is_kept),
	{},
};
const struct ktest_suite sched_suite = { "sched", cases };
