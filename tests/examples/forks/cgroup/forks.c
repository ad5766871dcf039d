// SPDX-License-Identifier: MIT
/* cgroup/forks.c - the forks controller: how many tasks a subtree may ever make.
 *
 * The example of a new controller. forks.count is how many tasks were made in the cgroup and below
 * since it has the controller (EXT-FORKS-01); nothing gives one back: not exit, not a migration,
 * not the removal of a cgroup below. A fork that would pass the forks.max of any ancestor fails
 * with EAGAIN and counts nowhere (EXT-FORKS-02). The root is not limited and not counted.
 * Life: one struct forks with each css.
 * Locks: BKL. Checkpoint: max is saved as a setting, count as a counter.
 * See cgroup/pids.c, which this file follows. */

#include "cgroup/internal.h"
#include "kernel/deny.h"
#include "lib/audit.h"
#include "mm/slab.h"

#define FORKS_NO_LIMIT ((u64)INT64_MAX)

struct forks {
	struct css css;
	u64 count, max;
	u64 found;			/* the audit's */
};

static struct forks *css_to_forks(struct css *css)
{
	return container_of(css, struct forks, css);
}

static struct forks *forks_parent(struct forks *f)
{
	return f->css.parent ? css_to_forks(f->css.parent) : NULL;
}

static int forks_create(struct cgroup *cg, struct css *parent, struct css **out)
{
	struct forks *f = kzalloc_charged(sizeof(*f));

	(void)cg, (void)parent;
	if (!f)
		return -ENOMEM;
	f->max = FORKS_NO_LIMIT;
	*out = &f->css;
	return 0;
}

static void forks_release(struct css *css)
{
	kfree(css_to_forks(css));
}

/* --- charging: from a css up to, not including, the root's --- */

static int forks_can_fork(struct css *css)
{
	struct forks *f;

	for (f = css_to_forks(css); forks_parent(f); f = forks_parent(f))
		if (f->count >= f->max)
			return deny(EAGAIN, EXT_FORKS_02);
	for (f = css_to_forks(css); forks_parent(f); f = forks_parent(f))
		f->count++;
	return 0;
}

/* The fork failed for another reason. */
static void forks_cancel_fork(struct css *css)
{
	for (struct forks *f = css_to_forks(css); forks_parent(f); f = forks_parent(f))
		f->count--;
}

/* --- files --- */

static u64 forks_count_show(struct cgroup_open *o)
{
	return css_to_forks(o->css)->count;
}

static int forks_max_show(struct text *t, struct cgroup_open *o)
{
	u64 max = css_to_forks(o->css)->max;

	if (max == FORKS_NO_LIMIT)
		text_puts(t, "max\n");
	else
		text_printf(t, "%lu\n", max);
	return t->error;
}

/* A max below the count is fine: nobody new comes. */
static int forks_max_write(struct cgroup_open *o, char *text, size_t len)
{
	s64 max = FORKS_NO_LIMIT;
	int err = 0;

	(void)len;
	text = parse_strip(text);
	if (strcmp(text, "max"))
		err = parse_s64(text, &max);
	if (!err && max < 0)
		err = -EINVAL;
	if (err)
		return deny(-err, EXT_FORKS_02);
	css_to_forks(o->css)->max = max;
	return 0;
}

#define ANYWHERE (CGFILE_V1 | CGFILE_V2 | CGFILE_NOT_ON_ROOT)

static const struct cgroup_file forks_files[] = {
	{ .name = "count", .flags = ANYWHERE, .show_u64 = forks_count_show },
	{ .name = "max", .flags = ANYWHERE, .show = forks_max_show, .write = forks_max_write },
	{ .name = NULL },
};

static const struct css_counter forks_counters[] = {
	{ "count", offsetof(struct forks, count) },
	{ NULL, 0 },
};

/* --- audit: what children have counted is in their parent's count too --- */

static void forks_audit(struct audit *a)
{
	struct css *css = NULL;

	while ((css = css_next(CTL_FORKS, css)))
		css_to_forks(css)->found = 0;
	while ((css = css_next(CTL_FORKS, css)))
		if (css->parent)
			forks_parent(css_to_forks(css))->found += css_to_forks(css)->count;
	while ((css = css_next(CTL_FORKS, css))) {
		struct forks *f = css_to_forks(css);

		audit_checked(a, 1);
		if (css->parent && f->count < f->found)
			audit_broken(a, f->count, f->found, "forks of cgroup %lu", css->cgroup->id);
	}
}

const struct controller forks_controller = {
	.name = "forks",
	.id = CTL_FORKS,
	.threaded = true,
	.files = forks_files,
	.counters = forks_counters,
	.create = forks_create,
	.release = forks_release,
	.can_fork = forks_can_fork,
	.cancel_fork = forks_cancel_fork,
	.audit = forks_audit,
};
