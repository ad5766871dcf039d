// SPDX-License-Identifier: MIT
/* kernel/task.c - tasks and processes as objects: memory, references, lookups, access checks.
 *
 * A task has a kernel stack and an FPU area from birth to the last put, and one reference of
 * its process as long. References of a task: one for being known by its number (given
 * back by task_release), one of the scheduler (given back at the last switch away), and those
 * of whoever looks at it. A process lasts as long as its last task's memory does.
 * The kernel's own tasks (init_task, the idle tasks) are in no list and have number 0.
 * Locks: BKL. Checkpoint: saved field by field, see the structs. */
#include "kernel/task.h"

#include "arch/uaccess.h"
#include "kernel/cred.h"
#include "kernel/rlimit.h"
#include "kernel/runqueue.h"
#include "kernel/sched.h"
#include "kernel/task_internal.h"
#include "lib/print.h"
#include "mm/frame.h"
#include "mm/mm.h"
#include "mm/slab.h"

#define TASKS_MIN 64
/* At most one task for so many stacks' worth of memory, as on Linux. */
#define STACKS_PER_TASK 8
#define TIMER_SLACK_NSEC (50 * NSEC_PER_USEC)
#define DUMPABLE_USER 1

struct list task_all = LIST_INIT(task_all);
u64 task_count, task_max, fork_total;

struct process init_process = {
	.refs = { 1 },
	.leader = &init_task,
	.threads = LIST_INIT(init_process.threads),
	.nr_threads = 1,
	.nr_live = 1,
	.children = LIST_INIT(init_process.children),
	.sibling = LIST_INIT(init_process.sibling),
	.tracees = LIST_INIT(init_process.tracees),
	.tgid = &init_struct_pid,
	.pgid = &init_struct_pid,
	.sid = &init_struct_pid,
	.group_link = LIST_INIT(init_process.group_link),
	.session_link = LIST_INIT(init_process.session_link),
	.child_wait = WAITQUEUE_INIT(init_process.child_wait),
	.pending = { .queue = LIST_INIT(init_process.pending.queue) },
};

struct task init_task = {
	.state = TASK_RUNNING,
	.flags = TASK_KTHREAD,
	.process = &init_process,
	.thread = LIST_INIT(init_task.thread),
	.made = LIST_INIT(init_task.made),
	.all = LIST_INIT(init_task.all),
	.traced = LIST_INIT(init_task.traced),
	.refs = { 1 },
	.pid = &init_struct_pid,
	.comm = "swapper",
	.cred = &init_cred,
	.real_cred = &init_cred,
	.sighand = &init_sighand,
	.pending = { .queue = LIST_INIT(init_task.pending.queue) },
	.se = { .rank = RANK_FAIR, .weight = 1 },
	.affinity = ~0U,
	.static_prio = STATIC_PRIO_DEFAULT,
	.syscall_nr = -1,
	.exit_work = LIST_INIT(init_task.exit_work),
	.timer_slack = TIMER_SLACK_NSEC,
};

static struct slab_cache *task_cache, *process_cache, *fpu_cache;

void tasks_init(void)
{
	struct memory_totals totals;

	task_cache = slab_cache_create("task", sizeof(struct task), 0);
	process_cache = slab_cache_create("process", sizeof(struct process), 0);
	fpu_cache = slab_cache_create("fpu", arch_fpu_size, ARCH_FPU_ALIGN);
	memory_totals(&totals);
	task_max = totals.total_pages * PAGE_SIZE / (KERNEL_STACK_SIZE * STACKS_PER_TASK);
	task_max = MAX(task_max, (u64)TASKS_MIN);
	rlimit_init(&init_process);
}

/* --- memory --- */

int task_alloc(struct task **out)
{
	struct task *t = slab_zalloc(task_cache);
	struct frame *stack = frame_alloc(FRAME_KERNEL, KERNEL_STACK_ORDER,
					  FRAME_CHARGE | FRAME_FOR_STACK);

	if (t)
		t->arch.fpu = slab_zalloc(fpu_cache);
	if (!t || !stack || !t->arch.fpu) {
		if (stack)
			frame_put(stack);
		if (t)
			slab_free(fpu_cache, t->arch.fpu);
		slab_free(task_cache, t);
		return -ENOMEM;
	}
	t->arch.stack_top = (u64)frame_data(stack) + KERNEL_STACK_SIZE;
	ref_set(&t->refs, 2);
	list_init(&t->thread);
	list_init(&t->made);
	list_init(&t->all);
	list_init(&t->traced);
	list_init(&t->exit_work);
	sigpending_init(&t->pending);
	t->syscall_nr = -1;
	*out = t;
	return 0;
}

int process_alloc(struct process **out)
{
	struct process *p = slab_zalloc(process_cache);

	if (!p)
		return -ENOMEM;
	ref_set(&p->refs, 1);
	list_init(&p->threads);
	list_init(&p->children);
	list_init(&p->sibling);
	list_init(&p->made_link);
	list_init(&p->tracees);
	list_init(&p->group_link);
	list_init(&p->session_link);
	waitqueue_init(&p->child_wait);
	sigpending_init(&p->pending);
	*out = p;
	return 0;
}

static void task_free(struct task *t)
{
	frame_put(frame_of((void *)(t->arch.stack_top - KERNEL_STACK_SIZE)));
	slab_free(fpu_cache, t->arch.fpu);
	slab_free(task_cache, t);
}

/* The parts are gone; the process, if it is the child's own, has one reference. */
void task_free_unborn(struct task *t)
{
	if (t->process)
		process_put(t->process);
	task_free(t);
}

void task_put(struct task *t)
{
	if (!ref_put(&t->refs))
		return;
	assert(t->state == TASK_DEAD && list_empty(&t->all));
	pid_put(t->pid);
	process_put(t->process);
	task_free(t);
}

void process_put(struct process *p)
{
	if (!ref_put(&p->refs))
		return;
	if (p->tgid) {
		pid_put(p->tgid);
		pid_put(p->pgid);
		pid_put(p->sid);
	}
	slab_free(process_cache, p);
}

/* --- small things about tasks --- */

void task_set_comm(struct task *t, const char *name)
{
	size_t n = strnlen(name, COMM_SIZE - 1);

	memset(t->comm, 0, COMM_SIZE);
	memcpy(t->comm, name, n);
}

struct task *task_find(s32 nr)
{
	struct pid *p = pid_find(current_pid_ns(), nr);

	return p ? p->task : NULL;
}

struct process *process_find(s32 nr)
{
	struct pid *p = pid_find(current_pid_ns(), nr);

	return p ? p->process : NULL;
}

void task_work_add(struct task *t, struct task_work *w)
{
	list_add_tail(&t->exit_work, &w->link);
	task_set_work(t, WORK_NOTIFY);
	task_kick(t);
}

bool process_is_zombie(const struct process *p)
{
	return p->nr_live == 0 && p->nr_threads <= 1 && p->leader->state >= TASK_ZOMBIE;
}

int process_exit_status(const struct process *p)
{
	return p->group_exit ? p->group_exit_code : p->leader->exit_code;
}

/* --- may current look into t? --- */

static bool ids_match(const struct cred *c, const struct cred *target, unsigned mode)
{
	kid_t uid = (mode & ACCESS_FSCREDS) ? c->fsuid : c->uid;
	kid_t gid = (mode & ACCESS_FSCREDS) ? c->fsgid : c->gid;

	return uid == target->euid && uid == target->suid && uid == target->uid &&
	       gid == target->egid && gid == target->sgid && gid == target->gid;
}

/* Does current have at least what the target has? */
static bool caps_cover(const struct cred *c, const struct cred *target, unsigned mode)
{
	capset_t own = (mode & ACCESS_FSCREDS) ? c->cap_effective : c->cap_permitted;

	return c->user_ns == target->user_ns && !(target->cap_permitted & ~own);
}

int task_may_access(struct task *t, unsigned mode)
{
	const struct cred *c = current->cred, *target = t->real_cred;

	if (t->process == current->process)
		return 0;
	if (!target)
		return -ESRCH;		/* reaped meanwhile */
	if (!ids_match(c, target, mode) && !cred_capable(c, target->user_ns, CAP_SYS_PTRACE))
		return deny(EPERM, EXT_CRED_03);
	if (t->mm && t->mm->dumpable != DUMPABLE_USER) {
		struct user_ns *ns = t->mm->owner_ns ? t->mm->owner_ns : &init_user_ns;

		if (!cred_capable(c, ns, CAP_SYS_PTRACE))
			return deny(EPERM, EXT_CRED_03);
	}
	if (!caps_cover(c, target, mode) && !cred_capable(c, target->user_ns, CAP_SYS_PTRACE))
		return deny(EPERM, EXT_CRED_03);
	return 0;
}
