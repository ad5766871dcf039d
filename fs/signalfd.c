// SPDX-License-Identifier: MIT
/* fs/signalfd.c - signalfd(2): pending signals, read from a descriptor.
 *
 * A signalfd holds no signals, only a mask: a read takes those of the mask that are pending for
 * whoever reads (the thread first, then its process) and are blocked, or else they would
 * have been delivered. Readers and pollers wait on the arrivals queue of their signal actions.
 * Locks: BKL. Checkpoint: the mask; what is pending belongs to the tasks. See signalfd(2).
 * Keeps ABI-SIG-05. */
#include <linux/signalfd.h>

#include "fs/descriptor.h"
#include "fs/event_files.h"
#include "fs/poll.h"
#include "fs/text.h"
#include "kernel/signal.h"
#include "kernel/syscall.h"
#include "mm/slab.h"

#define NO_SIGNALFD (-1)		/* the descriptor that asks for a new one */

struct signalfd {
	u64 mask;			/* cr */
};

/* --- what a record says, by the kind of its siginfo --- */

static void fill_sender(struct signalfd_siginfo *s, const siginfo_t *info)
{
	s->ssi_pid = info->si_pid;
	s->ssi_uid = info->si_uid;
}

static void fill_value(struct signalfd_siginfo *s, const siginfo_t *info)
{
	s->ssi_ptr = (u64)info->si_ptr;
	s->ssi_int = info->si_int;
}

static void fill_queued(struct signalfd_siginfo *s, const siginfo_t *info)
{
	fill_sender(s, info);
	fill_value(s, info);
}

static void fill_timer(struct signalfd_siginfo *s, const siginfo_t *info)
{
	s->ssi_tid = info->si_tid;
	s->ssi_overrun = info->si_overrun;
	fill_value(s, info);
}

static void fill_poll(struct signalfd_siginfo *s, const siginfo_t *info)
{
	s->ssi_band = info->si_band;
	s->ssi_fd = info->si_fd;
}

static void fill_fault(struct signalfd_siginfo *s, const siginfo_t *info)
{
	s->ssi_addr = (u64)info->si_addr;
}

static void fill_child(struct signalfd_siginfo *s, const siginfo_t *info)
{
	fill_sender(s, info);
	s->ssi_status = info->si_status;
	s->ssi_utime = info->si_utime;
	s->ssi_stime = info->si_stime;
}

static void fill_syscall(struct signalfd_siginfo *s, const siginfo_t *info)
{
	s->ssi_call_addr = (u64)info->si_call_addr;
	s->ssi_syscall = info->si_syscall;
	s->ssi_arch = info->si_arch;
}

typedef void (*fill_fn)(struct signalfd_siginfo *s, const siginfo_t *info);

/* Signals whose positive codes have a meaning of their own, up to the last of these. */
static const struct {
	int sig, last_code;
	fill_fn fill;
} code_rows[] = {
	{ SIGILL, NSIGILL, fill_fault },   { SIGFPE, NSIGFPE, fill_fault },
	{ SIGSEGV, NSIGSEGV, fill_fault }, { SIGBUS, NSIGBUS, fill_fault },
	{ SIGTRAP, NSIGTRAP, fill_fault }, { SIGCHLD, NSIGCHLD, fill_child },
	{ SIGPOLL, NSIGPOLL, fill_poll },  { SIGSYS, NSIGSYS, fill_syscall },
};

static fill_fn fill_by_code(int sig, int code)
{
	for (unsigned k = 0; k < ARRAY_SIZE(code_rows); k++)
		if (code_rows[k].sig == sig && code <= code_rows[k].last_code)
			return code_rows[k].fill;
	return code <= NSIGPOLL ? fill_poll : fill_sender;
}

static fill_fn fill_of(int sig, int code)
{
	if (code > SI_USER && code < SI_KERNEL)
		return fill_by_code(sig, code);
	if (code == SI_TIMER)
		return fill_timer;
	if (code == SI_SIGIO)
		return fill_poll;
	return code < 0 ? fill_queued : fill_sender;
}

static int record_to(struct iter *to, const siginfo_t *info)
{
	struct signalfd_siginfo s;

	memset(&s, 0, sizeof(s));
	s.ssi_signo = info->si_signo;
	s.ssi_errno = info->si_errno;
	s.ssi_code = info->si_code;
	fill_of(info->si_signo, info->si_code)(&s, info);
	return iter_copy_to(to, &s, sizeof(s)) < sizeof(s) ? -EFAULT : 0;
}

/* --- the file --- */

static void signalfd_release(struct file *f)
{
	kfree(f->private);
}

static bool signalfd_ready(const struct signalfd *s)
{
	return (current->pending.set | current->process->pending.set) & s->mask;
}

/* One signal, waiting for it unless told not to: its number or -errno. */
static int signalfd_take(struct signalfd *s, bool nonblock, siginfo_t *info)
{
	int sig, err;

	while (!(sig = signal_dequeue(current, s->mask, info))) {
		if (nonblock)
			return -EAGAIN;
		err = wait_event(&current->sighand->arrivals, signalfd_ready(s));
		if (err)
			return err;
	}
	return sig;
}

static ssize_t signalfd_read(struct file *f, struct iter *to, u64 *pos)
{
	struct signalfd *s = f->private;
	bool nonblock = f->flags & O_NONBLOCK;
	ssize_t done = 0;
	siginfo_t info;
	int err = 0;

	(void)pos;
	if (to->count < sizeof(struct signalfd_siginfo))
		return -EINVAL;
	while (!err && to->count >= sizeof(struct signalfd_siginfo)) {
		err = signalfd_take(s, nonblock, &info);
		if (err < 0)
			break;
		err = record_to(to, &info);
		if (!err)
			done += sizeof(struct signalfd_siginfo);
		nonblock = true;
	}
	return done ? done : err;
}

static u32 signalfd_poll(struct file *f, struct poll_table *pt)
{
	struct signalfd *s = f->private;

	if (!current->sighand)
		return 0;
	poll_wait(pt, f, &current->sighand->arrivals);
	return signalfd_ready(s) ? EPOLLIN : 0;
}

static void signalfd_fdinfo(struct file *f, struct text *t)
{
	struct signalfd *s = f->private;

	text_printf(t, "sigmask:\t%016lx\n", s->mask);
}

static const struct file_ops signalfd_file_ops = {
	.class = "signalfd",
	.release = signalfd_release,
	.read = signalfd_read,
	.llseek = file_llseek_nowhere,
	.poll = signalfd_poll,
	.fdinfo = signalfd_fdinfo,
};

/* --- the calls --- */

bool signalfd_state(const struct file *f, u64 *mask)
{
	const struct signalfd *s = f->private;

	if (f->ops != &signalfd_file_ops)
		return false;
	*mask = s->mask;
	return true;
}

int signalfd_create_file(u64 mask, int flags, struct file **out)
{
	struct signalfd *s = kzalloc_charged(sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	s->mask = mask & ~SIGMASK_UNBLOCKABLE;
	err = file_create_anon("signalfd", &signalfd_file_ops, s, O_RDWR | (flags & SFD_NONBLOCK),
			       out);
	if (err)
		kfree(s);
	else
		(*out)->mode |= FMODE_STREAM;
	return err;
}

static int signalfd_create(u64 mask, int flags)
{
	struct file *f;
	int fd, err = signalfd_create_file(mask, flags, &f);

	if (err)
		return err;
	fd = fd_alloc(f, 0, flags & SFD_CLOEXEC);
	if (fd < 0)
		file_put(f);
	return fd;
}

static int signalfd_change(int fd, u64 mask)
{
	struct file *f = fd_get_io(fd);
	struct signalfd *s;
	int err = -EINVAL;

	if (!f)
		return -EBADF;
	if (f->ops == &signalfd_file_ops) {
		s = f->private;
		s->mask = mask;
		wake_all(&current->sighand->arrivals);
		err = fd;
	}
	file_put(f);
	return err;
}

long sys_signalfd4(int fd, uaddr umask, u64 size, int flags)
{
	u64 mask;

	if (size != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, umask, sizeof(mask)))
		return -EFAULT;
	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	mask &= ~SIGMASK_UNBLOCKABLE;
	return fd == NO_SIGNALFD ? signalfd_create(mask, flags) : signalfd_change(fd, mask);
}

long sys_signalfd(int fd, uaddr umask, u64 size)
{
	return sys_signalfd4(fd, umask, size, 0);
}
