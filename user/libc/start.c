// SPDX-License-Identifier: MIT
/* user/libc/start.c - from the entry of a program to main(): stack,
 * thread-local storage, stdio, errno.
 *
 * The first thread's TLS block is made here by tls_create() (thread.c makes the
 * others) and its thread pointer set by arch_prctl(2). newlib's state of the
 * first thread is _global_impure_ptr, the one whose files exit() flushes. See
 * the System V ABI for x86-64, 3.4.1 (entry) and ELF TLS variant II. */
#include <errno.h>
#include <reent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <asm/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include "libc/internal.h"

extern char **environ;
extern int main(int argc, char **argv, char **envp);
long set_errno(long error);
_Noreturn void libc_start(long *stack);
void _init(void);
void _fini(void);

const unsigned long *libc_auxv;

static struct tls_image tls;

/* Find PT_TLS among the program headers that the kernel names in the
 * auxiliary vector. */
static void tls_find(void)
{
	const Elf64_Phdr *ph = (const Elf64_Phdr *)getauxval(AT_PHDR);
	unsigned long left = getauxval(AT_PHNUM);

	for (tls.align = 1; ph && left > 0; left--, ph++) {
		if (ph->p_type == PT_TLS)
			tls = (struct tls_image){ (const char *)ph->p_vaddr, ph->p_filesz,
				ph->p_memsz, ph->p_align };
	}
}

/* Bytes below the thread pointer. */
static size_t tls_size(void)
{
	return (tls.size + tls.align - 1) & ~(tls.align - 1);
}

/* Variant II: the image ends where the thread pointer points, and there its
 * own address lies. */
struct tcb *tls_create(void *room)
{
	char *base = room;
	struct tcb *tcb = (struct tcb *)(base + tls_size());

	memset(base, 0, tls_room());
	if (tls.filled)
		memcpy(base, tls.start, tls.filled);
	tcb->self = tcb;
	return tcb;
}

size_t tls_room(void)
{
	return tls_size() + sizeof(struct tcb);
}

/* Called by _start with the stack pointer of the program's entry. */
_Noreturn void libc_start(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	long *word;
	long room;

	environ = argv + argc + 1;
	for (word = (long *)environ; *word; word++)
		;
	libc_auxv = (const unsigned long *)(word + 1);
	tls_find();
	room = raw_syscall(__NR_mmap, 0L, tls_room(), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1L, 0L); /* raw: there is no errno yet */
	if (SYS_CALL_FAILED(room))
		raw_syscall(__NR_exit_group, EXIT_NO_MEMORY);
	raw_syscall(__NR_arch_prctl, ARCH_SET_FS, tls_create((void *)room));
	exit(main(argc, argv, environ));
}

unsigned long getauxval(unsigned long type)
{
	const unsigned long *pair;

	for (pair = libc_auxv; pair[0] != AT_NULL; pair += 2) {
		if (pair[0] == type)
			return pair[1];
	}
	return 0;
}

/* newlib's per-thread state. */
struct _reent *__getreent(void)
{
	struct tcb *tcb = tcb_current();

	return tcb->reent ? tcb->reent : _global_impure_ptr;
}

/* Where every failed call ends: the kernel's -errno becomes -1 and errno. */
long set_errno(long error)
{
	errno = (int)-error;
	return -1;
}

void _init(void)
{
}

void _fini(void)
{
}
