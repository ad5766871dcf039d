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
int vformat(char *buf, size_t size, const char *fmt, va_list ap);
int format(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

void kprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void kvprintf(const char *fmt, va_list ap);
