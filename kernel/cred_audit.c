// SPDX-License-Identifier: MIT
/* kernel/cred_audit.c - the audit of credentials: references and per-user counts, counted again.
 *
 * A cred is referred to by tasks (twice), open files and calls under way (kernel/holders.h); a
 * user by creds, queued signals and what is charged to it (user_hold()); groups by creds. A user's
 * processes are the tasks with its uid, its pending signals those queued anywhere. The static
 * objects of root hold a reference or more by themselves. Locks: BKL; does not sleep. */

#include "fs/vfs.h"
#include "kernel/audit.h"
#include "kernel/cred_internal.h"
#include "kernel/posix_timer.h"

#define CRED_STATIC_REFS 1		/* what init_cred keeps beside its users */
#define USER_STATIC_REFS 1		/* the same of root's struct user */
#define HOLDERS_MAX 4

static void (*holders[HOLDERS_MAX])(void);	/* rooms above that hold users */

void cred_audit_also(void (*mark)(void))
{
	unsigned k = 0;

	while (holders[k])
		k++;
	assert(k < HOLDERS_MAX);
	holders[k] = mark;
}

static void user_clear(struct user *u, void *arg)
{
	(void)arg;
	u->mark = 0;
	u->found_processes = u->found_signals = u->found_inflight = 0;
}

static void marks_clear(void)
{
	struct cred *c;

	users_walk(user_clear, NULL);
	init_cred.mark = init_cred.groups->mark = 0;
	list_for_each(c, &cred_all, all)
		c->mark = c->groups->mark = 0;
}

static void mark_queued(struct sig_queued *q)
{
	if (!q->user)
		return;
	q->user->mark++;
	q->user->found_signals++;
}

static void mark_queue(const struct sigpending *p)
{
	struct sig_queued *q;

	list_for_each(q, &p->queue, link)
		mark_queued(q);
}

static void mark_task(struct task *t)
{
	((struct cred *)t->cred)->mark++;
	((struct cred *)t->real_cred)->mark++;
	t->real_cred->user->found_processes++;
	mark_queue(&t->pending);
	if (!task_is_leader(t))
		return;
	mark_queue(&t->process->pending);
	posix_timers_audit(t->process, mark_queued);
}

static void cred_held(void *cred)
{
	((struct cred *)cred)->mark++;
}

static void marks_collect(void)
{
	struct cred *c;
	struct task *t;
	struct file *f;

	list_for_each(t, &task_all, all) {
		if (t->real_cred)
			mark_task(t);
	}
	list_for_each(f, &file_all, all) {
		if (f->cred)
			((struct cred *)f->cred)->mark++;
	}
	audit_held(HELD_CRED, cred_held);
	init_cred.user->mark++;
	init_cred.groups->mark++;
	list_for_each(c, &cred_all, all) {
		c->user->mark++;
		c->groups->mark++;
	}
	for (unsigned k = 0; k < HOLDERS_MAX && holders[k]; k++)
		holders[k]();
}

/* Boot objects (the idle tasks') may hold more than what is found, never less. */
static void check_static(struct audit *a, u64 kept, u64 found, u64 own, const char *what)
{
	audit_checked(a, 1);
	if (kept < found + own)
		audit_broken(a, kept, found + own, "%s of the first task", what);
}

static void check_user(struct user *u, void *arg)
{
	struct audit *a = arg;

	if (u->unix_inflight != u->found_inflight)
		audit_broken(a, u->unix_inflight, u->found_inflight, "files of uid %u in flight",
			     u->uid);
	if (u == init_cred.user) {
		check_static(a, u->refs.n, u->mark, USER_STATIC_REFS, "user");
		if (u->processes < u->found_processes)
			audit_broken(a, u->processes, u->found_processes, "processes of uid 0");
		return;
	}
	audit_checked(a, 1);
	if (u->refs.n != u->mark + u->held)
		audit_broken(a, u->refs.n, u->mark + u->held, "user of uid %u", u->uid);
	if (u->processes != u->found_processes)
		audit_broken(a, u->processes, u->found_processes, "processes of uid %u", u->uid);
	if (u->pending_signals != u->found_signals)
		audit_broken(a, u->pending_signals, u->found_signals, "signals of uid %u", u->uid);
}

static void check_cred(struct audit *a, struct cred *c)
{
	struct groups *g = c->groups;

	audit_checked(a, 1);
	if (c->refs.n != c->mark)
		audit_broken(a, c->refs.n, c->mark, "cred %p of uid %u", (void *)c, c->uid);
	if (c->user->uid != c->uid)
		audit_broken(a, c->user->uid, c->uid, "user of cred %p", (void *)c);
	if ((c->cap_effective & ~c->cap_permitted) || (c->cap_ambient & ~c->cap_permitted))
		audit_broken(a, c->cap_effective | c->cap_ambient, c->cap_permitted,
			     "capabilities of cred %p", (void *)c);
	if (g != init_cred.groups && g->refs.n != g->mark)
		audit_broken(a, g->refs.n, g->mark, "groups of cred %p", (void *)c);
}

void cred_audit(struct audit *a)
{
	struct cred *c;

	marks_clear();
	marks_collect();
	check_static(a, init_cred.refs.n, init_cred.mark, CRED_STATIC_REFS, "cred");
	list_for_each(c, &cred_all, all)
		check_cred(a, c);
	users_walk(check_user, a);
}
