// SPDX-License-Identifier: MIT
/* cr/locks.c - locks of files: fcntl(2)'s of processes and of open files, flock(2), leases.
 * file-locks.img.
 *
 * A lock hangs off an inode and belongs to a descriptor table or to an open file: both stand in the
 * entry by their ids (CRIU's pid and fd are for its tools). Locks of owners outside are not the
 * tree's. Who waits for one asks again after the restart. A lease that is being broken keeps what
 * is left of its time. See CRIU's file-lock.proto. */
#include "cr/internal.h"

#include "fs/descriptor.h"
#include "fs/lease.h"
#include "kernel/pid.h"
#include "mm/slab.h"

#define KIND_POSIX 1			/* as CRIU has them: Linux's FL_* */
#define KIND_FLOCK 2
#define KIND_LEASE 32
#define KIND_OFD   1024

/* Inodes whose locks were seen to: only addresses to be remembered. */
static void inode_none(void *i)
{
	(void)i;
}

static const struct cr_class seen_class = { .name = "locked inode", .get = inode_none,
					    .put = inode_none };

/* --- save --- */

static int lock_save(struct cr_save *s, const struct file_lock *l, u32 kind, u32 file_id)
{
	const struct cr_class *c = l->by_file ? &cr_file_class : &cr_files_class;
	u32 owner = objtab_id(&s->objects, c, l->owner);
	struct pb_file_lock_entry e = {
		.flag = l->by_file && kind == KIND_POSIX ? KIND_OFD : kind,
		.type = l->type,
		.pid = l->pid ? (s32)cr_pid(s, l->pid) : -1,
		.fd = -1,
		.start = l->start,
		.len = l->end == LOCK_END_MAX ? 0 : l->end - l->start + 1,
		.has_file_id = true, .file_id = file_id,
		.has_owner = true, .owner = owner,
	};

	return owner ? cr_put(s, CR_LOCKS, 0, &pb_file_lock_entry_type, &e) : 0;
}

static int lease_save(struct cr_save *s, const struct lease *l)
{
	u32 owner = objtab_id(&s->objects, &cr_file_class, l->file);
	struct pb_file_lock_entry e = {
		.flag = KIND_LEASE, .type = l->type, .pid = cr_pid(s, l->pid), .fd = l->fd,
		.has_file_id = true, .file_id = owner,
		.has_owner = true, .owner = owner,
		.has_target = true, .target = l->target,
		.has_left = l->deadline != WAIT_FOREVER, .left = l->deadline - s->now,
	};

	return owner ? cr_put(s, CR_LOCKS, 0, &pb_file_lock_entry_type, &e) : 0;
}

static int inode_save(struct cr_save *s, const struct inode_locks *locks, u32 file_id)
{
	const struct file_lock *l;
	const struct lease *lease;
	int err = 0;

	list_for_each(l, &locks->posix, link) {
		err = err ? err : lock_save(s, l, KIND_POSIX, file_id);
	}
	list_for_each(l, &locks->flock, link) {
		err = err ? err : lock_save(s, l, KIND_FLOCK, file_id);
	}
	list_for_each(lease, &locks->leases, link) {
		err = err ? err : lease_save(s, lease);
	}
	return err;
}

static int locks_save(struct cr_save *s)
{
	struct objtab_entry *o = NULL;
	int err = 0;

	while (!err && (o = objtab_next(&s->objects, &cr_file_class, o))) {
		struct inode *i = o->put ? ((struct file *)o->object)->inode : NULL;
		u32 id = 0;

		if (!i || !i->locks || objtab_id(&s->objects, &seen_class, i))
			continue;
		err = objtab_add(&s->objects, &seen_class, i, false, &id);
		if (!err)
			err = inode_save(s, i->locks, o->id);
	}
	return err;
}

/* --- restart --- */

static int bad(struct cr_restore *r, const struct pb_file_lock_entry *e)
{
	return cr_refuse(r, "file lock", e->file_id, "is not sound", EINVAL, CR_IMG_05);
}

static bool type_known(u32 type)
{
	return type == F_RDLCK || type == F_WRLCK;
}

static int flock_restore(struct inode_locks *locks, const struct file_lock *from)
{
	struct file_lock *l = kmalloc(sizeof(*l));

	if (!l)
		return -ENOMEM;
	*l = *from;
	if (l->pid)
		pid_get(l->pid);
	list_add_tail(&locks->flock, &l->link);
	return 0;
}

/* from->pid: counted by the caller. */
static int lock_put_on(struct cr_restore *r, const struct pb_file_lock_entry *e,
		       struct inode_locks *locks, struct file_lock *from)
{
	const struct file_lock *k;

	if (e->flag != KIND_FLOCK) {
		if (posix_conflict(locks, from))
			return cr_refuse(r, "file lock", e->file_id, "is another's", EAGAIN,
					 CR_FILE_10);
		return posix_apply(locks, from);
	}
	list_for_each(k, &locks->flock, link)
		if (k->owner == from->owner || k->type == F_WRLCK || from->type == F_WRLCK)
			return cr_refuse(r, "file lock", e->file_id, "is another's", EAGAIN,
					 CR_FILE_10);
	return flock_restore(locks, from);
}

static int lock_restore(struct cr_restore *r, const struct pb_file_lock_entry *e, struct file *f,
			struct inode_locks *locks)
{
	bool by_file = e->flag != KIND_POSIX;
	struct file_lock l = {
		.type = e->type, .start = e->start, .by_file = by_file,
		.end = e->len ? (u64)e->start + e->len - 1 : LOCK_END_MAX,
		.owner = objtab_object(&r->objects, by_file ? &cr_file_class : &cr_files_class,
				       e->owner),
	};
	int err = 0;

	list_init(&l.link);
	if (!l.owner || !type_known(e->type) || e->start < 0 || e->len < 0 ||
	    l.end > LOCK_END_MAX || l.end < l.start ||
	    (by_file && ((struct file *)l.owner)->inode != f->inode) ||
	    !(f->mode & (FMODE_READ | FMODE_WRITE)))
		return bad(r, e);
	if (e->pid > 0)
		err = cr_pid_restore(r, e->pid, &l.pid);
	if (!err)
		err = lock_put_on(r, e, locks, &l);
	if (l.pid)
		pid_put(l.pid);
	return err;
}

static int lease_may(struct cr_restore *r, const struct pb_file_lock_entry *e, const struct file *f,
		     const struct inode_locks *locks)
{
	const struct lease *l;

	if (!type_known(e->type) || (!type_known(e->target) && e->target != F_UNLCK) ||
	    !S_ISREG(f->inode->mode) || e->left < 0)
		return bad(r, e);
	if (current_cred()->fsuid != f->inode->uid && !capable_over_inode(f->inode, CAP_LEASE))
		return cr_refuse(r, "lease", e->file_id, "on another's file", EPERM, CR_API_15);
	list_for_each(l, &locks->leases, link)
		if (l->file == f)
			return bad(r, e);
	return 0;
}

static int lease_restore(struct cr_restore *r, const struct pb_file_lock_entry *e, struct file *f,
			 struct inode_locks *locks)
{
	struct lease *l;
	int err = lease_may(r, e, f, locks);

	if (err)
		return err;
	l = kzalloc(sizeof(*l));
	if (!l)
		return -ENOMEM;
	err = cr_pid_restore(r, e->pid, &l->pid);
	if (!err && !l->pid)
		err = bad(r, e);
	if (err) {
		kfree(l);
		return err;
	}
	l->file = f;
	l->fd = e->fd;
	l->type = e->type;
	l->target = e->target;
	l->deadline = e->has_left ? time_monotonic() + MIN(e->left, (s64)INT64_MAX / 2)
				  : WAIT_FOREVER;
	list_add_tail(&locks->leases, &l->link);
	return 0;
}

static int entry_restore(struct cr_restore *r, const struct pb_file_lock_entry *e)
{
	struct file *f = objtab_object(&r->objects, &cr_file_class, e->file_id);
	struct inode_locks *locks;
	int err = f ? inode_locks_get(f->inode, &locks) : bad(r, e);

	if (err)
		return err;
	if (e->flag == KIND_LEASE)
		err = lease_restore(r, e, f, locks);
	else if (e->flag == KIND_POSIX || e->flag == KIND_OFD || e->flag == KIND_FLOCK)
		err = lock_restore(r, e, f, locks);
	else
		err = bad(r, e);
	inode_locks_put(f->inode);
	return err;
}

static int locks_restore(struct cr_restore *r)
{
	struct cr_messages all;
	int err = 0;

	cr_messages(r, CR_LOCKS, 0, &all);
	for (u32 i = 0; i < all.nr && !err; i++)
		err = entry_restore(r, all.message[i]);
	return err;
}

const struct cr_late cr_locks_late = {
	.name = "file locks", .save = locks_save, .restore = locks_restore,
};
