// SPDX-License-Identifier: MIT
/* kernel/ubsan.c - what -fsanitize=undefined calls: says what was undefined and where, and goes on.
 *
 * Names and arguments are the compiler's. Each handler gets data that begins with a place in the
 * source; those where nothing sensible can follow end in panic(). Used in debug builds only.
 * See the documentation of UndefinedBehaviorSanitizer (GCC manual, 3.12). */

#include "kernel/panic.h"
#include "lib/print.h"

struct source_place {
	const char *file;
	u32 line, column;
};

/* Every handler's data starts like this. */
struct ubsan_data {
	struct source_place place;
};

static void ubsan_report(const struct ubsan_data *d, const char *what)
{
	kprintf("UBSAN: %s at %s:%u:%u\n", what, d->place.file, d->place.line, d->place.column);
	backtrace_print((u64)__builtin_frame_address(0), (u64)__builtin_return_address(0));
}

/* Handlers by number of arguments beside the data; the values are in the registers dump. */
#define UBSAN_0(name, what)                                          \
	void __ubsan_handle_##name(const struct ubsan_data *d);      \
	void __ubsan_handle_##name(const struct ubsan_data *d)       \
	{                                                            \
		ubsan_report(d, what);                               \
	}
#define UBSAN_1(name, what)                                          \
	void __ubsan_handle_##name(const struct ubsan_data *d, u64 a); \
	void __ubsan_handle_##name(const struct ubsan_data *d, u64 a) \
	{                                                            \
		ubsan_report(d, what);                               \
		kprintf("UBSAN: value %lx\n", a);                    \
	}
#define UBSAN_2(name, what)                                          \
	void __ubsan_handle_##name(const struct ubsan_data *d, u64 a, u64 b); \
	void __ubsan_handle_##name(const struct ubsan_data *d, u64 a, u64 b) \
	{                                                            \
		ubsan_report(d, what);                               \
		kprintf("UBSAN: values %lx, %lx\n", a, b);           \
	}
#define UBSAN_FATAL(name, what)                                      \
	void __ubsan_handle_##name(const struct ubsan_data *d);      \
	void __ubsan_handle_##name(const struct ubsan_data *d)       \
	{                                                            \
		ubsan_report(d, what);                               \
		panic("%s", what);                                   \
	}

UBSAN_2(add_overflow, "signed overflow in +")
UBSAN_2(sub_overflow, "signed overflow in -")
UBSAN_2(mul_overflow, "signed overflow in *")
UBSAN_2(divrem_overflow, "overflow in division")
UBSAN_1(negate_overflow, "overflow in negation")
UBSAN_2(shift_out_of_bounds, "shift out of bounds")
UBSAN_1(out_of_bounds, "array index out of bounds")
UBSAN_1(type_mismatch_v1, "null, misaligned or wrongly typed access")
UBSAN_1(vla_bound_not_positive, "variable-length array of no length")
UBSAN_1(load_invalid_value, "value outside its type")
UBSAN_2(pointer_overflow, "overflow of a pointer")
UBSAN_0(nonnull_arg, "null argument where none may be")
UBSAN_1(nonnull_return_v1, "null returned where none may be")
UBSAN_1(invalid_builtin, "zero given to a builtin that forbids it")
UBSAN_FATAL(builtin_unreachable, "unreachable code reached")
UBSAN_FATAL(missing_return, "end of a function without return")
