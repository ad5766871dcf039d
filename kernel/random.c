// SPDX-License-Identifier: MIT
/* kernel/random.c - random bytes: one generator, keyed once; getrandom(2).
 *
 * ChaCha20 in counter mode. The key comes from the processor and from the machine's source of
 * random bytes (drivers/hwrng.h), asked when the first bytes are, or is spread from seed= on the
 * command line: then every run draws the same bytes (DESIGN 6, determinism). There is no pool to
 * run dry, so that no flag of getrandom makes a difference.
 * Locks: BKL. Checkpoint: none; a restarted container draws fresh bytes.
 * See getrandom(2), RFC 8439 section 2.3. */

#include "kernel/random.h"

#include <linux/random.h>

#include "arch/cpu.h"
#include "boot/cmdline.h"
#include "drivers/hwrng.h"
#include "kernel/syscall.h"
#include "lib/hash.h"

#define CHACHA_WORDS  16
#define CHACHA_KEY    4			/* first word of the key */
#define CHACHA_COUNT  12		/* block counter: two words */
#define CHACHA_ROUNDS 20
#define KEY_WORDS     8
#define HWRNG_WAIT    (20 * NSEC_PER_MSEC)	/* a host that is slower is done without */
#define USER_CHUNK    256		/* bytes made between two copies to the user */

static u32 state[CHACHA_WORDS];
static bool keyed;

static u32 rotl(u32 x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* RFC 8439, 2.1. */
static void quarter_round(u32 *x, unsigned a, unsigned b, unsigned c, unsigned d)
{
	x[a] += x[b], x[d] = rotl(x[d] ^ x[a], 16);
	x[c] += x[d], x[b] = rotl(x[b] ^ x[c], 12);
	x[a] += x[b], x[d] = rotl(x[d] ^ x[a], 8);
	x[c] += x[d], x[b] = rotl(x[b] ^ x[c], 7);
}

/* The next 64 bytes of the stream. */
static void chacha_block(u32 *out)
{
	unsigned i;

	memcpy(out, state, sizeof(state));
	for (i = 0; i < CHACHA_ROUNDS; i += 2) {
		quarter_round(out, 0, 4, 8, 12), quarter_round(out, 1, 5, 9, 13);
		quarter_round(out, 2, 6, 10, 14), quarter_round(out, 3, 7, 11, 15);
		quarter_round(out, 0, 5, 10, 15), quarter_round(out, 1, 6, 11, 12);
		quarter_round(out, 2, 7, 8, 13), quarter_round(out, 3, 4, 9, 14);
	}
	for (i = 0; i < CHACHA_WORDS; i++)
		out[i] += state[i];
	if (++state[CHACHA_COUNT] == 0)
		state[CHACHA_COUNT + 1]++;
}

static void random_key(void)
{
	static const char constant[] = "expand 32-byte k";
	u64 seed = boot_options.seed, word;
	u32 drawn[KEY_WORDS] = { 0 };
	unsigned i;

	if (!seed)
		hwrng_poll(drawn, sizeof(drawn), HWRNG_WAIT);
	memcpy(state, constant, CHACHA_KEY * sizeof(u32));
	for (i = 0; i < KEY_WORDS; i++) {
		word = seed ? hash_u64(seed + i * HASH_GOLDEN) : cpu_random_u64();
		state[CHACHA_KEY + i] = drawn[i] ^ word ^ word >> 32;
	}
	keyed = true;
}

void random_bytes(void *buf, size_t n)
{
	u32 block[CHACHA_WORDS];
	size_t part;
	u8 *p = buf;

	if (!keyed)
		random_key();
	for (; n; n -= part, p += part) {
		part = MIN(n, sizeof(block));
		chacha_block(block);
		memcpy(p, block, part);
	}
}

long sys_getrandom(uaddr buf, size_t n, unsigned flags)
{
	u8 chunk[USER_CHUNK];
	size_t done, part;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	n = MIN(n, (size_t)INT_MAX);
	for (done = 0; done < n; done += part) {
		part = MIN(n - done, sizeof(chunk));
		random_bytes(chunk, part);
		if (copy_to_user(buf + done, chunk, part))
			return done ? (long)done : -EFAULT;
		if (signal_pending(current) && done + part < n)
			return done + part;
	}
	return n;
}
