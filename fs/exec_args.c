// SPDX-License-Identifier: MIT
/* fs/exec_args.c - the arguments of a program: strings copied to the top of its new stack.
 *
 * From the top down: a NUL pointer's room, the program's name, the environment's strings, the
 * arguments' strings; each vector's last string comes first, so that they lie in order.
 * The pointers are kept in exec_vectors until the tables are written below.
 * Limits as on Linux: strings and pointers together a quarter of RLIMIT_STACK (at least ARG_MAX,
 * at most three quarters of 8 MiB), each string 128 KiB: E2BIG.
 * Locks: none, the mm is nobody else's. Checkpoint: none. See execve(2). */
#include <linux/limits.h>

#include "arch/cpu.h"
#include "arch/uaccess.h"
#include "fs/program.h"
#include "kernel/task.h"
#include "mm/frame.h"
#include "mm/slab.h"

#define STRING_MAX (32 * PAGE_SIZE)
#define STACK_DEFAULT (8UL << 20)
#define ARGS_HARD_MAX (STACK_DEFAULT / 4 * 3)
#define SCRIPT_SLOTS (3 * (EXEC_DEPTH_MAX + 1))	/* each script pushes at most three */
#define TABLE_ROOM (2 * PAGE_SIZE)		/* auxv and what belongs to it */

int exec_args_begin(struct exec *x)
{
	u64 limit = MIN(ARGS_HARD_MAX, current_limit(RLIMIT_STACK) / 4);
	struct map_request req = {
		.fixed = true,
		.flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_GROWSDOWN |
			 VM_STACK,
		.limit_as = ~0UL,
		.limit_data = ~0UL,
	};
	uaddr at;
	int err;

	err = mm_create(&x->mm);
	if (err)
		return err;
	limit = MAX(limit, (u64)ARG_MAX);
	req.length = ALIGN_UP(limit, PAGE_SIZE) + TABLE_ROOM;
	req.addr = STACK_TOP - req.length;
	x->sp = STACK_TOP - sizeof(uaddr);
	x->low = x->sp - limit;
	return mm_map(x->mm, &req, &at);
}

static void exec_page_drop(struct exec *x)
{
	if (x->page)
		frame_put(x->page);
	x->page = NULL;
}

/* The kernel's view of the new stack at addr, good up to the end of the page. */
static int exec_page(struct exec *x, uaddr addr, char **out)
{
	uaddr page_at = addr & PAGE_MASK;
	int err;

	if (!x->page || x->page_at != page_at) {
		exec_page_drop(x);
		err = mm_get_page(x->mm, page_at, true, false, &x->page);
		if (err) {
			x->page = NULL;
			return err == -EFAULT ? -E2BIG : err;
		}
		x->page_at = page_at;
	}
	*out = (char *)frame_data(x->page) + addr % PAGE_SIZE;
	return 0;
}

/* Copies len bytes to below what is there; user: from is an address of the caller. */
static int exec_push(struct exec *x, const char *kernel, uaddr user, size_t len)
{
	uaddr at = x->sp - len;
	size_t n, done;
	char *to;
	int err;

	if (len > x->sp - x->low)
		return -E2BIG;
	for (done = 0; done < len; done += n) {
		err = exec_page(x, at + done, &to);
		if (err)
			return err;
		n = MIN(len - done, PAGE_SIZE - (at + done) % PAGE_SIZE);
		if (kernel)
			memcpy(to, kernel + done, n);
		else if (copy_from_user(to, user + done, n))
			return -EFAULT;
	}
	x->sp = at;
	return 0;
}

int exec_push_string(struct exec *x, const char *s, uaddr *at)
{
	int err = exec_push(x, s, 0, strlen(s) + 1);

	*at = x->sp;
	return err;
}

int exec_push_arg(struct exec *x, const char *s)
{
	if (x->argv.first == 0)
		return -E2BIG;
	return exec_push_string(x, s, &x->argv.slot[--x->argv.first]);
}

/* The string goes too: what is pushed next lies where it was. */
void exec_drop_arg(struct exec *x)
{
	struct exec_vector *v = &x->argv;

	if (++v->first < v->cap)
		x->sp = v->slot[v->first];
	else
		x->sp = x->envp.first < x->envp.cap ? x->envp.slot[x->envp.first] : x->name_at;
}

/* Element n of a vector: its string, or NULL and 0 at the end. */
static int source_get(const struct exec_source *s, u64 n, const char **kernel, uaddr *user)
{
	*kernel = NULL;
	*user = 0;
	if (s->kernel)
		*kernel = s->kernel[n];
	else if (s->user)
		return copy_from_user(user, s->user + n * sizeof(uaddr), sizeof(*user));
	return 0;
}

static int source_count(const struct exec_source *s, u64 max, u32 *out)
{
	const char *kernel;
	uaddr user;
	u64 n = 0;
	int err;

	for (;; n++) {
		err = source_get(s, n, &kernel, &user);
		if (err)
			return err;
		if (!kernel && !user)
			break;
		if (n >= max)
			return -E2BIG;
	}
	*out = n;
	return 0;
}

static int vector_create(struct exec_vector *v, u32 nr, u32 spare)
{
	v->cap = v->first = nr + spare;
	v->slot = kmalloc_array(MAX(v->cap, 1U), sizeof(*v->slot));
	return v->slot ? 0 : -ENOMEM;
}

static int push_element(struct exec *x, const struct exec_source *s, u64 n)
{
	const char *kernel;
	size_t len;
	uaddr user;
	int err;

	err = source_get(s, n, &kernel, &user);
	if (err)
		return err;
	if (!kernel && !user)
		return -EFAULT;		/* the vector was changed meanwhile */
	len = kernel ? strlen(kernel) + 1 : strnlen_user(user, STRING_MAX);
	if (!len)
		return -EFAULT;
	if (len > STRING_MAX)
		return -E2BIG;
	return exec_push(x, kernel, user, len);
}

static int push_vector(struct exec *x, struct exec_vector *v, const struct exec_source *s, u32 nr)
{
	int err;

	for (u32 n = nr; n > 0; n--) {
		err = push_element(x, s, n - 1);
		if (err)
			return err;
		v->slot[--v->first] = x->sp;
	}
	return 0;
}

int exec_args_copy(struct exec *x, const struct exec_source *argv, const struct exec_source *envp)
{
	u64 max = (x->sp - x->low) / sizeof(uaddr);
	u32 argc, envc;
	int err;

	err = source_count(argv, max, &argc);
	if (!err)
		err = source_count(envp, max, &envc);
	if (!err && MAX(argc, 1U) + (u64)envc >= max)
		err = -E2BIG;
	if (!err)
		err = vector_create(&x->argv, MAX(argc, 1U), SCRIPT_SLOTS);
	if (!err)
		err = vector_create(&x->envp, envc, 0);
	if (err)
		return err;
	x->low += (MAX(argc, 1U) + (u64)envc) * sizeof(uaddr);
	err = exec_push_string(x, x->name, &x->name_at);
	x->strings_end = x->name_at;
	if (!err)
		err = push_vector(x, &x->envp, envp, envc);
	if (!err)
		err = push_vector(x, &x->argv, argv, argc);
	if (!err && !argc)
		err = exec_push_arg(x, "");	/* no program starts without argv[0] */
	return err;
}

void exec_args_end(struct exec *x)
{
	exec_page_drop(x);
	kfree(x->argv.slot);
	kfree(x->envp.slot);
	if (x->mm && !x->committed)
		mm_put_user(x->mm);
}
