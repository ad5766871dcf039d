// SPDX-License-Identifier: MIT
/* cr/times.c - what a task has used: CPU times, faults, switches, I/O, and how old it is.
 *
 * Part of plimsoll-tasks.img. The rows below give the order of plimsoll_task.counts; new ones are
 * put at the end, so that an image of fewer is read as zeros. Zombies have theirs too: their
 * parents will ask for it. A task cannot be older than the machine: what began before that began
 * at its boot.
 *
 * Clocks are the machine's (CR-TIME-01, 02): what counts down is saved as what is left of it. There
 * are no time namespaces that would hide a monotonic clock that begins anew at a boot. */
#include "cr/internal.h"

#include "cgroup/cgroup.h"
#include "arch/machine.h"
#include "kernel/time.h"

#define COUNTS_MAX 64

struct count_row {
	u32 offset;
	bool ticks;		/* of this machine's clock: nanoseconds in the image */
};
#define OF(field) { offsetof(struct task, field), false }
#define TICKS_OF(field) { offsetof(struct task, field), true }
static const struct count_row thread_rows[] = {
	OF(min_flt), OF(maj_flt), OF(voluntary_switches), OF(involuntary_switches),
	OF(io_read_chars), OF(io_write_chars), OF(io_read_calls), OF(io_write_calls),
	TICKS_OF(cpu_user_ticks), TICKS_OF(cpu_system_ticks),
};
#undef OF
#define OF(field) { offsetof(struct cgroups, field), false }
static const struct count_row mark_rows[] = { OF(user_mark), OF(system_mark) };
#undef OF
#define OF(field) { offsetof(struct cpu_times, field), false }
static const struct count_row times_rows[] = {
	OF(user_nsec), OF(system_nsec), OF(min_flt), OF(maj_flt), OF(nvcsw), OF(nivcsw),
	OF(max_rss_pages), OF(in_blocks), OF(out_blocks),
};
#undef OF
_Static_assert(sizeof(struct cpu_times) == sizeof(u64) * ARRAY_SIZE(times_rows),
	       "all of cpu_times is saved");

/* The groups in the order of the image; the last two only in a leader's message. */
struct count_group {
	const struct count_row *rows;
	u32 nr;
};
static const struct count_group groups[] = {
	{ thread_rows, ARRAY_SIZE(thread_rows) },
	{ mark_rows, ARRAY_SIZE(mark_rows) },
	{ times_rows, ARRAY_SIZE(times_rows) },
	{ times_rows, ARRAY_SIZE(times_rows) },
};

static void *group_base(struct task *t, u32 group)
{
	void *const base[] = { t, t->cgroups, &t->process->dead_threads,
			       &t->process->dead_children };

	return base[group];
}

static u32 groups_of(const struct task *t)
{
	return task_is_leader(t) ? ARRAY_SIZE(groups) : 2;
}

static u64 age(const struct cr_save *s, u64 start)
{
	return s->now > (s64)start ? s->now - start : 0;
}

static u64 count_get(void *base, const struct count_row *row)
{
	u64 value = base ? *(u64 *)((u8 *)base + row->offset) : 0;

	return row->ticks ? ticks_nsec(value) : value;
}

static void count_set(void *base, const struct count_row *row, u64 value)
{
	if (base)
		*(u64 *)((u8 *)base + row->offset) = row->ticks ? nsec_ticks(value) : value;
}

int cr_times_save(struct cr_save *s, struct task *t, struct pb_plimsoll_task *x)
{
	x->counts = cr_array(s, COUNTS_MAX, u64);
	if (!x->counts)
		return -ENOMEM;
	for (u32 g = 0; g < groups_of(t); g++)
		for (u32 i = 0; i < groups[g].nr; i++)
			x->counts[x->nr_counts++] = count_get(group_base(t, g), &groups[g].rows[i]);
	x->has_age = true;
	x->age = age(s, t->start_nsec);
	x->has_process_age = task_is_leader(t);
	x->process_age = age(s, t->process->start_nsec);
	return 0;
}

static u64 start_of(u64 age)
{
	u64 now = clock_nsec();

	return now > age ? now - age : 0;
}

int cr_times_restore(struct task *t, const struct pb_plimsoll_task *x)
{
	u32 n = 0;

	for (u32 g = 0; g < groups_of(t); g++)
		for (u32 i = 0; i < groups[g].nr && n < x->nr_counts; i++, n++) {
			if (x->counts[n] > INT64_MAX)
				return -EINVAL;
			count_set(group_base(t, g), &groups[g].rows[i], x->counts[n]);
		}
	t->start_nsec = start_of(x->age);
	if (task_is_leader(t))
		t->process->start_nsec = start_of(x->process_age);
	return 0;
}
