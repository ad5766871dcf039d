// SPDX-License-Identifier: MIT
/* kernel/sigqueue.c - queues of pending signals: what lies in them, who pays, how it is taken out.
 *
 * A signal that carries information is a struct sig_queued, charged to the receiver's user
 * (RLIMIT_SIGPENDING). That of a POSIX timer is made with the timer, which keeps it
 * whenever it leaves a queue; once the timer is gone it is freed like any other.
 * Locks: BKL. Checkpoint: queues are saved with their tasks. See signal(7), getrlimit(2).
 * Keeps ABI-SIG-02. */

#include "kernel/cred.h"
#include "kernel/signal_internal.h"
#include "mm/slab.h"

static struct slab_cache *sig_queued_cache;

void sigpending_init(struct sigpending *p)
{
	p->set = 0;
	list_init(&p->queue);
}

/* --- queued information --- */

void queued_free(struct sig_queued *q)
{
	list_del(&q->link);
	if (q->timer)
		return;			/* the timer keeps it for the next time */
	if (q->user) {
		q->user->pending_signals--;
		user_put(q->user);
	}
	slab_free(sig_queued_cache, q);
}

int queued_alloc(struct task *t, bool exempt, struct sig_queued **out)
{
	struct user *u = t->real_cred->user;
	struct sig_queued *q;

	if (!exempt && u->pending_signals >= process_limit(t->process, RLIMIT_SIGPENDING))
		return -EAGAIN;
	if (!sig_queued_cache)
		sig_queued_cache = slab_cache_create("sig_queued", sizeof(*q), 0);
	q = sig_queued_cache ? slab_alloc(sig_queued_cache) : NULL;
	if (!q)
		return -ENOMEM;
	list_init(&q->link);
	q->timer = NULL;
	q->user = u;
	ref_get(&u->refs);
	u->pending_signals++;
	*out = q;
	return 0;
}

int signal_prealloc(struct task *t, void *timer, struct sig_queued **out)
{
	int err = queued_alloc(t, false, out);

	if (err)
		return err;
	(*out)->timer = timer;
	memset(&(*out)->info, 0, sizeof((*out)->info));
	return 0;
}

void signal_prealloc_drop(struct sig_queued *q)
{
	q->timer = NULL;
	if (list_empty(&q->link))
		queued_free(q);
}

/* Drops the pending signals of mask. */
void sigpending_flush(struct sigpending *p, u64 mask)
{
	struct sig_queued *q, *next;

	if (!(p->set & mask))
		return;
	p->set &= ~mask;
	list_for_each_safe(q, next, &p->queue, link) {
		if (sig_in(q->info.si_signo, mask))
			queued_free(q);
	}
}

static void sigpending_flush_timers(struct sigpending *p)
{
	struct sig_queued *q, *next;
	u64 dropped = 0, kept = 0;

	list_for_each_safe(q, next, &p->queue, link) {
		if (q->info.si_code == SI_TIMER) {
			dropped |= SIGMASK(q->info.si_signo);
			queued_free(q);
		} else {
			kept |= SIGMASK(q->info.si_signo);
		}
	}
	p->set &= ~dropped | kept;
}

void signal_flush_timers(struct task *t)
{
	sigpending_flush_timers(&t->pending);
	sigpending_flush_timers(&t->process->pending);
}

void process_flush_signals(struct process *p, u64 mask)
{
	struct task *t;

	sigpending_flush(&p->pending, mask);
	for_each_thread(t, p)
		sigpending_flush(&t->pending, mask);
}

void sigpending_take(struct sigpending *p, int sig, siginfo_t *info)
{
	struct sig_queued *q, *found = NULL;
	bool more = false;

	list_for_each(q, &p->queue, link) {
		if (q->info.si_signo != sig)
			continue;
		more = found;
		if (more)
			break;
		found = q;
	}
	if (!more)
		p->set &= ~SIGMASK(sig);
	if (found) {
		void *timer = found->timer;

		*info = found->info;
		queued_free(found);
		if (timer)
			posix_timer_delivered(timer, info);
		return;
	}
	memset(info, 0, sizeof(*info));
	info->si_signo = sig;
	info->si_code = SI_USER;
}
