// SPDX-License-Identifier: MIT
/* fs/poll.c - poll(2) and ppoll(2), and the machine under them and select(2).
 *
 * A struct poller queues one waiter per file on the queues that the file's poll operation names;
 * a wake-up of any of them makes the call ask all its files again.
 * A signal ends the call: poll is restarted by restart_syscall(2) with what is left
 * of its time, ppoll only if no handler runs.
 * Locks: BKL. Checkpoint: a sleeping call is restarted. See poll(2). */
#include "fs/descriptor.h"
#include "fs/poller.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define CHUNK_ENTRIES ((PAGE_SIZE - sizeof(struct poller_chunk)) / sizeof(struct poller_entry))
#define POLL_ALWAYS_READY (EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM)
#define POLL_STACK_FDS 16

u32 file_poll(struct file *f, struct poll_table *pt)
{
	return f->ops->poll ? f->ops->poll(f, pt) : POLL_ALWAYS_READY;
}

static bool poller_wake(struct waiter *w, u32 events)
{
	struct poller_entry *e = container_of(w, struct poller_entry, waiter);

	if (events && !(events & e->events))
		return false;
	e->poller->triggered = true;
	wake_all(&e->poller->queue);
	return true;
}

/* The next free entry: some on the stack, more in pages. */
static struct poller_entry *poller_entry_new(struct poller *p)
{
	struct poller_chunk *c = p->chunks;

	if (p->used < POLLER_INLINE)
		return &p->first[p->used++];
	if (!c || c->used == CHUNK_ENTRIES) {
		c = kmalloc(PAGE_SIZE);
		if (!c)
			return NULL;
		c->next = p->chunks;
		c->used = 0;
		p->chunks = c;
	}
	return &c->entries[c->used++];
}

static int poller_queue(struct poll_table *pt, struct file *f, struct waitqueue *q)
{
	struct poller *p = container_of(pt, struct poller, pt);
	struct poller_entry *e = poller_entry_new(p);

	if (!e)
		return -ENOMEM;
	memset(e, 0, sizeof(*e));
	e->poller = p;
	e->file = file_get(f);
	e->events = pt->events;
	e->waiter.task = current;
	e->waiter.wake = poller_wake;
	waiter_add(q, &e->waiter);
	return 0;
}

void poller_init(struct poller *p, u64 deadline)
{
	p->pt.queue = deadline ? poller_queue : NULL;
	p->pt.error = 0;
	waitqueue_init(&p->queue);
	p->triggered = false;
	p->timed_out = !deadline;
	p->deadline = deadline;
	p->used = 0;
	p->chunks = NULL;
}

u32 poller_ask(struct poller *p, struct file *f, u32 events)
{
	u32 ready;

	events |= EPOLLERR | EPOLLHUP;
	p->pt.events = events;
	ready = file_poll(f, p->pt.queue ? &p->pt : NULL) & events;
	if (ready)
		p->pt.queue = NULL;
	return ready;
}

bool poller_sleep(struct poller *p, u32 found, int *err)
{
	*err = found ? 0 : p->pt.error;
	p->pt.queue = NULL;
	if (found || *err || p->timed_out)
		return false;
	*err = wait_event_mode(&p->queue, p->triggered, WAIT_INTERRUPTIBLE, p->deadline);
	if (*err == -ETIMEDOUT) {
		p->timed_out = true;
		*err = 0;
	}
	if (*err)
		*err = -EINTR;
	p->triggered = false;
	return !*err;
}

static void poller_entry_free(struct poller_entry *e)
{
	waiter_remove(&e->waiter);
	file_put(e->file);
}

void poller_finish(struct poller *p)
{
	struct poller_chunk *c;

	for (u32 k = 0; k < p->used; k++)
		poller_entry_free(&p->first[k]);
	while ((c = p->chunks)) {
		for (u32 k = 0; k < c->used; k++)
			poller_entry_free(&c->entries[k]);
		p->chunks = c->next;
		kfree(c);
	}
}

u64 poll_deadline(s64 relative_nsec)
{
	u64 now;

	if (relative_nsec == 0)
		return 0;
	now = time_monotonic();
	if (relative_nsec < 0 || (u64)relative_nsec > INT64_MAX - now)
		return WAIT_FOREVER;
	return now + relative_nsec;
}

u64 poll_time_left(u64 deadline)
{
	u64 now = time_monotonic();

	return deadline > now ? deadline - now : 0;
}

int poll_mask_enter(uaddr mask, u64 size)
{
	u64 set;

	if (!mask)
		return 0;
	if (size != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, mask, sizeof(set)))
		return -EFAULT;
	signal_set_temporary(set);
	return 0;
}

/* After a signal its delivery puts the old mask back, else it is done here. */
void poll_mask_leave(uaddr mask, long ret)
{
	if (mask && ret != -ERESTARTNOHAND && ret != -EINTR)
		signal_restore_saved();
}

/* --- poll(2) --- */

static bool poll_one(struct poller *p, struct pollfd *pfd)
{
	struct file *f;

	pfd->revents = 0;
	if (pfd->fd < 0)
		return false;
	f = fd_get_io(pfd->fd);
	if (!f) {
		pfd->revents = POLLNVAL;
		p->pt.queue = NULL;
		return true;
	}
	pfd->revents = poller_ask(p, f, (u16)pfd->events);
	file_put(f);
	return pfd->revents != 0;
}

static int poll_array(struct pollfd *fds, u64 nr, u64 deadline)
{
	struct poller p;
	u32 found;
	int err;

	poller_init(&p, deadline);
	do {
		found = 0;
		for (u64 k = 0; k < nr; k++)
			found += poll_one(&p, &fds[k]);
	} while (poller_sleep(&p, found, &err));
	poller_finish(&p);
	return err ? err : (int)found;
}

/* Only the answers are written: another thread may be changing the questions. */
static int poll_answer(uaddr ufds, const struct pollfd *fds, u64 nr)
{
	for (u64 k = 0; k < nr; k++) {
		uaddr at = ufds + k * sizeof(*fds) + offsetof(struct pollfd, revents);

		if (copy_to_user(at, &fds[k].revents, sizeof(fds[k].revents)))
			return -EFAULT;
	}
	return 0;
}

/* Found ones, -EINTR, or another error. */
static long poll_run(uaddr ufds, u64 nr, u64 deadline)
{
	struct pollfd few[POLL_STACK_FDS], *fds = few;
	long n;

	if (nr > current_limit(RLIMIT_NOFILE))
		return -EINVAL;
	if (nr > POLL_STACK_FDS) {
		fds = kmalloc_array(nr, sizeof(*fds));
		if (!fds)
			return -ENOMEM;
	}
	n = copy_from_user(fds, ufds, nr * sizeof(*fds));
	if (!n)
		n = poll_array(fds, nr, deadline);
	if (n >= 0 && poll_answer(ufds, fds, nr))
		n = -EFAULT;
	if (fds != few)
		kfree(fds);
	return n;
}

/* poll with what is needed to go on after a signal without a handler. */
static long poll_restartable(uaddr ufds, u64 nr, u64 deadline)
{
	long n = poll_run(ufds, nr, deadline);

	if (n != -EINTR)
		return n;
	current->restart.resume = poll_resume;
	current->restart.arg[0] = ufds;
	current->restart.arg[1] = nr;
	current->restart.arg[2] = deadline;
	return -ERESTART_RESTARTBLOCK;
}

long poll_resume(struct restart_block *rb)
{
	return poll_restartable(rb->arg[0], rb->arg[1], rb->arg[2]);
}

long sys_poll(uaddr ufds, u32 nr, int timeout_msec)
{
	s64 relative = timeout_msec < 0 ? -1 : timeout_msec * NSEC_PER_MSEC;

	return poll_restartable(ufds, nr, poll_deadline(relative));
}

long sys_ppoll(uaddr ufds, u32 nr, uaddr timeout, uaddr mask, u64 mask_size)
{
	u64 deadline = WAIT_FOREVER;
	timespec_t ts;
	long n;

	if (timeout) {
		n = spec_from_user(&ts, timeout);
		if (n)
			return n;
		deadline = poll_deadline(spec_to_nsec(&ts));
	}
	n = poll_mask_enter(mask, mask_size);
	if (n)
		return n;
	n = poll_run(ufds, nr, deadline);
	if (n == -EINTR)
		n = -ERESTARTNOHAND;
	poll_mask_leave(mask, n);
	if (timeout && spec_to_user(timeout, deadline ? poll_time_left(deadline) : 0) &&
	    n == -ERESTARTNOHAND)
		n = -EINTR;
	return n;
}
