// SPDX-License-Identifier: MIT
/* fs/locks.c - file locks: what flock(2) and fcntl(2) locks share, and flock(2).
 *
 * flock locks belong to the open file: dup and fork share them, the last close drops them. A
 * change of type is not atomic: the old lock goes first, as on Linux.
 * Objects: struct inode_locks per inode with locks or waiters. Waiters sleep on its queue and
 * try again whenever a lock goes.
 * Locks: BKL; the lists are not walked over a sleep. Checkpoint: saved with the files.
 * See flock(2), fcntl(2).
 * Keeps ABI-LCK-04. */
#include "fs/descriptor.h"
#include "fs/lease.h"
#include "fs/locks.h"
#include "kernel/pid.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

int inode_locks_get(struct inode *i, struct inode_locks **out)
{
	struct inode_locks *locks = i->locks;

	if (!locks) {
		locks = kzalloc(sizeof(*locks));
		if (!locks)
			return -ENOLCK;
		list_init(&locks->posix);
		list_init(&locks->flock);
		list_init(&locks->leases);
		waitqueue_init(&locks->wait);
		i->locks = locks;
	}
	locks->waiters++;
	*out = locks;
	return 0;
}

void inode_locks_put(struct inode *i)
{
	struct inode_locks *locks = i->locks;

	if (--locks->waiters || !list_empty(&locks->posix) || !list_empty(&locks->flock) ||
	    !list_empty(&locks->leases))
		return;
	i->locks = NULL;
	kfree(locks);
}

void file_lock_free(struct file_lock *l)
{
	list_del(&l->link);
	if (l->pid)
		pid_put(l->pid);
	kfree(l);
}

/* Frees the locks of one list that belong to owner. */
static void locks_drop_owner(struct list *head, const void *owner, struct inode_locks *locks)
{
	struct file_lock *l, *next;

	list_for_each_safe(l, next, head, link)
		if (l->owner == owner) {
			file_lock_free(l);
			wake_all(&locks->wait);
		}
}

void locks_close(struct file *f, struct files *owner)
{
	struct inode_locks *locks = f->inode->locks;

	if (!locks)
		return;
	locks->waiters++;
	locks_drop_owner(&locks->posix, owner, locks);
	inode_locks_put(f->inode);
}

void locks_release_file(struct file *f)
{
	struct inode_locks *locks = f->inode->locks;

	locks->waiters++;
	locks_drop_owner(&locks->posix, f, locks);
	locks_drop_owner(&locks->flock, f, locks);
	leases_drop(locks, f);
	inode_locks_put(f->inode);
}

/* --- flock(2) --- */

static struct file_lock *flock_of(struct inode_locks *locks, const struct file *f)
{
	struct file_lock *l;

	list_for_each(l, &locks->flock, link)
		if (l->owner == f)
			return l;
	return NULL;
}

static bool flock_conflict(struct inode_locks *locks, const struct file *f, int type)
{
	struct file_lock *l;

	list_for_each(l, &locks->flock, link)
		if (l->owner != f && (type == F_WRLCK || l->type == F_WRLCK))
			return true;
	return false;
}

static int flock_add(struct inode_locks *locks, struct file *f, int type)
{
	struct file_lock *l = kzalloc_charged(sizeof(*l));

	if (!l)
		return -ENOLCK;
	l->end = LOCK_END_MAX;
	l->type = type;
	l->owner = f;
	l->by_file = true;
	l->pid = current->process->tgid;
	pid_get(l->pid);
	list_add_tail(&locks->flock, &l->link);
	return 0;
}

static int flock_set(struct file *f, int type, bool wait)
{
	struct inode_locks *locks;
	struct file_lock *old;
	int err = inode_locks_get(f->inode, &locks);

	if (err)
		return err;
	old = flock_of(locks, f);
	if (old && old->type == type)
		goto done;
	if (old) {
		file_lock_free(old);
		wake_all(&locks->wait);
	}
	if (type == F_UNLCK)
		goto done;
	if (wait)
		err = wait_event(&locks->wait, !flock_conflict(locks, f, type));
	else if (flock_conflict(locks, f, type))
		err = -EAGAIN;
	if (!err && !flock_of(locks, f))
		err = flock_add(locks, f, type);
done:
	inode_locks_put(f->inode);
	return err;
}

static const struct {
	int op, type;
} flock_types[] = {
	{ LOCK_SH, F_RDLCK }, { LOCK_EX, F_WRLCK }, { LOCK_UN, F_UNLCK },
};

long sys_flock(int fd, int op)
{
	struct file *f;
	int type = -1, err;

	if (op & LOCK_MAND)
		return 0;
	for (unsigned k = 0; k < ARRAY_SIZE(flock_types); k++)
		if ((op & ~LOCK_NB) == flock_types[k].op)
			type = flock_types[k].type;
	if (type < 0)
		return -EINVAL;
	f = fd_get_io(fd);
	if (!f)
		return -EBADF;
	err = -EBADF;
	if (type == F_UNLCK || (f->mode & (FMODE_READ | FMODE_WRITE)))
		err = flock_set(f, type, !(op & LOCK_NB));
	file_put(f);
	return err;
}
