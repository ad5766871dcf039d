// SPDX-License-Identifier: MIT
/* cgroup/proc.c - /proc/PID/cgroup, /proc/cgroups, /sys/kernel/cgroup.
 *
 * /proc/PID/cgroup has a line "id:controllers:path" for each hierarchy, newest first; the unified
 * one is "0::path", shown from its first mount on. Paths are the reader's: from the root of its
 * cgroup namespace (CGNS-08). A zombie shows where it was, " (deleted)" if that is gone (CG-15).
 * Locks: BKL.
 * See proc(5), cgroups(7). */

#include "cgroup/internal.h"
#include "fs/proc.h"
#include "mm/slab.h"

static const char deleted[] = " (deleted)";

static void hierarchy_line(struct text *t, struct task *task, const struct hierarchy *h, char *buf)
{
	const struct cgroup *cg = task_cgroup(task, h);
	const char *gap = "";

	text_printf(t, "%u:", h->id);
	for_each_controller(id)
		if (!h->unified && (h->controllers & BIT(id))) {
			text_printf(t, "%s%s", gap, controllers[id]->name);
			gap = ",";
		}
	if (cgroup_path(cg, current_cgroup_ns()->root, buf, PATH_MAX_LEN) < 0)
		t->error = -ENAMETOOLONG;
	text_printf(t, ":%s%s\n", buf, h->unified && cg->dead ? deleted : "");
}

int proc_cgroup_show(struct text *t, struct proc_open *po)
{
	char *buf = kmalloc(PATH_MAX_LEN);

	if (!buf)
		return -ENOMEM;
	for (int slot = HIERARCHIES_MAX - 1; slot >= 0; slot--)
		if (hierarchies[slot] && hierarchies[slot]->visible)
			hierarchy_line(t, po->task, hierarchies[slot], buf);
	kfree(buf);
	return t->error;
}

int proc_cgroups_show(struct text *t, struct proc_open *po)
{
	(void)po;
	text_puts(t, "#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
	for_each_controller(id)
		text_printf(t, "%s\t%u\t%lu\t%d\n", controllers[id]->name,
			    controller_home[id]->id, controller_home[id]->nr_cgroups, 1);
	return t->error;
}

/* --- /sys/kernel/cgroup: CG-58 --- */

static void delegatable_print(struct text *t, const struct controller *c,
			      const struct cgroup_file *f)
{
	char name[CGROUP_FILE_NAME_SIZE];

	for (; f->name; f++) {
		if (!(f->flags & CGFILE_V2) || !(f->flags & CGFILE_DELEGATABLE))
			continue;
		cgroup_file_full_name(c, f, name);
		text_printf(t, "%s\n", name);
	}
}

int sysfs_cgroup_delegate_show(struct text *t, unsigned number)
{
	(void)number;
	delegatable_print(t, NULL, cgroup_core_files);
	for_each_controller(id)
		delegatable_print(t, controllers[id], controllers[id]->files);
	return t->error;
}

int sysfs_cgroup_features_show(struct text *t, unsigned number)
{
	(void)number;
	for (const struct cgroup_option *o = cgroup_options; o->name; o++)
		if (cgroup_option_is_known(o))
			text_printf(t, "%s\n", o->name);
	return t->error;
}
