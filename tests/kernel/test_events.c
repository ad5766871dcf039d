// SPDX-License-Identifier: MIT
/* tests/kernel/test_events.c - what tells and waits: timers' signals, clock timers, inotify, seals,
 * leases.
 *
 * Properties:
 *   - a timer's signal pends once and counts what comes meanwhile; its owner keeps it when it is
 *     taken; without its owner it is delivered, and freed then
 *   - each signal that becomes pending wakes who waits for arrivals
 *   - a timer of real time follows when that is set; forwarding goes by whole intervals
 *   - events come in order, with names, equal ones in a row once; a move has one cookie
 *   - a watch ends with its inode, with its only event, when it is removed, and says so
 *   - beyond the limit of a queue there is one overflow
 *   - without memory nothing is left behind, and an event that is lost is an overflow
 *   - seals forbid what they say, for ever; a map that can write stands in the way of F_SEAL_WRITE
 *   - leases: who may have one, who is told to give it up, what that leaves */
#include <linux/falloc.h>

#include "fs/descriptor.h"
#include "fs/inotify.h"
#include "fs/lease.h"
#include "fs/namei.h"
#include "fs/seals.h"
#include "fs/shmem.h"
#include "kernel/clock_timer.h"
#include "kernel/ktest.h"
#include "kernel/signal_internal.h"
#include "kernel/task.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define FAR (1000 * NSEC_PER_SEC)
#define EVENTS_BUF 512
#define QUEUE_SMALL 4
#define FAIL_MAX 12
#define DIR_NAME "/events"
#define FILE_NAME DIR_NAME "/file"

long sys_inotify_init1(int flags);
extern const struct task_part files_part;

/* --- signals --- */

struct arrival {
	struct waiter waiter;
	unsigned seen;
};

static bool arrival_wake(struct waiter *w, u32 events)
{
	(void)events;
	container_of(w, struct arrival, waiter)->seen++;
	return false;
}

static struct sig_queued *timer_signal_make(struct ktest *t, void *owner)
{
	struct sig_queued *q = NULL;

	KEXPECT(t, !signal_prealloc(current, owner, &q));
	q->info.si_signo = SIGRTMIN;
	q->info.si_code = SI_TIMER;
	return q;
}

static void timer_signal_pends_once(struct ktest *t)
{
	u64 blocked = current->blocked, pending = current->real_cred->user->pending_signals;
	struct arrival a = { .waiter.wake = arrival_wake };
	struct sig_queued *q = timer_signal_make(t, NULL);
	siginfo_t info;

	signal_set_blocked(~0UL);
	waiter_add(&current->sighand->arrivals, &a.waiter);
	KEXPECT_EQ(t, signal_send_prealloc(current, false, q), 0);
	KEXPECT_EQ(t, signal_send_prealloc(current, false, q), 0);
	KEXPECT_EQ(t, q->info.si_overrun, 1);
	KEXPECT_EQ(t, a.seen, 1);
	waiter_remove(&a.waiter);
	signal_prealloc_drop(q);	/* it still is delivered */
	KEXPECT_EQ(t, signal_dequeue(current, SIGMASK(SIGRTMIN), &info), SIGRTMIN);
	KEXPECT_EQ(t, info.si_overrun, 1);
	KEXPECT_EQ(t, signal_dequeue(current, SIGMASK(SIGRTMIN), &info), 0);
	KEXPECT_EQ(t, current->real_cred->user->pending_signals, pending);
	signal_set_blocked(blocked);
}

static void timer_signals_go_at_exec(struct ktest *t)
{
	u64 blocked = current->blocked;
	struct sig_queued *q = timer_signal_make(t, NULL);
	siginfo_t info;

	signal_set_blocked(~0UL);
	current->flags &= ~TASK_KTHREAD;	/* or it would be told nothing */
	siginfo_user(&info, SIGRTMIN);
	KEXPECT_EQ(t, signal_task(current, SIGRTMIN, &info), 0);
	KEXPECT_EQ(t, signal_send_prealloc(current, false, q), 0);
	signal_flush_timers(current);
	KEXPECT_EQ(t, signal_dequeue(current, SIGMASK(SIGRTMIN), &info), SIGRTMIN);
	KEXPECT_EQ(t, info.si_code, SI_USER);
	KEXPECT_EQ(t, signal_dequeue(current, SIGMASK(SIGRTMIN), &info), 0);
	current->flags |= TASK_KTHREAD;
	signal_set_blocked(blocked);
}

/* --- clock timers --- */

static unsigned fired;

static void count_fired(struct clock_timer *ct)
{
	(void)ct;
	fired++;
}

static void clock_timer_follows_real_time(struct ktest *t)
{
	s64 now = time_real(), mono = time_monotonic();
	struct clock_timer ct;

	fired = 0;
	clock_timer_init(&ct, count_fired);
	clock_timer_set(&ct, 0, true, now + FAR);
	clock_timer_start(&ct);
	KEXPECT(t, clock_timer_armed(&ct));
	KEXPECT(t, ct.timer.deadline > (u64)mono + FAR / 2);
	time_set_real(now + FAR / 2);
	KEXPECT(t, ct.timer.deadline < (u64)mono + FAR * 3 / 4);
	KEXPECT(t, clock_timer_left(&ct) <= FAR / 2);
	clock_timer_cancel(&ct);
	clock_timer_set(&ct, 0, false, FAR);	/* relative: setting the clock does not matter */
	clock_timer_start(&ct);
	time_set_real(now + (s64)time_monotonic() - mono);
	KEXPECT(t, clock_timer_left(&ct) > FAR / 2);
	clock_timer_cancel(&ct);
	KEXPECT_EQ(t, fired, 0);
}

static void clock_timer_forwards(struct ktest *t)
{
	struct clock_timer ct;

	fired = 0;
	clock_timer_init(&ct, count_fired);
	clock_timer_set(&ct, 1, true, 1);		/* long ago */
	clock_timer_start(&ct);
	KEXPECT_EQ(t, fired, 1);
	KEXPECT(t, !clock_timer_armed(&ct));
	ct.expires = time_monotonic() - 5 * NSEC_PER_SEC / 2;
	KEXPECT_EQ(t, clock_timer_forward(&ct, NSEC_PER_SEC), 3);
	KEXPECT_EQ(t, clock_timer_forward(&ct, NSEC_PER_SEC), 0);
	KEXPECT(t, clock_timer_left(&ct) > 0 && clock_timer_left(&ct) <= NSEC_PER_SEC / 2);
}

/* --- inotify --- */

/* An instance, in a descriptor table for the time of a case, and what it told last. */
struct instance {
	struct files *old;
	struct file *file;
	struct inotify *in;
	char buf[EVENTS_BUF];
	ssize_t len, at;
};

static void instance_open(struct ktest *t, struct instance *x)
{
	static struct task child, parent;
	struct clone_args_k args = { .flags = 0 };

	memset(&child, 0, sizeof(child));
	x->old = current->files;
	KEXPECT_EQ(t, files_part.fork(&child, &parent, &args), 0);
	current->files = child.files;
	x->file = fd_peek(current->files, sys_inotify_init1(IN_NONBLOCK));
	x->in = x->file->private;
	x->len = x->at = 0;
	KEXPECT_EQ(t, vfs_mkdir(AT_FDCWD, DIR_NAME, S_IRWXU), 0);
}

static void instance_close(struct ktest *t, struct instance *x)
{
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, DIR_NAME, true), 0);
	files_part.exit(current);
	current->files = x->old;
}

static int instance_watch(struct instance *x, const char *name, u32 mask)
{
	struct path p;
	int wd = path_lookup(AT_FDCWD, name, 0, &p);

	if (wd)
		return wd;
	wd = watch_add(x->in, p.dentry->inode, mask);
	path_put(&p);
	return wd;
}

/* The next event, or NULL. */
static struct inotify_event *instance_event(struct instance *x)
{
	struct inotify_event *e;
	struct iter to;
	u64 pos = 0;

	if (x->at >= x->len) {
		iter_kernel(&to, x->buf, sizeof(x->buf));
		x->len = file_read(x->file, &to, &pos);
		x->at = 0;
	}
	if (x->len <= 0)
		return NULL;
	e = (struct inotify_event *)(x->buf + x->at);
	x->at += sizeof(*e) + e->len;
	return e;
}

#define EXPECT_EVENT(t, x, wd_, mask_, name_)                                         \
	({                                                                            \
		struct inotify_event *event_ = instance_event(x);                     \
		KEXPECT(t, event_);                                                   \
		if (event_) {                                                         \
			KEXPECT_EQ(t, event_->wd, wd_);                               \
			KEXPECT_EQ(t, event_->mask, mask_);                           \
			KEXPECT(t, !strcmp(event_->len ? event_->name : "", name_));  \
		}                                                                     \
		event_ ? event_->cookie : 0;                                          \
	})
#define EXPECT_SILENCE(t, x) KEXPECT(t, !instance_event(x))

static void file_touch(struct ktest *t, const char *name)
{
	struct file *f;
	int err = file_open(name, O_CREAT | O_RDWR, S_IRUSR | S_IWUSR, &f);

	KEXPECT_EQ(t, err, 0);
	if (!err)
		file_put(f);
}

static ssize_t file_put_bytes(struct file *f, u64 pos, size_t n)
{
	static char bytes[2 * PAGE_SIZE];
	struct iter from;

	iter_kernel(&from, bytes, n);
	return file_write(f, &from, &pos);
}

static void inotify_names_and_order(struct ktest *t)
{
	struct instance x;
	u32 cookie;
	int wd;

	instance_open(t, &x);
	wd = instance_watch(&x, DIR_NAME, IN_CREATE | IN_DELETE | IN_MOVE | IN_CLOSE_WRITE);
	KEXPECT_EQ(t, wd, 1);
	file_touch(t, FILE_NAME);
	EXPECT_EVENT(t, &x, wd, IN_CREATE, "file");
	EXPECT_EVENT(t, &x, wd, IN_CLOSE_WRITE, "file");
	KEXPECT_EQ(t, vfs_rename(AT_FDCWD, FILE_NAME, AT_FDCWD, DIR_NAME "/other", 0), 0);
	cookie = EXPECT_EVENT(t, &x, wd, IN_MOVED_FROM, "file");
	KEXPECT(t, cookie);
	KEXPECT_EQ(t, EXPECT_EVENT(t, &x, wd, IN_MOVED_TO, "other"), cookie);
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, DIR_NAME "/other", false), 0);
	EXPECT_EVENT(t, &x, wd, IN_DELETE, "other");
	KEXPECT_EQ(t, vfs_mkdir(AT_FDCWD, FILE_NAME, S_IRWXU), 0);
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, FILE_NAME, true), 0);
	EXPECT_EVENT(t, &x, wd, IN_CREATE | IN_ISDIR, "file");
	EXPECT_EVENT(t, &x, wd, IN_DELETE | IN_ISDIR, "file");
	EXPECT_SILENCE(t, &x);
	instance_close(t, &x);
}

static void inotify_watches_end(struct ktest *t)
{
	struct instance x;
	struct watch *w;
	int wd, once;

	instance_open(t, &x);
	file_touch(t, FILE_NAME);
	once = instance_watch(&x, DIR_NAME, IN_CREATE | IN_ONESHOT);
	wd = instance_watch(&x, FILE_NAME, IN_DELETE_SELF | IN_ATTRIB);
	KEXPECT_EQ(t, instance_watch(&x, FILE_NAME, IN_MASK_CREATE | IN_OPEN), -EEXIST);
	KEXPECT_EQ(t, notify_watches, 2);
	file_touch(t, DIR_NAME "/new");
	EXPECT_EVENT(t, &x, once, IN_CREATE, "new");
	EXPECT_EVENT(t, &x, once, IN_IGNORED, "");
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, FILE_NAME, false), 0);
	EXPECT_EVENT(t, &x, wd, IN_ATTRIB, "");
	EXPECT_EVENT(t, &x, wd, IN_DELETE_SELF, "");
	EXPECT_EVENT(t, &x, wd, IN_IGNORED, "");
	wd = instance_watch(&x, DIR_NAME "/new", IN_ALL_EVENTS);
	KEXPECT_EQ(t, wd, 3);		/* numbers are not used again */
	w = radix_get(&x.in->by_wd, wd);
	watch_end(w);
	EXPECT_EVENT(t, &x, wd, IN_IGNORED, "");
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, DIR_NAME "/new", false), 0);
	EXPECT_SILENCE(t, &x);
	KEXPECT_EQ(t, notify_watches, 0);
	instance_close(t, &x);
}

static void inotify_queue_is_bounded(struct ktest *t)
{
	struct instance x;
	struct file *f;
	int wd;

	instance_open(t, &x);
	KEXPECT_EQ(t, file_open(FILE_NAME, O_CREAT | O_RDWR, S_IRUSR | S_IWUSR, &f), 0);
	wd = instance_watch(&x, FILE_NAME, IN_MODIFY | IN_ATTRIB);
	x.in->max_events = QUEUE_SMALL;
	for (int n = 0; n < 3; n++)
		KEXPECT_EQ(t, file_put_bytes(f, 0, 1), 1);
	KEXPECT_EQ(t, x.in->nr_events, 1);		/* equal ones in a row are one */
	for (int n = 0; n < QUEUE_SMALL; n++) {
		notify_inode(f->inode, IN_ATTRIB);
		notify_inode(f->inode, IN_MODIFY);
	}
	KEXPECT_EQ(t, x.in->nr_events, QUEUE_SMALL + 1);
	for (int n = 0; n < QUEUE_SMALL; n++)
		EXPECT_EVENT(t, &x, wd, n % 2 ? IN_ATTRIB : IN_MODIFY, "");
	EXPECT_EVENT(t, &x, -1, IN_Q_OVERFLOW, "");
	EXPECT_SILENCE(t, &x);
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, FILE_NAME, false), 0);
	file_put(f);
	EXPECT_EVENT(t, &x, wd, IN_ATTRIB, "");
	EXPECT_EVENT(t, &x, wd, IN_IGNORED, "");
	instance_close(t, &x);
}

static void inotify_without_memory(struct ktest *t)
{
	struct instance x;
	int made;

	instance_open(t, &x);
	file_touch(t, FILE_NAME);
	for (u64 nth = 1; nth <= FAIL_MAX; nth++) {
		alloc_fail_at = nth;
		alloc_fail_task = current;
		made = sys_inotify_init1(0);
		alloc_fail_at = 0;
		KEXPECT(t, made >= 0 || made == -ENOMEM);
		if (made >= 0)
			KEXPECT_EQ(t, fd_close(made), 0);
		alloc_fail_at = nth;
		made = instance_watch(&x, FILE_NAME, IN_DELETE_SELF);
		alloc_fail_at = 0;
		KEXPECT(t, made > 0 || made == -ENOMEM);
		if (made > 0)
			watch_end(radix_get(&x.in->by_wd, made));
	}
	alloc_fail_at = 1;		/* an event that cannot be told is an overflow */
	KEXPECT(t, instance_watch(&x, FILE_NAME, IN_ATTRIB) == -ENOMEM);
	while (instance_event(&x))
		;
	KEXPECT(t, instance_watch(&x, FILE_NAME, IN_ATTRIB) > 0);
	alloc_fail_at = 1;
	notify_inode(list_first(&x.in->watches, struct watch, of_instance)->inode, IN_ATTRIB);
	alloc_fail_at = 0;
	alloc_fail_task = NULL;
	EXPECT_EVENT(t, &x, -1, IN_Q_OVERFLOW, "");
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, FILE_NAME, false), 0);
	instance_close(t, &x);
}

/* --- seals --- */

static void seals_hold(struct ktest *t)
{
	struct map_request req = { .flags = VM_SHARED | VM_READ | VM_WRITE | VM_MAYWRITE };
	struct file *f;

	KEXPECT_EQ(t, shmem_file_create("sealed", PAGE_SIZE, S_IRWXU, &f), 0);
	KEXPECT_EQ(t, seals_fcntl(f, F_GET_SEALS, 0), F_SEAL_SEAL);
	KEXPECT_EQ(t, seals_fcntl(f, F_ADD_SEALS, F_SEAL_GROW), -EPERM);
	f->inode->seals = 0;
	KEXPECT_EQ(t, seals_fcntl(f, F_ADD_SEALS, F_SEAL_GROW), 0);
	KEXPECT_EQ(t, file_put_bytes(f, PAGE_SIZE - 1, 2), 1);
	KEXPECT_EQ(t, file_put_bytes(f, PAGE_SIZE, 1), -EPERM);
	KEXPECT_EQ(t, seals_check_size(f->inode, PAGE_SIZE + 1), -EPERM);
	KEXPECT_EQ(t, seals_check_size(f->inode, 0), 0);
	KEXPECT_EQ(t, f->ops->fallocate(f, 0, 0, 2 * PAGE_SIZE), -EPERM);
	KEXPECT_EQ(t, seals_check_map(f->inode, &req), 0);
	KEXPECT_EQ(t, seals_fcntl(f, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL), 0);
	KEXPECT_EQ(t, file_put_bytes(f, 0, 1), -EPERM);
	KEXPECT_EQ(t, seals_check_map(f->inode, &req), -EPERM);
	req.flags &= ~VM_WRITE;
	KEXPECT_EQ(t, seals_check_map(f->inode, &req), 0);
	KEXPECT(t, !(req.flags & VM_MAYWRITE));
	KEXPECT_EQ(t,
		   f->ops->fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE_SIZE),
		   -EPERM);
	KEXPECT_EQ(t, seals_fcntl(f, F_ADD_SEALS, 0), -EPERM);
	file_put(f);
}

static void seals_respect_maps(struct ktest *t)
{
	struct map_request req = { .length = PAGE_SIZE, .limit_as = ~0UL, .limit_data = ~0UL,
				   .flags = VM_SHARED | VM_READ | VM_MAYREAD | VM_MAYWRITE };
	struct file *f;
	struct mm *mm;
	uaddr at;

	KEXPECT_EQ(t, shmem_file_create("mapped", PAGE_SIZE, S_IRWXU, &f), 0);
	f->inode->seals = 0;
	KEXPECT_EQ(t, mm_create(&mm), 0);
	KEXPECT_EQ(t, f->ops->mmap(f, &req), 0);
	KEXPECT_EQ(t, mm_map(mm, &req, &at), 0);
	KEXPECT_EQ(t, seals_fcntl(f, F_ADD_SEALS, F_SEAL_WRITE), -EBUSY);
	KEXPECT_EQ(t, seals_fcntl(f, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
	KEXPECT_EQ(t, mm_unmap(mm, at, PAGE_SIZE), 0);
	KEXPECT_EQ(t, seals_fcntl(f, F_ADD_SEALS, F_SEAL_WRITE), 0);
	mm_put_user(mm);
	file_put(f);
}

/* --- leases --- */

static void leases_are_broken(struct ktest *t)
{
	struct file *f, *other;

	KEXPECT_EQ(t, vfs_mkdir(AT_FDCWD, DIR_NAME, S_IRWXU), 0);
	file_touch(t, FILE_NAME);
	KEXPECT_EQ(t, file_open(FILE_NAME, O_RDONLY, 0, &f), 0);
	KEXPECT_EQ(t, lease_fcntl(f, 0, F_GETLEASE, 0), F_UNLCK);
	KEXPECT_EQ(t, lease_fcntl(f, 0, F_SETLEASE, F_UNLCK), -EAGAIN);
	KEXPECT_EQ(t, lease_fcntl(f, 0, F_SETLEASE, F_WRLCK), 0);
	fown_set(f, NULL, F_OWNER_TID);			/* nobody hears of it */
	KEXPECT_EQ(t, file_open(FILE_NAME, O_RDONLY | O_NONBLOCK, 0, &other), -EWOULDBLOCK);
	KEXPECT_EQ(t, lease_fcntl(f, 0, F_GETLEASE, 0), F_RDLCK);
	KEXPECT_EQ(t, lease_fcntl(f, 0, F_SETLEASE, F_RDLCK), 0);
	KEXPECT_EQ(t, file_open(FILE_NAME, O_RDONLY | O_NONBLOCK, 0, &other), 0);
	KEXPECT_EQ(t, lease_fcntl(other, 0, F_SETLEASE, F_WRLCK), -EAGAIN);
	KEXPECT_EQ(t, lease_fcntl(other, 0, F_SETLEASE, F_RDLCK), 0);
	fown_set(other, NULL, F_OWNER_TID);
	KEXPECT_EQ(t, lease_break(f->inode, O_WRONLY | O_NONBLOCK), -EWOULDBLOCK);
	KEXPECT_EQ(t, lease_fcntl(f, 0, F_GETLEASE, 0), F_UNLCK);
	KEXPECT_EQ(t, lease_fcntl(f, 0, F_SETLEASE, F_UNLCK), 0);
	file_put(other);				/* drops its lease */
	KEXPECT_EQ(t, lease_break(f->inode, O_WRONLY | O_NONBLOCK), 0);
	KEXPECT(t, !f->inode->locks);
	file_put(f);
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, FILE_NAME, false), 0);
	KEXPECT_EQ(t, vfs_unlink(AT_FDCWD, DIR_NAME, true), 0);
}

static const struct ktest_case cases[] = {
	KCASE(timer_signal_pends_once),
	KCASE(timer_signals_go_at_exec),
	KCASE(clock_timer_follows_real_time),
	KCASE(clock_timer_forwards),
	KCASE(inotify_names_and_order),
	KCASE(inotify_watches_end),
	KCASE(inotify_queue_is_bounded),
	KCASE(inotify_without_memory),
	KCASE(seals_hold),
	KCASE(seals_respect_maps),
	KCASE(leases_are_broken),
	{},
};

const struct ktest_suite events_suite = { "events", cases };
