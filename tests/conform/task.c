// SPDX-License-Identifier: MIT
/* tests/conform/task.c - other processes, threads and privileges for a case.
 *
 * A peer is a child process with a pipe each way; tell() on one side wakes
 * hear() on the other, so that the order of steps is fixed. A thread is made
 * with a bare clone(2) on a small stack and shares the libc state of its
 * maker: only one of them may print at a time, the other waits at a gate. */
#include "conform.h"

#define STACK_BYTES 65536
#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | \
		      CLONE_SYSVSEM | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID)

/* fork with any CLONE_NEW flag: the one of time is clone3's alone (NS-25). */
static long clone_any(unsigned long flags)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	if (flags & CLONE_NEWTIME)
		return sys_clone3(&args, sizeof(args));
	return sys_clone(flags | SIGCHLD);
}

/* Start fn in a child made with flags. Returns: 0, or clone's error. */
long spawn_try(struct peer *peer, unsigned long flags, peer_fn *fn, void *arg)
{
	int down[2], up[2];
	long pid;

	must(sys_pipe(down, O_CLOEXEC));
	must(sys_pipe(up, O_CLOEXEC));
	pid = clone_any(flags);
	if (pid == 0) {
		struct peer parent = { .pid = 0, .in = down[0], .out = up[1] };

		sys_close(down[1]);
		sys_close(up[0]);
		fn(&parent, arg);
		case_stop(0);
	}
	sys_close(down[0]);
	sys_close(up[1]);
	*peer = (struct peer){ .pid = pid, .in = up[0], .out = down[1] };
	if (pid > 0)
		return 0;
	sys_close(peer->in);
	sys_close(peer->out);
	return pid;
}

/* The same where it must work. */
void spawn(struct peer *peer, unsigned long flags, peer_fn *fn, void *arg)
{
	must(spawn_try(peer, flags, fn, arg));
}

void send_bytes(struct peer *peer, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		long done = must(sys_write(peer->out, at, len));

		at += done;
		len -= done;
	}
}

/* Take len bytes from the other side; if it is gone, the case ends here. */
void recv_bytes(struct peer *peer, void *bytes, size_t len)
{
	char *at = bytes;

	while (len > 0) {
		long got = must(sys_read(peer->in, at, len));

		if (got == 0 && !verdict_skip_reason())
			fail_at(HERE, "the other process goes on", "it ended");
		if (got == 0)
			case_stop(verdict_skip_reason() ? 0 : 1);
		at += got;
		len -= got;
	}
}

void send_long(struct peer *peer, long value)
{
	send_bytes(peer, &value, sizeof(value));
}

long recv_long(struct peer *peer)
{
	long value;

	recv_bytes(peer, &value, sizeof(value));
	return value;
}

void tell(struct peer *peer)
{
	send_long(peer, 0);
}

void hear(struct peer *peer)
{
	recv_long(peer);
}

/* Wait for a child. Returns: its wait status. */
int wait_status(int pid)
{
	int status = -1;

	must(sys_wait4(pid, &status, __WALL));
	return status;
}

/* Wait for a peer that should end well. */
void finish(struct peer *peer)
{
	int status = wait_status(peer->pid);

	sys_close(peer->in);
	sys_close(peer->out);
	if (status != 0 && !verdict_skip_reason())
		fail_at(HERE, "the child exits with 0", "wait status 0x%x", status);
}

void end_peer(struct peer *peer)
{
	tell(peer);
	finish(peer);
}

void wait_to_go(struct peer *up, void *arg)
{
	(void)arg;
	hear(up);
}

void stay(struct peer *up, void *arg)
{
	tell(up);
	wait_to_go(up, arg);
}

/* Run fn in a child made with flags, to its end. */
void run_child(unsigned long flags, peer_fn *fn, void *arg)
{
	struct peer peer;

	spawn(&peer, flags, fn, arg);
	finish(&peer);
}

/* End of a clone tried directly: reap the child if there is one.
 * Returns: 0 if it was made, or the error; a child exits at once. */
long reap(long pid)
{
	if (pid == 0)
		case_stop(0);
	if (pid < 0)
		return pid;
	wait_status(pid);
	return 0;
}

/* A child that only exists. Returns: its pid, or clone's error. */
long spawn_idle(unsigned long flags)
{
	long pid = clone_any(flags);

	while (pid == 0)
		sys(__NR_pause);
	return pid;
}

void end_idle(long pid)
{
	must(sys_kill(pid, SIGKILL));
	wait_status(pid);
}

/* Where a new thread starts, called by thread_clone on the new stack. */
__attribute__((used, noreturn)) void thread_main(struct thread *thread)
{
	thread->run(thread->arg);
	for (;;)
		sys(__NR_exit, 0);
}

/* clone(2) onto a stack whose top word is the struct thread. */
static long thread_clone(unsigned long flags, void *stack, int *tid, int *running)
{
	register long child_tid __asm__("r10") = (long)running;
	register long tls __asm__("r8") = 0;
	long ret;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "pop %%rdi\n\t"
			 "call thread_main\n"
			 "1:"
			 : "=a"(ret)
			 : "0"((long)__NR_clone), "D"(flags), "S"(stack), "d"(tid),
			   "r"(child_tid), "r"(tls)
			 : "rcx", "r11", "memory");
	return ret;
}

/* Start a thread, with more clone flags. Returns: 0, or clone's error. */
long thread_try(struct thread *thread, unsigned long more, void (*run)(void *), void *arg)
{
	struct thread **top;
	long ret;

	thread->run = run;
	thread->arg = arg;
	thread->stack = sys_mmap(STACK_BYTES, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS);
	must((long)thread->stack);
	top = (struct thread **)((char *)thread->stack + STACK_BYTES - 2 * sizeof(long)) + 1;
	*top = thread;
	thread->running = 1;
	ret = thread_clone(THREAD_FLAGS | more, top, &thread->tid, &thread->running);
	if (ret < 0)
		sys(__NR_munmap, thread->stack, STACK_BYTES);
	return ret < 0 ? ret : 0;
}

void thread_start(struct thread *thread, void (*run)(void *), void *arg)
{
	must(thread_try(thread, 0, run, arg));
}

/* Wait until the thread does not run any more, and then until it is none of
 * the process: the kernel says the first a little earlier. */
void thread_join(struct thread *thread)
{
	while (__atomic_load_n(&thread->running, __ATOMIC_SEQ_CST))
		sys(__NR_futex, &thread->running, FUTEX_WAIT, 1, NULL);
	while (sys(__NR_tgkill, sys_getpid(), thread->tid, 0) == 0)
		nap(1);
	sys(__NR_munmap, thread->stack, STACK_BYTES);
}

/* Run a function in another thread while this one waits. */
void in_thread(void (*run)(void *), void *arg)
{
	struct thread thread;

	thread_start(&thread, run, arg);
	thread_join(&thread);
}

void gate_open(struct gate *gate)
{
	__atomic_store_n(&gate->open, 1, __ATOMIC_SEQ_CST);
	sys(__NR_futex, &gate->open, FUTEX_WAKE, 0x7fffffff);
}

void gate_wait(struct gate *gate)
{
	while (!__atomic_load_n(&gate->open, __ATOMIC_SEQ_CST))
		sys(__NR_futex, &gate->open, FUTEX_WAIT, 0, NULL);
}

void nap(int msec)
{
	struct __kernel_timespec ts = { msec / 1000, msec % 1000 * 1000000ll };

	sys(__NR_nanosleep, &ts, NULL);
}

/* The caller's effective capabilities as one number. */
unsigned long long caps_effective(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	must(sys(__NR_capget, &header, data));
	return data[0].effective | (unsigned long long)data[1].effective << 32;
}

/* Set effective and permitted capabilities. */
void caps_set(unsigned long long effective, unsigned long long permitted)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
		{ .effective = effective, .permitted = permitted },
		{ .effective = effective >> 32, .permitted = permitted >> 32 },
	};

	must(sys(__NR_capset, &header, data));
}

/* Become another user for good, without groups and capabilities. */
void become_user(int uid)
{
	must(sys(__NR_setgroups, 0, NULL));
	must(sys(__NR_setresgid, uid, uid, uid));
	must(sys(__NR_setresuid, uid, uid, uid));
}

/* The same, but keeping these capabilities. */
void become_user_with(int uid, unsigned long long caps)
{
	must(sys_prctl(PR_SET_KEEPCAPS, 1, 0));
	become_user(uid);
	caps_set(caps, caps);
}

/* Go on only with a capability. */
void need_cap(int cap, const char *name)
{
	if (!(caps_effective() & CAP_BIT(cap)))
		skip("needs %s", name);
}
