// SPDX-License-Identifier: MIT
/* cr/signals.c - queues of pending signals, in order, with what they carry (CR-SIG-02, 03):
 * signal_queue_entry.
 *
 * A standard signal whose information could not be queued stands in the set alone: it is saved with
 * the information of a kernel's signal. Signals of POSIX timers are the timers' (cr/process.c). */
#include "kernel/posix_timer.h"
#include "kernel/signal_internal.h"

#include "cr/internal.h"

#define QUEUE_MAX 100000

static struct pb_siginfo_entry *one_save(struct cr_save *s, const siginfo_t *info)
{
	struct pb_siginfo_entry *e = cr_new(s, struct pb_siginfo_entry);

	if (e) {
		e->siginfo.len = sizeof(*info);
		e->siginfo.data = (u8 *)info;
	}
	return e;
}

int cr_signals_save(struct cr_save *s, const struct sigpending *q,
		    struct pb_signal_queue_entry **out)
{
	struct pb_signal_queue_entry *e = cr_new(s, struct pb_signal_queue_entry);
	struct sig_queued *sq;
	u64 bare = q->set & ~SIGMASK(SIGKILL);
	u32 n = 0;

	list_for_each(sq, &q->queue, link)
		n++;
	if (!e || !(e->signals = cr_array(s, n + SIG_MAX, struct pb_siginfo_entry *)))
		return -ENOMEM;
	list_for_each(sq, &q->queue, link) {
		bare &= ~SIGMASK(sq->info.si_signo);
		e->signals[e->nr_signals] = one_save(s, &sq->info);
		if (!e->signals[e->nr_signals])
			return -ENOMEM;
		e->signals[e->nr_signals]->has_timer = sq->timer;
		e->signals[e->nr_signals++]->timer = sq->timer ? sq->info.si_tid : 0;
	}
	for (int sig = 1; sig <= SIG_MAX; sig++) {
		siginfo_t *info = bare & SIGMASK(sig) ? cr_new(s, siginfo_t) : NULL;

		if (!info)
			continue;
		siginfo_kernel(info, sig);
		e->signals[e->nr_signals] = one_save(s, info);
		if (!e->signals[e->nr_signals++])
			return -ENOMEM;
	}
	*out = e;
	return 0;
}

/* A timer's signal is the timer's own. */
static int queued_for(struct task *t, const struct pb_siginfo_entry *e, struct sig_queued **out)
{
	struct posix_timer *timer =
		e->has_timer ? radix_get(&t->process->posix_timers, (u32)e->timer) : NULL;

	if (!timer || !list_empty(&timer->signal->link))
		return queued_alloc(t, false, out);
	*out = timer->signal;
	return 0;
}

int cr_signals_restore(struct task *t, struct sigpending *q, const struct pb_signal_queue_entry *e)
{
	if (e->nr_signals > QUEUE_MAX)
		return -EINVAL;
	for (u32 i = 0; i < e->nr_signals; i++) {
		const struct pb_bytes *b = &e->signals[i]->siginfo;
		struct sig_queued *sq;
		siginfo_t info;
		int err;

		if (b->len != sizeof(info))
			return -EINVAL;
		memcpy(&info, b->data, sizeof(info));
		if (info.si_signo < 1 || info.si_signo > SIG_MAX)
			return -EINVAL;
		err = queued_for(t, e->signals[i], &sq);
		if (err)
			return err;
		sq->info = info;
		list_add_tail(&q->queue, &sq->link);
		q->set |= SIGMASK(info.si_signo);
	}
	return 0;
}
