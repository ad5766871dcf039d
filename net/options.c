// SPDX-License-Identifier: MIT
/* net/options.c - setsockopt(2) and getsockopt(2) of level SOL_SOCKET.
 *
 * Three tables: options that are on or off (a bit of socket.flags), those that are one int, and
 * those with a structure or a length of their own. What is in none of them is ENOPROTOOPT.
 * Buffer sizes are doubled when set, as Linux does for its overhead, and bounded below.
 * Locks: BKL. Checkpoint: all of what is kept here is saved. See socket(7). */

#include "arch/cpu.h"
#include "arch/uaccess.h"
#include "kernel/compat.h"
#include "kernel/deny.h"
#include "kernel/hooks.h"
#include "kernel/pid.h"
#include "net/socket.h"

#define SNDBUF_MIN 4608
#define RCVBUF_MIN 2304
#define BUFFER_HALF_MAX (INT_MAX / 2)
#define PRIORITY_FREE_MAX 6		/* above: CAP_NET_ADMIN */
#define BUF_LOCK_MASK (SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK)
#define USEC_PER_SEC 1000000L
/* Linux keeps timeouts in ticks of this length, and tells them so. */
#define TIMEOUT_TICK_USEC 4000L
#define BPF_EXTENSIONS 64

static u64 next_cookie;

static bool may_admin_net(void)
{
	return capable_in(&init_user_ns, CAP_NET_ADMIN);
}

/* --- bits --- */

static const struct {
	int name;
	u32 bit;
} bit_options[] = {
	{ SO_DEBUG, SOCKET_DEBUG },
	{ SO_REUSEADDR, SOCKET_REUSEADDR },
	{ SO_DONTROUTE, SOCKET_DONTROUTE },
	{ SO_BROADCAST, SOCKET_BROADCAST },
	{ SO_KEEPALIVE, SOCKET_KEEPALIVE },
	{ SO_OOBINLINE, SOCKET_OOBINLINE },
	{ SO_NO_CHECK, SOCKET_NO_CHECK },
	{ SO_PASSCRED, SOCKET_PASSCRED },
	{ SO_PASSSEC, SOCKET_PASSSEC },
	{ SO_TIMESTAMP_OLD, SOCKET_TIMESTAMP },
	{ SO_TIMESTAMPNS_OLD, SOCKET_TIMESTAMPNS },
	{ SO_RXQ_OVFL, SOCKET_RXQ_OVFL },
	{ SO_WIFI_STATUS, SOCKET_WIFI_STATUS },
	{ SO_NOFCS, SOCKET_NOFCS },
	{ SO_SELECT_ERR_QUEUE, SOCKET_ERR_QUEUE },
	{ SO_RCVMARK, SOCKET_RCVMARK },
};

/* The bit of an option; 0: it is none of these. */
static u32 option_bit(int name)
{
	for (unsigned k = 0; k < ARRAY_SIZE(bit_options); k++)
		if (bit_options[k].name == name)
			return bit_options[k].bit;
	return 0;
}

static int bit_set_option(struct socket *s, u32 bit, s32 value)
{
	if (bit == SOCKET_DEBUG && value && !may_admin_net())
		return deny(EACCES, EXT_CRED_01);
	s->flags = value ? s->flags | bit : s->flags & ~bit;
	if (value && (bit & (SOCKET_TIMESTAMP | SOCKET_TIMESTAMPNS)))
		s->flags &= ~((SOCKET_TIMESTAMP | SOCKET_TIMESTAMPNS) & ~bit);
	return 0;
}

/* --- ints --- */

static int sndbuf_apply(struct socket *s, s32 value)
{
	value = MIN(value, BUFFER_HALF_MAX);
	s->buf_locked |= SOCK_SNDBUF_LOCK;
	s->sndbuf = MAX(value * 2, SNDBUF_MIN);
	s->ops->write_space(s);
	return 0;
}

static int rcvbuf_apply(struct socket *s, s32 value)
{
	value = MIN(value, BUFFER_HALF_MAX);
	s->buf_locked |= SOCK_RCVBUF_LOCK;
	s->rcvbuf = MAX(value * 2, RCVBUF_MIN);
	return 0;
}

/* A negative size counts as a huge one. */
static int sndbuf_set(struct socket *s, s32 value)
{
	return sndbuf_apply(s, MIN((u32)value, (u32)socket_limits.wmem_max));
}

static int rcvbuf_set(struct socket *s, s32 value)
{
	return rcvbuf_apply(s, MIN((u32)value, (u32)socket_limits.rmem_max));
}

static int sndbuf_force(struct socket *s, s32 value)
{
	return may_admin_net() ? sndbuf_apply(s, MAX(value, 0)) : deny(EPERM, EXT_CRED_01);
}

static int rcvbuf_force(struct socket *s, s32 value)
{
	return may_admin_net() ? rcvbuf_apply(s, MAX(value, 0)) : deny(EPERM, EXT_CRED_01);
}

static int priority_set(struct socket *s, s32 value)
{
	if ((value < 0 || value > PRIORITY_FREE_MAX) && !may_admin_net() &&
	    !capable_in(&init_user_ns, CAP_NET_RAW))
		return deny(EPERM, EXT_CRED_01);
	s->priority = value;
	return 0;
}

static int mark_set(struct socket *s, s32 value)
{
	if (!may_admin_net() && !capable_in(&init_user_ns, CAP_NET_RAW))
		return deny(EPERM, EXT_CRED_01);
	s->mark = value;
	return 0;
}

static int rcvlowat_set(struct socket *s, s32 value)
{
	if (value < 0)
		value = INT_MAX;
	s->rcvlowat = value ? value : 1;
	return 0;
}

static int peek_off_set(struct socket *s, s32 value)
{
	if (!s->ops->peek_offset)
		return -EOPNOTSUPP;
	s->peek_off = value;
	return 0;
}

static int buf_lock_set(struct socket *s, s32 value)
{
	if (value & ~BUF_LOCK_MASK)
		return -EINVAL;
	s->buf_locked = value;
	return 0;
}

static int bsdcompat_set(struct socket *s, s32 value)
{
	(void)s, (void)value;
	return 0;
}

/* Options that only families with a wire have. */
static int wire_set(struct socket *s, s32 value)
{
	(void)s, (void)value;
	return -EOPNOTSUPP;
}

static int busy_poll_set(struct socket *s, s32 value)
{
	if (value > s->busy_poll && !may_admin_net())
		return deny(EPERM, EXT_CRED_01);
	if (value < 0)
		return -EINVAL;
	s->busy_poll = value;
	return 0;
}

#define INT_GETTER(function, expression)                   \
	static int function(struct socket *s, s32 *value)  \
	{                                                  \
		*value = (expression);                     \
		return 0;                                  \
	}
INT_GETTER(type_get, s->type)
INT_GETTER(domain_get, s->family->number)
INT_GETTER(protocol_get, s->protocol)
INT_GETTER(error_get, -socket_take_error(s))
INT_GETTER(sndbuf_get, s->sndbuf)
INT_GETTER(rcvbuf_get, s->rcvbuf)
INT_GETTER(priority_get, s->priority)
INT_GETTER(mark_get, s->mark)
INT_GETTER(rcvlowat_get, s->rcvlowat)
INT_GETTER(buf_lock_get, s->buf_locked)
INT_GETTER(listening_get, s->ops->listening(s))
INT_GETTER(one_get, ((void)s, 1))
INT_GETTER(zero_get, ((void)s, 0))
INT_GETTER(busy_poll_get, s->busy_poll)
INT_GETTER(bpf_get, ((void)s, BPF_EXTENSIONS))

static int peek_off_get(struct socket *s, s32 *value)
{
	*value = s->peek_off;
	return s->ops->peek_offset ? 0 : -EOPNOTSUPP;
}

/* NULL: cannot be got, or cannot be set: ENOPROTOOPT. */
static const struct int_option {
	int name;
	int (*get)(struct socket *s, s32 *value);
	int (*set)(struct socket *s, s32 value);
} int_options[] = {
	{ SO_TYPE, type_get, NULL },
	{ SO_DOMAIN, domain_get, NULL },
	{ SO_PROTOCOL, protocol_get, NULL },
	{ SO_ERROR, error_get, NULL },
	{ SO_ACCEPTCONN, listening_get, NULL },
	{ SO_SNDBUF, sndbuf_get, sndbuf_set },
	{ SO_RCVBUF, rcvbuf_get, rcvbuf_set },
	{ SO_SNDBUFFORCE, NULL, sndbuf_force },
	{ SO_RCVBUFFORCE, NULL, rcvbuf_force },
	{ SO_PRIORITY, priority_get, priority_set },
	{ SO_MARK, mark_get, mark_set },
	{ SO_RCVLOWAT, rcvlowat_get, rcvlowat_set },
	{ SO_SNDLOWAT, one_get, NULL },
	{ SO_PEEK_OFF, peek_off_get, peek_off_set },
	{ SO_BUF_LOCK, buf_lock_get, buf_lock_set },
	{ SO_BSDCOMPAT, zero_get, bsdcompat_set },
	{ SO_ZEROCOPY, zero_get, wire_set },
	{ SO_REUSEPORT, zero_get, wire_set },
	{ SO_RESERVE_MEM, zero_get, wire_set },
	{ SO_BUSY_POLL, busy_poll_get, busy_poll_set },
	{ SO_BPF_EXTENSIONS, bpf_get, NULL },
	{ SO_LOCK_FILTER, zero_get, NULL },
	{ SO_INCOMING_NAPI_ID, zero_get, NULL },
};

static const struct int_option *int_option(int name)
{
	for (unsigned k = 0; k < ARRAY_SIZE(int_options); k++)
		if (int_options[k].name == name)
			return &int_options[k];
	return NULL;
}

/* --- structures --- */

static int linger_set(struct socket *s, uaddr value, u32 len)
{
	struct linger_abi l;

	if (len < sizeof(l))
		return -EINVAL;
	if (copy_from_user(&l, value, sizeof(l)))
		return -EFAULT;
	s->flags = l.on ? s->flags | SOCKET_LINGER : s->flags & ~SOCKET_LINGER;
	if (l.on)
		s->linger_seconds = MAX(l.seconds, 0);
	return 0;
}

/* Seconds and microseconds to nanoseconds, in whole ticks; zero is for ever, negative is never. */
static int timeout_set(s64 *nsec, uaddr value, u32 len)
{
	struct __kernel_old_timeval tv;

	if (len < sizeof(tv))
		return -EINVAL;
	if (copy_from_user(&tv, value, sizeof(tv)))
		return -EFAULT;
	if (tv.tv_usec < 0 || tv.tv_usec >= USEC_PER_SEC)
		return -EDOM;
	*nsec = SOCKET_FOREVER;
	if (tv.tv_sec < 0)
		*nsec = 0;
	else if ((tv.tv_sec || tv.tv_usec) && tv.tv_sec < INT64_MAX / NSEC_PER_SEC / 2)
		*nsec = tv.tv_sec * NSEC_PER_SEC +
			(tv.tv_usec + TIMEOUT_TICK_USEC - 1) / TIMEOUT_TICK_USEC *
			TIMEOUT_TICK_USEC * NSEC_PER_USEC;
	return 0;
}

static int rcvtimeo_set(struct socket *s, uaddr value, u32 len)
{
	return timeout_set(&s->rcv_timeout_nsec, value, len);
}

static int sndtimeo_set(struct socket *s, uaddr value, u32 len)
{
	return timeout_set(&s->snd_timeout_nsec, value, len);
}

/* The answer is cut to what the caller has room for, and its length told. */
static int option_give(const void *data, u32 size, uaddr value, s32 len, uaddr len_at)
{
	len = MIN(len, (s32)size);
	if (copy_to_user(value, data, len) || copy_to_user(len_at, &len, sizeof(len)))
		return -EFAULT;
	return 0;
}

static int linger_get(struct socket *s, uaddr value, s32 len, uaddr len_at)
{
	struct linger_abi l = { (s->flags & SOCKET_LINGER) != 0, s->linger_seconds };

	return option_give(&l, sizeof(l), value, len, len_at);
}

static int timeout_give(s64 nsec, uaddr value, s32 len, uaddr len_at)
{
	struct __kernel_old_timeval tv = { 0, 0 };

	if (nsec != SOCKET_FOREVER) {
		tv.tv_sec = nsec / NSEC_PER_SEC;
		tv.tv_usec = nsec % NSEC_PER_SEC / NSEC_PER_USEC;
	}
	return option_give(&tv, sizeof(tv), value, len, len_at);
}

static int rcvtimeo_get(struct socket *s, uaddr value, s32 len, uaddr len_at)
{
	return timeout_give(s->rcv_timeout_nsec, value, len, len_at);
}

static int sndtimeo_get(struct socket *s, uaddr value, s32 len, uaddr len_at)
{
	return timeout_give(s->snd_timeout_nsec, value, len, len_at);
}

static int peercred_get(struct socket *s, uaddr value, s32 len, uaddr len_at)
{
	struct ucred_abi cred;

	s->ops->peer_cred(s, &cred);
	return option_give(&cred, sizeof(cred), value, len, len_at);
}

static int peergroups_get(struct socket *s, uaddr value, s32 len, uaddr len_at)
{
	u32 nr = 0;
	int err = s->ops->peer_groups(s, value, len / sizeof(u32), &nr);

	if (err && err != -ERANGE)
		return err;
	nr *= sizeof(u32);
	return copy_to_user(len_at, &nr, sizeof(nr)) ? -EFAULT : err;
}

/* AFUX-03 */
static int peerpidfd_get(struct socket *s, uaddr value, s32 len, uaddr len_at)
{
	struct pidfd_slot slot;
	struct pid *pid;
	int err;

	if (!compat_at_least(COMPAT_SO_PEERPIDFD))
		return -ENOPROTOOPT;
	pid = s->ops->peer_pid(s);
	if (!pid)
		return -ENODATA;
	if (!pid->process)
		return -EINVAL;
	err = kernel_hooks.pidfd_reserve(pid, 0, &slot);
	if (err)
		return err;
	err = option_give(&slot.fd, sizeof(slot.fd), value, len, len_at);
	if (err)
		kernel_hooks.pidfd_cancel(&slot);
	else
		kernel_hooks.pidfd_install(&slot);
	return err;
}

/* Not like the others: room for more than the name is an error. */
static int peername_get(struct socket *s, uaddr value, s32 len, uaddr len_at)
{
	u8 name[SOCKADDR_MAX];
	int n = s->ops->name(s, SOCKET_PEER_NAME, name);

	if (n < 0)
		return -ENOTCONN;
	if (n < len)
		return -EINVAL;
	return option_give(name, len, value, len, len_at);
}

static int cookie_get(struct socket *s, uaddr value, s32 len, uaddr len_at)
{
	if (len < (s32)sizeof(s->cookie))
		return -EINVAL;
	if (!s->cookie)
		s->cookie = ++next_cookie;
	return option_give(&s->cookie, sizeof(s->cookie), value, len, len_at);
}

static const struct {
	int name;
	int (*get)(struct socket *s, uaddr value, s32 len, uaddr len_at);
	int (*set)(struct socket *s, uaddr value, u32 len);
} struct_options[] = {
	{ SO_LINGER, linger_get, linger_set },
	{ SO_RCVTIMEO_OLD, rcvtimeo_get, rcvtimeo_set },
	{ SO_SNDTIMEO_OLD, sndtimeo_get, sndtimeo_set },
	{ SO_RCVTIMEO_NEW, rcvtimeo_get, rcvtimeo_set },
	{ SO_SNDTIMEO_NEW, sndtimeo_get, sndtimeo_set },
	{ SO_PEERCRED, peercred_get, NULL },
	{ SO_PEERPIDFD, peerpidfd_get, NULL },
	{ SO_PEERGROUPS, peergroups_get, NULL },
	{ SO_PEERNAME, peername_get, NULL },
	{ SO_COOKIE, cookie_get, NULL },
};

/* --- the calls --- */

int socket_set_option(struct socket *s, int name, uaddr value, u32 len)
{
	const struct int_option *o = int_option(name);
	u32 bit = option_bit(name);
	s32 v;

	if (len < sizeof(v))
		return -EINVAL;
	if (copy_from_user(&v, value, sizeof(v)))
		return -EFAULT;
	if (bit)
		return bit_set_option(s, bit, v);
	if (o)
		return o->set ? o->set(s, v) : -ENOPROTOOPT;
	for (unsigned k = 0; k < ARRAY_SIZE(struct_options); k++)
		if (struct_options[k].name == name && struct_options[k].set)
			return struct_options[k].set(s, value, len);
	return -ENOPROTOOPT;
}

int socket_get_option(struct socket *s, int name, uaddr value, uaddr len_at)
{
	const struct int_option *o = int_option(name);
	u32 bit = option_bit(name);
	s32 len, v;
	int err;

	if (copy_from_user(&len, len_at, sizeof(len)))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	for (unsigned k = 0; k < ARRAY_SIZE(struct_options); k++)
		if (struct_options[k].name == name)
			return struct_options[k].get(s, value, len, len_at);
	if (!bit && (!o || !o->get))
		return -ENOPROTOOPT;
	v = (s->flags & bit) != 0;
	err = bit ? 0 : o->get(s, &v);
	return err ? err : option_give(&v, sizeof(v), value, len, len_at);
}
