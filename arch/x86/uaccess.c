// SPDX-License-Identifier: MIT
/* arch/x86/uaccess.c - the instructions that touch user memory, each with its way out.
 *
 * Ranges are checked first, so a fault can only be at a user address. Every instruction
 * that may fault has a row in .extable; traps.c lets mm mend the fault, or goes on at the
 * row's second address. Between user_open() and user_close() SMAP is off.
 *
 * Large copies move blocks by AVX (wide.asm), what is left quadwords by REP; what is left of that
 * is one more quadword that overlaps the last. Bytes are counted exactly only after a fault.
 * Context: a task with an address space, BKL held; may sleep in a fault.
 * See Intel SDM volume 3, 4.6 (access rights). */
#include "arch/uaccess.h"

#include <linux/futex.h>

#include "arch/wide.h"
#include "arch/x86/window.h"

#define WORD sizeof(u64)
#define ONES 0x0101010101010101UL
#define HIGHS 0x8080808080808080UL

/* Moves whole blocks, if there are any; returns the bytes moved. Window open. */
static inline size_t move_blocks(void *dst, const void *src, size_t n)
{
	size_t blocks = n / WIDE_BLOCK;

	if (!wide_moves)
		return 0;
	return (blocks - copy_wide(dst, src, blocks)) * WIDE_BLOCK;
}

/* Bytes not copied. Window open. */
static size_t copy_in_bytes(u8 *dst, uaddr src, size_t n)
{
	while (n && load_u8(dst, src))
		dst++, src++, n--;
	return n;
}

static size_t copy_out_bytes(uaddr dst, const u8 *src, size_t n)
{
	while (n && store_u8(dst, *src))
		dst++, src++, n--;
	return n;
}

/* Fewer than eight bytes: at most three moves. Returns the bytes not copied. */
static inline size_t copy_in_small(u8 *dst, uaddr src, size_t n)
{
	u32 v;

	if (n & 4) {
		if (!load_u32(&v, src))
			return copy_in_bytes(dst, src, n);
		memcpy(dst, &v, sizeof(v));
		dst += 4, src += 4, n -= 4;
	}
	return n ? copy_in_bytes(dst, src, n) : 0;
}

static inline size_t copy_out_small(uaddr dst, const u8 *src, size_t n)
{
	u32 v;

	if (n & 4) {
		memcpy(&v, src, sizeof(v));
		if (!store_u32(dst, v))
			return copy_out_bytes(dst, src, n);
		dst += 4, src += 4, n -= 4;
	}
	return n ? copy_out_bytes(dst, src, n) : 0;
}

/* Eight bytes or more. */
static inline size_t copy_in_large(u8 *dst, uaddr src, size_t n)
{
	size_t done = n >= WIDE_BLOCK ? move_blocks(dst, (void *)src, n) : 0;
	size_t words = move_words(dst + done, (u8 *)src + done, (n - done) / WORD);
	size_t left = n % WORD + words * WORD;
	u64 tail;

	if (likely(!left))
		return 0;
	if (!words && load_u64(&tail, src + n - WORD)) {
		memcpy(dst + n - WORD, &tail, WORD);
		return 0;
	}
	return copy_in_bytes(dst + n - left, src + n - left, left);
}

static inline size_t copy_out_large(uaddr dst, const u8 *src, size_t n)
{
	size_t done = n >= WIDE_BLOCK ? move_blocks((void *)dst, src, n) : 0;
	size_t words = move_words((u8 *)dst + done, src + done, (n - done) / WORD);
	size_t left = n % WORD + words * WORD;
	u64 tail;

	if (likely(!left))
		return 0;
	memcpy(&tail, src + n - WORD, WORD);
	if (!words && store_u64(dst + n - WORD, tail))
		return 0;
	return copy_out_bytes(dst + n - left, src + n - left, left);
}

size_t copy_in(void *dst, uaddr src, size_t n)
{
	size_t left;

	if (unlikely(!user_range_ok(src, n)))
		return n;
	user_open();
	left = n < WORD ? copy_in_small(dst, src, n) : copy_in_large(dst, src, n);
	user_close();
	return left;
}

size_t copy_out(uaddr dst, const void *src, size_t n)
{
	size_t left;

	if (unlikely(!user_range_ok(dst, n)))
		return n;
	user_open();
	left = n < WORD ? copy_out_small(dst, src, n) : copy_out_large(dst, src, n);
	user_close();
	return left;
}

size_t clear_user(uaddr dst, size_t n)
{
	size_t done;

	if (!user_range_ok(dst, n))
		return n;
	user_open();
	done = (n / WORD - clear_words(dst, n / WORD)) * WORD;
	while (done < n && store_u8(dst + done, 0))
		done++;
	user_close();
	return n - done;
}

/* The eight bytes at (addr & ~7), shifted so that addr's comes first, ones after the last:
 * never crosses a page, so never faults beyond the string. *have: bytes of the string. */
static inline bool load_shifted(u64 *out, uaddr addr, size_t *have)
{
	size_t off = addr & (WORD - 1);
	u64 w;

	if (!load_u64(&w, addr - off))
		return false;
	*have = WORD - off;
	*out = off ? w >> (off * 8) | ~0UL << (*have * 8) : w;
	return true;
}

/* A bit for each zero byte; exact up to and including the lowest. */
static inline u64 zero_bytes(u64 w)
{
	return (w - ONES) & ~w & HIGHS;
}

/* The length of a string at src, size if it does not end before; with dst also copied there. */
static inline __attribute__((always_inline))
ssize_t string_scan(char *dst, uaddr src, size_t size)
{
	size_t done = 0, have;
	ssize_t ret = size;
	u64 w, zero;

	user_open();
	for (; done < size; done += have) {
		if (src + done >= USER_END || !load_shifted(&w, src + done, &have)) {
			ret = -EFAULT;
			break;
		}
		if (dst && likely(size - done >= WORD))
			memcpy(dst + done, &w, WORD);
		else if (dst)
			memcpy(dst + done, &w, MIN(have, size - done));
		zero = zero_bytes(w);
		if (zero) {
			done += (size_t)__builtin_ctzl(zero) / 8;
			ret = MIN(done, size);
			break;
		}
	}
	user_close();
	return ret;
}

ssize_t strncpy_from_user(char *dst, uaddr src, size_t size)
{
	return string_scan(dst, src, size);
}

size_t strnlen_user(uaddr s, size_t max)
{
	ssize_t len = string_scan(NULL, s, max);

	return len < 0 ? 0 : len + 1;
}

/* The user's registers to a user's address, and back; a bad area is a protection fault. */
#define FPU_USER(name, instruction)                                                    \
	int name(uaddr area)                                                            \
	{                                                                               \
		if (!user_range_ok(area, arch_fpu_size))                                \
			return -EFAULT;                                                 \
		user_open();                                                            \
		asm goto("1: " instruction " (%0)\n" EXTABLE("1b", "%l[fault]")        \
			 : : "r"(area), XSAVE_COMPONENTS : "memory" : fault);           \
		user_close();                                                           \
		return 0;                                                               \
fault:                                                                                  \
		user_close();                                                           \
		return -EFAULT;                                                         \
	}
FPU_USER(fpu_save_user, "xsave64")
FPU_USER(fpu_restore_user, "xrstor64")

int user_load_u32(u32 *out, uaddr addr)
{
	bool ok = false;

	if (user_range_ok(addr, sizeof(*out))) {
		user_open();
		ok = load_u32(out, addr);
		user_close();
	}
	return ok ? 0 : -EFAULT;
}

int user_load_u64(u64 *out, uaddr addr)
{
	bool ok = false;

	if (user_range_ok(addr, sizeof(*out))) {
		user_open();
		ok = load_u64(out, addr);
		user_close();
	}
	return ok ? 0 : -EFAULT;
}

int user_store_u32(uaddr addr, u32 value)
{
	bool ok = false;

	if (user_range_ok(addr, sizeof(value))) {
		user_open();
		ok = store_u32(addr, value);
		user_close();
	}
	return ok ? 0 : -EFAULT;
}

int user_store_u64(uaddr addr, u64 value)
{
	bool ok = false;

	if (user_range_ok(addr, sizeof(value))) {
		user_open();
		ok = store_u64(addr, value);
		user_close();
	}
	return ok ? 0 : -EFAULT;
}

/* *old: in what is expected, out what was there. False if it faults. Window open. */
static inline bool cmpxchg_u32(uaddr addr, u32 *old, u32 value)
{
	u32 v = *old;

	asm goto("1: lock cmpxchgl %2, (%1)\n" EXTABLE("1b", "%l[fault]")
		 : "+a"(v) : "r"(addr), "r"(value) : "memory", "cc" : fault);
	*old = v;
	return true;
fault:
	return false;
}

int user_cmpxchg_u32(uaddr addr, u32 expect, u32 value, u32 *old)
{
	bool ok = false;

	*old = expect;
	if (user_range_ok(addr, sizeof(value))) {
		user_open();
		ok = cmpxchg_u32(addr, old, value);
		user_close();
	}
	return ok ? 0 : -EFAULT;
}

static u32 futex_op_result(unsigned futex_op, u32 old, u32 arg)
{
	switch (futex_op) {
	case FUTEX_OP_SET:
		return arg;
	case FUTEX_OP_ADD:
		return old + arg;
	case FUTEX_OP_OR:
		return old | arg;
	case FUTEX_OP_ANDN:
		return old & ~arg;
	default:
		return old ^ arg;
	}
}

/* Returns 0, -EFAULT, or -ENOSYS for an operation that is none. */
int user_xchg_op_u32(uaddr addr, unsigned futex_op, u32 arg, u32 *old)
{
	u32 seen, expect;
	int err = user_load_u32(&expect, addr);

	if (futex_op > FUTEX_OP_XOR)
		return -ENOSYS;
	for (; !err; expect = seen) {
		err = user_cmpxchg_u32(addr, expect, futex_op_result(futex_op, expect, arg), &seen);
		if (!err && seen == expect)
			break;
	}
	if (!err)
		*old = expect;
	return err;
}
