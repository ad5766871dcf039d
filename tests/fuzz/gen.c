// SPDX-License-Identifier: MIT
/* tests/fuzz/gen.c - numbers, descriptors, processes, addresses.
 *
 * Most arguments are such that the call goes on; about one in twenty is of
 * another kind (call_row in calls.c), and each kind has its own odd values. */
#include "fuzz.h"

static const long odd_numbers[] = {
	0, 1, 2, 3, 7, 8, 15, 16, 63, 64, 127, 128, 255, 256, 511, 512, 1023, 1024, 4095, 4096,
	4097, 8192, 65535, 65536, 1 << 20, 1 << 24, 0x7ffffffe, 0x7fffffff, 0x80000000l,
	0xffffffffl, 0x100000000l, 0x7fffffffffffffffl, (long)0x8000000000000000ul, -1, -2,
	-4095, -4096,
};
static const unsigned long odd_pointers[] = {
	0, 1, 4095, 4096, ARENA, ARENA + ARENA_PAGES * PAGE_BYTES - 8, 0x7ffffffff000ul,
	0x7fffffffe000ul, 0x7ffffffffff8ul, 0x800000000000ul, 0xffff800000000000ul,
	0xffff888000000000ul, 0xffffffff80000000ul, 0xfffffffffffff000ul, -1ul, -8ul,
};

#define USUAL_FDS 22		/* those a task has from its beginning, and some */
#define USUAL_PAGES 80

long g_zero(struct fuzz *f)
{
	(void)f;
	return 0;
}

/* Anything at all. */
long g_wild(struct fuzz *f)
{
	switch (below(f, 4)) {
	case 0:
		return PICK(f, odd_pointers);
	case 1:
		return any(f);
	case 2:
		return 1l << below(f, 64);
	default:
		return PICK(f, odd_numbers);
	}
}

long g_number(struct fuzz *f)
{
	return chance(f, 3) ? (long)below(f, 100) : PICK(f, odd_numbers);
}

long g_small(struct fuzz *f)
{
	return chance(f, 20) ? g_number(f) : (long)below(f, 10);
}

long g_either(struct fuzz *f)
{
	return below(f, 2);
}

/* Descriptors are dense from 0 on. */
long g_fd(struct fuzz *f)
{
	static const long others[] = { -1, AT_FDCWD, SAY_FD - 1, 255, 256, 1 << 20, 0x7fffffff };

	if (chance(f, 24))
		return PICK(f, others);
	return 3 + below(f, chance(f, 4) ? LAST_FD - 3 : USUAL_FDS);
}

long g_dirfd(struct fuzz *f)
{
	return chance(f, 4) ? g_fd(f) : AT_FDCWD;
}

long g_maybe_fd(struct fuzz *f)
{
	return chance(f, 2) ? g_fd(f) : -1;
}

long g_pid(struct fuzz *f)
{
	switch (below(f, 8)) {
	case 0:
		return 0;
	case 1:
		return sys_getpid();
	case 2:
		return sys_gettid();
	case 3:
		return chance(f, 4) ? sys_getppid() : (long)(2 + below(f, 12));
	case 4:
		return chance(f, 3) ? g_number(f) : (long)(2 + below(f, 12));
	case 5:
		return chance(f, 30) ? -1 : f->slot->pid;
	case 6:
		return chance(f, 6) ? -(long)(2 + below(f, 40)) : 1 + (long)below(f, 60);
	default:
		return 2 + below(f, 60);
	}
}

long g_signal(struct fuzz *f)
{
	static const long usual[] = { 0, SIGUSR1, SIGUSR2, SIGCHLD, SIGURG, SIGCONT, SIGWINCH,
				      SIGALRM, SIGIO, 34, 40, 64 };

	if (chance(f, 10))
		return below(f, 66);
	return PICK(f, usual);
}

long g_id(struct fuzz *f)
{
	static const long ids[] = { 0, 0, 1, 1000, 1000, 65534, 65535, 65536, 100000, -1, -2 };

	return PICK(f, ids);
}

long g_length(struct fuzz *f)
{
	static const long lengths[] = { 0, 1, 2, 3, 4, 8, 12, 16, 24, 32, 48, 64, 88, 100, 128, 256,
					512, 1000, 1024, 4095, 4096, 4097, 8192, 65536 };

	return chance(f, 20) ? g_number(f) : PICK(f, lengths);
}

long g_offset(struct fuzz *f)
{
	if (chance(f, 3))
		return below(f, 8192);
	return chance(f, 4) ? g_wild(f) : g_length(f);
}

/* --- memory --- */

long page_at(struct fuzz *f)
{
	return ARENA + (long)below(f, chance(f, 3) ? ARENA_PAGES : USUAL_PAGES) * PAGE_BYTES;
}

long g_address(struct fuzz *f)
{
	return page_at(f) + (chance(f, 8) ? (long)below(f, PAGE_BYTES) : 0);
}

long g_pages(struct fuzz *f)
{
	if (chance(f, 24))
		return g_wild(f);
	return (1 + (long)below(f, chance(f, 6) ? 128 : 8)) * PAGE_BYTES - (chance(f, 12) ? 1 : 0);
}

/* A buffer to read from or write to: mostly ours, often at a page's end. */
long g_buffer(struct fuzz *f)
{
	switch (below(f, 6)) {
	case 0:
		return page_at(f) + PAGE_BYTES - (long)below(f, 64);
	case 1:
		return g_address(f);
	default:
		return (long)scratch_next(f);
	}
}

/* A word of the arena: futexes and the like meet there. */
long g_word(struct fuzz *f)
{
	return ARENA + below(f, 16) * 4 + (chance(f, 30) ? 1 : 0);
}

/* The next of a few blocks of memory, with something in its first words. */
uint64_t *scratch_next(struct fuzz *f)
{
	uint64_t *words = f->scratch[f->next_scratch++ % SCRATCHES];

	for (unsigned i = 0; i < 12; i++)
		words[i] = chance(f, 2) ? below(f, 8) : (uint64_t)PICK(f, odd_numbers);
	return words;
}
