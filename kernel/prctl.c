// SPDX-License-Identifier: MIT
/* kernel/prctl.c - prctl(2): a table of options, one small function each.
 *
 * An option that is not in the table is EINVAL, as on a Linux built without it.
 * Options about capabilities and securebits are in prctl_cred.c.
 * Locks: BKL. Checkpoint: what they set is saved with its owner (task, process, mm, cred).
 * See prctl(2).
 * Keeps ABI-TSK-05. */

#include <linux/prctl.h>

#include "kernel/prctl_internal.h"
#include "kernel/seccomp.h"
#include "kernel/syscall.h"
#include "mm/mm.h"

#define DUMPABLE_MAX_SET 1		/* 2 (root only) is the kernel's to set */
#define TIMER_SLACK_DEFAULT 50000	/* nanoseconds */

/* Some options insist that unused arguments are zero. */
static bool zero_from(const struct prctl_args *p, unsigned first)
{
	for (; first < PRCTL_ARGS; first++)
		if (p->arg[first])
			return false;
	return true;
}

static long prctl_set_name(const struct prctl_args *p)
{
	char name[COMM_SIZE] = { 0 };

	if (strncpy_from_user(name, p->arg[0], sizeof(name) - 1) < 0)
		return -EFAULT;
	task_set_comm(current, name);
	return 0;
}

static long prctl_get_name(const struct prctl_args *p)
{
	return copy_to_user(p->arg[0], current->comm, COMM_SIZE);
}

static long prctl_set_pdeathsig(const struct prctl_args *p)
{
	if (p->arg[0] > SIG_MAX)
		return -EINVAL;
	current->pdeath_signal = p->arg[0];
	return 0;
}

static long prctl_get_pdeathsig(const struct prctl_args *p)
{
	return user_store_u32(p->arg[0], current->pdeath_signal);
}

static long prctl_set_dumpable(const struct prctl_args *p)
{
	if (p->arg[0] > DUMPABLE_MAX_SET)
		return -EINVAL;
	current->mm->dumpable = p->arg[0];
	return 0;
}

static long prctl_get_dumpable(const struct prctl_args *p)
{
	(void)p;
	return current->mm->dumpable;
}

static long prctl_set_no_new_privs(const struct prctl_args *p)
{
	if (p->arg[0] != 1 || !zero_from(p, 1))
		return -EINVAL;
	current->flags |= TASK_NO_NEW_PRIVS;
	return 0;
}

static long prctl_get_no_new_privs(const struct prctl_args *p)
{
	return zero_from(p, 0) ? !!(current->flags & TASK_NO_NEW_PRIVS) : -EINVAL;
}

/* The process after p in a walk over all below top; below: go into p's children. */
static struct process *next_below(struct process *p, struct process *top, bool below)
{
	struct process *next = below ? list_first(&p->children, struct process, sibling) : NULL;

	for (; !next && p != top; p = p->parent) {
		if (p->sibling.next != &p->parent->children)
			next = list_entry(p->sibling.next, struct process, sibling);
	}
	return next;
}

/* All descendants look for a subreaper when orphaned. Not recursive: trees may be deep. */
static void mark_descendants(struct process *top)
{
	struct process *p = next_below(top, top, true);
	bool seen;

	for (; p; p = next_below(p, top, !seen)) {
		seen = p->has_subreaper_ancestor;
		p->has_subreaper_ancestor = true;
	}
}

static long prctl_set_subreaper(const struct prctl_args *p)
{
	current->process->child_subreaper = p->arg[0];
	if (p->arg[0])
		mark_descendants(current->process);
	return 0;
}

static long prctl_get_subreaper(const struct prctl_args *p)
{
	return user_store_u32(p->arg[0], current->process->child_subreaper);
}

static long prctl_set_timerslack(const struct prctl_args *p)
{
	current->timer_slack = (s64)p->arg[0] > 0 ? p->arg[0] : TIMER_SLACK_DEFAULT;
	return 0;
}

static long prctl_get_timerslack(const struct prctl_args *p)
{
	(void)p;
	return current->timer_slack ? current->timer_slack : TIMER_SLACK_DEFAULT;
}

/* There are no huge pages: the wish is kept in the flags for mappings to come. */
static long prctl_set_thp_disable(const struct prctl_args *p)
{
	if (!zero_from(p, 1))
		return -EINVAL;
	if (p->arg[0])
		current->mm->def_flags |= VM_NOHUGEPAGE;
	else
		current->mm->def_flags &= ~VM_NOHUGEPAGE;
	return 0;
}

static long prctl_get_thp_disable(const struct prctl_args *p)
{
	return zero_from(p, 0) ? !!(current->mm->def_flags & VM_NOHUGEPAGE) : -EINVAL;
}

static long prctl_get_tid_address(const struct prctl_args *p)
{
	return copy_to_user(p->arg[0], &current->clear_child_tid, sizeof(uaddr));
}

static long prctl_get_tsc(const struct prctl_args *p)
{
	return user_store_u32(p->arg[0], PR_TSC_ENABLE);
}

static long prctl_set_tsc(const struct prctl_args *p)
{
	return p->arg[0] == PR_TSC_ENABLE ? 0 : -EINVAL;
}

static long prctl_get_timing(const struct prctl_args *p)
{
	(void)p;
	return PR_TIMING_STATISTICAL;
}

static long prctl_set_timing(const struct prctl_args *p)
{
	return p->arg[0] == PR_TIMING_STATISTICAL ? 0 : -EINVAL;
}

static long prctl_get_seccomp(const struct prctl_args *p)
{
	(void)p;
	return seccomp_mode(current);
}

static long prctl_set_seccomp(const struct prctl_args *p)
{
	return seccomp_set_mode(p->arg[0], p->arg[1]);
}

/* --- PR_SET_MM --- */

struct mm_field {
	unsigned option;
	size_t offset;			/* in struct mm */
	u64 vm_flags;			/* the VMA at the address must have these */
};
#define MM_FIELD(opt, member, flags) { PR_SET_MM_##opt, offsetof(struct mm, member), flags }
static const struct mm_field mm_fields[] = {
	MM_FIELD(START_CODE, code_start, VM_READ | VM_EXEC),
	MM_FIELD(END_CODE, code_end, VM_READ | VM_EXEC),
	MM_FIELD(START_DATA, data_start, VM_READ | VM_WRITE),
	MM_FIELD(END_DATA, data_end, VM_READ | VM_WRITE),
	MM_FIELD(START_STACK, stack_start, VM_READ | VM_WRITE),
	MM_FIELD(START_BRK, brk_start, 0),
	MM_FIELD(BRK, brk, 0),
	MM_FIELD(ARG_START, arg_start, VM_READ),
	MM_FIELD(ARG_END, arg_end, VM_READ),
	MM_FIELD(ENV_START, env_start, VM_READ),
	MM_FIELD(ENV_END, env_end, VM_READ),
};

static long mm_set_auxv(struct mm *mm, uaddr from, u64 size)
{
	u64 auxv[ARRAY_SIZE(mm->auxv)] = { 0 };

	if (!from || size > sizeof(auxv) || size % (2 * sizeof(u64)))
		return -EINVAL;
	if (copy_from_user(auxv, from, size))
		return -EFAULT;
	auxv[ARRAY_SIZE(auxv) - 1] = auxv[ARRAY_SIZE(auxv) - 2] = 0;	/* AT_NULL ends it */
	memcpy(mm->auxv, auxv, sizeof(auxv));
	mm->nr_auxv = size / sizeof(u64);
	return 0;
}

static long mm_set_field(struct mm *mm, const struct mm_field *f, uaddr addr)
{
	struct vma *v = vma_find(mm, addr);

	if (addr < USER_START || addr >= USER_END)
		return -EINVAL;
	if (f->vm_flags && (!v || v->start > addr || (v->flags & f->vm_flags) != f->vm_flags))
		return -EINVAL;
	*(uaddr *)((char *)mm + f->offset) = addr;
	return 0;
}

/* For checkpointers: where the parts of the address space are said to be. */
static long prctl_set_mm(const struct prctl_args *p)
{
	struct mm *mm = current->mm;
	unsigned i;

	if (p->arg[0] != PR_SET_MM_AUXV && (p->arg[2] || p->arg[3]))
		return -EINVAL;
	if (!capable_in(&init_user_ns, CAP_SYS_RESOURCE))
		return deny(EPERM, EXT_CRED_01);
	if (p->arg[0] == PR_SET_MM_AUXV)
		return mm_set_auxv(mm, p->arg[1], p->arg[2]);
	for (i = 0; i < ARRAY_SIZE(mm_fields); i++) {
		if (mm_fields[i].option == p->arg[0])
			return mm_set_field(mm, &mm_fields[i], p->arg[1]);
	}
	return -EINVAL;
}

/* --- the table --- */

static const struct prctl_row {
	int option;
	long (*run)(const struct prctl_args *p);
} rows[] = {
	{ PR_SET_NAME, prctl_set_name },
	{ PR_GET_NAME, prctl_get_name },
	{ PR_SET_PDEATHSIG, prctl_set_pdeathsig },
	{ PR_GET_PDEATHSIG, prctl_get_pdeathsig },
	{ PR_SET_DUMPABLE, prctl_set_dumpable },
	{ PR_GET_DUMPABLE, prctl_get_dumpable },
	{ PR_SET_NO_NEW_PRIVS, prctl_set_no_new_privs },
	{ PR_GET_NO_NEW_PRIVS, prctl_get_no_new_privs },
	{ PR_SET_CHILD_SUBREAPER, prctl_set_subreaper },
	{ PR_GET_CHILD_SUBREAPER, prctl_get_subreaper },
	{ PR_SET_KEEPCAPS, prctl_set_keepcaps },
	{ PR_GET_KEEPCAPS, prctl_get_keepcaps },
	{ PR_SET_SECUREBITS, prctl_set_securebits },
	{ PR_GET_SECUREBITS, prctl_get_securebits },
	{ PR_CAPBSET_READ, prctl_capbset_read },
	{ PR_CAPBSET_DROP, prctl_capbset_drop },
	{ PR_CAP_AMBIENT, prctl_cap_ambient },
	{ PR_SET_TIMERSLACK, prctl_set_timerslack },
	{ PR_GET_TIMERSLACK, prctl_get_timerslack },
	{ PR_SET_THP_DISABLE, prctl_set_thp_disable },
	{ PR_GET_THP_DISABLE, prctl_get_thp_disable },
	{ PR_GET_TID_ADDRESS, prctl_get_tid_address },
	{ PR_GET_TSC, prctl_get_tsc },
	{ PR_SET_TSC, prctl_set_tsc },
	{ PR_GET_TIMING, prctl_get_timing },
	{ PR_SET_TIMING, prctl_set_timing },
	{ PR_GET_SECCOMP, prctl_get_seccomp },
	{ PR_SET_SECCOMP, prctl_set_seccomp },
	{ PR_SET_MM, prctl_set_mm },
};

long sys_prctl(int option, u64 a, u64 b, u64 c, u64 d)
{
	struct prctl_args args = { { a, b, c, d } };
	unsigned i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].option == option)
			return rows[i].run(&args);
	}
	return -EINVAL;
}
