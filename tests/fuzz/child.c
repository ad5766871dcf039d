// SPDX-License-Identifier: MIT
/* tests/fuzz/child.c - tasks that random calls make: processes, and threads.
 *
 * A child goes on with random calls, fewer than its parent, and ends. Signals
 * that only wake (USR1, USR2) have an empty handler; a SIGSEGV of touch_at()
 * goes on behind the access, any other kills. */
#include "fuzz.h"
#include "child.h"

#define STACK_BYTES 65536
#define RIP_WORD 21		/* of a ucontext's words: 5 before the registers, 16 others */
#define RESTORER 0x04000000	/* SA_RESTORER */
#define SIGINFO 4		/* SA_SIGINFO */

extern const char touch_load[], touch_store[], touch_end[];
void signal_return(void);

__asm__(".text\n"
	".globl touch_at, touch_load, touch_store, touch_end\n"
	"touch_at:\n\ttest %esi, %esi\n\tjnz touch_store\n"
	"touch_load:\n\tmovb (%rdi), %al\n\tret\n"
	"touch_store:\n\tmovb $1, (%rdi)\n"
	"touch_end:\n\tret\n");

struct kernel_action {
	void *handler;
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

static void on_wake(int sig)
{
	(void)sig;
}

/* Go on behind an access of touch_at(); die of any other when it is repeated. */
static void on_fault(int sig, void *info, unsigned long *context)
{
	struct kernel_action none = { 0 };
	unsigned long rip = context[RIP_WORD];

	(void)info;
	if (rip == (unsigned long)touch_load || rip == (unsigned long)touch_store)
		context[RIP_WORD] = (unsigned long)touch_end;
	else
		sys(__NR_rt_sigaction, sig, &none, NULL, SIGSET_BYTES);
}

/* What every task of random calls has: handlers, few descriptors, little time. */
void task_prepare(void)
{
	struct kernel_action wake = { (void *)on_wake, RESTORER, signal_return, 0 };
	struct kernel_action fault = { (void *)on_fault, RESTORER | SIGINFO, signal_return, 0 };
	unsigned long few[2] = { LAST_FD + 1, SAY_FD + 1 }, seconds[2] = { 1, 2 }, none = 0;

	if (!board->trace)
		sys_close(SAY_FD);

	sys(__NR_rt_sigaction, SIGUSR1, &wake, NULL, SIGSET_BYTES);
	sys(__NR_rt_sigaction, SIGUSR2, &wake, NULL, SIGSET_BYTES);
	sys(__NR_rt_sigaction, SIGALRM, &wake, NULL, SIGSET_BYTES);
	sys(__NR_rt_sigaction, SIGSEGV, &fault, NULL, SIGSET_BYTES);
	sys(__NR_rt_sigaction, SIGBUS, &fault, NULL, SIGSET_BYTES);
	sys(__NR_rt_sigprocmask, SIG_SETMASK, &none, NULL, SIGSET_BYTES);
	sys(__NR_prlimit64, 0, 7 /* RLIMIT_NOFILE */, few, NULL);
	sys(__NR_prlimit64, 0, 0 /* RLIMIT_CPU: who only spins */, seconds, NULL);
}

/* One of each kind of file, and memory, to begin with: 3 to 20 or so. */
void task_furnish(struct fuzz *f)
{
	int pair[2];

	sys_open("/tmp/a", O_RDWR, 0);
	sys_open("/tmp/b", O_RDWR | O_APPEND, 0);
	sys_open("/tmp", O_RDONLY | O_DIRECTORY, 0);
	sys_pipe(pair, O_NONBLOCK);
	sys(__NR_socketpair, 1, 1 | O_NONBLOCK, 0, pair);
	sys(__NR_socketpair, 1, 2 | O_NONBLOCK, 0, pair);
	sys(__NR_memfd_create, "memory", 2);
	sys(__NR_eventfd2, 1, O_NONBLOCK);
	sys(__NR_timerfd_create, 1, O_NONBLOCK);
	sys(__NR_epoll_create1, 0);
	sys(__NR_inotify_init1, O_NONBLOCK);
	sys(__NR_signalfd4, -1, scratch_next(f), SIGSET_BYTES, O_NONBLOCK);
	sys_pidfd_open(sys_getpid());
	sys_open("/proc/self/ns/uts", O_RDONLY, 0);
	sys(__NR_mmap, ARENA, 64 * PAGE_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	sys(__NR_mmap, ARENA + 64 * PAGE_BYTES, 16 * PAGE_BYTES, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

void fuzz_start(struct fuzz *f, uint64_t state, struct slot *slot)
{
	f->state = state;
	f->slot = slot;
	f->depth = 0;
	f->thread = false;
	f->next_text = f->next_scratch = 0;
}

/* The child of a fork-like call: a few calls, then the end. */
void child_run(struct fuzz *f, unsigned long flags)
{
	(void)flags;
	f->depth++;
	f->state = mix(f->state, f->depth);
	fuzz_some(f, 3 + below(f, 30));
	for (;;)
		sys(__NR_exit_group, below(f, 4));
}

/* Where a thread starts. */
__attribute__((used, noreturn)) void child_thread(struct fuzz *f)
{
	fuzz_some(f, 3 + below(f, 30));
	for (;;)
		sys(__NR_exit, 0);
}

/* clone(2) onto a stack whose top word is the new task's struct fuzz. */
static long clone_onto(unsigned long flags, void *stack, int *tid)
{
	register long child_tid __asm__("r10") = (long)tid;
	register long tls __asm__("r8") = 0;
	long ret;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "pop %%rdi\n\t"
			 "call child_thread\n"
			 "1:"
			 : "=a"(ret)
			 : "0"((long)__NR_clone), "D"(flags), "S"(stack), "d"(tid),
			   "r"(child_tid), "r"(tls)
			 : "rcx", "r11", "memory");
	return ret;
}

/* A task in our address space, on a new stack. Returns: its id or the error. */
long thread_new(struct fuzz *f, unsigned long flags)
{
	char *stack = sys_mmap(STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
	struct fuzz *mine = (struct fuzz *)stack;
	struct fuzz **top;
	long ret;

	if ((unsigned long)stack >= -4095ul)
		return (long)stack;
	fuzz_start(mine, mix(any(f), 1), f->slot);
	mine->depth = f->depth + 1;
	mine->thread = true;
	top = (struct fuzz **)(stack + STACK_BYTES - 2 * sizeof(long)) + 1;
	*top = mine;
	ret = clone_onto(flags | CLONE_VM, top, (int *)(stack + sizeof(*mine)));
	if (ret < 0)
		sys(__NR_munmap, stack, STACK_BYTES);
	return ret;
}
