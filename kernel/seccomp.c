// SPDX-License-Identifier: MIT
/* kernel/seccomp.c - seccomp(2): what system calls a thread may make.
 *
 * A thread has no filter, is in strict mode (read, write, exit, sigreturn), or has a chain of
 * filters, newest first. Each call is shown to all of them; the severest answer holds:
 * kill the process, the thread, SIGSYS, an errno, ask the tracer, note it, let it pass.
 * Filters are only ever added. To add one a thread must have no_new_privs, or
 * CAP_SYS_ADMIN in its user namespace (EACCES).
 * Life of a filter: made by seccomp(2), counted by the threads that have it newest and by the
 * filter added after it; a child shares its parent's, exec keeps them.
 * WORK_SECCOMP is set for who has any, so that others pay nothing.
 * Locks: BKL. Checkpoint: refused by name (cr/tree.c).
 * Not like Linux: no SECCOMP_RET_USER_NOTIF; a chain is limited by instructions as they were
 * written, not as translated. See seccomp(2).
 * Keeps ABI-SEC-01, ABI-SEC-03, ABI-SEC-04, ABI-SEC-05. */
#include "kernel/seccomp.h"

#include <linux/audit.h>
#include <linux/ptrace.h>

#include "arch/cpu.h"
#include "kernel/bpf.h"
#include "kernel/cred.h"
#include "kernel/ptrace.h"
#include "kernel/syscall.h"
#include "lib/print.h"
#include "mm/slab.h"

#include <asm/unistd_64.h>

#define INSNS_PER_CHAIN_MAX 32768
#define INSNS_PER_FILTER_COST 4		/* counted for each filter, beside its own */
#define ERRNO_DATA_MAX 4095
#define FLAGS_KNOWN                                                                      \
	(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW | \
	 SECCOMP_FILTER_FLAG_TSYNC_ESRCH)

struct seccomp_filter {
	refcount_t refs;
	struct seccomp_filter *older;
	bool log;
	u32 depth, cost;		/* of the chain from here on */
	u32 len;
	struct sock_filter insns[];
};

/* Whoever has this one is in strict mode. */
static struct seccomp_filter strict = { .refs = { 1 } };

const char seccomp_actions[] = "kill_process kill_thread trap errno trace log allow";
static const u32 actions_known[] = {
	SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO,
	SECCOMP_RET_TRACE, SECCOMP_RET_LOG, SECCOMP_RET_ALLOW,
};

static void filter_get(struct seccomp_filter *f)
{
	if (f)
		ref_get(&f->refs);
}

static void filter_put(struct seccomp_filter *f)
{
	struct seccomp_filter *older;

	for (; f && ref_put(&f->refs); f = older) {
		older = f->older;
		kfree(f);
	}
}

int seccomp_mode(const struct task *t)
{
	if (!t->seccomp)
		return SECCOMP_MODE_DISABLED;
	return t->seccomp == &strict ? SECCOMP_MODE_STRICT : SECCOMP_MODE_FILTER;
}

u32 seccomp_filter_count(const struct task *t)
{
	return t->seccomp ? t->seccomp->depth : 0;
}

/* --- a call --- */

/* Less is severer. */
static s32 severity(u32 answer)
{
	return (s32)(answer & SECCOMP_RET_ACTION_FULL);
}

/* The severest answer of the chain; *by: who gave it. */
static u32 filters_run(struct seccomp_filter *f, const struct seccomp_data *data,
		       const struct seccomp_filter **by)
{
	u32 worst = SECCOMP_RET_ALLOW;

	for (; f; f = f->older) {
		u32 answer = bpf_run(f->insns, data);

		if (severity(answer) < severity(worst)) {
			worst = answer;
			*by = f;
		}
	}
	return worst;
}

static void describe(struct seccomp_data *data, const struct regs *regs)
{
	*data = (struct seccomp_data){
		.nr = (int)regs->orig_rax,
		.arch = AUDIT_ARCH_X86_64,
		.instruction_pointer = regs->rip,
		.args = { regs->rdi, regs->rsi, regs->rdx, regs->r10, regs->r8, regs->r9 },
	};
}

static void seccomp_log(const struct seccomp_data *data, u32 action)
{
	kprintf("%s[%d]: seccomp: system call %d: action 0x%x\n", current->comm,
		pid_nr(current->pid), data->nr, action);
}

/* SIGSYS that says which call it was; the registers are as before the call. */
static void force_sigsys(struct regs *regs, const struct seccomp_data *data, u32 reason, bool fatal)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	info.si_signo = SIGSYS;
	info.si_code = SYS_SECCOMP;
	info.si_errno = reason;
	info.si_call_addr = (void *)data->instruction_pointer;
	info.si_syscall = data->nr;
	info.si_arch = data->arch;
	regs->rax = regs->orig_rax;
	signal_force_info(&info, fatal);
}

/* The strictest ends: of the thread alone, where there are others, else of the process. */
static void kill_current(struct regs *regs, const struct seccomp_data *data, u32 answer)
{
	u32 action = answer & SECCOMP_RET_ACTION_FULL;

	seccomp_log(data, action);
	if (action == SECCOMP_RET_KILL_THREAD && current->process->nr_live > 1)
		do_exit(SIGSYS);
	force_sigsys(regs, data, answer & SECCOMP_RET_DATA, true);
}

/* Asks the tracer, which may change the call; what it makes of it is shown to the filters again. */
static bool ask_tracer(struct regs *regs, u32 reason)
{
	if (!ptrace_wants_event(PTRACE_EVENT_SECCOMP)) {
		regs->rax = -ENOSYS;
		return false;
	}
	ptrace_event(PTRACE_EVENT_SECCOMP, reason);
	return !fatal_signal_pending(current) && (int)regs->orig_rax >= 0;
}

/* again: the tracer has been asked and does not mind. */
static bool filtered(struct regs *regs, bool again)
{
	const struct seccomp_filter *by = NULL;
	struct seccomp_data data;
	u32 answer, reason;

	describe(&data, regs);
	answer = filters_run(current->seccomp, &data, &by);
	reason = answer & SECCOMP_RET_DATA;
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return true;
	case SECCOMP_RET_LOG:
		seccomp_log(&data, SECCOMP_RET_LOG);
		return true;
	case SECCOMP_RET_TRACE:
		return again || (ask_tracer(regs, reason) && filtered(regs, true));
	case SECCOMP_RET_ERRNO:
		regs->rax = -(s64)MIN(reason, (u32)ERRNO_DATA_MAX);
		break;
	case SECCOMP_RET_TRAP:
		force_sigsys(regs, &data, reason, false);
		break;
	default:
		kill_current(regs, &data, answer);
		return false;
	}
	if (by->log)
		seccomp_log(&data, answer & SECCOMP_RET_ACTION_FULL);
	return false;
}

bool seccomp_allows(struct regs *regs)
{
	if (current->seccomp != &strict)
		return filtered(regs, false);
	switch (regs->orig_rax) {
	case __NR_read:
	case __NR_write:
	case __NR_exit:
	case __NR_rt_sigreturn:
		return true;
	}
	do_exit(SIGKILL);
}

/* --- making filters --- */

static void seccomp_give(struct task *t, struct seccomp_filter *f)
{
	struct seccomp_filter *old = t->seccomp;

	filter_get(f);
	t->seccomp = f;
	filter_put(old);
	task_set_work(t, WORK_SECCOMP);
}

static long set_strict(u32 flags, uaddr args)
{
	if (flags || args || seccomp_mode(current) == SECCOMP_MODE_FILTER)
		return -EINVAL;
	seccomp_give(current, &strict);
	return 0;
}

/* The user's program, checked, over the chain that current has. */
static int filter_create(uaddr user, struct seccomp_filter **out)
{
	struct sock_fprog prog;
	struct seccomp_filter *f;
	u16 *scratch;
	int err = -ENOMEM;

	if (copy_from_user(&prog, user, sizeof(prog)))
		return -EFAULT;
	if (!prog.len || prog.len > BPF_MAXINSNS)
		return -EINVAL;
	if (!(current->flags & TASK_NO_NEW_PRIVS) &&
	    !capable_in(current_user_ns(), CAP_SYS_ADMIN))
		return deny(EACCES, EXT_CRED_07);
	f = kzalloc(sizeof(*f) + prog.len * sizeof(f->insns[0]));
	scratch = kmalloc(prog.len * sizeof(*scratch));
	if (f && scratch) {
		err = copy_from_user(f->insns, (uaddr)prog.filter, prog.len * sizeof(f->insns[0])) ?
			      -EFAULT : bpf_check(f->insns, prog.len, scratch);
		f->len = prog.len;
		ref_set(&f->refs, 1);
		*out = f;
	}
	kfree(scratch);
	if (err)
		kfree(f);
	return err;
}

/* Has t no filter that is not among ours? */
static bool older_than_ours(const struct task *t)
{
	const struct seccomp_filter *f;

	if (!t->seccomp)
		return true;
	for (f = current->seccomp; f && f != t->seccomp; f = f->older)
		;
	return f;
}

/* The first thread that could not have our filters, or 0. */
static long sync_obstacle(void)
{
	struct task *t;

	for_each_thread(t, current->process)
		if (t != current && !(t->flags & TASK_EXITING) && !older_than_ours(t))
			return pid_nr_in(t->pid, current_pid_ns());
	return 0;
}

static void sync_threads(struct seccomp_filter *f)
{
	struct task *t;

	for_each_thread(t, current->process) {
		if (t->flags & TASK_EXITING)
			continue;
		seccomp_give(t, f);
		t->flags |= current->flags & TASK_NO_NEW_PRIVS;
	}
}

static long set_filter(u32 flags, uaddr user)
{
	struct seccomp_filter *f = NULL, *older = current->seccomp;
	long err;

	if (flags & ~FLAGS_KNOWN)
		return -EINVAL;
	err = filter_create(user, &f);
	if (err)
		return err;
	f->cost = f->len + (older ? older->cost + INSNS_PER_FILTER_COST : 0);
	f->depth = 1 + (older ? older->depth : 0);
	f->log = flags & SECCOMP_FILTER_FLAG_LOG;
	if (seccomp_mode(current) == SECCOMP_MODE_STRICT)
		err = -EINVAL;
	else if (f->cost > INSNS_PER_CHAIN_MAX)
		err = -ENOMEM;
	else if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		err = sync_obstacle();
	if (err) {
		filter_put(f);
		return err > 0 && flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH ? -ESRCH : err;
	}
	filter_get(older);
	f->older = older;
	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		sync_threads(f);
	else
		seccomp_give(current, f);
	filter_put(f);
	return 0;
}

static long action_available(u32 flags, uaddr user)
{
	u32 action;

	if (flags)
		return -EINVAL;
	if (copy_from_user(&action, user, sizeof(action)))
		return -EFAULT;
	for (size_t i = 0; i < ARRAY_SIZE(actions_known); i++)
		if (actions_known[i] == action)
			return 0;
	return -EOPNOTSUPP;
}

long sys_seccomp(u32 op, u32 flags, uaddr args)
{
	switch (op) {
	case SECCOMP_SET_MODE_STRICT:
		return set_strict(flags, args);
	case SECCOMP_SET_MODE_FILTER:
		return set_filter(flags, args);
	case SECCOMP_GET_ACTION_AVAIL:
		return action_available(flags, args);
	}
	return -EINVAL;
}

long seccomp_set_mode(u64 mode, uaddr filter)
{
	if (mode == SECCOMP_MODE_STRICT)
		return set_strict(0, 0);
	return mode == SECCOMP_MODE_FILTER ? set_filter(0, filter) : -EINVAL;
}

/* --- the task part --- */

static int seccomp_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	(void)args;
	if (parent->seccomp)
		seccomp_give(child, parent->seccomp);
	return 0;
}

static void seccomp_exit(struct task *t)
{
	filter_put(t->seccomp);
	t->seccomp = NULL;
	t->work &= ~WORK_SECCOMP;
}

const struct task_part seccomp_part = {
	.name = "seccomp",
	.fork = seccomp_fork,
	.exit = seccomp_exit,
};
