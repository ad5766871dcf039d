// SPDX-License-Identifier: MIT
/* fs/state_list.h - the parts of /proc/plimsoll/state, in the order in which they are printed. */
/* STATE(name): "void state_name(struct text *t)" prints the JSON value of the member "name"; it
 * stands in the file named. What refers to another part does so by the ids that part prints. */
STATE(tasks)			/* fs/proc_state.c */
STATE(mounts)
STATE(namespaces)		/* ns/state.c */
STATE(memberships)
STATE(cgroups)			/* cgroup/state.c */
