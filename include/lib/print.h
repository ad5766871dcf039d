// SPDX-License-Identifier: MIT
/* lib/print.h - formatted text, by newlib's integer-only printf.
 *
 * kprintf() goes to the consoles and the kernel log (drivers/console.h); no
 * floating point. All may be called from any context. */
#pragma once

#include "types.h"

int sniprintf(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int vsniprintf(char *buf, size_t size, const char *fmt, va_list ap);
#define snprintf sniprintf
#define vsnprintf vsniprintf

/* lib/format.c: the same for much less, where the conversions are plain ones. */
#define DECIMAL_MAX 20			/* digits of a u64 */
char *decimal_before(char *end, u64 value);	/* writes it; returns where it begins */
/* Eight hexadecimal digits, the first in the lowest byte. */
static inline u64 hex_digits(u32 number)
{
	u64 x = (number & 0xffff0000UL) << 16 | (number & 0xffff);

	x = (x << 8 | x) & 0x00ff00ff00ff00ffUL;
	x = (x << 4 | x) & 0x0f0f0f0f0f0f0f0fUL;
	x += 0x3030303030303030UL + ((x + 0x0606060606060606UL) >> 4 & 0x0101010101010101UL) *
				    ('a' - '0' - 10);
	return __builtin_bswap64(x);
}
/* So many digits (8 at most) or more; to has room for 16 bytes. Returns: the end. */
static inline char *hex_put(char *to, u64 number, unsigned digits)
{
	unsigned needed;
	u64 text;

	if (number >> 32) {
		to = hex_put(to, number >> 32, 1);
		digits = 8;
	}
	needed = (39 - __builtin_clz((u32)number | 1)) / 4 - 1;
	digits = digits > needed ? digits : needed;
	text = hex_digits(number) >> (64 - 8 * digits);
	memcpy(to, &text, sizeof(text));
	return to + digits;
}
int vformat(char *buf, size_t size, const char *fmt, va_list ap);
int format(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

void kprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void kvprintf(const char *fmt, va_list ap);
