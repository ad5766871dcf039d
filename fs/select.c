// SPDX-License-Identifier: MIT
/* fs/select.c - select(2) and pselect6(2): sets of descriptors as bit maps.
 *
 * Both write back the time that is left, as Linux does. A bit of a descriptor that is not open is
 * EBADF; bits past the table's size are not looked at.
 * Locks: BKL. Checkpoint: a sleeping call is restarted. See select(2). */
#include "fs/descriptor.h"
#include "fs/poller.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define SELECT_IN  (EPOLLRDNORM | EPOLLRDBAND | EPOLLIN | EPOLLHUP | EPOLLERR)
#define SELECT_OUT (EPOLLWRBAND | EPOLLWRNORM | EPOLLOUT | EPOLLERR)
#define SELECT_EX  EPOLLPRI
#define WORD_BITS 64
#define SETS 3
#define STACK_WORDS 4

struct select_sets {
	u64 words;			/* of each set */
	u64 *in[SETS], *out[SETS];	/* read, write, exceptional */
};
static const u32 select_events[SETS] = { SELECT_IN, SELECT_OUT, SELECT_EX };

/* What one descriptor is asked for, as a mask of sets. */
static unsigned select_asked(const struct select_sets *s, u32 fd)
{
	unsigned asked = 0;

	for (unsigned k = 0; k < SETS; k++)
		if (s->in[k][fd / WORD_BITS] & BIT(fd % WORD_BITS))
			asked |= BIT(k);
	return asked;
}

/* Asks one descriptor. Answers given, or -EBADF. */
static int select_one(struct poller *p, struct select_sets *s, u32 fd, unsigned asked)
{
	struct file *f = fd_get_io(fd);
	u32 events = 0, ready;
	int found = 0;

	if (!f)
		return -EBADF;
	for (unsigned k = 0; k < SETS; k++)
		if (asked & BIT(k))
			events |= select_events[k];
	ready = poller_ask(p, f, events);
	file_put(f);
	for (unsigned k = 0; k < SETS; k++)
		if ((asked & BIT(k)) && (ready & select_events[k])) {
			s->out[k][fd / WORD_BITS] |= BIT(fd % WORD_BITS);
			found++;
		}
	return found;
}

static int select_round(struct poller *p, struct select_sets *s, u32 nr)
{
	int found = 0, n;

	for (u64 w = 0; w * WORD_BITS < nr; w++) {
		u64 bits = s->in[0][w] | s->in[1][w] | s->in[2][w];

		for (; bits; bits &= bits - 1) {
			u32 fd = w * WORD_BITS + __builtin_ctzl(bits);

			if (fd >= nr)
				break;
			n = select_one(p, s, fd, select_asked(s, fd));
			if (n < 0)
				return n;
			found += n;
		}
	}
	return found;
}

static int select_wait(struct select_sets *s, u32 nr, u64 deadline)
{
	struct poller p;
	int found, err;

	poller_init(&p, deadline);
	do {
		found = select_round(&p, s, nr);
		if (found < 0)
			break;
	} while (poller_sleep(&p, found, &err));
	poller_finish(&p);
	return found < 0 ? found : err ? err : found;
}

static int select_copy_in(struct select_sets *s, const uaddr sets[SETS])
{
	for (unsigned k = 0; k < SETS; k++) {
		memset(s->in[k], 0, s->words * sizeof(u64));
		memset(s->out[k], 0, s->words * sizeof(u64));
		if (sets[k] && copy_from_user(s->in[k], sets[k], s->words * sizeof(u64)))
			return -EFAULT;
	}
	return 0;
}

static int select_copy_out(const struct select_sets *s, const uaddr sets[SETS])
{
	for (unsigned k = 0; k < SETS; k++)
		if (sets[k] && copy_to_user(sets[k], s->out[k], s->words * sizeof(u64)))
			return -EFAULT;
	return 0;
}

/* Found ones, -EINTR, or another error. */
static long select_run(int nr, const uaddr sets[SETS], u64 deadline)
{
	u64 few[2 * SETS * STACK_WORDS], *words = few;
	struct select_sets s;
	long n;

	if (nr < 0)
		return -EINVAL;
	nr = MIN((u32)nr, current->files->size);
	s.words = (nr + WORD_BITS - 1) / WORD_BITS;
	if (s.words > STACK_WORDS) {
		words = kmalloc_array(2 * SETS * s.words, sizeof(u64));
		if (!words)
			return -ENOMEM;
	}
	for (unsigned k = 0; k < SETS; k++) {
		s.in[k] = words + 2 * k * s.words;
		s.out[k] = s.in[k] + s.words;
	}
	n = select_copy_in(&s, sets);
	if (!n)
		n = select_wait(&s, nr, deadline);
	if (n >= 0 && select_copy_out(&s, sets))
		n = -EFAULT;
	if (words != few)
		kfree(words);
	return n == -EINTR ? -ERESTARTNOHAND : n;
}

long sys_select(int nr, uaddr in, uaddr out, uaddr ex, uaddr timeout)
{
	const uaddr sets[SETS] = { in, out, ex };
	struct __kernel_old_timeval tv;
	u64 deadline = WAIT_FOREVER, left;
	timespec_t ts;
	long n;

	if (timeout) {
		if (copy_from_user(&tv, timeout, sizeof(tv)))
			return -EFAULT;
		ts.tv_sec = tv.tv_sec + tv.tv_usec / (NSEC_PER_SEC / NSEC_PER_USEC);
		ts.tv_nsec = tv.tv_usec % (NSEC_PER_SEC / NSEC_PER_USEC) * NSEC_PER_USEC;
		if (!spec_valid(&ts))
			return -EINVAL;
		deadline = poll_deadline(spec_to_nsec(&ts));
	}
	n = select_run(nr, sets, deadline);
	if (timeout) {
		left = deadline ? poll_time_left(deadline) : 0;
		tv.tv_sec = left / NSEC_PER_SEC;
		tv.tv_usec = left % NSEC_PER_SEC / NSEC_PER_USEC;
		if (copy_to_user(timeout, &tv, sizeof(tv)) && n == -ERESTARTNOHAND)
			n = -EINTR;
	}
	return n;
}

struct select_mask {			/* the sixth argument of pselect6(2) points to one */
	uaddr mask;
	u64 size;
};

long sys_pselect6(int nr, uaddr in, uaddr out, uaddr ex, uaddr timeout, uaddr mask_arg)
{
	const uaddr sets[SETS] = { in, out, ex };
	struct select_mask sm = { 0, 0 };
	u64 deadline = WAIT_FOREVER;
	timespec_t ts;
	long n;

	if (mask_arg && copy_from_user(&sm, mask_arg, sizeof(sm)))
		return -EFAULT;
	if (timeout) {
		n = spec_from_user(&ts, timeout);
		if (n)
			return n;
		deadline = poll_deadline(spec_to_nsec(&ts));
	}
	n = poll_mask_enter(sm.mask, sm.size);
	if (n)
		return n;
	n = select_run(nr, sets, deadline);
	poll_mask_leave(sm.mask, n);
	if (timeout && spec_to_user(timeout, deadline ? poll_time_left(deadline) : 0) &&
	    n == -ERESTARTNOHAND)
		n = -EINTR;
	return n;
}
