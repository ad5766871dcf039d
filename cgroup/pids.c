// SPDX-License-Identifier: MIT
/* cgroup/pids.c - the pids controller: how many tasks a subtree may have.
 *
 * pids.max limits the tasks (threads too, and zombies until they are reaped: PIDS-04) of a cgroup
 * and all below it. A fork that would pass the limit of any ancestor fails with EAGAIN (PIDS-02),
 * and nothing is counted (PIDS-07). pids.current may be above pids.max: moving tasks in ignores
 * limits, and so does lowering one (PIDS-03). pids.peak is the most there ever were.
 * CLONE_INTO_CGROUP charges the target only (PIDS-08). pids.events counts refused forks of tasks
 * in this very cgroup; since Linux 6.11 those that this limit or one below refused, with
 * pids.events.local for this limit alone, unless pids_localevents asks for the old way (PIDS-06).
 * The root is not limited and not counted (PIDS-09).
 *
 * This file is the model of a controller: whoever has read it can read the others.
 * Life: one struct pids with each css; it is freed with the last zombie charged to it.
 * Locks: BKL.
 * Checkpoint: max, peak and events are saved; count is rebuilt by charging.
 * See Documentation/admin-guide/cgroup-v2.rst, "PID". */

#include "cgroup/internal.h"
#include "kernel/deny.h"
#include "kernel/pid.h"
#include "lib/audit.h"
#include "mm/slab.h"

#define PIDS_MAX ((u64)PID_MAX_LIMIT + 1)	/* no limit */

struct pids {
	struct css css;
	u64 count, max, peak;
	u64 refused_here;		/* forks of tasks in this cgroup, whichever limit it was */
	u64 refused_by_us;		/* forks that this limit refused */
	u64 refused_below;		/* forks that this limit or one below refused */
	u64 found;			/* the audit's */
};

enum { ROW_MAX, ROW_CURRENT, ROW_PEAK, ROW_EVENTS, ROW_EVENTS_LOCAL, ROW_END };
static const struct cgroup_file pids_files[ROW_END + 1];

static struct pids *css_to_pids(struct css *css)
{
	return container_of(css, struct pids, css);
}

static struct pids *pids_parent(struct pids *p)
{
	return p->css.parent ? css_to_pids(p->css.parent) : NULL;
}

static int pids_create(struct cgroup *cg, struct css *parent, struct css **out)
{
	struct pids *p = kzalloc_charged(sizeof(*p));

	(void)cg, (void)parent;
	if (!p)
		return -ENOMEM;
	p->max = PIDS_MAX;
	*out = &p->css;
	return 0;
}

static void pids_release(struct css *css)
{
	assert(!css_to_pids(css)->count);
	kfree(css_to_pids(css));
}

/* --- charging: from a css up to, not including, the root's --- */

/* One task more in it and all above (PIDS-05), whatever the limits say. Cannot fail. */
static void pids_charge(struct pids *p)
{
	for (; pids_parent(p); p = pids_parent(p)) {
		p->count++;
		p->peak = MAX(p->peak, p->count);
	}
}

static void pids_uncharge(struct pids *p)
{
	for (; pids_parent(p); p = pids_parent(p)) {
		assert(p->count);
		p->count--;
	}
}

/* One task more, or -EAGAIN, nothing charged, and *refuser. */
static int pids_try_charge(struct pids *p, struct pids **refuser)
{
	for (struct pids *up = p; pids_parent(up); up = pids_parent(up))
		if (up->count + 1 > up->max) {
			*refuser = up;
			return deny(EAGAIN, PIDS_02);
		}
	pids_charge(p);
	return 0;
}

/* --- tasks come and go --- */

static bool events_are_local(void)
{
	const struct hierarchy *h = controller_home[CTL_PIDS];

	return !h->unified || !compat_at_least(COMPAT_PIDS_EVENTS) ||
	       (h->flags & HIERARCHY_PIDS_LOCALEVENTS);
}

static void pids_tell(struct pids *p, unsigned row)
{
	cgroup_file_changed(p->css.cgroup, &p->css, &pids_files[row]);
}

/* PIDS-06. p is where the child would have been. */
static void pids_count_refusal(struct pids *p, struct pids *refuser)
{
	p->refused_here++;
	if (events_are_local()) {
		pids_tell(p, ROW_EVENTS);
		return;
	}
	refuser->refused_by_us++;
	pids_tell(refuser, ROW_EVENTS_LOCAL);
	for (; pids_parent(refuser); refuser = pids_parent(refuser)) {
		refuser->refused_below++;
		pids_tell(refuser, ROW_EVENTS);
	}
}

static int pids_can_fork(struct css *css)
{
	struct pids *refuser;
	int err = pids_try_charge(css_to_pids(css), &refuser);

	if (err)
		pids_count_refusal(css_to_pids(css), refuser);
	return err;
}

static void pids_cancel_fork(struct css *css)
{
	pids_uncharge(css_to_pids(css));
}

static void pids_task_release(struct css *css, struct task *t)
{
	(void)t;
	pids_uncharge(css_to_pids(css));
}

/* PIDS-03: never refuses. */
static int pids_can_attach(struct attach *a)
{
	struct attach_step s;
	bool more;

	for (more = attach_first(a, &s); more; more = attach_next(a, &s)) {
		pids_charge(css_to_pids(s.to));
		pids_uncharge(css_to_pids(s.from));
	}
	return 0;
}

static void pids_cancel_attach(struct attach *a)
{
	struct attach_step s;
	bool more;

	for (more = attach_first(a, &s); more; more = attach_next(a, &s)) {
		pids_charge(css_to_pids(s.from));
		pids_uncharge(css_to_pids(s.to));
	}
}

/* --- files --- */

static int pids_max_show(struct text *t, struct cgroup_open *o)
{
	u64 max = css_to_pids(o->css)->max;

	if (max == PIDS_MAX)
		text_puts(t, "max\n");
	else
		text_printf(t, "%lu\n", max);
	return t->error;
}

/* PIDS-01. A limit below the count is fine: nobody dies, nobody new comes. */
static int pids_max_write(struct cgroup_open *o, char *text, size_t len)
{
	s64 max = PIDS_MAX;
	int err = 0;

	(void)len;
	text = parse_strip(text);
	if (strcmp(text, "max")) {
		err = parse_s64(text, &max);
		if (!err && (max < 0 || (u64)max >= PIDS_MAX))
			err = -EINVAL;
	}
	if (err)
		return deny(-err, PIDS_01);
	css_to_pids(o->css)->max = max;
	return 0;
}

static u64 pids_current_show(struct cgroup_open *o)
{
	return css_to_pids(o->css)->count;
}

static u64 pids_peak_show(struct cgroup_open *o)
{
	return css_to_pids(o->css)->peak;
}

static int pids_events_show(struct text *t, struct cgroup_open *o)
{
	const struct pids *p = css_to_pids(o->css);

	text_printf(t, "max %lu\n", events_are_local() ? p->refused_here : p->refused_below);
	return t->error;
}

static int pids_events_local_show(struct text *t, struct cgroup_open *o)
{
	const struct pids *p = css_to_pids(o->css);

	text_printf(t, "max %lu\n", events_are_local() ? p->refused_here : p->refused_by_us);
	return t->error;
}

#define ANYWHERE (CGFILE_V1 | CGFILE_V2 | CGFILE_NOT_ON_ROOT)

static const struct cgroup_file pids_files[] = {
	[ROW_MAX] = { .name = "max", .flags = ANYWHERE,
		      .show = pids_max_show, .write = pids_max_write },
	[ROW_CURRENT] = { .name = "current", .flags = ANYWHERE, .show_u64 = pids_current_show },
	[ROW_PEAK] = { .name = "peak", .flags = ANYWHERE, .show_u64 = pids_peak_show },
	[ROW_EVENTS] = { .name = "events", .flags = ANYWHERE | CGFILE_EVENTS,
			 .show = pids_events_show },
	[ROW_EVENTS_LOCAL] = { .name = "events.local", .flags = ANYWHERE | CGFILE_EVENTS,
			       .since = COMPAT_PIDS_EVENTS, .show = pids_events_local_show },
	[ROW_END] = { .name = NULL },
};

/* --- what a checkpoint takes along --- */

static const struct css_counter pids_counters[] = {
	{ "peak", offsetof(struct pids, peak) },
	{ "refused_here", offsetof(struct pids, refused_here) },
	{ "refused_by_us", offsetof(struct pids, refused_by_us) },
	{ "refused_below", offsetof(struct pids, refused_below) },
	{ NULL, 0 },
};

/* --- audit: every task that is not reaped, charged again (PIDS-10, CG-65) --- */

static void pids_audit(struct audit *a)
{
	struct css *css = NULL;
	struct pids *p;
	struct task *t;

	while ((css = css_next(CTL_PIDS, css)))
		css_to_pids(css)->found = 0;
	list_for_each(t, &task_all, all)
		if (t->cgroups)
			for (p = css_to_pids(task_css(t, CTL_PIDS)); p; p = pids_parent(p))
				p->found++;
	while ((css = css_next(CTL_PIDS, css))) {
		p = css_to_pids(css);
		audit_checked(a, 1);
		if (pids_parent(p) && p->count != p->found)
			audit_broken(a, p->count, p->found, "pids of cgroup %lu", css->cgroup->id);
		if (p->peak < p->count)
			audit_broken(a, p->peak, p->count, "pids.peak of cgroup %lu",
				     css->cgroup->id);
	}
}

const struct controller pids_controller = {
	.name = "pids",
	.id = CTL_PIDS,
	.threaded = true,
	.files = pids_files,
	.counters = pids_counters,
	.create = pids_create,
	.release = pids_release,
	.can_attach = pids_can_attach,
	.cancel_attach = pids_cancel_attach,
	.can_fork = pids_can_fork,
	.cancel_fork = pids_cancel_fork,
	.task_release = pids_task_release,
	.audit = pids_audit,
};
