// SPDX-License-Identifier: MIT
/* net/msg.c - the calls that send and receive: one buffer, one message, or several at once.
 *
 * A call becomes a struct socket_msg, which the socket's type sends or fills. Control data is
 * copied in whole before a send; a receive writes each control message as it is made.
 * What a received message says of itself (name, flags, length of control) is told afterwards; a
 * fault there does not bring the message back.
 * Locks: BKL. Checkpoint: calls are restarted.
 * See send(2), recv(2), sendmmsg(2), recvmmsg(2), cmsg(3). */

#include <linux/uio.h>

#include "fs/fdtable.h"
#include "kernel/syscall.h"
#include "mm/slab.h"
#include "net/address.h"
#include "net/socket.h"

#define COUNT_MAX ((u64)INT_MAX & PAGE_MASK)	/* most bytes one call moves */

/* --- control messages --- */

void msg_put_control(struct socket_msg *m, int level, int type, const void *data, u32 len)
{
	struct cmsghdr_abi h = { sizeof(h) + len, level, type };
	u64 step = CMSG_STEP(h.len);

	if (!m->control_to || m->control_left < sizeof(h)) {
		m->out_flags |= MSG_CTRUNC;
		return;
	}
	if (m->control_left < h.len) {
		m->out_flags |= MSG_CTRUNC;
		h.len = m->control_left;
	}
	if (copy_to_user(m->control_to, &h, sizeof(h)) ||
	    copy_to_user(m->control_to + sizeof(h), data, h.len - sizeof(h)))
		return;
	step = MIN(step, m->control_left);
	m->control_to += step;
	m->control_left -= step;
}

/* --- one buffer --- */

static u32 file_flags(const struct file *f)
{
	return f->flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
}

/* What sendto and recvfrom begin with: m of a buffer, and the socket of fd; *f with a reference. */
static int buffer_msg_begin(struct socket_msg *m, struct iter *it, int fd, uaddr buf, u64 len,
			    struct file **f, struct socket **s)
{
	int err;

	len = MIN(len, COUNT_MAX);
	if (!user_range_ok(buf, len))
		return -EFAULT;
	err = socket_of_fd(fd, f, s);
	if (err)
		return err;
	iter_user(it, buf, len);
	m->data = it;
	m->flags |= file_flags(*f);
	return 0;
}

long sys_sendto(int fd, uaddr buf, u64 len, u32 flags, uaddr name, s32 name_len)
{
	struct socket_msg m = { .flags = flags };
	struct socket *s;
	struct file *f;
	struct iter it;
	long n = buffer_msg_begin(&m, &it, fd, buf, len, &f, &s);

	if (n)
		return n;
	if (name) {
		n = address_from_user(m.name, name, name_len);
		m.name_len = name_len;
	}
	if (!n)
		n = s->ops->send(s, &m);
	file_put(f);
	return n;
}

long sys_recvfrom(int fd, uaddr buf, u64 len, u32 flags, uaddr name, uaddr len_at)
{
	struct socket_msg m = { .flags = flags };
	struct socket *s;
	struct file *f;
	struct iter it;
	long err, n = buffer_msg_begin(&m, &it, fd, buf, len, &f, &s);

	if (n)
		return n;
	n = s->ops->recv(s, &m);
	if (n >= 0 && name) {
		err = address_to_user(m.name, m.name_len, name, len_at);
		if (err)
			n = err;
	}
	file_put(f);
	return n;
}

/* --- one message --- */

struct msg_call {
	struct msghdr_abi hdr;
	struct iter it;
	struct iter_vec *vectors;	/* to be freed, as control */
	u8 *control;
	struct socket_msg m;
};

static void msg_call_end(struct msg_call *c)
{
	kfree(c->vectors);
	kfree(c->control);
}

/* The header and its vectors. On failure there is nothing to end. */
static int msg_call_begin(struct msg_call *c, uaddr at, u32 flags)
{
	memset(&c->m, 0, sizeof(c->m));
	c->vectors = NULL;
	c->control = NULL;
	c->m.flags = flags;
	c->m.data = &c->it;
	if (copy_from_user(&c->hdr, at, sizeof(c->hdr)))
		return -EFAULT;
	if (!c->hdr.name)
		c->hdr.name_len = 0;
	if (c->hdr.name_len < 0)
		return -EINVAL;
	c->hdr.name_len = MIN(c->hdr.name_len, SOCKADDR_MAX);
	return 0;
}

static int msg_call_vectors(struct msg_call *c)
{
	if (c->hdr.iov_count > UIO_MAXIOV)
		return -EMSGSIZE;
	return iter_from_iovec(&c->it, c->hdr.iov, c->hdr.iov_count, &c->vectors);
}

static int msg_call_control(struct msg_call *c)
{
	u64 len = c->hdr.control_len;

	if (len > (u64)socket_limits.optmem_max)
		return -ENOBUFS;
	if (!len)
		return 0;
	c->control = kmalloc(len);
	if (!c->control)
		return -ENOBUFS;
	c->m.control = c->control;
	c->m.control_len = len;
	return copy_from_user(c->control, c->hdr.control, len);
}

static long msg_send(struct socket *s, uaddr at, u32 flags, bool *whole)
{
	struct msg_call c;
	long n = msg_call_begin(&c, at, flags);

	if (n)
		return n;
	if (c.hdr.name_len)
		n = copy_from_user(c.m.name, c.hdr.name, c.hdr.name_len);
	c.m.name_len = c.hdr.name_len;
	if (!n)
		n = msg_call_vectors(&c);
	if (!n)
		n = msg_call_control(&c);
	if (!n)
		n = s->ops->send(s, &c.m);
	*whole = !c.vectors || !c.it.count;
	msg_call_end(&c);
	return n;
}

/* Tells what the header of a received message is to say. */
static int msg_tell(const struct msg_call *c, uaddr at)
{
	u64 control_used = c->m.control_to - c->hdr.control;
	u32 flags = c->m.out_flags;
	int err = 0;

	if (c->hdr.name)
		err = address_to_user(c->m.name, c->m.name_len, c->hdr.name,
				      at + offsetof(struct msghdr_abi, name_len));
	if (!err)
		err = copy_to_user(at + offsetof(struct msghdr_abi, flags), &flags, sizeof(flags));
	if (!err)
		err = copy_to_user(at + offsetof(struct msghdr_abi, control_len), &control_used,
				   sizeof(control_used));
	return err;
}

static long msg_recv(struct socket *s, uaddr at, u32 flags)
{
	struct msg_call c;
	long n = msg_call_begin(&c, at, flags);
	int err;

	if (n)
		return n;
	n = msg_call_vectors(&c);
	if (n)
		return n;
	c.m.control_to = c.hdr.control;
	c.m.control_left = c.hdr.control ? c.hdr.control_len : 0;
	c.m.out_flags = flags & MSG_CMSG_CLOEXEC;
	n = s->ops->recv(s, &c.m);
	if (n >= 0) {
		err = msg_tell(&c, at);
		if (err)
			n = err;
	}
	msg_call_end(&c);
	return n;
}

long sys_sendmsg(int fd, uaddr at, u32 flags)
{
	struct socket *s;
	struct file *f;
	bool whole;
	long n;

	if (flags & MSG_CMSG_COMPAT)
		return -EINVAL;
	n = socket_of_fd(fd, &f, &s);
	if (n)
		return n;
	n = msg_send(s, at, flags | file_flags(f), &whole);
	file_put(f);
	return n;
}

long sys_recvmsg(int fd, uaddr at, u32 flags)
{
	struct socket *s;
	struct file *f;
	long n;

	if (flags & MSG_CMSG_COMPAT)
		return -EINVAL;
	n = socket_of_fd(fd, &f, &s);
	if (n)
		return n;
	n = msg_recv(s, at, flags | file_flags(f));
	file_put(f);
	return n;
}

/* --- several messages --- */

static int msg_tell_len(uaddr at, u32 len)
{
	return copy_to_user(at + offsetof(struct mmsghdr_abi, len), &len, sizeof(len));
}

long sys_sendmmsg(int fd, uaddr at, u32 count, u32 flags)
{
	struct socket *s;
	struct file *f;
	u32 done = 0;
	bool whole = true;
	long n;

	if (flags & MSG_CMSG_COMPAT)
		return -EINVAL;
	n = socket_of_fd(fd, &f, &s);
	if (n)
		return n;
	count = MIN(count, (u32)UIO_MAXIOV);
	while (done < count && whole) {
		n = msg_send(s, at, flags | file_flags(f), &whole);
		if (n >= 0)
			n = msg_tell_len(at, n);
		if (n < 0)
			break;
		at += sizeof(struct mmsghdr_abi);
		done++;
	}
	file_put(f);
	return done ? done : n;
}

/* Receives until count, the deadline (looked at after each message), or an error. */
static long msgs_recv(struct socket *s, struct file *f, uaddr at, u32 count, u32 flags,
		      u64 deadline)
{
	u32 done = 0, each = flags & ~MSG_WAITFORONE;
	long n = socket_take_error(s);

	while (!n && done < count) {
		n = msg_recv(s, at, each | file_flags(f));
		if (n >= 0)
			n = msg_tell_len(at, n);
		if (n)
			break;
		at += sizeof(struct mmsghdr_abi);
		done++;
		if (flags & MSG_WAITFORONE)
			each |= MSG_DONTWAIT;
		if (deadline != WAIT_FOREVER && time_monotonic() >= deadline)
			break;
	}
	if (!done)
		return n;
	if (n && n != -EAGAIN)
		s->error = -n;
	return done;
}

long sys_recvmmsg(int fd, uaddr at, u32 count, u32 flags, uaddr timeout)
{
	u64 deadline = WAIT_FOREVER, now;
	timespec_t limit;
	struct socket *s;
	struct file *f;
	long n = 0;

	if (flags & MSG_CMSG_COMPAT)
		return -EINVAL;
	if (timeout) {
		n = spec_from_user(&limit, timeout);
		if (n)
			return n;
		deadline = time_monotonic() + MIN(spec_to_nsec(&limit), INT64_MAX / 2);
	}
	n = socket_of_fd(fd, &f, &s);
	if (n)
		return n;
	n = msgs_recv(s, f, at, count, flags, deadline);
	now = time_monotonic();
	if (n > 0 && timeout && spec_to_user(timeout, deadline > now ? deadline - now : 0))
		n = -EFAULT;
	file_put(f);
	return n;
}
