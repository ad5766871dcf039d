// SPDX-License-Identifier: MIT
/* fs/posix_locks.c - record locks: fcntl(2) F_SETLK and kin, of processes and of open files (OFD).
 *
 * A POSIX lock belongs to a descriptor table: closing any descriptor of the file drops it, a forked
 * child has none. An OFD lock belongs to the open file. Within an owner ranges never
 * overlap, and neighbours of one type are one lock.
 * Life of a request: conflict? wait (if asked) and look again; then posix_apply. A waiting POSIX
 * request is on "blocked" with the owner it waits for; a request whose owner others
 * wait for in a circle is EDEADLK. OFD locks are not checked for circles.
 * Locks: BKL. Checkpoint: the lists of each inode. See fcntl(2).
 * Keeps ABI-LCK-01, ABI-LCK-02, ABI-LCK-03. */
#include "fs/descriptor.h"
#include "fs/locks.h"
#include "kernel/pid.h"
#include "mm/slab.h"

#define DEADLOCK_STEPS_MAX 10
#define OFD_PID (-1)

struct blocked {
	struct list link;
	const void *owner, *waits_for;
};
static struct list blocked = LIST_INIT(blocked);

static bool overlaps(const struct file_lock *a, const struct file_lock *b)
{
	return a->start <= b->end && b->start <= a->end;
}

static bool touches(const struct file_lock *a, const struct file_lock *b)
{
	return a->start <= b->end + 1 && b->start <= a->end + 1;
}

struct file_lock *posix_conflict(struct inode_locks *locks, const struct file_lock *r)
{
	struct file_lock *l;

	list_for_each(l, &locks->posix, link)
		if (l->owner != r->owner && overlaps(l, r) &&
		    (l->type == F_WRLCK || r->type == F_WRLCK))
			return l;
	return NULL;
}

static struct file_lock *lock_copy(const struct file_lock *from)
{
	struct file_lock *l = kzalloc_charged(sizeof(*l));

	if (!l)
		return NULL;
	*l = *from;
	list_init(&l->link);
	if (l->pid)
		pid_get(l->pid);
	return l;
}

/* Puts l among the locks of its owner, by start; a new owner comes last. */
static void lock_insert(struct inode_locks *locks, struct file_lock *l)
{
	struct list *before = &locks->posix;
	struct file_lock *k;
	bool seen = false;

	list_for_each(k, &locks->posix, link) {
		if (k->owner == l->owner)
			seen = true;
		if (k->owner == l->owner ? k->start > l->start : seen) {
			before = &k->link;
			break;
		}
	}
	list_add_tail(before, &l->link);
}

/* Takes r's range out of l, which overlaps it; *spare becomes the right part if both are left. */
static void lock_cut(struct inode_locks *locks, struct file_lock *l, const struct file_lock *r,
		     struct file_lock **spare)
{
	bool left = l->start < r->start, right = l->end > r->end;
	struct file_lock *tail;

	if (left && right) {
		tail = *spare;
		*spare = NULL;
		tail->type = l->type;
		tail->start = r->end + 1;
		tail->end = l->end;
		l->end = r->start - 1;
		lock_insert(locks, tail);
	} else if (left) {
		l->end = r->start - 1;
	} else if (right) {
		l->start = r->end + 1;
	} else {
		file_lock_free(l);
	}
}

int posix_apply(struct inode_locks *locks, const struct file_lock *r)
{
	struct file_lock *fresh = lock_copy(r), *spare = lock_copy(r), *l, *next;
	int err = -ENOLCK;

	if (!fresh || !spare)
		goto free;
	err = 0;
	list_for_each_safe(l, next, &locks->posix, link) {
		if (l->owner != r->owner)
			continue;
		if (l->type == r->type && touches(l, fresh)) {
			fresh->start = MIN(fresh->start, l->start);
			fresh->end = MAX(fresh->end, l->end);
			file_lock_free(l);
		} else if (l->type != r->type && overlaps(l, r)) {
			lock_cut(locks, l, r, &spare);
		}
	}
	if (r->type != F_UNLCK) {
		lock_insert(locks, fresh);
		fresh = NULL;
	}
	wake_all(&locks->wait);
free:
	if (fresh)
		file_lock_free(fresh);
	if (spare)
		file_lock_free(spare);
	return err;
}

/* Would a wait of "owner" for the owner of "in_way" close a circle? */
static bool would_deadlock(const void *owner, const struct file_lock *in_way)
{
	const void *next = in_way->owner;
	struct blocked *b;
	bool found = true;

	for (unsigned steps = 0; found && steps < DEADLOCK_STEPS_MAX; steps++) {
		found = false;
		list_for_each(b, &blocked, link)
			if (b->owner == next) {
				next = b->waits_for;
				found = true;
				break;
			}
		if (found && next == owner)
			return true;
	}
	return false;
}

/* Sleeps until nothing is in the way of r. 0, -ERESTARTSYS, -EDEADLK. */
static int posix_wait(struct inode_locks *locks, const struct file_lock *r)
{
	struct blocked me = { .owner = r->owner };
	struct file_lock *in_way;
	int err = 0;

	while (!err && (in_way = posix_conflict(locks, r))) {
		if (!r->by_file) {
			if (would_deadlock(r->owner, in_way))
				return -EDEADLK;
			me.waits_for = in_way->owner;
			list_add(&blocked, &me.link);
		} else {
			list_init(&me.link);
		}
		err = wait_once(&locks->wait, WAIT_INTERRUPTIBLE, WAIT_FOREVER, false);
		list_del(&me.link);
	}
	return err;
}

static int posix_set(struct inode *i, const struct file_lock *r, bool wait)
{
	struct inode_locks *locks;
	int err = inode_locks_get(i, &locks);

	if (err)
		return err;
	if (r->type != F_UNLCK) {
		if (wait)
			err = posix_wait(locks, r);
		else if (posix_conflict(locks, r))
			err = -EAGAIN;
	}
	if (!err)
		err = posix_apply(locks, r);
	inode_locks_put(i);
	return err;
}

/* --- the ABI's struct flock --- */

static int flock_range(const struct file *f, const struct flock *u, struct file_lock *r)
{
	s64 base, start, end;

	switch (u->l_whence) {
	case SEEK_SET:
		base = 0;
		break;
	case SEEK_CUR:
		base = f->pos;
		break;
	case SEEK_END:
		base = f->inode->size;
		break;
	default:
		return -EINVAL;
	}
	if (u->l_start > INT64_MAX - base)
		return -EOVERFLOW;
	start = base + u->l_start;
	if (start < 0)
		return -EINVAL;
	end = INT64_MAX;
	if (u->l_len > 0) {
		if (u->l_len - 1 > INT64_MAX - start)
			return -EOVERFLOW;
		end = start + (u->l_len - 1);
	} else if (u->l_len < 0) {
		if (start + u->l_len < 0)
			return -EINVAL;
		end = start - 1;
		start += u->l_len;
	}
	r->start = start;
	r->end = end;
	return 0;
}

/* The user's request as a lock of the caller (ofd: of the file). */
static int flock_request(struct file *f, const struct flock *u, bool ofd, struct file_lock *r)
{
	int err = flock_range(f, u, r);

	if (err)
		return err;
	if (u->l_type != F_RDLCK && u->l_type != F_WRLCK && u->l_type != F_UNLCK)
		return -EINVAL;
	if (ofd && u->l_pid)
		return -EINVAL;
	r->type = u->l_type;
	r->by_file = ofd;
	r->owner = ofd ? (void *)f : (void *)current->files;
	r->pid = ofd ? NULL : current->process->tgid;
	list_init(&r->link);
	return 0;
}

static int fcntl_getlk(struct file *f, struct flock *u, bool ofd)
{
	struct inode_locks *locks = f->inode->locks;
	struct file_lock r, *l;
	int err;

	if (u->l_type != F_RDLCK && u->l_type != F_WRLCK)
		return -EINVAL;
	err = flock_request(f, u, ofd, &r);
	if (err)
		return err;
	l = locks ? posix_conflict(locks, &r) : NULL;
	if (!l) {
		u->l_type = F_UNLCK;
		return 0;
	}
	u->l_type = l->type;
	u->l_whence = SEEK_SET;
	u->l_start = l->start;
	u->l_len = l->end == LOCK_END_MAX ? 0 : l->end - l->start + 1;
	u->l_pid = l->by_file ? OFD_PID : pid_nr(l->pid);
	return 0;
}

static int fcntl_setlk(struct file *f, int fd, const struct flock *u, bool ofd, bool wait)
{
	struct file_lock r;
	int err = flock_request(f, u, ofd, &r);

	if (err)
		return err;
	if (r.type == F_RDLCK && !(f->mode & FMODE_READ))
		return -EBADF;
	if (r.type == F_WRLCK && !(f->mode & FMODE_WRITE))
		return -EBADF;
	err = posix_set(f->inode, &r, wait);
	/* Closed meanwhile: that close could not drop a lock that was not there yet. */
	if (!err && !ofd && r.type != F_UNLCK && fd_peek(current->files, fd) != f) {
		r.type = F_UNLCK;
		posix_set(f->inode, &r, false);
		err = -EBADF;
	}
	return err;
}

int fcntl_lock(struct file *f, int fd, unsigned cmd, uaddr arg)
{
	bool ofd = cmd == F_OFD_GETLK || cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW;
	bool wait = cmd == F_SETLKW || cmd == F_OFD_SETLKW;
	struct flock u;
	int err = copy_from_user(&u, arg, sizeof(u));

	if (err)
		return err;
	if (cmd == F_GETLK || cmd == F_OFD_GETLK) {
		err = fcntl_getlk(f, &u, ofd);
		return err ? err : copy_to_user(arg, &u, sizeof(u));
	}
	return fcntl_setlk(f, fd, &u, ofd, wait);
}
