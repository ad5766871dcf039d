// SPDX-License-Identifier: MIT
/* tests/kernel/test_signal.c - signals: sending, queues, what is ignored, who is woken.
 *
 * A victim is a kernel thread that counts as a user's task here, so that signals reach it. It
 * sleeps; the tests send to it, and look at its queues themselves.
 * Properties:
 *   - a standard signal pends once, real-time signals queue in order, up to RLIMIT_SIGPENDING
 *   - what is ignored is dropped, unless blocked; SIGCONT and stop signals drop each other
 *   - faults are taken first, then the lowest number; the thread's own before the process's
 *   - an init is spared what it has no handler for; SIGKILL ends others whatever they block
 *   - a stop reaches the process only when sent to a thread that takes it; masks never hold KILL */
#include <linux/signal.h>

#include "kernel/cred.h"
#include "kernel/ktest.h"
#include "kernel/sched.h"
#include "kernel/signal_internal.h"

#define HANDLER 0x401000UL		/* some address */

struct victim {
	struct task *t;			/* counted */
	struct waitqueue queue, over;
	bool quit, done;
	unsigned interrupted;
};

/* Sleeps until a signal comes, then until it is told to go. */
static void victim_main(void *arg)
{
	struct victim *v = arg;

	while (!v->quit && !v->interrupted)
		if (wait_once(&v->queue, WAIT_INTERRUPTIBLE, WAIT_FOREVER, false))
			v->interrupted++;
	wait_event_uninterruptible(&v->queue, v->quit);
	v->done = true;
	wake_all(&v->over);
}

static void victim_start(struct ktest *t, struct victim *v)
{
	memset(v, 0, sizeof(*v));
	waitqueue_init(&v->queue);
	waitqueue_init(&v->over);
	v->t = kthread_create("victim", victim_main, v);
	KEXPECT(t, v->t);
	task_get(v->t);
	v->t->flags &= ~TASK_KTHREAD;
	sched_yield_now();
}

static void victim_stop(struct victim *v)
{
	v->quit = true;
	wake_all(&v->queue);
	wait_event_uninterruptible(&v->over, v->done);
	task_put(v->t);
}

/* A user's signal with a value, as sigqueue(3) sends it. */
static int send_value(struct victim *v, int sig, int value)
{
	siginfo_t info;

	siginfo_user(&info, sig);
	info.si_code = SI_QUEUE;
	info.si_int = value;
	return signal_task(v->t, sig, &info);
}

static int send(struct victim *v, int sig)
{
	siginfo_t info;

	siginfo_user(&info, sig);
	return signal_process(v->t->process, sig, &info);
}

static unsigned queued(const struct sigpending *p)
{
	struct sig_queued *q;
	unsigned n = 0;

	list_for_each(q, &p->queue, link)
		n++;
	return n;
}

static void standard_pends_once(struct ktest *t)
{
	struct victim v;

	victim_start(t, &v);
	v.t->blocked = SIGMASK(SIGUSR1);
	KEXPECT_EQ(t, send(&v, SIGUSR1), 0);
	KEXPECT_EQ(t, send(&v, SIGUSR1), 0);
	KEXPECT_EQ(t, queued(&v.t->process->pending), 1);
	KEXPECT_EQ(t, v.t->process->pending.set, SIGMASK(SIGUSR1));
	KEXPECT(t, !signal_pending(v.t));
	victim_stop(&v);
}

static void real_time_keeps_order(struct ktest *t)
{
	struct victim v;
	siginfo_t info;
	int i;

	victim_start(t, &v);
	v.t->blocked = ~0UL;
	for (i = 0; i < 3; i++)
		KEXPECT_EQ(t, send_value(&v, SIGRTMIN + 2, i), 0);
	for (i = 0; i < 3; i++) {
		KEXPECT_EQ(t, signal_dequeue(v.t, ~0UL, &info), SIGRTMIN + 2);
		KEXPECT_EQ(t, info.si_int, i);
	}
	KEXPECT_EQ(t, signal_dequeue(v.t, ~0UL, &info), 0);
	victim_stop(&v);
}

static void queue_is_limited(struct ktest *t)
{
	struct victim v;
	u64 *limit;

	victim_start(t, &v);
	v.t->blocked = ~0UL;
	limit = (u64 *)&v.t->process->limits[RLIMIT_SIGPENDING].rlim_cur;
	*limit = v.t->real_cred->user->pending_signals + 2;
	KEXPECT_EQ(t, send_value(&v, SIGRTMIN, 1), 0);
	KEXPECT_EQ(t, send_value(&v, SIGRTMIN, 2), 0);
	KEXPECT_EQ(t, send_value(&v, SIGRTMIN, 3), -EAGAIN);
	KEXPECT_EQ(t, send(&v, SIGUSR1), 0);
	KEXPECT(t, sig_in(SIGUSR1, v.t->process->pending.set));
	victim_stop(&v);
}

static void ignored_unless_blocked(struct ktest *t)
{
	struct victim v;

	victim_start(t, &v);
	KEXPECT_EQ(t, send(&v, SIGCHLD), 0);
	KEXPECT_EQ(t, v.t->process->pending.set, 0);
	v.t->sighand->action[SIGTERM - 1].handler = HANDLER_IGNORE;
	KEXPECT_EQ(t, send(&v, SIGTERM), 0);
	KEXPECT_EQ(t, v.t->process->pending.set, 0);
	v.t->blocked = SIGMASK(SIGCHLD);
	KEXPECT_EQ(t, send(&v, SIGCHLD), 0);
	KEXPECT_EQ(t, v.t->process->pending.set, SIGMASK(SIGCHLD));
	KEXPECT_EQ(t, v.interrupted, 0);
	victim_stop(&v);
}

static void stop_and_cont_exclude(struct ktest *t)
{
	struct victim v;

	victim_start(t, &v);
	v.t->blocked = SIGMASK_STOP | SIGMASK(SIGCONT);
	send(&v, SIGTSTP);
	send_value(&v, SIGTTIN, 0);
	KEXPECT_EQ(t, v.t->process->pending.set, SIGMASK(SIGTSTP));
	send(&v, SIGCONT);
	KEXPECT_EQ(t, v.t->process->pending.set, SIGMASK(SIGCONT));
	KEXPECT_EQ(t, v.t->pending.set, 0);
	send(&v, SIGTTOU);
	KEXPECT_EQ(t, v.t->process->pending.set, SIGMASK(SIGTTOU));
	victim_stop(&v);
}

static void faults_go_first(struct ktest *t)
{
	struct victim v;
	siginfo_t info;

	victim_start(t, &v);
	v.t->blocked = ~0UL;
	send(&v, SIGHUP);
	send_value(&v, SIGUSR2, 0);
	send_value(&v, SIGINT, 0);
	send_value(&v, SIGSEGV, 0);
	KEXPECT_EQ(t, signal_dequeue(v.t, ~0UL, &info), SIGSEGV);
	KEXPECT_EQ(t, signal_dequeue(v.t, ~0UL, &info), SIGINT);
	KEXPECT_EQ(t, signal_dequeue(v.t, ~0UL, &info), SIGUSR2);
	KEXPECT_EQ(t, signal_dequeue(v.t, ~0UL, &info), SIGHUP);
	victim_stop(&v);
}

static void handler_wakes_sleeper(struct ktest *t)
{
	struct victim v;
	siginfo_t info;

	victim_start(t, &v);
	v.t->sighand->action[SIGUSR1 - 1].handler = HANDLER;
	KEXPECT_EQ(t, send(&v, SIGUSR1), 0);
	KEXPECT(t, signal_pending(v.t));
	sched_yield_now();
	wait_once(NULL, WAIT_UNINTERRUPTIBLE, time_monotonic() + NSEC_PER_MSEC, false);
	KEXPECT_EQ(t, v.interrupted, 1);
	KEXPECT_EQ(t, signal_dequeue(v.t, ~0UL, &info), SIGUSR1);
	KEXPECT_EQ(t, info.si_code, SI_USER);
	KEXPECT_EQ(t, info.si_pid, pid_nr(current->process->tgid));
	victim_stop(&v);
}

static void init_is_spared(struct ktest *t)
{
	struct victim v;

	victim_start(t, &v);
	v.t->process->unkillable = true;
	send(&v, SIGTERM);
	send(&v, SIGKILL);
	send(&v, SIGSTOP);
	KEXPECT_EQ(t, v.t->process->pending.set, 0);
	KEXPECT(t, !v.t->process->group_exit);
	v.t->sighand->action[SIGTERM - 1].handler = HANDLER;
	send(&v, SIGTERM);
	KEXPECT_EQ(t, v.t->process->pending.set, SIGMASK(SIGTERM));
	victim_stop(&v);
}

static void kill_is_for_all(struct ktest *t)
{
	struct victim v;

	victim_start(t, &v);
	v.t->blocked = ~SIGMASK_UNBLOCKABLE;
	KEXPECT_EQ(t, send(&v, SIGKILL), 0);
	KEXPECT(t, v.t->process->group_exit);
	KEXPECT_EQ(t, v.t->process->group_exit_code, SIGKILL);
	KEXPECT(t, fatal_signal_pending(v.t));
	KEXPECT_EQ(t, send(&v, SIGUSR1), 0);
	KEXPECT(t, !sig_in(SIGUSR1, v.t->process->pending.set));
	victim_stop(&v);
}

static void masks_spare_kill(struct ktest *t)
{
	u64 old = current->blocked;

	signal_set_blocked(~0UL);
	KEXPECT_EQ(t, current->blocked, ~SIGMASK_UNBLOCKABLE);
	signal_set_temporary(0);
	KEXPECT_EQ(t, current->blocked, 0);
	signal_restore_saved();
	KEXPECT_EQ(t, current->blocked, ~SIGMASK_UNBLOCKABLE);
	signal_set_blocked(old);
	KEXPECT_EQ(t, current->blocked, old);
}

static void altstack_rules(struct ktest *t)
{
	struct task one = { .altstack_flags = SS_DISABLE };

	KEXPECT_EQ(t, altstack_set(&one, 0x10000, MINSIGSTKSZ - 1, 0, 0), -ENOMEM);
	KEXPECT_EQ(t, altstack_set(&one, 0x10000, MINSIGSTKSZ, 16, 0), -EINVAL);
	KEXPECT_EQ(t, altstack_set(&one, 0x10000, MINSIGSTKSZ, 0, 0), 0);
	KEXPECT(t, altstack_in_use(&one, 0x10010));
	KEXPECT_EQ(t, altstack_set(&one, 0, 0, SS_DISABLE, 0x10010), -EPERM);
	KEXPECT_EQ(t, altstack_set(&one, 0, 0, SS_DISABLE, 0x9000), 0);
	KEXPECT_EQ(t, altstack_set(&one, 0x10000, MINSIGSTKSZ, SS_AUTODISARM, 0), 0);
	KEXPECT(t, !altstack_in_use(&one, 0x10010));
}

static const struct ktest_case cases[] = {
	KCASE(standard_pends_once),
	KCASE(real_time_keeps_order),
	KCASE(queue_is_limited),
	KCASE(ignored_unless_blocked),
	KCASE(stop_and_cont_exclude),
	KCASE(faults_go_first),
	KCASE(handler_wakes_sleeper),
	KCASE(init_is_spared),
	KCASE(kill_is_for_all),
	KCASE(masks_spare_kill),
	KCASE(altstack_rules),
	{},
};
const struct ktest_suite signal_suite = { "signal", cases };
