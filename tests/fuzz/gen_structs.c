// SPDX-License-Identifier: MIT
/* tests/fuzz/gen_structs.c - pointers to structures in which most members make sense. */
#include <linux/eventpoll.h>
#include <linux/openat2.h>
#include <linux/resource.h>
#include <linux/un.h>
#include "fuzz.h"

#define NSEC_MAX 1000000000l
#define SOCK_NAME_AT 2

/* Two words: seconds and nanoseconds, mostly short. */
long g_timespec(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	if (chance(f, 12))
		return chance(f, 2) ? 0 : (long)w;
	w[0] = 0;
	w[1] = below(f, chance(f, 3) ? 1000 : 2000000);
	return (long)w;
}

long g_timeval(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	if (chance(f, 10))
		return chance(f, 2) ? 0 : (long)w;
	w[0] = 0;
	w[1] = below(f, 2000);
	return (long)w;
}

/* Interval and value; nanoseconds for timers, which microseconds can read too. */
long g_itimer(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	if (chance(f, 10))
		return (long)w;
	w[0] = w[2] = 0;
	w[1] = chance(f, 2) ? 0 : 1000 + below(f, 900000);
	w[3] = chance(f, 4) ? 0 : 1 + below(f, 900000);
	return (long)w;
}

long g_sigset(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	w[0] = chance(f, 3) ? any(f) & ~(1ull << (SIGUSR1 - 1)) : 1ull << below(f, 64);
	return chance(f, 12) ? 0 : (long)w;
}

long g_sigset_size(struct fuzz *f)
{
	return chance(f, 30) ? g_length(f) : SIGSET_BYTES;
}

/* Default or ignored; a handler would have to be one of ours, which tasks have. */
long g_sigaction(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	w[0] = chance(f, 3) ? (uint64_t)page_at(f) : below(f, 2);
	w[1] = chance(f, 2) ? 0x04000000 : any(f) & 0xdc000007;
	w[2] = page_at(f);
	w[3] = chance(f, 2) ? 0 : any(f);
	return (long)w;
}

long g_siginfo(struct fuzz *f)
{
	int *w = (int *)scratch_next(f);

	w[0] = g_signal(f);
	w[2] = chance(f, 4) ? (int)g_number(f) : -1 - (int)below(f, 8);
	w[3] = sys_getpid();
	return (long)w;
}

long g_iovec(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	for (unsigned i = 0; i < 8; i += 2) {
		w[i] = g_buffer(f);
		w[i + 1] = chance(f, 12) ? (uint64_t)g_wild(f) : below(f, 3000);
	}
	return (long)w;
}

long g_iovec_count(struct fuzz *f)
{
	return chance(f, 16) ? g_number(f) : (long)below(f, 5);
}

long g_pollfds(struct fuzz *f)
{
	struct pollfd *p = (struct pollfd *)scratch_next(f);

	for (unsigned i = 0; i < 8; i++) {
		p[i].fd = g_fd(f);
		p[i].events = any(f);
	}
	return (long)p;
}

long g_fdset(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	w[0] = any(f) & any(f) & any(f);
	return chance(f, 3) ? 0 : (long)w;
}

long g_epoll_event(struct fuzz *f)
{
	struct epoll_event *e = (struct epoll_event *)scratch_next(f);

	e->events = chance(f, 3) ? (uint32_t)any(f) : 0x1 | 0x4 | (uint32_t)below(f, 2) << 31;
	e->data = any(f);
	return (long)e;
}

/* A unix address: by path, abstract, none, or odd. */
long g_sockaddr(struct fuzz *f)
{
	struct sockaddr_un *un = (struct sockaddr_un *)scratch_next(f);

	un->sun_family = chance(f, 16) ? (unsigned)below(f, 20) : 1;
	memset(un->sun_path, 0, 16);
	if (chance(f, 2))
		snprintf(un->sun_path, 16, "s%u", below(f, 4));
	else if (!chance(f, 6))
		snprintf(un->sun_path + 1, 15, "abs%u", below(f, 4));
	return (long)un;
}

long g_sockaddr_len(struct fuzz *f)
{
	static const long lens[] = { 2, 3, 5, 7, 8, 16, 110, 111, 0, 1 };

	return chance(f, 3) ? PICK(f, lens) : 7;
}

long g_rlimit(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	w[0] = chance(f, 4) ? (uint64_t)g_number(f) : 64 + below(f, 1000);
	w[1] = chance(f, 3) ? w[0] : 100000;
	return chance(f, 4) ? 0 : (long)w;
}

long g_flock(struct fuzz *f)
{
	struct { short type, whence; long start, len; int pid; } *l = (void *)scratch_next(f);

	l->type = below(f, chance(f, 16) ? 9 : 3);
	l->whence = below(f, chance(f, 16) ? 9 : 3);
	l->start = chance(f, 12) ? g_wild(f) : (long)below(f, 64);
	l->len = chance(f, 12) ? g_wild(f) : (long)below(f, 64) - 16;
	l->pid = 0;
	return (long)l;
}

long g_open_how(struct fuzz *f)
{
	struct open_how *how = (struct open_how *)scratch_next(f);

	memset(how, 0, 64);
	how->flags = g_open_flags(f);
	how->mode = how->flags & O_CREAT ? 0644 : 0;
	how->resolve = chance(f, 2) ? 0 : below(f, 64);
	return (long)how;
}

long g_open_how_size(struct fuzz *f)
{
	return chance(f, 10) ? g_length(f) : (long)sizeof(struct open_how);
}

long g_cap_header(struct fuzz *f)
{
	uint32_t *w = (uint32_t *)scratch_next(f);

	w[0] = chance(f, 8) ? (uint32_t)g_number(f) : _LINUX_CAPABILITY_VERSION_3;
	w[1] = chance(f, 2) ? 0 : (uint32_t)g_pid(f);
	return (long)w;
}

long g_cap_data(struct fuzz *f)
{
	uint32_t *w = (uint32_t *)scratch_next(f);

	for (unsigned i = 0; i < 6; i++)
		w[i] = chance(f, 2) ? 0xffffffff : (uint32_t)any(f);
	return (long)w;
}

/* struct sigevent: value, signal, how, thread. */
long g_sigevent(struct fuzz *f)
{
	uint32_t *w = (uint32_t *)scratch_next(f);

	w[2] = g_signal(f);
	w[3] = below(f, chance(f, 12) ? 9 : 3);
	w[4] = g_pid(f);
	return chance(f, 4) ? 0 : (long)w;
}

long g_altstack(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	w[0] = page_at(f);
	w[1] = below(f, 3);
	w[2] = chance(f, 6) ? (uint64_t)g_number(f) : 16384;
	return (long)w;
}

long g_offset_pointer(struct fuzz *f)
{
	uint64_t *w = scratch_next(f);

	w[0] = g_offset(f);
	return chance(f, 2) ? 0 : (long)w;
}

/* A length that a call reads and writes. */
long g_length_pointer(struct fuzz *f)
{
	uint32_t *w = (uint32_t *)scratch_next(f);

	w[0] = chance(f, 8) ? (uint32_t)g_number(f) : 16 + below(f, 100);
	return (long)w;
}

long g_sched_attr(struct fuzz *f)
{
	uint32_t *w = (uint32_t *)scratch_next(f);

	w[0] = chance(f, 6) ? (uint32_t)g_number(f) : 48;
	w[1] = chance(f, 3) ? below(f, 8) : 0;
	w[2] = w[3] = 0;
	w[4] = below(f, 19);
	w[5] = 0;
	return (long)w;
}
