// SPDX-License-Identifier: MIT
/* fs/proc_state.c - /proc/plimsoll/state: tasks and mounts, and the JSON of all rooms put together.
 *
 * The members and who prints them: fs/state_list.h; their shapes: fs/state.h.
 * Locks: BKL; nothing here sleeps.
 * Checkpoint: nothing is kept. */

#include "fs/mnt_ns.h"
#include "fs/names.h"
#include "fs/proc_fs.h"
#include "fs/state.h"
#include "mm/slab.h"
#include "version.h"

#define FIRST_PRINTABLE 0x20
#define FIRST_NOT_ASCII 0x7f

/* --- JSON --- */

void state_string(struct text *t, const char *s)
{
	text_putc(t, '"');
	for (; *s; s++) {
		u8 c = *s;

		if (c < FIRST_PRINTABLE || c >= FIRST_NOT_ASCII)
			text_printf(t, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			text_printf(t, "\\%c", c);
		else
			text_putc(t, c);
	}
	text_putc(t, '"');
}

void state_id(struct text *t, const char *name, u64 id)
{
	if (id)
		text_printf(t, ", \"%s\": %lu", name, id);
	else
		text_printf(t, ", \"%s\": null", name);
}

void state_next(struct text *t, bool *first)
{
	text_puts(t, *first ? "\n  " : ",\n  ");
	*first = false;
}

/* --- tasks --- */

static void task_line(struct text *t, const struct task *task)
{
	const struct process *p = task->process;
	const char *comma = "";

	text_printf(t, "{\"tid\": %d", task->pid->numbers[0].nr);
	state_id(t, "pid", p->tgid->numbers[0].nr);
	state_id(t, "ppid", p->parent ? p->parent->tgid->numbers[0].nr : 0);
	text_puts(t, ", \"comm\": ");
	state_string(t, task->comm);
	text_printf(t, ", \"state\": \"%c\", \"numbers\": [", proc_state_text(task)[0]);
	for (u32 level = 0; level <= task->pid->level; level++) {
		text_printf(t, "%s%d", comma, task->pid->numbers[level].nr);
		comma = ", ";
	}
	text_puts(t, "]}");
}

void state_tasks(struct text *t)
{
	struct task *task;
	bool first = true;

	text_putc(t, '[');
	list_for_each(task, &task_all, all) {
		state_next(t, &first);
		task_line(t, task);
	}
	text_putc(t, ']');
}

/* --- mounts --- */

/* Where m is, seen from the root of its namespace. */
static void mount_place(struct text *t, struct mount *m, char *buf)
{
	struct path p = { m, m->root }, top = { m->ns->root, m->ns->root->root };
	char *place = path_text_bare(&p, &top, "", buf, PATH_MAX_LEN, NULL);

	if (place)
		state_string(t, place);
	else
		text_puts(t, "null");
}

static void mount_line(struct text *t, struct mount *m, char *buf)
{
	text_printf(t, "{\"id\": %d", m->id);
	state_id(t, "parent", mount_has_parent(m) ? m->parent->id : 0);
	state_id(t, "namespace", m->ns->ns.inum);
	text_printf(t, ", \"type\": \"%s\", \"source\": ", m->sb->type->name);
	state_string(t, m->source ? m->source : "none");
	text_puts(t, ", \"place\": ");
	mount_place(t, m, buf);
	state_id(t, "shared", m->group_id);
	state_id(t, "master", m->master ? m->master->group_id : 0);
	text_printf(t, ", \"locked\": %s}", m->flags & MNT_K_LOCKED ? "true" : "false");
}

/* The kernel's own mounts and detached ones are in no namespace. */
void state_mounts(struct text *t)
{
	char *buf = kmalloc(PATH_MAX_LEN);
	struct mount *m;
	bool first = true;

	if (!buf) {
		t->error = -ENOMEM;
		return;
	}
	text_putc(t, '[');
	list_for_each(m, &mount_all, all)
		if (m->ns) {
			state_next(t, &first);
			mount_line(t, m, buf);
		}
	text_putc(t, ']');
	kfree(buf);
}

/* --- all of it --- */

int system_state_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_puts(t, "{\"version\": ");
	state_string(t, PLIMSOLL_VERSION);
#define STATE(name)                               \
	text_puts(t, ",\n\"" #name "\": ");       \
	state_##name(t);
#include "fs/state_list.h"
#undef STATE
	text_puts(t, "}\n");
	return t->error;
}
