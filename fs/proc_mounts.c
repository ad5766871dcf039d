// SPDX-License-Identifier: MIT
/* fs/proc_mounts.c - /proc/PID/mounts, mountinfo, mountstats: the mounts a task sees, as text.
 *
 * poll tells, with POLLERR and POLLPRI, once of changes since the open or the last poll that told
 * (MNTNS-48). The lines are made by fs/mount_show.c.
 * Not like Linux: an open file follows the task, as all of /proc/PID does, also into another
 * namespace; Linux keeps to the namespace and root of the time of the open. See proc(5). */

#include "fs/mnt_ns.h"
#include "fs/poll.h"
#include "fs/proc_fs.h"
#include "kernel/deny.h"

/* A task that has exited is in no namespace any more. */
static int mounts_open(struct proc_open *po)
{
	if (!po->task->nsproxy)
		return -EINVAL;
	if (!po->task->fs)
		return -ENOENT;
	po->file->version = task_mnt_ns(po->task)->event;
	return 0;
}

static u64 mounts_changes(const struct proc_open *po)
{
	return po->task->nsproxy ? task_mnt_ns(po->task)->event : po->file->version;
}

static u32 mounts_poll(struct proc_open *po, struct poll_table *pt)
{
	struct mnt_ns *ns = po->task->nsproxy ? task_mnt_ns(po->task) : NULL;
	u32 events = POLLIN | POLLRDNORM;

	if (!ns)
		return events;
	poll_wait(pt, po->file, &ns->poll);
	if (po->file->version != ns->event) {
		po->file->version = ns->event;
		events |= POLLERR | POLLPRI;
	}
	return events;
}

/* Prints if the task still has a root directory to look from. */
static int mounts_print(struct text *t, struct proc_open *po,
			int (*show)(struct text *t, struct task *task))
{
	return po->task->nsproxy && po->task->fs ? show(t, po->task) : -EINVAL;
}

static int mounts_lines(struct text *t, struct proc_open *po)
{
	return mounts_print(t, po, mounts_show);
}

static int mountinfo_lines(struct text *t, struct proc_open *po)
{
	return mounts_print(t, po, mountinfo_show);
}

static int mountstats_lines(struct text *t, struct proc_open *po)
{
	return mounts_print(t, po, mountstats_show);
}

const struct proc_entry proc_mounts_entry = {
	.name = "mounts",
	.mode = S_IFREG | 0444,
	.show = mounts_lines,
	.open = mounts_open,
	.poll = mounts_poll,
	.changes = mounts_changes,
};

const struct proc_entry proc_mountinfo_entry = {
	.name = "mountinfo",
	.mode = S_IFREG | 0444,
	.show = mountinfo_lines,
	.open = mounts_open,
	.poll = mounts_poll,
	.changes = mounts_changes,
};

const struct proc_entry proc_mountstats_entry = {
	.name = "mountstats",
	.mode = S_IFREG | 0400,
	.flags = PROC_LEADER,
	.show = mountstats_lines,
	.open = mounts_open,
};
