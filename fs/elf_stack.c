// SPDX-License-Identifier: MIT
/* fs/elf_stack.c - the stack of a new program: strings, the auxiliary vector, the tables.
 *
 *   STACK_TOP  8 bytes of zeros
 *              name, environment strings, argument strings      (exec_args.c)
 *              "x86_64"; 16 "random" bytes
 *              auxv; NULL; envp; NULL; argv; argc               <- sp, 16-byte aligned
 *
 * The random bytes (AT_RANDOM) are a function of seed= and of how many programs were started
 * before: a run can be repeated. There is no vDSO, so no AT_SYSINFO_EHDR.
 * Checkpoint: auxv is saved with the mm. See getauxval(3), System V ABI AMD64 3.4.1. */
#include <linux/auxvec.h>

#include "arch/cpu.h"
#include "arch/task.h"
#include "arch/uaccess.h"
#include "boot/cmdline.h"
#include "fs/elf.h"
#include "kernel/cred.h"
#include "kernel/task.h"
#include "lib/hash.h"
#include "mm/slab.h"

#define PLATFORM "x86_64"
#define RANDOM_BYTES 16
#define STACK_ALIGN 16
#define STACK_EXPAND (128UL << 10)	/* below the strings, before the first fault */
#define CLOCK_TICKS 100			/* USER_HZ */
#define SIGFRAME_BYTES 1024		/* a signal frame beside its FPU state, at most */

static u64 programs_started;

struct stack_strings {
	uaddr platform, random;
};

static void aux_add(struct mm *mm, u64 type, u64 value)
{
	mm->auxv[mm->nr_auxv++] = type;
	mm->auxv[mm->nr_auxv++] = value;
}

/* In Linux's order. */
static void aux_fill(const struct exec *x, const struct elf_tables *t,
		     const struct stack_strings *s)
{
	const struct cred *c = current_cred();
	struct mm *mm = current->mm;

	mm->nr_auxv = 0;
	aux_add(mm, AT_MINSIGSTKSZ, ALIGN_UP(arch_fpu_size + SIGFRAME_BYTES, STACK_ALIGN));
	aux_add(mm, AT_HWCAP, cpu_hwcap);
	aux_add(mm, AT_PAGESZ, PAGE_SIZE);
	aux_add(mm, AT_CLKTCK, CLOCK_TICKS);
	aux_add(mm, AT_PHDR, t->headers);
	aux_add(mm, AT_PHENT, sizeof(struct elf64_phdr));
	aux_add(mm, AT_PHNUM, t->nr_headers);
	aux_add(mm, AT_BASE, t->base);
	aux_add(mm, AT_FLAGS, 0);
	aux_add(mm, AT_ENTRY, t->entry);
	aux_add(mm, AT_UID, from_uid_munged(c->user_ns, c->uid));
	aux_add(mm, AT_EUID, from_uid_munged(c->user_ns, c->euid));
	aux_add(mm, AT_GID, from_gid_munged(c->user_ns, c->gid));
	aux_add(mm, AT_EGID, from_gid_munged(c->user_ns, c->egid));
	aux_add(mm, AT_SECURE, x->secure);
	aux_add(mm, AT_RANDOM, s->random);
	aux_add(mm, AT_HWCAP2, cpu_hwcap2);
	aux_add(mm, AT_EXECFN, x->name_at);
	aux_add(mm, AT_PLATFORM, s->platform);
	aux_add(mm, AT_NULL, 0);
}

static int put_strings(uaddr *sp, struct stack_strings *s)
{
	u64 random[RANDOM_BYTES / sizeof(u64)];
	u64 draw = boot_options.seed + ++programs_started;

	for (unsigned k = 0; k < ARRAY_SIZE(random); k++)
		random[k] = hash_u64(draw = hash_u64(draw) + k + 1);
	s->platform = *sp - sizeof(PLATFORM);
	s->random = s->platform - RANDOM_BYTES;
	*sp = s->random;
	if (copy_to_user(s->platform, PLATFORM, sizeof(PLATFORM)))
		return -EFAULT;
	return copy_to_user(s->random, random, RANDOM_BYTES);
}

static u32 vector_count(const struct exec_vector *v)
{
	return v->cap - v->first;
}

static u64 *put_vector(u64 *at, const struct exec_vector *v)
{
	u32 n = vector_count(v);

	memcpy(at, v->slot + v->first, n * sizeof(u64));
	at[n] = 0;
	return at + n + 1;
}

/* Unmaps what the arguments did not need, but for some room below; rights by PT_GNU_STACK. */
static int stack_trim(const struct exec *x, uaddr sp, bool executable)
{
	struct vma *v = vma_find(current->mm, x->sp);
	uaddr start = ALIGN_DOWN(x->sp, PAGE_SIZE), end = v->end, lowest;
	u64 limit = ALIGN_DOWN(current_limit(RLIMIT_STACK), PAGE_SIZE);

	lowest = limit < end - v->start ? end - limit : v->start;
	start = MAX(MIN(start, start - STACK_EXPAND), lowest);
	start = MAX(MIN(start, ALIGN_DOWN(sp, PAGE_SIZE)), v->start);
	if (start > v->start)
		mm_unmap(current->mm, v->start, start - v->start);
	if (!executable)
		return 0;
	return mm_protect(current->mm, start, end - start, VM_READ | VM_WRITE | VM_EXEC, 0);
}

static int put_tables(const struct exec *x, uaddr sp, u64 words)
{
	struct mm *mm = current->mm;
	u64 *table = kmalloc_array(words, sizeof(u64)), *at = table;
	int err;

	if (!table)
		return -ENOMEM;
	*at++ = vector_count(&x->argv);
	at = put_vector(at, &x->argv);
	at = put_vector(at, &x->envp);
	memcpy(at, mm->auxv, mm->nr_auxv * sizeof(u64));
	err = copy_to_user(sp, table, words * sizeof(u64));
	kfree(table);
	return err;
}

static void note_strings(const struct exec *x, uaddr sp)
{
	struct mm *mm = current->mm;

	mm->arg_start = x->sp;
	mm->env_end = x->strings_end;
	mm->arg_end = vector_count(&x->envp) ? x->envp.slot[x->envp.first] : x->strings_end;
	mm->env_start = mm->arg_end;
	mm->stack_start = sp;
}

int elf_stack_make(struct exec *x, const struct elf_tables *t, uaddr *out)
{
	u64 vectors = 1 + vector_count(&x->argv) + 1 + vector_count(&x->envp) + 1;
	uaddr sp = ALIGN_DOWN(x->sp, STACK_ALIGN);
	struct stack_strings s;
	int err = put_strings(&sp, &s);

	if (err)
		return err;
	aux_fill(x, t, &s);
	sp -= (vectors + current->mm->nr_auxv) * sizeof(u64);
	sp = ALIGN_DOWN(sp, STACK_ALIGN);
	err = stack_trim(x, sp, t->stack_exec);
	if (!err)
		err = put_tables(x, sp, vectors + current->mm->nr_auxv);
	note_strings(x, sp);
	*out = sp;
	return err;
}
