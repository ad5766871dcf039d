// SPDX-License-Identifier: MIT
/* kernel/ubsan.c - what the compiler calls in a debug build where C does not say what happens.
 *
 * `make DEBUG=1` compiles the kernel with -fsanitize=undefined; each finding is a bug of our own
 * and panics with its place (lib/debug.h). The names and the first member of the data are the
 * compiler's: a source location. (For the checks of a shift, a bound, an overflow the values follow
 * as arguments; the backtrace and the line tell enough.) Not part of other builds (Makefile).
 * See gcc(1), -fsanitize=undefined. */
#include "lib/debug.h"

struct ubsan_location {
	const char *file;
	u32 line, column;
};

/* HANDLER(name, text): the compiler's __ubsan_handle_NAME. */
#define UBSAN_HANDLERS(HANDLER)                                        \
	HANDLER(add_overflow, "addition overflows")                    \
	HANDLER(sub_overflow, "subtraction overflows")                 \
	HANDLER(mul_overflow, "multiplication overflows")              \
	HANDLER(negate_overflow, "negation overflows")                 \
	HANDLER(divrem_overflow, "division by zero, or overflow")      \
	HANDLER(shift_out_of_bounds, "shift is too wide or negative")  \
	HANDLER(out_of_bounds, "index is out of bounds")               \
	HANDLER(type_mismatch_v1, "null or misaligned pointer")        \
	HANDLER(pointer_overflow, "pointer arithmetic wraps")          \
	HANDLER(vla_bound_not_positive, "size of an array is not positive") \
	HANDLER(load_invalid_value, "value is not of its type")        \
	HANDLER(builtin_unreachable, "unreachable place reached")      \
	HANDLER(nonnull_arg, "null argument")                          \
	HANDLER(nonnull_return_v1, "null returned")                    \
	HANDLER(missing_return, "end of a function without its value") \
	HANDLER(invalid_builtin, "zero given to a bit count")

#define HANDLER(name, text)                                            \
	void __ubsan_handle_##name(const struct ubsan_location *at);   \
	void __ubsan_handle_##name(const struct ubsan_location *at)    \
	{                                                              \
		debug_found("undefined behaviour: %s, %s:%u", text, at->file, at->line); \
	}
UBSAN_HANDLERS(HANDLER)
#undef HANDLER
