// SPDX-License-Identifier: MIT
/* kernel/sigaction.c - what a process does on signals: rt_sigaction(2), fork, exec.
 *
 * A struct sighand is counted by the tasks that share it (CLONE_SIGHAND). execve gives a
 * task its own, with handlers back to the default; what was ignored stays ignored.
 * Locks: BKL. Checkpoint: saved by value. See sigaction(2).
 * Keeps ABI-SIG-01. */

#include <linux/signal.h>

#include "kernel/signal_internal.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define SA_KNOWN                                                                         \
	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER | \
	 SA_RESETHAND | SA_EXPOSE_TAGBITS | SA_RESTORER)

struct sighand init_sighand = {
	.refs = { 1 },
	.arrivals = WAITQUEUE_INIT(init_sighand.arrivals),
};

static struct slab_cache *sighand_cache;

static int sighand_copy(const struct sighand *old, struct sighand **out)
{
	struct sighand *new;

	if (!sighand_cache)
		sighand_cache = slab_cache_create("sighand", sizeof(*new), 0);
	new = sighand_cache ? slab_alloc(sighand_cache) : NULL;
	if (!new)
		return -ENOMEM;
	memcpy(new->action, old->action, sizeof(new->action));
	waitqueue_init(&new->arrivals);
	ref_set(&new->refs, 1);
	*out = new;
	return 0;
}

static void sighand_put(struct sighand *s)
{
	struct waiter *w;

	if (!ref_put(&s->refs))
		return;
	/* Who polls a signalfd of ours from elsewhere (epoll) will hear nothing more. */
	while ((w = list_first(&s->arrivals.waiters, struct waiter, link)))
		waiter_remove(w);
	slab_free(sighand_cache, s);
}

void sighand_share(struct task *t, struct sighand *s)
{
	ref_get(&s->refs);
	sighand_put(t->sighand);
	t->sighand = s;
}

/* Handlers go back to the default; SIG_IGN stays. */
static void sighand_reset_handlers(struct sighand *s)
{
	struct sig_action *a;

	for (a = s->action; a < s->action + SIG_MAX; a++) {
		if (a->handler != HANDLER_IGNORE)
			a->handler = HANDLER_DEFAULT;
		a->flags = 0;
		a->restorer = 0;
		a->mask = 0;
	}
}

bool signal_autoreaps(const struct process *p)
{
	struct task *t = process_live_thread((struct process *)p);
	const struct sig_action *a;

	if (!t)
		return false;
	a = &t->sighand->action[SIGCHLD - 1];
	return a->handler == HANDLER_IGNORE || (a->flags & SA_NOCLDWAIT);
}

static void sigaction_set(int sig, const struct sig_action *new)
{
	struct sig_action *a = &current->sighand->action[sig - 1];
	bool now_ignored;

	*a = *new;
	a->flags &= SA_KNOWN;
	a->mask &= ~SIGMASK_UNBLOCKABLE;
	now_ignored = a->handler == HANDLER_IGNORE ||
		      (a->handler == HANDLER_DEFAULT && sig_in(sig, SIGMASK_IGNORED));
	if (now_ignored)
		process_flush_signals(current->process, SIGMASK(sig));
	if (sig == SIGCHLD)
		current->process->autoreap_children = signal_autoreaps(current->process);
	signal_recompute(current);
}

long sys_rt_sigaction(int sig, uaddr act, uaddr old, u64 set_size)
{
	struct sig_action new, was;

	if (set_size != sizeof(u64))
		return -EINVAL;
	if (act && copy_from_user(&new, act, sizeof(new)))
		return -EFAULT;
	if (sig < 1 || sig > SIG_MAX || (act && sig_in(sig, SIGMASK_UNBLOCKABLE)))
		return -EINVAL;
	was = current->sighand->action[sig - 1];
	if (act)
		sigaction_set(sig, &new);
	return old ? copy_to_user(old, &was, sizeof(was)) : 0;
}

static int sighand_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	int err;

	if (args->flags & CLONE_SIGHAND) {
		ref_get(&parent->sighand->refs);
		child->sighand = parent->sighand;
		return 0;
	}
	err = sighand_copy(parent->sighand ? parent->sighand : &init_sighand, &child->sighand);
	if (err)
		return err;
	if (args->flags & CLONE_CLEAR_SIGHAND)
		sighand_reset_handlers(child->sighand);
	child->process->autoreap_children = parent->process->autoreap_children;
	return 0;
}

/* signal_exec: a table of its own, and no handlers. Without memory for it the process dies. */
static void sighand_exec(struct task *t)
{
	struct sighand *own;

	if (t->sighand->refs.n > 1) {
		if (sighand_copy(t->sighand, &own)) {
			signal_kill_process(t->process);
			return;
		}
		sighand_put(t->sighand);
		t->sighand = own;
	}
	sighand_reset_handlers(t->sighand);
	t->process->autoreap_children = signal_autoreaps(t->process);
}

static void sighand_exit(struct task *t)
{
	struct sighand *s = t->sighand;

	t->sighand = NULL;
	if (s)
		sighand_put(s);
}

const struct task_part sighand_part = {
	.name = "sighand",
	.fork = sighand_fork,
	.exec = sighand_exec,
	.exit = sighand_exit,
};

/* Both signal parts' exec, for execve paths that do not walk the parts. */
void signal_exec(struct task *t)
{
	sighand_part.exec(t);
	signals_part.exec(t);
}
