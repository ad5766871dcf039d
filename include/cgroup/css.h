// SPDX-License-Identifier: MIT
/* cgroup/css.h - what a controller is: its state in a cgroup (css), its operations, its files.
 *
 * A controller is one file cgroup/NAME.c with one struct controller, and one line in
 * cgroup/list.h. Its state in a cgroup begins with a struct css:
 *
 *   struct pids { struct css css; u64 count, max; };
 *
 * css->parent is the same controller's css of the next cgroup above that has one; the root cgroup
 * of the controller's hierarchy has one always. A loop "for (; css; css = css->parent)" therefore
 * visits all that a charge is made to.
 *
 * Life of a css: 1 create: made, refs 1, not seen by anybody; 2 online: its cgroup's files show
 * it, tasks get it; 3 offline: its controller was disabled or its cgroup removed; no task gets it
 * again, the first reference is given back; 4 what was charged to it and holds references
 * (css_get) is given back in its time; 5 release: the last reference is gone, its memory goes.
 * Between 3 and 5 it keeps its cgroup "dying" (cgroup.stat) and its parent alive: charges go on
 * upwards.
 *
 * Which css a task is charged to: task_css(t, CTL_PIDS) in cgroup.h, the nearest at or above its
 * cgroup.
 * Operations are called under the BKL and may not sleep.
 * Checkpoint: each controller saves its values; counts are rebuilt by charging. */
#pragma once

#include "arch/cpu.h"
#include "cgroup/files.h"
#include "kernel/task.h"
#include "lib/list.h"
#include "lib/refcount.h"
#include "types.h"

struct audit;
struct cgroup;
struct controller;

enum controller_id {
#define CONTROLLER(name, NAME) CTL_##NAME,
#include "cgroup/list.h"
#undef CONTROLLER
	CONTROLLERS
};

struct css {
	struct cgroup *cgroup;		/* counted; stays while the css does */
	const struct controller *controller;
	struct css *parent;		/* counted; NULL: the root's */
	refcount_t refs;		/* its cgroup while online, children, charges */
	bool online;
	kid_t uid, gid;			/* of who enabled it: its files are theirs (CG-57) */
	struct list all;		/* of its controller, parents first; dying ones too */
	u32 found;			/* references the audit found */
};

/* Tasks that change css together, all or none. A controller walks them by
 * attach_first/attach_next. */
struct attach {
	struct list tasks;		/* cgroups.moving */
	enum controller_id id;		/* whose turn it is */
};
/* One of them: its css of that controller before and after. */
struct attach_step {
	struct task *task;
	struct css *from, *to;
};
/* The first task whose css of controller a->id changes, the next one; false: no more.
 *   for (more = attach_first(a, &s); more; more = attach_next(a, &s)) ... */
bool attach_first(struct attach *a, struct attach_step *s);
bool attach_next(struct attach *a, struct attach_step *s);

/* A u64 of a controller's css that neither a file sets nor charging rebuilds: how often, how much
 * at most. Saved and put back by checkpoint and restart (cgroup/image.h). */
struct css_counter {
	const char *name;
	size_t offset;			/* from the struct css */
};

struct controller {
	const char *name;
	enum controller_id id;
	/* May share a cgroup with processes: its children compete with threads (CG-27). Others are
	 * domain controllers. */
	bool threaded;
	/* Ended by a row without name; names without "pids.". */
	const struct cgroup_file *files;
	/* Likewise. NULL: none. */
	const struct css_counter *counters;

	/* A css for cg below parent (NULL: the root's), zeroed but for the struct css, which the
	 * core fills in: 0 or -ENOMEM. */
	int (*create)(struct cgroup *cg, struct css *parent, struct css **out);
	/* Tasks may come from now on. May refuse: 0 or -errno. NULL: nothing. */
	int (*online)(struct css *css);
	/* No task comes any more; limits go to their defaults, so that what is left is not bound
	 * by them. NULL: nothing. */
	void (*offline)(struct css *css);
	/* The last reference is gone: frees it. */
	void (*release)(struct css *css);

	/* A migration: can_attach may refuse (0 or -errno, having changed nothing), cancel_attach
	 * undoes it, attach is told that the tasks have moved. NULL: nothing. */
	int (*can_attach)(struct attach *a);
	void (*cancel_attach)(struct attach *a);
	void (*attach)(struct attach *a);

	/* A new task will be in css: 0 or -errno by rule; what it charges is given back by
	 * task_release. NULL: nothing. */
	int (*can_fork)(struct css *css);
	void (*cancel_fork)(struct css *css);
	/* t, whose css is css, begins to exit (it no longer runs); and is reaped. NULL: nothing. */
	void (*task_exit)(struct css *css, struct task *t);
	void (*task_release)(struct css *css, struct task *t);

	/* Recomputes what all its csses keep. The core's audit of the tree has run before. */
	void (*audit)(struct audit *a);
};
extern const struct controller *const controllers[CONTROLLERS];
#define CONTROLLER(name, NAME) extern const struct controller name##_controller;
#include "cgroup/list.h"
#undef CONTROLLER
#define for_each_controller(id) \
	for (enum controller_id id = 0; id < CONTROLLERS; id++)

static inline struct css *css_get(struct css *css)
{
	ref_get(&css->refs);
	return css;
}
void css_put(struct css *css);
/* Every css of a controller, parents first, dying ones too: NULL begins, NULL ends. */
struct css *css_next(enum controller_id id, struct css *css);
