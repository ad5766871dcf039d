// SPDX-License-Identifier: MIT
/* arch/x86/fpu.c - floating point and vector registers, switched eagerly.
 *
 * The kernel itself leaves them as they are (wide.asm puts back what it uses), so between entry
 * and switch they are the current task's. An area is in XSAVE's standard (not compacted) format,
 * or FXSAVE's 512 bytes on processors without XSAVE; that is what signal frames, ptrace and images
 * show.
 * Checkpoint: areas are saved whole, and checked by arch_fpu_check() when they come back.
 * See Intel SDM volume 1, chapters 10.5 and 13. */
#include "abi/errno.h"
#include "arch/task.h"
#include "arch/wide.h"
#include "arch/x86/internal.h"
#include "lib/assert.h"

#define FXSAVE_SIZE   512
#define LEAF_XSAVE    0xd
#define FCW_DEFAULT   0x37f
#define MXCSR_DEFAULT 0x1f80
#define MXCSR_MASK    0xffbf	/* where the processor names no other */

struct fxsave_area {
	u16 fcw, fsw, ftw, fop;
	u64 rip, rdp;
	u32 mxcsr, mxcsr_mask;
	u8 registers[FXSAVE_SIZE - 32];
};

struct xsave_area {
	struct fxsave_area legacy;
	u64 components, compact;
	u64 reserved[6];
};

bool wide_moves;
size_t arch_fpu_size = FXSAVE_SIZE;

void fpu_init_local(void)
{
	u32 mxcsr = MXCSR_DEFAULT, r[4];

	asm volatile("fninit; ldmxcsr %0" : : "m"(mxcsr));
	if (!cpu_features.xsave)
		return;
	asm volatile("xsetbv" : : "c"(0), XSAVE_COMPONENTS);
	wide_moves = cpu_features.xcr0 & XCR0_AVX;
	cpuid(LEAF_XSAVE, 0, r);
	arch_fpu_size = r[EBX];		/* for the components just enabled */
	assert(arch_fpu_size <= FPU_SIZE_MAX);
}

void fpu_save(void *area)
{
	if (cpu_features.xsave)
		asm volatile("xsave64 (%0)" : : "r"(area), XSAVE_COMPONENTS : "memory");
	else
		asm volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

void fpu_save_switch(void *area)
{
	if (cpu_features.xsaveopt)
		asm volatile("xsaveopt64 (%0)" : : "r"(area), XSAVE_COMPONENTS : "memory");
	else
		fpu_save(area);
}

void fpu_restore(const void *area)
{
	if (cpu_features.xsave)
		asm volatile("xrstor64 (%0)" : : "r"(area), XSAVE_COMPONENTS : "memory");
	else
		asm volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

void arch_fpu_init_area(void *area)
{
	struct fxsave_area *fx = area;

	memset(area, 0, arch_fpu_size);
	fx->fcw = FCW_DEFAULT;
	fx->mxcsr = MXCSR_DEFAULT;
}

/* What XRSTOR would fault on is refused. */
int arch_fpu_check(const void *area, size_t size)
{
	const struct xsave_area *x = area;

	if (size != arch_fpu_size || x->legacy.mxcsr & ~MXCSR_MASK)
		return -EINVAL;
	if (!cpu_features.xsave)
		return 0;
	if (x->components & ~cpu_features.xcr0 || x->compact)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(x->reserved); i++)
		if (x->reserved[i])
			return -EINVAL;
	return 0;
}

void arch_fpu_sync(struct arch_task *t)
{
	fpu_save(t->fpu);
}

void arch_fpu_reload(struct arch_task *t)
{
	fpu_restore(t->fpu);
}
