// SPDX-License-Identifier: MIT
/* cgroup/memory_events.c - memory.events: what happened to a cgroup and all below, and who is told.
 *
 * An event counts in the events.local of its cgroup and in the events of it and its ancestors but
 * the root (MEMCG-10, 11); with the mount option memory_localevents only in its own. Pollers are
 * told when the task it happened to returns to user mode or waits: a charge is made in places that
 * cannot bear it.
 * Locks: BKL. Checkpoint: counts are saved. */

#include "cgroup/memory.h"

static struct list memory_to_tell = LIST_INIT(memory_to_tell);	/* memory.telling */

void memory_event(struct memory *m, enum memory_event event)
{
	bool local = m->css.cgroup->hierarchy->flags & HIERARCHY_LOCALEVENTS;

	m->local_events[event]++;
	for (; memory_parent(m); m = memory_parent(m)) {
		m->events[event]++;
		if (list_empty(&m->telling)) {
			css_get(&m->css);
			list_add_tail(&memory_to_tell, &m->telling);
		}
		if (local)
			break;
	}
	task_set_work(current, WORK_CHARGE);
}

void memory_tell_events(void)
{
	while (!list_empty(&memory_to_tell)) {
		struct memory *m = list_first(&memory_to_tell, struct memory, telling);
		struct cgroup *cg = m->css.cgroup;

		list_del(&m->telling);
		if (m->css.online) {
			cgroup_file_changed(cg, &m->css, &memory_files[ROW_MEMORY_EVENTS]);
			cgroup_file_changed(cg, &m->css, &memory_files[ROW_MEMORY_EVENTS_LOCAL]);
		}
		css_put(&m->css);
	}
}
