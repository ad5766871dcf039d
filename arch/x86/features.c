// SPDX-License-Identifier: MIT
/* arch/x86/features.c - what the processors can do, asked once of the boot CPU.
 *
 * All processors are taken to be alike. Checkpoint: none; describes the machine. */
#include "arch/x86/internal.h"

#define CPUID_1_ECX_XSAVE    BIT(26)
#define CPUID_1_ECX_RDRAND   BIT(30)
#define CPUID_7_EBX_FSGSBASE BIT(0)
#define CPUID_7_EBX_SMEP     BIT(7)
#define CPUID_7_EBX_SMAP     BIT(20)
#define CPUID_7_ECX_UMIP     BIT(2)
#define CPUID_D_EAX_XSAVEOPT BIT(0)
#define CPUID_EXT_EDX_1G     BIT(26)

/* State components we switch: x87, SSE, AVX and the three of AVX-512. */
#define XCR0_X87_SSE (BIT(0) | BIT(1))
#define XCR0_AVX512  (BIT(5) | BIT(6) | BIT(7))

#define HWCAP2_FSGSBASE BIT(1)

#define LEAF_XSAVE 0xd
#define LEAF_EXT   0x80000000

struct cpu_features cpu_features;
u64 cpu_hwcap, cpu_hwcap2;

u32 cpuid_max(u32 base)
{
	u32 r[4];

	cpuid(base, 0, r);
	return r[EAX] >= base ? r[EAX] : 0;
}

/* The components to switch: whole groups only. */
static u64 features_xcr0(void)
{
	u64 wanted = XCR0_X87_SSE;
	u32 r[4];

	cpuid(LEAF_XSAVE, 0, r);
	if (r[EAX] & XCR0_AVX) {
		wanted |= XCR0_AVX;
		if ((r[EAX] & XCR0_AVX512) == XCR0_AVX512)
			wanted |= XCR0_AVX512;
	}
	return wanted;
}

void cpu_features_detect(void)
{
	struct cpu_features *f = &cpu_features;
	u32 max = cpuid_max(0), r[4];

	cpuid(1, 0, r);
	cpu_hwcap = r[EDX];
	f->rdrand = r[ECX] & CPUID_1_ECX_RDRAND;
	f->xsave = (r[ECX] & CPUID_1_ECX_XSAVE) && max >= LEAF_XSAVE;
	if (max >= 7) {
		cpuid(7, 0, r);
		f->fsgsbase = r[EBX] & CPUID_7_EBX_FSGSBASE;
		f->smep = r[EBX] & CPUID_7_EBX_SMEP;
		f->smap = r[EBX] & CPUID_7_EBX_SMAP;
		f->umip = r[ECX] & CPUID_7_ECX_UMIP;
	}
	cpuid(LEAF_EXT + 1, 0, r);
	f->pages_1g = r[EDX] & CPUID_EXT_EDX_1G;
	if (f->xsave) {
		cpuid(LEAF_XSAVE, 1, r);
		f->xsaveopt = r[EAX] & CPUID_D_EAX_XSAVEOPT;
		f->xcr0 = features_xcr0();
	}
	if (f->fsgsbase)
		cpu_hwcap2 |= HWCAP2_FSGSBASE;
}
