// SPDX-License-Identifier: MIT
/* cr/audit.c - what checkpoints and restarts under way hold, and that nothing is left of those that
 * are over.
 *
 * 1 A cgroup is kept from thawing as often as running checkpoints name it. 2 A task pays for what
 * another has only while it restarts one. 3 What is under way belongs to tasks that are in
 * one of the two calls. References of objects are counted by the audits of their rooms, which
 * learn from cr_held() what the two calls hold: what stands in their tables, pages, cgroups, the
 * image and the log. */
#include "cr/internal.h"

#include "cgroup/cgroup.h"
#include "kernel/task.h"
#include "lib/audit.h"

struct list cr_saves = LIST_INIT(cr_saves), cr_restores = LIST_INIT(cr_restores);

/* --- for the audits of other rooms --- */

static void table_held(const struct objtab *t, enum held_kind kind, void (*found)(void *object))
{
	struct objtab_entry *o;

	list_for_each(o, &t->all, link)
		if (o->put == o->class->drop ? o->class->made == kind
					     : o->put && o->class->holds == kind)
			found(o->object);
}

static void frames_held(struct frame **frames, u64 nr, void (*found)(void *object))
{
	for (u64 i = 0; i < nr; i++)
		found(frames[i]);
}

static void streams_held(struct file *image, struct file *log, void (*found)(void *object))
{
	if (image)
		found(image);
	if (log)
		found(log);
}

static void save_held(struct cr_save *s, enum held_kind kind, void (*found)(void *object))
{
	struct cr_pages_out *p;

	table_held(&s->objects, kind, found);
	if (kind == HELD_FILE)
		streams_held(s->image, s->log.file, found);
	if (kind == HELD_CGROUP)
		for (u32 i = 0; i < s->nr_dumped; i++)
			found(s->dumped[i]);
	if (kind == HELD_FRAME)
		list_for_each(p, &s->pages, link)
			frames_held(p->frames, p->nr, found);
}

static void restore_held(struct cr_restore *r, enum held_kind kind, void (*found)(void *object))
{
	struct cr_member_in *m;

	table_held(&r->objects, kind, found);
	if (kind == HELD_FILE)
		streams_held(r->image, r->log.file, found);
	if (kind == HELD_CGROUP)
		cr_cgroups_held(r, found);
	if (kind == HELD_FRAME)
		list_for_each(m, &r->members, link)
			frames_held(m->frames, m->nr_frames, found);
}

void cr_held(enum held_kind kind, void (*found)(void *object))
{
	struct cr_save *s;
	struct cr_restore *r;

	list_for_each(s, &cr_saves, under_way)
		save_held(s, kind, found);
	list_for_each(r, &cr_restores, under_way)
		restore_held(r, kind, found);
}

/* --- the audit --- */

static u64 dumps_of(const struct cgroup *cg)
{
	struct cr_save *s;
	u64 n = 0;

	list_for_each(s, &cr_saves, under_way)
		for (u32 i = 0; i < s->nr_dumped; i++)
			n += s->dumped[i] == cg;
	return n;
}

static bool restarts(const struct task *t)
{
	struct cr_restore *r;

	list_for_each(r, &cr_restores, under_way)
		if (r->caller == t)
			return true;
	return false;
}

void cr_audit(struct audit *a)
{
	struct cgroup *cg;
	struct task *t;

	list_for_each(cg, &unified.cgroups, all) {
		u64 found = dumps_of(cg);

		audit_checked(a, 1);
		if (cg->dumps != found)
			audit_broken(a, cg->dumps, found, "dumps of cgroup %lu", cg->id);
	}
	list_for_each(t, &task_all, all)
		if (t->payer && !restarts(t))
			audit_broken(a, 1, 0, "payer of task %d", pid_nr_in(t->pid, &init_pid_ns));
}
