// SPDX-License-Identifier: MIT
/* arch/x86/window.h - single accesses to user memory, between user_open() and user_close().
 *
 * For uaccess.c, and for those who put together or take apart what lies on a user's stack. The
 * range was checked; each access may fault, be mended and even sleep, or say false. */
#pragma once

#include "arch/x86/internal.h"

/* A site of smap.c: `stac` 1 opens user memory, 0 closes it. */
#define SMAP_SITE(stac)                                                 \
	asm volatile("1: .byte 0x0f, 0x1f, 0x00\n"                      \
		     ".pushsection .smap_sites, \"a\"\n"                \
		     ".quad 1b, " #stac "\n.popsection" : : : "memory")
/* A fault at the instruction goes on at fixup, if it is not mended. */
#define EXTABLE(insn, fixup) \
	".pushsection .extable, \"a\"\n.quad " insn ", " insn " + 1, " fixup "\n.popsection\n"

static inline void user_open(void)
{
	SMAP_SITE(1);
}

static inline void user_close(void)
{
	SMAP_SITE(0);
}

/* One access of a width: false if it faults. The window must be open. */
#define USER_LOAD(name, type, suffix)                                            \
	static inline bool name(type *out, uaddr addr)                           \
	{                                                                        \
		type v;                                                          \
										 \
		asm goto("1: mov" suffix " %1, %0\n" EXTABLE("1b", "%l[fault]")         \
			 : "=r"(v) : "m"(*(type *)addr) : "memory" : fault);     \
		*out = v;                                                        \
		return true;                                                     \
	fault:                                                                   \
		return false;                                                    \
	}
#define USER_STORE(name, type, suffix, constraint)                               \
	static inline bool name(uaddr addr, type v)                              \
	{                                                                        \
		asm goto("1: mov" suffix " %0, %1\n" EXTABLE("1b", "%l[fault]")         \
			 : : constraint(v), "m"(*(type *)addr) : "memory" : fault); \
		return true;                                                     \
	fault:                                                                   \
		return false;                                                    \
	}

USER_LOAD(load_u8, u8, "b")
USER_LOAD(load_u32, u32, "l")
USER_LOAD(load_u64, u64, "q")
USER_STORE(store_u8, u8, "b", "q")
USER_STORE(store_u32, u32, "l", "r")
USER_STORE(store_u64, u64, "q", "r")

/* Moves so many quadwords; returns the quadwords not moved. Window open. */
static inline size_t move_words(void *dst, const void *src, size_t words)
{
	asm volatile("1: rep movsq\n2:\n" EXTABLE("1b", "2b")
		     : "+c"(words), "+D"(dst), "+S"(src) : : "memory");
	return words;
}

static inline size_t clear_words(uaddr dst, size_t words)
{
	asm volatile("1: rep stosq\n2:\n" EXTABLE("1b", "2b")
		     : "+c"(words), "+D"(dst) : "a"(0) : "memory");
	return words;
}
