// SPDX-License-Identifier: MIT
/* cgroup/files.c - the control files that every cgroup has, whatever its controllers.
 *
 * Each is a row of one table at the end; rows say where they stand (not in the root) and whether
 * they may be written at the root of a cgroup namespace (nsdelegate).
 * Locks: BKL; printing and writing do not sleep.
 * See Documentation/admin-guide/cgroup-v2.rst, "Core Interface Files". */

#include "cgroup/internal.h"
#include "kernel/deny.h"

/* --- cgroup.type, cgroup.events --- */

static int type_show(struct text *t, struct cgroup_open *o)
{
	text_printf(t, "%s\n", cgroup_type_name(o->cgroup));
	return t->error;
}

static int type_write(struct cgroup_open *o, char *text, size_t len)
{
	(void)len;
	if (strcmp(parse_strip(text), "threaded"))
		return deny(EINVAL, CG_29);
	return cgroup_make_threaded(o->cgroup);
}

static int events_show(struct text *t, struct cgroup_open *o)
{
	text_printf(t, "populated %d\nfrozen %d\n", cgroup_is_populated(o->cgroup),
		    o->cgroup->frozen);
	return t->error;
}

/* --- cgroup.procs, cgroup.threads --- */

/* CG-11: who is not in the reader's PID namespace is 0. CG-13: zombies are on a list of their own,
 * of which only leaders count whose threads live. */
static void processes_print(struct text *t, const struct list *places, bool dead)
{
	struct cgroup_place *p;

	list_for_each(p, places, link) {
		struct process *proc = p->task->process;

		if (task_is_leader(p->task) && (!dead || proc->nr_live))
			text_printf(t, "%d\n", pid_nr(proc->tgid));
	}
}

/* CG-32: the processes of a domain, wherever in it their leaders are; a leader that has exited
 * counts while threads of it live. */
static int procs_show(struct text *t, struct cgroup_open *o)
{
	struct cgroup *cg = NULL;

	if (cgroup_is_threaded(o->cgroup))
		return deny(EOPNOTSUPP, CG_32);
	while ((cg = cgroup_next(cg, o->cgroup)))
		if (cg->domain == o->cgroup) {
			processes_print(t, &cg->members, false);
			processes_print(t, &cg->zombies, true);
		}
	return t->error;
}

static int threads_show(struct text *t, struct cgroup_open *o)
{
	struct cgroup_place *p;

	list_for_each(p, &o->cgroup->members, link)
		text_printf(t, "%d\n", pid_nr(p->task->pid));
	return t->error;
}

/* CG-07, CG-08 (0 is the writer), CG-09 .. 11: the task that a write names, by its number in the
 * writer's PID namespace (CG-11: who is not seen there is ESRCH). */
static int task_named(char *text, bool group, struct task **out)
{
	struct task *t = current;
	s32 nr;

	if (parse_s32(parse_strip(text), &nr) || nr < 0)
		return deny(EINVAL, CG_09);
	if (nr)
		t = task_find(nr);
	if (!t)
		return deny(ESRCH, CG_09);
	if (group)
		t = t->process->leader;
	if (t->flags & TASK_NO_SETAFFINITY)
		return deny(EINVAL, CG_10);
	*out = t;
	return 0;
}

/* CG-56: who opened the file is asked, not who writes. */
static int members_write(struct cgroup_open *o, char *text, bool group)
{
	const struct cred *own;
	struct task *t = NULL;
	int err = task_named(text, group, &t);

	if (err)
		return err;
	own = cred_override(o->file->cred);
	err = cgroup_may_attach(task_cgroup(t, o->cgroup->hierarchy), o->cgroup, group, o->ns);
	cred_restore(own);
	return err ? err : cgroup_attach_task(o->cgroup, t, group);
}

static int procs_write(struct cgroup_open *o, char *text, size_t len)
{
	(void)len;
	return members_write(o, text, true);
}

static int threads_write(struct cgroup_open *o, char *text, size_t len)
{
	(void)len;
	return members_write(o, text, false);
}

/* --- cgroup.controllers, cgroup.subtree_control --- */

/* Nothing at all for none. */
static int mask_print(struct text *t, u32 mask)
{
	const char *gap = "";

	for_each_controller(id) {
		if (!(mask & BIT(id)))
			continue;
		text_printf(t, "%s%s", gap, controllers[id]->name);
		gap = " ";
	}
	if (mask)
		text_putc(t, '\n');
	return t->error;
}

static int controllers_show(struct text *t, struct cgroup_open *o)
{
	return mask_print(t, cgroup_available(o->cgroup));
}

static int subtree_control_show(struct text *t, struct cgroup_open *o)
{
	return mask_print(t, o->cgroup->subtree_control);
}

static u32 controller_bit(const char *name, const struct hierarchy *h)
{
	for_each_controller(id)
		if (!strcmp(name, controllers[id]->name))
			return h->controllers & BIT(id);
	return 0;
}

/* CG-19, 20: words "+name" and "-name"; the last word about a controller counts. */
static int subtree_control_write(struct cgroup_open *o, char *text, size_t len)
{
	u32 enable = 0, disable = 0;
	char *rest = parse_strip(text), *word;

	(void)len;
	while ((word = parse_word(&rest))) {
		u32 bit = controller_bit(word + 1, o->cgroup->hierarchy);

		if (!bit || (*word != '+' && *word != '-'))
			return deny(EINVAL, CG_19);
		enable &= ~bit;
		disable &= ~bit;
		*(*word == '+' ? &enable : &disable) |= bit;
	}
	return cgroup_set_control(o->cgroup, enable, disable);
}

/* --- cgroup.max.*: CG-38; CG-39: a limit below what is there is taken --- */

static int limit_show(struct text *t, s32 limit)
{
	if (limit == INT_MAX)
		text_puts(t, "max\n");
	else
		text_printf(t, "%d\n", limit);
	return t->error;
}

static int limit_write(char *text, s32 *limit)
{
	s32 value = INT_MAX;
	int err = 0;

	text = parse_strip(text);
	if (strcmp(text, "max"))
		err = parse_s32(text, &value);
	if (!err && value < 0)
		err = -ERANGE;
	if (err)
		return deny(-err, CG_38);
	*limit = value;
	return 0;
}

static int max_depth_show(struct text *t, struct cgroup_open *o)
{
	return limit_show(t, o->cgroup->max_depth);
}

static int max_depth_write(struct cgroup_open *o, char *text, size_t len)
{
	(void)len;
	return limit_write(text, &o->cgroup->max_depth);
}

static int max_descendants_show(struct text *t, struct cgroup_open *o)
{
	return limit_show(t, o->cgroup->max_descendants);
}

static int max_descendants_write(struct cgroup_open *o, char *text, size_t len)
{
	(void)len;
	return limit_write(text, &o->cgroup->max_descendants);
}

/* --- cgroup.freeze, cgroup.kill --- */

/* A number from low to high: 0, or EINVAL, ERANGE. */
static int switch_parse(char *text, s32 low, s32 high, s32 *out)
{
	int err = parse_s32(parse_strip(text), out);

	if (!err && (*out < low || *out > high))
		err = -ERANGE;
	return err;
}

static int freeze_show(struct text *t, struct cgroup_open *o)
{
	text_printf(t, "%d\n", o->cgroup->freeze);
	return t->error;
}

static int freeze_write(struct cgroup_open *o, char *text, size_t len)
{
	s32 value;
	int err = switch_parse(text, 0, 1, &value);

	(void)len;
	if (err)
		return deny(-err, CG_42);
	if (!value && cgroup_is_dumped(o->cgroup))
		return deny(EBUSY, CR_FRZ_02);
	cgroup_set_freeze(o->cgroup, value);
	return 0;
}

static int kill_write(struct cgroup_open *o, char *text, size_t len)
{
	s32 value;
	int err = switch_parse(text, 1, 1, &value);

	(void)len;
	if (err)
		return deny(-err, CG_50);
	return cgroup_kill(o->cgroup);
}

/* --- mount options, also the features in /sys/kernel/cgroup --- */

const struct cgroup_option cgroup_options[] = {
	{ "nsdelegate", HIERARCHY_NSDELEGATE, 0 },
	{ "favordynmods", HIERARCHY_FAVORDYNMODS, 0 },
	{ "memory_localevents", HIERARCHY_LOCALEVENTS, 0 },
	{ "memory_recursiveprot", HIERARCHY_RECURSIVEPROT, 0 },
	{ "pids_localevents", HIERARCHY_PIDS_LOCALEVENTS, COMPAT_PIDS_EVENTS },
	{ NULL, 0, 0 },
};

/* --- the table, in the order of listing; CG-03: not all are in the root --- */

enum {
	ROW_TYPE, ROW_PROCS, ROW_THREADS, ROW_CONTROLLERS, ROW_SUBTREE_CONTROL, ROW_EVENTS,
	ROW_MAX_DESCENDANTS, ROW_MAX_DEPTH, ROW_STAT, ROW_FREEZE, ROW_KILL, ROW_CPU_STAT, ROW_END,
};

const struct cgroup_file cgroup_core_files[] = {
	[ROW_TYPE] = { .name = "cgroup.type",
		       .flags = CGFILE_SHAPE | CGFILE_V2 | CGFILE_NOT_ON_ROOT,
		       .show = type_show, .write = type_write },
	[ROW_PROCS] = { .name = "cgroup.procs",
			.flags = CGFILE_SHAPE | CGFILE_V2 | CGFILE_DELEGATABLE,
			.show = procs_show, .write = procs_write },
	[ROW_THREADS] = { .name = "cgroup.threads",
			  .flags = CGFILE_SHAPE | CGFILE_V2 | CGFILE_DELEGATABLE,
			  .show = threads_show, .write = threads_write },
	[ROW_CONTROLLERS] = { .name = "cgroup.controllers", .flags = CGFILE_V2,
			      .show = controllers_show },
	[ROW_SUBTREE_CONTROL] = { .name = "cgroup.subtree_control",
				  .flags = CGFILE_SHAPE | CGFILE_V2 | CGFILE_DELEGATABLE,
				  .show = subtree_control_show, .write = subtree_control_write },
	[ROW_EVENTS] = { .name = "cgroup.events",
			 .flags = CGFILE_V2 | CGFILE_NOT_ON_ROOT | CGFILE_EVENTS,
			 .show = events_show },
	[ROW_MAX_DESCENDANTS] = { .name = "cgroup.max.descendants", .flags = CGFILE_V2,
				  .show = max_descendants_show, .write = max_descendants_write },
	[ROW_MAX_DEPTH] = { .name = "cgroup.max.depth", .flags = CGFILE_V2,
			    .show = max_depth_show, .write = max_depth_write },
	[ROW_STAT] = { .name = "cgroup.stat", .flags = CGFILE_V2, .show = cgroup_stat_show },
	[ROW_FREEZE] = { .name = "cgroup.freeze",
			 .flags = CGFILE_SHAPE | CGFILE_V2 | CGFILE_NOT_ON_ROOT,
			 .show = freeze_show, .write = freeze_write },
	[ROW_KILL] = { .name = "cgroup.kill", .flags = CGFILE_V2 | CGFILE_NOT_ON_ROOT,
		       .write = kill_write },
	[ROW_CPU_STAT] = { .name = "cpu.stat", .flags = CGFILE_V2, .show = cgroup_cpu_stat_show },
	[ROW_END] = { .name = NULL },
};
const struct cgroup_file *const cgroup_events_row = &cgroup_core_files[ROW_EVENTS];
const struct cgroup_file *const cgroup_procs_row = &cgroup_core_files[ROW_PROCS];
