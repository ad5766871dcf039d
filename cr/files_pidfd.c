// SPDX-License-Identifier: MIT
/* cr/files_pidfd.c - descriptors of processes: the process's number, also of one that is gone.
 *
 * CRIU has no kind for them: they stand as external files (ext_file_entry), with fields of our own.
 * A process outside is refused (CR-EVT-04). See pidfd_open(2). */
#include "cr/internal.h"

#include "fs/pidfd.h"
#include "kernel/pid.h"

#define FD_TYPE_EXT 16

static bool pidfd_is(const struct file *f)
{
	return pidfd_pid((struct file *)f);
}

static int pidfd_save(struct cr_save *s, struct file *f, struct pb_file_entry *e)
{
	struct pb_ext_file_entry *ext = cr_new(s, struct pb_ext_file_entry);
	const struct pid *pid = pidfd_pid(f);

	if (!ext || !(ext->fown = cr_fown_new(s, f)))
		return -ENOMEM;
	e->ext = ext;
	ext->id = e->id;
	ext->has_pid = ext->has_flags = true;
	ext->pid = cr_pid(s, pid);
	ext->flags = f->flags;
	if (pid->task && !ext->pid)
		return cr_refuse(s, "pidfd", e->id, "of a process outside", EBUSY, CR_EVT_04);
	return 0;
}

static int pidfd_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file **out)
{
	struct pid *pid;
	int err;

	if (!e->ext || !e->ext->pid)
		return cr_refuse(r, "pidfd", e->id, "is nobody's", EINVAL, CR_IMG_05);
	err = cr_pid_restore(r, e->ext->pid, &pid);
	if (err)
		return err;
	err = pidfd_create_file(pid, e->ext->flags, out);
	pid_put(pid);
	return err;
}

const struct cr_file_class cr_pidfd_files = {
	.name = "pidfd",
	.type = FD_TYPE_EXT,
	.is = pidfd_is,
	.save = pidfd_save,
	.restore = pidfd_restore,
};
