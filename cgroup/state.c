// SPDX-License-Identifier: MIT
/* cgroup/state.c - /proc/plimsoll/state: the cgroups, who is in them, and what they count.
 *
 * And a task's cgroup for gdb's list of threads. See fs/state.h. Locks: BKL; nothing sleeps.
 * Checkpoint: nothing is kept. */

#include "cgroup/internal.h"
#include "fs/state.h"
#include "kernel/hooks.h"
#include "mm/slab.h"

/* Control files that are shown, whichever controller has one of that name. */
static const char *const shown[] = { "current", "max" };

static bool is_shown(const struct controller *c, const struct cgroup_file *f)
{
	for (size_t i = 0; c && i < ARRAY_SIZE(shown); i++)
		if (!strcmp(f->name, shown[i]))
			return true;
	return false;
}

/* A control file as it would be read, without its newline. */
static void value_show(struct text *t, struct cgroup *cg, const struct controller *c,
		       const struct cgroup_file *f)
{
	struct cgroup_open o = { .cgroup = cg, .css = cg->css[c->id], .type = f };
	struct text value = { 0 };

	if (f->show_u64)
		text_printf(&value, "%lu", f->show_u64(&o));
	else
		t->error = t->error ?: f->show(&value, &o);
	t->error = t->error ?: value.error;
	if (value.len && value.data[value.len - 1] == '\n')
		value.data[value.len - 1] = '\0';
	state_string(t, value.len ? value.data : "");
	text_free(&value);
}

static void values(struct text *t, struct cgroup *cg)
{
	char name[CGROUP_FILE_NAME_SIZE];
	const struct cgroup_file *f;
	const struct controller *c;
	const char *comma = "";

	for (u32 at = 0; cgroup_file_at(cg, at, &c, &f); at++)
		if (is_shown(c, f)) {
			cgroup_file_full_name(c, f, name);
			text_printf(t, "%s\"%s\": ", comma, name);
			value_show(t, cg, c, f);
			comma = ", ";
		}
}

static void members(struct text *t, const struct cgroup *cg)
{
	struct cgroup_place *place;
	const char *comma = "";

	list_for_each(place, &cg->members, link) {
		text_printf(t, "%s%d", comma, place->task->pid->numbers[0].nr);
		comma = ", ";
	}
}

static void controllers_of(struct text *t, const struct cgroup *cg)
{
	const char *comma = "";

	for_each_controller(id)
		if (cg->css[id]) {
			text_printf(t, "%s\"%s\"", comma, controllers[id]->name);
			comma = ", ";
		}
}

static const char *truth(bool yes)
{
	return yes ? "true" : "false";
}

static void cgroup_line(struct text *t, struct cgroup *cg, char *buf)
{
	if (cgroup_path(cg, cg->hierarchy->root, buf, PATH_MAX_LEN) < 0)
		t->error = -ENAMETOOLONG;
	text_printf(t, "{\"id\": %lu", cg->id);
	state_id(t, "parent", cg->parent ? cg->parent->id : 0);
	text_printf(t, ", \"hierarchy\": %u, \"path\": ", cg->hierarchy->id);
	state_string(t, buf);
	text_puts(t, ", \"controllers\": [");
	controllers_of(t, cg);
	text_printf(t, "], \"populated\": %s, \"frozen\": %s, \"dying\": %s, \"members\": [",
		    truth(cgroup_is_populated(cg)), truth(cg->frozen), truth(cg->dead));
	members(t, cg);
	text_puts(t, "], \"values\": {");
	if (!cg->dead)
		values(t, cg);
	text_puts(t, "}}");
}

void state_cgroups(struct text *t)
{
	char *buf = kmalloc(PATH_MAX_LEN);
	struct hierarchy *h;
	struct cgroup *cg;
	bool first = true;

	if (!buf) {
		t->error = -ENOMEM;
		return;
	}
	text_putc(t, '[');
	for_each_hierarchy(h, slot)
		list_for_each(cg, &h->cgroups, all) {
			if (!cg->pins)
				continue;
			state_next(t, &first);
			cgroup_line(t, cg, buf);
		}
	text_putc(t, ']');
	kfree(buf);
}

static void describe(struct task *t, char *buf, size_t size)
{
	static const char gap[] = "; ";

	if (size <= sizeof(gap))
		return;
	strcpy(buf, gap);
	if (cgroup_path(task_cgroup(t, &unified), unified.root, buf + strlen(gap),
			size - strlen(gap)) < 0)
		buf[0] = '\0';
}

void cgroup_state_init(void)
{
	kernel_hooks.describe_cgroup = describe;
}
