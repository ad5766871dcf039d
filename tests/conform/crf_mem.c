// SPDX-License-Identifier: MIT
/* tests/conform/crf_mem.c - checkpoint of memory that is shared, files of memory, and of tables
 * that processes share. See docs/rules/checkpoint-restart.md, CR-MEM, CR-FILE-03. */
#include "crbox.h"

#define PAGES 5
#define MEMFD_ALLOW 2
#define SHARED (MAP_SHARED | MAP_ANONYMOUS)
#define KCMP_FILES_ 2
#define KCMP_FS_ 3
#define KCMP_SIGHAND_ 4

static char *shared;
static long partner;
static char text[256];

/* --- CR-MEM-04: two processes, one memory; a part of it also at another place --- */

static void shared_partner(void)
{
	box_pause();
	box_see_int(shared[2 * PAGE_BYTES], 'p');
	shared[PAGE_BYTES] = 'k';
}

static char *again;

static void shared_make(void)
{
	shared = sys_mmap(PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, SHARED);
	must((long)shared);
	shared[0] = 'a';
	shared[3 * PAGE_BYTES] = 'd';
	again = (char *)sys(__NR_mremap, shared + 3 * PAGE_BYTES, 0, PAGE_BYTES, 1);
	must((long)again);
	must(sys(__NR_mprotect, shared, PAGE_BYTES, PROT_READ));
	partner = box_partner(shared_partner);
}

static void shared_look(void)
{
	box_see_int(shared[0], 'a');
	box_see_int(again[0], 'd');
	again[1] = 'e';
	box_see_int(shared[3 * PAGE_BYTES + 1], 'e');
	shared[2 * PAGE_BYTES] = 'p';
	box_resume(partner);
	box_see_int(shared[PAGE_BYTES], 'k');
}

static void shared_anon(void)
{
	static const struct cr_box box = { shared_make, shared_look, false };

	box_run(&box);
}

/* --- CR-MEM-11: memfd: seals, offset shared by two descriptors, a map, a hole --- */

static void memfd_make(void)
{
	must(sys(__NR_memfd_create, "box", MEMFD_ALLOW));
	must(sys_write(0, "sealed words", 12));
	must(sys(__NR_ftruncate, 0, 10 * PAGE_BYTES));
	shared = (char *)sys(__NR_mmap, 0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 0);
	must((long)shared);
	must(sys_fcntl(0, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW));
	must(sys(__NR_dup, 0));
	must(sys_open("/proc/self/fd/0", O_RDONLY, 0));
	must(sys_lseek(0, 7, SEEK_SET));
}

static void memfd_look(void)
{
	struct stat st;

	box_see_int(sys_read(1, text, 5), 5);
	box_see(!memcmp(text, "words", 5));
	box_see_int(sys_lseek(0, 0, SEEK_CUR), 12);
	box_see_int(sys_lseek(2, 0, SEEK_CUR), 0);
	box_see_int(sys_fcntl(0, F_GET_SEALS, 0), F_SEAL_SHRINK | F_SEAL_GROW);
	box_see_int(sys(__NR_ftruncate, 0, 0), -EPERM);
	sys_fstat(0, &st);
	box_see_int(st.st_size, 10 * PAGE_BYTES);
	box_see_int(st.st_blocks, 8);
	shared[0] = 'S';
	box_see_int(sys_pread(2, text, 1, 0), 1);
	box_see_int(text[0], 'S');
	memset(text, 0, sizeof(text));
	box_see(sys_readlink("/proc/self/fd/0", text, sizeof(text)) > 0);
	box_see(!strcmp(text, "/memfd:box (deleted)"));
}

static void memfds(void)
{
	static const struct cr_box box = { memfd_make, memfd_look, false };

	box_run(&box);
}

/* --- CR-FILE-03, CR-SIG-01: what clone(2) made shared stays shared --- */

static void table_make(void)
{
	partner = must(sys_clone(CLONE_FILES | CLONE_FS | SIGCHLD));
	if (partner == 0) {
		box_pause();
		sys_close(0);
		sys(__NR_umask, 0123);
		sys_exit(0);
	}
	sys_wait4(partner, NULL, WUNTRACED);
	must(sys_open("/", O_RDONLY | O_DIRECTORY, 0));
}

static void table_look(void)
{
	box_see_int(sys(__NR_kcmp, sys_getpid(), partner, KCMP_FILES_, 0, 0), 0);
	box_see_int(sys(__NR_kcmp, sys_getpid(), partner, KCMP_FS_, 0, 0), 0);
	box_see(sys(__NR_kcmp, sys_getpid(), partner, KCMP_SIGHAND_, 0, 0) > 0);
	box_resume(partner);
	box_see_int(sys_fcntl(0, F_GETFD, 0), -EBADF);
	box_see_int(sys(__NR_umask, 0), 0123);
}

static void tables(void)
{
	static const struct cr_box box = { table_make, table_look, false };

	box_run(&box);
}

static char stack[8192] __attribute__((aligned(16)));

static int handlers_run(void)
{
	box_pause();
	catch_signal(SIGUSR1, (void *)1);
	sys(__NR_exit, 0);
	return 0;
}

/* A process with our memory and handlers, on a stack of its own. */
static long clone_on(unsigned long flags, int (*fn)(void))
{
	void **top = (void **)(stack + sizeof(stack));
	long pid;

	*--top = (void *)fn;
	__asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\tpop %%rax\n\tcall *%%rax\n\t"
			 "ud2\n1:"
			 : "=a"(pid)
			 : "0"((long)__NR_clone), "D"(flags), "S"(top), "d"(0)
			 : "rcx", "r11", "r10", "r8", "r9", "memory");
	return pid;
}

static void handlers_make(void)
{
	partner = must(clone_on(CLONE_VM | CLONE_SIGHAND | SIGCHLD, handlers_run));
	sys_wait4(partner, NULL, WUNTRACED);
}

static void handlers_look(void)
{
	struct {
		void *handler;
		unsigned long flags;
		void *restorer;
		unsigned long mask;
	} now = { 0 };

	box_see_int(sys(__NR_kcmp, sys_getpid(), partner, KCMP_SIGHAND_, 0, 0), 0);
	box_resume(partner);
	box_see_int(sys(__NR_rt_sigaction, SIGUSR1, 0, &now, SIGSET_BYTES), 0);
	box_see_int((long)now.handler, 1);
}

static void handlers(void)
{
	static const struct cr_box box = { handlers_make, handlers_look, false };

	box_run(&box);
}

const struct test_case crf_mem_cases[] = {
	{ "CR-MEM-04", "shared memory of two processes", shared_anon, 0, 30 },
	{ "CR-MEM-11", "memfd with seals, offsets and maps", memfds, 0, 30 },
	{ "CR-FILE-03", "shared descriptor tables and directories", tables, 0, 30 },
	{ "CR-SIG-01.shared", "shared signal handlers", handlers, 0, 30 },
	{},
};
