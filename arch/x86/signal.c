// SPDX-License-Identifier: MIT
/* arch/x86/signal.c - the signal frame of the ABI: built for a handler, taken back at sigreturn.
 *
 * On the user's stack, from high to low addresses:
 *
 *   128 bytes of red zone (not on an alternate stack)
 *   FPU area, 64-aligned: XSAVE format, size in its software bytes, 4 bytes of magic behind
 *   struct rt_frame: return address (the restorer), ucontext, siginfo    <- rsp, 8 modulo 16
 *
 * What comes back in a frame is the user's and is not believed: segments must be ours,
 * flags are masked, the FPU area is checked.
 * Checkpoint: none; frames are user memory.
 * See sigreturn(2), Linux's asm/sigcontext.h, asm/ucontext.h. */
#include <asm/signal.h>
#include <asm/sigcontext.h>
#include <asm/siginfo.h>
#include <asm/ucontext.h>

#include "arch/task.h"
#include "arch/uaccess.h"
#include "arch/x86/window.h"

#define RED_ZONE     128
#define FRAME_ALIGN  16
#define CONTEXT_SEGMENT 0xffff	/* cs, gs, fs and ss share a word of the context */
#define CONTEXT_SS_SHIFT 48
#define U32_BITS 32
/* Of the software bytes behind the last one in use, and the header of XSAVE's area. */
#define XSAVE_ZERO_WORDS ((sizeof(struct _fpx_sw_bytes) - offsetof(struct _fpx_sw_bytes, padding) \
			   - sizeof(u32) + sizeof(struct _header)) / sizeof(u64))
#define XFEATURES_LEGACY 3	/* x87 and SSE */
#define FLAGS_FROM_USER (EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF | EFLAGS_TF \
			 | EFLAGS_DF | EFLAGS_OF | EFLAGS_RF | EFLAGS_AC)
#define FLAGS_FOR_HANDLER_OFF (EFLAGS_DF | EFLAGS_RF | EFLAGS_TF)

struct rt_frame {
	u64 restorer;
	struct ucontext uc;
	siginfo_t info;
};

/* Of a context that comes back: what is checked before it is believed. */
struct context_rest {
	u64 rip, eflags, segments;
	uaddr fpstate;
};

/* What programs and debuggers rely on. */
_Static_assert(sizeof(struct ucontext) == 304 && sizeof(siginfo_t) == 128, "signal frame");

/* The general registers have the same names in both; the others are done by hand. */
#define SHARED_REGS(REG) REG(r8) REG(r9) REG(r10) REG(r11) REG(r12) REG(r13) REG(r14) REG(r15) \
	REG(rdi) REG(rsi) REG(rbp) REG(rbx) REG(rdx) REG(rax) REG(rcx) REG(rsp) REG(rip)

/* The context at the user's address; the window is open. False: it faults. */
static bool sigcontext_put(uaddr sc, const struct regs *regs, const struct sigframe_info *info,
			   uaddr fpstate)
{
#define PUT(name, value) (store_u64(sc + offsetof(struct sigcontext, name), value))
#define REG(name) PUT(name, regs->name) &&
	return SHARED_REGS(REG) PUT(eflags, regs->eflags) &&
	       PUT(cs, regs->cs | (u64)regs->ss << CONTEXT_SS_SHIFT) &&
	       PUT(err, info->error_code) && PUT(trapno, info->trap_no) &&
	       PUT(oldmask, info->mask) && PUT(cr2, info->fault_addr) && PUT(fpstate, fpstate) &&
	       !clear_words(sc + offsetof(struct sigcontext, reserved1),
			    ARRAY_SIZE(((struct sigcontext *)0)->reserved1));
#undef REG
#undef PUT
}

/* All of the frame but the context; likewise. */
static bool frame_put_user(uaddr frame, const struct sigframe_info *info)
{
#define PUT(name, value) (store_u64(frame + offsetof(struct rt_frame, name), value))
	u64 flags = UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS |
		    (cpu_features.xsave ? UC_FP_XSTATE : 0);

	return PUT(restorer, info->restorer) && PUT(uc.uc_flags, flags) && PUT(uc.uc_link, 0) &&
	       PUT(uc.uc_stack.ss_sp, info->altstack_sp) &&
	       PUT(uc.uc_stack.ss_flags, info->altstack_flags) &&
	       PUT(uc.uc_stack.ss_size, info->altstack_size) && PUT(uc.uc_sigmask, info->mask) &&
	       !move_words((void *)(frame + offsetof(struct rt_frame, info)), info->siginfo,
			   sizeof(siginfo_t) / sizeof(u64));
#undef PUT
}

/* What XSAVE leaves as it is: the software bytes, behind them its header, and the magic at the end.
 * The window is open. False: it faults. */
static bool xsave_rest_put(uaddr fpstate)
{
	uaddr sw = fpstate + offsetof(struct _fpstate, sw_reserved);
#define PUT(name, value) (store_u64(sw + offsetof(struct _fpx_sw_bytes, name), value))
	u64 size = arch_fpu_size + FP_XSTATE_MAGIC2_SIZE;

	return PUT(magic1, FP_XSTATE_MAGIC1 | size << U32_BITS) &&
	       PUT(xfeatures, cpu_features.xcr0) &&
	       PUT(xstate_size, arch_fpu_size) &&
	       !clear_words(sw + offsetof(struct _fpx_sw_bytes, padding) + sizeof(u32),
			    XSAVE_ZERO_WORDS) &&
	       store_u32(fpstate + arch_fpu_size, FP_XSTATE_MAGIC2);
#undef PUT
}

/* Puts the FPU registers at the user's address, with the software bytes. 0 or -EFAULT. */
static int fpstate_out(struct arch_task *t, uaddr fpstate)
{
	bool done;

	if (!cpu_features.xsave) {
		arch_fpu_sync(t);
		return copy_to_user(fpstate, t->fpu, arch_fpu_size);
	}
	if (!user_range_ok(fpstate, arch_fpu_size + FP_XSTATE_MAGIC2_SIZE))
		return -EFAULT;
	user_open();
	done = xsave_rest_put(fpstate);
	user_close();
	return done ? fpu_save_user(fpstate) : -EFAULT;
}

/* Where the FPU area and the frame go. -EFAULT if they overrun the alternate stack. */
static int frame_place(const struct regs *regs, const struct sigframe_info *info,
			uaddr *fpstate, uaddr *frame)
{
	uaddr low = info->altstack_sp, sp = regs->rsp - RED_ZONE;
	bool on_altstack = info->use_altstack || regs->rsp - low - 1 < info->altstack_size;
	size_t size = arch_fpu_size + (cpu_features.xsave ? FP_XSTATE_MAGIC2_SIZE : 0);

	if (info->use_altstack)
		sp = low + info->altstack_size;
	*fpstate = ALIGN_DOWN(sp - size, ARCH_FPU_ALIGN);
	*frame = ALIGN_DOWN(*fpstate - sizeof(struct rt_frame), FRAME_ALIGN) - sizeof(u64);
	if (on_altstack && *frame - low >= info->altstack_size)
		return -EFAULT;
	return 0;
}

int arch_signal_frame(struct arch_task *t, struct regs *regs, const struct sigframe_info *info)
{
	uaddr fpstate, frame;
	bool done;

	if (!(info->flags & SA_RESTORER))
		return -EFAULT;		/* as Linux: the ABI has no other way back */
	if (frame_place(regs, info, &fpstate, &frame) || fpstate_out(t, fpstate) ||
	    !user_range_ok(frame, sizeof(struct rt_frame)))
		return -EFAULT;
	user_open();
	done = frame_put_user(frame, info) &&
	       sigcontext_put(frame + offsetof(struct rt_frame, uc.uc_mcontext), regs, info,
			      fpstate);
	user_close();
	if (!done)
		return -EFAULT;

	/* Cannot fail from here on. */
	regs->rdi = info->sig;
	regs->rsi = frame + offsetof(struct rt_frame, info);
	regs->rdx = frame + offsetof(struct rt_frame, uc);
	regs->rax = 0;
	regs->rip = info->handler;
	regs->rsp = frame;
	regs->cs = USER_CS;
	regs->ss = USER_SS;
	regs->eflags &= ~FLAGS_FOR_HANDLER_OFF;
	return 0;
}

/* Is what lies at fpstate a whole XSAVE area of our size? Else it is taken as FXSAVE's. */
static bool fpstate_is_xsave(const struct _fpx_sw_bytes *sw, uaddr fpstate)
{
	u32 magic2;

	return sw->magic1 == FP_XSTATE_MAGIC1 && sw->xstate_size == arch_fpu_size
		&& sw->extended_size == arch_fpu_size + FP_XSTATE_MAGIC2_SIZE
		&& user_load_u32(&magic2, fpstate + arch_fpu_size) == 0
		&& magic2 == FP_XSTATE_MAGIC2;
}

/* Reads the user's FPU area. Not into t->fpu: the copy may sleep, and a switch saves there. */
static int fpstate_read(struct _xstate *area, uaddr fpstate, const struct _fpx_sw_bytes *sw,
			bool whole)
{
	arch_fpu_init_area(area);
	if (copy_from_user(area, fpstate, whole ? arch_fpu_size : sizeof(struct _fpstate)))
		return -EFAULT;
	if (whole)
		area->xstate_hdr.xfeatures &= sw->xfeatures;
	else if (cpu_features.xsave)
		area->xstate_hdr.xfeatures = XFEATURES_LEGACY;
	return arch_fpu_check(area, arch_fpu_size);
}

/* Loads the FPU by way of a buffer: what is not as we wrote it. 0 or -EFAULT. */
static int fpstate_in_slowly(struct arch_task *t, uaddr fpstate, const struct _fpx_sw_bytes *sw,
			     bool whole)
{
	u8 area[FPU_SIZE_MAX] __attribute__((aligned(ARCH_FPU_ALIGN)));
	int err = fpstate_read((struct _xstate *)area, fpstate, sw, whole);

	if (err)
		return -EFAULT;
	memcpy(t->fpu, area, arch_fpu_size);
	arch_fpu_reload(t);
	return 0;
}

/* As far as they mean anything. 0 or -EFAULT. */
static int software_bytes_take(uaddr at, struct _fpx_sw_bytes *sw)
{
	u64 head, features;
	bool done;

	if (!user_range_ok(at, sizeof(*sw)))
		return -EFAULT;
	user_open();
	done = load_u64(&head, at) &&
	       load_u64(&features, at + offsetof(struct _fpx_sw_bytes, xfeatures)) &&
	       load_u32(&sw->xstate_size, at + offsetof(struct _fpx_sw_bytes, xstate_size));
	user_close();
	if (!done)
		return -EFAULT;
	sw->magic1 = head;
	sw->extended_size = head >> U32_BITS;
	sw->xfeatures = features;
	return 0;
}

/* Loads the FPU from the frame; the default state where the frame has none or a bad one. */
static int fpstate_in(struct arch_task *t, uaddr fpstate)
{
	struct _fpx_sw_bytes sw = { 0 };
	int err = 0;
	bool whole;

	if (fpstate)
		err = software_bytes_take(fpstate + offsetof(struct _fpstate, sw_reserved), &sw);
	if (fpstate && !err) {
		whole = cpu_features.xsave && fpstate_is_xsave(&sw, fpstate);
		if (likely(whole && sw.xfeatures == cpu_features.xcr0 &&
			   fpstate % ARCH_FPU_ALIGN == 0))
			err = fpu_restore_user(fpstate);
		else
			err = fpstate_in_slowly(t, fpstate, &sw, whole);
	}
	if (err || !fpstate) {
		arch_fpu_init_area(t->fpu);
		arch_fpu_reload(t);
	}
	return err;
}

/* What the frame says beside the general registers; the window is open. False: it faults. */
static bool frame_take(uaddr uc, struct sigreturn_info *out, struct context_rest *rest)
{
#define TAKE(name, to) (load_u64(to, uc + offsetof(struct ucontext, name)))
	return TAKE(uc_stack.ss_sp, &out->altstack_sp) &&
	       load_u32(&out->altstack_flags, uc + offsetof(struct ucontext, uc_stack.ss_flags)) &&
	       TAKE(uc_stack.ss_size, &out->altstack_size) && TAKE(uc_sigmask, &out->mask) &&
	       TAKE(uc_mcontext.rip, &rest->rip) && TAKE(uc_mcontext.eflags, &rest->eflags) &&
	       TAKE(uc_mcontext.cs, &rest->segments) && TAKE(uc_mcontext.fpstate, &rest->fpstate);
#undef TAKE
}

/* The first and the last word of the frame have been read, so that this will hardly fault. */
static bool registers_take(uaddr sc, struct regs *regs)
{
#define REG(name) load_u64(&regs->name, sc + offsetof(struct sigcontext, name)) &&
	return SHARED_REGS(REG) true;
#undef REG
}

int arch_signal_return(struct arch_task *t, struct regs *regs, struct sigreturn_info *out)
{
	/* The handler's return took the restorer. */
	uaddr uc = regs->rsp - sizeof(u64) + offsetof(struct rt_frame, uc);
	struct context_rest rest;
	bool done;

	if (!user_range_ok(uc, sizeof(struct ucontext)))
		return -EFAULT;
	user_open();
	done = frame_take(uc, out, &rest);
	user_close();
	if (!done || ((rest.segments & CONTEXT_SEGMENT) | 3) != USER_CS ||
	    (rest.segments >> CONTEXT_SS_SHIFT | 3) != USER_SS || rest.rip >= USER_END)
		return -EFAULT;
	if (fpstate_in(t, rest.fpstate))
		return -EFAULT;
	user_open();
	done = registers_take(uc + offsetof(struct ucontext, uc_mcontext), regs);
	user_close();
	if (!done || regs->rip != rest.rip)
		return -EFAULT;
	regs->cs = USER_CS;
	regs->ss = USER_SS;
	regs->eflags = (regs->eflags & ~FLAGS_FROM_USER) | (rest.eflags & FLAGS_FROM_USER);
	regs->orig_rax = -1;
	return 0;
}
