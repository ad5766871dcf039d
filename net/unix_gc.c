// SPDX-License-Identifier: MIT
/* net/unix_gc.c - local sockets on their way in messages, and circles of them beyond reach.
 *
 * A socket sent through itself, or two sent through each other, would keep each other for ever. A
 * socket is a candidate if all references to its file lie in messages on their way. A candidate
 * is reachable if one of these messages waits in a queue of a socket that is no candidate
 * (or has not been queued yet), or in that of a reachable candidate. The messages with files in
 * the queues of all others are thrown away; that closes them.
 * Run when a local socket is closed while others are in flight, and when very many are.
 * A listener's queue is those of the connections that wait in it.
 * Locks: BKL; finding sleeps nowhere, throwing away may. Checkpoint: counts are rebuilt.
 * See Linux's net/unix/garbage.c for the idea, unix(7). */

#include "net/unix_internal.h"

u64 unix_inflight_sockets;
struct list unix_inflight = LIST_INIT(unix_inflight);

void unix_inflight_add(struct file *f)
{
	struct unix_sock *u = unix_of(f);

	if (u && u->inflight++ == 0) {
		list_add_tail(&unix_inflight, &u->inflight_link);
		unix_inflight_sockets++;
	}
}

void unix_inflight_remove(struct file *f)
{
	struct unix_sock *u = unix_of(f);

	if (!u)
		return;
	assert(u->inflight);
	if (--u->inflight == 0) {
		list_del(&u->inflight_link);
		unix_inflight_sockets--;
	}
}

/* --- walking what a socket's queue holds --- */

typedef void (*visit_fn)(struct unix_sock *u, struct list *work);

static void visit_queue(struct unix_sock *u, visit_fn visit, struct list *work)
{
	struct unix_msg *m;

	list_for_each(m, &u->queue, link) {
		for (u32 k = 0; m->scm.files && k < m->scm.files->nr; k++) {
			struct unix_sock *held = unix_of(m->scm.files->file[k]);

			if (held && held->gc_candidate)
				visit(held, work);
		}
	}
}

static void visit_held(struct unix_sock *u, visit_fn visit, struct list *work)
{
	struct unix_sock *e;

	visit_queue(u, visit, work);
	list_for_each(e, &u->embryos, embryo_link)
		visit_queue(e, visit, work);
}

static void found_inside(struct unix_sock *u, struct list *work)
{
	(void)work;
	u->gc_outside--;
}

/* It is no candidate any more, and what it holds is to be looked at. */
static void found_reachable(struct unix_sock *u, struct list *work)
{
	u->gc_candidate = false;
	list_del(&u->inflight_link);
	list_add_tail(work, &u->inflight_link);
}

/* --- throwing away --- */

/* Moves the messages with files from u's queue to dead. */
static void take_messages(struct unix_sock *u, struct list *dead)
{
	struct unix_msg *m, *next;

	list_for_each_safe(m, next, &u->queue, link) {
		if (!m->scm.files)
			continue;
		unix_msg_unqueue(u, m);
		list_add_tail(dead, &m->link);
	}
}

/* Collects once; dead gets the messages to throw away. */
static void find_garbage(struct list *dead)
{
	struct list candidates = LIST_INIT(candidates), work = LIST_INIT(work);
	struct unix_sock *u, *next, *e;

	list_for_each_safe(u, next, &unix_inflight, inflight_link) {
		u->gc_candidate = u->sk.file->refs.n == u->inflight;
		u->gc_outside = u->inflight;
		if (!u->gc_candidate)
			continue;
		list_del(&u->inflight_link);
		list_add_tail(&candidates, &u->inflight_link);
	}
	list_for_each(u, &candidates, inflight_link)
		visit_held(u, found_inside, NULL);
	list_for_each_safe(u, next, &candidates, inflight_link)
		if (u->gc_outside)
			found_reachable(u, &work);
	while ((u = list_first(&work, struct unix_sock, inflight_link))) {
		list_del(&u->inflight_link);
		list_add_tail(&unix_inflight, &u->inflight_link);
		visit_held(u, found_reachable, &work);
	}
	list_for_each(u, &candidates, inflight_link) {
		u->gc_candidate = false;
		take_messages(u, dead);
		list_for_each(e, &u->embryos, embryo_link)
			take_messages(e, dead);
	}
	list_splice_tail(&unix_inflight, &candidates);
}

void unix_gc(void)
{
	static bool running;
	struct list dead = LIST_INIT(dead);
	struct unix_msg *m;

	if (running)
		return;
	running = true;
	find_garbage(&dead);
	while ((m = list_first(&dead, struct unix_msg, link))) {
		list_del(&m->link);
		unix_msg_put(m);
		if (list_empty(&dead))
			find_garbage(&dead);
	}
	running = false;
}
