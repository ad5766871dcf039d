// SPDX-License-Identifier: MIT
/* kernel/rseq.c - restartable sequences: rseq(2), and what happens to one that is interrupted.
 *
 * A thread registers a struct rseq in its memory. When it leaves the kernel after having been
 * preempted, moved or signalled (WORK_RSEQ), the CPU number there is brought up to date;
 * if it was inside the critical section that rseq_cs points to, it goes on at the section's
 * abort address instead. What the user put there is not believed: addresses must be in user
 * space, and the word before the abort address must be the signature given at registration.
 * A bad descriptor is SIGSEGV.
 * Locks: BKL. Checkpoint: address, length and signature are saved. See rseq(2). */

#include "kernel/rseq.h"

#include <linux/rseq.h>

#include "arch/cpu.h"
#include "kernel/syscall.h"

#define RSEQ_FIELD(name) offsetof(struct rseq, name)

/* --- leaving to user mode --- */

static int rseq_store_cpu(struct task *t, u32 start, u32 id)
{
	if (user_store_u32(t->rseq + RSEQ_FIELD(cpu_id_start), start) ||
	    user_store_u32(t->rseq + RSEQ_FIELD(cpu_id), id))
		return -EFAULT;
	return 0;
}

/* The descriptor is the user's: checked as Linux does. 0, -EFAULT, -EINVAL. */
static int rseq_cs_check(const struct task *t, const struct rseq_cs *cs)
{
	u32 sig;

	if (cs->start_ip >= USER_END || cs->start_ip + cs->post_commit_offset >= USER_END ||
	    cs->abort_ip >= USER_END || cs->abort_ip < sizeof(sig) || cs->version > 0)
		return -EINVAL;
	if (cs->start_ip + cs->post_commit_offset < cs->start_ip ||
	    cs->abort_ip - cs->start_ip < cs->post_commit_offset)
		return -EINVAL;
	if (copy_from_user(&sig, cs->abort_ip - sizeof(sig), sizeof(sig)))
		return -EFAULT;
	return sig == t->rseq_sig ? 0 : -EINVAL;
}

/* Aborts the critical section that the thread is in, if any. 0 or -errno. */
static int rseq_abort(struct task *t, struct regs *regs)
{
	struct rseq_cs cs;
	u64 where;
	int err;

	if (copy_from_user(&where, t->rseq + RSEQ_FIELD(rseq_cs), sizeof(where)))
		return -EFAULT;
	if (!where)
		return 0;
	if (copy_from_user(&cs, where, sizeof(cs)))
		return -EFAULT;
	err = rseq_cs_check(t, &cs);
	if (err)
		return err;
	where = 0;
	if (copy_to_user(t->rseq + RSEQ_FIELD(rseq_cs), &where, sizeof(where)))
		return -EFAULT;
	if (regs->rip - cs.start_ip < cs.post_commit_offset)
		regs->rip = cs.abort_ip;
	return 0;
}

/* The copies may sleep and the thread wake on another CPU: then WORK_RSEQ is set again. */
void rseq_resume(struct regs *regs)
{
	struct task *t = current;
	u32 cpu = this_cpu()->id;

	t->work &= ~WORK_RSEQ;
	if (!t->rseq || (t->flags & TASK_EXITING))
		return;
	if (rseq_abort(t, regs) || rseq_store_cpu(t, cpu, cpu))
		signal_force(SIGSEGV, SI_KERNEL, 0);
}

/* --- the call --- */

static long rseq_unregister(uaddr rseq, u32 len, u32 sig)
{
	struct task *t = current;

	if (!t->rseq || t->rseq != rseq || len != sizeof(struct rseq))
		return -EINVAL;
	if (t->rseq_sig != sig)
		return -EPERM;
	if (rseq_store_cpu(t, 0, RSEQ_CPU_ID_UNINITIALIZED))
		return -EFAULT;
	t->rseq = 0;
	t->rseq_len = t->rseq_sig = 0;
	return 0;
}

long sys_rseq(uaddr rseq, u32 len, int flags, u32 sig)
{
	struct task *t = current;

	if (flags == RSEQ_FLAG_UNREGISTER)
		return rseq_unregister(rseq, len, sig);
	if (flags)
		return -EINVAL;
	if (t->rseq) {
		if (t->rseq != rseq || t->rseq_len != len)
			return -EINVAL;
		return t->rseq_sig == sig ? -EBUSY : -EPERM;
	}
	if (rseq % __alignof__(struct rseq) || len != sizeof(struct rseq))
		return -EINVAL;
	if (!user_range_ok(rseq, len))
		return -EFAULT;
	t->rseq = rseq;
	t->rseq_len = len;
	t->rseq_sig = sig;
	task_set_work(t, WORK_RSEQ);
	return 0;
}

/* --- the task part --- */

/* A thread registers its own; a process made by fork goes on with its parent's. */
static int rseq_fork(struct task *child, struct task *parent, struct clone_args_k *args)
{
	if (args->flags & CLONE_VM)
		return 0;
	child->rseq = parent->rseq;
	child->rseq_len = parent->rseq_len;
	child->rseq_sig = parent->rseq_sig;
	rseq_task_switched(child);
	return 0;
}

static void rseq_drop(struct task *t)
{
	t->rseq = 0;
	t->rseq_len = t->rseq_sig = 0;
	t->work &= ~WORK_RSEQ;
}

const struct task_part rseq_part = {
	.name = "rseq",
	.fork = rseq_fork,
	.exec = rseq_drop,
	.exit = rseq_drop,
};
