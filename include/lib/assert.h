// SPDX-License-Identifier: MIT
/* lib/assert.h - assert() for bugs of this kernel, never for what users or images contain. */
#pragma once

/* Prints the message, a symbolised backtrace, the task and all tasks; ends the machine. */
void panic(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#define assert(cond)                                                                    \
	do {                                                                            \
		if (__builtin_expect(!(cond), 0))                                       \
			panic("assertion failed: %s at %s:%d", #cond, __FILE__, __LINE__); \
	} while (0)
