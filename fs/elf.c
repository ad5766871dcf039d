// SPDX-License-Identifier: MIT
/* fs/elf.c - ELF64 programs: static, dynamic (PT_INTERP), and position-independent ones.
 *
 * Headers are checked before the point of no return: what is not a program of this machine is
 * ENOEXEC, a bad interpreter ELIBBAD. Then segments are mapped, in the new address space:
 *
 *   ET_EXEC              where its headers say
 *   ET_DYN, interpreter  at DYN_BASE (two thirds of the user's half)
 *   ET_DYN alone, and the interpreter   below mmap_base
 *
 * The heap begins after the program's last page; that of an ET_DYN without interpreter at DYN_BASE.
 * Nothing is random (DESIGN 6). fs/elf_stack.c makes stack and tables.
 * Not like Linux: each segment's bss is mapped with the segment's own rights.
 * Locks: none, the mm is new. Checkpoint: none. See elf(5), System V ABI AMD64. */
#include "fs/elf.h"
#include "arch/cpu.h"
#include "arch/task.h"
#include "arch/uaccess.h"
#include "fs/maps.h"
#include "fs/program.h"
#include "kernel/task.h"
#include "mm/slab.h"

#define DYN_BASE_EXACT (USER_END / 3 * 2)
#define PHDRS_BYTES_MAX 65536
#define INTERP_NAME_MIN 2

static bool elf_header_ok(const struct elf64_hdr *h)
{
	if (memcmp(h->e_ident, ELFMAG, SELFMAG) || h->e_ident[EI_CLASS] != ELFCLASS64)
		return false;
	return (h->e_type == ET_EXEC || h->e_type == ET_DYN) && h->e_machine == EM_X86_64;
}

/* Reads exactly n bytes: 0, -EIO, or the file's error. */
static int elf_read(struct file *f, void *buf, size_t n, u64 pos)
{
	ssize_t got;

	if ((s64)pos < 0)
		return -EIO;
	got = file_read_kernel(f, buf, n, pos);
	if (got < 0)
		return got;
	return (size_t)got == n ? 0 : -EIO;
}

/* Program headers of e->h. Anything wrong is "bad". */
static int elf_read_headers(struct elf *e, int bad)
{
	size_t bytes = e->h.e_phnum * sizeof(struct elf64_phdr);

	if (!elf_header_ok(&e->h) || !e->file->ops->mmap)
		return bad;
	if (e->h.e_phentsize != sizeof(struct elf64_phdr) || !bytes || bytes > PHDRS_BYTES_MAX)
		return bad;
	e->ph = kmalloc(bytes);
	if (!e->ph)
		return -ENOMEM;
	return elf_read(e->file, e->ph, bytes, e->h.e_phoff) ? bad : 0;
}

static const struct elf64_phdr *elf_find(const struct elf *e, u32 type)
{
	for (unsigned k = 0; k < e->h.e_phnum; k++)
		if (e->ph[k].p_type == type)
			return &e->ph[k];
	return NULL;
}

/* Opens the interpreter that PT_INTERP names. */
static int elf_open_interp(const struct elf *prog, const struct elf64_phdr *ph, struct elf *interp)
{
	char *name;
	int err;

	if (ph->p_filesz > PATH_MAX_LEN || ph->p_filesz < INTERP_NAME_MIN)
		return -ENOEXEC;
	name = kmalloc(ph->p_filesz);
	if (!name)
		return -ENOMEM;
	err = elf_read(prog->file, name, ph->p_filesz, ph->p_offset);
	if (!err && name[ph->p_filesz - 1])
		err = -ENOEXEC;
	if (!err)
		err = exec_file_open(AT_FDCWD, name, 0, &interp->file);
	kfree(name);
	if (!err)
		err = elf_read(interp->file, &interp->h, sizeof(interp->h), 0);
	return err ? err : elf_read_headers(interp, -ELIBBAD);
}

static void elf_close(struct elf *e)
{
	kfree(e->ph);
}

/* --- maps, past the point of no return --- */

static u64 elf_vm_flags(const struct elf64_phdr *ph)
{
	u64 vm = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	if (ph->p_flags & PF_R)
		vm |= VM_READ;
	if (ph->p_flags & PF_W)
		vm |= VM_WRITE;
	if (ph->p_flags & PF_X)
		vm |= VM_EXEC;
	return vm;
}

static void request_init(struct map_request *req, uaddr addr, u64 length, u64 flags)
{
	*req = (struct map_request){
		.addr = addr,
		.length = length,
		.flags = flags,
		.fixed = true,
		.low_ok = false,
		.limit_as = current_limit(RLIMIT_AS),
		.limit_data = process_data_limit(current->process),
	};
}

/* Lowest and highest address of all segments, and sums that mm relies on: -EINVAL if absurd. */
static int elf_extent(const struct elf *e, uaddr *low, uaddr *high, u64 *align)
{
	*low = ~0UL;
	*high = 0;
	*align = PAGE_SIZE;
	for (unsigned k = 0; k < e->h.e_phnum; k++) {
		const struct elf64_phdr *ph = &e->ph[k];

		if (ph->p_type != PT_LOAD)
			continue;
		if (ph->p_filesz > ph->p_memsz || ph->p_memsz > USER_END ||
		    ph->p_vaddr > USER_END - ph->p_memsz)
			return -EINVAL;
		*low = MIN(*low, ALIGN_DOWN(ph->p_vaddr, PAGE_SIZE));
		*high = MAX(*high, ALIGN_UP(ph->p_vaddr + ph->p_memsz, PAGE_SIZE));
		if (!(ph->p_align & (ph->p_align - 1)))
			*align = MAX(*align, ph->p_align);
	}
	return *low < *high ? 0 : -EINVAL;
}

/* Finds room for all segments together: the bias to add to their addresses. */
static int elf_place(struct elf *e, bool at_dyn_base)
{
	struct map_request req;
	uaddr low, high, at;
	u64 align;
	int err = elf_extent(e, &low, &high, &align);

	if (err)
		return err;
	request_init(&req, low, high - low, 0);
	if (e->h.e_type == ET_DYN && at_dyn_base)
		req.addr = ALIGN_DOWN(DYN_BASE_EXACT, align);
	req.fixed = req.fixed_noreplace = e->h.e_type == ET_EXEC || at_dyn_base;
	if (!req.fixed)
		req.addr = 0;
	err = mm_map(current->mm, &req, &at);
	if (err)
		return err;
	mm_unmap(current->mm, at, high - low);
	e->bias = at - low;
	e->end = at + (high - low);
	return 0;
}

/* The part of a segment that comes from the file, and zeros up to the end of its last page. */
static int elf_map_file_part(struct elf *e, const struct elf64_phdr *ph)
{
	u64 lead = ph->p_vaddr % PAGE_SIZE;
	uaddr start = e->bias + ph->p_vaddr, end = start + ph->p_filesz, at;
	struct map_request req;
	int err;

	if (ph->p_offset % PAGE_SIZE != lead)
		return -EINVAL;
	request_init(&req, start - lead, ph->p_filesz + lead, elf_vm_flags(ph));
	req.pgoff = ph->p_offset / PAGE_SIZE;
	err = file_map_prepare(e->file, &req);
	if (!err)
		err = mm_map(current->mm, &req, &at);
	if (err || ph->p_memsz <= ph->p_filesz || !(ph->p_flags & PF_W) || !(end % PAGE_SIZE))
		return err;
	return clear_user(end, PAGE_SIZE - end % PAGE_SIZE) ? -EFAULT : 0;
}

static int elf_map_bss(struct elf *e, const struct elf64_phdr *ph)
{
	uaddr start = e->bias + ph->p_vaddr, end = ALIGN_UP(start + ph->p_memsz, PAGE_SIZE), at;
	struct map_request req;

	if (ph->p_filesz)
		start = ALIGN_UP(start + ph->p_filesz, PAGE_SIZE);
	else
		start = ALIGN_DOWN(start, PAGE_SIZE);
	if (start >= end)
		return 0;
	request_init(&req, start, end - start, elf_vm_flags(ph));
	return mm_map(current->mm, &req, &at);
}

static int elf_map(struct elf *e, bool at_dyn_base)
{
	int err = elf_place(e, at_dyn_base);

	for (unsigned k = 0; !err && k < e->h.e_phnum; k++) {
		const struct elf64_phdr *ph = &e->ph[k];

		if (ph->p_type != PT_LOAD)
			continue;
		if (ph->p_filesz)
			err = elf_map_file_part(e, ph);
		if (!err)
			err = elf_map_bss(e, ph);
	}
	return err;
}

/* What the mm remembers of the program: code, data, heap. */
static void elf_note_layout(const struct elf *e, bool has_interp)
{
	struct mm *mm = current->mm;

	mm->code_start = ~0UL;
	for (unsigned k = 0; k < e->h.e_phnum; k++) {
		const struct elf64_phdr *ph = &e->ph[k];
		uaddr start = e->bias + ph->p_vaddr, end = start + ph->p_filesz;

		if (ph->p_type != PT_LOAD)
			continue;
		mm->code_start = MIN(mm->code_start, start);
		if (ph->p_flags & PF_X)
			mm->code_end = MAX(mm->code_end, end);
		mm->data_start = MAX(mm->data_start, start);
		mm->data_end = MAX(mm->data_end, end);
	}
	mm->brk_start = e->end;
	if (e->h.e_type == ET_DYN && !has_interp)
		mm->brk_start = ALIGN_DOWN(DYN_BASE_EXACT, PAGE_SIZE);
	mm->brk = mm->brk_start;
}

/* Where the program finds its own headers in memory; 0: nowhere. */
static uaddr elf_headers_at(const struct elf *e)
{
	for (unsigned k = 0; k < e->h.e_phnum; k++) {
		const struct elf64_phdr *ph = &e->ph[k];

		if (ph->p_type == PT_LOAD && ph->p_offset <= e->h.e_phoff &&
		    e->h.e_phoff < ph->p_offset + ph->p_filesz)
			return e->bias + e->h.e_phoff - ph->p_offset + ph->p_vaddr;
	}
	return 0;
}

static int elf_start(struct exec *x, struct elf *prog, struct elf *interp)
{
	const struct elf64_phdr *stack = elf_find(prog, PT_GNU_STACK);
	struct elf_tables t = { .stack_exec = stack && (stack->p_flags & PF_X) };
	uaddr sp;
	int err = elf_map(prog, interp->file && prog->h.e_type == ET_DYN);

	if (!err && interp->file)
		err = elf_map(interp, false);
	if (err)
		return err;
	elf_note_layout(prog, interp->file);
	t.headers = elf_headers_at(prog);
	t.nr_headers = prog->h.e_phnum;
	t.entry = prog->bias + prog->h.e_entry;
	t.base = interp->file ? interp->bias : 0;
	t.start = interp->file ? interp->bias + interp->h.e_entry : t.entry;
	if (t.start >= USER_END)
		return -EINVAL;
	err = elf_stack_make(x, &t, &sp);
	if (!err)
		arch_task_exec(&current->arch, t.start, sp);
	return err;
}

int elf_load(struct exec *x)
{
	struct elf prog = { .file = x->file }, interp = { .file = NULL };
	const struct elf64_phdr *ph = NULL;
	int err;

	memcpy(&prog.h, x->head, sizeof(prog.h));
	err = elf_read_headers(&prog, -ENOEXEC);
	if (!err)
		ph = elf_find(&prog, PT_INTERP);
	if (ph)
		err = elf_open_interp(&prog, ph, &interp);
	if (!err)
		err = exec_commit(x);
	if (!err)
		err = elf_start(x, &prog, &interp);
	if (interp.file)
		exec_file_put(interp.file);
	elf_close(&interp);
	elf_close(&prog);
	return err;
}
