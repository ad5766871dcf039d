// SPDX-License-Identifier: MIT
/* kernel/ptrace_requests.c - what a tracer reads and writes: memory, registers, signals.
 *
 * One function per request, found by the table at the end. Memory is reached as the tracee itself
 * would, save that protection does not count (mm_access, force). "User area" offsets are those of
 * struct user: first the general registers, then the debug registers.
 * Register sets of PTRACE_GETREGSET: NT_PRSTATUS, NT_PRFPREG, NT_X86_XSTATE. A set shorter than the
 * tracer's buffer is told by the buffer's length.
 * Locks: BKL. See ptrace(2), core(5). */
#include <linux/audit.h>
#include <linux/elf.h>
#include <linux/uio.h>
#include <asm/prctl.h>
#include <asm/ptrace-abi.h>

#include "arch/ptrace.h"
#include "arch/uaccess.h"
#include "kernel/ptrace_internal.h"
#include "kernel/signal_internal.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define WORD sizeof(u64)
#define USER_DEBUG_AT 848		/* struct user: u_debugreg */
#define USER_AREA_BYTES 912
#define ERRNO_MAX 4095

/* --- memory --- */

static long peek(struct task *t, u64 addr, u64 data)
{
	u64 word;

	if (!t->mm || mm_access(t->mm, addr, &word, WORD, false, true) != WORD)
		return -EIO;
	return copy_to_user(data, &word, WORD);
}

static long poke(struct task *t, u64 addr, u64 data)
{
	if (!t->mm || mm_access(t->mm, addr, &data, WORD, true, true) != WORD)
		return -EIO;
	return 0;
}

/* --- the user area --- */

static long peek_user(struct task *t, u64 addr, u64 data)
{
	u64 word = 0;

	if (addr % WORD || addr >= USER_AREA_BYTES)
		return -EIO;
	if (addr < USER_REGS * WORD)
		word = arch_user_reg(&t->arch, addr / WORD);
	else if (addr >= USER_DEBUG_AT)
		word = arch_debug_reg(&t->arch, (addr - USER_DEBUG_AT) / WORD);
	return copy_to_user(data, &word, WORD);
}

static long poke_user(struct task *t, u64 addr, u64 data)
{
	if (addr % WORD || addr >= USER_AREA_BYTES)
		return -EIO;
	if (addr < USER_REGS * WORD)
		return arch_set_user_reg(&t->arch, addr / WORD, data);
	if (addr >= USER_DEBUG_AT)
		return arch_set_debug_reg(&t->arch, (addr - USER_DEBUG_AT) / WORD, data);
	return -EIO;
}

/* --- register sets: size bytes of each are copied --- */

static int general_get(struct task *t, uaddr u, size_t size)
{
	u64 r[USER_REGS];

	for (unsigned i = 0; i < USER_REGS; i++)
		r[i] = arch_user_reg(&t->arch, i);
	return copy_to_user(u, r, size);
}

static int general_set(struct task *t, uaddr u, size_t size)
{
	u64 r[USER_REGS];
	int err = copy_from_user(r, u, size);

	for (unsigned i = 0; !err && i < size / WORD; i++)
		err = arch_set_user_reg(&t->arch, i, r[i]);
	return err;
}

static int xstate_get(struct task *t, uaddr u, size_t size)
{
	void *area = kmalloc(arch_fpu_size);
	int err;

	if (!area)
		return -ENOMEM;
	arch_xstate_get(&t->arch, area);
	err = copy_to_user(u, area, size);
	kfree(area);
	return err;
}

static int xstate_set(struct task *t, uaddr u, size_t size)
{
	void *area;
	int err;

	if (size != arch_fpu_size)
		return -EFAULT;
	area = kmalloc(arch_fpu_size);
	if (!area)
		return -ENOMEM;
	err = copy_from_user(area, u, size);
	if (!err)
		err = arch_xstate_set(&t->arch, area);
	kfree(area);
	return err;
}

static int fxsave_set(struct task *t, uaddr u, size_t size)
{
	u8 area[ARCH_FXSAVE_SIZE];
	int err;

	if (size != sizeof(area))
		return -EINVAL;
	err = copy_from_user(area, u, sizeof(area));
	if (!err)
		arch_fxsave_set(&t->arch, area);
	return err;
}

struct register_set {
	u32 type;
	size_t align, size;		/* size 0: arch_fpu_size */
	int (*get)(struct task *t, uaddr u, size_t size);
	int (*set)(struct task *t, uaddr u, size_t size);
};

static const struct register_set register_sets[] = {
	{ NT_PRSTATUS, WORD, USER_REGS * WORD, general_get, general_set },
	{ NT_PRFPREG, WORD, ARCH_FXSAVE_SIZE, xstate_get, fxsave_set },
	{ NT_X86_XSTATE, WORD, 0, xstate_get, xstate_set },
};

static long register_set(struct task *t, u64 type, u64 uiov, bool write)
{
	const struct register_set *s = NULL;
	struct { u64 base, len; } iov;
	int err;

	if (copy_from_user(&iov, uiov, sizeof(iov)))
		return -EFAULT;
	for (size_t i = 0; i < ARRAY_SIZE(register_sets); i++)
		if (register_sets[i].type == type)
			s = &register_sets[i];
	if (!s || iov.len % s->align)
		return -EINVAL;
	iov.len = MIN(iov.len, s->size ? s->size : arch_fpu_size);
	err = (write ? s->set : s->get)(t, iov.base, iov.len);
	if (err)
		return err;
	return copy_to_user(uiov + WORD, &iov.len, sizeof(iov.len));
}

static long get_register_set(struct task *t, u64 type, u64 uiov)
{
	return register_set(t, type, uiov, false);
}

static long set_register_set(struct task *t, u64 type, u64 uiov)
{
	return register_set(t, type, uiov, true);
}

static long get_regs(struct task *t, u64 addr, u64 data)
{
	(void)addr;
	return general_get(t, data, USER_REGS * WORD);
}

static long set_regs(struct task *t, u64 addr, u64 data)
{
	(void)addr;
	return general_set(t, data, USER_REGS * WORD);
}

static long get_fpregs(struct task *t, u64 addr, u64 data)
{
	(void)addr;
	return xstate_get(t, data, ARCH_FXSAVE_SIZE);
}

static long set_fpregs(struct task *t, u64 addr, u64 data)
{
	(void)addr;
	return fxsave_set(t, data, ARCH_FXSAVE_SIZE);
}

/* addr: where to read from or write to; data: which base. */
static long bases(struct task *t, u64 addr, u64 data)
{
	u64 word;

	switch (data) {
	case ARCH_GET_FS:
	case ARCH_GET_GS:
		word = arch_user_reg(&t->arch, data == ARCH_GET_FS ? USER_REG_FS_BASE
								   : USER_REG_GS_BASE);
		return copy_to_user(addr, &word, WORD);
	case ARCH_SET_FS:
	case ARCH_SET_GS:
		return arch_set_user_reg(&t->arch, data == ARCH_SET_FS ? USER_REG_FS_BASE
								       : USER_REG_GS_BASE, addr)
		       ? -EPERM : 0;
	}
	return -EINVAL;
}

/* --- signals --- */

static long get_siginfo(struct task *t, u64 addr, u64 data)
{
	(void)addr;
	return t->ptrace_info ? siginfo_to_user(data, t->ptrace_info) : -EINVAL;
}

static long set_siginfo(struct task *t, u64 addr, u64 data)
{
	siginfo_t info;

	(void)addr;
	if (copy_from_user(&info, data, sizeof(info)))
		return -EFAULT;
	if (!t->ptrace_info)
		return -EINVAL;
	*t->ptrace_info = info;
	return 0;
}

/* What is queued, from the args' off on, nr of them at most: how many. */
static long peek_siginfo(struct task *t, u64 addr, u64 data)
{
	struct ptrace_peeksiginfo_args args;
	const struct sigpending *from = &t->pending;
	const struct sig_queued *q;
	u64 at = 0;
	s32 done = 0;

	if (copy_from_user(&args, addr, sizeof(args)))
		return -EFAULT;
	if (args.flags & ~PTRACE_PEEKSIGINFO_SHARED || args.nr < 0)
		return -EINVAL;
	if (args.flags & PTRACE_PEEKSIGINFO_SHARED)
		from = &t->process->pending;
	list_for_each(q, &from->queue, link) {
		if (done == args.nr)
			break;
		if (at++ < args.off)
			continue;
		if (siginfo_to_user(data + done * sizeof(q->info), &q->info))
			return done ? done : -EFAULT;
		done++;
	}
	return done;
}

static long get_sigmask(struct task *t, u64 addr, u64 data)
{
	u64 mask = t->flags & TASK_RESTORE_MASK ? t->saved_blocked : t->blocked;

	if (addr != sizeof(mask))
		return -EINVAL;
	return copy_to_user(data, &mask, sizeof(mask));
}

static long set_sigmask(struct task *t, u64 addr, u64 data)
{
	u64 mask;

	if (addr != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, data, sizeof(mask)))
		return -EFAULT;
	t->blocked = mask & ~SIGMASK_UNBLOCKABLE;
	t->flags &= ~TASK_RESTORE_MASK;
	signal_recompute(t);
	return 0;
}

/* --- what kind of stop it is --- */

static long get_event_message(struct task *t, u64 addr, u64 data)
{
	(void)addr;
	return copy_to_user(data, &t->ptrace_message, sizeof(t->ptrace_message));
}

static size_t syscall_info(struct task *t, struct ptrace_syscall_info *info)
{
	struct arch_task *a = &t->arch;
	const struct regs *r = task_user_regs(a);
	int code = t->ptrace_info ? t->ptrace_info->si_code : 0;
	s64 ret = r->rax;

	*info = (struct ptrace_syscall_info){
		.op = PTRACE_SYSCALL_INFO_NONE, .arch = AUDIT_ARCH_X86_64,
		.instruction_pointer = r->rip, .stack_pointer = r->rsp,
	};
	if (code != (SIGTRAP | 0x80))
		return offsetof(struct ptrace_syscall_info, entry);
	if (t->ptrace_message == PTRACE_EVENTMSG_SYSCALL_ENTRY) {
		info->op = PTRACE_SYSCALL_INFO_ENTRY;
		info->entry.nr = r->orig_rax;
		info->entry.args[0] = r->rdi;
		info->entry.args[1] = r->rsi;
		info->entry.args[2] = r->rdx;
		info->entry.args[3] = r->r10;
		info->entry.args[4] = r->r8;
		info->entry.args[5] = r->r9;
		return offsetof(struct ptrace_syscall_info, entry) + sizeof(info->entry);
	}
	info->op = PTRACE_SYSCALL_INFO_EXIT;
	info->exit.rval = ret;
	info->exit.is_error = ret < 0 && ret >= -ERRNO_MAX;
	return offsetof(struct ptrace_syscall_info, exit.is_error) + sizeof(info->exit.is_error);
}

static long get_syscall_info(struct task *t, u64 addr, u64 data)
{
	struct ptrace_syscall_info info;
	size_t size = syscall_info(t, &info);

	if (copy_to_user(data, &info, MIN(addr, size)))
		return -EFAULT;
	return size;
}

static long get_rseq(struct task *t, u64 addr, u64 data)
{
	struct ptrace_rseq_configuration c = {
		.rseq_abi_pointer = t->rseq, .rseq_abi_size = t->rseq_len, .signature = t->rseq_sig,
	};

	if (copy_to_user(data, &c, MIN(addr, sizeof(c))))
		return -EFAULT;
	return sizeof(c);
}

static const struct ptrace_request requests[] = {
	{ PTRACE_PEEKTEXT, 0, peek },
	{ PTRACE_PEEKDATA, 0, peek },
	{ PTRACE_POKETEXT, 0, poke },
	{ PTRACE_POKEDATA, 0, poke },
	{ PTRACE_PEEKUSR, 0, peek_user },
	{ PTRACE_POKEUSR, 0, poke_user },
	{ PTRACE_GETREGS, 0, get_regs },
	{ PTRACE_SETREGS, 0, set_regs },
	{ PTRACE_GETFPREGS, 0, get_fpregs },
	{ PTRACE_SETFPREGS, 0, set_fpregs },
	{ PTRACE_GETREGSET, 0, get_register_set },
	{ PTRACE_SETREGSET, 0, set_register_set },
	{ PTRACE_ARCH_PRCTL, 0, bases },
	{ PTRACE_GETSIGINFO, 0, get_siginfo },
	{ PTRACE_SETSIGINFO, 0, set_siginfo },
	{ PTRACE_PEEKSIGINFO, 0, peek_siginfo },
	{ PTRACE_GETSIGMASK, 0, get_sigmask },
	{ PTRACE_SETSIGMASK, 0, set_sigmask },
	{ PTRACE_GETEVENTMSG, 0, get_event_message },
	{ PTRACE_GET_SYSCALL_INFO, 0, get_syscall_info },
	{ PTRACE_GET_RSEQ_CONFIGURATION, 0, get_rseq },
	{ PTRACE_SETOPTIONS, 0, ptrace_set_options },
	{ PTRACE_OLDSETOPTIONS, 0, ptrace_set_options },
	{ PTRACE_CONT, 0, ptrace_cont },
	{ PTRACE_SYSCALL, 0, ptrace_syscall },
	{ PTRACE_SINGLESTEP, 0, ptrace_step },
	{ PTRACE_SYSEMU, 0, ptrace_sysemu },
	{ PTRACE_SYSEMU_SINGLESTEP, 0, ptrace_sysemu_step },
	{ PTRACE_DETACH, 0, ptrace_detach },
	{ PTRACE_LISTEN, 0, ptrace_listen },
	{ PTRACE_KILL, REQUEST_ANY_STATE, ptrace_kill },
	{ PTRACE_INTERRUPT, REQUEST_ANY_STATE, ptrace_interrupt },
};

const struct ptrace_request *ptrace_request_find(u32 nr)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++)
		if (requests[i].nr == nr)
			return &requests[i];
	return NULL;
}
