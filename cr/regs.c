// SPDX-License-Identifier: MIT
/* cr/regs.c - the processor's registers of a thread: thread_info_x86 of core-N.img.
 *
 * The FPU area is taken apart as CRIU has it: FXSAVE's fields, and the upper halves of the vector
 * registers; what the processor has beyond (arch_fpu_size) goes along as bytes. Segments are those
 * of 64-bit user mode, whatever the image says, and of the flags only those that users may set. See
 * Intel SDM volume 1, chapters 10.5 and 13. */
#include "cr/internal.h"

#define ST_WORDS 32
#define XMM_WORDS 64
#define PAD_WORDS 24
#define YMM_WORDS 64
#define FPU_IMAGE_MAX 2048
#define USER_FLAGS 0x240dd5		/* CF PF AF ZF SF TF DF OF AC ID */
#define ONE_FLAG 0x2			/* is always set */

struct fpu_image {
	u16 cwd, swd, twd, fop;
	u64 rip, rdp;
	u32 mxcsr, mxcsr_mask, st[ST_WORDS], xmm[XMM_WORDS], pad[PAD_WORDS];
	u64 components, compact, reserved[6];
	u32 ymm[YMM_WORDS];
	u8 rest[];
};

#define REGS(X)                                                                            \
	X(r15, r15)                                                                        \
	X(r14, r14) X(r13, r13) X(r12, r12) X(bp, rbp) X(bx, rbx) X(r11, r11) X(r10, r10)  \
		X(r9, r9) X(r8, r8) X(ax, rax) X(cx, rcx) X(dx, rdx) X(si, rsi) X(di, rdi) \
			X(orig_ax, orig_rax) X(ip, rip) X(sp, rsp)

static u32 *words(struct cr_save *s, const u32 *from, u32 n)
{
	u32 *to = cr_array(s, n, u32);

	return to ? memcpy(to, from, n * sizeof(*to)) : NULL;
}

static int fpu_save(struct cr_save *s, const struct fpu_image *f,
		    struct pb_user_x86_fpregs_entry *e, struct pb_bytes *rest)
{
	*e = (struct pb_user_x86_fpregs_entry){
		.cwd = f->cwd, .swd = f->swd, .twd = f->twd, .fop = f->fop,
		.rip = f->rip, .rdp = f->rdp,
		.mxcsr = f->mxcsr, .mxcsr_mask = f->mxcsr_mask,
		.nr_st_space = ST_WORDS, .st_space = words(s, f->st, ST_WORDS),
		.nr_xmm_space = XMM_WORDS, .xmm_space = words(s, f->xmm, XMM_WORDS),
		.nr_padding = PAD_WORDS, .padding = words(s, f->pad, PAD_WORDS),
	};
	if (!e->st_space || !e->xmm_space || !e->padding)
		return -ENOMEM;
	if (arch_fpu_size < sizeof(*f))
		return 0;
	e->xsave = cr_new(s, struct pb_user_x86_xsave_entry);
	if (!e->xsave)
		return -ENOMEM;
	e->xsave->xstate_bv = f->components;
	e->xsave->nr_ymmh_space = YMM_WORDS;
	e->xsave->ymmh_space = words(s, f->ymm, YMM_WORDS);
	*rest = (struct pb_bytes){ arch_fpu_size - sizeof(*f), (u8 *)f->rest };
	return e->xsave->ymmh_space ? 0 : -ENOMEM;
}

/* Into area, which is as a fresh one; checked as a whole (CR-TASK-12). */
static int fpu_restore(struct fpu_image *f, const struct pb_user_x86_fpregs_entry *e,
		       const struct pb_bytes *rest)
{
	if (e->nr_st_space != ST_WORDS || e->nr_xmm_space != XMM_WORDS ||
	    e->nr_padding != PAD_WORDS)
		return -EINVAL;
	*f = (struct fpu_image){ .cwd = e->cwd, .swd = e->swd, .twd = e->twd, .fop = e->fop,
				 .rip = e->rip, .rdp = e->rdp,
				 .mxcsr = e->mxcsr, .mxcsr_mask = e->mxcsr_mask };
	memcpy(f->st, e->st_space, sizeof(f->st));
	memcpy(f->xmm, e->xmm_space, sizeof(f->xmm));
	memcpy(f->pad, e->padding, sizeof(f->pad));
	if (arch_fpu_size < sizeof(*f))
		return e->xsave ? -EINVAL : 0;
	if (!e->xsave || e->xsave->nr_ymmh_space != YMM_WORDS ||
	    rest->len != arch_fpu_size - sizeof(*f))
		return -EINVAL;
	f->components = e->xsave->xstate_bv;
	memcpy(f->ymm, e->xsave->ymmh_space, sizeof(f->ymm));
	memcpy(f->rest, rest->data, rest->len);
	return 0;
}

int cr_regs_save(struct cr_save *s, struct task *t, struct pb_thread_info_x86 **out,
		 struct pb_bytes *rest)
{
	const struct regs *regs = task_user_regs(&t->arch);
	struct pb_thread_info_x86 *e = cr_new(s, struct pb_thread_info_x86);
	struct pb_user_x86_regs_entry *g = cr_new(s, struct pb_user_x86_regs_entry);

	if (!e || !g)
		return -ENOMEM;
	if (t == current)
		arch_fpu_sync(&t->arch);
#define ONE(theirs, ours) g->theirs = regs->ours;
	REGS(ONE)
#undef ONE
	g->cs = regs->cs;
	g->flags = regs->eflags;
	g->ss = regs->ss;
	g->fs_base = t == current ? arch_get_fs_base() : t->arch.fs_base;
	g->gs_base = t == current ? arch_get_gs_base() : t->arch.gs_base;
	if (t == current) {		/* the call returns 0 in the restarted one: CR-API-01 */
		g->ax = 0;
		g->orig_ax = ~0UL;
	}
	e->clear_tid_addr = t->clear_child_tid;
	e->gpregs = g;
	e->fpregs = cr_new(s, struct pb_user_x86_fpregs_entry);
	*out = e;
	return e->fpregs ? fpu_save(s, t->arch.fpu, e->fpregs, rest) : -ENOMEM;
}

int cr_regs_restore(struct cr_restore *r, struct task *t, const struct pb_thread_info_x86 *e)
{
	struct regs *regs = task_user_regs(&t->arch);
	const struct pb_user_x86_regs_entry *g = e->gpregs;
	const struct pb_plimsoll_task *x;
	u64 area[FPU_IMAGE_MAX / sizeof(u64)] = {};
	int err = cr_extra_find(r, pid_nr_in(t->pid, r->pid_ns), &x);

	if (err)
		return err;
	if (arch_fpu_size > sizeof(area) || fpu_restore((void *)area, e->fpregs, &x->fpu_rest) ||
	    arch_fpu_check(area, arch_fpu_size) || g->ip >= USER_END || g->fs_base >= USER_END ||
	    g->gs_base >= USER_END)
		return cr_refuse(r, "registers", x->tid, "", EINVAL, CR_IMG_05);
#define ONE(theirs, ours) regs->ours = g->theirs;
	REGS(ONE)
#undef ONE
	regs->cs = USER_CS;
	regs->ss = USER_SS;
	regs->eflags = (g->flags & USER_FLAGS) | ONE_FLAG | EFLAGS_IF;
	t->arch.fs_base = g->fs_base;
	t->arch.gs_base = g->gs_base;
	t->clear_child_tid = e->clear_tid_addr;
	memcpy(t->arch.fpu, area, arch_fpu_size);
	return 0;
}
