// SPDX-License-Identifier: MIT
/* arch/x86/cpuflags.h - processor features by the names of /proc/cpuinfo, in its order.
 *
 *   CPU_FLAG(leaf, subleaf, register, bit, name) */
#pragma once

#define CPU_FLAGS_BASIC(CPU_FLAG)                                                             \
	CPU_FLAG(1, 0, EDX, 0, "fpu") CPU_FLAG(1, 0, EDX, 1, "vme") CPU_FLAG(1, 0, EDX, 2, "de") \
	CPU_FLAG(1, 0, EDX, 3, "pse") CPU_FLAG(1, 0, EDX, 4, "tsc") CPU_FLAG(1, 0, EDX, 5, "msr") \
	CPU_FLAG(1, 0, EDX, 6, "pae") CPU_FLAG(1, 0, EDX, 7, "mce") CPU_FLAG(1, 0, EDX, 8, "cx8") \
	CPU_FLAG(1, 0, EDX, 9, "apic") CPU_FLAG(1, 0, EDX, 11, "sep")                         \
	CPU_FLAG(1, 0, EDX, 12, "mtrr") CPU_FLAG(1, 0, EDX, 13, "pge")                        \
	CPU_FLAG(1, 0, EDX, 14, "mca") CPU_FLAG(1, 0, EDX, 15, "cmov")                        \
	CPU_FLAG(1, 0, EDX, 16, "pat") CPU_FLAG(1, 0, EDX, 17, "pse36")                       \
	CPU_FLAG(1, 0, EDX, 19, "clflush") CPU_FLAG(1, 0, EDX, 22, "acpi")                    \
	CPU_FLAG(1, 0, EDX, 23, "mmx") CPU_FLAG(1, 0, EDX, 24, "fxsr")                        \
	CPU_FLAG(1, 0, EDX, 25, "sse") CPU_FLAG(1, 0, EDX, 26, "sse2")                        \
	CPU_FLAG(1, 0, EDX, 27, "ss") CPU_FLAG(1, 0, EDX, 28, "ht")

#define CPU_FLAGS_EXTENDED(CPU_FLAG)                                                          \
	CPU_FLAG(0x80000001, 0, EDX, 11, "syscall") CPU_FLAG(0x80000001, 0, EDX, 20, "nx")    \
	CPU_FLAG(0x80000001, 0, EDX, 22, "mmxext") CPU_FLAG(0x80000001, 0, EDX, 25, "fxsr_opt") \
	CPU_FLAG(0x80000001, 0, EDX, 26, "pdpe1gb") CPU_FLAG(0x80000001, 0, EDX, 27, "rdtscp") \
	CPU_FLAG(0x80000001, 0, EDX, 29, "lm") CPU_FLAG(0x80000001, 0, EDX, 30, "3dnowext")   \
	CPU_FLAG(0x80000001, 0, EDX, 31, "3dnow")

#define CPU_FLAGS_SECOND(CPU_FLAG)                                                            \
	CPU_FLAG(1, 0, ECX, 0, "pni") CPU_FLAG(1, 0, ECX, 1, "pclmulqdq")                     \
	CPU_FLAG(1, 0, ECX, 3, "monitor") CPU_FLAG(1, 0, ECX, 9, "ssse3")                     \
	CPU_FLAG(1, 0, ECX, 12, "fma") CPU_FLAG(1, 0, ECX, 13, "cx16")                        \
	CPU_FLAG(1, 0, ECX, 19, "sse4_1") CPU_FLAG(1, 0, ECX, 20, "sse4_2")                   \
	CPU_FLAG(1, 0, ECX, 21, "x2apic") CPU_FLAG(1, 0, ECX, 22, "movbe")                    \
	CPU_FLAG(1, 0, ECX, 23, "popcnt") CPU_FLAG(1, 0, ECX, 25, "aes")                      \
	CPU_FLAG(1, 0, ECX, 26, "xsave") CPU_FLAG(1, 0, ECX, 28, "avx")                       \
	CPU_FLAG(1, 0, ECX, 29, "f16c") CPU_FLAG(1, 0, ECX, 30, "rdrand")                     \
	CPU_FLAG(1, 0, ECX, 31, "hypervisor")                                                 \
	CPU_FLAG(0x80000001, 0, ECX, 0, "lahf_lm") CPU_FLAG(0x80000001, 0, ECX, 1, "cmp_legacy") \
	CPU_FLAG(0x80000001, 0, ECX, 2, "svm") CPU_FLAG(0x80000001, 0, ECX, 4, "cr8_legacy")  \
	CPU_FLAG(0x80000001, 0, ECX, 5, "abm") CPU_FLAG(0x80000001, 0, ECX, 6, "sse4a")       \
	CPU_FLAG(0x80000001, 0, ECX, 8, "3dnowprefetch")

#define CPU_FLAGS_SEVENTH(CPU_FLAG)                                                           \
	CPU_FLAG(7, 0, EBX, 0, "fsgsbase") CPU_FLAG(7, 0, EBX, 3, "bmi1")                     \
	CPU_FLAG(7, 0, EBX, 5, "avx2") CPU_FLAG(7, 0, EBX, 7, "smep")                         \
	CPU_FLAG(7, 0, EBX, 8, "bmi2") CPU_FLAG(7, 0, EBX, 9, "erms")                         \
	CPU_FLAG(7, 0, EBX, 10, "invpcid") CPU_FLAG(7, 0, EBX, 16, "avx512f")                 \
	CPU_FLAG(7, 0, EBX, 17, "avx512dq") CPU_FLAG(7, 0, EBX, 18, "rdseed")                 \
	CPU_FLAG(7, 0, EBX, 19, "adx") CPU_FLAG(7, 0, EBX, 20, "smap")                        \
	CPU_FLAG(7, 0, EBX, 23, "clflushopt") CPU_FLAG(7, 0, EBX, 24, "clwb")                 \
	CPU_FLAG(7, 0, EBX, 28, "avx512cd") CPU_FLAG(7, 0, EBX, 29, "sha_ni")                 \
	CPU_FLAG(7, 0, EBX, 30, "avx512bw") CPU_FLAG(7, 0, EBX, 31, "avx512vl")               \
	CPU_FLAG(0xd, 1, EAX, 0, "xsaveopt") CPU_FLAG(0xd, 1, EAX, 1, "xsavec")               \
	CPU_FLAG(0xd, 1, EAX, 2, "xgetbv1") CPU_FLAG(6, 0, EAX, 2, "arat")                    \
	CPU_FLAG(7, 0, ECX, 2, "umip") CPU_FLAG(7, 0, ECX, 3, "pku")                          \
	CPU_FLAG(7, 0, ECX, 9, "vaes") CPU_FLAG(7, 0, ECX, 10, "vpclmulqdq")                  \
	CPU_FLAG(7, 0, ECX, 16, "la57") CPU_FLAG(7, 0, ECX, 22, "rdpid")                      \
	CPU_FLAG(7, 0, EDX, 4, "fsrm")

#define CPU_FLAGS(CPU_FLAG) CPU_FLAGS_BASIC(CPU_FLAG) CPU_FLAGS_EXTENDED(CPU_FLAG) \
	CPU_FLAGS_SECOND(CPU_FLAG) CPU_FLAGS_SEVENTH(CPU_FLAG)
