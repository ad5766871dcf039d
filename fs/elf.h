// SPDX-License-Identifier: MIT
/* fs/elf.h - what elf.c and elf_stack.c share. */
#pragma once

#include <linux/elf.h>

#include "fs/program.h"

struct elf {
	struct elf64_hdr h;
	struct elf64_phdr *ph;		/* h.e_phnum of them; kmalloc */
	struct file *file;
	u64 bias;			/* added to the addresses in the file */
	uaddr end;			/* after the last page of the last segment */
};

/* What the program is told on its stack. */
struct elf_tables {
	uaddr headers, base, entry;	/* AT_PHDR, AT_BASE, AT_ENTRY */
	u64 nr_headers;
	uaddr start;			/* first instruction: the interpreter's */
	bool stack_exec;
};

/* Cuts the stack to size, writes argc, argv, envp, auxv. The mm is current's. */
int elf_stack_make(struct exec *x, const struct elf_tables *t, uaddr *sp);
