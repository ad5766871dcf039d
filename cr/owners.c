// SPDX-License-Identifier: MIT
/* cr/owners.c - who is told of what happens to open files: F_SETOWN, F_SETSIG, O_ASYNC.
 *
 * The owner stands in the file's own entry (fown_entry), as CRIU has it, and in file_entry.owner,
 * from which it is put on again when all processes have their numbers. Its ids decide whom a file
 * may signal: others than the restarter's need CAP_KILL. See fcntl(2), "Managing signals". */
#include "cr/internal.h"

#include "fs/descriptor.h"
#include "kernel/pid.h"

struct pb_fown_entry *cr_fown_new(struct cr_save *s, const struct file *f)
{
	struct pb_fown_entry *e = cr_new(s, struct pb_fown_entry);

	if (e)
		*e = (struct pb_fown_entry){
			.uid = from_uid_munged(current_user_ns(), f->owner.uid),
			.euid = from_uid_munged(current_user_ns(), f->owner.euid),
			.signum = f->owner.sig,
			.pid_type = f->owner.type,
			.pid = f->owner.pid ? cr_pid(s, f->owner.pid) : 0,
		};
	return e;
}

static bool pid_in_use(const struct pid *p)
{
	return p->task || !list_empty(&p->group) || !list_empty(&p->session);
}

int cr_owner_save(struct cr_save *s, const struct file *f, struct pb_file_entry *e)
{
	const struct pid *p = f->owner.pid;

	if (!p && !f->owner.sig && !f->async && !(f->flags & FASYNC))
		return 0;
	if (p && pid_in_use(p) && !cr_pid(s, p))
		return cr_refuse(s, "file owner", e->id, "is outside", EBUSY, CR_FILE_11);
	e->owner = cr_fown_new(s, f);
	if (!e->owner)
		return -ENOMEM;
	if (p && !pid_in_use(p))
		e->owner->pid = 0;
	e->has_async_fd = f->async;
	e->async_fd = file_async_fd(f);
	return 0;
}

static int owner_check(struct cr_restore *r, u32 id, const struct pb_fown_entry *e)
{
	const struct cred *c = current_cred();
	kid_t uid = make_uid(current_user_ns(), e->uid);
	kid_t euid = make_uid(current_user_ns(), e->euid);

	if (e->signum > SIG_MAX || e->pid_type > F_OWNER_PGRP || uid == INVALID_ID ||
	    euid == INVALID_ID)
		return cr_refuse(r, "file owner", id, "is not sound", EINVAL, CR_IMG_05);
	if (e->pid && (uid != c->uid || euid != c->euid) && !capable_in(c->user_ns, CAP_KILL))
		return cr_refuse(r, "file owner", id, "is another user", EPERM, CR_API_15);
	return 0;
}

static int owner_restore(struct cr_restore *r, const struct pb_file_entry *e, struct file *f)
{
	const struct pb_fown_entry *o = e->owner;
	struct pid *pid = NULL;
	int err = owner_check(r, e->id, o);

	if (!err && o->pid) {
		pid = cr_pid_of_tree(r, o->pid);
		if (!pid)
			err = cr_refuse(r, "file owner", e->id, "is not there", EINVAL, CR_IMG_05);
	}
	if (err)
		return err;
	fown_set(f, pid, o->pid_type);
	f->owner.sig = o->signum;
	f->owner.uid = make_uid(current_user_ns(), o->uid);
	f->owner.euid = make_uid(current_user_ns(), o->euid);
	return e->has_async_fd ? file_set_async(f, e->async_fd, true) : 0;
}

static int owners_restore(struct cr_restore *r)
{
	struct cr_messages all;
	int err = 0;

	cr_messages(r, CR_FILES, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++) {
		const struct pb_file_entry *e = all.message[i];
		struct file *f = objtab_object(&r->objects, &cr_file_class, e->id);

		if (f && e->owner)
			err = owner_restore(r, e, f);
	}
	return err;
}

const struct cr_late cr_owners_late = { .name = "file owners", .restore = owners_restore };
