// SPDX-License-Identifier: MIT
/* fs/program.h - one execve(2) under way: what exec.c, exec_args.c, script.c and elf.c share.
 *
 *   1 exec_open        the file, checked and denied to writers; its first bytes in head
 *   2 exec_args_*      a new address space with a stack; names and arguments copied to its top
 *   3 a format's load  script: takes another file and starts over; ELF: all that can fail first,
 *   4 exec_commit      the point of no return: other threads die, the new mm is current's
 *   5 maps, tables, registers. What fails from 4 on kills the process. */
#pragma once

#include "fs/vfs.h"
#include "mm/mm.h"

#define EXEC_HEAD_BYTES 256
#define EXEC_DEPTH_MAX 5		/* scripts run by scripts */
#define STACK_TOP USER_END

/* Pointers of one vector, filled from its end, as the strings are pushed. */
struct exec_vector {
	uaddr *slot;
	u32 first, cap;			/* [first, cap) are in use */
};
/* Where strings come from: the user, or the kernel (init). */
struct exec_source {
	const char *const *kernel;	/* NULL: user */
	uaddr user;
};

struct exec {
	struct file *file;		/* counted, inode denied to writers */
	char *name;			/* as comm and AT_EXECFN show it */
	char *interp;			/* the script that is being looked at; NULL: name */
	bool inaccessible;		/* name goes through a descriptor that closes */
	bool nameless;			/* name is "/dev/fd/N" */
	bool unreadable;		/* by the caller: its memory is not dumped */
	u8 head[EXEC_HEAD_BYTES];	/* first bytes of file, zeros after its end */
	struct mm *mm;			/* new; given to current by exec_commit() */
	uaddr sp;			/* lowest string so far */
	uaddr low;			/* and how low they may reach */
	struct exec_vector argv, envp;
	uaddr name_at, strings_end;	/* AT_EXECFN; end of the environment's strings */
	struct frame *page;		/* of the stack at page_at, counted; NULL: none */
	uaddr page_at;
	bool committed, secure;
};

/* --- exec.c --- */
/* Opens a program: the path for execution, checks, ETXTBSY. Fills x->file and x->head anew. */
int exec_open(struct exec *x, int dfd, const char *name, int at_flags);
void exec_file_put(struct file *f);		/* allows writers again */
int exec_file_open(int dfd, const char *name, int at_flags, struct file **out);
int exec_commit(struct exec *x);

/* --- exec_args.c --- */
int exec_args_begin(struct exec *x);		/* mm and stack */
int exec_args_copy(struct exec *x, const struct exec_source *argv, const struct exec_source *envp);
int exec_push_string(struct exec *x, const char *s, uaddr *at);
int exec_push_arg(struct exec *x, const char *s);	/* a new argv[0] */
void exec_drop_arg(struct exec *x);		/* takes argv[0] away */
void exec_args_end(struct exec *x);		/* frees what is left of it */

/* --- formats: -ENOEXEC if it is another's --- */
int script_load(struct exec *x);		/* 0: x->file is another file now */
int elf_load(struct exec *x);			/* 0: the registers are set */
